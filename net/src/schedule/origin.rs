//! One origin's queue for connections: how many requests may be under way to it, and which is next.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use url::Origin;

use super::machine::Ticket;
use crate::limits::MAX_H1_CONNECTIONS_PER_ORIGIN;
use crate::priority::Priority;

/// What is known of the protocol that an origin speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoken {
    Unknown,
    Http1,
    Http2,
}

/// The order in which requests are let go: by priority, then by the order of asking.
pub(super) type Place = (Reverse<Priority>, Ticket);

/// The queue. An HTTP/1 origin gets six requests at a time; an HTTP/2 origin as many as there are; of an origin
/// whose protocol is not known yet the first request goes alone, so that an HTTP/2 origin gets one connection.
#[derive(Debug)]
pub(super) struct OriginQueue {
    pub(super) spoken: Spoken,
    released: BTreeSet<Ticket>,
    waiting: BTreeSet<Place>,
}

impl OriginQueue {
    /// `http:` origins speak HTTP/1.
    pub(super) fn new(origin: &Origin) -> Self {
        Self { spoken: Self::unlearned(origin), released: BTreeSet::new(), waiting: BTreeSet::new() }
    }

    fn unlearned(origin: &Origin) -> Spoken {
        let https = matches!(origin, Origin::Tuple(scheme, ..) if scheme == "https");
        if https { Spoken::Unknown } else { Spoken::Http1 }
    }

    pub(super) fn wait(&mut self, place: Place) {
        self.waiting.insert(place);
    }

    /// Takes a request out, wherever it is.
    pub(super) fn leave(&mut self, place: Place) {
        if !self.released.remove(&place.1) {
            self.waiting.remove(&place);
        }
    }

    /// A waiting request has another priority; one that is under way does not care.
    pub(super) fn moved(&mut self, from: Place, to: Place) {
        if self.waiting.remove(&from) {
            self.waiting.insert(to);
        }
    }

    /// Lets go who may.
    pub(super) fn release(&mut self, out: &mut Vec<Ticket>) {
        let limit = match self.spoken {
            Spoken::Unknown => 1,
            Spoken::Http1 => MAX_H1_CONNECTIONS_PER_ORIGIN,
            Spoken::Http2 => usize::MAX,
        };
        while self.released.len() < limit
            && let Some((_, ticket)) = self.waiting.pop_first()
        {
            self.released.insert(ticket);
            out.push(ticket);
        }
    }

    /// Only what was learned is worth keeping: pages name any number of origins.
    pub(super) fn is_forgettable(&self, origin: &Origin) -> bool {
        self.spoken == Self::unlearned(origin) && self.released.is_empty() && self.waiting.is_empty()
    }
}
