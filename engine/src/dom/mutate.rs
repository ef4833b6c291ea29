//! The only way to change a tree. The parser uses it, scripts will.
//!
//! Names follow <https://dom.spec.whatwg.org/#mutation-algorithms>.

use std::collections::HashSet;

use super::document::Document;
use super::element::{Attribute, ElementData};
use super::name::{LocalName, Namespace, QualName};
use super::node::{Node, NodeData};
use super::tree::NodeId;

impl Document {
    /// Makes a node without a place.
    pub fn create(&mut self, data: NodeData) -> NodeId {
        self.arena.insert(Node::new(data))
    }

    /// Makes an element without a place.
    pub fn create_element(&mut self, name: QualName, attributes: Vec<Attribute>) -> NodeId {
        self.create(NodeData::Element(Box::new(ElementData::new(name, attributes))))
    }

    /// Puts `node` at the end of `parent`'s children, taking it from where it was.
    pub fn append(&mut self, parent: NodeId, node: NodeId) {
        self.insert_before(parent, node, None);
    }

    /// Puts `node` before `child` of `parent`, or at the end when `child` is `None`, taking it from where it was.
    ///
    /// # Panics
    /// When `child` is not a child of `parent`, or `parent` lies inside `node`.
    pub fn insert_before(&mut self, parent: NodeId, node: NodeId, child: Option<NodeId>) {
        // Nothing lies inside a node without children: the long walk is rarely needed.
        debug_assert!(
            parent != node
                && (self.node(node).first_child.is_none() || !self.ancestors(parent).any(|a| a == node)),
            "a node cannot contain itself"
        );
        self.detach(node);
        let previous = match child {
            Some(child) => {
                assert_eq!(self.node(child).parent, Some(parent), "the reference child has another parent");
                self.node(child).previous_sibling
            }
            None => self.node(parent).last_child,
        };
        let links = self.node_mut(node);
        links.parent = Some(parent);
        links.previous_sibling = previous;
        links.next_sibling = child;
        match previous {
            Some(previous) => self.node_mut(previous).next_sibling = Some(node),
            None => self.node_mut(parent).first_child = Some(node),
        }
        match child {
            Some(child) => self.node_mut(child).previous_sibling = Some(node),
            None => self.node_mut(parent).last_child = Some(node),
        }
    }

    /// Takes `node` out of its parent; it and what is under it stay alive.
    pub fn detach(&mut self, node: NodeId) {
        let Node { parent, previous_sibling, next_sibling, .. } = *self.node(node);
        let Some(parent) = parent else { return };
        match previous_sibling {
            Some(previous) => self.node_mut(previous).next_sibling = next_sibling,
            None => self.node_mut(parent).first_child = next_sibling,
        }
        match next_sibling {
            Some(next) => self.node_mut(next).previous_sibling = previous_sibling,
            None => self.node_mut(parent).last_child = previous_sibling,
        }
        let links = self.node_mut(node);
        links.parent = None;
        links.previous_sibling = None;
        links.next_sibling = None;
    }

    /// Takes `node` out and frees it with everything under it, template contents too.
    pub fn remove(&mut self, node: NodeId) {
        self.detach(node);
        let mut pending = vec![node];
        while let Some(id) = pending.pop() {
            pending.extend(self.children(id));
            pending.extend(self.element(id).and_then(|e| e.template_contents));
            self.arena.remove(id);
        }
    }

    /// A copy of `node` with everything under it, template contents too, without a place:
    /// <https://dom.spec.whatwg.org/#concept-node-clone>.
    pub fn clone_subtree(&mut self, node: NodeId) -> NodeId {
        let copy = self.create(self.node(node).data.clone());
        let mut pending = vec![(node, copy)];
        while let Some((from, to)) = pending.pop() {
            if let Some(contents) = self.element(from).and_then(|e| e.template_contents) {
                let fragment = self.create(NodeData::DocumentFragment);
                pending.push((contents, fragment));
                if let Some(element) = self.element_mut(to) {
                    element.template_contents = Some(fragment);
                }
            }
            let children: Vec<NodeId> = self.children(from).collect();
            for child in children {
                let copy = self.create(self.node(child).data.clone());
                self.append(to, copy);
                pending.push((child, copy));
            }
        }
        copy
    }

    /// Moves all children of `from` to the end of `to`.
    pub fn reparent_children(&mut self, from: NodeId, to: NodeId) {
        while let Some(child) = self.node(from).first_child {
            self.append(to, child);
        }
    }

    /// Adds text before `child` (or at the end), growing the text node that stands there already.
    /// Gives the new text node, if one had to be made.
    pub fn insert_text(&mut self, parent: NodeId, text: &str, child: Option<NodeId>) -> Option<NodeId> {
        let previous = match child {
            Some(child) => self.node(child).previous_sibling,
            None => self.node(parent).last_child,
        };
        if let Some(previous) = previous
            && let NodeData::Text(existing) = &mut self.node_mut(previous).data
        {
            existing.push_str(text);
            return None;
        }
        let node = self.create(NodeData::Text(text.to_owned()));
        self.insert_before(parent, node, child);
        Some(node)
    }

    /// Sets an attribute, in place if it is there.
    pub fn set_attribute(&mut self, element: NodeId, name: QualName, value: String) {
        let Some(data) = self.element_mut(element) else { return };
        match data.attributes.iter_mut().find(|a| a.name.ns == name.ns && a.name.local == name.local) {
            Some(attribute) => attribute.value = value,
            None => data.attributes.push(Attribute { name, value }),
        }
        data.refresh_cached_attributes();
    }

    /// Adds the attributes whose names are not there yet.
    pub fn add_missing_attributes(&mut self, element: NodeId, attributes: Vec<Attribute>) {
        let Some(data) = self.element_mut(element) else { return };
        let there: HashSet<(Namespace, LocalName)> =
            data.attributes.iter().map(|a| (a.name.ns.clone(), a.name.local.clone())).collect();
        data.attributes.extend(
            attributes.into_iter().filter(|a| !there.contains(&(a.name.ns.clone(), a.name.local.clone()))),
        );
        data.refresh_cached_attributes();
    }

    /// Removes an attribute.
    pub fn remove_attribute(&mut self, element: NodeId, name: &QualName) {
        let Some(data) = self.element_mut(element) else { return };
        data.attributes.retain(|a| !(a.name.ns == name.ns && a.name.local == name.local));
        data.refresh_cached_attributes();
    }

    /// Changes an element's data that is neither attribute nor link.
    pub fn element_mut(&mut self, id: NodeId) -> Option<&mut ElementData> {
        match &mut self.arena.get_mut(id)?.data {
            NodeData::Element(element) => Some(element),
            _ => None,
        }
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        self.arena.get_mut(id).expect("the id came from this document and its node was not removed")
    }

    /// The arena's invariants as code; for tests and fuzzing.
    ///
    /// # Errors
    /// The first broken invariant, in words.
    pub fn check_invariants(&self) -> Result<(), String> {
        for (id, node) in self.arena.iter() {
            let mut previous = None;
            for child in self.children(id) {
                let links = self.node(child);
                if links.parent != Some(id) {
                    return Err(format!(
                        "{child:?} is a child of {id:?} and names {:?} its parent",
                        links.parent
                    ));
                }
                if links.previous_sibling != previous {
                    return Err(format!("{child:?} does not name its previous sibling"));
                }
                previous = Some(child);
            }
            if node.last_child != previous {
                return Err(format!("{id:?} does not name its last child"));
            }
            if matches!(node.data, NodeData::Document) && (id != self.root() || node.parent.is_some()) {
                return Err(format!("{id:?} is a document that is not the root"));
            }
        }
        Ok(())
    }
}
