//! What a node is: its data and its links.

use super::element::ElementData;
use super::text::Text;
use super::tree::NodeId;

/// A node of the arena. Links are changed through [`super::mutate`] alone.
#[derive(Debug, Clone)]
pub struct Node {
    pub(super) parent: Option<NodeId>,
    pub(super) previous_sibling: Option<NodeId>,
    pub(super) next_sibling: Option<NodeId>,
    pub(super) first_child: Option<NodeId>,
    pub(super) last_child: Option<NodeId>,
    /// Of the slot in the arena that it lies in.
    pub(super) generation: u8,
    /// Whether the node was removed and the slot is empty.
    pub(super) is_free: bool,
    pub(super) data: NodeData,
}

/// The kinds of nodes: <https://dom.spec.whatwg.org/#interface-node>.
#[derive(Debug, Clone)]
pub enum NodeData {
    /// The document itself.
    Document,
    /// The contents of a `template`, or another parentless fragment.
    DocumentFragment,
    /// `<!DOCTYPE …>`
    Doctype(Box<Doctype>),
    /// Character data.
    Text(Text),
    /// A comment.
    Comment(Box<str>),
    /// A processing instruction (XML only).
    ProcessingInstruction(Box<ProcessingInstruction>),
    /// An element.
    Element(Box<ElementData>),
}

/// <https://dom.spec.whatwg.org/#interface-documenttype>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doctype {
    /// The name.
    pub name: String,
    /// The public identifier.
    pub public_id: String,
    /// The system identifier.
    pub system_id: String,
}

/// <https://dom.spec.whatwg.org/#interface-processinginstruction>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessingInstruction {
    /// The target.
    pub target: String,
    /// The data.
    pub data: String,
}

// A page has a million of these: what is rare is boxed.
const _: () = assert!(size_of::<Node>() <= 48);

impl Node {
    pub(super) const fn new(data: NodeData) -> Self {
        Self {
            parent: None,
            previous_sibling: None,
            next_sibling: None,
            first_child: None,
            last_child: None,
            generation: 0,
            is_free: false,
            data,
        }
    }

    /// The node's data.
    pub const fn data(&self) -> &NodeData {
        &self.data
    }

    /// The parent.
    pub const fn parent(&self) -> Option<NodeId> {
        self.parent
    }

    /// The previous sibling.
    pub const fn previous_sibling(&self) -> Option<NodeId> {
        self.previous_sibling
    }

    /// The next sibling.
    pub const fn next_sibling(&self) -> Option<NodeId> {
        self.next_sibling
    }

    /// The first child.
    pub const fn first_child(&self) -> Option<NodeId> {
        self.first_child
    }

    /// The last child.
    pub const fn last_child(&self) -> Option<NodeId> {
        self.last_child
    }

    /// The element data, if the node is an element.
    pub fn as_element(&self) -> Option<&ElementData> {
        match &self.data {
            NodeData::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The text, if the node is a text node.
    pub fn as_text(&self) -> Option<&str> {
        match &self.data {
            NodeData::Text(text) => Some(text),
            _ => None,
        }
    }
}
