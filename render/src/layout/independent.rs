//! Boxes with a formatting context of their own, wherever they stand: blocks, floats, inline-blocks, cells.

use siskin_engine::css::values::{Alignment, Display, OverflowPosition};
use siskin_engine::style::ComputedStyle;

use super::Layouter;
use super::block::Inside;
use super::flex::KnownSize;
use super::float::FloatContext;
use super::placed::{BoxParts, Laid, box_fragment, contains_absolute};
use super::sizing::{self, AutoWidth, BoxEdges, ContainingBlock};
use crate::boxes::{BlockContainer, IndependentBox, IndependentContents};
use crate::geometry::{Lu, Point, Size};

impl<'a> Layouter<'a> {
    /// Lays out a box in a containing block. `available` is the border-box width that would fill it; `forced` is the
    /// content height where the context decides it (stretched boxes, insets at both ends).
    pub(super) fn independent(
        &mut self,
        b: &'a IndependentBox,
        cb: &ContainingBlock,
        available: Lu,
        auto: AutoWidth,
        forced: Option<Lu>,
    ) -> Laid {
        let edges = BoxEdges::new(&b.base.style, cb.width);
        match &b.contents {
            IndependentContents::Replaced(replaced) => self.replaced_box(b, replaced, &edges, cb),
            IndependentContents::Table(table) => self.table_box(b, table, cb, available, forced),
            IndependentContents::Flow(_) => {
                let room = available - edges.inner().horizontal();
                let style = &b.base.style;
                let width = sizing::width_by_ratio(style, cb, &edges, room, auto, forced, || {
                    self.with_basis(cb.height, || self.flow_widths(b))
                });
                self.flow_box(b, cb, width, forced)
            }
            IndependentContents::Items(container) => {
                let inner = edges.inner();
                let (horizontal, vertical) = (inner.horizontal(), inner.vertical());
                let room = available - horizontal;
                let style = &b.base.style;
                let width =
                    sizing::width_by_ratio(style, cb, &edges, room, auto, forced, || self.flow_widths(b));
                let height = forced.or_else(|| sizing::definite_height(style, cb.height, vertical));
                let height = height.or_else(|| self.container_height(b, container, cb, &edges, width));
                let known = KnownSize::definite(width + horizontal, height.map(|height| height + vertical));
                self.item_container(b, container, cb, &known)
            }
        }
    }

    /// Lays out a box with that content width as a new block formatting context.
    pub(super) fn flow_box(
        &mut self,
        b: &'a IndependentBox,
        cb: &ContainingBlock,
        width: Lu,
        forced: Option<Lu>,
    ) -> Laid {
        let style = &b.base.style;
        let edges = BoxEdges::new(style, cb.width);
        let inner = edges.inner();
        let definite = forced.or_else(|| sizing::definite_height(style, cb.height, inner.vertical()));
        let by_ratio = || {
            let height = sizing::height_by_ratio(style, inner, width)?;
            Some(sizing::clamp_height(style, cb.height, inner.vertical(), height))
        };
        let basis = definite.or_else(by_ratio).or_else(|| self.root_basis(b, cb));
        self.context_box(b, &edges, width, basis, |layouter, auto_height| {
            let height = match definite {
                Some(height) if forced.is_some() => height,
                Some(height) => {
                    sizing::clamp_height_to(style, cb.height, inner.vertical(), height, auto_height)
                }
                None => sizing::height_of_content(style, cb.height, inner, width, auto_height),
            };
            layouter.quirky_height(b.base.node, &edges, height)
        })
    }

    /// Lays out a table cell: its height is at least the specified one.
    pub(super) fn cell_box(&mut self, b: &'a IndependentBox, size: &CellSize) -> Laid {
        let style = &b.base.style;
        let inner = size.edges.inner().vertical();
        let least = sizing::definite_height(style, None, inner)
            .unwrap_or_else(|| sizing::clamp_height(style, None, inner, Lu::ZERO));
        self.context_box(b, &size.edges, size.width, None, |_, auto_height| auto_height.max(least))
    }

    fn context_box(
        &mut self,
        b: &'a IndependentBox,
        edges: &BoxEdges,
        width: Lu,
        basis: Option<Lu>,
        height: impl FnOnce(&Self, Lu) -> Lu,
    ) -> Laid {
        let mark = self.mark();
        let (laid, auto_height) = self.context_of_auto_height(b, edges, width, basis);
        let height = height(self, auto_height);
        self.with_height(b, edges, laid, height, mark)
    }

    /// A box that holds a flow, as high as its contents, and that content height. Absolutely positioned boxes in it
    /// wait still.
    pub(super) fn context_of_auto_height(
        &mut self,
        b: &'a IndependentBox,
        edges: &BoxEdges,
        width: Lu,
        basis: Option<Lu>,
    ) -> (Laid, Lu) {
        let inner = edges.inner();
        let IndependentContents::Flow(container) = &b.contents else {
            debug_assert!(false, "only boxes that hold a flow come here");
            return (self.empty_box(b, edges, width), Lu::ZERO);
        };
        let inside = new_context(&b.base.style, width, basis, edges, self.is_quirky_container(&b.base));
        let mut floats = FloatContext::default();
        let mut children = Vec::new();
        let (baselines, auto_height) =
            self.context_contents(b, container, &inside, &mut floats, &mut children);
        let size = Size { width: width + inner.horizontal(), height: auto_height + inner.vertical() };
        let parts =
            BoxParts { border: edges.border, padding: edges.padding, replaced: None, is_inline: false };
        let laid = Laid {
            fragment: box_fragment(&b.base, size, parts, children),
            first_baseline: baselines.0.map(|baseline| baseline + inner.top),
            last_baseline: baselines.1.map(|baseline| baseline + inner.top),
        };
        (laid, auto_height)
    }

    /// Gives a box its content height, and places the absolutely positioned boxes whose containing block it is.
    pub(super) fn with_height(
        &mut self,
        b: &'a IndependentBox,
        edges: &BoxEdges,
        mut laid: Laid,
        height: Lu,
        mark: usize,
    ) -> Laid {
        let full = height + edges.inner().vertical();
        let shift = content_shift(&b.base.style, full - laid.fragment.rect.size.height);
        if shift != Lu::ZERO {
            for child in &mut laid.fragment.children {
                child.rect.origin.y += shift;
            }
            self.move_waiting(mark, Point::new(Lu::ZERO, shift));
            laid.first_baseline = laid.first_baseline.map(|baseline| baseline + shift);
            laid.last_baseline = laid.last_baseline.map(|baseline| baseline + shift);
        }
        laid.fragment.rect.size.height = full;
        if contains_absolute(&b.base) {
            self.absolute_in(&laid.fragment, edges.border, mark);
        }
        laid
    }

    /// First and last baseline, and the height for `auto`: 10.6.7 of CSS 2.
    fn context_contents(
        &mut self,
        b: &'a IndependentBox,
        container: &'a BlockContainer,
        inside: &Inside<'_>,
        floats: &mut FloatContext,
        children: &mut Vec<crate::fragments::Fragment>,
    ) -> ((Option<Lu>, Option<Lu>), Lu) {
        let mut contents = self.flow_contents(container, inside, floats, children);
        if let Some(marker) = &b.marker {
            self.outside_marker(marker, inside, &mut contents, children);
        }
        let floats_height = floats.bottom().map_or(Lu::ZERO, |bottom| bottom - inside.bfc.y);
        let end = if inside.is_quirky { contents.end.sum_without_quirky() } else { contents.end.sum() };
        let height = (contents.height + end).clamp_negative_to_zero().max(floats_height);
        ((contents.first_baseline, contents.last_baseline), height)
    }

    /// In quirks mode percentages in the root refer to the viewport.
    fn root_basis(&self, b: &IndependentBox, cb: &ContainingBlock) -> Option<Lu> {
        let quirks = self.quirks?;
        (b.base.node.is_some() && b.base.node == quirks.html).then_some(cb.height).flatten()
    }

    fn empty_box(&self, b: &IndependentBox, edges: &BoxEdges, width: Lu) -> Laid {
        let inner = edges.inner();
        let size = Size { width: width + inner.horizontal(), height: inner.vertical() };
        let parts =
            BoxParts { border: edges.border, padding: edges.padding, replaced: None, is_inline: false };
        let fragment = box_fragment(&b.base, size, parts, Vec::new());
        Laid { fragment, first_baseline: None, last_baseline: None }
    }
}

/// How far `align-content` moves the contents of a block container that leave `free` of its height:
/// <https://drafts.csswg.org/css-align-3/#distribution-block>.
pub(super) fn content_shift(style: &ComputedStyle, free: Lu) -> Lu {
    let align = style.flex.align_content;
    // `vertical-align` has done it.
    if style.box_.display == Display::TableCell {
        return Lu::ZERO;
    }
    let is_safe = align.overflow == OverflowPosition::Safe
        || matches!(align.keyword, Alignment::SpaceAround | Alignment::SpaceEvenly | Alignment::LastBaseline);
    let free = if is_safe { free.clamp_negative_to_zero() } else { free };
    match align.keyword {
        Alignment::Center | Alignment::SpaceAround | Alignment::SpaceEvenly => free / 2,
        Alignment::End | Alignment::FlexEnd | Alignment::LastBaseline => free,
        _ => Lu::ZERO,
    }
}

/// The edges and the content width of a table cell.
pub(super) struct CellSize {
    pub(super) edges: BoxEdges,
    pub(super) width: Lu,
}

/// The inside of a box that is a new block formatting context.
fn new_context<'s>(
    style: &'s ComputedStyle,
    width: Lu,
    height: Option<Lu>,
    edges: &BoxEdges,
    is_quirky: bool,
) -> Inside<'s> {
    let inner = edges.inner();
    Inside {
        style,
        cb: ContainingBlock { width, height, direction: style.text.direction },
        offset: Point::new(inner.left, inner.top),
        bfc: Point::default(),
        collapses_top: false,
        is_quirky,
    }
}
