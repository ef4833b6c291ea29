//! Absolute and fixed positioning: 10.3.7, 10.3.8, 10.6.4 and 10.6.5 of CSS 2,
//! <https://drafts.csswg.org/css2/#abs-non-replaced-width>.

use siskin_engine::css::values::{
    Alignment, AlignmentValue, Direction, OverflowPosition, PositionProperty, Size as CssSize,
};
use siskin_engine::style::ComputedStyle;

use super::Layouter;
use super::placed::{Laid, StaticEdge, Waiting};
use super::sizing::{self, AutoWidth, BoxEdges, ContainingBlock};
use crate::boxes::IndependentContents;
use crate::fragments::Fragment;
use crate::geometry::{Edges, Lu, Point, Rect};

/// One axis of a positioned box: what is specified, `None` for `auto`.
#[derive(Debug, Clone, Copy)]
struct Axis {
    start: Option<Lu>,
    end: Option<Lu>,
    margin_start: Option<Lu>,
    margin_end: Option<Lu>,
    /// The containing block's extent.
    extent: Lu,
    /// Where the static-position rectangle begins, and how far it goes.
    static_start: Lu,
    static_extent: Lu,
    /// Whether the end is the side that yields when too much is specified.
    end_yields: bool,
    /// Where the box stands in the static-position rectangle.
    static_edge: StaticEdge,
    /// Where it stands between its insets, if it is aligned: <https://drafts.csswg.org/css-position-3/#abspos-layout>.
    aligned: Option<StaticEdge>,
    is_safe: bool,
}

impl<'a> Layouter<'a> {
    /// Lays out the boxes that wait since `mark` and whose containing block is the padding box of `fragment`.
    pub(super) fn absolute_in(&mut self, fragment: &Fragment, border: Edges, mark: usize) {
        let size = fragment.rect.size;
        let rect = Rect::new(
            border.left,
            border.top,
            size.width - border.horizontal(),
            size.height - border.vertical(),
        );
        self.absolute_in_rect(rect, fragment.style.text.direction, mark, |waiting| {
            waiting.boxed.base.style.box_.position == PositionProperty::Absolute
        });
    }

    /// All that still wait: their containing block is the viewport's.
    pub(super) fn initial_containing_block(&mut self, root: &Fragment) {
        let rect = Rect { origin: Point::default(), size: self.viewport };
        self.absolute_in_rect(rect, root.style.text.direction, 0, |_| true);
    }

    /// Lays out those that wait since `mark` and that `belongs` chooses in a containing block.
    pub(super) fn absolute_in_rect(
        &mut self,
        rect: Rect,
        direction: Direction,
        mark: usize,
        belongs: impl Fn(&Waiting<'a>) -> bool,
    ) {
        let mut at = mark;
        while at < self.waiting.len() {
            if !belongs(&self.waiting[at]) {
                at += 1;
                continue;
            }
            let waiting = self.waiting.remove(at);
            self.absolute_box(&waiting, rect, direction);
        }
    }

    fn absolute_box(&mut self, waiting: &Waiting<'a>, rect: Rect, direction: Direction) {
        let b = waiting.boxed;
        let style = &b.base.style;
        let cb = ContainingBlock { width: rect.size.width, height: Some(rect.size.height), direction };
        let edges = BoxEdges::new(style, cb.width);
        let inner = edges.inner();
        let static_position = waiting.static_position;
        let horizontal = horizontal_axis(style, &edges, &cb, waiting, static_position.x - rect.origin.x);
        let vertical = vertical_axis(style, &edges, &cb, waiting, static_position.y - rect.origin.y);
        let mark = self.mark();
        let is_flow = matches!(b.contents, IndependentContents::Flow(_) | IndependentContents::Items(_));
        let available = horizontal.available();
        let fills =
            is_flow && horizontal.start.is_some() && horizontal.end.is_some() && horizontal.aligned.is_none();
        let auto = if fills { AutoWidth::Fill } else { AutoWidth::ShrinkToFit };
        let is_auto_height = matches!(style.size.height, CssSize::Auto | CssSize::Stretch);
        // Both axes cannot be stretched where a ratio binds them.
        let is_by_ratio = sizing::Ratio::preferred(style).is_some()
            && (fills || !matches!(style.size.width, CssSize::Auto));
        let forced = (is_flow
            && is_auto_height
            && !is_by_ratio
            && vertical.start.is_some()
            && vertical.end.is_some()
            && vertical.aligned.is_none())
        .then(|| {
            let height = (vertical.available() - inner.vertical()).clamp_negative_to_zero();
            sizing::clamp_height(style, cb.height, inner.vertical(), height)
        });
        let mut laid: Laid = self.independent(b, &cb, available, auto, forced);
        let size = laid.fragment.rect.size;
        let x = horizontal.position(size.width, matches!(cb.direction, Direction::Rtl));
        let y = vertical.position(size.height, false);
        let at = rect.origin + Point::new(x, y);
        self.place(&mut laid, mark, at);
        // Relative to the fragment that holds the placeholder.
        let parent = waiting.parent_origin;
        laid.fragment.rect.origin = at + Point::new(-parent.x, -parent.y);
        if let Some(slot) = self.positioned.get_mut(waiting.placeholder) {
            *slot = Some(laid.fragment);
        }
    }
}

fn horizontal_axis(
    style: &ComputedStyle,
    edges: &BoxEdges,
    cb: &ContainingBlock,
    waiting: &Waiting<'_>,
    static_start: Lu,
) -> Axis {
    let basis = cb.width.to_px();
    Axis {
        start: style.size.inset.left.resolve(basis).map(Lu::from_px),
        end: style.size.inset.right.resolve(basis).map(Lu::from_px),
        margin_start: edges.margin.left,
        margin_end: edges.margin.right,
        extent: cb.width,
        static_start,
        static_extent: waiting.static_area.width,
        end_yields: cb.direction == Direction::Ltr,
        static_edge: waiting.static_align.0,
        aligned: aligned(style.flex.justify_self, cb.direction, style.text.direction),
        is_safe: style.flex.justify_self.overflow != OverflowPosition::Unsafe,
    }
}

fn vertical_axis(
    style: &ComputedStyle,
    edges: &BoxEdges,
    cb: &ContainingBlock,
    waiting: &Waiting<'_>,
    static_start: Lu,
) -> Axis {
    let basis = cb.height.unwrap_or(Lu::ZERO).to_px();
    Axis {
        start: style.size.inset.top.resolve(basis).map(Lu::from_px),
        end: style.size.inset.bottom.resolve(basis).map(Lu::from_px),
        margin_start: edges.margin.top,
        margin_end: edges.margin.bottom,
        extent: cb.height.unwrap_or(Lu::ZERO),
        static_start,
        static_extent: waiting.static_area.height,
        end_yields: true,
        static_edge: waiting.static_align.1,
        aligned: aligned(style.flex.align_self, Direction::Ltr, Direction::Ltr),
        is_safe: style.flex.align_self.overflow != OverflowPosition::Unsafe,
    }
}

/// Where `justify-self` or `align-self` puts a box; `None` where it fills or stays at the start.
fn aligned(value: AlignmentValue, direction: Direction, own: Direction) -> Option<StaticEdge> {
    match value.keyword {
        Alignment::Auto | Alignment::Normal | Alignment::Stretch => None,
        keyword => Some(StaticEdge::of(keyword, direction == Direction::Rtl, own == Direction::Rtl)),
    }
}

impl Axis {
    /// The border-box extent that fills what the insets and margins leave.
    fn available(&self) -> Lu {
        let margins = self.margin_start.unwrap_or(Lu::ZERO) + self.margin_end.unwrap_or(Lu::ZERO);
        let taken = match (self.start, self.end) {
            (Some(start), Some(end)) => start + end,
            (Some(start), None) => start,
            (None, Some(end)) => end,
            // Shrink-to-fit counts from the static position.
            (None, None) => match self.static_edge {
                StaticEdge::Start => self.static_start,
                StaticEdge::End => self.extent - self.static_start - self.static_extent,
                StaticEdge::Center => {
                    let middle = self.static_start + self.static_extent / 2;
                    self.extent - middle.min(self.extent - middle) * 2
                }
            },
        };
        (self.extent - taken - margins).clamp_negative_to_zero()
    }

    /// The border box's start edge in the containing block.
    fn position(&self, size: Lu, keeps_end_when_over: bool) -> Lu {
        let margin = |margin: Option<Lu>| margin.unwrap_or(Lu::ZERO);
        match (self.start, self.end) {
            (None, None) => {
                let outer = size + margin(self.margin_start) + margin(self.margin_end);
                let free = self.static_extent - outer;
                let before = match self.static_edge {
                    StaticEdge::Start => Lu::ZERO,
                    StaticEdge::Center => free / 2,
                    StaticEdge::End => free,
                };
                self.static_start + before + margin(self.margin_start)
            }
            (Some(start), None) => start + margin(self.margin_start),
            (None, Some(end)) => self.extent - end - margin(self.margin_end) - size,
            (Some(start), Some(end)) => {
                let free = self.extent - start - end - size;
                match (self.margin_start, self.margin_end) {
                    (None, None) if free < Lu::ZERO && keeps_end_when_over => start + free,
                    (None, None) => start + (free / 2).clamp_negative_to_zero(),
                    (None, Some(end_margin)) => start + free - end_margin,
                    (Some(start_margin), None) => start + start_margin,
                    (Some(start_margin), Some(end_margin)) if self.aligned.is_some() => {
                        let edge = self.aligned.unwrap_or_default();
                        let free = free - start_margin - end_margin;
                        let free = if self.is_safe { free.clamp_negative_to_zero() } else { free };
                        let before = match edge {
                            StaticEdge::Start => Lu::ZERO,
                            StaticEdge::Center => free / 2,
                            StaticEdge::End => free,
                        };
                        start + start_margin + before
                    }
                    (Some(start_margin), Some(_)) if self.end_yields => start + start_margin,
                    (Some(_), Some(end_margin)) => self.extent - end - end_margin - size,
                }
            }
        }
    }
}
