//! The headers that the client adds to a request, as Chromium does, in its order.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use url::Url;

use super::hop::Hop;
use super::referrer;
use crate::config::ClientConfig;
use crate::request::{CacheMode, Credentials, Destination, InitiatorKind, Request, RequestMode};
use crate::site::Site;

const DOCUMENT: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8";
const IMAGE: &str = "image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
const STYLE: &str = "text/css,*/*;q=0.1";

/// The headers of one hop: <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch> steps 8.7 to 8.21.
pub(super) fn for_hop(hop: &Hop, config: &ClientConfig) -> HeaderMap {
    let request = &hop.request;
    let mut headers = HeaderMap::new();
    if let Some(body) = &hop.body {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    } else if matches!(request.method, Method::POST | Method::PUT) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(0));
    }
    add_cache_headers(request, &mut headers);
    if request.mode == RequestMode::Navigate {
        set(&mut headers, header::UPGRADE_INSECURE_REQUESTS, "1");
    }
    set(&mut headers, header::USER_AGENT, &config.user_agent);
    set(&mut headers, header::ACCEPT, accept(request.destination));
    add_origin(hop, &mut headers);
    add_fetch_metadata(hop, &mut headers);
    if let Some(referer) = referrer::header(&request.referrer, &request.url) {
        set(&mut headers, header::REFERER, &referer);
    }
    set(&mut headers, header::ACCEPT_ENCODING, accept_encoding(&request.url));
    set(&mut headers, header::ACCEPT_LANGUAGE, "en-US,en;q=0.9");
    add_url_credentials(request, &mut headers);
    for (name, value) in &config.extra_headers {
        if hop.is_same_origin_as_first() || !is_credential(name) {
            headers.insert(name, value.clone());
        }
    }
    // What the caller set goes before everything.
    for name in request.headers.keys() {
        headers.remove(name);
        for value in request.headers.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    headers
}

/// Header names that carry rights at one origin and must not reach another.
pub(super) fn is_credential(name: &HeaderName) -> bool {
    [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION].contains(name)
}

/// As Chromium: the codings that old intermediaries do not know are offered only where none can stand.
fn accept_encoding(url: &Url) -> &'static str {
    if referrer::is_potentially_trustworthy(url) { "gzip, deflate, br, zstd" } else { "gzip, deflate" }
}

/// DEVIATION: only types that can be shown are asked for; Chromium's list has `image/avif` and signed
/// exchanges too.
const fn accept(destination: Destination) -> &'static str {
    match destination {
        Destination::Document | Destination::IFrame => DOCUMENT,
        Destination::Image => IMAGE,
        Destination::Style => STYLE,
        _ => "*/*",
    }
}

/// Steps 8.15 and 8.16.
fn add_cache_headers(request: &Request, headers: &mut HeaderMap) {
    match request.cache_mode {
        CacheMode::NoCache => set(headers, header::CACHE_CONTROL, "max-age=0"),
        CacheMode::NoStore | CacheMode::Reload => {
            set(headers, header::PRAGMA, "no-cache");
            set(headers, header::CACHE_CONTROL, "no-cache");
        }
        _ => {}
    }
}

/// <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
fn add_origin(hop: &Hop, headers: &mut HeaderMap) {
    let request = &hop.request;
    let safe = matches!(request.method, Method::GET | Method::HEAD);
    if (request.mode == RequestMode::Cors && hop.is_cors()) || !safe {
        set(headers, header::ORIGIN, &hop.serialized_origin());
    }
}

/// <https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request>
fn add_fetch_metadata(hop: &Hop, headers: &mut HeaderMap) {
    let request = &hop.request;
    if !referrer::is_potentially_trustworthy(&request.url) {
        return;
    }
    let mode = match request.mode {
        RequestMode::SameOrigin => "same-origin",
        RequestMode::Cors => "cors",
        RequestMode::NoCors => "no-cors",
        RequestMode::Navigate => "navigate",
    };
    set(headers, HeaderName::from_static("sec-fetch-site"), site(hop));
    set(headers, HeaderName::from_static("sec-fetch-mode"), mode);
    if request.mode == RequestMode::Navigate && request.initiator.kind == InitiatorKind::Navigation {
        set(headers, HeaderName::from_static("sec-fetch-user"), "?1");
    }
    set(headers, HeaderName::from_static("sec-fetch-dest"), request.destination.as_str());
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

/// <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch> step 8.21.
///
/// DEVIATION: they are sent at once, not after a 401: that saves a round trip and is what people who put
/// them into a URL mean.
fn add_url_credentials(request: &Request, headers: &mut HeaderMap) {
    let url = &request.url;
    if request.credentials == Credentials::Omit || (url.username().is_empty() && url.password().is_none()) {
        return;
    }
    let pair = [url.username(), url.password().unwrap_or_default()];
    let pair: [Vec<u8>; 2] = pair.map(|part| percent_decode_str(part).collect());
    let pair: Vec<u8> = pair.join(&b':');
    if let Ok(mut value) = HeaderValue::from_str(&format!("Basic {}", BASE64.encode(pair))) {
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
