//! Fragments in the making, and absolutely positioned boxes that wait for their containing block.

use std::sync::Arc;

use siskin_engine::css::values::{Alignment, Direction, PositionProperty};

use super::Layouter;
use super::sizing::ContainingBlock;
use crate::boxes::{BoxBase, IndependentBox};
use crate::fragments::{BoxDecoration, BoxFragment, Fragment, FragmentKind, ReplacedContent};
use crate::geometry::{Edges, Lu, Point, Rect, Size};

/// A box that is laid out; its place is not known yet.
#[derive(Debug)]
pub(super) struct Laid {
    /// The fragment, at the origin until it is placed.
    pub(super) fragment: Fragment,
    /// From the border box's top to the first line's baseline.
    pub(super) first_baseline: Option<Lu>,
    /// From the border box's top to the last line's baseline.
    pub(super) last_baseline: Option<Lu>,
}

/// An absolutely positioned box that was met in its place in the tree. Its coordinates are relative to the
/// border box of the fragment that is being laid out, and move with it as it is placed.
#[derive(Debug)]
pub(super) struct Waiting<'a> {
    pub(super) boxed: &'a IndependentBox,
    /// Where it would stand if it were static: the corner of the static-position rectangle,
    /// <https://drafts.csswg.org/css-position-3/#staticpos-rect>.
    pub(super) static_position: Point,
    /// The extent of the static-position rectangle.
    pub(super) static_area: Size,
    /// Where the margin box stands in that rectangle.
    pub(super) static_align: (StaticEdge, StaticEdge),
    /// The origin of the fragment that holds the placeholder.
    pub(super) parent_origin: Point,
    /// Which placeholder.
    pub(super) placeholder: usize,
    /// The positioned inline box around it, as an index into the items of the inline formatting context that is
    /// being laid out.
    pub(super) inline_ancestor: Option<usize>,
}

/// Where a margin box stands in its static-position rectangle, along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum StaticEdge {
    /// At the left or top edge.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// At the right or bottom edge.
    End,
}

impl StaticEdge {
    /// Where an alignment puts a box; `rtl` and `own_rtl` tell whether the axis starts on the right for the container and for
    /// the box.
    pub(super) const fn of(align: Alignment, rtl: bool, own_rtl: bool) -> Self {
        let is_end = match align {
            Alignment::Center => return Self::Center,
            Alignment::Left => return Self::Start,
            Alignment::Right => return Self::End,
            Alignment::End | Alignment::FlexEnd | Alignment::LastBaseline => !rtl,
            Alignment::SelfStart => own_rtl,
            Alignment::SelfEnd => !own_rtl,
            _ => rtl,
        };
        if is_end { Self::End } else { Self::Start }
    }
}

/// What a box adds to its fragment.
pub(super) struct BoxParts {
    pub(super) border: Edges,
    pub(super) padding: Edges,
    pub(super) replaced: Option<ReplacedContent>,
    pub(super) is_inline: bool,
}

/// A fragment of a box, at the origin.
pub(super) fn box_fragment(base: &BoxBase, size: Size, parts: BoxParts, children: Vec<Fragment>) -> Fragment {
    Fragment {
        rect: Rect { origin: Point::default(), size },
        node: base.node,
        pseudo: base.pseudo,
        style: Arc::clone(&base.style),
        kind: FragmentKind::Box(BoxFragment {
            border: parts.border,
            padding: parts.padding,
            is_inline: parts.is_inline,
            replaced: parts.replaced,
            baseline: None,
            decoration: BoxDecoration::Whole,
        }),
        children,
    }
}

impl<'a> Layouter<'a> {
    /// How many boxes wait: the mark to give to [`Self::place`].
    pub(super) fn mark(&self) -> usize {
        self.waiting.len()
    }

    /// Puts a fragment where it belongs; boxes that wait since `mark` go with it.
    pub(super) fn place(&mut self, laid: &mut Laid, mark: usize, at: Point) {
        laid.fragment.rect.origin = at;
        self.move_waiting(mark, at);
    }

    /// Moves the boxes that wait since `mark`.
    pub(super) fn move_waiting(&mut self, mark: usize, by: Point) {
        for waiting in self.waiting.iter_mut().skip(mark) {
            waiting.static_position = waiting.static_position + by;
            waiting.parent_origin = waiting.parent_origin + by;
        }
    }

    /// Notes an absolutely positioned box; the answer is the placeholder to keep in its place.
    pub(super) fn wait(
        &mut self,
        boxed: &'a IndependentBox,
        static_position: Point,
        parent_origin: Point,
        static_cb: ContainingBlock,
    ) -> Fragment {
        let placeholder = self.positioned.len();
        self.positioned.push(None);
        let inline_edge = match static_cb.direction {
            Direction::Ltr => StaticEdge::Start,
            Direction::Rtl => StaticEdge::End,
        };
        self.waiting.push(Waiting {
            boxed,
            static_position,
            static_area: Size::default(),
            static_align: (inline_edge, StaticEdge::Start),
            parent_origin,
            placeholder,
            inline_ancestor: None,
        });
        placeholder_fragment(&boxed.base, placeholder)
    }

    /// Puts the absolutely positioned fragments in their placeholders' places.
    pub(super) fn fill_placeholders(&mut self, fragment: &mut Fragment) {
        for child in &mut fragment.children {
            if let Some(index) = placeholder_index(child)
                && let Some(positioned) = self.positioned.get_mut(index).and_then(Option::take)
            {
                *child = positioned;
            }
            self.fill_placeholders(child);
        }
    }
}

/// The line baseline that marks a placeholder; no line has it.
const PLACEHOLDER: Lu = Lu::MIN;

fn placeholder_fragment(base: &BoxBase, index: usize) -> Fragment {
    let index = Lu(i32::try_from(index).unwrap_or(i32::MAX));
    Fragment {
        rect: Rect::new(Lu::ZERO, Lu::ZERO, index, Lu::ZERO),
        node: None,
        pseudo: None,
        style: Arc::clone(&base.style),
        kind: FragmentKind::Line { baseline: PLACEHOLDER },
        children: Vec::new(),
    }
}

fn placeholder_index(fragment: &Fragment) -> Option<usize> {
    match fragment.kind {
        FragmentKind::Line { baseline: PLACEHOLDER } => usize::try_from(fragment.rect.size.width.0).ok(),
        _ => None,
    }
}

/// Whether the box is the containing block of absolutely positioned boxes inside it.
pub(super) fn contains_absolute(base: &BoxBase) -> bool {
    base.style.box_.position != PositionProperty::Static
}
