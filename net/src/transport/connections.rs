//! The table of connections: their names, what they carry, and whether another may be opened.
//!
//! The pool itself is the HTTP library's and cannot be asked. What it does can be known all the same: each
//! connection is seen when it opens and, by its pair of addresses, whenever it carries a response; its end
//! is noticed by the operating system. Pure: time is an argument, sockets are only kept here.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Instant;

use url::Origin;

use super::openings::Openings;
use super::policy;
use super::socket::{End, Socket};
use crate::event::{CloseReason, ClosedBy, Observer};
use crate::id::ConnectionId;
use crate::limits::{MAX_CONNECTIONS, MAX_HINTS, MAX_KNOWN_CONNECTIONS, MAX_OBSERVERS};

/// The two ends of a connection, ours first.
pub(super) type Ends = (SocketAddr, SocketAddr);

/// All connections of a client.
#[derive(Default)]
pub(super) struct Connections {
    named: u64,
    table: BTreeMap<ConnectionId, Connection>,
    by_ends: HashMap<Ends, ConnectionId>,
    /// What is being opened, origin by origin.
    pub(super) openings: Openings,
    hints: Vec<(Origin, CloseReason)>,
    client_gone: bool,
}

/// One connection, open or remembered.
struct Connection {
    origin: Arc<Origin>,
    ends: Ends,
    h2: bool,
    /// Whether the request it was opened for is its first.
    has_opener: bool,
    /// Requests that took it.
    taken: u64,
    /// Responses that came over it.
    carried: u64,
    /// Requests under way.
    busy: u32,
    /// Since when it is idle, and for how long it may be.
    idle: (Instant, std::time::Duration),
    /// Whether its end will be noticed.
    watched: bool,
    socket: Option<Socket>,
    /// What was noticed while it was busy.
    end: Option<End>,
    /// Why it will be closed, once it is.
    doom: Option<CloseReason>,
    closed: bool,
    observers: Vec<Weak<dyn Observer>>,
}

/// A new connection.
pub(super) struct Opened {
    pub(super) id: ConnectionId,
    pub(super) origin: Arc<Origin>,
    pub(super) ends: Ends,
    pub(super) h2: bool,
    pub(super) has_opener: bool,
    pub(super) watched: bool,
    pub(super) socket: Option<Socket>,
    pub(super) observer: Arc<dyn Observer>,
}

/// What a request goes over, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) id: ConnectionId,
    pub(super) ends: Ends,
    pub(super) h2: bool,
    /// Whether it carried a request before.
    pub(super) reused: bool,
    /// Whether it can be no other.
    pub(super) certain: bool,
}

/// How a request leaves its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// The connection may be used again within this time.
    Idle(std::time::Duration),
    /// It will not be used again.
    Over(CloseReason),
}

/// A connection is closed: what is to be told, and to whom.
pub(super) struct Ending {
    pub(super) id: ConnectionId,
    pub(super) by: ClosedBy,
    pub(super) why: CloseReason,
    pub(super) carried: u64,
    pub(super) observers: Vec<Arc<dyn Observer>>,
}

impl Connections {
    /// Names a connection that is being opened.
    pub(super) fn name(&mut self) -> ConnectionId {
        self.named = self.named.saturating_add(1);
        ConnectionId(self.named)
    }

    /// A connection is open, and idle until somebody takes it.
    pub(super) fn opened(&mut self, opened: Opened, now: Instant) {
        let Opened { id, origin, ends, h2, has_opener, watched, socket, observer } = opened;
        if self.table.len() >= MAX_KNOWN_CONNECTIONS {
            self.forget_one();
        }
        self.by_ends.insert(ends, id);
        let connection = Connection {
            origin,
            ends,
            h2,
            has_opener,
            taken: 0,
            carried: 0,
            busy: 0,
            idle: (now, policy::unused()),
            watched,
            socket,
            end: None,
            doom: None,
            closed: false,
            observers: vec![Arc::downgrade(&observer)],
        };
        self.table.insert(id, connection);
    }

    /// A request to `origin` has got a connection; `own` is the one opened for it, if it got that one. Says
    /// which it is, if that can be known.
    ///
    /// The library takes the idle connection that was used last. Where sockets cannot be watched, one that is
    /// thought to be idle may be closed: nothing is said then.
    pub(super) fn claim(&mut self, origin: &Origin, own: Option<ConnectionId>) -> Option<Claim> {
        let (id, certain) = match own.filter(|own| self.table.contains_key(own)) {
            Some(own) => (own, true),
            None => {
                let free = |connection: &Connection| {
                    connection.is_watched()
                        && *connection.origin == *origin
                        && connection.end.is_none()
                        && (connection.h2 || connection.busy == 0)
                };
                let free = || self.table.iter().filter(|(_, connection)| free(connection));
                let (id, _) = free().max_by_key(|(id, connection)| (connection.idle.0, **id))?;
                (*id, free().count() == 1)
            }
        };
        let connection = self.table.get_mut(&id)?;
        let claim = Claim {
            id,
            ends: connection.ends,
            h2: connection.h2,
            reused: connection.is_reused_by(own),
            certain,
        };
        connection.take();
        Some(claim)
    }

    /// A response came over the connection with these ends, for which `claim` was made. `own` is the
    /// connection opened for its request.
    pub(super) fn used(
        &mut self,
        ends: Ends,
        claim: Option<Claim>,
        own: Option<ConnectionId>,
    ) -> Option<Claim> {
        let id = *self.by_ends.get(&ends)?;
        if let Some(claim) = claim.filter(|claim| claim.id != id)
            && let Some(other) = self.table.get_mut(&claim.id)
        {
            other.busy = other.busy.saturating_sub(1);
            other.taken = other.taken.saturating_sub(1);
        }
        let connection = self.table.get_mut(&id)?;
        let reused = match claim.filter(|claim| claim.id == id) {
            Some(claim) => claim.reused,
            None => {
                let reused = connection.is_reused_by(own);
                connection.take();
                reused
            }
        };
        connection.carried = connection.carried.saturating_add(1);
        let h2 = connection.h2;
        self.openings.used(&connection.origin, h2, reused);
        Some(Claim { id, ends, h2, reused, certain: true })
    }

    /// The responses of a connection are told to `observer` too from now on.
    pub(super) fn tell(&mut self, id: ConnectionId, observer: &Arc<dyn Observer>) {
        if let Some(connection) = self.table.get_mut(&id) {
            let known = connection
                .observers
                .iter()
                .any(|known| std::ptr::addr_eq(known.as_ptr(), Arc::as_ptr(observer)));
            if !known {
                connection.observers.retain(|known| known.strong_count() > 0);
                if connection.observers.len() < MAX_OBSERVERS {
                    connection.observers.push(Arc::downgrade(observer));
                }
            }
        }
    }

    /// A request is over, one way or the other.
    pub(super) fn leave(&mut self, id: ConnectionId, leave: Leave, now: Instant) -> Option<Ending> {
        let client_gone = self.client_gone;
        let connection = self.table.get_mut(&id)?;
        connection.busy = connection.busy.saturating_sub(1);
        match leave {
            Leave::Over(why) => {
                connection.doom.get_or_insert(why);
            }
            Leave::Idle(limit) => connection.idle = (now, limit),
        }
        if connection.closed || connection.busy > 0 {
            return None;
        }
        let over = connection.end.is_some() || connection.doom.is_some() || client_gone;
        if over {
            let why = connection.doom.unwrap_or(CloseReason::ClientGone);
            return self.close(id, why);
        }
        if !connection.h2 {
            self.openings.returned(&connection.origin, now);
        }
        None
    }

    /// A request that seemed to hold `held` failed on the connection `id`.
    pub(super) fn moved(&mut self, held: Option<Claim>, id: ConnectionId) -> Option<Claim> {
        if let Some(held) = held {
            self.release(held.id);
        }
        let connection = self.table.get_mut(&id)?;
        let reused = connection.taken > 0;
        connection.take();
        Some(Claim { id, ends: connection.ends, h2: connection.h2, reused, certain: true })
    }

    /// A request did not go over this connection after all, or nobody knows.
    pub(super) fn release(&mut self, id: ConnectionId) {
        if let Some(connection) = self.table.get_mut(&id) {
            connection.busy = connection.busy.saturating_sub(1);
        }
    }

    /// The operating system noticed the end of a connection.
    pub(super) fn noticed(&mut self, id: ConnectionId, how: End) -> Option<Ending> {
        let connection = self.table.get_mut(&id)?;
        connection.end.get_or_insert(how);
        if connection.closed || (connection.busy > 0 && !connection.h2) {
            return None;
        }
        self.close(id, CloseReason::GoAway)
    }

    /// The connection is closed. `why` counts when the peer did not end it.
    pub(super) fn close(&mut self, id: ConnectionId, why: CloseReason) -> Option<Ending> {
        let connection = self.table.get_mut(&id).filter(|connection| !connection.closed)?;
        connection.closed = true;
        // Letting go of the duplicate closes what the library has closed.
        connection.socket = None;
        let (by, why) = match (connection.end, why) {
            (None, _) => (ClosedBy::Client, why),
            // Both were to close it.
            (Some(_), CloseReason::LastResponse) => (ClosedBy::Server, CloseReason::LastResponse),
            (Some(End::Reset), _) => (ClosedBy::Server, CloseReason::ServerReset),
            // The library ends HTTP/2 connections by itself when it is told to go away.
            (Some(End::Both), _) if connection.h2 => (ClosedBy::Server, CloseReason::GoAway),
            (Some(End::Peer | End::Both), _) => (ClosedBy::Server, CloseReason::ServerEnded),
        };
        let observers = connection.observers.drain(..).filter_map(|observer| observer.upgrade()).collect();
        Some(Ending { id, by, why, carried: connection.carried, observers })
    }

    /// Closes the sockets of the connection, too: the library sees the end.
    pub(super) fn shut(&mut self, id: ConnectionId, why: CloseReason) -> Option<Ending> {
        let connection = self.table.get(&id)?;
        if let Some(socket) = &connection.socket {
            socket.shut_down();
        }
        self.close(id, why)
    }

    /// Connections that have been idle for too long.
    pub(super) fn expired(&self, now: Instant) -> Vec<ConnectionId> {
        let expired = |connection: &Connection| connection.idle_until().is_some_and(|until| until <= now);
        self.table.iter().filter(|(_, connection)| expired(connection)).map(|(id, _)| *id).collect()
    }

    /// When the next connection will have been idle for too long.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        self.table.values().filter_map(Connection::idle_until).min()
    }

    /// Connections that the library has closed on its own.
    pub(super) fn released(&self) -> Vec<ConnectionId> {
        let released = |connection: &Connection| {
            !connection.closed && connection.socket.as_ref().is_some_and(Socket::is_released)
        };
        self.table.iter().filter(|(_, connection)| released(connection)).map(|(id, _)| *id).collect()
    }

    /// Whether there are too many connections; the idle one to close first, if there is one.
    pub(super) fn is_full(&self) -> Option<Option<ConnectionId>> {
        let open = || self.table.iter().filter(|(_, connection)| connection.is_watched());
        (open().count() >= MAX_CONNECTIONS).then(|| {
            let idle = open().filter(|(_, connection)| connection.busy == 0);
            idle.min_by_key(|(_, connection)| connection.idle.0).map(|(id, _)| *id)
        })
    }

    /// Whether a connection to `origin` could take a request now.
    pub(super) fn has_free(&self, origin: &Origin) -> bool {
        self.table.values().any(|connection| {
            !connection.closed
                && *connection.origin == *origin
                && connection.end.is_none()
                && (connection.h2 || connection.busy == 0)
        })
    }

    /// The client is gone: what is idle is closed now, the rest when its responses end.
    pub(super) fn client_gone(&mut self) -> Vec<Ending> {
        self.client_gone = true;
        let idle = self.table.iter().filter(|(_, connection)| !connection.closed && connection.busy == 0);
        let idle: Vec<ConnectionId> = idle.map(|(id, _)| *id).collect();
        idle.into_iter().filter_map(|id| self.close(id, CloseReason::ClientGone)).collect()
    }

    /// Whether the connection with these ends has carried a response.
    pub(super) fn has_carried(&self, ends: Ends) -> bool {
        self.by_ends
            .get(&ends)
            .and_then(|id| self.table.get(id))
            .is_some_and(|connection| connection.carried > 0)
    }

    /// The connection with these ends.
    pub(super) fn at(&self, ends: Ends) -> Option<ConnectionId> {
        self.by_ends.get(&ends).copied()
    }

    /// Whether it is an open HTTP/2 connection.
    pub(super) fn is_h2(&self, id: ConnectionId) -> bool {
        self.table.get(&id).is_some_and(|connection| connection.h2 && !connection.closed)
    }

    /// How many requests are under way on a connection.
    pub(super) fn busy(&self, id: ConnectionId) -> u32 {
        self.table.get(&id).map_or(0, |connection| connection.busy)
    }

    /// The socket of a connection that is not closed.
    pub(super) fn socket(&self, id: ConnectionId) -> Option<&Socket> {
        self.table.get(&id)?.socket.as_ref()
    }

    /// The library will close a connection to `origin` for this reason: it is not known which.
    pub(super) fn hint(&mut self, origin: &Origin, why: CloseReason) {
        if self.hints.len() < MAX_HINTS {
            self.hints.push((origin.clone(), why));
        }
    }

    /// The library has closed a connection on its own.
    pub(super) fn was_released(&mut self, id: ConnectionId) -> Option<Ending> {
        let connection = self.table.get(&id)?;
        let why = if connection.h2 {
            CloseReason::GoAway
        } else {
            let hint = self.hints.iter().position(|(origin, _)| *origin == *connection.origin);
            hint.map_or(CloseReason::Failed, |at| self.hints.swap_remove(at).1)
        };
        self.close(id, why)
    }

    /// Forgets a closed connection, or else the oldest.
    fn forget_one(&mut self) {
        let closed = self.table.iter().find(|(_, connection)| connection.closed).map(|(id, _)| *id);
        let Some(id) = closed.or_else(|| self.table.keys().next().copied()) else { return };
        if let Some(connection) = self.table.remove(&id)
            && self.by_ends.get(&connection.ends) == Some(&id)
        {
            self.by_ends.remove(&connection.ends);
        }
    }
}

impl Connection {
    /// Over HTTP/2 a later request may be told first: the opener's is the first one sent.
    fn is_reused_by(&self, own: Option<ConnectionId>) -> bool {
        if self.h2 && self.has_opener { own.is_none() } else { self.taken > 0 }
    }

    fn take(&mut self) {
        self.taken = self.taken.saturating_add(1);
        self.busy = self.busy.saturating_add(1);
    }

    fn is_watched(&self) -> bool {
        !self.closed && self.watched
    }

    fn idle_until(&self) -> Option<Instant> {
        let (since, limit) = self.idle;
        (self.is_watched() && self.busy == 0).then(|| since.checked_add(limit)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::event::NullObserver;

    const KEEP: Leave = Leave::Idle(Duration::from_secs(300));

    fn origin() -> Origin {
        url::Url::parse("http://a.test").unwrap().origin()
    }

    fn ends(port: u16) -> Ends {
        (([127, 0, 0, 1], port).into(), ([127, 0, 0, 1], 80).into())
    }

    fn open(table: &mut Connections, port: u16, h2: bool, has_opener: bool, now: Instant) -> ConnectionId {
        let id = table.name();
        let observer = Arc::new(NullObserver);
        let opened = Opened {
            id,
            origin: Arc::new(origin()),
            ends: ends(port),
            h2,
            has_opener,
            watched: true,
            socket: None,
            observer,
        };
        table.opened(opened, now);
        id
    }

    fn why(ending: Option<Ending>) -> Option<(ClosedBy, CloseReason, u64)> {
        ending.map(|ending| (ending.by, ending.why, ending.carried))
    }

    #[test]
    fn claims_are_the_librarys_choice() {
        let (mut table, now) = (Connections::default(), Instant::now());
        assert_eq!(table.claim(&origin(), None), None);
        let first = open(&mut table, 1, false, true, now);
        let own = table.claim(&origin(), Some(first)).unwrap();
        assert_eq!((own.id, own.reused, own.certain), (first, false, true));
        assert_eq!(table.claim(&origin(), None), None, "it is busy");
        table.used(ends(1), Some(own), Some(first)).unwrap();
        let second = open(&mut table, 2, false, true, now);
        let own = table.claim(&origin(), Some(second)).unwrap();
        table.used(ends(2), Some(own), Some(second)).unwrap();
        assert!(table.leave(second, KEEP, now + Duration::from_secs(1)).is_none());
        assert!(table.leave(first, KEEP, now + Duration::from_secs(2)).is_none());
        let guess = table.claim(&origin(), None).unwrap();
        assert_eq!((guess.id, guess.reused, guess.certain), (first, true, false), "used last, used first");
        let truth = table.used(ends(2), Some(guess), None).unwrap();
        assert_eq!((truth.id, truth.reused), (second, true));
        let again = table.claim(&origin(), None).unwrap();
        assert_eq!((again.id, again.certain), (first, true), "a wrong guess is taken back");
    }

    #[test]
    fn h2_is_shared_and_its_opener_was_first() {
        let (mut table, now) = (Connections::default(), Instant::now());
        let id = open(&mut table, 1, true, true, now);
        let later = table.claim(&origin(), None).unwrap();
        let opener = table.claim(&origin(), Some(id)).unwrap();
        assert_eq!((later.reused, opener.reused, later.certain), (true, false, true));
        assert!(table.leave(id, KEEP, now).is_none());
        assert_eq!(table.expired(now + Duration::from_secs(999)), [], "one request is still under way");
        assert!(table.leave(id, KEEP, now).is_none());
        assert_eq!(table.expired(now + Duration::from_secs(299)), []);
        assert_eq!(table.expired(now + Duration::from_secs(300)), [id]);
        let warm = open(&mut table, 2, true, false, now);
        table.close(id, CloseReason::IdleTimeout);
        assert!(!table.claim(&origin(), None).unwrap().reused, "opened ahead of need");
        assert!(table.claim(&origin(), None).unwrap().reused);
        assert_eq!(table.busy(warm), 2);
    }

    #[test]
    fn endings() {
        let now = Instant::now();
        let over = |why| Leave::Over(why);
        // How the end was noticed before the response was over, how it was left, what is told.
        for (h2, end, leave, told) in [
            (false, None, KEEP, None),
            (
                false,
                None,
                over(CloseReason::LastResponse),
                Some((ClosedBy::Client, CloseReason::LastResponse)),
            ),
            (false, None, over(CloseReason::Canceled), Some((ClosedBy::Client, CloseReason::Canceled))),
            (false, Some(End::Peer), KEEP, Some((ClosedBy::Server, CloseReason::ServerEnded))),
            (
                false,
                Some(End::Peer),
                over(CloseReason::LastResponse),
                Some((ClosedBy::Server, CloseReason::LastResponse)),
            ),
            (
                false,
                Some(End::Reset),
                over(CloseReason::Failed),
                Some((ClosedBy::Server, CloseReason::ServerReset)),
            ),
            (true, None, KEEP, None),
        ] {
            let mut table = Connections::default();
            let id = open(&mut table, 1, h2, true, now);
            let claim = table.claim(&origin(), Some(id));
            table.used(ends(1), claim, Some(id));
            if let Some(end) = end {
                assert!(table.noticed(id, end).is_none(), "its response is still to be read");
            }
            let told = told.map(|(by, why)| (by, why, 1));
            assert_eq!(why(table.leave(id, leave, now)), told, "{h2} {end:?} {leave:?}");
            assert!(told.is_none() || table.close(id, CloseReason::Failed).is_none(), "once");
            assert_eq!(table.used(ends(1), None, None).map(|claim| claim.id), Some(id), "it is remembered");
        }
        // While idle.
        for (h2, end, told) in [
            (false, End::Peer, CloseReason::ServerEnded),
            (false, End::Both, CloseReason::ServerEnded),
            (false, End::Reset, CloseReason::ServerReset),
            (true, End::Peer, CloseReason::ServerEnded),
            (true, End::Both, CloseReason::GoAway),
        ] {
            let mut table = Connections::default();
            let id = open(&mut table, 1, h2, false, now);
            assert_eq!(why(table.noticed(id, end)), Some((ClosedBy::Server, told, 0)));
        }
    }

    #[test]
    fn the_pool_is_bounded() {
        let (mut table, now) = (Connections::default(), Instant::now());
        for port in 1..=u16::try_from(MAX_CONNECTIONS).unwrap() {
            assert_eq!(table.is_full(), None);
            open(&mut table, port, false, false, now + Duration::from_secs(u64::from(port % 100)));
        }
        assert_eq!(table.is_full(), Some(Some(ConnectionId(100))), "idle for longest");
        while let Some(claim) = table.claim(&origin(), None) {
            table.used(claim.ends, Some(claim), None);
        }
        assert_eq!(table.is_full(), Some(None), "all are busy");
        let first = ConnectionId(1);
        table.leave(first, Leave::Over(CloseReason::Canceled), now);
        assert_eq!(table.is_full(), None);
        assert_eq!(table.client_gone().len(), 0);
        assert_eq!(
            why(table.leave(ConnectionId(2), KEEP, now)),
            Some((ClosedBy::Client, CloseReason::ClientGone, 1))
        );
    }

    #[test]
    fn what_the_library_closed_on_its_own() {
        let (mut table, now) = (Connections::default(), Instant::now());
        let (first, second) = (open(&mut table, 1, false, true, now), open(&mut table, 2, true, true, now));
        table.hint(&origin(), CloseReason::Canceled);
        assert_eq!(why(table.was_released(second)), Some((ClosedBy::Client, CloseReason::GoAway, 0)));
        assert_eq!(why(table.was_released(first)), Some((ClosedBy::Client, CloseReason::Canceled, 0)));
        let third = open(&mut table, 3, false, true, now);
        assert_eq!(why(table.was_released(third)), Some((ClosedBy::Client, CloseReason::Failed, 0)));
    }

    #[test]
    fn memory_is_bounded() {
        let (mut table, now) = (Connections::default(), Instant::now());
        for port in 0..u16::try_from(MAX_KNOWN_CONNECTIONS + 10).unwrap() {
            let id = open(&mut table, port, false, false, now);
            table.close(id, CloseReason::IdleTimeout);
        }
        assert_eq!((table.table.len(), table.by_ends.len()), (MAX_KNOWN_CONNECTIONS, MAX_KNOWN_CONNECTIONS));
    }
}
