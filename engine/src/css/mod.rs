//! CSS: from text to rules, declarations and values. The door to `cssparser` and, in [`selector`], to `selectors`.
//!
//! - [`values`]: computed value types, one family a file
//! - [`computed`]: the computed style of an element: what the cascade makes and layout reads
//! - [`print`](mod@print), `print_svg`: computed values as text
//! - [`specified`]: values as declared, their parsers, and how they compute
//! - [`custom`]: custom properties and `var()`
//! - [`properties`]: the property table, shorthands, declarations
//! - [`selector`](mod@selector): the grammar of selectors and matching
//! - [`media`], `supports`, [`font_face`]: conditions and `@font-face`
//! - [`rule`]: a parsed sheet
//! - [`parser`]: from a sheet's text to its rules
//! - [`import_scan`]: what a sheet imports, told from its beginning
//! - `source_size`: the `sizes` attribute of images

pub mod computed;
pub mod custom;
pub mod font_face;
pub mod import_scan;
pub mod media;
pub mod parser;
pub mod print;
pub(crate) mod print_svg;
pub mod properties;
pub mod rule;
pub mod selector;
mod source_size;
pub mod specified;
mod supports;
pub mod values;

pub use media::{ColorScheme, Device, MediaQueryList, MediaType};
pub use parser::parse_stylesheet;
pub use rule::{Import, Origin, Stylesheet};
pub use source_size::source_size;

/// Parses the value of a `font-family` declaration, as in `<font face>`.
pub fn parse_font_families(text: &str) -> Option<std::sync::Arc<[computed::FontFamily]>> {
    let base = url::Url::parse("about:blank").ok()?;
    let context = specified::ParseContext { base_url: &base, quirks: false };
    let mut input = cssparser::Parser::new(text);
    input.parse_entirely(|input| specified::font::font_family(input, &context)).ok()
}

/// The colour of a CSS name.
pub fn named_color(name: &str) -> Option<values::AbsoluteColor> {
    let (r, g, b) = cssparser::color::parse_named_color(name).ok()?;
    Some(values::AbsoluteColor::from_srgb8(r, g, b))
}
