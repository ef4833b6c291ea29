//! CSS: from text to rules and values.
//!
//! - [`values`]: computed value types, one family a file
//! - [`font_face`]: `@font-face`

pub mod font_face;
pub mod values;
