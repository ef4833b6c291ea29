//! Whether a response may be used as a style sheet, and which characters its bytes stand for.

use url::Url;

use super::message::essence;
use crate::dom::QuirksMode;

/// Whether a response of that type is taken for a style sheet:
/// <https://html.spec.whatwg.org/#link-type-stylesheet>, "process the linked resource", steps 2 and 3.
///
/// DEVIATION: as in Chromium a response without a type is taken too.
pub(super) fn is_usable(content_type: Option<&str>, sheet: &Url, document: &Url, quirks: QuirksMode) -> bool {
    let essence = content_type.map(essence).unwrap_or_default();
    let lax = quirks == QuirksMode::Quirks && sheet.origin() == document.origin();
    matches!(essence.as_str(), "" | "text/css" | "application/x-unknown-content-type")
        || lax
        || sheet.scheme() == "file" && sheet.path().ends_with(".css")
}

/// The `charset` parameter of a `Content-Type`.
pub(super) fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The label in an `@charset` rule: <https://drafts.csswg.org/css-syntax-3/#input-byte-stream>, step 2. Exactly
/// these bytes and no others count, and a name of UTF-16 means UTF-8.
pub(super) fn at_charset(bytes: &[u8]) -> Option<String> {
    let rest = bytes.strip_prefix(b"@charset \"")?;
    let rest = &rest[..rest.len().min(1024)];
    let end = rest.iter().position(|&byte| byte == b'"')?;
    let label = std::str::from_utf8(&rest[..end]).ok().filter(|_| rest.get(end + 1) == Some(&b';'))?;
    let utf16 = ["utf-16", "utf-16be", "utf-16le"].iter().any(|name| label.eq_ignore_ascii_case(name));
    Some(if utf16 { "utf-8".to_owned() } else { label.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_are_taken_for_sheets() {
        let url = |text: &str| Url::parse(text).expect("a valid URL");
        let (document, same, other) = (url("http://a/"), url("http://a/x"), url("http://b/x"));
        for (content_type, sheet, quirks, usable) in [
            (Some("text/css"), &other, QuirksMode::NoQuirks, true),
            (Some("Text/CSS; charset=utf-8"), &other, QuirksMode::NoQuirks, true),
            (None, &other, QuirksMode::NoQuirks, true),
            (Some("text/html"), &same, QuirksMode::NoQuirks, false),
            (Some("text/html"), &same, QuirksMode::LimitedQuirks, false),
            (Some("text/html"), &same, QuirksMode::Quirks, true),
            (Some("text/html"), &other, QuirksMode::Quirks, false),
        ] {
            assert_eq!(is_usable(content_type, sheet, &document, quirks), usable, "{content_type:?} {sheet}");
        }
    }

    #[test]
    fn charsets() {
        assert_eq!(charset("text/css;charset=ISO-8859-1").as_deref(), Some("ISO-8859-1"));
        assert_eq!(charset("text/css; x=y; Charset=\"utf-8\"").as_deref(), Some("utf-8"));
        assert_eq!(charset("text/css"), None);
        assert_eq!(at_charset(b"@charset \"koi8-r\"; p {}").as_deref(), Some("koi8-r"));
        assert_eq!(at_charset(b"@charset \"utf-16le\";").as_deref(), Some("utf-8"));
        for wrong in
            [&b"@charset 'koi8-r';"[..], b" @charset \"koi8-r\";", b"@charset \"koi8-r\" ;", b"@charset \"x"]
        {
            assert_eq!(at_charset(wrong), None);
        }
    }
}
