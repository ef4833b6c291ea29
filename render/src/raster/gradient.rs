//! Gradients: a colour for each pixel's centre.

use super::canvas::Canvas;
use super::pixmap::Pixel;
use crate::display_list::{GradientFill, GradientShape, PaintRect, Radii, Tiles};

/// Fills a rectangle with copies of a gradient.
pub(super) fn draw(
    canvas: &mut Canvas,
    rect: PaintRect,
    radii: &Radii,
    tiles: &Tiles,
    gradient: &GradientFill,
) {
    let [left, top, width, height] = tiles.first;
    if !(width > 0.0 && height > 0.0) {
        return;
    }
    canvas.push_clip(rect, radii);
    canvas.draw_rows(rect, |y, x, row| {
        let Some(v) = within(y as f32 + 0.5 - top, height, tiles.step.1) else { return row.fill([0; 4]) };
        for (column, pixel) in row.iter_mut().enumerate() {
            let u = within((x + column as i32) as f32 + 0.5 - left, width, tiles.step.0);
            *pixel = u.map_or([0; 4], |u| color_at(gradient, u, v));
        }
    });
    canvas.pop_clip();
}

/// The offset inside of the copy that lies at `offset`; `None` in the gaps between copies.
fn within(offset: f32, extent: f32, step: f32) -> Option<f32> {
    let offset = if step > 0.0 { offset.rem_euclid(step) } else { offset };
    (step <= 0.0 || offset < extent).then_some(offset)
}

fn color_at(gradient: &GradientFill, x: f32, y: f32) -> Pixel {
    let position = match gradient.shape {
        GradientShape::Linear { start, end } => {
            let (dx, dy) = (end.0 - start.0, end.1 - start.1);
            let length = dx * dx + dy * dy;
            if length > 0.0 { ((x - start.0) * dx + (y - start.1) * dy) / length } else { 1.0 }
        }
        GradientShape::Radial { center, radii } => {
            // An ellipse without extent is all outside.
            let (rx, ry) = (radii.0.max(1e-6), radii.1.max(1e-6));
            ((x - center.0) / rx).hypot((y - center.1) / ry)
        }
    };
    let stops = &gradient.stops;
    let (Some(first), Some(last)) = (stops.first(), stops.last()) else { return [0; 4] };
    let position = if gradient.repeating {
        let length = last.0 - first.0;
        if length > 0.0 { first.0 + (position - first.0).rem_euclid(length) } else { last.0 }
    } else {
        position
    };
    let after = stops.partition_point(|stop| stop.0 <= position);
    let color = match (after.checked_sub(1).and_then(|i| stops.get(i)), stops.get(after)) {
        (Some(a), Some(b)) => {
            let t = (position - a.0) / (b.0 - a.0);
            std::array::from_fn(|i| a.1[i] + (b.1[i] - a.1[i]) * t)
        }
        (None, _) => first.1,
        (_, None) => last.1,
    };
    color.map(|channel: f32| (channel * 255.0 + 0.5) as u8)
}
