//! Glyph pixels as Chromium makes them: greyscale, light vertical hinting, quarter-pixel positions, mask gamma.
//!
//! [`GlyphCache::mask`] gives the coverage of one glyph; the painter blits it with its colour through
//! [`gamma::table`]. What was measured of Chromium is in each module:
//!
//! - `outline`: hinted outlines, synthetic bold and oblique
//! - `flatten`: curves to the edges that Skia's scan converter would walk
//! - `coverage`: exact areas under edges
//! - `mask`: one glyph's coverage, and where glyphs snap
//! - [`gamma`]: coverage to alpha by the text's luminance
//! - `cache`: masks that were made before
//! - `ink`: where glyphs cross a line along the text

mod outline;
mod flatten;
mod coverage;
mod mask;
pub mod gamma;
mod cache;
mod ink;

pub use cache::GlyphCache;
pub(crate) use ink::InkCache;
pub use mask::{GlyphMask, Subpixel, snap};
