//! The wish list: what a document or a sheet says should be fetched too.

use siskin_net::{Destination, InitiatorKind, Priority};
use url::Url;

use crate::dom::NodeId;

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
    /// How urgent it is.
    pub priority: Priority,
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
