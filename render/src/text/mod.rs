//! Text: from characters to positioned glyphs.

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
