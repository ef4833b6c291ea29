//! 4.4 Invalidating Stored Responses: <https://httpwg.org/specs/rfc9111.html#invalidation>.

use http::{HeaderMap, Method, StatusCode, header};
use url::Url;

/// The URLs about which a cache has to forget what it knows, after this answer to a request for `url`.
pub(crate) fn invalidated(method: &Method, url: &Url, status: StatusCode, response: &HeaderMap) -> Vec<Url> {
    // "a non-error status code … in response to an unsafe request method (including methods whose safety is
    // unknown)".
    if method.is_safe() || !(status.is_success() || status.is_redirection()) {
        return Vec::new();
    }
    let mut urls = vec![url.clone()];
    for name in [header::LOCATION, header::CONTENT_LOCATION] {
        let target = response.get(name).and_then(|value| url.join(value.to_str().ok()?).ok());
        // "if the origin … differs from … the target URI", it might be an attack.
        urls.extend(target.filter(|target| target.origin() == url.origin()));
    }
    urls
}

#[cfg(test)]
mod tests {
    use super::super::samples::headers;
    use super::*;

    #[test]
    fn by_unsafe_methods() {
        let url = Url::parse("http://a.test/x").unwrap();
        let paths = |method: &str, status: u16, lines: &str| -> String {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let status = StatusCode::from_u16(status).unwrap();
            let urls = invalidated(&method, &url, status, &headers(lines));
            urls.iter().map(Url::path).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(paths("GET", 200, ""), "");
        assert_eq!(paths("HEAD", 200, ""), "");
        assert_eq!(paths("OPTIONS", 200, "location: /y"), "");
        assert_eq!(paths("POST", 200, ""), "/x");
        assert_eq!(paths("M-SEARCH", 200, ""), "/x");
        assert_eq!(paths("PUT", 500, ""), "");
        assert_eq!(paths("DELETE", 303, "location: y"), "/x /y");
        assert_eq!(paths("PUT", 200, "location: /y\ncontent-location: /z"), "/x /y /z");
        assert_eq!(paths("PUT", 200, "location: http://b.test/y"), "/x");
    }
}
