//! Templates and lines as taffy's.

use std::sync::Arc;

use siskin_engine::css::values::{
    self, Alignment, GridAutoFlow, GridLine, GridTemplate, RepeatCount, TrackBreadth, TrackItem, TrackSize,
};
use siskin_engine::style::ComputedStyle;
use taffy::{
    AlignItems, GridPlacement, GridTemplateArea, GridTemplateAreas, GridTemplateComponent,
    GridTemplateRepetition, Line, MaxTrackSizingFunction, MinMax, MinTrackSizingFunction, RepetitionCount,
    TrackSizingFunction,
};

use super::super::flex::{Calculations, Style, item_alignment};

/// Adds to a container's style what grids have.
pub(in crate::layout) fn container_style(
    style: &ComputedStyle,
    base: Style,
    calc: &mut Calculations,
) -> Style {
    let grid = &style.grid;
    let columns = template(&grid.template_columns, calc);
    let rows = template(&grid.template_rows, calc);
    let direction = style.text.direction;
    Style {
        justify_items: item_alignment(style.flex.justify_items, direction).unwrap_or(AlignItems::NORMAL),
        grid_template_columns: columns.components,
        grid_template_column_names: columns.names,
        grid_template_rows: rows.components,
        grid_template_row_names: rows.names,
        grid_auto_columns: grid.auto_columns.iter().map(|size| track(size, calc)).collect(),
        grid_auto_rows: grid.auto_rows.iter().map(|size| track(size, calc)).collect(),
        grid_auto_flow: match grid.auto_flow {
            GridAutoFlow::Row => taffy::GridAutoFlow::Row,
            GridAutoFlow::Column => taffy::GridAutoFlow::Column,
            GridAutoFlow::RowDense => taffy::GridAutoFlow::RowDense,
            GridAutoFlow::ColumnDense => taffy::GridAutoFlow::ColumnDense,
        },
        grid_template_areas: grid.template_areas.as_deref().map(areas),
        ..base
    }
}

/// Adds to an item's style where it stands in a grid.
pub(in crate::layout) fn item_style(style: &ComputedStyle, base: Style) -> Style {
    let grid = &style.grid;
    Style {
        grid_row: Line { start: placement(&grid.row_start), end: placement(&grid.row_end) },
        grid_column: Line { start: placement(&grid.column_start), end: placement(&grid.column_end) },
        ..base
    }
}

/// An item that is stretched along an axis takes its size there from its area, not from its ratio, and one that is
/// stretched along one axis alone takes the other from the ratio: <https://drafts.csswg.org/css-grid-2/#grid-item-sizing>.
pub(in crate::layout) fn settle_ratio(style: &ComputedStyle, container: &ComputedStyle, item: &mut Style) {
    if item.aspect_ratio.is_none() {
        return;
    }
    let or = |own: values::AlignmentValue, around: values::AlignmentValue| match own.keyword {
        Alignment::Auto => around.keyword,
        keyword => keyword,
    };
    let justify = or(style.flex.justify_self, container.flex.justify_items);
    let align = or(style.flex.align_self, container.flex.align_items);
    let is_auto = |size: &values::Size| matches!(size, values::Size::Auto);
    let across = is_auto(&style.size.width) && justify == Alignment::Stretch;
    let down = is_auto(&style.size.height) && align == Alignment::Stretch;
    if across && (down || !is_auto(&style.size.height)) || down && !is_auto(&style.size.width) {
        item.aspect_ratio = None;
    } else if down && is_auto(&style.size.width) && justify == Alignment::Normal {
        item.justify_self = Some(AlignItems::START);
    }
}

/// A template as taffy takes it: components, and the names of the lines before, between and after them.
#[derive(Default)]
struct Template {
    components: Vec<GridTemplateComponent<Arc<str>>>,
    names: Vec<Vec<Arc<str>>>,
}

fn template(template: &GridTemplate, calc: &mut Calculations) -> Template {
    // TODO(css-grid-2 9): subgrids; their own tracks are automatic for now.
    let GridTemplate::Tracks(items) = template else { return Template::default() };
    let mut made = Template { components: Vec::new(), names: vec![Vec::new()] };
    for item in items {
        match item {
            TrackItem::Names(names) => {
                if let Some(line) = made.names.last_mut() {
                    line.extend(names.iter().cloned());
                }
                continue;
            }
            TrackItem::Track(size) => made.components.push(GridTemplateComponent::Single(track(size, calc))),
            TrackItem::Repeat(count, items) => {
                made.components.push(GridTemplateComponent::Repeat(repetition(*count, items, calc)));
            }
        }
        made.names.push(Vec::new());
    }
    made
}

fn repetition(
    count: RepeatCount,
    items: &[TrackItem],
    calc: &mut Calculations,
) -> GridTemplateRepetition<Arc<str>> {
    let mut tracks = Vec::new();
    let mut line_names = vec![Vec::new()];
    for item in items {
        match item {
            TrackItem::Names(names) => {
                if let Some(line) = line_names.last_mut() {
                    line.extend(names.iter().cloned());
                }
            }
            TrackItem::Track(size) => {
                tracks.push(track(size, calc));
                line_names.push(Vec::new());
            }
            TrackItem::Repeat(..) => {}
        }
    }
    let count = match count {
        RepeatCount::Number(number) => RepetitionCount::Count(u16::try_from(number).unwrap_or(u16::MAX)),
        RepeatCount::AutoFill => RepetitionCount::AutoFill,
        RepeatCount::AutoFit => RepetitionCount::AutoFit,
    };
    GridTemplateRepetition { count, tracks, line_names }
}

fn track(size: &TrackSize, calc: &mut Calculations) -> TrackSizingFunction {
    match size {
        // <https://drafts.csswg.org/css-grid-2/#valdef-grid-template-columns-flex>
        TrackSize::Breadth(TrackBreadth::Flex(factor)) => {
            MinMax { min: MinTrackSizingFunction::auto(), max: MaxTrackSizingFunction::fr(*factor) }
        }
        TrackSize::Breadth(breadth) => MinMax { min: least(breadth, calc), max: most(breadth, calc) },
        TrackSize::MinMax(min, max) => MinMax { min: least(min, calc), max: most(max, calc) },
        TrackSize::FitContent(limit) => {
            let max = match limit {
                values::LengthPercentage::Length(px) => MaxTrackSizingFunction::fit_content_px(*px),
                values::LengthPercentage::Percentage(part) => {
                    MaxTrackSizingFunction::fit_content_percent(*part)
                }
                values::LengthPercentage::Calc(_) => {
                    MaxTrackSizingFunction::fit_content_calc(calc.add(limit))
                }
            };
            MinMax { min: MinTrackSizingFunction::auto(), max }
        }
    }
}

fn least(breadth: &TrackBreadth, calc: &mut Calculations) -> MinTrackSizingFunction {
    match breadth {
        TrackBreadth::LengthPercentage(value) => calc.length(value).into(),
        TrackBreadth::MinContent => MinTrackSizingFunction::min_content(),
        TrackBreadth::MaxContent => MinTrackSizingFunction::max_content(),
        TrackBreadth::Auto | TrackBreadth::Flex(_) => MinTrackSizingFunction::auto(),
    }
}

fn most(breadth: &TrackBreadth, calc: &mut Calculations) -> MaxTrackSizingFunction {
    match breadth {
        TrackBreadth::LengthPercentage(value) => calc.length(value).into(),
        TrackBreadth::MinContent => MaxTrackSizingFunction::min_content(),
        TrackBreadth::MaxContent => MaxTrackSizingFunction::max_content(),
        TrackBreadth::Auto => MaxTrackSizingFunction::auto(),
        TrackBreadth::Flex(factor) => MaxTrackSizingFunction::fr(*factor),
    }
}

fn areas(areas: &values::TemplateAreas) -> GridTemplateAreas<Arc<str>> {
    let number = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
    let named = areas.rectangles().into_iter().map(|area| GridTemplateArea {
        name: area.name,
        row_start: number(area.rows.start + 1),
        row_end: number(area.rows.end + 1),
        column_start: number(area.columns.start + 1),
        column_end: number(area.columns.end + 1),
    });
    GridTemplateAreas {
        areas: named.collect(),
        row_count: number(areas.rows.len()),
        column_count: number(areas.rows.first().map_or(0, Vec::len)),
    }
}

/// The largest number of a line that taffy's arithmetic takes; grids end before it.
const MAX_LINE: i32 = 10_000;

fn placement(line: &GridLine) -> GridPlacement<Arc<str>> {
    let number = |number: i32| i16::try_from(number.clamp(-MAX_LINE, MAX_LINE)).unwrap_or(1);
    let span = |number: i32| u16::try_from(number.clamp(1, MAX_LINE)).unwrap_or(1);
    match line {
        GridLine::Auto => GridPlacement::Auto,
        GridLine::Line { number: n, name: None, .. } => GridPlacement::Line(number(*n).into()),
        // A name alone is an area's edge first, which taffy writes as number 0.
        GridLine::Line { number: n, name: Some(name), has_number } => {
            GridPlacement::NamedLine(Arc::clone(name), if *has_number { number(*n) } else { 0 })
        }
        GridLine::Span { number: n, name: None } => GridPlacement::Span(span(*n)),
        GridLine::Span { number: n, name: Some(name) } => {
            GridPlacement::NamedSpan(Arc::clone(name), span(*n))
        }
    }
}
