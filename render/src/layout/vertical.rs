//! Vertical alignment in a line: <https://drafts.csswg.org/css2/#line-height>,
//! <https://drafts.csswg.org/css2/#propdef-vertical-align>. Heights are rounded as Blink rounds them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use siskin_engine::css::values::{Display, LineHeight, ListStylePosition, ListStyleType, VerticalAlign};
use siskin_engine::style::ComputedStyle;

use super::Layouter;
use super::inline::{InlineRun, LineSpan};
use super::line::{Leaf, LeafKind};
use super::sizing::BoxEdges;
use crate::boxes::{IndependentBox, InlineItem};
use crate::font::FontId;
use crate::geometry::{Lu, Point};

/// How far something reaches above and below a baseline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) ascent: Lu,
    pub(super) descent: Lu,
}

impl Reach {
    fn height(self) -> Lu {
        self.ascent + self.descent
    }

    fn unite(self, other: Self) -> Self {
        Self { ascent: self.ascent.max(other.ascent), descent: self.descent.max(other.descent) }
    }

    fn moved_down(self, by: Lu) -> Self {
        Self { ascent: self.ascent - by, descent: self.descent + by }
    }

    /// With half the leading above and half below; the half above is rounded down to whole px, as in Blink.
    fn with_line_height(self, line_height: Lu) -> Self {
        let leading = line_height - self.height();
        let above = Lu::from_whole_px((leading / 2).floor_px());
        Self { ascent: self.ascent + above, descent: self.descent + (leading - above) }
    }
}

/// What a box is aligned with in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Root {
    /// The line's baseline.
    Line,
    /// The line's top or bottom, together with the box of that member.
    Edge { member: usize, is_top: bool },
}

/// One inline box as it takes part in a line.
#[derive(Debug)]
pub(super) struct LineBox {
    /// Its opening; `None` for the root inline box.
    pub(super) opening: Option<usize>,
    pub(super) style: Arc<ComputedStyle>,
    /// Its baseline below the baseline of its alignment root.
    shift: Lu,
    root: Root,
    /// Ascent and descent of its font.
    pub(super) font: Reach,
    /// With its leading.
    reach: Reach,
    /// How far relative positioning moves it, and its ancestors with it.
    pub(super) offset: Point,
}

/// The boxes of a line, aligned.
#[derive(Debug)]
pub(super) struct LineBoxes {
    pub(super) boxes: Vec<LineBox>,
    index: HashMap<usize, usize>,
    /// The reach of each alignment root's subtree.
    subtree: HashMap<Root, Reach>,
    /// Atomic boxes by member: their baseline below that of their root, the root, and their reach.
    atomics: HashMap<usize, (Lu, Root, Reach)>,
    line: Reach,
}

impl LineBoxes {
    /// Height and baseline of the line box.
    pub(super) fn extent(&self) -> (Lu, Lu) {
        (self.line.height(), self.line.ascent)
    }

    /// The box of an opening, or the root inline box.
    pub(super) fn get(&self, opening: Option<usize>) -> &LineBox {
        let index = opening.and_then(|opening| self.index.get(&opening)).copied().unwrap_or(0);
        &self.boxes[index]
    }

    /// A box's baseline below the line's.
    pub(super) fn baseline_of(&self, opening: Option<usize>) -> Lu {
        let found = self.get(opening);
        self.root_baseline(found.root) + found.shift
    }

    /// The baseline of an atomic box below the line's.
    pub(super) fn atomic_baseline(&self, member: usize) -> (Lu, Reach) {
        self.atomics.get(&member).map_or((Lu::ZERO, Reach::default()), |(shift, root, reach)| {
            (self.root_baseline(*root) + *shift, *reach)
        })
    }

    /// 10.8.1: subtrees with `top` and `bottom` are aligned with the line box.
    fn root_baseline(&self, root: Root) -> Lu {
        let reach = self.subtree.get(&root).copied().unwrap_or_default();
        match root {
            Root::Line => Lu::ZERO,
            Root::Edge { is_top: true, .. } => reach.ascent - self.line.ascent,
            Root::Edge { is_top: false, .. } => self.line.descent - reach.descent,
        }
    }
}

impl<'a> Layouter<'a> {
    /// Ascent and descent of a style's first available font, whole px.
    pub(super) fn ascent_descent(&self, style: &ComputedStyle) -> (Lu, Lu) {
        let cache = &mut *self.text.borrow_mut();
        let font = cache.primary_font(self.fonts, &style.font);
        let metrics = cache.line_metrics(self.fonts, font, style.font.font_size);
        (Lu::from_px(metrics.ascent), Lu::from_px(metrics.descent))
    }

    /// The used line height.
    pub(super) fn line_height(&self, style: &ComputedStyle) -> Lu {
        match style.font.line_height {
            LineHeight::Normal => {
                let cache = &mut *self.text.borrow_mut();
                let font = cache.primary_font(self.fonts, &style.font);
                Lu::from_px(cache.line_metrics(self.fonts, font, style.font.font_size).line_spacing())
            }
            // Blink's `ComputedStyle::ComputedLineHeightAsFixed`: lengths are rounded, percentages too, multiples cut off.
            LineHeight::Number(number) => Lu::from_px(number * style.font.font_size),
            LineHeight::Percentage(px) | LineHeight::Length(px) => Lu::from_px_round(px),
        }
        .clamp_negative_to_zero()
    }

    fn font_reach(&self, style: &ComputedStyle) -> (Reach, Reach) {
        let (ascent, descent) = self.ascent_descent(style);
        let font = Reach { ascent, descent };
        (font, font.with_line_height(self.line_height(style)))
    }

    /// The line spacing of a fallback font: it counts where the line height is normal.
    fn fallback_reach(&self, font: FontId, size: f32) -> Reach {
        let metrics = self.text.borrow_mut().line_metrics(self.fonts, font, size);
        let reach = Reach { ascent: Lu::from_px(metrics.ascent), descent: Lu::from_px(metrics.descent) };
        reach.with_line_height(Lu::from_px(metrics.line_spacing()))
    }

    /// The boxes of a line, aligned with each other.
    pub(super) fn line_boxes(
        &self,
        run: &InlineRun<'a, '_>,
        span: &LineSpan,
        leaves: &[Leaf],
        has_lines: bool,
    ) -> LineBoxes {
        let root_style = run
            .context
            .base
            .as_ref()
            .map_or_else(|| Arc::new(run.inside.style.clone()), |base| Arc::clone(&base.style));
        let (font, reach) = self.font_reach(&root_style);
        let root = LineBox {
            opening: None,
            style: root_style,
            shift: Lu::ZERO,
            root: Root::Line,
            font,
            reach,
            offset: Point::default(),
        };
        let mut line = LineBoxes {
            boxes: vec![root],
            index: HashMap::new(),
            subtree: HashMap::new(),
            atomics: HashMap::new(),
            line: Reach::default(),
        };
        for opening in openings_on_line(run, span) {
            self.add_box(run, opening, &mut line);
        }
        if !has_lines {
            // What stands on no line has no height, as in Blink.
            line.boxes.iter_mut().for_each(|found| found.font = Reach::default());
        }
        let mut with_text = if self.line_height_quirk { boxes_with_text(leaves) } else { HashSet::new() };
        if span.text.0 == 0 && span.members.0 == 0 && has_outside_marker(&line.boxes[0].style) {
            with_text.insert(None);
        }
        let counts = |found: &LineBox| {
            !self.line_height_quirk || has_edges(found) || with_text.contains(&found.opening)
        };
        let mut extents: HashMap<Root, Reach> = HashMap::new();
        let mut note = |root: Root, reach: Reach| {
            extents.entry(root).and_modify(|known| *known = known.unite(reach)).or_insert(reach);
        };
        for found in line.boxes.iter().filter(|found| counts(found)) {
            note(found.root, found.reach.moved_down(found.shift));
        }
        for leaf in leaves {
            match &leaf.kind {
                LeafKind::Atomic => {
                    if let Some(InlineItem::Atomic(b)) = run.context.items.get(leaf.member) {
                        let (shift, root, reach) = self.align_atomic(run, leaf, b, &line);
                        note(root, reach.moved_down(shift));
                        line.atomics.insert(leaf.member, (shift, root, reach));
                    }
                }
                LeafKind::Text(text) => {
                    let found = line.get(leaf.parent);
                    if found.style.font.line_height == LineHeight::Normal {
                        let size = found.style.font.font_size;
                        let mut last = None;
                        for piece in text.pieces.iter().filter(|piece| !piece.run.glyphs.is_empty()) {
                            if last == Some(piece.run.font) {
                                continue;
                            }
                            last = Some(piece.run.font);
                            note(
                                found.root,
                                self.fallback_reach(piece.run.font, size).moved_down(found.shift),
                            );
                        }
                    }
                }
                LeafKind::Absolute | LeafKind::EmptyBox | LeafKind::Break => {}
            }
        }
        line.line = extents.remove(&Root::Line).unwrap_or_default();
        line.fit_top_and_bottom(extents);
        line
    }

    fn add_box(&self, run: &InlineRun<'a, '_>, opening: usize, line: &mut LineBoxes) {
        let Some(InlineItem::Open { base, .. }) = run.context.items.get(opening) else { return };
        let parent = line.get(run.paragraph.parents[opening]);
        let (font, reach) = self.font_reach(&base.style);
        let index = line.boxes.len();
        let offset = parent.offset + self.relative_offset(&base.style, &run.inside.cb);
        let (shift, root) = match base.style.box_.vertical_align {
            VerticalAlign::Top => (Lu::ZERO, Root::Edge { member: opening, is_top: true }),
            VerticalAlign::Bottom => (Lu::ZERO, Root::Edge { member: opening, is_top: false }),
            _ => (parent.shift + self.baseline_shift(&base.style, parent, reach), parent.root),
        };
        let found = LineBox {
            opening: Some(opening),
            style: Arc::clone(&base.style),
            shift,
            root,
            font,
            reach,
            offset,
        };
        line.boxes.push(found);
        line.index.insert(opening, index);
    }

    /// How far below its parent's baseline a box's is.
    fn baseline_shift(&self, style: &ComputedStyle, parent: &LineBox, reach: Reach) -> Lu {
        let size = parent.style.font.font_size;
        match &style.box_.vertical_align {
            VerticalAlign::Baseline | VerticalAlign::Top | VerticalAlign::Bottom => Lu::ZERO,
            VerticalAlign::Sub => Lu::from_px(size) / 5 + Lu::from_whole_px(1),
            VerticalAlign::Super => -(Lu::from_px(size) / 3 + Lu::from_whole_px(1)),
            VerticalAlign::TextTop => reach.ascent - parent.font.ascent,
            VerticalAlign::TextBottom => parent.font.descent - reach.descent,
            VerticalAlign::Middle => {
                let middle = Lu::from_px_round(self.x_height(&parent.style) / 2.0);
                (reach.ascent - reach.descent) / 2 - middle
            }
            VerticalAlign::LengthPercentage(value) => -super::sizing::used(value, self.line_height(style)),
        }
    }

    fn x_height(&self, style: &ComputedStyle) -> f32 {
        let cache = &mut *self.text.borrow_mut();
        let font = cache.primary_font(self.fonts, &style.font);
        cache.line_metrics(self.fonts, font, style.font.font_size).x_height
    }

    /// Shift, alignment root and reach of the margin box of an atomic box.
    fn align_atomic(
        &self,
        run: &InlineRun<'a, '_>,
        leaf: &Leaf,
        b: &IndependentBox,
        line: &LineBoxes,
    ) -> (Lu, Root, Reach) {
        let style = &b.base.style;
        let margins = BoxEdges::new(style, run.inside.cb.width).margins();
        let Some((laid, _)) = run.atomics.get(&leaf.member) else {
            return (Lu::ZERO, Root::Line, Reach::default());
        };
        let height = laid.fragment.rect.size.height;
        let reach = match super::line::atomic_baseline(b, laid) {
            Some(baseline) => {
                Reach { ascent: margins.top + baseline, descent: height - baseline + margins.bottom }
            }
            None => Reach { ascent: height + margins.vertical(), descent: Lu::ZERO },
        };
        let parent = line.get(leaf.parent);
        match style.box_.vertical_align {
            VerticalAlign::Top => (Lu::ZERO, Root::Edge { member: leaf.member, is_top: true }, reach),
            VerticalAlign::Bottom => (Lu::ZERO, Root::Edge { member: leaf.member, is_top: false }, reach),
            _ => (parent.shift + self.baseline_shift(style, parent, reach), parent.root, reach),
        }
    }

    /// The height of a line, without building it: for the floats beside it.
    pub(super) fn line_height_of(&self, run: &InlineRun<'a, '_>, span: &LineSpan) -> Lu {
        let leaves = self.leaves(run, span, 0.0);
        self.line_boxes(run, span, &leaves, true).extent().0
    }
}

impl LineBoxes {
    /// Makes the line high enough for what is aligned with its top and bottom.
    fn fit_top_and_bottom(&mut self, subtrees: HashMap<Root, Reach>) {
        let mut heights: Vec<(usize, bool, Lu)> = subtrees
            .iter()
            .filter_map(|(root, reach)| match *root {
                Root::Edge { member, is_top } => Some((member, is_top, reach.height())),
                Root::Line => None,
            })
            .collect();
        heights.sort_unstable();
        self.subtree = subtrees;
        for (_, is_top, height) in heights {
            let missing = (height - self.line.height()).clamp_negative_to_zero();
            if is_top {
                self.line.descent += missing;
            } else {
                self.line.ascent += missing;
            }
        }
    }
}

/// The inline boxes that have a part on the line, parents first.
pub(super) fn openings_on_line(run: &InlineRun<'_, '_>, span: &LineSpan) -> Vec<usize> {
    let mut openings = Vec::new();
    let mut around = run.paragraph.parents.get(span.members.0).copied().flatten();
    while let Some(opening) = around {
        openings.push(opening);
        around = run.paragraph.parents[opening];
    }
    openings.reverse();
    let members = span.members.0..span.members.1;
    openings.extend(members.filter(|&m| matches!(run.context.items[m], InlineItem::Open { .. })));
    openings
}

/// <https://quirks.spec.whatwg.org/#the-line-height-calculation-quirk>: the boxes that have text on the line, or a
/// break on a line of its own.
fn boxes_with_text(leaves: &[Leaf]) -> HashSet<Option<usize>> {
    let has_content = leaves.iter().any(|leaf| matches!(leaf.kind, LeafKind::Text(_) | LeafKind::Atomic));
    let counts = |leaf: &&Leaf| {
        matches!(leaf.kind, LeafKind::Text(_)) || matches!(leaf.kind, LeafKind::Break) && !has_content
    };
    leaves.iter().filter(counts).map(|leaf| leaf.parent).collect()
}

/// Whether a marker stands beside the first line: it gives that line its strut in quirks mode too.
fn has_outside_marker(style: &ComputedStyle) -> bool {
    style.box_.display == Display::ListItem
        && style.text.list_style_position == ListStylePosition::Outside
        && style.text.list_style_type != ListStyleType::None
}

/// Whether an inline box has a margin, border or padding at its sides.
fn has_edges(found: &LineBox) -> bool {
    found.opening.is_some() && super::paragraph::inline_edges(&found.style, Lu::ZERO) != (Lu::ZERO, Lu::ZERO)
}
