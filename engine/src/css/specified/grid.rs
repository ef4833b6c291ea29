//! Grid templates and lines as specified: <https://drafts.csswg.org/css-grid-2/>.

use std::sync::Arc;

use cssparser::{Parser, Token, match_ignore_ascii_case};

use super::length::{LengthPercentage, integer, length_percentage_non_negative};
use super::{ComputeContext, ParseContext, Parsed, Specified, computes_to_itself, invalid};
use crate::css::values;
pub use crate::css::values::{GridLine, TemplateAreas};
use crate::css::values::{RepeatCount, TrackBreadth, TrackItem};
use crate::limits::MAX_GRID_REPETITIONS;

/// A specified track size.
pub(crate) type TrackSize = values::TrackSize<LengthPercentage>;
/// A specified template.
pub(crate) type GridTemplate = values::GridTemplate<LengthPercentage>;

computes_to_itself!(GridLine, Arc<TemplateAreas>);

impl<L: Specified> Specified for TrackBreadth<L> {
    type Computed = TrackBreadth<L::Computed>;
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        match self {
            Self::LengthPercentage(value) => TrackBreadth::LengthPercentage(value.compute(context)),
            Self::Flex(factor) => TrackBreadth::Flex(*factor),
            Self::MinContent => TrackBreadth::MinContent,
            Self::MaxContent => TrackBreadth::MaxContent,
            Self::Auto => TrackBreadth::Auto,
        }
    }
}

impl<L: Specified> Specified for values::TrackSize<L> {
    type Computed = values::TrackSize<L::Computed>;
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        match self {
            Self::Breadth(breadth) => values::TrackSize::Breadth(breadth.compute(context)),
            Self::MinMax(min, max) => values::TrackSize::MinMax(min.compute(context), max.compute(context)),
            Self::FitContent(limit) => values::TrackSize::FitContent(limit.compute(context)),
        }
    }
}

impl<L: Specified> Specified for TrackItem<L> {
    type Computed = TrackItem<L::Computed>;
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        match self {
            Self::Names(names) => TrackItem::Names(names.clone()),
            Self::Track(size) => TrackItem::Track(size.compute(context)),
            // One level: a repetition holds no other.
            Self::Repeat(count, items) => TrackItem::Repeat(*count, items.compute(context)),
        }
    }
}

impl<L: Specified> Specified for values::GridTemplate<L> {
    type Computed = values::GridTemplate<L::Computed>;
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        match self {
            Self::None => values::GridTemplate::None,
            Self::Tracks(items) => values::GridTemplate::Tracks(items.compute(context)),
            Self::Subgrid(items) => values::GridTemplate::Subgrid(items.compute(context)),
        }
    }
}

/// What a list of tracks may hold beside what all may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TrackKind {
    Any,
    /// Inside of `repeat(auto-fill, …)`, or beside it: at least one limit is a length.
    Fixed,
}

fn breadth(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<TrackBreadth<LengthPercentage>> {
    let start = input.state();
    match input.next()?.clone() {
        Token::Dimension { value, ref unit, .. } if unit.eq_ignore_ascii_case("fr") => {
            if value >= 0.0 {
                Ok(TrackBreadth::Flex(value))
            } else {
                invalid()
            }
        }
        Token::Ident(ref name) => Ok(match_ignore_ascii_case! { name,
            "min-content" => TrackBreadth::MinContent,
            "max-content" => TrackBreadth::MaxContent,
            "auto" => TrackBreadth::Auto,
            _ => return invalid(),
        }),
        _ => {
            input.reset(&start);
            length_percentage_non_negative(input, context).map(TrackBreadth::LengthPercentage)
        }
    }
}

const fn is_fixed<L>(breadth: &TrackBreadth<L>) -> bool {
    matches!(breadth, TrackBreadth::LengthPercentage(_))
}

pub(crate) fn track_size(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<TrackSize> {
    let function = input.try_parse(|input| -> Parsed<TrackSize> {
        let name = input.expect_function()?.clone();
        if name.eq_ignore_ascii_case("fit-content") {
            return input.parse_nested_block(|input| {
                length_percentage_non_negative(input, context).map(TrackSize::FitContent)
            });
        }
        if !name.eq_ignore_ascii_case("minmax") {
            return invalid();
        }
        input.parse_nested_block(|input| {
            let min = breadth(input, context)?;
            input.expect_comma()?;
            let max = breadth(input, context)?;
            if matches!(min, TrackBreadth::Flex(_)) { invalid() } else { Ok(TrackSize::MinMax(min, max)) }
        })
    });
    match function {
        Ok(size) => Ok(size),
        Err(_) => breadth(input, context).map(TrackSize::Breadth),
    }
}

fn has_fixed_limit(size: &TrackSize) -> bool {
    match size {
        TrackSize::Breadth(breadth) => is_fixed(breadth),
        TrackSize::MinMax(min, max) => is_fixed(min) || is_fixed(max),
        TrackSize::FitContent(_) => false,
    }
}

fn custom_ident(input: &mut Parser<'_>) -> Parsed<Arc<str>> {
    let ident = input.expect_ident()?;
    if is_reserved(ident) { invalid() } else { Ok(Arc::from(&**ident)) }
}

fn is_reserved(ident: &str) -> bool {
    ["span", "auto", "inherit", "initial", "unset", "revert", "revert-layer", "default"]
        .iter()
        .any(|word| ident.eq_ignore_ascii_case(word))
}

pub(crate) fn line_names(input: &mut Parser<'_>) -> Parsed<Vec<Arc<str>>> {
    input.expect_square_bracket_block()?;
    input.parse_nested_block(|input| {
        let mut names = Vec::new();
        while !input.is_exhausted() {
            names.push(custom_ident(input)?);
        }
        Ok(names)
    })
}

/// `repeat()`; `of_tracks` is false for the names of a subgrid.
fn repeat(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    of_tracks: bool,
) -> Parsed<TrackItem<LengthPercentage>> {
    input.expect_function_matching("repeat")?;
    input.parse_nested_block(|input| {
        let keyword = input.try_parse(|input| -> Parsed<RepeatCount> {
            let ident = input.expect_ident()?;
            Ok(match_ignore_ascii_case! { ident,
                "auto-fill" => RepeatCount::AutoFill,
                "auto-fit" if of_tracks => RepeatCount::AutoFit,
                _ => return invalid(),
            })
        });
        let count = match keyword {
            Ok(count) => count,
            Err(_) => match u32::try_from(integer(input, context)?) {
                Ok(number) if number > 0 => RepeatCount::Number(number.min(MAX_GRID_REPETITIONS)),
                _ => return invalid(),
            },
        };
        input.expect_comma()?;
        let mut items = Vec::new();
        let mut has_track = !of_tracks;
        while !input.is_exhausted() {
            if let Ok(names) = input.try_parse(line_names) {
                items.push(TrackItem::Names(names));
            } else if of_tracks {
                items.push(TrackItem::Track(track_size(input, context)?));
                has_track = true;
            } else {
                return invalid();
            }
        }
        if has_track && !items.is_empty() { Ok(TrackItem::Repeat(count, items)) } else { invalid() }
    })
}

/// A track list up to its end, or to a `/`; without repetitions where `is_explicit`.
pub(crate) fn track_list(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    is_explicit: bool,
) -> Parsed<Vec<TrackItem<LengthPercentage>>> {
    let mut items = Vec::new();
    let (mut has_track, mut auto_repeats, mut kind) = (false, 0, TrackKind::Any);
    loop {
        if let Ok(names) = input.try_parse(line_names) {
            if matches!(items.last(), Some(TrackItem::Names(_))) {
                return invalid();
            }
            items.push(TrackItem::Names(names));
        } else if let Ok(item) = input.try_parse(|input| repeat(input, context, true)) {
            if let TrackItem::Repeat(RepeatCount::AutoFill | RepeatCount::AutoFit, _) = &item {
                auto_repeats += 1;
                kind = TrackKind::Fixed;
            }
            has_track = true;
            items.push(item);
        } else if let Ok(size) = input.try_parse(|input| track_size(input, context)) {
            has_track = true;
            items.push(TrackItem::Track(size));
        } else {
            break;
        }
    }
    let is_fixed = |item: &TrackItem<LengthPercentage>| match item {
        TrackItem::Names(_) => true,
        TrackItem::Track(size) => has_fixed_limit(size),
        TrackItem::Repeat(_, items) => {
            items.iter().all(|item| !matches!(item, TrackItem::Track(size) if !has_fixed_limit(size)))
        }
    };
    let has_repeat = items.iter().any(|item| matches!(item, TrackItem::Repeat(..)));
    if !has_track
        || auto_repeats > 1
        || kind == TrackKind::Fixed && !items.iter().all(is_fixed)
        || is_explicit && has_repeat
    {
        return invalid();
    }
    Ok(items)
}

/// `grid-template-columns`, `grid-template-rows`.
pub(crate) fn template(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<GridTemplate> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(GridTemplate::None);
    }
    if input.try_parse(|i| i.expect_ident_matching("subgrid")).is_ok() {
        let mut items = Vec::new();
        loop {
            if let Ok(names) = input.try_parse(line_names) {
                items.push(TrackItem::Names(names));
            } else if let Ok(item) = input.try_parse(|input| repeat(input, context, false)) {
                items.push(item);
            } else {
                break;
            }
        }
        return Ok(GridTemplate::Subgrid(items));
    }
    track_list(input, context, false).map(GridTemplate::Tracks)
}

/// `grid-auto-columns`, `grid-auto-rows`: one track size at least.
pub(crate) fn auto_tracks(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Vec<TrackSize>> {
    let mut sizes = vec![track_size(input, context)?];
    while let Ok(size) = input.try_parse(|input| track_size(input, context)) {
        sizes.push(size);
    }
    Ok(sizes)
}

/// `grid-auto-flow`
pub(crate) fn auto_flow(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<values::GridAutoFlow> {
    let (mut column, mut dense) = (None, false);
    while let Ok(ident) = input.try_parse(Parser::expect_ident_cloned) {
        match_ignore_ascii_case! { &ident,
            "row" if column.is_none() => column = Some(false),
            "column" if column.is_none() => column = Some(true),
            "dense" if !dense => dense = true,
            _ => return invalid(),
        }
    }
    Ok(match (column, dense) {
        (None, false) => return invalid(),
        (Some(true), false) => values::GridAutoFlow::Column,
        (Some(true), true) => values::GridAutoFlow::ColumnDense,
        (_, true) => values::GridAutoFlow::RowDense,
        (_, false) => values::GridAutoFlow::Row,
    })
}

/// `grid-template-areas`: `None` is `none`.
pub(crate) fn template_areas(
    input: &mut Parser<'_>,
    _: &ParseContext<'_>,
) -> Parsed<Option<Arc<TemplateAreas>>> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(None);
    }
    let mut rows = Vec::new();
    while let Ok(text) = input.try_parse(Parser::expect_string_cloned) {
        rows.push(area_row(&text)?);
    }
    areas(rows).map(Some)
}

/// The cells of one string: names, and runs of dots for cells without.
pub(crate) fn area_row(text: &str) -> Parsed<Vec<Option<Arc<str>>>> {
    let mut cells = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii();
        let end = if first == '.' {
            rest.find(|c| c != '.').unwrap_or(rest.len())
        } else {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        };
        if end == 0 {
            return invalid();
        }
        cells.push((first != '.').then(|| Arc::from(&rest[..end])));
        rest = rest[end..].trim_start();
    }
    if cells.is_empty() { invalid() } else { Ok(cells) }
}

/// Checks that rows are equally long and areas rectangles.
pub(crate) fn areas(rows: Vec<Vec<Option<Arc<str>>>>) -> Parsed<Arc<TemplateAreas>> {
    let width = rows.first().map_or(0, Vec::len);
    if width == 0 || rows.iter().any(|row| row.len() != width) {
        return invalid();
    }
    let areas = TemplateAreas { rows };
    let named = areas.rectangles();
    let cells: usize = named.iter().map(|area| area.rows.len() * area.columns.len()).sum();
    let filled = areas.rows.iter().flatten().filter(|cell| cell.is_some()).count();
    // Each area's bounding rectangle holds its cells only.
    if cells == filled { Ok(Arc::new(areas)) } else { invalid() }
}

/// `<grid-line>`
pub(crate) fn grid_line(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<GridLine> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(GridLine::Auto);
    }
    let (mut is_span, mut number, mut name) = (false, None, None);
    loop {
        if !is_span && input.try_parse(|i| i.expect_ident_matching("span")).is_ok() {
            is_span = true;
        } else if number.is_none()
            && let Ok(value) = input.try_parse(|i| integer(i, context))
        {
            number = Some(value);
        } else if name.is_none()
            && let Ok(ident) = input.try_parse(custom_ident)
        {
            name = Some(ident);
        } else {
            break;
        }
    }
    match (is_span, number) {
        (_, Some(0)) => invalid(),
        (_, None) if name.is_none() => invalid(),
        (true, Some(number)) if number < 0 => invalid(),
        (true, number) => Ok(GridLine::Span { number: number.unwrap_or(1), name }),
        (false, number) => {
            Ok(GridLine::Line { number: number.unwrap_or(1), name, has_number: number.is_some() })
        }
    }
}
