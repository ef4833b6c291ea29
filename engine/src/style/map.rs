//! Computed styles by node and pseudo-element.

use std::collections::HashMap;
use std::sync::Arc;

use crate::css::computed::ComputedStyle;
use crate::dom::NodeId;

/// The pseudo-elements that generate boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PseudoElement {
    /// `::before`
    Before,
    /// `::after`
    After,
    /// `::marker`
    Marker,
    /// `::first-letter`: of the box that holds the letter. Only block containers have one.
    FirstLetter,
}

/// The computed style of every element of a document.
#[derive(Debug, Clone, Default)]
pub struct StyleMap {
    elements: Vec<Option<Arc<ComputedStyle>>>,
    pseudo_elements: HashMap<(NodeId, PseudoElement), Arc<ComputedStyle>>,
}

impl StyleMap {
    /// A map with room for a document of [`crate::dom::Document::node_slots`] nodes.
    pub fn with_slots(slots: usize) -> Self {
        Self { elements: vec![None; slots], pseudo_elements: HashMap::new() }
    }

    /// The style of an element. Elements under `display: none` have one too.
    pub fn get(&self, element: NodeId) -> Option<&Arc<ComputedStyle>> {
        self.elements.get(element.index())?.as_ref()
    }

    /// The style of a pseudo-element, if rules give it one.
    pub fn pseudo(&self, element: NodeId, pseudo: PseudoElement) -> Option<&Arc<ComputedStyle>> {
        self.pseudo_elements.get(&(element, pseudo))
    }

    /// Sets the style of an element.
    pub fn insert(&mut self, element: NodeId, style: Arc<ComputedStyle>) {
        if self.elements.len() <= element.index() {
            self.elements.resize(element.index() + 1, None);
        }
        self.elements[element.index()] = Some(style);
    }

    /// Sets the style of a pseudo-element.
    pub fn insert_pseudo(&mut self, element: NodeId, pseudo: PseudoElement, style: Arc<ComputedStyle>) {
        self.pseudo_elements.insert((element, pseudo), style);
    }
}
