//! One glyph's coverage, and the places on the pixel grid where glyphs may stand.

use super::coverage::Coverage;
use super::flatten;
use super::outline::{Command, Outliner, for_each_point};
use crate::limits::MAX_MASK_PIXELS;

/// The coverage of one glyph at one size and place on the pixel grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlyphMask {
    /// From the pen's whole pixel to the left edge of the mask, device px.
    pub left: i32,
    /// From the baseline to the top edge of the mask, device px down (mostly negative).
    pub top: i32,
    /// Device px.
    pub width: u32,
    /// Device px.
    pub height: u32,
    /// Rows from the top, a byte a pixel: 255 is covered whole. Not yet passed through [`super::gamma::table`].
    pub coverage: Vec<u8>,
}

/// How far right of a whole pixel a glyph stands, in quarters: 0 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subpixel(u8);

impl Subpixel {
    /// On the pixel.
    pub const ZERO: Self = Self(0);

    /// In px.
    pub fn to_px(self) -> f32 {
        f32::from(self.0) / 4.0
    }
}

/// Where a glyph whose pen is at `x`, `y` (device px) is drawn: the whole pixel of its pen, and the quarter beyond.
/// Skia: horizontally the nearest quarter, vertically the nearest whole pixel.
pub fn snap(x: f32, y: f32) -> (i32, i32, Subpixel) {
    let quarters = ((x + 0.125) * 4.0).floor();
    let column = (quarters / 4.0).floor();
    let rest = (quarters - column * 4.0) as u8;
    // `as` saturates and takes NaN for 0.
    (column as i32, (y + 0.5).floor() as i32, Subpixel(rest.min(3)))
}

impl GlyphMask {
    /// Draws a glyph. `None` if it covers nothing (a space), or is too large to be drawn so.
    pub(super) fn draw(outliner: &Outliner, glyph: u32, subpixel: Subpixel) -> Option<Self> {
        let mut commands = outliner.outline(glyph);
        let shift = subpixel.to_px();
        for_each_point(&mut commands, |(x, y)| (x + shift, y));
        Self::fill(&commands)
    }

    fn fill(commands: &[Command]) -> Option<Self> {
        let mut edges = Vec::new();
        flatten::edges(commands, |from, to| edges.push((from, to)));
        let mut bounds = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
        for (x, y) in edges.iter().flat_map(|(from, to)| [*from, *to]) {
            if !(x.is_finite() && y.is_finite()) {
                return None;
            }
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        }
        if edges.is_empty() || bounds.iter().any(|bound| bound.abs() > 1e6) {
            return None;
        }
        let (left, top) = (bounds[0].floor(), bounds[1].floor());
        let (width, height) = ((bounds[2].ceil() - left) as usize, (bounds[3].ceil() - top) as usize);
        if width == 0 || height == 0 || width.saturating_mul(height) > MAX_MASK_PIXELS {
            return None;
        }
        let mut coverage = Coverage::new(width, height);
        for (from, to) in edges {
            coverage.edge((from.0 - left, from.1 - top), (to.0 - left, to.1 - top));
        }
        Some(Self {
            left: left as i32,
            top: top as i32,
            width: width as u32,
            height: height as u32,
            coverage: coverage.finish(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapping() {
        let cases = [
            ((0.0, 0.0), (0, 0, 0)),
            ((0.124, 0.49), (0, 0, 0)),
            ((0.125, 0.5), (0, 1, 1)),
            ((0.9, 10.2), (1, 10, 0)),
            ((-0.2, -0.6), (-1, -1, 3)),
            ((3.7, -0.5), (3, 0, 3)),
        ];
        for ((x, y), (column, row, quarter)) in cases {
            assert_eq!(snap(x, y), (column, row, Subpixel(quarter)), "{x} {y}");
        }
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30] {
            snap(odd, odd);
        }
    }
}
