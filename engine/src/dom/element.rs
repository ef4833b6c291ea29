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

/// Attributes in order, and what is made of them.
#[derive(Debug, Clone, Default)]
struct Attributes {
    list: Vec<Attribute>,
    /// The `id` attribute's value, interned for matching.
    id: Option<LocalName>,
    /// The `class` attribute's tokens, interned for matching.
    classes: Vec<LocalName>,
}

// It fits the 48 bytes that allocators have a class for.
const _: () = assert!(size_of::<ElementData>() <= 40);

/// What an element has beside its place in the tree: <https://dom.spec.whatwg.org/#interface-element>.
#[derive(Debug, Clone)]
pub struct ElementData {
    /// The qualified name.
    pub name: QualName,
    /// `None`: none. Half of all elements have none.
    attributes: Option<Box<Attributes>>,
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
            attributes: (!attributes.is_empty())
                .then(|| Box::new(Attributes { list: attributes, ..Attributes::default() })),
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
        self.attributes.as_ref().map_or(&[], |attributes| &attributes.list)
    }

    /// The attributes; after a change [`ElementData::refresh_cached_attributes`] is due.
    pub(super) fn attributes_mut(&mut self) -> &mut Vec<Attribute> {
        &mut self.attributes.get_or_insert_default().list
    }

    /// The value of the attribute with that local name in no namespace.
    pub fn attribute(&self, local: &LocalName) -> Option<&str> {
        self.attributes()
            .iter()
            .find(|a| a.name.ns == ns!() && a.name.local == *local)
            .map(|a| a.value.as_str())
    }

    /// The `id`.
    pub fn id(&self) -> Option<&LocalName> {
        self.attributes.as_ref()?.id.as_ref()
    }

    /// The tokens of `class`.
    pub fn classes(&self) -> &[LocalName] {
        self.attributes.as_ref().map_or(&[], |attributes| &attributes.classes)
    }

    pub(super) fn refresh_cached_attributes(&mut self) {
        if self.attributes.is_none() {
            return;
        }
        let id = self.attribute(&local_name!("id")).filter(|id| !id.is_empty()).map(LocalName::from);
        let classes = self
            .attribute(&local_name!("class"))
            .map(|c| c.split_ascii_whitespace().map(LocalName::from).collect())
            .unwrap_or_default();
        if let Some(attributes) = &mut self.attributes {
            attributes.id = id;
            attributes.classes = classes;
        }
    }
}
