//! The gate that requests pass on their way to the transport: the async shell of the [`machine`].

mod origin;
mod page;
mod machine;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio::time::timeout;
use url::Origin;

use crate::config::ScheduleProfile;
use crate::event::Protocol;
use crate::fetch_trait::Advice;
use crate::limits::MAX_HELD_BACK;
use machine::{Scheduler, Ticket};

pub(crate) use machine::{Ask, Turn};
pub(crate) use origin::Spoken;

/// Lets requests through by the rules of the machine. Clones are the same gate.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    scheduler: Scheduler,
    waiting: HashMap<Ticket, oneshot::Sender<()>>,
}

impl Gate {
    pub(crate) fn new(profile: ScheduleProfile) -> Self {
        let state = State { scheduler: Scheduler::new(profile), waiting: HashMap::new() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Waits until a request may go. It counts as under way until the [`Slot`] is dropped.
    pub(crate) async fn enter(&self, ask: Ask) -> Slot {
        let (slot, released) = {
            let mut state = self.state();
            let (ticket, next) = state.scheduler.ask(ask);
            let slot = Slot { gate: self.clone(), ticket };
            let goes = next.contains(&ticket);
            state.wake(&next);
            if goes {
                return slot;
            }
            let (sender, released) = oneshot::channel();
            state.waiting.insert(ticket, sender);
            (slot, released)
        };
        let mut released = released;
        if timeout(MAX_HELD_BACK, &mut released).await.is_err() {
            {
                let mut state = self.state();
                let next = state.scheduler.overdue(slot.ticket);
                state.wake(&next);
            }
            // The sender lives in the gate until the ticket is released: this cannot fail.
            let _ = released.await;
        }
        slot
    }

    /// A connection to `origin` has settled its protocol.
    pub(crate) fn learn(&self, origin: &Origin, protocol: Protocol) {
        let spoken = if protocol == Protocol::Http2 { Spoken::Http2 } else { Spoken::Http1 };
        let mut state = self.state();
        let next = state.scheduler.learn(origin, spoken);
        state.wake(&next);
    }

    /// What is known of the protocol that an origin speaks.
    pub(crate) fn spoken(&self, origin: &Origin) -> Spoken {
        self.state().scheduler.spoken(origin)
    }

    /// Takes advice on requests that wait or are under way.
    pub(crate) fn advise(&self, advice: Advice) {
        let mut state = self.state();
        let next = match advice {
            Advice::Priority { fetch, priority } => state.scheduler.reprioritize(fetch, priority),
            Advice::BodyReached { page } => state.scheduler.body_reached(page),
        };
        state.wake(&next);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wake(&mut self, released: &[Ticket]) {
        for ticket in released {
            if let Some(sender) = self.waiting.remove(ticket) {
                // Nobody listens when the request was dropped: its slot's drop leaves the queue.
                let _ = sender.send(());
            }
        }
    }
}

/// A request's place among those under way. Dropping it lets the next one go.
pub(crate) struct Slot {
    gate: Gate,
    ticket: Ticket,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.gate.state();
        state.waiting.remove(&self.ticket);
        let next = state.scheduler.leave(self.ticket);
        state.wake(&next);
    }
}
