//! The canvas: a picture with its clips and groups. Every shape ends here as rows.

use std::rc::Rc;

use super::blend::{blend_row, blend_row_covered, fill_row, fill_row_covered, scale};
use super::path::Mask;
use super::pixmap::{Pixel, Pixmap};
use super::shape::{RoundedRect, is_rounded};
use crate::display_list::{PaintRect, Radii};
use crate::geometry::DeviceRect;
use crate::limits::{MAX_GROUP_BYTES, MAX_GROUP_DEPTH};

/// What is painted on. Coordinates are device pixels of the page.
pub(super) struct Canvas {
    layers: Vec<Layer>,
    clips: Vec<Clip>,
    group_bytes: u64,
}

struct Layer {
    /// The part of the page that the pixels show.
    rect: DeviceRect,
    pixels: Pixmap,
    /// `None`: the picture itself, or a group that is painted straight onto what is below it.
    opacity: u8,
}

#[derive(Clone)]
struct Clip {
    rect: DeviceRect,
    rounded: Option<Rc<RoundedClip>>,
}

/// A clip with rounded corners, and those around it.
struct RoundedClip {
    masks: Vec<Mask>,
    outer: Option<Rc<RoundedClip>>,
}

impl RoundedClip {
    /// Thins the coverage of a row that starts at `x`.
    fn apply(&self, y: i32, x: i32, coverage: &mut [u8]) {
        let mut clip = Some(self);
        while let Some(RoundedClip { masks, outer }) = clip {
            for mask in masks.iter().filter(|m| y >= m.rect.y && y < m.rect.y + m.rect.height) {
                // The clip's rectangle keeps the row inside of the mask.
                let row = &mask.row(y)[(x - mask.rect.x) as usize..];
                for (cover, &by) in coverage.iter_mut().zip(row) {
                    *cover = crate::display_list::color::mul_div_255(*cover, by);
                }
            }
            clip = outer.as_deref();
        }
    }
}

impl Canvas {
    /// A canvas that shows the part of the page from (`x`, `y`), as large as `pixels`.
    pub(super) fn new(x: i32, y: i32, pixels: Pixmap) -> Self {
        let rect = DeviceRect { x, y, ..pixels.rect() };
        Self {
            clips: vec![Clip { rect, rounded: None }],
            layers: vec![Layer { rect, pixels, opacity: 255 }],
            group_bytes: 0,
        }
    }

    /// The picture.
    pub(super) fn into_pixmap(mut self) -> Pixmap {
        while self.layers.len() > 1 {
            self.pop_group();
        }
        self.layers.swap_remove(0).pixels
    }

    /// Where painting has an effect at the moment.
    pub(super) fn clip_rect(&self) -> DeviceRect {
        self.clips.last().map(|clip| clip.rect).unwrap_or_default()
    }

    /// Clips what follows.
    pub(super) fn push_clip(&mut self, rect: PaintRect, radii: &Radii) {
        let outer = self.clips.last().cloned().unwrap_or(Clip { rect, rounded: None });
        let visible = rect.intersect(&outer.rect);
        let mut clip = Clip { rect: visible, rounded: outer.rounded };
        if is_rounded(radii) && !visible.is_empty() {
            let (masks, _) = RoundedRect { rect, radii: *radii }.bands(visible);
            clip.rounded = Some(Rc::new(RoundedClip { masks, outer: clip.rounded }));
        }
        self.clips.push(clip);
    }

    /// Ends the innermost clip.
    pub(super) fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    /// What follows is painted apart, and laid over the rest by [`Self::pop_group`].
    pub(super) fn push_group(&mut self, opacity: f32, bounds: PaintRect) {
        let rect = bounds.intersect(&self.clip_rect());
        let bytes = rect.width as u64 * rect.height as u64 * 4;
        let fits = self.layers.len() <= MAX_GROUP_DEPTH && self.group_bytes + bytes <= MAX_GROUP_BYTES;
        let pixels =
            if fits { Pixmap::new(rect.width as u64, rect.height as u64, [0; 4]).ok() } else { None };
        // Without pixels of its own (nothing to see, or past the limits) the group's rectangle is empty and
        // the group is transparent to painting: see `target`.
        let (rect, pixels) = match pixels {
            Some(pixels) => (rect, pixels),
            None => (DeviceRect::default(), Pixmap { width: 0, height: 0, data: Vec::new() }),
        };
        self.group_bytes += pixels.data.len() as u64;
        self.layers.push(Layer { rect, pixels, opacity: (opacity.clamp(0.0, 1.0) * 255.0).round() as u8 });
    }

    /// Lays the innermost group over what is below it.
    pub(super) fn pop_group(&mut self) {
        if self.layers.len() < 2 {
            return;
        }
        let Some(layer) = self.layers.pop() else { return };
        self.group_bytes -= layer.pixels.data.len() as u64;
        self.draw_rows(layer.rect, |y, x, row| {
            let source = &layer.pixels.row(y - layer.rect.y)[(x - layer.rect.x) as usize..];
            for (pixel, &source) in row.iter_mut().zip(source) {
                *pixel = scale(source, layer.opacity);
            }
        });
    }

    /// Fills a rectangle.
    pub(super) fn fill_rect(&mut self, rect: PaintRect, color: Pixel) {
        let (clip, layer) = self.target();
        let rect = rect.intersect(&clip.rect).intersect(&layer.rect);
        if rect.is_empty() || color[3] == 0 {
            return;
        }
        let columns = (rect.x - layer.rect.x) as usize..(rect.x - layer.rect.x + rect.width) as usize;
        let mut coverage = Vec::new();
        for y in rect.y..rect.y + rect.height {
            let row = &mut layer.pixels.row_mut(y - layer.rect.y)[columns.clone()];
            let Some(rounded) = &clip.rounded else {
                fill_row(row, color);
                continue;
            };
            coverage.clear();
            coverage.resize(row.len(), 255);
            rounded.apply(y, rect.x, &mut coverage);
            fill_row_covered(row, &coverage, color);
        }
    }

    /// Fills a rectangle with rounded corners.
    pub(super) fn fill_rounded(&mut self, rect: PaintRect, radii: &Radii, color: Pixel) {
        if !is_rounded(radii) {
            return self.fill_rect(rect, color);
        }
        let (masks, middle) = RoundedRect { rect, radii: *radii }.bands(self.clip_rect());
        for mask in &masks {
            self.fill_mask(mask, color);
        }
        self.fill_rect(middle, color);
    }

    /// Fills where a mask says.
    pub(super) fn fill_mask(&mut self, mask: &Mask, color: Pixel) {
        self.cover_rows(mask, |row, coverage| fill_row_covered(row, coverage, color));
    }

    /// Calls `paint` with each row of the canvas that meets the mask, and its coverage.
    pub(super) fn cover_rows(&mut self, mask: &Mask, mut paint: impl FnMut(&mut [Pixel], &[u8])) {
        let (clip, layer) = self.target();
        let rect = mask.rect.intersect(&clip.rect).intersect(&layer.rect);
        if rect.is_empty() {
            return;
        }
        let columns = (rect.x - layer.rect.x) as usize..(rect.x - layer.rect.x + rect.width) as usize;
        let mut clipped = Vec::new();
        for y in rect.y..rect.y + rect.height {
            let row = &mut layer.pixels.row_mut(y - layer.rect.y)[columns.clone()];
            let coverage = &mask.row(y)[(rect.x - mask.rect.x) as usize..][..row.len()];
            let Some(rounded) = &clip.rounded else {
                paint(row, coverage);
                continue;
            };
            clipped.clear();
            clipped.extend_from_slice(coverage);
            rounded.apply(y, rect.x, &mut clipped);
            paint(row, &clipped);
        }
    }

    /// Lays pixels over a rectangle: `source(y, x, row)` makes those of row `y` from column `x` on.
    pub(super) fn draw_rows(&mut self, rect: PaintRect, mut source: impl FnMut(i32, i32, &mut [Pixel])) {
        let (clip, layer) = self.target();
        let rect = rect.intersect(&clip.rect).intersect(&layer.rect);
        if rect.is_empty() {
            return;
        }
        let columns = (rect.x - layer.rect.x) as usize..(rect.x - layer.rect.x + rect.width) as usize;
        let mut pixels = vec![[0; 4]; rect.width as usize];
        let mut coverage = Vec::new();
        for y in rect.y..rect.y + rect.height {
            source(y, rect.x, &mut pixels);
            let row = &mut layer.pixels.row_mut(y - layer.rect.y)[columns.clone()];
            let Some(rounded) = &clip.rounded else {
                blend_row(row, &pixels);
                continue;
            };
            coverage.clear();
            coverage.resize(row.len(), 255);
            rounded.apply(y, rect.x, &mut coverage);
            blend_row_covered(row, &coverage, &pixels);
        }
    }

    /// The clip, and the innermost layer that has pixels.
    fn target(&mut self) -> (Clip, &mut Layer) {
        let clip = self.clips.last().cloned().unwrap_or(Clip { rect: DeviceRect::default(), rounded: None });
        let index = self.layers.iter().rposition(|layer| !layer.pixels.data.is_empty()).unwrap_or(0);
        (clip, &mut self.layers[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display_list::SQUARE;

    const fn rect(x: i32, y: i32, width: i32, height: i32) -> DeviceRect {
        DeviceRect { x, y, width, height }
    }

    fn canvas() -> Canvas {
        Canvas::new(10, 10, Pixmap::new(4, 4, [255; 4]).expect("small"))
    }

    fn reds(pixmap: &Pixmap) -> Vec<u8> {
        pixmap.data.as_chunks::<4>().0.iter().map(|p| p[0]).collect()
    }

    const BLACK: Pixel = [0, 0, 0, 255];

    #[test]
    fn clips_nest_and_end() {
        let mut canvas = canvas();
        canvas.push_clip(rect(0, 11, 100, 2), &SQUARE);
        canvas.push_clip(rect(11, 0, 2, 100), &SQUARE);
        canvas.fill_rect(rect(0, 0, 1000, 1000), BLACK);
        canvas.pop_clip();
        canvas.pop_clip();
        canvas.fill_rect(rect(13, 13, 9, 9), BLACK);
        let expected = [255, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 0];
        assert_eq!(reds(&canvas.into_pixmap()), expected);
    }

    #[test]
    fn rounded_clips_thin_what_is_inside() {
        let mut canvas = canvas();
        canvas.push_clip(rect(10, 10, 4, 4), &[(2.0, 2.0); 4]);
        canvas.fill_rect(rect(0, 0, 100, 100), BLACK);
        let picture = reds(&canvas.into_pixmap());
        assert_eq!(picture[5], 0, "the middle is covered");
        // The circle covers 0.315 of its corner pixel.
        assert!((172..=179).contains(&picture[0]), "a corner of a circle of radius 2: {}", picture[0]);
        assert_eq!(picture[0], picture[15]);
    }

    #[test]
    fn groups_are_composited_once() {
        let mut canvas = canvas();
        canvas.push_group(0.5, rect(10, 10, 2, 1));
        canvas.fill_rect(rect(10, 10, 1, 1), BLACK);
        canvas.fill_rect(rect(10, 10, 2, 1), BLACK);
        canvas.pop_group();
        let picture = reds(&canvas.into_pixmap());
        assert_eq!(picture[..3], [127, 127, 255]);
    }

    #[test]
    fn groups_past_the_limits_paint_straight() {
        let mut canvas = canvas();
        for _ in 0..MAX_GROUP_DEPTH + 5 {
            canvas.push_group(1.0, rect(10, 10, 4, 4));
        }
        canvas.fill_rect(rect(10, 10, 4, 4), BLACK);
        for _ in 0..MAX_GROUP_DEPTH + 5 {
            canvas.pop_group();
        }
        assert_eq!(reds(&canvas.into_pixmap()), [0; 16]);
    }
}
