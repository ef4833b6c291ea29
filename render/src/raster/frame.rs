//! Nested documents: painted on a ground of their own, then laid where they stand.

use super::canvas::Canvas;
use super::{Palette, image, paint};
use crate::display_list::{FramePicture, PaintRect, Radii, Rgba, Tiles};
use crate::geometry::DeviceRect;
use crate::glyph::GlyphCache;
use crate::image::DecodedImage;

/// Paints what can be seen of a nested document. The recursion follows the nesting of documents, which the engine caps.
pub(super) fn draw(
    canvas: &mut Canvas,
    glyphs: &mut GlyphCache,
    picture: &FramePicture,
    rect: PaintRect,
    radii: &Radii,
) {
    let visible = rect.intersect(&canvas.clip_rect());
    if visible.is_empty() {
        return;
    }
    let part = DeviceRect { x: visible.x - rect.x, y: visible.y - rect.y, ..visible };
    let mut palette = Palette { fonts: &picture.fonts, images: &picture.images, glyphs };
    let Ok(pixels) = paint(&picture.list, part, Rgba::TRANSPARENT, &mut palette) else { return };
    let pixels =
        DecodedImage { width: pixels.width, height: pixels.height, data: pixels.data, is_opaque: false };
    image::fill(canvas, &pixels, (rect, radii), &Tiles::once(visible));
}
