//! Text and the lines along it.

use std::collections::{BTreeSet, HashMap, HashSet};

use siskin_engine::css::values::TextDecorationStyle;
use siskin_engine::css::values::rare::TextDecorationSkipInk;

use super::emit::Emitter;
use super::snap::{snap, snap_rect, to_device};
use super::stacking::{Decoration, Placed, Stacking};
use super::{DisplayItem, Rgba};
use crate::font::{FontContext, FontId};
use crate::fragments::TextFragment;
use crate::geometry::DeviceRect;
use crate::glyph::InkCache;
use crate::text::Glyph;

/// The longest distance that a line keeps from ink, in device pixels (Blink: `kDecorationClipMaxDilation`).
const MAX_DISTANCE: f32 = 13.0;

/// What text and its lines are drawn with.
pub(super) struct Pens<'a> {
    /// For the metrics of lines.
    pub(super) fonts: &'a FontContext,
    /// For their gaps.
    pub(super) ink: &'a mut InkCache,
    /// Device pixels per CSS px.
    pub(super) scale: f32,
}

/// Adds the glyphs of a text fragment, lines under and over them before, lines through them after.
pub(super) fn push(
    emitter: &mut Emitter<'_>,
    stacking: &Stacking<'_>,
    placed: &Placed<'_>,
    text: &TextFragment,
    pens: &mut Pens<'_>,
) {
    let scale = pens.scale;
    let fragment = placed.fragment;
    let largest = text.runs.iter().map(|run| run.size).fold(fragment.style.font.font_size, f32::max);
    let bounds =
        grown(snap_rect(placed.origin, fragment.rect.size, scale), (largest * scale * 2.0) as i32 + 2);
    if !emitter.sees(placed.clip, &bounds) {
        return;
    }
    let origin = (to_device(placed.origin.x, scale), snap(placed.origin.y + text.baseline, scale));
    let lines = Lines { text, origin, width: to_device(fragment.rect.size.width, scale), bounds, scale };
    let decorations: Vec<&Decoration<'_>> =
        std::iter::successors(placed.decoration, |&id| stacking.decorations[id].parent)
            .map(|id| &stacking.decorations[id])
            .collect();
    for decoration in decorations.iter().rev() {
        lines.under_and_over(emitter, placed, decoration, pens);
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
        lines.through(emitter, placed, decoration, pens.fonts);
    }
}

/// Where the lines along one fragment run.
struct Lines<'a> {
    text: &'a TextFragment,
    /// The left edge, and the baseline.
    origin: (f32, i32),
    width: f32,
    bounds: DeviceRect,
    scale: f32,
}

impl Lines<'_> {
    /// TODO(css-text-decor-4 text-underline-offset): a distance that the page chooses.
    fn under_and_over(
        &self,
        emitter: &mut Emitter<'_>,
        placed: &Placed<'_>,
        decoration: &Decoration<'_>,
        pens: &mut Pens<'_>,
    ) {
        let thickness = self.thickness(decoration);
        if decoration.lines.underline {
            // As Blink: the gap below the baseline is half the thickness, one px at the least.
            let gap = (thickness / 2.0).ceil().max(1.0);
            let gaps = self.gaps(placed, decoration, gap, thickness, pens);
            self.line(emitter, placed, decoration, gap, thickness, gaps);
        }
        if decoration.lines.overline {
            // As Blink: the line stands on the text's top.
            let top = -self.ascent(decoration, pens.fonts).round() - thickness.floor();
            let gaps = self.gaps(placed, decoration, top, thickness, pens);
            self.line(emitter, placed, decoration, top, thickness, gaps);
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
            let top = (middle - thickness / 2.0).floor();
            self.line(emitter, placed, decoration, top, thickness, Vec::new());
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

    /// The columns that a line leaves free around ink that crosses it:
    /// <https://drafts.csswg.org/css-text-decor-4/#text-decoration-skip-ink-property>. The distance is, as in
    /// Blink, the line's thickness.
    fn gaps(
        &self,
        placed: &Placed<'_>,
        decoration: &Decoration<'_>,
        below_baseline: f32,
        thickness: f32,
        pens: &mut Pens<'_>,
    ) -> Vec<(i32, i32)> {
        if placed.fragment.style.ui.text_decoration_skip_ink == TextDecorationSkipInk::None {
            return Vec::new();
        }
        let depth = match decoration.line_style {
            TextDecorationStyle::Double => thickness * 2.0 + 1.0,
            TextDecorationStyle::Wavy => thickness * 4.0,
            _ => thickness,
        };
        let distance = thickness.min(MAX_DISTANCE);
        let mut gaps: Vec<(i32, i32)> = Vec::new();
        let uncut: BTreeSet<char> = self.text.text.chars().filter(|&c| !is_cut_by_ink(c)).collect();
        let mut uncut_glyphs: HashMap<FontId, HashSet<u32>> = HashMap::new();
        for run in &self.text.runs {
            let uncut = uncut_glyphs.entry(run.font).or_insert_with(|| {
                uncut.iter().filter_map(|&c| pens.fonts.nominal_glyph(run.font, c)).collect()
            });
            for glyph in run.glyphs.iter().filter(|glyph| !uncut.contains(&glyph.id)) {
                let top = below_baseline - glyph.y * self.scale;
                let band = (top, top + depth);
                let size = run.size * self.scale;
                if let Some((from, to)) = pens.ink.span(pens.fonts, (run.font, glyph.id), size, band) {
                    let pen = self.origin.0 + glyph.x * self.scale;
                    gaps.push(((pen + from - distance).round() as i32, (pen + to + distance).round() as i32));
                }
            }
        }
        gaps.sort_unstable();
        gaps.dedup_by(|next, kept| {
            let touches = next.0 <= kept.1;
            if touches {
                kept.1 = kept.1.max(next.1);
            }
            touches
        });
        gaps
    }

    fn line(
        &self,
        emitter: &mut Emitter<'_>,
        placed: &Placed<'_>,
        decoration: &Decoration<'_>,
        below_baseline: f32,
        thickness: f32,
        gaps: Vec<(i32, i32)>,
    ) {
        let item = DisplayItem::TextLine {
            x: self.origin.0,
            y: self.origin.1.saturating_add((below_baseline + 0.5).floor() as i32),
            width: self.width,
            thickness: thickness.floor() as i32,
            style: decoration.line_style,
            color: Rgba::from(decoration.color),
            gaps,
        };
        emitter.push(placed.clip, &self.bounds, item);
    }
}

/// Whether lines leave gaps for a character: not for what stands in a box as ideographs do, nor for slashes and
/// the low line (Blink: `Character::CanTextDecorationSkipInk`).
fn is_cut_by_ink(c: char) -> bool {
    !matches!(c,
        '/' | '\\' | '_'
        | '\u{1100}'..='\u{11FF}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}'
        | '\u{1B000}'..='\u{1B16F}'
        | '\u{1F000}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
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
