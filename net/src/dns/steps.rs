//! The steps of a lookup, for all who wait for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Timestamp;
use crate::lookup::DnsStep;

/// What happened so far. Clones are the same list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps(Arc<Mutex<Vec<(Timestamp, DnsStep)>>>);

impl Steps {
    pub(super) fn tell(&self, at: Timestamp, step: DnsStep) {
        self.list().push((at, step));
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list().len()
    }

    /// Those from the one at `from` on.
    pub(super) fn since(&self, from: usize) -> Vec<(Timestamp, DnsStep)> {
        self.list().get(from..).map(<[_]>::to_vec).unwrap_or_default()
    }

    fn list(&self) -> MutexGuard<'_, Vec<(Timestamp, DnsStep)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
