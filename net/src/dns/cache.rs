//! Answers that may still be believed. Pure: `now` is an argument.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::limits::MAX_DNS_ENTRIES;

/// Addresses, or why there is none.
pub(super) type Known = Result<Vec<IpAddr>, String>;

/// Name → what is known of it, until a time.
#[derive(Debug, Default)]
pub(super) struct DnsCache {
    entries: HashMap<String, (Known, Timestamp)>,
}

impl DnsCache {
    /// What is known of `host` and may be believed at `now`, and for how long.
    pub(super) fn get(&self, host: &str, now: Timestamp) -> Option<(Known, Duration)> {
        let (known, until) = self.entries.get(host)?;
        (now < *until).then(|| (known.clone(), until.since(now)))
    }

    /// Keeps an answer. A full cache drops what has expired, then what expires first.
    pub(super) fn put(&mut self, host: &str, known: Known, until: Timestamp, now: Timestamp) {
        if until <= now {
            return;
        }
        if self.entries.len() >= MAX_DNS_ENTRIES && !self.entries.contains_key(host) {
            self.entries.retain(|_, (_, until)| now < *until);
            if self.entries.len() >= MAX_DNS_ENTRIES {
                let first = self.entries.iter().min_by_key(|(_, (_, until))| *until);
                if let Some(first) = first.map(|(name, _)| name.clone()) {
                    self.entries.remove(&first);
                }
            }
        }
        self.entries.insert(host.to_owned(), (known, until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(ms: u64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn answers_expire_exactly() {
        let mut cache = DnsCache::default();
        cache.put("a", Ok(vec![[127, 0, 0, 1].into()]), at(10), at(0));
        assert_eq!(cache.get("a", at(9)).unwrap().1, Duration::from_millis(1));
        assert!(cache.get("a", at(10)).is_none());
        cache.put("b", Ok(vec![]), at(5), at(5));
        assert!(cache.get("b", at(5)).is_none());
    }

    #[test]
    fn a_full_cache_drops_the_expired_then_the_soonest() {
        let mut cache = DnsCache::default();
        for i in 0..MAX_DNS_ENTRIES as u64 {
            cache.put(&i.to_string(), Ok(vec![]), at(100 + i), at(0));
        }
        cache.put("new", Ok(vec![]), at(500), at(50));
        assert!(cache.get("0", at(50)).is_none() && cache.get("1", at(50)).is_some());
        cache.put("newer", Ok(vec![]), at(5000), at(200));
        assert!(cache.get("new", at(200)).is_some() && cache.get("newer", at(200)).is_some());
        assert_eq!(cache.entries.len(), MAX_DNS_ENTRIES - 100 + 1);
    }
}
