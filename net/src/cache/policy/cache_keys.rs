//! 4.1 Calculating Cache Keys with the Vary Header Field:
//! <https://httpwg.org/specs/rfc9111.html#caching.negotiated.responses>. A door to sha2.

use http::{HeaderMap, HeaderName, header};
use sha2::{Digest, Sha256};

use super::directives::members;
use crate::cache::entry::Selecting;

/// "A stored response with a Vary header field value containing a member '*' always fails to match." So does
/// one that names what is no header.
pub(super) fn is_always_other(response: &HeaderMap) -> bool {
    varying(response).any(|name| name.is_none())
}

/// The request's headers that `Vary` names, normalised.
pub(crate) fn selecting(response: &HeaderMap, request: &HeaderMap) -> Vec<Selecting> {
    let selecting = |name: HeaderName| Selecting { digest: digest(&name, request), name };
    varying(response).flatten().map(selecting).collect()
}

/// Whether `request` has the same values of these headers.
pub(super) fn is_selected(selecting: &[Selecting], request: &HeaderMap) -> bool {
    selecting.iter().all(|header| header.digest == digest(&header.name, request))
}

/// Whether two responses are chosen by the same requests: the newer replaces the older.
pub(crate) fn is_same_selection(a: &[Selecting], b: &[Selecting]) -> bool {
    a.len() == b.len() && a.iter().all(|header| b.contains(header))
}

fn varying(response: &HeaderMap) -> impl Iterator<Item = Option<HeaderName>> {
    response.get_all(header::VARY).iter().flat_map(|line| {
        let names: Vec<_> = members(&String::from_utf8_lossy(line.as_bytes()))
            .map(|name| HeaderName::from_bytes(name.as_bytes()).ok().filter(|name| name != "*"))
            .collect();
        names
    })
}

fn digest(name: &HeaderName, request: &HeaderMap) -> Option<[u8; 16]> {
    if !request.contains_key(name) {
        return None;
    }
    let digest = Sha256::digest(normalised(name, request).as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(digest.get(..16)?);
    Some(half)
}

/// "adding or removing whitespace, where allowed in the header field's syntax; combining multiple header field
/// lines with the same field name; normalizing both header field values in a way that is known to have
/// identical semantics".
fn normalised(name: &HeaderName, request: &HeaderMap) -> String {
    let mut values: Vec<String> = Vec::new();
    for line in request.get_all(name) {
        values.extend(members(&String::from_utf8_lossy(line.as_bytes())).map(str::to_owned));
    }
    if [header::ACCEPT, header::ACCEPT_ENCODING, header::ACCEPT_LANGUAGE].contains(name) {
        // Neither case nor space around a weight means anything, nor the order of equal weights:
        // <https://httpwg.org/specs/rfc9110.html#field.accept-language>.
        for value in &mut values {
            value.retain(|c| !matches!(c, ' ' | '\t'));
            value.make_ascii_lowercase();
        }
        values.sort_unstable();
        values.dedup();
    }
    values.join(",")
}

#[cfg(test)]
mod tests {
    use super::super::samples::headers;
    use super::*;

    #[test]
    fn selection() {
        for (vary, first, second, expected) in [
            ("foo", "foo: 1", "foo: 1", true),
            ("foo", "foo: 1", "foo: 2", false),
            ("foo", "foo: 1", "", false),
            ("foo", "", "", true),
            ("foo", "foo: 1\nother: 2", "foo: 1\nother: 3", true),
            ("foo", "foo: 1, 2", "foo: 1\nfoo: 2", true),
            ("foo", "foo: 1,2", "foo:  1, 2 ", true),
            ("foo", "foo: 1,2", "foo: 2,1", false),
            ("foo", "foo: a", "foo: A", false),
            ("foo, bar", "foo: 1\nbar: a", "foo: 1\nbar: b", false),
            ("accept-language", "accept-language: en, de", "accept-language: eN, De", true),
            ("accept-language", "accept-language: en, de", "accept-language: de, en", true),
            ("accept-language", "accept-language: en, de;q=0.5", "accept-language: en;q=0.5, de", false),
            ("accept-language", "accept-language: en, de;q=0.5", "accept-language: en,de; q=0.5", true),
        ] {
            let selecting = selecting(&headers(&format!("vary: {vary}")), &headers(first));
            assert_eq!(is_selected(&selecting, &headers(second)), expected, "{vary}: {first} | {second}");
        }
    }

    #[test]
    fn a_star_is_always_other() {
        for (lines, expected) in [
            ("vary: *", true),
            ("vary: , *", true),
            ("vary: a\nvary: *, b", true),
            ("vary: a b", true),
            ("vary: a", false),
            ("vary:", false),
        ] {
            assert_eq!(is_always_other(&headers(lines)), expected, "{lines}");
        }
    }
}
