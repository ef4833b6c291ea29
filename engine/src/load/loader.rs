//! The loader: one page's load as a value machine. No sockets, no clock, no tasks: inputs, `now`, outputs.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use siskin_net::{ErrorKind, FetchId, Timestamp};
use url::{Origin, Url};

use super::arrival::Sniffing;
use super::blocking;
use super::document_kind::DocumentKind;
use super::message::{Input, Output, ResponseHead};
use super::milestones::Milestones;
use super::outcome::{FailedResource, HttpErrorPolicy, PageError};
use super::resource::{ResourceState, ResourceTable};
use super::sheets::Sheets;
use super::styling::Styling;
use crate::diagnostic::Diagnostic;
use crate::dom::Document;
use crate::event::PageEventKind;
use crate::html::HtmlParser;
use crate::limits::MAX_PAGE_DIAGNOSTICS;
use crate::style::FontMetricsProvider;
use crate::units::Viewport;

/// What a load is to do.
#[derive(Debug, Clone)]
pub struct LoaderConfig {
    /// The document.
    pub url: Url,
    /// What it is styled for.
    pub viewport: Viewport,
    /// What becomes of an HTTP error page.
    pub http_errors: HttpErrorPolicy,
    /// Headers for the requests to the document's own origin.
    pub headers: HeaderMap,
    /// The origins of the documents around this one, the top-level document's first: empty unless it is a nested
    /// document. Its requests carry them, and its own origin after them ([`siskin_net::Request::documents`]).
    pub ancestors: Arc<[Origin]>,
    /// The first fetch's name; further fetches count up from it.
    pub first_fetch: FetchId,
}

impl LoaderConfig {
    /// A load of `url` with every choice at its default.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            viewport: Viewport::default(),
            http_errors: HttpErrorPolicy::default(),
            headers: HeaderMap::new(),
            ancestors: Arc::new([]),
            first_fetch: FetchId(1),
        }
    }
}

/// One page's load: see the picture in [the module](super).
///
/// Guarantees, whatever comes in and in whatever order:
/// - each URL is fetched at most once, and nothing is asked for after [`Output::Failed`];
/// - each milestone is told at most once;
/// - inputs for a fetch that is over or was canceled change nothing.
pub struct Loader {
    pub(super) config: LoaderConfig,
    pub(super) next_fetch: u64,
    pub(super) stage: Stage,
    pub(super) document_kind: DocumentKind,
    pub(super) sniffing: Option<Sniffing>,
    pub(super) arriving: HashMap<FetchId, Arriving>,
    pub(super) received: u64,
    pub(super) resources: ResourceTable,
    pub(super) images_requested: usize,
    pub(super) past_limit: usize,
    pub(super) sheets: Sheets,
    pub(super) sheet_fetches: HashMap<Url, FetchId>,
    pub(super) styling: Styling,
    pub(super) status: Option<u16>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) milestones: Milestones,
    pub(super) generation: u64,
    pub(super) stopped: bool,
    pub(super) outputs: Vec<Output>,
}

/// How far the document is.
pub(super) enum Stage {
    /// The navigation has not begun.
    New,
    /// The response's head is awaited.
    Requested,
    /// The document comes in.
    Parsing(Box<HtmlParser>),
    /// The document is whole.
    Parsed(Arc<Document>),
    /// There is no page, or nothing more is to come.
    Over,
}

/// A fetch that is under way.
pub(super) struct Arriving {
    pub(super) what: Arrival,
    pub(super) head: Option<ResponseHead>,
    pub(super) chunks: Vec<Bytes>,
    pub(super) size: u64,
}

/// What a fetch brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arrival {
    /// The document.
    Document,
    /// A subresource, by requested URL.
    Resource(Url),
}

impl Loader {
    /// A load that has not begun: give it [`Input::Start`].
    pub fn new(config: LoaderConfig, metrics: Arc<dyn FontMetricsProvider>) -> Self {
        Self {
            next_fetch: config.first_fetch.0,
            styling: Styling::new(metrics),
            config,
            stage: Stage::New,
            document_kind: DocumentKind::default(),
            sniffing: None,
            arriving: HashMap::new(),
            received: 0,
            resources: ResourceTable::default(),
            images_requested: 0,
            past_limit: 0,
            sheets: Sheets::default(),
            sheet_fetches: HashMap::new(),
            status: None,
            diagnostics: Vec::new(),
            milestones: Milestones::default(),
            generation: 0,
            stopped: false,
            outputs: Vec::new(),
        }
    }

    /// Takes what happened and tells what is to be done about it, in order.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Vec<Output> {
        match input {
            Input::Start => self.start(now),
            Input::Response(id, head) => self.on_response(id, head, now),
            Input::Chunk(id, bytes) => self.on_chunk(id, bytes),
            Input::End(id) => self.on_end(id, now),
            Input::Failed(id, error) => self.on_failed(id, error),
            Input::Resize(viewport) => self.on_resize(viewport),
            Input::Stop => self.on_stop(),
        }
        self.settle(now);
        std::mem::take(&mut self.outputs)
    }

    /// The milestones passed until now.
    pub const fn milestones(&self) -> &Milestones {
        &self.milestones
    }

    /// The document's URL: the final one, as soon as it is known.
    pub fn url(&self) -> Url {
        self.document_url()
    }

    /// The document's HTTP status, once it is known; 200 for `file:` and `data:`.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The page's mistakes found until now.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The subresources.
    pub const fn resources(&self) -> &ResourceTable {
        &self.resources
    }

    /// The name that the next fetch would get: the first one of the next page of this client.
    pub const fn next_fetch(&self) -> FetchId {
        FetchId(self.next_fetch)
    }

    /// The subresources that did not come or came with an error status, in the order of their discovery.
    pub fn failed(&self) -> Vec<FailedResource> {
        self.resources.iter().filter_map(FailedResource::of).collect()
    }

    /// The document's URL where the document is an image: what is there besides has been made for it.
    pub fn image_document(&self) -> Option<Url> {
        (self.document_kind == DocumentKind::Image).then(|| self.document_url())
    }

    /// How many wishes came after [`crate::limits::MAX_SUBRESOURCES`] others.
    pub const fn past_limit(&self) -> usize {
        self.past_limit
    }

    /// What the load waits for, in words that stand after "waiting for".
    pub fn waiting_for(&self) -> String {
        match &self.stage {
            Stage::New | Stage::Requested => "the server's answer".to_owned(),
            Stage::Parsing(_) if self.is_arriving(&Arrival::Document) => {
                "the rest of the document".to_owned()
            }
            Stage::Parsing(_) | Stage::Parsed(_) | Stage::Over => {
                let mut pending = blocking::in_flight(&self.resources);
                match (pending.next(), pending.count()) {
                    (None, _) => "nothing".to_owned(),
                    (Some(first), 0) => first.url.to_string(),
                    (Some(first), more) => format!("{} and {more} more", first.url),
                }
            }
        }
    }

    /// Draws the conclusions from the tables: styles when nothing stands in the way, milestones that are due.
    fn settle(&mut self, now: Timestamp) {
        if !matches!(self.stage, Stage::Parsing(_) | Stage::Parsed(_)) {
            return;
        }
        let paint_is_blocked = blocking::render_blocking(&self.resources).next().is_some();
        if let Stage::Parsed(document) = &self.stage
            && !paint_is_blocked
            && self.styling.is_dirty()
        {
            let document = Arc::clone(document);
            self.restyle(&document);
        }
        // A source that is refused at once fails while it is asked for, hence the loop: each turn uses up sources.
        while self.styling.take_font_failure() {
            self.request_fonts();
        }
        if !paint_is_blocked && self.has_body() {
            self.pass(PageEventKind::FirstPaintPossible, now);
        }
        // A load that was stopped has not happened: its last milestones are not told.
        if matches!(self.stage, Stage::Parsed(_)) && !self.styling.is_dirty() && !self.stopped {
            if blocking::load_blocking(&self.resources).next().is_none() {
                self.pass(PageEventKind::Load, now);
            }
            if blocking::in_flight(&self.resources).next().is_none() {
                self.pass(PageEventKind::NetworkIdle, now);
            }
        }
    }

    fn has_body(&self) -> bool {
        match &self.stage {
            Stage::Parsing(parser) => parser.document().body().is_some(),
            Stage::Parsed(_) => true,
            Stage::New | Stage::Requested | Stage::Over => false,
        }
    }

    pub(super) fn pass(&mut self, kind: PageEventKind, now: Timestamp) {
        if let Some(event) = self.milestones.pass(kind, now) {
            self.outputs.push(Output::Event(event));
        }
    }

    pub(super) fn is_arriving(&self, what: &Arrival) -> bool {
        self.arriving.values().any(|arriving| arriving.what == *what)
    }

    pub(super) fn diagnose(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        let room = MAX_PAGE_DIAGNOSTICS.saturating_sub(self.diagnostics.len());
        self.diagnostics.extend(diagnostics.into_iter().take(room));
    }

    /// Ends the load without a page.
    pub(super) fn fail(&mut self, error: PageError) {
        self.cancel_all(ErrorKind::Canceled, "the page failed");
        self.stage = Stage::Over;
        self.outputs.push(Output::Failed(error));
    }

    fn on_resize(&mut self, viewport: Viewport) {
        if self.config.viewport != viewport {
            self.config.viewport = viewport;
            self.styling.invalidate();
        }
    }

    /// Makes the best of what is there: the document ends here, what has not come will not.
    fn on_stop(&mut self) {
        self.stopped = true;
        self.cancel_all(ErrorKind::Timeout, "the time was up");
        if matches!(self.stage, Stage::Parsing(_)) {
            self.finish_document();
        } else if !matches!(self.stage, Stage::Parsed(_)) {
            self.stage = Stage::Over;
        }
    }

    fn cancel_all(&mut self, kind: ErrorKind, why: &str) {
        let mut ids: Vec<FetchId> = self.arriving.drain().map(|(id, _)| id).collect();
        ids.sort_unstable();
        self.outputs.extend(ids.into_iter().map(Output::Cancel));
        for resource in self.resources.iter_mut().filter(|resource| resource.is_pending()) {
            let message = format!("canceled: {why} ({})", resource.url);
            resource.state = ResourceState::Failed { kind: Some(kind), message };
        }
    }
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader").field("url", &self.config.url.as_str()).finish_non_exhaustive()
    }
}
