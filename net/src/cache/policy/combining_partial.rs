//! 3.3 Storing Incomplete Responses, 3.4 Combining Partial Content:
//! <https://httpwg.org/specs/rfc9111.html#incomplete.responses>. Ranges are RFC 9110's, section 14.

use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::validation::has_strong_validator;
use crate::cache::entry::{Extent, Stored};
use crate::cache::stored_body::StoredBody;

/// What a `Range` header asks for: <https://httpwg.org/specs/rfc9110.html#field.range>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RangeAsked {
    /// There is none.
    None,
    /// `bytes=3-` or `bytes=3-5` (both ends are in it).
    From(u64, Option<u64>),
    /// `bytes=-5`.
    Last(u64),
    /// Several ranges, another unit, or nonsense.
    Other,
}

impl RangeAsked {
    pub(super) fn of(request: &HeaderMap) -> Self {
        let mut lines = request.get_all(header::RANGE).iter();
        let Some(line) = lines.next() else { return Self::None };
        if lines.next().is_some() {
            return Self::Other;
        }
        line.to_str().ok().and_then(Self::parse).unwrap_or(Self::Other)
    }

    fn parse(text: &str) -> Option<Self> {
        let (unit, range) = text.trim().split_once('=')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (first, last) = range.trim().split_once('-')?;
        match (first, last) {
            ("", last) => number(last).map(Self::Last),
            (first, "") => number(first).map(|first| Self::From(first, None)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::From(first, Some(last)))
            }
        }
    }

    /// The bytes that are meant in a representation of this length; `None` when there are none.
    pub(super) fn within(self, total: u64) -> Option<Extent> {
        let (start, end) = match self {
            Self::None => (0, total),
            Self::Other => return None,
            Self::From(first, last) => (first, last.map_or(total, |last| last.saturating_add(1).min(total))),
            Self::Last(count) => (total.saturating_sub(count), total),
        };
        (start < end).then_some(Extent { start, end, total })
    }
}

/// What a `Content-Range` says, when it can be stored: a single part of known place and length.
pub(crate) fn parse_content_range(response: &HeaderMap) -> Option<Extent> {
    let text = response.get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (unit, rest) = text.trim().split_once(' ')?;
    let (range, total) = rest.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last, total) = (number(first)?, number(last)?, number(total)?);
    let is_valid = unit.eq_ignore_ascii_case("bytes") && first <= last && last < total;
    is_valid.then_some(Extent { start: first, end: last + 1, total })
}

/// 3.4: a stored part and a new one made into one, when both are of the same representation (the same strong
/// validator) and nothing is missing between them. The newer headers win.
pub(crate) fn combine(old: &Stored, new: &Stored) -> Option<Stored> {
    let (a, b) = (old.extent?, new.extent?);
    let is_same = a.total == b.total && has_strong_validator(&old.headers, &new.headers);
    let touches = a.start <= b.end && b.start <= a.end;
    let (old_bytes, new_bytes) = (old.body.in_memory()?, new.body.in_memory()?);
    if !is_same || !touches {
        return None;
    }
    let extent = Extent { start: a.start.min(b.start), end: a.end.max(b.end), total: a.total };
    let mut bytes = vec![0; usize::try_from(extent.len()).ok()?];
    for (part, piece) in [(a, old_bytes), (b, new_bytes)] {
        let from = usize::try_from(part.start - extent.start).ok()?;
        bytes.get_mut(from..from.checked_add(piece.len())?)?.copy_from_slice(piece);
    }
    Some(with_extent(new, StoredBody::memory(bytes), extent))
}

/// The head of the whole response, when a 206 has come that brings all that is missing at the end of `part`.
pub(crate) fn resumed(
    part: &Stored,
    status: StatusCode,
    response: &HeaderMap,
) -> Option<(StatusCode, HeaderMap)> {
    let (held, came) = (part.extent?, parse_content_range(response)?);
    let fits = status == StatusCode::PARTIAL_CONTENT
        && held.start == 0
        && came.start == held.end
        && came.end == came.total
        && came.total == held.total
        && has_strong_validator(&part.headers, response);
    fits.then(|| {
        let mut headers = response.clone();
        headers.remove(header::CONTENT_RANGE);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(held.total));
        (StatusCode::OK, headers)
    })
}

/// A stored response of this extent: a 206, or a 200 once it is whole.
fn with_extent(stored: &Stored, body: StoredBody, extent: Extent) -> Stored {
    let mut stored = Stored { body, extent: Some(extent), ..stored.clone() };
    describe(&mut stored.headers, extent);
    if extent.is_whole() {
        stored.headers.remove(header::CONTENT_RANGE);
        stored.status = StatusCode::OK;
        stored.extent = None;
    }
    stored
}

/// The head with which `part` of a stored response is served: a 206, or the response itself when nothing but
/// the whole was asked for.
pub(crate) fn served(stored: &Stored, part: Option<Extent>) -> (StatusCode, HeaderMap) {
    let mut headers = stored.headers.clone();
    match part {
        None => (stored.status, headers),
        Some(part) => {
            describe(&mut headers, part);
            (StatusCode::PARTIAL_CONTENT, headers)
        }
    }
}

fn describe(headers: &mut HeaderMap, extent: Extent) {
    let Extent { start, end, total } = extent;
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(extent.len()));
    if let Ok(range) = HeaderValue::from_str(&format!("bytes {start}-{}/{total}", end.saturating_sub(1))) {
        headers.insert(header::CONTENT_RANGE, range);
    }
}

fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{headers, stored};
    use super::*;

    #[test]
    fn ranges() {
        let extent = |start, end| Some(Extent { start, end, total: 10 });
        for (text, expected) in [
            ("bytes=0-", extent(0, 10)),
            ("bytes=2-3", extent(2, 4)),
            ("Bytes=2-300", extent(2, 10)),
            ("bytes=-3", extent(7, 10)),
            ("bytes=-300", extent(0, 10)),
            ("bytes=-0", None),
            ("bytes=10-", None),
            ("bytes=3-2", None),
            ("bytes=0-1,3-4", None),
            ("lines=0-1", None),
            ("bytes=-", None),
            ("bytes=99999999999999999999-", None),
        ] {
            let asked = RangeAsked::of(&headers(&format!("range: {text}")));
            assert_eq!(asked.within(10), expected, "{text}");
        }
        assert_eq!(RangeAsked::of(&headers("")).within(10), extent(0, 10));
    }

    #[test]
    fn content_ranges() {
        for (text, expected) in [
            ("bytes 2-3/10", Some(Extent { start: 2, end: 4, total: 10 })),
            ("bytes 2-3/*", None),
            ("bytes */10", None),
            ("bytes 3-2/10", None),
            ("bytes 2-10/10", None),
            ("nonsense", None),
        ] {
            assert_eq!(parse_content_range(&headers(&format!("content-range: {text}"))), expected, "{text}");
        }
    }

    fn part(start: u64, bytes: &'static [u8], etag: &str) -> Stored {
        let end = start + bytes.len() as u64;
        Stored {
            status: StatusCode::PARTIAL_CONTENT,
            body: StoredBody::memory(bytes),
            extent: Some(Extent { start, end, total: 10 }),
            ..stored(&format!("etag: {etag}\ncontent-range: bytes {start}-{}/10", end - 1))
        }
    }

    #[test]
    fn parts_are_combined() {
        let both = |a: &Stored, b: &Stored| {
            combine(a, b).map(|c| (c.status.as_u16(), c.body.in_memory().unwrap().to_vec(), c.extent))
        };
        let first = part(0, b"0123", "\"a\"");
        let whole = both(&first, &part(4, b"456789", "\"a\"")).unwrap();
        assert_eq!(whole, (200, b"0123456789".to_vec(), None));
        assert_eq!(both(&part(4, b"456789", "\"a\""), &first).unwrap(), whole);
        let longer = both(&first, &part(2, b"2345", "\"a\"")).unwrap();
        assert_eq!(longer, (206, b"012345".to_vec(), Some(Extent { start: 0, end: 6, total: 10 })));
        // A gap, another representation, a weak validator.
        assert!(both(&first, &part(5, b"56789", "\"a\"")).is_none());
        assert!(both(&first, &part(4, b"456789", "\"b\"")).is_none());
        assert!(both(&part(0, b"0123", "W/\"a\""), &part(4, b"456789", "W/\"a\"")).is_none());
        let (status, headers) = served(&stored(""), Some(Extent { start: 2, end: 4, total: 10 }));
        assert_eq!(
            (status.as_u16(), &headers["content-range"]),
            (206, &HeaderValue::from_static("bytes 2-3/10"))
        );
        assert_eq!(headers["content-length"], "2");
    }
}
