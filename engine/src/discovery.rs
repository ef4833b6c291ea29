//! The wish list: what a document or a sheet says should be fetched too.

use siskin_net::{Destination, InitiatorKind, Priority};
use url::Url;

use crate::dom::NodeId;
use crate::html::discover::{CrossOrigin, FetchPriority};

/// One further request that parsing or styling asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The absolute URL, as requested (the key of the resource table).
    pub url: Url,
    /// What it is for.
    pub destination: Destination,
    /// Who asks.
    pub by: DiscoveredBy,
    /// What waits for it.
    pub blocking: Blocking,
    /// How urgent it is by itself: [`base_priority`], unless its element says otherwise (`fetchpriority`).
    pub priority: Priority,
    /// The `crossorigin` attribute of the element that asks.
    pub cross_origin: CrossOrigin,
}

impl Discovery {
    /// A wish with the priority that its destination has by itself.
    pub const fn new(url: Url, destination: Destination, by: DiscoveredBy, blocking: Blocking) -> Self {
        let priority = base_priority(destination);
        Self { url, destination, by, blocking, priority, cross_origin: CrossOrigin::None }
    }

    /// The same wish with what attributes of its element say.
    /// `fetchpriority` moves a class up or down: <https://html.spec.whatwg.org/#fetch-priority-attribute>.
    #[must_use]
    pub fn with(mut self, cross_origin: CrossOrigin, priority: FetchPriority) -> Self {
        self.cross_origin = cross_origin;
        self.priority = match (priority, self.priority) {
            (FetchPriority::High, own) => own.max(Priority::High),
            (FetchPriority::Low, Priority::Highest) => Priority::High,
            (FetchPriority::Low, own) => own.min(Priority::Low),
            (FetchPriority::Auto, own) => own,
        };
        self
    }
}

/// The priority of a destination by itself, in Chromium's table (`ComputeLoadPriority` and what it starts from in
/// `resource_fetcher.cc`). The loader adjusts it by what came before.
pub const fn base_priority(destination: Destination) -> Priority {
    match destination {
        Destination::Document | Destination::IFrame | Destination::Style | Destination::Font => {
            Priority::Highest
        }
        Destination::Script | Destination::Empty => Priority::High,
        Destination::Manifest => Priority::Medium,
        Destination::Image | Destination::Media | Destination::Object => Priority::Low,
    }
}

/// Who asked for a resource.
#[derive(Debug, Clone, PartialEq)]
pub enum DiscoveredBy {
    /// The look-ahead scanner.
    PreloadScan,
    /// An element.
    Element(NodeId),
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
            Self::Element(_) => InitiatorKind::Parser,
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
    /// Nothing.
    None,
    /// The load event.
    Load,
    /// The first paint (and the load event).
    Render,
}
