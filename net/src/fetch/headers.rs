//! The headers that the client adds to a request, as Chromium does, in its order.

use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use url::Origin;

use super::hop::Hop;
use super::trust::is_potentially_trustworthy;
use crate::config::ClientConfig;
use crate::referrer_policy::ReferrerPolicy;
use crate::request::{CacheMode, Destination, InitiatorKind, Referrer, Request, RequestMode};
use crate::site::Site;

const DOCUMENT: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8";
const IMAGE: &str = "image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
const STYLE: &str = "text/css,*/*;q=0.1";

/// The headers of one hop: <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch> steps 8.7 to 8.21.
///
/// DEVIATION: no client hints (`Sec-CH-UA`): they would have to name a browser that this is not.
pub(super) fn for_hop(hop: &Hop, config: &ClientConfig) -> HeaderMap {
    let request = &hop.request;
    let mut headers = HeaderMap::with_capacity(24);
    add_connection(hop, &mut headers);
    add_cache_headers(request, &mut headers);
    add_origin(hop, &mut headers);
    if let Some(content_type) = request.headers.get(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, content_type.clone());
    }
    if request.mode == RequestMode::Navigate {
        fixed(&mut headers, header::UPGRADE_INSECURE_REQUESTS, "1");
    }
    set(&mut headers, header::USER_AGENT, &config.user_agent);
    fixed(&mut headers, header::ACCEPT, accept(request.destination));
    add_fetch_metadata(hop, &mut headers);
    if let Referrer::Url(referrer) = &request.referrer {
        set(&mut headers, header::REFERER, referrer.as_str());
    }
    fixed(&mut headers, header::ACCEPT_ENCODING, accept_encoding(request));
    if !config.accept_language.is_empty() {
        set(&mut headers, header::ACCEPT_LANGUAGE, &config.accept_language);
    }
    for (name, value) in &config.extra_headers {
        if hop.is_same_origin_as_first() || !is_credential(name) {
            headers.insert(name, value.clone());
        }
    }
    // What the caller set goes before everything. Not removed first: that would shuffle the others.
    for name in request.headers.keys() {
        let mut values = request.headers.get_all(name).iter();
        if let Some(first) = values.next() {
            headers.insert(name, first.clone());
        }
        for value in values {
            headers.append(name, value.clone());
        }
    }
    headers
}

/// How the request is framed. `https:` may turn out to be HTTP/2, which has no `Host` and no `Connection`: there the
/// transport adds what its protocol needs.
fn add_connection(hop: &Hop, headers: &mut HeaderMap) {
    let request = &hop.request;
    if request.url.scheme() == "http" {
        let (host, port) = (request.url.host_str().unwrap_or_default(), request.url.port());
        match port {
            Some(port) => set(headers, header::HOST, &format!("{host}:{port}")),
            None => set(headers, header::HOST, host),
        }
        fixed(headers, header::CONNECTION, "keep-alive");
    }
    if let Some(body) = &hop.body {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    } else if matches!(request.method, Method::POST | Method::PUT) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(0));
    }
}

/// The `Priority` header of HTTP/2 (RFC 9218 4 and 5), with what Chromium says: urgency by class, `i` for what can be
/// used as it comes. `None` for what is the default.
pub(super) fn priority(request: &Request) -> Option<HeaderValue> {
    let whole_first = matches!(
        request.destination,
        Destination::Style | Destination::Script | Destination::Font | Destination::Manifest
    );
    let urgency = request.priority.urgency();
    let value = match (urgency, whole_first) {
        (3, true) => return None,
        (3, false) => "i".to_owned(),
        (urgency, true) => format!("u={urgency}"),
        (urgency, false) => format!("u={urgency}, i"),
    };
    HeaderValue::try_from(value).ok()
}

/// Header names that carry rights at one origin and must not reach another.
pub(super) fn is_credential(name: &HeaderName) -> bool {
    [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION].contains(name)
}

/// As Chromium: the codings that old intermediaries do not know are offered only where none can stand. A range is
/// one of bytes as they are: <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch> step 8.20.
fn accept_encoding(request: &Request) -> &'static str {
    if request.headers.contains_key(header::RANGE) {
        "identity"
    } else if is_potentially_trustworthy(&request.url) {
        "gzip, deflate, br, zstd"
    } else {
        "gzip, deflate"
    }
}

/// DEVIATION: only types that can be shown are asked for; Chromium's list has `image/avif` and signed
/// exchanges too.
const fn accept(destination: Destination) -> &'static str {
    match destination {
        Destination::Document | Destination::IFrame | Destination::Object => DOCUMENT,
        Destination::Image => IMAGE,
        Destination::Style => STYLE,
        _ => "*/*",
    }
}

/// Steps 8.15 and 8.16.
fn add_cache_headers(request: &Request, headers: &mut HeaderMap) {
    match request.cache_mode {
        CacheMode::NoCache => fixed(headers, header::CACHE_CONTROL, "max-age=0"),
        CacheMode::NoStore | CacheMode::Reload => {
            fixed(headers, header::PRAGMA, "no-cache");
            fixed(headers, header::CACHE_CONTROL, "no-cache");
        }
        _ => {}
    }
}

/// <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
fn add_origin(hop: &Hop, headers: &mut HeaderMap) {
    let request = &hop.request;
    // Step 2.
    if hop.is_cors() {
        return set(headers, header::ORIGIN, &hop.serialized_origin());
    }
    // Step 3. DEVIATION: what the user sends without any page has no origin to tell, and says nothing.
    if matches!(request.method, Method::GET | Method::HEAD) || hop.origin().is_none() {
        return;
    }
    let told = request.mode == RequestMode::Cors || tells_origin(hop);
    set(headers, header::ORIGIN, if told { hop.serialized_origin() } else { "null".to_owned() }.as_str());
}

/// Step 3.1: whether the referrer policy allows the origin to be told with a request that changes things.
fn tells_origin(hop: &Hop) -> bool {
    let url = &hop.request.url;
    match hop.request.referrer_policy {
        ReferrerPolicy::NoReferrer => false,
        ReferrerPolicy::Unset
        | ReferrerPolicy::NoReferrerWhenDowngrade
        | ReferrerPolicy::StrictOrigin
        | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
            let is_secure = matches!(hop.origin(), Some(Origin::Tuple(scheme, ..)) if scheme == "https");
            !is_secure || url.scheme() == "https"
        }
        ReferrerPolicy::SameOrigin => hop.origin().is_some_and(|origin| origin == url.origin()),
        ReferrerPolicy::Origin | ReferrerPolicy::OriginWhenCrossOrigin | ReferrerPolicy::UnsafeUrl => true,
    }
}

/// <https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request>
fn add_fetch_metadata(hop: &Hop, headers: &mut HeaderMap) {
    let request = &hop.request;
    if !is_potentially_trustworthy(&request.url) {
        return;
    }
    let mode = match request.mode {
        RequestMode::SameOrigin => "same-origin",
        RequestMode::Cors => "cors",
        RequestMode::NoCors => "no-cors",
        RequestMode::Navigate => "navigate",
    };
    fixed(headers, HeaderName::from_static("sec-fetch-site"), site(hop));
    fixed(headers, HeaderName::from_static("sec-fetch-mode"), mode);
    if request.mode == RequestMode::Navigate && request.initiator.kind == InitiatorKind::Navigation {
        fixed(headers, HeaderName::from_static("sec-fetch-user"), "?1");
    }
    fixed(headers, HeaderName::from_static("sec-fetch-dest"), request.destination.as_str());
}

/// `Sec-Fetch-Site`, over all hops: the most distant one counts.
///
/// <https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site>
fn site(hop: &Hop) -> &'static str {
    let Some(origin) = hop.origin() else { return "none" };
    let mut site = "same-origin";
    for url in &hop.url_list {
        let other = url.origin();
        if other == origin {
            continue;
        }
        if !Site::of(&origin).is_same_site(&Site::of(&other)) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn fixed(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
