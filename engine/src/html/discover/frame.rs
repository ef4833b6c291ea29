//! `iframe`, `frame`, `object` and `embed`.

use siskin_net::ReferrerPolicy;
use url::Url;

use super::Site;
use super::element::{attribute, url_in};
use super::request::{ElementRequest, FrameElement, Sandbox};
use crate::dom::{ElementData, local_name};

/// <https://html.spec.whatwg.org/#process-the-iframe-attributes>
pub(super) fn frame_request(site: &Site<'_>, element: &ElementData) -> Option<ElementRequest> {
    let is_iframe = element.is_html(&local_name!("iframe"));
    let srcdoc = element.attribute(&"srcdoc".into()).filter(|_| is_iframe).map(str::to_owned);
    let sandbox =
        element.attribute(&"sandbox".into()).filter(|_| is_iframe).map_or(Sandbox::None, |tokens| {
            let keeps_origin =
                tokens.split_ascii_whitespace().any(|t| t.eq_ignore_ascii_case("allow-same-origin"));
            if keeps_origin { Sandbox::None } else { Sandbox::Opaque }
        });
    let url = url_in(site, element, "src");
    if url.is_none() && srcdoc.is_none() {
        return None;
    }
    Some(ElementRequest::Frame(Box::new(FrameElement {
        url,
        srcdoc,
        size: (side(element, "width").unwrap_or(300.0), side(element, "height").unwrap_or(150.0)),
        sandbox,
        referrer_policy: ReferrerPolicy::from_token(attribute(element, "referrerpolicy"))
            .unwrap_or(ReferrerPolicy::Unset),
    })))
}

/// <https://html.spec.whatwg.org/#the-object-element>: a type that no browser shows is not even fetched.
pub(super) fn object_request(element: &ElementData, url: Url) -> Option<ElementRequest> {
    let kind = attribute(element, "type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_shown = kind.is_empty()
        || kind.starts_with("image/")
        || kind.starts_with("text/")
        || matches!(kind.as_str(), "application/xhtml+xml" | "application/xml" | "application/json");
    is_shown.then_some(ElementRequest::Object { url })
}

fn side(element: &ElementData, name: &str) -> Option<f32> {
    let text = attribute(element, name).trim();
    let number = text.strip_suffix("px").unwrap_or(text);
    number.parse::<f32>().ok().filter(|px| px.is_finite() && *px >= 0.0)
}
