//! Fonts: finding, matching, metrics and glyph outlines.

/// Names a font face of a font context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FontId(pub u32);
