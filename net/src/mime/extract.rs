//! What Fetch reads from headers: the type of a body, `nosniff`, and the types that are refused.

use http::{HeaderMap, HeaderName, header};

use super::MimeType;
use crate::destination::Destination;

/// <https://fetch.spec.whatwg.org/#concept-header-extract-mime-type>: the last usable type of all
/// `Content-Type` lines, which inherits the charset of equal ones before it.
pub fn extract(headers: &HeaderMap) -> Option<MimeType> {
    let mut found: Option<MimeType> = None;
    let mut charset: Option<String> = None;
    for value in values(headers, &header::CONTENT_TYPE) {
        // 6.1 and 6.2
        let Some(mut mime) = MimeType::parse(&value).filter(|mime| mime.essence() != "*/*") else { continue };
        // 6.4 and 6.5
        if found.as_ref().is_none_or(|found| found.essence() != mime.essence()) {
            charset = mime.parameter("charset").map(str::to_owned);
        } else if mime.parameter("charset").is_none()
            && let Some(charset) = &charset
        {
            mime.add_parameter("charset", charset);
        }
        found = Some(mime);
    }
    found
}

/// <https://fetch.spec.whatwg.org/#determine-nosniff>
pub fn no_sniff(headers: &HeaderMap) -> bool {
    values(headers, &HeaderName::from_static("x-content-type-options"))
        .first()
        .is_some_and(|value| value.eq_ignore_ascii_case("nosniff"))
}

/// Why a response may not be used for what it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// `nosniff`, and it does not say that it is a script or a sheet:
    /// <https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?>.
    NoSniff,
    /// A script that says it is an image, audio, video or a table:
    /// <https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?>.
    ScriptType,
}

/// Whether a response with these headers is refused for `destination` because of its type.
pub fn refusal(destination: Destination, headers: &HeaderMap) -> Option<Refusal> {
    if !matches!(destination, Destination::Script | Destination::Style) {
        return None;
    }
    let mime = extract(headers);
    let mime = mime.as_ref();
    let is_unfit = match destination {
        Destination::Script => !mime.is_some_and(MimeType::is_javascript),
        Destination::Style => !mime.is_some_and(MimeType::is_css),
        _ => false,
    };
    if is_unfit && no_sniff(headers) {
        return Some(Refusal::NoSniff);
    }
    let never_script = mime.is_some_and(|mime| {
        matches!(mime.kind(), "audio" | "image" | "video") || mime.essence() == "text/csv"
    });
    (destination == Destination::Script && never_script).then_some(Refusal::ScriptType)
}

/// <https://fetch.spec.whatwg.org/#header-value-get-decode-and-split> over all lines of that name.
fn values(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines: Vec<String> = headers
        .get_all(name)
        .iter()
        .map(|line| line.as_bytes().iter().map(|&byte| char::from(byte)).collect())
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let joined = lines.join(", ");
    let (mut out, mut value, mut rest) = (Vec::new(), String::new(), joined.as_str());
    loop {
        let end = rest.find(['"', ',']).unwrap_or(rest.len());
        value.push_str(&rest[..end]);
        rest = &rest[end..];
        if rest.starts_with('"') {
            // Quotes and escapes stay as they are.
            let (_, after) = super::parse::quoted_string(rest);
            value.push_str(&rest[..rest.len() - after.len()]);
            rest = after;
            continue;
        }
        out.push(value.trim_matches(['\t', ' ']).to_owned());
        value.clear();
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn types_of_several_lines() {
        for (lines, expected) in [
            (&[][..], None),
            (&["text/plain;charset=gbk", "text/html"][..], Some("text/html")),
            (&["text/html;charset=gbk;a=b", "text/html;x=y"], Some("text/html;x=y;charset=gbk")),
            (&["text/html;charset=gbk;a=b, text/html;x=y"], Some("text/html;x=y;charset=gbk")),
            (&["text/html;charset=gbk", "x/x", "text/html;x=y"], Some("text/html;x=y")),
            (&["text/html", "cannot-parse"], Some("text/html")),
            (&["text/html", "*/*"], Some("text/html")),
            (&["text/html", ""], Some("text/html")),
            (&["text/html;charset=\";\\\",\", text/plain"], Some("text/plain")),
            (&["*/*"], None),
        ] {
            let lines: Vec<_> = lines.iter().map(|line| ("content-type", *line)).collect();
            let mime = extract(&headers(&lines));
            assert_eq!(mime.map(|mime| mime.to_string()).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn refused_types() {
        const NOSNIFF: (&str, &str) = ("x-content-type-options", "NoSniff");
        for (destination, lines, expected) in [
            (Destination::Script, &[("content-type", "text/plain"), NOSNIFF][..], Some(Refusal::NoSniff)),
            (Destination::Script, &[("content-type", "text/plain")], None),
            (Destination::Script, &[NOSNIFF], Some(Refusal::NoSniff)),
            (Destination::Script, &[("content-type", "application/x-javascript"), NOSNIFF], None),
            (Destination::Script, &[("content-type", "image/png")], Some(Refusal::ScriptType)),
            (Destination::Script, &[("content-type", "text/csv;x=1")], Some(Refusal::ScriptType)),
            (Destination::Style, &[("content-type", "text/plain"), NOSNIFF], Some(Refusal::NoSniff)),
            (Destination::Style, &[("content-type", "Text/CSS"), NOSNIFF], None),
            (Destination::Style, &[("content-type", "image/png")], None),
            (Destination::Image, &[("content-type", "text/plain"), NOSNIFF], None),
            (
                Destination::Style,
                &[("content-type", "x/x"), ("x-content-type-options", "yes, nosniff")],
                None,
            ),
            (
                Destination::Style,
                &[("content-type", "x/x"), ("x-content-type-options", "nosniff,")],
                Some(Refusal::NoSniff),
            ),
        ] {
            assert_eq!(refusal(destination, &headers(lines)), expected, "{destination:?} {lines:?}");
        }
    }
}
