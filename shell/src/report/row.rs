//! The vocabulary of waterfalls: rows, phases, connections, milestones. Plain values that every report reads.
//!
//! A waterfall comes from a recording ([`super::waterfall`]) or from a HAR file of any tool ([`super::har`]);
//! hence texts where a HAR has texts.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use siskin_net::{CloseReason, ClosedBy, Destination, TcpInfo, Timestamp, TlsFacts};

/// A page load on the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Waterfall {
    /// The wall-clock time of [`Timestamp::ZERO`].
    pub origin: SystemTime,
    /// When the story begins: the navigation, or the first request. Reports show times as distances from here.
    pub start: Timestamp,
    /// When the last row or milestone was over.
    pub end: Timestamp,
    /// One row a hop, by start; rows of one instant in the order in which they were heard.
    pub rows: Vec<Row>,
    /// The page's milestones in the order of time.
    pub milestones: Vec<Milestone>,
    /// The connections in the order of their ids.
    pub connections: Vec<Connection>,
}

/// One hop of one request.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Names the fetch: hops of one redirect chain share it.
    pub fetch: u64,
    /// Which hop of the redirect chain, from 0.
    pub hop: u32,
    /// The method.
    pub method: String,
    /// The URL of this hop.
    pub url: String,
    /// What it was fetched for.
    pub resource: ResourceType,
    /// The priority's label, as developer tools show it (`VeryHigh` … `VeryLow`).
    pub priority: Option<String>,
    /// What made the request.
    pub initiator: Option<RowInitiator>,
    /// Whether the first paint waited for it.
    pub blocking: RenderBlocking,
    /// What the cache had to do with it.
    pub cache: CacheUse,
    /// What the cache decided, in words.
    pub cache_words: Option<String>,
    /// The connection that carried it.
    pub connection: Option<ConnectionUse>,
    /// How the host's addresses were found for the connection that was opened for it.
    pub lookup: Option<RowLookup>,
    /// The proxy that its connection was opened through.
    pub proxy: Option<String>,
    /// The request's head as it was sent.
    pub request: Option<RequestHead>,
    /// The response's head.
    pub response: Option<ResponseHead>,
    /// Body bytes.
    pub sizes: Sizes,
    /// When pieces of the body arrived.
    pub chunks: Vec<Chunk>,
    /// How it ended.
    pub outcome: Outcome,
    /// When it was asked for.
    pub start: Timestamp,
    /// When it was over (for a pending row: the end of the story).
    pub end: Timestamp,
    /// What the time from `start` to `end` was spent on: gapless, in order, without overlap.
    pub segments: Vec<Segment>,
}

/// A stretch of a row's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// What it was spent on.
    pub phase: RowPhase,
    /// From.
    pub start: Timestamp,
    /// To.
    pub end: Timestamp,
}

/// What a row's time is spent on, in the order in which it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowPhase {
    /// Waiting for the scheduler.
    Queue,
    /// Let go, but waiting for a connection that somebody else opens or still uses.
    Stall,
    /// Looking up the host name.
    Dns,
    /// The TCP handshake.
    Connect,
    /// The TLS handshake.
    Tls,
    /// Sending the request.
    Send,
    /// Waiting for the response's head.
    Wait,
    /// Receiving the body.
    Receive,
}

/// What a request was for, in the words of developer tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceType {
    /// A page or a frame.
    Document,
    /// A style sheet.
    Stylesheet,
    /// A script.
    Script,
    /// An image.
    Image,
    /// A font.
    Font,
    /// Audio, video or a text track.
    Media,
    /// A web application manifest.
    Manifest,
    /// Asked for by a script.
    Fetch,
    /// Anything else.
    Other,
}

/// What made a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowInitiator {
    /// The kind of cause, as [`siskin_net::InitiatorKind::as_str`] names it.
    pub kind: String,
    /// The document or style sheet in which the cause stands.
    pub url: Option<String>,
}

/// Whether the first paint waits for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RenderBlocking {
    /// It does.
    Blocking,
    /// It does not.
    NonBlocking,
}

/// What the HTTP cache had to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CacheUse {
    /// Not told.
    Unknown,
    /// Nothing usable was stored.
    Miss,
    /// The cache was not asked.
    Bypass,
    /// A stored response was used as it is, from memory.
    Hit,
    /// A stored response was used as it is, from the disk.
    DiskHit,
    /// The origin failed, and a stored response stood in for it.
    StoodIn,
    /// A stored response was checked with the origin, which sent a new one.
    Revalidated,
    /// A stored response was checked with the origin, which confirmed it (304).
    Confirmed,
    /// The answer of an equal request in flight was used.
    Joined,
}

/// A name lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowLookup {
    /// The name.
    pub host: String,
    /// What it led to; nothing when it failed.
    pub addresses: Vec<String>,
    /// Who answered, in words: `from 192.0.2.53:53 over UDP in 12.3 ms`.
    pub source: Option<String>,
    /// For how long the answer holds, in seconds, where that is known.
    pub ttl: Option<u64>,
}

/// The connection that carried a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionUse {
    /// The connection's number.
    pub id: u64,
    /// Whether it carried a request before.
    pub reuse: Reuse,
    /// What was spoken: `HTTP/1.1`, `HTTP/2`.
    pub protocol: String,
    /// The peer's address, `ADDRESS:PORT`; just the address where the port is not known.
    pub remote: Option<String>,
    /// Our own address.
    pub local: Option<String>,
}

/// Whether a connection carried a request before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reuse {
    /// The first request on it.
    New,
    /// A later one.
    Reused,
}

/// A request's head.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestHead {
    /// Names and values in order.
    pub headers: Vec<(String, String)>,
    /// Bytes of the body.
    pub body_size: u64,
}

/// A response's head.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResponseHead {
    /// The status.
    pub status: u16,
    /// The reason phrase, or what it would be.
    pub reason: String,
    /// Names and values in order.
    pub headers: Vec<(String, String)>,
}

/// Bytes of a response's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes {
    /// As they came over the wire (content-coded); 0 from a cache.
    pub encoded: u64,
    /// After decoding.
    pub decoded: u64,
}

/// A piece of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// When it arrived.
    pub at: Timestamp,
    /// Bytes on the wire.
    pub encoded: u64,
    /// Bytes that they decoded to.
    pub decoded: u64,
}

/// How a row ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The body is whole.
    Complete,
    /// A redirect was followed.
    Redirected {
        /// Where to.
        to: String,
    },
    /// There is no whole response.
    Failed {
        /// The step in which it failed, where known.
        phase: Option<String>,
        /// In words.
        message: String,
    },
    /// Nobody wanted it any more.
    Canceled,
    /// Still under way when the recording ended.
    Pending,
}

/// A connection and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its number.
    pub id: u64,
    /// The row (its index) whose request opened it, where that was heard.
    pub opened_by: Option<usize>,
    /// When the TCP handshake began.
    pub connect_start: Option<Timestamp>,
    /// When it was ready for requests.
    pub connect_end: Option<Timestamp>,
    /// What is spoken, once it was used.
    pub protocol: Option<String>,
    /// The TLS version, for a connection that has one.
    pub tls_version: Option<String>,
    /// The peer.
    pub remote: Option<String>,
    /// How many rows it carried.
    pub rows: usize,
    /// What else was heard of it.
    pub details: ConnectionDetails,
}

/// What is told of a connection beside the rows that use it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectionDetails {
    /// Whether it was opened ahead of need (preconnect).
    pub ahead: bool,
    /// Our own address.
    pub local: Option<String>,
    /// What TLS settled.
    pub tls: Option<Arc<TlsFacts>>,
    /// What the operating system knew of it at the ends of responses: fetch, hop, measurements.
    pub measured: Vec<(u64, u32, TcpInfo)>,
    /// How it was closed, if it was.
    pub closed: Option<Closing>,
    /// Why it could not be opened.
    pub failed: Option<String>,
}

/// The end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: ClosedBy,
    /// Why.
    pub why: CloseReason,
}

impl Closing {
    /// `server` or `client`.
    pub const fn by_word(&self) -> &'static str {
        match self.by {
            ClosedBy::Client => "client",
            ClosedBy::Server => "server",
        }
    }
}

/// A moment in the life of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestone {
    /// Which.
    pub kind: MilestoneKind,
    /// When.
    pub at: Timestamp,
}

/// The milestones that reports show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MilestoneKind {
    /// The document's first byte.
    FirstByte,
    /// Nothing blocks rendering any more.
    FirstPaint,
    /// Parsing is over.
    DomContentLoaded,
    /// Everything that delays the load event is there or has failed.
    Load,
    /// No request is in flight.
    NetworkIdle,
}

impl RowPhase {
    /// All phases, in the order in which they happen.
    pub const ALL: [Self; 8] = [
        Self::Queue,
        Self::Stall,
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Send,
        Self::Wait,
        Self::Receive,
    ];

    /// A word for legends and JSON keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Stall => "stall",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Send => "send",
            Self::Wait => "wait",
            Self::Receive => "receive",
        }
    }
}

impl ResourceType {
    /// The name in Chrome's `_resourceType`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Stylesheet => "stylesheet",
            Self::Script => "script",
            Self::Image => "image",
            Self::Font => "font",
            Self::Media => "media",
            Self::Manifest => "manifest",
            Self::Fetch => "fetch",
            Self::Other => "other",
        }
    }

    /// Four letters at most, for tables.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Document => "html",
            Self::Stylesheet => "css",
            Self::Script => "js",
            Self::Image => "img",
            Self::Font => "font",
            Self::Media => "av",
            Self::Manifest => "mani",
            Self::Fetch => "xhr",
            Self::Other => "-",
        }
    }
}

impl From<Destination> for ResourceType {
    fn from(destination: Destination) -> Self {
        match destination {
            Destination::Document | Destination::IFrame => Self::Document,
            Destination::Style => Self::Stylesheet,
            Destination::Script => Self::Script,
            Destination::Image => Self::Image,
            Destination::Font => Self::Font,
            Destination::Media => Self::Media,
            Destination::Manifest => Self::Manifest,
            Destination::Empty => Self::Fetch,
            Destination::Object => Self::Other,
        }
    }
}

impl CacheUse {
    /// Whether the row's body came from the cache.
    pub const fn is_cached(self) -> bool {
        match self {
            Self::Hit | Self::DiskHit | Self::StoodIn | Self::Confirmed => true,
            Self::Unknown | Self::Miss | Self::Bypass | Self::Revalidated | Self::Joined => false,
        }
    }

    /// A word for tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Miss => "miss",
            Self::Bypass => "bypass",
            Self::Hit => "hit",
            Self::DiskHit => "disk-hit",
            Self::StoodIn => "stood-in",
            Self::Revalidated => "revalidated",
            Self::Confirmed => "confirmed",
            Self::Joined => "joined",
        }
    }
}

impl MilestoneKind {
    /// The name in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstByte => "first byte",
            Self::FirstPaint => "first paint",
            Self::DomContentLoaded => "DOMContentLoaded",
            Self::Load => "load",
            Self::NetworkIdle => "network idle",
        }
    }
}

impl Row {
    /// From asking to the end.
    pub const fn duration(&self) -> Duration {
        self.end.since(self.start)
    }

    /// The time spent in `phase`; `None` when the row never was in it (a reused connection has no connect).
    pub fn phase(&self, phase: RowPhase) -> Option<Duration> {
        let mut parts = self.segments.iter().filter(|s| s.phase == phase).peekable();
        parts.peek()?;
        Some(parts.map(|s| s.end.since(s.start)).fold(Duration::ZERO, Duration::saturating_add))
    }

    /// The status, when a response came.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// The value of a response header.
    pub fn response_header(&self, name: &str) -> Option<&str> {
        let headers = &self.response.as_ref()?.headers;
        headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The media type without parameters, lower case.
    pub fn mime(&self) -> Option<String> {
        let value = self.response_header("content-type")?;
        let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        (!essence.is_empty()).then_some(essence)
    }

    /// Whether the row is a failure: no whole response, or a status that says so.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. }) || self.status().is_some_and(|status| status >= 400)
    }
}

impl Waterfall {
    /// When a milestone was reached.
    pub fn milestone(&self, kind: MilestoneKind) -> Option<Timestamp> {
        self.milestones.iter().find(|m| m.kind == kind).map(|m| m.at)
    }

    /// The connection with this number.
    pub fn connection(&self, id: u64) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.id == id)
    }

    /// Numbers for the summary line.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { requests: self.rows.len(), ..Totals::default() };
        for row in &self.rows {
            totals.encoded = totals.encoded.saturating_add(row.sizes.encoded);
            totals.decoded = totals.decoded.saturating_add(row.sizes.decoded);
            totals.failed += usize::from(row.is_failure());
            totals.redirects += usize::from(matches!(row.outcome, Outcome::Redirected { .. }));
            totals.cached += usize::from(row.cache.is_cached());
            totals.reused +=
                usize::from(row.connection.as_ref().is_some_and(|used| used.reuse == Reuse::Reused));
        }
        totals.connections = self.connections.len();
        totals.unused = self.connections.iter().filter(|connection| connection.rows == 0).count();
        totals
    }
}

/// Numbers over all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Rows: each hop of a redirect chain is one.
    pub requests: usize,
    /// Body bytes over the wire.
    pub encoded: u64,
    /// Body bytes after decoding.
    pub decoded: u64,
    /// Connections that were begun.
    pub connections: usize,
    /// Connections that were begun and carried nothing.
    pub unused: usize,
    /// Rows on a connection that had carried one before.
    pub reused: usize,
    /// Rows answered by the cache (also when the origin confirmed it).
    pub cached: usize,
    /// Rows that were redirects.
    pub redirects: usize,
    /// Rows that failed, by error or by status.
    pub failed: usize,
}
