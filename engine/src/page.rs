//! A page being loaded: the [`Loader`] joined with a network. The only async file of this crate.
//!
//! Futures only: whoever polls [`Page::load`] brings the runtime, and no task outlives the [`Page`]. Dropping the
//! page drops its fetches, which cancels them.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{AbortHandle, Abortable, Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use siskin_net::{Body, Clock, Destination, Error, Fetch, FetchId, Observer, Request, Response, Timestamp};
use url::Url;

use crate::css::selector::Selectors;
use crate::diagnostic::Diagnostic;
use crate::dom::{Document, NodeId};
use crate::event::{PageEvent, PageEventKind, PageObserver};
use crate::html::form::ControlStates;
use crate::limits::MAX_FRAMES;
use crate::load::{
    BrokenOffPolicy, FrameProgress, FrameRequest, Input, Loader, LoaderConfig, Output, ResponseHead,
};
use crate::snapshot::{FrameSizes, Snapshot};
use crate::style::FontMetricsProvider;
use crate::units::{Area, Viewport};

pub use crate::load::{FailedResource, HttpErrorPolicy, Navigator, PageError, Refresh, Skipped};

/// When a page counts as loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WaitUntil {
    /// The document has been parsed and nothing blocks rendering.
    DomContentLoaded,
    /// Everything that delays the load event is there or has failed.
    #[default]
    Load,
    /// No request is left.
    Idle,
}

/// An element that a page must have to be ready.
#[derive(Debug, Clone)]
pub struct Awaited {
    text: String,
    selectors: Selectors,
}

impl Awaited {
    /// One that `selector` matches; `None` when that is no selector.
    pub fn new(selector: &str) -> Option<Self> {
        Some(Self { text: selector.to_owned(), selectors: Selectors::parse(selector, None)? })
    }

    /// The selector as it was given.
    pub fn selector(&self) -> &str {
        &self.text
    }

    /// Whether `document` has it.
    pub fn is_in(&self, document: &Document) -> bool {
        self.selectors.first_match(document).is_some()
    }
}

impl WaitUntil {
    const fn milestone(self) -> PageEventKind {
        match self {
            Self::DomContentLoaded => PageEventKind::DomContentLoaded,
            Self::Load => PageEventKind::Load,
            Self::Idle => PageEventKind::NetworkIdle,
        }
    }
}

/// What a page uses of the world around it.
#[derive(Clone)]
pub struct PageHost {
    /// Brings bytes.
    pub fetch: Arc<dyn Fetch>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Is told the story of each fetch.
    pub net_observer: Arc<dyn Observer>,
    /// Is told the milestones.
    pub page_observer: Arc<dyn PageObserver>,
    /// Knows fonts.
    pub font_metrics: Arc<dyn FontMetricsProvider>,
    /// Knows where elements lie.
    pub sight: Arc<dyn Sight>,
}

/// Tells where elements lie. Implemented by whoever can lay a page out, and by [`NoSight`].
pub trait Sight: Send + Sync {
    /// The border boxes of elements in a layout of that page; `None` for one without a box. Elements of which nothing is
    /// known are left out.
    fn locate(&self, snapshot: &Snapshot, nodes: &[NodeId]) -> Vec<(NodeId, Option<Area>)>;
}

/// Lays nothing out: every lazy image is taken to be near.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSight;

impl Sight for NoSight {
    fn locate(&self, _: &Snapshot, _: &[NodeId]) -> Vec<(NodeId, Option<Area>)> {
        Vec::new()
    }
}

/// A loaded page, or what there is of it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The page as it is to be rendered.
    pub snapshot: Snapshot,
    /// The document's HTTP status; 200 for `file:` and `data:`.
    pub status: u16,
    /// The document's URL where the document is an image: whether that can be shown is known to who decodes it.
    pub image_document: Option<Url>,
    /// The subresources that did not come or came with an error status.
    pub failed: Vec<FailedResource>,
    /// How many subresources were not asked for, the page having [`crate::limits::MAX_SUBRESOURCES`] already. One that
    /// the page names twice counts twice.
    pub past_limit: usize,
    /// What the page names and is not loaded: scripts, media.
    pub skipped: Vec<Skipped>,
    /// The page's wish to be replaced by another.
    pub refresh: Option<Refresh>,
    /// The page's mistakes.
    pub diagnostics: Vec<Diagnostic>,
    /// The milestones, in order.
    pub events: Vec<PageEvent>,
}

/// Names of fetches that are kept for each nested document.
const FETCHES_OF_A_FRAME: u64 = 1 << 20;

/// The milestones of a nested document are its parent's business alone.
struct NoMilestones;

impl PageObserver for NoMilestones {
    fn on_page_event(&self, _: PageEvent) {}
}

/// One page: owns its document, its loader and its fetches.
pub struct Page {
    loader: Loader,
    host: PageHost,
    running: FuturesUnordered<RunningFetch>,
    aborts: HashMap<FetchId, AbortHandle>,
    failure: Option<PageError>,
    frames: Vec<Frame>,
    /// How many frames the page has opened, with all that are nested in them.
    opened: Arc<AtomicUsize>,
}

/// Who navigates when a link of a page is followed.
#[derive(Debug, Clone)]
pub struct Navigators {
    /// The page itself.
    pub own: Navigator,
    /// The nested documents, by the elements that hold them.
    pub frames: HashMap<NodeId, Self>,
}

/// A nested document.
struct Frame {
    element: NodeId,
    page: Box<Page>,
    /// What the document around it has been told.
    told: FrameProgress,
    /// Why there is nothing in it.
    failed: Option<FailedResource>,
}

type RunningFetch = Pin<Box<dyn Future<Output = Option<Step>> + Send>>;

/// One step of a fetch, and what is needed for the next.
enum Step {
    Head(FetchId, Result<Response, Error>),
    Chunk(FetchId, Option<Result<Bytes, Error>>, Body),
}

impl Page {
    /// A page that is not loaded yet.
    pub fn new(config: LoaderConfig, host: PageHost) -> Self {
        let loader = Loader::new(config, Arc::clone(&host.font_metrics));
        Self {
            loader,
            host,
            running: FuturesUnordered::new(),
            aborts: HashMap::new(),
            failure: None,
            frames: Vec::new(),
            opened: Arc::default(),
        }
    }

    /// Loads the page until `wait` is true, or until `deadline` resolves; what has been done until then is kept, and
    /// a further call goes on from there.
    ///
    /// # Errors
    /// [`PageError`]: the document's own failure, or [`PageError::Timeout`]. After a timeout [`Page::stop`] gives what
    /// is there.
    pub async fn load(
        &mut self,
        wait: WaitUntil,
        deadline: impl Future<Output = ()>,
    ) -> Result<Loaded, PageError> {
        let started = self.host.clock.now();
        let mut deadline = std::pin::pin!(deadline);
        self.apply(Input::Start);
        loop {
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            if self.loader.milestones().passed(wait.milestone())
                && (wait == WaitUntil::DomContentLoaded || self.frames_are_quiet())
                && let Some(loaded) = self.loaded()
            {
                return Ok(loaded);
            }
            let step = std::pin::pin!(poll_fn(|context| self.poll_step(context)));
            match select(step, deadline.as_mut()).await {
                Either::Left((Some(()), _)) => {}
                // Nothing runs and nothing has come of it: the loader's guarantee of one outcome a fetch is broken,
                // or the load was stopped before. There is nothing to wait for.
                Either::Left((None, _)) | Either::Right(_) => return Err(self.timed_out(started)),
            }
        }
    }

    /// Keeps the network going until `until` resolves: for what a page does when it counts as loaded already.
    pub async fn linger(&mut self, until: impl Future<Output = ()>) {
        let mut until = std::pin::pin!(until);
        loop {
            let step = std::pin::pin!(poll_fn(|context| self.poll_step(context)));
            match select(step, until.as_mut()).await {
                Either::Left((Some(()), _)) => {}
                Either::Left((None, _)) => break,
                Either::Right(_) => return,
            }
        }
        until.await;
    }

    /// Keeps the network going until nothing is under way, the site's icon included, or until `until` resolves.
    pub async fn finish(&mut self, until: impl Future<Output = ()>) {
        let mut until = std::pin::pin!(until);
        while self.loader.is_busy() {
            let step = std::pin::pin!(poll_fn(|context| self.poll_step(context)));
            match select(step, until.as_mut()).await {
                Either::Left((Some(()), _)) => {}
                Either::Left((None, _)) | Either::Right(_) => return,
            }
        }
    }

    /// Stops loading and gives what is there, if that is a page.
    pub fn stop(&mut self) -> Option<Loaded> {
        self.apply(Input::Stop);
        // All are aborted. A fetch tells its end when it is dropped: now, not when somebody polls it again.
        self.running.clear();
        for frame in &mut self.frames {
            frame.page.stop();
        }
        self.loaded()
    }

    /// Styles the page for another viewport; what has been loaded stays. New wishes (an image that only a wide
    /// viewport shows) are fetched by the next [`Page::load`].
    pub fn resize(&mut self, viewport: Viewport) -> Option<Snapshot> {
        self.apply(Input::Resize(viewport));
        self.snapshot()
    }

    /// Shows what the user has done to the controls of the page, all of it since it came. Before the document is whole
    /// nothing is shown.
    pub fn set_controls(&mut self, states: ControlStates) -> Option<Snapshot> {
        self.apply(Input::Controls(states));
        self.snapshot()
    }

    /// In whose name links and forms of the page lead on, and those of the documents nested in it.
    pub fn navigators(&self) -> Navigators {
        let frames = self.frames.iter().map(|frame| (frame.element, frame.page.navigators())).collect();
        Navigators { own: self.loader.navigator(), frames }
    }

    /// The page as it is now, if its document has been styled.
    pub fn loaded(&self) -> Option<Loaded> {
        Some(Loaded {
            snapshot: self.snapshot()?,
            status: self.loader.status()?,
            image_document: self.loader.image_document(),
            failed: self.failed(),
            past_limit: self.loader.past_limit(),
            skipped: self.loader.skipped().to_vec(),
            refresh: self.loader.refresh().cloned(),
            diagnostics: self.loader.diagnostics().to_vec(),
            events: self.loader.milestones().events().to_vec(),
        })
    }

    /// The name that the first fetch of the client's next page is to have.
    pub const fn next_fetch(&self) -> FetchId {
        self.loader.next_fetch()
    }

    /// The error of a wait that was longer than `after`.
    pub fn timeout(&self, after: Duration, waiting_for: &str) -> PageError {
        PageError::Timeout { url: self.loader.url(), after, waiting_for: waiting_for.to_owned() }
    }

    fn timed_out(&self, started: Timestamp) -> PageError {
        let after = self.host.clock.now().since(started).as_millis();
        let after = Duration::from_millis(u64::try_from(after).unwrap_or(u64::MAX));
        self.timeout(after, &self.loader.waiting_for())
    }

    fn on_step(&mut self, step: Step) {
        match step {
            Step::Head(id, Ok(response)) => {
                self.apply(Input::Response(id, ResponseHead::of(&response)));
                self.run_body(id, response.body);
            }
            Step::Chunk(id, Some(Ok(bytes)), body) => {
                self.apply(Input::Chunk(id, bytes));
                self.run_body(id, body);
            }
            Step::Chunk(id, None, _) => {
                self.aborts.remove(&id);
                self.apply(Input::End(id));
            }
            Step::Head(id, Err(error)) | Step::Chunk(id, Some(Err(error)), _) => {
                self.aborts.remove(&id);
                self.apply(Input::Failed(id, error));
            }
        }
    }

    /// Gives the loader what happened and does what it says.
    fn apply(&mut self, input: Input) {
        let mut located = None;
        for output in self.loader.handle(input, self.host.clock.now()) {
            match output {
                Output::Fetch(request) => self.run_fetch(*request),
                Output::Cancel(id) => {
                    if let Some(abort) = self.aborts.remove(&id) {
                        abort.abort();
                    }
                }
                Output::Event(event) => self.host.page_observer.on_page_event(event),
                Output::Preconnect { url, credentials } => {
                    self.host.fetch.preconnect(&url, credentials, Arc::clone(&self.host.net_observer));
                }
                Output::DnsPrefetch { host } => {
                    self.host.fetch.dns_prefetch(&host, Arc::clone(&self.host.net_observer));
                }
                Output::Advise(advice) => self.host.fetch.advise(advice),
                Output::Frame(request) => self.open_frame(*request),
                Output::CloseFrames => self.frames.clear(),
                Output::Locate(nodes) => located = Some(nodes),
                Output::Failed(error) => self.failure = Some(error),
            }
        }
        if let Some(nodes) = located {
            let places = Snapshot::of(&self.loader)
                .map(|snapshot| self.host.sight.locate(&snapshot, &nodes))
                .unwrap_or_default();
            // One level only: a second question comes with a later input, or when this answer has changed the page.
            self.apply(Input::Located(places));
        }
    }

    /// Takes one step of what is under way here or in a nested document; `None`: nothing is.
    fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<Option<()>> {
        let mut is_idle = true;
        match self.running.poll_next_unpin(context) {
            Poll::Ready(Some(step)) => {
                if let Some(step) = step {
                    self.on_step(step);
                }
                return Poll::Ready(Some(()));
            }
            Poll::Ready(None) => {}
            Poll::Pending => is_idle = false,
        }
        // Nested documents are nested to a named depth at most.
        for at in 0..self.frames.len() {
            match self.frames[at].page.poll_step(context) {
                Poll::Ready(Some(())) => {
                    self.tell_frame(at);
                    return Poll::Ready(Some(()));
                }
                Poll::Ready(None) => {}
                Poll::Pending => is_idle = false,
            }
        }
        if is_idle { Poll::Ready(None) } else { Poll::Pending }
    }

    fn open_frame(&mut self, request: FrameRequest) {
        let FrameRequest { element, url, size, ancestors, nested } = request;
        let opened = self.opened.fetch_add(1, Ordering::Relaxed);
        if opened >= MAX_FRAMES {
            return self.apply(Input::Frame(element, FrameProgress::Idle));
        }
        let own = self.loader.config();
        let is_same_site = own.url.origin() == url.origin();
        let config = LoaderConfig {
            viewport: Viewport { width: size.0, height: size.1, ..own.viewport },
            http_errors: HttpErrorPolicy::Render,
            broken_off: BrokenOffPolicy::Show,
            headers: if is_same_site { own.headers.clone() } else { http::HeaderMap::new() },
            ancestors,
            top: Some(own.top.unwrap_or(own.first_fetch)),
            first_fetch: FetchId(
                own.top.unwrap_or(own.first_fetch).0.saturating_add((opened as u64 + 1) * FETCHES_OF_A_FRAME),
            ),
            nested: Some(nested),
            scripts: own.scripts,
            request_timeout: own.request_timeout,
            ..LoaderConfig::new(url)
        };
        let host = PageHost { page_observer: Arc::new(NoMilestones), ..self.host.clone() };
        let mut page = Box::new(Self::new(config, host));
        page.opened = Arc::clone(&self.opened);
        page.apply(Input::Start);
        self.frames.push(Frame { element, page, told: FrameProgress::Loading, failed: None });
        self.tell_frame(self.frames.len() - 1);
    }

    /// Tells the document how far the nested one at `at` is, if it has come further.
    fn tell_frame(&mut self, at: usize) {
        let frame = &mut self.frames[at];
        let milestones = frame.page.loader.milestones();
        let mut progress = FrameProgress::Loading;
        if milestones.passed(PageEventKind::NetworkIdle) {
            progress = FrameProgress::Idle;
        } else if milestones.passed(PageEventKind::Load) {
            progress = FrameProgress::Loaded;
        }
        if let Some(error) = frame.page.failure.take() {
            frame.failed = Some(FailedResource {
                url: frame.page.loader.url(),
                destination: Destination::IFrame,
                kind: match &error {
                    PageError::Net(error) => Some(error.kind),
                    _ => None,
                },
                message: error.to_string(),
            });
            progress = FrameProgress::Idle;
        }
        let element = frame.element;
        if progress > frame.told {
            frame.told = progress;
            self.apply(Input::Frame(element, progress));
        }
    }

    fn frames_are_quiet(&self) -> bool {
        self.frames.iter().all(|frame| frame.page.running.is_empty() && frame.page.frames_are_quiet())
    }

    /// Gives the nested documents the sizes that layout has found; what they need beyond is fetched by the next
    /// [`Page::load`]. Whether any of them had another size.
    pub fn fit_frames(&mut self, sizes: &FrameSizes) -> bool {
        let mut changed = false;
        for frame in &mut self.frames {
            let Some(size) = sizes.0.get(&frame.element) else { continue };
            let old = frame.page.loader.viewport();
            let new = Viewport { width: size.viewport.0, height: size.viewport.1, ..old };
            if new != old {
                frame.page.apply(Input::Resize(new));
                changed = true;
            }
            changed |= frame.page.fit_frames(&size.frames);
        }
        changed
    }

    /// The page as it is now with its nested documents.
    fn snapshot(&self) -> Option<Snapshot> {
        let mut snapshot = Snapshot::of(&self.loader)?;
        if !self.frames.is_empty() {
            let nested: HashMap<NodeId, Snapshot> = self
                .frames
                .iter()
                .filter_map(|frame| Some((frame.element, frame.page.snapshot()?)))
                .collect();
            let generations: u64 = nested.values().map(|nested| nested.generation + 1).sum();
            snapshot.generation = snapshot.generation.saturating_add(generations);
            snapshot.frames = Arc::new(nested);
        }
        Some(snapshot)
    }

    fn failed(&self) -> Vec<FailedResource> {
        let mut failed = self.loader.failed();
        for frame in &self.frames {
            failed.extend(frame.failed.clone());
            failed.extend(frame.page.failed());
        }
        failed
    }

    fn run_fetch(&mut self, request: Request) {
        let (id, fetch) = (request.id, Arc::clone(&self.host.fetch));
        let observer = Arc::clone(&self.host.net_observer);
        let (abort, registration) = AbortHandle::new_pair();
        self.aborts.insert(id, abort);
        let head = async move { Step::Head(id, fetch.fetch(request, observer).await) };
        self.running.push(Box::pin(async move { Abortable::new(head, registration).await.ok() }));
    }

    /// Reads the next piece of a body, unless the fetch has been canceled: then the body is dropped here.
    fn run_body(&mut self, id: FetchId, mut body: Body) {
        if !self.aborts.contains_key(&id) {
            return;
        }
        let (abort, registration) = AbortHandle::new_pair();
        self.aborts.insert(id, abort);
        let piece = async move {
            let chunk = body.chunk().await;
            Step::Chunk(id, chunk, body)
        };
        self.running.push(Box::pin(async move { Abortable::new(piece, registration).await.ok() }));
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("loader", &self.loader).finish_non_exhaustive()
    }
}
