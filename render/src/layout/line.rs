//! One line: its pieces in visual order, and its fragments nested.
//!
//! <https://drafts.csswg.org/css-inline-3/#line-box>, <https://drafts.csswg.org/css-text-4/#text-align-property>,
//! <https://drafts.csswg.org/css-writing-modes-4/#bidi-box-model>.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use siskin_engine::css::values::{Direction, Display, Overflow, PositionProperty, TextAlign};
use siskin_engine::style::ComputedStyle;

use super::Layouter;
use super::inline::{InlineRun, LinePlace, LineSpan, static_place};
use super::placed::{BoxParts, Laid, box_fragment, contains_absolute};
use super::sizing::BoxEdges;
use super::vertical::{LineBoxes, openings_on_line};
use crate::boxes::{BoxBase, IndependentBox, InlineItem};
use crate::fragments::{Fragment, FragmentKind, TextFragment};
use crate::geometry::{Edges, Lu, Point, Rect, Size};
use crate::text::{GlyphRun, LinePiece, LineStart};

/// A line that is built.
pub(super) struct BuiltLine {
    pub(super) fragment: Fragment,
    pub(super) height: Lu,
    pub(super) baseline: Lu,
}

/// What stands on a line, in visual order.
#[derive(Debug)]
pub(super) struct Leaf {
    /// The member of the context that it comes from.
    pub(super) member: usize,
    /// The innermost inline box around it, by its opening.
    pub(super) parent: Option<usize>,
    pub(super) width: Lu,
    pub(super) kind: LeafKind,
}

/// What a leaf is.
#[derive(Debug)]
pub(super) enum LeafKind {
    /// Text of one node in one direction.
    Text(TextLeaf),
    /// An atomic inline box.
    Atomic,
    /// An absolutely positioned box, which takes no room.
    Absolute,
    /// An inline box with nothing in it.
    EmptyBox,
    /// A forced break: gives its box a height, shows nothing.
    Break,
}

/// Text of one node on a line.
#[derive(Debug)]
pub(super) struct TextLeaf {
    range: (usize, usize),
    is_rtl: bool,
    pub(super) pieces: Vec<LinePiece>,
}

/// An inline box whose fragment is being filled.
struct OpenBox {
    opening: usize,
    /// Its border box's left top corner, in the container's border box.
    origin: Point,
    edges: BoxEdges,
    has_left: bool,
    children: Vec<Fragment>,
}

/// A line's fragments in the making. Coordinates are those of the container's border box.
struct Builder<'b> {
    boxes: &'b LineBoxes,
    x: Lu,
    baseline: Lu,
    bottom: Lu,
    open: Vec<OpenBox>,
    children: Vec<Fragment>,
    /// How many leaves of each inline box are still to come.
    left: HashMap<usize, usize>,
    started: HashSet<usize>,
    opens: HashSet<usize>,
    closes: HashSet<usize>,
}

impl Builder<'_> {
    fn push(&mut self, mut fragment: Fragment) {
        match self.open.last_mut() {
            Some(parent) => {
                let origin = parent.origin;
                fragment.rect.origin = fragment.rect.origin + Point::new(-origin.x, -origin.y);
                parent.children.push(fragment);
            }
            None => self.children.push(fragment),
        }
    }
}

impl<'a> Layouter<'a> {
    /// Builds the fragments of a line. `children` are floats that were met on it.
    pub(super) fn build_line(
        &mut self,
        run: &mut InlineRun<'a, '_>,
        span: &LineSpan,
        place: &LinePlace,
        children: Vec<Fragment>,
    ) -> BuiltLine {
        let inside = run.inside;
        let mut leaves = self.leaves(run, span, 0.0);
        let mut total = self.total_width(run, span, &leaves);
        let free = place.width - place.indent - total;
        if inside.style.text.text_align == TextAlign::Justify && !span.is_last && free > Lu::ZERO {
            let end = run.paragraph.shaped.hanging_start(span.text.0..span.text.1).max(span.text.0);
            let spaces = run.paragraph.shaped.count_spaces(span.text.0..end);
            if spaces > 0 {
                leaves = self.leaves(run, span, free.to_px() / spaces as f32);
                total = self.total_width(run, span, &leaves);
            }
        }
        let boxes = self.line_boxes(run, span, &leaves, place.has_lines);
        let (height, baseline) = if place.has_lines { boxes.extent() } else { (Lu::ZERO, Lu::ZERO) };
        let start = line_start(inside.style, place, total);
        let line_origin = inside.offset + Point::new(place.left, place.top);
        let mut builder = Builder {
            boxes: &boxes,
            x: line_origin.x + start,
            baseline: line_origin.y + baseline,
            bottom: place.top + height,
            open: Vec::new(),
            children,
            left: leaf_counts(run, &leaves),
            started: HashSet::new(),
            opens: first_openings(run, span),
            closes: last_closings(run, span),
        };
        for leaf in leaves {
            self.add_leaf(run, place, &mut builder, leaf);
        }
        while !builder.open.is_empty() {
            self.close_box(run, &mut builder);
        }
        let mut fragments = builder.children;
        for child in &mut fragments {
            child.rect.origin = child.rect.origin + Point::new(-line_origin.x, -line_origin.y);
        }
        let root = boxes.get(None);
        let fragment = Fragment {
            rect: Rect { origin: line_origin, size: Size { width: place.width, height } },
            node: None,
            pseudo: None,
            style: Arc::clone(&root.style),
            kind: FragmentKind::Line { baseline },
            children: fragments,
        };
        BuiltLine { fragment, height, baseline }
    }

    /// What a line shows, in visual order. `expansion` CSS px are added to each space.
    pub(super) fn leaves(&self, run: &InlineRun<'a, '_>, span: &LineSpan, expansion: f32) -> Vec<Leaf> {
        let paragraph = run.paragraph;
        let shown = paragraph.shown_end(span.text.0..span.text.1).max(span.text.0);
        let mut leaves: Vec<Leaf> = Vec::new();
        let mut pieces = Vec::new();
        if shown > span.text.0 {
            let start = LineStart { x: 0.0, expansion };
            let cache = &mut *self.text.borrow_mut();
            pieces = paragraph.shaped.line(span.text.0..shown, start, self.fonts, cache);
            if span.ends_with_hyphen
                && let Some(last) = pieces.iter().max_by_key(|piece| piece.range.end)
                && let Some(hyphen) = paragraph.shaped.hyphen(last.item, self.fonts, cache)
            {
                let (range, level) = (last.range.end..last.range.end, last.level);
                pieces.push(LinePiece { range, level, ..hyphen });
            }
        }
        for piece in pieces {
            let Some(&member) = paragraph.members.get(piece.item) else { continue };
            let parent = paragraph.parents[member];
            match &run.context.items[member] {
                InlineItem::Text { .. } => {
                    let is_rtl = piece.level % 2 == 1;
                    if let Some(Leaf { member: known, kind: LeafKind::Text(text), .. }) = leaves.last_mut()
                        && *known == member
                        && text.is_rtl == is_rtl
                    {
                        text.range = (text.range.0.min(piece.range.start), text.range.1.max(piece.range.end));
                        text.pieces.push(piece);
                        continue;
                    }
                    let range = (piece.range.start, piece.range.end);
                    let text = TextLeaf { range, is_rtl, pieces: vec![piece] };
                    leaves.push(Leaf { member, parent, width: Lu::ZERO, kind: LeafKind::Text(text) });
                }
                InlineItem::Atomic(b) => {
                    let margins = BoxEdges::new(&b.base.style, run.inside.cb.width).margins();
                    let own =
                        run.atomics.get(&member).map_or(Lu::ZERO, |(laid, _)| laid.fragment.rect.size.width);
                    let width = own + margins.horizontal();
                    leaves.push(Leaf { member, parent, width, kind: LeafKind::Atomic });
                }
                _ => {}
            }
        }
        for leaf in &mut leaves {
            if let LeafKind::Text(text) = &leaf.kind {
                leaf.width = Lu::from_px_ceil(text.pieces.iter().map(|piece| piece.width).sum());
            }
        }
        if let Some(leaf) = preserved_line_feed(run, span, shown) {
            leaves.push(leaf);
        }
        add_leaves_without_width(run, span, &mut leaves);
        leaves
    }

    /// The width of all that stands on the line.
    fn total_width(&self, run: &InlineRun<'a, '_>, span: &LineSpan, leaves: &[Leaf]) -> Lu {
        let edges = self.edges_between(
            run.context,
            run.paragraph,
            span.members.0,
            span.members.1,
            run.inside.cb.width,
        );
        leaves.iter().map(|leaf| leaf.width).sum::<Lu>() + edges
    }

    fn add_leaf(
        &mut self,
        run: &mut InlineRun<'a, '_>,
        place: &LinePlace,
        builder: &mut Builder<'_>,
        leaf: Leaf,
    ) {
        let mut chain = chain(run, leaf.parent);
        chain.reverse();
        let common =
            builder.open.iter().zip(&chain).take_while(|(open, want)| open.opening == **want).count();
        while builder.open.len() > common {
            self.close_box(run, builder);
        }
        for &opening in &chain[common..] {
            self.open_box(run, builder, opening);
        }
        for opening in &chain {
            if let Some(count) = builder.left.get_mut(opening) {
                *count = count.saturating_sub(1);
            }
        }
        match leaf.kind {
            LeafKind::Text(text) => add_text(run, builder, leaf.member, leaf.parent, leaf.width, text),
            LeafKind::Atomic => self.add_atomic(run, builder, leaf.member, leaf.parent),
            LeafKind::Absolute => {
                if let InlineItem::Absolute(b) = &run.context.items[leaf.member] {
                    let inside = run.inside;
                    let x = builder.x - inside.offset.x;
                    let cb = &inside.cb;
                    let at = static_place(b, place, x, builder.bottom, (cb.direction, cb.width));
                    let origin = inside.offset + Point::new(place.left, place.top);
                    let placeholder = self.wait(b, inside.offset + at, origin, inside.cb);
                    if let Some(waiting) = self.waiting.last_mut() {
                        waiting.inline_ancestor = positioned_ancestor(run, leaf.parent);
                    }
                    builder.children.push(placeholder);
                }
            }
            LeafKind::Break => {
                if let InlineItem::LineBreak(base) = &run.context.items[leaf.member] {
                    add_break(builder, base, leaf.parent);
                }
            }
            LeafKind::EmptyBox => {}
        }
    }

    fn open_box(&self, run: &InlineRun<'a, '_>, builder: &mut Builder<'_>, opening: usize) {
        let found = builder.boxes.get(Some(opening));
        let edges = BoxEdges::new(&found.style, run.inside.cb.width);
        let is_first = builder.started.insert(opening);
        let side = match found.style.text.direction {
            Direction::Ltr => &builder.opens,
            Direction::Rtl => &builder.closes,
        };
        let has_left = is_first && side.contains(&opening);
        let inner = edges.inner();
        let top = builder.baseline + builder.boxes.baseline_of(Some(opening)) - found.font.ascent - inner.top;
        if has_left {
            builder.x += edges.margins().left;
        }
        let origin = Point::new(builder.x, top);
        if has_left {
            builder.x += inner.left;
        }
        builder.open.push(OpenBox { opening, origin, edges, has_left, children: Vec::new() });
    }

    fn close_box(&self, run: &mut InlineRun<'a, '_>, builder: &mut Builder<'_>) {
        let Some(open) = builder.open.pop() else { return };
        let found = builder.boxes.get(Some(open.opening));
        let Some(InlineItem::Open { base, .. }) = run.context.items.get(open.opening) else { return };
        let side = match found.style.text.direction {
            Direction::Ltr => &builder.closes,
            Direction::Rtl => &builder.opens,
        };
        let is_last = builder.left.get(&open.opening).is_none_or(|left| *left == 0);
        let has_right = is_last && side.contains(&open.opening);
        let inner = open.edges.inner();
        if has_right {
            builder.x += inner.right;
        }
        let width = builder.x - open.origin.x;
        if has_right {
            builder.x += open.edges.margins().right;
        }
        let keep = |edges: Edges| Edges {
            left: if open.has_left { edges.left } else { Lu::ZERO },
            right: if has_right { edges.right } else { Lu::ZERO },
            ..edges
        };
        let height = found.font.ascent + found.font.descent + inner.vertical();
        let parts = BoxParts {
            border: keep(open.edges.border),
            padding: keep(open.edges.padding),
            replaced: None,
            is_inline: true,
        };
        let border = parts.border;
        let mut fragment = box_fragment(base, Size { width, height }, parts, open.children);
        let parent_offset = builder.boxes.get(run.paragraph.parents[open.opening]).offset;
        let own = found.offset + Point::new(-parent_offset.x, -parent_offset.y);
        fragment.rect.origin = open.origin + own;
        if contains_absolute(base) {
            let corner = open.origin + found.offset + Point::new(border.left, border.top);
            let padding_box =
                Rect::new(corner.x, corner.y, width - border.horizontal(), height - border.vertical());
            run.positioned.push((open.opening, padding_box));
        }
        builder.push(fragment);
    }

    fn add_atomic(
        &mut self,
        run: &mut InlineRun<'a, '_>,
        builder: &mut Builder<'_>,
        member: usize,
        parent: Option<usize>,
    ) {
        let Some((mut laid, waiting)) = run.atomics.remove(&member) else { return };
        let InlineItem::Atomic(b) = &run.context.items[member] else { return };
        let margins = BoxEdges::new(&b.base.style, run.inside.cb.width).margins();
        let (shift, reach) = builder.boxes.atomic_baseline(member);
        let width = laid.fragment.rect.size.width;
        let corner =
            Point::new(builder.x + margins.left, builder.baseline + shift - reach.ascent + margins.top);
        builder.x += width + margins.horizontal();
        let at = corner + self.relative_offset(&b.base.style, &run.inside.cb);
        let mark = self.mark();
        let ancestor = positioned_ancestor(run, parent);
        self.waiting.extend(waiting);
        for waiting in self.waiting.iter_mut().skip(mark) {
            waiting.inline_ancestor = waiting.inline_ancestor.or(ancestor);
        }
        self.move_waiting(mark, at + builder.boxes.get(parent).offset);
        laid.fragment.rect.origin = at;
        builder.push(laid.fragment);
    }
}

/// The baseline of an atomic box from its border box's top; `None` is its bottom margin edge.
/// <https://drafts.csswg.org/css2/#propdef-vertical-align>: an inline-block's last line, unless it clips.
pub(super) fn atomic_baseline(b: &IndependentBox, laid: &Laid) -> Option<Lu> {
    let style = &b.base.style.box_;
    match style.display {
        Display::InlineTable | Display::InlineFlex | Display::InlineGrid => laid.first_baseline,
        _ if style.overflow_x != Overflow::Visible && style.overflow_x != Overflow::Clip => None,
        _ => laid.last_baseline,
    }
}

fn add_text(
    run: &InlineRun<'_, '_>,
    builder: &mut Builder<'_>,
    member: usize,
    parent: Option<usize>,
    width: Lu,
    text: TextLeaf,
) {
    let InlineItem::Text { base, .. } = &run.context.items[member] else { return };
    let found = builder.boxes.get(parent);
    let top = builder.baseline + builder.boxes.baseline_of(parent) - found.font.ascent;
    let mut pen = 0.0;
    let mut runs: Vec<GlyphRun> = Vec::with_capacity(text.pieces.len());
    for piece in text.pieces {
        let mut glyphs = piece.run;
        for glyph in &mut glyphs.glyphs {
            glyph.x += pen;
        }
        pen += piece.width;
        if !glyphs.glyphs.is_empty() {
            runs.push(glyphs);
        }
    }
    let shown = run.paragraph.shaped.text().get(text.range.0..text.range.1).unwrap_or_default();
    let height = found.font.ascent + found.font.descent;
    let fragment = Fragment {
        rect: Rect::new(builder.x, top, width, height),
        node: base.node,
        pseudo: base.pseudo,
        style: Arc::clone(&base.style),
        kind: FragmentKind::Text(TextFragment { text: shown.to_owned(), runs, baseline: found.font.ascent }),
        children: Vec::new(),
    };
    builder.x += width;
    builder.push(fragment);
}

/// `br` itself: no width, as high as its font.
fn add_break(builder: &mut Builder<'_>, base: &BoxBase, parent: Option<usize>) {
    let found = builder.boxes.get(parent);
    let font = found.font;
    let top = builder.baseline + builder.boxes.baseline_of(parent) - font.ascent;
    let size = Size { width: Lu::ZERO, height: font.ascent + font.descent };
    let parts =
        BoxParts { border: Edges::default(), padding: Edges::default(), replaced: None, is_inline: true };
    let mut fragment = box_fragment(base, size, parts, Vec::new());
    fragment.rect.origin = Point::new(builder.x, top);
    builder.push(fragment);
}

/// Where the line's content starts, from the line's left edge.
fn line_start(style: &ComputedStyle, place: &LinePlace, total: Lu) -> Lu {
    let is_ltr = style.text.direction == Direction::Ltr;
    let free = place.width - place.indent - total;
    // What overflows does so at the end.
    let align = match style.text.text_align {
        TextAlign::Start | TextAlign::Justify => {
            if is_ltr {
                TextAlign::Left
            } else {
                TextAlign::Right
            }
        }
        TextAlign::End => {
            if is_ltr {
                TextAlign::Right
            } else {
                TextAlign::Left
            }
        }
        other => other,
    };
    let shift = match align {
        TextAlign::Center | TextAlign::WebkitCenter if free >= Lu::ZERO => free / 2,
        TextAlign::Right | TextAlign::WebkitRight if is_ltr => free.clamp_negative_to_zero(),
        TextAlign::Right | TextAlign::WebkitRight => free,
        TextAlign::Left | TextAlign::WebkitLeft if !is_ltr => free.min(Lu::ZERO),
        _ if !is_ltr => free,
        _ => Lu::ZERO,
    };
    if is_ltr { place.indent + shift } else { shift }
}

/// The inline boxes around a member, innermost first.
fn chain(run: &InlineRun<'_, '_>, parent: Option<usize>) -> Vec<usize> {
    std::iter::successors(parent, |&opening| run.paragraph.parents[opening]).collect()
}

fn positioned_ancestor(run: &InlineRun<'_, '_>, parent: Option<usize>) -> Option<usize> {
    std::iter::successors(parent, |&opening| run.paragraph.parents[opening]).find(|&opening| {
        matches!(&run.context.items[opening], InlineItem::Open { base, .. }
            if base.style.box_.position != PositionProperty::Static)
    })
}

fn leaf_counts(run: &InlineRun<'_, '_>, leaves: &[Leaf]) -> HashMap<usize, usize> {
    let mut counts = HashMap::new();
    for leaf in leaves {
        for opening in std::iter::successors(leaf.parent, |&opening| run.paragraph.parents[opening]) {
            *counts.entry(opening).or_insert(0) += 1;
        }
    }
    counts
}

/// The inline boxes whose first edge is on the line.
fn first_openings(run: &InlineRun<'_, '_>, span: &LineSpan) -> HashSet<usize> {
    (span.members.0..span.members.1)
        .filter(|&member| matches!(run.context.items[member], InlineItem::Open { is_first: true, .. }))
        .collect()
}

/// The inline boxes whose last edge is on the line.
fn last_closings(run: &InlineRun<'_, '_>, span: &LineSpan) -> HashSet<usize> {
    (span.members.0..span.members.1)
        .filter(|&member| matches!(run.context.items[member], InlineItem::Close { is_last: true }))
        .filter_map(|member| run.paragraph.parents[member])
        .collect()
}

/// A line feed of the text that ends the line is a piece of text of its own, without width, as in Blink.
fn preserved_line_feed(run: &InlineRun<'_, '_>, span: &LineSpan, shown: usize) -> Option<Leaf> {
    let paragraph = run.paragraph;
    let start = span.text.1.checked_sub(1).filter(|start| *start >= shown)?;
    if !paragraph.shaped.text().get(start..span.text.1)?.ends_with('\n') {
        return None;
    }
    let items = paragraph.shaped.items();
    let item = items.partition_point(|item| item.range.end <= start);
    let member = *paragraph.members.get(item)?;
    let InlineItem::Text { .. } = run.context.items.get(member)? else { return None };
    let text = TextLeaf { range: (start, span.text.1), is_rtl: false, pieces: Vec::new() };
    let parent = paragraph.parents[member];
    Some(Leaf { member, parent, width: Lu::ZERO, kind: LeafKind::Text(text) })
}

/// Adds what takes no room: breaks, absolutely positioned boxes and inline boxes with nothing in them.
fn add_leaves_without_width(run: &InlineRun<'_, '_>, span: &LineSpan, leaves: &mut Vec<Leaf>) {
    let mut extra = Vec::new();
    let parents = &run.paragraph.parents;
    for (member, item) in run.context.items.iter().enumerate().take(span.members.1).skip(span.members.0) {
        let kind = match item {
            InlineItem::Absolute(_) => LeafKind::Absolute,
            InlineItem::LineBreak(_) => LeafKind::Break,
            _ => continue,
        };
        extra.push(Leaf { member, parent: parents[member], width: Lu::ZERO, kind });
    }
    let mut filled: HashSet<usize> = HashSet::new();
    for leaf in leaves.iter().chain(&extra) {
        let mut around = leaf.parent;
        while let Some(opening) = around.filter(|&opening| filled.insert(opening)) {
            around = parents[opening];
        }
    }
    for opening in openings_on_line(run, span).into_iter().rev() {
        if filled.contains(&opening) {
            continue;
        }
        extra.push(Leaf {
            member: opening,
            parent: Some(opening),
            width: Lu::ZERO,
            kind: LeafKind::EmptyBox,
        });
        let mut around = Some(opening);
        while let Some(opening) = around.filter(|&opening| filled.insert(opening)) {
            around = parents[opening];
        }
    }
    if extra.is_empty() {
        return;
    }
    if leaves.is_sorted_by_key(|leaf| leaf.member) {
        leaves.append(&mut extra);
        leaves.sort_by_key(|leaf| leaf.member);
        return;
    }
    // In mixed directions each stands behind what precedes it in the text.
    for leaf in extra {
        let before = leaves.iter().enumerate().filter(|(_, known)| known.member < leaf.member);
        let at = before.max_by_key(|(_, known)| known.member).map_or(0, |(index, _)| index + 1);
        leaves.insert(at, leaf);
    }
}
