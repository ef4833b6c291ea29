//! XML by xml5ever, with a guard between its tokenizer and its tree builder.
//!
//! The guard knows which elements the page has opened, so it is the guard that says what an end tag closes: the tree
//! builder gets nothing but "close the innermost". That keeps three promises at once:
//!
//! - no element lies deeper than [`MAX_TREE_DEPTH`]: the innermost is closed early when another would, so that the new
//!   one becomes its next sibling, as with HTML;
//! - an end tag costs the same however deep it stands (xml5ever searches all open elements for each);
//! - an end tag means the element by its qualified name, as in <https://www.w3.org/TR/xml/#GIMatch>.
//!
//! It also gathers text: xml5ever hands out the characters of a CDATA section one by one.
//!
//! DEVIATION: Chromium shows a document that is not well-formed up to its first error, with a box that tells the error.
//! Here the rest is parsed as well as xml5ever can, and the errors become diagnostics.
//!
//! DEVIATION: HTML's named characters (`&nbsp;`) are known in every XML document, in Chromium in those with a doctype
//! of XHTML. Declarations in a doctype are skipped. Attributes that declare a namespace do not become attributes, and
//! line breaks in the value of an attribute do not become spaces. `&#x80;` to `&#x9f;` in the value of an attribute mean
//! what they mean in HTML.
//!
//! TODO(xml-stylesheet 1.0): style sheets named by processing instructions are not loaded.

use std::cell::{Cell, RefCell};

use xml5ever::QualName as BuilderName;
use xml5ever::buffer_queue::BufferQueue;
use xml5ever::interface::TreeSink;
use xml5ever::tendril::StrTendril;
use xml5ever::tokenizer::{ProcessResult, Tag, TagKind, Token, TokenSink, XmlTokenizer, XmlTokenizerOpts};
use xml5ever::tree_builder::{XmlTreeBuilder, XmlTreeBuilderOpts};

use super::sink::Sink;
use crate::dom::NodeId;
use crate::limits::MAX_TREE_DEPTH;

/// How many of the open elements are looked at for the one that an end tag means.
const SEARCH_DEPTH: usize = MAX_TREE_DEPTH;

/// What xml5ever says about a numeric reference that it doubts.
const DOUBT: &str = "Invalid numeric character reference";

/// xml5ever's tokenizer and tree builder, fed line by line.
pub(super) struct XmlMachine {
    tokenizer: XmlTokenizer<XmlGuard>,
    input: BufferQueue,
    line: Cell<u64>,
    after_carriage_return: Cell<bool>,
}

impl XmlMachine {
    pub(super) fn new(sink: Sink) -> Self {
        let builder = XmlTreeBuilder::new(sink, XmlTreeBuilderOpts::default());
        // The decoder takes the byte order mark away.
        let options = XmlTokenizerOpts { discard_bom: false, ..XmlTokenizerOpts::default() };
        Self {
            tokenizer: XmlTokenizer::new(XmlGuard::new(builder), options),
            input: BufferQueue::default(),
            line: Cell::new(1),
            after_carriage_return: Cell::new(false),
        }
    }

    pub(super) const fn sink(&self) -> &Sink {
        &self.tokenizer.sink.builder.sink
    }

    pub(super) fn into_sink(self) -> Sink {
        self.tokenizer.sink.builder.sink
    }

    pub(super) fn current_node(&self) -> Option<NodeId> {
        self.tokenizer.sink.nodes.borrow().last().copied()
    }

    /// Takes text, each line break as one line feed: <https://www.w3.org/TR/xml/#sec-line-ends>.
    pub(super) fn push_text(&self, text: &str) {
        for piece in text.split_inclusive(['\r', '\n']) {
            let is_second_half = self.after_carriage_return.replace(piece.ends_with('\r')) && piece == "\n";
            if is_second_half {
                continue;
            }
            match piece.strip_suffix(['\r', '\n']) {
                Some(line) => {
                    self.feed(line);
                    self.feed("\n");
                    self.line.set(self.line.get().saturating_add(1));
                }
                None => self.feed(piece),
            }
        }
    }

    fn feed(&self, text: &str) {
        self.sink().set_current_line(self.line.get());
        self.input.push_back(StrTendril::from_slice(text));
        // The guard never asks for a pause, so all of the text is taken.
        let _ = self.tokenizer.feed(&self.input);
    }

    /// Puts text that was held back into the tree.
    pub(super) fn settle(&self) {
        self.tokenizer.sink.flush();
    }

    pub(super) fn end(&self) {
        self.tokenizer.end();
    }
}

/// A tree builder that is told what to close.
struct XmlGuard {
    builder: XmlTreeBuilder<NodeId, Sink>,
    /// The names of the elements that the page has opened and not closed.
    open: RefCell<Vec<BuilderName>>,
    /// The elements that are open in the tree builder: as many as in `open`, below the cap.
    nodes: RefCell<Vec<NodeId>>,
    has_root: Cell<bool>,
    text: RefCell<StrTendril>,
    /// Whether xml5ever has just doubted a numeric reference. It judges them as HTML does.
    doubted: Cell<bool>,
}

impl XmlGuard {
    fn new(builder: XmlTreeBuilder<NodeId, Sink>) -> Self {
        Self {
            builder,
            open: RefCell::new(Vec::new()),
            nodes: RefCell::new(Vec::new()),
            has_root: Cell::new(false),
            text: RefCell::new(StrTendril::new()),
            doubted: Cell::new(false),
        }
    }

    fn tell(&self, error: &str) {
        self.builder.sink.parse_error(format!("not well-formed: {error}").into());
    }

    fn pass(&self, token: Token) {
        // What the tree builder answers concerns scripts.
        let _ = self.builder.process_token(token);
    }

    /// Adds text. A character behind a doubted reference stands there alone.
    fn add_text(&self, text: &str) {
        let doubtful = if self.doubted.take() { text.chars().next() } else { None };
        match doubtful.map(referred) {
            None => self.text.borrow_mut().push_slice(text),
            Some(Ok(character)) => self.text.borrow_mut().push_char(character),
            Some(Err(character)) => {
                self.tell(DOUBT);
                self.text.borrow_mut().push_char(character);
            }
        }
    }

    fn flush(&self) {
        let text = self.text.take();
        if !text.is_empty() && !self.builder.sink.is_full() {
            self.pass(Token::Characters(text));
        }
    }

    fn close_innermost(&self) {
        if self.nodes.borrow_mut().pop().is_some() {
            let name = BuilderName::new(None, xml5ever::ns!(), xml5ever::local_name!(""));
            self.pass(Token::Tag(Tag { kind: TagKind::ShortTag, name, attrs: Vec::new() }));
        }
    }

    /// A start tag, or the tag of an empty element.
    fn open(&self, tag: Tag) {
        if self.has_root.replace(true) && self.nodes.borrow().is_empty() {
            return self.tell(&format!("<{}> after the end of the document's element", written(&tag.name)));
        }
        if self.nodes.borrow().len() >= MAX_TREE_DEPTH {
            self.close_innermost();
            self.builder.sink.count_flattened(1);
        }
        let name = (tag.kind == TagKind::StartTag).then(|| tag.name.clone());
        self.pass(Token::Tag(tag));
        if let Some(name) = name {
            let sink = &self.builder.sink;
            let node = sink.inserted().borrow().last().copied();
            self.nodes.borrow_mut().push(node.unwrap_or_else(|| sink.document().borrow().root()));
            self.open.borrow_mut().push(name);
        }
    }

    fn close(&self, name: &BuilderName) {
        let (position, is_innermost) = {
            let open = self.open.borrow();
            let from = open.len().saturating_sub(SEARCH_DEPTH);
            let is_meant = |open: &BuilderName| open.prefix == name.prefix && open.local == name.local;
            let position = open[from..].iter().rposition(is_meant).map(|position| from + position);
            (position, position.is_some_and(|position| position + 1 == open.len()))
        };
        if !is_innermost {
            self.tell(&format!("</{}> does not close the innermost element", written(name)));
        }
        let Some(position) = position else { return };
        self.open.borrow_mut().truncate(position);
        while self.nodes.borrow().len() > position.min(MAX_TREE_DEPTH - 1) {
            self.close_innermost();
        }
    }
}

impl TokenSink for XmlGuard {
    type Handle = NodeId;

    fn process_token(&self, token: Token) -> ProcessResult<NodeId> {
        if self.doubted.get() && !matches!(token, Token::Characters(_)) {
            // In an attribute, where the character is out of reach.
            self.doubted.set(false);
            self.tell(DOUBT);
        }
        match token {
            Token::Characters(text) => self.add_text(&text),
            Token::ParseError(error) if error == DOUBT => self.doubted.set(true),
            Token::ParseError(error) => self.tell(&error),
            Token::EndOfFile => {
                self.flush();
                if let Some(name) = self.open.borrow().last() {
                    self.tell(&format!("the document ends inside of <{}>", written(name)));
                }
                self.pass(token);
            }
            // The XML declaration. xml5ever takes it for a processing instruction.
            Token::ProcessingInstruction(instruction) if &*instruction.target == "xml" => {}
            _ => {
                self.flush();
                if self.builder.sink.is_full_at_next_tag() {
                    return ProcessResult::Continue;
                }
                match token {
                    Token::Tag(tag) => match tag.kind {
                        TagKind::StartTag | TagKind::EmptyTag => self.open(tag),
                        TagKind::EndTag => self.close(&tag.name),
                        TagKind::ShortTag => self.tell("an end tag without a name"),
                    },
                    _ => self.pass(token),
                }
            }
        }
        ProcessResult::Continue
    }

    fn end(&self) {
        self.builder.end();
    }
}

/// The character that a reference refers to, of that which xml5ever made of it: as HTML asks, it has taken `&#x80;` for a
/// euro sign. An error is one that may not stand in XML: <https://www.w3.org/TR/xml/#charsets>.
fn referred(made: char) -> Result<char, char> {
    let c1 = (0x80..=0x9f_u8).zip(xml5ever::data::C1_REPLACEMENTS);
    let original = c1.into_iter().find(|(_, replacement)| *replacement == Some(made));
    match original.map_or(made, |(byte, _)| char::from(byte)) {
        c @ ('\r' | ' '..='\u{fffc}' | '\u{10000}'..) => Ok(c),
        c => Err(c),
    }
}

fn written(name: &BuilderName) -> String {
    match &name.prefix {
        Some(prefix) => format!("{prefix}:{}", name.local),
        None => name.local.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::dom::{Document, Syntax};
    use crate::html::{HtmlParser, ParserOptions, parse_document};
    use crate::limits::MAX_TREE_DEPTH;

    fn options() -> ParserOptions {
        ParserOptions { syntax: Syntax::Xml, ..ParserOptions::default() }
    }

    fn parse(page: &str) -> (Document, Vec<String>) {
        let url = Url::parse("http://example.org/a.xhtml").unwrap();
        let (document, diagnostics) = parse_document(url, page.as_bytes(), &options());
        document.check_invariants().unwrap();
        let told =
            diagnostics.into_iter().map(|d| format!("{}: {}", d.line.unwrap_or(0), d.message)).collect();
        (document, told)
    }

    #[test]
    fn a_well_formed_document_gives_no_diagnostics() {
        let (document, told) = parse(
            "<?xml version='1.0'?>\r\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'>\n<!-- c -->\n\
             <html xmlns='http://www.w3.org/1999/xhtml'><head><title> T </title>\r\n<style><![CDATA[a > b { }]]></style>\
             <script src='x'/></head><body lang='de' xml:lang='de'><p>x&nbsp;&lt;<br/></p></body></html>\n<!-- d -->\n",
        );
        assert_eq!(told, Vec::<String>::new());
        assert_eq!(document.title().as_deref(), Some("T"));
        assert!(document.body().is_some());
        assert_eq!(document.encoding, "UTF-8");
        assert!(document.text_content(document.root()).contains("\na > b { }x\u{a0}<"));
    }

    #[test]
    fn what_is_not_well_formed_is_told_by_line() {
        for (page, expected) in [
            ("<a>\n<b>\r\n</a>", "3: not well-formed: </a> does not close the innermost element"),
            ("<a></b></a>", "1: not well-formed: </b> does not close the innermost element"),
            ("<a/>\n<b/>", "2: not well-formed: <b> after the end of the document's element"),
            ("<x:a></>\r</x:a>", "1: not well-formed: an end tag without a name"),
            ("<a>\r\r<b>", "3: not well-formed: the document ends inside of <b>"),
        ] {
            let (_, told) = parse(page);
            assert!(told.iter().any(|t| t == expected), "{page:?}: {told:?}");
        }
    }

    #[test]
    fn numeric_references_mean_what_xml_says() {
        for (text, expected, is_good) in [
            ("&#x80;&#152;x", "\u{80}\u{98}x", true),
            ("&#x81;", "\u{81}", true),
            ("&#xd;&#x7f;", "\r\u{7f}", true),
            ("&#x20ac;&#xfffd;", "\u{20ac}\u{fffd}", true),
            ("&#x1ffff;", "\u{1ffff}", true),
            ("&#0;&#x80;", "\u{fffd}\u{80}", false),
            ("&#xd800;", "\u{fffd}", false),
            ("&#31;", "\u{1f}", false),
            ("<b c='&#31;'/>x", "x", false),
        ] {
            let (document, told) = parse(&format!("<a>{text}</a>"));
            assert_eq!(document.text_content(document.root()), expected, "{text}");
            assert_eq!(told.is_empty(), is_good, "{text}: {told:?}");
        }
    }

    #[test]
    fn deep_nesting_is_flattened_in_the_order_of_the_page() {
        let levels = 3 * MAX_TREE_DEPTH;
        let open: String = (0..levels).map(|level| format!("<a>{level} ")).collect();
        let close: String = (0..levels).map(|level| format!("-{level} </a>")).collect();
        let (document, told) = parse(&format!("{open}<e/>{close}"));
        let depth = |node| document.ancestors(node).filter(|&a| document.element(a).is_some()).count() + 1;
        assert_eq!(document.elements().map(depth).max(), Some(MAX_TREE_DEPTH));
        assert_eq!(document.elements().count(), levels + 1);
        let mut expected: String = (0..levels).map(|level| format!("{level} ")).collect();
        expected.extend((0..levels).map(|level| format!("-{level} ")));
        assert_eq!(document.text_content(document.root()), expected);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("nested deeper"));
    }

    #[test]
    fn a_style_element_comes_when_it_is_closed() {
        let url = Url::parse("http://example.org/").unwrap();
        let mut parser = HtmlParser::new(url, &options());
        let mut named = |bytes: &[u8]| -> Vec<String> {
            parser.feed(bytes);
            let new = parser.take_new_elements();
            let document = parser.document();
            new.iter().map(|&n| document.element(n).unwrap().local_name().to_string()).collect()
        };
        assert_eq!(named(b"<html xmlns='http://www.w3.org/1999/xhtml'><style>a{}<![CDATA[b{}]"), ["html"]);
        assert_eq!(named(b"]>c{}</sty"), Vec::<String>::new());
        assert_eq!(named(b"le><style/><p/>"), ["style", "style", "p"]);
        assert_eq!(parser.document().text_content(parser.document().root()), "a{}b{}c{}");
    }
}
