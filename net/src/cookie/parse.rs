//! The set-cookie-string: RFC 6265bis, 5.6. What the attributes mean for the jar is decided in `accept`.

use std::time::{Duration, SystemTime};

use super::{SameSite, date};
use crate::cookie_note::CookieRefusal;
use crate::limits::{MAX_COOKIE_AGE, MAX_COOKIE_ATTRIBUTE_BYTES, MAX_COOKIE_BYTES};

/// A `Set-Cookie` line, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SetCookie<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) attributes: Attributes<'a>,
}

/// The cookie-attribute-list: the last of each name counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Attributes<'a> {
    pub(super) expires: Option<SystemTime>,
    pub(super) max_age: Option<SystemTime>,
    /// Without the leading dot, not yet in lower case.
    pub(super) domain: Option<&'a [u8]>,
    /// `Some("")` stands for the default path.
    pub(super) path: Option<&'a [u8]>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: SameSite,
    pub(super) partitioned: bool,
}

/// Takes a line apart. The name goes with a refusal, so that it can be told.
pub(super) fn parse(line: &[u8], now: SystemTime) -> Result<SetCookie<'_>, (&[u8], CookieRefusal)> {
    // Steps 2 to 4. Step 1 is looked at after them, for the name.
    let (pair, attributes) = cut(line, b';');
    let (name, value) = match cut(pair, b'=') {
        (_, None) => (&b""[..], trim(pair)),
        (name, Some(value)) => (trim(name), trim(value)),
    };
    // Step 1.
    if line.iter().any(|&byte| matches!(byte, 0x00..=0x08 | 0x0a..=0x1f | 0x7f)) {
        return Err((name, CookieRefusal::ControlCharacter));
    }
    // Step 5.
    if name.len().saturating_add(value.len()) > MAX_COOKIE_BYTES {
        return Err((name, CookieRefusal::TooLong));
    }
    Ok(SetCookie { name, value, attributes: parse_attributes(attributes.unwrap_or_default(), now) })
}

/// 5.6, the second list of steps, and 5.6.1 to 5.6.7.
fn parse_attributes(text: &[u8], now: SystemTime) -> Attributes<'_> {
    let mut attributes = Attributes::default();
    for attribute in text.split(|&byte| byte == b';') {
        // Steps 4 and 5.
        let (name, value) = cut(attribute, b'=');
        let (name, value) = (trim(name), trim(value.unwrap_or_default()));
        // Step 6.
        if value.len() > MAX_COOKIE_ATTRIBUTE_BYTES {
            continue;
        }
        // Step 7.
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("expires") {
            attributes.expires = expires(value, now).or(attributes.expires);
        } else if is("max-age") {
            attributes.max_age = max_age(value, now).or(attributes.max_age);
        } else if is("domain") {
            attributes.domain = Some(value.strip_prefix(b".").unwrap_or(value));
        } else if is("path") {
            attributes.path = Some(if value.starts_with(b"/") { value } else { b"" });
        } else if is("secure") {
            attributes.secure = true;
        } else if is("httponly") {
            attributes.http_only = true;
        } else if is("samesite") {
            attributes.same_site = same_site(value);
        } else if is("partitioned") {
            attributes.partitioned = true;
        }
    }
    attributes
}

/// 5.6.1. The last representable date is 400 days from now (5.5), the earliest 1970 began.
fn expires(value: &[u8], now: SystemTime) -> Option<SystemTime> {
    let seconds = u64::try_from(date::parse(value)?).unwrap_or(0);
    Some((SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).min(latest(now)))
}

/// 5.6.2.
fn max_age(value: &[u8], now: SystemTime) -> Option<SystemTime> {
    let (negative, digits) = match value.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, value),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds =
        digits.iter().fold(0u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    if negative || seconds == 0 {
        return Some(SystemTime::UNIX_EPOCH);
    }
    let expires = now.checked_add(Duration::from_secs(seconds.min(MAX_COOKIE_AGE.as_secs())));
    Some(expires.unwrap_or(now))
}

/// 5.6.7: what is not known counts as not given.
fn same_site(value: &[u8]) -> SameSite {
    match value.to_ascii_lowercase().as_slice() {
        b"none" => SameSite::None,
        b"strict" => SameSite::Strict,
        b"lax" => SameSite::Lax,
        _ => SameSite::Default,
    }
}

fn latest(now: SystemTime) -> SystemTime {
    now.checked_add(MAX_COOKIE_AGE).unwrap_or(now)
}

/// What is before the first `at`, and what is behind it.
fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| byte == at) {
        Some(position) => (&text[..position], Some(&text[position + 1..])),
        None => (text, None),
    }
}

/// Without blanks and tabs around it.
fn trim(text: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let start = text.iter().position(is_text).unwrap_or(text.len());
    let end = text.iter().rposition(is_text).map_or(start, |last| last + 1);
    &text[start..end]
}
