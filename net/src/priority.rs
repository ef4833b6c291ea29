//! How urgent a request is, in Chromium's five classes, and Chromium's table that decides it.

use crate::destination::Destination;

/// Load priority, least urgent first so that `Ord` reads naturally.
///
/// The classes and their use are those of Chromium's `ResourceLoadPriority`; the names are the ones
/// that its developer tools show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Prefetches, sheets whose media does not match.
    Lowest,
    /// Images, media, deferred scripts.
    Low,
    /// Late sheets and scripts, the first large images.
    Medium,
    /// Parser-blocking scripts, visible images, preloaded fonts.
    High,
    /// The document, render-blocking sheets, fonts in use.
    Highest,
}

impl Priority {
    /// The urgency of RFC 9218 (`Priority: u=…`), 0 the most urgent, as Chromium maps its classes.
    pub const fn urgency(self) -> u8 {
        match self {
            Self::Highest => 0,
            Self::High => 1,
            Self::Medium => 2,
            Self::Low => 3,
            Self::Lowest => 4,
        }
    }

    /// The name that browsers' developer tools show and HAR's `_priority` holds.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Highest => "VeryHigh",
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
            Self::Lowest => "VeryLow",
        }
    }

    /// Chromium's `ComputeLoadPriority` (`resource_fetcher.cc`): the class of a request that is made in these
    /// circumstances.
    pub fn of(wish: &LoadCircumstances) -> Self {
        let base = match wish.destination {
            Destination::Document | Destination::IFrame | Destination::Style => Self::Highest,
            Destination::Font if wish.source == WishSource::LinkPreload => Self::High,
            Destination::Font => Self::Highest,
            Destination::Script | Destination::Empty => Self::High,
            Destination::Manifest => Self::Medium,
            Destination::Image | Destination::Media | Destination::Object => Self::Low,
        };
        let late = wish.source == WishSource::PreloadScanner && wish.images_before > 0;
        let placed = match (wish.destination, wish.timing) {
            (_, LoadTiming::Prefetch) => Self::Lowest,
            (Destination::Style, LoadTiming::NotMatching) => Self::Lowest,
            (Destination::Script, LoadTiming::Deferred) => Self::Low,
            (Destination::Image, LoadTiming::Deferred) => Self::Lowest,
            (Destination::Image, LoadTiming::Visible) => Self::High,
            (Destination::Image, _) if wish.is_early_image() => Self::Medium,
            (Destination::Style | Destination::Script, _) if late => Self::Medium,
            _ => base,
        };
        match wish.hint {
            FetchPriority::Auto => placed,
            FetchPriority::High => placed.max(Self::High),
            // A sheet goes down one class only: it still blocks rendering.
            FetchPriority::Low if placed == Self::Highest => Self::High,
            FetchPriority::Low => placed.min(Self::Low),
        }
    }
}

/// The `fetchpriority` attribute: <https://html.spec.whatwg.org/#fetch-priority-attribute>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FetchPriority {
    /// The browser decides.
    #[default]
    Auto,
    /// More urgent than others of its kind.
    High,
    /// Less urgent than others of its kind.
    Low,
}

impl FetchPriority {
    /// The attribute's value, without regard to case; anything else is `auto`.
    pub const fn from_attribute(value: &str) -> Self {
        if value.eq_ignore_ascii_case("high") {
            Self::High
        } else if value.eq_ignore_ascii_case("low") {
            Self::Low
        } else {
            Self::Auto
        }
    }
}

/// What decides the priority of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadCircumstances {
    /// What it is for.
    pub destination: Destination,
    /// What its element says.
    pub hint: FetchPriority,
    /// Who found it.
    pub source: WishSource,
    /// When it is needed.
    pub timing: LoadTiming,
    /// How many images of its page were requested before it: a sheet or script that the scanner finds behind
    /// the first one stands far down ("late").
    pub images_before: usize,
    /// The image's area in CSS px² by its attributes, when they say it.
    pub area: Option<f32>,
}

/// How many of a page's first images are put above the rest.
pub const EARLY_IMAGES: usize = 5;

/// An image of less than this area (CSS px²) is an icon, and none of the first.
pub const SMALL_IMAGE_AREA: f32 = 10_000.0;

impl LoadCircumstances {
    /// A request that the tree asks for, needed at once.
    pub const fn new(destination: Destination) -> Self {
        Self {
            destination,
            hint: FetchPriority::Auto,
            source: WishSource::Other,
            timing: LoadTiming::Now,
            images_before: 0,
            area: None,
        }
    }

    fn is_early_image(&self) -> bool {
        self.source != WishSource::Other
            && self.images_before < EARLY_IMAGES
            && self.area.is_none_or(|area| area > SMALL_IMAGE_AREA)
    }
}

/// Who found a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WishSource {
    /// The look-ahead scanner, or the tree builder where it does the scanner's work.
    PreloadScanner,
    /// `<link rel=preload>`.
    LinkPreload,
    /// Style, a sheet, the browser.
    Other,
}

/// When a resource is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoadTiming {
    /// When it comes.
    Now,
    /// `async`, `defer` and module scripts that do not block; images of `loading=lazy`.
    Deferred,
    /// A sheet for other media.
    NotMatching,
    /// An image that layout has found within the viewport.
    Visible,
    /// The next page may need it.
    Prefetch,
}

/// How far the document has come that makes a request: what is asked for before its `<body>` holds layout up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum DocumentStage {
    /// The parser has not seen a `<body>` yet.
    BeforeBody,
    /// It has.
    #[default]
    InBody,
}

#[cfg(test)]
mod tests {
    use Destination::{Document, Empty, Font, IFrame, Image, Manifest, Media, Script, Style};
    use FetchPriority::{Auto, High, Low};
    use LoadTiming::{Deferred, NotMatching, Now, Prefetch, Visible};
    use WishSource::{LinkPreload, Other, PreloadScanner};

    use super::*;

    #[test]
    fn chromiums_table() {
        for (destination, hint, source, timing, images_before, area, expected) in [
            (Document, Auto, Other, Now, 0, None, Priority::Highest),
            (IFrame, Auto, Other, Now, 9, None, Priority::Highest),
            (Style, Auto, Other, Now, 9, None, Priority::Highest),
            (Style, Auto, PreloadScanner, Now, 0, None, Priority::Highest),
            (Style, Auto, PreloadScanner, Now, 1, None, Priority::Medium),
            (Style, Auto, PreloadScanner, NotMatching, 0, None, Priority::Lowest),
            (Style, Low, Other, Now, 0, None, Priority::High),
            (Font, Auto, Other, Now, 9, None, Priority::Highest),
            (Font, Auto, LinkPreload, Now, 0, None, Priority::High),
            (Script, Auto, PreloadScanner, Now, 0, None, Priority::High),
            (Script, Auto, PreloadScanner, Now, 1, None, Priority::Medium),
            (Script, Auto, PreloadScanner, Deferred, 0, None, Priority::Low),
            (Script, High, PreloadScanner, Deferred, 0, None, Priority::High),
            (Script, Low, PreloadScanner, Now, 0, None, Priority::Low),
            (Empty, Auto, Other, Now, 0, None, Priority::High),
            (Empty, Auto, Other, Prefetch, 0, None, Priority::Lowest),
            (Manifest, Auto, Other, Now, 0, None, Priority::Medium),
            (Image, Auto, PreloadScanner, Now, 4, None, Priority::Medium),
            (Image, Auto, PreloadScanner, Now, 5, None, Priority::Low),
            (Image, Auto, PreloadScanner, Now, 0, Some(400.0), Priority::Low),
            (Image, Auto, Other, Now, 0, None, Priority::Low),
            (Image, Auto, Other, Visible, 9, None, Priority::High),
            (Image, High, Other, Now, 9, None, Priority::High),
            (Image, Low, PreloadScanner, Now, 0, None, Priority::Low),
            (Image, Auto, PreloadScanner, Deferred, 0, None, Priority::Lowest),
            (Media, Auto, Other, Now, 0, None, Priority::Low),
        ] {
            let wish = LoadCircumstances { destination, hint, source, timing, images_before, area };
            assert_eq!(Priority::of(&wish), expected, "{wish:?}");
        }
        assert_eq!(FetchPriority::from_attribute("HIGH"), High);
        assert_eq!(FetchPriority::from_attribute("highest"), Auto);
    }
}
