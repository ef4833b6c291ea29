//! What every waterfall promises, as a check that runs: tests call it on all they make.

use siskin_net::Timestamp;

use super::row::{Row, RowPhase, Waterfall};

/// The first promise that `waterfall` breaks, in words.
///
/// # Errors
/// Names the row and the promise.
pub fn check_invariants(waterfall: &Waterfall) -> Result<(), String> {
    for (i, row) in waterfall.rows.iter().enumerate() {
        check_row(row).map_err(|what| format!("row {i} ({}): {what}", row.url))?;
        if row.start < waterfall.start || row.end > waterfall.end {
            return Err(format!("row {i} ({}): outside of the waterfall's time", row.url));
        }
    }
    if !waterfall.rows.is_sorted_by_key(|row| row.start) {
        return Err("rows are not in the order of their starts".to_owned());
    }
    if !waterfall.milestones.is_sorted_by_key(|milestone| milestone.at) {
        return Err("milestones are not in the order of time".to_owned());
    }
    if !waterfall.connections.is_sorted_by(|a, b| a.id < b.id) {
        return Err("connections are not in the order of their numbers".to_owned());
    }
    for row in &waterfall.rows {
        let Some(used) = &row.connection else { continue };
        if !waterfall.connections.iter().any(|connection| connection.id == used.id) {
            return Err(format!("{}: connection {} is not in the table", row.url, used.id));
        }
    }
    Ok(())
}

/// The phases of a row are gapless and in order, and their sum is its duration.
fn check_row(row: &Row) -> Result<(), String> {
    if row.end < row.start {
        return Err("ends before it starts".to_owned());
    }
    let mut at: Timestamp = row.start;
    for segment in &row.segments {
        if segment.start != at {
            return Err(format!("{} does not begin where the phase before it ends", segment.phase.as_str()));
        }
        if segment.end < segment.start {
            return Err(format!("{} ends before it starts", segment.phase.as_str()));
        }
        at = segment.end;
    }
    if at != row.end {
        return Err("the phases do not add up to the duration".to_owned());
    }
    let sum: std::time::Duration = RowPhase::ALL.iter().filter_map(|phase| row.phase(*phase)).sum();
    if sum != row.duration() {
        return Err("the sum of the phases is not the duration".to_owned());
    }
    Ok(())
}
