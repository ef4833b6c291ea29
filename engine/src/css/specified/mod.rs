//! Specified values: what a declaration says, before it is known for which element.
//!
//! A specified value is parsed once and computed once for each element that it wins on. Types that mean the
//! same for every element (keywords, numbers) are their own computed values.
//!
//! - [`calc`]: math functions
//! - [`length`]: lengths and percentages
//! - [`color`]: colours, [`color_space`]: conversions between their spaces
//! - [`image`]: `url()`, gradients, positions
//! - [`grid`]: templates and lines of grids
//! - [`font`]: families, sizes, weights
//! - [`boxes`]: display, position, overflow, alignment
//! - [`effects`]: shadows, ratios, clips, columns
//! - [`svg`]: fill, stroke and their like
//! - [`text`]: line height, spacing, decoration, generated content

pub mod boxes;
pub mod calc;
pub mod color;
pub mod color_space;
pub mod effects;
pub mod font;
pub mod grid;
pub mod image;
pub mod length;
pub mod svg;
pub mod text;

pub(crate) use boxes::*;
use cssparser::{ParseError, Parser};
pub(crate) use effects::*;
use url::Url;

use super::computed::ComputedStyle;
use super::values::AbsoluteColor;
use crate::units::Viewport;

/// The result of parsing a value. Errors carry nothing: the declaration is dropped.
pub type Parsed<T> = Result<T, ParseError<()>>;

/// What a value parser may look at beside the tokens.
#[derive(Debug, Clone, Copy)]
pub struct ParseContext<'a> {
    /// What relative URLs resolve against.
    pub base_url: &'a Url,
    /// Whether the quirks of <https://quirks.spec.whatwg.org/> hold.
    pub quirks: bool,
}

/// What relative values are computed against.
pub struct ComputeContext<'a> {
    /// `1em` in CSS px. For `font-size` itself the parent's size.
    pub font_size: f32,
    /// `1rem` in CSS px.
    pub root_font_size: f32,
    /// `1lh` in CSS px.
    pub line_height: f32,
    /// The area that viewport units are parts of.
    pub viewport: Viewport,
    /// The element's `color`: `currentcolor` inside `color-mix()`.
    pub color: AbsoluteColor,
    /// The parent's style.
    pub parent: &'a ComputedStyle,
    /// The lengths that need a font; asked only when used.
    pub font_units: &'a dyn Fn() -> FontUnits,
    /// The element's attributes by name, for `attr()`.
    pub attribute: &'a dyn Fn(&str) -> Option<std::sync::Arc<str>>,
}

/// Lengths that depend on a font's metrics, in CSS px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FontUnits {
    /// `1ex`
    pub ex: f32,
    /// `1ch`
    pub ch: f32,
    /// `1cap`
    pub cap: f32,
    /// `1ic`
    pub ic: f32,
}

/// A specified value.
pub trait Specified {
    /// What it computes to.
    type Computed;

    /// The computed value: <https://drafts.csswg.org/css-cascade-5/#computed>.
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed;
}

/// Types whose specified values are their computed values.
macro_rules! computes_to_itself {
    ($($name:ty),+ $(,)?) => {
        $(impl Specified for $name {
            type Computed = Self;
            fn compute(&self, _: &ComputeContext<'_>) -> Self {
                self.clone()
            }
        })+
    };
}
pub(crate) use computes_to_itself;

computes_to_itself!(f32, i32, u32, bool, std::sync::Arc<str>);

impl<T: Specified> Specified for Option<T> {
    type Computed = Option<T::Computed>;
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        self.as_ref().map(|value| value.compute(context))
    }
}

impl<T: Specified> Specified for Vec<T> {
    type Computed = Vec<T::Computed>;
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        self.iter().map(|value| value.compute(context)).collect()
    }
}

impl<T: Specified> Specified for Box<T> {
    type Computed = T::Computed;
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        (**self).compute(context)
    }
}

impl<A: Specified, B: Specified> Specified for (A, B) {
    type Computed = (A::Computed, B::Computed);
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        (self.0.compute(context), self.1.compute(context))
    }
}

/// The error of a value that does not fit.
pub(crate) fn invalid<T>() -> Parsed<T> {
    Err(ParseError::unexpected_token())
}

/// A keyword of `T`.
pub(crate) fn keyword<T: super::values::Keyword>(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<T> {
    let ident = input.expect_ident()?;
    T::from_keyword(ident).ok_or_else(ParseError::unexpected_token)
}

/// One or more values between commas.
pub(crate) fn comma_list<T>(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    one: fn(&mut Parser<'_>, &ParseContext<'_>) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    input.parse_comma_separated(|input| one(input, context))
}

/// Parsers of the background longhands: a list each.
macro_rules! comma_lists {
    ($($name:ident: $one:path => $value:ty;)+) => {
        $(/// One or more values between commas.
        pub(crate) fn $name(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Vec<$value>> {
            comma_list(input, context, $one)
        })+
    };
}

comma_lists! {
    images: image::image => image::Image;
    positions_x: image::position_x => length::LengthPercentage;
    positions_y: image::position_y => length::LengthPercentage;
    background_sizes: image::background_size => image::BackgroundSize;
    repeat_styles: image::repeat_style => (super::values::RepeatStyle, super::values::RepeatStyle);
    background_origins: image::background_origin => super::values::BackgroundBox;
    background_clips: keyword => super::values::BackgroundBox;
    background_attachments: keyword => super::values::BackgroundAttachment;
}
