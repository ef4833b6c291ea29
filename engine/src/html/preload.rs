//! The look-ahead scanner: what a page asks for, found by a tokenizer alone, before the tree builder comes to it.
//!
//! It runs on the bytes as they come: over each piece of text before the tree builder gets it, and over plain ASCII that
//! the decoder still holds back because the page's encoding is not known yet ([`PreloadScanner::look_ahead`]). Scripts
//! that stop the tree builder will not stop it.
//!
//! It sees what the tree builder will see: comments, raw text and the contents of templates ask for nothing, and the
//! first `base` moves what comes after it. There is no tree, so it cannot know everything (a tag within `select`, a
//! mistake in nesting): what it gives are guesses that the tree confirms, and what it misses the tree finds.
//! HTML leaves it open: <https://html.spec.whatwg.org/#speculative-html-parsing>. What is looked for is what
//! Chromium's `HTMLPreloadScanner` looks for.
//!
//! Most of a page can ask for nothing: text, and tags that are none of those that matter. Within the body the tokenizer does
//! not see them. That takes knowing where a tag begins, which is told as in [`super::attributes`].

use std::cell::{Cell, Ref, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use url::Url;

use super::attributes::{AttributeGuard, Feed, next_bracket, whole_tag};
use super::discover::{ElementRequest, Loading, MetaRequest, Site, tag_request};
use crate::css::Import;
use crate::css::import_scan::{SCANNED_BYTES, scan_imports};
use crate::dom::{Attribute, ElementData, LocalName, QualName, ns};
use crate::units::Viewport;

/// How many `source` elements of one `picture` are remembered.
const MAX_SOURCES: usize = 64;
/// How deep foreign elements and their integration points are followed.
const MAX_FOREIGN: usize = 64;

/// Something that the page will ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What.
    pub what: Foreseen,
    /// Where.
    pub place: Place,
}

/// What is foreseen.
#[derive(Debug, Clone, PartialEq)]
pub enum Foreseen {
    /// An element that asks.
    Element(ElementRequest),
    /// An `@import` in a `style` element with that `media` attribute.
    Import {
        /// The rule.
        import: Box<Import>,
        /// The attribute.
        media: String,
    },
}

/// Where a tag stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Before the body.
    Head,
    /// In the body.
    Body,
}

/// Looks through a page's text ahead of the tree builder.
pub struct PreloadScanner {
    tokenizer: Tokenizer<Scan>,
    input: BufferQueue,
    /// Knows whether a tag is open, and keeps its attributes few.
    guard: RefCell<AttributeGuard>,
    /// How many bytes of text have been looked at that are still to come from the decoder.
    ahead: usize,
}

impl PreloadScanner {
    /// A scanner of the page at `url`.
    pub fn new(url: Url, scripting: bool, viewport: Viewport) -> Self {
        let scan = Scan { state: RefCell::new(State::new(url, viewport)), tokens: Cell::new(0), scripting };
        let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
        Self {
            tokenizer: Tokenizer::new(scan, options),
            input: BufferQueue::default(),
            guard: RefCell::default(),
            ahead: 0,
        }
    }

    /// Looks at decoded text. `encoding` names what it was decoded from.
    pub fn scan(&mut self, text: &str, encoding: &'static str) {
        let known = self.ahead.min(text.len());
        self.ahead -= known;
        // What was looked at ahead is ASCII, which is the same in bytes and text.
        if let Some(text) = text.get(known..).filter(|text| !text.is_empty()) {
            self.push(text, encoding);
        }
    }

    /// Looks at all bytes that the decoder holds back from the beginning of the page, as far as they are ASCII: every
    /// encoding that it can decide for reads them alike.
    pub fn look_ahead(&mut self, held: &[u8]) {
        if let Some(Ok(text)) = held.get(self.ahead..).map(std::str::from_utf8)
            && !text.is_empty()
        {
            self.push(text, "UTF-8");
            self.ahead = held.len();
        }
    }

    fn push(&self, text: &str, encoding: &'static str) {
        self.tokenizer.sink.state.borrow_mut().encoding = encoding;
        let mut guard = self.guard.borrow_mut();
        let mut feeder = Feeder(self);
        let mut rest = text;
        while !rest.is_empty() {
            if guard.nothing_is_open(feeder.tokens()) && self.tokenizer.sink.state.borrow().is_plain() {
                rest = &rest[idle(rest)..];
            }
            let (piece, more) = rest.split_at(next_bracket(rest, 0));
            guard.push(piece, &mut feeder);
            rest = more;
        }
        self.tokenizer.sink.state.borrow_mut().look_for_imports();
    }

    fn tokenize(&self, text: &str) {
        self.input.push_back(StrTendril::from_slice(text));
        // It never stops for a script and asks for no encoding.
        while !matches!(self.tokenizer.feed(&self.input), html5ever::TokenizerResult::Done) {}
    }

    /// What has been found since the last call, in the order of the page.
    pub fn take(&mut self) -> Vec<Found> {
        std::mem::take(&mut self.tokenizer.sink.state.borrow_mut().found)
    }
}

/// Gives text to the scanner's tokenizer.
struct Feeder<'a>(&'a PreloadScanner);

impl Feed for Feeder<'_> {
    fn feed(&mut self, text: &str) {
        self.0.tokenize(text);
    }

    fn tokens(&self) -> u64 {
        self.0.tokenizer.sink.tokens.get()
    }
}

/// How much of `text` asks for nothing, where no tag is open: text and whole tags that do not matter.
fn idle(text: &str) -> usize {
    let mut at = text.find('<').unwrap_or(text.len());
    while at < text.len() {
        let next = next_bracket(text, at);
        let tag = &text[at..next];
        if matters(tag) || whole_tag(tag).is_none() {
            return at;
        }
        at = next;
    }
    at
}

/// The tags that may change what is found, in the body.
#[rustfmt::skip]
const THAT_MATTER: [&str; 21] = [
    "base", "iframe", "img", "input", "link", "math", "meta", "noembed", "noframes", "noscript", "picture",
    "plaintext", "script", "source", "style", "svg", "template", "textarea", "title", "video", "xmp",
];

/// Whether `tag`, which begins with a `<`, has a name that matters.
fn matters(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(name.len());
    let name = &name[..end];
    // Names of one or two letters are the most usual.
    name.len() > 2 && THAT_MATTER.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The receiver of tokens.
struct Scan {
    state: RefCell<State>,
    /// How many tokens came, errors not counted.
    tokens: Cell<u64>,
    scripting: bool,
}

struct State {
    url: Url,
    base_url: Option<Url>,
    encoding: &'static str,
    viewport: Viewport,
    found: Vec<Found>,
    place: Place,
    /// How many templates are open.
    templates: usize,
    /// Open foreign elements that matter, outermost first.
    foreign: Vec<Foreign>,
    /// The element whose raw text is being read.
    raw: Option<LocalName>,
    /// The `source` elements of the open `picture`.
    picture: Option<Vec<ElementData>>,
    style: Option<StyleText>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foreign {
    Svg,
    MathMl,
    /// HTML within them again: `foreignObject`, `desc`, `title`, `annotation-xml`.
    Html,
}

/// The text of an open `style` element.
struct StyleText {
    media: String,
    text: String,
    imports: usize,
    is_over: bool,
}

impl TokenSink for Scan {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get().wrapping_add(1));
        }
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(tag, self.scripting),
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        Ref::map(self.state.borrow(), |state| state).is_foreign()
    }
}

impl State {
    const fn new(url: Url, viewport: Viewport) -> Self {
        Self {
            url,
            base_url: None,
            encoding: "UTF-8",
            viewport,
            found: Vec::new(),
            place: Place::Head,
            templates: 0,
            foreign: Vec::new(),
            raw: None,
            picture: None,
            style: None,
        }
    }

    /// Whether it stands in the body, and the next text is neither raw nor foreign.
    fn is_plain(&self) -> bool {
        self.place == Place::Body && self.raw.is_none() && self.foreign.is_empty() && self.style.is_none()
    }

    fn is_foreign(&self) -> bool {
        self.foreign.last().is_some_and(|&level| level != Foreign::Html)
    }

    fn start(&mut self, tag: Tag, scripting: bool) -> TokenSinkResult<()> {
        let name = tag.name.clone();
        if self.is_foreign() {
            if !breaks_out(&name) {
                if !tag.self_closing {
                    self.enter_foreign(&name);
                }
                return TokenSinkResult::Continue;
            }
            self.foreign.clear();
        }
        match &*name {
            "svg" if !tag.self_closing => self.push_foreign(Foreign::Svg),
            "math" if !tag.self_closing => self.push_foreign(Foreign::MathMl),
            "template" => self.templates = self.templates.saturating_add(1),
            "picture" => self.picture = Some(Vec::new()),
            _ => {}
        }
        if self.place == Place::Head && self.templates == 0 && !belongs_to_head(&name) {
            self.place = Place::Body;
        }
        if self.templates == 0 {
            self.look_at(tag);
        }
        let raw = raw_kind(&name, scripting);
        if raw.is_some() || &*name == "plaintext" {
            self.raw = Some(name.clone());
        }
        match raw {
            Some(kind) => TokenSinkResult::RawData(kind),
            None if &*name == "plaintext" => TokenSinkResult::Plaintext,
            None => TokenSinkResult::Continue,
        }
    }

    fn end(&mut self, name: &LocalName) {
        if self.raw.as_ref() == Some(name) {
            self.raw = None;
            self.look_for_imports();
            self.style = None;
        }
        match &**name {
            "template" => self.templates = self.templates.saturating_sub(1),
            "picture" => self.picture = None,
            _ => {}
        }
        if let Some(at) = self.foreign.iter().rposition(|&level| closes(name, level)) {
            self.foreign.truncate(at);
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(style) = &mut self.style
            && style.text.len() < SCANNED_BYTES
        {
            style.text.push_str(text);
        }
        let is_in_body = self.raw.is_none() && self.templates == 0 && !text.trim_ascii().is_empty();
        if is_in_body {
            self.place = Place::Body;
        }
    }

    fn push_foreign(&mut self, level: Foreign) {
        if self.foreign.len() < MAX_FOREIGN {
            self.foreign.push(level);
        }
    }

    /// A start tag within foreign content.
    fn enter_foreign(&mut self, name: &LocalName) {
        let level = match (&**name, self.foreign.last()) {
            ("svg", _) => Foreign::Svg,
            ("math", _) => Foreign::MathMl,
            ("foreignobject" | "desc" | "title", Some(Foreign::Svg))
            | ("mi" | "mo" | "mn" | "ms" | "mtext" | "annotation-xml", Some(Foreign::MathMl)) => {
                Foreign::Html
            }
            _ => return,
        };
        self.push_foreign(level);
    }

    fn look_at(&mut self, tag: Tag) {
        let is_of_interest = matches!(
            &*tag.name,
            "base" | "link" | "meta" | "img" | "input" | "video" | "script" | "style" | "source"
        );
        if !is_of_interest {
            return;
        }
        let element = element(tag);
        match &*element.name.local {
            "base" => return self.set_base(&element),
            "source" => {
                if let Some(sources) = self.picture.as_mut().filter(|sources| sources.len() < MAX_SOURCES) {
                    sources.push(element);
                }
                return;
            }
            _ => {}
        }
        let sources = self.picture.as_deref().unwrap_or_default();
        match tag_request(&self.site(), &element, sources) {
            Some(ElementRequest::StyleText { media, .. }) => {
                self.style = Some(StyleText { media, text: String::new(), imports: 0, is_over: false });
            }
            Some(request) if is_foreseeable(&request) => {
                self.found.push(Found { what: Foreseen::Element(request), place: self.place });
            }
            _ => {}
        }
    }

    fn site(&self) -> Site<'_> {
        Site {
            url: &self.url,
            base_url: self.base_url.as_ref().unwrap_or(&self.url),
            encoding: self.encoding,
            viewport: self.viewport,
        }
    }

    /// As [`crate::Document::base_url_from`]: the first `base` with an `href` counts.
    fn set_base(&mut self, element: &ElementData) {
        if self.base_url.is_none()
            && let Some(href) = element.attributes().iter().find(|a| &*a.name.local == "href")
        {
            let resolved =
                self.url.join(&href.value).ok().filter(|u| !matches!(u.scheme(), "data" | "javascript"));
            self.base_url = Some(resolved.unwrap_or_else(|| self.url.clone()));
        }
    }

    /// Looks at the beginning of the open `style` element for imports.
    fn look_for_imports(&mut self) {
        let base_url = self.base_url.as_ref().unwrap_or(&self.url);
        let Some(style) = self.style.as_mut().filter(|style| !style.is_over) else { return };
        let scan = scan_imports(&style.text, base_url);
        let new = scan.imports.get(style.imports..).unwrap_or_default();
        let media = &style.media;
        let place = self.place;
        self.found.extend(new.iter().filter(|import| import.supported).map(|import| Found {
            what: Foreseen::Import { import: Box::new(import.clone()), media: media.clone() },
            place,
        }));
        style.imports = scan.imports.len().max(style.imports);
        style.is_over = scan.is_over;
    }
}

/// Whether the scanner may act on it: lazy images wait for their place, and what is no request is the tree's.
const fn is_foreseeable(request: &ElementRequest) -> bool {
    match request {
        ElementRequest::StyleSheet(_)
        | ElementRequest::Preload { .. }
        | ElementRequest::Connect(_)
        | ElementRequest::Script(_) => true,
        ElementRequest::Image { loading, .. } => matches!(loading, Loading::Eager),
        ElementRequest::Meta(meta) => {
            matches!(meta, MetaRequest::Referrer(_) | MetaRequest::ContentSecurityPolicy(_))
        }
        ElementRequest::StyleText { .. }
        | ElementRequest::SvgFile { .. }
        | ElementRequest::Frame(_)
        | ElementRequest::Object { .. }
        | ElementRequest::Icon { .. }
        | ElementRequest::Prefetch { .. }
        | ElementRequest::Skipped { .. } => false,
    }
}

fn element(tag: Tag) -> ElementData {
    let attributes = tag.attrs.into_iter().map(|attribute| Attribute {
        name: QualName::attribute(attribute.name.local),
        value: String::from(attribute.value),
    });
    ElementData::new(QualName::new(ns!(html), tag.name), attributes.collect())
}

/// The raw text states: <https://html.spec.whatwg.org/#parsing-main-inbody>.
fn raw_kind(name: &LocalName, scripting: bool) -> Option<RawKind> {
    match &**name {
        "title" | "textarea" => Some(RawKind::Rcdata),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "noscript" if scripting => Some(RawKind::Rawtext),
        "script" => Some(RawKind::ScriptData),
        _ => None,
    }
}

/// <https://html.spec.whatwg.org/#parsing-main-inhead>
fn belongs_to_head(name: &LocalName) -> bool {
    matches!(
        &**name,
        "html"
            | "head"
            | "base"
            | "basefont"
            | "bgsound"
            | "link"
            | "meta"
            | "noscript"
            | "noframes"
            | "script"
            | "style"
            | "template"
            | "title"
    )
}

/// HTML start tags that end foreign content: <https://html.spec.whatwg.org/#parsing-main-inforeign>.
fn breaks_out(name: &LocalName) -> bool {
    matches!(
        &**name,
        "b" | "big"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "code"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "embed"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "hr"
            | "i"
            | "img"
            | "li"
            | "listing"
            | "menu"
            | "meta"
            | "nobr"
            | "ol"
            | "p"
            | "pre"
            | "ruby"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "strike"
            | "sub"
            | "sup"
            | "table"
            | "tt"
            | "u"
            | "ul"
            | "var"
    )
}

fn closes(name: &LocalName, level: Foreign) -> bool {
    match level {
        Foreign::Svg => &**name == "svg",
        Foreign::MathMl => &**name == "math",
        Foreign::Html => matches!(
            &**name,
            "foreignobject" | "desc" | "title" | "mi" | "mo" | "mn" | "ms" | "mtext" | "annotation-xml"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanner(scripting: bool) -> PreloadScanner {
        let url = Url::parse("http://a.test/d/").unwrap();
        PreloadScanner::new(url, scripting, Viewport { width: 800.0, height: 600.0, scale: 1.0 })
    }

    fn describe(found: Vec<Found>) -> Vec<String> {
        found
            .into_iter()
            .map(|found| {
                let url = match found.what {
                    Foreseen::Element(ElementRequest::StyleSheet(sheet)) => sheet.url,
                    Foreseen::Element(
                        ElementRequest::Image { url, .. } | ElementRequest::Preload { url, .. },
                    ) => url,
                    Foreseen::Element(ElementRequest::Script(script)) => match script.url {
                        Some(url) => url,
                        None => return "inline script".to_owned(),
                    },
                    Foreseen::Import { import, .. } => import.url,
                    other => panic!("{other:?}"),
                };
                let place = if found.place == Place::Head { "" } else { " in body" };
                format!("{}{place}", url.path())
            })
            .collect()
    }

    fn scan(page: &str, scripting: bool) -> Vec<String> {
        let mut scanner = scanner(scripting);
        scanner.scan(page, "UTF-8");
        describe(scanner.take())
    }

    proptest::proptest! {
        /// What is skipped asks for nothing: letter by letter no tag is skipped, since none is whole.
        #[test]
        fn skipping_changes_nothing(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..24)) {
            let page = format!("<body>{}", pieces.concat());
            let mut slow = scanner(true);
            for letter in page.split_inclusive(|_: char| true) {
                slow.scan(letter, "UTF-8");
            }
            proptest::prop_assert_eq!(scan(&page, true), describe(slow.take()), "{}", page);
        }
    }

    const PIECES: &[&str] = &[
        "<img src=a>",
        "<IMG src='b'>",
        "<img src=c x='>'>",
        "<p>",
        "</p>",
        "<p title='<img src=d>'>",
        "<p title=\"",
        "\">",
        "<p title='",
        "'",
        "text",
        "<",
        "</",
        "<!",
        "<!--",
        "-->",
        "&",
        "&amp",
        "<a href=x>",
        "<script>",
        "</script>",
        "<script src=s></script>",
        "<style>",
        "</style>",
        "<title>",
        "</title>",
        "<svg>",
        "</svg>",
        "<desc>",
        "<![CDATA[",
        "]]>",
        "<template>",
        "</template>",
        "<picture>",
        "</picture>",
        "<source srcset=e>",
        "<base href=/f/>",
        "<textarea>",
        "</textarea>",
        "<noscript>",
        "</noscript>",
        " ",
        ">",
        "=",
        "<b/",
        "<i <img src=g>",
        "\0",
        "<plaintext>",
    ];

    #[test]
    fn what_is_seen_and_what_is_not() {
        for (page, expected) in [
            ("<link rel=stylesheet href=a.css>", &["/d/a.css"][..]),
            ("<title><link rel=stylesheet href=a.css></title><img src=b>", &["/d/b in body"]),
            ("<!-- <img src=a> --><img src=b>", &["/d/b in body"]),
            ("<textarea><img src=a></textarea><img src=b>", &["/d/b in body"]),
            ("<script>'<img src=a>'</script><link rel=stylesheet href=b>", &["inline script", "/d/b"]),
            (
                "<script>x<!--<script></script><img src=a>--></script><img src=b>",
                &["inline script", "/d/b in body"],
            ),
            (
                "<template><img src=a><script></script><template></template><img src=c></template><img src=b>",
                &["/d/b in body"],
            ),
            (
                "<noscript><link rel=stylesheet href=a></noscript><link rel=stylesheet href=b>",
                &["/d/a", "/d/b"],
            ),
            ("<iframe><img src=a></iframe><xmp><img src=a></xmp><img src=b>", &["/d/b in body"]),
            ("<base href=/c/><base href=/e/><link rel=stylesheet href=a>", &["/c/a"]),
            ("<base href=data:,x><link rel=stylesheet href=a>", &["/d/a"]),
            (
                "<svg><title><img src=a></title><style><img src=b></style></svg>",
                &["/d/a in body", "/d/b in body"],
            ),
            ("<svg><![CDATA[<img src=a>]]></svg><img src=b>", &["/d/b in body"]),
            ("<svg><image href=a /><script href=c /></svg><img src=b>", &["/d/b in body"]),
            ("<plaintext><img src=a>", &[]),
            ("<img src=a loading=lazy><img src=b>", &["/d/b in body"]),
            (
                "<picture><source srcset=a media='(min-width: 900px)'><source srcset=b><img src=c></picture><img src=d>",
                &["/d/b in body", "/d/d in body"],
            ),
            ("<img srcset='a 400w, b 1600w' sizes='calc(50vw - 10px)'>", &["/d/a in body"]),
            (
                "<video poster=a></video><input type=image src=b><input src=c>",
                &["/d/a in body", "/d/b in body"],
            ),
            (
                "<style>@import 'a.css'; @import url(b.css) print; p{} @import 'c.css';</style>",
                &["/d/a.css", "/d/b.css"],
            ),
            ("<link rel=preload as=image href=a imagesrcset='b 1x, c 2x'>", &["/d/b"]),
            ("<link rel=preload as=video href=a><link rel=preload href=a>", &[]),
            ("text<link rel=stylesheet href=a>", &["/d/a in body"]),
            ("<script nomodule src=a></script><script type=module src=b></script>", &["/d/b"]),
            ("<img src=javascript:x>", &["x in body"]),
        ] {
            assert_eq!(scan(page, false), expected, "{page}");
        }
        assert!(scan("<noscript><img src=a></noscript>", true).is_empty());
    }

    #[test]
    fn the_cut_into_chunks_changes_nothing() {
        let page = "<!doctype html><title>x</title><base href=/c/><style>@import 'a.css'; @import 'b.css';\np{}</style>\
                    <link rel=stylesheet href=c.css><body><picture><source srcset='d 2x, e'><img></picture>";
        let whole = scan(page, false);
        assert_eq!(whole, ["/c/a.css", "/c/b.css", "/c/c.css", "/c/e in body"]);
        for size in [1, 3, 10, 64] {
            let mut scanner = scanner(false);
            let mut found = Vec::new();
            for piece in page.as_bytes().chunks(size) {
                scanner.scan(std::str::from_utf8(piece).unwrap(), "UTF-8");
                found.extend(describe(scanner.take()));
            }
            assert_eq!(found, whole, "pieces of {size}");
        }
    }

    #[test]
    fn what_was_looked_at_ahead_is_not_looked_at_twice() {
        let mut scanner = scanner(false);
        let page = "<link rel=stylesheet href=a><link rel=styl";
        scanner.look_ahead(page.as_bytes());
        assert_eq!(describe(scanner.take()), ["/d/a"]);
        scanner.scan(page, "windows-1252");
        assert!(scanner.take().is_empty());
        scanner.scan("esheet href=b>", "windows-1252");
        assert_eq!(describe(scanner.take()), ["/d/b"]);
    }
}
