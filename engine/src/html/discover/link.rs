//! `link` elements: <https://html.spec.whatwg.org/#linkTypes>, and what the `Link` header says in the same words.

use siskin_net::Destination;

use super::Site;
use super::element::{attribute, cross_origin, essence, fetch_options, has, has_token, url_in};
use super::request::{ConnectHint, ElementRequest, ScriptRequest, ScriptTiming, SheetRequest};
use super::script::is_javascript_type;
use crate::dom::ElementData;
use crate::html::srcset::{is_supported_type, media_matches, select_preloaded};

/// What a `link` asks for; of several types in its `rel` the first of these counts.
pub(super) fn link_request(site: &Site<'_>, element: &ElementData) -> Option<ElementRequest> {
    let is = |kind: &str| has_token(element, "rel", kind);
    let url = || url_in(site, element, "href");
    let options = || fetch_options(element);
    if is("stylesheet") {
        return sheet_request(site, element);
    }
    if is("icon") {
        return Some(ElementRequest::Icon { url: url()?, sizes: attribute(element, "sizes").to_owned() });
    }
    if is("preload") {
        return preload_request(site, element);
    }
    if is("modulepreload") {
        let script =
            ScriptRequest { url: Some(url()?), timing: ScriptTiming::ModulePreload, options: options() };
        return media_matches(attribute(element, "media"), &site.viewport)
            .then_some(ElementRequest::Script(script));
    }
    if is("preconnect") {
        let hint = ConnectHint::Preconnect { url: url()?, cross_origin: cross_origin(element) };
        return Some(ElementRequest::Connect(hint));
    }
    if is("dns-prefetch") {
        return Some(ElementRequest::Connect(ConnectHint::DnsPrefetch { url: url()? }));
    }
    is("prefetch").then(|| Some(ElementRequest::Prefetch { url: url()?, options: options() })).flatten()
}

fn sheet_request(site: &Site<'_>, element: &ElementData) -> Option<ElementRequest> {
    let mime = essence(element, "type");
    if !(mime.is_empty() || mime == "text/css") || has(element, "disabled") {
        return None;
    }
    let title = attribute(element, "title").to_owned();
    Some(ElementRequest::StyleSheet(SheetRequest {
        url: url_in(site, element, "href")?,
        media: attribute(element, "media").to_owned(),
        alternate: has_token(element, "rel", "alternate") && !title.is_empty(),
        title,
        options: fetch_options(element),
    }))
}

/// <https://html.spec.whatwg.org/#link-type-preload>: nothing is asked for when `as` names nothing that can be
/// preloaded, when `media` does not match, or when nobody here can use the `type`.
fn preload_request(site: &Site<'_>, element: &ElementData) -> Option<ElementRequest> {
    let destination = match attribute(element, "as").to_ascii_lowercase().as_str() {
        "style" => Destination::Style,
        "script" => Destination::Script,
        "image" => Destination::Image,
        "font" => Destination::Font,
        "track" => Destination::Media,
        "fetch" => Destination::Empty,
        _ => return None,
    };
    let mime = essence(element, "type");
    let is_usable = mime.is_empty()
        || match destination {
            Destination::Style => mime == "text/css",
            Destination::Script => is_javascript_type(&mime),
            Destination::Image => is_supported_type(&mime),
            Destination::Font => is_font_type(&mime),
            Destination::Media => mime == "text/vtt",
            _ => true,
        };
    if !is_usable || !media_matches(attribute(element, "media"), &site.viewport) {
        return None;
    }
    let url = match destination {
        Destination::Image => site.resolve(&select_preloaded(element, &site.viewport)?)?,
        _ => url_in(site, element, "href")?,
    };
    Some(ElementRequest::Preload { url, destination, options: fetch_options(element) })
}

/// The font types that are opened here: <https://mimesniff.spec.whatwg.org/#font-mime-type> without collections of
/// other makers.
fn is_font_type(mime: &str) -> bool {
    mime.strip_prefix("font/")
        .is_some_and(|kind| matches!(kind, "woff" | "woff2" | "ttf" | "otf" | "sfnt" | "collection"))
        || matches!(
            mime,
            "application/font-woff"
                | "application/font-woff2"
                | "application/x-font-ttf"
                | "application/x-font-otf"
                | "application/font-sfnt"
                | "application/vnd.ms-opentype"
                | "application/x-font-woff"
        )
}
