//! Which cell stands where: <https://drafts.csswg.org/css-tables-3/#dimensioning-the-row-column-grid>, and the
//! borders of cells, collapsed or not: <https://drafts.csswg.org/css-tables-3/#collapsed-style-overrides>.

use siskin_engine::css::values::{BorderCollapse, BorderStyle};
use siskin_engine::style::ComputedStyle;

use super::super::sizing::{self, BoxEdges};
use crate::boxes::{IndependentBox, TableBox, TableCell};
use crate::geometry::{Edges, Lu};
use crate::limits::MAX_TABLE_COLUMNS;

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
            columns: table.columns.len().min(MAX_TABLE_COLUMNS),
            spacing,
            border: edges.border,
            padding,
            inner: edges.border + padding,
        };
        for group in &table.groups {
            grid.add_group(group);
        }
        if is_collapsed {
            grid.collapse_borders(table, style);
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
                covered[column_at..column_at + colspan].fill(rowspan);
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

    /// Each border between cells is as wide as the widest that meets there, half of it on either side.
    /// TODO(css-tables-3 3.6.2): borders of columns, and styles in the order of precedence.
    fn collapse_borders(&mut self, table: &TableBox, style: &ComputedStyle) {
        let (rows, columns) = (self.rows, self.columns);
        // Widest border at each grid line: above each slot and left of each slot.
        let mut above = vec![Lu::ZERO; (rows + 1) * columns.max(1)];
        let mut left = vec![Lu::ZERO; rows.max(1) * (columns + 1)];
        let own = sizing::border(style);
        let mut note = |is_above: bool, row: usize, column: usize, width: Lu| {
            let (lines, index) = if is_above {
                (&mut above, row * columns + column)
            } else {
                (&mut left, row * (columns + 1) + column)
            };
            if let Some(known) = lines.get_mut(index) {
                *known = (*known).max(width);
            }
        };
        for column in 0..columns {
            note(true, 0, column, own.top);
            note(true, rows, column, own.bottom);
        }
        for row in 0..rows {
            note(false, row, 0, own.left);
            note(false, row, columns, own.right);
        }
        let mut first = 0;
        for group in &table.groups {
            let border = sizing::border(&group.base.style);
            let end = first + group.rows.len();
            for column in 0..columns {
                note(true, first, column, border.top);
                note(true, end, column, border.bottom);
            }
            for (index, row) in group.rows.iter().enumerate() {
                let border = sizing::border(&row.base.style);
                for column in 0..columns {
                    note(true, first + index, column, border.top);
                    note(true, first + index + 1, column, border.bottom);
                }
                note(false, first + index, 0, border.left);
                note(false, first + index, columns, border.right);
            }
            first = end;
        }
        let hides = |style: &ComputedStyle| {
            let styles = &style.border.border_style;
            [styles.top, styles.right, styles.bottom, styles.left].contains(&BorderStyle::Hidden)
        };
        for cell in self.cells.iter().filter(|cell| !hides(&cell.cell.cell.base.style)) {
            let border = cell.edges.border;
            let (bottom, right) = (cell.row + cell.rowspan, cell.column + cell.colspan);
            for column in cell.column..right {
                note(true, cell.row, column, border.top);
                note(true, bottom, column, border.bottom);
            }
            for row in cell.row..bottom {
                note(false, row, cell.column, border.left);
                note(false, row, right, border.right);
            }
        }
        let widest = |lines: &[Lu], indices: &mut dyn Iterator<Item = usize>| {
            indices.filter_map(|index| lines.get(index).copied()).max().unwrap_or(Lu::ZERO)
        };
        for cell in &mut self.cells {
            let (bottom, right) = (cell.row + cell.rowspan, cell.column + cell.colspan);
            let across = cell.column..right;
            let down = cell.row..bottom;
            let top = widest(&above, &mut across.clone().map(|c| cell.row * columns + c));
            let under = widest(&above, &mut across.map(|c| bottom * columns + c));
            let before = widest(&left, &mut down.clone().map(|r| r * (columns + 1) + cell.column));
            let after = widest(&left, &mut down.map(|r| r * (columns + 1) + right));
            cell.edges.border = Edges { top: top / 2, right: after / 2, bottom: under / 2, left: before / 2 };
        }
        // The table's own share: the outer halves, at the sides those of the first row.
        let outer = Edges {
            top: widest(&above, &mut (0..columns)) / 2,
            bottom: widest(&above, &mut (rows * columns..(rows + 1) * columns)) / 2,
            left: widest(&left, &mut (0..rows).map(|r| r * (columns + 1))) / 2,
            right: widest(&left, &mut (0..rows).map(|r| r * (columns + 1) + columns)) / 2,
        };
        self.border = outer;
        self.inner = outer;
    }
}
