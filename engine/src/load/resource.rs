//! One entry a URL: who waits for it, and what became of it.

use std::collections::HashMap;

use bytes::Bytes;
use siskin_net::{Destination, ErrorKind, FetchId};
use url::Url;

use crate::discovery::Blocking;

/// A subresource of a page.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The fetch that brings it.
    pub fetch: FetchId,
    /// The URL as requested, without fragment.
    pub url: Url,
    /// What it is for.
    pub destination: Destination,
    /// What waits for it.
    pub blocking: Blocking,
    /// What became of it.
    pub state: ResourceState,
}

/// What became of a resource.
#[derive(Debug, Clone)]
pub enum ResourceState {
    /// Under way.
    Pending,
    /// Here.
    Ready {
        /// The decoded body.
        bytes: Bytes,
        /// The `Content-Type` header's value.
        content_type: Option<String>,
        /// Where it came from in the end: relative URLs in it resolve against this.
        final_url: Url,
    },
    /// Not to be had.
    Failed {
        /// Why, for programs; `None` for an HTTP error status.
        kind: Option<ErrorKind>,
        /// Why, for people: one line that names the URL and the phase.
        message: String,
    },
}

/// Every subresource of a page by requested URL (fragment removed).
#[derive(Debug, Clone, Default)]
pub struct ResourceTable {
    entries: HashMap<Url, Resource>,
    order: Vec<Url>,
}

impl ResourceTable {
    /// The entry for a URL (its fragment does not count).
    pub fn get(&self, url: &Url) -> Option<&Resource> {
        match url.fragment() {
            None => self.entries.get(url),
            Some(_) => self.entries.get(&without_fragment(url)),
        }
    }

    /// The bytes of a URL, when they are here.
    pub fn bytes(&self, url: &Url) -> Option<&Bytes> {
        match &self.get(url)?.state {
            ResourceState::Ready { bytes, .. } => Some(bytes),
            ResourceState::Pending | ResourceState::Failed { .. } => None,
        }
    }

    /// Adds an entry, or returns the one that is there already.
    pub fn insert(&mut self, resource: Resource) -> &mut Resource {
        let key = without_fragment(&resource.url);
        if !self.entries.contains_key(&key) {
            self.order.push(key.clone());
        }
        self.entries.entry(key).or_insert(resource)
    }

    /// The entry for a URL, to be changed.
    pub fn get_mut(&mut self, url: &Url) -> Option<&mut Resource> {
        self.entries.get_mut(&without_fragment(url))
    }

    /// All entries in the order of their discovery.
    pub fn iter(&self) -> impl Iterator<Item = &Resource> {
        self.order.iter().filter_map(|url| self.entries.get(url))
    }
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}
