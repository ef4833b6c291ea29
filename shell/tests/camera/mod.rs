//! Pictures of pages, taken in this process with the bundled fonts.

use std::path::Path;
use std::time::Duration;

use http::HeaderMap;
use siskin::browser::{Browser, Listeners};
use siskin::config::{Extent, LoadConfig, Ready};
use siskin_engine::Viewport;
use siskin_engine::load::HttpErrorPolicy;
use siskin_engine::page::WaitUntil;
use siskin_render::display_list::Rgba;
use siskin_render::font::FontSource;
use siskin_render::glyph::GlyphCache;
use siskin_render::pipeline::{Area, render};
use siskin_render::raster::Pixmap;
use url::Url;

/// A browser that takes pictures of one size.
pub(crate) struct Camera {
    browser: Browser,
    glyphs: GlyphCache,
    viewport: Viewport,
}

impl Camera {
    /// The browser has the bundled fonts only.
    pub(crate) fn new(width: f32, height: f32) -> Self {
        let browser = Browser::new(FontSource::Bundled, None).unwrap();
        Self { browser, glyphs: GlyphCache::new(), viewport: Viewport { width, height, scale: 1.0 } }
    }

    /// The picture of a page. All of it must be there.
    pub(crate) fn take(&mut self, url: &Url, listeners: &Listeners) -> Pixmap {
        let config = LoadConfig {
            url: url.clone(),
            viewport: self.viewport,
            fonts: FontSource::Bundled,
            // A page that takes longer is a failure; none is waited for by design.
            timeout: Duration::from_secs(60),
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
        let loaded = self.browser.visit(&config, listeners).result.unwrap();
        let failed: Vec<_> = loaded.failed.iter().map(|resource| &resource.message).collect();
        assert!(failed.is_empty(), "{url}: {failed:?}");
        let picture =
            render(&loaded.snapshot, self.browser.fonts(), Area::Viewport, Rgba::WHITE, &mut self.glyphs);
        picture.unwrap()
    }

    /// The picture of a file.
    pub(crate) fn take_file(&mut self, file: &Path) -> Pixmap {
        let url = Url::from_file_path(file.canonicalize().unwrap()).unwrap();
        self.take(&url, &Listeners::default())
    }
}

/// How many pixels two pictures of one size do not share, and the first of them, in words; `None` when they are
/// equal.
pub(crate) fn difference(left: &Pixmap, right: &Pixmap) -> Option<String> {
    assert_eq!((left.width, left.height), (right.width, right.height), "pictures of one camera");

    let (left_pixels, right_pixels) = (left.data.as_chunks::<4>().0, right.data.as_chunks::<4>().0);
    let different: Vec<usize> =
        (0..left_pixels.len()).filter(|&index| left_pixels[index] != right_pixels[index]).collect();
    let first = *different.first()?;
    let width = left.width as usize;
    Some(format!(
        "{} pixels differ, the first at {}, {}: {:?} and {:?}",
        different.len(),
        first % width,
        first / width,
        left_pixels[first],
        right_pixels[first]
    ))
}
