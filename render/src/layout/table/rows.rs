//! Heights of rows, and the cells in them: <https://drafts.csswg.org/css-tables-3/#row-layout>.

use std::ops::Range;

use siskin_engine::css::values::{Alignment, Direction, EmptyCells, VerticalAlign};

use super::super::Layouter;
use super::super::independent::CellSize;
use super::super::placed::{BoxParts, Laid, Waiting, box_fragment};
use super::super::sizing::{self, ContainingBlock};
use super::grid::{Grid, GridCell};
use crate::boxes::{BoxBase, TableBox};
use crate::fragments::{BoxDecoration, CollapsedBorders, Fragment, FragmentKind};
use crate::geometry::{Edges, Lu, Point, Rect, Size};

/// All rows, placed in the table's border box.
pub(super) struct Rows {
    /// The height of the table's content box.
    pub(super) height: Lu,
    /// Columns and row groups.
    pub(super) children: Vec<Fragment>,
    /// Collapsed borders, relative to the table's border box.
    pub(super) borders: CollapsedBorders,
    /// The first row's baseline, from the table's border-box top.
    pub(super) baseline: Option<Lu>,
}

/// A cell that is laid out, with the boxes that wait inside it.
struct CellLayout<'a> {
    laid: Laid,
    waiting: Vec<Waiting<'a>>,
}

impl<'a> Layouter<'a> {
    /// Lays out the cells and gives rows their heights. `least` is the smallest content height of the table.
    pub(super) fn table_rows(
        &mut self,
        grid: &Grid<'a>,
        table: &'a TableBox,
        columns: &[Lu],
        least: Lu,
    ) -> Rows {
        let lefts = offsets(columns, grid.spacing.0);
        let width_of = |cell: &GridCell<'_>| {
            let end = (cell.column + cell.colspan).min(columns.len());
            let gaps = grid.spacing.0 * i32::try_from(end.saturating_sub(cell.column + 1)).unwrap_or(0);
            columns.get(cell.column..end).map_or(Lu::ZERO, |widths| widths.iter().copied().sum::<Lu>()) + gaps
        };
        let mut layouts: Vec<Option<CellLayout<'a>>> = Vec::with_capacity(grid.cells.len());
        for cell in &grid.cells {
            let mark = self.mark();
            let content = (width_of(cell) - cell.edges.inner().horizontal()).clamp_negative_to_zero();
            let size = CellSize { edges: cell.edges, width: content };
            let laid = self.cell_box(&cell.cell.cell, &size);
            let waiting = self.waiting.split_off(mark);
            layouts.push(Some(CellLayout { laid, waiting }));
        }
        let (mut heights, baselines) = row_heights(grid, table, &layouts);
        let gaps = if grid.rows == 0 {
            Lu::ZERO
        } else {
            grid.spacing.1 * i32::try_from(grid.rows + 1).unwrap_or(i32::MAX)
        };
        stretch(&mut heights, least - gaps);
        let height = (heights.iter().copied().sum::<Lu>() + gaps).max(least);
        let tops = offsets(&heights, grid.spacing.1);
        let origin = Point::new(grid.inner.left, grid.inner.top);
        let width = columns.iter().copied().sum::<Lu>()
            + grid.spacing.0 * i32::try_from(columns.len().saturating_sub(1)).unwrap_or(0);
        let direction = if grid.is_rtl { Direction::Rtl } else { Direction::Ltr };
        let cb = ContainingBlock { width, height: None, direction };
        let place =
            Placing { grid, heights: &heights, tops: &tops, lefts: &lefts, columns, width, origin, cb };
        let mut children = place.columns(table);
        children.extend(self.row_groups(&place, table, &baselines, &mut layouts));
        let borders = grid.collapsed.as_ref().map_or_else(CollapsedBorders::default, |borders| {
            borders.pieces(&lines(columns), &lines(&heights), origin, width)
        });
        let baseline = baselines.first().map(|baseline| origin.y + tops[0] + *baseline);
        Rows { height, children, borders, baseline }
    }

    fn row_groups(
        &mut self,
        place: &Placing<'_, 'a>,
        table: &'a TableBox,
        baselines: &[Lu],
        layouts: &mut [Option<CellLayout<'a>>],
    ) -> Vec<Fragment> {
        let mut groups = Vec::with_capacity(table.groups.len());
        let mut row_index = 0;
        let mut cell_index = 0;
        for group in &table.groups {
            let first = row_index;
            let group_top = place.tops.get(first).copied().unwrap_or(Lu::ZERO);
            let group_at = place.origin
                + Point::new(place.grid.spacing.0, group_top)
                + self.relative_offset(&group.base.style, &place.cb);
            let mut rows = Vec::with_capacity(group.rows.len());
            let mut group_places = Vec::new();
            let mut bottom = group_top;
            for row in &group.rows {
                let top = place.tops.get(row_index).copied().unwrap_or(Lu::ZERO);
                let height = place.heights.get(row_index).copied().unwrap_or(Lu::ZERO);
                bottom = top + height;
                let row_at =
                    Point::new(Lu::ZERO, top - group_top) + self.relative_offset(&row.base.style, &place.cb);
                let mut cells = Vec::with_capacity(row.cells.len());
                while let Some(cell) = place.grid.cells.get(cell_index).filter(|cell| cell.row == row_index) {
                    if let Some(layout) = layouts.get_mut(cell_index).and_then(Option::take) {
                        let baseline = baselines.get(row_index).copied().unwrap_or(Lu::ZERO);
                        cells.push(self.place_cell(place, cell, layout, baseline, group_at + row_at));
                    }
                    cell_index += 1;
                }
                let places: Vec<Rect> = cells.iter().map(|cell| cell.rect).collect();
                group_places.extend(places.iter().map(|at| Rect { origin: at.origin + row_at, ..*at }));
                let mut fragment = plain_box(&row.base, Size { width: place.width, height }, cells);
                paint_in_cells(&mut fragment, places);
                fragment.rect.origin = row_at;
                rows.push(fragment);
                row_index += 1;
            }
            let size = Size { width: place.width, height: bottom - group_top };
            let mut fragment = plain_box(&group.base, size, rows);
            paint_in_cells(&mut fragment, group_places);
            fragment.rect.origin = group_at;
            groups.push(fragment);
        }
        groups
    }

    /// Puts a cell into its slots, its content where `vertical-align` has it. `row_at` is the row in the table.
    fn place_cell(
        &mut self,
        place: &Placing<'_, 'a>,
        cell: &GridCell<'a>,
        layout: CellLayout<'a>,
        row_baseline: Lu,
        row_at: Point,
    ) -> Fragment {
        let CellLayout { mut laid, waiting } = layout;
        let end = (cell.row + cell.rowspan).min(place.heights.len());
        let spanned: Lu = place.heights.get(cell.row..end).map_or(Lu::ZERO, |h| h.iter().copied().sum());
        let height =
            spanned + place.grid.spacing.1 * i32::try_from(end.saturating_sub(cell.row + 1)).unwrap_or(0);
        let free = (height - laid.fragment.rect.size.height).clamp_negative_to_zero();
        let style = &cell.cell.cell.base.style;
        // `align-content` comes before `vertical-align`: <https://drafts.csswg.org/css-align-3/#distribution-block>.
        let shift = match style.flex.align_content.keyword {
            Alignment::Normal | Alignment::Baseline => None,
            Alignment::Center | Alignment::SpaceAround | Alignment::SpaceEvenly => Some(free / 2),
            Alignment::End | Alignment::FlexEnd | Alignment::LastBaseline => Some(free),
            _ => Some(Lu::ZERO),
        };
        let shift = shift.unwrap_or_else(|| match style.box_.vertical_align {
            VerticalAlign::Top => Lu::ZERO,
            VerticalAlign::Middle => free / 2,
            VerticalAlign::Bottom => free,
            _ => (row_baseline - cell_baseline(cell, &laid)).clamp_negative_to_zero().min(free),
        });
        laid.fragment.rect.size.height = height.max(laid.fragment.rect.size.height);
        for child in &mut laid.fragment.children {
            child.rect.origin.y += shift;
        }
        let mark = self.mark();
        self.waiting.extend(waiting);
        self.move_waiting(mark, Point::new(Lu::ZERO, shift));
        let left = place.lefts.get(cell.column).copied().unwrap_or(Lu::ZERO) - place.grid.spacing.0;
        let left = if place.grid.is_rtl { place.width - left - laid.fragment.rect.size.width } else { left };
        let at = Point::new(left, Lu::ZERO) + self.relative_offset(&cell.cell.cell.base.style, &place.cb);
        self.move_waiting(mark, at + row_at);
        laid.fragment.rect.origin = at;
        let is_collapsed = place.grid.collapsed.is_some();
        if let FragmentKind::Box(parts) = &mut laid.fragment.kind {
            if is_collapsed {
                parts.decoration = BoxDecoration::Background;
            } else if cell.cell.cell.base.style.text.empty_cells == EmptyCells::Hide && cell.cell.is_empty() {
                parts.decoration = BoxDecoration::Nothing;
            }
        }
        laid.fragment
    }
}

/// Where rows and columns are.
struct Placing<'p, 'a> {
    grid: &'p Grid<'a>,
    heights: &'p [Lu],
    tops: &'p [Lu],
    lefts: &'p [Lu],
    columns: &'p [Lu],
    width: Lu,
    origin: Point,
    /// What the offsets of relative positioning refer to: the table.
    cb: ContainingBlock,
}

impl Placing<'_, '_> {
    /// Fragments of `colgroup` and `col`: as high as all rows. They paint in their cells alone.
    fn columns(&self, table: &TableBox) -> Vec<Fragment> {
        let spacing = self.grid.spacing;
        let span = |starts: &[Lu], extents: &[Lu], range: Range<usize>| -> Option<(Lu, Lu)> {
            let last = range.end.min(extents.len()).checked_sub(1).filter(|last| *last >= range.start)?;
            Some((*starts.get(range.start)?, *starts.get(last)? + *extents.get(last)?))
        };
        let (top, bottom) = span(self.tops, self.heights, 0..self.grid.rows).unwrap_or_default();
        let x = |start: Lu, end: Lu| {
            let left = start - spacing.0;
            if self.grid.is_rtl { self.width - left - (end - start) } else { left }
        };
        let corner = self.origin + Point::new(spacing.0, Lu::ZERO);
        let mut cells: Vec<Vec<&GridCell<'_>>> = vec![Vec::new(); table.declared_columns()];
        for cell in &self.grid.cells {
            if let Some(cells) = cells.get_mut(cell.column) {
                cells.push(cell);
            }
        }
        let mut fragments = Vec::with_capacity(table.columns.len());
        for column in &table.columns {
            let Some((start, end)) = span(self.lefts, self.columns, column.covers.clone()) else { continue };
            let at = Point::new(x(start, end), top);
            let size = Size { width: end - start, height: bottom - top };
            let mut fragment = plain_box(&column.base, size, Vec::new());
            fragment.rect.origin = corner + at;
            let in_cells = cells.get(column.covers.clone()).into_iter().flatten().flatten();
            let places = in_cells.filter_map(|cell| {
                let (left, right) = span(self.lefts, self.columns, cell.column..cell.column + cell.colspan)?;
                let (above, below) = span(self.tops, self.heights, cell.row..cell.row + cell.rowspan)?;
                let origin = Point::new(x(left, right) - at.x, above - top);
                Some(Rect { origin, size: Size { width: right - left, height: below - above } })
            });
            paint_in_cells(&mut fragment, places.collect());
            fragments.push(fragment);
        }
        fragments
    }
}

/// Columns, row groups and rows paint their backgrounds in the cells that begin in them, and nowhere else:
/// <https://drafts.csswg.org/css-tables-3/#drawing-cell-backgrounds>.
fn paint_in_cells(fragment: &mut Fragment, places: Vec<Rect>) {
    if let FragmentKind::Box(parts) = &mut fragment.kind {
        parts.decoration = BoxDecoration::InCells(places);
    }
}

/// The lines between extents without spacing, the outer two included.
fn lines(extents: &[Lu]) -> Vec<Lu> {
    let mut at = Lu::ZERO;
    let after = extents.iter().map(|extent| {
        at += *extent;
        at
    });
    std::iter::once(Lu::ZERO).chain(after).collect()
}

fn plain_box(base: &BoxBase, size: Size, children: Vec<Fragment>) -> Fragment {
    let parts =
        BoxParts { border: Edges::default(), padding: Edges::default(), replaced: None, is_inline: false };
    box_fragment(base, size, parts, children)
}

/// Where each of some extents begins, with spacing before each.
fn offsets(extents: &[Lu], spacing: Lu) -> Vec<Lu> {
    let mut at = spacing;
    extents
        .iter()
        .map(|extent| {
            let start = at;
            at += *extent + spacing;
            start
        })
        .collect()
}

/// A cell's baseline: its first line's, else the bottom of its content.
fn cell_baseline(cell: &GridCell<'_>, laid: &Laid) -> Lu {
    laid.first_baseline.unwrap_or(laid.fragment.rect.size.height - cell.edges.inner().bottom)
}

fn is_baseline_aligned(cell: &GridCell<'_>) -> bool {
    !matches!(
        cell.cell.cell.base.style.box_.vertical_align,
        VerticalAlign::Top | VerticalAlign::Middle | VerticalAlign::Bottom
    )
}

/// Height and baseline of each row.
fn row_heights(grid: &Grid<'_>, table: &TableBox, layouts: &[Option<CellLayout<'_>>]) -> (Vec<Lu>, Vec<Lu>) {
    let mut heights = vec![Lu::ZERO; grid.rows];
    let mut baselines = vec![Lu::ZERO; grid.rows];
    let mut below = vec![Lu::ZERO; grid.rows];
    for (height, row) in heights.iter_mut().zip(table.groups.iter().flat_map(|group| &group.rows)) {
        *height = sizing::definite_height(&row.base.style, None, Lu::ZERO).unwrap_or(Lu::ZERO);
    }
    let placed = || grid.cells.iter().zip(layouts).filter_map(|(c, l)| l.as_ref().map(|l| (c, &l.laid)));
    for (cell, laid) in placed() {
        let height = laid.fragment.rect.size.height;
        if is_baseline_aligned(cell) {
            let baseline = cell_baseline(cell, laid);
            baselines[cell.row] = baselines[cell.row].max(baseline);
            if cell.rowspan == 1 {
                below[cell.row] = below[cell.row].max(height - baseline);
            }
        } else if cell.rowspan == 1 {
            heights[cell.row] = heights[cell.row].max(height);
        }
    }
    for ((height, baseline), below) in heights.iter_mut().zip(&baselines).zip(&below) {
        *height = (*height).max(*baseline + *below);
    }
    // Cells that span rows: what is missing goes to their rows in proportion to the heights, or to the last.
    for (cell, laid) in placed().filter(|(cell, _)| cell.rowspan > 1) {
        let end = (cell.row + cell.rowspan).min(heights.len());
        let gaps = grid.spacing.1 * i32::try_from(end.saturating_sub(cell.row + 1)).unwrap_or(0);
        let rows = &mut heights[cell.row..end];
        let missing = laid.fragment.rect.size.height - gaps - rows.iter().copied().sum::<Lu>();
        if missing > Lu::ZERO {
            let total = rows.iter().copied().sum::<Lu>() + missing;
            if rows.iter().all(|row| *row == Lu::ZERO) {
                if let Some(last) = rows.last_mut() {
                    *last = total;
                }
            } else {
                stretch(rows, total);
            }
        }
    }
    (heights, baselines)
}

/// Makes rows higher together, in proportion to their heights.
fn stretch(heights: &mut [Lu], total: Lu) {
    let sum: Lu = heights.iter().copied().sum();
    let missing = total - sum;
    if missing <= Lu::ZERO || heights.is_empty() {
        return;
    }
    let count = heights.len() as f64;
    let mut given = Lu::ZERO;
    for height in heights.iter_mut() {
        let share = if sum > Lu::ZERO { f64::from(height.0) / f64::from(sum.0) } else { 1.0 / count };
        let extra = Lu((f64::from(missing.0) * share) as i32);
        *height += extra;
        given += extra;
    }
    if let Some(last) = heights.last_mut() {
        *last += missing - given;
    }
}
