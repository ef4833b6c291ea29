//! CORS preflights: <https://fetch.spec.whatwg.org/#cors-preflight-fetch>, and what they allowed:
//! <https://fetch.spec.whatwg.org/#concept-cache>. A preflight is a fetch of its own, with a story of its own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method};

use super::Net;
use super::cors;
use super::hop::Hop;
use super::network_or_cache::network_or_cache_fetch;
use super::redirect::drain;
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::NetEventKind;
use crate::id::FetchId;
use crate::limits::{MAX_PREFLIGHT_AGE, MAX_PREFLIGHTS};
use crate::mime::MimeType;
use crate::request::{CacheMode, Credentials, RedirectMode, Request, RequestMode};
use crate::site::NetworkPartitionKey;
use crate::story::CancelOnDrop;

/// How long an answer without `Access-Control-Max-Age` holds.
const DEFAULT_AGE: Duration = Duration::from_secs(5);

/// The first of the names of preflights among the fetches that a client makes on its own account.
const FIRST_NAME: u64 = 1 << 40;

/// What servers have allowed.
#[derive(Debug, Default)]
pub(crate) struct Preflights {
    granted: Mutex<HashMap<Key, Vec<(Permission, Timestamp)>>>,
    made: AtomicU64,
}

/// For whom and where something is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    partition: String,
    origin: String,
    url: String,
    credentials: bool,
}

/// What is asked for and allowed. Names of headers are in lower case; `*` is any.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Permission {
    Method(String),
    Header(String),
}

/// HTTP fetch, step 4.1: a request that a form could not have made is made only when the server allows it.
pub(super) async fn ensure_allowed(net: &Net, hop: &Hop) -> Result<(), Error> {
    if hop.request.mode != RequestMode::Cors || !hop.is_cors() {
        return Ok(());
    }
    let (method, headers) = (unsafe_method(&hop.request), unsafe_headers(&hop.request.headers));
    let wanted: Vec<Permission> =
        method.into_iter().chain(headers.iter().cloned().map(Permission::Header)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let key = Key::of(hop);
    if net.preflights.allow(&key, &wanted, hop.story.now()) {
        return Ok(());
    }
    let answer = ask(net, hop, &headers).await?;
    let granted = check(hop, &answer, &wanted)?;
    let age = max_age(&answer);
    net.preflights.grant(key, granted, hop.story.now(), age);
    Ok(())
}

impl Preflights {
    fn allow(&self, key: &Key, wanted: &[Permission], now: Timestamp) -> bool {
        let granted = self.granted();
        let Some(granted) = granted.get(key) else { return false };
        let valid: Vec<&Permission> =
            granted.iter().filter(|(_, until)| *until > now).map(|(permission, _)| permission).collect();
        wanted.iter().all(|wanted| valid.iter().any(|permission| wanted.is_covered_by(permission)))
    }

    fn grant(&self, key: Key, granted: Vec<Permission>, now: Timestamp, age: Duration) {
        let mut all = self.granted();
        if all.len() >= MAX_PREFLIGHTS {
            all.retain(|_, permissions| permissions.iter().any(|(_, until)| *until > now));
        }
        if all.len() >= MAX_PREFLIGHTS {
            all.clear();
        }
        let until = Timestamp(now.0.saturating_add(age));
        let permissions = all.entry(key).or_default();
        permissions.retain(|(permission, until)| *until > now && !granted.contains(permission));
        permissions.extend(granted.into_iter().map(|permission| (permission, until)));
    }

    fn granted(&self) -> MutexGuard<'_, HashMap<Key, Vec<(Permission, Timestamp)>>> {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Key {
    fn of(hop: &Hop) -> Self {
        let mut url = hop.request.url.clone();
        url.set_fragment(None);
        Self {
            partition: NetworkPartitionKey::of(&hop.request).to_string(),
            origin: hop.serialized_origin(),
            url: url.into(),
            credentials: hop.request.credentials == Credentials::Include,
        }
    }
}

impl Permission {
    /// Method and header name matches; `Authorization` has to be named:
    /// <https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name>.
    fn is_covered_by(&self, granted: &Self) -> bool {
        match (self, granted) {
            (Self::Method(wanted), Self::Method(granted)) => wanted == granted || granted == "*",
            (Self::Header(wanted), Self::Header(granted)) => {
                wanted == granted || granted == "*" && wanted != "authorization"
            }
            _ => false,
        }
    }
}

/// The preflight itself, steps 1 to 5, with its own row: the headers of an answer that passed its CORS check.
async fn ask(net: &Net, hop: &Hop, unsafe_headers: &[String]) -> Result<HeaderMap, Error> {
    let request = &hop.request;
    let id =
        FetchId::background(FIRST_NAME.saturating_add(net.preflights.made.fetch_add(1, Ordering::Relaxed)));
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
    if let Ok(method) = HeaderValue::from_str(request.method.as_str()) {
        headers.insert(header::ACCESS_CONTROL_REQUEST_METHOD, method);
    }
    if !unsafe_headers.is_empty()
        && let Ok(names) = HeaderValue::try_from(unsafe_headers.join(","))
    {
        headers.insert(header::ACCESS_CONTROL_REQUEST_HEADERS, names);
    }
    let preflight = Request {
        id,
        method: Method::OPTIONS,
        headers,
        body: None,
        credentials: Credentials::Omit,
        cache_mode: CacheMode::NoStore,
        redirect_mode: RedirectMode::Error,
        integrity: String::new(),
        ..request.clone()
    };
    let mut own = Hop::first(preflight, hop.story.sibling(id));
    // The cors origin is that of the request's whole chain.
    own.redirect_tainted = hop.redirect_tainted;
    own.url_list.clone_from(&hop.url_list);
    let _cancel = CancelOnDrop(own.story.clone());
    own.tell_requested();
    let answered = async {
        let response = network_or_cache_fetch(net, &mut own).await?;
        // Step 7: by the credentials of the request that is to come.
        cors::check(hop, &response.headers)?;
        if !response.status.is_success() {
            let message = format!("the preflight's answer has status {}", response.status.as_u16());
            return Err(blocked(hop, message));
        }
        drain(response.body).await;
        Ok(response.headers)
    };
    match answered.await {
        Ok(headers) => {
            own.story.finish(NetEventKind::Ended { encoded_body_size: 0, decoded_body_size: 0 });
            Ok(headers)
        }
        Err(error) => {
            own.story.fail(&error);
            Err(error)
        }
    }
}

/// Steps 7.1 to 7.7: what the answer allows, if that is all that is wanted.
fn check(hop: &Hop, answer: &HeaderMap, wanted: &[Permission]) -> Result<Vec<Permission>, Error> {
    let methods = list(answer, &header::ACCESS_CONTROL_ALLOW_METHODS).map(Permission::Method);
    let headers = list(answer, &header::ACCESS_CONTROL_ALLOW_HEADERS)
        .map(|name| Permission::Header(name.to_ascii_lowercase()));
    let mut granted: Vec<Permission> = methods.chain(headers).collect();
    // With credentials a star is only a star.
    if hop.request.credentials == Credentials::Include {
        granted.retain(
            |permission| !matches!(permission, Permission::Method(n) | Permission::Header(n) if n == "*"),
        );
    }
    for wanted in wanted {
        if !granted.iter().any(|granted| wanted.is_covered_by(granted)) {
            let (what, name) = match wanted {
                Permission::Method(name) => ("method", name),
                Permission::Header(name) => ("header", name),
            };
            return Err(blocked(hop, format!("the preflight does not allow the {what} {name}")));
        }
    }
    Ok(granted)
}

/// Steps 7.8 to 7.10.
fn max_age(answer: &HeaderMap) -> Duration {
    let text = answer.get(header::ACCESS_CONTROL_MAX_AGE).and_then(|value| value.to_str().ok());
    let age = text.and_then(|text| text.trim().parse().ok()).map_or(DEFAULT_AGE, Duration::from_secs);
    age.min(MAX_PREFLIGHT_AGE)
}

fn blocked(hop: &Hop, message: String) -> Error {
    Error::new(ErrorKind::Blocked, Phase::Wait, Some(&hop.request.url), format!("CORS: {message}"))
}

/// A method that is not <https://fetch.spec.whatwg.org/#cors-safelisted-method>.
fn unsafe_method(request: &Request) -> Option<Permission> {
    let safe = matches!(request.method, Method::GET | Method::HEAD | Method::POST);
    (!safe).then(|| Permission::Method(request.method.to_string()))
}

/// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>, sorted.
fn unsafe_headers(headers: &HeaderMap) -> Vec<String> {
    let (mut unsafe_names, mut safe_names, mut safe_bytes) = (Vec::new(), Vec::new(), 0_usize);
    for (name, value) in headers {
        if is_safelisted(name, value) {
            safe_names.push(name.as_str().to_owned());
            safe_bytes = safe_bytes.saturating_add(value.len());
        } else {
            unsafe_names.push(name.as_str().to_owned());
        }
    }
    if safe_bytes > 1024 {
        unsafe_names.append(&mut safe_names);
    }
    unsafe_names.sort_unstable();
    unsafe_names.dedup();
    unsafe_names
}

/// <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
fn is_safelisted(name: &HeaderName, value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    let is_unsafe = |byte: &u8| matches!(byte, 0..=8 | 10..=31 | 127) || b"\"():<>?@[\\]{}".contains(byte);
    let is_language = |byte: &u8| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(byte);
    bytes.len() <= 128
        && match name.as_str() {
            "accept" => !bytes.iter().any(is_unsafe),
            "accept-language" | "content-language" => bytes.iter().all(is_language),
            "content-type" => {
                let mime = MimeType::parse_bytes(bytes);
                let known = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
                !bytes.iter().any(is_unsafe) && mime.is_some_and(|mime| known.contains(&mime.essence()))
            }
            "range" => is_simple_range(bytes),
            _ => false,
        }
}

/// <https://fetch.spec.whatwg.org/#simple-range-header-value> with a start.
fn is_simple_range(bytes: &[u8]) -> bool {
    let range = std::str::from_utf8(bytes).ok().and_then(|text| text.strip_prefix("bytes=")?.split_once('-'));
    let is_number = |text: &str| text.parse::<u64>().is_ok() && text.bytes().all(|b| b.is_ascii_digit());
    range.is_some_and(|(first, last)| is_number(first) && (last.is_empty() || is_number(last)))
}

/// The values of a header that is a list of tokens.
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = String> + use<'a> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|item| item.trim().to_owned()).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_forms_can_send_too() {
        for (name, value, safe) in [
            ("accept", "text/html, */*;q=0.8", true),
            ("accept", "a(b)", false),
            ("accept-language", "de, en;q=0.5", true),
            ("accept-language", "de_DE", false),
            ("content-type", "text/plain;charset=utf-8", true),
            ("content-type", "application/json", false),
            ("content-type", "nonsense", false),
            ("range", "bytes=0-", true),
            ("range", "bytes=5-9", true),
            ("range", "bytes=-9", false),
            ("range", "bytes=0-1,2-3", false),
            ("x-own", "1", false),
            ("authorization", "Basic x", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(unsafe_headers(&headers).is_empty(), safe, "{name}: {value}");
        }
        let mut many = HeaderMap::new();
        for _ in 0..9 {
            many.append("accept", "x".repeat(120).parse().unwrap());
        }
        assert_eq!(unsafe_headers(&many), ["accept"]);
    }
}
