//! Rules in cascade order, bucketed by what their rightmost compound asks for.

use std::collections::HashMap;
use std::sync::Arc;

use crate::css::media::{Device, MediaQueryList};
use crate::css::rule::{Import, LayerName, Origin, Rule, StyleRule, Stylesheet};
use crate::css::selector::{IndexedSelector, Matcher, SelectorKey};
use crate::dom::{Document, LocalName, NodeId, QuirksMode};
use crate::limits::MAX_IMPORT_DEPTH;

/// A sheet of a document, with the sheets that it imports.
#[derive(Debug, Clone)]
pub struct SheetRef {
    /// The sheet.
    pub sheet: Arc<Stylesheet>,
    /// When it applies: the `media` attribute of its element.
    pub media: MediaQueryList,
    /// The sheets of [`Stylesheet::imports`], in that order; `None` for one that is not there (yet).
    pub imports: Vec<Option<Self>>,
}

impl SheetRef {
    /// A sheet that always applies and imports nothing (yet).
    pub fn new(sheet: Arc<Stylesheet>) -> Self {
        Self { sheet, media: MediaQueryList::default(), imports: Vec::new() }
    }
}

/// One selector of one rule.
pub(super) struct Entry<'a> {
    pub(super) selector: IndexedSelector,
    pub(super) rule: &'a StyleRule,
    pub(super) sheet: &'a Stylesheet,
    layer: usize,
    /// Counts up in order of appearance.
    pub(super) order: u32,
}

/// All rules that apply on a device.
pub(super) struct RuleIndex<'a> {
    entries: Vec<Entry<'a>>,
    layers: Layers,
    ids: HashMap<LocalName, Vec<u32>>,
    classes: HashMap<LocalName, Vec<u32>>,
    names: HashMap<LocalName, Vec<u32>>,
    attributes: HashMap<LocalName, Vec<u32>>,
    root: Vec<u32>,
    universal: Vec<u32>,
    quirks: bool,
}

impl<'a> RuleIndex<'a> {
    /// Indexes the rules of `sheets` that apply on `device`.
    pub(super) fn new(sheets: &'a [SheetRef], device: &Device, quirks: QuirksMode) -> Self {
        let mut collector = Collector { device, rules: Vec::new(), layers: Layers::default() };
        for sheet in sheets {
            collector.sheet(sheet, 0, 0);
        }
        let Collector { rules, mut layers, .. } = collector;
        layers.number();
        let mut index = Self {
            entries: Vec::with_capacity(rules.len()),
            layers,
            ids: HashMap::new(),
            classes: HashMap::new(),
            names: HashMap::new(),
            attributes: HashMap::new(),
            root: Vec::new(),
            universal: Vec::new(),
            quirks: quirks == QuirksMode::Quirks,
        };
        for (order, (rule, sheet, layer)) in rules.into_iter().enumerate() {
            for selector in rule.selectors.indexed(quirks) {
                index.add(Entry { selector, rule, sheet, layer, order: order as u32 });
            }
        }
        index
    }

    fn add(&mut self, entry: Entry<'a>) {
        let at = self.entries.len() as u32;
        let fold = |name: &LocalName| {
            if self.quirks { LocalName::from(name.to_ascii_lowercase()) } else { name.clone() }
        };
        match &entry.selector.key {
            SelectorKey::Id(id) => self.ids.entry(fold(id)).or_default().push(at),
            SelectorKey::Class(class) => self.classes.entry(fold(class)).or_default().push(at),
            SelectorKey::LocalName(lower, name) => {
                self.names.entry(lower.clone()).or_default().push(at);
                if lower != name {
                    self.names.entry(name.clone()).or_default().push(at);
                }
            }
            SelectorKey::Attribute(name) => self.attributes.entry(name.clone()).or_default().push(at),
            SelectorKey::Root => self.root.push(at),
            SelectorKey::Universal => self.universal.push(at),
        }
        self.entries.push(entry);
    }

    /// The entry with that number.
    pub(super) fn entry(&self, at: u32) -> &Entry<'a> {
        &self.entries[at as usize]
    }

    /// Where the entry's layer stands among those of its origin: later layers are larger, no layer is the largest.
    pub(super) fn layer_order(&self, entry: &Entry<'a>) -> u32 {
        self.layers.nodes[entry.layer].order
    }

    /// Adds the numbers of all entries that match `element` or a pseudo-element of it, in no order.
    pub(super) fn matching(
        &self,
        document: &Document,
        element: NodeId,
        matcher: &mut Matcher<'_>,
        out: &mut Vec<u32>,
    ) {
        let Some(data) = document.element(element) else { return };
        let fold = |name: &LocalName| {
            if self.quirks { LocalName::from(name.to_ascii_lowercase()) } else { name.clone() }
        };
        let mut test = |bucket: &[u32]| {
            for &at in bucket {
                if matcher.matches(&self.entries[at as usize].selector, element) {
                    out.push(at);
                }
            }
        };
        test(&self.universal);
        if document.document_element() == Some(element) {
            test(&self.root);
        }
        if let Some(bucket) = self.names.get(data.local_name()) {
            test(bucket);
        }
        if !self.attributes.is_empty() {
            for attribute in data.attributes() {
                if let Some(bucket) = self.attributes.get(&attribute.name.local) {
                    test(bucket);
                }
            }
        }
        for class in data.classes() {
            if let Some(bucket) = self.classes.get(&fold(class)) {
                test(bucket);
            }
        }
        if let Some(bucket) = data.id().and_then(|id| self.ids.get(&fold(id))) {
            test(bucket);
        }
        // Attributes or classes that occur twice.
        out.sort_unstable();
        out.dedup();
    }
}

/// The tree of cascade layers of all origins: <https://drafts.csswg.org/css-cascade-5/#layer-ordering>.
#[derive(Debug)]
struct Layers {
    nodes: Vec<LayerNode>,
}

#[derive(Debug, Default)]
struct LayerNode {
    children: Vec<usize>,
    names: HashMap<Arc<str>, usize>,
    order: u32,
}

impl Default for Layers {
    /// Node 0 is what stands in no layer.
    fn default() -> Self {
        Self { nodes: vec![LayerNode::default()] }
    }
}

impl Layers {
    fn named(&mut self, parent: usize, name: &LayerName) -> usize {
        let mut at = parent;
        for part in name {
            at = match self.nodes[at].names.get(part) {
                Some(&child) => child,
                None => {
                    let child = self.anonymous(at);
                    self.nodes[at].names.insert(Arc::clone(part), child);
                    child
                }
            };
        }
        at
    }

    fn anonymous(&mut self, parent: usize) -> usize {
        let child = self.nodes.len();
        self.nodes.push(LayerNode::default());
        self.nodes[parent].children.push(child);
        child
    }

    /// Gives each layer its place: children in order of appearance, then the layer's own rules.
    fn number(&mut self) {
        let mut next = 0;
        let mut pending = vec![(0, 0)];
        while let Some((node, child)) = pending.pop() {
            if let Some(&down) = self.nodes[node].children.get(child) {
                pending.push((node, child + 1));
                pending.push((down, 0));
            } else {
                self.nodes[node].order = next;
                next += 1;
            }
        }
    }
}

struct Collector<'a, 'd> {
    device: &'d Device,
    rules: Vec<(&'a StyleRule, &'a Stylesheet, usize)>,
    layers: Layers,
}

impl<'a> Collector<'a, '_> {
    fn sheet(&mut self, sheet: &'a SheetRef, layer: usize, depth: usize) {
        if depth < MAX_IMPORT_DEPTH && sheet.media.matches(self.device) {
            self.rules(&sheet.sheet.rules, sheet, layer, depth);
        }
    }

    /// The depth of rules is bounded by the parser's limit on nested blocks.
    fn rules(&mut self, rules: &'a [Rule], sheet: &'a SheetRef, layer: usize, depth: usize) {
        for rule in rules {
            match rule {
                Rule::Style(rule) => self.rules.push((rule, &sheet.sheet, layer)),
                Rule::Media(media, inner) => {
                    if media.matches(self.device) {
                        self.rules(inner, sheet, layer, depth);
                    }
                }
                Rule::Layer(name, inner) => {
                    let layer = match name {
                        Some(name) => self.layers.named(layer, name),
                        None => self.layers.anonymous(layer),
                    };
                    self.rules(inner, sheet, layer, depth);
                }
                Rule::LayerOrder(names) => {
                    for name in names {
                        self.layers.named(layer, name);
                    }
                }
                Rule::FontFace(_) => {}
                Rule::Import(at) => self.import(*at, sheet, layer, depth),
            }
        }
    }

    fn import(&mut self, at: usize, sheet: &'a SheetRef, layer: usize, depth: usize) {
        let Some(import): Option<&Import> = sheet.sheet.imports.get(at) else { return };
        let layer = match &import.layer {
            None => layer,
            Some(None) => self.layers.anonymous(layer),
            Some(Some(name)) => self.layers.named(layer, name),
        };
        if let Some(Some(imported)) = sheet.imports.get(at)
            && import.supported
            && import.media.matches(self.device)
        {
            self.sheet(imported, layer, depth + 1);
        }
    }
}

/// The rank of an origin among normal declarations.
pub(super) const fn origin_rank(origin: Origin) -> u8 {
    match origin {
        Origin::UserAgent => 0,
        Origin::User => 1,
        Origin::Author => 3,
    }
}
