//! Images of `loading=lazy`: fetched when they come near to what is seen.
//! <https://html.spec.whatwg.org/#lazy-loading-attributes>
//!
//! Only a layout knows where an image lies, and there is none here: the loader asks with [`Output::Locate`] and is told
//! with [`Input::Located`](super::Input::Located). It asks when the page is styled first, and again when it would be loaded
//! but has changed since: images that have come may have moved others.

use siskin_net::{Destination, LoadTiming, WishSource};

use super::loader::Loader;
use super::message::Output;
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::dom::NodeId;
use crate::limits::MAX_LAZY_LAYOUTS;
use crate::units::Area;

/// How far from the viewport a lazy image is fetched, in CSS px: Chromium's
/// `lazyLoadingImageMarginPx4G`, for connections that are fast.
pub const LAZY_DISTANCE: f32 = 1250.0;

/// What is pictured of a page: lazy images within reach of it are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pictured {
    /// The viewport at the page's top.
    #[default]
    Viewport,
    /// The page as a whole: every lazy image is within reach.
    WholePage,
}

/// The lazy images of a page that have not been asked for.
#[derive(Debug, Default)]
pub(super) struct LazyImages {
    waiting: Vec<Discovery>,
    /// The page's generation when it was last looked where they lie.
    located: Option<u64>,
    layouts: usize,
    is_asked: bool,
}

impl LazyImages {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether an answer is outstanding.
    pub(super) const fn is_asked(&self) -> bool {
        self.is_asked
    }
}

impl Loader {
    /// Takes an image that may wait. An element that was moved comes again: it waits once.
    pub(super) fn defer_image(&mut self, discovery: Discovery) {
        if self.config.pictured == Pictured::WholePage {
            return self.request(discovery);
        }
        if !self.lazy.waiting.iter().any(|known| known.by == discovery.by) {
            self.lazy.waiting.push(discovery);
            self.lazy.located = None;
        }
    }

    /// Asks where the lazy images lie, when that is not known of the page as it is. `is_done`: nothing else is left that
    /// would change it.
    pub(super) fn locate_lazy_images(&mut self, is_done: bool) {
        let is_due = match self.lazy.located {
            None => true,
            Some(generation) => is_done && generation != self.generation,
        };
        if self.lazy.waiting.is_empty()
            || self.lazy.is_asked
            || !is_due
            || self.lazy.layouts >= MAX_LAZY_LAYOUTS
        {
            return;
        }
        self.lazy.is_asked = true;
        self.lazy.layouts += 1;
        self.lazy.located = Some(self.generation);
        let nodes = self.lazy.waiting.iter().filter_map(node).collect();
        self.outputs.push(Output::Locate(nodes));
    }

    /// Where they lie: those within reach are fetched. One without a place has no box; one of which nothing is known is
    /// not in the answer.
    pub(super) fn on_located(&mut self, places: &[(NodeId, Option<Area>)]) {
        self.lazy.is_asked = false;
        let viewport = self.config.viewport;
        let waiting = std::mem::take(&mut self.lazy.waiting);
        for mut discovery in waiting {
            let place =
                places.iter().find(|(known, _)| node(&discovery) == Some(*known)).map(|(_, area)| *area);
            match place {
                Some(None) => self.lazy.waiting.push(discovery),
                Some(Some(area)) if !area.is_within(LAZY_DISTANCE, viewport) => {
                    self.lazy.waiting.push(discovery);
                }
                Some(Some(area)) => {
                    // DEVIATION: in a browser no lazy image delays the load event. But a picture is taken then, and
                    // what is seen in it shall be there.
                    let is_seen = area.is_within(0.0, viewport);
                    discovery.blocking = if is_seen { Blocking::Load } else { Blocking::None };
                    discovery.timing = if is_seen { LoadTiming::Visible } else { LoadTiming::Now };
                    self.request(Discovery { source: WishSource::Other, ..discovery });
                }
                None => {
                    let wish = Discovery { timing: LoadTiming::Now, source: WishSource::Other, ..discovery };
                    self.request(wish);
                }
            }
        }
    }

    /// The viewport is another: more may be within reach.
    pub(super) const fn look_again_for_lazy_images(&mut self) {
        self.lazy.located = None;
        self.lazy.layouts = 0;
    }
}

const fn node(discovery: &Discovery) -> Option<NodeId> {
    match discovery.by {
        DiscoveredBy::Element(node) => Some(node),
        _ => None,
    }
}

/// The wish of a lazy image.
pub(super) fn lazy_image(discovery: Discovery) -> Discovery {
    debug_assert!(discovery.destination == Destination::Image, "only images are lazy here");
    Discovery { blocking: Blocking::Load, timing: LoadTiming::Deferred, ..discovery }
}
