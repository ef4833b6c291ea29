//! The events of a fetch, and the rules that all of them keep.

use std::sync::Mutex;

use siskin_net::{
    CloseReason, ClosedBy, ConnectionEvent, ConnectionEventKind, ConnectionId, LookupEvent, NetEvent,
    NetEventKind, Observer,
};

/// Collects the events of one fetch.
#[derive(Default)]
pub(crate) struct Log(Mutex<Vec<NetEvent>>, Mutex<Vec<ConnectionEvent>>, Mutex<Vec<LookupEvent>>);

impl Observer for Log {
    fn on_event(&self, event: NetEvent) {
        self.0.lock().unwrap().push(event);
    }
    fn on_connection_event(&self, event: ConnectionEvent) {
        self.1.lock().unwrap().push(event);
    }
    fn on_lookup(&self, event: LookupEvent) {
        self.2.lock().unwrap().push(event);
    }
}

impl Log {
    pub(crate) fn events(&self) -> Vec<NetEvent> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn connection_events(&self) -> Vec<ConnectionEvent> {
        self.1.lock().unwrap().clone()
    }

    pub(crate) fn lookups(&self) -> Vec<LookupEvent> {
        self.2.lock().unwrap().clone()
    }

    /// What was told of connections: `1 Opening, 1 Opened, 1 Measured, 1 Closed Server ServerEnded after 1`.
    pub(crate) fn connections(&self) -> String {
        let line = |event: &ConnectionEvent| {
            let id = event.connection.0;
            match &event.kind {
                ConnectionEventKind::Closed { by, why, carried } => {
                    format!("{id} Closed {by:?} {why:?} after {carried}")
                }
                kind => format!("{id} {}", format!("{kind:?}").split([' ', '{']).next().unwrap()),
            }
        };
        self.connection_events().iter().map(line).collect::<Vec<_>>().join(", ")
    }

    /// Waits until `count` connections have been closed, and says which, how and why.
    pub(crate) async fn closed(&self, count: usize) -> Vec<(u64, ClosedBy, CloseReason, u64)> {
        for _ in 0..1000 {
            let closed: Vec<_> = self
                .connection_events()
                .iter()
                .filter_map(|event| match event.kind {
                    ConnectionEventKind::Closed { by, why, carried } => {
                        Some((event.connection.0, by, why, carried))
                    }
                    _ => None,
                })
                .collect();
            if closed.len() >= count {
                return closed;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("nothing was closed: {}", self.connections());
    }

    /// The events' names: `Requested Cache Released …`.
    pub(crate) fn names(&self) -> String {
        self.events().iter().map(|event| name(&event.kind)).collect::<Vec<_>>().join(" ")
    }

    /// The connection that carried the last hop, and whether it had been used before.
    pub(crate) fn used(&self) -> (ConnectionId, bool) {
        let used = |event: &NetEvent| match event.kind {
            NetEventKind::ConnectionUsed { connection, reused, .. } => Some((connection, reused)),
            _ => None,
        };
        self.events().iter().rev().find_map(used).expect("a connection was used")
    }

    /// What every story owes, whatever happened. Called for every fetch of these tests.
    pub(crate) fn check(&self) {
        let events = self.events();
        let story = self.names();
        assert!(matches!(events[0].kind, NetEventKind::Requested { .. }), "begins with Requested: {story}");
        for pair in events.windows(2) {
            assert!(pair[0].at <= pair[1].at, "time runs forwards: {pair:?}");
            assert_eq!(pair[0].fetch, pair[1].fetch);
            let next_hop = matches!(
                pair[0].kind,
                NetEventKind::Redirected { .. }
                    | NetEventKind::Challenged { .. }
                    | NetEventKind::Upgraded { reason: siskin_net::UpgradeReason::Hsts, .. }
            );
            assert_eq!(pair[1].hop, pair[0].hop + u32::from(next_hop), "hops follow redirects: {story}");
            if next_hop {
                assert!(matches!(pair[1].kind, NetEventKind::Requested { .. }), "{story}");
            }
        }
        let endings = events.iter().filter(|event| is_ending(&event.kind)).count();
        assert!(endings == 1 && is_ending(&events[events.len() - 1].kind), "one ending, at the end: {story}");
        let hops = events[events.len() - 1].hop;
        for hop in 0..=hops {
            check_hop(events.iter().filter(|event| event.hop == hop).map(|event| &event.kind), &story);
        }
    }
}

fn check_hop<'a>(kinds: impl Iterator<Item = &'a NetEventKind>, story: &str) {
    let (mut last, mut encoded, mut decoded) = (0, 0, 0);
    let (mut own, mut open, mut used) = (None, None, None);
    for kind in kinds {
        let rank = rank(kind);
        // Another connect, another try, or the response came over another connection than was thought.
        let again = (DNS_START..=RESPONSE).contains(&last) && (rank == DNS_START || rank == USED);
        assert!(
            rank > last
                || (rank == last && [CACHE, DNS_START, CONNECT_START, DATA].contains(&rank))
                || again
                // The origin failed, and a stored response stands in.
                || (rank == CACHE && (RELEASED..=RESPONSE).contains(&last))
                || rank == 0,
            "in order: {story}"
        );
        last = rank;
        match kind {
            NetEventKind::ConnectStart { connection } => own = Some(*connection),
            NetEventKind::TlsStart { connection } | NetEventKind::TlsEnd { connection, .. } => {
                assert_eq!(own, Some(*connection), "{story}");
            }
            NetEventKind::ConnectEnd { connection, .. } => {
                assert_eq!(own, Some(*connection), "{story}");
                open = own;
            }
            NetEventKind::ConnectionUsed { connection, reused, .. } => {
                assert!(!(*reused && open == Some(*connection)), "an own connection is new: {story}");
                used = Some(*connection);
            }
            NetEventKind::RequestSent { .. } => assert!(used.is_some(), "{story}"),
            NetEventKind::Data { encoded: wire, decoded: page } => {
                encoded += wire;
                decoded += page;
            }
            NetEventKind::Ended { encoded_body_size, decoded_body_size } => {
                assert_eq!(
                    (*encoded_body_size, *decoded_body_size),
                    (encoded, decoded),
                    "sizes add up: {story}"
                );
            }
            _ => {}
        }
    }
}

const CACHE: u32 = 2;
const RELEASED: u32 = 3;
const DNS_START: u32 = 4;
const CONNECT_START: u32 = 6;
const CONNECT_END: u32 = 9;
const USED: u32 = 10;
const RESPONSE: u32 = 12;
const DATA: u32 = 13;

const fn rank(kind: &NetEventKind) -> u32 {
    match kind {
        NetEventKind::Requested { .. } | NetEventKind::Upgraded { .. } => 1,
        NetEventKind::Cache(_) | NetEventKind::CookiesSent(_) => CACHE,
        NetEventKind::Released => RELEASED,
        NetEventKind::Proxy { .. } | NetEventKind::DnsStart { .. } | NetEventKind::DnsStep(_) => DNS_START,
        NetEventKind::DnsEnd { .. } => 5,
        NetEventKind::ConnectStart { .. }
        | NetEventKind::ConnectAttempt { .. }
        | NetEventKind::ConnectAttemptFailed { .. } => CONNECT_START,
        NetEventKind::TlsStart { .. } => 7,
        NetEventKind::TlsEnd { .. } => 8,
        NetEventKind::ConnectEnd { .. } => CONNECT_END,
        NetEventKind::ConnectionUsed { .. } => 10,
        NetEventKind::RequestSent { .. } => 11,
        NetEventKind::ResponseStart { .. } | NetEventKind::CookiesReceived(_) => 12,
        NetEventKind::Data { .. } => DATA,
        NetEventKind::Redirected { .. }
        | NetEventKind::Challenged { .. }
        | NetEventKind::Ended { .. }
        | NetEventKind::Failed { .. }
        | NetEventKind::Canceled => 14,
    }
}

const fn is_ending(kind: &NetEventKind) -> bool {
    matches!(kind, NetEventKind::Ended { .. } | NetEventKind::Failed { .. } | NetEventKind::Canceled)
}

fn name(kind: &NetEventKind) -> String {
    let debug = format!("{kind:?}");
    debug.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}
