//! A display list as text: one item a line, for people and for tests.

use std::fmt::Write as _;

use super::{DisplayItem, DisplayList, GradientShape, Radii, Rgba, SQUARE, Tiles};
use crate::geometry::DeviceRect;

/// The list, one item a line, what stands in clips and groups indented. Coordinates are device pixels of the page.
pub fn dump(list: &DisplayList) -> String {
    let mut out = format!(
        "page {} x {} scale {} canvas {}\n",
        list.bounds.width,
        list.bounds.height,
        list.scale,
        color(list.canvas)
    );
    let mut depth = 0_usize;
    for item in &list.items {
        if matches!(item, DisplayItem::PopClip | DisplayItem::PopOpacity) {
            depth = depth.saturating_sub(1);
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:indent$}{}", "", line(item), indent = depth * 2);
        if matches!(item, DisplayItem::PushClip { .. } | DisplayItem::PushOpacity { .. }) {
            depth += 1;
        }
    }
    out
}

fn line(item: &DisplayItem) -> String {
    match item {
        DisplayItem::Rect { rect: r, radii, color: c } => {
            format!("rect {}{} {}", rect(r), corners(radii), color(*c))
        }
        DisplayItem::Gradient { rect: r, radii, tiles: t, gradient } => {
            let kind = match gradient.shape {
                GradientShape::Linear { .. } => "linear",
                GradientShape::Radial { .. } => "radial",
            };
            format!(
                "gradient {kind} {}{} {} stops {}",
                rect(r),
                corners(radii),
                tiles(t),
                gradient.stops.len()
            )
        }
        DisplayItem::Border { rect: r, radii, widths, styles, colors } => {
            let sides = [
                (widths.top, styles.top, colors.top),
                (widths.right, styles.right, colors.right),
                (widths.bottom, styles.bottom, colors.bottom),
                (widths.left, styles.left, colors.left),
            ]
            .map(|(width, style, c)| format!("{width} {} {}", style.as_str(), color(c)));
            format!("border {}{} {}", rect(r), corners(radii), sides.join(", "))
        }
        DisplayItem::Image { url, rect: r, radii, tiles: t } => {
            // Data URLs would drown the rest.
            let url: String = url.as_str().chars().take(120).collect();
            format!("image {}{} {} {url}", rect(r), corners(radii), tiles(t))
        }
        DisplayItem::Svg { svg, rect: r, radii } => {
            format!("svg {}{} {} bytes", rect(r), corners(radii), svg.text().len())
        }
        DisplayItem::Frame { picture, rect: r, radii } => {
            format!("frame {}{} {} items", rect(r), corners(radii), picture.list.items.len())
        }
        DisplayItem::Glyphs { font, size, origin, glyphs, color: c } => {
            let ids: Vec<String> = glyphs.iter().map(|glyph| glyph.id.to_string()).collect();
            let at = format!("{:.2},{}", origin.0, origin.1);
            format!("glyphs font {} size {size} at {at} {} [{}]", font.0, color(*c), ids.join(" "))
        }
        DisplayItem::TextLine { x, y, width, thickness, style, color: c, gaps } => {
            let gaps: String = gaps.iter().map(|(from, to)| format!(" gap {from}-{to}")).collect();
            format!("line {x:.2},{y} {width:.2}x{thickness} {} {}{gaps}", style.as_str(), color(*c))
        }
        DisplayItem::PushClip { rect: r, radii } => format!("clip {}{}", rect(r), corners(radii)),
        DisplayItem::PushOpacity { opacity, bounds } => format!("opacity {opacity} {}", rect(bounds)),
        DisplayItem::PopClip | DisplayItem::PopOpacity => String::new(),
    }
}

fn rect(rect: &DeviceRect) -> String {
    format!("{},{} {}x{}", rect.x, rect.y, rect.width, rect.height)
}

fn corners(radii: &Radii) -> String {
    if *radii == SQUARE {
        return String::new();
    }
    let corners = radii.map(|(x, y)| if x == y { format!("{x}") } else { format!("{x}/{y}") });
    format!(" corners {}", corners.join(" "))
}

fn tiles(tiles: &Tiles) -> String {
    let [x, y, width, height] = tiles.first;
    let step = if tiles.step == (0.0, 0.0) {
        String::new()
    } else {
        format!(" every {},{}", tiles.step.0, tiles.step.1)
    };
    format!("tile {x},{y} {width}x{height}{step}")
}

fn color(Rgba { r, g, b, a }: Rgba) -> String {
    if a == 255 { format!("#{r:02x}{g:02x}{b:02x}") } else { format!("#{r:02x}{g:02x}{b:02x}{a:02x}") }
}
