//! A request's hold on its connection: given back when the response is whole, given up otherwise.

use std::sync::Arc;

use url::Origin;

use super::connections::{Claim, Leave};
use super::shared::{Shared, now};
use crate::event::{CloseReason, ConnectionEventKind};
use crate::limits::IDLE_AFTER_USE;
use crate::story::Story;

/// Holds a connection for one request. Dropping it gives the request up: an HTTP/1 connection is closed,
/// because nothing else can follow a response that nobody reads.
pub(super) struct Lease {
    shared: Arc<Shared>,
    origin: Arc<Origin>,
    claim: Option<Claim>,
    done: bool,
}

impl Lease {
    /// A hold on what `claim` names; `None` when that cannot be known yet.
    pub(super) const fn new(shared: Arc<Shared>, origin: Arc<Origin>, claim: Option<Claim>) -> Self {
        Self { shared, origin, claim, done: false }
    }

    /// What is held.
    pub(super) const fn claim(&self) -> Option<Claim> {
        self.claim
    }

    /// The response has come over this connection.
    pub(super) fn confirm(&mut self, claim: Claim) {
        self.claim = Some(claim);
    }

    /// The response is whole.
    pub(super) fn finish(mut self, leave: Leave, story: &Story) {
        self.done = true;
        let Some(claim) = self.claim.take() else { return };
        if story.is_heard()
            && let Some(tcp) =
                self.shared.connections().socket(claim.id).and_then(super::socket::Socket::measure)
        {
            let (fetch, hop) = story.place();
            story.tell_connection(claim.id, ConnectionEventKind::Measured { fetch, hop, tcp });
        }
        self.leave(claim, leave);
    }

    /// There is no response, or no whole one.
    pub(super) fn give_up(&mut self, why: CloseReason) {
        self.done = true;
        let Some(claim) = self.claim.take() else {
            let mut connections = self.shared.connections();
            connections.hint(&self.origin, why);
            drop(connections);
            self.shared.look();
            return;
        };
        if claim.h2 {
            self.leave(claim, Leave::Idle(IDLE_AFTER_USE));
            if why != CloseReason::Canceled {
                self.shared.look();
            }
        } else if claim.certain {
            if let Some(socket) = self.shared.connections().socket(claim.id) {
                socket.shut_down();
            }
            self.leave(claim, Leave::Over(why));
        } else {
            let mut connections = self.shared.connections();
            connections.release(claim.id);
            connections.hint(&self.origin, why);
            drop(connections);
            self.shared.look();
        }
    }

    fn leave(&self, claim: Claim, leave: Leave) {
        let ending = self.shared.connections().leave(claim.id, leave, now());
        let idles = ending.is_none();
        self.shared.tell_end(ending);
        if let Leave::Idle(limit) = leave
            && idles
        {
            self.shared.idles(limit);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.done {
            self.give_up(CloseReason::Canceled);
        }
    }
}
