//! Insecure requests of secure pages: Mixed Content Level 2, <https://w3c.github.io/webappsec-mixed-content/>, and
//! `upgrade-insecure-requests`, <https://w3c.github.io/webappsec-upgrade-insecure-requests/>.

use url::{Host, Origin};

use super::hop::Hop;
use super::trust::is_potentially_trustworthy;
use crate::destination::Destination;
use crate::event::UpgradeReason;
use crate::request::{InsecureRequests, RequestMode};

/// Main fetch, steps 4 and 5: an insecure URL that may be asked for in its secure form is.
pub(super) fn upgrade(hop: &mut Hop) {
    if hop.request.url.scheme() != "http" {
        return;
    }
    let reason = if hop.request.insecure == InsecureRequests::Upgrade && is_upgraded_by_page(hop) {
        UpgradeReason::InsecureRequests
    } else if is_upgradable(hop) {
        UpgradeReason::MixedContent
    } else {
        return;
    };
    let mut url = hop.request.url.clone();
    if url.set_scheme("https").is_ok() {
        hop.upgrade(url, reason);
    }
}

/// <https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request>: everything but navigations to
/// other hosts.
fn is_upgraded_by_page(hop: &Hop) -> bool {
    let own_host = || match hop.origin() {
        Some(Origin::Tuple(_, host, _)) => hop.request.url.host().map(|other| other.to_owned()) == Some(host),
        _ => false,
    };
    hop.request.mode != RequestMode::Navigate || own_host()
}

/// <https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm>
///
/// DEVIATION: a request does not say whether it is one of an image set (`srcset`), which the standard blocks; it is
/// upgraded too, and an https URL that does not exist fails as well.
fn is_upgradable(hop: &Hop) -> bool {
    let request = &hop.request;
    matches!(request.destination, Destination::Image | Destination::Media)
        && matches!(request.url.host(), Some(Host::Domain(_)))
        && !is_potentially_trustworthy(&request.url)
        && prohibits_mixed_content(hop)
}

/// <https://w3c.github.io/webappsec-mixed-content/#should-block-fetch>
pub(super) fn is_blocked(hop: &Hop) -> bool {
    let request = &hop.request;
    request.destination != Destination::Document
        && !is_potentially_trustworthy(&request.url)
        && prohibits_mixed_content(hop)
}

/// <https://w3c.github.io/webappsec-mixed-content/#categorize-settings-object>: the document that asks, or one around
/// it, is secure.
///
/// DEVIATION: secure is https alone, as in Chromium: pages on this machine (`http://localhost`, `file:`) may use what
/// they like.
fn prohibits_mixed_content(hop: &Hop) -> bool {
    let is_https = |origin: &Origin| matches!(origin, Origin::Tuple(scheme, ..) if scheme == "https");
    let asks = if hop.request.destination == Destination::Document { None } else { hop.origin() };
    asks.iter().chain(hop.request.documents.iter()).any(is_https)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use url::Url;

    use super::*;
    use crate::clock::VirtualClock;
    use crate::event::NullObserver;
    use crate::id::FetchId;
    use crate::request::{Initiator, InitiatorKind, Request};
    use crate::story::Story;

    fn hop(page: &str, around: Option<&str>, destination: Destination, url: &str) -> Hop {
        let url_of = |text: &str| Url::parse(text).unwrap();
        let initiator = Initiator { kind: InitiatorKind::Parser, url: Some(url_of(page)), fetch: None };
        let mut request = Request::subresource(FetchId(1), url_of(url), destination, initiator);
        request.origin = Some(url_of(page).origin());
        request.documents = around.into_iter().chain([page]).map(|url| url_of(url).origin()).collect();
        if matches!(destination, Destination::IFrame | Destination::Document) {
            request.mode = RequestMode::Navigate;
        }
        let story = Story::new(FetchId(1), Arc::new(NullObserver), Arc::new(VirtualClock::default()));
        Hop::first(request, story)
    }

    #[test]
    fn table() {
        use Destination::{Document, Empty, Font, IFrame, Image, Media, Script, Style};
        const SECURE: &str = "https://page.test/";
        for (page, around, destination, url, expected) in [
            (SECURE, None, Image, "http://a.test/x", "https://a.test/x"),
            (SECURE, None, Image, "http://a.test:8080/x", "https://a.test:8080/x"),
            (SECURE, None, Media, "http://a.test/x", "https://a.test/x"),
            (SECURE, None, Style, "http://a.test/x", "blocked"),
            (SECURE, None, Script, "http://a.test/x", "blocked"),
            (SECURE, None, Font, "http://a.test/x", "blocked"),
            (SECURE, None, Empty, "http://a.test/x", "blocked"),
            (SECURE, None, IFrame, "http://a.test/x", "blocked"),
            (SECURE, None, Document, "http://a.test/x", "http://a.test/x"),
            (SECURE, None, Image, "http://192.168.0.1/x", "blocked"),
            (SECURE, None, Style, "http://127.0.0.1/x", "http://127.0.0.1/x"),
            (SECURE, None, Image, "http://localhost/x", "http://localhost/x"),
            (SECURE, None, Style, "https://a.test/x", "https://a.test/x"),
            (SECURE, None, Image, "data:,x", "data:,x"),
            ("http://page.test/", None, Style, "http://a.test/x", "http://a.test/x"),
            ("http://page.test/", Some(SECURE), Style, "http://a.test/x", "blocked"),
            ("http://localhost/", None, Style, "http://a.test/x", "http://a.test/x"),
            ("file:///x", None, Image, "http://a.test/x", "http://a.test/x"),
        ] {
            let mut hop = hop(page, around, destination, url);
            upgrade(&mut hop);
            let result = if is_blocked(&hop) { "blocked" } else { hop.request.url.as_str() };
            assert_eq!(result, expected, "{page} {around:?} {destination:?} {url}");
            assert_eq!(hop.url_list, [hop.request.url.clone()]);
        }
    }

    #[test]
    fn by_the_pages_wish() {
        for (destination, url, expected) in [
            (Destination::Style, "http://a.test/x", "https://a.test/x"),
            (Destination::IFrame, "http://a.test/x", "http://a.test/x"),
            (Destination::IFrame, "http://page.test/x", "https://page.test/x"),
        ] {
            let mut hop = hop("http://page.test/", None, destination, url);
            hop.request.insecure = InsecureRequests::Upgrade;
            upgrade(&mut hop);
            assert_eq!(hop.request.url.as_str(), expected, "{destination:?} {url}");
        }
        for (policies, expected) in [
            (&["default-src 'self'", "x; Upgrade-Insecure-Requests"][..], InsecureRequests::Upgrade),
            (&["default-src upgrade-insecure-requests"], InsecureRequests::Allow),
            (&[], InsecureRequests::Allow),
        ] {
            assert_eq!(InsecureRequests::by_policies(policies.iter().copied()), expected, "{policies:?}");
        }
    }
}
