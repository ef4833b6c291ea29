//! The only way to change a tree. The parser uses it, scripts will.
//!
//! Names follow <https://dom.spec.whatwg.org/#mutation-algorithms>.

use std::collections::HashSet;

use super::document::Document;
use super::element::{Attribute, ElementData};
use super::name::{LocalName, Namespace, QualName, local_name};
use super::node::{Node, NodeData};
use super::tree::NodeId;

/// Up to this many attributes are looked for one by one.
const FEW_ATTRIBUTES: usize = 8;

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
        let node = self.create(NodeData::Text(text.into()));
        self.insert_before(parent, node, child);
        Some(node)
    }

    /// Sets an attribute, in place if it is there.
    pub fn set_attribute(&mut self, element: NodeId, name: QualName, value: String) {
        let Some(data) = self.element_mut(element) else { return };
        let there = data.attributes_mut();
        match there.iter_mut().find(|a| same_name(&a.name, &name)) {
            Some(attribute) => attribute.value = value,
            None => there.push(Attribute { name, value }),
        }
        data.refresh_cached_attributes();
    }

    /// Adds the attributes whose names are not there yet.
    pub fn add_missing_attributes(&mut self, element: NodeId, attributes: Vec<Attribute>) {
        let Some(data) = self.element_mut(element) else { return };
        if attributes.is_empty() {
            return;
        }
        let list = data.attributes_mut();
        let from = list.len();
        if attributes.len() <= FEW_ATTRIBUTES {
            for attribute in attributes {
                if !list[..from].iter().any(|a| same_name(&a.name, &attribute.name)) {
                    list.push(attribute);
                }
            }
        } else {
            let names = |a: &Attribute| (a.name.ns.clone(), a.name.local.clone());
            let there: HashSet<(Namespace, LocalName)> = list.iter().map(names).collect();
            list.extend(attributes.into_iter().filter(|a| !there.contains(&names(a))));
        }
        if list[from..].iter().any(|a| matches!(a.name.local, local_name!("id") | local_name!("class"))) {
            data.refresh_cached_attributes();
        }
    }

    /// Removes an attribute.
    pub fn remove_attribute(&mut self, element: NodeId, name: &QualName) {
        let Some(data) = self.element_mut(element) else { return };
        data.attributes_mut().retain(|a| !same_name(&a.name, name));
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

/// Attributes are told apart by namespace and local name; the prefix is of no weight.
fn same_name(a: &QualName, b: &QualName) -> bool {
    a.ns == b.ns && a.local == b.local
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Attribute, Document, NodeData, QualName};
    use crate::dom::{LocalName, NodeId, local_name, ns};

    fn document() -> Document {
        Document::new(Url::parse("http://example.org/").unwrap())
    }

    fn element(document: &mut Document, name: &str) -> NodeId {
        document.create_element(QualName::new(ns!(html), LocalName::from(name)), Vec::new())
    }

    fn attribute(name: &str, value: &str) -> Attribute {
        Attribute { name: QualName::attribute(LocalName::from(name)), value: value.to_owned() }
    }

    #[test]
    fn nodes_are_inserted_moved_and_removed() {
        let mut document = document();
        let root = document.root();
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| element(&mut document, name));
        document.append(root, a);
        document.append(a, b);
        document.append(a, d);
        document.insert_before(a, c, Some(d));
        assert_eq!(document.inner_html(root), "<a><b></b><c></c><d></d></a>");
        document.insert_before(a, d, Some(b));
        document.append(c, b);
        assert_eq!(document.inner_html(root), "<a><d></d><c><b></b></c></a>");
        document.reparent_children(a, root);
        assert_eq!(document.inner_html(root), "<a></a><d></d><c><b></b></c>");
        document.check_invariants().unwrap();
        document.remove(c);
        assert!(document.get(c).is_none() && document.get(b).is_none());
        let again = element(&mut document, "e");
        assert_ne!(again, c, "ids of removed nodes never come back");
        assert!(again.index() == c.index() || again.index() == b.index(), "their slots do");
        document.check_invariants().unwrap();
    }

    #[test]
    fn text_grows_the_text_before_it() {
        let mut document = document();
        let root = document.root();
        let a = element(&mut document, "a");
        document.append(root, a);
        assert!(document.insert_text(root, "2", None).is_some());
        assert!(document.insert_text(root, "3", None).is_none());
        assert!(document.insert_text(root, "1", Some(a)).is_some());
        assert_eq!(document.inner_html(root), "1<a></a>23");
    }

    #[test]
    fn attributes_keep_id_and_classes_in_step() {
        let mut document = document();
        let a = element(&mut document, "a");
        let class = QualName::attribute(local_name!("class"));
        document.set_attribute(a, class.clone(), " x y\tx ".to_owned());
        document.add_missing_attributes(a, vec![attribute("class", "z"), attribute("id", "i")]);
        let many = (0..20).map(|i| attribute(&format!("a{}", i % 15), "v")).collect();
        document.add_missing_attributes(a, many);
        let data = document.element(a).unwrap();
        assert_eq!(data.classes().iter().map(|c| &**c).collect::<Vec<_>>(), ["x", "y", "x"]);
        assert_eq!(data.id().map(|id| &**id), Some("i"));
        document.remove_attribute(a, &class);
        assert!(document.element(a).unwrap().classes().is_empty());
    }

    #[test]
    fn a_copy_has_everything_and_no_place() {
        let mut document = document();
        let root = document.root();
        let [a, template, inner] = ["a", "template", "i"].map(|name| element(&mut document, name));
        let contents = document.create(NodeData::DocumentFragment);
        document.element_mut(template).unwrap().template_contents = Some(contents);
        document.append(root, a);
        document.append(a, template);
        document.append(contents, inner);
        document.insert_text(a, "t", None);
        let copy = document.clone_subtree(a);
        document.remove(a);
        assert!(document.get(inner).is_none(), "template contents go with their template");
        assert_eq!(document.node(copy).parent(), None);
        assert_eq!(document.outer_html(copy), "<a><template><i></i></template>t</a>");
        document.check_invariants().unwrap();
    }
}
