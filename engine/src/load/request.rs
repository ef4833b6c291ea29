//! From a discovery to a request: one entry a URL, limits, priority, initiator, referrer.

use std::sync::Arc;

use siskin_net::{Credentials, Destination, ErrorKind, FetchId, Initiator, Referrer, Request, RequestMode};
use url::{Origin, Url};

use super::loader::{Arrival, Loader, Stage};
use super::message::Output;
use super::priority::priority;
use super::resource::{Resource, ResourceState};
use crate::diagnostic::Diagnostic;
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::html::discover::CrossOrigin;
use crate::limits::MAX_SUBRESOURCES;

impl Loader {
    /// Fetches what was discovered, unless it is there, under way or not to be had already.
    pub(super) fn request(&mut self, discovery: Discovery) {
        if let Some(known) = self.resources.get_mut(&discovery.url) {
            // The stronger wish wins. The request that is under way keeps its priority.
            known.blocking = known.blocking.max(discovery.blocking);
            return;
        }
        if matches!(discovery.url.scheme(), "about" | "javascript" | "mailto" | "tel") {
            return;
        }
        if self.resources.len() >= MAX_SUBRESOURCES {
            self.past_limit = self.past_limit.saturating_add(1);
            return self.diagnose_too_many();
        }
        let id = self.take_fetch_id();
        let refused = self.refusal(&discovery.url);
        self.resources.insert(Resource {
            fetch: id,
            url: discovery.url.clone(),
            destination: discovery.destination,
            blocking: discovery.blocking,
            state: ResourceState::Pending,
        });
        if let Some(message) = refused {
            return self.fail_resource(&discovery.url, Some(ErrorKind::Blocked), message);
        }
        let request = self.build_request(id, &discovery);
        if discovery.destination == Destination::Image {
            self.images_requested += 1;
        }
        self.expect(id, Arrival::Resource(request.url.clone()));
        self.outputs.push(Output::Fetch(Box::new(request)));
    }

    /// A page from elsewhere may not look at local files: <https://fetch.spec.whatwg.org/#scheme-fetch>, `file`.
    fn refusal(&self, url: &Url) -> Option<String> {
        let from = self.document_url();
        (url.scheme() == "file" && from.scheme() != "file")
            .then(|| format!("url: a {}: page may not load local files ({url})", from.scheme()))
    }

    fn build_request(&self, id: FetchId, discovery: &Discovery) -> Request {
        let initiator = self.initiator(&discovery.by);
        let referrer = initiator.url.clone().map_or(Referrer::NoReferrer, Referrer::Url);
        let mut url = discovery.url.clone();
        url.set_fragment(None);
        let mut request = Request::subresource(id, url, discovery.destination, initiator);
        request.referrer = referrer;
        request.origin = Some(self.document_url().origin());
        request.documents = self.documents();
        request.priority = priority(discovery, self.images_requested);
        request.render_blocking = discovery.blocking == Blocking::Render;
        // <https://html.spec.whatwg.org/#create-a-potential-cors-request>; fonts are always fetched so:
        // <https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements>.
        (request.mode, request.credentials) = match (discovery.cross_origin, discovery.destination) {
            (CrossOrigin::UseCredentials, _) => (RequestMode::Cors, Credentials::Include),
            (CrossOrigin::Anonymous, _) | (_, Destination::Font) => {
                (RequestMode::Cors, Credentials::SameOrigin)
            }
            (CrossOrigin::None, _) => (RequestMode::NoCors, Credentials::Include),
        };
        if request.url.origin() == self.config.url.origin() {
            request.headers = self.config.headers.clone();
        }
        request
    }

    /// Who asks: the document, or the sheet in which the wish stands, and the fetch that brought it.
    fn initiator(&self, by: &DiscoveredBy) -> Initiator {
        let kind = by.initiator_kind();
        let document = || (self.document_url(), self.config.first_fetch);
        let (url, fetch) = match by {
            DiscoveredBy::Import(sheet) | DiscoveredBy::FontFace(sheet) => {
                self.sheet_fetches.get(sheet).map_or_else(document, |&fetch| (sheet.clone(), fetch))
            }
            // DEVIATION: a computed `url()` does not tell its sheet; browsers name the sheet.
            DiscoveredBy::Style(_)
            | DiscoveredBy::PreloadScan
            | DiscoveredBy::Element(_)
            | DiscoveredBy::Browser => document(),
        };
        Initiator { kind, url: Some(url), fetch: Some(fetch) }
    }

    /// The documents around the page's requests, and the page's own: see [`Request::documents`].
    fn documents(&self) -> Arc<[Origin]> {
        let own = self.document_url().origin();
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
