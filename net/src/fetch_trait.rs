//! The seam between those who want bytes and those who bring them.

use std::pin::Pin;
use std::sync::Arc;

use crate::error::Error;
use crate::event::Observer;
use crate::id::FetchId;
use crate::priority::Priority;
use crate::request::Request;
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
