//! What is stored: a response as it came over the wire, and what must be known to use it again.

use std::time::SystemTime;

use http::{HeaderMap, HeaderName, StatusCode};

use super::stored_body::StoredBody;

/// A response as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) status: StatusCode,
    /// The headers that may be stored: none that belong to one connection.
    pub(crate) headers: HeaderMap,
    /// The body, still content-coded, so that its sizes stay true.
    pub(crate) body: StoredBody,
    /// The request's values of the headers that `Vary` names.
    pub(crate) varied: Vec<Selecting>,
    /// When the request was sent and its response came.
    pub(crate) exchanged: Exchanged,
    /// `Some` when the body is a part of the representation only.
    pub(crate) extent: Option<Extent>,
}

/// A request header by which a stored response was chosen.
///
/// Its value is kept as a digest: `Vary: Cookie` must not write cookies to a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selecting {
    pub(crate) name: HeaderName,
    /// Of the normalised value; `None` when the request had no such header.
    pub(crate) digest: Option<[u8; 16]>,
}

/// The times of an exchange by the wall clock: ages are reckoned from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exchanged {
    pub(crate) requested: SystemTime,
    pub(crate) responded: SystemTime,
}

/// The bytes from `start` up to and without `end`, of `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) total: u64,
}

impl Extent {
    /// How many bytes these are.
    pub(crate) const fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it is the whole representation.
    pub(crate) const fn is_whole(self) -> bool {
        self.start == 0 && self.end == self.total
    }

    /// Whether `part` lies within it.
    pub(crate) const fn contains(self, part: Self) -> bool {
        self.total == part.total && self.start <= part.start && part.end <= self.end
    }
}
