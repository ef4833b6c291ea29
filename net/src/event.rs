//! The story of a fetch: one event for every step that costs time, emitted by the step itself.
//!
//! A waterfall, a HAR file and (later) `performance.getEntries()` are folds over these events. The
//! order for one fetch over the network, in which only what happens is told:
//!
//! ```text
//! Requested  [Upgraded]  Cache  Released  [[Proxy] DnsStart DnsStep* DnsEnd  ConnectStart ConnectAttempt* [TlsStart TlsEnd] ConnectEnd]
//! ConnectionUsed  RequestSent  ResponseStart  Data*  (Redirected | Challenged → next hop | Ended)
//! Failed or Canceled may come at any point, as the last.
//! ```
//!
//! `Cache` comes twice when an equal request was waited for (`Joined`, then what came of it), and again
//! after `Released` when the origin failed and a stored response stands in: its `ResponseStart` follows.
//!
//! The connect events name the connection that was opened *for* this fetch. A pool may use another that
//! came free first: only when [`NetEventKind::ConnectionUsed`] names the same connection do those phases
//! belong to the fetch's own time. `ConnectionUsed` is told as soon as it can be known; when the response
//! shows that it was another connection after all, it is told again, and the last one counts.
//!
//! Connections live longer than the fetches that use them. What happens to one is told beside the
//! fetches' stories, as [`ConnectionEvent`]s:
//!
//! ```text
//! Opening  (Opened  Measured*  Closed | OpenFailed)
//! ```

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::clock::Timestamp;
use crate::cookie_note::CookieNote;
use crate::destination::Destination;
use crate::error::{ErrorKind, Phase};
use crate::id::{ConnectionId, FetchId};
use crate::lookup::{DnsSource, DnsStep};
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
    /// The hop goes to a more secure URL than the one that was asked for. From here on this is its URL; but for
    /// [`UpgradeReason::Hsts`], which ends the hop as a redirect does (browsers show a 307 that nobody sent).
    Upgraded {
        /// The URL.
        to: Url,
        /// Why.
        reason: UpgradeReason,
    },
    /// The cache was asked.
    Cache(CacheOutcome),
    /// The scheduler let the request go: the time from `Requested` to here was spent in the queue.
    Released,
    /// The connection that is about to be opened goes through a proxy. The connect events are about the
    /// connection to the proxy then; with `DnsStart` for the proxy's own name, and one more for the host's if the
    /// proxy wants an address.
    Proxy {
        /// The proxy as a URL without credentials: `socks5h://127.0.0.1:1080`.
        proxy: String,
    },
    /// The resolver was asked for this host.
    DnsStart {
        /// The name.
        host: String,
    },
    /// A step of the lookup: only where name servers are asked by ourselves.
    DnsStep(DnsStep),
    /// The resolver answered.
    DnsEnd {
        /// The addresses in the order in which they will be tried.
        addresses: Vec<SocketAddr>,
        /// Who answered.
        source: DnsSource,
        /// For how long the answer holds from now on, where that is known.
        ttl: Option<Duration>,
    },
    /// The TCP handshake begins.
    ConnectStart {
        /// The new connection.
        connection: ConnectionId,
    },
    /// A try to reach one of several addresses begins (<https://www.rfc-editor.org/rfc/rfc8305>). Not told where
    /// there is only one.
    ConnectAttempt {
        /// The connection that this is for.
        connection: ConnectionId,
        /// Whom it tries to reach.
        remote: SocketAddr,
    },
    /// A try to reach one of several addresses is over without success.
    ConnectAttemptFailed {
        /// The connection that this was for.
        connection: ConnectionId,
        /// Who was not reached.
        remote: SocketAddr,
        /// Why, in words.
        message: String,
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
    /// Cookies that match the URL, as the request is about to be sent: those that go along and those that do not.
    CookiesSent(Vec<CookieNote>),
    /// The response's `Set-Cookie` lines, in their order: kept or refused.
    CookiesReceived(Vec<CookieNote>),
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
    /// The response asked for a login (status 401), and there is one: this hop is over, the next is the same request
    /// with it.
    Challenged {
        /// The scheme of the challenge that is answered: `Basic`, `Digest`.
        scheme: &'static str,
        /// What the server says the login is for.
        realm: String,
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

/// Why a URL was replaced by its secure form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UpgradeReason {
    /// The host has asked for it (`Strict-Transport-Security`); the next hop goes to the URL.
    Hsts,
    /// An image, audio or video of a secure page: <https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm>.
    MixedContent,
    /// The page has asked for it (`upgrade-insecure-requests`).
    InsecureRequests,
}

impl UpgradeReason {
    /// A word for tables and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hsts => "hsts",
            Self::MixedContent => "mixed-content",
            Self::InsecureRequests => "upgrade-insecure-requests",
        }
    }
}

/// What the cache said, with its reason. `Display` says it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheOutcome {
    /// Nothing usable is stored.
    Miss(MissReason),
    /// The cache was not asked.
    Bypass(BypassReason),
    /// A stored response is used.
    Hit(CacheHit),
    /// A stored response is checked with the origin.
    Revalidate(Revalidation),
    /// An equal request is in flight; this one waits for it. Another outcome follows.
    Joined(FetchId),
}

/// Why nothing that is stored could be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissReason {
    /// Nothing is stored under this URL.
    NotStored,
    /// What is stored was chosen by other request headers (`Vary`).
    Varies,
    /// What is stored is stale and has no validator.
    Stale(StaleReason),
    /// Only a part is stored, and not the part that is wanted.
    Partial,
    /// The origin's 304 was about another response than the stored one: it is asked again.
    OtherValidated,
}

/// Why the cache was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BypassReason {
    /// The client has no cache.
    Off,
    /// The request's cache mode, or its own conditions or directives.
    Mode,
    /// The method: only GET and HEAD are answered from a cache.
    Method,
    /// A `Range` header of more than one range, or in another unit than bytes.
    Range,
    /// The scheme has no cache: `file:`, `data:`, `about:`.
    Scheme,
}

/// A stored response that is used without asking, or after asking in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheHit {
    /// Where it was found.
    pub tier: CacheTier,
    /// How old it is.
    pub age: Duration,
    /// Why it may be used.
    pub freshness: Freshness,
}

/// Where a stored response was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CacheTier {
    /// In memory.
    Memory,
    /// On disk.
    Disk,
}

/// Why a stored response may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It is fresh as the origin said, for this long from now.
    Fresh(Duration),
    /// The origin did not say; it is fresh by rule of thumb, for this long from now.
    Heuristic(Duration),
    /// It is stale by this much, and refreshed in the background by that fetch (`stale-while-revalidate`).
    WhileRevalidate(Duration, FetchId),
    /// It is stale by this much, and the origin failed (`stale-if-error`, or it cannot be reached).
    IfError(Duration),
    /// It is stale by this much, and the request takes it (`force-cache`, `only-if-cached`, `max-stale`).
    Accepted(Duration),
}

/// How a stored response is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revalidation {
    /// Why it is not used as it is.
    pub reason: StaleReason,
    /// What the origin is shown.
    pub validator: Validator,
}

/// Why a stored response is not used as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleReason {
    /// It has been stale for so long.
    Expired(Duration),
    /// It says `no-cache`.
    NoCache,
    /// The request wants it checked: its mode or its `Cache-Control`.
    Asked,
    /// It was chosen by other request headers (`Vary`), but the origin may name it again.
    Varies,
    /// It is a part, and the rest is asked for.
    Partial,
}

/// What names a stored response to its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validator {
    /// `If-None-Match`, or `If-Range`.
    ETag,
    /// `If-Modified-Since`.
    LastModified,
    /// Both conditions.
    Both,
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
    /// The cipher suite by its IANA name: `TLS_AES_128_GCM_SHA256`.
    pub cipher: Option<String>,
    /// The key exchange group.
    pub group: Option<String>,
    /// The protocol chosen by ALPN.
    pub alpn: Option<String>,
    /// Whether an earlier session was resumed (no certificate was sent).
    pub resumed: bool,
    /// The certificates as the server sent them, its own first. Of a resumed session the server's own only.
    pub certificates: Arc<[CertificateFacts]>,
    /// Whether the certificates were checked against the trusted authorities: not so with
    /// `accept_invalid_certs`.
    pub verified: bool,
    /// Whether the server sent an OCSP response along. It is not looked at: revocation is never checked.
    pub ocsp_stapled: bool,
}

/// A certificate, in words: X.509, <https://www.rfc-editor.org/rfc/rfc5280>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whose it is: `CN=example.org, O=Example`.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The serial number: bytes in hexadecimal, separated by colons.
    pub serial: String,
    /// From when it is valid.
    pub not_before: SystemTime,
    /// Until when.
    pub not_after: SystemTime,
    /// The host names it is for, wildcards as they stand.
    pub dns_names: Vec<String>,
    /// The addresses it is for.
    pub ip_addresses: Vec<IpAddr>,
    /// The SHA-256 of the whole certificate, lower-case hexadecimal.
    pub sha256: String,
    /// How it is signed: `ecdsa-with-SHA256`.
    pub signature_algorithm: String,
    /// Its key: `EC P-256`, `RSA 2048`, `Ed25519`.
    pub public_key: String,
}

/// Something that happened to a connection, whichever fetches use it.
#[derive(Debug, Clone)]
pub struct ConnectionEvent {
    /// The connection.
    pub connection: ConnectionId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: ConnectionEventKind,
}

/// What happened to a connection.
#[derive(Debug, Clone)]
pub enum ConnectionEventKind {
    /// It is being opened: its host's addresses are known.
    Opening {
        /// To which origin: `https://example.org`.
        origin: String,
        /// For whom.
        cause: OpenedFor,
    },
    /// It is ready for requests.
    Opened {
        /// Our end, where known.
        local: Option<SocketAddr>,
        /// The peer, where known.
        remote: Option<SocketAddr>,
        /// What will be spoken over it.
        protocol: Protocol,
        /// When the lookup of the host began and ended.
        dns: Option<(Timestamp, Timestamp)>,
        /// When TCP was up and the TLS handshake began.
        tls_start: Option<Timestamp>,
        /// What TLS settled.
        tls: Option<Arc<TlsFacts>>,
    },
    /// It could not be opened.
    OpenFailed {
        /// What went wrong.
        kind: ErrorKind,
        /// In which step.
        phase: Phase,
        /// In words.
        message: String,
    },
    /// What the operating system knows of it at the end of a response. Linux only.
    Measured {
        /// The fetch whose response ended.
        fetch: FetchId,
        /// Its hop.
        hop: u32,
        /// What is known.
        tcp: TcpInfo,
    },
    /// It is closed.
    Closed {
        /// Who closed it.
        by: ClosedBy,
        /// And why.
        why: CloseReason,
        /// How many responses it carried.
        carried: u64,
    },
}

/// For whom a connection is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpenedFor {
    /// For a fetch, though others may use it too.
    Fetch(FetchId),
    /// Ahead of need.
    Preconnect,
}

/// Who closed a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClosedBy {
    /// This client.
    Client,
    /// The other end.
    Server,
}

/// Why a connection was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// Its response said `Connection: close`, or ended with the connection.
    LastResponse,
    /// The server ended it (FIN) between responses or in one.
    ServerEnded,
    /// The server broke it (RST).
    ServerReset,
    /// The server wanted no more requests over it (HTTP/2's GOAWAY), or closed it on both sides.
    GoAway,
    /// It was not used for too long.
    IdleTimeout,
    /// Others were needed and the client had too many.
    PoolFull,
    /// Its fetch was given up before the response was whole.
    Canceled,
    /// Its response was broken, or did not come in time.
    Failed,
    /// Its server said that it does not answer for the origin (421).
    Misdirected,
    /// The client is gone.
    ClientGone,
}

impl CloseReason {
    /// In words that stand after "closed: ".
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LastResponse => "it was to carry one response only",
            Self::ServerEnded => "the server ended it",
            Self::ServerReset => "the server reset it",
            Self::GoAway => "the server wants no more requests over it",
            Self::IdleTimeout => "idle for too long",
            Self::PoolFull => "too many connections",
            Self::Canceled => "its fetch was canceled",
            Self::Failed => "its response failed",
            Self::Misdirected => "the server is not the origin's",
            Self::ClientGone => "the client is gone",
        }
    }
}

/// What the operating system knows of a TCP connection, since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TcpInfo {
    /// The smoothed round-trip time.
    pub rtt: Duration,
    /// Its mean deviation.
    pub rtt_variance: Duration,
    /// The shortest one seen.
    pub min_rtt: Duration,
    /// Segments that were sent again.
    pub retransmits: u32,
    /// The congestion window, in segments.
    pub congestion_window: u32,
    /// Bytes of a segment at most.
    pub segment_size: u32,
    /// Bytes received, TLS and framing included.
    pub bytes_received: u64,
    /// Bytes sent and confirmed by the peer.
    pub bytes_acknowledged: u64,
}

/// A host was looked up ahead of need.
#[derive(Debug, Clone)]
pub struct LookupEvent {
    /// The name.
    pub host: String,
    /// When it was asked for.
    pub start: Timestamp,
    /// When the answer was there.
    pub end: Timestamp,
    /// The addresses and who told them, or what went wrong in words.
    pub answer: Result<(Vec<IpAddr>, DnsSource), String>,
}

/// Who is told the story of a fetch.
pub trait Observer: Send + Sync {
    /// Takes one event. Called from network tasks: must not block.
    fn on_event(&self, event: NetEvent);

    /// Whether anything is made of what is told. Asked once a fetch; who says no may be told nothing, and costs nothing.
    fn listens(&self) -> bool {
        true
    }

    /// Takes an event of a connection. It is told to the observers of all fetches that have to do with the
    /// connection and still exist, once to each. Must not block.
    fn on_connection_event(&self, event: ConnectionEvent) {
        let _ = event;
    }

    /// Takes a lookup that was made ahead of need. Must not block.
    fn on_lookup(&self, event: LookupEvent) {
        let _ = event;
    }
}

/// An observer that does not listen.
#[derive(Debug, Clone, Copy, Default)]
pub struct NullObserver;

impl Observer for NullObserver {
    fn on_event(&self, _: NetEvent) {}

    fn listens(&self) -> bool {
        false
    }
}
