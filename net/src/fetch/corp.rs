//! Which responses other origins may embed without asking:
//! <https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header>.

use http::{HeaderMap, HeaderName};
use url::Origin;

use super::hop::{Hop, is_same_origin};
use crate::error::{Error, ErrorKind, Phase};
use crate::request::RequestMode;
use crate::site::Site;

/// <https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check> for a hop whose response is opaque to its page.
///
/// No document embeds under a policy of its own here (COEP), so that a response without the header is allowed.
pub(super) fn check(hop: &Hop, headers: &HeaderMap) -> Result<(), Error> {
    let Some(origin) = hop.origin().filter(|_| hop.request.mode == RequestMode::NoCors) else {
        return Ok(());
    };
    let url = &hop.request.url;
    let mut lines = headers.get_all(HeaderName::from_static("cross-origin-resource-policy")).iter();
    // Several lines are one value that is none of the three.
    let policy = match (lines.next(), lines.next()) {
        (Some(policy), None) => policy.as_bytes(),
        _ => return Ok(()),
    };
    let allowed = match policy {
        b"same-origin" => is_same_origin(&origin, url),
        b"same-site" => {
            let is_secure = matches!(&origin, Origin::Tuple(scheme, ..) if scheme == "https");
            is_same_origin(&origin, url)
                || Site::of(&origin).is_schemelessly_same_site(&Site::of_url(url))
                    && (is_secure || url.scheme() != "https")
        }
        _ => true,
    };
    if allowed {
        return Ok(());
    }
    let policy = String::from_utf8_lossy(policy);
    let message = format!("the response is for its own {} only", policy.trim_start_matches("same-"));
    Err(Error::new(ErrorKind::Blocked, Phase::Wait, Some(url), format!("CORP: {message}")))
}
