//! From a tree of `markup5ever_rcdom`, for people who already hold one: the door to that crate.

use markup5ever_rcdom::{Handle, NodeData as RcNodeData, RcDom};
use url::Url;

use super::document::{Document, QuirksMode};
use super::element::Attribute;
use super::name::QualName;
use super::node::{Doctype, NodeData, ProcessingInstruction};
use super::tree::NodeId;
use crate::limits::MAX_TREE_NODES;

impl Document {
    /// A copy of `dom` as a document at `url`: the tree, template contents, the mode and the base URL. The
    /// encoding is called UTF-8, since a tree no longer tells.
    ///
    /// The tree is taken as it is: the parser's cap on depth is not applied. But what comes after [`MAX_TREE_NODES`]
    /// is left out.
    pub fn from_rcdom(dom: &RcDom, url: Url) -> Self {
        let mut document = Self::new(url);
        document.quirks_mode = quirks_mode(dom);
        // Pairs of a node there and its copy here whose children are still to be copied.
        let mut pending: Vec<(Handle, NodeId)> = vec![(dom.document.clone(), document.root())];
        while let Some((from, to)) = pending.pop() {
            for child in from.children.borrow().iter() {
                if document.node_slots() >= MAX_TREE_NODES {
                    break;
                }
                let copy = copy_node(&mut document, child, &mut pending);
                document.append(to, copy);
                pending.push((child.clone(), copy));
            }
        }
        document.refresh_base_url();
        document
    }
}

fn quirks_mode(dom: &RcDom) -> QuirksMode {
    // The type's name is html5ever's, whose door is another one; its variants print their names.
    match format!("{:?}", dom.quirks_mode.get()).as_str() {
        "Quirks" => QuirksMode::Quirks,
        "LimitedQuirks" => QuirksMode::LimitedQuirks,
        _ => QuirksMode::NoQuirks,
    }
}

fn copy_node(document: &mut Document, from: &Handle, pending: &mut Vec<(Handle, NodeId)>) -> NodeId {
    match &from.data {
        // Only template contents and the root are documents there, and neither is a child.
        RcNodeData::Document => document.create(NodeData::DocumentFragment),
        RcNodeData::Doctype { name, public_id, system_id } => {
            document.create(NodeData::Doctype(Box::new(Doctype {
                name: name.to_string(),
                public_id: public_id.to_string(),
                system_id: system_id.to_string(),
            })))
        }
        RcNodeData::Text { contents } => {
            document.create(NodeData::Text(contents.borrow().to_string().into()))
        }
        RcNodeData::Comment { contents } => document.create(NodeData::Comment(contents.to_string().into())),
        RcNodeData::ProcessingInstruction { target, contents } => {
            document.create(NodeData::ProcessingInstruction(Box::new(ProcessingInstruction {
                target: target.to_string(),
                data: contents.to_string(),
            })))
        }
        RcNodeData::Element { name, attrs, template_contents, mathml_annotation_xml_integration_point } => {
            let attributes = attrs
                .borrow()
                .iter()
                .map(|a| Attribute {
                    name: QualName {
                        prefix: a.name.prefix.clone(),
                        ns: a.name.ns.clone(),
                        local: a.name.local.clone(),
                    },
                    value: a.value.to_string(),
                })
                .collect();
            let name =
                QualName { prefix: name.prefix.clone(), ns: name.ns.clone(), local: name.local.clone() };
            let node = document.create_element(name, attributes);
            let contents = template_contents.borrow().as_ref().map(|contents| {
                let fragment = document.create(NodeData::DocumentFragment);
                pending.push((contents.clone(), fragment));
                fragment
            });
            if let Some(element) = document.element_mut(node) {
                element.template_contents = contents;
                element.mathml_annotation_xml_integration_point = *mathml_annotation_xml_integration_point;
            }
            node
        }
    }
}
