//! The browser as a library: a network, fonts and a runtime, and pages loaded with them.

use std::sync::Arc;

use siskin_engine::event::{PageEvent, PageObserver};
use siskin_engine::limits::{MAX_FRAME_DEPTH, MAX_SUBRESOURCES};
use siskin_engine::load::{IconPolicy, LoaderConfig, Resource, ResourceState};
use siskin_engine::page::{Loaded, Page, PageError, PageHost, Refresh, Sight, Skipped};
use siskin_engine::units::Area as PageArea;
use siskin_engine::{NodeId, Snapshot};
use siskin_net::{
    Client, ClientConfig, Clock, Destination, Error, ErrorKind, Fetch, FetchId, MonotonicClock, NullObserver,
    Observer, Phase,
};
use siskin_render::font::{FontContext, FontSource};
use siskin_render::image::ImageCache;
use siskin_render::pipeline::{LaidOut, lay_out};

use crate::config::{LoadConfig, RefreshPolicy};
use crate::failure::Failure;
use crate::identity::IdentityConfig;
use crate::limits::{ICON_PATIENCE, MAX_REFRESH_SECONDS, MAX_REFRESHES};
use crate::submission::Submission;
use crate::talk::{Loudness, Talk};

/// How many failed subresources are named when nobody asked for all.
const FAILURES_NAMED: usize = 5;

/// Names of fetches that are kept for each page: two pages of one browser, loading at once, never share one.
const FETCHES_OF_A_PAGE: u64 = 1 << 32;

/// What pages are loaded with. One thread: a page's parser cannot leave it.
pub struct Browser {
    runtime: tokio::runtime::Runtime,
    fetch: Arc<dyn Fetch>,
    /// The client behind it, where it is ours, and who we are to servers.
    identity: Option<(Client, IdentityConfig)>,
    clock: Arc<dyn Clock>,
    fonts: FontContext,
    next_fetch: FetchId,
}

/// Who is told about a load while it happens.
#[derive(Clone)]
pub struct Listeners {
    /// Hears the network.
    pub net: Arc<dyn Observer>,
    /// Hears the milestones.
    pub page: Arc<dyn PageObserver>,
}

/// A page after a load, however that ended: it can be stopped, resized and loaded further.
pub struct Visit {
    /// The page.
    pub page: Page,
    /// How the load ended.
    pub result: Result<Loaded, PageError>,
    /// Whether what was to be kept could be: see [`Browser::keep`].
    pub kept: Result<(), Failure>,
}

impl Browser {
    /// A browser with a network client of its own.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the machine gives no runtime, [`Failure::Page`] when the client cannot be set up.
    pub fn new(fonts: FontSource, user_agent: Option<&str>) -> Result<Self, Failure> {
        let mut config = ClientConfig::default();
        if let Some(user_agent) = user_agent {
            user_agent.clone_into(&mut config.user_agent);
        }
        Self::with_client(fonts, config, IdentityConfig::default())
    }

    fn with_client(
        fonts: FontSource,
        mut config: ClientConfig,
        identity: IdentityConfig,
    ) -> Result<Self, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(MonotonicClock::new());
        config.clock = Arc::clone(&clock);
        identity.configure(&mut config);
        let client = Client::new(config)?;
        let mut browser = Self::with_fetch(Arc::new(client.clone()), clock, FontContext::new(fonts))?;
        browser.identity = Some((client, identity));
        Ok(browser)
    }

    /// A browser on any network: a replay, a folder in memory.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the machine gives no runtime.
    pub fn with_fetch(
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        fonts: FontContext,
    ) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::Internal(format!("no runtime: {error}")))?;
        Ok(Self { runtime, fetch, identity: None, clock, fonts, next_fetch: FetchId(1) })
    }

    /// The browser for a load as the command line describes it.
    ///
    /// # Errors
    /// As [`Browser::new`].
    pub fn for_load(config: &LoadConfig) -> Result<Self, Failure> {
        let mut client = ClientConfig { schedule: config.schedule, ..ClientConfig::default() };
        if let Some(languages) = &config.accept_language {
            languages.clone_into(&mut client.accept_language);
        }
        if let Some(user_agent) = &config.user_agent {
            user_agent.clone_into(&mut client.user_agent);
        }
        config.network.configure(&mut client);
        Self::with_client(config.fonts.clone(), client, config.identity.clone())
    }

    /// Writes the cookies and what else is kept for the next time to the files that were named, if any. To be called
    /// when a load is over, however it ended.
    ///
    /// # Errors
    /// [`Failure::Output`].
    pub fn keep(&self) -> Result<(), Failure> {
        self.identity.as_ref().map_or(Ok(()), |(client, identity)| identity.keep(client))
    }

    /// The browser's fonts, without any page's own.
    pub const fn fonts(&self) -> &FontContext {
        &self.fonts
    }

    /// The clock that all events are timed by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// A page that is still to be loaded: for those who do something else meanwhile. Its future is to be polled in
    /// [`Browser::block_on`].
    pub fn page(&mut self, config: &LoadConfig, listeners: &Listeners) -> Page {
        let loader_config = LoaderConfig {
            viewport: config.viewport,
            http_errors: config.http_errors,
            headers: config.headers.clone(),
            method: config.submission.method.clone(),
            body: config.submission.body.clone(),
            navigator: config.submission.navigator.clone(),
            first_fetch: self.next_fetch,
            request_timeout: Some(config.request_timeout),
            scripts: config.extent.scripts,
            broken_off: config.extent.broken_off,
            icons: config.extent.icons,
            pictured: config.extent.pictured,
            ..LoaderConfig::new(config.url.clone())
        };
        let host = PageHost {
            fetch: Arc::clone(&self.fetch),
            clock: Arc::clone(&self.clock),
            net_observer: Arc::clone(&listeners.net),
            page_observer: Arc::clone(&listeners.page),
            font_metrics: Arc::new(self.fonts.clone()),
            sight: Arc::new(LaidOutSight(self.fonts.clone())),
        };
        self.next_fetch = FetchId(self.next_fetch.0.saturating_add(FETCHES_OF_A_PAGE));
        Page::new(loader_config, host)
    }

    /// Runs a future, and the network with it.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Loads a page and tells `listeners` while it does. A page that asks at once to be replaced by another is, if
    /// `config` says so; the time that the load may take is that of all of them.
    pub fn visit(&mut self, config: &LoadConfig, listeners: &Listeners) -> Visit {
        let until = std::time::Instant::now() + config.timeout;
        let mut config = config.clone();
        let mut refreshes = 0;
        loop {
            let mut page = self.page(&config, listeners);
            let result = self.block_on(Box::pin(bring(&mut page, &config, until.into())));
            let next = result.as_ref().ok().and_then(|loaded| wished_instead(&config, loaded));
            let Some(Refresh { seconds, url }) = next.filter(|_| refreshes < MAX_REFRESHES) else {
                let missing = result.as_ref().ok().and_then(|loaded| missing_element(&config, loaded));
                let result = missing.map_or(result, Err);
                let kept = self.keep();
                return Visit { page, result, kept };
            };
            let wait = tokio::time::Duration::from_secs(u64::from(seconds));
            self.block_on(async { page.linger(tokio::time::sleep(wait)).await });
            config.url = url;
            // What was typed to be sent went with the first page.
            config.submission =
                Submission { navigator: Some(page.navigators().own), ..Submission::default() };
            refreshes += 1;
        }
    }

    /// Lays a loaded page out. Its nested documents get the sizes that they have in it, and what they need for that is
    /// loaded first.
    pub fn lay_out(&self, page: &mut Page, loaded: &mut Loaded, config: &LoadConfig) -> LaidOut {
        let mut laid_out = lay_out(&loaded.snapshot, &self.fonts);
        // Each turn settles one more level of nesting.
        for _ in 0..=MAX_FRAME_DEPTH {
            if laid_out.frames.is_empty() || !page.fit_frames(&laid_out.frame_sizes()) {
                break;
            }
            let result = self.block_on(async {
                let deadline = tokio::time::sleep(config.timeout);
                Box::pin(page.load(config.wait_until, deadline)).await
            });
            let Some(fitted) = result.ok().or_else(|| page.loaded()) else { break };
            *loaded = fitted;
            laid_out = lay_out(&loaded.snapshot, &self.fonts);
        }
        laid_out
    }

    /// Loads a page and tells what went wrong with its parts.
    ///
    /// # Errors
    /// [`Failure::Page`]; [`Failure::Output`] when the cookies cannot be kept.
    pub fn load(
        &mut self,
        config: &LoadConfig,
        listeners: &Listeners,
        talk: &Talk,
    ) -> Result<Loaded, Failure> {
        let progress = talk.progress(&format!("loading {}", config.url));
        let Visit { result, kept, .. } = self.visit(config, listeners);
        let loaded = result?;
        drop(progress);
        kept?;
        report_faults(&loaded, &ImageCache::new(&loaded.snapshot.resources), talk);
        Ok(loaded)
    }
}

/// Loads a page as far as it is wanted, until the deadline at most.
async fn bring(
    page: &mut Page,
    config: &LoadConfig,
    until: tokio::time::Instant,
) -> Result<Loaded, PageError> {
    let loaded = Box::pin(page.load(config.wait_until, tokio::time::sleep_until(until))).await?;
    if !config.ready.after.is_zero() {
        let end = tokio::time::Instant::now() + config.ready.after;
        page.linger(tokio::time::sleep_until(end.min(until))).await;
        if end > until {
            // The milestone has passed: it is this wait that does not end in time.
            return Err(page.timeout(config.timeout, "the time after the load event"));
        }
    }
    if config.extent.icons == IconPolicy::Fetch {
        let end = tokio::time::Instant::now() + ICON_PATIENCE;
        page.finish(tokio::time::sleep_until(end.min(until))).await;
    }
    Ok(page.loaded().unwrap_or(loaded))
}

/// What is to be loaded instead of a page that asks to be replaced. A page that asks for itself is kept: it would never end.
fn wished_instead(config: &LoadConfig, loaded: &Loaded) -> Option<Refresh> {
    let refresh = loaded.refresh.clone().filter(|_| config.extent.refresh == RefreshPolicy::Follow)?;
    let is_other = refresh.url != loaded.snapshot.document.url && refresh.url != config.url;
    (is_other && refresh.seconds <= MAX_REFRESH_SECONDS).then_some(refresh)
}

/// That the page lacks the element that is waited for. No script will bring it later.
fn missing_element(config: &LoadConfig, loaded: &Loaded) -> Option<PageError> {
    let element = config.ready.element.as_ref()?;
    let document = &loaded.snapshot.document;
    (!element.is_in(document))
        .then(|| PageError::NeverThere { selector: element.selector().to_owned(), url: document.url.clone() })
}

/// Tells which subresources failed, and to those who want to know the page's mistakes. Whoever has looked at the
/// page's images passes them: the broken ones count.
pub fn report_faults(loaded: &Loaded, images: &ImageCache, talk: &Talk) {
    let resources = &loaded.snapshot.resources;
    let mut messages: Vec<String> = loaded.failed.iter().map(|resource| resource.message.clone()).collect();
    messages.extend(resources.iter().filter_map(|resource| broken_image(resource, images)));
    let (failed, all) = (messages.len(), resources.len());
    if failed > 0 {
        talk.warn(&format!("{failed} of {all} subresources failed:"));
        let named = if talk.loudness() >= Loudness::Verbose { failed } else { FAILURES_NAMED };
        messages.iter().take(named).for_each(|message| talk.warn(message));
        if failed > named {
            talk.warn(&format!("and {} more (-v names all)", failed - named));
        }
    }
    if loaded.past_limit > 0 {
        let more = loaded.past_limit;
        talk.warn(&format!(
            "{more} more subresources were not asked for: a page may have {MAX_SUBRESOURCES}"
        ));
    }
    tell_skipped(loaded, talk);
    for diagnostic in &loaded.diagnostics {
        let place = diagnostic.url.as_ref().map(|url| format!(" ({url}{})", line(diagnostic.line)));
        talk.detail(&format!("page: {}{}", diagnostic.message, place.unwrap_or_default()));
    }
}

/// Tells what the page names and is not loaded, to those who want to know.
fn tell_skipped(loaded: &Loaded, talk: &Talk) {
    for Skipped { destination, url } in &loaded.skipped {
        let what = destination.as_str();
        match url {
            Some(url) if *destination == Destination::Script => {
                talk.detail(&format!("skipped: {what} {url} (--fetch-scripts fetches it)"));
            }
            Some(url) => talk.detail(&format!("skipped: {what} {url}")),
            None => talk.detail(&format!("skipped: {what} in the page: none runs")),
        }
    }
}

/// What is to be said of an image that came and cannot be shown. One that failed has been told of; a reply that has no
/// body on purpose (a beacon's 204) is no image.
fn broken_image(resource: &Resource, images: &ImageCache) -> Option<String> {
    let came = matches!(resource.state, ResourceState::Ready { status, .. } if status < 400 && status != 204);
    let is_image = resource.destination == Destination::Image;
    (came && is_image && images.is_broken(&resource.url)).then(|| {
        let message = "broken, too large, or in no image format that is known here";
        Error::new(ErrorKind::Decode, Phase::Decode, Some(&resource.url), message).to_string()
    })
}

fn line(line: Option<u32>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}

/// Lays a page out to see where its elements lie.
struct LaidOutSight(FontContext);

impl Sight for LaidOutSight {
    fn locate(&self, snapshot: &Snapshot, nodes: &[NodeId]) -> Vec<(NodeId, Option<PageArea>)> {
        let page = lay_out(snapshot, &self.0);
        let rects = page.fragments.rects();
        let place = |node: &NodeId| {
            rects.element(*node).map(|rect| PageArea {
                x: rect.origin.x.to_px(),
                y: rect.origin.y.to_px(),
                width: rect.size.width.to_px(),
                height: rect.size.height.to_px(),
            })
        };
        nodes.iter().map(|node| (*node, place(node))).collect()
    }
}

impl Default for Listeners {
    /// Nobody.
    fn default() -> Self {
        Self { net: Arc::new(NullObserver), page: Arc::new(Deaf) }
    }
}

struct Deaf;

impl PageObserver for Deaf {
    fn on_page_event(&self, _: PageEvent) {}
}
