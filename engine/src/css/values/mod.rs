//! Computed value types, one family a file: plain data that layout and paint read.

pub mod color;
pub mod grid;
pub mod image;
pub mod keyword;
pub mod length;
pub mod rare;
pub mod shadow;
pub mod svg;

pub use color::{AbsoluteColor, Color, ColorSpace};
pub use grid::*;
pub use image::{BackgroundSize, Gradient, GradientKind, Image, Position, RepeatStyle};
pub use keyword::*;
pub use length::{
    AlignmentValue, CalcLength, Inset, LengthPercentage, LineHeight, Margin, MaxSize, Size, VerticalAlign,
};
pub use shadow::Shadow;
pub use svg::*;
