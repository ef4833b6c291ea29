//! Whether a connection may be opened now, origin by origin. Pure: time is an argument.
//!
//! The library starts a connect for every request that finds no idle connection. Some of these would be in
//! vain: one that has just become free is on its way to the pool, an HTTP/2 connection will be for everybody,
//! one that was opened ahead of need is for the first who asks.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use url::Origin;

use crate::limits::{H2_READY_GRACE, MAX_KNOWN_ORIGINS, RETURN_GRACE};

/// What is being opened, and what is about to be free.
#[derive(Debug, Default)]
pub(super) struct Openings {
    origins: HashMap<Origin, State>,
}

/// What is known of one origin.
#[derive(Debug, Default)]
struct State {
    speaks: Speaks,
    connecting: usize,
    /// Connects ahead of need that nobody waits for yet.
    unclaimed: usize,
    /// Connects ahead of need.
    ahead: usize,
    /// Until when connections are expected in the pool that nobody has claimed yet.
    expected: VecDeque<Instant>,
    /// A connection that was expected did not come: the server closes without saying so.
    breaks_promises: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Speaks {
    #[default]
    Unknown,
    Http1,
    Http2,
}

/// Whether a connection may be opened now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permit {
    /// Open it.
    Open,
    /// One is about to become usable, and is claimed for the asker: ask again after this time.
    Wait(Duration, Wait),
}

/// What the asker waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// A connection that has become free.
    Return,
    /// One that is being opened.
    Opening,
}

impl Openings {
    /// Whether to open a connection to `origin` now. A permit to open counts as connecting. `waited` is what
    /// the asker was told to wait for before.
    pub(super) fn may_open(&mut self, origin: &Origin, waited: Option<Wait>, now: Instant) -> Permit {
        if self.origins.len() >= MAX_KNOWN_ORIGINS {
            self.origins.retain(|_, state| state.connecting > 0);
        }
        let https = matches!(origin, Origin::Tuple(scheme, ..) if scheme == "https");
        let state = self.origins.entry(origin.clone()).or_default();
        if waited == Some(Wait::Return) {
            state.breaks_promises = state.speaks != Speaks::Http2;
        }
        while state.expected.front().is_some_and(|until| *until <= now) {
            state.expected.pop_front();
        }
        // An HTTP/2 connection is for everybody, one of HTTP/1 for the first who asks.
        let expected = match state.speaks {
            Speaks::Http2 => state.expected.front().copied(),
            _ => state.expected.pop_front(),
        };
        if let Some(until) = expected {
            return Permit::Wait(until.duration_since(now), Wait::Return);
        }
        let may_be_h2 = state.speaks == Speaks::Http2 || (https && state.speaks == Speaks::Unknown);
        let promised = waited == Some(Wait::Opening) && state.ahead > 0;
        if promised || (may_be_h2 && state.connecting > 0) {
            return Permit::Wait(RETURN_GRACE, Wait::Opening);
        }
        if state.unclaimed > 0 {
            state.unclaimed -= 1;
            return Permit::Wait(RETURN_GRACE, Wait::Opening);
        }
        state.connecting += 1;
        Permit::Open
    }

    /// A connect that has a permit is ahead of need.
    pub(super) fn is_ahead(&mut self, origin: &Origin) {
        if let Some(state) = self.origins.get_mut(origin) {
            state.ahead += 1;
            state.unclaimed += 1;
        }
    }

    /// Whether a connect ahead of need is under way that nobody waits for.
    pub(super) fn has_unclaimed(&self, origin: &Origin) -> bool {
        self.origins.get(origin).is_some_and(|state| state.unclaimed > 0)
    }

    /// A connection that had a permit is open. HTTP/2 ones are of use to everybody at once.
    pub(super) fn opened(&mut self, origin: &Origin, h2: bool, ahead: bool, now: Instant) {
        let state = self.origins.entry(origin.clone()).or_default();
        state.connecting = state.connecting.saturating_sub(1);
        state.speaks = if h2 { Speaks::Http2 } else { Speaks::Http1 };
        if h2 {
            state.expected.push_back(now + H2_READY_GRACE);
        } else if ahead {
            state.expected.push_back(now + RETURN_GRACE);
        }
        if ahead {
            state.end_ahead();
        }
    }

    /// A connection that had a permit could not be opened.
    pub(super) fn failed(&mut self, origin: &Origin, ahead: bool) {
        if let Some(state) = self.origins.get_mut(origin) {
            state.connecting = state.connecting.saturating_sub(1);
            if ahead {
                state.end_ahead();
            }
        }
    }

    /// A request took a free connection without asking.
    pub(super) fn taken(&mut self, origin: &Origin) {
        if let Some(state) = self.origins.get_mut(origin)
            && state.speaks != Speaks::Http2
        {
            state.expected.pop_front();
        }
    }

    /// A response came over a connection to `origin`.
    pub(super) fn used(&mut self, origin: &Origin, h2: bool, reused: bool) {
        if let Some(state) = self.origins.get_mut(origin) {
            if h2 {
                // It is in the pool, where it is found without asking here.
                state.expected.clear();
            } else if reused {
                state.breaks_promises = false;
            }
        }
    }

    /// An HTTP/1 connection has done its work and goes back to the pool.
    pub(super) fn returned(&mut self, origin: &Origin, now: Instant) {
        if let Some(state) = self.origins.get_mut(origin)
            && !state.breaks_promises
        {
            state.expected.push_back(now + RETURN_GRACE);
        }
    }
}

impl State {
    fn end_ahead(&mut self) {
        self.ahead = self.ahead.saturating_sub(1);
        self.unclaimed = self.unclaimed.min(self.ahead);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETURN: Permit = Permit::Wait(RETURN_GRACE, Wait::Return);
    const OPENING: Permit = Permit::Wait(RETURN_GRACE, Wait::Opening);

    fn origin(scheme: &str) -> Origin {
        url::Url::parse(&format!("{scheme}://a.test")).unwrap().origin()
    }

    #[test]
    fn a_returning_connection_is_claimed_by_one_for_a_time() {
        let (mut table, origin, now) = (Openings::default(), origin("http"), Instant::now());
        assert_eq!(table.may_open(&origin, None, now), Permit::Open);
        table.opened(&origin, false, false, now);
        assert_eq!(table.may_open(&origin, None, now), Permit::Open, "the first is busy");
        table.failed(&origin, false);
        table.returned(&origin, now);
        assert_eq!(table.may_open(&origin, None, now), RETURN);
        assert_eq!(table.may_open(&origin, None, now), Permit::Open, "it is another's");
        table.returned(&origin, now);
        assert_eq!(table.may_open(&origin, None, now + RETURN_GRACE), Permit::Open, "it is too late");
        table.returned(&origin, now);
        table.taken(&origin);
        assert_eq!(table.may_open(&origin, None, now), Permit::Open);
    }

    #[test]
    fn a_server_that_closes_silently_is_not_waited_for_again() {
        let (mut table, origin, now) = (Openings::default(), origin("http"), Instant::now());
        table.may_open(&origin, None, now);
        table.opened(&origin, false, false, now);
        table.returned(&origin, now);
        assert_eq!(table.may_open(&origin, None, now), RETURN);
        assert_eq!(table.may_open(&origin, Some(Wait::Return), now), Permit::Open, "it did not come");
        table.returned(&origin, now);
        assert_eq!(table.may_open(&origin, None, now), Permit::Open);
        table.used(&origin, false, true);
        table.returned(&origin, now);
        assert_eq!(table.may_open(&origin, None, now), RETURN, "it keeps them after all");
    }

    #[test]
    fn h2_is_opened_once() {
        let (mut table, origin, now) = (Openings::default(), origin("https"), Instant::now());
        assert_eq!(table.may_open(&origin, None, now), Permit::Open);
        assert_eq!(table.may_open(&origin, None, now), OPENING, "it may become HTTP/2");
        assert_eq!(table.may_open(&origin, Some(Wait::Opening), now), OPENING, "a slow one");
        table.opened(&origin, true, false, now);
        let ready = Permit::Wait(H2_READY_GRACE, Wait::Return);
        assert_eq!(table.may_open(&origin, None, now), ready, "it is reaching the pool");
        assert_eq!(table.may_open(&origin, None, now), ready, "for all who ask");
        table.used(&origin, true, true);
        assert_eq!(table.may_open(&origin, None, now), Permit::Open, "the pool has none: it is gone");
        assert_eq!(table.may_open(&origin, None, now), OPENING);
        table.failed(&origin, false);
        assert_eq!(table.may_open(&origin, Some(Wait::Opening), now), Permit::Open, "the next one tries");
    }

    #[test]
    fn https_that_turns_out_to_be_http1_is_opened_side_by_side() {
        let (mut table, origin, now) = (Openings::default(), origin("https"), Instant::now());
        assert_eq!(table.may_open(&origin, None, now), Permit::Open);
        table.opened(&origin, false, false, now);
        assert_eq!(table.may_open(&origin, None, now), Permit::Open);
        assert_eq!(table.may_open(&origin, None, now), Permit::Open);
    }

    #[test]
    fn a_connect_ahead_of_need_is_for_the_first_who_asks() {
        let (mut table, origin, now) = (Openings::default(), origin("http"), Instant::now());
        assert_eq!(table.may_open(&origin, None, now), Permit::Open);
        table.is_ahead(&origin);
        assert!(table.has_unclaimed(&origin));
        assert_eq!(table.may_open(&origin, None, now), OPENING);
        assert_eq!(table.may_open(&origin, None, now), Permit::Open, "the second opens its own");
        assert_eq!(table.may_open(&origin, Some(Wait::Opening), now), OPENING);
        table.failed(&origin, true);
        assert_eq!(table.may_open(&origin, Some(Wait::Opening), now), Permit::Open, "it failed");
        assert!(!table.has_unclaimed(&origin));
    }
}
