//! How deep a node lies, and how a tree that grew too deep becomes flat again.

use std::collections::HashMap;

use crate::dom::{Document, NodeId};
use crate::limits::MAX_TREE_DEPTH;

/// `node`, its parent, and so on; from template contents on to their template.
pub(super) fn upwards<'a>(
    document: &'a Document,
    hosts: &'a HashMap<NodeId, NodeId>,
    node: NodeId,
) -> impl Iterator<Item = NodeId> + 'a {
    std::iter::successors(Some(node), move |at| {
        document.node(*at).parent().or_else(|| hosts.get(at).copied())
    })
}

/// Moves elements deeper than [`MAX_TREE_DEPTH`] up behind their parent; says how deep the tree is then, and
/// how many moved. Only takes ancestors away from a node, never gives it new ones, so the tree builder can make
/// no cycle out of it.
pub(super) fn flatten_tree(document: &mut Document) -> (usize, usize) {
    let (mut deepest, mut moved) = (0_usize, 0_usize);
    let mut roots = vec![(document.root(), 0_usize)];
    while let Some((root, base)) = roots.pop() {
        let (mut at, mut depth) = (root, base);
        loop {
            if let Some(element) = document.element(at) {
                roots.extend(element.template_contents.map(|contents| (contents, depth)));
            }
            deepest = deepest.max(depth);
            if depth >= MAX_TREE_DEPTH && at != root {
                moved += lift_element_children(document, at);
            }
            // The next node in document order.
            if let Some(child) = document.node(at).first_child() {
                at = child;
                depth += usize::from(document.element(child).is_some());
                continue;
            }
            loop {
                if at == root {
                    break;
                }
                depth -= usize::from(document.element(at).is_some());
                let node = document.node(at);
                if let Some(sibling) = node.next_sibling() {
                    at = sibling;
                    depth += usize::from(document.element(sibling).is_some());
                    break;
                }
                match node.parent() {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
            if at == root {
                break;
            }
        }
    }
    (deepest, moved)
}

/// Moves the first element child of `parent` and all that follows it behind `parent`, in order.
fn lift_element_children(document: &mut Document, parent: NodeId) -> usize {
    let Some(grandparent) = document.node(parent).parent() else { return 0 };
    let behind = document.node(parent).next_sibling();
    let Some(first) = document.children(parent).find(|&c| document.element(c).is_some()) else { return 0 };
    let mut next = Some(first);
    let mut moved = 0;
    while let Some(node) = next {
        next = document.node(node).next_sibling();
        document.insert_before(grandparent, node, behind);
        moved += 1;
    }
    moved
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use url::Url;

    use super::{flatten_tree, upwards};
    use crate::dom::{Document, NodeData, NodeId, QualName, local_name, ns};
    use crate::limits::MAX_TREE_DEPTH;

    fn div(document: &mut Document, parent: NodeId) -> NodeId {
        let node = document.create_element(QualName::new(ns!(html), local_name!("div")), Vec::new());
        document.append(parent, node);
        node
    }

    fn depth(document: &Document, node: NodeId) -> usize {
        upwards(document, &HashMap::new(), node).filter(|&n| document.element(n).is_some()).count()
    }

    /// A chain of elements with text before and after each child, as deep as adopting can make it.
    #[test]
    fn a_deep_tree_becomes_flat_in_the_same_order() {
        let mut document = Document::new(Url::parse("http://example.org/").unwrap());
        let (mut parent, levels) = (document.root(), 3 * MAX_TREE_DEPTH);
        for level in 0..levels {
            document.insert_text(parent, &format!("<{level} "), None);
            let child = div(&mut document, parent);
            let side = div(&mut document, parent);
            document.insert_text(side, &format!("{level}> "), None);
            let comment = document.create(NodeData::Comment(Box::default()));
            document.append(parent, comment);
            parent = child;
        }
        let before: Vec<NodeId> = document.descendants(document.root()).collect();
        let text = |document: &Document| -> Vec<String> {
            document.text_content(document.root()).split_whitespace().map(str::to_owned).collect()
        };
        let text_before = text(&document);
        let (deepest, moved) = flatten_tree(&mut document);
        assert_eq!(deepest, MAX_TREE_DEPTH);
        assert!(moved >= levels - MAX_TREE_DEPTH);
        let after: Vec<NodeId> = document.descendants(document.root()).collect();
        assert_eq!(before, after, "nothing is lost, and the order of the page stays");
        assert_eq!(text(&document), text_before);
        assert_eq!(after.iter().map(|&n| depth(&document, n)).max(), Some(MAX_TREE_DEPTH));
        document.check_invariants().unwrap();
        assert_eq!(flatten_tree(&mut document), (MAX_TREE_DEPTH, 0));
    }
}
