//! What a response will be used as.

/// What a response will be used as: <https://fetch.spec.whatwg.org/#concept-request-destination>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Destination {
    /// The empty string: `fetch()`, preloads without `as`.
    Empty,
    /// A top-level document.
    Document,
    /// A nested document.
    IFrame,
    /// A style sheet.
    Style,
    /// A script.
    Script,
    /// An image, also a favicon.
    Image,
    /// A font.
    Font,
    /// Audio, video or a text track.
    Media,
    /// `object` and `embed`.
    Object,
    /// A web application manifest.
    Manifest,
}

impl Destination {
    /// The standard's name, as `Sec-Fetch-Dest` sends it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Document => "document",
            Self::IFrame => "iframe",
            Self::Style => "style",
            Self::Script => "script",
            Self::Image => "image",
            Self::Font => "font",
            Self::Media => "video",
            Self::Object => "object",
            Self::Manifest => "manifest",
        }
    }
}
