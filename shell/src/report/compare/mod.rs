//! Two waterfalls held against each other, request by request.
//!
//! *Structure* decides whether two loads differ: requests that came or went, their status, outcome, type, sizes,
//! protocol, cache use, priority, blocking. What changes from run to run by itself is *noted* and does not decide:
//! times, queries (cache busters), which connection was free, the order of starts.
//!
//! - [`align`]: which request of one is which of the other
//! - [`difference`]: what differs within a pair
//! - [`table`]: the comparison in a terminal
//! - [`json`]: the comparison for programs

pub mod align;
pub mod difference;
pub mod table;
pub mod json;

use super::row::Waterfall;
use align::{Match, Pair};
use difference::{Change, PhaseChange, Weight};

/// Two loads, aligned.
#[derive(Debug, Clone)]
pub struct Comparison<'a> {
    /// The first.
    pub before: &'a Waterfall,
    /// The second.
    pub after: &'a Waterfall,
    /// Each request of either once: in the order of the first, what is new at its place in the second.
    pub requests: Vec<Compared>,
    /// How many pairs start earlier in the second than a pair that was before them in the first.
    pub reordered: usize,
}

/// One line of a comparison.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Which rows.
    pub pair: Pair,
    /// What differs, where both are there.
    pub changes: Vec<Change>,
    /// The phases of both, where both are there: those that either has.
    pub phases: Vec<PhaseChange>,
}

/// Whether two loads differ in structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// They do not; times may.
    Same,
    /// They do.
    Differ,
}

/// How a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// In both, alike.
    Same,
    /// In both, with differences that do not decide.
    Noted,
    /// In both, and different.
    Changed,
    /// In the second alone.
    Added,
    /// In the first alone.
    Removed,
}

/// Aligns two waterfalls and finds what differs.
pub fn compare<'a>(before: &'a Waterfall, after: &'a Waterfall) -> Comparison<'a> {
    let pairs = align::align(before, after);
    let mut furthest = None;
    let mut reordered = 0;
    for after in pairs.iter().filter(|pair| pair.before.is_some()).filter_map(|pair| pair.after) {
        reordered += usize::from(furthest.is_some_and(|furthest| after < furthest));
        furthest = furthest.max(Some(after));
    }
    let requests = pairs.into_iter().map(|pair| {
        let rows =
            pair.before.and_then(|i| before.rows.get(i)).zip(pair.after.and_then(|i| after.rows.get(i)));
        let (changes, phases) = rows.map_or_else(Default::default, |(a, b)| {
            (difference::changes(a, b, pair.by), difference::phases(a, b))
        });
        Compared { pair, changes, phases }
    });
    Comparison { before, after, requests: requests.collect(), reordered }
}

impl Compared {
    /// How the line counts.
    pub fn standing(&self) -> Standing {
        match (self.pair.before, self.pair.after) {
            (None, _) => Standing::Added,
            (_, None) => Standing::Removed,
            _ if self.changes.iter().any(|change| change.weight == Weight::Structure) => Standing::Changed,
            _ if !self.changes.is_empty() => Standing::Noted,
            _ => Standing::Same,
        }
    }
}

impl Comparison<'_> {
    /// How many lines stand so.
    pub fn count(&self, standing: Standing) -> usize {
        self.requests.iter().filter(|request| request.standing() == standing).count()
    }

    /// Whether the two differ.
    pub fn verdict(&self) -> Verdict {
        let differs = |request: &Compared| !matches!(request.standing(), Standing::Same | Standing::Noted);
        if self.requests.iter().any(differs) { Verdict::Differ } else { Verdict::Same }
    }
}

#[cfg(test)]
mod tests;
