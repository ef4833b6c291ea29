//! A tokenizer with its tree builder, for HTML or for XML, with the same handles on both.
//!
//! The seam for scripts is in [`HtmlMachine::push_text`]: html5ever stops at each `</script>` and names the element. A
//! parser with scripts will return there and keep the rest of its input, which html5ever's queue holds already.

use std::cell::RefCell;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use url::Url;

use super::attributes::{AttributeGuard, Feed};
use super::nesting::NestingGuard;
use super::sink::Sink;
use super::xml::XmlMachine;
use crate::dom::{Document, NodeId, QualName, Syntax, local_name, ns};

/// Makes a document of decoded text.
pub(super) struct Machine {
    syntax: Machinery,
    /// `style` and `script` elements that were open when last looked at.
    open_texts: Vec<NodeId>,
    ended: bool,
}

/// An encoding that a `meta` asks for.
#[derive(Debug)]
pub(super) struct AskedEncoding {
    pub(super) label: String,
    /// Whether the body had not begun yet.
    pub(super) is_in_head: bool,
}

enum Machinery {
    Html(Box<HtmlMachine>),
    Xml(Box<XmlMachine>),
}

impl Machine {
    /// For the HTML document at `url`.
    pub(super) fn html(url: Url, scripting: bool) -> Self {
        let mut options = builder_options(scripting);
        // <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#an-iframe-srcdoc-document>: never in quirks mode.
        options.iframe_srcdoc = url.as_str() == "about:srcdoc";
        let builder = TreeBuilder::new(Sink::new(Document::new(url)), options);
        Self::new(Machinery::Html(Box::new(HtmlMachine::new(builder, tokenizer_options()))))
    }

    /// For the XML document at `url`.
    pub(super) fn xml(url: Url) -> Self {
        let mut document = Document::new(url);
        document.syntax = Syntax::Xml;
        Self::new(Machinery::Xml(Box::new(XmlMachine::new(Sink::new(document)))))
    }

    /// For a fragment of HTML in an element named `context`.
    pub(super) fn fragment(url: Url, context: QualName, scripting: bool) -> Self {
        let sink = Sink::new(Document::new(url));
        let name = html5ever::QualName::new(context.prefix, context.ns, context.local);
        let context = html5ever::interface::create_element(&sink, name, Vec::new());
        let builder = TreeBuilder::new_for_fragment(sink, context, None, builder_options(scripting));
        let initial_state = builder.tokenizer_state_for_context_elem(scripting);
        let options = TokenizerOpts { initial_state: Some(initial_state), ..tokenizer_options() };
        Self::new(Machinery::Html(Box::new(HtmlMachine::new(builder, options))))
    }

    const fn new(syntax: Machinery) -> Self {
        Self { syntax, open_texts: Vec::new(), ended: false }
    }

    pub(super) const fn sink(&self) -> &Sink {
        match &self.syntax {
            Machinery::Html(machine) => machine.tokenizer.sink.sink(),
            Machinery::Xml(machine) => machine.sink(),
        }
    }

    pub(super) fn into_sink(self) -> Sink {
        match self.syntax {
            Machinery::Html(machine) => machine.tokenizer.sink.into_sink(),
            Machinery::Xml(machine) => machine.into_sink(),
        }
    }

    /// Takes decoded text; tells the first encoding that a `meta` in it asks for, and keeps it in `label`.
    pub(super) fn push_decoded(&self, text: &str, first: &mut Option<AskedEncoding>) -> Option<String> {
        let asked = self.push_text(text)?;
        let label = asked.label.clone();
        first.get_or_insert(asked);
        Some(label)
    }

    /// Takes text; tells the first encoding that a `meta` in it asks for, which counts in HTML only.
    pub(super) fn push_text(&self, text: &str) -> Option<AskedEncoding> {
        match &self.syntax {
            _ if self.ended => None,
            Machinery::Html(machine) => machine.push_text(text),
            Machinery::Xml(machine) => {
                machine.push_text(text);
                None
            }
        }
    }

    /// Makes the document fit to be seen.
    pub(super) fn settle(&self, encoding: &'static str) {
        if let Machinery::Xml(machine) = &self.syntax {
            machine.settle();
        }
        self.sink().flatten();
        self.sink().document().borrow_mut().encoding = encoding;
    }

    pub(super) const fn has_ended(&self) -> bool {
        self.ended
    }

    /// The end of the text; what is pushed later is ignored.
    pub(super) fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        match &self.syntax {
            Machinery::Html(machine) => machine.tokenizer.end(),
            Machinery::Xml(machine) => machine.end(),
        }
    }

    fn current_node(&self) -> Option<NodeId> {
        match &self.syntax {
            _ if self.ended => None,
            Machinery::Html(machine) => machine.tokenizer.sink.current_node(),
            Machinery::Xml(machine) => machine.current_node(),
        }
    }

    /// See [`super::HtmlParser::take_new_elements`].
    pub(super) fn take_new_elements(&mut self) -> Vec<NodeId> {
        let inserted = std::mem::take(&mut *self.sink().inserted().borrow_mut());
        let current = self.current_node();
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

/// html5ever's tokenizer and tree builder with the guards before and between them.
struct HtmlMachine {
    attributes: RefCell<AttributeGuard>,
    tokenizer: Tokenizer<NestingGuard>,
    input: BufferQueue,
}

impl HtmlMachine {
    fn new(builder: TreeBuilder<NodeId, Sink>, options: TokenizerOpts) -> Self {
        Self {
            attributes: RefCell::default(),
            tokenizer: Tokenizer::new(NestingGuard::new(builder), options),
            input: BufferQueue::default(),
        }
    }

    fn push_text(&self, text: &str) -> Option<AskedEncoding> {
        let mut attributes = self.attributes.borrow_mut();
        let cut = attributes.cut_tags();
        let mut feeder =
            Feeder { machine: self, whole: StrTendril::from_slice(text), start: text.as_ptr(), asked: None };
        attributes.push(text, &mut feeder);
        if attributes.cut_tags() > cut {
            self.tokenizer.sink.sink().count_cut_tags(attributes.cut_tags() - cut);
        }
        feeder.asked
    }

    /// Runs the tokenizer over what it has not had yet.
    fn run(&self, asked: &mut Option<AskedEncoding>) {
        loop {
            match self.tokenizer.feed(&self.input) {
                TokenizerResult::Done => return,
                // The seam for scripts.
                TokenizerResult::Script(_) => {}
                TokenizerResult::EncodingIndicator(charset) => {
                    // html5ever reads the `charset` of `link` and `base` too.
                    if asked.is_none() && self.last_inserted_is_meta() {
                        let is_in_head = self.tokenizer.sink.sink().document().borrow().body().is_none();
                        *asked = Some(AskedEncoding { label: String::from(charset), is_in_head });
                    }
                }
            }
        }
    }

    fn last_inserted_is_meta(&self) -> bool {
        let sink = self.tokenizer.sink.sink();
        let document = sink.document().borrow();
        let inserted = sink.inserted().borrow();
        inserted.last().and_then(|&n| document.element(n)).is_some_and(|e| e.is_html(&local_name!("meta")))
    }
}

/// Gives pieces of a chunk to the tokenizer without copying them.
struct Feeder<'a> {
    machine: &'a HtmlMachine,
    whole: StrTendril,
    start: *const u8,
    asked: Option<AskedEncoding>,
}

impl Feed for Feeder<'_> {
    fn feed(&mut self, text: &str) {
        let offset = text.as_ptr().addr().wrapping_sub(self.start.addr());
        let length = u32::try_from(text.len());
        let piece = match (u32::try_from(offset), length) {
            (Ok(offset), Ok(length)) => self.whole.try_subtendril(offset, length).ok(),
            _ => None,
        };
        self.machine.input.push_back(piece.unwrap_or_else(|| StrTendril::from_slice(text)));
        self.machine.run(&mut self.asked);
    }

    fn tokens(&self) -> u64 {
        self.machine.tokenizer.sink.tokens()
    }
}

fn builder_options(scripting: bool) -> TreeBuilderOpts {
    TreeBuilderOpts { scripting_enabled: scripting, ..TreeBuilderOpts::default() }
}

fn tokenizer_options() -> TokenizerOpts {
    // The decoder takes the byte order mark away. html5ever would look for one in every chunk.
    TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() }
}

/// Whether what an element asks for stands in its text.
fn holds_text(document: &Document, node: NodeId) -> bool {
    document.element(node).is_some_and(|e| {
        (e.name.ns == ns!(html) || e.name.ns == ns!(svg))
            && (e.name.local == local_name!("style") || e.name.local == local_name!("script"))
    })
}
