//! Takes pictures and recordings of pages with the engine in this process.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use http::HeaderMap;
use siskin::browser::{Browser, Listeners};
use siskin::config::{Extent, LoadConfig, Ready};
use siskin::dump;
use siskin_engine::Viewport;
use siskin_engine::load::HttpErrorPolicy;
use siskin_engine::page::{Loaded, WaitUntil};
use siskin_render::font::FontSource;
use siskin_render::glyph::GlyphCache;
use siskin_render::pipeline::{Area, LaidOut};
use siskin_render::{display_list::Rgba, raster::Pixmap};
use url::Url;

use crate::recorded::Recorded;

/// A page that takes longer fails.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Four bytes a pixel: red, green, blue, alpha.
#[derive(Debug, Clone)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Row by row.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// Reads a PNG.
    ///
    /// # Errors
    /// When the file cannot be read or decoded.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let picture = image::open(file).with_context(|| file.display().to_string())?.into_rgba8();
        Ok(Self { width: picture.width(), height: picture.height(), pixels: picture.into_raw() })
    }

    /// Writes a PNG.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, file: &Path) -> anyhow::Result<()> {
        image::save_buffer(file, &self.pixels, self.width, self.height, image::ColorType::Rgba8)
            .with_context(|| file.display().to_string())
    }
}

/// A browser that takes pictures of one size, one after another.
pub struct Photographer {
    browser: RefCell<Browser>,
    glyphs: RefCell<GlyphCache>,
    viewport: Viewport,
}

impl Photographer {
    /// A browser with the fonts of this folder, or with the bundled ones.
    ///
    /// # Errors
    /// When the network client or its runtime cannot be set up.
    pub fn new((width, height): (u32, u32), fonts: Option<&Path>) -> anyhow::Result<Self> {
        let fonts = fonts.map_or(FontSource::Bundled, |folder| FontSource::Directory(folder.to_path_buf()));
        let browser = Browser::new(fonts, None).map_err(|failure| anyhow::anyhow!(failure.to_string()))?;
        Ok(Self {
            browser: RefCell::new(browser),
            glyphs: RefCell::new(GlyphCache::new()),
            viewport: Viewport { width: width as f32, height: height as f32, scale: 1.0 },
        })
    }

    /// The picture of the viewport, or why there is none.
    ///
    /// # Errors
    /// One line.
    pub fn take(&self, url: &Url) -> Result<Picture, String> {
        let (_, page) = self.load(url)?;
        self.paint(&page)
    }

    /// What the baseline records of a page, and its picture.
    ///
    /// # Errors
    /// One line.
    pub fn observe(&self, url: &Url) -> Result<(Recorded, Picture), String> {
        let (loaded, page) = self.load(url)?;
        let recorded = record(&loaded, &page).map_err(|error| error.to_string())?;
        Ok((recorded, self.paint(&page)?))
    }

    fn load(&self, url: &Url) -> Result<(Loaded, LaidOut), String> {
        let config = LoadConfig {
            url: url.clone(),
            viewport: self.viewport,
            fonts: FontSource::Bundled,
            timeout: TIMEOUT,
            request_timeout: Duration::from_secs(20),
            wait_until: WaitUntil::Load,
            http_errors: HttpErrorPolicy::Fail,
            headers: HeaderMap::new(),
            user_agent: None,
            accept_language: None,
            schedule: siskin_net::ScheduleProfile::default(),
            submission: siskin::submission::Submission::default(),
            identity: Default::default(),
            network: Default::default(),
            ready: Ready::default(),
            extent: Extent::default(),
        };
        let mut browser = self.browser.borrow_mut();
        let mut visit = browser.visit(&config, &Listeners::default());
        let mut loaded = visit.result.map_err(|error| error.to_string())?;
        let page = browser.lay_out(&mut visit.page, &mut loaded, &config);
        Ok((loaded, page))
    }

    fn paint(&self, page: &LaidOut) -> Result<Picture, String> {
        let visible = page.device_rect(Area::Viewport);
        let list = page.display_list(visible);
        let pixmap: Pixmap = page
            .paint(&list, visible, Rgba::WHITE, &mut self.glyphs.borrow_mut())
            .map_err(|error| error.to_string())?;
        Ok(Picture { width: pixmap.width, height: pixmap.height, pixels: pixmap.data })
    }
}

/// Our side of a comparison, in the shape of the baseline. It goes through the JSON that `siskin dump` prints, so
/// that what is measured is what a person gets.
fn record(loaded: &Loaded, page: &LaidOut) -> serde_json::Result<Recorded> {
    let styles = serde_json::to_value(dump::style::styles(&loaded.snapshot, &page.fragments))?;
    let geometry = serde_json::to_value(dump::geometry(&loaded.snapshot, &page.fragments))?;
    let mut recorded: Recorded = serde_json::from_value({
        let mut both = styles;
        both["texts"] = geometry["texts"].clone();
        both
    })?;
    recorded.texts.retain(|text| !text.lines.is_empty());
    Ok(recorded)
}
