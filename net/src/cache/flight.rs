//! One request in flight per key: the first leads, equal ones that come later wait for what it brings.
//!
//! A waiter waits until the leader's response is stored, until it is known that it will not be (a failure, a
//! response that may not be stored or got too large, a caller that went away), or until
//! [`CACHE_LOCK_TIMEOUT`]: then all waiters go to the network, each for itself, and wait no more. So no chain of
//! waiting can be longer than one, and none lasts for ever. (Chromium lets such waiters through one by one.)

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::key::CacheKey;
use crate::id::FetchId;
use crate::limits::CACHE_LOCK_TIMEOUT;

/// The requests in flight. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Flights(Arc<Mutex<HashMap<CacheKey, Flight>>>);

struct Flight {
    leader: FetchId,
    landed: watch::Receiver<Landing>,
}

/// How a flight ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Landing {
    /// It has not.
    Aloft,
    /// Its response is stored.
    Stored,
    /// There is nothing to wait for.
    Released,
}

/// The part that a request has in a flight.
pub(crate) enum Entry {
    /// It leads: others wait until the [`Lead`] is told that the response is stored, or is dropped.
    Lead(Lead),
    /// It waits for that one.
    Wait(FetchId, Waiting),
}

impl Flights {
    /// Takes part in the flight to `key`.
    pub(crate) fn enter(&self, key: &CacheKey, fetch: FetchId) -> Entry {
        let mut flights = self.flights();
        if let Some(flight) = flights.get(key) {
            return Entry::Wait(flight.leader, Waiting(flight.landed.clone()));
        }
        let (sender, landed) = watch::channel(Landing::Aloft);
        flights.insert(key.clone(), Flight { leader: fetch, landed });
        Entry::Lead(Lead { flights: self.clone(), key: key.clone(), sender })
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<CacheKey, Flight>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by the request in flight.
pub(crate) struct Lead {
    flights: Flights,
    key: CacheKey,
    sender: watch::Sender<Landing>,
}

impl Lead {
    /// The response is stored: those who wait look it up.
    pub(crate) fn stored(self) {
        self.sender.send_replace(Landing::Stored);
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.flights.flights().remove(&self.key);
        self.sender.send_if_modified(|landing| {
            let is_aloft = *landing == Landing::Aloft;
            if is_aloft {
                *landing = Landing::Released;
            }
            is_aloft
        });
    }
}

/// Held by a request that waits.
pub(crate) struct Waiting(watch::Receiver<Landing>);

impl Waiting {
    /// Waits for the end of the flight, or for the time after which nobody has to wait.
    pub(crate) async fn landing(mut self) -> Landing {
        let landed = self.0.wait_for(|landing| *landing != Landing::Aloft);
        match tokio::time::timeout(CACHE_LOCK_TIMEOUT, landed).await {
            Ok(Ok(landing)) => *landing,
            // The leader is gone without a word, or takes too long.
            Ok(Err(_)) | Err(_) => Landing::Released,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::samples::key;
    use super::*;

    fn wait(flights: &Flights, path: &str) -> (FetchId, Waiting) {
        match flights.enter(&key(path), FetchId(9)) {
            Entry::Wait(leader, waiting) => (leader, waiting),
            Entry::Lead(_) => panic!("nobody leads"),
        }
    }

    fn lead(flights: &Flights, path: &str) -> Lead {
        match flights.enter(&key(path), FetchId(1)) {
            Entry::Lead(lead) => lead,
            Entry::Wait(..) => panic!("somebody leads"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn stored_dropped_or_too_slow() {
        let flights = Flights::default();
        let first = lead(&flights, "x");
        let other = lead(&flights, "y");
        let (leader, waiting) = wait(&flights, "x");
        assert_eq!(leader, FetchId(1));
        let late = wait(&flights, "x").1;
        first.stored();
        assert_eq!((waiting.landing().await, late.landing().await), (Landing::Stored, Landing::Stored));
        let waiting = wait(&flights, "y").1;
        drop(other);
        assert_eq!(waiting.landing().await, Landing::Released);
        let _slow = lead(&flights, "x");
        let begun = tokio::time::Instant::now();
        assert_eq!(wait(&flights, "x").1.landing().await, Landing::Released);
        let waited = begun.elapsed();
        assert!(waited >= CACHE_LOCK_TIMEOUT && waited < CACHE_LOCK_TIMEOUT + Duration::from_secs(1));
    }
}
