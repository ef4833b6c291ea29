//! Where a fetch is in its redirect chain: the request of the current hop, and what came before it.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use url::{Origin, Url};

use super::referrer;
use crate::event::{NetEventKind, UpgradeReason};
use crate::referrer_policy::ReferrerPolicy;
use crate::request::{Request, RequestMode};
use crate::request_body::RequestBody;
use crate::story::Story;
use crate::told_url::told;

/// The standard's "fetch params", as far as they change on the way.
pub(super) struct Hop {
    /// The request as this hop sends it.
    pub(super) request: Request,
    /// The request's body as bytes.
    pub(super) body: Option<Bytes>,
    /// Every URL so far, this hop's last: <https://fetch.spec.whatwg.org/#concept-request-url-list>.
    pub(super) url_list: Vec<Url>,
    pub(super) redirect_count: u32,
    /// A cross-origin redirect led to yet another origin: the request's origin counts as opaque now.
    /// <https://fetch.spec.whatwg.org/#concept-request-tainted-origin>
    pub(super) redirect_tainted: bool,
    /// The `Authorization` header that the hop has sent last.
    pub(super) authorization: Option<HeaderValue>,
    pub(super) story: Story,
}

impl Hop {
    pub(super) fn first(mut request: Request, story: Story) -> Self {
        let url_list = vec![request.url.clone()];
        // Main fetch, step 8: the document's own policy has been put into the request where there is one.
        request.referrer_policy = request.referrer_policy.or(ReferrerPolicy::DEFAULT);
        let body = request.body.take().map(|body| encoded(&body, &mut request.headers));
        Self {
            request,
            body,
            url_list,
            redirect_count: 0,
            redirect_tainted: false,
            authorization: None,
            story,
        }
    }

    /// Tells that this hop begins.
    pub(super) fn tell_requested(&self) {
        let request = &self.request;
        self.story.begin_hop(told(&request.url), |url| NetEventKind::Requested {
            method: request.method.clone(),
            url,
            destination: request.destination,
            priority: request.priority,
            initiator: request.initiator.clone(),
            render_blocking: request.render_blocking,
        });
    }

    /// The hop goes to a more secure URL instead of its own.
    pub(super) fn upgrade(&mut self, to: Url, reason: UpgradeReason) {
        if let Some(last) = self.url_list.last_mut() {
            last.clone_from(&to);
        }
        self.request.url.clone_from(&to);
        self.story.tell(NetEventKind::Upgraded { to: told(&to), reason });
    }

    /// Main fetch, step 9: from now on the request's referrer is what this hop may tell.
    pub(super) fn determine_referrer(&mut self) {
        let request = &mut self.request;
        request.referrer = referrer::determine(request.referrer_policy, &request.referrer, &request.url);
    }

    /// The origin on whose behalf the request is made; `None` for the user's own.
    pub(super) fn origin(&self) -> Option<Origin> {
        let initiator = || self.request.initiator.url.as_ref().map(Url::origin);
        self.request.origin.clone().or_else(initiator)
    }

    /// Whether this hop goes to the origin for which the request was made (a navigation's: the first).
    pub(super) fn is_same_origin_as_first(&self) -> bool {
        let first = match (self.request.mode, self.origin()) {
            (RequestMode::Navigate, _) | (_, None) => self.url_list.first().map(Url::origin),
            (_, origin) => origin,
        };
        first.is_some_and(|first| first == self.request.url.origin())
    }

    /// Whether the response must pass a CORS check: mode "cors", and an origin other than the document's
    /// at this hop or before it.
    pub(super) fn is_cors(&self) -> bool {
        if self.request.mode != RequestMode::Cors {
            return false;
        }
        let Some(origin) = self.origin() else { return false };
        self.url_list.iter().any(|url| !is_same_origin(&origin, url))
    }

    /// Whether the page may not look at the response ("opaque" response tainting): it is of another origin and did not
    /// have to pass a CORS check.
    pub(super) fn is_opaque(&self) -> bool {
        if self.request.mode != RequestMode::NoCors {
            return false;
        }
        let Some(origin) = self.origin() else { return false };
        self.url_list.iter().any(|url| !is_same_origin(&origin, url))
    }

    /// <https://fetch.spec.whatwg.org/#serializing-a-request-origin>
    pub(super) fn serialized_origin(&self) -> String {
        match self.origin() {
            Some(origin) if !self.redirect_tainted => origin.ascii_serialization(),
            _ => "null".to_owned(),
        }
    }
}

/// <https://fetch.spec.whatwg.org/#dom-request>, step 37: the bytes, and their type where the headers have none.
fn encoded(body: &RequestBody, headers: &mut HeaderMap) -> Bytes {
    let (content_type, bytes) = body.encode();
    if !headers.contains_key(header::CONTENT_TYPE)
        && let Some(value) = content_type.and_then(|text| HeaderValue::try_from(text).ok())
    {
        headers.insert(header::CONTENT_TYPE, value);
    }
    bytes
}

/// <https://html.spec.whatwg.org/multipage/browsers.html#same-origin>; `data:` URLs are everyone's own.
pub(super) fn is_same_origin(origin: &Origin, url: &Url) -> bool {
    url.scheme() == "data" || *origin == url.origin()
}
