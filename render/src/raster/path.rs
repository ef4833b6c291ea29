//! Polygons to coverage: exact areas, accumulated edge by edge.

use crate::geometry::DeviceRect;

/// How much of each pixel of a rectangle is covered, 0 to 255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mask {
    /// Where, in device pixels.
    pub(super) rect: DeviceRect,
    /// Row by row.
    pub(super) coverage: Vec<u8>,
}

impl Mask {
    /// A row; `y` must be inside.
    pub(super) fn row(&self, y: i32) -> &[u8] {
        let width = self.rect.width as usize;
        &self.coverage[(y - self.rect.y) as usize * width..][..width]
    }
}

/// A closed contour; the last point joins the first.
pub(super) type Contour = Vec<(f32, f32)>;

/// The coverage inside `bounds` of contours that wind clockwise around what they fill and counter-clockwise
/// around holes.
///
/// Each edge adds its signed area to the pixels it crosses and its height to all that lie to the right; the
/// running sum of a row is then its coverage. Cost: the pixels of `bounds` and the rows of each edge.
pub(super) fn fill(contours: &[Contour], bounds: DeviceRect) -> Mask {
    if bounds.is_empty() {
        return Mask { rect: DeviceRect::default(), coverage: Vec::new() };
    }
    let width = bounds.width as usize;
    let mut accumulator = Accumulator {
        width,
        height: bounds.height as usize,
        cells: vec![0.0; (width + 1) * bounds.height as usize],
    };
    let (ox, oy) = (bounds.x as f32, bounds.y as f32);
    for contour in contours {
        let mut previous = contour.last().copied();
        for &point in contour {
            if let Some(from) = previous {
                accumulator.clip_and_add((from.0 - ox, from.1 - oy), (point.0 - ox, point.1 - oy));
            }
            previous = Some(point);
        }
    }
    Mask { rect: bounds, coverage: accumulator.sum() }
}

struct Accumulator {
    width: usize,
    height: usize,
    /// One more cell a row than it has pixels: what lies to the right of the area.
    cells: Vec<f32>,
}

impl Accumulator {
    /// Cuts the edge at the left and right side of the area; what lies outside becomes vertical.
    fn clip_and_add(&mut self, from: (f32, f32), to: (f32, f32)) {
        if !(from.0.is_finite() && from.1.is_finite() && to.0.is_finite() && to.1.is_finite())
            || from.1 == to.1
        {
            return;
        }
        let (sign, top, bottom) = if from.1 < to.1 { (1.0, from, to) } else { (-1.0, to, from) };
        let slope = (bottom.0 - top.0) / (bottom.1 - top.1);
        let y0 = top.1.max(0.0);
        let y1 = bottom.1.min(self.height as f32);
        if y0 >= y1 {
            return;
        }
        let x_at = |y: f32| top.0 + (y - top.1) * slope;
        let right = self.width as f32;
        // The heights at which the edge crosses the sides, in order.
        let mut cuts = [y0, y0, y1, y1];
        if slope != 0.0 {
            let mut crossings = [0.0, right].map(|x| (top.1 + (x - top.0) / slope).clamp(y0, y1));
            crossings.sort_by(f32::total_cmp);
            cuts[1..3].copy_from_slice(&crossings);
        }
        for pair in cuts.windows(2) {
            if pair[0] < pair[1] {
                let x0 = x_at(pair[0]).clamp(0.0, right);
                let x1 = x_at(pair[1]).clamp(0.0, right);
                self.add(sign, (x0, pair[0]), (x1, pair[1]));
            }
        }
    }

    /// An edge inside the area, from top to bottom.
    fn add(&mut self, sign: f32, (x0, y0): (f32, f32), (x1, y1): (f32, f32)) {
        let slope = (x1 - x0) / (y1 - y0);
        let first = y0 as usize;
        let last = (y1.ceil() as usize).min(self.height);
        for row in first..last {
            let top = y0.max(row as f32);
            let bottom = y1.min((row + 1) as f32);
            if bottom <= top {
                continue;
            }
            let (xa, xb) = (x0 + (top - y0) * slope, x0 + (bottom - y0) * slope);
            self.add_in_row(row, sign * (bottom - top), xa.min(xb), xa.max(xb));
        }
    }

    /// The part of an edge inside one row: `height` of it between `left` and `right`.
    fn add_in_row(&mut self, row: usize, height: f32, left: f32, right: f32) {
        let cells = &mut self.cells[row * (self.width + 1)..][..=self.width];
        let first = (left as usize).min(self.width);
        let last = (right as usize).min(self.width);
        if first == last {
            // Of the pixel it stands in, the edge covers what lies right of its middle.
            let middle = (left + right) / 2.0 - first as f32;
            cells[first] += height * (1.0 - middle);
            if first < self.width {
                cells[first + 1] += height * middle;
            }
            return;
        }
        // The covered area of pixel `x` is the integral of the share of the edge left of each of its points.
        let per_x = height / (right - left);
        let mut before = 0.0;
        for (x, cell) in cells.iter_mut().enumerate().take(last + 1).skip(first) {
            let (a, b) = (left.max(x as f32), right.min((x + 1) as f32));
            let (da, db) = (a - left, b - left);
            let area = per_x * (db * db - da * da) / 2.0 + height * ((x + 1) as f32 - b);
            *cell += area - before;
            before = area;
        }
        if last < self.width {
            cells[last + 1] += height - before;
        }
    }

    fn sum(&self) -> Vec<u8> {
        let mut coverage = Vec::with_capacity(self.width * self.height);
        for row in self.cells.chunks_exact(self.width + 1) {
            let mut sum = 0.0;
            coverage.extend(row[..self.width].iter().map(|cell| {
                sum += cell;
                (sum.abs().min(1.0) * 255.0 + 0.5) as u8
            }));
        }
        coverage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn bounds(width: i32, height: i32) -> DeviceRect {
        DeviceRect { x: 0, y: 0, width, height }
    }

    fn rectangle(x0: f32, y0: f32, x1: f32, y1: f32) -> Contour {
        vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    }

    #[test]
    fn parts_of_pixels() {
        let mask = fill(&[rectangle(0.5, 0.25, 2.25, 1.0)], bounds(4, 2));
        assert_eq!(mask.coverage, [96, 191, 48, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn diagonals_cover_halves() {
        let mask = fill(&[vec![(0.0, 0.0), (3.0, 0.0), (0.0, 3.0)]], bounds(3, 3));
        assert_eq!(mask.coverage, [255, 255, 128, 255, 128, 0, 128, 0, 0]);
        // A flat edge crosses several pixels of a row: 7/8, 5/8, 3/8, 1/8.
        let mask = fill(&[vec![(0.0, 0.0), (4.0, 0.0), (0.0, 1.0)]], bounds(4, 1));
        assert_eq!(mask.coverage, [223, 159, 96, 32]);
        let mask = fill(&[vec![(0.0, 0.0), (4.0, 1.0), (0.0, 1.0)]], bounds(4, 1));
        assert_eq!(mask.coverage, [223, 159, 96, 32]);
    }

    #[test]
    fn holes_are_empty_and_what_lies_outside_is_cut() {
        let mut hole = rectangle(1.0, 1.0, 2.0, 2.0);
        hole.reverse();
        let mask = fill(&[rectangle(-1e6, -5.0, 1e6, 9.0), hole], bounds(3, 3));
        assert_eq!(mask.coverage, [255, 255, 255, 255, 0, 255, 255, 255, 255]);
        // An edge that crosses the left side within a row: from (-2, 0) to (2, 1), right of it covered.
        let mask = fill(&[vec![(-2.0, 0.0), (9.0, 0.0), (9.0, 1.0), (2.0, 1.0)]], bounds(3, 1));
        assert_eq!(mask.coverage, [159, 223, 255]);
        assert!(fill(&[vec![(f32::NAN, 0.0), (1.0, 1.0)]], bounds(1, 1)).coverage == [0]);
    }
}
