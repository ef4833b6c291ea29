//! [`ShapedText`]: a paragraph shaped once, measured and cut into lines as often as need be.

use std::ops::Range;
use std::sync::Arc;

use siskin_engine::css::values::{FontVariantCaps, WhiteSpaceCollapse};
use unicode_script::Script;

use super::bidi::{self, BaseDirection, Levels};
use super::breaks::{self, BreakOpportunity};
use super::item::{ItemContent, Joint, TextItem};
use super::script::{self, ScriptRun};
use super::shape::{RunShape, ShapedGlyph};
use super::{TextCache, whitespace};
use crate::font::{FontContext, FontId};
use crate::limits::MAX_FONT_SIZE;

/// Lower-case letters as small capitals are set at this fraction of the size, as Blink does.
const SMALL_CAPITALS: f32 = 0.7;

/// The text of an inline formatting context, shaped as if on one line.
#[derive(Debug, Clone)]
pub struct ShapedText {
    pub(super) text: String,
    pub(super) items: Vec<TextItem>,
    pub(super) levels: Levels,
    pub(super) runs: Vec<Run>,
    /// In logical order; together they cover the text.
    pub(super) clusters: Vec<Cluster>,
    breaks: Vec<BreakOpportunity>,
}

/// A stretch of text that is shaped in one go.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Byte offsets in the paragraph.
    pub(super) range: Range<usize>,
    /// The first of its clusters.
    pub(super) clusters: Range<usize>,
    /// The embedding level.
    pub(super) level: u8,
    /// What it holds.
    pub(super) content: RunContent,
}

/// What a run holds.
#[derive(Debug, Clone)]
pub(super) enum RunContent {
    /// Nothing that is shown: controls, a line feed, an atomic inline box.
    Empty,
    /// One tab.
    Tab,
    /// Glyphs.
    Glyphs(GlyphContent),
}

/// A run with glyphs.
#[derive(Debug, Clone)]
pub(super) struct GlyphContent {
    /// How it was shaped.
    pub(super) shape: RunShape,
    /// CSS px per em.
    pub(super) size: f32,
    /// CSS px per font unit, for what is not a glyph's own advance.
    pub(super) scale: f32,
    /// 1/64 of CSS px per font unit in 16.16, for a glyph's own advance.
    pub(super) advance_scale: i64,
    /// In visual order.
    pub(super) glyphs: Arc<[ShapedGlyph]>,
    /// CSS px after each character.
    pub(super) letter_spacing: f32,
    /// CSS px at each space.
    pub(super) word_spacing: f32,
}

/// Characters that cannot be told apart in glyphs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cluster {
    /// Where it starts in the paragraph, in bytes.
    pub(super) start: usize,
    /// The advance of all that stands before it in logical order, CSS px. In `f64`, so that a megabyte in one
    /// paragraph is as exact as a word.
    pub(super) before: f64,
    /// Its glyphs among those of its run.
    pub(super) glyphs: (u32, u32),
    /// Whether a line can start here without shaping its edge anew.
    pub(super) safe: bool,
}

impl ShapedText {
    /// Shapes `text`, whose parts are `items` (in order, covering it without gaps).
    pub fn new(
        text: String,
        items: Vec<TextItem>,
        base: BaseDirection,
        fonts: &FontContext,
        cache: &mut TextCache,
    ) -> Self {
        let levels = Levels::new(&text, base);
        let breaks = breaks::opportunities(&text, &items);
        let mut shaped = Self { text, items, levels, runs: Vec::new(), clusters: Vec::new(), breaks };
        shaped.shape_all(fonts, cache);
        shaped
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The items.
    pub fn items(&self) -> &[TextItem] {
        &self.items
    }

    /// Where lines may or must end, in order. The end of the text is not among them.
    pub fn break_opportunities(&self) -> &[BreakOpportunity] {
        &self.breaks
    }

    /// The first break opportunity at or after a byte offset.
    pub fn next_break(&self, offset: usize) -> Option<BreakOpportunity> {
        self.breaks.get(self.breaks.partition_point(|found| found.offset < offset)).copied()
    }

    /// Byte offsets inside `range` at which it may be broken when nothing else helps (`overflow-wrap`).
    pub fn emergency_breaks(&self, range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let slice = self.text.get(range.clone()).unwrap_or_default();
        breaks::graphemes(slice)
            .map(move |offset| range.start + offset)
            .filter(move |offset| *offset > range.start && *offset < range.end)
    }

    /// Where the white space begins that takes no room at the end of a line over `range`: collapsible spaces are
    /// removed there, preserved ones hang. <https://drafts.csswg.org/css-text-4/#white-space-phase-2>
    pub fn hanging_start(&self, range: Range<usize>) -> usize {
        let mut end = range.end;
        let slice = self.text.get(range.clone()).unwrap_or_default();
        for (at, c) in slice.char_indices().rev() {
            let offset = range.start + at;
            let mode = self.item_at(offset).map(|item| item.text.white_space_collapse);
            let hangs = match c {
                ' ' | '\t' => mode != Some(WhiteSpaceCollapse::BreakSpaces),
                '\n' => true,
                _ => bidi::is_control(c),
            };
            if !hangs {
                break;
            }
            end = offset;
        }
        end
    }

    /// The base level of the line that starts at a byte offset: odd is right to left.
    pub fn base_level(&self, offset: usize) -> u8 {
        self.levels.base_at(offset)
    }

    /// How many spaces `text-align: justify` can widen in `range`.
    pub fn count_spaces(&self, range: Range<usize>) -> usize {
        self.text.get(range).map_or(0, |slice| slice.chars().filter(|c| is_word_separator(*c)).count())
    }

    /// The item that holds a byte offset.
    pub(super) fn item_at(&self, offset: usize) -> Option<&TextItem> {
        self.items.get(self.item_index(offset))
    }

    pub(super) fn item_index(&self, offset: usize) -> usize {
        self.items.partition_point(|item| item.range.end <= offset)
    }

    fn shape_all(&mut self, fonts: &FontContext, cache: &mut TextCache) {
        let scripts = script::runs(&self.text);
        let mut before = 0.0;
        let mut index = 0;
        while let Some(first) = self.items.get(index) {
            let mut end = index + 1;
            while let Some(next) = self.items.get(end)
                && next.joint == Joint::Joined
                && first.shapes_like(next)
            {
                end += 1;
            }
            let group = first.clone();
            let range = group.range.start..self.items[end - 1].range.end;
            self.shape_group(&group, range, &scripts, (fonts, cache), &mut before);
            index = end;
        }
        let sentinel = Cluster { start: self.text.len(), before, glyphs: (0, 0), safe: true };
        self.clusters.push(sentinel);
    }

    /// Splits equal items by what shows nothing, by level, script and font, and shapes each part.
    fn shape_group(
        &mut self,
        item: &TextItem,
        range: Range<usize>,
        scripts: &[ScriptRun],
        (fonts, cache): (&FontContext, &mut TextCache),
        before: &mut f64,
    ) {
        let style = cache.choice.style_fonts(fonts, &item.font);
        let text = std::mem::take(&mut self.text);
        for part in parts(&text, range, item.content, &self.levels, scripts) {
            let level = self.levels.at(part.range.start);
            match part.kind {
                PartKind::Empty => self.push_bare(part.range, level, RunContent::Empty, *before),
                PartKind::Tab => self.push_bare(part.range, level, RunContent::Tab, *before),
                PartKind::Text(script) => {
                    let language = &item.font.language;
                    let runs = cache.choice.runs(fonts, &style, language, &text, part.range);
                    for run in runs {
                        for (range, capitals) in by_case(&text, run.range, item.font.font_variant_caps) {
                            let how = self.how(item, run.font, script, level, capitals);
                            self.push_glyphs(&text, range, level, how, item, (fonts, cache), before);
                        }
                    }
                }
            }
        }
        self.text = text;
    }

    fn how(&self, item: &TextItem, font: FontId, script: Script, level: u8, capitals: bool) -> RunShape {
        RunShape {
            font,
            script,
            rtl: level % 2 == 1,
            language: Arc::clone(&item.font.language),
            ligatures: item.text.letter_spacing == 0.0,
            capitals,
        }
    }

    fn push_bare(&mut self, range: Range<usize>, level: u8, content: RunContent, before: f64) {
        let first = self.clusters.len();
        self.clusters.push(Cluster { start: range.start, before, glyphs: (0, 0), safe: true });
        self.runs.push(Run { range, clusters: first..first + 1, level, content });
    }

    #[expect(clippy::too_many_arguments, reason = "the innermost step of one loop, split off for its length")]
    fn push_glyphs(
        &mut self,
        text: &str,
        range: Range<usize>,
        level: u8,
        shape: RunShape,
        item: &TextItem,
        (fonts, cache): (&FontContext, &mut TextCache),
        before: &mut f64,
    ) {
        let slice = &text[range.clone()];
        let mut size = item.font.font_size.clamp(0.0, MAX_FONT_SIZE);
        if shape.capitals {
            size *= SMALL_CAPITALS;
        }
        let units = cache.shaper.units_per_em(fonts, shape.font);
        let glyphs = cache.shaper.shape(fonts, &shape, slice);
        let content = GlyphContent {
            scale: size / f32::from(units),
            advance_scale: freetype_scale(size, units),
            shape,
            size,
            glyphs,
            letter_spacing: item.text.letter_spacing,
            word_spacing: item.text.word_spacing,
        };
        let first = self.clusters.len();
        for span in content.spans() {
            let start = range.start + span.start;
            let advance = content.cluster_advance(&span, text[start..].chars().next());
            self.clusters.push(Cluster {
                start,
                before: *before,
                glyphs: (span.glyphs.start as u32, span.glyphs.end as u32),
                safe: span.safe,
            });
            *before += f64::from(advance);
        }
        if self.clusters.len() == first {
            // Nothing came out (a broken font): the text is there all the same and has no width.
            self.clusters.push(Cluster { start: range.start, before: *before, glyphs: (0, 0), safe: true });
        }
        let clusters = first..self.clusters.len();
        self.runs.push(Run { range, clusters, level, content: RunContent::Glyphs(content) });
    }
}

/// Advances are those of FreeType: at the size cut to 1/64 px, by a scale of 16.16. Kerning is at the whole size,
/// which HarfBuzz knows. It shows in long lines at fractional sizes, and where a width ends on a whole 1/64 px.
fn freetype_scale(size: f32, units_per_em: u16) -> i64 {
    let units = i64::from(units_per_em);
    let size = (f64::from(size) * 64.0) as i64;
    ((size << 16) + units / 2) / units
}

/// A cluster of a shaped run: where it starts in the run's text, and its glyphs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) glyphs: Range<usize>,
    pub(super) safe: bool,
}

impl GlyphContent {
    /// The clusters of the run in logical order.
    fn spans(&self) -> Vec<Span> {
        spans(&self.glyphs, self.shape.rtl)
    }

    /// The advance of a cluster whose first character is `first`, with spacing.
    pub(super) fn cluster_advance(&self, span: &Span, first: Option<char>) -> f32 {
        self.glyphs_advance(&self.glyphs[span.glyphs.clone()]) + self.spacing(first)
    }

    /// The advance of one glyph, CSS px.
    pub(super) fn glyph_advance(&self, glyph: &ShapedGlyph) -> f32 {
        let own = (i64::from(glyph.advance).saturating_mul(self.advance_scale) + 32) >> 6;
        own as f32 / 65536.0 + glyph.kerning as f32 * self.scale
    }

    /// The advance of glyphs together, CSS px.
    pub(super) fn glyphs_advance(&self, glyphs: &[ShapedGlyph]) -> f32 {
        glyphs.iter().map(|glyph| self.glyph_advance(glyph)).sum()
    }

    /// What `letter-spacing` and `word-spacing` add after a cluster that starts with `first`.
    pub(super) fn spacing(&self, first: Option<char>) -> f32 {
        let Some(c) = first else { return 0.0 };
        if c == '\u{200b}' || c == '\u{ad}' || bidi::is_control(c) {
            return 0.0;
        }
        self.letter_spacing + if is_word_separator(c) { self.word_spacing } else { 0.0 }
    }
}

/// The clusters of glyphs in visual order, in logical order.
pub(super) fn spans(glyphs: &[ShapedGlyph], rtl: bool) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::with_capacity(glyphs.len());
    for (index, glyph) in glyphs.iter().enumerate() {
        match spans.last_mut() {
            Some(span) if span.start == glyph.cluster as usize => {
                span.glyphs.end = index + 1;
                span.safe &= !glyph.unsafe_to_break;
            }
            _ => spans.push(Span {
                start: glyph.cluster as usize,
                glyphs: index..index + 1,
                safe: !glyph.unsafe_to_break,
            }),
        }
    }
    if rtl {
        spans.reverse();
    }
    spans
}

/// What `word-spacing` and justification widen: <https://drafts.csswg.org/css-text-4/#word-separator>.
pub(super) const fn is_word_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}')
}

struct Part {
    range: Range<usize>,
    kind: PartKind,
}

enum PartKind {
    Empty,
    Tab,
    Text(Script),
}

/// Splits a range where something is not shown, and where level or script change.
fn parts(
    text: &str,
    range: Range<usize>,
    content: ItemContent,
    levels: &Levels,
    scripts: &[ScriptRun],
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    if content != ItemContent::Text {
        if !range.is_empty() {
            parts.push(Part { range, kind: PartKind::Empty });
        }
        return parts;
    }
    let mut script_index = scripts.partition_point(|run| run.range.end <= range.start);
    let mut open: Option<(usize, u8)> = None;
    let slice = text.get(range.clone()).unwrap_or_default();
    let close = |parts: &mut Vec<Part>, open: &mut Option<(usize, u8)>, at: usize, script: usize| {
        if let Some((start, _)) = open.take() {
            let script = scripts.get(script).map_or(Script::Common, |run| run.script);
            parts.push(Part { range: start..at, kind: PartKind::Text(script) });
        }
    };
    for (at, c) in slice.char_indices() {
        let offset = range.start + at;
        let changes_script = scripts.get(script_index).is_some_and(|run| run.range.end <= offset);
        let level = levels.at(offset);
        let bare = c == '\n' || c == '\t' || c == whitespace::OBJECT || bidi::is_control(c);
        if bare || changes_script || open.is_some_and(|(_, open)| open != level) {
            close(&mut parts, &mut open, offset, script_index);
        }
        if changes_script {
            script_index += 1;
        }
        if bare {
            let kind = if c == '\t' { PartKind::Tab } else { PartKind::Empty };
            parts.push(Part { range: offset..offset + c.len_utf8(), kind });
        } else if open.is_none() {
            open = Some((offset, level));
        }
    }
    close(&mut parts, &mut open, range.end, script_index);
    parts
}

/// Splits a range for synthetic small capitals: whether each part is shaped as capitals.
fn by_case(text: &str, range: Range<usize>, caps: FontVariantCaps) -> Vec<(Range<usize>, bool)> {
    if caps == FontVariantCaps::Normal {
        return vec![(range, false)];
    }
    // TODO(css-fonts-4 #font-variant-caps-prop): the font's own small capitals (`smcp`) where it has them.
    let mut parts: Vec<(Range<usize>, bool)> = Vec::new();
    for (at, c) in text[range.clone()].char_indices() {
        let (start, end) = (range.start + at, range.start + at + c.len_utf8());
        match parts.last_mut() {
            Some((part, small)) if *small == c.is_lowercase() => part.end = end,
            _ => parts.push((start..end, c.is_lowercase())),
        }
    }
    parts
}
