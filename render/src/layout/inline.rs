//! Inline formatting contexts: <https://drafts.csswg.org/css-inline-3/>, <https://drafts.csswg.org/css2/#inline-formatting>.
//!
//! Breaks a paragraph into lines beside floats; [`super::line`] builds each line's boxes.

use std::collections::HashMap;

use siskin_engine::css::values::{Clear, Direction, Display, Float, PositionProperty};

use super::Layouter;
use super::block::Inside;
use super::float::{FloatContext, Room};
use super::paragraph::Paragraph;
use super::placed::{Laid, Waiting};
use super::sizing::{self, AutoWidth, BoxEdges};
use crate::boxes::{IndependentBox, InlineContext, InlineItem};
use crate::fragments::Fragment;
use crate::geometry::{Lu, Point, Rect};
use crate::text::BreakKind;

/// What the lines of a context came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lines {
    pub(super) height: Lu,
    pub(super) has_lines: bool,
    pub(super) first_baseline: Option<Lu>,
    pub(super) last_baseline: Option<Lu>,
}

/// An inline formatting context at work.
pub(super) struct InlineRun<'a, 's> {
    pub(super) context: &'a InlineContext,
    pub(super) paragraph: &'s Paragraph,
    pub(super) inside: &'s Inside<'s>,
    /// Atomic boxes that are laid out and wait for their line, with the boxes that wait inside them.
    pub(super) atomics: HashMap<usize, (Laid, Vec<Waiting<'a>>)>,
    /// Padding boxes of the fragments of positioned inline boxes, in the container's border box.
    pub(super) positioned: Vec<(usize, Rect)>,
    /// Floats among the members before this one are placed.
    floats_done: usize,
    /// Floats that found no room on their line.
    late_floats: Vec<(usize, Laid, Vec<Waiting<'a>>)>,
}

/// What one line holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineSpan {
    pub(super) text: (usize, usize),
    pub(super) members: (usize, usize),
    /// Whether the paragraph or a forced break ends here.
    pub(super) is_last: bool,
    pub(super) ends_with_hyphen: bool,
    pub(super) is_end: bool,
}

/// Where one line stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinePlace {
    /// From the content box's top.
    pub(super) top: Lu,
    /// From the content box's left.
    pub(super) left: Lu,
    pub(super) width: Lu,
    pub(super) indent: Lu,
    /// Whether the context makes line boxes at all.
    pub(super) has_lines: bool,
}

impl<'a> Layouter<'a> {
    /// Lays out an inline formatting context into `children`.
    pub(super) fn inline_contents(
        &mut self,
        context: &'a InlineContext,
        inside: &Inside<'_>,
        floats: &mut FloatContext,
        children: &mut Vec<Fragment>,
    ) -> Lines {
        let paragraph = self.paragraph(context);
        let mark = self.mark();
        let mut run = InlineRun {
            context,
            paragraph: &paragraph,
            inside,
            atomics: HashMap::new(),
            positioned: Vec::new(),
            floats_done: 0,
            late_floats: Vec::new(),
        };
        let mut lines = Lines { has_lines: self.has_lines(context), ..Lines::default() };
        let (mut text, mut member) = (0, 0);
        let mut indent = sizing::used(&inside.style.text.text_indent, inside.cb.width);
        let mut top = Lu::ZERO;
        loop {
            let mut line_children = Vec::new();
            let (span, place) = self.break_line(
                &mut run,
                (text, member),
                top,
                indent,
                lines.has_lines,
                floats,
                &mut line_children,
            );
            let line = self.build_line(&mut run, &span, &place, line_children);
            let bottom = if lines.has_lines { place.top + line.height } else { place.top };
            if lines.has_lines {
                let baseline = place.top + line.baseline;
                lines.first_baseline = lines.first_baseline.or(Some(baseline));
                lines.last_baseline = Some(baseline);
            }
            children.push(line.fragment);
            top = bottom;
            for (index, mut laid, waiting) in std::mem::take(&mut run.late_floats) {
                let at = self.mark();
                self.waiting.extend(waiting);
                if let InlineItem::Float(b) = &context.items[index] {
                    self.float_place(b, &mut laid, at, inside, inside.bfc.y + top, floats);
                    children.push(laid.fragment);
                }
            }
            if let Some(bottom) = clearing_break(context, &span).and_then(|clear| floats.clear_bottom(clear))
            {
                top = top.max(bottom - inside.bfc.y);
            }
            lines.height = top;
            indent = Lu::ZERO;
            (text, member) = (span.text.1, span.members.1);
            if span.is_end {
                break;
            }
        }
        self.resolve_inline_containing_blocks(&run, mark);
        self.forget_paragraph(context);
        lines
    }

    /// Absolutely positioned boxes inside positioned inline boxes: the containing block goes from the first
    /// fragment's to the last one's padding edges. <https://drafts.csswg.org/css-position-3/#def-cb>
    fn resolve_inline_containing_blocks(&mut self, run: &InlineRun<'a, '_>, mark: usize) {
        let mut openings: Vec<usize> =
            self.waiting[mark.min(self.waiting.len())..].iter().filter_map(|w| w.inline_ancestor).collect();
        openings.sort_unstable();
        openings.dedup();
        for opening in openings {
            let rects = run.positioned.iter().filter(|(index, _)| *index == opening).map(|(_, rect)| *rect);
            let Some(rect) = rects.reduce(|a, b| a.union(&b)) else { continue };
            let Some(InlineItem::Open { base, .. }) = run.context.items.get(opening) else { continue };
            self.absolute_in_rect(rect, base.style.text.direction, mark, |waiting| {
                waiting.inline_ancestor == Some(opening)
                    && waiting.boxed.base.style.box_.position == PositionProperty::Absolute
            });
        }
        for waiting in self.waiting.iter_mut().skip(mark) {
            waiting.inline_ancestor = None;
        }
    }

    /// Chooses what stands on the next line, and where the line stands.
    #[expect(clippy::too_many_arguments, reason = "the state of one loop")]
    fn break_line(
        &mut self,
        run: &mut InlineRun<'a, '_>,
        start: (usize, usize),
        top: Lu,
        indent: Lu,
        has_lines: bool,
        floats: &mut FloatContext,
        children: &mut Vec<Fragment>,
    ) -> (LineSpan, LinePlace) {
        let inside = run.inside;
        let (left_edge, right_edge) = (inside.bfc.x, inside.bfc.x + inside.cb.width);
        let mut top = top;
        let mut height = Lu::ZERO;
        loop {
            let room = floats.room(inside.bfc.y + top, height, left_edge, right_edge);
            let mut place =
                LinePlace { top, left: room.left - left_edge, width: room.width(), indent, has_lines };
            let outcome = self.fill_line(run, start, &mut place, (floats, height), children);
            let next = floats.next_edge(inside.bfc.y + top).map(|next| next - inside.bfc.y);
            match outcome {
                Filled::TooNarrow => match next {
                    // 9.5: a line that is too short for its content moves down to where it fits.
                    Some(next) if next > top => {
                        top = next;
                        height = Lu::ZERO;
                        continue;
                    }
                    _ => {
                        let span = self.overflowing_line(run, start);
                        return (span, place);
                    }
                },
                Filled::Line(span) => {
                    if !floats.is_empty() && has_lines {
                        let needed = self.line_height_of(run, &span);
                        let around = floats.room(inside.bfc.y + top, needed, left_edge, right_edge);
                        if height < needed && around.width() < place.width {
                            height = needed;
                            continue;
                        }
                    }
                    return (span, place);
                }
            }
        }
    }

    /// Fills a line at its place with segments as long as they fit.
    fn fill_line(
        &mut self,
        run: &mut InlineRun<'a, '_>,
        start: (usize, usize),
        place: &mut LinePlace,
        (floats, height): (&mut FloatContext, Lu),
        children: &mut Vec<Fragment>,
    ) -> Filled {
        let cb_width = run.inside.cb.width;
        let (mut text, mut member) = start;
        let mut other = Lu::ZERO;
        let mut good: Option<LineSpan> = None;
        loop {
            let segment = run.paragraph.segment(run.context, text, member);
            let member_end = segment.member_end.max(member);
            let mut added = self.edges_between(run.context, run.paragraph, member, member_end, cb_width);
            for index in member..member_end {
                match &run.context.items[index] {
                    InlineItem::Atomic(b) => added += self.atomic_width(run, index, b),
                    InlineItem::Float(b) if index >= run.floats_done => {
                        run.floats_done = index + 1;
                        let used =
                            self.text_width(run.paragraph, start.0..text) + other + added + place.indent;
                        self.meet_float(run, (index, b), used, place, (floats, height), children);
                    }
                    _ => {}
                }
            }
            let trimmed = run.paragraph.shaped.hanging_start(start.0..segment.text_end).max(start.0);
            let width = self.text_width(run.paragraph, start.0..trimmed) + other + added + place.indent;
            let is_forced = segment.kind == Some(BreakKind::Forced);
            let span = LineSpan {
                text: (start.0, segment.text_end),
                members: (start.1, member_end),
                is_last: is_forced || segment.kind.is_none(),
                ends_with_hyphen: segment.kind == Some(BreakKind::Hyphen),
                is_end: segment.kind.is_none()
                    || (segment.text_end == run.paragraph.shaped.text().len()
                        && member_end == run.context.items.len()),
            };
            if width > place.width && place.has_lines && (width > Lu::ZERO) {
                let is_narrowed = place.width < cb_width;
                return match good {
                    Some(span) => Filled::Line(span),
                    None if is_narrowed && !floats.is_empty() => Filled::TooNarrow,
                    None => match self.emergency_break(run, start, &segment, place, other) {
                        Some(span) => Filled::Line(span),
                        None => Filled::Line(span),
                    },
                };
            }
            if span.is_last {
                return Filled::Line(span);
            }
            good = Some(span);
            other += added;
            (text, member) = (segment.text_end, member_end);
        }
    }

    /// A line that holds one segment however wide.
    fn overflowing_line(&mut self, run: &mut InlineRun<'a, '_>, start: (usize, usize)) -> LineSpan {
        let segment = run.paragraph.segment(run.context, start.0, start.1);
        let member_end = segment.member_end.max(start.1);
        for index in start.1..member_end {
            if let InlineItem::Atomic(b) = &run.context.items[index] {
                self.atomic_width(run, index, b);
            }
        }
        LineSpan {
            text: (start.0, segment.text_end),
            members: (start.1, member_end),
            is_last: segment.kind.is_none() || segment.kind == Some(BreakKind::Forced),
            ends_with_hyphen: segment.kind == Some(BreakKind::Hyphen),
            is_end: segment.kind.is_none()
                || (segment.text_end == run.paragraph.shaped.text().len()
                    && member_end == run.context.items.len()),
        }
    }

    /// `overflow-wrap`: as much of a word as fits, at least one character.
    fn emergency_break(
        &self,
        run: &InlineRun<'a, '_>,
        start: (usize, usize),
        segment: &super::paragraph::Segment,
        place: &LinePlace,
        other: Lu,
    ) -> Option<LineSpan> {
        let paragraph = run.paragraph;
        if !paragraph.breaks_anywhere(start.0) {
            return None;
        }
        let room = place.width - other - place.indent;
        let offsets: Vec<usize> = paragraph.shaped.emergency_breaks(start.0..segment.text_end).collect();
        let fitting = offsets.partition_point(|&offset| self.text_width(paragraph, start.0..offset) <= room);
        let offset = *offsets.get(fitting.saturating_sub(1))?;
        let mut member = start.1;
        while let (Some(range), Some(item)) = (paragraph.ranges.get(member), run.context.items.get(member)) {
            let is_content = range.end > range.start || matches!(item, InlineItem::Open { .. });
            if range.end > offset || (range.start >= offset && is_content) {
                break;
            }
            member += 1;
        }
        Some(LineSpan {
            text: (start.0, offset),
            members: (start.1, member),
            is_last: false,
            ends_with_hyphen: false,
            is_end: false,
        })
    }

    /// The margin-box width of an atomic box, which is laid out at the first call.
    fn atomic_width(&mut self, run: &mut InlineRun<'a, '_>, index: usize, b: &'a IndependentBox) -> Lu {
        let cb = run.inside.cb;
        let margins = BoxEdges::new(&b.base.style, cb.width).margins();
        if let Some((laid, _)) = run.atomics.get(&index) {
            return laid.fragment.rect.size.width + margins.horizontal();
        }
        let mark = self.mark();
        let available = cb.width - margins.horizontal();
        let laid = self.independent(b, &cb, available, AutoWidth::ShrinkToFit, None);
        let waiting = self.waiting.split_off(mark);
        let width = laid.fragment.rect.size.width;
        run.atomics.insert(index, (laid, waiting));
        width + margins.horizontal()
    }

    /// A float in a line: beside what is on the line already if it fits, else below the line.
    fn meet_float(
        &mut self,
        run: &mut InlineRun<'a, '_>,
        (index, b): (usize, &'a IndependentBox),
        used: Lu,
        place: &mut LinePlace,
        (floats, height): (&mut FloatContext, Lu),
        children: &mut Vec<Fragment>,
    ) {
        let inside = run.inside;
        let mark = self.mark();
        let mut laid = self.float_layout(b, inside);
        let outer = self.float_outer_width(b, &laid, inside);
        let clears = floats
            .clear_bottom(b.base.style.box_.clear)
            .is_some_and(|bottom| bottom > inside.bfc.y + place.top);
        let fits = used + outer <= place.width || used == place.indent;
        if clears || !run.late_floats.is_empty() || !fits {
            let waiting = self.waiting.split_off(mark);
            run.late_floats.push((index, laid, waiting));
            return;
        }
        self.float_place(b, &mut laid, mark, inside, inside.bfc.y + place.top, floats);
        children.push(laid.fragment);
        let (left, right) = (inside.bfc.x, inside.bfc.x + inside.cb.width);
        let room: Room = floats.room(inside.bfc.y + place.top, height, left, right);
        place.left = room.left - left;
        place.width = room.width();
    }
}

/// `clear` of the `br` that ends a line.
fn clearing_break(context: &InlineContext, span: &LineSpan) -> Option<Clear> {
    let members = context.items.get(span.members.0..span.members.1)?;
    members.iter().rev().find_map(|item| match item {
        InlineItem::LineBreak(base) if base.style.box_.clear != Clear::None => Some(base.style.box_.clear),
        _ => None,
    })
}

/// How filling a line ended.
enum Filled {
    Line(LineSpan),
    /// Not even the first segment fits beside the floats.
    TooNarrow,
}

/// Where an absolutely positioned box in a line would stand: in the line if it were inline, else below it.
pub(super) fn static_place(
    b: &IndependentBox,
    place: &LinePlace,
    x: Lu,
    line_bottom: Lu,
    (direction, width): (Direction, Lu),
) -> Point {
    let is_inline = matches!(
        b.base.style.box_.original_display,
        Display::Inline
            | Display::InlineBlock
            | Display::InlineFlex
            | Display::InlineGrid
            | Display::InlineTable
    ) && b.base.style.box_.float == Float::None;
    if is_inline {
        return Point::new(x, place.top);
    }
    let left = if direction == Direction::Rtl { width } else { Lu::ZERO };
    let is_first = x <= place.left;
    Point::new(left, if is_first { place.top } else { line_bottom })
}
