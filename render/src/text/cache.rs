//! [`TextCache`]: what shaping remembers between paragraphs and layouts.

use std::collections::HashMap;

use super::fonts::FontChoice;
use super::shape::Shaper;
use crate::font::{FontContext, FontId, LineMetrics};

/// What shaping remembers: font lists, instances, plans and shaped runs. Bounded. Belongs to one
/// [`FontContext`]: begin a new one when the context changes.
#[derive(Debug, Default)]
pub struct TextCache {
    pub(super) choice: FontChoice,
    pub(super) shaper: Shaper,
    metrics: HashMap<(FontId, u32), LineMetrics>,
}

impl TextCache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// [`FontContext::line_metrics`], remembered.
    pub fn line_metrics(&mut self, fonts: &FontContext, font: FontId, size: f32) -> LineMetrics {
        *self.metrics.entry((font, size.to_bits())).or_insert_with(|| fonts.line_metrics(font, size))
    }

    /// The first available font of a style, remembered: the one whose metrics make its strut.
    pub fn primary_font(
        &mut self,
        fonts: &FontContext,
        style: &std::sync::Arc<siskin_engine::style::Font>,
    ) -> FontId {
        self.choice.style_fonts(fonts, style).primary
    }
}
