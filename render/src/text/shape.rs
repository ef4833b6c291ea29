//! Shaping one run: from characters of one font, script and direction to glyphs, in font units. The door to harfrust.

use std::collections::HashMap;
use std::sync::Arc;

use harfrust::{
    Buffer, Direction, Feature, Font, GlyphId, Language, Script, ShapeOptions, ShapePlan, ShaperFont, Tag,
};

use crate::font::{FontContext, FontId};
use crate::limits::{MAX_CACHED_GLYPHS, MAX_CACHED_RUN};

/// How a run is shaped.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct RunShape {
    /// The font.
    pub(crate) font: FontId,
    /// The script.
    pub(crate) script: unicode_script::Script,
    /// Whether it runs from right to left.
    pub(crate) rtl: bool,
    /// BCP 47, empty if unknown.
    pub(crate) language: Arc<str>,
    /// Whether common ligatures may form: not when letters are spaced.
    pub(crate) ligatures: bool,
    /// Whether lower-case letters are shaped as capitals (synthetic small capitals).
    pub(crate) capitals: bool,
}

/// A glyph of a shaped run, in font units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ShapedGlyph {
    /// The glyph.
    pub(crate) id: u32,
    /// The byte offset in the run's text of the characters that it stands for.
    pub(crate) cluster: u32,
    /// The advance that the glyph has in its font.
    pub(crate) advance: i32,
    /// What kerning and other positioning add to it.
    pub(crate) kerning: i32,
    /// The offset to the right.
    pub(crate) x: i32,
    /// The offset up.
    pub(crate) y: i32,
    /// Whether a line that is broken before its cluster must be shaped anew on both sides.
    pub(crate) unsafe_to_break: bool,
}

/// Shapes runs and remembers them, with the plans and font instances that shaping needs.
#[derive(Default)]
pub(crate) struct Shaper {
    buffer: Option<Buffer>,
    instances: HashMap<FontId, Option<Font>>,
    plans: HashMap<RunShape, ShapePlan>,
    runs: HashMap<RunShape, HashMap<Box<str>, Arc<[ShapedGlyph]>>>,
    cached_glyphs: usize,
}

impl Shaper {
    /// The glyphs of `text` in visual order, left to right.
    pub(crate) fn shape(&mut self, fonts: &FontContext, how: &RunShape, text: &str) -> Arc<[ShapedGlyph]> {
        let cacheable = text.len() <= MAX_CACHED_RUN;
        if cacheable && let Some(found) = self.runs.get(how).and_then(|runs| runs.get(text)) {
            return Arc::clone(found);
        }
        let glyphs: Arc<[ShapedGlyph]> = self.shape_now(fonts, how, text).into();
        if cacheable {
            if self.cached_glyphs > MAX_CACHED_GLYPHS {
                self.runs.clear();
                self.cached_glyphs = 0;
            }
            self.cached_glyphs += glyphs.len() + 4;
            self.runs.entry(how.clone()).or_default().insert(text.into(), Arc::clone(&glyphs));
        }
        glyphs
    }

    /// The units per em of a font.
    pub(crate) fn units_per_em(&mut self, fonts: &FontContext, id: FontId) -> u16 {
        let font = self.instances.entry(id).or_insert_with(|| fonts.instance(id));
        font.as_ref().map_or(1000, |font| font.units_per_em().max(1))
    }

    fn shape_now(&mut self, fonts: &FontContext, how: &RunShape, text: &str) -> Vec<ShapedGlyph> {
        let instance = self.instances.entry(how.font).or_insert_with(|| fonts.instance(how.font));
        let Some(font) = instance.as_ref() else { return Vec::new() };
        let direction = if how.rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let script = script_tag(how.script);
        let language = Language::new(how.language.as_bytes());
        let features: &[Feature] = if how.ligatures { &[] } else { &no_ligatures() };
        if !self.plans.contains_key(how) {
            let plan = ShapePlan::new(font, direction, script, language.as_ref(), features);
            self.plans.insert(how.clone(), plan);
        }
        let plan = self.plans.get(how);
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.reset();
        buffer.set_direction(direction);
        buffer.set_script(script);
        buffer.set_language(language);
        if how.capitals {
            for (offset, c) in text.char_indices() {
                c.to_uppercase().for_each(|c| buffer.push(u32::from(c), offset as u32));
            }
        } else {
            buffer.push_str(text);
        }
        let options = ShapeOptions::new().plan(plan).features(features);
        let shaped = harfrust::shape(&ShaperFont::new(font), &mut buffer, options);
        let glyphs = match shaped {
            Ok(()) => read(&buffer, font, text.len()),
            // Only a misuse of the interface can fail; then nothing is shown rather than a wrong thing.
            Err(_) => Vec::new(),
        };
        self.buffer = Some(buffer);
        glyphs
    }
}

fn read(buffer: &Buffer, font: &Font, length: usize) -> Vec<ShapedGlyph> {
    let metrics = font.glyph_metrics();
    let pairs = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
    let glyph = |(info, position): (&harfrust::GlyphInfo, &harfrust::GlyphPosition)| {
        // Marks, joiners and the like lose their advance altogether.
        let own = if position.x_advance == 0 { 0.0 } else { metrics.h_advance(GlyphId::new(info.glyph_id)) };
        let advance = own.round() as i32;
        ShapedGlyph {
            id: info.glyph_id,
            cluster: info.cluster.min(length as u32),
            advance,
            kerning: position.x_advance.saturating_sub(advance),
            x: position.x_offset,
            y: position.y_offset,
            unsafe_to_break: info.unsafe_to_break(),
        }
    };
    pairs.map(glyph).collect()
}

/// Blink's HarfBuzz features for text with letter spacing.
fn no_ligatures() -> [Feature; 2] {
    [Tag::new(b"liga"), Tag::new(b"clig")].map(|tag| Feature::new(tag, 0, ..))
}

fn script_tag(script: unicode_script::Script) -> Option<Script> {
    Script::from_iso15924_tag(Tag::from_be_bytes(script.as_iso15924_tag().to_be_bytes()))
}

impl std::fmt::Debug for Shaper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shaper")
            .field("plans", &self.plans.len())
            .field("cached_glyphs", &self.cached_glyphs)
            .finish_non_exhaustive()
    }
}
