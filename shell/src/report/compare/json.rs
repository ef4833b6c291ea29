//! The comparison as JSON for programs.

use serde_json::{Map, Value, json};

use super::super::json::{key, ms, totals};
use super::super::row::{Row, Waterfall};
use super::align::Match;
use super::difference::{Weight, is_marked};
use super::{Compared, Comparison, Standing, Verdict};

/// The comparison as one JSON object, indented, ended by a newline.
pub fn render(comparison: &Comparison<'_>) -> String {
    let count = |standing| comparison.count(standing);
    let value = json!({
        "differs": comparison.verdict() == Verdict::Differ,
        "added": count(Standing::Added),
        "removed": count(Standing::Removed),
        "changed": count(Standing::Changed),
        "noted": count(Standing::Noted),
        "same": count(Standing::Same),
        "reordered": comparison.reordered,
        "before": side(comparison.before),
        "after": side(comparison.after),
        "requests": comparison.requests.iter().map(|request| line(comparison, request)).collect::<Vec<_>>(),
    });
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}

fn side(waterfall: &Waterfall) -> Value {
    let milestones: Map<String, Value> = waterfall
        .milestones
        .iter()
        .map(|milestone| (key(milestone.kind.as_str()), json!(ms(milestone.at.since(waterfall.start)))))
        .collect();
    json!({
        "duration_ms": ms(waterfall.end.since(waterfall.start)),
        "totals": totals(&waterfall.totals()),
        "milestones_ms": milestones,
    })
}

fn line(comparison: &Comparison<'_>, request: &Compared) -> Value {
    let row = |waterfall: &Waterfall, index: Option<usize>| {
        let (index, row): (usize, &Row) = (index?, waterfall.rows.get(index?)?);
        Some(json!({
            "number": index + 1,
            "url": row.url,
            "status": row.status(),
            "encoded_bytes": row.sizes.encoded,
            "decoded_bytes": row.sizes.decoded,
            "start_ms": ms(row.start.since(waterfall.start)),
            "duration_ms": ms(row.duration()),
        }))
    };
    let changes: Vec<Value> = request
        .changes
        .iter()
        .map(|change| {
            json!({
                "what": change.what,
                "before": change.before,
                "after": change.after,
                "counts": change.weight == Weight::Structure,
            })
        })
        .collect();
    let phases: Map<String, Value> = request
        .phases
        .iter()
        .map(|change| {
            let marked = is_marked(change.before.unwrap_or_default(), change.after.unwrap_or_default());
            let value =
                json!({ "before": change.before.map(ms), "after": change.after.map(ms), "marked": marked });
            (change.phase.as_str().to_owned(), value)
        })
        .collect();
    json!({
        "standing": match request.standing() {
            Standing::Same => "same",
            Standing::Noted => "noted",
            Standing::Changed => "changed",
            Standing::Added => "added",
            Standing::Removed => "removed",
        },
        "matched_by": match request.pair.by {
            Match::Page => Some("page"),
            Match::Url => Some("url"),
            Match::Path => Some("path"),
            Match::Hash => Some("hash"),
            Match::Place => Some("place"),
            Match::Alone => None,
        },
        "before": row(comparison.before, request.pair.before),
        "after": row(comparison.after, request.pair.after),
        "changes": changes,
        "phases_ms": phases,
    })
}
