//! Text and the lines along it.

use super::emit::Emitter;
use super::snap::{snap, snap_rect, to_device};
use super::stacking::{Decoration, Placed, Stacking};
use super::{DisplayItem, Rgba};
use crate::font::FontContext;
use crate::fragments::TextFragment;
use crate::geometry::DeviceRect;
use crate::text::Glyph;

/// Adds the glyphs of a text fragment, lines under and over them before, lines through them after.
pub(super) fn push(
    emitter: &mut Emitter<'_>,
    stacking: &Stacking<'_>,
    placed: &Placed<'_>,
    text: &TextFragment,
    fonts: &FontContext,
    scale: f32,
) {
    let fragment = placed.fragment;
    let largest = text.runs.iter().map(|run| run.size).fold(fragment.style.font.font_size, f32::max);
    let bounds =
        grown(snap_rect(placed.origin, fragment.rect.size, scale), (largest * scale * 2.0) as i32 + 2);
    if !emitter.sees(placed.clip, &bounds) {
        return;
    }
    let origin = (to_device(placed.origin.x, scale), snap(placed.origin.y + text.baseline, scale));
    let lines = Lines { origin, width: to_device(fragment.rect.size.width, scale), bounds, scale };
    let decorations: Vec<&Decoration<'_>> =
        std::iter::successors(placed.decoration, |&id| stacking.decorations[id].parent)
            .map(|id| &stacking.decorations[id])
            .collect();
    for decoration in decorations.iter().rev() {
        lines.under_and_over(emitter, placed, decoration, fonts);
    }
    for run in &text.runs {
        let glyphs = run.glyphs.iter().map(|g| Glyph { id: g.id, x: g.x * scale, y: g.y * scale }).collect();
        let item = DisplayItem::Glyphs {
            font: run.font,
            size: run.size * scale,
            origin: (origin.0, origin.1 as f32),
            glyphs,
            color: Rgba::from(fragment.style.text.color),
        };
        emitter.push(placed.clip, &bounds, item);
    }
    for decoration in decorations.iter().rev() {
        lines.through(emitter, placed, decoration, fonts);
    }
}

/// Where the lines along one fragment run.
struct Lines {
    /// The left edge, and the baseline.
    origin: (f32, i32),
    width: f32,
    bounds: DeviceRect,
    scale: f32,
}

impl Lines {
    /// TODO(css-text-decor-4 text-decoration-skip-ink): gaps around descenders. `text-underline-offset`.
    fn under_and_over(
        &self,
        emitter: &mut Emitter<'_>,
        placed: &Placed<'_>,
        decoration: &Decoration<'_>,
        fonts: &FontContext,
    ) {
        let thickness = self.thickness(decoration);
        if decoration.lines.underline {
            // As Blink: the gap below the baseline is half the thickness, one px at the least.
            let gap = (thickness / 2.0).ceil().max(1.0);
            self.line(emitter, placed, decoration, gap, thickness);
        }
        if decoration.lines.overline {
            // As Blink: the line stands on the text's top.
            let top = -self.ascent(decoration, fonts).round() - thickness.floor();
            self.line(emitter, placed, decoration, top, thickness);
        }
    }

    fn through(
        &self,
        emitter: &mut Emitter<'_>,
        placed: &Placed<'_>,
        decoration: &Decoration<'_>,
        fonts: &FontContext,
    ) {
        if decoration.lines.line_through {
            let thickness = self.thickness(decoration);
            // As Blink: the middle of the line lies a third of the ascent above the baseline.
            let middle = -self.ascent(decoration, fonts) / 3.0;
            self.line(emitter, placed, decoration, (middle - thickness / 2.0).floor(), thickness);
        }
    }

    /// In device pixels: a tenth of the font size unless the style says otherwise.
    fn thickness(&self, decoration: &Decoration<'_>) -> f32 {
        let auto = decoration.style.font.font_size / 10.0;
        let thickness = decoration.style.misc.text_decoration_thickness.map_or(auto, f32::round);
        (thickness * self.scale).max(1.0)
    }

    fn ascent(&self, decoration: &Decoration<'_>, fonts: &FontContext) -> f32 {
        let font = &decoration.style.font;
        let metrics = fonts.primary_font(font).map(|id| fonts.line_metrics(id, font.font_size));
        metrics.map_or(font.font_size * 0.8, |metrics| metrics.ascent) * self.scale
    }

    fn line(
        &self,
        emitter: &mut Emitter<'_>,
        placed: &Placed<'_>,
        decoration: &Decoration<'_>,
        below_baseline: f32,
        thickness: f32,
    ) {
        let item = DisplayItem::TextLine {
            x: self.origin.0,
            y: self.origin.1.saturating_add((below_baseline + 0.5).floor() as i32),
            width: self.width,
            thickness: thickness.floor() as i32,
            style: decoration.line_style,
            color: Rgba::from(decoration.color),
        };
        emitter.push(placed.clip, &self.bounds, item);
    }
}

/// Larger by `by` on each side: glyphs reach beyond their box.
fn grown(rect: DeviceRect, by: i32) -> DeviceRect {
    DeviceRect {
        x: rect.x.saturating_sub(by),
        y: rect.y.saturating_sub(by),
        width: rect.width.saturating_add(by.saturating_mul(2)),
        height: rect.height.saturating_add(by.saturating_mul(2)),
    }
}
