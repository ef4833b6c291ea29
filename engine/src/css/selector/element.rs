//! What the matcher asks of an element of our tree.

use precomputed_hash::PrecomputedHash;
use selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use selectors::bloom::{BLOOM_HASH_MASK, BloomFilter};
use selectors::context::MatchingContext;
use selectors::matching::ElementSelectorFlags;
use selectors::{Element, OpaqueElement};

use super::grammar::{
    AttributeValue, Direction, Grammar, Name, NamespaceUrl, PseudoClass, PseudoElementKind,
};
use crate::dom::{Document, ElementData, LocalName, NodeData, NodeId, Syntax, local_name, ns};
use crate::limits::MAX_RADIO_SEARCH;

/// An element in its document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementRef<'a> {
    pub(crate) document: &'a Document,
    pub(crate) id: NodeId,
}

/// The hashes of an element's names for the ancestor filter.
pub(super) fn hashes(document: &Document, id: NodeId) -> Vec<u32> {
    let Some(data) = document.element(id) else { return Vec::new() };
    let mut hashes = Vec::with_capacity(2 + data.classes().len());
    hashes.push(data.local_name().precomputed_hash() & BLOOM_HASH_MASK);
    hashes.push(data.namespace().precomputed_hash() & BLOOM_HASH_MASK);
    hashes.extend(data.id().map(|id| id.precomputed_hash() & BLOOM_HASH_MASK));
    hashes.extend(data.classes().iter().map(|c| c.precomputed_hash() & BLOOM_HASH_MASK));
    hashes
}

impl<'a> ElementRef<'a> {
    fn data(self) -> &'a ElementData {
        self.document.element(self.id).expect(
            "an ElementRef is made for elements only, and the document does not change while it lives",
        )
    }

    fn at(self, id: NodeId) -> Self {
        Self { document: self.document, id }
    }

    fn is_html(self, local: &LocalName) -> bool {
        self.data().is_html(local)
    }

    fn attribute(self, local: &LocalName) -> Option<&'a str> {
        self.data().attribute(local)
    }

    fn is_form_control(self) -> bool {
        let data = self.data();
        *data.namespace() == ns!(html)
            && matches!(
                &**data.local_name(),
                "button" | "input" | "select" | "textarea" | "optgroup" | "option" | "fieldset"
            )
    }

    /// <https://html.spec.whatwg.org/#concept-element-disabled>
    fn is_disabled(self) -> bool {
        if !self.is_form_control() {
            return false;
        }
        if self.attribute(&local_name!("disabled")).is_some() {
            return true;
        }
        if self.is_html(&local_name!("option")) {
            return self
                .parent_element()
                .is_some_and(|p| p.is_html(&local_name!("optgroup")) && p.is_disabled());
        }
        // A disabled fieldset disables what is in it, except in its first legend.
        let mut child = self;
        let mut ancestor = self.parent_element();
        while let Some(parent) = ancestor {
            if parent.is_html(&local_name!("fieldset"))
                && parent.attribute(&local_name!("disabled")).is_some()
            {
                let first_legend = parent
                    .document
                    .children(parent.id)
                    .find(|&c| parent.document.element(c).is_some_and(|e| e.is_html(&local_name!("legend"))));
                if first_legend != Some(child.id) {
                    return true;
                }
            }
            child = parent;
            ancestor = parent.parent_element();
        }
        false
    }

    fn is_text_control(self) -> bool {
        if self.is_html(&local_name!("textarea")) {
            return true;
        }
        self.is_html(&local_name!("input"))
            && !matches!(
                self.attribute(&local_name!("type")).unwrap_or("text").to_ascii_lowercase().as_str(),
                "hidden"
                    | "range"
                    | "color"
                    | "checkbox"
                    | "radio"
                    | "file"
                    | "submit"
                    | "image"
                    | "reset"
                    | "button"
            )
    }

    fn is_read_write(self) -> bool {
        if self.is_text_control() {
            return self.attribute(&local_name!("readonly")).is_none() && !self.is_disabled();
        }
        std::iter::successors(Some(self), |e| e.parent_element())
            .find_map(|e| e.attribute(&local_name!("contenteditable")))
            .is_some_and(|value| !value.eq_ignore_ascii_case("false"))
    }

    fn is_checked(self) -> bool {
        if self.is_html(&local_name!("option")) {
            return self.attribute(&local_name!("selected")).is_some();
        }
        if !self.is_html(&local_name!("input")) || self.attribute(&local_name!("checked")).is_none() {
            return false;
        }
        match self.attribute(&local_name!("type")).unwrap_or("").to_ascii_lowercase().as_str() {
            "checkbox" => true,
            "radio" => !self.is_unchecked_by_a_later_radio(),
            _ => false,
        }
    }

    /// Whether another radio button of the same group comes later with `checked`, which takes this one's check.
    fn is_unchecked_by_a_later_radio(self) -> bool {
        let Some(name) = self.attribute(&local_name!("name")).filter(|n| !n.is_empty()) else { return false };
        let form = |of: Self| {
            std::iter::successors(Some(of), |e| e.parent_element())
                .find(|e| e.is_html(&local_name!("form")))
                .map(|e| e.id)
        };
        let own_form = form(self);
        let root = own_form.unwrap_or_else(|| self.document.root());
        self.document
            .descendants(root)
            .skip_while(|&n| n != self.id)
            .skip(1)
            .take(MAX_RADIO_SEARCH)
            .filter(|&n| self.document.element(n).is_some_and(|e| e.is_html(&local_name!("input"))))
            .map(|n| self.at(n))
            .any(|other| {
                other.attribute(&local_name!("checked")).is_some()
                    && other.attribute(&local_name!("name")) == Some(name)
                    && other.attribute(&local_name!("type")).is_some_and(|t| t.eq_ignore_ascii_case("radio"))
                    && form(other) == own_form
            })
    }

    fn language(self) -> Option<&'a str> {
        std::iter::successors(Some(self), |e| e.parent_element()).find_map(|e| {
            e.data()
                .attributes()
                .iter()
                .find(|a| *a.name.local == *"lang" && (a.name.ns == ns!() || a.name.ns == ns!(xml)))
                .map(|a| a.value.as_str())
        })
    }

    /// <https://html.spec.whatwg.org/#the-directionality>, without `auto`'s look at the text.
    fn is_rtl(self) -> bool {
        std::iter::successors(Some(self), |e| e.parent_element())
            .find_map(|e| match e.attribute(&local_name!("dir")) {
                Some(dir) if dir.eq_ignore_ascii_case("rtl") => Some(true),
                Some(dir) if dir.eq_ignore_ascii_case("ltr") => Some(false),
                _ => None,
            })
            .unwrap_or(false)
    }
}

/// <https://datatracker.ietf.org/doc/html/rfc4647#section-3.3.2>, a range against a tag.
fn language_matches(range: &str, tag: &str) -> bool {
    let mut wanted = range.split('-');
    let mut subtags = tag.split('-').peekable();
    match (wanted.next(), subtags.next()) {
        (Some("*"), Some(tag)) if !tag.is_empty() => {}
        (Some(first), Some(tag)) if first.eq_ignore_ascii_case(tag) => {}
        _ => return false,
    }
    for part in wanted {
        if part == "*" {
            continue;
        }
        loop {
            match subtags.next() {
                None => return false,
                Some(subtag) if subtag.eq_ignore_ascii_case(part) => break,
                Some(subtag) if subtag.len() == 1 => return false,
                Some(_) => {}
            }
        }
    }
    true
}

impl Element for ElementRef<'_> {
    type Impl = Grammar;

    fn opaque(&self) -> OpaqueElement {
        OpaqueElement::new(self.data())
    }

    fn parent_element(&self) -> Option<Self> {
        self.document.parent_element(self.id).map(|p| self.at(p))
    }

    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        std::iter::successors(self.document.node(self.id).previous_sibling(), |&n| {
            self.document.node(n).previous_sibling()
        })
        .find(|&n| self.document.element(n).is_some())
        .map(|n| self.at(n))
    }

    fn next_sibling_element(&self) -> Option<Self> {
        std::iter::successors(self.document.node(self.id).next_sibling(), |&n| {
            self.document.node(n).next_sibling()
        })
        .find(|&n| self.document.element(n).is_some())
        .map(|n| self.at(n))
    }

    fn first_element_child(&self) -> Option<Self> {
        self.document.children(self.id).find(|&n| self.document.element(n).is_some()).map(|n| self.at(n))
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.document.syntax == Syntax::Html && *self.data().namespace() == ns!(html)
    }

    fn has_local_name(&self, local_name: &Name) -> bool {
        *self.data().local_name() == local_name.0
    }

    fn has_namespace(&self, ns: &NamespaceUrl) -> bool {
        *self.data().namespace() == ns.0
    }

    fn is_same_type(&self, other: &Self) -> bool {
        self.data().local_name() == other.data().local_name()
            && self.data().namespace() == other.data().namespace()
    }

    fn attr_matches(
        &self,
        ns: &NamespaceConstraint<&NamespaceUrl>,
        local_name: &Name,
        operation: &AttrSelectorOperation<&AttributeValue>,
    ) -> bool {
        self.data().attributes().iter().any(|attribute| {
            attribute.name.local == local_name.0
                && match ns {
                    NamespaceConstraint::Any => true,
                    NamespaceConstraint::Specific(ns) => attribute.name.ns == ns.0,
                }
                && operation.eval_str(&attribute.value)
        })
    }

    fn match_non_ts_pseudo_class(&self, class: &PseudoClass, _: &mut MatchingContext<Grammar>) -> bool {
        match class {
            PseudoClass::AnyLink => self.is_link(),
            PseudoClass::Checked => self.is_checked(),
            PseudoClass::Disabled => self.is_disabled(),
            PseudoClass::Enabled => self.is_form_control() && !self.is_disabled(),
            PseudoClass::Required => {
                self.is_form_control() && self.attribute(&local_name!("required")).is_some()
            }
            PseudoClass::Optional => {
                matches!(&**self.data().local_name(), "input" | "select" | "textarea")
                    && self.attribute(&local_name!("required")).is_none()
            }
            PseudoClass::ReadOnly => !self.is_read_write(),
            PseudoClass::ReadWrite => self.is_read_write(),
            PseudoClass::PlaceholderShown => {
                self.is_text_control()
                    && self.attribute(&local_name!("placeholder")).is_some()
                    && self.attribute(&local_name!("value")).is_none_or(str::is_empty)
                    && self.document.text_content(self.id).is_empty()
            }
            PseudoClass::Default => self.is_checked(),
            PseudoClass::Indeterminate => {
                self.is_html(&local_name!("progress")) && self.attribute(&local_name!("value")).is_none()
            }
            PseudoClass::Open => {
                matches!(&**self.data().local_name(), "details" | "dialog")
                    && self.attribute(&local_name!("open")).is_some()
            }
            PseudoClass::Defined => {
                !self.data().local_name().contains('-') || *self.data().namespace() != ns!(html)
            }
            PseudoClass::Target => match self.document.url.fragment() {
                Some(fragment) if !fragment.is_empty() => {
                    self.data().id().is_some_and(|id| **id == *fragment)
                }
                _ => false,
            },
            PseudoClass::Valid => self.is_form_control(),
            PseudoClass::Never(_) => false,
            PseudoClass::Lang(ranges) => {
                let tag = self.language().unwrap_or("");
                ranges.iter().any(|range| language_matches(range, tag))
            }
            PseudoClass::Dir(direction) => match direction {
                Direction::Ltr => !self.is_rtl(),
                Direction::Rtl => self.is_rtl(),
                Direction::Other => false,
            },
        }
    }

    fn match_pseudo_element(&self, _: &PseudoElementKind, _: &mut MatchingContext<Grammar>) -> bool {
        false
    }

    fn apply_selector_flags(&self, _: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        let data = self.data();
        *data.namespace() == ns!(html)
            && matches!(&**data.local_name(), "a" | "area")
            && data.attribute(&local_name!("href")).is_some()
    }

    fn is_html_slot_element(&self) -> bool {
        false
    }

    fn has_id(&self, id: &Name, case_sensitivity: CaseSensitivity) -> bool {
        self.data().id().is_some_and(|own| case_sensitivity.eq(own.as_bytes(), id.0.as_bytes()))
    }

    fn has_class(&self, name: &Name, case_sensitivity: CaseSensitivity) -> bool {
        match case_sensitivity {
            CaseSensitivity::CaseSensitive => self.data().classes().contains(&name.0),
            CaseSensitivity::AsciiCaseInsensitive => {
                self.data().classes().iter().any(|c| c.eq_ignore_ascii_case(&name.0))
            }
        }
    }

    fn has_custom_state(&self, _: &Name) -> bool {
        false
    }

    fn imported_part(&self, _: &Name) -> Option<Name> {
        None
    }

    fn is_part(&self, _: &Name) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        self.document.children(self.id).all(|child| match self.document.node(child).data() {
            NodeData::Element(_) => false,
            NodeData::Text(text) => text.is_empty(),
            _ => true,
        })
    }

    fn is_root(&self) -> bool {
        self.document.document_element() == Some(self.id)
    }

    fn add_element_unique_hashes(&self, filter: &mut BloomFilter) -> bool {
        for hash in hashes(self.document, self.id) {
            filter.insert_hash(hash);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::language_matches;

    #[test]
    fn extended_filtering() {
        for (range, tag, expected) in [
            ("de", "de-AT", true),
            ("de-DE", "de-Latn-DE", true),
            ("de", "den", false),
            ("*-CH", "fr-CH", true),
            ("en", "", false),
        ] {
            assert_eq!(language_matches(range, tag), expected, "{range} {tag}");
        }
    }
}
