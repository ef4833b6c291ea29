//! Rounded rectangles: their contours, and coverage of the rows that have corners in them.

use super::path::{Contour, Mask, fill};
use crate::display_list::Radii;
use crate::geometry::DeviceRect;

/// A rectangle with rounded corners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RoundedRect {
    /// The edges.
    pub(super) rect: DeviceRect,
    /// The corners, already fitted: they do not overlap.
    pub(super) radii: Radii,
}

/// Whether any corner is rounded.
pub(super) fn is_rounded(radii: &Radii) -> bool {
    radii.iter().any(|&(x, y)| x > 0.0 && y > 0.0)
}

impl RoundedRect {
    /// The contour, clockwise.
    pub(super) fn contour(&self) -> Contour {
        let (left, top) = (self.rect.x as f32, self.rect.y as f32);
        let (right, bottom) = (left + self.rect.width as f32, top + self.rect.height as f32);
        let [tl, tr, br, bl] = self.radii;
        let mut points = Vec::new();
        arc(&mut points, (left + tl.0, top + tl.1), tl, (-1.0, 0.0), (0.0, -1.0));
        arc(&mut points, (right - tr.0, top + tr.1), tr, (0.0, -1.0), (1.0, 0.0));
        arc(&mut points, (right - br.0, bottom - br.1), br, (1.0, 0.0), (0.0, 1.0));
        arc(&mut points, (left + bl.0, bottom - bl.1), bl, (0.0, 1.0), (-1.0, 0.0));
        points
    }

    /// The contour, counter-clockwise: a hole.
    pub(super) fn hole(&self) -> Contour {
        let mut points = self.contour();
        points.reverse();
        points
    }

    /// Moved inwards (or, with negative widths, outwards) by a width on each side: top, right, bottom, left.
    /// <https://drafts.csswg.org/css-backgrounds-3/#corner-shaping>
    pub(super) fn inset(&self, [top, right, bottom, left]: [i32; 4]) -> Self {
        let rect = DeviceRect {
            x: self.rect.x.saturating_add(left),
            y: self.rect.y.saturating_add(top),
            width: self.rect.width.saturating_sub(left).saturating_sub(right).max(0),
            height: self.rect.height.saturating_sub(top).saturating_sub(bottom).max(0),
        };
        let [tl, tr, br, bl] = self.radii;
        let less = |(x, y): (f32, f32), dx: i32, dy: i32| {
            if x <= 0.0 || y <= 0.0 {
                return (0.0, 0.0);
            }
            ((x - dx as f32).max(0.0), (y - dy as f32).max(0.0))
        };
        let radii =
            [less(tl, left, top), less(tr, right, top), less(br, right, bottom), less(bl, left, bottom)];
        Self { rect, radii }
    }

    /// The rows at the top and at the bottom that a corner reaches into; together at most all rows.
    pub(super) fn corner_rows(&self) -> (i32, i32) {
        let [tl, tr, br, bl] = self.radii;
        let top = (tl.1.max(tr.1).ceil() as i32).min(self.rect.height);
        let bottom = (bl.1.max(br.1).ceil() as i32).min(self.rect.height - top);
        (top, bottom)
    }

    /// The coverage of the corner rows inside `clip`, and the rows between, which are covered from edge to edge.
    pub(super) fn bands(&self, clip: DeviceRect) -> (Vec<Mask>, DeviceRect) {
        let (top, bottom) = self.corner_rows();
        let contour = [self.contour()];
        let rect = self.rect;
        let upper = DeviceRect { height: top, ..rect }.intersect(&clip);
        let lower = DeviceRect { y: rect.y.saturating_add(rect.height - bottom), height: bottom, ..rect }
            .intersect(&clip);
        let middle = DeviceRect { y: rect.y.saturating_add(top), height: rect.height - top - bottom, ..rect }
            .intersect(&clip);
        let masks = [upper, lower].into_iter().filter(|r| !r.is_empty()).map(|r| fill(&contour, r)).collect();
        (masks, middle)
    }
}

/// A quarter of an ellipse from direction `from` to direction `to`, as points no farther than 1/50 px from it.
fn arc(points: &mut Contour, center: (f32, f32), radius: (f32, f32), from: (f32, f32), to: (f32, f32)) {
    let largest = radius.0.max(radius.1);
    if radius.0 <= 0.0 || radius.1 <= 0.0 {
        // The corner itself: both radii are 0 as used values.
        let corner = (center.0 + (from.0 + to.0) * radius.0, center.1 + (from.1 + to.1) * radius.1);
        points.push(corner);
        return;
    }
    let steps =
        (std::f32::consts::FRAC_PI_2 / (2.0 * (1.0 - 0.02 / largest.max(0.1)).max(-1.0).acos())).ceil();
    let steps = (steps as usize).clamp(2, 512);
    points.extend((0..=steps).map(|step| {
        let (sin, cos) = (std::f32::consts::FRAC_PI_2 * step as f32 / steps as f32).sin_cos();
        let direction = (from.0 * cos + to.0 * sin, from.1 * cos + to.1 * sin);
        (center.0 + direction.0 * radius.0, center.1 + direction.1 * radius.1)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rect(x: i32, y: i32, width: i32, height: i32) -> DeviceRect {
        DeviceRect { x, y, width, height }
    }

    #[test]
    fn a_circle_covers_its_area() {
        let circle = RoundedRect { rect: rect(0, 0, 40, 40), radii: [(20.0, 20.0); 4] };
        let (masks, middle) = circle.bands(rect(0, 0, 100, 100));
        assert!(middle.is_empty());
        let covered: u64 = masks.iter().flat_map(|m| &m.coverage).map(|&c| u64::from(c)).sum();
        let area = covered as f64 / 255.0;
        assert!((area - 400.0 * std::f64::consts::PI).abs() < 2.0, "{area}");
    }

    #[test]
    fn inner_corners_lose_the_border() {
        let outer = RoundedRect {
            rect: rect(10, 10, 50, 40),
            radii: [(8.0, 8.0), (2.0, 2.0), (0.0, 0.0), (8.0, 4.0)],
        };
        let inner = outer.inset([3, 4, 5, 6]);
        assert_eq!(inner.rect, rect(16, 13, 40, 32));
        assert_eq!(inner.radii, [(2.0, 5.0), (0.0, 0.0), (0.0, 0.0), (2.0, 0.0)]);
        assert_eq!(outer.corner_rows(), (8, 4));
    }
}
