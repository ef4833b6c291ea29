//! The tree with what belongs to the document as a whole.

use std::collections::HashMap;

use url::Url;

use super::name::local_name;
use super::node::{Node, NodeData};
use super::tree::{Arena, NodeId};

/// How the doctype made the document render: <https://dom.spec.whatwg.org/#concept-document-quirks>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuirksMode {
    /// As the standards say.
    #[default]
    NoQuirks,
    /// With the line-height and table-cell quirks of the limited mode.
    LimitedQuirks,
    /// As browsers of the nineties did.
    Quirks,
}

/// Which of the two syntaxes a document was written in: its type, <https://dom.spec.whatwg.org/#concept-document-type>.
/// In HTML the names of elements and attributes are without case, in XML they are as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Syntax {
    /// An HTML document.
    #[default]
    Html,
    /// An XML document, XHTML among them.
    Xml,
}

/// A document: <https://dom.spec.whatwg.org/#interface-document>.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) arena: Arena,
    root: NodeId,
    /// The document's URL (the final one, after redirects).
    pub url: Url,
    /// What relative URLs resolve against: the document's URL unless a `base` element says otherwise.
    pub base_url: Url,
    /// The name of the character encoding that was used, as the Encoding standard spells it.
    pub encoding: &'static str,
    /// The mode that the doctype chose.
    pub quirks_mode: QuirksMode,
    /// The syntax that it was written in.
    pub syntax: Syntax,
    /// The forms that the parser gave to controls: <https://html.spec.whatwg.org/#form-element-pointer>.
    pub form_owners: HashMap<NodeId, NodeId>,
}

impl Document {
    /// An empty document.
    pub fn new(url: Url) -> Self {
        let mut arena = Arena::default();
        let root = arena.insert(Node::new(NodeData::Document));
        Self {
            arena,
            root,
            base_url: url.clone(),
            url,
            encoding: "UTF-8",
            quirks_mode: QuirksMode::NoQuirks,
            syntax: Syntax::Html,
            form_owners: HashMap::new(),
        }
    }

    /// The document node.
    pub const fn root(&self) -> NodeId {
        self.root
    }

    /// The first element child of the document: `html`.
    pub fn document_element(&self) -> Option<NodeId> {
        self.children(self.root).find(|&n| self.element(n).is_some())
    }

    /// <https://html.spec.whatwg.org/#the-body-element-2>
    pub fn body(&self) -> Option<NodeId> {
        let html = self.document_element()?;
        self.children(html).find(|&n| {
            self.element(n)
                .is_some_and(|e| e.is_html(&local_name!("body")) || e.is_html(&local_name!("frameset")))
        })
    }

    /// <https://html.spec.whatwg.org/#document.title>, whitespace stripped and collapsed.
    pub fn title(&self) -> Option<String> {
        let title = self
            .descendants(self.root)
            .find(|&n| self.element(n).is_some_and(|e| e.is_html(&local_name!("title"))))?;
        Some(self.text_content(title).split_ascii_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The base URL that `node` sets if it is a `base` element of the document with an `href`:
    /// <https://html.spec.whatwg.org/#set-the-frozen-base-url>. Only the first such element counts.
    pub fn base_url_from(&self, node: NodeId) -> Option<Url> {
        let element = self.element(node).filter(|e| e.is_html(&local_name!("base")))?;
        let href = element.attribute(&local_name!("href"))?;
        self.ancestors(node).find(|&ancestor| ancestor == self.root())?;
        // Step 2 parses against the fallback base URL; steps 3 and 4 fall back to it.
        let resolved = self.url.join(href).ok().filter(|u| !matches!(u.scheme(), "data" | "javascript"));
        Some(resolved.unwrap_or_else(|| self.url.clone()))
    }

    /// Sets [`Document::base_url`] by the first `base` element: <https://html.spec.whatwg.org/#document-base-url>.
    pub fn refresh_base_url(&mut self) {
        let base = self.elements().find_map(|node| self.base_url_from(node));
        self.base_url = base.unwrap_or_else(|| self.url.clone());
    }

    /// Elements in document order.
    pub fn elements(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.descendants(self.root).filter(|&n| self.element(n).is_some())
    }
}
