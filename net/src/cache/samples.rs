//! What the tests of the stores are made of.

use std::sync::Arc;
use std::time::SystemTime;

use http::{HeaderMap, HeaderValue, StatusCode};
use url::Url;

use super::entry::{Exchanged, Stored};
use super::key::CacheKey;
use super::policy;
use super::stored_body::StoredBody;

/// The key of `http://a.test/PATH`.
pub(super) fn key(path: &str) -> CacheKey {
    CacheKey::new(&Url::parse("http://a.test/").unwrap().join(path).unwrap(), "site")
}

/// A fresh 200 of so many bytes that varies by the header `a`, chosen by a request with this header line.
pub(super) fn stored(request: &str, size: usize) -> Arc<Stored> {
    let mut asked = HeaderMap::new();
    if let Some((_, value)) = request.split_once(": ") {
        asked.insert("a", HeaderValue::from_str(value).unwrap());
    }
    let headers = HeaderMap::from_iter([
        (http::header::CACHE_CONTROL, HeaderValue::from_static("max-age=60")),
        (http::header::VARY, HeaderValue::from_static("a")),
    ]);
    let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_767_225_600);
    let body: Vec<u8> = (0..size).map(|n| (n * 7 % 251) as u8).collect();
    Arc::new(Stored {
        status: StatusCode::OK,
        varied: policy::selecting(&headers, &asked),
        headers,
        body: StoredBody::memory(body),
        exchanged: Exchanged { requested: now, responded: now },
        extent: None,
    })
}
