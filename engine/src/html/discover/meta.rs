//! `meta` elements that say something about the load: <https://html.spec.whatwg.org/#the-meta-element>.

use siskin_net::ReferrerPolicy;
use url::Url;

use super::Site;
use super::element::{attribute, has_keyword};
use super::request::{ElementRequest, MetaRequest};
use crate::dom::ElementData;

pub(super) fn meta_request(site: &Site<'_>, element: &ElementData) -> Option<ElementRequest> {
    let content = attribute(element, "content");
    let request = if has_keyword(element, "http-equiv", "refresh") {
        let (seconds, url) = parse_refresh(content)?;
        let url = match url {
            Some(text) => site.resolve(text)?,
            None => site.url.clone(),
        };
        MetaRequest::Refresh { seconds, url: allowed(url)? }
    } else if has_keyword(element, "http-equiv", "content-security-policy") {
        MetaRequest::ContentSecurityPolicy(content.to_owned())
    } else if has_keyword(element, "name", "referrer") {
        MetaRequest::Referrer(ReferrerPolicy::from_meta(content.trim())?)
    } else if has_keyword(element, "name", "viewport") {
        MetaRequest::Viewport(content.to_owned())
    } else {
        return None;
    };
    Some(ElementRequest::Meta(request))
}

/// Step 11 of the steps below: a refresh does not lead into a script.
fn allowed(url: Url) -> Option<Url> {
    (url.scheme() != "javascript").then_some(url)
}

/// <https://html.spec.whatwg.org/#shared-declarative-refresh-steps>: seconds, and the URL if one is named.
pub(crate) fn parse_refresh(input: &str) -> Option<(u32, Option<&str>)> {
    let is_space = |c: char| c.is_ascii_whitespace();
    // Steps 4 to 8: the time. What stands behind the point is passed over.
    let rest = input.trim_start_matches(is_space);
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let seconds = match &rest[..digits] {
        "" if !rest.starts_with('.') => return None,
        "" => 0,
        digits => digits.parse().unwrap_or(u32::MAX),
    };
    let rest = rest[digits..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if rest.is_empty() {
        return Some((seconds, None));
    }
    // Step 9: something must part the time from the URL.
    if !rest.starts_with(|c: char| is_space(c) || matches!(c, ';' | ',')) {
        return None;
    }
    // Steps 10.1 to 10.3.
    let rest = rest.trim_start_matches(is_space);
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_start_matches(is_space);
    if rest.is_empty() {
        return Some((seconds, None));
    }
    // Steps 10.5 to 10.15: `url =` may stand before it, in quotes or not.
    let named = rest
        .get(..3)
        .filter(|word| word.eq_ignore_ascii_case("url"))
        .and_then(|_| rest[3..].trim_start_matches(is_space).strip_prefix('='))
        .map(|rest| rest.trim_start_matches(is_space));
    let url = named.unwrap_or(rest);
    let url = match url.chars().next() {
        Some(quote @ ('"' | '\'')) => url[1..].split(quote).next().unwrap_or_default(),
        _ => url,
    };
    Some((seconds, Some(url)))
}

#[cfg(test)]
mod tests {
    use super::parse_refresh;

    #[test]
    fn refreshes() {
        for (content, expected) in [
            ("", None),
            ("x", None),
            ("5", Some((5, None))),
            (" 5.9 ", Some((5, None))),
            (".5", Some((0, None))),
            ("0;url=/a", Some((0, Some("/a")))),
            ("0; URL = '/a b' x", Some((0, Some("/a b")))),
            ("3,url=\"/a", Some((3, Some("/a")))),
            ("3 /a", Some((3, Some("/a")))),
            ("3;/a", Some((3, Some("/a")))),
            ("3;urls", Some((3, Some("urls")))),
            ("3;url=", Some((3, Some("")))),
            ("3x", None),
            ("99999999999;a", Some((u32::MAX, Some("a")))),
        ] {
            assert_eq!(parse_refresh(content), expected, "{content}");
        }
    }
}
