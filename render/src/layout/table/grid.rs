//! Which cell stands where: <https://drafts.csswg.org/css-tables-3/#dimensioning-the-row-column-grid>.

use siskin_engine::css::values::{BorderCollapse, Direction};

use super::super::sizing::BoxEdges;
use super::borders::BorderGrid;
use crate::boxes::{IndependentBox, TableBox, TableCell};
use crate::geometry::{Edges, Lu};
use crate::limits::{MAX_COLLAPSED_SLOTS, MAX_TABLE_COLUMNS};

/// A table's cells by row and column.
pub(super) struct Grid<'t> {
    pub(super) cells: Vec<GridCell<'t>>,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Between columns and between rows.
    pub(super) spacing: (Lu, Lu),
    /// The table's own border and padding.
    pub(super) border: Edges,
    pub(super) padding: Edges,
    pub(super) inner: Edges,
    /// Whether the first column is the rightmost.
    pub(super) is_rtl: bool,
    /// Where `border-collapse: collapse` puts all borders.
    pub(super) collapsed: Option<BorderGrid>,
}

/// A cell in its place.
pub(super) struct GridCell<'t> {
    pub(super) cell: &'t TableCell,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) colspan: usize,
    pub(super) rowspan: usize,
    /// Border and padding.
    pub(super) edges: BoxEdges,
}

impl<'t> Grid<'t> {
    pub(super) fn new(b: &IndependentBox, table: &'t TableBox, cb_width: Lu) -> Self {
        let style = &b.base.style;
        let is_collapsed = style.text.border_collapse == BorderCollapse::Collapse;
        let edges = BoxEdges::new(style, cb_width);
        let spacing = if is_collapsed {
            (Lu::ZERO, Lu::ZERO)
        } else {
            let (x, y) = style.text.border_spacing;
            (Lu::from_px(x).clamp_negative_to_zero(), Lu::from_px(y).clamp_negative_to_zero())
        };
        let padding = if is_collapsed { Edges::default() } else { edges.padding };
        let mut grid = Self {
            cells: Vec::new(),
            rows: 0,
            columns: table.declared_columns().min(MAX_TABLE_COLUMNS),
            spacing,
            border: edges.border,
            padding,
            inner: edges.border + padding,
            is_rtl: style.text.direction == Direction::Rtl,
            collapsed: None,
        };
        for group in &table.groups {
            grid.add_group(group);
        }
        if is_collapsed && grid.rows.saturating_mul(grid.columns) <= MAX_COLLAPSED_SLOTS {
            let borders = BorderGrid::new(&grid, table, style);
            for cell in &mut grid.cells {
                let (rows, columns) =
                    (cell.row..cell.row + cell.rowspan, cell.column..cell.column + cell.colspan);
                cell.edges.border = borders.of_cell(rows, columns);
            }
            grid.border = borders.of_table();
            grid.inner = grid.border;
            grid.collapsed = Some(borders);
        }
        grid
    }

    fn add_group(&mut self, group: &'t crate::boxes::RowGroup) {
        // For each column, how many rows a cell from above still covers.
        let mut covered: Vec<usize> = Vec::new();
        let end = self.rows + group.rows.len();
        for row in &group.rows {
            let mut column = 0;
            for cell in &row.cells {
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let column_at = column.min(MAX_TABLE_COLUMNS - 1);
                let colspan = cell.colspan.min(MAX_TABLE_COLUMNS - column_at).max(1);
                let rest = end - self.rows;
                let rowspan = if cell.rowspan == 0 { rest } else { cell.rowspan.min(rest) }.max(1);
                if covered.len() < column_at + colspan {
                    covered.resize(column_at + colspan, 0);
                }
                for rows in &mut covered[column_at..column_at + colspan] {
                    *rows = (*rows).max(rowspan);
                }
                let edges = BoxEdges::new(&cell.cell.base.style, Lu::ZERO);
                self.cells.push(GridCell {
                    cell,
                    row: self.rows,
                    column: column_at,
                    colspan,
                    rowspan,
                    edges,
                });
                self.columns = self.columns.max(column_at + colspan);
                column = column_at + colspan;
            }
            covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
            self.rows += 1;
        }
    }

    /// What columns cannot use of the table's width: its edges and the spacing.
    pub(super) fn undistributable(&self) -> Lu {
        let gaps = i32::try_from(self.columns + 1).unwrap_or(i32::MAX);
        let spacing = if self.columns == 0 { Lu::ZERO } else { self.spacing.0 * gaps };
        self.inner.horizontal() + spacing
    }
}
