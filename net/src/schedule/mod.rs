//! The gate that requests pass on their way to the transport: the async shell of the [`machine`].

mod machine;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use url::Origin;

use crate::event::Protocol;
use crate::priority::Priority;
use machine::{Scheduler, Spoken, Ticket};

/// Lets requests through by the rules of the machine. Clones are the same gate.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    scheduler: Scheduler,
    waiting: HashMap<Ticket, oneshot::Sender<()>>,
}

impl Gate {
    /// Waits until a request to `origin` may go. It counts as under way until the [`Slot`] is dropped.
    pub(crate) async fn enter(&self, origin: &Origin, priority: Priority) -> Slot {
        let (sender, released) = oneshot::channel();
        let slot = {
            let mut state = self.state();
            let (ticket, next) = state.scheduler.ask(origin, priority);
            state.waiting.insert(ticket, sender);
            state.wake(&next);
            Slot { gate: self.clone(), origin: origin.clone(), ticket }
        };
        // The sender lives in the gate until the ticket is released: this cannot fail.
        let _ = released.await;
        slot
    }

    /// A connection to `origin` has settled its protocol.
    pub(crate) fn learn(&self, origin: &Origin, protocol: Protocol) {
        let spoken = if protocol == Protocol::Http2 { Spoken::Http2 } else { Spoken::Http1 };
        let mut state = self.state();
        let next = state.scheduler.learn(origin, spoken);
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
    origin: Origin,
    ticket: Ticket,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.gate.state();
        state.waiting.remove(&self.ticket);
        let next = state.scheduler.leave(&self.origin, self.ticket);
        state.wake(&next);
    }
}
