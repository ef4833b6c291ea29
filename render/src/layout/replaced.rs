//! Sizes of replaced elements: 10.3.2, 10.4 and 10.6.2 of CSS 2, <https://drafts.csswg.org/css2/#inline-replaced-width>.

use siskin_engine::css::values::{LengthPercentage, MaxSize, Size as CssSize};
use siskin_engine::style::{ComputedStyle, Font, FontFamily, FontMetrics, FontMetricsProvider};

use super::Layouter;
use super::placed::{BoxParts, Laid, box_fragment};
use super::sizing::{self, BoxEdges, ContainingBlock, content_box};
use crate::boxes::tree::{ControlKind, TextControl};
use crate::boxes::{IndependentBox, Replaced};
use crate::geometry::{Edges, Lu, Size};

/// Used where neither size is known: <https://drafts.csswg.org/css2/#inline-replaced-width>.
const FALLBACK: (Lu, Lu) = (Lu::from_whole_px(300), Lu::from_whole_px(150));

/// Natural sizes in layout units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Natural {
    pub(super) width: Option<Lu>,
    pub(super) height: Option<Lu>,
    pub(super) ratio: Option<f32>,
}

impl Natural {
    /// <https://drafts.csswg.org/css-sizing-4/#aspect-ratio>: the element's own ratio comes first with `auto` only.
    fn with_preferred_ratio(self, style: &ComputedStyle) -> Self {
        let preferred = style.effects.aspect_ratio;
        let ratio = preferred.ratio.map(|(width, height)| width / height);
        match ratio.filter(|ratio| ratio.is_finite() && *ratio > 0.0) {
            Some(ratio) if !preferred.auto || self.ratio.is_none() => {
                let height = self.height.filter(|_| self.width.is_none());
                Self { ratio: Some(ratio), height, ..self }
            }
            _ => self,
        }
    }
}

impl<'a> Layouter<'a> {
    /// A replaced box.
    pub(super) fn replaced_box(
        &self,
        b: &'a IndependentBox,
        replaced: &'a Replaced,
        edges: &BoxEdges,
        cb: &ContainingBlock,
    ) -> Laid {
        let content = used_size(&b.base.style, self.natural(&b.base.style, replaced), cb, edges);
        self.replaced_of_size(b, replaced, edges, content)
    }

    /// A replaced box whose content box is that large.
    pub(super) fn replaced_of_size(
        &self,
        b: &'a IndependentBox,
        replaced: &'a Replaced,
        edges: &BoxEdges,
        content: Size,
    ) -> Laid {
        let inner = edges.inner();
        let size =
            Size { width: content.width + inner.horizontal(), height: content.height + inner.vertical() };
        let parts = BoxParts {
            border: edges.border,
            padding: edges.padding,
            replaced: replaced.content.clone(),
            is_inline: false,
        };
        let baseline = replaced
            .control
            .and_then(|control| self.control_baseline(&b.base.style, control, inner, content.height));
        let baseline = baseline.map(|baseline| inner.top + baseline);
        let fragment = box_fragment(&b.base, size, parts, Vec::new());
        Laid { fragment, first_baseline: baseline, last_baseline: baseline }
    }

    /// The natural size; a control's comes from its font.
    pub(super) fn natural(&self, style: &ComputedStyle, replaced: &Replaced) -> Natural {
        if let Some((width, height)) = replaced.em_size {
            let em = style.font.font_size;
            let (width, height) = (Lu::from_px(width * em), Lu::from_px(height * em));
            return Natural { width: Some(width), height: Some(height), ratio: None };
        }
        if let Some(control) = replaced.control {
            let size = self.control_size(style, control);
            return Natural { width: Some(size.width), height: Some(size.height), ratio: None };
        }
        let length = |px: Option<f32>| px.map(|px| Lu::from_px(px).clamp_negative_to_zero());
        let ratio = replaced.ratio.filter(|r| r.is_finite() && *r > 0.0);
        let natural = Natural { width: length(replaced.width), height: length(replaced.height), ratio };
        natural.with_preferred_ratio(style)
    }

    /// <https://html.spec.whatwg.org/#converting-a-character-width-to-pixels>, and what Chromium makes of other controls.
    fn control_size(&self, style: &ComputedStyle, control: TextControl) -> Size {
        let metrics = self.fonts.metrics(&style.font);
        let line = self.line_height(style);
        let columns = control.columns.min(10_000) as f32;
        let rows = i32::try_from(control.rows.min(10_000)).unwrap_or(1);
        let width = match control.kind {
            ControlKind::Tick => return Size { width: TICK, height: TICK },
            ControlKind::File => {
                let height = line + BUTTON_EDGES;
                return Size { width: Lu::from_px((metrics.zero_advance * columns).ceil()), height };
            }
            ControlKind::Area => character_width(&style.font, &metrics).0 * columns,
            ControlKind::Field => {
                let (average, widest) = character_width(&style.font, &metrics);
                average * columns + (widest - average).max(0.0)
            }
        };
        Size { width: Lu::from_px(width.ceil()), height: line * rows }
    }

    /// A field's text is centred; the baseline of an area is its bottom margin edge. From the top of the content box.
    fn control_baseline(
        &self,
        style: &ComputedStyle,
        control: TextControl,
        inner: Edges,
        height: Lu,
    ) -> Option<Lu> {
        match control.kind {
            ControlKind::Area => return Some(height),
            // The bottom border edge, whatever the margin.
            ControlKind::Tick => return Some(height + inner.bottom),
            ControlKind::Field | ControlKind::File => {}
        }
        let (ascent, descent) = self.ascent_descent(style);
        let line = self.line_height(style);
        let leading = line - (ascent + descent);
        Some((height - line) / 2 + leading / 2 + ascent)
    }
}

/// The side of a box or circle to tick.
const TICK: Lu = Lu::from_whole_px(13);
/// Borders and padding above and below the text of a button of the browser's own sheet.
const BUTTON_EDGES: Lu = Lu::from_whole_px(6);

/// The average and the greatest advance, as Blink has them for the widths of fields.
/// `DEVIATION:` at sizes that are not whole px both are rounded, which Chromium's default fields show.
fn character_width(font: &Font, metrics: &FontMetrics) -> (f32, f32) {
    let is_trusted = match font.font_family.first() {
        Some(FontFamily::Named(name)) => {
            !UNTRUSTED_AVERAGES.iter().any(|other| name.eq_ignore_ascii_case(other))
        }
        _ => true,
    };
    if !is_trusted || metrics.average_advance <= 0.0 {
        return (metrics.zero_advance, 0.0);
    }
    let average = metrics.average_advance;
    let average = if font.font_size.fract() == 0.0 { average } else { average.round() };
    (average, metrics.glyph_box_width.round())
}

/// Families whose fonts name an average that Blink does not believe: the advance of `0` stands for it.
const UNTRUSTED_AVERAGES: &[&str] = &[
    "American Typewriter",
    "Arial Hebrew",
    "Chalkboard",
    "Cochin",
    "Corsiva Hebrew",
    "Courier",
    "Euphemia UCAS",
    "Geneva",
    "Gill Sans",
    "Hei",
    "Helvetica",
    "Hoefler Text",
    "InaiMathi",
    "Kai",
    "Lucida Grande",
    "Marker Felt",
    "Monaco",
    "Mshtakan",
    "New Peninim MT",
    "Osaka",
    "Raanana",
    "STHeiti",
    "Symbol",
    "Times",
    "Apple Braille",
    "Apple LiGothic",
    "Apple LiSung",
    "Apple Symbols",
    "AppleGothic",
    "AppleMyungjo",
    "#GungSeo",
    "#HeadLineA",
    "#PCMyungjo",
    "#PilGi",
];

/// The content size that comes from the content alone, given what is known already and the room for it.
pub(super) fn content_size(natural: Natural, known: (Option<Lu>, Option<Lu>), room: Option<Lu>) -> Size {
    let (width, height) = match (known, natural.ratio) {
        ((Some(w), Some(h)), _) => (w, h),
        ((Some(w), None), Some(ratio)) => (w, scale(w, 1.0 / ratio)),
        ((None, Some(h)), Some(ratio)) => (scale(h, ratio), h),
        ((None, None), Some(_)) => natural_pair(natural, room.unwrap_or(FALLBACK.0)),
        ((w, h), None) => {
            (w.or(natural.width).unwrap_or(FALLBACK.0), h.or(natural.height).unwrap_or(FALLBACK.1))
        }
    };
    Size { width, height }
}

/// The used content size.
pub(super) fn used_size(
    style: &ComputedStyle,
    natural: Natural,
    cb: &ContainingBlock,
    edges: &BoxEdges,
) -> Size {
    used_size_with(style, natural, cb, edges, (None, None))
}

/// The used content size where one of the sizes may be known already.
pub(super) fn used_size_with(
    style: &ComputedStyle,
    natural: Natural,
    cb: &ContainingBlock,
    edges: &BoxEdges,
    known: (Option<Lu>, Option<Lu>),
) -> Size {
    let inner = edges.inner();
    let width = |value: &LengthPercentage| {
        Some(content_box(style, sizing::used(value, cb.width), inner.horizontal()))
    };
    let height = |value: &LengthPercentage| {
        let used = match cb.height {
            Some(basis) => Some(sizing::used(value, basis)),
            None => value.as_length().map(Lu::from_px),
        };
        used.map(|used| content_box(style, used, inner.vertical()))
    };
    let specified =
        |size: &CssSize, of: &dyn Fn(&LengthPercentage) -> Option<Lu>, stretch: Option<Lu>| match size {
            CssSize::LengthPercentage(value) => of(value),
            CssSize::Stretch => stretch,
            _ => None,
        };
    let fill = cb.width - edges.margins().horizontal() - inner.horizontal();
    let size = &style.size;
    let fixed = (
        known.0.or_else(|| specified(&size.width, &width, Some(fill))),
        known.1.or_else(|| specified(&size.height, &height, None)),
    );
    let limit = |max: &MaxSize, of: &dyn Fn(&LengthPercentage) -> Option<Lu>, own: Option<Lu>| match max {
        MaxSize::LengthPercentage(value) => of(value).unwrap_or(Lu::MAX),
        MaxSize::Stretch => fill,
        MaxSize::None => Lu::MAX,
        // All sizes from content are the natural one.
        MaxSize::MinContent | MaxSize::MaxContent | MaxSize::FitContent | MaxSize::FitContentTo(_) => {
            own.unwrap_or(Lu::MAX)
        }
    };
    let floor = |min: &CssSize, of: &dyn Fn(&LengthPercentage) -> Option<Lu>, own: Option<Lu>| match min {
        CssSize::MinContent | CssSize::MaxContent | CssSize::FitContent | CssSize::FitContentTo(_) => {
            own.unwrap_or(Lu::ZERO)
        }
        min => specified(min, of, None).unwrap_or(Lu::ZERO),
    };
    let least =
        (floor(&size.min_width, &width, natural.width), floor(&size.min_height, &height, natural.height));
    let most = (
        limit(&size.max_width, &width, natural.width).max(least.0),
        limit(&size.max_height, &height, natural.height).max(least.1),
    );
    let clamp = |(w, h): (Lu, Lu)| (w.min(most.0).max(least.0), h.min(most.1).max(least.1));
    let (w, h) = match (fixed, natural.ratio) {
        ((Some(w), Some(h)), _) => clamp((w, h)),
        ((Some(w), None), Some(ratio)) => {
            let w = w.min(most.0).max(least.0);
            clamp((w, scale(w, 1.0 / ratio)))
        }
        ((None, Some(h)), Some(ratio)) => {
            let h = h.min(most.1).max(least.1);
            clamp((scale(h, ratio), h))
        }
        ((None, None), Some(ratio)) => limited_by_ratio(natural_pair(natural, fill), ratio, least, most),
        ((w, h), None) => {
            clamp((w.or(natural.width).unwrap_or(FALLBACK.0), h.or(natural.height).unwrap_or(FALLBACK.1)))
        }
    };
    Size { width: w, height: h }
}

fn scale(length: Lu, by: f32) -> Lu {
    Lu::from_px(length.to_px() * by)
}

/// Both sizes where neither is specified. With a ratio alone the width is as for a block: 10.3.2.
fn natural_pair(natural: Natural, fill: Lu) -> (Lu, Lu) {
    let ratio = natural.ratio.unwrap_or(2.0);
    match (natural.width, natural.height) {
        (Some(w), Some(h)) => (w, h),
        (Some(w), None) => (w, scale(w, 1.0 / ratio)),
        (None, Some(h)) => (scale(h, ratio), h),
        (None, None) => {
            let w = fill.clamp_negative_to_zero();
            (w, scale(w, 1.0 / ratio))
        }
    }
}

/// The table of constraint violations of 10.4: <https://drafts.csswg.org/css2/#min-max-widths>.
fn limited_by_ratio((w, h): (Lu, Lu), ratio: f32, least: (Lu, Lu), most: (Lu, Lu)) -> (Lu, Lu) {
    let (too_wide, too_narrow) = (w > most.0, w < least.0);
    let (too_high, too_low) = (h > most.1, h < least.1);
    let height_at = |w: Lu| scale(w, 1.0 / ratio);
    let width_at = |h: Lu| scale(h, ratio);
    match (too_wide, too_narrow, too_high, too_low) {
        (true, _, true, _) => {
            // The axis that must shrink more decides.
            let by_width = f64::from(most.0.0) * f64::from(h.0) <= f64::from(most.1.0) * f64::from(w.0);
            if by_width {
                (most.0, height_at(most.0).max(least.1))
            } else {
                (width_at(most.1).max(least.0), most.1)
            }
        }
        (_, true, _, true) => {
            let by_width = f64::from(least.0.0) * f64::from(h.0) <= f64::from(least.1.0) * f64::from(w.0);
            if by_width {
                (width_at(least.1).min(most.0), least.1)
            } else {
                (least.0, height_at(least.0).min(most.1))
            }
        }
        (true, _, _, true) => (most.0, least.1),
        (_, true, true, _) => (least.0, most.1),
        (true, ..) => (most.0, height_at(most.0).max(least.1)),
        (_, true, ..) => (least.0, height_at(least.0).min(most.1)),
        (_, _, true, _) => (width_at(most.1).max(least.0), most.1),
        (_, _, _, true) => (width_at(least.1).min(most.0), least.1),
        _ => (w, h),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn px(value: i32) -> Lu {
        Lu::from_whole_px(value)
    }

    #[test]
    fn limits_keep_the_ratio_where_they_can() {
        let free = (Lu::ZERO, Lu::ZERO);
        let cases = [
            // natural, least, most, used
            ((200, 100), (0, 0), (1000, 1000), (200, 100)),
            ((200, 100), (0, 0), (100, 1000), (100, 50)),
            ((200, 100), (0, 0), (1000, 50), (100, 50)),
            ((200, 100), (0, 0), (100, 20), (40, 20)),
            ((200, 100), (400, 0), (1000, 1000), (400, 200)),
            ((200, 100), (400, 0), (1000, 50), (400, 50)),
            ((200, 100), (400, 300), (1000, 1000), (600, 300)),
        ];
        let _ = free;
        for ((w, h), least, most, (used_w, used_h)) in cases {
            let got =
                limited_by_ratio((px(w), px(h)), 2.0, (px(least.0), px(least.1)), (px(most.0), px(most.1)));
            assert_eq!(got, (px(used_w), px(used_h)), "{w}x{h} least {least:?} most {most:?}");
        }
    }
}
