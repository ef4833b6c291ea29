//! 5.2 Cache-Control and 5.4 Pragma: <https://httpwg.org/specs/rfc9111.html#field.cache-control>.

use std::time::Duration;

use http::{HeaderMap, HeaderName, header};

/// More than this many seconds is as good as for ever:
/// <https://httpwg.org/specs/rfc9111.html#delta-seconds>.
const MAX_DELTA_SECONDS: u64 = 1 << 31;

/// The directives of a message that a private cache acts on.
///
/// Of a directive that comes more than once the first counts; a time that cannot be read counts as zero, so
/// that the response is stale (4.2.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Directives {
    pub(super) max_age: Option<Duration>,
    /// `no-cache` for the whole response.
    pub(super) no_cache: bool,
    /// The fields that `no-cache="…"` names: they are not used without asking.
    pub(super) no_cache_fields: Vec<HeaderName>,
    pub(super) no_store: bool,
    pub(super) must_revalidate: bool,
    pub(super) must_understand: bool,
    pub(super) public: bool,
    pub(super) private: bool,
    /// RFC 8246.
    pub(super) immutable: bool,
    /// RFC 5861, 3.
    pub(super) stale_while_revalidate: Option<Duration>,
    /// RFC 5861, 4.
    pub(super) stale_if_error: Option<Duration>,
    /// Of requests: how stale a response may be; without a value any.
    pub(super) max_stale: Option<Duration>,
    /// Of requests: for how long a response must still be fresh.
    pub(super) min_fresh: Option<Duration>,
    /// Of requests.
    pub(super) only_if_cached: bool,
}

impl Directives {
    /// What the `Cache-Control` lines of `headers` say.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut directives = Self::default();
        for line in headers.get_all(header::CACHE_CONTROL) {
            // Bytes that are not ASCII can stand in extensions only.
            let text = String::from_utf8_lossy(line.as_bytes());
            for member in members(&text) {
                directives.take(member);
            }
        }
        directives
    }

    /// The same for a request, where `Pragma: no-cache` counts when there is no `Cache-Control`:
    /// <https://httpwg.org/specs/rfc9111.html#field.pragma>.
    pub(super) fn of_request(headers: &HeaderMap) -> Self {
        let mut directives = Self::of(headers);
        if !headers.contains_key(header::CACHE_CONTROL) {
            let is_no_cache = |line: &http::HeaderValue| {
                members(&String::from_utf8_lossy(line.as_bytes()))
                    .any(|member| member.eq_ignore_ascii_case("no-cache"))
            };
            directives.no_cache = headers.get_all(header::PRAGMA).iter().any(is_no_cache);
        }
        directives
    }

    fn take(&mut self, member: &str) {
        // No whitespace is allowed around "=": a name with some is another name, a value with some is invalid.
        let (name, value) = match member.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (member, None),
        };
        let seconds = || Duration::from_secs(value.and_then(delta_seconds).unwrap_or(0));
        let first = |slot: &mut Option<Duration>, time: Duration| {
            slot.get_or_insert(time);
        };
        match name.to_ascii_lowercase().as_str() {
            "max-age" => first(&mut self.max_age, seconds()),
            "no-cache" => match value {
                Some(fields) => self.no_cache_fields.extend(field_names(fields)),
                None => self.no_cache = true,
            },
            "no-store" => self.no_store = true,
            "must-revalidate" => self.must_revalidate = true,
            "must-understand" => self.must_understand = true,
            "public" => self.public = true,
            "private" => self.private = true,
            "immutable" => self.immutable = true,
            "stale-while-revalidate" => first(&mut self.stale_while_revalidate, seconds()),
            "stale-if-error" => first(&mut self.stale_if_error, seconds()),
            "max-stale" => {
                let any = Duration::from_secs(MAX_DELTA_SECONDS);
                first(&mut self.max_stale, if value.is_none() { any } else { seconds() });
            }
            "min-fresh" => first(&mut self.min_fresh, seconds()),
            "only-if-cached" => self.only_if_cached = true,
            _ => {}
        }
    }
}

/// The members of a comma-separated list, trimmed, with commas in quoted strings left alone.
pub(super) fn members(list: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    list.split(move |c| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '\\' if quoted && !was_escaped => escaped = true,
            '"' if !was_escaped => quoted = !quoted,
            _ => {}
        }
        c == ',' && !quoted
    })
    .map(|member| member.trim_matches([' ', '\t']))
    .filter(|member| !member.is_empty())
}

/// The number of seconds, quoted or not.
pub(super) fn delta_seconds(text: &str) -> Option<u64> {
    let text = unquoted(text);
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // What does not fit into 64 bits is too large all the more.
    Some(text.parse().unwrap_or(u64::MAX).min(MAX_DELTA_SECONDS))
}

fn field_names(list: &str) -> impl Iterator<Item = HeaderName> {
    members(unquoted(list)).filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok())
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::super::samples::headers;
    use super::*;

    #[test]
    fn lists_and_quotes() {
        let members = |list| members(list).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(members("a, b=\"c, d\" ,,e"), ["a", "b=\"c, d\"", "e"]);
        assert_eq!(members(r#"a="\",", b"#), [r#"a="\",""#, "b"]);
        assert_eq!(members(" , "), [""; 0]);
    }

    #[test]
    fn max_age() {
        let seconds = |n| Some(Duration::from_secs(n));
        for (value, expected) in [
            ("max-age=10", seconds(10)),
            ("MaX-aGe=10", seconds(10)),
            ("foobar, max-age=10", seconds(10)),
            ("max-age=\"10\"", seconds(10)),
            ("max-age=0010", seconds(10)),
            ("max-age='10'", seconds(0)),
            ("max-age=-10", seconds(0)),
            ("max-age=10a", seconds(0)),
            ("max-age= 10", seconds(0)),
            ("max-age", seconds(0)),
            ("max-age =10", None),
            ("extension=\"max-age=10\"", None),
            ("extension=\"max-age=10\", max-age=1", seconds(1)),
            ("max-age=10, max-age=1", seconds(10)),
            ("max-age=99999999999999999999999", seconds(MAX_DELTA_SECONDS)),
        ] {
            let directives = Directives::of(&headers(&format!("cache-control: {value}")));
            assert_eq!(directives.max_age, expected, "{value}");
        }
    }

    #[test]
    fn others() {
        let directives = Directives::of(&headers(
            "cache-control: No-Cache=\"a, B\", private=\"c\", Must-Revalidate\ncache-control: stale-while-revalidate=5",
        ));
        assert!(!directives.no_cache && directives.must_revalidate && directives.private);
        assert_eq!(directives.no_cache_fields, ["a", "b"]);
        assert_eq!(directives.stale_while_revalidate, Some(Duration::from_secs(5)));
        assert!(Directives::of_request(&headers("pragma: x, no-cache")).no_cache);
        assert!(!Directives::of_request(&headers("pragma: no-cache\ncache-control: max-age=1")).no_cache);
        assert!(!Directives::of(&headers("pragma: no-cache")).no_cache);
    }
}
