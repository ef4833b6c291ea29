//! The teller of one fetch's events: in order, with times that never run backwards, one ending.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use http::{HeaderMap, HeaderValue, header};

use url::Url;

use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Phase};
use crate::event::{ConnectionEvent, ConnectionEventKind, NetEvent, NetEventKind, Observer};
use crate::id::{ConnectionId, FetchId};

/// Tells an [`Observer`] what happens to one fetch. Clones tell the same story.
///
/// It is what makes the promise of the crate true, whatever the order in which tasks run: after
/// `Ended`, `Failed` or `Canceled` it is silent, and `at` never decreases.
#[derive(Clone)]
pub(crate) struct Story(Arc<Inner>);

struct Inner {
    fetch: FetchId,
    observer: Arc<dyn Observer>,
    /// Whether the observer listens. If not, events are neither made nor told.
    heard: bool,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    hop: u32,
    last: Timestamp,
    phase: Phase,
    /// The URL of the current hop.
    url: Option<Url>,
    over: bool,
}

impl Story {
    pub(crate) fn new(fetch: FetchId, observer: Arc<dyn Observer>, clock: Arc<dyn Clock>) -> Self {
        let state =
            Mutex::new(State { hop: 0, last: Timestamp::ZERO, phase: Phase::Url, url: None, over: false });
        let heard = observer.listens();
        Self(Arc::new(Inner { fetch, observer, heard, clock, state }))
    }

    /// The story of another fetch, told to the same listener.
    pub(crate) fn sibling(&self, fetch: FetchId) -> Self {
        Self::new(fetch, self.0.observer.clone(), self.0.clock.clone())
    }

    /// Whose story it is.
    pub(crate) fn fetch(&self) -> FetchId {
        self.0.fetch
    }

    /// The clock of the client.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The time of day, as the client's clock has it: ages and expiry dates are reckoned in it.
    pub(crate) fn wall_clock(&self) -> SystemTime {
        wall_clock(&*self.0.clock)
    }

    /// Whether anybody listens: what costs something to find out or to copy need not be told otherwise.
    pub(crate) fn is_heard(&self) -> bool {
        self.0.heard
    }

    /// A hop to `url` begins; `kind` makes the event of it.
    pub(crate) fn begin_hop(&self, url: Url, kind: impl FnOnce(Url) -> NetEventKind) {
        let mut state = self.state();
        state.url = Some(url.clone());
        state.phase = Phase::Cache;
        if self.0.heard && !state.over {
            self.emit(&mut state, self.now(), kind(url));
        }
    }

    /// Something happens now.
    pub(crate) fn tell(&self, kind: NetEventKind) {
        // Nobody asks for the time.
        let at = if self.0.heard { self.now() } else { Timestamp::ZERO };
        self.tell_at(at, kind);
    }

    /// Something happened at `at` with which `phase` begins, and which `kind` describes at some cost.
    pub(crate) fn tell_of(&self, phase: Phase, at: Timestamp, kind: impl FnOnce() -> NetEventKind) {
        if self.0.heard {
            self.tell_at(at, kind());
        } else {
            self.state().phase = phase;
        }
    }

    /// Something happened at `at`, and is known only now.
    pub(crate) fn tell_at(&self, at: Timestamp, kind: NetEventKind) {
        let mut state = self.state();
        if state.over {
            return;
        }
        self.emit(&mut state, at, kind);
    }

    /// Which fetch it is, and at which hop.
    pub(crate) fn place(&self) -> (FetchId, u32) {
        (self.0.fetch, self.state().hop)
    }

    /// The URL of the current hop.
    pub(crate) fn url(&self) -> Option<Url> {
        self.state().url.clone()
    }

    /// The step that the fetch is in.
    pub(crate) fn phase(&self) -> Phase {
        self.state().phase
    }

    /// Who is told.
    pub(crate) fn observer(&self) -> &Arc<dyn Observer> {
        &self.0.observer
    }

    /// Something happens to a connection: it is told also when the fetch is over.
    pub(crate) fn tell_connection(&self, connection: ConnectionId, kind: ConnectionEventKind) {
        if self.0.heard {
            self.0.observer.on_connection_event(ConnectionEvent { connection, at: self.now(), kind });
        }
    }

    /// A story of which nothing is told but what happens to connections.
    pub(crate) fn silent(observer: Arc<dyn Observer>, clock: Arc<dyn Clock>) -> Self {
        let story = Self::new(FetchId(0), observer, clock);
        story.state().over = true;
        story
    }

    /// The following events belong to the next hop of the redirect chain.
    pub(crate) fn next_hop(&self) {
        let mut state = self.state();
        state.hop = state.hop.saturating_add(1);
    }

    /// The last event: `Ended`, `Failed` or `Canceled`. Only the first call says anything.
    pub(crate) fn finish(&self, kind: NetEventKind) {
        let mut state = self.state();
        if state.over {
            return;
        }
        let at = if self.0.heard { self.now() } else { Timestamp::ZERO };
        self.emit(&mut state, at, kind);
        state.over = true;
    }

    /// The fetch failed with `error`.
    pub(crate) fn fail(&self, error: &Error) {
        self.finish(NetEventKind::Failed {
            kind: error.kind,
            phase: error.phase,
            message: error.message.clone(),
        });
    }

    /// The observer is called under the lock, so that events of concurrent tasks cannot overtake each other.
    fn emit(&self, state: &mut State, at: Timestamp, mut kind: NetEventKind) {
        state.phase = phase_after(&kind).unwrap_or(state.phase);
        if !self.0.heard {
            return;
        }
        if let NetEventKind::RequestSent { headers, .. } = &mut kind {
            hide_logins(headers);
        }
        state.last = state.last.max(at);
        self.0.observer.on_event(NetEvent { fetch: self.0.fetch, hop: state.hop, at: state.last, kind });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of a login the scheme alone is told. (The last word on what leaves this crate, whoever sends.)
fn hide_logins(headers: &mut HeaderMap) {
    for name in [header::AUTHORIZATION, header::PROXY_AUTHORIZATION] {
        if let Some(value) = headers.get_mut(name) {
            let scheme = value.to_str().ok().and_then(|text| text.split(' ').next()).unwrap_or_default();
            *value = HeaderValue::try_from(format!("{scheme} (not shown)"))
                .unwrap_or_else(|_| HeaderValue::from_static("(not shown)"));
        }
    }
}

/// The time of day, as `clock` has it.
pub(crate) fn wall_clock(clock: &dyn Clock) -> SystemTime {
    let origin = clock.origin();
    origin.checked_add(clock.now().0).unwrap_or(origin)
}

/// The step that begins with an event.
const fn phase_after(kind: &NetEventKind) -> Option<Phase> {
    Some(match kind {
        NetEventKind::Requested { .. } => Phase::Cache,
        NetEventKind::Cache(_) => Phase::Blocked,
        NetEventKind::DnsStart { .. } => Phase::Dns,
        NetEventKind::Released | NetEventKind::ConnectStart { .. } => Phase::Connect,
        NetEventKind::TlsStart { .. } => Phase::Tls,
        NetEventKind::ConnectionUsed { .. } => Phase::Send,
        NetEventKind::RequestSent { .. } => Phase::Wait,
        NetEventKind::ResponseStart { .. } => Phase::Receive,
        _ => return None,
    })
}

/// Ends the story as `Canceled` when it is dropped before another ending was told.
pub(crate) struct CancelOnDrop(pub(crate) Story);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.finish(NetEventKind::Canceled);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::VirtualClock;
    use crate::error::{ErrorKind, Phase};

    #[derive(Default)]
    struct Log(Mutex<Vec<String>>);
    impl Observer for Log {
        fn on_event(&self, event: NetEvent) {
            let name = format!("{:?}", event.kind);
            let name = name.split([' ', '{', '(']).next().unwrap().to_owned();
            self.0.lock().unwrap().push(format!("{}:{}:{name}", event.hop, event.at.0.as_millis()));
        }
    }

    #[test]
    fn one_ending_and_time_runs_forwards() {
        let (log, clock) = (Arc::new(Log::default()), Arc::new(VirtualClock::default()));
        let story = Story::new(FetchId(1), log.clone(), clock.clone());
        let guard = CancelOnDrop(story.clone());
        clock.advance(Duration::from_millis(5));
        story.tell(NetEventKind::Released);
        story.next_hop();
        story.tell_at(Timestamp::from_millis(3), NetEventKind::Released);
        story.fail(&Error::new(ErrorKind::Dns, Phase::Dns, None, "no"));
        story.finish(NetEventKind::Canceled);
        story.tell(NetEventKind::Released);
        drop(guard);
        assert_eq!(*log.0.lock().unwrap(), ["0:5:Released", "1:5:Released", "1:5:Failed"]);
    }
}
