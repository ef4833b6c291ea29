//! The parser: fed bytes as they arrive, with the tree to be seen between any two chunks.
//!
//! ```text
//! bytes -> PageDecoder -> html5ever tokenizer -> NestingGuard -> html5ever tree builder -> Sink -> Document
//! ```
//!
//! The seam for scripts is in `Machine::push_text`: html5ever stops at each `</script>` and names the element. A parser
//! with scripts will return there and keep the rest of its input, which html5ever's queue holds already. Without
//! scripts nothing ever stops the parser, so there is nothing for a look-ahead scanner to gain yet.
//!
//! DEVIATION: `<?x>` becomes a comment, as in html5ever; Chromium 156 makes a processing instruction of it.
//!
//! Known cost: html5ever compares each attribute of a tag with all before it, so that one tag with 100 000 attributes
//! takes seconds. That is inside its tokenizer, before anything here sees the tag.

use std::cell::Ref;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use url::Url;

use super::encoding::{EncodingSource, PageDecoder, Utf8Guess, contradicts};
use super::nesting::NestingGuard;
use super::sink::Sink;
use crate::diagnostic::Diagnostic;
use crate::dom::{Document, NodeId, QualName, local_name, ns};

/// What the parser must know beside the bytes.
#[derive(Debug, Clone, Default)]
pub struct ParserOptions {
    /// Whether scripts will run: then the contents of `noscript` are text.
    pub scripting: bool,
    /// The `charset` parameter of the response's `Content-Type`.
    pub transport_charset: Option<String>,
}

/// Parses one HTML document, chunk by chunk. It never fails: whatever the bytes, there is a document.
///
/// Not `Send` (html5ever's strings are not): a parser lives on its page's thread. The document it makes is.
pub struct HtmlParser {
    decoder: PageDecoder,
    machine: Machine,
    late_meta: Option<String>,
}

impl HtmlParser {
    /// A parser of the document at `url`.
    pub fn new(url: Url, options: &ParserOptions) -> Self {
        let utf8_guess = if url.scheme() == "file" { Utf8Guess::Allowed } else { Utf8Guess::Denied };
        let decoder = PageDecoder::new(options.transport_charset.as_deref(), utf8_guess);
        let builder = TreeBuilder::new(Sink::new(Document::new(url)), builder_options(options));
        let machine = Machine::new(builder, tokenizer_options());
        Self { decoder, machine, late_meta: None }
    }

    /// Takes the next bytes, however many. The tree depends on the bytes alone, not on how they were cut.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Self { decoder, machine, late_meta } = self;
        decoder.feed(bytes, &mut |text| machine.push_decoded(text, late_meta));
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
        let Self { decoder, machine, late_meta } = self;
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
        let Self { decoder, machine, late_meta } = self;
        if machine.ended {
            return;
        }
        decoder.finish(&mut |text| machine.push_decoded(text, late_meta));
        machine.end();
        machine.settle(self.decoder.encoding_name());
    }

    /// Where the encoding came from, as far as it is determined.
    pub const fn encoding_source(&self) -> EncodingSource {
        self.decoder.source()
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
/// document's only element.
pub fn parse_fragment(
    url: Url,
    text: &str,
    context: QualName,
    options: &ParserOptions,
) -> (Document, Vec<Diagnostic>) {
    let sink = Sink::new(Document::new(url));
    let name = html5ever::QualName::new(context.prefix, context.ns, context.local);
    let context = html5ever::interface::create_element(&sink, name, Vec::new());
    let builder = TreeBuilder::new_for_fragment(sink, context, None, builder_options(options));
    let initial_state = builder.tokenizer_state_for_context_elem(options.scripting);
    let options = TokenizerOpts { initial_state: Some(initial_state), ..tokenizer_options() };
    let mut machine = Machine::new(builder, options);
    machine.push_text(text);
    machine.end();
    machine.settle("UTF-8");
    machine.into_sink().into_parts()
}

fn builder_options(options: &ParserOptions) -> TreeBuilderOpts {
    TreeBuilderOpts { scripting_enabled: options.scripting, ..TreeBuilderOpts::default() }
}

fn tokenizer_options() -> TokenizerOpts {
    // The decoder takes the byte order mark away. html5ever would look for one in every chunk.
    TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() }
}

/// html5ever's tokenizer and tree builder with the guard between them.
struct Machine {
    tokenizer: Tokenizer<NestingGuard>,
    input: BufferQueue,
    /// `style` and `script` elements that were open when last looked at.
    open_texts: Vec<NodeId>,
    ended: bool,
}

impl Machine {
    fn new(builder: TreeBuilder<NodeId, Sink>, options: TokenizerOpts) -> Self {
        let tokenizer = Tokenizer::new(NestingGuard::new(builder), options);
        Self { tokenizer, input: BufferQueue::default(), open_texts: Vec::new(), ended: false }
    }

    const fn sink(&self) -> &Sink {
        self.tokenizer.sink.sink()
    }

    fn into_sink(self) -> Sink {
        self.tokenizer.sink.into_sink()
    }

    /// Takes decoded text; tells the first encoding that a `meta` in it asks for, and keeps it in `label`.
    fn push_decoded(&self, text: &str, label: &mut Option<String>) -> Option<String> {
        let asked = self.push_text(text);
        if label.is_none() {
            label.clone_from(&asked);
        }
        asked
    }

    fn push_text(&self, text: &str) -> Option<String> {
        if self.ended {
            return None;
        }
        let mut label = None;
        self.input.push_back(StrTendril::from_slice(text));
        loop {
            match self.tokenizer.feed(&self.input) {
                TokenizerResult::Done => return label,
                // The seam for scripts.
                TokenizerResult::Script(_) => {}
                TokenizerResult::EncodingIndicator(charset) => {
                    // html5ever reads the `charset` of `link` and `base` too.
                    if label.is_none() && self.last_inserted_is_meta() {
                        label = Some(String::from(charset));
                    }
                }
            }
        }
    }

    fn last_inserted_is_meta(&self) -> bool {
        let document = self.sink().document().borrow();
        let inserted = self.sink().inserted().borrow();
        inserted.last().and_then(|&n| document.element(n)).is_some_and(|e| e.is_html(&local_name!("meta")))
    }

    /// Makes the document fit to be seen.
    fn settle(&self, encoding: &'static str) {
        self.sink().flatten();
        self.sink().document().borrow_mut().encoding = encoding;
    }

    fn end(&mut self) {
        if !self.ended {
            self.ended = true;
            self.tokenizer.end();
        }
    }

    fn take_new_elements(&mut self) -> Vec<NodeId> {
        let inserted = std::mem::take(&mut *self.sink().inserted().borrow_mut());
        let current = if self.ended { None } else { self.tokenizer.sink.current_node() };
        let were_open = std::mem::take(&mut self.open_texts);
        let mut open_texts = Vec::new();
        let mut complete = Vec::with_capacity(inserted.len() + were_open.len());
        let document = self.sink().document().borrow();
        let is_open = |node: NodeId| {
            current.is_some_and(|c| c == node || document.ancestors(c).any(|ancestor| ancestor == node))
        };
        for node in were_open.into_iter().chain(inserted) {
            if holds_text(&document, node) && is_open(node) {
                if !open_texts.contains(&node) {
                    open_texts.push(node);
                }
            } else {
                complete.push(node);
            }
        }
        drop(document);
        self.open_texts = open_texts;
        complete
    }
}

/// Whether what an element asks for stands in its text.
fn holds_text(document: &Document, node: NodeId) -> bool {
    document.element(node).is_some_and(|e| {
        (e.name.ns == ns!(html) || e.name.ns == ns!(svg))
            && (e.name.local == local_name!("style") || e.name.local == local_name!("script"))
    })
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
