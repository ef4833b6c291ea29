//! Text: from characters to positioned glyphs.
//!
//! How an inline formatting context becomes lines:
//!
//! 1. `text-transform` on each text node: [`transform()`].
//! 2. White space is collapsed across all pieces (text, atomic boxes, `<br>`, bidi [`controls`]): [`collapse`]. It gives
//!    one text and each piece's part of it.
//! 3. One [`TextItem`] for each piece that has text: its part, its style, what it is, and whether a margin, border or
//!    padding lies before it ([`Joint::Apart`]).
//! 4. [`ShapedText::new`] resolves directions, chooses fonts and shapes everything once.
//! 5. The line builder walks [`ShapedText::break_opportunities`], asks [`ShapedText::width`] for a candidate line (less
//!    what hangs: [`ShapedText::hanging_start`]), and falls back to [`ShapedText::emergency_breaks`] where a word
//!    overflows and may be broken.
//! 6. [`ShapedText::line`] gives the chosen line's pieces from left to right, each with its [`GlyphRun`].
//!
//! All lengths are CSS px in `f32`; text offsets are bytes. [`TextCache`] is passed along by whoever lays out.
//!
//! - `whitespace`, `transform`: text before shaping
//! - `item`: its styled parts
//! - `bidi`, `script`, `emoji`, `fonts`: how it is split
//! - `breaks`: where lines may end
//! - `shape`: one run to glyphs
//! - `cache`: what is remembered
//! - `first_letter`: what `::first-letter` takes
//! - `paragraph`, `line`: the paragraph as a whole, and its lines

mod bidi;
mod breaks;
mod cache;
mod emoji;
mod first_letter;
mod fonts;
mod item;
mod line;
mod paragraph;
mod script;
mod shape;
mod transform;
mod whitespace;

#[cfg(test)]
mod tests;

pub use bidi::{BaseDirection, controls};
pub use breaks::{BreakKind, BreakOpportunity};
pub use cache::TextCache;
pub use first_letter::first_letter;
pub use item::{ItemContent, Joint, TextItem};
pub use line::{LinePiece, LineStart};
pub use paragraph::ShapedText;
pub use transform::transform;
pub use whitespace::{Collapsed, OBJECT, Piece, collapse};

use crate::font::FontId;

/// Glyphs of one font at one size in visual order.
#[derive(Debug, Clone, PartialEq)]
pub struct GlyphRun {
    /// The font.
    pub font: FontId,
    /// CSS px per em.
    pub size: f32,
    /// The glyphs, left to right.
    pub glyphs: Vec<Glyph>,
}

/// A glyph and where its origin stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The glyph's index in its font.
    pub id: u32,
    /// CSS px to the right of the fragment's left edge.
    pub x: f32,
    /// CSS px below the baseline.
    pub y: f32,
}
