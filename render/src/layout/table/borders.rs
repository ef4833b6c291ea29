//! Collapsed borders: which border wins at each line of the grid, and where it is painted.
//! <https://drafts.csswg.org/css-tables-3/#border-collapsing>, <https://drafts.csswg.org/css2/#collapsing-borders>.

use std::ops::Range;

use siskin_engine::css::values::{AbsoluteColor, BorderStyle, Color};
use siskin_engine::style::ComputedStyle;

use super::super::sizing;
use super::grid::Grid;
use crate::boxes::{TableBox, TableColumnKind};
use crate::fragments::{CollapsedBorder, CollapsedBorders};
use crate::geometry::{Edges, Lu, Point, Rect, Size};

/// The border on a piece of a grid line as long as one row or one column.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Border {
    width: Lu,
    style: BorderStyle,
    color: AbsoluteColor,
    /// Who it is of, from the nearest to the content: earlier wins where all else is equal.
    owner: Owner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Cell,
    Row,
    RowGroup,
    Column,
    ColumnGroup,
    Table,
    Nobody,
}

impl Border {
    const NONE: Self = Self {
        width: Lu::ZERO,
        style: BorderStyle::None,
        color: AbsoluteColor::TRANSPARENT,
        owner: Owner::Nobody,
    };

    fn is_painted(&self) -> bool {
        self.width > Lu::ZERO
    }

    /// <https://drafts.csswg.org/css-tables-3/#border-specificity>. Of equals the first noted stays.
    fn loses_to(&self, other: &Self) -> bool {
        if self.style == BorderStyle::Hidden || other.style == BorderStyle::Hidden {
            return self.style != BorderStyle::Hidden;
        }
        let rank = |border: &Self| (border.width, precedence(border.style));
        other.style != BorderStyle::None && (self.style == BorderStyle::None || rank(self) < rank(other))
    }

    /// Which of two that meet at a corner is painted through it; `None` where neither is more.
    fn is_over(&self, other: &Self) -> std::cmp::Ordering {
        let rank = |border: &Self| {
            (border.is_painted(), border.width, precedence(border.style), std::cmp::Reverse(border.owner))
        };
        rank(self).cmp(&rank(other))
    }
}

/// "double, solid, dashed, dotted, ridge, outset, groove, and the lowest: inset".
fn precedence(style: BorderStyle) -> u8 {
    match style {
        BorderStyle::None | BorderStyle::Hidden => 0,
        BorderStyle::Inset => 1,
        BorderStyle::Groove => 2,
        BorderStyle::Outset => 3,
        BorderStyle::Ridge => 4,
        BorderStyle::Dotted => 5,
        BorderStyle::Dashed => 6,
        BorderStyle::Solid => 7,
        BorderStyle::Double => 8,
    }
}

/// The borders of a box by the grid's directions: above, after, below, before.
struct Sides([Border; 4]);

impl Sides {
    fn of(style: &ComputedStyle, owner: Owner, is_rtl: bool) -> Self {
        let widths = sizing::border(style);
        let (styles, colors) = (&style.border.border_style, &style.border.border_color);
        let border = |width: Lu, style_: BorderStyle, color: Color| Border {
            width,
            style: style_,
            color: color.resolve(style.text.color),
            owner,
        };
        let right = border(widths.right, styles.right, colors.right);
        let left = border(widths.left, styles.left, colors.left);
        let (after, before) = if is_rtl { (left, right) } else { (right, left) };
        Self([
            border(widths.top, styles.top, colors.top),
            after,
            border(widths.bottom, styles.bottom, colors.bottom),
            before,
        ])
    }
}

/// All borders of a table's grid, each on its line; half of one lies on either side of its line.
#[derive(Debug)]
pub(super) struct BorderGrid {
    rows: usize,
    columns: usize,
    is_rtl: bool,
    /// Along the rows: `columns` pieces for each of `rows + 1` lines.
    horizontal: Vec<Border>,
    /// Along the columns: `columns + 1` lines for each of `rows` rows.
    vertical: Vec<Border>,
    /// Pieces inside a spanning cell, where there is no line.
    is_inside: (Vec<bool>, Vec<bool>),
}

impl BorderGrid {
    /// Cells first, then outwards: of equal borders the one noted first stays.
    pub(super) fn new(grid: &Grid<'_>, table: &TableBox, style: &ComputedStyle) -> Self {
        let (rows, columns) = (grid.rows, grid.columns);
        let (across, down) = ((rows + 1) * columns, rows * (columns + 1));
        let mut borders = Self {
            rows,
            columns,
            is_rtl: grid.is_rtl,
            horizontal: vec![Border::NONE; across],
            vertical: vec![Border::NONE; down],
            is_inside: (vec![false; across], vec![false; down]),
        };
        for cell in &grid.cells {
            borders.open_span(cell.row..cell.row + cell.rowspan, cell.column..cell.column + cell.colspan);
        }
        for cell in &grid.cells {
            let area = (cell.row..cell.row + cell.rowspan, cell.column..cell.column + cell.colspan);
            borders.note(&cell.cell.cell.base.style, Owner::Cell, area);
        }
        let mut first = 0;
        for group in &table.groups {
            for (row, at) in group.rows.iter().zip(first..) {
                borders.note(&row.base.style, Owner::Row, (at..at + 1, 0..columns));
            }
            first += group.rows.len();
        }
        let mut first = 0;
        for group in &table.groups {
            let end = first + group.rows.len();
            borders.note(&group.base.style, Owner::RowGroup, (first..end, 0..columns));
            first = end;
        }
        for (kind, owner) in
            [(TableColumnKind::Column, Owner::Column), (TableColumnKind::Group, Owner::ColumnGroup)]
        {
            for column in table.columns.iter().filter(|column| column.kind == kind) {
                borders.note(&column.base.style, owner, (0..rows, column.covers.clone()));
            }
        }
        borders.note(style, Owner::Table, (0..rows, 0..columns));
        borders
    }

    /// There are no lines inside of a cell.
    fn open_span(&mut self, rows: Range<usize>, columns: Range<usize>) {
        for row in rows.clone() {
            for column in columns.clone() {
                if row > rows.start
                    && let Some(inside) = self.is_inside.0.get_mut(row * self.columns + column)
                {
                    *inside = true;
                }
                if column > columns.start
                    && let Some(inside) = self.is_inside.1.get_mut(row * (self.columns + 1) + column)
                {
                    *inside = true;
                }
            }
        }
    }

    /// Takes the borders of a box that covers these rows and columns.
    fn note(&mut self, style: &ComputedStyle, owner: Owner, (rows, columns): (Range<usize>, Range<usize>)) {
        let columns = columns.start.min(self.columns)..columns.end.min(self.columns);
        if rows.is_empty() || columns.is_empty() {
            return;
        }
        let Sides([above, after, below, before]) = Sides::of(style, owner, self.is_rtl);
        let per_line = self.columns;
        for column in columns.clone() {
            self.offer_horizontal(rows.start * per_line + column, &above);
            self.offer_horizontal(rows.end * per_line + column, &below);
        }
        for row in rows {
            self.offer_vertical(row * (per_line + 1) + columns.start, &before);
            self.offer_vertical(row * (per_line + 1) + columns.end, &after);
        }
    }

    fn offer_horizontal(&mut self, index: usize, border: &Border) {
        if let (Some(known), Some(false)) = (self.horizontal.get_mut(index), self.is_inside.0.get(index))
            && known.loses_to(border)
        {
            *known = *border;
        }
    }

    fn offer_vertical(&mut self, index: usize, border: &Border) {
        if let (Some(known), Some(false)) = (self.vertical.get_mut(index), self.is_inside.1.get(index))
            && known.loses_to(border)
        {
            *known = *border;
        }
    }

    fn horizontal(&self, line: usize, column: usize) -> Border {
        if column >= self.columns {
            return Border::NONE;
        }
        self.horizontal.get(line * self.columns + column).copied().unwrap_or(Border::NONE)
    }

    fn vertical(&self, row: usize, line: usize) -> Border {
        if row >= self.rows {
            return Border::NONE;
        }
        self.vertical.get(row * (self.columns + 1) + line).copied().unwrap_or(Border::NONE)
    }

    /// Half of the widest border on a line.
    fn half(&self, borders: impl Iterator<Item = Border>) -> Lu {
        borders.map(|border| border.width).max().unwrap_or(Lu::ZERO) / 2
    }

    /// What lies inside of a cell.
    pub(super) fn of_cell(&self, rows: Range<usize>, columns: Range<usize>) -> Edges {
        let before = self.half(rows.clone().map(|row| self.vertical(row, columns.start)));
        let after = self.half(rows.clone().map(|row| self.vertical(row, columns.end)));
        let top = self.half(columns.clone().map(|column| self.horizontal(rows.start, column)));
        let bottom = self.half(columns.map(|column| self.horizontal(rows.end, column)));
        self.edges(top, bottom, before, after)
    }

    /// What lies outside of the cells: the table's own border. At the sides the first row's counts; what is wider
    /// in other rows spills into the margin.
    pub(super) fn of_table(&self) -> Edges {
        let top = self.half((0..self.columns).map(|column| self.horizontal(0, column)));
        let bottom = self.half((0..self.columns).map(|column| self.horizontal(self.rows, column)));
        let before = self.half(std::iter::once(self.vertical(0, 0)));
        let after = self.half(std::iter::once(self.vertical(0, self.columns)));
        self.edges(top, bottom, before, after)
    }

    fn edges(&self, top: Lu, bottom: Lu, before: Lu, after: Lu) -> Edges {
        let (left, right) = if self.is_rtl { (after, before) } else { (before, after) };
        Edges { top, right, bottom, left }
    }

    /// The pieces to paint. `xs` and `ys` are the lines' places from the grid's start corner, which is at `origin`;
    /// the grid is `width` wide.
    pub(super) fn pieces(&self, xs: &[Lu], ys: &[Lu], origin: Point, width: Lu) -> CollapsedBorders {
        let mut pieces = CollapsedBorders::default();
        let piece = |border: Border, (x, y): (Lu, Lu), size: Size| {
            let x = if self.is_rtl { width - x - size.width } else { x };
            let rect = Rect { origin: origin + Point::new(x, y), size };
            CollapsedBorder { rect, style: border.style, color: border.color }
        };
        for line in 0..=self.rows {
            for column in 0..self.columns {
                let border = self.horizontal(line, column);
                let (Some(y), Some(start), Some(end), true) =
                    (ys.get(line), xs.get(column), xs.get(column + 1), border.is_painted())
                else {
                    continue;
                };
                let start = *start - self.reach(&border, (line, column), true, true);
                let end = *end + self.reach(&border, (line, column + 1), true, false);
                let size = Size { width: (end - start).clamp_negative_to_zero(), height: border.width };
                pieces.horizontal.push(piece(border, (start, *y - border.width / 2), size));
            }
        }
        for row in 0..self.rows {
            for line in 0..=self.columns {
                let border = self.vertical(row, line);
                let (Some(x), Some(start), Some(end), true) =
                    (xs.get(line), ys.get(row), ys.get(row + 1), border.is_painted())
                else {
                    continue;
                };
                let start = *start - self.reach(&border, (row, line), false, true);
                let end = *end + self.reach(&border, (row + 1, line), false, false);
                let size = Size { width: border.width, height: (end - start).clamp_negative_to_zero() };
                pieces.vertical.push(piece(border, (*x - border.width / 2, start), size));
            }
        }
        pieces
    }

    /// How far a piece goes beyond the middle of the crossing at one of its ends; negative where another goes
    /// through.
    fn reach(
        &self,
        piece: &Border,
        (row, column): (usize, usize),
        is_horizontal: bool,
        is_start: bool,
    ) -> Lu {
        let none = Border::NONE;
        let left = column.checked_sub(1).map_or(none, |before| self.horizontal(row, before));
        let right = self.horizontal(row, column);
        let above = row.checked_sub(1).map_or(none, |before| self.vertical(before, column));
        let below = self.vertical(row, column);
        let (across, ahead) = if is_horizontal {
            ([above, below], if is_start { left } else { right })
        } else {
            ([left, right], if is_start { above } else { below })
        };
        let half = across[0].width.max(across[1].width) / 2;
        let wins_across = across.iter().all(|other| {
            let order = piece.is_over(other);
            order.is_gt() || (order.is_eq() && is_horizontal)
        });
        if wins_across && piece.is_over(&ahead).is_ge() { half } else { -half }
    }
}
