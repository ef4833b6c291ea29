//! HTTP-redirect fetch: <https://fetch.spec.whatwg.org/#http-redirect-fetch>.

use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use url::Url;

use super::body::Encoded;
use super::headers::is_credential;
use super::hop::{Hop, is_same_origin};
use super::main_fetch::{Internal, Outcome};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::NetEventKind;
use crate::limits::{DRAIN_TIMEOUT, MAX_DRAINED_BYTES, MAX_REDIRECTS};
use crate::referrer_policy::ReferrerPolicy;
use crate::request::RequestMode;
use crate::told_url::told;

/// <https://fetch.spec.whatwg.org/#redirect-status>
pub(super) const fn is_redirect_status(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Makes `hop` the next one of the chain. A redirect without `Location` is the response itself.
pub(super) async fn http_redirect_fetch(hop: &mut Hop, response: Internal) -> Result<Outcome, Error> {
    // 3 and 4.
    let Some(location) = location_url(&hop.request.url, &response.headers) else {
        return Ok(Outcome::Response(Box::new(response)));
    };
    let fail = |kind, message: String| Err(Error::new(kind, Phase::Wait, Some(&hop.request.url), message));
    let to = match location {
        Ok(to) => to,
        Err(text) => return fail(ErrorKind::Redirect, format!("the redirect's Location is no URL: {text}")),
    };
    // 5.
    if !matches!(to.scheme(), "http" | "https") {
        return fail(ErrorKind::Redirect, format!("the redirect leads to a {}: URL", to.scheme()));
    }
    // 6 and 7.
    if hop.redirect_count >= MAX_REDIRECTS {
        return fail(ErrorKind::Redirect, format!("more than {MAX_REDIRECTS} redirects"));
    }
    // 8 and 9: a cross-origin URL with credentials must not be reached by CORS.
    let has_credentials = !to.username().is_empty() || to.password().is_some();
    let leaves = hop.origin().is_some_and(|origin| !is_same_origin(&origin, &to));
    if hop.request.mode == RequestMode::Cors && has_credentials && (leaves || hop.is_cors()) {
        return fail(ErrorKind::Blocked, "the redirect leads to a URL with credentials".to_owned());
    }
    // 19: <https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect>
    let policy = ReferrerPolicy::from_headers(&response.headers);
    hop.request.referrer_policy = policy.or(hop.request.referrer_policy);
    drain(response.body).await;
    rewrite(hop, response.status, to.clone());
    hop.story.tell(NetEventKind::Redirected { to: told(&to) });
    hop.story.next_hop();
    hop.tell_requested();
    Ok(Outcome::Redirected)
}

/// Steps 11 to 18: what the next hop's request is.
fn rewrite(hop: &mut Hop, status: StatusCode, to: Url) {
    let crosses = hop.request.url.origin() != to.origin();
    // "Redirect-tainted origin": it left the document's origin, and now leaves that one too.
    if crosses && hop.origin().is_some_and(|origin| !is_same_origin(&origin, &hop.request.url)) {
        hop.redirect_tainted = true;
    }
    hop.redirect_count += 1;
    let request = &mut hop.request;
    // 12.
    let becomes_get = match status.as_u16() {
        301 | 302 => request.method == Method::POST,
        303 => !matches!(request.method, Method::GET | Method::HEAD),
        _ => false,
    };
    if becomes_get {
        request.method = Method::GET;
        hop.body = None;
        for name in [
            header::CONTENT_ENCODING,
            header::CONTENT_LANGUAGE,
            header::CONTENT_LOCATION,
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
        ] {
            request.headers.remove(name);
        }
    }
    // 13: what gives rights at one origin does not go to another.
    // DEVIATION: the standard names Authorization alone. But a caller here can set headers that no page could: a
    // Cookie, and with navigations and "no-cors" requests any header, which may be a key. (With "cors" a preflight
    // has asked for them.)
    if crosses {
        let any = request.mode != RequestMode::Cors;
        let names = request.headers.keys();
        let names: Vec<_> =
            names.filter(|name| is_credential(name) || (any && !says_nothing(name))).cloned().collect();
        for name in names {
            request.headers.remove(name);
        }
    }
    // 18.
    request.url = to.clone();
    hop.url_list.push(to);
}

/// Headers that a page can send to any origin without asking, and the name of the program:
/// <https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name>.
fn says_nothing(name: &HeaderName) -> bool {
    [
        header::ACCEPT,
        header::ACCEPT_LANGUAGE,
        header::CONTENT_LANGUAGE,
        header::CONTENT_TYPE,
        header::RANGE,
        header::USER_AGENT,
    ]
    .contains(name)
}

/// <https://fetch.spec.whatwg.org/#concept-response-location-url>: `None` without a `Location`, `Err` with
/// its text when it is no URL. The fragment is inherited.
///
/// DEVIATION: as in Chromium an empty `Location` is none, and the first that is not empty counts; two that differ are
/// no URL.
fn location_url(url: &Url, headers: &HeaderMap) -> Option<Result<Url, String>> {
    let mut values = headers.get_all(header::LOCATION).iter().filter(|value| !value.is_empty());
    let value = values.next()?;
    if values.any(|other| other != value) {
        return Some(Err("there are several that differ".to_owned()));
    }
    // Browsers take bytes that are not ASCII for UTF-8, and else for Latin-1.
    let text = match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    };
    let Ok(mut to) = url.join(&text) else { return Some(Err(text)) };
    if to.fragment().is_none() {
        to.set_fragment(url.fragment());
    }
    Some(Ok(to))
}

/// Reads a short body that nobody wants to its end, within limits of size and time, so that its connection
/// can be used again.
pub(super) async fn drain(body: Encoded) {
    let Encoded::Wire { mut pieces, slot, mut collector, .. } = body else { return };
    let read = async {
        let mut size = 0usize;
        while let Some(piece) = pieces.next().await {
            let Ok(piece) = piece else { return };
            collector = collector.take().and_then(|collector| collector.add(&piece));
            size = size.saturating_add(piece.len());
            if size > MAX_DRAINED_BYTES {
                return;
            }
        }
        // The redirect was whole: the cache may keep it.
        if let Some(collector) = collector.take() {
            collector.finish();
        }
    };
    // When the time is up the connection is closed instead.
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, read).await;
    drop((pieces, slot));
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn locations() {
        for (base, location, expected) in [
            ("http://a.test/x/y", Some("z"), Some("http://a.test/x/z")),
            ("http://a.test/x#f", Some("/z"), Some("http://a.test/z#f")),
            ("http://a.test/x#f", Some("/z#g"), Some("http://a.test/z#g")),
            ("http://a.test/", Some("//b.test/"), Some("http://b.test/")),
            ("http://a.test/", Some("http://[bad"), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(location) = location {
                headers.insert(header::LOCATION, location.parse().unwrap());
            }
            let to = location_url(&Url::parse(base).unwrap(), &headers).unwrap().ok();
            assert_eq!(to.as_ref().map(Url::as_str), expected, "{base} {location:?}");
        }
        let base = Url::parse("http://a.test").unwrap();
        let several = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::LOCATION, HeaderValue::from_static(value));
            }
            location_url(&base, &headers).map(|to| to.map(String::from).map_err(drop))
        };
        assert_eq!(several(&[]), None);
        assert_eq!(several(&[""]), None);
        assert_eq!(several(&["", "/x"]), Some(Ok("http://a.test/x".to_owned())));
        assert_eq!(several(&["/x", "/x"]), Some(Ok("http://a.test/x".to_owned())));
        assert_eq!(several(&["/x", "/y"]), Some(Err(())));
    }
}
