//! The memory tier: responses by key, least recently used first to go.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::entry::Stored;
use super::key::CacheKey;
use super::variants;
use crate::limits::{MEMORY_CACHE_BYTES, MEMORY_CACHE_ENTRY_BYTES};

/// What a stored response is reckoned to take beside its body and its headers.
const ENTRY_OVERHEAD_BYTES: u64 = 512;

/// Stored responses that live as long as their client.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    by_key: HashMap<CacheKey, Entry>,
    /// The keys by their last use.
    by_use: BTreeMap<u64, CacheKey>,
    size: u64,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    variants: Vec<Arc<Stored>>,
    last_use: u64,
    size: u64,
}

impl Memory {
    /// All that is stored for `key`. It counts as used.
    pub(super) fn get(&self, key: &CacheKey) -> Vec<Arc<Stored>> {
        let mut entries = self.entries();
        let Some(entry) = entries.by_key.get(key) else { return Vec::new() };
        let variants = entry.variants.clone();
        entries.touch(key);
        variants
    }

    /// Stores a response beside its variants, in place of the one that the same requests choose. What is stored is
    /// given back: a part may have been made one with another.
    pub(super) fn put(&self, key: &CacheKey, stored: Arc<Stored>) -> Arc<Stored> {
        let mut entries = self.entries();
        let mut all = entries.remove(key).map(|entry| entry.variants).unwrap_or_default();
        let stored = variants::stow(&mut all, stored);
        // What is in a file or too large has no place here, but replaces what was here.
        all.retain(|stored| {
            stored.body.in_memory().is_some() && stored.body.len() <= MEMORY_CACHE_ENTRY_BYTES
        });
        if !all.is_empty() {
            entries.insert(key, all);
            entries.make_room();
        }
        stored
    }

    /// Forgets all variants.
    pub(super) fn remove(&self, key: &CacheKey) {
        self.entries().remove(key);
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn insert(&mut self, key: &CacheKey, variants: Vec<Arc<Stored>>) {
        let size = variants.iter().map(|stored| size(key, stored)).fold(0, u64::saturating_add);
        self.uses += 1;
        self.size = self.size.saturating_add(size);
        self.by_use.insert(self.uses, key.clone());
        self.by_key.insert(key.clone(), Entry { variants, last_use: self.uses, size });
    }

    fn touch(&mut self, key: &CacheKey) {
        self.uses += 1;
        if let Some(entry) = self.by_key.get_mut(key) {
            self.by_use.remove(&entry.last_use);
            entry.last_use = self.uses;
            self.by_use.insert(self.uses, key.clone());
        }
    }

    fn remove(&mut self, key: &CacheKey) -> Option<Entry> {
        let entry = self.by_key.remove(key)?;
        self.by_use.remove(&entry.last_use);
        self.size = self.size.saturating_sub(entry.size);
        Some(entry)
    }

    fn make_room(&mut self) {
        while self.size > MEMORY_CACHE_BYTES
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            self.remove(&oldest);
        }
    }
}

fn size(key: &CacheKey, stored: &Stored) -> u64 {
    let headers =
        stored.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum::<usize>();
    stored.body.len().saturating_add((headers + key.len()) as u64).saturating_add(ENTRY_OVERHEAD_BYTES)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{key, stored};
    use super::*;

    #[test]
    fn least_recently_used_goes_first() {
        let memory = Memory::default();
        let large = usize::try_from(MEMORY_CACHE_ENTRY_BYTES).unwrap();
        for n in 0..7 {
            memory.put(&key(&n.to_string()), stored("", large));
        }
        assert_eq!(memory.get(&key("0")).len(), 1);
        memory.put(&key("7"), stored("", large));
        assert!(memory.get(&key("1")).is_empty());
        assert!(!memory.get(&key("0")).is_empty() && !memory.get(&key("7")).is_empty());
        memory.put(&key("7"), stored("", 2));
        memory.remove(&key("0"));
        memory.remove(&key("absent"));
        let entries = memory.entries();
        assert_eq!((entries.by_key.len(), entries.by_use.len()), (6, 6));
        let sizes: u64 = entries.by_key.values().map(|entry| entry.size).sum();
        assert_eq!(entries.size, sizes);
    }

    #[test]
    fn variants_stand_side_by_side() {
        let memory = Memory::default();
        memory.put(&key("x"), stored("a: 1", 3));
        memory.put(&key("x"), stored("a: 2", 4));
        memory.put(&key("x"), stored("a: 1", 5));
        let sizes: Vec<_> = memory.get(&key("x")).iter().map(|stored| stored.body.len()).collect();
        assert_eq!(sizes, [4, 5]);
    }
}
