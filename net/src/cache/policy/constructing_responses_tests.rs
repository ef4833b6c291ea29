//! Which decision is made, case by case.

use http::StatusCode;

use super::super::samples::{DATE, at, headers, stored};
use super::*;
use crate::cache::policy::selecting;
use crate::cache::stored_body::StoredBody;

fn candidate(stored: Stored) -> Candidate {
    Candidate { stored: Arc::new(stored), tier: CacheTier::Memory }
}

/// The decision in a few words, so that a table can be read.
fn words(mode: CacheMode, method: &Method, request: &str, stored: &[Candidate], now: u64) -> String {
    let request = headers(request);
    let asked = Asked { method, headers: &request, own: &request, mode };
    match decide(asked, stored, at(now)) {
        Decision::Use { part: Some(part), .. } => format!("part {}-{}", part.start, part.end),
        Decision::Use { why: Why::Fresh(left), .. } => format!("fresh {}", left.as_secs()),
        Decision::Use { why: Why::Heuristic(left), .. } => format!("heuristic {}", left.as_secs()),
        Decision::Use { why: Why::RefreshLater(by), .. } => format!("refresh {}", by.as_secs()),
        Decision::Use { why: Why::Accepted(by), .. } => format!("accepted {}", by.as_secs()),
        Decision::Ask { why: Reason::Miss(reason), conditions, .. } => {
            assert!(conditions.is_empty());
            format!("miss {reason:?}")
        }
        Decision::Ask { why: Reason::Bypass(reason), .. } => format!("bypass {reason:?}"),
        Decision::Ask { why: Reason::Revalidate(revalidation), conditions, .. } => {
            let conditions: Vec<_> = conditions
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
                .collect();
            format!("ask {:?} {}", revalidation.reason, conditions.join(", "))
        }
        Decision::Unsatisfiable => "504".to_owned(),
    }
}

#[test]
fn modes_and_freshness() {
    use CacheMode::{Default, ForceCache, NoCache, NoStore, OnlyIfCached, Reload};
    let etag = "etag: \"a\"";
    for (mode, lines, now, expected) in [
        (Default, "cache-control: max-age=60", 10, "fresh 50"),
        (Default, "cache-control: max-age=60", 60, "miss Stale(Expired(0ns))"),
        (Default, "cache-control: max-age=60\netag: \"a\"", 70, "ask Expired(10s) if-none-match: \"a\""),
        (Default, "last-modified: Wed, 31 Dec 2025 00:00:00 GMT", 40, "heuristic 8600"),
        (Default, "cache-control: max-age=60, no-cache\netag: \"a\"", 10, "ask NoCache if-none-match: \"a\""),
        (Default, "cache-control: max-age=60, no-cache", 10, "miss Stale(NoCache)"),
        (Default, "cache-control: max-age=60, no-cache=\"x\"", 10, "fresh 50"),
        (Default, "cache-control: max-age=1, stale-while-revalidate=10", 10, "refresh 9"),
        (Default, "cache-control: max-age=1, stale-while-revalidate=10", 12, "miss Stale(Expired(11s))"),
        (
            Default,
            "cache-control: max-age=1, stale-while-revalidate=10, must-revalidate",
            10,
            "miss Stale(Expired(9s))",
        ),
        (NoStore, "cache-control: max-age=60", 10, "bypass Mode"),
        (Reload, "cache-control: max-age=60", 10, "bypass Mode"),
        (NoCache, "cache-control: max-age=60\netag: \"a\"", 10, "ask Asked if-none-match: \"a\""),
        (NoCache, "cache-control: max-age=60, immutable\netag: \"a\"", 10, "fresh 50"),
        (
            NoCache,
            "cache-control: max-age=5, immutable\netag: \"a\"",
            10,
            "ask Expired(5s) if-none-match: \"a\"",
        ),
        (ForceCache, "cache-control: max-age=5", 10, "accepted 5"),
        (ForceCache, "cache-control: no-cache", 10, "accepted 10"),
        (OnlyIfCached, "cache-control: max-age=60", 10, "fresh 50"),
        (Default, etag, 10, "ask Expired(10s) if-none-match: \"a\""),
    ] {
        let stored = [candidate(stored(&format!("{DATE}\n{lines}")))];
        assert_eq!(words(mode, &Method::GET, "", &stored, now), expected, "{mode:?} {lines}");
    }
    assert_eq!(words(Default, &Method::GET, "", &[], 0), "miss NotStored");
}

#[test]
fn methods_and_request_directives() {
    let fresh = [candidate(stored(&format!("{DATE}\ncache-control: max-age=60\netag: \"a\"")))];
    let ask = "ask Asked if-none-match: \"a\"";
    for (method, request, now, expected) in [
        (Method::HEAD, "", 10, "fresh 50"),
        (Method::HEAD, "", 70, "miss Stale(Expired(10s))"),
        (Method::POST, "", 10, "bypass Method"),
        (Method::GET, "cache-control: no-store", 10, "bypass Mode"),
        (Method::GET, "cache-control: no-cache", 10, ask),
        (Method::GET, "pragma: no-cache", 10, ask),
        (Method::GET, "cache-control: max-age=5", 10, ask),
        (Method::GET, "cache-control: max-age=0", 2, ask),
        (Method::GET, "cache-control: max-age=20", 10, "fresh 50"),
        (Method::GET, "cache-control: min-fresh=51", 10, ask),
        (Method::GET, "cache-control: min-fresh=50", 10, "fresh 50"),
        (Method::GET, "cache-control: max-stale=5", 64, "accepted 4"),
        (Method::GET, "cache-control: max-stale", 9999, "accepted 9939"),
        (Method::GET, "cache-control: only-if-cached", 10, "fresh 50"),
        (Method::GET, "cache-control: only-if-cached", 70, "504"),
    ] {
        assert_eq!(words(CacheMode::Default, &method, request, &fresh, now), expected, "{method} {request}");
    }
}

#[test]
fn variants() {
    let variant = |value: &str, seconds: u64, etag: &str| {
        let lines = format!(
            "date: Thu, 01 Jan 2026 00:00:0{seconds} GMT\ncache-control: max-age=60\nvary: x\n{etag}"
        );
        let varied = selecting(&headers(&lines), &headers(&format!("x: {value}")));
        candidate(Stored { varied, ..stored(&lines) })
    };
    let both = [variant("1", 1, "etag: \"a\""), variant("2", 0, "etag: \"b\"")];
    let get =
        |request: &str, stored: &[Candidate]| words(CacheMode::Default, &Method::GET, request, stored, 10);
    assert_eq!(get("x: 1", &both), "fresh 50");
    assert_eq!(get("x: 3", &both), "ask Varies if-none-match: \"a\", \"b\"");
    assert_eq!(get("x: 3\nrange: bytes=0-1", &both), "miss Varies");
    assert_eq!(get("", &[variant("1", 0, "")]), "miss Varies");
    // Of two that match the later one is used.
    let request = headers("x: 1");
    let asked = Asked { method: &Method::GET, headers: &request, own: &request, mode: CacheMode::Default };
    let twice = [variant("1", 5, "a: later"), variant("1", 1, "a: sooner")];
    let Decision::Use { what, .. } = decide(asked, &twice, at(10)) else { panic!("both are fresh") };
    assert_eq!(what.stored.headers["a"], "later");
}

#[test]
fn parts() {
    let lines = format!("{DATE}\ncache-control: max-age=60\netag: \"a\"");
    let whole = [candidate(stored(&lines))];
    let part = |start, end| {
        let extent = Some(Extent { start, end, total: 20 });
        let status = StatusCode::PARTIAL_CONTENT;
        [candidate(Stored { status, extent, body: StoredBody::memory(vec![0; 10]), ..stored(&lines) })]
    };
    let get =
        |request: &str, stored: &[Candidate]| words(CacheMode::Default, &Method::GET, request, stored, 10);
    assert_eq!(get("range: bytes=2-3", &whole), "part 2-4");
    assert_eq!(get("range: bytes=-1", &whole), "part 9-10");
    assert_eq!(get("range: bytes=99-", &whole), "miss Partial");
    assert_eq!(get("range: bytes=0-1,3-4", &whole), "bypass Range");
    let coded = [candidate(stored(&format!("{lines}\ncontent-encoding: gzip")))];
    assert_eq!(get("range: bytes=2-3", &coded), "miss Partial");
    let not_found = [candidate(Stored { status: StatusCode::NOT_FOUND, ..stored(&lines) })];
    assert_eq!(get("range: bytes=2-3", &not_found), "miss Partial");
    assert_eq!(get("range: bytes=2-3", &part(0, 10)), "part 2-4");
    assert_eq!(get("range: bytes=9-10", &part(0, 10)), "miss Partial");
    assert_eq!(get("range: bytes=-5", &part(10, 20)), "part 15-20");
    // A part is never the whole: its end is asked for.
    assert_eq!(get("", &part(0, 10)), "ask Partial range: bytes=10-, if-range: \"a\"");
    assert_eq!(get("", &part(10, 20)), "miss Partial");
}
