//! What kind of document a response is, and the page that is made for a text or an image.

use siskin_net::mime::MimeType;
use url::Url;

use crate::dom::Syntax;

/// What a document's bytes are: <https://html.spec.whatwg.org/#loading-a-document>, step by type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum DocumentKind {
    /// HTML.
    #[default]
    Html,
    /// XHTML, SVG and other XML. DEVIATION: XML without any style is shown as a page without style, too, where Chromium
    /// shows its source as a tree.
    Xml,
    /// Text of any kind: <https://html.spec.whatwg.org/#read-text>.
    Text,
    /// An image: <https://html.spec.whatwg.org/#read-media>.
    Image,
}

impl DocumentKind {
    /// The kind for a media type; `None` for what cannot be shown.
    ///
    /// DEVIATION: all of `text/*` is shown, where Chromium saves some of it (`text/csv`, `text/calendar`, …).
    pub(super) fn of(mime: &MimeType) -> Option<Self> {
        let essence = mime.essence();
        if mime.is_html() {
            return Some(Self::Html);
        }
        if mime.is_xml() {
            return Some(Self::Xml);
        }
        if mime.is_javascript() || mime.is_json() || essence.starts_with("text/") {
            return Some(Self::Text);
        }
        mime.is_image().then_some(Self::Image)
    }

    /// The syntax of the page: that of the bytes, or of the page made for them.
    pub(super) const fn syntax(self) -> Syntax {
        match self {
            Self::Xml => Syntax::Xml,
            Self::Html | Self::Text | Self::Image => Syntax::Html,
        }
    }

    /// The markup that stands before the text, or in the place of the bytes. Ids, classes and styles are what Chromium
    /// puts there.
    pub(super) fn prologue(self, url: &Url) -> String {
        match self {
            Self::Html | Self::Xml => String::new(),
            Self::Text => "<!doctype html><html><head></head><body><pre style=\"word-wrap: break-word; white-space: pre-wrap;\">\n"
                .to_owned(),
            // Chromium centres with a flex container in a shadow tree, and shrinks by script what is too large.
            Self::Image => format!(
                "<!doctype html><html style=\"height: 100%\"><head></head><body style=\"margin: 0px; height: 100%; \
                 background-color: rgb(14, 14, 14)\"><img style=\"display: block; position: absolute; inset: 0; \
                 margin: auto; max-width: 100%; max-height: 100%; background-color: hsl(0, 0%, 90%)\" \
                 src=\"{}\"></body></html>",
                url.as_str().replace('&', "&amp;").replace('"', "&quot;")
            ),
        }
    }
}
