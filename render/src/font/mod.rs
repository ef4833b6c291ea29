//! Fonts: finding, matching, metrics and glyph outlines.
//!
//! [`FontContext`] is the way in: `font_list` chooses the fonts for a style, `line_metrics` measures one. Everything
//! else of the renderer knows fonts as [`FontId`]s.
//!
//! - `id`: the number that names a font
//! - `face`: one face, opened when it is first used
//! - `read`: a font file's own description
//! - `aliases`: which names mean which family
//! - `bundled`: the fonts inside the program
//! - `collection`: the fonts of the machine, indexed
//! - `matching`: choosing a face of a family
//! - `web`: the page's own fonts
//! - `fallback`: families for characters that a style's fonts lack
//! - `context`: all of them together
//! - `metrics`: what lines of text need to know

mod aliases;
mod bundled;
mod collection;
mod context;
mod face;
mod fallback;
mod id;
mod matching;
mod metrics;
mod read;
mod web;

#[cfg(test)]
mod tests;

pub use collection::FontSource;
pub use context::{FontContext, FontList};
pub use id::FontId;
pub use metrics::LineMetrics;

pub(crate) use matching::Query;
