//! Glyphs: masks laid down in the text's colour.

use super::canvas::Canvas;
use super::path::Mask;
use crate::display_list::Rgba;
use crate::font::{FontContext, FontId};
use crate::geometry::DeviceRect;
use crate::glyph::{GlyphCache, gamma, snap};
use crate::text::Glyph;

/// Draws glyphs of one font, size and colour. `origin` is the pen's start on the baseline.
pub(super) fn draw(
    canvas: &mut Canvas,
    fonts: &FontContext,
    cache: &mut GlyphCache,
    run: (FontId, f32),
    origin: (f32, f32),
    glyphs: &[Glyph],
    color: Rgba,
) {
    let (font, size) = run;
    let clip = canvas.clip_rect();
    if color.a == 0 || clip.is_empty() {
        return;
    }
    let table = gamma::table([color.r, color.g, color.b]);
    let pixel = color.premultiplied();
    for glyph in glyphs {
        let (x, y, subpixel) = snap(origin.0 + glyph.x, origin.1 + glyph.y);
        // No glyph reaches farther than some ems; those far outside need no mask.
        let reach = (size * 4.0) as i32 + 16;
        let near = x > clip.x.saturating_sub(reach)
            && x < clip.x.saturating_add(clip.width).saturating_add(reach)
            && y > clip.y.saturating_sub(reach)
            && y < clip.y.saturating_add(clip.height).saturating_add(reach);
        if !near {
            continue;
        }
        let Some(mask) = cache.mask(fonts, font, glyph.id, size, subpixel) else { continue };
        let rect = DeviceRect {
            x: x.saturating_add(mask.left),
            y: y.saturating_add(mask.top),
            width: mask.width as i32,
            height: mask.height as i32,
        };
        if rect.intersect(&clip).is_empty() {
            continue;
        }
        let coverage = mask.coverage.iter().map(|&cover| table[usize::from(cover)]).collect();
        canvas.fill_mask(&Mask { rect, coverage }, pixel);
    }
}
