//! Font metrics as Blink rounds them.

use read_fonts::model::Font;
use siskin_engine::style::{Font as FontProperties, FontMetrics, FontMetricsProvider};

use super::context::FontContext;
use super::id::FontId;
use crate::limits::MAX_FONT_SIZE;

/// What a font says about lines of text in it, in CSS px. Ascent and descent are whole px, as Blink has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineMetrics {
    /// Above the baseline: whole px.
    pub ascent: f32,
    /// Below the baseline, positive: whole px.
    pub descent: f32,
    /// The gap between lines, not rounded.
    pub line_gap: f32,
    /// The height of `x`.
    pub x_height: f32,
    /// The height of `H`.
    pub cap_height: f32,
    /// The advance of `0`, if there is one.
    pub zero_advance: Option<f32>,
    /// The advance of a space.
    pub space_advance: f32,
    /// The advance of `水`, if there is one.
    pub ic_advance: Option<f32>,
    /// The average advance that the font itself names, if it does.
    pub average_advance: Option<f32>,
    /// The width of the box around all glyphs.
    pub glyph_box_width: f32,
    /// From the baseline down to the middle of an underline, and its thickness, as the font would have it.
    pub underline: Option<(f32, f32)>,
    /// From the baseline up to the top of a line through the text, and its thickness.
    pub strikeout: Option<(f32, f32)>,
}

impl LineMetrics {
    /// `line-height: normal`: the sum of the rounded parts, whole px.
    pub fn line_spacing(&self) -> f32 {
        self.ascent.round() + self.descent.round() + self.line_gap.round()
    }
}

impl FontContext {
    /// The metrics of a font at a size (CSS px per em). Those of a missing font are guesses from the size.
    pub fn line_metrics(&self, id: FontId, size: f32) -> LineMetrics {
        let size = if size.is_finite() { size.clamp(0.0, MAX_FONT_SIZE) } else { 0.0 };
        self.instance(id).map_or_else(|| guessed(size), |font| measured(&font, size))
    }
}

impl FontMetricsProvider for FontContext {
    fn metrics(&self, font: &FontProperties) -> FontMetrics {
        let size = font.font_size;
        let line = match self.primary_font(font) {
            Some(id) => self.line_metrics(id, size),
            None => guessed(size),
        };
        FontMetrics {
            ascent: line.ascent,
            descent: line.descent,
            line_gap: line.line_gap,
            x_height: line.x_height,
            cap_height: line.cap_height,
            zero_advance: line.zero_advance.unwrap_or(size * 0.5),
            ic_advance: line.ic_advance.unwrap_or(size),
            average_advance: line.average_advance.unwrap_or(0.0),
            glyph_box_width: line.glyph_box_width,
        }
    }

    fn has_local(&self, name: &str) -> bool {
        self.has_unique(name)
    }
}

/// Skia's FreeType scaler (`generateFontMetrics`) for the sources, Blink's `FontMetrics::AscentDescentWithHacks` and
/// `SimpleFontData::PlatformInit` for the rounding.
fn measured(font: &Font, size: f32) -> LineMetrics {
    let metrics = font.metrics();
    let style = font.style_metrics();
    let scale = size / f32::from(metrics.units_per_em.max(1));
    let line = metrics.h_line().unwrap_or_default();
    let exact_ascent = line.ascender.to_f32() * scale;
    let exact_descent = -line.descender.to_f32() * scale;
    let ascent = round_half_up(exact_ascent);
    let descent = round_half_up(exact_descent);
    let advances = font.glyph_metrics();
    let advance = |c: char| {
        let glyph = font.charmap().map_unicode(c)?;
        Some(advances.h_advance(glyph) * scale)
    };
    let height_of = |c: char| {
        let glyph = font.charmap().map_unicode(c)?;
        let extents = advances.extents(glyph)?;
        (extents.y_bearing > 0.0).then_some(extents.y_bearing * scale)
    };
    let given = |value: Option<f32>| value.filter(|value| *value > 0.0).map(|value| value * scale);
    let x_height = given(metrics.x_height.map(|v| v.to_f32())).or_else(|| height_of('x'));
    let cap_height = given(metrics.cap_height.map(|v| v.to_f32())).or_else(|| height_of('H'));
    LineMetrics {
        ascent,
        descent,
        line_gap: line.line_gap.to_f32() * scale,
        x_height: x_height.unwrap_or(ascent * 0.56),
        cap_height: cap_height.unwrap_or(ascent),
        zero_advance: advance('0'),
        space_advance: advance(' ').unwrap_or(0.0),
        ic_advance: advance('水'),
        average_advance: given(metrics.average_char_width.map(|v| v.to_f32())),
        glyph_box_width: (metrics.bounds.x_max.to_f32() - metrics.bounds.x_min.to_f32()).max(0.0) * scale,
        underline: style.underline.map(|underline| {
            let (top, thickness) =
                (underline.position.to_f32() * scale, underline.thickness.to_f32() * scale);
            (-top + thickness / 2.0, thickness)
        }),
        strikeout: style
            .strike_through
            .map(|strike| (strike.position.to_f32() * scale, strike.thickness.to_f32() * scale)),
    }
}

fn guessed(size: f32) -> LineMetrics {
    LineMetrics {
        ascent: (size * 0.8).round(),
        descent: (size * 0.2).round(),
        line_gap: 0.0,
        x_height: size * 0.5,
        cap_height: size * 0.7,
        zero_advance: None,
        space_advance: size * 0.25,
        ic_advance: None,
        average_advance: None,
        glyph_box_width: 0.0,
        underline: None,
        strikeout: None,
    }
}

/// `SkScalarRoundToScalar`
fn round_half_up(value: f32) -> f32 {
    (value + 0.5).floor()
}
