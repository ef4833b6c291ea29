//! Addresses for host names: what is given by hand or known anyway, our own cache, then a [`Resolve`]r, asked once a
//! name at a time.
//!
//! ```text
//! Resolver ─ overrides ─ localhost … ─ cache ─ one question in flight a name ┬ System    getaddrinfo
//!                                                                            ├ Fixed     a table, for tests
//!                                                                            └ Own ─ hosts file ─ stub ┬ A
//!                                        ask (whom next, pure) ─ exchange (UDP, TCP) ─ message ────────┴ AAAA
//! ```
//!
//! **The default** is our own resolver wherever it finds what the machine's own would find (`conf` says where that
//! is), since only then server, round trip, aliases and the records' true lifetimes are known. Names that the
//! machine finds in other ways, and machines that are configured otherwise, are left to `getaddrinfo`.
//! Not done: DNSSEC, DNS over TLS or HTTPS, `HTTPS` records, `HOSTALIASES`, `sortlist`, `single-request`.

mod name;
mod hosts;
mod conf;
mod local;
mod cache;
mod steps;
mod message;
mod ask;
mod exchange;
mod stub;
mod order;
mod system;
mod own;
mod resolver;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use crate::lookup::DnsSource;

pub(crate) use resolver::Resolver;
pub(crate) use steps::Steps;

/// Asks for the addresses of one name. Implemented by the system's resolver, by our own, and by a fixed table.
pub(crate) trait Resolve: Send + Sync {
    /// The addresses of `host` in the order in which they are to be tried. `steps` is told how they are found.
    fn resolve(&self, host: &str, steps: Steps) -> BoxFuture<'static, Answer>;
}

/// What a [`Resolve`]r says.
pub(crate) type Answer = Result<Found, DnsFailure>;

/// Addresses, who told them, and for how long they may be believed.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) source: DnsSource,
    pub(crate) ttl: Duration,
    /// The addresses of the other family, when these did not want to wait for them.
    pub(crate) late: Option<Late>,
}

/// Addresses that may still come; none when they do not.
#[derive(Clone)]
pub(crate) struct Late(Shared<BoxFuture<'static, Vec<IpAddr>>>);

impl Late {
    pub(crate) fn new(addresses: BoxFuture<'static, Vec<IpAddr>>) -> Self {
        Self(addresses.shared())
    }

    pub(crate) async fn addresses(self) -> Vec<IpAddr> {
        self.0.await
    }
}

impl std::fmt::Debug for Late {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Late")
    }
}

/// Why there is no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DnsFailure {
    /// In words.
    pub(crate) message: String,
    /// For how long that is so; zero where it may be otherwise at once.
    pub(crate) holds: Duration,
}

impl DnsFailure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), holds: Duration::ZERO }
    }

    fn no_address(host: &str) -> Self {
        Self::new(format!("no address for host {host}"))
    }
}
