//! What a client's exchanges and connects have in common, and the task that looks after idle connections.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, sleep_until};

use super::connections::{Connections, Ending};
use super::socket::{Noticed, Socket, Watch};
use super::tls::Tls;
use crate::clock::Clock;
use crate::config::{ClientConfig, Timeouts};
use crate::dns::Resolver;
use crate::event::{CloseReason, ConnectionEvent, ConnectionEventKind};
use crate::id::ConnectionId;
use crate::proxy::ProxyConfig;

/// When to look for connections that the HTTP library has closed on its own, after something that makes it
/// do so: its tasks run soon, but nobody says when.
const LOOKS: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(1), Duration::from_millis(10), Duration::from_millis(100)];

/// The one state of a transport.
pub(super) struct Shared {
    pub(super) resolver: Resolver,
    pub(super) tls: Tls,
    pub(super) timeouts: Timeouts,
    pub(super) proxies: ProxyConfig,
    pub(super) clock: Arc<dyn Clock>,
    connections: Mutex<Connections>,
    keeper: Mutex<Option<Keeper>>,
}

/// The task that notices ends and closes what has been idle for too long. It ends with the client.
struct Keeper {
    task: JoinHandle<()>,
    watch: Option<Arc<Watch>>,
    calls: Arc<Calls>,
}

/// What the task is told.
#[derive(Default)]
struct Calls {
    /// Something expires earlier than it thinks.
    expiry: Notify,
    /// The library may have closed something.
    look: Notify,
    /// Until when it sleeps.
    asleep_until: Mutex<Option<Instant>>,
}

/// Now, on the runtime's clock: tests move it.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Shared {
    pub(super) fn new(config: &ClientConfig, resolver: Resolver, tls: Tls) -> Arc<Self> {
        let (proxies, clock) = (config.proxies.clone(), config.clock.clone());
        let (connections, keeper) = (Mutex::default(), Mutex::default());
        Arc::new(Self { resolver, tls, timeouts: config.timeouts, proxies, clock, connections, keeper })
    }

    pub(super) fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells those who care that a connection is closed.
    pub(super) fn tell_end(&self, ending: Option<Ending>) {
        let Some(Ending { id, by, why, carried, observers }) = ending else { return };
        let at = self.clock.now();
        for observer in observers {
            let kind = ConnectionEventKind::Closed { by, why, carried };
            observer.on_connection_event(ConnectionEvent { connection: id, at, kind });
        }
    }

    /// Closes a connection, whatever it is doing.
    pub(super) fn shut(&self, id: ConnectionId, why: CloseReason) {
        let ending = self.connections().shut(id, why);
        self.tell_end(ending);
    }

    /// Watches a new connection. Says whether its end will be noticed.
    pub(super) fn watch(self: &Arc<Self>, socket: Option<&Socket>, id: ConnectionId) -> bool {
        let mut keeper = self.keeper();
        if keeper.as_ref().is_none_or(|keeper| keeper.task.is_finished()) {
            *keeper = Some(Keeper::start(self));
        }
        let watch = keeper.as_ref().and_then(|keeper| keeper.watch.clone());
        match (socket, watch) {
            (Some(socket), Some(watch)) => {
                watch.add(socket, id);
                true
            }
            _ => false,
        }
    }

    /// A connection is idle from now on for at most `limit`: the keeper may have to get up earlier.
    pub(super) fn idles(&self, limit: Duration) {
        let expiry = now().checked_add(limit);
        let keeper = self.keeper();
        if let (Some(expiry), Some(keeper)) = (expiry, keeper.as_ref()) {
            let asleep_until = *keeper.calls.asleep_until();
            if asleep_until.is_none_or(|until| expiry < until) {
                keeper.calls.expiry.notify_one();
            }
        }
    }

    /// The library may have closed a connection, or will soon.
    pub(super) fn look(&self) {
        if let Some(keeper) = self.keeper().as_ref() {
            keeper.calls.look.notify_one();
        }
    }

    /// The client is gone.
    pub(super) fn client_gone(&self) {
        let endings = self.connections().client_gone();
        endings.into_iter().for_each(|ending| self.tell_end(Some(ending)));
    }

    fn keeper(&self) -> MutexGuard<'_, Option<Keeper>> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close_expired(&self) {
        let expired = self.connections().expired(now());
        expired.into_iter().for_each(|id| self.shut(id, CloseReason::IdleTimeout));
    }

    fn close_released(&self) {
        let released = self.connections().released();
        for id in released {
            let ending = self.connections().was_released(id);
            self.tell_end(ending);
        }
    }

    fn notice(&self, noticed: &[Noticed]) {
        for Noticed { connection, how } in noticed {
            let ending = self.connections().noticed(*connection, *how);
            self.tell_end(ending);
        }
    }
}

impl Calls {
    fn asleep_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.asleep_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper {
    fn start(shared: &Arc<Shared>) -> Self {
        let (watch, calls) = (Watch::new().map(Arc::new), Arc::new(Calls::default()));
        let task = tokio::spawn(keep(Arc::downgrade(shared), watch.clone(), calls.clone()));
        Self { task, watch, calls }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep(shared: Weak<Shared>, watch: Option<Arc<Watch>>, calls: Arc<Calls>) {
    let mut looks = LOOKS.len();
    loop {
        let Some(expiry) = shared.upgrade().map(|shared| shared.connections().next_expiry()) else { return };
        *calls.asleep_until() = expiry;
        tokio::select! {
            noticed = next(watch.as_deref()) => {
                let Some(shared) = shared.upgrade() else { return };
                shared.notice(&noticed);
            }
            () = until(expiry) => {
                let Some(shared) = shared.upgrade() else { return };
                shared.close_expired();
            }
            () = calls.expiry.notified() => {}
            () = calls.look.notified() => looks = 0,
            () = nap(LOOKS.get(looks).copied()) => {
                let Some(shared) = shared.upgrade() else { return };
                shared.close_released();
                looks += 1;
            }
        }
    }
}

async fn next(watch: Option<&Watch>) -> Vec<Noticed> {
    match watch {
        Some(watch) => watch.next().await,
        None => std::future::pending().await,
    }
}

async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant.into()).await,
        None => std::future::pending().await,
    }
}

async fn nap(time: Option<Duration>) {
    match time {
        Some(time) => sleep(time).await,
        None => std::future::pending().await,
    }
}
