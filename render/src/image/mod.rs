//! Images: natural sizes for layout, pixels for the painter.
//!
//! - [`decode`]: from bytes to pixels (door to `image`)
//! - [`resample`]: from many pixels to few (door to `fast_image_resize`)

pub mod decode;
pub mod resample;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use siskin_engine::load::{ResourceState, ResourceTable};
use url::Url;

use crate::limits::MAX_DECODED_BYTES;

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
    natural: OnceLock<Option<(u32, u32)>>,
    pixels: OnceLock<Option<Arc<DecodedImage>>>,
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
            let ResourceState::Ready { bytes, .. } = &resource.state else { continue };
            let mut key = resource.url.clone();
            key.set_fragment(None);
            let known = self.entries.get(&key).filter(|entry| same_allocation(&entry.bytes, bytes));
            let entry = known.cloned().unwrap_or_else(|| Arc::new(Entry::new(bytes.clone())));
            entries.insert(key, entry);
        }
        Self { entries: Arc::new(entries), decoded_bytes: Arc::clone(&self.decoded_bytes) }
    }

    /// The natural width and height in CSS px of the image at `url` (its fragment does not count), the orientation
    /// of its metadata applied; `None` when it is not here or broken.
    /// <https://drafts.csswg.org/css-images-3/#natural-dimensions>
    ///
    /// TODO(css-images-3 5.1): SVG images, which may have a width, a height, or a ratio alone.
    pub fn natural_size(&self, url: &Url) -> Option<(f32, f32)> {
        let entry = self.entry(url)?;
        let (width, height) = (*entry.natural.get_or_init(|| decode::dimensions(&entry.bytes)))?;
        Some((width as f32, height as f32))
    }

    /// The pixels of the image at `url`; `None` when it is not here, broken, or past the limits.
    pub fn pixels(&self, url: &Url) -> Option<Arc<DecodedImage>> {
        let entry = self.entry(url)?;
        entry.pixels.get_or_init(|| self.decode(&entry.bytes)).clone()
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

    fn decode(&self, bytes: &[u8]) -> Option<Arc<DecodedImage>> {
        let (width, height) = decode::dimensions(bytes)?;
        let size = u64::from(width) * u64::from(height) * 4;
        let before = self.decoded_bytes.fetch_add(size, Ordering::Relaxed);
        if before.saturating_add(size) > MAX_DECODED_BYTES {
            self.decoded_bytes.fetch_sub(size, Ordering::Relaxed);
            return None;
        }
        decode::decode(bytes).map(Arc::new)
    }
}

impl Entry {
    fn new(bytes: Bytes) -> Self {
        Self { bytes, natural: OnceLock::new(), pixels: OnceLock::new() }
    }
}

fn same_allocation(a: &Bytes, b: &Bytes) -> bool {
    a.len() == b.len() && std::ptr::eq(a.as_ptr(), b.as_ptr())
}
