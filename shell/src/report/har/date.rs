//! ISO 8601 dates of HAR files.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `2026-01-01T00:00:00.000Z`: UTC with milliseconds, cut and not rounded. `offset` is added to `at`.
///
/// What lies before 1970 or after 9999 (a machine without a clock) becomes the nearest date between.
pub(crate) fn format(at: SystemTime, offset: Duration) -> String {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().saturating_add(offset);
    let last = Duration::from_millis(253_402_300_799_999);
    let nanos = i128::try_from(since.min(last).as_nanos()).unwrap_or_default();
    let date = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        date.hour(),
        date.minute(),
        date.second(),
        date.millisecond()
    )
}

/// Any date of RFC 3339, with any offset and any number of digits of a second.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let date = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
    let nanos = date.unix_timestamp_nanos();
    let distance = Duration::from_nanos(u64::try_from(nanos.unsigned_abs()).ok()?);
    if nanos >= 0 {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_utc_with_milliseconds() {
        let at = |ms: u64| {
            format(SystemTime::UNIX_EPOCH + Duration::from_millis(1), Duration::from_millis(ms - 1))
        };
        assert_eq!(at(1_767_225_600_007), "2026-01-01T00:00:00.007Z");
        assert_eq!(at(951_827_696_999), "2000-02-29T12:34:56.999Z");
        assert_eq!(format(SystemTime::UNIX_EPOCH, Duration::MAX), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn dates_are_read_in_any_offset() {
        let expected = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_225_600_250);
        for text in
            ["2026-01-01T00:00:00.250Z", "2026-01-01T02:00:00.25+02:00", " 2025-12-31T19:30:00.2500000-04:30"]
        {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        assert_eq!(parse("1969-12-31T23:59:59Z"), SystemTime::UNIX_EPOCH.checked_sub(Duration::from_secs(1)));
        for text in ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
