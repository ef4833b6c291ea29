//! Underlines, overlines and lines through text.

use siskin_engine::css::values::TextDecorationStyle;

use super::border::{bounds_of, dash_lengths};
use super::canvas::Canvas;
use super::path::{Contour, fill};
use super::pixmap::Pixel;
use crate::geometry::DeviceRect;
use crate::limits::MAX_REPETITIONS;

/// Draws a line of `thickness` from (`x`, `y`), `width` long, but for the columns of `gaps`.
pub(super) fn draw(
    canvas: &mut Canvas,
    (x, y): (f32, i32),
    (width, thickness): (f32, i32),
    style: TextDecorationStyle,
    color: Pixel,
    gaps: &[(i32, i32)],
) {
    let clip = canvas.clip_rect();
    let near = y.saturating_add(thickness.saturating_mul(8)) >= clip.y
        && y.saturating_sub(thickness.saturating_mul(8)) <= clip.y.saturating_add(clip.height);
    if !(near && width > 0.0 && thickness > 0) {
        return;
    }
    if gaps.is_empty() {
        return strokes(canvas, (x, y), (width, thickness), style, color);
    }
    let ends = gaps.iter().map(|gap| gap.0).chain([i32::MAX / 2]);
    let mut start = i32::MIN / 2;
    for (end, next) in ends.zip(gaps.iter().map(|gap| gap.1).chain([i32::MAX / 2])) {
        let part = DeviceRect { x: start, width: end.saturating_sub(start), ..clip }.intersect(&clip);
        if !part.is_empty() {
            canvas.push_clip(part, &crate::display_list::SQUARE);
            strokes(canvas, (x, y), (width, thickness), style, color);
            canvas.pop_clip();
        }
        start = next;
    }
}

fn strokes(
    canvas: &mut Canvas,
    (x, y): (f32, i32),
    (width, thickness): (f32, i32),
    style: TextDecorationStyle,
    color: Pixel,
) {
    let clip = canvas.clip_rect();
    match style {
        TextDecorationStyle::Solid => stroke(canvas, x, width, y, thickness, color),
        TextDecorationStyle::Double => {
            stroke(canvas, x, width, y, thickness, color);
            // As Blink: one pixel between the two.
            stroke(canvas, x, width, y.saturating_add(thickness).saturating_add(1), thickness, color);
        }
        TextDecorationStyle::Dotted | TextDecorationStyle::Dashed => {
            let dotted = style == TextDecorationStyle::Dotted;
            let (dash, gap) = dash_lengths(thickness as f32, width, dotted);
            repeat(clip, x, width, dash + gap, |start| {
                stroke(canvas, start, dash.min(x + width - start), y, thickness, color);
            });
        }
        TextDecorationStyle::Wavy => wave(canvas, (x, y), (width, thickness), color),
    }
}

fn stroke(canvas: &mut Canvas, x: f32, width: f32, y: i32, thickness: i32, color: Pixel) {
    let (y0, y1) = (y as f32, y as f32 + thickness as f32);
    let contour = vec![(x, y0), (x + width, y0), (x + width, y1), (x, y1)];
    let bounds = bounds_of(&contour).intersect(&canvas.clip_rect());
    if x.fract() == 0.0 && width.fract() == 0.0 {
        return canvas.fill_rect(bounds, color);
    }
    let mask = fill(&[contour], bounds);
    canvas.fill_mask(&mask, color);
}

/// Calls `paint` with the start of each period that can be seen.
fn repeat(clip: DeviceRect, x: f32, width: f32, period: f32, mut paint: impl FnMut(f32)) {
    let period = f64::from(period).max(0.5);
    let from = ((f64::from(clip.x) - f64::from(x)) / period).floor().max(0.0) as u64;
    let end = f64::from(x + width).min(f64::from(clip.x) + f64::from(clip.width));
    let to = ((end - f64::from(x)) / period).ceil().max(0.0) as u64;
    if to.saturating_sub(from) <= MAX_REPETITIONS {
        (from..to).for_each(|index| paint((f64::from(x) + index as f64 * period) as f32));
    }
}

/// A wave of straight-sided teeth smoothed by a cosine; amplitude and length follow the thickness as in Blink.
fn wave(canvas: &mut Canvas, (x, y): (f32, i32), (width, thickness): (f32, i32), color: Pixel) {
    let clip = canvas.clip_rect();
    let half = thickness as f32 / 2.0;
    let amplitude = thickness as f32 * 1.5;
    let period = thickness as f32 * 6.0 + 2.0;
    let middle = y as f32 + half + amplitude;
    canvas.push_clip(
        DeviceRect {
            x: x.floor() as i32,
            y: clip.y,
            width: (x + width).ceil() as i32 - x.floor() as i32,
            height: clip.height,
        },
        &crate::display_list::SQUARE,
    );
    repeat(clip, x, width, period, |start| {
        const STEPS: usize = 16;
        let at = |step: usize, offset: f32| {
            let t = step as f32 / STEPS as f32;
            (start + t * period, middle - (t * std::f32::consts::TAU).cos() * amplitude + offset)
        };
        let mut contour: Contour = (0..=STEPS).map(|step| at(step, -half)).collect();
        contour.extend((0..=STEPS).rev().map(|step| at(step, half)));
        let mask = fill(&[contour.clone()], bounds_of(&contour).intersect(&canvas.clip_rect()));
        canvas.fill_mask(&mask, color);
    });
    canvas.pop_clip();
}
