//! The waterfall as JSON for programs: times in ms from the start of the load, numbers instead of bars.
//!
//! A HAR tells more (headers); this tells what the terminal shows, in a form that is easy to query.

use std::time::Duration;

use serde_json::{Map, Value, json};
use siskin_net::Timestamp;

use super::row::{Outcome, RenderBlocking, Reuse, Row, RowPhase, Totals, Waterfall};

/// The waterfall as one JSON object, indented, ended by a newline.
pub fn render(waterfall: &Waterfall) -> String {
    let mut text = format!("{:#}", value(waterfall));
    text.push('\n');
    text
}

/// The waterfall as a JSON value.
pub fn value(waterfall: &Waterfall) -> Value {
    let since = |at: Timestamp| ms(at.since(waterfall.start));
    let milestones: Map<String, Value> = waterfall
        .milestones
        .iter()
        .map(|milestone| (key(milestone.kind.as_str()), json!(since(milestone.at))))
        .collect();
    let connections: Vec<Value> = waterfall
        .connections
        .iter()
        .map(|connection| {
            json!({
                "id": connection.id,
                "opened_by": connection.opened_by.map(|row| row + 1),
                "connect_start_ms": connection.connect_start.map(since),
                "connect_end_ms": connection.connect_end.map(since),
                "protocol": connection.protocol,
                "tls_version": connection.tls_version,
                "remote": connection.remote,
                "requests": connection.rows,
            })
        })
        .collect();
    let rows: Vec<Value> = waterfall.rows.iter().enumerate().map(|(i, r)| row(i, r, &since)).collect();
    json!({
        "duration_ms": since(waterfall.end),
        "totals": totals(&waterfall.totals()),
        "milestones_ms": milestones,
        "connections": connections,
        "rows": rows,
    })
}

/// Milliseconds to the microsecond.
pub(super) fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// `first byte` as a key: `first_byte`.
pub(super) fn key(words: &str) -> String {
    words.to_ascii_lowercase().replace(' ', "_")
}

/// The sums as JSON.
pub(super) fn totals(totals: &Totals) -> Value {
    json!({
        "requests": totals.requests,
        "encoded_bytes": totals.encoded,
        "decoded_bytes": totals.decoded,
        "connections": totals.connections,
        "unused_connections": totals.unused,
        "reused": totals.reused,
        "cached": totals.cached,
        "redirects": totals.redirects,
        "failed": totals.failed,
    })
}

fn row(index: usize, row: &Row, since: &dyn Fn(Timestamp) -> f64) -> Value {
    let phases: Map<String, Value> = RowPhase::ALL
        .into_iter()
        .filter_map(|phase| Some((phase.as_str().to_owned(), json!(ms(row.phase(phase)?)))))
        .collect();
    let (outcome, error) = match &row.outcome {
        Outcome::Complete => ("complete", None),
        Outcome::Redirected { .. } => ("redirected", None),
        Outcome::Failed { phase, message } => ("failed", Some(json!({ "phase": phase, "message": message }))),
        Outcome::Canceled => ("canceled", None),
        Outcome::Pending => ("pending", None),
    };
    let redirected_to = match &row.outcome {
        Outcome::Redirected { to } => Some(to),
        _ => None,
    };
    json!({
        "number": index + 1,
        "fetch": row.fetch,
        "hop": row.hop,
        "method": row.method,
        "url": row.url,
        "status": row.status(),
        "outcome": outcome,
        "redirected_to": redirected_to,
        "error": error,
        "type": row.resource.as_str(),
        "mime": row.mime(),
        "priority": row.priority,
        "initiator": row.initiator.as_ref().map(|i| json!({ "kind": i.kind, "url": i.url })),
        "render_blocking": row.blocking == RenderBlocking::Blocking,
        "cache": row.cache.as_str(),
        "cache_reason": row.cache_words,
        "connection": row.connection.as_ref().map(|used| json!({
            "id": used.id,
            "reused": used.reuse == Reuse::Reused,
            "protocol": used.protocol,
            "remote": used.remote,
        })),
        "lookup": row.lookup.as_ref().map(|lookup| json!({
            "host": lookup.host,
            "addresses": lookup.addresses,
            "source": lookup.source,
            "ttl_s": lookup.ttl,
        })),
        "proxy": row.proxy,
        "encoded_bytes": row.sizes.encoded,
        "decoded_bytes": row.sizes.decoded,
        "start_ms": since(row.start),
        "duration_ms": ms(row.duration()),
        "phases_ms": phases,
    })
}

#[cfg(test)]
mod tests {
    use super::super::terminal::tests::page;
    use super::*;

    #[test]
    fn rows_and_sums_are_there() {
        let value: Value = serde_json::from_str(&render(&page())).unwrap();
        assert_eq!(value["duration_ms"], 80.0);
        assert_eq!(value["totals"]["requests"], 5);
        assert_eq!(value["milestones_ms"]["domcontentloaded"], 41.0);
        let sheet = &value["rows"][1];
        assert_eq!((&sheet["start_ms"], &sheet["duration_ms"]), (&json!(35.0), &json!(17.0)));
        let phases = json!({ "queue": 1.0, "send": 0.0, "wait": 14.0, "receive": 2.0 });
        assert_eq!((&sheet["phases_ms"], &sheet["render_blocking"]), (&phases, &json!(true)));
        assert_eq!(value["rows"][2]["redirected_to"], "http://cdn.h/new.png");
        assert_eq!(value["rows"][4]["error"]["phase"], "dns");
    }
}
