//! Where stored responses are: in memory, least recently used first to go, or nowhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Store, Stored};
use crate::limits::{MEMORY_CACHE_BYTES, MEMORY_CACHE_ENTRY_BYTES};

/// What a stored response is reckoned to take beside its body.
const ENTRY_OVERHEAD_BYTES: u64 = 2048;

/// A [`Store`] that lives as long as its client.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    by_key: HashMap<String, Entry>,
    size: u64,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    stored: Arc<Stored>,
    last_use: u64,
}

impl Memory {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn remove(&mut self, key: &str) {
        if let Some(entry) = self.by_key.remove(key) {
            self.size = self.size.saturating_sub(size(&entry.stored));
        }
    }

    fn make_room(&mut self) {
        while self.size > MEMORY_CACHE_BYTES
            && let Some(oldest) = self.by_key.iter().min_by_key(|(_, entry)| entry.last_use)
        {
            let oldest = oldest.0.clone();
            self.remove(&oldest);
        }
    }
}

impl Store for Memory {
    fn get(&self, key: &str) -> Option<Arc<Stored>> {
        let mut entries = self.entries();
        entries.uses += 1;
        let uses = entries.uses;
        let entry = entries.by_key.get_mut(key)?;
        entry.last_use = uses;
        Some(entry.stored.clone())
    }

    fn put(&self, key: String, stored: Arc<Stored>) {
        let mut entries = self.entries();
        entries.remove(&key);
        entries.uses += 1;
        entries.size = entries.size.saturating_add(size(&stored));
        let last_use = entries.uses;
        entries.by_key.insert(key, Entry { stored, last_use });
        entries.make_room();
    }

    fn remove(&self, key: &str) {
        self.entries().remove(key);
    }

    fn largest_body(&self) -> u64 {
        MEMORY_CACHE_ENTRY_BYTES
    }
}

fn size(stored: &Stored) -> u64 {
    (stored.body.len() as u64).saturating_add(ENTRY_OVERHEAD_BYTES)
}

/// A [`Store`] that has nothing and keeps nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nothing;

impl Store for Nothing {
    fn get(&self, _: &str) -> Option<Arc<Stored>> {
        None
    }
    fn put(&self, _: String, _: Arc<Stored>) {}
    fn remove(&self, _: &str) {}
    fn largest_body(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::cache::Exchanged;

    fn stored(size: u64) -> Arc<Stored> {
        let time = SystemTime::UNIX_EPOCH;
        Arc::new(Stored {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: vec![0; usize::try_from(size).unwrap()].into(),
            varied: Vec::new(),
            exchanged: Exchanged { requested: time, responded: time },
        })
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let memory = Memory::default();
        for key in 0..8 {
            memory.put(key.to_string(), stored(MEMORY_CACHE_ENTRY_BYTES - ENTRY_OVERHEAD_BYTES));
        }
        assert!(memory.get("0").is_some());
        memory.put("8".to_owned(), stored(1));
        assert!(memory.get("1").is_none() && memory.get("0").is_some() && memory.get("8").is_some());
        memory.put("8".to_owned(), stored(2));
        memory.remove("0");
        memory.remove("absent");
        assert_eq!(memory.entries().size, 6 * MEMORY_CACHE_ENTRY_BYTES + 2 + ENTRY_OVERHEAD_BYTES);
    }
}
