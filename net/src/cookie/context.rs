//! For whom a cookie is sent or set: the hop's URL, its connection, and whose page it belongs to.

use std::time::SystemTime;

use http::Method;
use url::{Origin, Url};

use crate::request::{Request, RequestMode};
use crate::site::{NetworkPartitionKey, Site, site_for_cookies};

/// What the algorithms ask about one exchange.
#[derive(Debug, Clone)]
pub(crate) struct Context<'a> {
    /// The URL of the hop.
    pub(super) url: &'a Url,
    /// What `Secure` asks for.
    pub(super) channel: Channel,
    /// What `SameSite` asks for.
    pub(super) relation: Relation,
    /// What `Partitioned` asks for.
    pub(super) partition: String,
    /// The time of day.
    pub(super) now: SystemTime,
}

/// Whether the connection counts as secure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// https, or http to this very machine, as in Chromium.
    Secure,
    /// http.
    Insecure,
}

/// "Same-site" and "cross-site" requests: RFC 6265bis, 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// The site's own request, or the user's.
    SameSite,
    /// Another site navigates the top-level page here, by a safe method.
    SafeNavigation,
    /// Another site navigates the top-level page here, by POST for instance.
    UnsafeNavigation,
    /// Everything else from another site.
    CrossSite,
}

impl<'a> Context<'a> {
    /// The context of a hop's request; `origin` is on whose behalf it is made, `None` for the user's own wish.
    pub(crate) fn of(
        request: &'a Request,
        origin: Option<&Origin>,
        channel: Channel,
        now: SystemTime,
    ) -> Self {
        Self {
            url: &request.url,
            channel,
            relation: relation(request, origin),
            partition: NetworkPartitionKey::of(request).to_string(),
            now,
        }
    }
}

/// 5.2. What came before in the redirect chain does not count, as in Chromium and in the draft since -12.
fn relation(request: &Request, origin: Option<&Origin>) -> Relation {
    let target = Site::of_url(&request.url);
    let is_top_level = request.mode == RequestMode::Navigate && request.documents.is_empty();
    let first_party = site_for_cookies(request).is_some_and(|site| site.is_same_site(&target));
    // A navigation is its initiator's request, whatever is around the frame in which it happens.
    let own = request.mode != RequestMode::Navigate
        || origin.is_none_or(|origin| Site::of(origin).is_same_site(&target));
    let is_safe = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(&request.method);
    match (first_party && own, is_top_level, is_safe) {
        (true, _, _) => Relation::SameSite,
        (false, true, true) => Relation::SafeNavigation,
        (false, true, false) => Relation::UnsafeNavigation,
        (false, false, _) => Relation::CrossSite,
    }
}
