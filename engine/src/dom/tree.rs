//! The arena: nodes by generational id, and walks over their links.

use std::num::NonZeroU32;

use super::document::Document;
use super::element::ElementData;
use super::node::Node;

/// Names a node. An id outlives its node harmlessly: a lookup of a removed node finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    index: u32,
    /// Never zero, so that an `Option<NodeId>` is no larger.
    generation: NonZeroU32,
}

impl NodeId {
    /// The slot in the arena: a dense key for side tables ([`crate::style::StyleMap`] is one).
    pub const fn index(self) -> usize {
        self.index as usize
    }
}

#[derive(Debug, Clone)]
struct Slot {
    generation: NonZeroU32,
    node: Option<Node>,
}

/// Slots of nodes; freed slots are used again under a new generation.
#[derive(Debug, Clone, Default)]
pub(super) struct Arena {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

impl Arena {
    pub(super) fn insert(&mut self, node: Node) -> NodeId {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.node = Some(node);
            return NodeId { index, generation: slot.generation };
        }
        let index = u32::try_from(self.slots.len()).expect("the parser's node limit is far below u32::MAX");
        self.slots.push(Slot { generation: NonZeroU32::MIN, node: Some(node) });
        NodeId { index, generation: NonZeroU32::MIN }
    }

    pub(super) fn remove(&mut self, id: NodeId) -> Option<Node> {
        let slot = self.slots.get_mut(id.index()).filter(|s| s.generation == id.generation)?;
        let node = slot.node.take()?;
        // A slot whose generations are used up is not used again.
        if let Some(next) = slot.generation.checked_add(1) {
            slot.generation = next;
            self.free.push(id.index);
        }
        Some(node)
    }

    pub(super) fn get(&self, id: NodeId) -> Option<&Node> {
        self.slots.get(id.index()).filter(|s| s.generation == id.generation)?.node.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.slots.get_mut(id.index()).filter(|s| s.generation == id.generation)?.node.as_mut()
    }

    pub(super) const fn slot_count(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| {
            let id = NodeId { index: index as u32, generation: slot.generation };
            slot.node.as_ref().map(|node| (id, node))
        })
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
