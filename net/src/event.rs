//! The story of a fetch: one event for every step that costs time, emitted by the step itself.
//!
//! A waterfall, a HAR file and (later) `performance.getEntries()` are folds over these events. The
//! order for one fetch over the network, in which only what happens is told:
//!
//! ```text
//! Requested  Cache  Released  [DnsStart DnsEnd  ConnectStart [TlsStart TlsEnd] ConnectEnd]
//! ConnectionUsed  RequestSent  ResponseStart  Data*  (Redirected → next hop | Ended)
//! Failed or Canceled may come at any point, as the last.
//! ```
//!
//! The connect events name the connection that was opened *for* this fetch. A pool may use another that
//! came free first: only when [`NetEventKind::ConnectionUsed`] names the same connection do those phases
//! belong to the fetch's own time.

use std::net::SocketAddr;

use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::clock::Timestamp;
use crate::destination::Destination;
use crate::error::{ErrorKind, Phase};
use crate::id::{ConnectionId, FetchId};
use crate::priority::Priority;
use crate::request::Initiator;

/// One step of one fetch.
#[derive(Debug, Clone)]
pub struct NetEvent {
    /// The fetch it belongs to.
    pub fetch: FetchId,
    /// Which hop of the redirect chain, from 0.
    pub hop: u32,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: NetEventKind,
}

/// What happened in a fetch.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "events are moved into one Vec, a handful a fetch; boxing buys nothing"
)]
pub enum NetEventKind {
    /// The caller asked (hop 0), or a redirect asked again (later hops).
    Requested {
        /// The method of this hop.
        method: Method,
        /// The URL of this hop.
        url: Url,
        /// What it is for.
        destination: Destination,
        /// Its priority.
        priority: Priority,
        /// Its cause.
        initiator: Initiator,
        /// Whether the first paint waits for it.
        render_blocking: bool,
    },
    /// The cache was asked.
    Cache(CacheOutcome),
    /// The scheduler let the request go: the time from `Requested` to here was spent in the queue.
    Released,
    /// The resolver was asked for this host.
    DnsStart {
        /// The name.
        host: String,
    },
    /// The resolver answered.
    DnsEnd {
        /// The addresses in the order in which they will be tried.
        addresses: Vec<SocketAddr>,
        /// Who answered.
        source: DnsSource,
    },
    /// The TCP handshake begins.
    ConnectStart {
        /// The new connection.
        connection: ConnectionId,
    },
    /// TCP is up, the TLS handshake begins.
    TlsStart {
        /// The connection.
        connection: ConnectionId,
    },
    /// The TLS handshake is done.
    TlsEnd {
        /// The connection.
        connection: ConnectionId,
        /// What was negotiated.
        facts: TlsFacts,
    },
    /// The connection is ready for requests.
    ConnectEnd {
        /// The connection.
        connection: ConnectionId,
        /// Our end.
        local: Option<SocketAddr>,
        /// The peer.
        remote: Option<SocketAddr>,
    },
    /// The connection that carries this hop is known.
    ConnectionUsed {
        /// The connection.
        connection: ConnectionId,
        /// Whether it carried a request before this one.
        reused: bool,
        /// What is spoken over it.
        protocol: Protocol,
        /// Our end.
        local: Option<SocketAddr>,
        /// The peer.
        remote: Option<SocketAddr>,
    },
    /// The request's head and body were handed to the connection.
    RequestSent {
        /// The headers as they were sent.
        headers: HeaderMap,
        /// Bytes of the body.
        body_size: u64,
    },
    /// The response's head has been parsed.
    ResponseStart {
        /// The status.
        status: StatusCode,
        /// The headers.
        headers: HeaderMap,
    },
    /// A piece of the body arrived.
    Data {
        /// Bytes as they came over the wire (content-coded).
        encoded: u64,
        /// Bytes that they decoded to.
        decoded: u64,
    },
    /// The response was a redirect that is followed: this hop is over.
    Redirected {
        /// Where to.
        to: Url,
    },
    /// The body is whole: the fetch is over.
    Ended {
        /// Body bytes on the wire, 0 from the cache.
        encoded_body_size: u64,
        /// Body bytes after decoding.
        decoded_body_size: u64,
    },
    /// The fetch failed: it is over.
    Failed {
        /// What went wrong.
        kind: ErrorKind,
        /// In which step.
        phase: Phase,
        /// In words.
        message: String,
    },
    /// The caller went away: the fetch is over.
    Canceled,
}

/// What the cache said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheOutcome {
    /// Nothing usable is stored.
    Miss,
    /// The cache was not asked (mode, method, scheme).
    Bypass,
    /// A stored response is used as it is.
    Hit,
    /// A stored response is checked with the origin.
    Revalidate,
    /// An equal request is in flight; this one waits for it.
    Joined(FetchId),
}

/// Who answered a name lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsSource {
    /// Our own DNS cache.
    Cache,
    /// The host is an address, or `localhost`.
    Literal,
    /// The operating system's resolver.
    System,
    /// A name server, asked by us.
    Server(SocketAddr),
}

/// The application protocol of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// HTTP/1.0
    Http10,
    /// HTTP/1.1
    Http11,
    /// HTTP/2
    Http2,
}

impl Protocol {
    /// As HAR's `httpVersion` and people write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
        }
    }
}

/// What a TLS handshake settled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsFacts {
    /// `TLSv1.2`, `TLSv1.3`.
    pub version: Option<String>,
    /// The key exchange group.
    pub group: Option<String>,
    /// The protocol chosen by ALPN.
    pub alpn: Option<String>,
    /// Whether an earlier session was resumed (no certificate was sent).
    pub resumed: bool,
}

/// Who is told the story of a fetch.
pub trait Observer: Send + Sync {
    /// Takes one event. Called from network tasks: must not block.
    fn on_event(&self, event: NetEvent);
}

/// An observer that does not listen.
#[derive(Debug, Clone, Copy, Default)]
pub struct NullObserver;

impl Observer for NullObserver {
    fn on_event(&self, _: NetEvent) {}
}
