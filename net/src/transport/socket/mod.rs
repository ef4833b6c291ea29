//! The operating system's side of a connection: its state, its measurements, and a hand on it.
//!
//! The HTTP library owns the sockets of its pool and shows none of them. Where the system lists a
//! process's descriptors (Linux), the one of a new connection is found by its pair of addresses and
//! duplicated. With the duplicate in hand, the end of the connection is noticed when it happens, the
//! kernel's measurements can be read, and a connection can be closed. Elsewhere there is none of this, and
//! the HTTP library's own timeout closes what is idle.
//!
//! A duplicate keeps a connection open: whoever holds one must let go of it when the library has
//! ([`Socket::is_released`]).

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(super) use linux::{Socket, Watch};

#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
pub(super) use other::{Socket, Watch};

use crate::id::ConnectionId;

/// The end of a connection, as it was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Noticed {
    pub(super) connection: ConnectionId,
    pub(super) how: End,
}

/// How a connection came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only Linux tells"))]
pub(super) enum End {
    /// The peer said that it will send no more (FIN).
    Peer,
    /// Both ends have said so.
    Both,
    /// It was broken (RST, or no answer to what was sent).
    Reset,
}
