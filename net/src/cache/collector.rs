//! A response that is being collected for the cache while its reader reads it.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};

use super::HttpCache;
use super::disk::Spool;
use super::entry::{Extent, Stored};
use super::flight::Lead;
use super::key::CacheKey;
use super::stored_body::StoredBody;
use crate::limits::HELD_BODY_BYTES;

/// Takes the pieces of a body as they come over the wire.
pub(crate) struct Collector {
    pub(super) cache: HttpCache,
    pub(super) key: CacheKey,
    pub(super) stored: Stored,
    pub(super) pieces: Vec<Bytes>,
    pub(super) size: u64,
    pub(super) limit: u64,
    /// Where a large body goes while it comes.
    pub(super) spool: Option<Spool>,
    /// Others wait for this response.
    pub(super) lead: Option<Lead>,
}

impl Collector {
    /// Another piece of the encoded body. `None` when it got too large to be kept.
    pub(crate) fn add(mut self: Box<Self>, piece: &Bytes) -> Option<Box<Self>> {
        self.size = self.size.saturating_add(piece.len() as u64);
        if self.size > self.limit {
            return None;
        }
        if self.spool.is_none() && self.size > HELD_BODY_BYTES && self.stored.extent.is_none() {
            self.spool = self.cache.spool();
        }
        match &self.spool {
            None => self.pieces.push(piece.clone()),
            Some(spool) => {
                for held in self.pieces.drain(..) {
                    spool.add(held);
                }
                spool.add(piece.clone());
            }
        }
        Some(self)
    }

    /// The body was whole: it is stored.
    pub(crate) fn finish(mut self: Box<Self>) {
        if self.stored.extent.is_some_and(|extent| extent.len() != self.size) {
            return; // The Content-Range does not fit its body: whose bytes these are is not known.
        }
        match self.spool.take() {
            Some(spool) => self.cache.put_spooled(&self.key, spool, &self.stored),
            None => self.keep(),
        }
        if let Some(lead) = self.lead.take() {
            lead.stored();
        }
    }

    /// The body ended before it was whole: what came is stored as a part, if the rest can be asked for later.
    /// <https://httpwg.org/specs/rfc9111.html#incomplete.responses>
    pub(crate) fn break_off(mut self: Box<Self>) {
        let headers = &self.stored.headers;
        let total = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let is_strong = headers.get(header::ETAG).is_some_and(|tag| tag.as_bytes().starts_with(b"\""));
        let has_ranges = headers.get(header::ACCEPT_RANGES).is_some_and(|value| value == "bytes");
        if let (Some(total), true, true, true) = (total, is_strong, has_ranges, self.size > 0)
            && self.stored.status == StatusCode::OK
            && !headers.contains_key(header::CONTENT_ENCODING)
            && self.size < total
            && self.spool.is_none()
        {
            self.stored.status = StatusCode::PARTIAL_CONTENT;
            self.stored.extent = Some(Extent { start: 0, end: self.size, total });
            let range = format!("bytes 0-{}/{total}", self.size.saturating_sub(1));
            if let Ok(range) = HeaderValue::from_str(&range) {
                self.stored.headers.insert(header::CONTENT_RANGE, range);
            }
            self.keep();
        }
    }

    fn keep(&self) {
        let body = match self.pieces.as_slice() {
            [whole] => whole.clone(),
            pieces => pieces.concat().into(),
        };
        let stored = Stored { body: StoredBody::memory(body), ..self.stored.clone() };
        self.cache.put(&self.key, Arc::new(stored));
    }
}
