//! Exact areas: how much of each pixel lies inside a set of edges.

/// Collects edges and tells the coverage of each pixel of a small picture.
///
/// Each edge adds to the cells that it crosses the signed area to its right, and to the next cell the rest of its
/// height, so that a running sum along a row gives the winding number times the area.
#[derive(Debug)]
pub(super) struct Coverage {
    width: usize,
    height: usize,
    cells: Vec<f32>,
}

impl Coverage {
    /// An empty picture. One column more than asked catches what lies at the right edge.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, height, cells: vec![0.0; (width + 2) * height] }
    }

    /// Adds the edge from one point to another, in pixels from the top left; y grows downwards.
    pub(super) fn edge(&mut self, from: (f32, f32), to: (f32, f32)) {
        if from.1 == to.1 {
            return;
        }
        let (direction, top, bottom) = if from.1 < to.1 { (1.0, from, to) } else { (-1.0, to, from) };
        let slope = (bottom.0 - top.0) / (bottom.1 - top.1);
        let first = top.1.max(0.0);
        let last = bottom.1.min(self.height as f32);
        let mut y = first;
        while y < last {
            let row = y as usize;
            let next = ((row + 1) as f32).min(last);
            let x0 = top.0 + (y - top.1) * slope;
            let x1 = top.0 + (next - top.1) * slope;
            self.add_to_row(row, x0, x1, (next - y) * direction);
            y = next;
        }
    }

    /// Adds a piece of an edge inside one row, `height` of the row's height, from `x0` to `x1`.
    fn add_to_row(&mut self, row: usize, x0: f32, x1: f32, height: f32) {
        let limit = self.width as f32;
        let (left, right) = if x0 < x1 { (x0, x1) } else { (x1, x0) };
        let (left, right) = (left.clamp(0.0, limit), right.clamp(0.0, limit));
        let start = row * (self.width + 2);
        let cells = &mut self.cells[start..start + self.width + 2];
        let first = left as usize;
        let last = right as usize;
        if first == last {
            let covered = 1.0 - ((left + right) / 2.0 - first as f32);
            cells[first] += height * covered;
            cells[first + 1] += height * (1.0 - covered);
            return;
        }
        // Across several cells: in each the area is a trapezoid; what is covered so far carries to the right.
        let per_px = height / (right - left);
        let mut carried = 0.0;
        let mut x = left;
        for (column, cell) in cells.iter_mut().enumerate().take(last + 1).skip(first) {
            let end = right.min((column + 1) as f32);
            let part = per_px * (end - x);
            let covered = part * (1.0 - ((x + end) / 2.0 - column as f32));
            *cell += carried + covered;
            carried = part - covered;
            x = end;
        }
        cells[last + 1] += carried;
    }

    /// The coverage of each pixel by rows, 255 for all of it: non-zero winding for outlines that do not overlap
    /// against each other's direction.
    pub(super) fn finish(&self) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(self.width * self.height);
        for row in self.cells.chunks_exact(self.width + 2) {
            let mut sum = 0.0f32;
            pixels.extend(row[..self.width].iter().map(|cell| {
                sum += cell;
                to_byte(sum.abs())
            }));
        }
        pixels
    }
}

/// An area as a byte. Skia adds partial areas in bytes and rounds towards more: measured, 256 levels rounded up.
fn to_byte(area: f32) -> u8 {
    // `as` saturates at 255. The small term keeps the noise of the sums from counting.
    (area.min(1.0) * 256.0 - 0.01).ceil() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polygon(points: &[(f32, f32)], width: usize, height: usize) -> Vec<u8> {
        let mut coverage = Coverage::new(width, height);
        for (index, point) in points.iter().enumerate() {
            coverage.edge(*point, points[(index + 1) % points.len()]);
        }
        coverage.finish()
    }

    #[test]
    fn areas() {
        let square = [(0.5, 0.25), (2.5, 0.25), (2.5, 1.0), (0.5, 1.0)];
        assert_eq!(polygon(&square, 3, 2), [96, 192, 96, 0, 0, 0]);
        let reversed: Vec<_> = square.iter().rev().copied().collect();
        assert_eq!(polygon(&reversed, 3, 2), [96, 192, 96, 0, 0, 0]);
        let triangle = [(0.0, 0.0), (4.0, 0.0), (0.0, 2.0)];
        assert_eq!(polygon(&triangle, 4, 2), [255, 255, 192, 64, 192, 64, 0, 0]);
        let outside = [(-5.0, -5.0), (50.0, -5.0), (50.0, 50.0), (-5.0, 50.0)];
        assert_eq!(polygon(&outside, 2, 2), [255; 4]);
        assert_eq!(polygon(&[(-3.0, 0.0), (-1.0, 0.0), (-1.0, 2.0), (-3.0, 2.0)], 2, 2), [0; 4]);
    }

    #[test]
    fn the_sum_is_the_area() {
        // A slanted quadrilateral inside the picture: its area by the shoelace formula.
        let points = [(1.3, 0.7), (8.6, 1.1), (9.2, 5.9), (0.4, 6.2)];
        let shoelace = |a: (f32, f32), b: (f32, f32)| a.0 * b.1 - b.0 * a.1;
        let area: f32 =
            (0..4).map(|index| shoelace(points[index], points[(index + 1) % 4])).sum::<f32>() / 2.0;
        let sum: f32 = polygon(&points, 10, 7).iter().map(|pixel| f32::from(*pixel) / 255.0).sum();
        assert!((area - sum).abs() < 0.15, "{area} {sum}");
    }
}
