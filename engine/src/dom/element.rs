//! An element's name, attributes, id and classes.

use super::name::{LocalName, Namespace, QualName, local_name, ns};
use super::tree::NodeId;

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The name.
    pub name: QualName,
    /// The value.
    pub value: String,
}

/// What an element has beside its place in the tree: <https://dom.spec.whatwg.org/#interface-element>.
#[derive(Debug, Clone)]
pub struct ElementData {
    /// The qualified name.
    pub name: QualName,
    pub(super) attributes: Vec<Attribute>,
    /// The `id` attribute's value, interned for matching.
    pub(super) id: Option<LocalName>,
    /// The `class` attribute's tokens, interned for matching.
    pub(super) classes: Vec<LocalName>,
    /// The contents of a `template` element.
    pub template_contents: Option<NodeId>,
    /// MathML's `annotation-xml` integration point flag, as the tree builder set it.
    pub mathml_annotation_xml_integration_point: bool,
    /// The "already started" flag of a `script`: <https://html.spec.whatwg.org/#already-started>.
    pub script_already_started: bool,
}

impl ElementData {
    /// An element without a place in a tree.
    pub fn new(name: QualName, attributes: Vec<Attribute>) -> Self {
        let mut element = Self {
            name,
            attributes,
            id: None,
            classes: Vec::new(),
            template_contents: None,
            mathml_annotation_xml_integration_point: false,
            script_already_started: false,
        };
        element.refresh_cached_attributes();
        element
    }

    /// The local name.
    pub const fn local_name(&self) -> &LocalName {
        &self.name.local
    }

    /// The namespace.
    pub const fn namespace(&self) -> &Namespace {
        &self.name.ns
    }

    /// Whether this is the HTML element with that local name.
    pub fn is_html(&self, local: &LocalName) -> bool {
        self.name.ns == ns!(html) && self.name.local == *local
    }

    /// The attributes in order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The value of the attribute with that local name in no namespace.
    pub fn attribute(&self, local: &LocalName) -> Option<&str> {
        self.attributes
            .iter()
            .find(|a| a.name.ns == ns!() && a.name.local == *local)
            .map(|a| a.value.as_str())
    }

    /// The `id`.
    pub const fn id(&self) -> Option<&LocalName> {
        self.id.as_ref()
    }

    /// The tokens of `class`.
    pub fn classes(&self) -> &[LocalName] {
        &self.classes
    }

    pub(super) fn refresh_cached_attributes(&mut self) {
        let id = self.attribute(&local_name!("id")).filter(|id| !id.is_empty()).map(LocalName::from);
        let classes = self
            .attribute(&local_name!("class"))
            .map(|c| c.split_ascii_whitespace().map(LocalName::from).collect())
            .unwrap_or_default();
        self.id = id;
        self.classes = classes;
    }
}
