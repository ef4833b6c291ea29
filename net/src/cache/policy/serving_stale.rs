//! 4.2.4 Serving Stale Responses: <https://httpwg.org/specs/rfc9111.html#serving.stale.responses>, with RFC
//! 5861 (`stale-while-revalidate`, `stale-if-error`).

use std::time::{Duration, SystemTime};

use http::StatusCode;

use super::directives::Directives;
use super::freshness::staleness;
use crate::cache::entry::Stored;
use crate::limits::MAX_STALE_WHEN_DISCONNECTED;
use crate::request::RequestMode;

/// How an origin failed to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OriginFailure {
    /// It could not be reached, or broke off before a head was there.
    Unreachable,
    /// It answered with this status.
    Status(StatusCode),
}

/// "A cache MUST NOT generate a stale response if it is prohibited by an explicit in-protocol directive".
pub(super) fn may_be_stale(directives: &Directives) -> bool {
    !directives.must_revalidate && !directives.no_cache
}

/// Whether a stale response is used, and the origin asked in the background: RFC 5861, 3.
pub(super) fn may_be_refreshed_later(directives: &Directives, stale_for: Duration) -> bool {
    may_be_stale(directives) && directives.stale_while_revalidate.is_some_and(|window| stale_for <= window)
}

/// Whether a stored response stands in for an origin that failed: RFC 5861, 4, and "disconnected" of 4.2.4.
///
/// DEVIATION: without `stale-if-error` Chromium shows the failure. Here a subresource of an origin that cannot be
/// reached is taken from the cache for a while, a document is not: its reader would not know.
pub(crate) fn may_stand_in(
    stored: &Stored,
    failure: OriginFailure,
    mode: RequestMode,
    now: SystemTime,
) -> bool {
    let directives = Directives::of(&stored.headers);
    let stale_for = staleness(stored, now);
    let is_error = match failure {
        OriginFailure::Unreachable => true,
        OriginFailure::Status(status) => matches!(status.as_u16(), 500 | 502 | 503 | 504),
    };
    let by_directive = directives.stale_if_error.is_some_and(|window| stale_for <= window);
    let disconnected = failure == OriginFailure::Unreachable
        && mode != RequestMode::Navigate
        && stale_for <= MAX_STALE_WHEN_DISCONNECTED;
    is_error && may_be_stale(&directives) && (by_directive || disconnected)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{DATE, at, stored};
    use super::*;

    #[test]
    fn standing_in() {
        use OriginFailure::{Status, Unreachable};
        let unavailable = Status(StatusCode::SERVICE_UNAVAILABLE);
        for (lines, failure, mode, seconds, expected) in [
            ("max-age=2, stale-if-error=60", unavailable, RequestMode::NoCors, 30, true),
            ("max-age=2, stale-if-error=60", unavailable, RequestMode::NoCors, 63, false),
            ("max-age=2, stale-if-error=60", Status(StatusCode::NOT_FOUND), RequestMode::NoCors, 30, false),
            ("max-age=2, stale-if-error=60", Unreachable, RequestMode::Navigate, 30, true),
            ("max-age=2", unavailable, RequestMode::NoCors, 30, false),
            ("max-age=2", Unreachable, RequestMode::NoCors, 30, true),
            ("max-age=2", Unreachable, RequestMode::NoCors, 1_000_000, false),
            ("max-age=2", Unreachable, RequestMode::Navigate, 30, false),
            ("max-age=2, must-revalidate", Unreachable, RequestMode::NoCors, 30, false),
            ("max-age=2, no-cache, stale-if-error=60", Unreachable, RequestMode::NoCors, 30, false),
        ] {
            let stored = stored(&format!("{DATE}\ncache-control: {lines}"));
            assert_eq!(may_stand_in(&stored, failure, mode, at(seconds)), expected, "{lines} {failure:?}");
        }
    }
}
