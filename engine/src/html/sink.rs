//! The tree operations of html5ever and xml5ever, straight onto the document's mutation API, with the cap on depth.
//!
//! The tree builder asks for changes in the terms of <https://html.spec.whatwg.org/#tree-construction>; each
//! is one or two calls of [`crate::dom::mutate`]. What is added here:
//!
//! - **The cap.** No element lies deeper than [`MAX_TREE_DEPTH`]: one that would becomes the next sibling at
//!   that depth, as in Chromium (`HTMLConstructionSite::AttachLater`). Depth is had by walking ancestors, since
//!   the adoption agency moves whole subtrees and any cached depth would go stale.
//! - **The base URL** follows the first `base` element as it is inserted.
//! - **The list of inserted elements**, so that a caller can look for subresources between two chunks.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode as BuilderQuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute as BuilderAttribute, QualName as BuilderName};

use super::flatten::{flatten_tree, upwards};
use super::selected_content::{copy_option, enabled_selected_content, is_chosen, nearest_select};
use crate::diagnostic::Diagnostic;
use crate::dom::{
    Attribute, Doctype, Document, LocalName, Namespace, NodeData, NodeId, ProcessingInstruction, QualName,
    QuirksMode, Syntax, local_name, ns,
};
use crate::limits::{
    FREE_NODES, MAX_DOCUMENT_DIAGNOSTICS, MAX_NODES, MAX_NODES_PER_TAG, MAX_TAG_ATTRIBUTES, MAX_TREE_DEPTH,
};

/// How far the tree may overgrow [`MAX_TREE_DEPTH`] before it is flattened: adopting deepens whole subtrees,
/// and measuring each of them on the spot would cost the square of the page.
const FLATTEN_SLACK: usize = MAX_TREE_DEPTH;

/// Builds a [`Document`] for html5ever. Its methods take `&self`, as the trait asks, so all state is in cells;
/// no borrow outlives a method.
#[derive(Debug)]
pub(super) struct Sink {
    document: RefCell<Document>,
    /// Template contents, to the template that they belong to: the walk upwards goes through it.
    template_hosts: RefCell<HashMap<NodeId, NodeId>>,
    /// Elements in order of insertion since they were last taken.
    inserted: RefCell<Vec<NodeId>>,
    /// The element that the tree builder asked about last. See [`super::nesting`].
    last_asked: Cell<Option<NodeId>>,
    /// No element lies deeper than this. Grows by one with every subtree that moves.
    depth_bound: Cell<usize>,
    base_frozen: Cell<bool>,
    /// Whether there is any `selectedcontent` element.
    has_selected_content: Cell<bool>,
    /// The `select` elements that have a chosen option already.
    decided_selects: RefCell<HashSet<NodeId>>,
    node_count: Cell<usize>,
    tag_count: Cell<usize>,
    full: Cell<bool>,
    line: Cell<u32>,
    errors: RefCell<Vec<(u32, Cow<'static, str>)>>,
    error_count: Cell<usize>,
    flattened: Cell<usize>,
    /// How deep an element lies, for as long as no element is moved.
    known_depth: Cell<Option<(NodeId, usize)>>,
    cut_tags: Cell<u64>,
}

impl Sink {
    pub(super) fn new(document: Document) -> Self {
        Self {
            document: RefCell::new(document),
            template_hosts: RefCell::default(),
            inserted: RefCell::default(),
            last_asked: Cell::new(None),
            depth_bound: Cell::new(0),
            base_frozen: Cell::new(false),
            has_selected_content: Cell::new(false),
            decided_selects: RefCell::default(),
            node_count: Cell::new(1),
            tag_count: Cell::new(0),
            full: Cell::new(false),
            line: Cell::new(1),
            errors: RefCell::default(),
            error_count: Cell::new(0),
            flattened: Cell::new(0),
            known_depth: Cell::new(None),
            cut_tags: Cell::new(0),
        }
    }

    /// The document so far.
    pub(super) const fn document(&self) -> &RefCell<Document> {
        &self.document
    }

    /// The elements inserted since the last call, in order of insertion.
    pub(super) const fn inserted(&self) -> &RefCell<Vec<NodeId>> {
        &self.inserted
    }

    /// The element that the tree builder asked about last, which is then forgotten.
    pub(super) const fn take_last_asked(&self) -> Option<NodeId> {
        self.last_asked.replace(None)
    }

    /// Counts a tag or comment, and tells whether the page has made more nodes than it may: then nothing more should be parsed.
    /// Counting tags and not bytes keeps the answer free of how the bytes were cut.
    pub(super) fn is_full_at_next_tag(&self) -> bool {
        self.tag_count.set(self.tag_count.get().saturating_add(1));
        let allowed = FREE_NODES.saturating_add(self.tag_count.get().saturating_mul(MAX_NODES_PER_TAG));
        if self.node_count.get() >= allowed.min(MAX_NODES) {
            self.full.set(true);
        }
        self.full.get()
    }

    /// Whether the page has made more nodes than it may.
    pub(super) const fn is_full(&self) -> bool {
        self.full.get()
    }

    /// No element lies deeper than this.
    pub(super) const fn depth_bound(&self) -> usize {
        self.depth_bound.get()
    }

    /// How many elements from the root `node` is away, itself counted, through template contents.
    pub(super) fn depth(&self, node: NodeId) -> usize {
        let document = self.document.borrow();
        let is_element = |node: NodeId| document.element(node).is_some();
        // Near the cap it is asked for neighbours again and again: most of the way is known.
        if let Some((known, depth)) = self.known_depth.get().filter(|_| is_element(node)) {
            let (parent, other) = (document.node(node).parent(), document.node(known).parent());
            let found = match parent {
                _ if known == node => Some(depth),
                Some(parent) if parent == known => Some(depth + 1),
                Some(_) if parent == other => Some(depth),
                _ if other == Some(node) => Some(depth - 1),
                _ => None,
            };
            if let Some(depth) = found {
                self.known_depth.set(Some((node, depth)));
                return depth;
            }
        }
        let hosts = self.template_hosts.borrow();
        let depth = upwards(&document, &hosts, node).filter(|&n| is_element(n)).count();
        self.known_depth.set(is_element(node).then_some((node, depth)));
        depth
    }

    /// Moves every element deeper than [`MAX_TREE_DEPTH`] up to that depth, behind its old parent, so that the
    /// order of the page stays. Costs one walk of the tree, and only when some subtree was moved often enough.
    pub(super) fn flatten(&self) {
        if self.depth_bound.get() > MAX_TREE_DEPTH {
            self.known_depth.set(None);
            let (deepest, moved) = flatten_tree(&mut self.document.borrow_mut());
            self.depth_bound.set(deepest);
            self.count_flattened(moved);
        }
    }

    /// The document and what is to be said about it.
    pub(super) fn into_parts(self) -> (Document, Vec<Diagnostic>) {
        self.flatten();
        let document = self.document.into_inner();
        let url = Some(document.url.clone());
        let mut diagnostics: Vec<Diagnostic> = self
            .errors
            .into_inner()
            .into_iter()
            .map(|(line, message)| Diagnostic {
                url: url.clone(),
                line: Some(line),
                message: message.into_owned(),
            })
            .collect();
        let mut tell = |message| diagnostics.push(Diagnostic { url: url.clone(), line: None, message });
        let untold = self.error_count.get().saturating_sub(MAX_DOCUMENT_DIAGNOSTICS);
        if untold > 0 {
            tell(format!("{untold} further parse errors"));
        }
        if self.flattened.get() > 0 {
            let moved = self.flattened.get();
            tell(format!(
                "{moved} elements nested deeper than {MAX_TREE_DEPTH} became siblings at that depth"
            ));
        }
        if self.cut_tags.get() > 0 {
            let tags = self.cut_tags.get();
            tell(format!(
                "{tags} tags with more than {MAX_TAG_ATTRIBUTES} attributes lost those that came later"
            ));
        }
        if self.full.get() {
            let nodes = self.node_count.get();
            tell(format!("the page makes too many nodes: what comes after {nodes} of them was not parsed"));
        }
        (document, diagnostics)
    }

    /// Counts an element that did not come to lie where the page put it.
    pub(super) fn count_flattened(&self, elements: usize) {
        self.flattened.set(self.flattened.get().saturating_add(elements));
    }

    /// Counts tags that lost attributes.
    pub(super) fn count_cut_tags(&self, tags: u64) {
        self.cut_tags.set(self.cut_tags.get().saturating_add(tags));
    }

    fn count_node(&self) {
        self.node_count.set(self.node_count.get().saturating_add(1));
    }

    /// Puts `child` under `parent` before `before`, or, when that is too deep, under the ancestor of `parent`
    /// that may still have children.
    fn insert(&self, parent: NodeId, child: NodeOrText<NodeId>, before: Option<NodeId>) {
        match child {
            NodeOrText::AppendText(text) => {
                let grown = self.document.borrow_mut().insert_text(parent, &text, before);
                if grown.is_some() {
                    self.count_node();
                }
            }
            NodeOrText::AppendNode(node) => self.insert_node(parent, node, before),
        }
    }

    fn insert_node(&self, parent: NodeId, node: NodeId, before: Option<NodeId>) {
        let is_element = self.document.borrow().element(node).is_some();
        if !is_element {
            self.document.borrow_mut().insert_before(parent, node, before);
            return;
        }
        if self.depth_bound.get() > MAX_TREE_DEPTH + FLATTEN_SLACK {
            self.flatten();
        }
        let mut before = before;
        let (mut parent, is_new) = {
            let document = self.document.borrow();
            // Flattening may have given the reference child another parent.
            let parent = before.and_then(|b| document.node(b).parent()).unwrap_or(parent);
            let node = document.node(node);
            (parent, node.parent().is_none() && node.first_child().is_none())
        };
        if !is_new {
            self.known_depth.set(None);
            let (document, hosts) = (self.document.borrow(), self.template_hosts.borrow());
            if upwards(&document, &hosts, parent).any(|at| at == node) {
                // Cannot happen while only the parser changes the tree: see `flatten_tree`.
                return;
            }
        }
        let mut depth = self.depth(parent);
        let mut document = self.document.borrow_mut();
        // DEVIATION: Chromium measures its stack of open elements, this measures the tree; without misnested
        // tags both are the same.
        while depth >= MAX_TREE_DEPTH {
            let Some(up) = document.node(parent).parent() else { break };
            before = document.node(parent).next_sibling();
            depth -= usize::from(document.element(parent).is_some());
            parent = up;
            self.count_flattened(1);
        }
        let bound = match document.node(node).first_child() {
            None => self.depth_bound.get().max(depth + 1),
            // A subtree: its lowest leaf was no deeper than the bound, and moved down by some levels at most.
            Some(_) => self.depth_bound.get().saturating_add(1).max(depth + 1),
        };
        self.depth_bound.set(bound);
        document.insert_before(parent, node, before);
        if !is_new {
            self.known_depth.set(None);
        }
        self.inserted.borrow_mut().push(node);
        if !self.base_frozen.get()
            && let Some(base) = document.base_url_from(node)
        {
            document.base_url = base;
            self.base_frozen.set(true);
        }
    }
}

/// An element's name, owned: a borrow from the document's cell might be alive when the tree is changed.
#[derive(Debug)]
pub(super) struct ElementName {
    ns: Namespace,
    local: LocalName,
}

impl ElemName for ElementName {
    fn ns(&self) -> &Namespace {
        &self.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.local
    }
}

fn attribute(attribute: BuilderAttribute) -> Attribute {
    Attribute { name: name(attribute.name), value: String::from(attribute.value) }
}

fn name(name: BuilderName) -> QualName {
    QualName { prefix: name.prefix, ns: name.ns, local: name.local }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Self;
    type ElemName<'a> = ElementName;

    fn finish(self) -> Self {
        self
    }

    fn associate_with_form(&self, target: &NodeId, form: &NodeId, _: (&NodeId, Option<&NodeId>)) {
        self.document.borrow_mut().form_owners.insert(*target, *form);
    }

    fn parse_error(&self, message: Cow<'static, str>) {
        self.error_count.set(self.error_count.get().saturating_add(1));
        let mut errors = self.errors.borrow_mut();
        if errors.len() < MAX_DOCUMENT_DIAGNOSTICS {
            errors.push((self.line.get(), message));
        }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }

    fn get_document(&self) -> NodeId {
        self.document.borrow().root()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> ElementName {
        self.last_asked.set(Some(*target));
        match self.document.borrow().element(*target) {
            Some(element) => ElementName { ns: element.name.ns.clone(), local: element.name.local.clone() },
            None => ElementName { ns: ns!(), local: local_name!("") },
        }
    }

    fn create_element(
        &self,
        qualified: BuilderName,
        attributes: Vec<BuilderAttribute>,
        flags: ElementFlags,
    ) -> NodeId {
        if &*qualified.local == "selectedcontent" {
            self.has_selected_content.set(true);
        }
        let mut document = self.document.borrow_mut();
        let attributes = attributes.into_iter().map(attribute).collect();
        let node = document.create_element(name(qualified), attributes);
        self.count_node();
        if flags.template || flags.mathml_annotation_xml_integration_point {
            let contents = flags.template.then(|| document.create(NodeData::DocumentFragment));
            if let Some(element) = document.element_mut(node) {
                element.template_contents = contents;
                element.mathml_annotation_xml_integration_point =
                    flags.mathml_annotation_xml_integration_point;
            }
            if let Some(contents) = contents {
                self.template_hosts.borrow_mut().insert(contents, node);
                self.count_node();
            }
        }
        node
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.count_node();
        self.document.borrow_mut().create(NodeData::Comment(String::from(text).into()))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.count_node();
        let instruction = ProcessingInstruction { target: String::from(target), data: String::from(data) };
        self.document.borrow_mut().create(NodeData::ProcessingInstruction(Box::new(instruction)))
    }

    /// xml5ever knows no templates: what it puts into one belongs into its contents
    /// (<https://html.spec.whatwg.org/#parsing-xhtml-documents>).
    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let contents = {
            let document = self.document.borrow();
            let is_xml = document.syntax == Syntax::Xml;
            document.element(*parent).filter(|_| is_xml).and_then(|e| e.template_contents)
        };
        self.insert(contents.unwrap_or(*parent), child, None);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let parent = self.document.borrow().node(*sibling).parent();
        // Without a parent there is no place before the sibling; the tree builder asks for it only when there is.
        if let Some(parent) = parent {
            self.insert(parent, child, Some(*sibling));
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let parent = self.document.borrow().node(*element).parent();
        match parent {
            Some(parent) => self.insert(parent, child, Some(*element)),
            None => self.insert(*previous_element, child, None),
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        let mut document = self.document.borrow_mut();
        let doctype = document.create(NodeData::Doctype(Box::new(Doctype {
            name: String::from(name),
            public_id: String::from(public_id),
            system_id: String::from(system_id),
        })));
        let root = document.root();
        document.append(root, doctype);
        self.count_node();
    }

    fn mark_script_already_started(&self, node: &NodeId) {
        if let Some(element) = self.document.borrow_mut().element_mut(*node) {
            element.script_already_started = true;
        }
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let contents = self.document.borrow().element(*target).and_then(|e| e.template_contents);
        contents
            .expect("the tree builder asks for the contents of templates only, and all are made with some")
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, mode: BuilderQuirksMode) {
        self.document.borrow_mut().quirks_mode = match mode {
            BuilderQuirksMode::Quirks => QuirksMode::Quirks,
            BuilderQuirksMode::LimitedQuirks => QuirksMode::LimitedQuirks,
            BuilderQuirksMode::NoQuirks => QuirksMode::NoQuirks,
        };
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<BuilderAttribute>) {
        let attributes = attributes.into_iter().map(attribute).collect();
        self.document.borrow_mut().add_missing_attributes(*target, attributes);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.known_depth.set(None);
        self.document.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.known_depth.set(None);
        self.depth_bound.set(self.depth_bound.get().saturating_add(1));
        self.document.borrow_mut().reparent_children(*node, *new_parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, node: &NodeId) -> bool {
        let document = self.document.borrow();
        document.element(*node).is_some_and(|e| e.mathml_annotation_xml_integration_point)
    }

    /// html5ever asks for the copy of an option at its end tag only; options may close without one.
    fn pop(&self, node: &NodeId) {
        let is_option =
            self.document.borrow().element(*node).is_some_and(|e| e.is_html(&local_name!("option")));
        if is_option {
            self.maybe_clone_an_option_into_selectedcontent(node);
        }
    }

    /// <https://html.spec.whatwg.org/#maybe-clone-an-option-into-selectedcontent>
    fn maybe_clone_an_option_into_selectedcontent(&self, option: &NodeId) {
        let mut document = self.document.borrow_mut();
        let mut decided = self.decided_selects.borrow_mut();
        // Step 1.
        let Some(select) = nearest_select(&document, *option) else { return };
        // Step 2.
        if !is_chosen(&document, select, *option, decided.contains(&select)) {
            return;
        }
        decided.insert(select);
        if !self.has_selected_content.get() {
            return;
        }
        let Some(target) = enabled_selected_content(&document, select) else { return };
        let copies = copy_option(&mut document, *option, target);
        for &copy in &copies {
            let nodes = document.descendants(copy).count();
            self.node_count.set(self.node_count.get().saturating_add(nodes));
            self.inserted
                .borrow_mut()
                .extend(document.descendants(copy).filter(|&n| document.element(n).is_some()));
        }
        drop(document);
        // The option's deepest descendant lies no deeper than the bound, and the copy is as high as the option.
        let deeper = self.depth(target).saturating_sub(self.depth(*option));
        self.depth_bound.set(self.depth_bound.get().saturating_add(deeper));
    }
}
