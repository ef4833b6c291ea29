//! What the painter needs of a page: the layout, and the glyphs that it has painted before.

use std::cell::RefCell;

use siskin_render::display_list::Rgba;
use siskin_render::geometry::DeviceRect;
use siskin_render::glyph::GlyphCache;
use siskin_render::pipeline::LaidOut;
use siskin_render::raster::Pixmap;

use super::scroll::Extent;

/// A page that can be painted again and again, each time another part.
#[derive(Debug)]
pub struct Picture {
    laid_out: LaidOut,
    glyphs: RefCell<GlyphCache>,
}

impl Picture {
    /// The picture of a laid-out page.
    pub fn new(laid_out: LaidOut) -> Self {
        Self { laid_out, glyphs: RefCell::default() }
    }

    /// Paints what a window of `width` × `height` device px shows whose top left is at `at` (CSS px) on the page; only
    /// that part is painted. `None` when there is nothing to paint.
    pub fn paint(&self, at: Extent, (width, height): (u32, u32)) -> Option<Pixmap> {
        let px = |css: f32| (css * self.laid_out.scale).round() as i32;
        let size = |px: u32| i32::try_from(px).unwrap_or(i32::MAX);
        let visible = DeviceRect { x: px(at.x), y: px(at.y), width: size(width), height: size(height) };
        let list = self.laid_out.display_list(visible);
        self.laid_out.paint(&list, visible, Rgba::WHITE, &mut self.glyphs.borrow_mut()).ok()
    }
}
