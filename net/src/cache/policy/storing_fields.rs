//! 3.1 Storing Header and Trailer Fields, 3.2 Updating Stored Header Fields:
//! <https://httpwg.org/specs/rfc9111.html#storing.fields>.

use http::{HeaderMap, HeaderName, header};

use super::directives::members;

/// The headers of a response that may be stored: all but those of the connection it came over.
pub(crate) fn storable(response: &HeaderMap) -> HeaderMap {
    let mut headers = response.clone();
    for line in response.get_all(header::CONNECTION) {
        for name in members(&String::from_utf8_lossy(line.as_bytes())) {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                headers.remove(name);
            }
        }
    }
    for name in OF_CONNECTION {
        headers.remove(name);
    }
    headers
}

/// 3.2: the stored headers brought up to date by those of a 304, or of the answer to a HEAD.
pub(crate) fn updated(stored: &HeaderMap, news: &HeaderMap) -> HeaderMap {
    let mut headers = stored.clone();
    let news = storable(news);
    for name in news.keys().filter(|name| !KEPT.contains(&name.as_str())) {
        headers.remove(name);
        for value in news.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    // An Age is true of the message that carries it, not of those that come after it.
    if !news.contains_key(header::AGE) {
        headers.remove(header::AGE);
    }
    headers
}

/// <https://httpwg.org/specs/rfc9110.html#field.connection>, and the fields of a hop's proxy.
const OF_CONNECTION: [&str; 11] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
];

/// "Fields that the cache's stored response depends upon", and `Content-Length`.
///
/// DEVIATION: `Content-Type` too, as in Chromium: many servers send one of their own with a 304.
const KEPT: [&str; 4] = ["content-length", "content-encoding", "content-range", "content-type"];

#[cfg(test)]
mod tests {
    use super::super::samples::headers;
    use super::*;

    #[test]
    fn what_belongs_to_the_connection_is_not_stored() {
        let stored = storable(&headers(
            "connection: a, B\na: 1\nb: 2\nc: 3\nkeep-alive: x\ntransfer-encoding: chunked\nset-cookie: a=b\nte: x",
        ));
        assert_eq!(stored, headers("c: 3\nset-cookie: a=b"));
    }

    #[test]
    fn a_304_adds_and_replaces() {
        let stored = headers("etag: \"a\"\ncontent-length: 3\nx-old: 1\nage: 5\ncontent-type: text/css");
        let news = headers(
            "etag: \"a\"\ncontent-length: 0\nx-old: 2\nx-old: 3\nx-new: 4\nconnection: close\ncontent-type: text/html",
        );
        let expected = "etag: \"a\"\ncontent-length: 3\nx-old: 2\nx-old: 3\nx-new: 4\ncontent-type: text/css";
        assert_eq!(updated(&stored, &news), headers(expected));
    }
}
