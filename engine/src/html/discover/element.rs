//! Reading the attributes of an element that asks for something.

use siskin_net::{FetchPriority, ReferrerPolicy};
use url::Url;

use super::Site;
use super::request::{BlockingAttribute, CrossOrigin, FetchOptions, Loading};
use crate::dom::{ElementData, ns};

/// The attribute's value, empty when there is none.
pub(super) fn attribute<'a>(element: &'a ElementData, name: &str) -> &'a str {
    element
        .attributes()
        .iter()
        .find(|a| a.name.ns == ns!() && *a.name.local == *name)
        .map_or("", |a| a.value.as_str())
}

pub(super) fn has(element: &ElementData, name: &str) -> bool {
    element.attributes().iter().any(|a| a.name.ns == ns!() && *a.name.local == *name)
}

pub(super) fn has_keyword(element: &ElementData, name: &str, keyword: &str) -> bool {
    attribute(element, name).eq_ignore_ascii_case(keyword)
}

/// Whether a set of space-separated tokens has this one.
pub(super) fn has_token(element: &ElementData, name: &str, token: &str) -> bool {
    attribute(element, name).split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(token))
}

/// The URL in an attribute; nothing when that is missing, empty or no URL.
pub(super) fn url_in(site: &Site<'_>, element: &ElementData, name: &str) -> Option<Url> {
    let text = attribute(element, name).trim();
    if text.is_empty() { None } else { site.resolve(text) }
}

/// `href` of an SVG element. In no namespace it wins over XLink's:
/// <https://svgwg.org/svg2-draft/linking.html#XLinkRefAttrs>.
pub(super) fn svg_href(site: &Site<'_>, element: &ElementData) -> Option<Url> {
    let href = |namespace| {
        let mut attributes = element.attributes().iter();
        attributes.find(|a| a.name.ns == namespace && &*a.name.local == "href").map(|a| a.value.trim())
    };
    href(ns!())
        .or_else(|| href(ns!(xlink)))
        .filter(|text| !text.is_empty())
        .and_then(|text| site.resolve(text))
}

pub(super) fn fetch_options(element: &ElementData) -> FetchOptions {
    FetchOptions {
        cross_origin: cross_origin(element),
        priority: FetchPriority::from_attribute(attribute(element, "fetchpriority")),
        referrer_policy: ReferrerPolicy::from_token(attribute(element, "referrerpolicy").trim())
            .unwrap_or_default(),
        integrity: attribute(element, "integrity").to_owned(),
        blocking: if has_token(element, "blocking", "render") {
            BlockingAttribute::Render
        } else {
            BlockingAttribute::None
        },
    }
}

pub(super) fn cross_origin(element: &ElementData) -> CrossOrigin {
    if !has(element, "crossorigin") {
        CrossOrigin::None
    } else if has_keyword(element, "crossorigin", "use-credentials") {
        CrossOrigin::UseCredentials
    } else {
        CrossOrigin::Anonymous
    }
}

pub(super) fn loading(element: &ElementData) -> Loading {
    if has_keyword(element, "loading", "lazy") { Loading::Lazy } else { Loading::Eager }
}

/// The type alone of a media type with parameters, in lower case.
pub(super) fn essence(element: &ElementData, name: &str) -> String {
    attribute(element, name).split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
