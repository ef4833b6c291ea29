//! Loads a page and writes down what it asks the network for.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use siskin::browser::{Browser, Listeners};
use siskin::config::{Extent, LoadConfig, Ready, RefreshPolicy};
use siskin_engine::Viewport;
use siskin_engine::load::{HttpErrorPolicy, IconPolicy};
use siskin_engine::page::WaitUntil;
use siskin_net::{Destination, InitiatorKind, NetEvent, NetEventKind, Observer};
use siskin_render::font::FontSource;
use url::Url;

use super::compare::Asked;

/// A page that takes longer fails.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A browser that writes down requests, page after page.
pub struct Listener {
    browser: Browser,
    viewport: Viewport,
}

impl Listener {
    /// A browser with the fonts of this folder, or with the bundled ones.
    ///
    /// # Errors
    /// When the network client or its runtime cannot be set up.
    pub fn new((width, height): (u32, u32), fonts: Option<&Path>) -> anyhow::Result<Self> {
        let fonts = fonts.map_or(FontSource::Bundled, |folder| FontSource::Directory(folder.to_path_buf()));
        let browser = Browser::new(fonts, None).map_err(|failure| anyhow::anyhow!(failure.to_string()))?;
        Ok(Self { browser, viewport: Viewport { width: width as f32, height: height as f32, scale: 1.0 } })
    }

    /// Every request of the page in order, redirects included; and why the page failed, if it did.
    pub fn listen(&mut self, url: &Url, origin: &str) -> (Vec<Asked>, Option<String>) {
        let config = LoadConfig {
            url: url.clone(),
            viewport: self.viewport,
            fonts: FontSource::Bundled,
            timeout: TIMEOUT,
            request_timeout: Duration::from_secs(20),
            wait_until: WaitUntil::Idle,
            http_errors: HttpErrorPolicy::Fail,
            headers: HeaderMap::new(),
            user_agent: None,
            accept_language: None,
            schedule: siskin_net::ScheduleProfile::default(),
            submission: siskin::submission::Submission::default(),
            identity: Default::default(),
            network: Default::default(),
            ready: Ready::default(),
            extent: Extent { icons: IconPolicy::Fetch, refresh: RefreshPolicy::Tell, ..Extent::default() },
        };
        let notes = Arc::new(Notes::default());
        let listeners = Listeners { net: Arc::clone(&notes) as Arc<dyn Observer>, ..Listeners::default() };
        let failure = self.browser.visit(&config, &listeners).result.err().map(|error| error.to_string());
        let mut asked = std::mem::take(&mut *notes.0.lock().unwrap_or_else(PoisonError::into_inner));
        for request in &mut asked {
            if let Some(path) = request.url.strip_prefix(origin) {
                request.url = path.to_owned();
            }
        }
        (asked, failure)
    }
}

#[derive(Default)]
struct Notes(Mutex<Vec<Asked>>);

impl Observer for Notes {
    fn on_event(&self, event: NetEvent) {
        if let NetEventKind::Requested { url, destination, initiator, .. } = event.kind {
            let kind = kind(destination, initiator.kind).to_owned();
            let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            notes.push(Asked { kind, url: url.into() });
        }
    }
}

/// The word that the recordings have for a destination: those of the DevTools protocol.
const fn kind(destination: Destination, by: InitiatorKind) -> &'static str {
    match destination {
        _ if matches!(by, InitiatorKind::Browser) => "other",
        Destination::Document | Destination::IFrame => "document",
        Destination::Style => "stylesheet",
        Destination::Script => "script",
        Destination::Image => "image",
        Destination::Font => "font",
        Destination::Media => "media",
        _ => "other",
    }
}
