//! From a discovery to a request: one entry a request, limits, priority, initiator, referrer.

use std::sync::Arc;

use siskin_net::{
    Advice, Credentials, Destination, DocumentStage, ErrorKind, FetchId, Initiator, LoadCircumstances,
    Priority, Referrer, ReferrerPolicy, Request, RequestMode, SMALL_IMAGE_AREA, WishSource,
};
use url::{Origin, Url};

use super::loader::{Arrival, Loader, Stage};
use super::message::Output;
use super::resource::{Access, Resource, ResourceId};
use crate::diagnostic::Diagnostic;
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::html::discover::CrossOrigin;
use crate::limits::MAX_SUBRESOURCES;

impl Loader {
    /// Fetches what was discovered, unless it is there, under way or not to be had already.
    pub(super) fn request(&mut self, discovery: Discovery) {
        let access = access(&discovery);
        let priority = self.priority(&discovery);
        if let Some(id) = self.resources.find(&discovery.url, discovery.destination, access) {
            return self.want_again(id, &discovery, priority);
        }
        if matches!(discovery.url.scheme(), "about" | "javascript" | "mailto" | "tel") {
            return;
        }
        if self.resources.len() >= MAX_SUBRESOURCES {
            // What the scanner finds the tree finds too.
            let is_new = discovery.by != DiscoveredBy::PreloadScan;
            self.past_limit = self.past_limit.saturating_add(usize::from(is_new));
            return self.diagnose_too_many();
        }
        let fetch = self.take_fetch_id();
        let refused = self.refusal(&discovery.url);
        let id = self.resources.insert(Resource {
            access,
            priority,
            ..Resource::pending(fetch, discovery.url.clone(), discovery.destination, discovery.blocking)
        });
        if let Some(message) = refused {
            return self.fail_resource(id, Some(ErrorKind::Blocked), message);
        }
        let request = self.build_request(fetch, &discovery, access, priority);
        let is_small = discovery.area.is_some_and(|area| area <= SMALL_IMAGE_AREA);
        if discovery.destination == Destination::Image && discovery.source != WishSource::Other && !is_small {
            self.images_requested += 1;
        }
        self.expect(fetch, Arrival::Resource(id));
        self.outputs.push(Output::Fetch(Box::new(request)));
    }

    /// The stronger wish wins, and a request that is still waiting is told when it has become more urgent.
    fn want_again(&mut self, id: ResourceId, discovery: &Discovery, priority: Priority) {
        let known = self.resources.entry_mut(id);
        known.blocking = known.blocking.max(discovery.blocking);
        // The scanner and the tree find the same thing: only a wish of another kind says something new.
        let is_news = discovery.source == WishSource::Other && priority > known.priority;
        if known.is_pending() && is_news {
            known.priority = priority;
            let fetch = known.fetch;
            self.outputs.push(Output::Advise(Advice::Priority { fetch, priority }));
        }
    }

    fn priority(&self, discovery: &Discovery) -> Priority {
        Priority::of(&LoadCircumstances {
            destination: discovery.destination,
            hint: discovery.options.priority,
            source: discovery.source,
            timing: discovery.timing,
            images_before: self.images_requested,
            area: discovery.area,
        })
    }

    /// A page from elsewhere may not look at local files: <https://fetch.spec.whatwg.org/#scheme-fetch>, `file`.
    pub(super) fn refusal(&self, url: &Url) -> Option<String> {
        // A document that was made by another may do what that one may.
        let from = self.base_url_of_rights();
        (url.scheme() == "file" && from.scheme() != "file")
            .then(|| format!("url: a {}: page may not load local files ({url})", from.scheme()))
    }

    /// The document in whose name this one asks: that around it, where it was made by that one.
    pub(super) fn base_url_of_rights(&self) -> Url {
        let nested = self.config.nested.as_ref();
        let given = nested.and_then(|nested| nested.given.as_ref());
        given.map_or_else(|| self.document_url(), |given| given.base_url.clone())
    }

    fn build_request(
        &self,
        id: FetchId,
        discovery: &Discovery,
        access: Access,
        priority: Priority,
    ) -> Request {
        let initiator = self.initiator(&discovery.by);
        let referrer = initiator.url.clone().map_or(Referrer::NoReferrer, Referrer::Url);
        let mut url = discovery.url.clone();
        url.set_fragment(None);
        let mut request = Request::subresource(id, url, discovery.destination, initiator);
        request.referrer = referrer;
        request.referrer_policy = discovery.options.referrer_policy.or(self.policy_of(&discovery.by));
        request.integrity.clone_from(&discovery.options.integrity);
        request.origin = Some(self.own_origin());
        request.documents = self.documents();
        request.insecure = self.insecure;
        request.time_limit = self.config.request_timeout;
        request.priority = priority;
        request.page = Some(self.config.page());
        request.stage = if self.body_reached { DocumentStage::InBody } else { DocumentStage::BeforeBody };
        request.render_blocking = discovery.blocking == Blocking::Render;
        (request.mode, request.credentials) = (access.mode, access.credentials);
        if request.url.origin() == self.config.url.origin() {
            request.headers = self.config.headers.clone();
        }
        request
    }

    /// Who asks: the document, or the sheet in which the wish stands, and the fetch that brought it.
    fn initiator(&self, by: &DiscoveredBy) -> Initiator {
        let kind = by.initiator_kind();
        let document = || (self.base_url_of_rights(), self.config.first_fetch);
        let (url, fetch) = match by {
            DiscoveredBy::Import(sheet) | DiscoveredBy::FontFace(sheet) => {
                self.sheet_origins.get(sheet).map_or_else(document, |origin| (sheet.clone(), origin.fetch))
            }
            // DEVIATION: a computed `url()` does not tell its sheet; browsers name the sheet.
            DiscoveredBy::Style(_)
            | DiscoveredBy::PreloadScan
            | DiscoveredBy::Element(_)
            | DiscoveredBy::LinkHeader
            | DiscoveredBy::Browser => document(),
        };
        Initiator { kind, url: Some(url), fetch: Some(fetch) }
    }

    /// The referrer policy of whoever asks: a sheet's own is in its response's header, that of the document in its header
    /// or a `meta`.
    fn policy_of(&self, by: &DiscoveredBy) -> ReferrerPolicy {
        match by {
            DiscoveredBy::Import(sheet) | DiscoveredBy::FontFace(sheet) => {
                self.sheet_origins.get(sheet).map_or(self.referrer_policy, |origin| origin.referrer_policy)
            }
            _ => self.referrer_policy,
        }
    }

    /// The documents around the page's requests, and the page's own: see [`Request::documents`].
    pub(super) fn documents(&self) -> Arc<[Origin]> {
        let own = self.own_origin();
        self.config.ancestors.iter().cloned().chain([own]).collect()
    }

    pub(super) fn document_url(&self) -> Url {
        match &self.stage {
            Stage::Parsing(parser) => parser.document().url.clone(),
            Stage::Parsed(document) => document.url.clone(),
            Stage::New | Stage::Requested | Stage::Over => self.config.url.clone(),
        }
    }

    fn diagnose_too_many(&mut self) {
        let message = format!("more than {MAX_SUBRESOURCES} subresources: the others are not loaded");
        if self.diagnostics.iter().all(|known| known.message != message) {
            let url = Some(self.document_url());
            self.diagnose([Diagnostic { url, line: None, message }]);
        }
    }
}

/// <https://html.spec.whatwg.org/#create-a-potential-cors-request>
fn access(discovery: &Discovery) -> Access {
    match discovery.options.cross_origin {
        // The browser asks for the site's icon by itself, also when the page shows the same image: nothing else asks
        // in this way.
        CrossOrigin::None if matches!(discovery.by, DiscoveredBy::Browser) => {
            Access { mode: RequestMode::NoCors, credentials: Credentials::SameOrigin }
        }
        CrossOrigin::UseCredentials => Access { mode: RequestMode::Cors, credentials: Credentials::Include },
        CrossOrigin::Anonymous => Access { mode: RequestMode::Cors, credentials: Credentials::SameOrigin },
        CrossOrigin::None => Access::PLAIN,
    }
}
