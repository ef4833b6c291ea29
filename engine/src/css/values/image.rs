//! Images, gradients and where backgrounds put them: <https://drafts.csswg.org/css-images-4/>.

use std::sync::Arc;

use url::Url;

use super::color::Color;
use super::length::LengthPercentage;

/// `<image>` or `none`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Image {
    /// `none`
    #[default]
    None,
    /// `url()`, resolved against the sheet's base.
    Url(Arc<Url>),
    /// A gradient.
    Gradient(Arc<Gradient>),
}

/// <https://drafts.csswg.org/css-images-4/#gradients>
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    /// Whether the stops repeat.
    pub repeating: bool,
    /// The shape and its line.
    pub kind: GradientKind,
    /// The stops in order: colour and position along the line (`None`: spread evenly).
    pub stops: Vec<(Color, Option<LengthPercentage>)>,
}

/// The shapes of gradients.
#[derive(Debug, Clone, PartialEq)]
pub enum GradientKind {
    /// Along a line at this angle in degrees, 0 to the top, clockwise.
    LinearAngle(f32),
    /// Towards a side or corner: -1, 0 or 1 in x (right) and y (down).
    LinearToward(i8, i8),
    /// Around a centre.
    Radial {
        /// Whether it is a circle.
        circle: bool,
        /// The radii, or `None` for `farthest-corner`.
        radii: Option<(LengthPercentage, LengthPercentage)>,
        /// The centre.
        center: Position,
    },
}

/// `<position>`: offsets of the image from the top left of its area.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Position {
    /// From the left.
    pub x: LengthPercentage,
    /// From the top.
    pub y: LengthPercentage,
}

/// <https://drafts.csswg.org/css-backgrounds-3/#background-size>
#[derive(Debug, Clone, PartialEq)]
pub enum BackgroundSize {
    /// `contain`
    Contain,
    /// `cover`
    Cover,
    /// Width and height, `None` for `auto`.
    Explicit(Option<LengthPercentage>, Option<LengthPercentage>),
}

/// <https://drafts.csswg.org/css-backgrounds-3/#background-repeat>, for one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RepeatStyle {
    /// `repeat`
    #[default]
    Repeat,
    /// `space`
    Space,
    /// `round`
    Round,
    /// `no-repeat`
    NoRepeat,
}
