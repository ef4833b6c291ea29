//! Keeps the attributes of a tag few before html5ever's tokenizer sees them.
//!
//! The tokenizer compares each attribute of a tag with all before it, so that one tag with 100 000 of them takes it
//! many seconds. Nothing can be done about it behind the tokenizer: it tells of a tag when that is whole. So its input
//! goes through here. What comes after the first [`MAX_TAG_ATTRIBUTES`] of a tag is left out, up to the tag's end.
//!
//! Whether a `<` begins a tag only the tokenizer knows (it may stand in a script, a comment, a value). But most are easy:
//! where no tag is open, and from a `<` on a tag would be over before the next `<` comes, none is open there either,
//! whether it was a tag or not. Of the others the tokenizer is fed up to the next `<` each time, and watched: a tag is
//! open when the text from its `<` on has not made a token.

use crate::limits::MAX_TAG_ATTRIBUTES;

/// How much of a piece is given to the tokenizer before it is asked whether a tag is open: too little for a tag with too
/// many attributes.
const FIRST_BYTES: usize = 8 * 1024;

/// What the tokenizer is fed with and asked of.
pub(super) trait Feed {
    /// Takes the next text.
    fn feed(&mut self, text: &str);
    /// How many tokens it has made.
    fn tokens(&self) -> u64;
}

/// Stands before the tokenizer.
#[derive(Debug, Default)]
pub(super) struct AttributeGuard {
    tag: Option<OpenTag>,
    /// The text that was not a tag yet when the last chunk ended: `<` or `</`.
    begun: &'static str,
    /// A comment or the like was open when there were so many tokens.
    other: Option<u64>,
    /// How many tags were cut.
    cut: u64,
}

/// A tag that is open: the tokenization of <https://html.spec.whatwg.org/#before-attribute-name-state> as far as it tells
/// where attributes begin and the tag ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OpenTag {
    state: State,
    attributes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    DoubleQuoted,
    SingleQuoted,
    Unquoted,
}

impl AttributeGuard {
    /// How many tags were cut until now.
    pub(super) const fn cut_tags(&self) -> u64 {
        self.cut
    }

    /// Whether neither a tag nor a comment is open after so many tokens: they begin with the next `<`.
    pub(super) fn nothing_is_open(&self, tokens: u64) -> bool {
        self.tag.is_none() && self.begun.is_empty() && self.other.is_none_or(|before| before != tokens)
    }

    /// Passes `text` on, without what is too much.
    pub(super) fn push(&mut self, text: &str, to: &mut impl Feed) {
        let mut rest = text;
        while !rest.is_empty() {
            rest = match self.tag.take() {
                Some(tag) => self.inside(tag, rest, to),
                None => self.outside(rest, to),
            };
        }
    }

    /// No tag is open: passes on up to where one may be.
    fn outside<'t>(&mut self, text: &'t str, to: &mut impl Feed) -> &'t str {
        if text.starts_with('<') {
            self.begun = "";
        }
        let easy = if self.nothing_is_open(to.tokens()) { whole_tags(text) } else { 0 };
        if easy > 0 {
            self.other = None;
            to.feed(&text[..easy]);
            return &text[easy..];
        }
        let is_other = self.other.is_some_and(|tokens| tokens == to.tokens());
        if is_other || self.begun.is_empty() && !text.starts_with('<') {
            let skipped = usize::from(text.starts_with('<'));
            let end = text[skipped..].find('<').map_or(text.len(), |at| at + skipped);
            to.feed(&text[..end]);
            return &text[end..];
        }
        self.other = None;
        let skipped = usize::from(self.begun.is_empty());
        let next = text[skipped..].find('<').map_or(text.len(), |at| at + skipped);
        let (piece, rest) = text.split_at(floor_char_boundary(text, next.min(FIRST_BYTES)));
        // A `<` or `&` before it becomes text only now.
        let bracket = usize::from(piece.starts_with('<'));
        to.feed(&piece[..bracket]);
        let before = to.tokens();
        to.feed(&piece[bracket..]);
        let begun = std::mem::take(&mut self.begun);
        if to.tokens() != before {
            // It was no tag, or a whole one: up to the next `<` nothing can begin.
            let (more, rest) = rest.split_at(next - piece.len());
            to.feed(more);
            return rest;
        }
        let name = match piece.strip_prefix('<').filter(|_| begun.is_empty()) {
            Some(name) => name.strip_prefix('/').unwrap_or(name),
            None if begun == "<" => piece.strip_prefix('/').unwrap_or(piece),
            None => piece,
        };
        if name.is_empty() {
            // The chunk ends before it is clear what this is.
            self.begun = if piece.ends_with('/') || begun == "</" { "</" } else { "<" };
        } else if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let mut tag = OpenTag { state: State::TagName, attributes: 0 };
            // None of it can be too much, and it has no end: both would have made a token.
            let _ = tag.scan(name);
            self.tag = Some(tag);
        } else {
            self.other = Some(before);
        }
        rest
    }

    /// A tag is open: passes on what belongs to its first attributes, and its end.
    fn inside<'t>(&mut self, mut tag: OpenTag, text: &'t str, to: &mut impl Feed) -> &'t str {
        let before = to.tokens();
        let was_full = tag.attributes > MAX_TAG_ATTRIBUTES;
        let Scanned { kept, end } = tag.scan(text);
        if tag.attributes > MAX_TAG_ATTRIBUTES && !was_full {
            self.cut += 1;
        }
        // What is left out begins where a name would: the tokenizer is between attributes there.
        to.feed(&text[..kept]);
        match end {
            Some(end) => {
                if kept < end {
                    to.feed(&text[end - 1..end]);
                }
                &text[end..]
            }
            None => {
                // A token would mean that the tokenizer sees it otherwise: it is right.
                self.tag = (to.tokens() == before).then_some(tag);
                ""
            }
        }
    }
}

/// How much of `text` has nothing but tags that [are over](whole_tag) and what is no tag.
fn whole_tags(text: &str) -> usize {
    let mut at = text.find('<').unwrap_or(text.len());
    while at < text.len() {
        let next = next_bracket(text, at);
        if whole_tag(&text[at..next]).is_none() {
            return at;
        }
        at = next;
    }
    at
}

/// Where the next `<` stands from `at` on, one at `at` not counted; or the end.
pub(super) fn next_bracket(text: &str, at: usize) -> usize {
    let from = at + usize::from(text.as_bytes().get(at) == Some(&b'<'));
    text[from..].find('<').map_or(text.len(), |found| found + from)
}

/// The length of the tag that `text` begins with, if it is whole and none too large. There is no `<` in `text` but the first.
pub(super) fn whole_tag(text: &str) -> Option<usize> {
    let name = text.strip_prefix('<')?;
    let name = name.strip_prefix('/').unwrap_or(name);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let before = text.len() - name.len();
    let is_quote = |&byte: &u8| matches!(byte, b'"' | b'\'');
    let end = name.as_bytes().iter().position(|&byte| byte == b'>')? + 1;
    if end <= MAX_TAG_ATTRIBUTES && !name.as_bytes()[..end].iter().any(is_quote) {
        return Some(before + end);
    }
    let mut tag = OpenTag { state: State::TagName, attributes: 0 };
    let end = tag.scan(name).end?;
    (tag.attributes <= MAX_TAG_ATTRIBUTES).then_some(before + end)
}

/// What of a piece of a tag is kept.
struct Scanned {
    /// So many bytes from its start.
    kept: usize,
    /// Where the tag ends, behind its `>`.
    end: Option<usize>,
}

impl OpenTag {
    fn scan(&mut self, text: &str) -> Scanned {
        let mut kept = if self.attributes > MAX_TAG_ATTRIBUTES { Some(0) } else { None };
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            let is_space = matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
            let was = self.state;
            self.state = match (self.state, byte) {
                (State::DoubleQuoted, b'"') | (State::SingleQuoted, b'\'') => State::BeforeName,
                (State::DoubleQuoted | State::SingleQuoted, _) => continue,
                (_, b'>') => {
                    let end = at + 1;
                    return Scanned { kept: kept.unwrap_or(end).min(end), end: Some(end) };
                }
                (State::BeforeValue, b'"') => State::DoubleQuoted,
                (State::BeforeValue, b'\'') => State::SingleQuoted,
                (State::BeforeValue, _) if is_space => State::BeforeValue,
                (State::BeforeValue, _) => State::Unquoted,
                (State::Unquoted, _) if !is_space => State::Unquoted,
                (State::Name | State::AfterName, b'=') => State::BeforeValue,
                (State::TagName | State::Unquoted | State::BeforeName, _) if is_space => State::BeforeName,
                (State::Name | State::AfterName, _) if is_space => State::AfterName,
                (State::TagName | State::Name | State::BeforeName | State::AfterName, b'/') => {
                    State::BeforeName
                }
                (State::TagName, _) => State::TagName,
                (State::BeforeName | State::AfterName | State::Name | State::Unquoted, _) => State::Name,
            };
            if self.state == State::Name && was != State::Name {
                self.attributes += 1;
                if self.attributes > MAX_TAG_ATTRIBUTES && kept.is_none() {
                    kept = Some(at);
                }
            }
        }
        Scanned { kept: kept.unwrap_or(text.len()), end: None }
    }
}

fn floor_char_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::MAX_TAG_ATTRIBUTES;
    use crate::dom::Document;
    use crate::html::{HtmlParser, ParserOptions};

    /// The document, fed in pieces of so many bytes, and whether it is told that a tag was cut.
    fn parse(page: &str, piece: usize) -> (Document, bool) {
        let url = Url::parse("http://a.example/").expect("a valid URL");
        let mut parser = HtmlParser::new(url, &ParserOptions::default());
        page.as_bytes().chunks(piece).for_each(|piece| parser.feed(piece));
        let (document, diagnostics) = parser.finish();
        (document, diagnostics.iter().any(|told| told.message.contains("lost those that came later")))
    }

    fn first(document: &Document, name: &str) -> usize {
        let mut elements = document.elements().filter_map(|node| document.element(node));
        let element = elements.find(|e| &**e.local_name() == name).expect("the element is there");
        element.attributes().len()
    }

    fn attributes(count: usize, of: impl Fn(usize) -> String) -> String {
        (0..count).map(of).collect()
    }

    #[test]
    fn attributes_past_the_limit_are_left_out() {
        let many = 3 * MAX_TAG_ATTRIBUTES;
        let pages = [
            attributes(many, |i| format!(" a{i}")),
            attributes(many, |i| format!(" a{i}=\"<b c='x'>\"")),
            attributes(many, |i| format!(" a{i}='<!-- > \"'")),
            attributes(many, |i| format!("/a{i}='x/y'")),
            attributes(many, |i| format!("\na{i} = <x")),
        ];
        for tag in pages {
            for before in ["", "<", "&", "&am"] {
                let page = format!("<p>before{before}<i{tag}>inside</i>after");
                for piece in [page.len(), 100, 8191] {
                    let (document, diagnostics) = parse(&page, piece);
                    assert_eq!(first(&document, "i"), MAX_TAG_ATTRIBUTES, "{before} {}", &page[..60]);
                    assert!(diagnostics, "{before} {}", &page[..60]);
                    let body = document.body().expect("a body");
                    assert_eq!(document.text_content(body), format!("before{before}insideafter"));
                }
            }
        }
    }

    #[test]
    fn what_is_no_tag_is_left_alone() {
        let many = attributes(3 * MAX_TAG_ATTRIBUTES, |i| format!(" a{i}"));
        for (open, close) in [
            ("<script>x", "</script>"),
            ("<!--", "-->"),
            ("<style>", "</style>"),
            ("<textarea>", "</textarea>"),
            ("<svg><![CDATA[", "]]></svg>"),
        ] {
            let page = format!("<body>{open}<b{many}{close}<p id=end>");
            let (document, diagnostics) = parse(&page, 1000);
            assert!(!diagnostics, "{open}");
            let root = document.document_element().expect("a root");
            let html = document.outer_html(root);
            assert!(html.contains(&format!("b{many}")), "{open}");
            assert!(html.contains("<p id=\"end\">"), "{open}");
        }
        // One long value is no long list.
        let page = format!("<img src=\"{}\" alt=x>", many.replace('"', ""));
        assert_eq!(first(&parse(&page, 777).0, "img"), 2);
    }
}
