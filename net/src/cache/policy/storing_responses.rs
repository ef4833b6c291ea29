//! 3. Storing Responses in Caches: <https://httpwg.org/specs/rfc9111.html#response.cacheability>.

use http::{HeaderMap, Method, StatusCode, header};
use url::Url;

use super::cache_keys::is_always_other;
use super::directives::Directives;

/// As what a response may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Storing {
    /// Not at all.
    No,
    /// As the whole answer to a GET.
    Whole,
    /// As the part of an answer that its `Content-Range` names.
    Part,
}

/// Whether the answer to a request for `url` may be stored, for a private cache. The items are the
/// section's.
pub(crate) fn may_store(
    (method, url, request): (&Method, &Url, &HeaderMap),
    (status, response): (StatusCode, &HeaderMap),
) -> Storing {
    let directives = Directives::of(response);
    // Not stored is what could never be found again.
    if is_always_other(response) {
        return Storing::No;
    }
    // "the request method is understood by the cache"
    let is_cached_method = match *method {
        Method::GET => true,
        // <https://httpwg.org/specs/rfc9110.html#POST>: a later GET may be answered by it if it says so.
        Method::POST => is_answer_to_get(url, response) && has_explicit_freshness(&directives, response),
        _ => false,
    };
    // "the response status code is final", and means something by itself.
    let is_final = status.as_u16() >= 200 && status != StatusCode::NOT_MODIFIED;
    // "if the response status code is 206 or 304, or the must-understand cache directive is present: the
    // cache understands the response status code"
    if directives.must_understand && !is_understood(status) {
        return Storing::No;
    }
    // "the no-store cache directive is not present in the response", which must-understand overrides (5.2.2.3).
    let no_store = directives.no_store && !directives.must_understand;
    let no_store = no_store || Directives::of_request(request).no_store;
    if !is_cached_method || !is_final || no_store {
        return Storing::No;
    }
    // "private", shared caches and Authorization: this cache is private.
    // "the response contains at least one of the following": explicit freshness, or a status that is cacheable
    // by heuristics, or public or private.
    let can_be_used = has_explicit_freshness(&directives, response)
        || directives.public
        || directives.private
        || is_heuristically_cacheable(status);
    match status {
        _ if !can_be_used => Storing::No,
        // A stored 416 would be taken for an answer to a request without a range.
        StatusCode::RANGE_NOT_SATISFIABLE => Storing::No,
        StatusCode::PARTIAL_CONTENT if *method == Method::GET => Storing::Part,
        StatusCode::PARTIAL_CONTENT => Storing::No,
        _ => Storing::Whole,
    }
}

/// <https://httpwg.org/specs/rfc9110.html#overview.of.status.codes>, end.
pub(super) const fn is_heuristically_cacheable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

fn has_explicit_freshness(directives: &Directives, response: &HeaderMap) -> bool {
    directives.max_age.is_some() || response.contains_key(header::EXPIRES)
}

/// The final statuses of RFC 9110 and those of WebDAV and others that ask nothing of a cache.
const fn is_understood(status: StatusCode) -> bool {
    matches!(
        status.as_u16(),
        200..=206 | 300..=305 | 307 | 308 | 400..=417 | 421..=426 | 428 | 429 | 431 | 451 | 500..=505 | 511
    )
}

/// "Content-Location … the same value as the POST's target URI".
fn is_answer_to_get(url: &Url, response: &HeaderMap) -> bool {
    let location = response.get(header::CONTENT_LOCATION).and_then(|value| value.to_str().ok());
    let Some(Ok(mut location)) = location.map(|location| url.join(location)) else { return false };
    let mut url = url.clone();
    url.set_fragment(None);
    location.set_fragment(None);
    url == location
}

#[cfg(test)]
mod tests {
    use super::super::samples::headers;
    use super::*;

    fn storing(method: &Method, request: &str, status: u16, response: &str) -> Storing {
        let url = Url::parse("http://a.test/x").unwrap();
        let status = StatusCode::from_u16(status).unwrap();
        may_store((method, &url, &headers(request)), (status, &headers(response)))
    }

    #[test]
    fn by_status_and_directives() {
        use Storing::{No, Part, Whole};
        for (status, lines, expected) in [
            (200, "cache-control: max-age=1", Whole),
            (200, "", Whole),
            (200, "cache-control: private, No-Store\netag: \"a\"", No),
            (200, "etag: \"a\"\nvary: *", No),
            (200, "vary: a, *", No),
            (200, "cache-control: no-store, must-understand, max-age=1", Whole),
            (599, "cache-control: must-understand, max-age=1", No),
            (201, "last-modified: Thu, 01 Jan 2026 00:00:00 GMT", No),
            (201, "cache-control: max-age=1", Whole),
            (206, "cache-control: max-age=1", Part),
            (302, "", No),
            (302, "cache-control: max-age=1", Whole),
            (301, "", Whole),
            (304, "cache-control: max-age=1", No),
            (404, "", Whole),
            (416, "cache-control: max-age=1", No),
            (500, "", No),
            (500, "cache-control: max-age=1", Whole),
            (599, "cache-control: public", Whole),
            (599, "expires: Thu, 01 Jan 2026 00:00:00 GMT", Whole),
            (103, "cache-control: max-age=1", No),
        ] {
            assert_eq!(storing(&Method::GET, "", status, lines), expected, "{status} {lines}");
        }
    }

    #[test]
    fn by_request() {
        let fresh = "cache-control: max-age=1";
        assert_eq!(storing(&Method::GET, "cache-control: no-store", 200, fresh), Storing::No);
        assert_eq!(storing(&Method::GET, "authorization: x", 200, fresh), Storing::Whole);
        assert_eq!(storing(&Method::HEAD, "", 200, fresh), Storing::No);
        assert_eq!(storing(&Method::POST, "", 200, fresh), Storing::No);
        let here = "cache-control: max-age=1\ncontent-location: /x";
        assert_eq!(storing(&Method::POST, "", 200, here), Storing::Whole);
        assert_eq!(storing(&Method::POST, "", 200, "content-location: /x"), Storing::No);
        let there = "cache-control: max-age=1\ncontent-location: /y";
        assert_eq!(storing(&Method::POST, "", 200, there), Storing::No);
        assert_eq!(storing(&Method::PUT, "", 200, here), Storing::No);
    }
}
