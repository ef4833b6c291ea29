//! What RFC 9111 says about a response, as pure functions. Times are arguments.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::{Exchanged, Stored, date};

/// <https://httpwg.org/specs/rfc9111.html#response.cacheability>, for a private cache.
///
/// DEVIATION: only final statuses that are cacheable by default are stored, and only if they can be used
/// again: they say how long they are fresh, or carry a validator.
pub(super) fn may_store(method: &Method, status: StatusCode, headers: &HeaderMap) -> bool {
    // 15.1 of RFC 9110 without 206 (no partial responses) and the redirects, whose bodies are not kept.
    let by_default = matches!(status.as_u16(), 200 | 203 | 204 | 300 | 404 | 405 | 410 | 414 | 501);
    *method == Method::GET
        && by_default
        && !has_directive(headers, "no-store")
        && !headers.get_all(header::VARY).iter().any(|value| value == "*")
        && (freshness_lifetime(headers) > Duration::ZERO || has_validator(headers))
}

/// Whether the origin can be asked if it is still good.
pub(super) fn has_validator(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ETAG) || headers.contains_key(header::LAST_MODIFIED)
}

/// <https://httpwg.org/specs/rfc9111.html#expiration.model>
pub(super) fn is_fresh(stored: &Stored, age: Duration) -> bool {
    !has_directive(&stored.headers, "no-cache") && freshness_lifetime(&stored.headers) > age
}

/// <https://httpwg.org/specs/rfc9111.html#calculating.freshness.lifetime>: `max-age`, else `Expires`; what
/// cannot be read counts as stale.
///
/// TODO(4.2.1, last item): heuristic freshness.
fn freshness_lifetime(headers: &HeaderMap) -> Duration {
    if let Some(value) = directive(headers, "max-age") {
        return Duration::from_secs(delta_seconds(&value).unwrap_or(0));
    }
    let (Some(expires), Some(date)) = (date_of(headers, &header::EXPIRES), date_of(headers, &header::DATE))
    else {
        return Duration::ZERO;
    };
    expires.duration_since(date).unwrap_or_default()
}

/// <https://httpwg.org/specs/rfc9111.html#age.calculations>
pub(super) fn current_age(stored: &Stored, now: SystemTime) -> Duration {
    let Exchanged { requested, responded } = stored.exchanged;
    let since = |later: SystemTime, earlier: SystemTime| later.duration_since(earlier).unwrap_or_default();
    let date = date_of(&stored.headers, &header::DATE).unwrap_or(responded);
    let apparent_age = since(responded, date);
    let age_value = stored.headers.get(header::AGE).and_then(|value| delta_seconds(value.to_str().ok()?));
    let response_delay = since(responded, requested);
    let corrected_age_value = Duration::from_secs(age_value.unwrap_or(0)).saturating_add(response_delay);
    apparent_age.max(corrected_age_value).saturating_add(since(now, responded))
}

/// <https://httpwg.org/specs/rfc9111.html#caching.negotiated.responses>: the values of the request's
/// headers that `Vary` names.
pub(super) fn varied(response: &HeaderMap, request: &HeaderMap) -> Vec<(HeaderName, Vec<HeaderValue>)> {
    let mut varied = Vec::new();
    for value in response.get_all(header::VARY) {
        for name in value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            if let Ok(name) = HeaderName::from_bytes(name) {
                let values = request.get_all(&name).iter().cloned().collect();
                varied.push((name, values));
            }
        }
    }
    varied
}

/// Whether what is stored was selected by the same request headers.
pub(super) fn is_selected(stored: &Stored, request: &HeaderMap) -> bool {
    stored.varied.iter().all(|(name, values)| request.get_all(name).iter().eq(values))
}

/// <https://httpwg.org/specs/rfc9111.html#update>: the headers of a 304 replace the stored ones, except
/// those which describe the message that carried them.
pub(super) fn updated(stored: &Stored, news: &HeaderMap, exchanged: Exchanged) -> Stored {
    let mut headers = stored.headers.clone();
    for name in news.keys().filter(|name| !is_of_message(name)) {
        headers.remove(name);
        for value in news.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    if !news.contains_key(header::AGE) {
        headers.remove(header::AGE);
    }
    Stored { headers, exchanged, ..stored.clone() }
}

fn is_of_message(name: &HeaderName) -> bool {
    [
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::CONTENT_RANGE,
        header::TRANSFER_ENCODING,
        header::CONNECTION,
        header::TE,
        header::TRAILER,
        header::UPGRADE,
    ]
    .contains(name)
}

fn has_directive(headers: &HeaderMap, name: &str) -> bool {
    directive(headers, name).is_some()
}

/// The value of the first `Cache-Control` directive of this name, empty when it has none.
fn directive(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let values = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    for directive in values.flat_map(split_list) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value.trim().trim_matches('"').to_owned());
        }
    }
    None
}

/// The members of a comma-separated list, with commas in quoted strings left alone.
fn split_list(list: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    list.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
}

/// <https://httpwg.org/specs/rfc9111.html#delta-seconds>: too large a number is as good as for ever.
fn delta_seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX).min(1 << 31))
}

fn date_of(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    date::parse(headers.get(name)?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01T00:00:00Z plus some seconds.
    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + seconds)
    }

    fn headers(lines: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').unwrap();
            headers.append(HeaderName::try_from(name).unwrap(), value.trim().parse().unwrap());
        }
        headers
    }

    fn stored(lines: &str) -> Stored {
        Stored {
            status: StatusCode::OK,
            headers: headers(lines),
            body: bytes::Bytes::new(),
            varied: Vec::new(),
            exchanged: Exchanged { requested: at(0), responded: at(2) },
        }
    }

    #[test]
    fn storable() {
        for (status, lines, expected) in [
            (200, "cache-control: max-age=1", true),
            (200, "etag: \"a\"", true),
            (200, "", false),
            (200, "cache-control: max-age=0", false),
            (200, "cache-control: max-age=0\netag: \"a\"", true),
            (200, "cache-control: private, No-Store\netag: \"a\"", false),
            (200, "etag: \"a\"\nvary: *", false),
            (206, "cache-control: max-age=1", false),
            (302, "cache-control: max-age=1", false),
            (404, "cache-control: max-age=1", true),
            (500, "cache-control: max-age=1", false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(may_store(&Method::GET, status, &headers(lines)), expected, "{status} {lines}");
        }
        assert!(!may_store(&Method::POST, StatusCode::OK, &headers("cache-control: max-age=1")));
    }

    #[test]
    fn fresh_or_not() {
        let date = "date: Thu, 01 Jan 2026 00:00:00 GMT";
        for (lines, now, expected) in [
            ("cache-control: max-age=10".to_owned(), 9, true),
            ("cache-control: max-age=10".to_owned(), 10, false),
            ("cache-control: max-age=\"10\"".to_owned(), 9, true),
            ("cache-control: x=\"a, max-age=1\", MAX-AGE=10".to_owned(), 9, true),
            ("cache-control: max-age=ten".to_owned(), 2, false),
            ("cache-control: max-age=10, no-cache".to_owned(), 2, false),
            ("cache-control: max-age=99999999999999999999".to_owned(), 9, true),
            ("cache-control: max-age=10\nage: 5".to_owned(), 4, true),
            ("cache-control: max-age=10\nage: 5".to_owned(), 5, false),
            (format!("{date}\nexpires: Thu, 01 Jan 2026 00:00:10 GMT"), 9, true),
            (format!("{date}\nexpires: Thu, 01 Jan 2026 00:00:10 GMT"), 10, false),
            (format!("{date}\nexpires: 0"), 2, false),
            (format!("{date}\ncache-control: max-age=1\nexpires: Thu, 01 Jan 2026 00:00:10 GMT"), 2, false),
            ("date: Wed, 31 Dec 2025 23:59:57 GMT\ncache-control: max-age=10".to_owned(), 6, true),
            ("date: Wed, 31 Dec 2025 23:59:57 GMT\ncache-control: max-age=10".to_owned(), 7, false),
        ] {
            let stored = stored(&lines);
            let age = current_age(&stored, at(now));
            assert_eq!(is_fresh(&stored, age), expected, "{lines} at {now} with age {age:?}");
        }
    }

    #[test]
    fn a_304_updates_headers_but_not_the_message() {
        let old = stored("etag: \"a\"\ncontent-length: 5\ncache-control: max-age=1\nage: 7\nlink: <x>");
        let news = headers("etag: \"a\"\ncontent-length: 0\ncache-control: max-age=9\nx-new: 1");
        let new = updated(&old, &news, Exchanged { requested: at(5), responded: at(6) });
        assert_eq!(
            new.headers,
            headers("content-length: 5\nlink: <x>\netag: \"a\"\ncache-control: max-age=9\nx-new: 1")
        );
        assert!(is_fresh(&new, current_age(&new, at(8))));
    }

    #[test]
    fn vary_selects() {
        let response = headers("vary: Accept, x-a\nvary: x-b");
        let request = headers("accept: */*\nx-a: 1");
        let stored = Stored { varied: varied(&response, &request), ..stored("") };
        assert!(is_selected(&stored, &headers("x-a: 1\naccept: */*\nother: 1")));
        assert!(!is_selected(&stored, &headers("x-a: 2\naccept: */*")));
        assert!(!is_selected(&stored, &headers("x-a: 1\naccept: */*\nx-b: 1")));
    }
}
