//! The fold on hand-written event lists: each rule of the vocabulary is a case, and the promises hold on any list.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, Method, header};
use proptest::prelude::*;
use siskin_net::{
    CacheHit, CacheTier, Destination, DnsSource, ErrorKind, FetchId, Freshness, Initiator, MissReason, Phase,
    Priority, Protocol, Revalidation, StaleReason, TlsFacts, Validator,
};

use super::super::check::check_invariants;
use super::*;

fn at(ms: u64, fetch: u64, kind: NetEventKind) -> Event {
    Event::Net(NetEvent { fetch: FetchId(fetch), hop: 0, at: Timestamp::from_millis(ms), kind })
}

fn requested(ms: u64, fetch: u64) -> Event {
    hop(ms, fetch, 0, &format!("https://h/{fetch}"))
}

fn hop(ms: u64, fetch: u64, hop: u32, url: &str) -> Event {
    let kind = NetEventKind::Requested {
        method: Method::GET,
        url: url.parse().unwrap(),
        destination: Destination::Style,
        priority: Priority::Highest,
        initiator: Initiator::navigation(),
        render_blocking: true,
    };
    Event::Net(NetEvent { fetch: FetchId(fetch), hop, at: Timestamp::from_millis(ms), kind })
}

fn dns_start() -> NetEventKind {
    NetEventKind::DnsStart { host: "h".to_owned() }
}

fn dns_end() -> NetEventKind {
    NetEventKind::DnsEnd {
        addresses: vec!["127.0.0.1:443".parse().unwrap()],
        source: DnsSource::System,
        ttl: None,
    }
}

fn connect_start(id: u64) -> NetEventKind {
    NetEventKind::ConnectStart { connection: ConnectionId(id) }
}

fn connect_end(id: u64) -> NetEventKind {
    let remote = Some("127.0.0.1:443".parse().unwrap());
    NetEventKind::ConnectEnd { connection: ConnectionId(id), local: None, remote }
}

fn tls_start(id: u64) -> NetEventKind {
    NetEventKind::TlsStart { connection: ConnectionId(id) }
}

fn tls_end(id: u64) -> NetEventKind {
    let facts = TlsFacts { version: Some("TLSv1.3".to_owned()), ..TlsFacts::default() };
    NetEventKind::TlsEnd { connection: ConnectionId(id), facts }
}

fn used(id: u64, reused: bool) -> NetEventKind {
    NetEventKind::ConnectionUsed {
        connection: ConnectionId(id),
        reused,
        protocol: Protocol::Http11,
        local: None,
        remote: Some("127.0.0.1:443".parse().unwrap()),
    }
}

fn sent() -> NetEventKind {
    NetEventKind::RequestSent { headers: HeaderMap::new(), body_size: 0 }
}

fn response(status: u16) -> NetEventKind {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("Text/CSS; charset=utf-8"));
    NetEventKind::ResponseStart { status: StatusCode::from_u16(status).unwrap(), headers }
}

fn data(encoded: u64, decoded: u64) -> NetEventKind {
    NetEventKind::Data { encoded, decoded }
}

fn ended(encoded: u64, decoded: u64) -> NetEventKind {
    NetEventKind::Ended { encoded_body_size: encoded, decoded_body_size: decoded }
}

fn failed(phase: Phase) -> NetEventKind {
    NetEventKind::Failed { kind: ErrorKind::Connect, phase, message: "connection refused".to_owned() }
}

fn fold(events: Vec<Event>) -> Waterfall {
    let waterfall = waterfall(&Recording { origin: SystemTime::UNIX_EPOCH, events });
    check_invariants(&waterfall).unwrap();
    waterfall
}

/// `phase start-end`, separated by spaces.
fn phases(row: &Row) -> String {
    let parts = row
        .segments
        .iter()
        .map(|s| format!("{} {}-{}", s.phase.as_str(), s.start.as_millis_f64(), s.end.as_millis_f64()));
    parts.collect::<Vec<_>>().join(", ")
}

#[test]
fn all_phases_of_a_first_request_over_tls() {
    let waterfall = fold(vec![
        requested(0, 1),
        at(0, 1, NetEventKind::Cache(CacheOutcome::Miss(MissReason::NotStored))),
        at(2, 1, NetEventKind::Released),
        at(3, 1, dns_start()),
        at(8, 1, dns_end()),
        at(8, 1, connect_start(1)),
        at(12, 1, tls_start(1)),
        at(20, 1, tls_end(1)),
        at(20, 1, connect_end(1)),
        at(21, 1, used(1, false)),
        at(22, 1, sent()),
        at(40, 1, response(200)),
        at(45, 1, data(10, 30)),
        at(50, 1, data(10, 30)),
        at(51, 1, ended(20, 60)),
    ]);
    let [row] = &waterfall.rows[..] else { panic!("one row") };
    assert_eq!(
        phases(row),
        "queue 0-2, stall 2-3, dns 3-8, connect 8-12, tls 12-20, connect 20-20, stall 20-21, send 21-22, \
         wait 22-40, receive 40-51"
    );
    assert_eq!(row.phase(RowPhase::Stall), Some(Duration::from_millis(2)));
    assert_eq!(row.phase(RowPhase::Tls), Some(Duration::from_millis(8)));
    assert_eq!((row.sizes.encoded, row.sizes.decoded, row.chunks.len()), (20, 60, 2));
    assert_eq!((row.status(), row.mime().as_deref()), (Some(200), Some("text/css")));
    assert_eq!((row.cache, &row.outcome), (CacheUse::Miss, &Outcome::Complete));
    let used = row.connection.as_ref().unwrap();
    assert_eq!((used.id, used.reuse, used.protocol.as_str()), (1, Reuse::New, "HTTP/1.1"));
    let [connection] = &waterfall.connections[..] else { panic!("one connection") };
    assert_eq!((connection.opened_by, connection.rows), (Some(0), 1));
    assert_eq!(connection.tls_version.as_deref(), Some("TLSv1.3"));
}

#[test]
fn a_connection_opened_for_a_row_but_not_used_by_it_is_not_its_time() {
    let waterfall = fold(vec![
        requested(0, 1),
        at(1, 1, NetEventKind::Released),
        at(1, 1, dns_start()),
        at(2, 1, dns_end()),
        at(2, 1, connect_start(2)),
        at(6, 1, used(1, true)), // connection 1 came free first
        at(6, 1, sent()),
        at(7, 1, connect_end(2)), // finishes in the background
        at(9, 1, response(200)),
        at(9, 1, ended(0, 0)),
    ]);
    let row = &waterfall.rows[0];
    assert_eq!(phases(row), "queue 0-1, stall 1-6, send 6-6, wait 6-9, receive 9-9");
    assert_eq!(row.phase(RowPhase::Connect), None);
    assert_eq!(row.phase(RowPhase::Dns), None);
    assert_eq!(waterfall.totals().unused, 1);
    assert_eq!(waterfall.connections[1].connect_end, Some(Timestamp::from_millis(7)));
}

#[test]
fn a_connection_that_another_row_opened_is_stall() {
    let waterfall = fold(vec![
        requested(0, 1),
        at(0, 1, NetEventKind::Released),
        requested(1, 2),
        at(1, 2, NetEventKind::Released),
        at(1, 1, connect_start(1)),
        at(4, 1, connect_end(1)),
        at(4, 2, used(1, false)),
        at(4, 2, sent()),
        at(5, 2, response(200)),
        at(6, 2, ended(0, 0)),
        at(7, 1, NetEventKind::Canceled),
    ]);
    assert_eq!(phases(&waterfall.rows[1]), "stall 1-4, send 4-4, wait 4-5, receive 5-6");
    assert_eq!(phases(&waterfall.rows[0]), "stall 0-1, connect 1-4, stall 4-7");
    assert_eq!(waterfall.connections[0].opened_by, Some(0));
    assert_eq!(waterfall.rows[0].outcome, Outcome::Canceled);
}

#[test]
fn own_phases_are_clipped_to_the_rows_own_time() {
    // A connection that was begun ahead of the request, and told late.
    let waterfall = fold(vec![
        requested(10, 1),
        at(12, 1, NetEventKind::Released),
        at(4, 1, dns_start()),
        at(6, 1, dns_end()),
        at(6, 1, connect_start(1)),
        at(15, 1, connect_end(1)),
        at(15, 1, used(1, false)),
        at(15, 1, sent()),
        at(20, 1, response(200)),
        at(21, 1, ended(0, 0)),
    ]);
    assert_eq!(
        phases(&waterfall.rows[0]),
        "queue 10-12, dns 12-12, connect 12-15, send 15-15, wait 15-20, receive 20-21"
    );
}

#[test]
fn what_was_lost_on_a_connection_that_was_given_up_is_stall() {
    let waterfall = fold(vec![
        requested(0, 1),
        at(0, 1, NetEventKind::Released),
        at(1, 1, used(1, true)),
        at(1, 1, sent()),
        at(3, 1, connect_start(2)), // the peer had closed connection 1
        at(5, 1, connect_end(2)),
        at(5, 1, used(2, false)),
        at(5, 1, sent()),
        at(8, 1, response(200)),
        at(9, 1, ended(0, 0)),
    ]);
    assert_eq!(phases(&waterfall.rows[0]), "stall 0-3, connect 3-5, send 5-5, wait 5-8, receive 8-9");
    assert_eq!(waterfall.rows[0].connection.as_ref().unwrap().id, 2);
}

#[test]
fn failures_end_in_the_phase_where_they_happened() {
    let begin = |more: Vec<Event>| {
        let mut events = vec![requested(0, 1), at(1, 1, NetEventKind::Released)];
        events.extend(more);
        fold(events).rows.remove(0)
    };
    let dns = begin(vec![at(1, 1, dns_start()), at(5, 1, failed(Phase::Dns))]);
    assert_eq!(phases(&dns), "queue 0-1, dns 1-5");
    let connect = begin(vec![
        at(1, 1, dns_start()),
        at(2, 1, dns_end()),
        at(2, 1, connect_start(1)),
        at(9, 1, failed(Phase::Connect)),
    ]);
    assert_eq!(phases(&connect), "queue 0-1, dns 1-2, connect 2-9");
    let outcome =
        Outcome::Failed { phase: Some("connect".to_owned()), message: "connection refused".to_owned() };
    assert_eq!(connect.outcome, outcome);
    let body = begin(vec![
        at(1, 1, used(1, true)),
        at(2, 1, sent()),
        at(3, 1, response(200)),
        at(4, 1, data(7, 7)),
        at(6, 1, failed(Phase::Receive)),
    ]);
    assert_eq!(phases(&body), "queue 0-1, send 1-2, wait 2-3, receive 3-6");
    assert_eq!(body.sizes.encoded, 7);
    assert!(body.is_failure());
}

#[test]
fn each_hop_is_a_row() {
    let mut events = vec![hop(0, 1, 0, "http://h/a")];
    events.extend([
        at(0, 1, NetEventKind::Released),
        at(0, 1, used(1, false)),
        at(0, 1, sent()),
        at(3, 1, response(302)),
        at(3, 1, NetEventKind::Redirected { to: "http://h/b".parse().unwrap() }),
        hop(3, 1, 1, "http://h/b"),
    ]);
    let second = [(4, used(1, true)), (4, sent()), (6, response(200)), (7, ended(0, 0))];
    events.extend(second.into_iter().map(|(ms, kind)| {
        Event::Net(NetEvent { fetch: FetchId(1), hop: 1, at: Timestamp::from_millis(ms), kind })
    }));
    let waterfall = fold(events);
    assert_eq!(waterfall.rows.len(), 2);
    assert_eq!(waterfall.rows[0].outcome, Outcome::Redirected { to: "http://h/b".to_owned() });
    assert_eq!((waterfall.rows[1].hop, waterfall.rows[1].url.as_str()), (1, "http://h/b"));
    let totals = waterfall.totals();
    assert_eq!((totals.requests, totals.redirects, totals.reused, totals.connections), (2, 1, 1, 1));
}

#[test]
fn caches_and_local_files_wait_and_do_not_queue() {
    let hit = fold(vec![
        requested(0, 1),
        at(1, 1, hit_in(CacheTier::Memory)),
        at(2, 1, response(200)),
        at(2, 1, data(0, 9)),
        at(3, 1, ended(0, 9)),
    ]);
    assert_eq!(phases(&hit.rows[0]), "wait 0-2, receive 2-3");
    assert_eq!((hit.rows[0].cache, hit.totals().cached, hit.totals().encoded), (CacheUse::Hit, 1, 0));
    let confirmed = fold(vec![
        requested(0, 1),
        at(0, 1, revalidate()),
        at(0, 1, NetEventKind::Released),
        at(1, 1, used(1, true)),
        at(1, 1, sent()),
        at(2, 1, response(304)),
        at(2, 1, ended(0, 9)),
    ]);
    assert_eq!(confirmed.rows[0].cache, CacheUse::Confirmed);
    let words = confirmed.rows[0].cache_words.as_deref();
    assert_eq!(words, Some("stale for 1 s, revalidates with ETag, confirmed"));
    let joined = NetEventKind::Cache(CacheOutcome::Joined(FetchId(3)));
    for (first, tier, expected) in
        [(revalidate(), CacheTier::Disk, CacheUse::DiskHit), (joined, CacheTier::Memory, CacheUse::Joined)]
    {
        let told =
            fold(vec![requested(0, 1), at(0, 1, first), at(1, 1, hit_in(tier)), at(1, 1, response(200))]);
        assert_eq!(told.rows[0].cache, expected);
    }
}

#[test]
fn what_is_still_under_way_is_pending_until_the_end_of_the_story() {
    let waterfall = fold(vec![
        requested(5, 1),
        at(6, 1, NetEventKind::Released),
        Event::Page(PageEvent { at: Timestamp::from_millis(2), kind: PageEventKind::NavigationStart }),
        Event::Page(PageEvent { at: Timestamp::from_millis(30), kind: PageEventKind::Load }),
        Event::Page(PageEvent { at: Timestamp::from_millis(20), kind: PageEventKind::DomContentLoaded }),
    ]);
    assert_eq!(waterfall.rows[0].outcome, Outcome::Pending);
    assert_eq!(phases(&waterfall.rows[0]), "queue 5-6, stall 6-30");
    assert_eq!(waterfall.start, Timestamp::from_millis(2));
    let kinds: Vec<_> = waterfall.milestones.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [MilestoneKind::DomContentLoaded, MilestoneKind::Load]);
}

#[test]
fn an_empty_recording_is_an_empty_waterfall() {
    let waterfall = fold(Vec::new());
    assert!(waterfall.rows.is_empty() && waterfall.connections.is_empty());
    assert_eq!(waterfall.start, waterfall.end);
}

fn hit_in(tier: CacheTier) -> NetEventKind {
    let (age, freshness) = (Duration::from_secs(1), Freshness::Fresh(Duration::from_secs(59)));
    NetEventKind::Cache(CacheOutcome::Hit(CacheHit { tier, age, freshness }))
}

fn revalidate() -> NetEventKind {
    let reason = StaleReason::Expired(Duration::from_secs(1));
    NetEventKind::Cache(CacheOutcome::Revalidate(Revalidation { reason, validator: Validator::ETag }))
}

fn any_kind() -> impl Strategy<Value = NetEventKind> {
    let id = 1..4_u64;
    prop_oneof![
        Just(NetEventKind::Released),
        Just(revalidate()),
        Just(dns_start()),
        Just(dns_end()),
        id.clone().prop_map(connect_start),
        id.clone().prop_map(tls_start),
        id.clone().prop_map(tls_end),
        id.clone().prop_map(connect_end),
        (id, any::<bool>()).prop_map(|(id, reused)| used(id, reused)),
        Just(sent()),
        Just(response(200)),
        Just(response(304)),
        (any::<u64>(), any::<u64>()).prop_map(|(encoded, decoded)| data(encoded, decoded)),
        (any::<u64>(), any::<u64>()).prop_map(|(encoded, decoded)| ended(encoded, decoded)),
        Just(failed(Phase::Connect)),
        Just(NetEventKind::Canceled),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let page = prop_oneof![
        Just(PageEventKind::NavigationStart),
        Just(PageEventKind::DomContentLoaded),
        Just(PageEventKind::Load)
    ];
    prop_oneof![
        8 => (0..200_u64, 1..4_u64, any_kind()).prop_map(|(ms, fetch, kind)| at(ms, fetch, kind)),
        2 => (0..200_u64, 1..4_u64).prop_map(|(ms, fetch)| requested(ms, fetch)),
        1 => (0..200_u64, page).prop_map(|(ms, kind)| Event::Page(PageEvent { at: Timestamp::from_millis(ms), kind })),
    ]
}

/// What the fold makes of such lists: input for the tests of all reports.
pub(in super::super) fn any_waterfall() -> impl Strategy<Value = Waterfall> {
    proptest::collection::vec(any_event(), 0..60).prop_map(fold)
}

proptest! {
    /// Events of any kind in any order at any time, also such as no client sends.
    #[test]
    fn the_promises_hold_on_any_list(events in proptest::collection::vec(any_event(), 0..80)) {
        fold(events);
    }
}
