//! How urgent a request is: Chromium's table.
//!
//! From `ComputeLoadPriority` in `resource_fetcher.cc`. What Chromium decides after layout (an image that turns
//! out to be visible becomes `High`) is not foreseen here: requests are released before there is a layout.

use siskin_net::{Destination, Priority};

use crate::discovery::{DiscoveredBy, Discovery};

/// How many of a document's first images are taken for large ones and put above the rest.
pub(super) const BOOSTED_IMAGES: usize = 5;

/// The priority of a request that finds `images_before` image requests before it in its page.
pub(super) fn priority(discovery: &Discovery, images_before: usize) -> Priority {
    let is_late = discovery.by == DiscoveredBy::PreloadScan && images_before > 0;
    match discovery.destination {
        // What the look-ahead finds behind an image is taken to stand far down.
        Destination::Style | Destination::Script if is_late => discovery.priority.min(Priority::Medium),
        Destination::Image if is_boosted(discovery, images_before) => {
            discovery.priority.max(Priority::Medium)
        }
        _ => discovery.priority,
    }
}

fn is_boosted(discovery: &Discovery, images_before: usize) -> bool {
    images_before < BOOSTED_IMAGES
        && discovery.priority == Priority::Low
        && matches!(discovery.by, DiscoveredBy::Element(_) | DiscoveredBy::PreloadScan)
}

#[cfg(test)]
mod tests {
    use crate::discovery::Blocking;
    use siskin_net::Destination::{Font, Image, Script, Style};

    use super::*;

    #[test]
    fn chromiums_table() {
        let url: url::Url = "http://a/".parse().expect("a valid URL");
        for (destination, by, blocking, images_before, expected) in [
            (Style, DiscoveredBy::Browser, Blocking::Render, 9, Priority::Highest),
            (Style, DiscoveredBy::PreloadScan, Blocking::Render, 0, Priority::Highest),
            (Style, DiscoveredBy::PreloadScan, Blocking::Render, 1, Priority::Medium),
            (Font, DiscoveredBy::FontFace(url.clone()), Blocking::Load, 9, Priority::Highest),
            (Script, DiscoveredBy::PreloadScan, Blocking::Load, 0, Priority::High),
            (Script, DiscoveredBy::PreloadScan, Blocking::Load, 1, Priority::Medium),
            (Image, DiscoveredBy::PreloadScan, Blocking::Load, 4, Priority::Medium),
            (Image, DiscoveredBy::PreloadScan, Blocking::Load, 5, Priority::Low),
            (Image, DiscoveredBy::Browser, Blocking::Load, 0, Priority::Low),
        ] {
            let discovery = Discovery::new(url.clone(), destination, by, blocking);
            assert_eq!(
                priority(&discovery, images_before),
                expected,
                "{discovery:?} after {images_before} images"
            );
        }
    }
}
