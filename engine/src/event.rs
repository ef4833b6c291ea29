//! What happens to a page as a whole: the milestones that a waterfall draws as vertical lines.

use siskin_net::Timestamp;

/// A milestone of a page load.
#[derive(Debug, Clone, PartialEq)]
pub struct PageEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: PageEventKind,
}

/// The milestones, in the order in which they usually come. Each is emitted at most once a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageEventKind {
    /// The navigation began.
    NavigationStart,
    /// The document's first byte arrived.
    FirstByte,
    /// Parsing ended: <https://html.spec.whatwg.org/#event-domcontentloaded>.
    DomContentLoaded,
    /// Nothing blocks rendering any more: a first paint is possible.
    FirstPaintPossible,
    /// Everything that delays the load event is there or has failed.
    Load,
    /// No request is in flight.
    NetworkIdle,
}

/// Who is told of milestones.
pub trait PageObserver: Send + Sync {
    /// Takes one milestone. Must not block.
    fn on_page_event(&self, event: PageEvent);
}
