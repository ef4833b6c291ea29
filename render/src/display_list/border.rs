//! Borders and outlines.

use siskin_engine::css::values::{BorderStyle, Color};
use siskin_engine::style::Sides;

use super::emit::Emitter;
use super::snap::{Boxes, Shape};
use super::stacking::Placed;
use super::{DisplayItem, Rgba};
use crate::geometry::DeviceRect;

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
