//! The loader: one page's load as a value machine. No sockets, no clock, no tasks: inputs, `now`, outputs.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use siskin_net::{Advice, ErrorKind, FetchId, InsecureRequests, ReferrerPolicy, RequestBody, Timestamp};
use url::{Origin, Url};

use super::arrival::Sniffing;
use super::aside::Aside;
use super::blocking;
use super::document_kind::DocumentKind;
use super::frames::{FrameProgress, Frames, Nested};
use super::lazy::{LazyImages, Pictured};
use super::message::{Input, Output, ResponseHead};
use super::milestones::Milestones;
use super::navigator::Navigator;
use super::outcome::{BrokenOffPolicy, FailedResource, HttpErrorPolicy, PageError, Refresh};
use super::resource::{ResourceId, ResourceState, ResourceTable};
use super::sheets::Sheets;
use super::styling::Styling;
use crate::diagnostic::Diagnostic;
use crate::dom::Document;
use crate::event::PageEventKind;
use crate::html::HtmlParser;
use crate::html::discover::ConnectHint;
use crate::html::form::{ControlStates, controls};
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
    /// What becomes of a document of which only the beginning comes.
    pub broken_off: BrokenOffPolicy,
    /// Headers for the requests to the document's own origin.
    pub headers: HeaderMap,
    /// The method by which the document is asked for.
    pub method: Method,
    /// What goes along when the document is asked for.
    pub body: Option<RequestBody>,
    /// The document whose link or form leads here; `None`: the user typed it, or it is a nested document.
    pub navigator: Option<Navigator>,
    /// The origins of the documents around this one, the top-level document's first: empty unless it is a nested
    /// document. Its requests carry them, and its own origin after them ([`siskin_net::Request::documents`]).
    pub ancestors: Arc<[Origin]>,
    /// The first fetch's name; further fetches count up from it.
    pub first_fetch: FetchId,
    /// The fetch of the top-level document, if this is a nested one.
    pub top: Option<FetchId>,
    /// What it has of the documents around it, if this is a nested one.
    pub nested: Option<Nested>,
    /// How long one subresource may take; `None`: as long as the network lets it.
    pub request_timeout: Option<Duration>,
    /// Whether scripts are fetched. None ever runs.
    pub scripts: ScriptPolicy,
    /// Whether the site's icon, and what the next page may need, is fetched when the page is loaded.
    pub icons: IconPolicy,
    /// What is pictured: lazy images within its reach are fetched.
    pub pictured: Pictured,
}

/// Whether scripts are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScriptPolicy {
    /// They do not run, so they are not fetched.
    #[default]
    Skip,
    /// They are, for the sake of a waterfall that looks like a browser's.
    Fetch,
}

/// Whether the site's icon is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IconPolicy {
    /// Nothing shows it.
    #[default]
    Skip,
    /// As a browser does, when the page is loaded. Nothing waits for it.
    Fetch,
}

impl LoaderConfig {
    /// A load of `url` with every choice at its default.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            viewport: Viewport::default(),
            http_errors: HttpErrorPolicy::default(),
            broken_off: BrokenOffPolicy::default(),
            headers: HeaderMap::new(),
            method: Method::GET,
            body: None,
            navigator: None,
            ancestors: Arc::new([]),
            first_fetch: FetchId(1),
            top: None,
            nested: None,
            request_timeout: None,
            scripts: ScriptPolicy::default(),
            icons: IconPolicy::default(),
            pictured: Pictured::default(),
        }
    }

    /// The name of the top-level document's fetch: that of the page.
    pub(super) fn page(&self) -> FetchId {
        self.top.unwrap_or(self.first_fetch)
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
    /// The bytes of the document itself, when it is an image.
    pub(super) image_document: Option<ResourceId>,
    pub(super) arriving: HashMap<FetchId, Arriving>,
    pub(super) received: u64,
    pub(super) resources: ResourceTable,
    pub(super) images_requested: usize,
    pub(super) past_limit: usize,
    pub(super) sheets: Sheets,
    /// Of each sheet that has come, by final URL.
    pub(super) sheet_origins: HashMap<Url, SheetOrigin>,
    pub(super) referrer_policy: ReferrerPolicy,
    pub(super) insecure: InsecureRequests,
    pub(super) frames: Frames,
    pub(super) lazy: LazyImages,
    pub(super) aside: Aside,
    pub(super) hints: Vec<ConnectHint>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) refresh: Option<Refresh>,
    /// Whether the body has begun, as far as the scanner or the tree knows.
    pub(super) body_reached: bool,
    body_told: bool,
    /// Of the parser, when elements were last taken from it.
    pub(super) restarts: u32,
    pub(super) styling: Styling,
    /// The document before anybody did anything to its controls.
    pristine: Option<Arc<Document>>,
    pub(super) status: Option<u16>,
    /// Why the document ends where it does.
    pub(super) break_off: Option<FailedResource>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) milestones: Milestones,
    pub(super) generation: u64,
    pub(super) stopped: bool,
    pub(super) outputs: Vec<Output>,
}

/// Where a sheet is from.
#[derive(Debug, Clone, Copy)]
pub(super) struct SheetOrigin {
    pub(super) fetch: FetchId,
    pub(super) referrer_policy: ReferrerPolicy,
}

pub use super::outcome::Skipped;

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
    /// Whether its beginning may tell of more imports.
    pub(super) may_import: bool,
}

/// What a fetch brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// The document.
    Document,
    /// A subresource.
    Resource(ResourceId),
}

impl Loader {
    /// A load that has not begun: give it [`Input::Start`].
    pub fn new(config: LoaderConfig, metrics: Arc<dyn FontMetricsProvider>) -> Self {
        Self {
            next_fetch: config.first_fetch.0,
            styling: Styling::new(metrics),
            config,
            pristine: None,
            stage: Stage::New,
            document_kind: DocumentKind::default(),
            sniffing: None,
            image_document: None,
            arriving: HashMap::new(),
            received: 0,
            resources: ResourceTable::default(),
            images_requested: 0,
            past_limit: 0,
            sheets: Sheets::default(),
            sheet_origins: HashMap::new(),
            referrer_policy: ReferrerPolicy::Unset,
            insecure: InsecureRequests::Allow,
            frames: Frames::default(),
            lazy: LazyImages::default(),
            aside: Aside::default(),
            hints: Vec::new(),
            skipped: Vec::new(),
            refresh: None,
            body_reached: false,
            body_told: false,
            restarts: 0,
            status: None,
            break_off: None,
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
            Input::End(id) => self.on_end(id),
            Input::Failed(id, error) => self.on_failed(id, error),
            Input::Resize(viewport) => self.on_resize(viewport),
            Input::Frame(element, progress) => self.on_frame(element, progress),
            Input::Controls(states) => self.on_controls(states),
            Input::Located(places) => self.on_located(&places),
            Input::Stop => self.on_stop(),
        }
        self.settle(now);
        std::mem::take(&mut self.outputs)
    }

    /// What it was told to do.
    pub const fn config(&self) -> &LoaderConfig {
        &self.config
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

    /// The document itself if it has broken off, then the subresources that did not come or came with an error status, in
    /// the order of their discovery.
    pub fn failed(&self) -> Vec<FailedResource> {
        let resources = self.resources.iter().filter_map(FailedResource::of);
        self.break_off.clone().into_iter().chain(resources).collect()
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
                    (None, _) if !self.frames.are(FrameProgress::Idle) => "a frame".to_owned(),
                    (None, _) => "nothing".to_owned(),
                    (Some(first), 0) => first.url.to_string(),
                    (Some(first), more) => format!("{} and {more} more", first.url),
                }
            }
        }
    }

    /// What the page names and is not loaded, in the order of its discovery.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// What a link or a form of this document gives to the page that it leads to.
    pub fn navigator(&self) -> Navigator {
        Navigator {
            url: self.base_url_of_rights(),
            origin: self.own_origin(),
            fetch: self.config.first_fetch,
            referrer_policy: self.referrer_policy,
            insecure: self.insecure,
        }
    }

    /// The page's wish to be replaced, if it has one.
    pub const fn refresh(&self) -> Option<&Refresh> {
        self.refresh.as_ref()
    }

    /// Whether anything is under way still, the site's icon included, for which nothing ever waits.
    pub fn is_busy(&self) -> bool {
        blocking::under_way(&self.resources).next().is_some()
    }

    /// The document as far as it is parsed. Nothing while the parser has it in its hands.
    pub const fn document(&self) -> Option<&Arc<Document>> {
        match &self.stage {
            Stage::Parsed(document) => Some(document),
            _ => None,
        }
    }

    /// Draws the conclusions from the tables: styles when nothing stands in the way, milestones that are due.
    fn settle(&mut self, now: Timestamp) {
        if !matches!(self.stage, Stage::Parsing(_) | Stage::Parsed(_)) {
            return;
        }
        self.tell_body();
        self.style_what_is_there(now);
        let paint_is_blocked = blocking::render_blocking(&self.resources).next().is_some();
        if !paint_is_blocked && self.has_body() {
            self.pass(PageEventKind::FirstPaintPossible, now);
        }
        // A load that was stopped has not happened: its last milestones are not told.
        if !matches!(self.stage, Stage::Parsed(_)) || self.stopped {
            return;
        }
        if blocking::parser_blocking(&self.resources).next().is_none() {
            self.pass(PageEventKind::DomContentLoaded, now);
        }
        if self.styling.is_dirty() {
            return;
        }
        let load_is_blocked = blocking::load_blocking(&self.resources).next().is_some()
            || !self.frames.are(FrameProgress::Loaded);
        self.locate_lazy_images(!load_is_blocked);
        if !load_is_blocked && !self.lazy.is_asked() {
            self.pass_load(now);
        }
    }

    fn pass_load(&mut self, now: Timestamp) {
        let is_new = !self.milestones.passed(PageEventKind::Load);
        self.pass(PageEventKind::Load, now);
        if is_new {
            self.request_aside();
        }
        if blocking::in_flight(&self.resources).next().is_none() && self.frames.are(FrameProgress::Idle) {
            self.pass(PageEventKind::NetworkIdle, now);
        }
    }

    /// Styles the document when nothing it needs for that is outstanding, and fetches what its boxes use.
    fn style_what_is_there(&mut self, now: Timestamp) {
        let is_blocked = blocking::paint_blocking(&self.resources).next().is_some();
        if let Stage::Parsed(document) = &self.stage
            && !is_blocked
            && self.styling.is_dirty()
        {
            let document = Arc::clone(document);
            self.restyle(&document);
        } else if matches!(self.stage, Stage::Parsing(_)) && self.body_reached {
            self.style_ahead(now);
        }
        // A source that is refused at once fails while it is asked for, hence the loop: each turn uses up sources.
        while self.styling.take_font_failure() {
            self.request_fonts();
        }
    }

    /// The network holds back what can wait until the body is reached.
    fn tell_body(&mut self) {
        if self.body_reached && !std::mem::replace(&mut self.body_told, true) && self.config.top.is_none() {
            let page = self.config.page();
            self.outputs.push(Output::Advise(Advice::BodyReached { page }));
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
            self.look_again_for_lazy_images();
        }
    }

    /// The page looks as its controls are, `:checked` and what else asks for it included.
    fn on_controls(&mut self, states: ControlStates) {
        let Stage::Parsed(document) = &mut self.stage else { return };
        // What the user took back is what the page had.
        let pristine = self.pristine.get_or_insert_with(|| Arc::clone(document));
        let mut changed = Document::clone(pristine);
        controls::show(&mut changed, &states);
        *document = Arc::new(changed);
        self.styling.invalidate();
    }

    /// Makes the best of what is there: the document ends here, what has not come will not.
    fn on_stop(&mut self) {
        self.stopped = true;
        self.lazy.clear();
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
