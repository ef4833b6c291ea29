//! From layout units to device pixels, edge by edge, and the boxes of a fragment with their corners.

use siskin_engine::css::values::BackgroundBox;
use siskin_engine::style::Sides;

use super::{PaintRect, Radii, SQUARE};
use crate::fragments::{BoxFragment, Fragment};
use crate::geometry::{DeviceRect, Edges, Lu, Point, Rect, Size};

/// A length in device pixels.
pub(super) fn to_device(length: Lu, scale: f32) -> f32 {
    (f64::from(length.0) / f64::from(Lu::PER_PX) * f64::from(scale)) as f32
}

/// An edge on the device pixel next to it, halves up: Blink's `ToPixelSnappedRect`.
pub(super) fn snap(length: Lu, scale: f32) -> i32 {
    // `as` saturates. Half the range keeps sums of two edges in range.
    let snapped = (f64::from(length.0) / f64::from(Lu::PER_PX) * f64::from(scale) + 0.5).floor() as i32;
    snapped.clamp(i32::MIN / 2, i32::MAX / 2)
}

/// A rectangle whose edges are snapped each by itself, so that neighbours meet.
pub(super) fn snap_rect(origin: Point, size: Size, scale: f32) -> DeviceRect {
    let rect = Rect { origin, size };
    let (x, y) = (snap(origin.x, scale), snap(origin.y, scale));
    let width = snap(rect.right(), scale).saturating_sub(x).max(0);
    let height = snap(rect.bottom(), scale).saturating_sub(y).max(0);
    DeviceRect { x, y, width, height }
}

/// The widths of a border: whole device pixels, at least one where there is any.
pub(super) fn snap_widths(edges: &Edges, scale: f32) -> Sides<i32> {
    let width = |length: Lu| if length > Lu::ZERO { snap(length, scale).max(1) } else { 0 };
    Sides {
        top: width(edges.top),
        right: width(edges.right),
        bottom: width(edges.bottom),
        left: width(edges.left),
    }
}

/// A rectangle with its corners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// The edges.
    pub(super) rect: PaintRect,
    /// The corners.
    pub(super) radii: Radii,
}

impl Shape {
    /// Less the widths on each side, the corners as much smaller:
    /// <https://drafts.csswg.org/css-backgrounds-3/#corner-shaping>.
    pub(super) fn inset(&self, by: &Sides<i32>) -> Self {
        let rect = DeviceRect {
            x: self.rect.x.saturating_add(by.left),
            y: self.rect.y.saturating_add(by.top),
            width: self.rect.width.saturating_sub(by.left).saturating_sub(by.right).max(0),
            height: self.rect.height.saturating_sub(by.top).saturating_sub(by.bottom).max(0),
        };
        let less = |(x, y): (f32, f32), dx: i32, dy: i32| {
            let (x, y) = (x - dx as f32, y - dy as f32);
            if x > 0.0 && y > 0.0 { (x, y) } else { (0.0, 0.0) }
        };
        let [tl, tr, br, bl] = self.radii;
        let radii = [
            less(tl, by.left, by.top),
            less(tr, by.right, by.top),
            less(br, by.right, by.bottom),
            less(bl, by.left, by.bottom),
        ];
        Self { rect, radii }
    }
}

/// The boxes of a fragment in device pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Boxes {
    /// The border box.
    pub(super) border: Shape,
    /// The padding box.
    pub(super) padding: Shape,
    /// The content box.
    pub(super) content: Shape,
    /// Border widths.
    pub(super) widths: Sides<i32>,
}

impl Boxes {
    /// Of a fragment whose border box begins at `origin`.
    pub(super) fn new(fragment: &Fragment, parts: &BoxFragment, origin: Point, scale: f32) -> Self {
        let rect = snap_rect(origin, fragment.rect.size, scale);
        let border = Shape { rect, radii: radii(fragment, rect, scale) };
        let widths = snap_widths(&parts.border, scale);
        let padding = border.inset(&widths);
        // The content box's edges are snapped where they lie, not by whole paddings.
        let edges = parts.border + parts.padding;
        let start = origin + Point::new(edges.left, edges.top);
        let size = Size {
            width: (fragment.rect.size.width - edges.horizontal()).clamp_negative_to_zero(),
            height: (fragment.rect.size.height - edges.vertical()).clamp_negative_to_zero(),
        };
        let content = snap_rect(start, size, scale);
        let by = Sides {
            top: content.y.saturating_sub(rect.y),
            left: content.x.saturating_sub(rect.x),
            right: (rect.x + rect.width).saturating_sub(content.x.saturating_add(content.width)),
            bottom: (rect.y + rect.height).saturating_sub(content.y.saturating_add(content.height)),
        };
        let content = Shape { rect: content, radii: border.inset(&by).radii };
        Self { border, padding, content, widths }
    }

    /// The box that a keyword names.
    pub(super) fn by_keyword(&self, keyword: BackgroundBox) -> Shape {
        match keyword {
            BackgroundBox::BorderBox | BackgroundBox::Text => self.border,
            BackgroundBox::PaddingBox => self.padding,
            BackgroundBox::ContentBox => self.content,
        }
    }
}

/// The used radii: <https://drafts.csswg.org/css-backgrounds-3/#corner-overlap>.
fn radii(fragment: &Fragment, rect: DeviceRect, scale: f32) -> Radii {
    let computed = &fragment.style.border.border_radius;
    if computed.iter().all(|(x, y)| x.is_zero() || y.is_zero()) {
        return SQUARE;
    }
    let (width, height) = (rect.width as f32, rect.height as f32);
    let mut radii = computed.each_ref().map(|(x, y)| {
        let (x, y) = (x.resolve(width / scale) * scale, y.resolve(height / scale) * scale);
        if x > 0.0 && y > 0.0 && x.is_finite() && y.is_finite() { (x, y) } else { (0.0, 0.0) }
    });
    let [tl, tr, br, bl] = radii;
    let mut factor = 1.0_f32;
    for (side, sum) in
        [(width, tl.0 + tr.0), (height, tr.1 + br.1), (width, br.0 + bl.0), (height, bl.1 + tl.1)]
    {
        if sum > side {
            factor = factor.min(side / sum);
        }
    }
    for radius in &mut radii {
        *radius = (radius.0 * factor, radius.1 * factor);
    }
    radii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_snap_by_themselves() {
        // Three boxes of 33.33 px in a row meet without gaps.
        let third = Lu::from_px(33.33);
        let rects = [0, 1, 2].map(|i| {
            let size = Size { width: third, height: third };
            snap_rect(Point::new(third * i, Lu::ZERO), size, 1.0)
        });
        assert_eq!(rects.map(|r| (r.x, r.width)), [(0, 33), (33, 34), (67, 33)]);
        assert_eq!(snap(Lu(-32), 1.0), 0);
        assert_eq!(snap(Lu(-33), 1.0), -1);
        assert_eq!(snap(Lu(32), 2.0), 1);
        assert_eq!(snap(Lu::MAX, 1000.0), i32::MAX / 2);
    }
}
