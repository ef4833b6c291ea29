//! The seam between those who want bytes and those who bring them.

use std::pin::Pin;
use std::sync::Arc;

use crate::error::Error;
use crate::event::Observer;
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
}
