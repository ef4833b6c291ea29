//! From a picture to the window's buffer: pixels in the window system's order, and scroll bars over them.

use siskin_render::raster::Pixmap;

use super::links::{Mark, MarkKind};
use super::scroll::{Extent, thumb};

/// A window's buffer: one `0x00RRGGBB` a pixel, rows from the top.
#[derive(Debug)]
pub struct Buffer<'a> {
    /// The pixels.
    pub pixels: &'a mut [u32],
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// The colour of what no page covers.
const BLANK: u32 = 0x00ff_ffff;
/// A scroll bar's thickness and its distance from the edge, in px.
const BAR: (f32, f32) = (6.0, 2.0);
/// A scroll bar's grey, and its share of 256 over the page.
const BAR_PAINT: (u32, u32) = (0x60, 150);

impl Buffer<'_> {
    /// Fills the buffer as a window without a page.
    pub fn clear(&mut self) {
        self.pixels.fill(BLANK);
    }

    /// Copies an opaque picture, its top left on the buffer's; what it does not cover is blank.
    pub fn copy(&mut self, picture: &Pixmap) {
        let (width, row) = (self.width as usize, picture.width as usize);
        if width == 0 {
            return;
        }
        for (y, line) in self.pixels.chunks_mut(width).enumerate() {
            let source = picture.data.chunks_exact(4 * row.max(1)).nth(y).unwrap_or_default();
            let pixels = source.chunks_exact(4).map(|p| u32::from_be_bytes([0, p[0], p[1], p[2]]));
            let covered = row.min(width).min(pixels.len());
            for (to, from) in line.iter_mut().zip(pixels) {
                *to = from;
            }
            line[covered..].fill(BLANK);
        }
    }

    /// Draws scroll bars along the edges where the page is larger than the window. `scale`: px per CSS px.
    pub fn scroll_bars(&mut self, at: Extent, page: Extent, window: Extent, scale: f32) {
        let (thick, gap) = (BAR.0 * scale.max(1.0), BAR.1 * scale.max(1.0));
        let (width, height) = (self.width as f32, self.height as f32);
        if let Some((start, length)) = thumb(at.y, page.y, window.y, height - 2.0 * gap) {
            self.blend(width - gap - thick, gap + start, thick, length);
        }
        if let Some((start, length)) = thumb(at.x, page.x, window.x, width - 3.0 * gap - thick) {
            self.blend(gap + start, height - gap - thick, length, thick);
        }
    }

    /// Draws what is to be seen of a control: a frame, thick where it has the focus, and a filled middle where it is on. `at` is
    /// where the window stands, `scale` px per CSS px.
    pub fn mark(&mut self, mark: Mark, at: Extent, scale: f32) {
        let (x, y, width, height) = mark.rect;
        let (x, y) = ((x - at.x) * scale, (y - at.y) * scale);
        let (width, height) = (width * scale, height * scale);
        if x + width < 0.0 || y + height < 0.0 {
            return;
        }
        let line = scale.max(1.0) * if mark.kind == MarkKind::Focus { 2.0 } else { 1.0 };
        self.blend(x, y, width, line);
        self.blend(x, y + height - line, width, line);
        self.blend(x, y + line, line, height - 2.0 * line);
        self.blend(x + width - line, y + line, line, height - 2.0 * line);
        if mark.kind == MarkKind::On {
            let (across, down) = (width / 4.0, height / 4.0);
            self.blend(x + across, y + down, width - 2.0 * across, height - 2.0 * down);
        }
    }

    /// Lays the bars' grey over a rectangle.
    fn blend(&mut self, x: f32, y: f32, width: f32, height: f32) {
        // `as` saturates: nothing lies outside of the buffer.
        let columns = (x.round() as usize).min(self.width as usize)
            ..((x + width).round() as usize).min(self.width as usize);
        let rows = (y.round() as usize)..((y + height).round() as usize);
        let (grey, share) = BAR_PAINT;
        let mix = |under: u32| (under * (256 - share) + grey * share) >> 8;
        for line in self.pixels.chunks_mut((self.width as usize).max(1)).skip(rows.start).take(rows.len()) {
            for pixel in line.get_mut(columns.clone()).unwrap_or_default() {
                let channel = |shift: u32| mix((*pixel >> shift) & 0xff) << shift;
                *pixel = channel(16) | channel(8) | channel(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_copied_in_the_windows_order_and_the_rest_is_blank() {
        let picture = Pixmap { width: 2, height: 1, data: vec![1, 2, 3, 255, 4, 5, 6, 255] };
        let copy = |width: u32, height: u32| {
            let mut pixels = vec![7; (width * height) as usize];
            Buffer { pixels: &mut pixels, width, height }.copy(&picture);
            pixels
        };
        assert_eq!(copy(3, 2), [0x01_02_03, 0x04_05_06, BLANK, BLANK, BLANK, BLANK]);
        assert_eq!(copy(1, 1), [0x01_02_03]);
        assert_eq!(copy(0, 0), [0; 0]);
    }

    #[test]
    fn scroll_bars_show_where_the_window_stands() {
        let window = Extent { x: 40.0, y: 100.0 };
        let rows_of_bar = |at: f32| {
            let mut pixels = vec![BLANK; 40 * 100];
            let page = Extent { x: 40.0, y: 300.0 };
            Buffer { pixels: &mut pixels, width: 40, height: 100 }.scroll_bars(
                Extent { x: 0.0, y: at },
                page,
                window,
                1.0,
            );
            let dark: Vec<usize> = (0..100).filter(|y| pixels[y * 40 + 35] != BLANK).collect();
            (dark.first().copied(), dark.len(), pixels[35], pixels[50 * 40])
        };
        assert_eq!(rows_of_bar(0.0), (Some(2), 32, BLANK, BLANK));
        assert_eq!(rows_of_bar(200.0).0, Some(66));
        let mut pixels = vec![BLANK; 40 * 100];
        Buffer { pixels: &mut pixels, width: 40, height: 100 }.scroll_bars(
            Extent::default(),
            window,
            window,
            1.0,
        );
        assert!(pixels.iter().all(|pixel| *pixel == BLANK), "nothing to scroll");
        Buffer { pixels: &mut pixels[..4], width: 2, height: 2 }.scroll_bars(
            Extent::default(),
            Extent { x: 9.0, y: 9.0 },
            Extent { x: 2.0, y: 2.0 },
            8.0,
        );
    }

    #[test]
    fn controls_show_what_they_are() {
        let marked = |kind, rect| {
            let mut pixels = vec![BLANK; 16 * 16];
            let mut buffer = Buffer { pixels: &mut pixels, width: 16, height: 16 };
            buffer.mark(Mark { rect, kind }, Extent { x: 0.0, y: 10.0 }, 1.0);
            let dark = |x: usize, y: usize| pixels[y * 16 + x] != BLANK;
            [dark(0, 0), dark(6, 6), dark(1, 1), dark(13, 13)]
        };
        assert_eq!(marked(MarkKind::On, (0.0, 10.0, 12.0, 12.0)), [true, true, false, false]);
        assert_eq!(marked(MarkKind::Off, (0.0, 10.0, 12.0, 12.0)), [true, false, false, false]);
        assert_eq!(marked(MarkKind::Focus, (0.0, 10.0, 12.0, 12.0)), [true, false, true, false]);
        assert_eq!(marked(MarkKind::On, (0.0, -50.0, 12.0, 12.0)), [false; 4], "scrolled away");
        assert_eq!(marked(MarkKind::On, (1e9, 1e9, 12.0, 12.0)), [false; 4]);
    }
}
