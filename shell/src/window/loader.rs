//! The thread that loads, styles and lays out, so that the window never waits.
//!
//! It holds two pages at most: the one that is shown, and the one that is coming. What the window orders is done in
//! order; of several layouts, or several loads, only the last matters.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use siskin_engine::Viewport;
use siskin_engine::html::form::ControlStates;
use siskin_engine::page::{Loaded, Page, PageError, WaitUntil};
use siskin_render::pipeline::lay_out;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::Url;

use super::error_page;
use super::links::PageMap;
use super::picture::Picture;
use super::scroll::Extent;
use super::view::Arrival;
use crate::browser::{Browser, Listeners};
use crate::config::LoadConfig;
use crate::failure::Failure;
use crate::submission::Submission;

/// What the window wants.
#[derive(Debug)]
pub(super) enum Order {
    /// Another page.
    Load {
        /// Names the answers.
        order: u64,
        /// Which.
        url: Url,
        /// What is sent, and by whom.
        submission: Box<Submission>,
        /// For this viewport.
        viewport: Viewport,
    },
    /// The page that is shown, and the one that is coming, for another viewport.
    Layout {
        /// Names the answers.
        order: u64,
        /// The viewport.
        viewport: Viewport,
    },
    /// The page that the order `page` has loaded, with its controls as the user has them.
    Controls {
        /// The order.
        page: u64,
        /// What was done to them.
        states: ControlStates,
    },
    /// Nobody waits for the page that is coming.
    Cancel,
}

/// The loading thread. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Loader {
    orders: UnboundedSender<Order>,
}

/// How often a page that is still loading is shown anew.
const REFRESH: Duration = Duration::from_millis(200);
/// Layout recurses over nested boxes on threads of its own; this is for the parser and the cascade.
const STACK_BYTES: usize = 8 << 20;

impl Loader {
    /// Starts the thread; `deliver` is called on it with each answer.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the machine gives no thread.
    pub(super) fn start(
        config: LoadConfig,
        deliver: impl Fn(Arrival<Picture>) + Send + 'static,
    ) -> Result<Self, Failure> {
        let (orders, inbox) = unbounded_channel();
        let thread = std::thread::Builder::new().name("page".to_owned()).stack_size(STACK_BYTES);
        let work = move || {
            // What cannot be set up here (an unreadable certificate file) is told when the window is closed: it opens
            // empty. The sender then sees a closed channel.
            match Browser::for_load(&config) {
                Ok(browser) => Worker { browser, config, deliver, shown: None, coming: None }.run(inbox),
                Err(failure) => tracing::error!("{failure}"),
            }
        };
        thread.spawn(work).map_err(|error| Failure::Internal(format!("no thread: {error}")))?;
        Ok(Self { orders })
    }

    /// Gives an order.
    pub(super) fn send(&self, order: Order) {
        // A thread that is gone has said why; the window stays usable.
        let _ = self.orders.send(order);
    }
}

struct Worker<D> {
    browser: Browser,
    /// For all pages; URL and viewport change.
    config: LoadConfig,
    deliver: D,
    shown: Option<Work>,
    coming: Option<Work>,
}

/// A page in the making.
struct Work {
    order: u64,
    /// The order that it was begun by.
    load: u64,
    /// What was asked for.
    url: Url,
    page: Page,
    /// The state that was delivered last.
    delivered: Option<u64>,
    /// Whether anything is left to load.
    loading: bool,
    /// Since when it has been loading.
    begun: std::time::Instant,
}

impl<D: Fn(Arrival<Picture>)> Worker<D> {
    fn run(&mut self, mut inbox: UnboundedReceiver<Order>) {
        loop {
            let Self { browser, shown, coming, .. } = self;
            let active = coming.as_mut().or(shown.as_mut()).filter(|work| work.loading);
            let woken = browser.block_on(async {
                let order = std::pin::pin!(inbox.recv());
                match active {
                    None => Woken::Order(order.await),
                    Some(work) => {
                        let load = Box::pin(work.page.load(WaitUntil::Idle, tokio::time::sleep(REFRESH)));
                        match select(order, load).await {
                            Either::Left((order, _)) => Woken::Order(order),
                            Either::Right((result, _)) => Woken::Progress(Box::new(result)),
                        }
                    }
                }
            });
            match woken {
                Woken::Order(None) => break, // The window is gone.
                Woken::Order(Some(first)) => {
                    let mut orders = vec![first];
                    while let Ok(order) = inbox.try_recv() {
                        orders.push(order);
                    }
                    self.obey(orders);
                }
                Woken::Progress(result) => self.progress(*result),
            }
        }
        if let Err(failure) = self.browser.keep() {
            tracing::error!("{failure}");
        }
    }

    /// Does what was ordered, the last of each kind only.
    fn obey(&mut self, orders: Vec<Order>) {
        let last_layout = orders.iter().rposition(|order| matches!(order, Order::Layout { .. }));
        let last_load = orders.iter().rposition(|order| matches!(order, Order::Load { .. } | Order::Cancel));
        let last_controls = orders.iter().rposition(|order| matches!(order, Order::Controls { .. }));
        for (i, order) in orders.into_iter().enumerate() {
            match order {
                Order::Load { order, url, submission, viewport } if Some(i) == last_load => {
                    self.config.viewport = viewport;
                    // What was typed on the command line to be sent goes with the first page alone.
                    let typed = std::mem::take(&mut self.config.submission);
                    let is_typed = *submission == Submission::default();
                    let submission = if is_typed { typed } else { *submission };
                    self.coming = Some(self.begin_at(order, url.clone(), url, submission));
                }
                Order::Controls { page, states } if Some(i) == last_controls => {
                    self.show_controls(page, states);
                }
                Order::Cancel if Some(i) == last_load => self.cancel(),
                Order::Layout { order, viewport } if Some(i) == last_layout => self.resize(order, viewport),
                Order::Load { .. } | Order::Cancel | Order::Layout { .. } | Order::Controls { .. } => {}
            }
        }
    }

    /// Begins to load `from`, which is shown as `url`.
    fn begin_at(&mut self, order: u64, url: Url, from: Url, submission: Submission) -> Work {
        let config = LoadConfig { url: from, submission, ..self.config.clone() };
        let page = self.browser.page(&config, &Listeners::default());
        Work {
            order,
            load: order,
            url,
            page,
            delivered: None,
            loading: true,
            begun: std::time::Instant::now(),
        }
    }

    fn cancel(&mut self) {
        // Dropping a page cancels its fetches. Without one that is coming, the one that is shown is stopped.
        if self.coming.take().is_none()
            && let Some(shown) = &mut self.shown
        {
            shown.page.stop();
            shown.loading = false;
        }
    }

    fn resize(&mut self, order: u64, viewport: Viewport) {
        self.config.viewport = viewport;
        if let Some(coming) = &mut self.coming {
            coming.page.resize(viewport);
        }
        if let Some(mut shown) = self.shown.take() {
            shown.page.resize(viewport);
            (shown.order, shown.loading, shown.delivered) = (order, true, None);
            self.deliver(&mut shown);
            self.shown = Some(shown);
        }
    }

    fn show_controls(&mut self, page: u64, states: ControlStates) {
        if let Some(mut shown) = self.shown.take() {
            if shown.load == page {
                shown.page.set_controls(states);
                // Another look may need another image.
                shown.loading = true;
                self.deliver(&mut shown);
            }
            self.shown = Some(shown);
        }
    }

    /// The page has come to an end, or a while has passed.
    fn progress(&mut self, result: Result<Loaded, PageError>) {
        let is_coming = self.coming.is_some();
        let slot = if is_coming { &mut self.coming } else { &mut self.shown };
        let Some(mut work) = slot.take() else { return };
        let overdue = work.begun.elapsed() >= self.config.timeout;
        match result {
            Ok(_) => work.loading = false,
            Err(PageError::Timeout { .. }) if !overdue => {}
            Err(error) => {
                work.loading = false;
                if work.page.stop().is_none() && work.delivered.is_none() {
                    work = self.error_page(&work, &error);
                }
            }
        }
        if !work.loading
            && let Err(failure) = self.browser.keep()
        {
            tracing::error!("{failure}");
        }
        let there = self.deliver(&mut work);
        let slot = if is_coming && !there { &mut self.coming } else { &mut self.shown };
        *slot = Some(work);
        if is_coming && there {
            self.coming = None;
        }
    }

    /// A page that tells the error, in the place of one that did not come.
    fn error_page(&mut self, work: &Work, error: &PageError) -> Work {
        let html = error_page::html(&work.url, error);
        let encoded: String = url::form_urlencoded::byte_serialize(html.as_bytes()).collect();
        // A data: URL is not a form: a plus is a plus there.
        let data = Url::parse(&format!("data:text/html;charset=utf-8,{}", encoded.replace('+', "%20")));
        match data {
            Ok(data) => self.begin_at(work.order, work.url.clone(), data, Submission::default()),
            Err(_) => self.begin_at(work.order, work.url.clone(), work.url.clone(), Submission::default()),
        }
    }

    /// Lays out and delivers what there is of a page, if it is more than before. Whether anything has ever been
    /// delivered of it.
    fn deliver(&self, work: &mut Work) -> bool {
        let Some(loaded) = work.page.loaded() else { return work.delivered.is_some() };
        let snapshot = loaded.snapshot;
        if work.delivered == Some(snapshot.generation) {
            return true;
        }
        work.delivered = Some(snapshot.generation);
        let laid_out = lay_out(&snapshot, self.browser.fonts());
        // What nested documents need at their true sizes comes with the next delivery.
        if work.page.fit_frames(&laid_out.frame_sizes()) {
            (work.loading, work.delivered) = (true, None);
        }
        let size = laid_out.fragments.document_size;
        let document = &snapshot.document;
        let is_error = document.url.scheme() == "data" && work.url.scheme() != "data";
        (self.deliver)(Arrival {
            order: work.order,
            url: if is_error { work.url.clone() } else { document.url.clone() },
            title: document.title(),
            size: Extent { x: size.width.to_px(), y: size.height.to_px() },
            map: Arc::new(PageMap::new(&snapshot, &laid_out, &work.page.navigators())),
            picture: Picture::new(laid_out),
        });
        true
    }
}

/// Why the thread goes on.
enum Woken {
    /// The window wants something; `None`: it is gone.
    Order(Option<Order>),
    /// The page has come further.
    Progress(Box<Result<Loaded, PageError>>),
}
