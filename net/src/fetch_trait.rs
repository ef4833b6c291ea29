//! The seam between those who want bytes and those who bring them.

use std::pin::Pin;
use std::sync::Arc;

use url::Url;

use crate::error::Error;
use crate::event::Observer;
use crate::id::FetchId;
use crate::priority::Priority;
use crate::request::{Credentials, Request};
use crate::response::Response;

/// What [`Fetch::fetch`] returns: resolves when the response's head is there.
pub type FetchFuture<'a> = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send + 'a>>;

/// Brings a response for a request: <https://fetch.spec.whatwg.org/#concept-fetch>.
///
/// Implemented by the network client and by replays in tests. The observer travels with the request,
/// so that events belong to a page and a session, never to the process. Dropping the future, or the
/// body of the response, cancels the fetch.
pub trait Fetch: Send + Sync {
    /// Starts the fetch of `request` and tells `observer` each step.
    fn fetch(&self, request: Request, observer: Arc<dyn Observer>) -> FetchFuture<'_>;

    /// Opens a connection to the origin of `url` ahead of need, unless one is there or on its way:
    /// <https://html.spec.whatwg.org/multipage/links.html#preconnect>. No byte of a request is sent.
    ///
    /// A hint: it returns at once, failures are told to `observer` and forgotten, and whoever has no
    /// connections (a replay) does nothing.
    fn preconnect(&self, url: &Url, credentials: Credentials, observer: Arc<dyn Observer>) {
        let _ = (url, credentials, observer);
    }

    /// Looks `host` up ahead of need, so that its addresses are in the DNS cache:
    /// <https://html.spec.whatwg.org/multipage/links.html#link-type-dns-prefetch>. A hint as [`Fetch::preconnect`] is.
    fn dns_prefetch(&self, host: &str, observer: Arc<dyn Observer>) {
        let _ = (host, observer);
    }

    /// Says something about fetches that are waiting or under way. Those who do not schedule need not listen.
    fn advise(&self, advice: Advice) {
        let _ = advice;
    }
}

/// What becomes known while fetches wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// The fetch is more or less urgent than was thought: an image has come into view, a font is used.
    Priority {
        /// The fetch.
        fetch: FetchId,
        /// Its priority from now on.
        priority: Priority,
    },
    /// The parser of this page (named by [`crate::Request::page`]) has seen its `<body>`.
    BodyReached {
        /// The page.
        page: FetchId,
    },
}
