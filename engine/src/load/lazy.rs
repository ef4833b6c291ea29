//! Images of `loading=lazy`: fetched when they come near to what is seen.
//! <https://html.spec.whatwg.org/#lazy-loading-attributes>
//!
//! Only a layout knows where an image lies, and there is none here: the loader asks with [`Output::Locate`] and is told
//! with [`Input::Located`](super::Input::Located). It asks when the page is styled first, and again when it would be loaded
//! but has changed since: images that have come may have moved others.
//!
//! The same answer tells which of the other images are seen. Where many wait for each other those go first: Chromium
//! raises an image to `High` when layout finds it in the viewport.

use std::collections::HashMap;

use siskin_net::{Destination, LoadTiming, WishSource};

use super::blocking;
use super::loader::Loader;
use super::message::Output;
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::dom::NodeId;
use crate::limits::{MAX_LAZY_LAYOUTS, MAX_SUBRESOURCES};
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

/// With no more images than this under way none waits for another: so many requests go to one host at once.
const UNQUEUED_IMAGES: usize = 6;

/// The lazy images of a page that have not been asked for, and the others.
#[derive(Debug, Default)]
pub(super) struct LazyImages {
    waiting: Vec<Discovery>,
    /// Images that were asked for at once.
    eager: Vec<Discovery>,
    /// Whether it was asked which of those are seen.
    are_eager_asked: bool,
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
        if self.config.pictured == Pictured::WholePage || self.lazy.waiting.len() >= MAX_SUBRESOURCES {
            return self.request(discovery);
        }
        if !self.lazy.waiting.iter().any(|known| known.by == discovery.by) {
            self.lazy.waiting.push(discovery);
            self.lazy.located = None;
        }
    }

    /// Remembers an image that was asked for at once.
    pub(super) fn note_eager_image(&mut self, discovery: &Discovery) {
        if self.lazy.eager.len() < MAX_SUBRESOURCES {
            self.lazy.eager.push(discovery.clone());
        }
    }

    /// Whether it is worth knowing which images are seen.
    fn are_images_queued(&self) -> bool {
        let images = blocking::in_flight(&self.resources).filter(|r| r.destination == Destination::Image);
        !self.lazy.are_eager_asked && images.count() > UNQUEUED_IMAGES
    }

    /// Asks where the lazy images lie, when that is not known of the page as it is. `is_done`: nothing else is left that
    /// would change it.
    pub(super) fn locate_lazy_images(&mut self, is_done: bool) {
        let is_due = match self.lazy.located {
            None => true,
            Some(generation) => is_done && generation != self.generation,
        };
        if self.lazy.is_asked || self.lazy.layouts >= MAX_LAZY_LAYOUTS {
            return;
        }
        let with_eager = self.are_images_queued();
        if !with_eager && (self.lazy.waiting.is_empty() || !is_due) {
            return;
        }
        self.lazy.is_asked = true;
        self.lazy.are_eager_asked |= with_eager;
        self.lazy.layouts += 1;
        self.lazy.located = Some(self.generation);
        let eager = self.lazy.eager.iter().filter(|_| with_eager);
        let nodes = self.lazy.waiting.iter().chain(eager).filter_map(node).collect();
        self.outputs.push(Output::Locate(nodes));
    }

    /// Where they lie: those within reach are fetched. One without a place has no box; one of which nothing is known is
    /// not in the answer.
    pub(super) fn on_located(&mut self, places: &[(NodeId, Option<Area>)]) {
        self.lazy.is_asked = false;
        let viewport = self.config.viewport;
        let places: HashMap<NodeId, Option<Area>> = places.iter().copied().collect();
        let place_of = |discovery: &Discovery| node(discovery).and_then(|node| places.get(&node).copied());
        let eager = std::mem::take(&mut self.lazy.eager);
        for discovery in &eager {
            let area = place_of(discovery).flatten();
            if area.is_some_and(|area| area.is_within(0.0, viewport)) {
                let (timing, source) = (LoadTiming::Visible, WishSource::Other);
                self.request(Discovery { timing, source, ..discovery.clone() });
            }
        }
        self.lazy.eager = eager;
        for mut discovery in std::mem::take(&mut self.lazy.waiting) {
            match place_of(&discovery) {
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
