//! The text of an inline formatting context: collapsed, shaped once, and cut into the segments between its break
//! opportunities.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use siskin_engine::css::values::{OverflowWrap, TextTransform, TextWrapMode, WhiteSpaceCollapse, WordBreak};
use siskin_engine::style::{ComputedStyle, InheritedText};

use super::Layouter;
use super::sizing::BoxEdges;
use crate::boxes::tree::IntrinsicWidths;
use crate::boxes::{InlineContext, InlineItem};
use crate::geometry::Lu;
use crate::text::{
    BaseDirection, BreakKind, ItemContent, Joint, LineStart, Piece, ShapedText, TextItem, collapse, controls,
    transform,
};

/// An inline formatting context, ready for line breaking.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub(super) shaped: ShapedText,
    /// For each member of the context its part of the text.
    pub(super) ranges: Vec<Range<usize>>,
    /// For each item of the shaped text the member that it comes from.
    pub(super) members: Vec<usize>,
    /// For each member the innermost inline box around it, as the index of its opening; for an opening itself the
    /// box around that one.
    pub(super) parents: Vec<Option<usize>>,
}

/// What stands between two break opportunities.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    /// Where it ends in the text.
    pub(super) text_end: usize,
    /// The member after its last.
    pub(super) member_end: usize,
    /// The break at its end; `None` at the end of the paragraph.
    pub(super) kind: Option<BreakKind>,
}

impl Paragraph {
    /// The segment that starts at a text offset and a member.
    pub(super) fn segment(&self, context: &InlineContext, text: usize, member: usize) -> Segment {
        let opportunity = self
            .shaped
            .next_break(text + 1)
            .filter(|found| found.kind == BreakKind::Forced || found.offset < self.shaped.text().len());
        let Some(found) = opportunity else {
            return Segment {
                text_end: self.shaped.text().len(),
                member_end: context.items.len(),
                kind: None,
            };
        };
        let mut end = member;
        while let (Some(item), Some(range)) = (context.items.get(end), self.ranges.get(end)) {
            let begins_after = range.start >= found.offset;
            let is_content = range.end > range.start || matches!(item, InlineItem::Open { .. });
            // What follows a forced break is met on the next line.
            let follows = found.kind == BreakKind::Forced && !matches!(item, InlineItem::Close { .. });
            if begins_after && (is_content || follows) {
                break;
            }
            if range.end > found.offset {
                break;
            }
            end += 1;
        }
        // At the very end of the text everything that is left belongs to the last line.
        if found.offset == self.shaped.text().len() {
            end = context.items.len();
        }
        Segment { text_end: found.offset, member_end: end, kind: Some(found.kind) }
    }

    /// The end of what is shown of a line over `range`: collapsible white space and line feeds at its end are gone.
    pub(super) fn shown_end(&self, range: Range<usize>) -> usize {
        let mut end = self.shaped.hanging_start(range.clone());
        // Preserved spaces hang, but are there.
        let text = self.shaped.text();
        for (at, c) in text.get(end..range.end).unwrap_or_default().char_indices() {
            if c == '\n' || self.mode_at(end + at) != WhiteSpaceCollapse::Preserve {
                end += at;
                return end;
            }
        }
        end = range.end.max(end);
        end
    }

    fn mode_at(&self, offset: usize) -> WhiteSpaceCollapse {
        self.style_at(offset).map_or(WhiteSpaceCollapse::Collapse, |style| style.white_space_collapse)
    }

    /// The style of the text at an offset.
    pub(super) fn style_at(&self, offset: usize) -> Option<&Arc<InheritedText>> {
        let items = self.shaped.items();
        items.get(items.partition_point(|item| item.range.end <= offset)).map(|item| &item.text)
    }

    /// Whether the text at an offset may be broken anywhere when nothing else helps.
    pub(super) fn breaks_anywhere(&self, offset: usize) -> bool {
        self.style_at(offset).is_some_and(|style| {
            style.text_wrap_mode == TextWrapMode::Wrap
                && (style.overflow_wrap != OverflowWrap::Normal || style.word_break == WordBreak::BreakWord)
        })
    }

    /// Whether breaking anywhere counts for the smallest width.
    fn shrinks_anywhere(&self, offset: usize) -> bool {
        self.style_at(offset).is_some_and(|style| {
            style.text_wrap_mode == TextWrapMode::Wrap
                && (style.overflow_wrap == OverflowWrap::Anywhere || style.word_break == WordBreak::BreakWord)
        })
    }
}

/// Left and right edge widths of an inline box: margin, border and padding.
pub(super) fn inline_edges(style: &ComputedStyle, cb_width: Lu) -> (Lu, Lu) {
    let edges = BoxEdges::new(style, cb_width);
    let (inner, margins) = (edges.inner(), edges.margins());
    (inner.left + margins.left, inner.right + margins.right)
}

/// The edge widths at the start and the end of an inline box, in its direction.
pub(super) fn start_end_edges(style: &ComputedStyle, cb_width: Lu) -> (Lu, Lu) {
    let (left, right) = inline_edges(style, cb_width);
    match style.text.direction {
        siskin_engine::css::values::Direction::Ltr => (left, right),
        siskin_engine::css::values::Direction::Rtl => (right, left),
    }
}

impl<'a> Layouter<'a> {
    /// The paragraph of a context; shaped at the first call.
    pub(super) fn paragraph(&self, context: &InlineContext) -> Rc<Paragraph> {
        let key = std::ptr::from_ref(context).addr();
        if let Some(found) = self.paragraphs.borrow().get(&key) {
            return Rc::clone(found);
        }
        let paragraph = Rc::new(self.shape(context));
        self.paragraphs.borrow_mut().insert(key, Rc::clone(&paragraph));
        paragraph
    }

    /// Forgets the paragraph of a context that is laid out.
    pub(super) fn forget_paragraph(&self, context: &InlineContext) {
        self.paragraphs.borrow_mut().remove(&std::ptr::from_ref(context).addr());
    }

    fn shape(&self, context: &InlineContext) -> Paragraph {
        let transformed = transformed_texts(context);
        let pieces: Vec<Piece<'_>> =
            context.items.iter().zip(&transformed).map(|(item, text)| piece(item, text)).collect();
        let mut open: Vec<usize> = Vec::new();
        let mut parents = Vec::with_capacity(context.items.len());
        // The opening that each closing belongs to tells which controls end its embedding.
        let mut closings = Vec::new();
        for (index, item) in context.items.iter().enumerate() {
            parents.push(open.last().copied());
            match item {
                InlineItem::Open { .. } => open.push(index),
                InlineItem::Close { .. } => {
                    if let Some(opening) = open.pop() {
                        closings.push((index, opening));
                    }
                }
                _ => {}
            }
        }
        let pieces = with_closing_controls(pieces, context, &closings);
        let collapsed = collapse(&pieces);
        let (items, members) = self.text_items(context, &collapsed.ranges, &parents);
        let base = context.base.as_ref().map_or(BaseDirection::Ltr, |base| {
            BaseDirection::new(base.style.text.direction, base.style.box_.unicode_bidi)
        });
        let shaped = ShapedText::new(collapsed.text, items, base, self.fonts, &mut self.text.borrow_mut());
        Paragraph { shaped, ranges: collapsed.ranges, members, parents }
    }

    fn text_items(
        &self,
        context: &InlineContext,
        ranges: &[Range<usize>],
        parents: &[Option<usize>],
    ) -> (Vec<TextItem>, Vec<usize>) {
        let mut items = Vec::new();
        let mut members = Vec::new();
        let mut joint = Joint::Joined;
        for (index, (item, range)) in context.items.iter().zip(ranges).enumerate() {
            let around = parents[index].or(matches!(item, InlineItem::Open { .. }).then_some(index));
            let content = match item {
                InlineItem::Text { .. } => ItemContent::Text,
                InlineItem::Atomic(_) => ItemContent::Object,
                _ => ItemContent::Control,
            };
            if let (InlineItem::Open { .. } | InlineItem::Close { .. }, Some(opening)) = (item, around)
                && let Some(InlineItem::Open { base, .. }) = context.items.get(opening)
                && inline_edges(&base.style, Lu::ZERO) != (Lu::ZERO, Lu::ZERO)
            {
                joint = Joint::Apart;
            }
            if range.is_empty() {
                continue;
            }
            let style = match (item, around.and_then(|opening| context.items.get(opening))) {
                (InlineItem::Text { base, .. }, _) => Arc::clone(&base.style),
                (_, Some(InlineItem::Open { base, .. })) => Arc::clone(&base.style),
                _ => match &context.base {
                    Some(base) => Arc::clone(&base.style),
                    None => continue,
                },
            };
            items.push(TextItem {
                range: range.clone(),
                font: Arc::clone(&style.font),
                text: Arc::clone(&style.text),
                content,
                joint,
            });
            members.push(index);
            joint = Joint::Joined;
        }
        (items, members)
    }

    /// The smallest and largest width of an inline formatting context:
    /// <https://drafts.csswg.org/css-sizing-3/#intrinsic-contribution>.
    pub(super) fn inline_widths(&self, context: &InlineContext) -> IntrinsicWidths {
        let paragraph = self.paragraph(context);
        let mut widths = IntrinsicWidths::default();
        let mut floats = super::intrinsic::FloatWidths::default();
        let mut line = Lu::ZERO;
        let (mut text, mut member, mut line_start) = (0, 0, 0);
        let mut indent = context
            .base
            .as_ref()
            .map_or(Lu::ZERO, |base| super::sizing::used(&base.style.text.text_indent, Lu::ZERO));
        while member < context.items.len() || text < paragraph.shaped.text().len() {
            let segment = paragraph.segment(context, text, member);
            let (mut min, mut max) = (Lu::ZERO, Lu::ZERO);
            for item in &context.items[member..segment.member_end.max(member)] {
                match item {
                    InlineItem::Float(b) => {
                        let outer = self.outer_widths(b);
                        let style = &b.base.style.box_;
                        floats.add(style.float, style.clear, outer.max);
                        widths.min = widths.min.max(outer.min);
                    }
                    InlineItem::Atomic(b) => {
                        let outer = self.outer_widths(b);
                        min += outer.min;
                        max += outer.max;
                    }
                    _ => {}
                }
            }
            let edges = self.edges_between(context, &paragraph, member, segment.member_end, Lu::ZERO);
            let trimmed = paragraph.shaped.hanging_start(text..segment.text_end);
            let own = self.text_width(&paragraph, text..trimmed.max(text));
            let smallest = if paragraph.shrinks_anywhere(text) {
                self.widest_grapheme(&paragraph, text..trimmed.max(text))
            } else {
                own
            };
            widths.min = widths.min.max(min + edges + smallest + indent);
            line += max + edges;
            let line_end = paragraph.shaped.hanging_start(line_start..segment.text_end).max(line_start);
            let is_end = segment.kind.is_none() || segment.kind == Some(BreakKind::Forced);
            if is_end {
                let whole = self.text_width(&paragraph, line_start..line_end);
                widths.max = widths.max.max(line + whole + indent + floats.sum());
                line = Lu::ZERO;
                line_start = segment.text_end;
                indent = Lu::ZERO;
            }
            if segment.kind.is_none() {
                break;
            }
            (text, member) = (segment.text_end, segment.member_end);
        }
        IntrinsicWidths { min: widths.min, max: widths.max.max(floats.sum()).max(widths.min) }
    }

    /// Edges of the inline boxes that open and close among these members.
    pub(super) fn edges_between(
        &self,
        context: &InlineContext,
        paragraph: &Paragraph,
        from: usize,
        to: usize,
        cb_width: Lu,
    ) -> Lu {
        let mut sum = Lu::ZERO;
        for index in from..to.max(from) {
            match &context.items[index] {
                InlineItem::Open { base, is_first: true } => sum += start_end_edges(&base.style, cb_width).0,
                InlineItem::Close { is_last: true } => {
                    let opening = paragraph.parents[index].and_then(|opening| context.items.get(opening));
                    if let Some(InlineItem::Open { base, .. }) = opening {
                        sum += start_end_edges(&base.style, cb_width).1;
                    }
                }
                _ => {}
            }
        }
        sum
    }

    /// The advance of a part of the text.
    pub(super) fn text_width(&self, paragraph: &Paragraph, range: Range<usize>) -> Lu {
        if range.is_empty() {
            return Lu::ZERO;
        }
        let cache = &mut *self.text.borrow_mut();
        Lu::from_px_ceil(paragraph.shaped.width(range, LineStart::default(), self.fonts, cache))
    }

    fn widest_grapheme(&self, paragraph: &Paragraph, range: Range<usize>) -> Lu {
        let mut start = range.start;
        let mut widest = Lu::ZERO;
        for end in paragraph.shaped.emergency_breaks(range.clone()).chain([range.end]) {
            widest = widest.max(self.text_width(paragraph, start..end));
            start = end;
        }
        widest
    }

    /// Whether a context makes line boxes: <https://drafts.csswg.org/css-inline-3/#invisible-line-boxes>.
    pub(super) fn has_lines(&self, context: &InlineContext) -> bool {
        context.items.iter().any(|item| match item {
            InlineItem::Text { base, text } => {
                let is_space = |b: u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
                match base.style.text.white_space_collapse {
                    WhiteSpaceCollapse::Collapse => !text.bytes().all(is_space),
                    WhiteSpaceCollapse::PreserveBreaks => !text.bytes().all(|b| is_space(b) && b != b'\n'),
                    WhiteSpaceCollapse::Preserve | WhiteSpaceCollapse::BreakSpaces => !text.is_empty(),
                }
            }
            InlineItem::Atomic(_) | InlineItem::LineBreak(_) => true,
            InlineItem::Open { base, .. } => inline_edges(&base.style, Lu::ZERO) != (Lu::ZERO, Lu::ZERO),
            InlineItem::Float(_)
            | InlineItem::Absolute(_)
            | InlineItem::WordBreak
            | InlineItem::Close { .. } => false,
        })
    }
}

/// Each member's text after `text-transform`.
fn transformed_texts(context: &InlineContext) -> Vec<std::borrow::Cow<'_, str>> {
    let mut before = None;
    let texts = context.items.iter().map(|item| match item {
        InlineItem::Text { base, text } => {
            let style = &base.style;
            let how = style.text.text_transform;
            let out = match how {
                TextTransform::None => std::borrow::Cow::Borrowed(&**text),
                _ => transform(text, how, &style.font.language, before),
            };
            before = out.chars().next_back().or(before);
            out
        }
        InlineItem::Atomic(_) | InlineItem::LineBreak(_) => {
            before = None;
            std::borrow::Cow::Borrowed("")
        }
        _ => std::borrow::Cow::Borrowed(""),
    });
    texts.collect()
}

fn piece<'t>(item: &InlineItem, text: &'t str) -> Piece<'t> {
    match item {
        InlineItem::Text { base, .. } => Piece::Text(text, base.style.text.white_space_collapse),
        InlineItem::Atomic(_) => Piece::Object,
        InlineItem::LineBreak(_) => Piece::Break,
        InlineItem::WordBreak => Piece::Control("\u{200b}"),
        InlineItem::Open { base, .. } => {
            match controls(base.style.box_.unicode_bidi, base.style.text.direction).0 {
                "" => Piece::Nothing,
                control => Piece::Control(control),
            }
        }
        InlineItem::Close { .. } | InlineItem::Float(_) | InlineItem::Absolute(_) => Piece::Nothing,
    }
}

fn with_closing_controls<'t>(
    mut pieces: Vec<Piece<'t>>,
    context: &InlineContext,
    closings: &[(usize, usize)],
) -> Vec<Piece<'t>> {
    for &(closing, opening) in closings {
        if let Some(InlineItem::Open { base, .. }) = context.items.get(opening) {
            let control = controls(base.style.box_.unicode_bidi, base.style.text.direction).1;
            if !control.is_empty() {
                pieces[closing] = Piece::Control(control);
            }
        }
    }
    pieces
}
