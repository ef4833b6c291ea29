//! The HTTP cache: what may be stored, what may be used again, and when to ask the origin.
//!
//! ```text
//! policy     decides: RFC 9111 as pure functions of (what is stored, request, now)
//! key        the URL and the site for which it was fetched
//! entry      what is stored
//! variants   what is stored under one key, side by side
//! memory     the tier in memory
//! disk       the tier on disk
//! flight     one request in flight per key
//! collector  a response that is stored while it is read
//! ```

mod date;
mod key;
mod stored_body;
mod entry;
mod policy;
mod variants;
mod memory;
mod disk;
mod flight;
mod collector;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::config::CacheChoice;
use crate::event::{BypassReason, CacheTier, MissReason, Revalidation, StaleReason};
use crate::id::FetchId;
use crate::limits::MEMORY_CACHE_ENTRY_BYTES;
use crate::request::{CacheMode, RequestMode};
pub(crate) use collector::Collector;
use disk::Disk;
pub(crate) use entry::{Exchanged, Stored};
pub(crate) use flight::{Entry, Landing, Lead, Waiting};
pub(crate) use key::CacheKey;
use memory::Memory;
use policy::Storing;
pub(crate) use policy::{Candidate, Confirmation, Decision, OriginFailure, Part, Reason, Why};
pub(crate) use stored_body::StoredBody;

/// The cache of a client. Clones are the same; without an inside it is off.
#[derive(Clone)]
pub(crate) struct HttpCache(Option<Arc<Inner>>);

struct Inner {
    memory: Memory,
    disk: Option<Disk>,
    flights: flight::Flights,
    /// How many fetches were made in the background.
    refreshes: AtomicU64,
}

/// A request as the cache sees it.
#[derive(Clone, Copy)]
pub(crate) struct CacheRequest<'a> {
    pub(crate) key: &'a CacheKey,
    pub(crate) method: &'a Method,
    pub(crate) url: &'a Url,
    /// The headers as they would be sent.
    pub(crate) headers: &'a HeaderMap,
    /// The headers that the caller set.
    pub(crate) own: &'a HeaderMap,
    pub(crate) mode: CacheMode,
}

impl HttpCache {
    /// The cache that was chosen.
    pub(crate) fn new(choice: &CacheChoice) -> Self {
        let disk = match choice {
            CacheChoice::Off => return Self(None),
            CacheChoice::Memory => None,
            CacheChoice::Disk { dir, max_bytes } => Disk::new(dir.clone(), *max_bytes),
        };
        Self(Some(Arc::new(Inner {
            memory: Memory::default(),
            disk,
            flights: flight::Flights::default(),
            refreshes: AtomicU64::new(0),
        })))
    }

    /// What is to be done about a request: <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch> step
    /// 8.25.
    pub(crate) async fn look_up(&self, request: CacheRequest<'_>, now: SystemTime) -> Decision {
        let Some(inner) = &self.0 else { return Decision::off() };
        let asked = policy::Asked {
            method: request.method,
            headers: request.headers,
            own: request.own,
            mode: request.mode,
        };
        let mut stored = inner.in_memory(request.key);
        let decision = policy::decide(asked, &stored, now);
        // The disk is asked only if memory does not do: another variant may be there.
        match (&decision, &inner.disk) {
            (Decision::Use { .. } | Decision::Ask { why: Reason::Bypass(_), .. }, _) | (_, None) => decision,
            (_, Some(_)) => {
                inner.add_from_disk(request.key, &mut stored, now).await;
                policy::decide(asked, &stored, now)
            }
        }
    }

    /// Takes part in the flight to `key`; `None` when nothing is ever stored.
    pub(crate) fn enter(&self, key: &CacheKey, fetch: FetchId) -> Option<Entry> {
        Some(self.0.as_ref()?.flights.enter(key, fetch))
    }

    /// The name of another fetch in the background.
    pub(crate) fn next_refresh(&self) -> FetchId {
        FetchId::background(
            self.0.as_ref().map_or(0, |inner| inner.refreshes.fetch_add(1, Ordering::Relaxed)),
        )
    }

    /// The origin's 304 about these responses: the one that is confirmed, brought up to date and stored.
    pub(crate) fn confirm(
        &self,
        request: CacheRequest<'_>,
        about: &[Arc<Stored>],
        news: &HeaderMap,
        exchanged: Exchanged,
    ) -> Option<Arc<Stored>> {
        match policy::confirmed(about, news, exchanged) {
            Confirmation::Of(mut stored) => {
                // A variant that the origin named for this request is chosen by its headers from now on.
                stored.varied = policy::selecting(&stored.headers, request.headers);
                let stored = Arc::from(stored);
                self.put(request.key, Arc::clone(&stored));
                Some(stored)
            }
            Confirmation::Other => None,
        }
    }

    /// Begins to collect a response for storing, if it may be stored.
    pub(crate) fn collect(
        &self,
        request: CacheRequest<'_>,
        (status, headers): (StatusCode, &HeaderMap),
        exchanged: Exchanged,
        lead: Option<Lead>,
    ) -> Option<Box<Collector>> {
        self.0.as_ref()?;
        if request.mode == CacheMode::NoStore {
            return None;
        }
        let extent = match policy::may_store((request.method, request.url, request.own), (status, headers)) {
            Storing::No => return None,
            Storing::Whole => None,
            Storing::Part => Some(policy::parse_content_range(headers)?),
        };
        let stored = Stored {
            status,
            headers: policy::storable(headers),
            body: StoredBody::memory(Vec::new()),
            varied: policy::selecting(headers, request.headers),
            exchanged,
            extent,
        };
        Some(Box::new(Collector {
            cache: self.clone(),
            key: request.key.clone(),
            stored,
            pieces: Vec::new(),
            size: 0,
            limit: self.largest_body(extent.is_some()),
            spool: None,
            lead,
        }))
    }

    /// What an answer to another method than GET means for what is stored: unsafe ones make it invalid, a HEAD
    /// brings it up to date.
    pub(crate) async fn hear(
        &self,
        request: CacheRequest<'_>,
        (status, headers): (StatusCode, &HeaderMap),
        exchanged: Exchanged,
    ) {
        let Some(inner) = &self.0 else { return };
        for url in policy::invalidated(request.method, request.url, status, headers) {
            inner.remove(&request.key.sibling(&url));
        }
        if *request.method == Method::HEAD && status == StatusCode::OK && request.mode != CacheMode::NoStore {
            let varied = policy::selecting(headers, request.headers);
            let mut candidates = inner.in_memory(request.key);
            inner.add_from_disk(request.key, &mut candidates, exchanged.responded).await;
            for Candidate { stored, .. } in candidates {
                if !policy::is_same_selection(&stored.varied, &varied) && !stored.varied.is_empty() {
                    continue;
                }
                match policy::freshened_by_head(&stored, headers, exchanged) {
                    Some(fresh) => self.put(request.key, Arc::new(fresh)),
                    None => inner.remove(request.key),
                }
            }
        }
    }

    /// Stores a response.
    pub(crate) fn put(&self, key: &CacheKey, stored: Arc<Stored>) {
        if let Some(inner) = &self.0 {
            let stored = inner.memory.put(key, stored);
            if let Some(disk) = inner.disk.as_ref().filter(|disk| stored.body.len() <= disk.largest_body()) {
                disk.put(key, stored);
            }
        }
    }

    /// Begins to write a large body to the disk, if there is one.
    fn spool(&self) -> Option<disk::Spool> {
        self.disk()?.spool()
    }

    /// Stores a response whose body was written to the disk while it came.
    fn put_spooled(&self, key: &CacheKey, spool: disk::Spool, head: &Stored) {
        if let Some(inner) = &self.0 {
            // Whatever is in memory for these requests is older.
            inner.memory.remove(key);
        }
        spool.finish(key.clone(), head.clone());
    }

    /// Encoded bytes of the largest body that is worth collecting. Parts are held in memory, to be made one.
    fn largest_body(&self, is_part: bool) -> u64 {
        match self.disk() {
            Some(disk) if !is_part => disk.largest_body().max(MEMORY_CACHE_ENTRY_BYTES),
            _ => MEMORY_CACHE_ENTRY_BYTES,
        }
    }

    fn disk(&self) -> Option<&Disk> {
        self.0.as_ref()?.disk.as_ref()
    }
}

impl Inner {
    fn in_memory(&self, key: &CacheKey) -> Vec<Candidate> {
        let memory = self.memory.get(key).into_iter();
        memory.map(|stored| Candidate { stored, tier: CacheTier::Memory }).collect()
    }

    /// Adds what is on disk and not in memory, and keeps it in memory if it is small.
    async fn add_from_disk(&self, key: &CacheKey, candidates: &mut Vec<Candidate>, now: SystemTime) {
        let Some(disk) = &self.disk else { return };
        for stored in disk.get(key, now).await {
            let is_same = |known: &Candidate| policy::is_same_selection(&known.stored.varied, &stored.varied);
            if candidates.iter().any(is_same) {
                continue;
            }
            if stored.body.in_memory().is_some() {
                self.memory.put(key, stored.clone());
            }
            candidates.push(Candidate { stored, tier: CacheTier::Disk });
        }
    }

    fn remove(&self, key: &CacheKey) {
        self.memory.remove(key);
        if let Some(disk) = &self.disk {
            disk.remove(key);
        }
    }
}

impl Decision {
    fn off() -> Self {
        Self::Ask {
            why: Reason::Bypass(BypassReason::Off),
            conditions: HeaderMap::new(),
            about: Vec::new(),
            fallback: None,
        }
    }
}

/// Whether `stored` may stand in for an origin that failed.
pub(crate) fn may_stand_in(
    stored: &Stored,
    failure: OriginFailure,
    mode: RequestMode,
    now: SystemTime,
) -> bool {
    policy::may_stand_in(stored, failure, mode, now)
}

/// The headers that ask whether `stored` is still good, and what that is called.
pub(crate) fn conditions(stored: &Stored, now: SystemTime) -> (HeaderMap, Reason) {
    let reason = StaleReason::Expired(policy::staleness(stored, now));
    match policy::conditions(stored) {
        Some((headers, validator)) => (headers, Reason::Revalidate(Revalidation { reason, validator })),
        None => (HeaderMap::new(), Reason::Miss(MissReason::Stale(reason))),
    }
}

/// How old `stored` is, and for how long it has been stale.
pub(crate) fn age(stored: &Stored, now: SystemTime) -> (std::time::Duration, std::time::Duration) {
    (policy::current_age(stored, now), policy::staleness(stored, now))
}

/// The head with which `part` of `stored` is served.
pub(crate) fn served(stored: &Stored, part: Part) -> (StatusCode, HeaderMap) {
    policy::served(stored, part)
}

/// A stored part and the rest of it that has come, as the head of one response; `None` when they do not fit.
pub(crate) fn resumed(
    part: &Stored,
    status: StatusCode,
    headers: &HeaderMap,
) -> Option<(StatusCode, HeaderMap)> {
    policy::resumed(part, status, headers)
}

#[cfg(test)]
mod samples;
