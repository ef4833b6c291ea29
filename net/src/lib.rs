//! Bytes for a URL, and the story of how they came.
//!
//! ```text
//! Request ─ main_fetch ─ scheme_fetch ┬ file:, data:, about:                  (local, no connection)
//!              └ redirects, again ─┘  └ http(s): ─ cache ─ schedule ─ transport ─ coding ─ Response
//!                                                              dns ─ tcp ─ tls ┘
//!                                     every step that costs time tells the fetch's story a NetEvent
//! ```
//!
//! The modules stand in reading order, and each uses only those above it. The first block is the
//! *vocabulary* of fetching, free of any runtime: `engine` is compiled against that alone. The client
//! itself stands behind the default feature `client`.
//!
//! What this crate guarantees, so that its callers need no special cases:
//! - a fetch has **one outcome, delivered exactly once**: a [`Response`] whose body ends or fails, or an [`Error`];
//! - a [`Response`] comes from the final URL of a redirect chain; each hop's events stand in the event stream;
//! - body bytes are decoded ([`Body`] yields what the page sees), sizes on the wire are told by [`NetEventKind::Data`];
//! - nothing is emitted for a fetch after its `Ended`, `Failed` or `Canceled` event.

mod clock;
mod told_url;
mod error;
mod id;
mod destination;
pub mod mime;
mod referrer_policy;
mod request_body;
mod priority;
mod request;
mod lookup;
mod cookie_note;
mod event;
mod cache_words;
mod body;
mod response;
mod fetch_trait;

#[cfg(feature = "client")]
mod limits;
#[cfg(feature = "client")]
mod site;
#[cfg(feature = "client")]
mod proxy;
#[cfg(feature = "client")]
mod cookie;
#[cfg(feature = "client")]
mod hsts;
#[cfg(feature = "client")]
mod login;
#[cfg(feature = "client")]
mod config;
#[cfg(feature = "client")]
mod story;
#[cfg(feature = "client")]
mod coding;
#[cfg(feature = "client")]
mod dns;
#[cfg(feature = "client")]
mod transport;
#[cfg(feature = "client")]
mod schedule;
#[cfg(feature = "client")]
mod cache;
#[cfg(feature = "client")]
mod fetch;
#[cfg(feature = "client")]
mod client;

pub use body::Body;
pub use cache_words::describe_age;
pub use clock::{Clock, MonotonicClock, Timestamp, VirtualClock};
pub use cookie_note::{CookieFate, CookieNote, CookieRefusal};
pub use destination::Destination;
pub use error::{Error, ErrorKind, Phase};
pub use event::{
    BypassReason, CacheHit, CacheOutcome, CacheTier, CertificateFacts, CloseReason, ClosedBy,
    ConnectionEvent, ConnectionEventKind, Freshness, LookupEvent, MissReason, NetEvent, NetEventKind,
    NullObserver, Observer, OpenedFor, Protocol, Revalidation, StaleReason, TcpInfo, TlsFacts, UpgradeReason,
    Validator,
};
pub use fetch_trait::{Advice, Fetch, FetchFuture};
pub use id::{ConnectionId, FetchId};
pub use lookup::{DnsRecord, DnsServer, DnsSource, DnsStep, DnsStepKind, DnsTransport};
pub use priority::{
    DocumentStage, EARLY_IMAGES, FetchPriority, LoadCircumstances, LoadTiming, Priority, SMALL_IMAGE_AREA,
    WishSource,
};
pub use referrer_policy::ReferrerPolicy;
pub use request::{
    CacheMode, Credentials, Initiator, InitiatorKind, InsecureRequests, RedirectMode, Referrer, Request,
    RequestMode,
};
pub use request_body::{FormPart, FormValue, RequestBody, with_crlf};
pub use response::{Response, Source};

#[cfg(feature = "client")]
pub use client::Client;
#[cfg(feature = "client")]
pub use config::{
    CacheChoice, ClientConfig, CookieChoice, DnsFiles, DnsSetup, HostOverride, ResolverChoice, RootsChoice,
    ScheduleProfile, Timeouts, language_header,
};
#[cfg(feature = "client")]
pub use cookie::{Cookie, SameSite};
#[cfg(feature = "client")]
pub use hsts::HstsHost;
#[cfg(feature = "client")]
pub use login::{Login, LoginScope, login_of_url, parse_netrc};
#[cfg(feature = "client")]
pub use proxy::{Bypass, ProxyAuth, ProxyChoice, ProxyConfig, ProxyKind, ProxyServer};
