//! From a display list to pixels: an own painter on premultiplied rows.
//!
//! - [`pixmap`]: the picture
//! - `blend`: arithmetic of pixels
//! - `path`: polygons to coverage
//! - `shape`: rounded rectangles
//! - `canvas`: the picture with its clips and groups
//! - `border`, `text_line`, `glyph`, `gradient`, `image`, `frame`: what is painted

pub mod pixmap;
mod blend;
mod path;
mod shape;
mod canvas;
mod border;
mod text_line;
mod glyph;
mod gradient;
mod image;
mod frame;

pub use pixmap::{Pixel, Pixmap, SizeError};

use self::canvas::Canvas;
use crate::display_list::{DisplayItem, DisplayList, Rgba};
use crate::font::FontContext;
use crate::geometry::DeviceRect;
use crate::glyph::GlyphCache;
use crate::image::ImageCache;

/// What painting needs beside the list. Keep the glyph cache from picture to picture.
pub struct Palette<'a> {
    /// The fonts that the list names.
    pub fonts: &'a FontContext,
    /// The images that the list names; one that is missing paints nothing.
    pub images: &'a ImageCache,
    /// Glyphs that were painted before.
    pub glyphs: &'a mut GlyphCache,
}

/// Paints the part `area` of the page (device pixels of the page) on `background` and the page's canvas colour.
///
/// The cost is linear in the pixels that items cover inside of `area`.
///
/// # Errors
/// When the area is empty or larger than a picture may be.
pub fn paint(
    list: &DisplayList,
    area: DeviceRect,
    background: Rgba,
    palette: &mut Palette<'_>,
) -> Result<Pixmap, SizeError> {
    let size = |length: i32| u64::try_from(length).unwrap_or(0);
    let pixels = Pixmap::new(size(area.width), size(area.height), background.premultiplied())?;
    let mut canvas = Canvas::new(area.x, area.y, pixels);
    canvas.fill_rect(area, list.canvas.premultiplied());
    let mut smaller = image::SmallerImages::default();
    for item in &list.items {
        paint_item(&mut canvas, item, palette, &mut smaller, list.scale);
    }
    Ok(canvas.into_pixmap())
}

fn paint_item(
    canvas: &mut Canvas,
    item: &DisplayItem,
    palette: &mut Palette<'_>,
    smaller: &mut image::SmallerImages,
    scale: f32,
) {
    match item {
        DisplayItem::Rect { rect, radii, color } => canvas.fill_rounded(*rect, radii, color.premultiplied()),
        DisplayItem::Gradient { rect, radii, tiles, gradient } => {
            gradient::draw(canvas, *rect, radii, tiles, gradient);
        }
        DisplayItem::Border { rect, radii, widths, styles, colors } => border::draw(
            canvas,
            &border::Border { rect: *rect, radii, widths: *widths, styles: *styles, colors: *colors },
        ),
        DisplayItem::Image { url, rect, radii, tiles } => {
            let sources = (palette.images, palette.fonts, scale);
            image::draw(canvas, sources, smaller, url, (*rect, radii), tiles);
        }
        DisplayItem::Svg { svg, rect, radii } => {
            image::draw_svg(canvas, (palette.images, palette.fonts, scale), svg, (*rect, radii));
        }
        DisplayItem::Frame { picture, rect, radii } => {
            frame::draw(canvas, palette.glyphs, picture, *rect, radii);
        }
        DisplayItem::Glyphs { font, size, origin, glyphs, color } => {
            glyph::draw(canvas, palette.fonts, palette.glyphs, (*font, *size), *origin, glyphs, *color);
        }
        DisplayItem::TextLine { x, y, width, thickness, style, color, gaps } => {
            text_line::draw(canvas, (*x, *y), (*width, *thickness), *style, color.premultiplied(), gaps);
        }
        DisplayItem::PushClip { rect, radii } => canvas.push_clip(*rect, radii),
        DisplayItem::PopClip => canvas.pop_clip(),
        DisplayItem::PushOpacity { opacity, bounds } => canvas.push_group(*opacity, *bounds),
        DisplayItem::PopOpacity => canvas.pop_group(),
    }
}

#[cfg(test)]
mod tests;
