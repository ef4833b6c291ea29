//! `script` elements: <https://html.spec.whatwg.org/#prepare-the-script-element>. They do not run here; but what a
//! browser would fetch for them can be told.

use super::Site;
use super::element::{attribute, fetch_options, has, svg_href, url_in};
use super::request::{CrossOrigin, ElementRequest, ScriptRequest, ScriptTiming};
use crate::dom::{ElementData, ns};

/// What a script asks for. Data blocks ask for nothing, nor do scripts for browsers without modules.
pub(super) fn script_request(site: &Site<'_>, element: &ElementData) -> Option<ElementRequest> {
    // Steps 8 to 12: the type.
    let is_svg = element.name.ns == ns!(svg);
    let kind = match attribute(element, "type").trim() {
        "" if !has(element, "type") && has(element, "language") => {
            format!("text/{}", attribute(element, "language"))
        }
        kind => kind.to_owned(),
    }
    .to_ascii_lowercase();
    let is_module = kind == "module";
    if !(kind.is_empty() || is_module || is_javascript_type(&kind) || kind == "text/") {
        return None;
    }
    // Step 23.
    if has(element, "nomodule") && !is_module {
        return None;
    }
    let has_source = has(element, "src") || is_svg;
    let url = if is_svg { svg_href(site, element) } else { url_in(site, element, "src") };
    if has_source && url.is_none() && !is_svg {
        return None;
    }
    let mut options = fetch_options(element);
    let timing = match () {
        () if has(element, "async") => ScriptTiming::Async,
        () if is_module => ScriptTiming::Module,
        // `defer` says nothing about a script in the page itself.
        () if has(element, "defer") && url.is_some() => ScriptTiming::Deferred,
        () => ScriptTiming::Blocking,
    };
    if is_module && options.cross_origin == CrossOrigin::None {
        options.cross_origin = CrossOrigin::Anonymous;
    }
    Some(ElementRequest::Script(ScriptRequest { url, timing, options }))
}

/// <https://mimesniff.spec.whatwg.org/#javascript-mime-type>
pub(super) fn is_javascript_type(mime: &str) -> bool {
    let subtype = mime.strip_prefix("text/").or_else(|| mime.strip_prefix("application/"));
    match subtype {
        Some("javascript" | "ecmascript" | "x-javascript" | "x-ecmascript") => true,
        Some("jscript" | "livescript") => mime.starts_with("text/"),
        Some(subtype) if mime.starts_with("text/") => subtype
            .strip_prefix("javascript1.")
            .is_some_and(|version| matches!(version, "0" | "1" | "2" | "3" | "4" | "5")),
        _ => false,
    }
}
