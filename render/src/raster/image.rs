//! Images: stretched, repeated, sampled as Chromium samples them.

use std::collections::HashMap;
use std::sync::Arc;

use url::Url;

use super::canvas::Canvas;
use super::pixmap::Pixel;
use crate::display_list::{PaintRect, Radii, Tiles};
use crate::font::FontContext;
use crate::image::{DecodedImage, ImageCache, InlineSvg, SvgView, resample};

/// Images that were made smaller in this painting, by URL and power of two.
#[derive(Debug, Default)]
pub(super) struct SmallerImages(HashMap<(Url, u32), Arc<DecodedImage>>);

/// Fills a rectangle with copies of an image.
pub(super) fn draw(
    canvas: &mut Canvas,
    (images, fonts, scale): (&ImageCache, &FontContext, f32),
    smaller: &mut SmallerImages,
    url: &Url,
    (rect, radii): (PaintRect, &Radii),
    tiles: &Tiles,
) {
    let [left, top, width, height] = tiles.first;
    let usable = width > 0.0 && height > 0.0 && (left + top + width + height).is_finite();
    if !usable || rect.intersect(&canvas.clip_rect()).is_empty() {
        return;
    }
    if images.is_svg(url) {
        let visible = rect.intersect(&canvas.clip_rect());
        let Some((view, tiles)) = svg_view(visible, tiles, scale) else { return };
        let Some(image) = images.svg_pixels(url, &view, fonts) else { return };
        return fill(canvas, &image, (rect, radii), &tiles);
    }
    let Some(image) = images.pixels(url) else { return };
    let image = smaller.level(url, image, width, height);
    fill(canvas, &image, (rect, radii), tiles);
}

/// Fills a rectangle with an `svg` element.
pub(super) fn draw_svg(
    canvas: &mut Canvas,
    (images, fonts, scale): (&ImageCache, &FontContext, f32),
    svg: &InlineSvg,
    (rect, radii): (PaintRect, &Radii),
) {
    let visible = rect.intersect(&canvas.clip_rect());
    if visible.is_empty() {
        return;
    }
    let Some((view, tiles)) = svg_view(visible, &Tiles::once(rect), scale) else { return };
    if let Some(image) = images.inline_svg_pixels(svg, &view, fonts) {
        fill(canvas, &image, (rect, radii), &tiles);
    }
}

/// How an SVG image is painted for these copies: one of them whole, or what of it can be seen where there is one only
/// and it is much larger than that. The copies of what is painted then.
fn svg_view(visible: PaintRect, tiles: &Tiles, scale: f32) -> Option<(SvgView, Tiles)> {
    let [left, top, width, height] = tiles.first;
    let (across, down) = (width.round().max(1.0), height.round().max(1.0));
    let size = (width / scale, height / scale);
    let view_scale = (across / size.0, down / size.1);
    let is_single = tiles.step == (0.0, 0.0);
    let seen = f64::from(visible.width.max(0)) * f64::from(visible.height.max(0));
    if !is_single || f64::from(across) * f64::from(down) <= seen * 4.0 {
        let whole = (0, 0, across as u32, down as u32);
        return Some((SvgView { size, scale: view_scale, part: whole }, *tiles));
    }
    let (x, y) =
        (visible.x.saturating_sub(left.round() as i32), visible.y.saturating_sub(top.round() as i32));
    let part = (x, y, u32::try_from(visible.width).ok()?, u32::try_from(visible.height).ok()?);
    Some((SvgView { size, scale: view_scale, part }, Tiles::once(visible)))
}

/// Fills a rectangle with copies of these pixels.
pub(super) fn fill(
    canvas: &mut Canvas,
    image: &DecodedImage,
    (rect, radii): (PaintRect, &Radii),
    tiles: &Tiles,
) {
    let [left, top, width, height] = tiles.first;
    let columns = Axis { start: left, extent: width, step: tiles.step.0, source: image.width };
    let rows = Axis { start: top, extent: height, step: tiles.step.1, source: image.height };
    canvas.push_clip(rect, radii);
    let mut placed: Vec<Option<Sample>> = Vec::new();
    canvas.draw_rows(rect, |y, x, row| {
        if placed.len() != row.len() {
            placed = (0..row.len()).map(|column| columns.sample(x + column as i32)).collect();
        }
        let Some(v) = rows.sample(y) else { return row.fill([0; 4]) };
        let (upper, lower) = (source_row(image, v.first), source_row(image, v.second));
        for (pixel, u) in row.iter_mut().zip(&placed) {
            *pixel = match u {
                None => [0; 4],
                Some(u) if u.share == 0 && v.share == 0 => upper[u.first],
                Some(u) => {
                    let above = mix(upper[u.first], upper[u.second], u.share);
                    let below = mix(lower[u.first], lower[u.second], u.share);
                    mix16(above, below, v.share)
                }
            };
        }
    });
    canvas.pop_clip();
}

impl SmallerImages {
    /// The image at the power of two that is still at least as large as what is painted: Chromium's "medium"
    /// quality, which goes on from there with bilinear samples.
    fn level(&mut self, url: &Url, image: Arc<DecodedImage>, width: f32, height: f32) -> Arc<DecodedImage> {
        let ratio = (image.width as f32 / width).min(image.height as f32 / height);
        let level = if ratio >= 2.0 { (ratio.log2().floor() as u32).min(15) } else { 0 };
        if level == 0 {
            return image;
        }
        let made = self.0.entry((url.clone(), level)).or_insert_with(|| {
            let (width, height) = ((image.width >> level).max(1), (image.height >> level).max(1));
            resample::shrink(&image, width, height).map_or(image, Arc::new)
        });
        Arc::clone(made)
    }
}

/// One direction of a stretched, repeated image.
struct Axis {
    start: f32,
    extent: f32,
    step: f32,
    source: u32,
}

/// Two neighbouring source pixels and the share (of 256) of the second.
struct Sample {
    first: usize,
    second: usize,
    share: u32,
}

impl Axis {
    /// What the centre of a device pixel shows; `None` in the gaps between copies.
    fn sample(&self, pixel: i32) -> Option<Sample> {
        let mut offset = pixel as f32 + 0.5 - self.start;
        if self.step > 0.0 {
            offset = offset.rem_euclid(self.step);
            if offset >= self.extent {
                return None;
            }
        }
        let last = self.source - 1;
        let at = (offset * self.source as f32 / self.extent - 0.5).clamp(0.0, last as f32);
        let share = ((at.fract() * 256.0) + 0.5) as u32;
        let first = at as u32 + share / 256;
        Some(Sample {
            first: first.min(last) as usize,
            second: (first + 1).min(last) as usize,
            share: share % 256,
        })
    }
}

fn source_row(image: &DecodedImage, y: usize) -> &[Pixel] {
    let width = image.width as usize;
    &image.data.as_chunks::<4>().0[y * width..][..width]
}

/// Between two pixels, in 1/256.
fn mix(a: Pixel, b: Pixel, share: u32) -> [u32; 4] {
    std::array::from_fn(|i| u32::from(a[i]) * (256 - share) + u32::from(b[i]) * share)
}

fn mix16(a: [u32; 4], b: [u32; 4], share: u32) -> Pixel {
    std::array::from_fn(|i| ((a[i] * (256 - share) + b[i] * share + (1 << 15)) >> 16) as u8)
}
