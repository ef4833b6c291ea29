//! HTTP dates. The door to httpdate.

use std::time::SystemTime;

/// <https://httpwg.org/specs/rfc9110.html#http.date>: all three forms; `None` for anything else.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text.trim()).ok()
}
