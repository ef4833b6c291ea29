//! What the tests of the policy are made of: headers in lines, times since a fixed day.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, StatusCode};

use crate::cache::entry::{Exchanged, Stored};
use crate::cache::stored_body::StoredBody;

/// The day on which the samples were fetched.
pub(super) const DATE: &str = "date: Thu, 01 Jan 2026 00:00:00 GMT";

/// 2026-01-01T00:00:00Z plus some seconds.
pub(super) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + seconds)
}

/// Headers, one a line.
pub(super) fn headers(lines: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap();
        headers.append(HeaderName::try_from(name).unwrap(), value.trim().parse().unwrap());
    }
    headers
}

/// A 200 with these headers, asked for at 0 s and there at 2 s.
pub(super) fn stored(lines: &str) -> Stored {
    Stored {
        status: StatusCode::OK,
        headers: headers(lines),
        body: StoredBody::memory(&b"0123456789"[..]),
        varied: Vec::new(),
        exchanged: Exchanged { requested: at(0), responded: at(2) },
        extent: None,
    }
}
