//! The wish list: what a document or a sheet says should be fetched too.

use siskin_net::{Destination, InitiatorKind, LoadTiming, WishSource};
use url::Url;

use crate::dom::NodeId;
use crate::html::discover::{CrossOrigin, FetchOptions};

/// One further request that parsing or styling asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The absolute URL, as requested (part of the key of the resource table).
    pub url: Url,
    /// What it is for.
    pub destination: Destination,
    /// Who asks.
    pub by: DiscoveredBy,
    /// What waits for it.
    pub blocking: Blocking,
    /// Who found it, as far as its priority is concerned.
    pub source: WishSource,
    /// When it is needed, as far as its priority is concerned.
    pub timing: LoadTiming,
    /// The area of an image by its element's attributes, in CSS px².
    pub area: Option<f32>,
    /// What the attributes of the element that asks say.
    pub options: FetchOptions,
}

impl Discovery {
    /// A wish without attributes, needed now.
    pub fn new(url: Url, destination: Destination, by: DiscoveredBy, blocking: Blocking) -> Self {
        let source = match by {
            // The tree builder does the scanner's work where that has found nothing.
            DiscoveredBy::PreloadScan | DiscoveredBy::Element(_) => WishSource::PreloadScanner,
            DiscoveredBy::LinkHeader => WishSource::LinkPreload,
            _ => WishSource::Other,
        };
        let mut options = FetchOptions::default();
        if destination == Destination::Font {
            // <https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements>
            options.cross_origin = CrossOrigin::Anonymous;
        }
        Self { url, destination, by, blocking, source, timing: LoadTiming::Now, area: None, options }
    }

    /// The same wish with what attributes of its element say.
    #[must_use]
    pub fn with(mut self, options: FetchOptions) -> Self {
        self.options = options;
        self
    }

    /// The same wish, needed at another time.
    #[must_use]
    pub const fn at(mut self, timing: LoadTiming) -> Self {
        self.timing = timing;
        self
    }

    /// The same wish as one of `link rel=preload`.
    #[must_use]
    pub const fn preloaded(mut self) -> Self {
        self.source = WishSource::LinkPreload;
        self
    }
}

/// Who asked for a resource.
#[derive(Debug, Clone, PartialEq)]
pub enum DiscoveredBy {
    /// The look-ahead scanner.
    PreloadScan,
    /// An element.
    Element(NodeId),
    /// The `Link` header of the document.
    LinkHeader,
    /// An `@import` in the sheet that came from (or stands in) this URL.
    Import(Url),
    /// A computed `url()` value of an element's box.
    Style(NodeId),
    /// An `@font-face` rule that text needs, in the sheet from this URL.
    FontFace(Url),
    /// The browser (favicon).
    Browser,
}

impl DiscoveredBy {
    /// The kind of initiator that events name.
    pub const fn initiator_kind(&self) -> InitiatorKind {
        match self {
            Self::PreloadScan => InitiatorKind::PreloadScanner,
            Self::Element(_) | Self::LinkHeader => InitiatorKind::Parser,
            Self::Import(_) => InitiatorKind::Import,
            Self::Style(_) => InitiatorKind::Style,
            Self::FontFace(_) => InitiatorKind::FontFace,
            Self::Browser => InitiatorKind::Browser,
        }
    }
}

/// What waits for a resource. Ordered: the stronger kind wins when a resource is wanted twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blocking {
    /// Not even idleness: the site's icon.
    Aside,
    /// Nothing but idleness.
    None,
    /// The load event.
    Load,
    /// What stands behind it in the document, and so `DOMContentLoaded` and the load event: a sheet or script in the
    /// body. The first paint does not wait.
    Parser,
    /// The first paint, and all of the above.
    Render,
}
