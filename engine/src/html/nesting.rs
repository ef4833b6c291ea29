//! Keeps html5ever's stack of open elements short, between its tokenizer and its tree builder.
//!
//! The tree builder searches its stack of open elements for almost every tag, so its cost is the square of the
//! nesting: 64 000 open `div`s in 320 kB take it 24 seconds. [`super::sink`] can cap the tree, but not that
//! stack. So a guard stands before the tree builder: when the current node lies at [`MAX_TREE_DEPTH`] and a
//! start tag comes, the guard first closes the current node with an end tag of its own. The new element then
//! becomes the next sibling, which is where Chromium puts it too.
//!
//! The page's own end tags of elements closed so early are kept from the tree builder: their names wait on
//! `closed_early`, innermost last.
//!
//! DEVIATION: Chromium leaves the elements on its stack. Text that comes after an end tag below the cap goes into
//! the element that was last opened there; here it stays behind it, in the order of the page. Formatting
//! elements at the cap are not reconstructed later, and the rows and cells of a table that begins at the cap
//! lose their tags and keep their contents.
//!
//! Which node is current is not public in html5ever. But it asks the sink for the name of its (adjusted) current
//! node, and of nothing else, to answer the tokenizer's question whether that node is foreign. So the guard
//! asks that, and the sink remembers whom it was asked about.

use std::cell::{Cell, RefCell};

use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;

use super::sink::Sink;
use crate::dom::{LocalName, NodeId};
use crate::limits::MAX_TREE_DEPTH;

/// How far down `closed_early` the name of an end tag is looked for.
const SEARCH_DEPTH: usize = 64;

/// A tree builder whose stack of open elements stays as short as the tree is deep.
pub(super) struct NestingGuard {
    builder: TreeBuilder<NodeId, Sink>,
    /// The names of elements that the guard closed and the page has not.
    closed_early: RefCell<Vec<LocalName>>,
    /// Whether an element was ever inserted near the cap; until then the guard does nothing.
    awake: Cell<bool>,
    /// How many tokens came, errors not counted.
    tokens: Cell<u64>,
}

impl NestingGuard {
    pub(super) const fn new(builder: TreeBuilder<NodeId, Sink>) -> Self {
        Self {
            builder,
            closed_early: RefCell::new(Vec::new()),
            awake: Cell::new(false),
            tokens: Cell::new(0),
        }
    }

    /// How many tokens the tokenizer has made, errors not counted.
    pub(super) const fn tokens(&self) -> u64 {
        self.tokens.get()
    }

    pub(super) const fn sink(&self) -> &Sink {
        &self.builder.sink
    }

    pub(super) fn into_sink(self) -> Sink {
        self.builder.sink
    }

    /// The (adjusted) current node of the tree builder, if its stack of open elements is not empty.
    pub(super) fn current_node(&self) -> Option<NodeId> {
        self.sink().take_last_asked();
        let _ = self.builder.adjusted_current_node_present_but_not_in_html_namespace();
        self.sink().take_last_asked()
    }

    fn current_depth(&self) -> usize {
        self.current_node().map_or(0, |node| self.sink().depth(node))
    }

    /// Closes current nodes until a new element has room.
    fn make_room(&self, line: u64) {
        let Some(mut current) = self.current_node() else { return };
        let mut depth = self.sink().depth(current);
        // Reconstructed formatting elements can lie beside each other at the cap and all be open.
        while depth >= MAX_TREE_DEPTH {
            let (name, parent) = {
                let document = self.sink().document().borrow();
                let Some(element) = document.element(current) else { return };
                (element.name.local.clone(), document.parent_element(current))
            };
            let end_tag = Tag {
                kind: TagKind::EndTag,
                name: LocalName::from(name.to_ascii_lowercase()),
                self_closing: false,
                attrs: Vec::new(),
                had_duplicate_attributes: false,
            };
            // What an end tag answers concerns scripts, and no open script can be followed by a start tag.
            let _ = self.builder.process_token(Token::TagToken(end_tag), line);
            let Some(next) = self.current_node().filter(|&next| next != current) else { return };
            self.closed_early.borrow_mut().push(name);
            self.sink().count_flattened(1);
            depth = if parent == Some(next) { depth - 1 } else { self.sink().depth(next) };
            current = next;
        }
    }

    /// Whether an end tag belongs to an element that was closed early, which is then forgotten.
    fn is_closed_already(&self, name: &LocalName) -> bool {
        let mut closed = self.closed_early.borrow_mut();
        if closed.is_empty() || self.current_depth() >= MAX_TREE_DEPTH {
            return false;
        }
        let from = closed.len().saturating_sub(SEARCH_DEPTH);
        match closed[from..].iter().rposition(|n| n.eq_ignore_ascii_case(name)) {
            Some(position) => {
                closed.truncate(from + position);
                true
            }
            None => false,
        }
    }

    fn process_tag(&self, tag: Tag, line: u64) -> TokenSinkResult<NodeId> {
        if !self.awake.get() {
            self.awake.set(self.sink().depth_bound() >= MAX_TREE_DEPTH);
        }
        if !self.awake.get() {
            return self.builder.process_token(Token::TagToken(tag), line);
        }
        match tag.kind {
            TagKind::StartTag => {
                self.make_room(line);
                self.builder.process_token(Token::TagToken(tag), line)
            }
            TagKind::EndTag if self.is_closed_already(&tag.name) => TokenSinkResult::Continue,
            TagKind::EndTag => {
                let result = self.builder.process_token(Token::TagToken(tag), line);
                if !self.closed_early.borrow().is_empty() && self.current_depth() < MAX_TREE_DEPTH - 1 {
                    // An ancestor of what was closed early was closed.
                    self.closed_early.borrow_mut().clear();
                }
                result
            }
        }
    }
}

impl TokenSink for NestingGuard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<NodeId> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get().wrapping_add(1));
        }
        match token {
            Token::EOFToken => self.builder.process_token(token, line_number),
            Token::TagToken(_) | Token::CommentToken(_) if self.sink().is_full_at_next_tag() => {
                TokenSinkResult::Continue
            }
            Token::TagToken(tag) => self.process_tag(tag, line_number),
            _ if self.sink().is_full() => TokenSinkResult::Continue,
            _ => self.builder.process_token(token, line_number),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
