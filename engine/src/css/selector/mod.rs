//! Selectors: the door to the `selectors` crate.
//!
//! - [`grammar`]: names, pseudo-classes and pseudo-elements, and how they are parsed
//! - [`element`]: what the matcher asks of an element of our tree
//! - `query`: the first element that matches
//!
//! The rest of the engine sees [`Selectors`] (one parsed list) and [`Matcher`] (what one pass over a document needs).

pub mod element;
pub mod grammar;
mod query;

use cssparser::Parser;
use selectors::bloom::BloomFilter;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, SelectorCaches,
};
use selectors::matching::matches_selector;
use selectors::parser::{AncestorHashes, Component, ParseRelative, Selector, SelectorList};

use crate::dom::{Document, LocalName, NodeId, QuirksMode};
use crate::limits::MAX_NESTED_SELECTOR_BYTES;

use element::ElementRef;
pub use grammar::PseudoElementKind;
use grammar::{Grammar, SelectorGrammar};

/// A parsed selector list.
#[derive(Debug, Clone, PartialEq)]
pub struct Selectors {
    list: SelectorList<Grammar>,
    /// How long the text would be with every `&` written out.
    weight: u64,
}

/// One selector of a list, prepared for an index of rules.
#[derive(Debug, Clone)]
pub struct IndexedSelector {
    selector: Selector<Grammar>,
    hashes: AncestorHashes,
    /// What the rightmost compound asks for most narrowly.
    pub key: SelectorKey,
    /// Ids, classes and types, each in ten bits: <https://drafts.csswg.org/selectors-4/#specificity-rules>.
    pub specificity: u32,
    /// The pseudo-element that it is about.
    pub pseudo: Option<PseudoElementKind>,
}

/// What an element must have for a selector to match at all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SelectorKey {
    /// An id.
    Id(LocalName),
    /// A class.
    Class(LocalName),
    /// A local name, in lower case and as written.
    LocalName(LocalName, LocalName),
    /// An attribute with that name.
    Attribute(LocalName),
    /// To be the root.
    Root,
    /// Nothing in particular.
    Universal,
}

impl Selectors {
    /// Parses a list; with `parent` as the selectors of a rule that the text is nested in.
    ///
    /// `None` when the list is invalid as a whole.
    pub fn parse(text: &str, parent: Option<&Self>) -> Option<Self> {
        // Each `&` matches the parent's selectors anew: what nests too much is no selector.
        let references = 1 + text.bytes().filter(|&b| b == b'&').count() as u64;
        let inherited = parent.map_or(0, |p| p.weight.saturating_mul(references));
        let weight = inherited.saturating_add(text.len() as u64);
        if parent.is_some() && weight > MAX_NESTED_SELECTOR_BYTES {
            return None;
        }
        let mut input = Parser::new(text);
        let relative = if parent.is_some() { ParseRelative::ForNesting } else { ParseRelative::No };
        let list =
            input.parse_entirely(|input| SelectorList::parse(&SelectorGrammar, input, relative)).ok()?;
        let list = match parent {
            Some(parent) => list.replace_parent_selector(&parent.list),
            // `&` outside of every rule is `:scope`.
            None if list.slice().iter().any(Selector::has_parent_selector) => {
                list.replace_parent_selector(&SelectorList::scope())
            }
            None => list,
        };
        Some(Self { list, weight })
    }

    /// How many selectors the list has.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether the list has none; a parsed list has at least one.
    pub fn is_empty(&self) -> bool {
        self.list.len() == 0
    }

    /// The selectors, prepared for an index.
    pub fn indexed(&self, quirks: QuirksMode) -> impl Iterator<Item = IndexedSelector> + '_ {
        self.list.slice().iter().map(move |selector| IndexedSelector {
            hashes: AncestorHashes::new(selector, quirks.into()),
            key: key(selector),
            specificity: selector.specificity(),
            pseudo: pseudo(selector),
            selector: selector.clone(),
        })
    }
}

impl From<QuirksMode> for selectors::context::QuirksMode {
    fn from(mode: QuirksMode) -> Self {
        match mode {
            QuirksMode::NoQuirks => Self::NoQuirks,
            QuirksMode::LimitedQuirks => Self::LimitedQuirks,
            QuirksMode::Quirks => Self::Quirks,
        }
    }
}

/// The pseudo-element at the end; of `::before::marker` the unmatched kind, as no box of ours is that.
fn pseudo(selector: &Selector<Grammar>) -> Option<PseudoElementKind> {
    let all = selector.pseudo_elements();
    match all.as_slice() {
        [] => None,
        [one] => Some(**one),
        _ => Some(PseudoElementKind::Unknown),
    }
}

/// The narrowest demand of the rightmost compound.
fn key(selector: &Selector<Grammar>) -> SelectorKey {
    let mut best = SelectorKey::Universal;
    let mut iter = selector.iter();
    loop {
        for component in iter.by_ref() {
            let candidate = component_key(component);
            if rank(&candidate) > rank(&best) {
                best = candidate;
            }
        }
        // A pseudo-element is a compound of its own; the element's stands to its left.
        match iter.next_sequence() {
            Some(combinator) if combinator.is_pseudo_element() => {}
            _ => return best,
        }
    }
}

fn component_key(component: &Component<Grammar>) -> SelectorKey {
    match component {
        Component::ID(id) => SelectorKey::Id(id.0.clone()),
        Component::Class(class) => SelectorKey::Class(class.0.clone()),
        Component::LocalName(name) => SelectorKey::LocalName(name.lower_name.0.clone(), name.name.0.clone()),
        Component::AttributeInNoNamespace { local_name, .. } => SelectorKey::Attribute(local_name.0.clone()),
        Component::AttributeInNoNamespaceExists { local_name, local_name_lower }
            if local_name == local_name_lower =>
        {
            SelectorKey::Attribute(local_name.0.clone())
        }
        Component::Root => SelectorKey::Root,
        Component::Is(list) | Component::Where(list) => match list.slice() {
            [one] => key(one),
            _ => SelectorKey::Universal,
        },
        _ => SelectorKey::Universal,
    }
}

const fn rank(key: &SelectorKey) -> u8 {
    match key {
        SelectorKey::Universal => 0,
        SelectorKey::LocalName(..) => 1,
        SelectorKey::Attribute(_) => 2,
        SelectorKey::Class(_) => 3,
        SelectorKey::Root => 4,
        SelectorKey::Id(_) => 5,
    }
}

/// Matches selectors while a document is walked in order. Keeps the ancestors' names in a filter.
pub struct Matcher<'a> {
    document: &'a Document,
    filter: Box<BloomFilter>,
    pushed: Vec<(NodeId, Vec<u32>)>,
    caches: SelectorCaches,
}

impl<'a> Matcher<'a> {
    /// A matcher for elements of `document`.
    pub fn new(document: &'a Document) -> Self {
        Self { document, filter: Box::default(), pushed: Vec::new(), caches: SelectorCaches::default() }
    }

    /// Makes `element`'s ancestors the ones that the filter knows. `parent` is its parent element.
    pub fn enter(&mut self, parent: Option<NodeId>) {
        while let Some((top, hashes)) = self.pushed.last() {
            if Some(*top) == parent {
                return;
            }
            for hash in hashes {
                self.filter.remove_hash(*hash);
            }
            self.pushed.pop();
        }
        let Some(parent) = parent else { return };
        // Usually the parent alone; more when the walk began inside the tree.
        let mut chain = vec![parent];
        chain.extend(self.document.ancestors(parent).filter(|&a| self.document.element(a).is_some()));
        for ancestor in chain.into_iter().rev() {
            self.push(ancestor);
        }
    }

    /// Adds `element`, whose parent was entered last, as an ancestor of what comes next.
    pub fn push(&mut self, element: NodeId) {
        let hashes = element::hashes(self.document, element);
        for hash in &hashes {
            self.filter.insert_hash(*hash);
        }
        self.pushed.push((element, hashes));
    }

    /// Removes the ancestors that `push` added after the one that is `parent`.
    pub fn pop_to(&mut self, parent: Option<NodeId>) {
        while let Some((top, hashes)) = self.pushed.last() {
            if Some(*top) == parent {
                return;
            }
            for hash in hashes {
                self.filter.remove_hash(*hash);
            }
            self.pushed.pop();
        }
    }

    /// Whether the selector matches `element` (for a pseudo-element's selector: its originating element).
    pub fn matches(&mut self, selector: &IndexedSelector, element: NodeId) -> bool {
        let mode = if selector.pseudo.is_some() {
            MatchingMode::ForStatelessPseudoElement
        } else {
            MatchingMode::Normal
        };
        let mut context = MatchingContext::new(
            mode,
            Some(&self.filter),
            &mut self.caches,
            self.document.quirks_mode.into(),
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        let element = ElementRef { document: self.document, id: element };
        matches_selector(&selector.selector, 0, Some(&selector.hashes), element, &mut context)
    }
}
