//! Whose a control is, and whether it can be used.

use crate::dom::{Document, ElementData, NodeId, local_name};

/// The form that a control belongs to: <https://html.spec.whatwg.org/#reset-the-form-owner>.
pub fn form_owner(document: &Document, control: NodeId) -> Option<NodeId> {
    let element = document.element(control)?;
    if let Some(id) = element.attribute(&"form".into()) {
        // The first element with that id counts, form or not.
        let named = document.elements().find(|&node| {
            document
                .element(node)
                .is_some_and(|e| !id.is_empty() && e.id().is_some_and(|known| **known == *id))
        })?;
        return Some(named).filter(|&node| is_form(document, node));
    }
    // The parser's own association: a form that a table has left behind keeps its controls.
    let parsed = document.form_owners.get(&control).copied().filter(|&form| is_form(document, form));
    parsed.or_else(|| document.ancestors(control).find(|&node| is_form(document, node)))
}

fn is_form(document: &Document, node: NodeId) -> bool {
    document.element(node).is_some_and(|e| e.is_html(&local_name!("form")))
}

/// <https://html.spec.whatwg.org/#concept-fe-disabled>
pub fn is_disabled(document: &Document, control: NodeId) -> bool {
    let has = |element: &ElementData| element.attribute(&"disabled".into()).is_some();
    if document.element(control).is_some_and(has) {
        return true;
    }
    let mut child = control;
    for ancestor in document.ancestors(control) {
        let Some(element) = document.element(ancestor) else { break };
        if element.is_html(&local_name!("fieldset")) && has(element) {
            // What stands in its first legend can be used all the same.
            let legend = document
                .children(ancestor)
                .find(|&node| document.element(node).is_some_and(|e| e.is_html(&local_name!("legend"))));
            if legend != Some(child) {
                return true;
            }
        }
        child = ancestor;
    }
    false
}
