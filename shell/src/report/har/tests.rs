//! HAR files written, checked against the format's rules, read by others and by ourselves.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;
use serde_json::json as value;

use super::super::check::check_invariants;
use super::super::compare::{Verdict, compare, table};
use super::super::row::{CacheUse, MilestoneKind, Outcome, ResourceType, Reuse, RowPhase, Waterfall};
use super::super::style::{Charset, Color, TerminalStyle};
use super::super::terminal::tests::{page, row};
use super::super::waterfall::tests::any_waterfall;
use super::super::{json, terminal};
use super::check::violations;
use super::*;

fn written(waterfall: &Waterfall, secrets: Secrets) -> String {
    to_json(&from_waterfall(waterfall, Some(" A page "), secrets))
}

fn read_back(text: &str) -> Waterfall {
    let waterfall = to_waterfall(&from_json(text.as_bytes()).unwrap());
    check_invariants(&waterfall).unwrap();
    waterfall
}

#[test]
fn what_is_written_keeps_the_rules_of_the_format() {
    let text = written(&page(), Secrets::Keep);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(violations(&value), Vec::<String>::new());
    let log = &value["log"];
    assert_eq!(log["pages"][0]["title"], "A page");
    assert_eq!(log["pages"][0]["startedDateTime"], "2026-01-01T00:00:00.010Z");
    assert_eq!(log["pages"][0]["pageTimings"], value!({ "onContentLoad": 41.0, "onLoad": 80.0 }));
    let first = &log["entries"][0];
    let timings = value!({ "blocked": -1.0, "dns": 2.0, "connect": 8.0, "ssl": -1.0, "send": 0.0, "wait": 20.0, "receive": 10.0 });
    assert_eq!((&first["timings"], &first["time"]), (&timings, &value!(40.0)));
    assert_eq!((&first["serverIPAddress"], &first["connection"]), (&value!("127.0.0.1"), &value!("1")));
    assert_eq!(first["_initiator"], value!({ "type": "parser", "url": "http://h/" }));
    assert_eq!(first["_resourceType"], "document");
    assert_eq!(first["_priority"], "VeryHigh");
    assert_eq!(first["response"]["content"]["compression"], 5678 - 1234);
    assert_eq!(first["response"]["cookies"][0]["name"], "id");
    assert_eq!(first["response"]["cookies"][0]["httpOnly"], true);
    let sheet = &log["entries"][1]["timings"];
    assert_eq!(
        (&sheet["connect"], &sheet["blocked"], &sheet["_blocked_queueing"]),
        (&value!(-1.0), &value!(1.0), &value!(1.0))
    );
    let moved = &log["entries"][2];
    assert_eq!(
        (&moved["response"]["redirectURL"], &moved["response"]["status"]),
        (&value!("//cdn.h/new.png"), &value!(302))
    );
    assert_eq!(moved["request"]["queryString"], value!([{ "name": "v", "value": "1" }]));
    let failed = &log["entries"][4]["response"];
    assert_eq!((&failed["status"], &failed["_error"]), (&value!(0), &value!("dns: no \u{1b}[31maddress")));
}

#[test]
fn the_checks_find_what_is_wrong() {
    let good: Value = serde_json::from_str(&written(&page(), Secrets::Keep)).unwrap();
    let spoilt: [(&str, Value, &str); 9] = [
        ("/log/version", value!("1.1"), "is not 1.2"),
        ("/log/entries/0/time", value!(39.0), "time is 39"),
        ("/log/entries/0/timings/wait", value!(-1), "is no time"),
        ("/log/entries/0/timings/ssl", value!(9.0), "longer than connect"),
        ("/log/entries/0/pageref", value!("page_2"), "leads to no page"),
        ("/log/entries/0/startedDateTime", value!("2026-01-01 00:00:00"), "no date"),
        ("/log/entries/0/startedDateTime", value!("2027-01-01T00:00:00.000Z"), "order of their starts"),
        ("/log/entries/0/request/url", value!("http://h/#x"), "fragment"),
        ("/log/entries/0/response/headers", value!([{ "name": "a" }]), "value is no text"),
    ];
    for (place, value, expected) in spoilt {
        let mut har = good.clone();
        *har.pointer_mut(place).unwrap() = value;
        let found = violations(&har);
        assert!(found.iter().any(|what| what.contains(expected)), "{place}: {found:?}");
    }
}

#[test]
fn an_independent_reader_understands_it() {
    let text = written(&page(), Secrets::Keep);
    let har = har::from_slice(text.as_bytes()).unwrap();
    let har::Spec::V1_2(log) = har.log else { panic!("version 1.2") };
    assert_eq!(log.entries.len(), 5);
    assert_eq!(log.entries[0].timings.connect, Some(8.0));
    assert_eq!(log.pages.unwrap()[0].page_timings.on_load, Some(80.0));
}

#[test]
fn reading_and_writing_again_changes_nothing() {
    let before = page();
    let text = written(&before, Secrets::Keep);
    let after = read_back(&text);
    assert_eq!(after.rows.len(), before.rows.len());
    for (a, b) in before.rows.iter().zip(&after.rows) {
        assert_eq!(a.start.since(before.start), b.start.since(after.start), "{}", a.url);
        for phase in RowPhase::ALL {
            assert_eq!(a.phase(phase), b.phase(phase), "{} {}", a.url, phase.as_str());
        }
        assert_eq!(
            (&a.connection, &a.outcome, a.sizes, a.cache),
            (&b.connection, &b.outcome, b.sizes, b.cache)
        );
        assert_eq!((a.resource, a.blocking, a.fetch, a.hop), (b.resource, b.blocking, b.fetch, b.hop));
    }
    assert_eq!(after.totals(), before.totals());
    assert_eq!(written(&after, Secrets::Keep), text);
    // The structs lose nothing either.
    let har = from_json(text.as_bytes()).unwrap();
    assert_eq!(to_json(&har), text);
}

#[test]
fn secrets_are_left_out_unless_they_are_wanted() {
    let mut waterfall = page();
    let headers = [("Authorization", "Basic aGk6aGk="), ("cookie", "sid=secret"), ("accept", "*/*")];
    let request = waterfall.rows[0].request.as_mut().unwrap();
    request.headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let text = written(&waterfall, Secrets::LeaveOut);
    for secret in ["aGk6aGk", "secret", "id=1"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(text.contains("*/*"));
    let kept = written(&waterfall, Secrets::Keep);
    assert!(kept.contains("aGk6aGk") && kept.contains("\"sid\""));
}

#[test]
fn data_urls_are_left_out() {
    let mut waterfall = page();
    waterfall.rows.push(row("data:text/css,a", ResourceType::Stylesheet, (1, Reuse::Reused), 90, &[]));
    assert!(!written(&waterfall, Secrets::Keep).contains("data:text"));
}

/// As Chrome's developer tools write it (field names from its sources), cut down to one entry.
const CHROME: &str = r#"{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},
 "pages":[{"startedDateTime":"2026-01-01T00:00:00.100Z","id":"page_1","title":"http://h/","pageTimings":
  {"onContentLoad":50.5,"onLoad":null},"_vendor":1}],
 "entries":[{"_connectionId":"1843","_initiator":{"type":"other"},"_priority":"VeryHigh","_resourceType":"document",
  "cache":{},"connection":"443","pageref":"page_1","request":{"method":"GET","url":"http://h/","httpVersion":"h2",
  "headers":[{"name":":authority","value":"h"}],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},
  "response":{"status":200,"statusText":"","httpVersion":"http/2.0","headers":[],"cookies":[],"content":
  {"size":1256,"mimeType":"text/html","compression":608,"text":"<p>"},"redirectURL":"","headersSize":-1,
  "bodySize":-1,"_transferSize":752,"_error":null,"_fetchedViaServiceWorker":false},
  "serverIPAddress":"[2606:2800::1]","startedDateTime":"2026-01-01T00:00:00.100Z","time":30.5,
  "timings":{"blocked":2.5,"dns":3,"ssl":8,"connect":15,"send":0.5,"wait":"9","receive":0.5,
  "_blocked_queueing":1.5,"_workerStart":-1}}]}}"#;

#[test]
fn files_of_other_tools_are_read_and_kept() {
    let bytes = [b"\xef\xbb\xbf", CHROME.as_bytes()].concat();
    let har = from_json(&bytes).unwrap();
    let again: Value = serde_json::from_str(&to_json(&har)).unwrap();
    assert_eq!(again["log"]["pages"][0]["_vendor"], 1);
    assert_eq!(again["log"]["entries"][0]["timings"]["_workerStart"], -1);
    assert_eq!(again["log"]["entries"][0]["response"]["content"]["text"], "<p>");
    let waterfall = read_back(CHROME);
    let row = &waterfall.rows[0];
    let used = row.connection.as_ref().unwrap();
    assert_eq!((used.id, used.reuse, used.protocol.as_str()), (1843, Reuse::New, "HTTP/2"));
    assert_eq!(used.remote.as_deref(), Some("2606:2800::1"));
    let ms = |phase| row.phase(phase).map(|time| time.as_secs_f64() * 1e3);
    let expected = [Some(1.5), Some(1.0), Some(3.0), Some(7.0), Some(8.0), Some(0.5), Some(9.0), Some(0.5)];
    assert_eq!(RowPhase::ALL.map(ms), expected);
    assert_eq!((row.sizes.encoded, row.sizes.decoded), (752, 1256));
    assert_eq!((row.cache, &row.outcome), (CacheUse::Unknown, &Outcome::Complete));
    let milestone = waterfall.milestone(MilestoneKind::DomContentLoaded).unwrap();
    assert_eq!(milestone.since(waterfall.start), Duration::from_micros(50_500));
    assert_eq!(waterfall.milestone(MilestoneKind::Load), None);
}

#[test]
fn nonsense_in_a_file_does_no_harm() {
    let timings =
        r#"{"blocked":1e300,"dns":-7,"connect":1e300,"ssl":1e301,"send":1e308,"wait":null,"receive":[]}"#;
    let entry = format!(
        r#"{{"startedDateTime":"0000-01-01T00:00:00Z","time":{{}},"request":{{}},"response":{{"status":-3}},
        "timings":{timings},"connection":7,"_chunks":[1,{{"ts":1e300,"bytes":-1}}],"_all_start":1e300}}"#
    );
    let page = r#"{"startedDateTime":"9999-12-31T23:59:59Z","pageTimings":{"onLoad":1e300}}"#;
    let text = format!(r#"{{"log":{{"pages":[{page}],"entries":[{entry},{entry}]}}}}"#);
    let waterfall = read_back(&text);
    assert_eq!(waterfall.rows.len(), 2);
    read_back(&written(&waterfall, Secrets::Keep));
    for text in ["", "{}", "[]", "{\"log\":1}", "{\"log\":{\"entries\":[{}]}}", "\u{0}"] {
        assert!(from_json(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(read_back("{\"log\":{}}").rows.len(), 0);
    let deep = "[".repeat(100_000);
    assert!(from_json(format!("{{\"log\":{{\"x\":{deep}").as_bytes()).is_err());
}

proptest! {
    /// Any waterfall makes a file that keeps the rules and reads back as what was written; every report takes it.
    #[test]
    fn all_reports_take_any_waterfall(waterfall in any_waterfall(), width in 0..300_usize) {
        let text = written(&waterfall, Secrets::Keep);
        prop_assert_eq!(violations(&serde_json::from_str(&text).unwrap()), Vec::<String>::new());
        let again = read_back(&text);
        let twice = read_back(&written(&again, Secrets::Keep));
        prop_assert_eq!(compare(&again, &twice).verdict(), Verdict::Same);
        let style = TerminalStyle { width, color: Color::Plain, charset: Charset::Unicode };
        prop_assert_eq!(terminal::render(&waterfall, &style).contains('\x1b'), false);
        table::render(&compare(&waterfall, &again), ["a", "b"], &style);
        let value: Value = serde_json::from_str(&json::render(&waterfall)).unwrap();
        prop_assert_eq!(value["rows"].as_array().unwrap().len(), waterfall.rows.len());
    }
}
