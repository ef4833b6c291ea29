//! Main fetch: <https://fetch.spec.whatwg.org/#concept-main-fetch>.

use http::{HeaderMap, StatusCode};

use super::body::Encoded;
use super::hop::{Hop, is_same_origin};
use super::scheme_fetch::scheme_fetch;
use super::{Net, integrity, mixed_content, ports};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{Protocol, UpgradeReason};
use crate::id::ConnectionId;
use crate::mime::{self, Refusal};
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
/// Steps not here: 6 as far as CSP; preload and service worker do not exist. Opaque filtering (step 15) is left to
/// the caller, since nothing that runs in the page can look at a response yet.
pub(super) async fn main_fetch(net: &Net, hop: &mut Hop) -> Result<Box<Internal>, Error> {
    loop {
        // The loop is the recursion of HTTP-redirect fetch, which counts to 20.
        mixed_content::upgrade(hop);
        check_allowed(hop)?;
        hop.determine_referrer();
        // Step 10.
        if let Some(to) = net.hsts.upgrade(&hop.request.url, hop.story.wall_clock()) {
            hop.upgrade(to, UpgradeReason::Hsts);
            hop.story.next_hop();
            hop.tell_requested();
            continue;
        }
        match scheme_fetch(net, hop).await? {
            Outcome::Response(response) => {
                check_usable(hop, &response.headers)?;
                return Ok(response);
            }
            Outcome::Redirected => {}
        }
    }
}

/// Steps 6 (bad ports, mixed content) and 12 (by mode).
fn check_allowed(hop: &Hop) -> Result<(), Error> {
    let (request, url) = (&hop.request, &hop.request.url);
    let blocked = |message: String| Err(Error::new(ErrorKind::Blocked, Phase::Url, Some(url), message));
    if ports::is_bad(url) {
        return blocked(format!("port {} is blocked, as in browsers", url.port().unwrap_or_default()));
    }
    if mixed_content::is_blocked(hop) {
        return blocked("an insecure request of a secure page is blocked (mixed content)".to_owned());
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

/// Steps 19 (types) and 22 (integrity, as far as the head decides it).
fn check_usable(hop: &Hop, headers: &HeaderMap) -> Result<(), Error> {
    let (request, url) = (&hop.request, &hop.request.url);
    let blocked = |message: String| Err(Error::new(ErrorKind::Blocked, Phase::Wait, Some(url), message));
    if let Some(refusal) = mime::refusal(request.destination, headers) {
        let kind =
            mime::extract(headers).map_or_else(|| "no type".to_owned(), |mime| mime.essence().to_owned());
        let reason = match refusal {
            Refusal::NoSniff => ", and says nosniff",
            Refusal::ScriptType => "",
        };
        let wanted = request.destination.as_str();
        return blocked(format!("the response for a {wanted} is of {kind}{reason}"));
    }
    if hop.is_opaque() && integrity::Expected::parse(&request.integrity).is_some() {
        let message = "integrity can be checked of the page's own origin or with CORS only";
        return Err(Error::new(ErrorKind::Integrity, Phase::Wait, Some(url), message));
    }
    Ok(())
}
