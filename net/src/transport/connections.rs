//! The table of connections: their names, what they carried, and whether another may be opened.
//!
//! The pool itself is the HTTP library's and cannot be asked. What it does can be known all the same:
//! each connection is seen when it opens and, by its pair of addresses, whenever it carries a response.
//! Pure: time is an argument.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use url::Origin;

use crate::id::ConnectionId;
use crate::limits::{H2_READY_GRACE, MAX_KNOWN_CONNECTIONS, RETURN_GRACE};

/// The two ends of a connection, ours first.
pub(super) type Ends = (SocketAddr, SocketAddr);

/// All connections of a client.
#[derive(Debug, Default)]
pub(super) struct Connections {
    opened: u64,
    by_ends: HashMap<Ends, Connection>,
    origins: HashMap<Origin, OriginState>,
}

#[derive(Debug)]
struct Connection {
    id: ConnectionId,
    origin: Origin,
    h2: bool,
    carried: u64,
}

/// What is known of the pool's connections to one origin.
#[derive(Debug, Default)]
struct OriginState {
    speaks_h2: bool,
    connecting: usize,
    /// Until when connections are expected in the pool that nobody has claimed yet.
    expected: VecDeque<Instant>,
    /// A connection that was expected did not come: the server closes without saying so.
    breaks_promises: bool,
}

/// Whether a connection may be opened now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permit {
    /// Open it.
    Open,
    /// One is about to become usable, and is claimed for the asker: ask again after this time.
    Wait(Duration),
}

impl Connections {
    /// Whether to open a connection to `origin` now. A permit to open counts as connecting.
    ///
    /// Without this, requests that follow each other closely would open one connection more than
    /// they need whenever the pool learns of a free one a moment too late.
    pub(super) fn may_open(&mut self, origin: &Origin, now: Instant) -> Permit {
        let state = self.origins.entry(origin.clone()).or_default();
        while state.expected.front().is_some_and(|until| *until <= now) {
            state.expected.pop_front();
        }
        // An HTTP/2 connection is for everybody, one of HTTP/1 for the first who asks.
        let expected = match state.speaks_h2 {
            true => state.expected.front().copied(),
            false => state.expected.pop_front(),
        };
        if let Some(until) = expected {
            return Permit::Wait(until.duration_since(now));
        }
        if state.speaks_h2 && state.connecting > 0 {
            return Permit::Wait(RETURN_GRACE);
        }
        state.connecting += 1;
        Permit::Open
    }

    /// Names a connection that is being opened.
    pub(super) fn name(&mut self) -> ConnectionId {
        self.opened = self.opened.saturating_add(1);
        ConnectionId(self.opened)
    }

    /// A connection that had a permit is open. HTTP/2 ones are of use to everybody at once.
    pub(super) fn opened(
        &mut self,
        origin: &Origin,
        id: ConnectionId,
        ends: Option<Ends>,
        h2: bool,
        now: Instant,
    ) {
        let state = self.origins.entry(origin.clone()).or_default();
        state.connecting = state.connecting.saturating_sub(1);
        state.speaks_h2 = h2;
        if h2 {
            state.expected.push_back(now + H2_READY_GRACE);
        }
        if let Some(ends) = ends {
            if self.by_ends.len() >= MAX_KNOWN_CONNECTIONS {
                self.forget_oldest();
            }
            self.by_ends.insert(ends, Connection { id, origin: origin.clone(), h2, carried: 0 });
        }
    }

    /// A connection that had a permit could not be opened.
    pub(super) fn failed(&mut self, origin: &Origin) {
        if let Some(state) = self.origins.get_mut(origin) {
            state.connecting = state.connecting.saturating_sub(1);
        }
    }

    /// The connection that was claimed did not come.
    pub(super) fn disappointed(&mut self, origin: &Origin) {
        if let Some(state) = self.origins.get_mut(origin) {
            state.breaks_promises = !state.speaks_h2;
        }
    }

    /// A request took a free connection without asking.
    pub(super) fn taken(&mut self, origin: &Origin) {
        if let Some(state) = self.origins.get_mut(origin)
            && !state.speaks_h2
        {
            state.expected.pop_front();
        }
    }

    /// A response came over the connection with these ends. `own` is the one opened for its request.
    ///
    /// Says which connection it is and whether it carried a request before this one.
    pub(super) fn used(&mut self, ends: Ends, own: Option<ConnectionId>) -> Option<(ConnectionId, bool)> {
        let connection = self.by_ends.get_mut(&ends)?;
        connection.carried = connection.carried.saturating_add(1);
        // Over HTTP/2 a later request may be answered first: the opener's is the first one sent.
        let reused = if connection.h2 { own != Some(connection.id) } else { connection.carried > 1 };
        if let Some(state) = self.origins.get_mut(&connection.origin) {
            if connection.h2 {
                // It is in the pool, where it is found without asking here.
                state.expected.clear();
            } else if reused {
                state.breaks_promises = false;
            }
        }
        Some((connection.id, reused))
    }

    /// Whether the connection with these ends has carried a response.
    pub(super) fn has_carried(&self, ends: Ends) -> bool {
        self.by_ends.get(&ends).is_some_and(|connection| connection.carried > 0)
    }

    /// An HTTP/1 connection has done its work and goes back to the pool.
    pub(super) fn returned(&mut self, ends: Ends, now: Instant) {
        let Some(connection) = self.by_ends.get(&ends) else { return };
        if connection.h2 {
            return;
        }
        if let Some(state) = self.origins.get_mut(&connection.origin)
            && !state.breaks_promises
        {
            state.expected.push_back(now + RETURN_GRACE);
        }
    }

    /// The connection with these ends will not be used again.
    pub(super) fn closed(&mut self, ends: Ends) {
        self.by_ends.remove(&ends);
    }

    fn forget_oldest(&mut self) {
        let oldest = self.by_ends.iter().min_by_key(|(_, connection)| connection.id);
        if let Some(ends) = oldest.map(|(ends, _)| *ends) {
            self.by_ends.remove(&ends);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        url::Url::parse("http://a.test").unwrap().origin()
    }

    fn ends(port: u16) -> Ends {
        (([127, 0, 0, 1], port).into(), ([127, 0, 0, 1], 80).into())
    }

    #[test]
    fn a_returning_connection_is_claimed_by_one_for_a_time() {
        let (mut table, origin, now) = (Connections::default(), origin(), Instant::now());
        assert_eq!(table.may_open(&origin, now), Permit::Open);
        let id = table.name();
        table.opened(&origin, id, Some(ends(1)), false, now);
        assert_eq!(table.used(ends(1), Some(id)), Some((id, false)));
        assert_eq!(table.may_open(&origin, now), Permit::Open, "the first is busy");
        table.failed(&origin);
        table.returned(ends(1), now);
        assert_eq!(table.may_open(&origin, now), Permit::Wait(RETURN_GRACE));
        assert_eq!(table.may_open(&origin, now), Permit::Open, "it is another's");
        table.returned(ends(1), now);
        assert_eq!(table.may_open(&origin, now + RETURN_GRACE), Permit::Open, "it is too late");
        table.returned(ends(1), now);
        table.taken(&origin);
        assert_eq!(table.may_open(&origin, now), Permit::Open);
        assert_eq!(table.used(ends(1), None), Some((id, true)));
        table.closed(ends(1));
        assert_eq!(table.used(ends(1), None), None);
    }

    #[test]
    fn a_server_that_closes_silently_is_not_waited_for_again() {
        let (mut table, origin, now) = (Connections::default(), origin(), Instant::now());
        table.may_open(&origin, now);
        let id = table.name();
        table.opened(&origin, id, Some(ends(1)), false, now);
        table.used(ends(1), Some(id));
        table.returned(ends(1), now);
        assert!(matches!(table.may_open(&origin, now), Permit::Wait(_)));
        table.disappointed(&origin);
        table.returned(ends(1), now);
        assert_eq!(table.may_open(&origin, now), Permit::Open);
        assert_eq!(table.used(ends(1), None), Some((id, true)), "it keeps them after all");
        table.returned(ends(1), now);
        assert!(matches!(table.may_open(&origin, now), Permit::Wait(_)));
    }

    #[test]
    fn h2_is_opened_once_and_its_opener_was_first() {
        let (mut table, origin, now) = (Connections::default(), origin(), Instant::now());
        assert_eq!(table.may_open(&origin, now), Permit::Open);
        let id = table.name();
        table.opened(&origin, id, Some(ends(1)), true, now);
        assert!(matches!(table.may_open(&origin, now), Permit::Wait(_)), "it is reaching the pool");
        assert!(matches!(table.may_open(&origin, now), Permit::Wait(_)), "for all who ask");
        assert_eq!(table.used(ends(1), None), Some((id, true)));
        assert_eq!(table.used(ends(1), Some(id)), Some((id, false)));
        let later = now + RETURN_GRACE;
        assert_eq!(
            table.may_open(&origin, later),
            Permit::Open,
            "it was there, and the pool has none: it is gone"
        );
        assert!(matches!(table.may_open(&origin, later), Permit::Wait(_)), "another is connecting");
        table.failed(&origin);
        assert_eq!(table.may_open(&origin, later), Permit::Open);
    }
}
