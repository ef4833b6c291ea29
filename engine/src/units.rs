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

/// A rectangle of a page in CSS px, from the page's top left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Area {
    /// Whether some of it (or of its edge, when it is empty) lies in the viewport at the page's top, with that much around.
    pub fn is_within(&self, distance: f32, viewport: Viewport) -> bool {
        self.x <= viewport.width + distance
            && self.x + self.width >= -distance
            && self.y <= viewport.height + distance
            && self.y + self.height >= -distance
    }
}
