//! The `Link` header: <https://httpwg.org/specs/rfc8288.html#header>, processed as HTML says:
//! <https://html.spec.whatwg.org/#processing-link-headers>.
//!
//! Each of its links becomes a `link` element that stands nowhere, and is then read as any other is.

use http::{HeaderMap, header};

use crate::dom::{Attribute, ElementData, LocalName, QualName, local_name, ns};

/// How many links of one response are looked at.
const MAX_LINKS: usize = 256;

/// The links of a response, as elements with the parameters for attributes. One with an `anchor` is about something else
/// and left out.
pub(super) fn links(headers: &HeaderMap) -> Vec<ElementData> {
    let values = headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(parse).take(MAX_LINKS).collect()
}

/// RFC 8288, appendix B.2: links and their parameters. What is malformed ends the value.
fn parse(value: &str) -> Vec<ElementData> {
    let mut links = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let Some((target, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
            return links;
        };
        let mut attributes = vec![attribute("href", target)];
        rest = after;
        // Step 2.9: parameters.
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            let Some(after) = rest.strip_prefix(';') else { break };
            let (name, value, after) = parameter(after);
            rest = after;
            // Of equal names the first counts.
            if !name.is_empty() && !attributes.iter().any(|known: &Attribute| *known.name.local == *name) {
                attributes.push(attribute(&name, &value));
            }
        }
        if !attributes.iter().any(|known| &*known.name.local == "anchor") {
            links.push(ElementData::new(QualName::new(ns!(html), local_name!("link")), attributes));
        }
        // What stands between here and the next comma is not understood.
        rest = rest.find(',').map_or("", |at| &rest[at..]);
    }
}

fn attribute(name: &str, value: &str) -> Attribute {
    Attribute { name: QualName::attribute(LocalName::from(name)), value: value.to_owned() }
}

/// Appendix B.3: one parameter, its name in lower case, and what follows it.
fn parameter(text: &str) -> (String, String, &str) {
    let text = text.trim_start_matches([' ', '\t']);
    let end = text.find(['=', ';', ',', ' ', '\t']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let name = name.to_ascii_lowercase();
    let rest = rest.trim_start_matches([' ', '\t']);
    let Some(rest) = rest.strip_prefix('=') else { return (name, String::new(), rest) };
    let rest = rest.trim_start_matches([' ', '\t']);
    match rest.strip_prefix('"') {
        Some(quoted) => {
            let (value, rest) = quoted_string(quoted);
            (name, value, rest)
        }
        None => {
            let end = rest.find([';', ',']).unwrap_or(rest.len());
            (name, rest[..end].trim().to_owned(), &rest[end..])
        }
    }
}

/// What stands until the closing quote, backslashes undone, and what follows.
fn quoted_string(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn links_become_elements() {
        for (value, expected) in [
            ("</a.css>; rel=preload; as=style", "href=/a.css rel=preload as=style"),
            (
                "<a>; REL=\"preload x\" ; as = \"im\\age\", <b>;rel=icon",
                "href=a rel=preload x as=image|href=b rel=icon",
            ),
            ("<a,b;c>;rel=preload;crossorigin", "href=a,b;c rel=preload crossorigin="),
            ("<a>;rel=x;rel=y", "href=a rel=x"),
            ("<a>;anchor=\"#x\";rel=preload,<b>", "href=b"),
            ("<a> nonsense, <b>", "href=a|href=b"),
            ("nonsense, <b>", ""),
            ("<a", ""),
            ("<a>;title=\"never ends, <b>", "href=a title=never ends, <b>"),
            ("", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::LINK, HeaderValue::from_str(value).expect("valid"));
            let told: Vec<String> = links(&headers)
                .iter()
                .map(|link| {
                    let words = link.attributes().iter().map(|a| format!("{}={}", a.name.local, a.value));
                    words.collect::<Vec<_>>().join(" ")
                })
                .collect();
            assert_eq!(told.join("|"), expected, "{value}");
        }
    }
}
