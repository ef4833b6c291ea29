//! Styling within a load: when nothing blocks rendering the tree gets its computed styles, and what they use is
//! fetched: images of boxes that are there, fonts of text that is there.

use std::sync::Arc;
use std::time::Duration;

use siskin_net::{Destination, Timestamp};
use url::Url;

use super::blocking;
use super::fonts::faces_for;
use super::loader::{Loader, Stage};
use super::resource::ResourceState;
use super::sheets::font_faces;
use super::used::used;
use crate::css::Device;
use crate::css::font_face::{FontFace, FontFaceSource};
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::dom::{Document, NodeId};
use crate::style::{self, FontMetricsProvider, StyleMap};
use crate::units::Viewport;

/// How long a growing tree is left alone before it is styled once more: three frames of a screen,
const AHEAD_PAUSE: Duration = Duration::from_millis(50);
/// and so much for each of its nodes.
const AHEAD_PAUSE_PER_NODE: Duration = Duration::from_micros(10);

/// A document that has been styled.
#[derive(Debug, Clone, Copy)]
pub struct Styled<'a> {
    /// The document.
    pub document: &'a Arc<Document>,
    /// The computed styles of its elements.
    pub styles: &'a Arc<StyleMap>,
    /// The `@font-face` rules that apply, weakest first.
    pub font_faces: &'a Arc<[FontFace]>,
}

/// The styles of the document, and whether they are still true.
pub(super) struct Styling {
    metrics: Arc<dyn FontMetricsProvider>,
    styles: Option<Arc<StyleMap>>,
    font_faces: Arc<[FontFace]>,
    /// Which of `font_faces` text needs.
    faces_in_use: Vec<usize>,
    /// Whether a face's next source is to be tried.
    fonts_failed: bool,
    dirty: bool,
    /// How large the tree was when it was styled last while it grew.
    ahead_size: usize,
    /// When that may be done again.
    ahead_at: Timestamp,
}

impl Styling {
    pub(super) fn new(metrics: Arc<dyn FontMetricsProvider>) -> Self {
        Self {
            metrics,
            styles: None,
            font_faces: Arc::from([]),
            faces_in_use: Vec::new(),
            fonts_failed: false,
            dirty: true,
            ahead_size: 0,
            ahead_at: Timestamp::ZERO,
        }
    }

    /// The styles are no longer true: the tree, a sheet or the viewport is another.
    pub(super) const fn invalidate(&mut self) {
        self.dirty = true;
    }

    /// A font did not come: its faces have other sources, perhaps.
    pub(super) const fn font_failed(&mut self) {
        self.fonts_failed = true;
    }

    /// Whether a font has failed since the last call.
    pub(super) const fn take_font_failure(&mut self) -> bool {
        std::mem::replace(&mut self.fonts_failed, false)
    }

    pub(super) const fn is_dirty(&self) -> bool {
        self.dirty
    }
}

/// What the styles of a tree ask for.
struct Wishes {
    styles: StyleMap,
    faces: Vec<FontFace>,
    faces_in_use: Vec<usize>,
    images: Vec<(Url, NodeId)>,
}

impl Loader {
    /// The document with its styles; nothing before it has been styled as a whole.
    pub fn styled(&self) -> Option<Styled<'_>> {
        let Stage::Parsed(document) = &self.stage else { return None };
        let styles = self.styling.styles.as_ref()?;
        Some(Styled { document, styles, font_faces: &self.styling.font_faces })
    }

    /// Counts up with every change of what [`Loader::styled`] and [`Loader::resources`] show.
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// What the page is styled for.
    pub const fn viewport(&self) -> Viewport {
        self.config.viewport
    }

    /// Gives the whole document its styles, and fetches what its boxes use.
    pub(super) fn restyle(&mut self, document: &Document) {
        let Wishes { styles, faces, faces_in_use, images } = self.wishes_of(document);
        self.styling.styles = Some(Arc::new(styles));
        self.styling.dirty = false;
        self.generation += 1;
        self.look_again_for_lazy_images();
        self.fetch_wishes(faces, faces_in_use, images);
    }

    /// Styles as much of the document as there is, for what its boxes use: a browser finds the images and fonts of a long
    /// document's beginning before its end is there. It is done when a first paint is possible, and again when the tree has
    /// doubled or a while has passed: the longer, the larger the tree is, so that the work stays in proportion.
    pub(super) fn style_ahead(&mut self, now: Timestamp) {
        let Stage::Parsing(parser) = &self.stage else { return };
        let document = parser.document();
        let size = document.node_slots();
        let is_blocked = blocking::render_blocking(&self.resources).next().is_some();
        let known = self.styling.ahead_size;
        let is_due = size >= known.saturating_mul(2) || now >= self.styling.ahead_at;
        if is_blocked || size == known || !is_due || document.body().is_none() {
            return;
        }
        let Wishes { faces, faces_in_use, images, .. } = self.wishes_of(&document);
        drop(document);
        self.styling.ahead_size = size;
        self.styling.ahead_at =
            now + AHEAD_PAUSE + AHEAD_PAUSE_PER_NODE * u32::try_from(size).unwrap_or(u32::MAX);
        self.fetch_wishes(faces, faces_in_use, images);
    }

    fn wishes_of(&self, document: &Document) -> Wishes {
        let device = Device::screen(self.config.viewport);
        let sheets = self.sheets.in_order(document);
        let styles = style::resolve(document, &sheets, &device, &*self.styling.metrics);
        let faces = font_faces(&sheets, &device);
        let names_face = |name: &str| faces.iter().any(|face| face.family.eq_ignore_ascii_case(name));
        let used = used(document, &styles, &names_face);
        let mut in_use: Vec<usize> = used.fonts.iter().flat_map(|font| faces_for(font, &faces)).collect();
        in_use.sort_unstable();
        in_use.dedup();
        Wishes { styles, faces, faces_in_use: in_use, images: used.images }
    }

    fn fetch_wishes(&mut self, faces: Vec<FontFace>, in_use: Vec<usize>, images: Vec<(Url, NodeId)>) {
        self.styling.faces_in_use = in_use;
        self.styling.font_faces = Arc::from(faces);
        for (url, node) in images {
            self.request(Discovery::new(url, Destination::Image, DiscoveredBy::Style(node), Blocking::Load));
        }
        self.request_fonts();
    }

    /// Asks for the first source of each face in use that has not failed yet.
    /// <https://drafts.csswg.org/css-fonts-4/#font-face-loading>: the next source is tried when one fails.
    ///
    /// A `local()` that is there ends the search.
    pub(super) fn request_fonts(&mut self) {
        let faces = Arc::clone(&self.styling.font_faces);
        for &i in &self.styling.faces_in_use.clone() {
            let source = faces[i].sources.iter().find(|source| match source {
                FontFaceSource::Url(url) => !self.has_failed(url),
                FontFaceSource::Local(name) => self.styling.metrics.has_local(name),
            });
            if let Some(FontFaceSource::Url(url)) = source.cloned() {
                self.request(Discovery::new(
                    url,
                    Destination::Font,
                    DiscoveredBy::FontFace(faces[i].sheet_url.clone()),
                    Blocking::Load,
                ));
            }
        }
    }

    fn has_failed(&self, url: &Url) -> bool {
        let known = self.resources.get_as(url, Destination::Font);
        known.is_some_and(|r| matches!(r.state, ResourceState::Failed { .. }))
    }
}
