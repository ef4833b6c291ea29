//! Images: natural sizes for layout, pixels for the painter.
//!
//! - [`natural`]: the dimensions that an image has of its own
//! - [`decode`]: from bytes to pixels (door to `image`)
//! - [`resample`]: from many pixels to few (door to `fast_image_resize`)
//! - [`svg`]: images made of shapes (door to `resvg`)

pub mod natural;
pub mod decode;
pub mod resample;
pub mod svg;

pub use natural::NaturalSize;
pub use svg::{InnerImages, SvgImage, SvgView};

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use siskin_engine::load::{ResourceState, ResourceTable};
use url::Url;

use crate::font::FontContext;
use crate::limits::MAX_DECODED_BYTES;

/// An `svg` element of a page: the text of a file, read when it is painted.
#[derive(Debug)]
pub struct InlineSvg {
    text: Arc<str>,
    image: OnceLock<Option<SvgImage>>,
    /// The first view of it that was painted.
    view: OnceLock<(SvgView, Option<Arc<DecodedImage>>)>,
}

impl InlineSvg {
    /// An SVG file as its text.
    pub const fn new(text: Arc<str>) -> Self {
        Self { text, image: OnceLock::new(), view: OnceLock::new() }
    }

    /// The file.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for InlineSvg {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// The images of a page by requested URL. Cheap to clone; clones share what was decoded.
///
/// Nothing is decoded before it is asked for: a natural size costs a look at the file's header, pixels are
/// made when they are painted for the first time. A broken or unknown image is `None` everywhere.
#[derive(Debug, Clone, Default)]
pub struct ImageCache {
    entries: Arc<HashMap<Url, Arc<Entry>>>,
    decoded_bytes: Arc<AtomicU64>,
}

/// Pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedImage {
    /// In pixels, not zero.
    pub width: u32,
    /// In pixels, not zero.
    pub height: u32,
    /// Rows from the top, 4 bytes a pixel: red, green, blue (premultiplied), alpha.
    pub data: Vec<u8>,
    /// Whether every alpha is 255.
    pub is_opaque: bool,
}

#[derive(Debug)]
struct Entry {
    bytes: Bytes,
    /// Its type says so. As in browsers, only the type makes an SVG image: it has no signature.
    is_svg: bool,
    header: OnceLock<Option<Header>>,
    pixels: OnceLock<Option<Arc<DecodedImage>>>,
    /// The first view of an SVG image that was painted.
    view: OnceLock<(SvgView, Option<Arc<DecodedImage>>)>,
}

/// What is known of an image before it is painted.
#[derive(Debug)]
enum Header {
    Pixels(u32, u32),
    Svg(SvgImage),
}

impl ImageCache {
    /// The images among the resources of a page.
    pub fn new(resources: &ResourceTable) -> Self {
        Self::default().updated(resources)
    }

    /// The images among `resources`, keeping what this cache knows of those whose bytes are the same.
    #[must_use]
    pub fn updated(&self, resources: &ResourceTable) -> Self {
        let mut entries = HashMap::new();
        // Whatever it was fetched for: what is an image is told by its content when somebody asks.
        for resource in resources.iter() {
            let ResourceState::Ready { bytes, content_type, .. } = &resource.state else { continue };
            let is_svg = content_type.as_deref().is_some_and(is_svg_type);
            let mut key = resource.url.clone();
            key.set_fragment(None);
            let known = self.entries.get(&key).filter(|entry| same_allocation(&entry.bytes, bytes));
            let entry = known.cloned().unwrap_or_else(|| Arc::new(Entry::new(bytes.clone(), is_svg)));
            entries.insert(key, entry);
        }
        Self { entries: Arc::new(entries), decoded_bytes: Arc::clone(&self.decoded_bytes) }
    }

    /// The natural dimensions in CSS px of the image at `url` (its fragment does not count), the orientation of its
    /// metadata applied; `None` when it is not here or broken.
    pub fn natural_size(&self, url: &Url) -> Option<NaturalSize> {
        Some(match self.entry(url)?.header()? {
            Header::Pixels(width, height) => NaturalSize::of_pixels(*width as f32, *height as f32),
            Header::Svg(svg) => svg.natural_size(),
        })
    }

    /// Whether the image at `url` is made of shapes: its pixels are those of [`ImageCache::svg_pixels`].
    pub fn is_svg(&self, url: &Url) -> bool {
        self.entry(url).is_some_and(|entry| matches!(entry.header(), Some(Header::Svg(_))))
    }

    /// The pixels of the SVG image at `url` as `view` shows it. One view of each image is remembered.
    pub fn svg_pixels(&self, url: &Url, view: &SvgView, fonts: &FontContext) -> Option<Arc<DecodedImage>> {
        let entry = self.entry(url)?;
        let Some(Header::Svg(svg)) = entry.header() else { return None };
        let paint = || {
            let (_, _, width, height) = view.part;
            self.within_budget(width, height, || svg.paint(view, fonts, &svg::NoInnerImages))
        };
        let (first, pixels) = entry.view.get_or_init(|| (*view, paint()));
        if first == view { pixels.clone() } else { svg.paint(view, fonts, &svg::NoInnerImages).map(Arc::new) }
    }

    /// The pixels of an `svg` element as `view` shows it, the images in it taken from here. One view is remembered.
    pub fn inline_svg_pixels(
        &self,
        svg: &InlineSvg,
        view: &SvgView,
        fonts: &FontContext,
    ) -> Option<Arc<DecodedImage>> {
        let image = svg.image.get_or_init(|| SvgImage::inline(Arc::clone(&svg.text))).as_ref()?;
        let (_, _, width, height) = view.part;
        let paint = || self.within_budget(width, height, || image.paint(view, fonts, self));
        let (first, pixels) = svg.view.get_or_init(|| (*view, paint()));
        if first == view { pixels.clone() } else { image.paint(view, fonts, self).map(Arc::new) }
    }

    /// The pixels of the image at `url`; `None` when it is not here, broken, or past the limits.
    pub fn pixels(&self, url: &Url) -> Option<Arc<DecodedImage>> {
        let entry = self.entry(url)?;
        let Some(&Header::Pixels(width, height)) = entry.header() else { return None };
        let decode = || self.within_budget(width, height, || decode::decode(&entry.bytes));
        entry.pixels.get_or_init(decode).clone()
    }

    /// Whether what is at `url` came and is no image that can be shown, as far as this cache knows it: its header cannot
    /// be read, or its pixels were wanted in vain.
    pub fn is_broken(&self, url: &Url) -> bool {
        let Some(entry) = self.entry(url) else { return false };
        matches!(entry.pixels.get(), Some(None)) || self.natural_size(url).is_none()
    }

    fn entry(&self, url: &Url) -> Option<&Arc<Entry>> {
        if url.fragment().is_none() {
            return self.entries.get(url);
        }
        let mut key = url.clone();
        key.set_fragment(None);
        self.entries.get(&key)
    }

    /// What `make` makes, if the page's images may take so many pixels more.
    fn within_budget(
        &self,
        width: u32,
        height: u32,
        make: impl FnOnce() -> Option<DecodedImage>,
    ) -> Option<Arc<DecodedImage>> {
        let size = u64::from(width) * u64::from(height) * 4;
        let before = self.decoded_bytes.fetch_add(size, Ordering::Relaxed);
        if before.saturating_add(size) > MAX_DECODED_BYTES {
            self.decoded_bytes.fetch_sub(size, Ordering::Relaxed);
            return None;
        }
        make().map(Arc::new)
    }
}

impl InnerImages for ImageCache {
    fn bytes(&self, href: &str) -> Option<Bytes> {
        Some(self.entry(&Url::parse(href).ok()?)?.bytes.clone())
    }
}

impl Entry {
    fn new(bytes: Bytes, is_svg: bool) -> Self {
        let (header, pixels, view) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { bytes, is_svg, header, pixels, view }
    }

    fn header(&self) -> Option<&Header> {
        let read = || {
            if self.is_svg {
                return SvgImage::read(&self.bytes).map(Header::Svg);
            }
            decode::dimensions(&self.bytes).map(|(width, height)| Header::Pixels(width, height))
        };
        self.header.get_or_init(read).as_ref()
    }
}

fn is_svg_type(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("image/svg+xml")
}

fn same_allocation(a: &Bytes, b: &Bytes) -> bool {
    a.len() == b.len() && std::ptr::eq(a.as_ptr(), b.as_ptr())
}
