//! Widths of columns: <https://drafts.csswg.org/css-tables-3/#computing-column-measures> and
//! <https://drafts.csswg.org/css-tables-3/#distributing-width-to-columns>.

use siskin_engine::css::values::{LengthPercentage, Size as CssSize, TableLayout};
use siskin_engine::style::ComputedStyle;

use super::super::Layouter;
use super::super::sizing::{self, content_box};
use super::grid::{Grid, GridCell};
use crate::boxes::TableBox;
use crate::boxes::tree::IntrinsicWidths;
use crate::geometry::Lu;

/// What the cells of a column ask for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Column {
    pub(super) min: Lu,
    pub(super) max: Lu,
    /// Whether a length is specified.
    pub(super) is_fixed: bool,
    /// A fraction of the table's width, 0 where none is specified.
    pub(super) percentage: f32,
}

impl Layouter<'_> {
    /// The measures of all columns.
    pub(super) fn table_columns(
        &self,
        style: &ComputedStyle,
        table: &TableBox,
        grid: &Grid<'_>,
    ) -> Vec<Column> {
        if is_fixed_layout(style) {
            return fixed_columns(table, grid);
        }
        let mut columns = vec![Column::default(); grid.columns];
        for (column, declared) in columns.iter_mut().zip(table.column_styles()) {
            match &declared.size.width {
                CssSize::LengthPercentage(LengthPercentage::Percentage(fraction)) => {
                    column.percentage = fraction.max(0.0);
                }
                CssSize::LengthPercentage(LengthPercentage::Length(px)) if *px > 0.0 => {
                    column.max = Lu::from_px(*px);
                    column.is_fixed = true;
                }
                _ => {}
            }
        }
        let mut spanning: Vec<&GridCell<'_>> = Vec::new();
        for cell in &grid.cells {
            if cell.colspan > 1 {
                spanning.push(cell);
                continue;
            }
            let wants = self.cell_wants(cell);
            let column = &mut columns[cell.column];
            column.min = column.min.max(wants.min);
            column.max = column.max.max(wants.max).max(column.min);
            column.is_fixed |= wants.is_fixed;
            column.percentage = column.percentage.max(wants.percentage);
        }
        spanning.sort_by_key(|cell| cell.colspan);
        for cell in spanning {
            let wants = self.cell_wants(cell);
            let end = (cell.column + cell.colspan).min(columns.len());
            span(&mut columns[cell.column..end], wants, grid.spacing.0);
        }
        limit_percentages(&mut columns);
        columns
    }

    /// What one cell asks for: its border box.
    fn cell_wants(&self, cell: &GridCell<'_>) -> Column {
        let b = &cell.cell.cell;
        let style: &ComputedStyle = &b.base.style;
        let content = self.flow_widths(b);
        let inner = cell.edges.inner().horizontal();
        let length = |size: &CssSize| match size {
            CssSize::LengthPercentage(LengthPercentage::Length(px)) => {
                Some(content_box(style, Lu::from_px(*px), inner))
            }
            _ => None,
        };
        let least = length(&style.size.min_width).unwrap_or(Lu::ZERO);
        let most = match &style.size.max_width {
            siskin_engine::css::values::MaxSize::LengthPercentage(LengthPercentage::Length(px)) => {
                content_box(style, Lu::from_px(*px), inner)
            }
            _ => Lu::MAX,
        };
        let min = content.min.max(least);
        let specified = length(&style.size.width).filter(|width| *width > Lu::ZERO);
        let max = specified.unwrap_or_else(|| content.max.min(most)).max(min);
        let percentage = match &style.size.width {
            CssSize::LengthPercentage(LengthPercentage::Percentage(fraction)) => fraction.max(0.0),
            _ => 0.0,
        };
        Column { min: min + inner, max: max + inner, is_fixed: specified.is_some(), percentage }
    }
}

/// <https://drafts.csswg.org/css-tables-3/#in-fixed-mode>: `auto` widths fall back to the automatic layout.
fn is_fixed_layout(style: &ComputedStyle) -> bool {
    style.box_.table_layout == TableLayout::Fixed
        && !matches!(style.size.width, CssSize::Auto | CssSize::MaxContent)
}

/// The columns by the widths of `col` elements, then of the cells in the first row:
/// <https://drafts.csswg.org/css2/#fixed-table-layout>.
fn fixed_columns(table: &TableBox, grid: &Grid<'_>) -> Vec<Column> {
    let mut columns = vec![Column::default(); grid.columns];
    for (column, declared) in columns.iter_mut().zip(table.column_styles()) {
        *column = fixed_column(declared, Lu::ZERO, 1, Lu::ZERO);
    }
    for cell in grid.cells.iter().filter(|cell| cell.row == 0) {
        let inner = cell.edges.inner().horizontal();
        let gaps = grid.spacing.0 * i32::try_from(cell.colspan - 1).unwrap_or(i32::MAX);
        let wants = fixed_column(&cell.cell.cell.base.style, inner, cell.colspan, gaps);
        let end = (cell.column + cell.colspan).min(columns.len());
        for column in &mut columns[cell.column.min(end)..end] {
            if !column.is_fixed && column.percentage == 0.0 {
                *column = wants;
            }
        }
    }
    limit_percentages(&mut columns);
    columns
}

/// What one of the `span` columns of a cell or `col` gets; nothing when its width is `auto`.
fn fixed_column(style: &ComputedStyle, inner: Lu, span: usize, gaps: Lu) -> Column {
    let span = i32::try_from(span.max(1)).unwrap_or(i32::MAX);
    match &style.size.width {
        CssSize::LengthPercentage(LengthPercentage::Percentage(fraction)) => {
            Column { percentage: fraction.max(0.0) / span as f32, ..Column::default() }
        }
        CssSize::LengthPercentage(LengthPercentage::Length(px)) => {
            let width = content_box(style, Lu::from_px(*px), inner) + inner - gaps;
            let width = width.clamp_negative_to_zero() / span;
            Column { min: width, max: width, is_fixed: true, percentage: 0.0 }
        }
        _ => Column::default(),
    }
}

/// Gives the columns that a cell spans what it asks for beyond what they have.
fn span(columns: &mut [Column], wants: Column, spacing: Lu) {
    if columns.is_empty() {
        return;
    }
    let gaps = spacing * i32::try_from(columns.len() - 1).unwrap_or(i32::MAX);
    let known: f32 = columns.iter().map(|column| column.percentage).sum();
    let free = columns.iter().filter(|column| column.percentage == 0.0).count();
    if wants.percentage > known && free > 0 {
        let share = (wants.percentage - known) / free as f32;
        columns.iter_mut().filter(|c| c.percentage == 0.0).for_each(|c| c.percentage = share);
    }
    let sums = content_sums(columns);
    let weights = span_weights(columns);
    let missing_min = (wants.min - gaps - sums.min).clamp_negative_to_zero();
    let missing_max = (wants.max - gaps - sums.max).clamp_negative_to_zero();
    for (column, extra) in columns.iter_mut().zip(shares(missing_min, &weights)) {
        column.min += extra;
        column.max = column.max.max(column.min);
    }
    let now = content_sums(columns);
    let missing_max = missing_max.min((wants.max - gaps - now.max).clamp_negative_to_zero());
    for (column, extra) in columns.iter_mut().zip(shares(missing_max, &weights)) {
        column.max += extra;
    }
}

/// Columns without a width of their own take all that spanning cells add, in proportion to their largest widths.
fn span_weights(columns: &[Column]) -> Vec<f64> {
    let is_auto = |column: &Column| !column.is_fixed && column.percentage == 0.0;
    let any_auto = columns.iter().any(is_auto);
    let chosen = |column: &Column| !any_auto || is_auto(column);
    let weights: Vec<f64> =
        columns.iter().map(|c| if chosen(c) { f64::from(c.max.0) } else { 0.0 }).collect();
    if weights.iter().sum::<f64>() > 0.0 {
        return weights;
    }
    columns.iter().map(|column| if chosen(column) { 1.0 } else { 0.0 }).collect()
}

/// Splits a length by weights; what rounding leaves goes to the last that has weight.
fn shares(total: Lu, weights: &[f64]) -> Vec<Lu> {
    let sum: f64 = weights.iter().sum();
    if total <= Lu::ZERO || sum <= 0.0 {
        return vec![Lu::ZERO; weights.len()];
    }
    let mut shares: Vec<Lu> =
        weights.iter().map(|weight| Lu((f64::from(total.0) * weight / sum) as i32)).collect();
    let rest = total - shares.iter().copied().sum::<Lu>();
    if let Some(last) = weights.iter().rposition(|weight| *weight > 0.0) {
        shares[last] += rest;
    }
    shares
}

/// Percentages beyond 100 % in all do not count.
fn limit_percentages(columns: &mut [Column]) {
    let mut left = 1.0f32;
    for column in columns {
        column.percentage = column.percentage.min(left);
        left = (left - column.percentage).max(0.0);
    }
}

fn content_sums(columns: &[Column]) -> IntrinsicWidths {
    IntrinsicWidths {
        min: columns.iter().map(|column| column.min).sum(),
        max: columns.iter().map(|column| column.max).sum(),
    }
}

/// Smallest and largest width of all columns together, wide enough for percentages:
/// <https://drafts.csswg.org/css-tables-3/#computing-the-table-width>.
pub(super) fn content_widths(columns: &[Column]) -> IntrinsicWidths {
    let sums = content_sums(columns);
    let mut max = f64::from(sums.max.0);
    let mut rest = 0.0;
    let mut percentages = 0.0f64;
    for column in columns {
        if column.percentage > 0.0 {
            max = max.max(f64::from(column.max.0) / f64::from(column.percentage));
            percentages += f64::from(column.percentage);
        } else {
            rest += f64::from(column.max.0);
        }
    }
    if percentages > 0.0 && rest > 0.0 {
        max = if percentages < 0.999 { max.max(rest / (1.0 - percentages)) } else { f64::from(i32::MAX) };
    }
    IntrinsicWidths { min: sums.min, max: Lu(max as i32) }
}

/// The used widths of the columns for that total.
pub(super) fn distribute(columns: &[Column], total: Lu) -> Vec<Lu> {
    let percentage = |column: &Column| {
        sizing::used(&LengthPercentage::Percentage(column.percentage), total).max(column.min)
    };
    let guess = |fixed: bool, auto: bool, percent: bool| -> Vec<Lu> {
        let of = |column: &Column| match (column.percentage > 0.0, column.is_fixed) {
            (true, _) if percent => percentage(column),
            (false, true) if fixed => column.max,
            (false, false) if auto => column.max,
            _ => column.min,
        };
        columns.iter().map(of).collect()
    };
    let guesses = [
        guess(false, false, false),
        guess(false, false, true),
        guess(true, false, true),
        guess(true, true, true),
    ];
    let sum = |widths: &[Lu]| widths.iter().copied().sum::<Lu>();
    if total <= sum(&guesses[0]) {
        return guesses[0].clone();
    }
    for pair in guesses.windows(2) {
        let (low, high) = (sum(&pair[0]), sum(&pair[1]));
        if total <= high {
            let weights: Vec<f64> =
                pair[0].iter().zip(&pair[1]).map(|(a, b)| f64::from((*b - *a).0)).collect();
            let extra = shares(total - low, &weights);
            return pair[0].iter().zip(extra).map(|(width, extra)| *width + extra).collect();
        }
    }
    let [.., widest] = guesses;
    let extra = shares(total - sum(&widest), &excess_weights(columns));
    widest.iter().zip(extra).map(|(width, extra)| *width + extra).collect()
}

/// Who takes what is left when all columns are as wide as they can use.
fn excess_weights(columns: &[Column]) -> Vec<f64> {
    let is_auto = |column: &&Column| !column.is_fixed && column.percentage == 0.0;
    let is_fixed = |column: &&Column| column.is_fixed && column.percentage == 0.0;
    let by = |choose: &dyn Fn(&&Column) -> bool, weigh: &dyn Fn(&Column) -> f64| -> Option<Vec<f64>> {
        let weights: Vec<f64> =
            columns.iter().map(|column| if choose(&column) { weigh(column) } else { 0.0 }).collect();
        (weights.iter().sum::<f64>() > 0.0).then_some(weights)
    };
    by(&is_auto, &|column| f64::from(column.max.0))
        .or_else(|| by(&is_auto, &|_| 1.0))
        .or_else(|| by(&is_fixed, &|column| f64::from(column.max.0)))
        .or_else(|| by(&|_| true, &|column| f64::from(column.percentage)))
        .unwrap_or_else(|| vec![1.0; columns.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn px(value: i32) -> Lu {
        Lu::from_whole_px(value)
    }

    fn column(min: i32, max: i32) -> Column {
        Column { min: px(min), max: px(max), ..Column::default() }
    }

    #[test]
    fn widths_between_the_guesses_and_beyond() {
        let columns = [column(10, 30), column(20, 80)];
        let widths = |total: i32| {
            distribute(&columns, px(total)).iter().map(|width| width.round_px()).collect::<Vec<_>>()
        };
        assert_eq!(widths(5), [10, 20], "never below the smallest");
        assert_eq!(widths(70), [20, 50], "in proportion to what each could use");
        assert_eq!(widths(110), [30, 80]);
        assert_eq!(widths(220), [60, 160], "excess in proportion to the largest widths");
    }

    #[test]
    fn lengths_and_percentages_come_first() {
        let fixed = Column { is_fixed: true, ..column(10, 50) };
        let percent = Column { percentage: 0.25, ..column(10, 20) };
        let widths = distribute(&[fixed, percent, column(10, 100)], px(200));
        assert_eq!(widths, [px(50), px(50), px(100)]);
        let widths = distribute(&[fixed, percent, column(10, 100)], px(400));
        assert_eq!(widths, [px(50), px(100), px(250)], "the automatic column takes the rest");
    }

    #[test]
    fn a_spanning_cell_widens_its_columns() {
        let mut columns = [column(10, 10), column(10, 30)];
        span(&mut columns, column(60, 100), Lu::ZERO);
        assert_eq!(content_sums(&columns), IntrinsicWidths { min: px(60), max: px(100) });
    }
}
