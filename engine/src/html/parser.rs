//! The parser: fed bytes as they arrive, with the tree to be seen between any two chunks.
//!
//! ```text
//! bytes -> PageDecoder -> html5ever tokenizer -> NestingGuard -> html5ever tree builder -> Sink -> Document
//!                      -> xml5ever tokenizer  -> XmlGuard     -> xml5ever tree builder  ->
//! ```
//!
//! Without scripts nothing ever stops the parser, so there is nothing for a look-ahead scanner to gain yet.
//!
//! DEVIATION: `<?x>` becomes a comment, as in html5ever; Chromium 156 makes a processing instruction of it.
//!
//! Known cost: html5ever compares each attribute of a tag with all before it, so that one tag with 100 000 attributes
//! takes seconds. That is inside its tokenizer, before anything here sees the tag.

use std::cell::Ref;

use url::Url;

use super::encoding::{EncodingSource, PageDecoder, Utf8Guess, contradicts};
use super::machine::Machine;
use crate::diagnostic::Diagnostic;
use crate::dom::{Document, NodeId, QualName, Syntax};

/// What the parser must know beside the bytes.
#[derive(Debug, Clone, Default)]
pub struct ParserOptions {
    /// Whether scripts will run: then the contents of `noscript` are text.
    pub scripting: bool,
    /// The `charset` parameter of the response's `Content-Type`.
    pub transport_charset: Option<String>,
    /// Which syntax the bytes are in; the media type of the response tells.
    pub syntax: Syntax,
}

/// Parses one document in HTML or XML, chunk by chunk. It never fails: whatever the bytes, there is a document.
///
/// Not `Send` (html5ever's strings are not): a parser lives on its page's thread. The document it makes is.
pub struct HtmlParser {
    decoder: PageDecoder,
    machine: Machine,
    late_meta: Option<String>,
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
            Syntax::Html => (PageDecoder::new(charset, utf8_guess), Machine::html(url, options.scripting)),
            Syntax::Xml => (PageDecoder::for_xml(charset), Machine::xml(url)),
        };
        Self { decoder, machine, late_meta: None, content: Content::Markup }
    }

    /// A parser whose document is `prologue`, and then bytes that are text and no markup:
    /// <https://html.spec.whatwg.org/#read-text>. The prologue decides nothing about their encoding.
    pub fn text(url: Url, options: &ParserOptions, prologue: &str) -> Self {
        let mut parser = Self::new(url, &ParserOptions { syntax: Syntax::Html, ..options.clone() });
        parser.machine.push_text(prologue);
        parser.content = Content::Text;
        parser
    }

    /// Takes the next bytes, however many. The tree depends on the bytes alone, not on how they were cut.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Self { decoder, machine, late_meta, content } = self;
        decoder.feed(bytes, &mut |text| content.push(machine, text, late_meta));
        machine.settle(self.decoder.encoding_name());
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
        let too_late = |label: &String| {
            decoder.source() == EncodingSource::Guess && contradicts(label, decoder.encoding_name())
        };
        if let Some(label) = late_meta.filter(too_late) {
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
        let Self { decoder, machine, late_meta, content } = self;
        if machine.has_ended() {
            return;
        }
        decoder.finish(&mut |text| content.push(machine, text, late_meta));
        machine.end();
        machine.settle(self.decoder.encoding_name());
    }

    /// Where the encoding came from, as far as it is determined.
    pub const fn encoding_source(&self) -> EncodingSource {
        self.decoder.source()
    }
}

impl Content {
    fn push(self, machine: &Machine, text: &str, late_meta: &mut Option<String>) -> Option<String> {
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

    fn url() -> Url {
        Url::parse("http://example.org/a/b.html").unwrap()
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
