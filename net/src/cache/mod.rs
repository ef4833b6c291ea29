//! The HTTP cache: what may be stored, what may be used again, and when to ask the origin.
//!
//! [`policy`] is pure and decides; a [`Store`] holds. What is here is right for what it does, and not all
//! of RFC 9111 yet: no heuristic freshness, one variant a URL, no partial responses, no partition by
//! site, nothing on disk.

mod date;
mod policy;
mod store;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use url::Url;

use crate::request::CacheMode;
use store::{Memory, Nothing};

/// Holds stored responses by URL. Implemented in memory, and by one that forgets everything.
pub(crate) trait Store: Send + Sync {
    /// What is stored for `key`.
    fn get(&self, key: &str) -> Option<Arc<Stored>>;
    /// Stores in place of what was there.
    fn put(&self, key: String, stored: Arc<Stored>);
    /// Forgets.
    fn remove(&self, key: &str);
    /// Encoded bytes of the largest body that is worth collecting; 0 when none is.
    fn largest_body(&self) -> u64;
}

/// A response as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The body, still content-coded, so that its sizes stay true.
    pub(crate) body: Bytes,
    /// The request's values of the headers that `Vary` names.
    pub(crate) varied: Vec<(HeaderName, Vec<HeaderValue>)>,
    /// When the request was sent and its response came.
    pub(crate) exchanged: Exchanged,
}

/// The times of an exchange by the wall clock: ages are reckoned from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exchanged {
    pub(crate) requested: SystemTime,
    pub(crate) responded: SystemTime,
}

/// What the cache has to say to a request.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// It was not asked.
    Bypass,
    /// Nothing usable is stored.
    Miss,
    /// This may be used as it is. `age` goes into the `Age` header.
    Hit {
        /// What is stored.
        stored: Arc<Stored>,
        /// Its age now.
        age: Duration,
    },
    /// The origin is to be asked whether this is still good.
    Revalidate(Arc<Stored>),
}

/// The cache of a client.
#[derive(Clone)]
pub(crate) struct HttpCache(Arc<dyn Store>);

impl HttpCache {
    /// A cache in memory.
    pub(crate) fn memory() -> Self {
        Self(Arc::new(Memory::default()))
    }

    /// A cache that never has anything.
    pub(crate) fn off() -> Self {
        Self(Arc::new(Nothing))
    }

    /// <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch> step 8.25 and 9.
    pub(crate) fn look_up(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        mode: CacheMode,
        now: SystemTime,
    ) -> Answer {
        // DEVIATION: a HEAD could be answered from a stored GET; nothing asks for one.
        if *method != Method::GET || matches!(mode, CacheMode::NoStore | CacheMode::Reload) {
            return Answer::Bypass;
        }
        let Some(stored) = self.0.get(&key(url)).filter(|stored| policy::is_selected(stored, headers)) else {
            return Answer::Miss;
        };
        let age = policy::current_age(&stored, now);
        match mode {
            CacheMode::ForceCache | CacheMode::OnlyIfCached => Answer::Hit { stored, age },
            CacheMode::Default if policy::is_fresh(&stored, age) => Answer::Hit { stored, age },
            _ if policy::has_validator(&stored.headers) => Answer::Revalidate(stored),
            _ => Answer::Miss,
        }
    }

    /// The origin confirmed what is stored: its headers are brought up to date.
    pub(crate) fn confirm(
        &self,
        url: &Url,
        stored: &Stored,
        news: &HeaderMap,
        exchanged: Exchanged,
    ) -> Arc<Stored> {
        let updated = Arc::new(policy::updated(stored, news, exchanged));
        self.0.put(key(url), updated.clone());
        updated
    }

    /// Begins to collect a response for storing, if it may be stored.
    pub(crate) fn collect(
        &self,
        method: &Method,
        url: &Url,
        request_headers: &HeaderMap,
        response: (StatusCode, &HeaderMap),
        exchanged: Exchanged,
    ) -> Option<Box<Collector>> {
        let (status, headers) = response;
        let limit = self.0.largest_body();
        if limit == 0 || !policy::may_store(method, status, headers) {
            return None;
        }
        let stored = Stored {
            status,
            headers: headers.clone(),
            body: Bytes::new(),
            varied: policy::varied(headers, request_headers),
            exchanged,
        };
        let collector =
            Collector { cache: self.clone(), key: key(url), stored, pieces: Vec::new(), size: 0, limit };
        Some(Box::new(collector))
    }

    /// Forgets what an unsafe request may have changed:
    /// <https://httpwg.org/specs/rfc9111.html#invalidation>.
    pub(crate) fn invalidate(&self, method: &Method, url: &Url, status: StatusCode) {
        if !method.is_safe() && (status.is_success() || status.is_redirection()) {
            self.0.remove(&key(url));
        }
    }
}

/// A response that is being collected while it is read.
pub(crate) struct Collector {
    cache: HttpCache,
    key: String,
    stored: Stored,
    pieces: Vec<Bytes>,
    size: u64,
    limit: u64,
}

impl Collector {
    /// Another piece of the encoded body. `None` when it got too large to be kept.
    pub(crate) fn add(mut self: Box<Self>, piece: &Bytes) -> Option<Box<Self>> {
        self.size = self.size.saturating_add(piece.len() as u64);
        self.pieces.push(piece.clone());
        (self.size <= self.limit).then_some(self)
    }

    /// The body was whole: it is stored.
    pub(crate) fn finish(mut self: Box<Self>) {
        self.stored.body = self.pieces.concat().into();
        self.cache.0.put(self.key, Arc::new(self.stored));
    }
}

/// The headers that ask the origin whether `stored` is still good.
pub(crate) fn add_validators(stored: &Stored, headers: &mut HeaderMap) {
    for (condition, validator) in
        [(header::IF_NONE_MATCH, header::ETAG), (header::IF_MODIFIED_SINCE, header::LAST_MODIFIED)]
    {
        if let Some(value) = stored.headers.get(validator) {
            headers.insert(condition, value.clone());
        }
    }
}

fn key(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.into()
}
