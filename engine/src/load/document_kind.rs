//! What kind of document a response is, and the page that is made for a text or an image.

use url::Url;

use crate::html::{HtmlParser, Syntax};

/// What a document's bytes are: <https://html.spec.whatwg.org/#loading-a-document>, step by type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum DocumentKind {
    /// HTML.
    #[default]
    Html,
    /// XHTML and other XML. DEVIATION: XML without any style is shown as a page without style, too, where Chromium shows
    /// its source as a tree.
    Xml,
    /// Text of any kind: <https://html.spec.whatwg.org/#read-text>.
    Text,
    /// An image: <https://html.spec.whatwg.org/#read-media>.
    Image,
}

impl DocumentKind {
    /// The kind for a media type; `None` for what cannot be shown. Without a type it is taken for HTML.
    pub(super) fn of(essence: Option<&str>) -> Option<Self> {
        match essence {
            None | Some("" | "text/html") => Some(Self::Html),
            // TODO(SVG): nothing paints it yet, and a blank picture would look like success.
            Some("image/svg+xml") => None,
            Some("application/xml" | "text/xml") => Some(Self::Xml),
            Some("application/json" | "application/javascript") => Some(Self::Text),
            Some(text) if text.starts_with("text/") || text.ends_with("+json") => Some(Self::Text),
            Some(image) if image.starts_with("image/") => Some(Self::Image),
            Some(xml) if xml.ends_with("+xml") => Some(Self::Xml),
            Some(_) => None,
        }
    }

    /// The syntax of the page: that of the bytes, or of the page made for them.
    pub(super) const fn syntax(self) -> Syntax {
        match self {
            Self::Xml => Syntax::Xml,
            Self::Html | Self::Text | Self::Image => Syntax::Html,
        }
    }

    /// The markup that stands before the bytes. Ids, classes and styles are what Chromium puts there.
    pub(super) fn prologue(self, url: &Url) -> String {
        match self {
            Self::Html | Self::Xml => String::new(),
            Self::Text => "<!doctype html><html><head></head><body><pre style=\"word-wrap: break-word; white-space: pre-wrap;\">\n"
                .to_owned(),
            Self::Image => format!(
                "<!doctype html><html style=\"height: 100%\"><head></head><body style=\"margin: 0px; height: 100%; \
                 background-color: rgb(14, 14, 14)\"><img style=\"display: block; margin: auto; \
                 background-color: hsl(0, 0%, 90%)\" src=\"{}\"></body></html>",
                url.as_str().replace('&', "&amp;").replace('"', "&quot;")
            ),
        }
    }

    /// Gives the document's bytes to the parser.
    pub(super) fn feed(self, parser: &mut HtmlParser, bytes: &[u8]) {
        match self {
            Self::Html | Self::Xml => parser.feed(bytes),
            Self::Text => {
                let mut rest = bytes;
                while let Some(at) = rest.iter().position(|&byte| byte == b'<' || byte == b'&') {
                    parser.feed(&rest[..at]);
                    parser.feed(if rest[at] == b'<' { b"&lt;" } else { b"&amp;" });
                    rest = &rest[at + 1..];
                }
                parser.feed(rest);
            }
            // The loader keeps the bytes for the page's only element that wants them.
            Self::Image => {}
        }
    }
}
