//! A request between its start and the head of its response: what is known of it, told as soon as it is.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, header};

use super::WireRequest;
use super::attempt::{Attempt, Stage};
use super::connections::{Claim, Ends};
use super::lease::Lease;
use super::shared::Shared;
use super::socket::End;
use crate::clock::Timestamp;
use crate::error::Phase;
use crate::event::{CloseReason, NetEventKind, Protocol};
use crate::id::ConnectionId;

/// One try of a request. Dropping it gives the request up.
pub(super) struct UnderWay<'a> {
    pub(super) request: &'a WireRequest,
    pub(super) attempt: Arc<Attempt>,
    shared: Arc<Shared>,
    /// Whether the request was polled before: the first poll takes an idle connection, or begins to connect.
    polled: bool,
    /// When it took an idle connection.
    taken_at: Option<Timestamp>,
    /// Its connection, from the moment in which it has one.
    lease: Option<Lease>,
    /// What was told of it.
    told: Option<(ConnectionId, Protocol)>,
    sent_told: bool,
}

impl<'a> UnderWay<'a> {
    pub(super) fn new(shared: &Arc<Shared>, request: &'a WireRequest, attempt: &Arc<Attempt>) -> Self {
        Self {
            request,
            attempt: attempt.clone(),
            shared: shared.clone(),
            polled: false,
            taken_at: None,
            lease: None,
            told: None,
            sent_told: false,
        }
    }

    /// The request was polled.
    pub(super) fn polled(&mut self) {
        if !std::mem::replace(&mut self.polled, true) && self.attempt.state().stage == Stage::None {
            self.taken_at = Some(self.attempt.story.now());
            self.shared.connections().openings.taken(&self.attempt.origin);
        }
    }

    /// The request has a connection: which one is told as soon as it can be known, and that the request is sent.
    pub(super) fn tell_what_is_known(&mut self) {
        if self.lease.is_none() {
            let own = self.own();
            let claim = self.shared.connections().claim(&self.attempt.origin, own);
            self.lease = Some(Lease::new(self.shared.clone(), self.attempt.origin.clone(), claim));
            if let Some(claim) = claim {
                let protocol = if claim.h2 { Protocol::Http2 } else { Protocol::Http11 };
                self.tell_used(claim, protocol);
            }
        }
        let body_is_sent = self.request.body.is_none() || self.attempt.state().body_is_sent;
        if self.told.is_some() && !self.sent_told && body_is_sent {
            self.tell_sent();
        }
    }

    /// The request failed on the connection with these ends, which was lost in this way.
    pub(super) fn failed_on(&mut self, ends: Ends, lost: Option<End>) {
        let mut connections = self.shared.connections();
        let Some(id) = connections.at(ends) else { return };
        let held = self.lease.as_ref().and_then(Lease::claim);
        let claim = match held.filter(|held| held.id == id) {
            Some(held) => Claim { certain: true, ..held },
            None => match connections.moved(held, id) {
                Some(claim) => claim,
                None => return,
            },
        };
        let ending = lost.and_then(|how| connections.noticed(id, how));
        drop(connections);
        self.shared.tell_end(ending);
        let lease = self
            .lease
            .get_or_insert_with(|| Lease::new(self.shared.clone(), self.attempt.origin.clone(), None));
        lease.confirm(claim);
    }

    /// There will be no response.
    pub(super) fn give_up(&mut self, why: CloseReason) {
        if let Some(lease) = &mut self.lease {
            lease.give_up(why);
        }
    }

    /// The response came over the connection with these ends. Tells what was not known, or known wrongly.
    pub(super) fn answered(mut self, ends: Option<Ends>, protocol: Protocol) -> Option<(Lease, Claim)> {
        let held = self.lease.as_ref().and_then(Lease::claim);
        let own = self.own();
        let claim = {
            let mut connections = self.shared.connections();
            let claim = connections.used(ends?, held, own)?;
            if self.attempt.story.is_heard() {
                connections.tell(claim.id, self.attempt.story.observer());
            }
            claim
        };
        if self.told != Some((claim.id, protocol)) {
            self.tell_used(claim, protocol);
            self.sent_told = false;
        }
        if !self.sent_told {
            self.tell_sent();
        }
        let mut lease = match self.lease.take() {
            Some(lease) => lease,
            None => Lease::new(self.shared.clone(), self.attempt.origin.clone(), None),
        };
        lease.confirm(claim);
        Some((lease, claim))
    }

    /// The connection that was opened for this request, if it got that one.
    ///
    /// An earlier try of it may have opened it: over HTTP/2 that one is still there.
    fn own(&self) -> Option<ConnectionId> {
        let (stage, connection) = {
            let state = self.attempt.state();
            (state.stage, state.connection?)
        };
        match stage {
            Stage::Open => Some(connection),
            Stage::None => Some(connection).filter(|id| self.shared.connections().is_h2(*id)),
            Stage::Connecting | Stage::Lost => None,
        }
    }

    fn tell_used(&mut self, claim: Claim, protocol: Protocol) {
        let used_at = self.used_at();
        self.told = Some((claim.id, protocol));
        let Claim { id: connection, reused, ends: (local, remote), .. } = claim;
        let (local, remote) = (Some(local), Some(remote));
        let used = NetEventKind::ConnectionUsed { connection, reused, protocol, local, remote };
        self.attempt.story.tell_at(used_at, used);
    }

    fn tell_sent(&mut self) {
        self.sent_told = true;
        let body_sent_at = self.attempt.state().body_sent_at;
        let sent_at = body_sent_at.unwrap_or_else(|| self.used_at());
        self.attempt.story.tell_of(Phase::Wait, sent_at, || {
            let http2 = self.told.is_some_and(|(_, protocol)| protocol == Protocol::Http2);
            let headers = sent_headers(self.request, http2);
            let body_size = self.request.body.as_ref().map_or(0, |body| body.len() as u64);
            NetEventKind::RequestSent { headers, body_size }
        });
    }

    fn used_at(&self) -> Timestamp {
        let settled_at = self.attempt.state().settled_at;
        settled_at.or(self.taken_at).unwrap_or_else(|| self.attempt.story.now())
    }
}

/// The headers with what the HTTP library adds.
fn sent_headers(request: &WireRequest, http2: bool) -> HeaderMap {
    let mut headers = request.sent_headers();
    if !http2 && let Some(host) = request.url.host_str() {
        let host = request.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if let Ok(host) = HeaderValue::from_str(&host) {
            headers.insert(header::HOST, host);
        }
    }
    headers
}
