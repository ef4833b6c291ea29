//! The style sheets of a document: which elements bring them, what they import, and in which order they apply.
//!
//! The order is computed anew from the tree and the tables whenever it is asked for; nothing is kept that a late
//! sheet or a moved element could make wrong.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use url::Url;

use crate::css::font_face::FontFace;
use crate::css::{Device, MediaQueryList, Stylesheet};
use crate::dom::{Document, NodeId};
use crate::limits::{MAX_APPLIED_SHEETS, MAX_IMPORT_DEPTH};
use crate::style::SheetRef;

/// The sheets of a document.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    owners: Vec<Owner>,
    nodes: HashSet<NodeId>,
    linked: HashMap<Url, LinkedSheet>,
    /// The first title: <https://drafts.csswg.org/cssom/#preferred-css-style-sheet-set-name>.
    preferred_set: Option<String>,
}

/// An element that brings a sheet: `link` or `style`.
#[derive(Debug)]
struct Owner {
    node: NodeId,
    media: MediaQueryList,
    source: OwnerSource,
}

#[derive(Debug)]
enum OwnerSource {
    Inline(Arc<Stylesheet>),
    Linked(Url),
}

/// A sheet with a URL of its own, by requested URL.
#[derive(Debug)]
struct LinkedSheet {
    /// How many imports lie between the document and it, on the shortest way.
    depth: usize,
    /// The sheet, once it is there.
    sheet: Option<Arc<Stylesheet>>,
}

impl Sheets {
    /// Adds the `style` element `node`.
    pub(super) fn add_inline(&mut self, node: NodeId, media: MediaQueryList, sheet: Arc<Stylesheet>) {
        self.nodes.insert(node);
        self.owners.push(Owner { node, media, source: OwnerSource::Inline(sheet) });
    }

    /// Adds the `link` element `node`, whose sheet may come or not.
    pub(super) fn add_linked(&mut self, node: NodeId, media: MediaQueryList, url: &Url) {
        let url = key(url);
        self.linked.entry(url.clone()).or_insert(LinkedSheet { depth: 0, sheet: None }).depth = 0;
        self.nodes.insert(node);
        self.owners.push(Owner { node, media, source: OwnerSource::Linked(url) });
    }

    /// The tree is another one: no element brings a sheet. The sheets themselves stay.
    pub(super) fn forget_owners(&mut self) {
        self.owners.clear();
        self.nodes.clear();
        self.preferred_set = None;
    }

    /// How many imports lie between the document and the sheet of `url`; nothing when nobody wants it to apply.
    pub(super) fn depth(&self, url: &Url) -> Option<usize> {
        self.linked.get(&key(url)).map(|entry| entry.depth)
    }

    /// Whether the element `node` brings a sheet that is known.
    pub(super) fn owns(&self, node: NodeId) -> bool {
        self.nodes.contains(&node)
    }

    /// Adds a sheet that is imported `depth` steps from the document. False when that is too deep.
    pub(super) fn add_import(&mut self, url: &Url, depth: usize) -> bool {
        if depth > MAX_IMPORT_DEPTH {
            return false;
        }
        let entry = self.linked.entry(key(url)).or_insert(LinkedSheet { depth, sheet: None });
        entry.depth = entry.depth.min(depth);
        true
    }

    /// Puts the sheet of `url` in its place and returns how deep it stands; `None` when nobody asked for it.
    pub(super) fn arrived(&mut self, url: &Url, sheet: Arc<Stylesheet>) -> Option<usize> {
        let entry = self.linked.get_mut(&key(url))?;
        entry.sheet = Some(sheet);
        Some(entry.depth)
    }

    /// Whether an element or a sheet of the page wants the sheet of `url` to apply.
    pub(super) fn wants(&self, url: &Url) -> bool {
        self.linked.contains_key(&key(url))
    }

    /// Whether the sheet of `url` has been parsed.
    pub(super) fn has(&self, url: &Url) -> bool {
        self.linked.get(&key(url)).is_some_and(|entry| entry.sheet.is_some())
    }

    /// Whether a sheet with that `title` applies: the first title chooses the preferred set, others stay off.
    /// <https://drafts.csswg.org/cssom/#add-a-css-style-sheet>, steps 3 and 4
    pub(super) fn title_applies(&mut self, title: &str) -> bool {
        title.is_empty() || self.preferred_set.get_or_insert_with(|| title.to_owned()) == title
    }

    /// The sheets in the order in which they apply, weakest first: owners in tree order, each with what it imports.
    pub(super) fn in_order(&self, document: &Document) -> Vec<SheetRef> {
        let by_node: HashMap<NodeId, &Owner> = self.owners.iter().map(|owner| (owner.node, owner)).collect();
        let mut room = MAX_APPLIED_SHEETS;
        let owners = document.elements().filter_map(|node| by_node.get(&node));
        owners.filter_map(|owner| self.reference(owner, &mut room)).collect()
    }

    fn reference(&self, owner: &Owner, room: &mut usize) -> Option<SheetRef> {
        let (sheet, url) = match &owner.source {
            OwnerSource::Inline(sheet) => (sheet, None),
            OwnerSource::Linked(url) => (self.sheet(url)?, Some(url)),
        };
        self.with_imports(sheet, &owner.media, &mut Vec::from_iter(url), room)
    }

    fn sheet(&self, url: &Url) -> Option<&Arc<Stylesheet>> {
        self.linked.get(&key(url))?.sheet.as_ref()
    }

    /// <https://drafts.csswg.org/css-cascade-5/#at-import>: a sheet with those that it imports.
    /// `chain` holds the URLs on the way down: a sheet that imports one of them is a cycle and is left out.
    fn with_imports<'a>(
        &'a self,
        sheet: &Arc<Stylesheet>,
        media: &MediaQueryList,
        chain: &mut Vec<&'a Url>,
        room: &mut usize,
    ) -> Option<SheetRef> {
        *room = room.checked_sub(1)?;
        let mut imports = Vec::new();
        for import in sheet.imports() {
            let known = self.linked.get_key_value(&key(&import.url)).filter(|_| import.supported);
            let reference = known.and_then(|(url, entry)| {
                let imported = entry.sheet.as_ref()?;
                if chain.contains(&url) || chain.len() > MAX_IMPORT_DEPTH {
                    return None;
                }
                chain.push(url);
                // The import's own conditions stand in the importing sheet.
                let reference = self.with_imports(imported, &MediaQueryList::default(), chain, room);
                chain.pop();
                reference
            });
            imports.push(reference);
        }
        Some(SheetRef { sheet: Arc::clone(sheet), media: media.clone(), imports })
    }
}

/// The `@font-face` rules that apply on `device`, weakest first.
pub(super) fn font_faces(sheets: &[SheetRef], device: &Device) -> Vec<FontFace> {
    let mut faces = Vec::new();
    for reference in sheets.iter().filter(|reference| reference.media.matches(device)) {
        collect_font_faces(reference, device, &mut faces);
    }
    faces
}

/// The depth of imports is bounded by [`MAX_IMPORT_DEPTH`].
fn collect_font_faces(reference: &SheetRef, device: &Device, faces: &mut Vec<FontFace>) {
    for (import, imported) in reference.sheet.imports().iter().zip(&reference.imports) {
        if let Some(imported) = imported.as_ref().filter(|_| import.media.matches(device)) {
            collect_font_faces(imported, device, faces);
        }
    }
    faces.extend(reference.sheet.font_faces(device).into_iter().cloned());
}

fn key(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}
