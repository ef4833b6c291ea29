//! The vocabulary of name lookups: who answered, and which steps led there.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Who answered a name lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsSource {
    /// Our own DNS cache.
    Cache,
    /// The host is an address, or `localhost`.
    Literal,
    /// The configuration names the addresses of this host.
    Override,
    /// The hosts file of the machine.
    Hosts,
    /// The operating system's resolver, whose own sources are not known.
    System,
    /// A name server, asked by us.
    Server(DnsServer),
}

/// A name server's part in an answer. Where A and AAAA came from two servers, the one of the first address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsServer {
    /// Whom we asked.
    pub address: SocketAddr,
    /// Over what.
    pub transport: DnsTransport,
    /// From the question that was answered to its answer.
    pub rtt: Duration,
}

/// What a question went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DnsTransport {
    /// A datagram.
    Udp,
    /// A TCP connection, because the answer did not fit into a datagram.
    Tcp,
}

/// The records that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DnsRecord {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
}

/// One step of a lookup by name servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsStep {
    /// Who was asked.
    pub server: SocketAddr,
    /// Over what.
    pub transport: DnsTransport,
    /// The name in question, which a search domain may have made longer than the host.
    pub name: String,
    /// What was asked for.
    pub record: DnsRecord,
    /// What happened.
    pub kind: DnsStepKind,
}

/// What happened in a step of a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsStepKind {
    /// The question was sent.
    Asked,
    /// The server answered with addresses.
    Answered {
        /// The addresses.
        addresses: Vec<IpAddr>,
        /// The names that the name stands for, in the order in which they lead to the addresses.
        aliases: Vec<String>,
        /// For how long the answer holds.
        ttl: Duration,
        /// From question to answer.
        rtt: Duration,
    },
    /// The name exists and has no such address.
    NoAddress,
    /// The name does not exist.
    NoName,
    /// The answer did not fit into a datagram: the question goes out again over TCP.
    Truncated,
    /// The server does not understand the extension mechanism: the question goes out again without it.
    WithoutExtensions,
    /// The server cannot or will not answer: its code, as `SERVFAIL`.
    Failed(String),
    /// Something came that is no answer to the question, and was ignored: why.
    Ignored(String),
    /// The server could not be reached: why.
    Unreachable(String),
    /// No answer came in time.
    TimedOut {
        /// How long it was waited for.
        after: Duration,
    },
}

impl DnsTransport {
    /// `UDP`, `TCP`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        }
    }
}

impl DnsRecord {
    /// `A`, `AAAA`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
        }
    }
}
