//! Measuring and cutting: the width of a part of a paragraph, and a line as glyphs in visual order.

use std::ops::Range;
use std::sync::Arc;

use super::bidi;
use super::item::{Joint, TextItem};
use super::paragraph::{GlyphContent, Run, RunContent, ShapedText, Span, is_word_separator, spans};
use super::shape::ShapedGlyph;
use super::{Glyph, GlyphRun, TextCache};
use crate::font::FontContext;

/// Where a line stands and how its spaces are widened.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LineStart {
    /// CSS px from the edge of the block's content box to the start of the measured text: tab stops count from there.
    pub x: f32,
    /// CSS px added to each space (`text-align: justify`).
    pub expansion: f32,
}

/// A part of a line that belongs to one item and is shown in one font and direction.
#[derive(Debug, Clone, PartialEq)]
pub struct LinePiece {
    /// The item's index.
    pub item: usize,
    /// Its part of the paragraph's text, in bytes.
    pub range: Range<usize>,
    /// The embedding level: odd is right to left.
    pub level: u8,
    /// The advance, CSS px. Zero for controls and objects.
    pub width: f32,
    /// The glyphs, pens relative to the left edge of the piece and the baseline. No glyphs for controls, objects
    /// and tabs.
    pub run: GlyphRun,
}

/// A stretch of a run as it stands on a line.
enum Stretch {
    /// Clusters as they were shaped in the paragraph.
    Shared(Range<usize>),
    /// Shaped anew, because a line edge cuts through what was shaped as one. The text's range, and the glyphs.
    Anew(Range<usize>, Arc<[ShapedGlyph]>),
}

impl ShapedText {
    /// The advance of a part of the text that starts or ends a line, CSS px: with all of its spaces, its edges
    /// shaped as the edges of a line.
    pub fn width(
        &self,
        range: Range<usize>,
        start: LineStart,
        fonts: &FontContext,
        cache: &mut TextCache,
    ) -> f32 {
        let mut width = 0.0f64;
        for run in self.runs_in(&range) {
            width += match &run.content {
                RunContent::Empty => 0.0,
                RunContent::Tab => f64::from(self.tab_width(run, start.x + width as f32, fonts, cache)),
                RunContent::Glyphs(content) => {
                    let part = clip(&run.range, &range);
                    let stretches = self.stretches(run, content, part, fonts, cache);
                    stretches.iter().map(|stretch| self.stretch_width(content, stretch)).sum()
                }
            };
        }
        (width + f64::from(start.expansion) * self.expandable(&range, start) as f64) as f32
    }

    /// The text `range` as a line: its pieces from left to right, split by item, font and direction.
    pub fn line(
        &self,
        range: Range<usize>,
        start: LineStart,
        fonts: &FontContext,
        cache: &mut TextCache,
    ) -> Vec<LinePiece> {
        let mut pieces: Vec<LinePiece> = Vec::new();
        let trailing = self.trailing_space(&range);
        let x = self.add_range(range.start..trailing, start, (fonts, cache), &mut pieces);
        if trailing < range.end {
            // Rule L1: spaces at the end of a line take the base direction.
            let first = pieces.len();
            self.add_range(trailing..range.end, LineStart { x, ..start }, (fonts, cache), &mut pieces);
            let base = self.base_level(range.start);
            pieces[first..].iter_mut().for_each(|piece| piece.level = base);
        }
        let levels: Vec<u8> = pieces.iter().map(|piece| piece.level).collect();
        if levels.iter().all(|level| *level == 0) {
            return pieces;
        }
        let mut slots: Vec<Option<LinePiece>> = pieces.into_iter().map(Some).collect();
        bidi::visual_order(&levels).into_iter().filter_map(|index| slots[index].take()).collect()
    }

    /// Adds the pieces of a range in logical order and tells where they end.
    fn add_range(
        &self,
        range: Range<usize>,
        start: LineStart,
        (fonts, cache): (&FontContext, &mut TextCache),
        pieces: &mut Vec<LinePiece>,
    ) -> f32 {
        let mut x = start.x;
        for run in self.runs_in(&range) {
            let part = clip(&run.range, &range);
            let first = pieces.len();
            match &run.content {
                RunContent::Empty => {
                    pieces.push(bare_piece(self.item_index(part.start), part, run.level, 0.0));
                }
                RunContent::Tab => {
                    let width = self.tab_width(run, x, fonts, cache);
                    pieces.push(bare_piece(self.item_index(part.start), part, run.level, width));
                }
                RunContent::Glyphs(content) => {
                    for stretch in self.stretches(run, content, part.clone(), fonts, cache) {
                        self.add_pieces(run, content, &stretch, start.expansion, pieces);
                    }
                }
            }
            x += pieces[first..].iter().map(|piece| piece.width).sum::<f32>();
        }
        x
    }

    /// The hyphen that is shown where a line ends at a soft hyphen inside `item`.
    pub fn hyphen(&self, item: usize, fonts: &FontContext, cache: &mut TextCache) -> Option<LinePiece> {
        let styled: &TextItem = self.items.get(item)?;
        let style = cache.choice.style_fonts(fonts, &styled.font);
        let hyphen = if fonts.covers(style.primary, '\u{2010}') { "\u{2010}" } else { "-" };
        let own = TextItem { range: 0..hyphen.len(), joint: Joint::Joined, ..styled.clone() };
        let base = bidi::BaseDirection::Ltr;
        let shaped = Self::new(hyphen.to_owned(), vec![own], base, fonts, cache);
        let piece = shaped.line(0..hyphen.len(), LineStart::default(), fonts, cache).into_iter().next()?;
        Some(LinePiece { item, ..piece })
    }

    fn runs_in(&self, range: &Range<usize>) -> impl Iterator<Item = &Run> + use<'_> {
        let first = self.runs.partition_point(|run| run.range.end <= range.start);
        let end = range.end;
        self.runs[first..].iter().take_while(move |run| run.range.start < end)
    }

    /// Where the spaces at the end of a line begin.
    fn trailing_space(&self, range: &Range<usize>) -> usize {
        if self.levels.is_trivial() {
            return range.end;
        }
        let slice = self.text.get(range.clone()).unwrap_or_default();
        range.start + slice.trim_end_matches(|c| matches!(c, ' ' | '\t' | '\n') || bidi::is_control(c)).len()
    }

    /// How many spaces of `range` are widened: all if any.
    fn expandable(&self, range: &Range<usize>, start: LineStart) -> usize {
        if start.expansion == 0.0 { 0 } else { self.count_spaces(range.clone()) }
    }

    /// The part of a run on a line, with what must be shaped anew at the line's edges. In logical order.
    fn stretches(
        &self,
        run: &Run,
        content: &GlyphContent,
        part: Range<usize>,
        fonts: &FontContext,
        cache: &mut TextCache,
    ) -> Vec<Stretch> {
        if part == run.range {
            return vec![Stretch::Shared(run.clusters.clone())];
        }
        let clusters = &self.clusters[run.clusters.clone()];
        let safe_at = |offset: usize| {
            let index = clusters.partition_point(|cluster| cluster.start < offset);
            clusters.get(index).is_some_and(|cluster| cluster.start == offset && cluster.safe)
        };
        // The first safe place at or after the start, and the last one at or before the end.
        let head = if part.start == run.range.start || safe_at(part.start) {
            part.start
        } else {
            let from = clusters.partition_point(|cluster| cluster.start <= part.start);
            clusters[from..]
                .iter()
                .find(|cluster| cluster.safe)
                .map_or(run.range.end, |cluster| cluster.start)
        };
        let tail = if part.end == run.range.end || safe_at(part.end) {
            part.end
        } else {
            let to = clusters.partition_point(|cluster| cluster.start < part.end);
            clusters[..to]
                .iter()
                .rfind(|cluster| cluster.safe)
                .map_or(run.range.start, |cluster| cluster.start)
        };
        let mut anew = |range: Range<usize>| {
            let glyphs = cache.shaper.shape(fonts, &content.shape, &self.text[range.clone()]);
            Stretch::Anew(range, glyphs)
        };
        if head >= tail {
            return vec![anew(part)];
        }
        let mut stretches = Vec::with_capacity(3);
        if part.start < head {
            stretches.push(anew(part.start..head));
        }
        let index =
            |offset: usize| run.clusters.start + clusters.partition_point(|cluster| cluster.start < offset);
        stretches.push(Stretch::Shared(index(head)..index(tail)));
        if tail < part.end {
            stretches.push(anew(tail..part.end));
        }
        stretches
    }

    fn stretch_width(&self, content: &GlyphContent, stretch: &Stretch) -> f64 {
        match stretch {
            Stretch::Shared(clusters) => {
                let before = |index: usize| self.clusters.get(index).map_or(0.0, |cluster| cluster.before);
                before(clusters.end) - before(clusters.start)
            }
            Stretch::Anew(range, glyphs) => {
                let text = &self.text[range.clone()];
                spans(glyphs, content.shape.rtl)
                    .iter()
                    .map(|span| f64::from(advance(content, glyphs, span, text, 0.0)))
                    .sum()
            }
        }
    }

    /// Adds a stretch, cut at the borders of items, in logical order.
    fn add_pieces(
        &self,
        run: &Run,
        content: &GlyphContent,
        stretch: &Stretch,
        expansion: f32,
        pieces: &mut Vec<LinePiece>,
    ) {
        let (all, glyphs, range) = match stretch {
            Stretch::Shared(clusters) => {
                let all: Vec<Span> = self.clusters[clusters.clone()].iter().map(|c| c.span(0)).collect();
                let end = self.clusters.get(clusters.end).map_or(self.text.len(), |cluster| cluster.start);
                let start = all.first().map_or(end, |span| span.start);
                (all, &content.glyphs, start..end)
            }
            Stretch::Anew(range, glyphs) => {
                let mut all = spans(glyphs, content.shape.rtl);
                all.iter_mut().for_each(|span| span.start += range.start);
                (all, glyphs, range.clone())
            }
        };
        let mut from = 0;
        while from < all.len() {
            let item = self.item_index(all[from].start);
            let item_end = self.items.get(item).map_or(usize::MAX, |item| item.range.end);
            let count = all[from..].iter().take_while(|span| span.start < item_end).count().max(1);
            let end = all.get(from + count).map_or(range.end, |span| span.start);
            let mut piece = LinePiece {
                item,
                range: all[from].start..end,
                level: run.level,
                width: 0.0,
                run: empty_run(content),
            };
            let own = &all[from..from + count];
            if content.shape.rtl {
                own.iter().rev().for_each(|span| self.place(content, glyphs, span, expansion, &mut piece));
            } else {
                own.iter().for_each(|span| self.place(content, glyphs, span, expansion, &mut piece));
            }
            pieces.push(piece);
            from += count;
        }
    }

    /// Sets the glyphs of a cluster behind those that the piece has.
    fn place(
        &self,
        content: &GlyphContent,
        glyphs: &[ShapedGlyph],
        span: &Span,
        expansion: f32,
        piece: &mut LinePiece,
    ) {
        let whole = advance(content, glyphs, span, &self.text, expansion);
        let mut pen = piece.width;
        if content.shape.rtl {
            // Spacing stands after a character, and that is to its left here.
            pen += whole - content.glyphs_advance(&glyphs[span.glyphs.clone()]);
        }
        for glyph in &glyphs[span.glyphs.clone()] {
            let (x, y) = (glyph.x as f32 * content.scale, -glyph.y as f32 * content.scale);
            piece.run.glyphs.push(Glyph { id: glyph.id, x: pen + x, y });
            pen += content.glyph_advance(glyph);
        }
        piece.width += whole;
    }

    /// The advance of a tab that starts `x` px from the edge of the block:
    /// <https://drafts.csswg.org/css-text-4/#tab-size-property>.
    fn tab_width(&self, run: &Run, x: f32, fonts: &FontContext, cache: &mut TextCache) -> f32 {
        let Some(item) = self.item_at(run.range.start) else { return 0.0 };
        let font = cache.choice.style_fonts(fonts, &item.font).primary;
        let metrics = cache.line_metrics(fonts, font, item.font.font_size);
        let style = &item.text;
        let space = metrics.space_advance + style.letter_spacing + style.word_spacing;
        let interval = style.tab_size * space;
        if interval <= 0.0 || !interval.is_finite() {
            return 0.0;
        }
        let to_next = interval - x.rem_euclid(interval);
        // A stop nearer than half a `0` is skipped.
        let near = metrics.zero_advance.unwrap_or(space) / 2.0;
        if to_next < near { to_next + interval } else { to_next }
    }
}

impl super::paragraph::Cluster {
    fn span(&self, from: usize) -> Span {
        let glyphs = self.glyphs.0 as usize..self.glyphs.1 as usize;
        Span { start: self.start - from, glyphs, safe: self.safe }
    }
}

/// The advance of a cluster with spacing; `text` is what the span's start counts in.
fn advance(content: &GlyphContent, glyphs: &[ShapedGlyph], span: &Span, text: &str, expansion: f32) -> f32 {
    let first = text.get(span.start..).and_then(|rest| rest.chars().next());
    let expansion = if first.is_some_and(is_word_separator) { expansion } else { 0.0 };
    content.glyphs_advance(&glyphs[span.glyphs.clone()]) + content.spacing(first) + expansion
}

fn clip(run: &Range<usize>, to: &Range<usize>) -> Range<usize> {
    run.start.max(to.start)..run.end.min(to.end)
}

const fn empty_run(content: &GlyphContent) -> GlyphRun {
    GlyphRun { font: content.shape.font, size: content.size, glyphs: Vec::new() }
}

const fn bare_piece(item: usize, range: Range<usize>, level: u8, width: f32) -> LinePiece {
    let run = GlyphRun { font: crate::font::FontId(0), size: 0.0, glyphs: Vec::new() };
    LinePiece { item, range, level, width, run }
}
