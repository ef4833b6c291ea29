//! Main fetch: <https://fetch.spec.whatwg.org/#concept-main-fetch>.

use http::{HeaderMap, StatusCode};

use super::body::Encoded;
use super::hop::{Hop, is_same_origin};
use super::scheme_fetch::scheme_fetch;
use super::{Net, ports};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Protocol;
use crate::id::ConnectionId;
use crate::request::RequestMode;
use crate::response::Source;

/// The standard's "internal response": a head, and a body that is still coded.
pub(super) struct Internal {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Encoded,
    pub(super) source: Source,
    pub(super) protocol: Option<Protocol>,
    pub(super) connection: Option<ConnectionId>,
}

/// How a hop ends.
pub(super) enum Outcome {
    /// With the response.
    Response(Box<Internal>),
    /// With a redirect that was followed: `hop` is the next one.
    Redirected,
}

/// Runs hop after hop until there is a response.
///
/// Steps not here: 4 (upgrade to https), 6 (CSP, mixed content), 8 and 9 (referrer policy is fixed), 22
/// (subresource integrity); preload and service worker do not exist. Opaque filtering (step 15) is left to
/// the caller, since nothing that runs in the page can look at a response yet.
pub(super) async fn main_fetch(net: &Net, hop: &mut Hop) -> Result<Box<Internal>, Error> {
    loop {
        // The loop is the recursion of HTTP-redirect fetch, which counts to 20.
        check_allowed(hop)?;
        hop.determine_referrer();
        match scheme_fetch(net, hop).await? {
            Outcome::Response(response) => return Ok(response),
            Outcome::Redirected => {}
        }
    }
}

/// Steps 7 (bad ports) and 12 (by mode).
fn check_allowed(hop: &Hop) -> Result<(), Error> {
    let (request, url) = (&hop.request, &hop.request.url);
    let blocked = |message: String| Err(Error::new(ErrorKind::Blocked, Phase::Url, Some(url), message));
    if ports::is_bad(url) {
        return blocked(format!("port {} is blocked, as in browsers", url.port().unwrap_or_default()));
    }
    if request.mode == RequestMode::SameOrigin
        && let Some(origin) = hop.origin()
        && !is_same_origin(&origin, url)
    {
        return blocked("the URL is of another origin and the request's mode is same-origin".to_owned());
    }
    if request.mode == RequestMode::Cors
        && hop.is_cors()
        && !matches!(url.scheme(), "http" | "https" | "file")
    {
        return blocked(format!("a request with CORS cannot be made to a {}: URL", url.scheme()));
    }
    Ok(())
}
