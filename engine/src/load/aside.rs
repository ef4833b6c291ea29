//! What is fetched when the page itself is loaded: the site's icon, and what the next page may need.

use siskin_net::{Destination, LoadTiming};
use url::Url;

use super::loader::{IconPolicy, Loader, Stage};
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::html::discover::FetchOptions;
use crate::limits::{MAX_ICONS, MAX_SUBRESOURCES};

/// What waits for the load event.
#[derive(Debug, Default)]
pub(super) struct Aside {
    icons: Vec<Icon>,
    prefetches: Vec<(Url, FetchOptions)>,
}

/// A `link rel=icon`.
#[derive(Debug)]
struct Icon {
    url: Url,
    sizes: String,
}

impl Loader {
    pub(super) fn on_icon(&mut self, url: Url, sizes: String) {
        if self.aside.icons.len() < MAX_SUBRESOURCES {
            self.aside.icons.push(Icon { url, sizes });
        }
    }

    pub(super) fn on_prefetch(&mut self, url: Url, options: FetchOptions) {
        if self.aside.prefetches.len() < MAX_SUBRESOURCES {
            self.aside.prefetches.push((url, options));
        }
    }

    /// The page is loaded: what has waited for that is asked for, if anybody wants it.
    ///
    /// DEVIATION: Chromium asks for prefetches at once, with the lowest priority.
    pub(super) fn request_aside(&mut self) {
        if self.config.icons == IconPolicy::Skip {
            return;
        }
        for (url, options) in std::mem::take(&mut self.aside.prefetches) {
            let by = DiscoveredBy::Browser;
            let wish = Discovery::new(url, Destination::Empty, by, Blocking::Aside).with(options);
            self.request(wish.at(LoadTiming::Prefetch));
        }
        for url in self.icons() {
            let by = DiscoveredBy::Browser;
            self.request(Discovery::new(url, Destination::Image, by, Blocking::Aside));
        }
    }

    /// The icons that are asked for. Chromium tries its candidates in turn until one fits exactly (`FaviconHandler`): the
    /// last one first, those of no stated size before the others, of which one is enough. A site without any has its
    /// icon at `/favicon.ico`: <https://html.spec.whatwg.org/#rel-icon>.
    ///
    /// DEVIATION: whether an icon fits is not looked at, so that all of no stated size are fetched.
    fn icons(&mut self) -> Vec<Url> {
        let icons = std::mem::take(&mut self.aside.icons);
        let (sized, unsized_icons): (Vec<Icon>, Vec<Icon>) = icons.into_iter().rev().partition(|icon| {
            icon.sizes.split_ascii_whitespace().any(|size| !size.eq_ignore_ascii_case("any"))
        });
        if !unsized_icons.is_empty() {
            return unsized_icons.into_iter().take(MAX_ICONS).map(|icon| icon.url).collect();
        }
        // Of those with a size the smallest that is not too small for the 16 px of a tab.
        let best = sized.into_iter().min_by_key(|icon| {
            let side = icon.sizes.split(['x', 'X', ' ']).next().and_then(|side| side.parse::<u32>().ok());
            side.map_or(u32::MAX, |side| if side >= 16 { side } else { u32::MAX / 2 - side })
        });
        let default = || {
            let Stage::Parsed(document) = &self.stage else { return None };
            let url = document.url.join("/favicon.ico").ok();
            url.filter(|url| matches!(url.scheme(), "http" | "https"))
        };
        best.map(|icon| icon.url).or_else(default).into_iter().collect()
    }
}
