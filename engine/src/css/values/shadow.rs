//! Shadows: <https://drafts.csswg.org/css-backgrounds-3/#box-shadow>.

use super::color::Color;

/// One shadow of a box or of text. Lengths in CSS px.
#[derive(Debug, Clone, PartialEq)]
pub struct Shadow {
    /// Its colour.
    pub color: Color,
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
    /// The blur radius, not negative.
    pub blur: f32,
    /// How much larger than the box it is; zero for text.
    pub spread: f32,
    /// Whether it falls inside of the box; never for text.
    pub inset: bool,
}
