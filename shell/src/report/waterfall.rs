//! The fold from a recording to a waterfall: pure, and total on any order of events.
//!
//! What the events mean stands in `siskin_net`'s `NetEvent`. Three rules make rows honest:
//! - the connect phases of a row are those of the connection that carried it, and only if it was opened for this
//!   row; waiting for a connection that somebody else opened is *stall*;
//! - a phase counts only where it lies in the row's own time;
//! - each moment from start to end belongs to exactly one phase.

use std::collections::HashMap;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use siskin_engine::event::{PageEvent, PageEventKind};
use siskin_net::{
    CacheHit, CacheOutcome, CacheTier, ConnectionEvent, ConnectionEventKind, ConnectionId, Freshness,
    NetEvent, NetEventKind, OpenedFor, Timestamp, UpgradeReason,
};

use super::lookup;
use super::recording::{Event, Recording};
use super::row::{
    CacheUse, Chunk, Closing, Connection, ConnectionDetails, ConnectionUse, Milestone, MilestoneKind,
    Outcome, RenderBlocking, RequestHead, ResourceType, ResponseHead, Reuse, Row, RowInitiator, RowLookup,
    RowPhase, Segment, Sizes, Waterfall,
};

/// Folds what was heard into rows, milestones and connections.
pub fn waterfall(recording: &Recording) -> Waterfall {
    let mut fold = Fold::default();
    for event in &recording.events {
        match event {
            Event::Net(event) => fold.net(event),
            Event::Page(event) => fold.page(event),
            Event::Connection(event) => fold.connection_event(event),
            Event::Lookup(_) => {}
        }
    }
    fold.finish(recording)
}

#[derive(Default)]
struct Fold {
    drafts: Vec<Draft>,
    index: HashMap<(u64, u32), usize>,
    connections: Vec<(Connection, Option<usize>)>,
    connection_index: HashMap<u64, usize>,
    milestones: Vec<Milestone>,
    navigation: Option<Timestamp>,
    last: Timestamp,
}

/// A row whose phases are not settled yet.
struct Draft {
    row: Row,
    marks: Vec<(Timestamp, Mark)>,
    used: Option<ConnectionId>,
}

/// The events that may change a row's phase.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Released,
    DnsStart,
    DnsEnd,
    ConnectStart(ConnectionId),
    TlsStart(ConnectionId),
    TlsEnd(ConnectionId),
    ConnectEnd(ConnectionId),
    Used,
    Sent,
    Response,
}

impl Fold {
    fn page(&mut self, event: &PageEvent) {
        self.last = self.last.max(event.at);
        let kind = match event.kind {
            PageEventKind::NavigationStart => {
                self.navigation.get_or_insert(event.at);
                return;
            }
            PageEventKind::FirstByte => MilestoneKind::FirstByte,
            PageEventKind::DomContentLoaded => MilestoneKind::DomContentLoaded,
            PageEventKind::FirstPaintPossible => MilestoneKind::FirstPaint,
            PageEventKind::Load => MilestoneKind::Load,
            PageEventKind::NetworkIdle => MilestoneKind::NetworkIdle,
        };
        self.milestones.push(Milestone { kind, at: event.at });
    }

    fn net(&mut self, event: &NetEvent) {
        self.last = self.last.max(event.at);
        let key = (event.fetch.0, event.hop);
        if matches!(event.kind, NetEventKind::Requested { .. }) && !self.index.contains_key(&key) {
            self.index.insert(key, self.drafts.len());
            self.drafts.extend(Draft::begin(event));
            return;
        }
        let row = self.index.get(&key).copied();
        self.note_connection(event, row);
        // An event of a hop that was never asked for has no row to stand in; it may still tell of a connection.
        if let Some(draft) = row.and_then(|row| self.drafts.get_mut(row)) {
            draft.take(event);
        }
    }

    /// Keeps the table of connections: also those that were opened and then carried nothing.
    fn note_connection(&mut self, event: &NetEvent, row: Option<usize>) {
        match &event.kind {
            NetEventKind::ConnectStart { connection } => {
                let (entry, opener) = self.connection(*connection);
                entry.connect_start = Some(event.at);
                *opener = row;
            }
            NetEventKind::TlsEnd { connection, facts } => {
                self.connection(*connection).0.tls_version.clone_from(&facts.version);
            }
            NetEventKind::ConnectEnd { connection, remote, .. } => {
                let (entry, _) = self.connection(*connection);
                entry.connect_end = Some(event.at);
                entry.remote = remote.map(|address| address.to_string());
            }
            NetEventKind::ConnectionUsed { connection, protocol, remote, .. } => {
                let (entry, _) = self.connection(*connection);
                entry.protocol = Some(protocol.as_str().to_owned());
                entry.remote = remote.map(|address| address.to_string()).or_else(|| entry.remote.take());
                entry.rows += 1;
                // Told again: the response came over another connection than was thought.
                let before = row.and_then(|row| self.drafts.get(row)).and_then(|draft| draft.used);
                if let Some(before) = before
                    && !row.is_some_and(|row| self.drafts[row].is_answered())
                {
                    let (entry, _) = self.connection(before);
                    entry.rows = entry.rows.saturating_sub(1);
                }
            }
            _ => {}
        }
    }

    /// What is told of connections beside the fetches. Their end may come after everything else: it does not make
    /// the story longer.
    fn connection_event(&mut self, event: &ConnectionEvent) {
        let (entry, _) = self.connection(event.connection);
        match &event.kind {
            ConnectionEventKind::Opening { cause, .. } => {
                entry.connect_start.get_or_insert(event.at);
                entry.details.ahead = *cause == OpenedFor::Preconnect;
            }
            ConnectionEventKind::Opened { local, remote, protocol, tls, .. } => {
                entry.connect_end.get_or_insert(event.at);
                entry.details.local = local.map(|address| address.to_string());
                entry.remote = remote.map(|address| address.to_string());
                entry.protocol.get_or_insert_with(|| protocol.as_str().to_owned());
                entry.tls_version = tls.as_ref().and_then(|facts| facts.version.clone());
                entry.details.tls.clone_from(tls);
            }
            ConnectionEventKind::OpenFailed { phase, message, .. } => {
                entry.details.failed = Some(format!("{phase}: {message}"));
            }
            ConnectionEventKind::Measured { fetch, hop, tcp } => {
                entry.details.measured.push((fetch.0, *hop, *tcp));
            }
            ConnectionEventKind::Closed { by, why, .. } => {
                entry.details.closed = Some(Closing { at: event.at, by: *by, why: *why });
            }
        }
    }

    fn connection(&mut self, id: ConnectionId) -> &mut (Connection, Option<usize>) {
        let at = *self.connection_index.entry(id.0).or_insert_with(|| {
            self.connections.push((
                Connection {
                    id: id.0,
                    opened_by: None,
                    connect_start: None,
                    connect_end: None,
                    protocol: None,
                    tls_version: None,
                    details: ConnectionDetails::default(),
                    remote: None,
                    rows: 0,
                },
                None,
            ));
            self.connections.len() - 1
        });
        &mut self.connections[at]
    }

    fn finish(self, recording: &Recording) -> Waterfall {
        let first = self.drafts.iter().map(|draft| draft.row.start).chain(self.navigation).min();
        let start = first.unwrap_or_default();
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        order.sort_by_key(|&i| self.drafts[i].row.start);
        let mut place = vec![0; order.len()];
        for (to, &from) in order.iter().enumerate() {
            place[from] = to;
        }
        let mut rows: Vec<Row> = self.drafts.into_iter().map(|draft| draft.finish(self.last)).collect();
        rows.sort_by_key(|row| row.start);
        let mut connections: Vec<Connection> = self
            .connections
            .into_iter()
            .map(|(connection, opener)| Connection { opened_by: opener.map(|i| place[i]), ..connection })
            .collect();
        connections.sort_by_key(|connection| connection.id);
        let mut milestones = self.milestones;
        milestones.sort_by_key(|milestone| milestone.at);
        Waterfall {
            origin: recording.origin,
            start,
            end: self.last.max(start),
            rows,
            milestones,
            connections,
        }
    }
}

impl Draft {
    /// A row begins with `Requested`, and with nothing else.
    fn begin(event: &NetEvent) -> Option<Self> {
        let NetEventKind::Requested { method, url, destination, priority, initiator, render_blocking } =
            &event.kind
        else {
            return None;
        };
        let row = Row {
            fetch: event.fetch.0,
            hop: event.hop,
            method: method.to_string(),
            url: url.to_string(),
            resource: ResourceType::from(*destination),
            priority: Some(priority.label().to_owned()),
            initiator: Some(RowInitiator {
                kind: initiator.kind.as_str().to_owned(),
                url: initiator.url.as_ref().map(ToString::to_string),
            }),
            blocking: if *render_blocking { RenderBlocking::Blocking } else { RenderBlocking::NonBlocking },
            cache: CacheUse::Unknown,
            cache_words: None,
            connection: None,
            lookup: None,
            proxy: None,
            request: None,
            response: None,
            sizes: Sizes::default(),
            chunks: Vec::new(),
            outcome: Outcome::Pending,
            start: event.at,
            end: event.at,
            segments: Vec::new(),
        };
        Some(Self { row, marks: Vec::new(), used: None })
    }

    fn take(&mut self, event: &NetEvent) {
        if self.row.outcome != Outcome::Pending {
            return; // Over: a connection opened for it may still finish in the background.
        }
        let at = event.at;
        let mark = match &event.kind {
            NetEventKind::Released => Mark::Released,
            NetEventKind::DnsStart { host } => {
                let host = host.clone();
                self.row.lookup = Some(RowLookup { host, addresses: Vec::new(), source: None, ttl: None });
                Mark::DnsStart
            }
            NetEventKind::DnsEnd { addresses, source, ttl } => {
                if let Some(told) = &mut self.row.lookup {
                    told.addresses = addresses.iter().map(|address| address.ip().to_string()).collect();
                    told.source = Some(lookup::source(source, None));
                    told.ttl = ttl.filter(|ttl| *ttl < Duration::MAX).map(|ttl| ttl.as_secs());
                }
                Mark::DnsEnd
            }
            NetEventKind::ConnectStart { connection } => Mark::ConnectStart(*connection),
            NetEventKind::TlsStart { connection } => Mark::TlsStart(*connection),
            NetEventKind::TlsEnd { connection, .. } => Mark::TlsEnd(*connection),
            NetEventKind::ConnectEnd { connection, .. } => Mark::ConnectEnd(*connection),
            NetEventKind::ConnectionUsed { connection, reused, protocol, local, remote } => {
                self.used = Some(*connection);
                self.row.connection = Some(ConnectionUse {
                    id: connection.0,
                    reuse: if *reused { Reuse::Reused } else { Reuse::New },
                    protocol: protocol.as_str().to_owned(),
                    remote: remote.map(|address| address.to_string()),
                    local: local.map(|address| address.to_string()),
                });
                Mark::Used
            }
            NetEventKind::RequestSent { headers, body_size } => {
                self.row.request = Some(RequestHead { headers: pairs(headers), body_size: *body_size });
                Mark::Sent
            }
            NetEventKind::ResponseStart { status, headers } => {
                self.response(*status, headers);
                Mark::Response
            }
            NetEventKind::Requested { .. }
            | NetEventKind::Upgraded { .. }
            | NetEventKind::Challenged { .. }
            | NetEventKind::Proxy { .. }
            | NetEventKind::DnsStep(_)
            | NetEventKind::ConnectAttempt { .. }
            | NetEventKind::ConnectAttemptFailed { .. }
            | NetEventKind::Cache(_)
            | NetEventKind::CookiesSent(_)
            | NetEventKind::CookiesReceived(_)
            | NetEventKind::Data { .. }
            | NetEventKind::Redirected { .. }
            | NetEventKind::Ended { .. }
            | NetEventKind::Failed { .. }
            | NetEventKind::Canceled => return self.take_content(event),
        };
        self.marks.push((at, mark));
    }

    /// The events that change no phase: cache, body, and the four ends.
    fn take_content(&mut self, event: &NetEvent) {
        let outcome = match &event.kind {
            NetEventKind::Proxy { proxy } => {
                self.row.proxy = Some(proxy.clone());
                return;
            }
            NetEventKind::Upgraded { to, reason: UpgradeReason::Hsts } => {
                // As Chromium shows it: a response that nobody sent.
                self.row.response = Some(ResponseHead {
                    status: StatusCode::TEMPORARY_REDIRECT.as_u16(),
                    reason: "Internal Redirect".to_owned(),
                    headers: vec![
                        ("location".to_owned(), to.to_string()),
                        ("non-authoritative-reason".to_owned(), "HSTS".to_owned()),
                    ],
                });
                Outcome::Redirected { to: to.to_string() }
            }
            NetEventKind::Upgraded { to, .. } => {
                self.row.url = to.to_string();
                return;
            }
            NetEventKind::Cache(outcome) => {
                self.cache(outcome);
                return;
            }
            NetEventKind::Data { encoded, decoded } => {
                self.row.chunks.push(Chunk { at: event.at, encoded: *encoded, decoded: *decoded });
                self.row.sizes.encoded = self.row.sizes.encoded.saturating_add(*encoded);
                self.row.sizes.decoded = self.row.sizes.decoded.saturating_add(*decoded);
                return;
            }
            NetEventKind::Redirected { to } => Outcome::Redirected { to: to.to_string() },
            // Not a failure: the next row is the answer.
            NetEventKind::Challenged { .. } => Outcome::Redirected { to: self.row.url.clone() },
            NetEventKind::Ended { encoded_body_size, decoded_body_size } => {
                self.row.sizes = Sizes { encoded: *encoded_body_size, decoded: *decoded_body_size };
                Outcome::Complete
            }
            NetEventKind::Failed { phase, message, .. } => {
                Outcome::Failed { phase: Some(phase.to_string()), message: message.clone() }
            }
            NetEventKind::Canceled => Outcome::Canceled,
            _ => return,
        };
        self.row.outcome = outcome;
        self.row.end = event.at;
    }

    /// Whether a response has begun: what is sent after it is another try.
    const fn is_answered(&self) -> bool {
        self.row.response.is_some()
    }

    fn cache(&mut self, outcome: &CacheOutcome) {
        self.row.cache = match (self.row.cache, outcome) {
            // What was waited for is used.
            (CacheUse::Joined, CacheOutcome::Hit(_)) => CacheUse::Joined,
            (_, CacheOutcome::Miss(_)) => CacheUse::Miss,
            (_, CacheOutcome::Bypass(_)) => CacheUse::Bypass,
            (_, CacheOutcome::Hit(CacheHit { freshness: Freshness::IfError(_), .. })) => CacheUse::StoodIn,
            (_, CacheOutcome::Hit(CacheHit { tier: CacheTier::Memory, .. })) => CacheUse::Hit,
            (_, CacheOutcome::Hit(CacheHit { tier: CacheTier::Disk, .. })) => CacheUse::DiskHit,
            (_, CacheOutcome::Revalidate(_)) => CacheUse::Revalidated,
            (_, CacheOutcome::Joined(_)) => CacheUse::Joined,
        };
        let words = self.row.cache_words.take();
        self.row.cache_words =
            Some(words.map_or_else(|| outcome.to_string(), |words| format!("{words}; {outcome}")));
    }

    fn response(&mut self, status: StatusCode, headers: &HeaderMap) {
        if self.row.cache == CacheUse::Revalidated && status == StatusCode::NOT_MODIFIED {
            self.row.cache = CacheUse::Confirmed;
            if let Some(words) = &mut self.row.cache_words {
                words.push_str(", confirmed");
            }
        }
        self.row.response = Some(ResponseHead {
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default().to_owned(),
            headers: pairs(headers),
        });
    }

    fn finish(mut self, last: Timestamp) -> Row {
        if self.row.outcome == Outcome::Pending {
            self.row.end = last;
        }
        self.row.end = self.row.end.max(self.row.start);
        self.row.segments = segments(&self.row, &self.marks, self.used);
        self.row
    }
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

/// Cuts the row's time at its marks.
fn segments(row: &Row, marks: &[(Timestamp, Mark)], used: Option<ConnectionId>) -> Vec<Segment> {
    let own = OwnConnect::of(marks, used);
    let mut cut = Cut { at: row.start, end: row.end, phase: RowPhase::Queue, segments: Vec::new() };
    for (i, &(at, mark)) in marks.iter().enumerate() {
        if let Some(phase) = own.phase_after(i, mark) {
            cut.enter(phase, at);
        }
    }
    cut.enter(RowPhase::Receive, row.end);
    let mut segments = cut.segments;
    // Nobody queues for a file, a data: URL or a cache: the time until their answer is waiting.
    let never_released = !marks.iter().any(|(_, mark)| matches!(mark, Mark::Released | Mark::Used));
    if never_released && row.response.is_some() {
        for segment in &mut segments {
            if segment.phase == RowPhase::Queue {
                segment.phase = RowPhase::Wait;
            }
        }
    }
    segments
}

/// Which marks of a row count.
struct OwnConnect {
    /// The connection that carried the row; `None` when none did, and then every attempt counts.
    used: Option<ConnectionId>,
    /// The last `Used`: what was sent before it went to a connection that was given up.
    last_used: Option<usize>,
    /// The lookup that led to the connection.
    dns: Option<std::ops::Range<usize>>,
}

impl OwnConnect {
    fn of(marks: &[(Timestamp, Mark)], used: Option<ConnectionId>) -> Self {
        let last_used = marks.iter().rposition(|(_, mark)| *mark == Mark::Used);
        let connect = used
            .and_then(|id| marks.iter().position(|(_, mark)| *mark == Mark::ConnectStart(id)))
            .filter(|&connect| last_used.is_none_or(|used| connect < used));
        let dns = connect.and_then(|connect| {
            marks[..connect].iter().rposition(|(_, mark)| *mark == Mark::DnsStart).map(|from| from..connect)
        });
        Self { used, last_used, dns }
    }

    /// The phase that begins with a mark, if the mark counts.
    fn phase_after(&self, i: usize, mark: Mark) -> Option<RowPhase> {
        let over = self.last_used.is_some_and(|used| i > used);
        let counts = |id| !over && self.used.is_none_or(|used| used == id);
        let lookup = !over && (self.used.is_none() || self.dns.as_ref().is_some_and(|dns| dns.contains(&i)));
        match mark {
            Mark::Released => Some(RowPhase::Stall).filter(|_| !over),
            Mark::DnsStart => Some(RowPhase::Dns).filter(|_| lookup),
            Mark::DnsEnd => Some(RowPhase::Stall).filter(|_| lookup),
            Mark::ConnectStart(id) => Some(RowPhase::Connect).filter(|_| counts(id)),
            Mark::TlsStart(id) => Some(RowPhase::Tls).filter(|_| counts(id)),
            Mark::TlsEnd(id) => Some(RowPhase::Connect).filter(|_| counts(id)),
            Mark::ConnectEnd(id) => Some(RowPhase::Stall).filter(|_| counts(id)),
            Mark::Used => Some(RowPhase::Send).filter(|_| self.last_used == Some(i)),
            Mark::Sent => Some(RowPhase::Wait).filter(|_| self.last_used.is_none() || over),
            Mark::Response => Some(RowPhase::Receive).filter(|_| self.last_used.is_none() || over),
        }
    }
}

/// Segments as they are cut off a row's time.
struct Cut {
    at: Timestamp,
    end: Timestamp,
    phase: RowPhase,
    segments: Vec<Segment>,
}

impl Cut {
    /// Ends the current phase at `at`, clipped to the row's time, and begins the next.
    fn enter(&mut self, phase: RowPhase, at: Timestamp) {
        let at = at.clamp(self.at, self.end);
        let segment = Segment { phase: self.phase, start: self.at, end: at };
        // A step that took no measurable time did happen; waiting that took none did not.
        let waiting = matches!(self.phase, RowPhase::Queue | RowPhase::Stall);
        match self.segments.last_mut() {
            Some(last) if last.phase == segment.phase => last.end = at,
            _ if waiting && segment.end.since(segment.start) == Duration::ZERO => {}
            _ => self.segments.push(segment),
        }
        self.at = at;
        self.phase = phase;
    }
}

#[cfg(test)]
#[path = "waterfall_tests.rs"]
pub(super) mod tests;
