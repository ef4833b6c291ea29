//! Who navigates: the document whose link or form leads to another page.

use siskin_net::{FetchId, Initiator, InitiatorKind, InsecureRequests, Referrer, ReferrerPolicy, Request};
use url::{Origin, Url};

/// The document whose link or form leads to a page: the "source snapshot params" of
/// <https://html.spec.whatwg.org/#navigate>, and what the request has of them. From it follow `Sec-Fetch-Site`, the
/// same-site cookies, `Origin` of a form that is sent, and `Referer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Navigator {
    /// Its URL.
    pub url: Url,
    /// Its origin.
    pub origin: Origin,
    /// The fetch that brought it.
    pub fetch: FetchId,
    /// How much of its URL is told: its own policy, or that of the link.
    pub referrer_policy: ReferrerPolicy,
    /// Whether it wants what it leads to on its own host to be secure.
    pub insecure: InsecureRequests,
}

impl Navigator {
    /// The request of the page that is led to is this document's.
    pub(super) fn sign(&self, request: &mut Request) {
        request.origin = Some(self.origin.clone());
        request.referrer = Referrer::Url(self.url.clone());
        request.referrer_policy = self.referrer_policy;
        request.insecure = self.insecure;
        request.initiator = Initiator {
            kind: InitiatorKind::Navigation,
            url: Some(self.url.clone()),
            fetch: Some(self.fetch),
        };
    }
}
