//! How urgent a request is, in Chromium's five classes.

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
    /// The urgency of RFC 9218 (`Priority: u=…`), 0 the most urgent.
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
}
