//! Borders and outlines.

use siskin_engine::css::values::{BorderStyle, Color};
use siskin_engine::style::Sides;

use super::emit::Emitter;
use super::snap::{Boxes, Shape, snap_rect};
use super::stacking::Placed;
use super::{DisplayItem, Rgba};
use crate::fragments::{BoxDecoration, CollapsedBorder, FragmentKind};
use crate::geometry::{DeviceRect, Lu, Rect};

/// Adds a box's border: <https://drafts.csswg.org/css-backgrounds-3/#borders>.
pub(super) fn push(emitter: &mut Emitter<'_>, placed: &Placed<'_>, boxes: &Boxes) {
    let style = &placed.fragment.style;
    let widths = boxes.widths;
    let is_visible = [widths.top, widths.right, widths.bottom, widths.left].iter().any(|&w| w > 0);
    if !is_visible {
        return;
    }
    let (colors, styles) = (&style.border.border_color, &style.border.border_style);
    let color = |color: Color, border: BorderStyle| match (color, border) {
        // DEVIATION: Chromium carves a border that has no colour of its own (`hr`) out of light grey.
        (
            Color::CurrentColor,
            BorderStyle::Inset | BorderStyle::Outset | BorderStyle::Groove | BorderStyle::Ridge,
        ) => Rgba::opaque(238, 238, 238),
        _ => Rgba::from(color.resolve(style.text.color)),
    };
    let colors = Sides {
        top: color(colors.top, styles.top),
        right: color(colors.right, styles.right),
        bottom: color(colors.bottom, styles.bottom),
        left: color(colors.left, styles.left),
    };
    let item = DisplayItem::Border {
        rect: boxes.border.rect,
        radii: boxes.border.radii,
        widths,
        styles: style.border.border_style,
        colors,
    };
    emitter.push(placed.clip, &boxes.border.rect, item);
}

/// Adds the collapsed borders of a table: <https://drafts.csswg.org/css-tables-3/#drawing-collapsed-borders>.
/// With a `part`, only those that it touches.
pub(super) fn push_collapsed(
    emitter: &mut Emitter<'_>,
    placed: &Placed<'_>,
    part: Option<&Placed<'_>>,
    scale: f32,
) {
    let FragmentKind::Box(parts) = &placed.fragment.kind else { return };
    let BoxDecoration::Table(borders) = &parts.decoration else { return };
    let part = part.map(|part| Rect { origin: part.origin, size: part.fragment.rect.size });
    for (is_horizontal, borders) in [(true, &borders.horizontal), (false, &borders.vertical)] {
        // From the top down: only a few rows of a long table touch a part of it.
        let (first, bottom) = part.map_or((0, Lu::MAX), |part| {
            let above = |border: &CollapsedBorder| placed.origin.y + border.rect.bottom() <= part.origin.y;
            (borders.partition_point(above), part.bottom())
        });
        for border in &borders[first..] {
            let rect = Rect { origin: placed.origin + border.rect.origin, size: border.rect.size };
            if rect.origin.y >= bottom {
                break;
            }
            if part.is_none_or(|part| rect.origin.x < part.right() && part.origin.x < rect.right()) {
                push_collapsed_piece(emitter, placed, border, is_horizontal, scale);
            }
        }
    }
}

fn push_collapsed_piece(
    emitter: &mut Emitter<'_>,
    placed: &Placed<'_>,
    border: &CollapsedBorder,
    is_horizontal: bool,
    scale: f32,
) {
    let rect = snap_rect(placed.origin + border.rect.origin, border.rect.size, scale);
    // "inset" is drawn as "ridge" here, "outset" as "groove": <https://drafts.csswg.org/css2/#table-border-styles>.
    let style = match border.style {
        BorderStyle::Inset => BorderStyle::Ridge,
        BorderStyle::Outset => BorderStyle::Groove,
        style => style,
    };
    let (mut top, mut left) = (0, 0);
    if is_horizontal {
        top = rect.height;
    } else {
        left = rect.width;
    }
    let item = DisplayItem::Border {
        rect,
        radii: super::SQUARE,
        widths: Sides { top, right: 0, bottom: 0, left },
        styles: Sides::all(style),
        colors: Sides::all(Rgba::from(border.color)),
    };
    emitter.push(placed.clip, &rect, item);
}

/// Adds a box's outline: <https://drafts.csswg.org/css-ui-4/#outline-props>.
pub(super) fn push_outline(emitter: &mut Emitter<'_>, placed: &Placed<'_>, boxes: &Boxes, scale: f32) {
    let style = &placed.fragment.style.border;
    let width = ((style.outline_width * scale) as i32).max(1);
    let offset = (style.outline_offset * scale).round() as i32;
    let grow = width.saturating_add(offset);
    let Shape { rect, mut radii } = boxes.border;
    // A negative offset shrinks the outline to its own width at the least.
    let grow_x = grow.max(width.saturating_sub(rect.width / 2));
    let grow_y = grow.max(width.saturating_sub(rect.height / 2));
    let rect = DeviceRect {
        x: rect.x.saturating_sub(grow_x),
        y: rect.y.saturating_sub(grow_y),
        width: rect.width.saturating_add(grow_x.saturating_mul(2)),
        height: rect.height.saturating_add(grow_y.saturating_mul(2)),
    };
    for (x, y) in &mut radii {
        if *x > 0.0 && *y > 0.0 {
            (*x, *y) = ((*x + grow as f32).max(0.0), (*y + grow as f32).max(0.0));
        }
    }
    let color = Rgba::from(style.outline_color.resolve(placed.fragment.style.text.color));
    let item = DisplayItem::Border {
        rect,
        radii,
        widths: Sides::all(width),
        styles: Sides::all(style.outline_style),
        colors: Sides::all(color),
    };
    emitter.push(placed.clip, &rect, item);
}
