//! What differs between two requests that are the same one.

use std::time::Duration;

use super::super::row::{Outcome, RenderBlocking, Reuse, Row, RowPhase};
use super::super::text;
use super::Match;

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// In what.
    pub what: &'static str,
    /// What the first has.
    pub before: String,
    /// What the second has.
    pub after: String,
    /// Whether it decides.
    pub weight: Weight,
}

/// Whether a difference decides that two loads differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// It does.
    Structure,
    /// It comes and goes from run to run.
    Noted,
}

/// The time of one phase in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseChange {
    /// The phase.
    pub phase: RowPhase,
    /// In the first, if it was in that phase at all.
    pub before: Option<Duration>,
    /// In the second.
    pub after: Option<Duration>,
}

/// A smaller change of a time is noise on any machine.
const TIME_FLOOR: Duration = Duration::from_millis(10);
/// A change by less than one in this many parts is noise too.
const TIME_SHARE: u32 = 5;

/// Whether a change of a time is worth to be marked: at least 10 ms, and at least a fifth of the longer time. Times never
/// decide: one load a side is too few to tell a slower server from a busy machine.
pub fn is_marked(before: Duration, after: Duration) -> bool {
    let change = before.abs_diff(after);
    change >= TIME_FLOOR && change >= before.max(after) / TIME_SHARE
}

/// What differs, times aside.
pub fn changes(before: &Row, after: &Row, by: Match) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut hold = |what: &'static str, weight: Weight, before: String, after: String| {
        if before != after {
            changes.push(Change { what, before, after, weight });
        }
    };
    use Weight::{Noted, Structure};
    // A query alone may be a cache buster; a host alone may be where the test server stands.
    match by {
        Match::Hash | Match::Place => hold("URL", Structure, before.url.clone(), after.url.clone()),
        Match::Page | Match::Path => hold("URL", Noted, before.url.clone(), after.url.clone()),
        Match::Url | Match::Alone => {}
    }
    let status = |row: &Row| row.status().map_or_else(|| "none".to_owned(), |status| status.to_string());
    hold("status", Structure, status(before), status(after));
    hold("outcome", Structure, outcome(before), outcome(after));
    hold("type", Structure, kind(before), kind(after));
    hold("size", Structure, size(before.sizes.encoded), size(after.sizes.encoded));
    hold("decoded size", Structure, size(before.sizes.decoded), size(after.sizes.decoded));
    let protocol = |row: &Row| row.connection.as_ref().map_or("none", |used| &used.protocol).to_owned();
    hold("protocol", Structure, protocol(before), protocol(after));
    let cache = |row: &Row| row.cache.as_str().to_owned();
    hold("cache", Structure, cache(before), cache(after));
    let priority = |row: &Row| row.priority.clone().unwrap_or_else(|| "unknown".to_owned());
    hold("priority", Structure, priority(before), priority(after));
    hold("first paint", Structure, blocking(before), blocking(after));
    hold("connection", Noted, reuse(before), reuse(after));
    let peer = |row: &Row| {
        let remote = row.connection.as_ref().and_then(|used| used.remote.as_deref());
        remote.map_or_else(
            || "none".to_owned(),
            |remote| remote.rsplit_once(':').map_or(remote, |(ip, _)| ip).to_owned(),
        )
    };
    hold("address", Noted, peer(before), peer(after));
    changes
}

fn outcome(row: &Row) -> String {
    match &row.outcome {
        Outcome::Complete => "complete".to_owned(),
        // Where to is told by the next hop's URL.
        Outcome::Redirected { .. } => "redirected".to_owned(),
        // The words of an error may name ports and addresses.
        Outcome::Failed { phase: Some(phase), .. } => format!("failed in {phase}"),
        Outcome::Failed { phase: None, .. } => "failed".to_owned(),
        Outcome::Canceled => "canceled".to_owned(),
        Outcome::Pending => "pending".to_owned(),
    }
}

/// The media type; where there is none, what it was asked for.
fn kind(row: &Row) -> String {
    row.mime().unwrap_or_else(|| row.resource.as_str().to_owned())
}

/// Exact, because a byte is a difference.
fn size(bytes: u64) -> String {
    if bytes < 1000 { format!("{bytes}B") } else { format!("{bytes}B ({})", text::bytes(bytes)) }
}

fn blocking(row: &Row) -> String {
    match row.blocking {
        RenderBlocking::Blocking => "waits for it".to_owned(),
        RenderBlocking::NonBlocking => "does not wait".to_owned(),
    }
}

fn reuse(row: &Row) -> String {
    match row.connection.as_ref().map(|used| used.reuse) {
        None => "none",
        Some(Reuse::New) => "new",
        Some(Reuse::Reused) => "reused",
    }
    .to_owned()
}

/// The phases that either row was in.
pub fn phases(before: &Row, after: &Row) -> Vec<PhaseChange> {
    let both = |phase| PhaseChange { phase, before: before.phase(phase), after: after.phase(phase) };
    let there = |change: &PhaseChange| change.before.is_some() || change.after.is_some();
    RowPhase::ALL.into_iter().map(both).filter(there).collect()
}
