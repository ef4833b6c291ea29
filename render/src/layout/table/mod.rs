//! Tables: <https://drafts.csswg.org/css-tables-3/>.
//!
//! - [`grid`]: which cell stands where
//! - [`borders`]: collapsed borders
//! - [`columns`]: widths of columns from the cells' content
//! - [`rows`]: heights of rows, and the cells in them
//!
//! TODO(css-tables-3 4.3): columns and rows with
//! `visibility: collapse`.

mod grid;
mod borders;
mod columns;
mod rows;

use super::Layouter;
use super::placed::{BoxParts, Laid, box_fragment, contains_absolute};
use super::sizing::{self, AutoWidth, BoxEdges, ContainingBlock};
use crate::boxes::tree::IntrinsicWidths;
use crate::boxes::{BoxBase, IndependentBox, TableBox};
use crate::fragments::{BoxDecoration, Fragment, FragmentKind};
use crate::geometry::{Edges, Lu, Point, Size};
use grid::Grid;
use siskin_engine::css::values::{BoxSizing, CaptionSide, LengthPercentage, MaxSize, Size as CssSize};
use siskin_engine::style::ComputedStyle;

impl<'a> Layouter<'a> {
    /// Smallest and largest border-box width of a table.
    pub(super) fn table_widths(&self, b: &IndependentBox, table: &TableBox) -> IntrinsicWidths {
        let grid = Grid::new(b, table, Lu::ZERO);
        let columns = self.table_columns(&b.base.style, table, &grid);
        let around = grid.undistributable();
        let mut widths = columns::content_widths(&columns);
        for caption in &table.captions {
            widths.min = widths.min.max(self.outer_widths(caption).min - around);
        }
        let max = widths.max.max(widths.min);
        IntrinsicWidths { min: widths.min + around, max: max + around }
    }

    /// A table: <https://drafts.csswg.org/css-tables-3/#table-layout-algorithm>.
    pub(super) fn table_box(
        &mut self,
        b: &'a IndependentBox,
        table: &'a TableBox,
        cb: &ContainingBlock,
        available: Lu,
        forced: Option<Lu>,
    ) -> Laid {
        let grid = Grid::new(b, table, cb.width);
        let intrinsic = self.flow_widths(b);
        let width = used_width(&b.base.style, cb.width, available, grid.inner.horizontal(), intrinsic);
        self.table_with_grid(b, table, cb, (&grid, width), forced)
    }

    /// A table whose border box is that wide.
    pub(super) fn table_of_width(
        &mut self,
        b: &'a IndependentBox,
        table: &'a TableBox,
        cb: &ContainingBlock,
        width: Lu,
        forced: Option<Lu>,
    ) -> Laid {
        let grid = Grid::new(b, table, cb.width);
        let width = width.max(self.flow_widths(b).min);
        self.table_with_grid(b, table, cb, (&grid, width), forced)
    }

    fn table_with_grid(
        &mut self,
        b: &'a IndependentBox,
        table: &'a TableBox,
        cb: &ContainingBlock,
        (grid, width): (&Grid<'a>, Lu),
        forced: Option<Lu>,
    ) -> Laid {
        let mark = self.mark();
        let columns = self.table_columns(&b.base.style, table, grid);
        let columns = columns::distribute(&columns, width - grid.undistributable());
        let inner = grid.inner;
        let height = forced
            .or_else(|| sizing::definite_height(&b.base.style, cb.height, inner.vertical()))
            .map(|height| sizing::clamp_height(&b.base.style, cb.height, inner.vertical(), height));
        let least = height
            .unwrap_or_else(|| sizing::clamp_height(&b.base.style, cb.height, inner.vertical(), Lu::ZERO));
        let rows = self.table_rows(grid, table, &columns, least);
        let size = Size { width, height: rows.height + inner.vertical() };
        let parts = BoxParts { border: grid.border, padding: grid.padding, replaced: None, is_inline: false };
        let mut fragment = box_fragment(&b.base, size, parts, rows.children);
        if let FragmentKind::Box(parts) = &mut fragment.kind
            && grid.collapsed.is_some()
        {
            parts.decoration = BoxDecoration::Table(rows.borders);
        }
        if contains_absolute(&b.base) {
            self.absolute_in(&fragment, grid.border, mark);
        }
        // As in Blink, a table gives its inline-block no baseline.
        let laid = Laid { fragment, first_baseline: rows.baseline, last_baseline: None };
        if table.captions.is_empty() {
            return laid;
        }
        self.with_captions(b, table, laid, mark)
    }

    /// The table wrapper box: captions above and below the grid by their `caption-side`.
    fn with_captions(&mut self, b: &'a IndependentBox, table: &'a TableBox, laid: Laid, mark: usize) -> Laid {
        let width = laid.fragment.rect.size.width;
        let cb = ContainingBlock { width, height: None, direction: b.base.style.text.direction };
        let own = self.waiting.split_off(mark);
        let mut top = Lu::ZERO;
        let mut children: Vec<Fragment> = Vec::new();
        let height = laid.fragment.rect.size.height;
        let is_above = |caption: &&IndependentBox| caption.base.style.text.caption_side == CaptionSide::Top;
        let mut grid_top = None;
        let above = table.captions.iter().filter(is_above);
        let below = table.captions.iter().filter(|caption| !is_above(caption));
        for caption in above.chain(below) {
            if grid_top.is_none() && !is_above(&caption) {
                grid_top = Some(top);
                top += height;
            }
            let style = &caption.base.style;
            let edges = BoxEdges::new(style, width);
            let margins = edges.margins();
            let caption_mark = self.mark();
            let available = width - margins.horizontal();
            let mut inner = self.independent(caption, &cb, available, AutoWidth::Fill, None);
            let size = inner.fragment.rect.size;
            let (left, _) = self.inline_margins(style, &edges, &cb, size.width, None);
            self.place(&mut inner, caption_mark, Point::new(left, top + margins.top));
            top += margins.vertical() + size.height;
            children.push(inner.fragment);
        }
        let bottom = if grid_top.is_some() { top } else { top + height };
        let grid_top = grid_top.unwrap_or(top);
        let grid_mark = self.mark();
        self.waiting.extend(own);
        let mut laid = laid;
        self.place(&mut laid, grid_mark, Point::new(Lu::ZERO, grid_top));
        let size = Size { width, height: bottom };
        children.push(laid.fragment);
        let base = BoxBase { node: b.base.node, pseudo: b.base.pseudo, style: wrapper_style(&b.base.style) };
        let parts = BoxParts {
            border: Edges::default(),
            padding: Edges::default(),
            replaced: None,
            is_inline: false,
        };
        let baseline = laid.first_baseline.map(|baseline| baseline + grid_top);
        Laid {
            fragment: box_fragment(&base, size, parts, children),
            first_baseline: baseline,
            last_baseline: None,
        }
    }
}

/// The wrapper has the table's inherited values and paints nothing.
fn wrapper_style(style: &ComputedStyle) -> std::sync::Arc<ComputedStyle> {
    crate::boxes::anonymous::AnonymousStyles::default()
        .style(style, siskin_engine::css::values::Display::Block)
}

/// The used border-box width: <https://drafts.csswg.org/css-tables-3/#computing-the-table-width>.
fn used_width(
    style: &ComputedStyle,
    cb_width: Lu,
    available: Lu,
    inner: Lu,
    intrinsic: IntrinsicWidths,
) -> Lu {
    let border_box = |value: &LengthPercentage| {
        let used = sizing::used(value, cb_width).clamp_negative_to_zero();
        if style.box_.box_sizing == BoxSizing::BorderBox { used } else { used + inner }
    };
    let fit = intrinsic.max.min(available.max(intrinsic.min));
    let preferred = match &style.size.width {
        CssSize::LengthPercentage(value) => border_box(value),
        CssSize::MinContent => intrinsic.min,
        CssSize::MaxContent => intrinsic.max,
        CssSize::Stretch => available,
        CssSize::Auto | CssSize::FitContent => fit,
        CssSize::FitContentTo(limit) => intrinsic.max.min(border_box(limit).max(intrinsic.min)),
    };
    let most = match &style.size.max_width {
        MaxSize::LengthPercentage(value) => border_box(value),
        _ => Lu::MAX,
    };
    let least = match &style.size.min_width {
        CssSize::LengthPercentage(value) => border_box(value),
        _ => Lu::ZERO,
    };
    preferred.min(most).max(least).max(intrinsic.min)
}
