//! Borders and outlines: <https://drafts.csswg.org/css-backgrounds-3/#borders>.

use siskin_engine::css::values::BorderStyle;
use siskin_engine::style::Sides;

use super::canvas::Canvas;
use super::path::{Contour, Mask, fill};
use super::shape::{RoundedRect, is_rounded};
use crate::display_list::color::mul_div_255;
use crate::display_list::{PaintRect, Radii, Rgba};
use crate::geometry::DeviceRect;
use crate::limits::MAX_REPETITIONS;

/// The ring to paint.
pub(super) struct Border<'a> {
    /// The border box.
    pub(super) rect: PaintRect,
    /// Its corners.
    pub(super) radii: &'a Radii,
    /// Device pixels.
    pub(super) widths: Sides<i32>,
    /// Styles.
    pub(super) styles: Sides<BorderStyle>,
    /// Colours.
    pub(super) colors: Sides<Rgba>,
}

/// Top, right, bottom, left.
const SIDES: [usize; 4] = [0, 1, 2, 3];

fn in_order<T: Copy>(sides: &Sides<T>) -> [T; 4] {
    [sides.top, sides.right, sides.bottom, sides.left]
}

/// Paints a border.
pub(super) fn draw(canvas: &mut Canvas, border: &Border<'_>) {
    let (styles, colors) = (in_order(&border.styles), in_order(&border.colors));
    let mut widths = in_order(&border.widths);
    for side in SIDES {
        if matches!(styles[side], BorderStyle::None | BorderStyle::Hidden) {
            widths[side] = 0;
        }
    }
    let shape = RoundedRect { rect: border.rect, radii: *border.radii };
    let painted: Vec<usize> =
        SIDES.into_iter().filter(|&side| widths[side] > 0 && colors[side].a > 0).collect();
    let Some(&first) = painted.first() else { return };
    let uniform = painted.iter().all(|&side| colors[side] == colors[first])
        && SIDES.iter().all(|&side| widths[side] == 0 || colors[side].a > 0);
    if uniform && painted.iter().all(|&side| styles[side] == BorderStyle::Solid) {
        return ring(canvas, &shape, [0; 4], widths, colors[first], None);
    }
    if uniform && painted.iter().all(|&side| styles[side] == BorderStyle::Double) {
        return stripes(canvas, &shape, widths, BorderStyle::Double, colors[first], 0, None);
    }
    for side in painted {
        let wedge = wedge(&shape, widths, side);
        match styles[side] {
            BorderStyle::Dotted | BorderStyle::Dashed => {
                dashes(canvas, &shape, widths, side, styles[side] == BorderStyle::Dotted, colors[side]);
            }
            style => stripes(canvas, &shape, widths, style, colors[side], side, Some(&wedge)),
        }
    }
}

/// Paints the rings that a style consists of.
fn stripes(
    canvas: &mut Canvas,
    shape: &RoundedRect,
    widths: [i32; 4],
    style: BorderStyle,
    color: Rgba,
    side: usize,
    wedge: Option<&Wedge>,
) {
    match style {
        BorderStyle::Double if widths.iter().all(|&w| w == 0 || w >= 3) => {
            ring(canvas, shape, [0; 4], widths.map(|w| w / 3), color, wedge);
            ring(canvas, shape, widths.map(|w| (w * 2 + 2) / 3), widths, color, wedge);
        }
        BorderStyle::Groove | BorderStyle::Ridge => {
            let (outer, inner) = match style {
                BorderStyle::Groove => (BorderStyle::Inset, BorderStyle::Outset),
                _ => (BorderStyle::Outset, BorderStyle::Inset),
            };
            let half = widths.map(|w| (w + 1) / 2);
            ring(canvas, shape, [0; 4], half, shaded(color, side, outer), wedge);
            ring(canvas, shape, half, widths, shaded(color, side, inner), wedge);
        }
        BorderStyle::Inset | BorderStyle::Outset => {
            ring(canvas, shape, [0; 4], widths, shaded(color, side, style), wedge);
        }
        _ => ring(canvas, shape, [0; 4], widths, color, wedge),
    }
}

/// Fills between two insets of the shape, perhaps only one side's part.
fn ring(
    canvas: &mut Canvas,
    shape: &RoundedRect,
    from: [i32; 4],
    to: [i32; 4],
    color: Rgba,
    wedge: Option<&Wedge>,
) {
    let (outer, inner) = (shape.inset(from), shape.inset(to));
    let pixel = color.premultiplied();
    let contours = [outer.contour(), inner.hole()];
    let o = outer.rect;
    let Some(wedge) = wedge else {
        let (corners_above, corners_below) =
            if is_rounded(&outer.radii) { outer.corner_rows() } else { (0, 0) };
        let above = corners_above.max(inner.rect.y - o.y).clamp(0, o.height);
        let below =
            corners_below.max(o.y + o.height - inner.rect.y - inner.rect.height).clamp(0, o.height - above);
        let bands =
            [DeviceRect { height: above, ..o }, DeviceRect { y: o.y + o.height - below, height: below, ..o }];
        for (band, curved) in bands.into_iter().zip([corners_above > 0, corners_below > 0]) {
            if curved {
                let mask = fill(&contours, band.intersect(&canvas.clip_rect()));
                canvas.fill_mask(&mask, pixel);
            } else {
                canvas.fill_rect(band, pixel);
            }
        }
        let middle = DeviceRect { y: o.y + above, height: o.height - above - below, ..o };
        let left = (inner.rect.x - o.x).clamp(0, o.width);
        let right = (o.x + o.width - inner.rect.x - inner.rect.width).clamp(0, o.width - left);
        canvas.fill_rect(DeviceRect { width: left, ..middle }, pixel);
        canvas.fill_rect(DeviceRect { x: o.x + o.width - right, width: right, ..middle }, pixel);
        return;
    };
    let area = wedge.area.intersect(&o).intersect(&canvas.clip_rect());
    if !is_rounded(&outer.radii) && wedge.is_straight {
        // No joint with a neighbour: whole pixels.
        let strip = match wedge.side {
            0 => DeviceRect { height: inner.rect.y - o.y, ..o },
            1 => {
                let x = inner.rect.x + inner.rect.width;
                DeviceRect { x, width: o.x + o.width - x, ..o }
            }
            2 => {
                let y = inner.rect.y + inner.rect.height;
                DeviceRect { y, height: o.y + o.height - y, ..o }
            }
            _ => DeviceRect { width: inner.rect.x - o.x, ..o },
        };
        return canvas.fill_rect(strip, pixel);
    }
    let mut mask = fill(&contours, area);
    let by = fill(std::slice::from_ref(&wedge.contour), area);
    for (cover, by) in mask.coverage.iter_mut().zip(by.coverage) {
        *cover = mul_div_255(*cover, by);
    }
    canvas.fill_mask(&mask, pixel);
}

/// The part of the ring that belongs to one side: cut at the lines from the outer to the inner corners.
struct Wedge {
    side: usize,
    contour: Contour,
    area: DeviceRect,
    /// Whether neither neighbour is there.
    is_straight: bool,
}

fn wedge(shape: &RoundedRect, widths: [i32; 4], side: usize) -> Wedge {
    let rect = shape.rect;
    let inner = shape.inset(widths);
    let corners = |r: &DeviceRect| {
        let (x0, y0) = (r.x as f32, r.y as f32);
        let (x1, y1) = (x0 + r.width as f32, y0 + r.height as f32);
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    };
    let (outer_corners, inner_corners) = (corners(&rect), corners(&inner.rect));
    let (a, b) = (side, (side + 1) % 4);
    // With rounded corners the inner curve may lie beyond the inner corner: go on along the line, to the
    // box's middle at most.
    let stretch = |corner: usize| {
        let (o, i) = (outer_corners[corner], inner_corners[corner]);
        let (dx, dy) = (i.0 - o.0, i.1 - o.1);
        let (rx, ry) = shape.radii[corner];
        let mut factor: f32 = 1.0;
        if dx != 0.0 {
            factor = factor.max(rx / dx.abs());
        }
        if dy != 0.0 {
            factor = factor.max(ry / dy.abs());
        }
        let limit = [
            if dx != 0.0 { rect.width as f32 / 2.0 / dx.abs() } else { f32::INFINITY },
            if dy != 0.0 { rect.height as f32 / 2.0 / dy.abs() } else { f32::INFINITY },
        ];
        let factor = factor.min(limit[0].min(limit[1]).max(1.0));
        (o.0 + dx * factor, o.1 + dy * factor)
    };
    let contour = vec![outer_corners[a], outer_corners[b], stretch(b), stretch(a)];
    let (ra, rb) = (shape.radii[a], shape.radii[b]);
    let depth = |r: (f32, f32), along_y: bool| (if along_y { r.1 } else { r.0 }).ceil() as i32;
    let area = match side {
        0 => DeviceRect { height: widths[0].max(depth(ra, true)).max(depth(rb, true)), ..rect },
        2 => {
            let height = widths[2].max(depth(ra, true)).max(depth(rb, true));
            DeviceRect { y: rect.y.saturating_add(rect.height).saturating_sub(height), height, ..rect }
        }
        1 => {
            let width = widths[1].max(depth(ra, false)).max(depth(rb, false));
            DeviceRect { x: rect.x.saturating_add(rect.width).saturating_sub(width), width, ..rect }
        }
        _ => DeviceRect { width: widths[3].max(depth(ra, false)).max(depth(rb, false)), ..rect },
    };
    let is_straight = widths[(side + 3) % 4] == 0 && widths[(side + 1) % 4] == 0;
    Wedge { side, contour, area, is_straight }
}

/// The colour of a side of a style that looks carved, as Blink computes it.
fn shaded(color: Rgba, side: usize, style: BorderStyle) -> Rgba {
    let dark = darker(color);
    if matches!(side, 0 | 3) == (style == BorderStyle::Inset) {
        return dark;
    }
    // Too little contrast between a dark colour and its shade: lighten the other side.
    let contrast = (luminance(color) + 0.05) / (luminance(dark) + 0.05);
    if contrast < 1.75 { lighter(color) } else { color }
}

fn scaled(color: Rgba, factor: f32) -> Rgba {
    let scale = |channel: u8| (f32::from(channel) * factor).round().min(255.0) as u8;
    Rgba { r: scale(color.r), g: scale(color.g), b: scale(color.b), a: color.a }
}

fn darker(color: Rgba) -> Rgba {
    let value = f32::from(color.r.max(color.g).max(color.b)) / 255.0;
    if value <= 0.0 { color } else { scaled(color, ((value - 0.33) / value).max(0.0)) }
}

fn lighter(color: Rgba) -> Rgba {
    let value = f32::from(color.r.max(color.g).max(color.b)) / 255.0;
    if value <= 0.0 {
        return Rgba { r: 84, g: 84, b: 84, a: color.a };
    }
    scaled(color, (value + 0.33).min(1.0) / value)
}

/// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
fn luminance(color: Rgba) -> f32 {
    let linear = |channel: u8| {
        let v = f32::from(channel) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
}

/// Dashes or dots along the middle of a side.
///
/// DEVIATION: on rounded borders Chromium bends them around the corners; here each side's run straight and the
/// corners' curves cut them.
fn dashes(
    canvas: &mut Canvas,
    shape: &RoundedRect,
    widths: [i32; 4],
    side: usize,
    dotted: bool,
    color: Rgba,
) {
    let thickness = widths[side];
    let rect = shape.rect;
    let horizontal = side.is_multiple_of(2);
    let length = if horizontal { rect.width } else { rect.height };
    let across = match side {
        0 => rect.y,
        1 => rect.x.saturating_add(rect.width).saturating_sub(thickness),
        2 => rect.y.saturating_add(rect.height).saturating_sub(thickness),
        _ => rect.x,
    };
    let start = if horizontal { rect.x } else { rect.y };
    let (dash, gap) = dash_lengths(thickness as f32, length as f32, dotted);
    let visible = canvas.clip_rect();
    let (visible_start, visible_end) = if horizontal {
        (visible.x, visible.x.saturating_add(visible.width))
    } else {
        (visible.y, visible.y.saturating_add(visible.height))
    };
    let period = f64::from(dash + gap).max(1.0);
    let from = ((f64::from(visible_start) - f64::from(start)) / period).floor().max(0.0) as u64;
    let to = ((f64::from(visible_end.min(start.saturating_add(length))) - f64::from(start)) / period)
        .ceil()
        .max(0.0) as u64;
    if to.saturating_sub(from) > MAX_REPETITIONS {
        return;
    }
    let round = dotted && thickness > 3;
    if is_rounded(&shape.radii) {
        canvas.push_clip(rect, &shape.radii);
    }
    for index in from..to {
        let a = start as f32 + (index as f64 * period) as f32;
        let b = (a + dash).min((start + length) as f32);
        let (low, high) = (across as f32, (across + thickness) as f32);
        let contour: Contour = if round {
            let (center, radius) = ((a + dash / 2.0, (low + high) / 2.0), thickness as f32 / 2.0);
            let steps = (thickness * 2).clamp(12, 256);
            (0..steps)
                .map(|step| {
                    let (sin, cos) = (std::f32::consts::TAU * step as f32 / steps as f32).sin_cos();
                    (center.0 + cos * radius, center.1 + sin * radius)
                })
                .collect()
        } else {
            vec![(a, low), (b, low), (b, high), (a, high)]
        };
        let contour =
            if horizontal { contour } else { contour.into_iter().map(|(x, y)| (y, x)).rev().collect() };
        let mask: Mask = fill(std::slice::from_ref(&contour), bounds_of(&contour).intersect(&visible));
        canvas.fill_mask(&mask, color.premultiplied());
    }
    if is_rounded(&shape.radii) {
        canvas.pop_clip();
    }
}

/// The lengths of a dash and of the gap after it, so that a side starts and ends with a dash: as Blink chooses
/// them, dashes of twice (thin lines: three times) the thickness, gaps near the thickness (thin: twice).
pub(super) fn dash_lengths(thickness: f32, length: f32, dotted: bool) -> (f32, f32) {
    let (dash, gap) = match (dotted, thickness >= 3.0) {
        (true, _) => (thickness, thickness),
        (false, true) => (thickness * 2.0, thickness),
        (false, false) => (thickness * 3.0, thickness * 2.0),
    };
    let fewest = ((length + gap) / (dash + gap)).floor();
    let spread = |dashes: f32| (length - dashes * dash) / (dashes - 1.0);
    let (wide, narrow) = (spread(fewest), spread(fewest + 1.0));
    if fewest < 2.0 {
        return (dash, if narrow > 0.0 { narrow } else { gap });
    }
    (dash, if narrow <= 0.0 || (wide - gap).abs() < (narrow - gap).abs() { wide } else { narrow })
}

/// The pixels that a contour touches.
pub(super) fn bounds_of(contour: &Contour) -> DeviceRect {
    let fold = |pick: fn(&(f32, f32)) -> f32| {
        contour.iter().map(pick).fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
    };
    let ((x0, x1), (y0, y1)) = (fold(|p| p.0), fold(|p| p.1));
    let (x, y) = (x0.floor() as i32, y0.floor() as i32);
    DeviceRect {
        x,
        y,
        width: (x1.ceil() as i32).saturating_sub(x).max(0),
        height: (y1.ceil() as i32).saturating_sub(y).max(0),
    }
}
