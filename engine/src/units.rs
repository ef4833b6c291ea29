//! The viewport and what media queries are answered with.

/// The area that a page is laid out for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Width in CSS px.
    pub width: f32,
    /// Height in CSS px.
    pub height: f32,
    /// Device pixels per CSS px.
    pub scale: f32,
}

impl Default for Viewport {
    /// 1280 × 800 at scale 1.
    fn default() -> Self {
        Self { width: 1280.0, height: 800.0, scale: 1.0 }
    }
}
