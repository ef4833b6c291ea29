//! The `selectedcontent` element, which shows a copy of the chosen option of its `select`:
//! <https://html.spec.whatwg.org/#the-selectedcontent-element>. The parser asks for it whenever an option closes.

use crate::dom::{Document, ElementData, NodeId, local_name};
use crate::limits::MAX_SELECTED_CONTENT_SEARCH;

/// <https://html.spec.whatwg.org/#option-element-nearest-ancestor-select>
pub(super) fn nearest_select(document: &Document, option: NodeId) -> Option<NodeId> {
    let mut seen_optgroup = false;
    for ancestor in document.ancestors(option) {
        let Some(element) = document.element(ancestor) else { continue };
        if ["datalist", "hr", "option"].iter().any(|name| is_named(element, name)) {
            return None;
        }
        if is_named(element, "optgroup") && std::mem::replace(&mut seen_optgroup, true) {
            return None;
        }
        if is_named(element, "select") {
            return Some(ancestor);
        }
    }
    None
}

/// Whether `option`, which was just parsed, becomes the chosen one of `select`, which has one already or not:
/// <https://html.spec.whatwg.org/#selectedness-setting-algorithm>.
pub(super) fn is_chosen(document: &Document, select: NodeId, option: NodeId, has_chosen: bool) -> bool {
    let (Some(select), Some(option)) = (document.element(select), document.element(option)) else {
        return false;
    };
    let shows_list = select
        .attribute(&local_name!("size"))
        .and_then(|size| size.trim().parse::<u32>().ok())
        .is_some_and(|size| size > 1);
    option.attribute(&local_name!("selected")).is_some()
        || (!has_chosen && !shows_list && option.attribute(&local_name!("disabled")).is_none())
}

/// <https://html.spec.whatwg.org/#select-enabled-selectedcontent>
pub(super) fn enabled_selected_content(document: &Document, select: NodeId) -> Option<NodeId> {
    // Step 1.
    if document.element(select)?.attribute(&local_name!("multiple")).is_some() {
        return None;
    }
    // Step 2.
    let found = document
        .descendants(select)
        .take(MAX_SELECTED_CONTENT_SEARCH)
        .find(|&node| document.element(node).is_some_and(|e| is_named(e, "selectedcontent")))?;
    // Step 3: one in an option, in another selectedcontent or in an inner select is disabled.
    let disabled = document.ancestors(found).take_while(|&a| a != select).any(|ancestor| {
        document
            .element(ancestor)
            .is_some_and(|e| ["option", "selectedcontent", "select"].iter().any(|name| is_named(e, name)))
    });
    (!disabled).then_some(found)
}

/// <https://html.spec.whatwg.org/#clone-an-option-into-a-selectedcontent>: gives the copies.
pub(super) fn copy_option(document: &mut Document, option: NodeId, selected_content: NodeId) -> Vec<NodeId> {
    let children: Vec<NodeId> = document.children(option).collect();
    let copies: Vec<NodeId> = children.into_iter().map(|child| document.clone_subtree(child)).collect();
    // The old children are not freed: the tree builder may hold one of them open.
    while let Some(old) = document.node(selected_content).first_child() {
        document.detach(old);
    }
    for &copy in &copies {
        document.append(selected_content, copy);
    }
    copies
}

fn is_named(element: &ElementData, name: &str) -> bool {
    element.name.ns == crate::dom::ns!(html) && *element.name.local == *name
}
