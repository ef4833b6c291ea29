//! Box and fragment trees as text, for people and for tests.

use std::fmt::Write as _;

use siskin_engine::Document;
use siskin_engine::dom::NodeId;
use siskin_engine::style::PseudoElement;

use crate::boxes::{
    BlockContainer, BlockLevelBox, BoxBase, BoxTree, IndependentBox, IndependentContents, InlineContext,
    InlineItem, ItemChild, Marker, MarkerContent, TableBox,
};
use crate::fragments::{Fragment, FragmentKind, FragmentTree};
use crate::geometry::{Point, Rect};

/// The box tree, one box a line, children indented by two spaces.
pub fn boxes(tree: &BoxTree, document: &Document) -> String {
    let mut dump = Dump { document, out: String::new() };
    if let Some(root) = &tree.root {
        dump.independent("", root, 0);
    }
    dump.out
}

/// The fragment tree, one fragment a line with its rectangle in the page (x, y, width, height in CSS px).
pub fn fragments(tree: &FragmentTree, document: &Document) -> String {
    let mut dump = Dump { document, out: String::new() };
    let size = tree.document_size;
    let _ = writeln!(dump.out, "document {} x {}", size.width.to_px(), size.height.to_px());
    let mut pending: Vec<(&Fragment, Point, usize)> =
        tree.root.iter().map(|root| (root, Point::default(), 0)).collect();
    while let Some((fragment, parent, depth)) = pending.pop() {
        let rect = fragment.rect.translate(parent);
        dump.fragment(fragment, rect, depth);
        pending.extend(fragment.children.iter().rev().map(|child| (child, rect.origin, depth + 1)));
    }
    dump.out
}

struct Dump<'a> {
    document: &'a Document,
    out: String,
}

impl Dump<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "", indent = depth * 2);
    }

    fn name(&self, node: Option<NodeId>, pseudo: Option<PseudoElement>) -> String {
        let Some(node) = node else { return "anonymous".to_owned() };
        let mut name = match self.document.element(node) {
            Some(element) => {
                let id = element.id().map(|id| format!("#{id}")).unwrap_or_default();
                let classes: String = element.classes().iter().map(|class| format!(".{class}")).collect();
                format!("{}{id}{classes}", element.local_name())
            }
            None => "text".to_owned(),
        };
        name.push_str(match pseudo {
            Some(PseudoElement::Before) => "::before",
            Some(PseudoElement::After) => "::after",
            Some(PseudoElement::Marker) => "::marker",
            Some(PseudoElement::FirstLetter) => "::first-letter",
            None => "",
        });
        name
    }

    fn base(&self, base: &BoxBase) -> String {
        self.name(base.node, base.pseudo)
    }

    fn fragment(&mut self, fragment: &Fragment, rect: Rect, depth: usize) {
        let place = format!(
            "{} {} {} {}",
            rect.origin.x.to_px(),
            rect.origin.y.to_px(),
            rect.size.width.to_px(),
            rect.size.height.to_px()
        );
        let text = match &fragment.kind {
            FragmentKind::Box(used) => {
                let kind = match (&used.replaced, used.is_inline) {
                    (Some(_), _) => "replaced",
                    (None, true) => "inline",
                    (None, false) => "box",
                };
                format!("{kind} {} [{place}]", self.name(fragment.node, fragment.pseudo))
            }
            FragmentKind::Line { baseline } => format!("line [{place}] baseline {}", baseline.to_px()),
            FragmentKind::Text(text) => format!("text {:?} [{place}]", text.text),
        };
        self.line(depth, &text);
    }

    fn independent(&mut self, role: &str, b: &IndependentBox, depth: usize) {
        let kind = match &b.contents {
            IndependentContents::Flow(_) => "flow-root",
            IndependentContents::Replaced(_) => "replaced",
            IndependentContents::Table(_) => "table",
            IndependentContents::Items(_) => b.base.style.box_.display.as_str(),
        };
        let name = self.base(&b.base);
        self.line(depth, &format!("{role}{kind} {name}"));
        self.marker(b.marker.as_deref(), depth + 1);
        match &b.contents {
            IndependentContents::Flow(container) => self.container(container, depth + 1),
            IndependentContents::Table(table) => self.table(table, depth + 1),
            IndependentContents::Items(container) => {
                for child in &container.children {
                    match child {
                        ItemChild::Item(b) => self.independent("item ", b, depth + 1),
                        ItemChild::Absolute(b) => self.independent("positioned ", b, depth + 1),
                    }
                }
            }
            IndependentContents::Replaced(_) => {}
        }
    }

    fn marker(&mut self, marker: Option<&Marker>, depth: usize) {
        let Some(marker) = marker else { return };
        let content = match &marker.content {
            MarkerContent::Symbol(symbol) => symbol.as_str().to_owned(),
            MarkerContent::Text(text) => format!("{text:?}"),
            MarkerContent::Image(_) => "image".to_owned(),
        };
        self.line(depth, &format!("marker {content}"));
    }

    fn container(&mut self, container: &BlockContainer, depth: usize) {
        match container {
            BlockContainer::Inline(context) => self.inline(context, depth),
            BlockContainer::BlockLevel(boxes) => {
                for boxed in boxes {
                    match boxed {
                        BlockLevelBox::Block(block) => {
                            let name = self.base(&block.base);
                            self.line(depth, &format!("block {name}"));
                            self.marker(block.marker.as_deref(), depth + 1);
                            self.container(&block.contents, depth + 1);
                        }
                        BlockLevelBox::Independent(b) => self.independent("", b, depth),
                        BlockLevelBox::Float(b) => self.independent("float ", b, depth),
                        BlockLevelBox::Absolute(b) => self.independent("positioned ", b, depth),
                    }
                }
            }
        }
    }

    fn inline(&mut self, context: &InlineContext, depth: usize) {
        self.line(depth, "inline");
        let mut depth = depth + 1;
        for item in &context.items {
            match item {
                InlineItem::Open { base, is_first } => {
                    let again = if *is_first { "" } else { " (continued)" };
                    let name = self.base(base);
                    self.line(depth, &format!("{name}{again}"));
                    depth += 1;
                }
                InlineItem::Close { .. } => depth = depth.saturating_sub(1),
                InlineItem::Text { text, .. } => self.line(depth, &format!("{text:?}")),
                InlineItem::Atomic(b) => self.independent("inline ", b, depth),
                InlineItem::Float(b) => self.independent("float ", b, depth),
                InlineItem::Absolute(b) => self.independent("positioned ", b, depth),
                InlineItem::LineBreak(_) => self.line(depth, "br"),
                InlineItem::WordBreak => self.line(depth, "wbr"),
            }
        }
    }

    fn table(&mut self, table: &TableBox, depth: usize) {
        for caption in &table.captions {
            self.independent("caption ", caption, depth);
        }
        for group in &table.groups {
            let name = self.base(&group.base);
            self.line(depth, &format!("row-group {name}"));
            for row in &group.rows {
                let name = self.base(&row.base);
                self.line(depth + 1, &format!("row {name}"));
                for cell in &row.cells {
                    let span = match (cell.colspan, cell.rowspan) {
                        (1, 1) => String::new(),
                        (columns, rows) => format!("{columns}x{rows} "),
                    };
                    self.independent(&format!("cell {span}"), &cell.cell, depth + 2);
                }
            }
        }
    }
}
