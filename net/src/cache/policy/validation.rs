//! 4.3 Validation: <https://httpwg.org/specs/rfc9111.html#validation.model>.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::storing_fields::updated;
use crate::cache::entry::{Exchanged, Stored};
use crate::event::Validator;

/// 4.3.1 Sending a Validation Request: the conditions that name `stored` to its origin.
pub(crate) fn conditions(stored: &Stored) -> Option<(HeaderMap, Validator)> {
    let mut conditions = HeaderMap::new();
    let etag = stored.headers.get(header::ETAG).filter(|etag| !etag.is_empty());
    let modified = stored.headers.get(header::LAST_MODIFIED).filter(|date| !date.is_empty());
    if let Some(etag) = etag {
        conditions.insert(header::IF_NONE_MATCH, etag.clone());
    }
    if let Some(modified) = modified {
        conditions.insert(header::IF_MODIFIED_SINCE, modified.clone());
    }
    let validator = match (etag, modified) {
        (Some(_), Some(_)) => Validator::Both,
        (Some(_), None) => Validator::ETag,
        (None, Some(_)) => Validator::LastModified,
        (None, None) => return None,
    };
    Some((conditions, validator))
}

/// 4.3.1: the entity tags of responses that other request headers chose; the origin may name one of them.
pub(super) fn conditions_of_variants(variants: &[Arc<Stored>]) -> Option<HeaderMap> {
    let tags: Vec<&[u8]> = variants
        .iter()
        .filter_map(|stored| stored.headers.get(header::ETAG))
        .filter(|tag| is_entity_tag(tag))
        .map(HeaderValue::as_bytes)
        .collect();
    let list = HeaderValue::from_bytes(&tags.join(&b", "[..])).ok().filter(|list| !list.is_empty())?;
    Some(HeaderMap::from_iter([(header::IF_NONE_MATCH, list)]))
}

/// What a 304 says of the responses that were asked about.
#[derive(Debug)]
pub(crate) enum Confirmation {
    /// This one is still good; here with its headers brought up to date.
    Of(Box<Stored>),
    /// None of them: the 304 cannot be used.
    Other,
}

/// 4.3.3 Handling a Validation Response, 4.3.4 Freshening Stored Responses upon Validation.
pub(crate) fn confirmed(asked_about: &[Arc<Stored>], news: &HeaderMap, exchanged: Exchanged) -> Confirmation {
    let chosen = match news.get(header::ETAG) {
        // "one or more stored responses with the same strong validator", or with the same weak one.
        Some(tag) => asked_about
            .iter()
            .find(|stored| stored.headers.get(header::ETAG).is_none_or(|own| is_weakly_equal(own, tag))),
        // "If the new response does not include any form of validator … and there is only one stored response".
        None if asked_about.len() == 1 => asked_about.first(),
        None => None,
    };
    match chosen {
        Some(stored) => {
            let headers = updated(&stored.headers, news);
            Confirmation::Of(Box::new(Stored { headers, exchanged, ..Stored::clone(stored) }))
        }
        None => Confirmation::Other,
    }
}

/// 4.3.5 Freshening Responses with HEAD: the stored response brought up to date by the answer to a HEAD, or
/// `None` when that shows that it is another now.
pub(crate) fn freshened_by_head(stored: &Stored, news: &HeaderMap, exchanged: Exchanged) -> Option<Stored> {
    let agrees = |name: HeaderName| match (news.get(&name), stored.headers.get(&name)) {
        (Some(new), Some(old)) => new == old,
        _ => true,
    };
    let new_length =
        news.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let has_length = stored.extent.is_some() || new_length.is_none_or(|length| length == stored.body.len());
    let agrees = agrees(header::ETAG) && agrees(header::LAST_MODIFIED) && has_length;
    agrees.then(|| Stored { headers: updated(&stored.headers, news), exchanged, ..stored.clone() })
}

/// Whether both have the same strong entity tag: <https://httpwg.org/specs/rfc9110.html#entity.tag.comparison>.
pub(super) fn has_strong_validator(a: &HeaderMap, b: &HeaderMap) -> bool {
    match (strong_tag(a), strong_tag(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// The entity tag, when it is strong.
pub(super) fn strong_tag(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get(header::ETAG).filter(|tag| tag.as_bytes().starts_with(b"\"") && is_entity_tag(tag))
}

fn is_weakly_equal(a: &HeaderValue, b: &HeaderValue) -> bool {
    let opaque = |tag: &HeaderValue| tag.as_bytes().strip_prefix(b"W/").unwrap_or(tag.as_bytes()).to_vec();
    opaque(a) == opaque(b)
}

fn is_entity_tag(tag: &HeaderValue) -> bool {
    let opaque = tag.as_bytes().strip_prefix(b"W/").unwrap_or(tag.as_bytes());
    opaque.len() >= 2 && opaque.starts_with(b"\"") && opaque.ends_with(b"\"")
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, headers, stored};
    use super::*;

    fn exchanged() -> Exchanged {
        Exchanged { requested: at(9), responded: at(10) }
    }

    #[test]
    fn what_the_origin_is_shown() {
        for (lines, expected, validator) in [
            ("etag: \"a\"", "if-none-match: \"a\"", Some(Validator::ETag)),
            ("etag: W/\"a\"", "if-none-match: W/\"a\"", Some(Validator::ETag)),
            (
                "last-modified: Thu, 01 Jan 2026 00:00:00 GMT",
                "if-modified-since: Thu, 01 Jan 2026 00:00:00 GMT",
                Some(Validator::LastModified),
            ),
            ("x: y", "", None),
            ("etag:", "", None),
        ] {
            let conditions = conditions(&stored(lines));
            assert_eq!(conditions.as_ref().map(|(_, validator)| *validator), validator, "{lines}");
            assert_eq!(
                conditions.map(|(headers, _)| headers).unwrap_or_default(),
                headers(expected),
                "{lines}"
            );
        }
        let variants = [stored("etag: \"a\""), stored("x: y"), stored("etag: W/\"b\"")].map(Arc::new);
        assert_eq!(conditions_of_variants(&variants), Some(headers("if-none-match: \"a\", W/\"b\"")));
        assert_eq!(conditions_of_variants(&variants[1..2]), None);
    }

    #[test]
    fn a_304_names_one() {
        let variants = [stored("etag: \"a\""), stored("etag: \"b\"")].map(Arc::new);
        let chosen = |asked_about, news| match confirmed(asked_about, &headers(news), exchanged()) {
            Confirmation::Of(stored) => Some(stored.headers["etag"].clone()),
            Confirmation::Other => None,
        };
        assert_eq!(chosen(&variants, "etag: \"b\"").unwrap(), "\"b\"");
        assert_eq!(chosen(&variants, ""), None);
        assert_eq!(chosen(&variants[..1], "").unwrap(), "\"a\"");
        assert_eq!(chosen(&variants[..1], "etag: \"c\""), None);
        assert_eq!(chosen(&variants[..1], "etag: W/\"a\"").unwrap(), "W/\"a\"");
    }

    #[test]
    fn heads_freshen_or_show_that_it_is_another() {
        let old = stored("etag: \"a\"\ncache-control: max-age=1");
        let fresh =
            freshened_by_head(&old, &headers("cache-control: max-age=9\ncontent-length: 10"), exchanged());
        assert_eq!(fresh.unwrap().headers["cache-control"], "max-age=9");
        for news in ["etag: \"b\"", "content-length: 11"] {
            assert!(freshened_by_head(&old, &headers(news), exchanged()).is_none(), "{news}");
        }
    }
}
