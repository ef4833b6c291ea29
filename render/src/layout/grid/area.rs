//! Absolutely positioned children of grids: <https://drafts.csswg.org/css-grid-2/#abspos-items>.

use std::sync::Arc;

use siskin_engine::css::values::{Alignment, Direction};
use siskin_engine::style::ComputedStyle;
use taffy::DetailedGridInfo;

use super::super::flex::{Style, lu};
use super::super::placed::StaticEdge;
use super::convert::item_style;
use crate::geometry::{Lu, Rect};

/// The tracks of a grid that is laid out.
pub(in crate::layout) type Tracks = DetailedGridInfo<Arc<str>>;

/// The area that the lines of an absolutely positioned child name, in the grid's border box; an `auto` line is the edge of
/// the padding box.
pub(in crate::layout) fn containing_block(
    tracks: &Tracks,
    child: &ComputedStyle,
    direction: Direction,
    padding_box: Rect,
) -> Rect {
    let style = item_style(child, Style::default());
    let direction = match direction {
        Direction::Ltr => taffy::Direction::Ltr,
        Direction::Rtl => taffy::Direction::Rtl,
    };
    let edges = taffy::Rect {
        left: padding_box.origin.x.to_px(),
        right: padding_box.right().to_px(),
        top: padding_box.origin.y.to_px(),
        bottom: padding_box.bottom().to_px(),
    };
    let area = tracks.resolve_absolute_grid_area(style.grid_row, style.grid_column, direction, edges);
    let (left, top) = (lu(area.left), lu(area.top));
    let extent = |from: Lu, to: Lu| (to - from).clamp_negative_to_zero();
    Rect::new(left, top, extent(left, lu(area.right)), extent(top, lu(area.bottom)))
}

/// Where an absolutely positioned child stands in its static-position rectangle: horizontally and vertically.
pub(in crate::layout) fn static_edges(
    container: &ComputedStyle,
    child: &ComputedStyle,
) -> (StaticEdge, StaticEdge) {
    let own = |own: Alignment, of_container: Alignment| match own {
        Alignment::Auto => of_container,
        own => own,
    };
    let justify = own(child.flex.justify_self.keyword, container.flex.justify_items.keyword);
    let align = own(child.flex.align_self.keyword, container.flex.align_items.keyword);
    let (rtl, own_rtl) = (container.text.direction == Direction::Rtl, child.text.direction == Direction::Rtl);
    (StaticEdge::of(justify, rtl, own_rtl), StaticEdge::of(align, false, false))
}
