//! A container's box: its items through taffy, its absolutely positioned children beside them.

use siskin_engine::css::computed::FlexBasis;
use siskin_engine::css::values::{
    Alignment, Direction, Display, FlexDirection, FlexWrap, MaxSize, Overflow, PositionProperty,
    Size as CssSize,
};
use siskin_engine::style::ComputedStyle;
use taffy::{AvailableSpace, RunMode};

use super::super::Layouter;
use super::super::grid::{self, Tracks};
use super::super::placed::{BoxParts, Laid, StaticEdge, box_fragment, contains_absolute};
use super::super::sizing::{self, BoxEdges, ContainingBlock};
use super::KnownSize;
use super::convert::{Calculations, ItemFacts, container_style, is_column, item_style};
use super::measure::Space;
use super::tree::{ContainerKind, Item, ItemTree, Measurer, Outcome, Seen};
use crate::boxes::tree::IntrinsicWidths;
use crate::boxes::{IndependentBox, IndependentContents, ItemChild, ItemContainer};
use crate::fragments::Fragment;
use crate::geometry::{Edges, Lu, Point, Rect, Size};

impl<'a> Layouter<'a> {
    /// Widths from content of a container. Of a flex container as Blink has them: sums, or largest, of the items' own.
    /// <https://drafts.csswg.org/css-flexbox-1/#intrinsic-sizes>
    pub(in crate::layout) fn item_container_widths(
        &self,
        b: &IndependentBox,
        container: &ItemContainer,
    ) -> IntrinsicWidths {
        let style = &b.base.style;
        if is_grid(style) {
            return self.grid_widths(b, container);
        }
        let sums = !is_column(style);
        let wraps = style.flex.flex_wrap != FlexWrap::Nowrap;
        let mut widths = IntrinsicWidths::default();
        let mut count = 0;
        for child in &container.children {
            let ItemChild::Item(item) = child else { continue };
            count += 1;
            let mut outer = self.margin_box_widths(item);
            if sums {
                outer = self.flexed_widths(item, outer, wraps);
                widths.max += outer.max;
            } else {
                widths.max = widths.max.max(outer.max);
            }
            if sums && !wraps {
                widths.min += outer.min;
            } else {
                widths.min = widths.min.max(outer.min);
            }
        }
        if sums && count > 1 {
            let gap =
                style.flex.column_gap.as_ref().and_then(|gap| gap.as_length()).map_or(Lu::ZERO, Lu::from_px);
            widths.max += gap * (count - 1);
            if !wraps {
                widths.min += gap * (count - 1);
            }
        }
        let min = widths.min.clamp_negative_to_zero();
        IntrinsicWidths { min, max: widths.max.max(min) }
    }

    /// The height of a container's border box.
    pub(super) fn item_container_height(
        &mut self,
        b: &'a IndependentBox,
        container: &'a ItemContainer,
        cb: &ContainingBlock,
        known: &KnownSize,
    ) -> Lu {
        let seen = self.seen_container(b, container, cb);
        let mut tree = ItemTree::new(Measurer::All(self), seen);
        tree.run(cb, known, RunMode::ComputeSize).size.height
    }

    /// The content height of a container whose height is automatic, where `aspect-ratio` or limits from content make it
    /// other than that of its items.
    pub(in crate::layout) fn container_height(
        &mut self,
        b: &'a IndependentBox,
        container: &'a ItemContainer,
        cb: &ContainingBlock,
        edges: &BoxEdges,
        width: Lu,
    ) -> Option<Lu> {
        let style = &b.base.style;
        let is_from_content = sizing::Ratio::preferred(style).is_some()
            || !matches!(style.size.min_height, CssSize::Auto | CssSize::LengthPercentage(_))
            || !matches!(style.size.max_height, MaxSize::None | MaxSize::LengthPercentage(_));
        if !is_from_content {
            return None;
        }
        let inner = edges.inner();
        let known = KnownSize::definite(width + inner.horizontal(), None);
        let content = self.item_container_height(b, container, cb, &known) - inner.vertical();
        Some(sizing::height_of_content(style, cb.height, inner, width, content))
    }

    /// Lays out a flex or grid container.
    pub(in crate::layout) fn item_container(
        &mut self,
        b: &'a IndependentBox,
        container: &'a ItemContainer,
        cb: &ContainingBlock,
        known: &KnownSize,
    ) -> Laid {
        let mark = self.mark();
        let seen = self.seen_container(b, container, cb);
        let mut tree = ItemTree::new(Measurer::All(self), seen);
        let outcome = tree.run(cb, known, RunMode::PerformLayout);
        let (items, tracks) = (tree.seen.items, tree.grid);
        self.container_box(b, container, cb, (&items, &outcome, tracks.as_ref()), mark)
    }

    /// What an item of a row adds where it cannot grow or shrink to the width from its content: its hypothetical main size.
    /// <https://drafts.csswg.org/css-flexbox-1/#intrinsic-item-contributions>, as Blink has it.
    fn flexed_widths(&self, item: &IndependentBox, outer: IntrinsicWidths, wraps: bool) -> IntrinsicWidths {
        let style = &item.base.style;
        let flex = &style.flex;
        let edges = BoxEdges::new(style, Lu::ZERO);
        let (inner, margins) = (edges.inner().horizontal(), edges.margins().horizontal());
        let around = inner + margins;
        let length = |size: &CssSize| match size {
            CssSize::LengthPercentage(value) => {
                value.as_length().map(|px| sizing::content_box(style, Lu::from_px(px), inner))
            }
            _ => None,
        };
        let base = match &flex.flex_basis {
            FlexBasis::Size(CssSize::Auto) => length(&style.size.width),
            FlexBasis::Size(size) => length(size),
            FlexBasis::Content => None,
        };
        let Some(base) = base else { return outer };
        let most = match &style.size.max_width {
            MaxSize::LengthPercentage(value) => {
                value.as_length().map(|px| sizing::content_box(style, Lu::from_px(px), inner))
            }
            _ => None,
        };
        let least = length(&style.size.min_width).or_else(|| {
            let is_auto = matches!(style.size.min_width, CssSize::Auto);
            let visible = matches!(style.box_.overflow_x, Overflow::Visible | Overflow::Clip);
            let content = || {
                let content = self.flow_widths(item).min;
                length(&style.size.width).map_or(content, |width| content.min(width))
            };
            (is_auto && visible).then(content)
        });
        let hypothetical = base.min(most.unwrap_or(Lu::MAX)).max(least.unwrap_or(Lu::ZERO)) + around;
        let base = base + around;
        let settle = |contribution: Lu| {
            let cannot_grow = contribution > base && flex.flex_grow == 0.0;
            let cannot_shrink = contribution < base && flex.flex_shrink == 0.0;
            if cannot_grow || cannot_shrink { hypothetical } else { contribution }
        };
        IntrinsicWidths { min: if wraps { outer.min } else { settle(outer.min) }, max: settle(outer.max) }
    }

    /// Widths from content of a grid: <https://drafts.csswg.org/css-grid-2/#intrinsic-sizes>.
    fn grid_widths(&self, b: &IndependentBox, container: &ItemContainer) -> IntrinsicWidths {
        let direction = b.base.style.text.direction;
        let cb = ContainingBlock { width: Lu::ZERO, height: None, direction };
        let inner = BoxEdges::new(&b.base.style, cb.width).inner().horizontal();
        let measure = |item: &IndependentBox, space: &Space| self.item_outer_width(item, space);
        let mut tree = ItemTree::new(Measurer::Widths(&measure), self.seen_container(b, container, &cb));
        let min = (tree.width(AvailableSpace::MinContent) - inner).clamp_negative_to_zero();
        let max = (tree.width(AvailableSpace::MaxContent) - inner).clamp_negative_to_zero();
        IntrinsicWidths { min, max: max.max(min) }
    }

    /// The container as taffy sees it.
    fn seen_container<'b>(
        &self,
        b: &'b IndependentBox,
        container: &'b ItemContainer,
        cb: &ContainingBlock,
    ) -> Seen<'b> {
        let style = &b.base.style;
        let is_grid = is_grid(style);
        let mut calc = Calculations::default();
        let mut taffy_style = container_style(style, cb, &mut calc);
        if is_grid {
            taffy_style = grid::container_style(style, taffy_style, &mut calc);
        }
        let mut items = Vec::with_capacity(container.children.len());
        for child in in_order(container) {
            let ItemChild::Item(item) = child else { continue };
            let facts = self.item_facts(item);
            // Percentages of paddings are the business of taffy, which knows the basis.
            let inner = BoxEdges::new(&item.base.style, Lu::ZERO).inner();
            let mut item_style = item_style(&item.base.style, style, &facts, inner, &mut calc);
            if is_grid {
                item_style = grid::item_style(&item.base.style, item_style);
                grid::settle_ratio(&item.base.style, style, &mut item_style);
            } else if !facts.is_replaced && !is_column(style) {
                // What the ratio gives depends on the flexed size, which measuring knows and taffy does not.
                item_style.aspect_ratio = None;
            }
            items.push(Item { boxed: item, style: item_style, rect: Rect::default(), cb: (None, None) });
        }
        let kind = if is_grid { ContainerKind::Grid } else { ContainerKind::Flex };
        Seen { kind, style: taffy_style, direction: style.text.direction, items, calc }
    }

    fn item_facts(&self, b: &IndependentBox) -> ItemFacts {
        let style = &b.base.style;
        let size = &style.size;
        let asks = matches!(size.min_width, CssSize::MinContent | CssSize::MaxContent)
            || matches!(size.max_width, MaxSize::MinContent | MaxSize::MaxContent);
        let ratio = match &b.contents {
            IndependentContents::Replaced(replaced) => {
                // taffy takes the ratio as that of the border box.
                let inner = BoxEdges::new(style, Lu::ZERO).inner();
                self.natural(style, replaced).ratio.filter(|_| inner == Edges::default())
            }
            _ => sizing::Ratio::preferred(style).map(|ratio| ratio.value),
        };
        ItemFacts {
            widths: asks.then(|| self.flow_widths(b)),
            ratio,
            is_replaced: matches!(b.contents, IndependentContents::Replaced(_)),
            is_table: matches!(b.contents, IndependentContents::Table(_)),
        }
    }

    /// The fragment of a container whose items are laid out.
    fn container_box(
        &mut self,
        b: &'a IndependentBox,
        container: &'a ItemContainer,
        cb: &ContainingBlock,
        (items, outcome, tracks): (&[Item<'a>], &Outcome, Option<&Tracks>),
        mark: usize,
    ) -> Laid {
        let style = &b.base.style;
        let edges = BoxEdges::new(style, cb.width);
        let inner = edges.inner();
        let content = Rect::new(
            inner.left,
            inner.top,
            (outcome.size.width - inner.horizontal()).clamp_negative_to_zero(),
            (outcome.size.height - inner.vertical()).clamp_negative_to_zero(),
        );
        let mut children: Vec<Fragment> = Vec::with_capacity(container.children.len());
        let mut last_baseline = None;
        let mut laid_out = items.iter();
        let padding_box = Rect::new(
            edges.border.left,
            edges.border.top,
            (outcome.size.width - edges.border.horizontal()).clamp_negative_to_zero(),
            (outcome.size.height - edges.border.vertical()).clamp_negative_to_zero(),
        );
        let contains = contains_absolute(&b.base);
        // The containing blocks of children that a grid's lines place.
        let mut areas: Vec<(&'a IndependentBox, Rect)> = Vec::new();
        for child in in_order(container) {
            match child {
                ItemChild::Item(_) => {
                    let Some(item) = laid_out.next() else { continue };
                    let item_mark = self.mark();
                    let Some(mut laid) = self.take_item(item.boxed) else { continue };
                    let item_cb = ContainingBlock {
                        width: item.cb.0.unwrap_or(content.size.width),
                        height: item.cb.1,
                        direction: style.text.direction,
                    };
                    let at = item.rect.origin;
                    last_baseline = laid.last_baseline.map(|baseline| at.y + baseline).or(last_baseline);
                    let at = at + self.relative_offset(&item.boxed.base.style, &item_cb);
                    self.place(&mut laid, item_mark, at);
                    children.push(laid.fragment);
                }
                ItemChild::Absolute(absolute) => {
                    let child_style = &absolute.base.style;
                    let mut place = content;
                    if let Some(tracks) = tracks
                        && contains
                        && child_style.box_.position == PositionProperty::Absolute
                    {
                        let direction = style.text.direction;
                        let area = grid::containing_block(tracks, child_style, direction, padding_box);
                        areas.push((absolute, area));
                        place = area;
                    }
                    children.push(self.absolute_item(absolute, style, place));
                }
            }
        }
        let parts =
            BoxParts { border: edges.border, padding: edges.padding, replaced: None, is_inline: false };
        let fragment = box_fragment(&b.base, outcome.size, parts, children);
        let laid = Laid {
            fragment,
            first_baseline: outcome.baseline,
            last_baseline: last_baseline.or(outcome.baseline),
        };
        for (absolute, area) in areas {
            self.absolute_in_rect(area, style.text.direction, mark, |waiting| {
                std::ptr::eq(waiting.boxed, absolute)
            });
        }
        if contains {
            self.absolute_in(&laid.fragment, edges.border, mark);
        }
        laid
    }

    /// An absolutely positioned child stands as if it were the sole item:
    /// <https://drafts.csswg.org/css-flexbox-1/#abspos-items>.
    fn absolute_item(&mut self, b: &'a IndependentBox, style: &ComputedStyle, content: Rect) -> Fragment {
        let static_cb = ContainingBlock {
            width: content.size.width,
            height: Some(content.size.height),
            direction: style.text.direction,
        };
        let fragment = self.wait(b, content.origin, Point::default(), static_cb);
        if let Some(waiting) = self.waiting.last_mut() {
            waiting.static_area = Size { width: content.size.width, height: content.size.height };
            waiting.static_align = if is_grid(style) {
                grid::static_edges(style, &b.base.style)
            } else {
                flex_static_edges(style, &b.base.style)
            };
        }
        fragment
    }
}

/// Whether a container is a grid.
pub(in crate::layout) fn is_grid(style: &ComputedStyle) -> bool {
    matches!(style.box_.display, Display::Grid | Display::InlineGrid)
}

/// The children in order-modified document order: <https://drafts.csswg.org/css-display-4/#order-modified-document-order>.
pub(in crate::layout) fn in_order(container: &ItemContainer) -> Vec<&ItemChild> {
    let mut children: Vec<&ItemChild> = container.children.iter().collect();
    // Absolutely positioned children are no items: `order` does not move them.
    let order = |child: &ItemChild| match child {
        ItemChild::Item(item) => item.base.style.flex.order,
        ItemChild::Absolute(_) => 0,
    };
    if children.iter().any(|child| order(child) != 0) {
        children.sort_by_key(|child| order(child));
    }
    children
}

/// The edge at the start of an axis that may run backwards.
const fn edge(is_start: bool, is_reversed: bool) -> StaticEdge {
    if is_start == is_reversed { StaticEdge::End } else { StaticEdge::Start }
}

/// Where an absolutely positioned child of a flex container stands: horizontally and vertically.
fn flex_static_edges(container: &ComputedStyle, child: &ComputedStyle) -> (StaticEdge, StaticEdge) {
    let flex = &container.flex;
    let is_rtl = container.text.direction == Direction::Rtl;
    let is_column = is_column(container);
    let is_reversed = matches!(flex.flex_direction, FlexDirection::RowReverse | FlexDirection::ColumnReverse);
    // Whether the axes' starts are on the right.
    let (main_rtl, cross_rtl) = (is_rtl && !is_column, is_rtl && is_column);
    let main = match flex.justify_content.keyword {
        Alignment::Center | Alignment::SpaceAround | Alignment::SpaceEvenly => StaticEdge::Center,
        Alignment::End => edge(false, main_rtl),
        Alignment::Start => edge(true, main_rtl),
        Alignment::Left if !is_column => StaticEdge::Start,
        Alignment::Right if !is_column => StaticEdge::End,
        Alignment::FlexEnd => edge(false, main_rtl != is_reversed),
        Alignment::Left | Alignment::Right => edge(true, main_rtl),
        _ => edge(true, main_rtl != is_reversed),
    };
    let wraps_back = flex.flex_wrap == FlexWrap::WrapReverse;
    let own_rtl = child.text.direction == Direction::Rtl && is_column;
    let align = match child.flex.align_self.keyword {
        Alignment::Auto => flex.align_items.keyword,
        own => own,
    };
    let cross = match align {
        Alignment::Center => StaticEdge::Center,
        Alignment::Start => edge(true, cross_rtl),
        Alignment::End => edge(false, cross_rtl),
        Alignment::SelfStart => edge(true, own_rtl),
        Alignment::SelfEnd => edge(false, own_rtl),
        Alignment::FlexEnd | Alignment::LastBaseline => edge(false, cross_rtl != wraps_back),
        _ => edge(true, cross_rtl != wraps_back),
    };
    if is_column { (cross, main) } else { (main, cross) }
}
