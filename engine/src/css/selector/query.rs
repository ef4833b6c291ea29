//! Looking for an element: <https://dom.spec.whatwg.org/#scope-match-a-selectors-string>.

use super::{Matcher, Selectors};
use crate::dom::{Document, NodeId};

impl Selectors {
    /// The first element in document order that one of the selectors matches. A selector of a pseudo-element matches none.
    pub fn first_match(&self, document: &Document) -> Option<NodeId> {
        let selectors: Vec<_> =
            self.indexed(document.quirks_mode).filter(|selector| selector.pseudo.is_none()).collect();
        let mut matcher = Matcher::new(document);
        document.elements().find(|&element| {
            matcher.enter(document.parent_element(element));
            selectors.iter().any(|selector| matcher.matches(selector, element))
        })
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::dom::{QualName, local_name, ns};

    #[test]
    fn the_first_in_the_order_of_the_document() {
        let mut document = Document::new(Url::parse("http://a.test/").unwrap());
        let mut append = |parent: Option<NodeId>, name| {
            let node = document.create_element(QualName::new(ns!(html), name), Vec::new());
            document.append(parent.unwrap_or(document.root()), node);
            node
        };
        let root = append(None, local_name!("html"));
        let (first, second) = (append(Some(root), local_name!("p")), append(Some(root), local_name!("p")));
        let inner = append(Some(second), local_name!("b"));
        for (selector, expected) in [
            ("p", Some(first)),
            ("p:has(b)", Some(second)),
            ("i, html > p > b", Some(inner)),
            ("i", None),
            ("p::before", None),
        ] {
            let selectors = Selectors::parse(selector, None).unwrap();
            assert_eq!(selectors.first_match(&document), expected, "{selector}");
        }
    }
}
