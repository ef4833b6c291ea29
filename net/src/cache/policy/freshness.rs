//! 4.2 Freshness: <https://httpwg.org/specs/rfc9111.html#expiration.model>.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, header};

use super::directives::{Directives, delta_seconds, members};
use super::storing_responses::is_heuristically_cacheable;
use crate::cache::date;
use crate::cache::entry::{Exchanged, Stored};

/// How long a response is fresh, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// The origin.
    Explicit(Duration),
    /// Nobody: a rule of thumb.
    Heuristic(Duration),
}

impl Lifetime {
    pub(super) const fn duration(self) -> Duration {
        match self {
            Self::Explicit(time) | Self::Heuristic(time) => time,
        }
    }
}

/// A response that never changes by what it says is fresh for so long.
const FOR_EVER: Duration = Duration::from_secs(1 << 31);

/// 4.2.1 Calculating Freshness Lifetime. `s-maxage` is for shared caches.
pub(super) fn lifetime(stored: &Stored, directives: &Directives) -> Lifetime {
    if let Some(max_age) = directives.max_age {
        return Lifetime::Explicit(max_age);
    }
    if stored.headers.contains_key(header::EXPIRES) {
        let lifetime = expires(&stored.headers)
            .and_then(|expires| expires.duration_since(date_of(stored)).ok())
            .unwrap_or_default();
        return Lifetime::Explicit(lifetime);
    }
    Lifetime::Heuristic(heuristic(stored, directives))
}

/// 4.2.2 Calculating Heuristic Freshness: "typically 10% of the interval since Last-Modified".
fn heuristic(stored: &Stored, directives: &Directives) -> Duration {
    // DEVIATION: as Chromium, none for what must not be used stale, and for ever for what is said to be permanent.
    if directives.must_revalidate || !(is_heuristically_cacheable(stored.status) || directives.public) {
        return Duration::ZERO;
    }
    if matches!(stored.status.as_u16(), 300 | 301 | 308 | 410) {
        return FOR_EVER;
    }
    let modified = single(&stored.headers, &header::LAST_MODIFIED).and_then(date::parse);
    let since = modified.and_then(|modified| date_of(stored).duration_since(modified).ok());
    since.unwrap_or_default() / 10
}

/// 4.2.3 Calculating Age, by the section's names.
pub(crate) fn current_age(stored: &Stored, now: SystemTime) -> Duration {
    let Exchanged { requested, responded } = stored.exchanged;
    let since = |later: SystemTime, earlier: SystemTime| later.duration_since(earlier).unwrap_or_default();
    let apparent_age = since(responded, date_of(stored));
    let response_delay = since(responded, requested);
    let corrected_age_value = age_value(&stored.headers).saturating_add(response_delay);
    let corrected_initial_age = apparent_age.max(corrected_age_value);
    let resident_time = since(now, responded);
    corrected_initial_age.saturating_add(resident_time)
}

/// How long it has been stale, zero while it is fresh.
pub(crate) fn staleness(stored: &Stored, now: SystemTime) -> Duration {
    let lifetime = lifetime(stored, &Directives::of(&stored.headers)).duration();
    current_age(stored, now).saturating_sub(lifetime)
}

/// "a cache SHOULD use the first value and ignore the others", and one that is no number.
fn age_value(headers: &HeaderMap) -> Duration {
    let first =
        headers.get(header::AGE).and_then(|line| line.to_str().ok()).and_then(|line| members(line).next());
    Duration::from_secs(first.filter(|text| !text.starts_with('"')).and_then(delta_seconds).unwrap_or(0))
}

/// Lines that say different things say nothing: the response is stale.
fn expires(headers: &HeaderMap) -> Option<SystemTime> {
    date::parse(single(headers, &header::EXPIRES)?)
}

/// When the origin made the response; without a date that can be read, when it came.
fn date_of(stored: &Stored) -> SystemTime {
    let date = stored.headers.get(header::DATE).and_then(|line| line.to_str().ok());
    date.and_then(date::parse).unwrap_or(stored.exchanged.responded)
}

/// The date of a stored response, to choose the latest of several.
pub(super) fn date_for_choice(stored: &Stored) -> SystemTime {
    date_of(stored)
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut lines = headers.get_all(name).iter();
    let first = lines.next()?;
    if lines.any(|line| line != first) { None } else { first.to_str().ok() }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{DATE, at, stored};
    use super::*;

    #[test]
    fn lifetimes() {
        use Lifetime::{Explicit, Heuristic};
        let seconds = Duration::from_secs;
        for (lines, expected) in [
            ("cache-control: max-age=10\nexpires: Thu, 01 Jan 2026 01:00:00 GMT", Explicit(seconds(10))),
            ("expires: Thu, 01 Jan 2026 00:00:10 GMT", Explicit(seconds(10))),
            ("expires: Thursday, 01-Jan-26 00:00:10 GMT", Explicit(seconds(10))),
            ("expires: Thu Jan  1 00:00:10 2026", Explicit(seconds(10))),
            ("expires: 0", Explicit(seconds(0))),
            ("expires: Wed, 31 Dec 2025 00:00:10 GMT", Explicit(seconds(0))),
            (
                "expires: Thu, 01 Jan 2026 00:00:10 GMT\nexpires: Thu, 01 Jan 2026 00:00:10 GMT",
                Explicit(seconds(10)),
            ),
            (
                "expires: Thu, 01 Jan 2026 00:00:10 GMT\nexpires: Thu, 01 Jan 2026 00:00:11 GMT",
                Explicit(seconds(0)),
            ),
            ("cache-control: s-maxage=10", Heuristic(seconds(0))),
            ("last-modified: Wed, 31 Dec 2025 00:00:00 GMT", Heuristic(seconds(8640))),
            ("last-modified: Fri, 02 Jan 2026 00:00:00 GMT", Heuristic(seconds(0))),
            (
                "last-modified: Wed, 31 Dec 2025 00:00:00 GMT\ncache-control: must-revalidate",
                Heuristic(seconds(0)),
            ),
            ("", Heuristic(seconds(0))),
        ] {
            let stored = stored(&format!("{DATE}\n{lines}"));
            assert_eq!(lifetime(&stored, &Directives::of(&stored.headers)), expected, "{lines}");
        }
        // Without a readable Date, the time at which it came.
        let undated = stored("date: foo\nexpires: Thu, 01 Jan 2026 00:00:10 GMT");
        assert_eq!(lifetime(&undated, &Directives::default()), Explicit(seconds(8)));
        let gone = Stored { status: http::StatusCode::GONE, ..stored("") };
        assert_eq!(lifetime(&gone, &Directives::default()), Heuristic(FOR_EVER));
        let created = Stored {
            status: http::StatusCode::CREATED,
            ..stored(&format!("{DATE}\nlast-modified: Wed, 31 Dec 2025 00:00:00 GMT"))
        };
        assert_eq!(lifetime(&created, &Directives::default()), Heuristic(seconds(0)));
    }

    #[test]
    fn age_adds_up() {
        // Asked at 0 s, there at 2 s.
        for (lines, now, expected) in [
            ("", 2, 2),
            ("", 12, 12),
            ("age: 5", 12, 17),
            ("date: Wed, 31 Dec 2025 23:59:00 GMT", 12, 72),
            ("date: Thu, 01 Jan 2026 01:00:00 GMT", 12, 12),
            ("age: 5\ndate: Wed, 31 Dec 2025 23:59:00 GMT", 12, 72),
            ("age: nonsense", 2, 2),
            ("age: -7200", 2, 2),
            ("age: 7200.0", 2, 2),
            ("age: 7200, 0", 2, 7202),
            ("age: 0, 7200", 2, 2),
            ("age: 7200\nage: 0", 2, 7202),
            ("", 0, 2),
        ] {
            assert_eq!(current_age(&stored(lines), at(now)).as_secs(), expected, "{lines} {now}");
        }
    }
}
