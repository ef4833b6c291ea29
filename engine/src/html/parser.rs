//! The parser: fed bytes as they arrive, with the tree to be seen between any two chunks.
//!
//! ```text
//! bytes -> PageDecoder -> html5ever tokenizer -> NestingGuard -> html5ever tree builder -> Sink -> Document
//!                      -> xml5ever tokenizer  -> XmlGuard     -> xml5ever tree builder  ->
//! ```
//!
//! The look-ahead scanner gets each piece of text before the tree builder does, and plain text that the decoder still holds
//! back at once.
//!
//! A `meta` in the head that names the encoding after it was guessed makes the parser begin again with that encoding, from
//! bytes that it keeps until then: <https://html.spec.whatwg.org/#change-the-encoding>.
//! DEVIATION: as in Chromium one in the body comes too late.
//!
//! DEVIATION: `<?x>` becomes a comment, as in html5ever; Chromium 156 makes a processing instruction of it.

use std::cell::Ref;

use url::Url;

use super::encoding::{EncodingSource, PageDecoder, Utf8Guess, contradicts};
use super::machine::{AskedEncoding, Machine};
use super::preload::{Found, PreloadScanner};
use crate::diagnostic::Diagnostic;
use crate::dom::{Document, NodeId, QualName, Syntax};
use crate::limits::MAX_RESTART_BYTES;
use crate::units::Viewport;

/// What the parser must know beside the bytes.
#[derive(Debug, Clone, Default)]
pub struct ParserOptions {
    /// Whether scripts will run: then the contents of `noscript` are text.
    pub scripting: bool,
    /// The `charset` parameter of the response's `Content-Type`.
    pub transport_charset: Option<String>,
    /// Which syntax the bytes are in; the media type of the response tells.
    pub syntax: Syntax,
    /// What URLs are resolved against where no `base` says otherwise; `None`: the document's URL.
    pub base_url: Option<Url>,
    /// The encoding of the document around this one, if they are of one origin.
    pub parent_encoding: Option<&'static str>,
    /// Looks ahead for subresources of a page in this viewport; `None`: does not look. HTML only.
    pub look_ahead: Option<Viewport>,
}

/// Parses one document in HTML or XML, chunk by chunk. It never fails: whatever the bytes, there is a document.
///
/// Not `Send` (html5ever's strings are not): a parser lives on its page's thread. The document it makes is.
pub struct HtmlParser {
    decoder: PageDecoder,
    machine: Machine,
    late_meta: Option<AskedEncoding>,
    scanner: Option<PreloadScanner>,
    /// Every byte of the page, while it may have to be read once more.
    kept: Option<Vec<u8>>,
    scripting: bool,
    restarts: u32,
    content: Content,
}

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Markup,
    Text,
}

impl HtmlParser {
    /// A parser of the document at `url`.
    pub fn new(url: Url, options: &ParserOptions) -> Self {
        let utf8_guess = if url.scheme() == "file" { Utf8Guess::Allowed } else { Utf8Guess::Denied };
        let charset = options.transport_charset.as_deref();
        let (decoder, machine) = match options.syntax {
            Syntax::Html => (
                PageDecoder::new(charset, utf8_guess).with_parent(options.parent_encoding),
                Machine::html(url.clone(), options.scripting),
            ),
            Syntax::Xml => (PageDecoder::for_xml(charset), Machine::xml(url.clone())),
        };
        if let Some(base) = &options.base_url {
            machine.sink().document().borrow_mut().base_url = base.clone();
        }
        let is_html = options.syntax == Syntax::Html;
        let scanner = options
            .look_ahead
            .filter(|_| is_html)
            .map(|viewport| PreloadScanner::new(url, options.scripting, viewport));
        Self {
            decoder,
            machine,
            late_meta: None,
            scanner,
            kept: is_html.then(Vec::new),
            scripting: options.scripting,
            restarts: 0,
            content: Content::Markup,
        }
    }

    /// A parser whose document is `prologue`, and then bytes that are text and no markup:
    /// <https://html.spec.whatwg.org/#read-text>. The prologue decides nothing about their encoding.
    pub fn text(url: Url, options: &ParserOptions, prologue: &str) -> Self {
        let options = ParserOptions { syntax: Syntax::Html, look_ahead: None, ..options.clone() };
        let mut parser = Self::new(url, &options);
        parser.machine.push_text(prologue);
        parser.content = Content::Text;
        parser.kept = None;
        parser
    }

    /// Takes the next bytes, however many. The tree depends on the bytes alone, not on how they were cut.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.keep(bytes);
        self.decode(bytes);
        if let Some(scanner) = &mut self.scanner {
            scanner.look_ahead(self.decoder.held_ascii());
        }
        self.restart_if_due();
        self.machine.settle(self.decoder.encoding_name());
    }

    fn decode(&mut self, bytes: &[u8]) {
        let Self { decoder, machine, late_meta, scanner, content, .. } = self;
        decoder.feed(bytes, &mut |text, encoding| {
            if let Some(scanner) = scanner {
                scanner.scan(text, encoding);
            }
            content.push(machine, text, late_meta)
        });
    }

    /// Remembers the bytes for as long as they may be needed again.
    fn keep(&mut self, bytes: &[u8]) {
        if !matches!(self.decoder.source(), EncodingSource::Guess) || self.restarts > 0 {
            self.kept = None;
        }
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(bytes);
            if kept.len() > MAX_RESTART_BYTES {
                self.kept = None;
            }
        }
    }

    /// Reads the page once more when a `meta` in its head names another encoding than was guessed.
    fn restart_if_due(&mut self) {
        let Some(AskedEncoding { label, is_in_head: true }) = &self.late_meta else { return };
        let is_guess = self.decoder.is_decided() && self.decoder.source() == EncodingSource::Guess;
        if !is_guess || !contradicts(label, self.decoder.encoding_name()) {
            return;
        }
        let Some((kept, decoder)) = self.kept.take().zip(PageDecoder::restarted(label)) else { return };
        let url = self.document().url.clone();
        self.decoder = decoder;
        self.machine = Machine::html(url, self.scripting);
        // What it has found stands: only letters beyond ASCII were read wrong.
        self.scanner = None;
        self.late_meta = None;
        self.restarts += 1;
        self.decode(&kept);
    }

    /// How often the page was begun anew: all nodes of before are gone then.
    pub const fn restarts(&self) -> u32 {
        self.restarts
    }

    /// What the look-ahead scanner has found since the last call.
    pub fn take_found(&mut self) -> Vec<Found> {
        self.scanner.as_mut().map(PreloadScanner::take).unwrap_or_default()
    }

    /// The tree so far. Borrow it between two chunks; [`HtmlParser::feed`] cannot be called meanwhile.
    pub fn document(&self) -> Ref<'_, Document> {
        self.machine.sink().document().borrow()
    }

    /// The elements that came into the tree since the last call, in order of insertion; an element that was moved
    /// since is there once more. `style` and `script` elements come only when they are closed, that is, with all
    /// their text.
    pub fn take_new_elements(&mut self) -> Vec<NodeId> {
        self.machine.take_new_elements()
    }

    /// The end of the bytes: the document, and what its author might want to know.
    ///
    /// New elements that were not taken yet are lost; call [`HtmlParser::end`] first when they matter.
    pub fn finish(mut self) -> (Document, Vec<Diagnostic>) {
        self.end();
        let Self { decoder, machine, late_meta, .. } = self;
        let (document, mut diagnostics) = machine.into_sink().into_parts();
        let too_late = |asked: &AskedEncoding| {
            decoder.source() == EncodingSource::Guess && contradicts(&asked.label, decoder.encoding_name())
        };
        if let Some(AskedEncoding { label, .. }) = late_meta.filter(too_late) {
            diagnostics.push(Diagnostic {
                url: Some(document.url.clone()),
                line: None,
                message: format!(
                    "a meta element asks for the encoding {label:?} too late: the page was read as {}",
                    decoder.encoding_name()
                ),
            });
        }
        (document, diagnostics)
    }

    /// The end of the bytes, for a caller that wants to [take the last new elements](Self::take_new_elements)
    /// before it [finishes](Self::finish). Bytes fed after this are ignored.
    pub fn end(&mut self) {
        if self.machine.has_ended() {
            return;
        }
        {
            let Self { decoder, machine, late_meta, scanner, content, .. } = &mut *self;
            decoder.finish(&mut |text, encoding| {
                if let Some(scanner) = scanner {
                    scanner.scan(text, encoding);
                }
                content.push(machine, text, late_meta)
            });
        }
        let before = self.restarts;
        self.restart_if_due();
        if self.restarts > before {
            let Self { decoder, machine, late_meta, .. } = &mut *self;
            decoder.finish(&mut |text, _| machine.push_decoded(text, late_meta));
        }
        self.machine.end();
        self.machine.settle(self.decoder.encoding_name());
    }

    /// Where the encoding came from, as far as it is determined.
    pub const fn encoding_source(&self) -> EncodingSource {
        self.decoder.source()
    }
}

impl Content {
    fn push(self, machine: &Machine, text: &str, late_meta: &mut Option<AskedEncoding>) -> Option<String> {
        if self == Self::Markup {
            return machine.push_decoded(text, late_meta);
        }
        let mut rest = text;
        while let Some(at) = rest.find(['<', '&', '\0']) {
            machine.push_text(&rest[..at]);
            machine.push_text(match rest.as_bytes()[at] {
                b'<' => "&lt;",
                b'&' => "&amp;",
                // As in html5ever's PLAINTEXT state.
                _ => "\u{fffd}",
            });
            rest = &rest[at + 1..];
        }
        machine.push_text(rest);
        None
    }
}

/// Parses a document that is there as a whole.
pub fn parse_document(url: Url, bytes: &[u8], options: &ParserOptions) -> (Document, Vec<Diagnostic>) {
    let mut parser = HtmlParser::new(url, options);
    parser.feed(bytes);
    parser.finish()
}

/// Parses a fragment as `innerHTML` of an element with that name would:
/// <https://html.spec.whatwg.org/#html-fragment-parsing-algorithm>. The fragment's nodes are the children of the
/// document's only element. The syntax is HTML, whatever the options say.
pub fn parse_fragment(
    url: Url,
    text: &str,
    context: QualName,
    options: &ParserOptions,
) -> (Document, Vec<Diagnostic>) {
    let mut machine = Machine::fragment(url, context, options.scripting);
    machine.push_text(text);
    machine.end();
    machine.settle("UTF-8");
    machine.into_sink().into_parts()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{HtmlParser, ParserOptions, parse_document};
    use crate::dom::QuirksMode;

    fn url() -> Url {
        Url::parse("http://example.org/a/b.html").unwrap()
    }

    #[test]
    fn quirks_are_for_documents_with_a_place_of_their_own() {
        let mode = |url: &str, text: &str| {
            let url = Url::parse(url).unwrap();
            parse_document(url, text.as_bytes(), &ParserOptions::default()).0.quirks_mode
        };
        assert_eq!(mode("http://example.org/", "<p>x"), QuirksMode::Quirks);
        assert_eq!(mode("http://example.org/", "<!doctype html><p>x"), QuirksMode::NoQuirks);
        assert_eq!(mode("about:srcdoc", "<p>x"), QuirksMode::NoQuirks, "srcdoc needs no doctype");
    }

    #[test]
    fn a_document_grows_with_its_chunks() {
        let mut parser = HtmlParser::new(url(), &ParserOptions::default());
        parser.feed(b"<!doctype html><meta charset=utf-8><base href=/c/><style>a{}");
        let new = parser.take_new_elements();
        let names: Vec<_> =
            new.iter().map(|&n| parser.document().element(n).unwrap().local_name().to_string()).collect();
        assert_eq!(names, ["html", "head", "meta", "base"]);
        assert_eq!(parser.document().base_url.as_str(), "http://example.org/c/");
        parser.feed(b"b{}</style><p>x");
        let new = parser.take_new_elements();
        assert_eq!(parser.document().text_content(new[0]), "a{}b{}");
        let (document, diagnostics) = parser.finish();
        assert_eq!(document.encoding, "UTF-8");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(
            document.outer_html(document.root()),
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><base href=\"/c/\"><style>a{}b{}</style></head><body><p>x</p></body></html>"
        );
        document.check_invariants().unwrap();
    }

    #[test]
    fn deep_nesting_is_flattened() {
        for tag in ["div", "b", "ul><li", "table><tr><td", "svg><g", "template", "font color=red", "section"]
        {
            let open = format!("<{tag}>").repeat(1200);
            let page = format!("<!doctype html>{open}x");
            let (document, diagnostics) = parse_document(url(), page.as_bytes(), &ParserOptions::default());
            let deepest = document
                .elements()
                .map(|n| document.ancestors(n).filter(|&a| document.element(a).is_some()).count() + 1)
                .max()
                .unwrap();
            assert!(deepest <= crate::limits::MAX_TREE_DEPTH, "{tag}: {deepest}");
            assert!(
                diagnostics.iter().any(|d| d.message.contains("nested deeper")) || tag == "template",
                "{tag}: {:?}",
                diagnostics.last()
            );
            document.check_invariants().unwrap();
        }
    }
}
