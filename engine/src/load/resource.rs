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
        /// The HTTP status; an image is shown whatever it is. 200 for `file:` and `data:`.
        status: u16,
    },
    /// Not to be had.
    Failed {
        /// Why, for programs; `None` for an HTTP error status.
        kind: Option<ErrorKind>,
        /// Why, for people: one line that names the URL and the phase.
        message: String,
    },
}

impl Resource {
    /// Whether it is still under way.
    pub const fn is_pending(&self) -> bool {
        matches!(self.state, ResourceState::Pending)
    }
}

/// Every subresource of a page by requested URL (fragment removed).
#[derive(Debug, Clone, Default)]
pub struct ResourceTable {
    entries: Vec<Resource>,
    index: HashMap<Url, usize>,
}

impl ResourceTable {
    /// The entry for a URL (its fragment does not count).
    pub fn get(&self, url: &Url) -> Option<&Resource> {
        self.position(url).map(|i| &self.entries[i])
    }

    /// The bytes of a URL, when they are here.
    pub fn bytes(&self, url: &Url) -> Option<&Bytes> {
        match &self.get(url)?.state {
            ResourceState::Ready { bytes, .. } => Some(bytes),
            ResourceState::Pending | ResourceState::Failed { .. } => None,
        }
    }

    /// Adds an entry, or returns the one that is there already.
    pub fn insert(&mut self, mut resource: Resource) -> &mut Resource {
        let at = self.position(&resource.url).unwrap_or_else(|| {
            resource.url.set_fragment(None);
            self.index.insert(resource.url.clone(), self.entries.len());
            self.entries.push(resource);
            self.entries.len() - 1
        });
        &mut self.entries[at]
    }

    /// The entry for a URL, to be changed.
    pub fn get_mut(&mut self, url: &Url) -> Option<&mut Resource> {
        self.position(url).map(|i| &mut self.entries[i])
    }

    /// All entries in the order of their discovery.
    pub fn iter(&self) -> impl Iterator<Item = &Resource> {
        self.entries.iter()
    }

    /// All entries in the order of their discovery, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Resource> {
        self.entries.iter_mut()
    }

    /// How many entries there are.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn position(&self, url: &Url) -> Option<usize> {
        match url.fragment() {
            None => self.index.get(url).copied(),
            Some(_) => {
                let mut url = url.clone();
                url.set_fragment(None);
                self.index.get(&url).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(url: &str, fetch: u64) -> Resource {
        Resource {
            fetch: FetchId(fetch),
            url: url.parse().expect("a valid URL"),
            destination: Destination::Image,
            blocking: Blocking::Load,
            state: ResourceState::Pending,
        }
    }

    #[test]
    fn one_entry_a_url_whatever_its_fragment() {
        let mut table = ResourceTable::default();
        assert_eq!(table.insert(resource("http://a/x.svg#one", 1)).fetch, FetchId(1));
        assert_eq!(table.insert(resource("http://a/x.svg#two", 2)).fetch, FetchId(1));
        assert_eq!(table.insert(resource("http://a/x.svg?y", 3)).fetch, FetchId(3));
        assert_eq!(table.len(), 2);
        let found = table.get(&"http://a/x.svg#three".parse().expect("a valid URL")).expect("there");
        assert_eq!(found.url.as_str(), "http://a/x.svg");
    }
}
