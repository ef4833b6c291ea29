//! Where everything is: a rectangle for each element and for each line of each text, in the shape of the recordings
//! that Chromium's results are compared in (`getBoundingClientRect` and `Range.getClientRects`, from the page's top
//! left).

use std::collections::HashMap;

use serde::Serialize;
use siskin_engine::Snapshot;
use siskin_engine::dom::{Document, NodeId, local_name};
use siskin_render::fragments::{FragmentKind, FragmentTree};
use siskin_render::geometry::{Lu, Point, Rect};

/// `[x, y, width, height]` in CSS px, rounded to a thousandth.
pub type RectPx = [f64; 4];

/// The rectangles of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Geometry {
    /// The document's URL.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Width and height of the viewport in CSS px.
    pub viewport: [f32; 2],
    /// Width and height of the scrollable area in whole CSS px.
    pub document: [i32; 2],
    /// Every element in document order.
    pub elements: Vec<ElementBox>,
    /// Every text node that is seen, in document order.
    pub texts: Vec<TextLines>,
}

/// An element and its border box.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ElementBox {
    /// The tag: the local name.
    #[serde(rename = "t")]
    pub tag: String,
    /// The `id`, unless empty.
    #[serde(rename = "i", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The `class` attribute, unless empty.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The parent element's index, -1 for the root.
    #[serde(rename = "p")]
    pub parent: i64,
    /// The border box; nothing for an element without boxes.
    #[serde(rename = "r")]
    pub rect: Option<RectPx>,
}

/// A text node and its lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextLines {
    /// The parent element's index.
    #[serde(rename = "e")]
    pub element: usize,
    /// One rectangle a line, or more where bidirectional text cuts a line in pieces.
    #[serde(rename = "r")]
    pub rects: Vec<RectPx>,
    /// The first 40 characters (UTF-16 units, as scripts count), white space trimmed.
    #[serde(rename = "s")]
    pub start: String,
}

/// The rectangles of a laid-out page.
pub fn geometry(snapshot: &Snapshot, fragments: &FragmentTree) -> Geometry {
    let document = &snapshot.document;
    let rects = ClientRects::collect(fragments);
    let mut index = HashMap::new();
    let mut elements = Vec::new();
    let mut texts = Vec::new();
    for node in document.descendants(document.root()) {
        if document.element(node).is_some() {
            let parent = parent_index(document, node, &index);
            elements.push(element_box(document, node, parent, &rects));
            index.insert(node, elements.len() - 1);
        } else if let Some(text) = document.node(node).as_text() {
            let element = document.parent_element(node).and_then(|parent| index.get(&parent));
            if let (Some(&element), Some(rects)) = (element, rects.by_node.get(&node))
                && !trim(text).is_empty()
            {
                let rects = rects.iter().map(to_px).collect();
                texts.push(TextLines { element, rects, start: first_40(trim(text)) });
            }
        }
    }
    let size = fragments.document_size;
    Geometry {
        url: document.url.to_string(),
        title: document.title().unwrap_or_default(),
        viewport: [snapshot.viewport.width, snapshot.viewport.height],
        document: [size.width.round_px(), size.height.round_px()],
        elements,
        texts,
    }
}

/// As lines of text: tag, id, classes, rectangle.
pub fn as_text(geometry: &Geometry) -> String {
    let mut depths: Vec<usize> = Vec::with_capacity(geometry.elements.len());
    let mut out = String::new();
    for element in &geometry.elements {
        let depth = usize::try_from(element.parent).map_or(0, |parent| depths[parent] + 1);
        depths.push(depth);
        let id = element.id.as_deref().map(|id| format!("#{id}")).unwrap_or_default();
        let classes: String = element
            .class
            .iter()
            .flat_map(|class| class.split_ascii_whitespace())
            .map(|class| format!(".{class}"))
            .collect();
        let rect = element.rect.map_or("-".to_owned(), |[x, y, w, h]| format!("{x},{y} {w}x{h}"));
        // Deep trees stay readable: the indentation ends, the depth is written.
        let indent = "  ".repeat(depth.min(40));
        out.push_str(&format!("{indent}{}{id}{classes} {rect}\n", element.tag));
    }
    out
}

/// The client rectangles of elements and text nodes, in the order of their fragments.
struct ClientRects {
    by_node: HashMap<NodeId, Vec<Rect>>,
}

impl ClientRects {
    /// <https://drafts.csswg.org/cssom-view/#dom-element-getclientrects>
    fn collect(fragments: &FragmentTree) -> Self {
        let mut by_node: HashMap<NodeId, Vec<Rect>> = HashMap::new();
        fragments.walk(&mut |fragment, origin: Point| {
            let is_own = fragment.pseudo.is_none() && !matches!(fragment.kind, FragmentKind::Line { .. });
            if let Some(node) = fragment.node.filter(|_| is_own) {
                by_node.entry(node).or_default().push(Rect { origin, size: fragment.rect.size });
            }
        });
        Self { by_node }
    }

    /// <https://drafts.csswg.org/cssom-view/#dom-element-getboundingclientrect>
    fn bounding(&self, node: NodeId) -> Option<Rect> {
        let rects = self.by_node.get(&node)?;
        let has_area = |rect: &&Rect| rect.size.width != Lu::ZERO && rect.size.height != Lu::ZERO;
        let union = rects.iter().filter(has_area).copied().reduce(|a, b| a.union(&b));
        union.or_else(|| rects.first().copied())
    }
}

fn element_box(document: &Document, node: NodeId, parent: i64, rects: &ClientRects) -> ElementBox {
    let element = document.element(node);
    let attribute =
        |name| element.and_then(|e| e.attribute(name)).filter(|value| !value.is_empty()).map(str::to_owned);
    ElementBox {
        tag: element.map(|e| e.local_name().to_string()).unwrap_or_default(),
        id: attribute(&local_name!("id")),
        class: attribute(&local_name!("class")),
        parent,
        rect: rects.bounding(node).as_ref().map(to_px),
    }
}

fn parent_index(document: &Document, node: NodeId, index: &HashMap<NodeId, usize>) -> i64 {
    let parent = document.parent_element(node).and_then(|parent| index.get(&parent));
    parent.and_then(|&i| i64::try_from(i).ok()).unwrap_or(-1)
}

fn to_px(rect: &Rect) -> RectPx {
    // 1/64 px in binary is exact; the recordings round to a thousandth.
    let px = |v: Lu| (f64::from(v.0) / f64::from(Lu::PER_PX) * 1000.0).round() / 1000.0;
    [px(rect.origin.x), px(rect.origin.y), px(rect.size.width), px(rect.size.height)]
}

/// `String.prototype.trim`: <https://tc39.es/ecma262/#sec-trimstring>.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{FEFF}')
}

fn first_40(text: &str) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= 40
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_cut_as_scripts_do_it() {
        assert_eq!(trim("\u{FEFF}\u{A0} a b \n\u{2028}"), "a b");
        assert_eq!(trim("\u{85}a"), "\u{85}a");
        assert_eq!(first_40(&"\u{1F600}".repeat(30)).chars().count(), 20);
        assert_eq!(first_40(&format!("a{}", "\u{1F600}".repeat(30))).chars().count(), 20);
    }

    #[test]
    fn lengths_are_rounded_to_thousandths() {
        let rect = Rect::new(Lu(1), Lu(-1), Lu(64), Lu(63));
        assert_eq!(to_px(&rect), [0.016, -0.016, 1.0, 0.984]);
    }
}
