//! The arena: nodes by generational id, and walks over their links.

use std::num::NonZeroU32;

use super::document::Document;
use super::element::ElementData;
use super::node::{Node, NodeData};

/// Names a node. An id outlives its node harmlessly: a lookup of a removed node finds nothing.
///
/// A slot's index and, in the lowest eight bits, its generation, which is never zero: five of these are in each node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    const fn new(index: u32, generation: u8) -> Option<Self> {
        match NonZeroU32::new(index << u8::BITS | generation as u32) {
            Some(id) if generation != 0 && index <= u32::MAX >> u8::BITS => Some(Self(id)),
            _ => None,
        }
    }

    /// The slot in the arena: a dense key for side tables ([`crate::style::StyleMap`] is one).
    pub const fn index(self) -> usize {
        (self.0.get() >> u8::BITS) as usize
    }

    const fn generation(self) -> u8 {
        self.0.get().to_le_bytes()[0]
    }
}

/// Slots of nodes; freed slots are used again under a new generation.
#[derive(Debug, Clone, Default)]
pub(super) struct Arena {
    slots: Vec<Node>,
    free: Vec<NodeId>,
}

impl Arena {
    pub(super) fn insert(&mut self, node: Node) -> NodeId {
        if let Some(id) = self.free.pop() {
            self.slots[id.index()] = Node { generation: id.generation(), ..node };
            return id;
        }
        let id = u32::try_from(self.slots.len()).ok().and_then(|index| NodeId::new(index, 1));
        let id = id.expect("all that makes trees stops at limits::MAX_TREE_NODES, which is far less");
        self.slots.push(Node { generation: id.generation(), ..node });
        id
    }

    pub(super) fn remove(&mut self, id: NodeId) {
        let Some(node) = self.get_mut(id) else { return };
        node.data = NodeData::Document;
        node.is_free = true;
        // A slot whose generations are used up is not used again.
        node.generation = node.generation.wrapping_add(1);
        let next = NodeId::new(id.index() as u32, node.generation);
        self.free.extend(next);
    }

    pub(super) fn get(&self, id: NodeId) -> Option<&Node> {
        self.slots.get(id.index()).filter(|n| n.generation == id.generation() && !n.is_free)
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.slots.get_mut(id.index()).filter(|n| n.generation == id.generation() && !n.is_free)
    }

    pub(super) const fn slot_count(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        let nodes = self.slots.iter().enumerate().filter(|(_, node)| !node.is_free);
        nodes.filter_map(|(index, node)| Some((NodeId::new(index as u32, node.generation)?, node)))
    }
}

impl Document {
    /// The node with that id, if it is still there.
    pub fn get(&self, id: NodeId) -> Option<&Node> {
        self.arena.get(id)
    }

    /// The node with that id.
    ///
    /// # Panics
    /// When the node has been removed: ids from a walk over this document are always there.
    pub fn node(&self, id: NodeId) -> &Node {
        self.arena.get(id).expect("the id came from this document and its node was not removed")
    }

    /// The element with that id, if it is one.
    pub fn element(&self, id: NodeId) -> Option<&ElementData> {
        self.get(id)?.as_element()
    }

    /// The children, in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let first = self.get(id).and_then(Node::first_child);
        std::iter::successors(first, move |&child| self.node(child).next_sibling())
    }

    /// The parent, its parent, and so on.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let parent = self.get(id).and_then(Node::parent);
        std::iter::successors(parent, move |&node| self.node(node).parent())
    }

    /// The parent, if it is an element.
    pub fn parent_element(&self, id: NodeId) -> Option<NodeId> {
        self.get(id)?.parent().filter(|&p| self.element(p).is_some())
    }

    /// `root` and everything under it in document order (template contents left out).
    pub fn descendants(&self, root: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.get(root).map(|_| root), move |&node| self.next_in_order(node, root))
    }

    /// The node after `node` in document order, within `root`.
    fn next_in_order(&self, node: NodeId, root: NodeId) -> Option<NodeId> {
        if let Some(child) = self.node(node).first_child() {
            return Some(child);
        }
        let mut at = node;
        while at != root {
            let links = self.node(at);
            if let Some(sibling) = links.next_sibling() {
                return Some(sibling);
            }
            at = links.parent()?;
        }
        None
    }

    /// The concatenated text of all text nodes under `id`: <https://dom.spec.whatwg.org/#concept-descendant-text-content>.
    pub fn text_content(&self, id: NodeId) -> String {
        self.descendants(id).filter_map(|n| self.node(n).as_text()).collect()
    }

    /// One more than the largest [`NodeId::index`] in use: the length of a side table.
    pub const fn node_slots(&self) -> usize {
        self.arena.slot_count()
    }
}
