//! What the cascade asks of fonts: the lengths behind `ex`, `ch`, `cap` and `ic`.

use crate::css::computed::Font;

/// Metrics of the first available font of a style, in CSS px at its size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FontMetrics {
    /// Above the baseline.
    pub ascent: f32,
    /// Below the baseline, positive.
    pub descent: f32,
    /// Recommended gap between lines.
    pub line_gap: f32,
    /// `1ex`
    pub x_height: f32,
    /// `1cap`
    pub cap_height: f32,
    /// `1ch`: the advance of `0`.
    pub zero_advance: f32,
    /// `1ic`: the advance of `水`.
    pub ic_advance: f32,
    /// The average advance that the font itself names (`xAvgCharWidth` of `OS/2`); 0 where it names none.
    pub average_advance: f32,
    /// The width of the box around all glyphs of the font; 0 where it is not known.
    pub glyph_box_width: f32,
}

/// Looks fonts up for the cascade. Implemented by render's font context and, for tests, by [`GuessedMetrics`].
pub trait FontMetricsProvider: Send + Sync {
    /// The metrics of the first available font of `font` at its size.
    fn metrics(&self, font: &Font) -> FontMetrics;

    /// Whether a font with this full or PostScript name is there, for `local()`. Who has no fonts has none.
    fn has_local(&self, name: &str) -> bool {
        let _ = name;
        false
    }
}

/// Metrics without fonts: the fallback values of CSS Values 4 (`1ex` and `1ch` are half an em).
#[derive(Debug, Clone, Copy, Default)]
pub struct GuessedMetrics;

impl FontMetricsProvider for GuessedMetrics {
    fn metrics(&self, font: &Font) -> FontMetrics {
        let em = font.font_size;
        FontMetrics {
            ascent: em * 0.8,
            descent: em * 0.2,
            line_gap: 0.0,
            x_height: em * 0.5,
            cap_height: em * 0.7,
            zero_advance: em * 0.5,
            ic_advance: em,
            average_advance: em * 0.5,
            glyph_box_width: em,
        }
    }
}
