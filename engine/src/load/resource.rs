//! One entry a request that differs from others: who waits for it, and what became of it.

use std::collections::HashMap;

use bytes::Bytes;
use siskin_net::{Credentials, Destination, ErrorKind, FetchId, Priority, RequestMode};
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
    /// With or without CORS, with or without credentials.
    pub access: Access,
    /// What waits for it.
    pub blocking: Blocking,
    /// How urgent it is.
    pub priority: Priority,
    /// What became of it.
    pub state: ResourceState,
}

/// How a resource is asked for: what comes without CORS may not be used where CORS is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Access {
    /// The request's mode.
    pub mode: RequestMode,
    /// Its credentials mode.
    pub credentials: Credentials,
}

impl Access {
    /// As an element without `crossorigin` asks.
    pub const PLAIN: Self = Self { mode: RequestMode::NoCors, credentials: Credentials::Include };
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
    /// A resource that is under way, asked for as an element without attributes does.
    pub const fn pending(fetch: FetchId, url: Url, destination: Destination, blocking: Blocking) -> Self {
        Self {
            fetch,
            url,
            destination,
            access: Access::PLAIN,
            blocking,
            priority: Priority::Low,
            state: ResourceState::Pending,
        }
    }

    /// Whether it is still under way.
    pub const fn is_pending(&self) -> bool {
        matches!(self.state, ResourceState::Pending)
    }

    const fn is_ready(&self) -> bool {
        matches!(self.state, ResourceState::Ready { .. })
    }
}

/// Names an entry of a [`ResourceTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(usize);

/// Every subresource of a page: one entry for a requested URL (fragment removed), a destination and a kind of access.
/// That is what Chromium's memory cache tells apart: an image may be wanted as a sheet too, and with CORS or without.
#[derive(Debug, Clone, Default)]
pub struct ResourceTable {
    entries: Vec<Resource>,
    index: HashMap<Url, Vec<ResourceId>>,
}

impl ResourceTable {
    /// The entry for a URL (its fragment does not count); of several one that is here.
    pub fn get(&self, url: &Url) -> Option<&Resource> {
        self.best(url, |_| true)
    }

    /// The entry for a URL and a destination; of several one that is here.
    pub fn get_as(&self, url: &Url, destination: Destination) -> Option<&Resource> {
        self.best(url, |resource| resource.destination == destination)
    }

    fn best(&self, url: &Url, fits: impl Fn(&Resource) -> bool) -> Option<&Resource> {
        let fitting = || self.ids(url).iter().map(|id| &self.entries[id.0]).filter(|resource| fits(resource));
        fitting().find(|resource| resource.is_ready()).or_else(|| fitting().next())
    }

    /// The bytes of a URL, when they are here.
    pub fn bytes(&self, url: &Url) -> Option<&Bytes> {
        match &self.get(url)?.state {
            ResourceState::Ready { bytes, .. } => Some(bytes),
            ResourceState::Pending | ResourceState::Failed { .. } => None,
        }
    }

    /// The entry for exactly this request.
    pub fn find(&self, url: &Url, destination: Destination, access: Access) -> Option<ResourceId> {
        let is_it = |id: &&ResourceId| {
            let known = &self.entries[id.0];
            known.destination == destination && known.access == access
        };
        self.ids(url).iter().find(is_it).copied()
    }

    /// Adds an entry, or returns the one that is there already.
    pub fn insert(&mut self, mut resource: Resource) -> ResourceId {
        if let Some(known) = self.find(&resource.url, resource.destination, resource.access) {
            return known;
        }
        resource.url.set_fragment(None);
        let id = ResourceId(self.entries.len());
        self.index.entry(resource.url.clone()).or_default().push(id);
        self.entries.push(resource);
        id
    }

    /// An entry by its name.
    pub fn entry(&self, id: ResourceId) -> &Resource {
        &self.entries[id.0]
    }

    /// An entry by its name, to be changed.
    pub(super) fn entry_mut(&mut self, id: ResourceId) -> &mut Resource {
        &mut self.entries[id.0]
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

    fn ids(&self, url: &Url) -> &[ResourceId] {
        let found = match url.fragment() {
            None => self.index.get(url),
            Some(_) => {
                let mut url = url.clone();
                url.set_fragment(None);
                self.index.get(&url)
            }
        };
        found.map(Vec::as_slice).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(url: &str, fetch: u64) -> Resource {
        let url = url.parse().expect("a valid URL");
        Resource::pending(FetchId(fetch), url, Destination::Image, Blocking::Load)
    }

    #[test]
    fn one_entry_a_url_whatever_its_fragment() {
        let mut table = ResourceTable::default();
        let first = table.insert(resource("http://a/x.svg#one", 1));
        assert_eq!(table.insert(resource("http://a/x.svg#two", 2)), first);
        assert_ne!(table.insert(resource("http://a/x.svg?y", 3)), first);
        assert_eq!(table.len(), 2);
        let found = table.get(&"http://a/x.svg#three".parse().expect("a valid URL")).expect("there");
        assert_eq!(found.url.as_str(), "http://a/x.svg");
    }

    #[test]
    fn what_is_wanted_in_another_way_is_another_entry() {
        let mut table = ResourceTable::default();
        let image = table.insert(resource("http://a/x", 1));
        let cors = Access { mode: RequestMode::Cors, credentials: Credentials::SameOrigin };
        let with_cors = table.insert(Resource { access: cors, ..resource("http://a/x", 2) });
        let sheet = table.insert(Resource { destination: Destination::Style, ..resource("http://a/x", 3) });
        assert_eq!(table.len(), 3);
        let url: Url = "http://a/x".parse().expect("a valid URL");
        assert_eq!(table.find(&url, Destination::Image, cors), Some(with_cors));
        assert_eq!(table.get(&url).expect("there").fetch, table.entry(image).fetch);
        // One that is here is better than one that is not.
        table.entry_mut(sheet).state = ResourceState::Ready {
            bytes: Bytes::from_static(b"x"),
            content_type: None,
            final_url: url.clone(),
            status: 200,
        };
        assert_eq!(table.bytes(&url).map(|b| &b[..]), Some(&b"x"[..]));
        assert_eq!(table.get_as(&url, Destination::Image).expect("there").fetch, FetchId(1));
    }
}
