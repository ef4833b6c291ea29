//! The shorthands of grids: <https://drafts.csswg.org/css-grid-2/#grid-shorthands>.

use std::sync::Arc;

use cssparser::Parser;

use super::super::specified::grid::{self, GridTemplate, area_row, areas, track_list};
use super::super::specified::length::LengthPercentage;
use super::super::specified::{ParseContext, Parsed, invalid};
use super::super::values::{GridAutoFlow, GridLine, TrackBreadth, TrackItem, TrackSize};
use super::declaration::{Declaration, parse_longhand};
use super::table::LonghandId::{self, GridAutoColumns, GridAutoRows};
use super::table::Value;

/// `grid-row`, `grid-column`, `grid-area`: lines between slashes. A line that is missing is the opposite one if that is a
/// name, else `auto`.
pub(crate) fn lines(
    longhands: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let mut lines = vec![grid::grid_line(input, context)?];
    while lines.len() < longhands.len() && input.try_parse(|i| i.expect_delim('/')).is_ok() {
        lines.push(grid::grid_line(input, context)?);
    }
    while lines.len() < longhands.len() {
        let opposite = match lines.len() {
            2 | 3 => &lines[lines.len() - 2],
            _ => &lines[0],
        };
        let is_name = matches!(opposite, GridLine::Line { name: Some(_), has_number: false, .. });
        lines.push(if is_name { opposite.clone() } else { GridLine::Auto });
    }
    for (&id, line) in longhands.iter().zip(lines) {
        out.push(Declaration::Value(match id {
            LonghandId::GridRowStart => Value::GridRowStart(line),
            LonghandId::GridRowEnd => Value::GridRowEnd(line),
            LonghandId::GridColumnStart => Value::GridColumnStart(line),
            _ => Value::GridColumnEnd(line),
        }));
    }
    Ok(())
}

/// `grid-template`
pub(crate) fn template(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    if input
        .try_parse(|input| -> Parsed<()> {
            input.expect_ident_matching("none")?;
            if input.is_exhausted() { Ok(()) } else { invalid() }
        })
        .is_ok()
    {
        return Ok(());
    }
    let with_areas = input.try_parse(|input| areas_and_rows(input, context, out));
    if with_areas.is_ok() {
        return Ok(());
    }
    let rows = grid::template(input, context)?;
    input.expect_delim('/')?;
    let columns = grid::template(input, context)?;
    out.push(Declaration::Value(Value::GridTemplateRows(rows)));
    out.push(Declaration::Value(Value::GridTemplateColumns(columns)));
    Ok(())
}

/// `[ <line-names>? <string> <track-size>? <line-names>? ]+ [ / <explicit-track-list> ]?`
fn areas_and_rows(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let mut rows = Vec::new();
    let mut tracks: Vec<TrackItem<LengthPercentage>> = Vec::new();
    let names = |input: &mut Parser<'_>, tracks: &mut Vec<TrackItem<LengthPercentage>>| {
        if let Ok(found) = input.try_parse(grid::line_names) {
            match tracks.last_mut() {
                Some(TrackItem::Names(last)) => last.extend(found),
                _ => tracks.push(TrackItem::Names(found)),
            }
        }
    };
    loop {
        names(input, &mut tracks);
        let Ok(text) = input.try_parse(Parser::expect_string_cloned) else { break };
        rows.push(area_row(&text)?);
        let size = input.try_parse(|input| grid::track_size(input, context));
        tracks.push(TrackItem::Track(size.unwrap_or(TrackSize::Breadth(TrackBreadth::Auto))));
        names(input, &mut tracks);
    }
    let areas = areas(rows)?;
    let columns = if input.try_parse(|i| i.expect_delim('/')).is_ok() {
        GridTemplate::Tracks(track_list(input, context, true)?)
    } else {
        GridTemplate::None
    };
    out.push(Declaration::Value(Value::GridTemplateAreas(Some(Arc::clone(&areas)))));
    out.push(Declaration::Value(Value::GridTemplateRows(GridTemplate::Tracks(tracks))));
    out.push(Declaration::Value(Value::GridTemplateColumns(columns)));
    Ok(())
}

/// `grid`: a template, or one axis of it and `auto-flow` for the other.
pub(crate) fn grid(
    longhands: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let start = input.state();
    let before = out.len();
    if template(longhands, input, context, out).is_ok() && input.is_exhausted() {
        return Ok(());
    }
    out.truncate(before);
    input.reset(&start);
    if let Ok(dense) = input.try_parse(auto_flow) {
        let flow = if dense { GridAutoFlow::RowDense } else { GridAutoFlow::Row };
        out.push(Declaration::Value(Value::GridAutoFlow(flow)));
        if let Ok(sizes) = input.try_parse(|input| parse_longhand(GridAutoRows, input, context)) {
            out.push(sizes);
        }
        input.expect_delim('/')?;
        let columns = grid::template(input, context)?;
        out.push(Declaration::Value(Value::GridTemplateColumns(columns)));
        return Ok(());
    }
    let rows = grid::template(input, context)?;
    input.expect_delim('/')?;
    let dense = auto_flow(input)?;
    let flow = if dense { GridAutoFlow::ColumnDense } else { GridAutoFlow::Column };
    out.push(Declaration::Value(Value::GridTemplateRows(rows)));
    out.push(Declaration::Value(Value::GridAutoFlow(flow)));
    if let Ok(sizes) = input.try_parse(|input| parse_longhand(GridAutoColumns, input, context)) {
        out.push(sizes);
    }
    Ok(())
}

/// `[ auto-flow && dense? ]`: whether `dense` is there.
fn auto_flow(input: &mut Parser<'_>) -> Parsed<bool> {
    let before = input.try_parse(|i| i.expect_ident_matching("dense")).is_ok();
    input.expect_ident_matching("auto-flow")?;
    Ok(before || input.try_parse(|i| i.expect_ident_matching("dense")).is_ok())
}
