//! Resolved styles of all elements, as `getComputedStyle` gives them, in the shape of the recordings that Chromium's
//! results are compared in: each value is written once and named by its index.

use std::collections::HashMap;

use serde::Serialize;
use siskin_engine::Snapshot;
use siskin_engine::dom::NodeId;
use siskin_engine::style::resolved::{UsedBox, known_longhands, serialize};
use siskin_engine::style::{ComputedStyle, Sides};
use siskin_render::fragments::{BoxFragment, Fragment, FragmentKind, FragmentTree};
use siskin_render::geometry::{Edges, Lu};

use super::geometry::{ElementBox, Geometry, geometry};

/// The styles of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Styles {
    /// The document's URL.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Width and height of the viewport in CSS px.
    pub viewport: [f32; 2],
    /// Width and height of the scrollable area in whole CSS px.
    pub document: [i32; 2],
    /// The longhands, sorted by name.
    pub properties: Vec<&'static str>,
    /// The values that occur.
    pub values: Vec<String>,
    /// Every element in document order.
    pub elements: Vec<ElementStyle>,
}

/// An element, its border box and its values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ElementStyle {
    /// The element.
    #[serde(flatten)]
    pub element: ElementBox,
    /// For each of [`Styles::properties`] an index into [`Styles::values`].
    #[serde(rename = "s")]
    pub style: Vec<usize>,
}

/// The styles of a laid-out page.
pub fn styles(snapshot: &Snapshot, fragments: &FragmentTree) -> Styles {
    let Geometry { url, title, viewport, document, elements, .. } = geometry(snapshot, fragments);
    let properties = known_longhands();
    let boxes = used_boxes(fragments);
    let mut values = Values::default();
    let nodes = snapshot.document.elements();
    let elements = elements
        .into_iter()
        .zip(nodes)
        .map(|(element, node)| {
            let computed = snapshot.styles.get(node);
            let used = boxes.get(&node);
            let value = |name: &&'static str| {
                computed.and_then(|style: &_| serialize(name, style, used)).unwrap_or_default()
            };
            let style = properties.iter().map(|name| values.intern(value(name))).collect();
            ElementStyle { element, style }
        })
        .collect();
    Styles { url, title, viewport, document, properties, values: values.list, elements }
}

/// As text: each element with the values that differ from its parent's.
pub fn as_text(styles: &Styles) -> String {
    let mut out = String::new();
    for ElementStyle { element, style } in &styles.elements {
        let parent = usize::try_from(element.parent).ok().map(|parent| &styles.elements[parent].style);
        let id = element.id.as_deref().map(|id| format!("#{id}")).unwrap_or_default();
        out.push_str(&format!("{}{id}\n", element.tag));
        for (i, (&value, name)) in style.iter().zip(&styles.properties).enumerate() {
            if parent.is_none_or(|parent| parent[i] != value) {
                out.push_str(&format!("    {name}: {}\n", styles.values[value]));
            }
        }
    }
    out
}

#[derive(Default)]
struct Values {
    list: Vec<String>,
    index: HashMap<String, usize>,
}

impl Values {
    fn intern(&mut self, value: String) -> usize {
        if let Some(&at) = self.index.get(&value) {
            return at;
        }
        self.list.push(value.clone());
        self.index.insert(value, self.list.len() - 1);
        self.list.len() - 1
    }
}

/// The used values of each element's first box.
fn used_boxes(fragments: &FragmentTree) -> HashMap<NodeId, UsedBox> {
    let mut boxes = HashMap::new();
    fragments.walk(&mut |fragment, _| {
        if let (Some(node), None, FragmentKind::Box(own)) = (fragment.node, fragment.pseudo, &fragment.kind) {
            boxes.entry(node).or_insert_with(|| used_box(fragment, own));
        }
    });
    boxes
}

fn used_box(fragment: &Fragment, own: &BoxFragment) -> UsedBox {
    use siskin_engine::css::values::BoxSizing;
    let style: &ComputedStyle = &fragment.style;
    let size = fragment.rect.size;
    let (width, height) = match style.box_.box_sizing {
        BoxSizing::BorderBox => (size.width, size.height),
        BoxSizing::ContentBox => (
            size.width - own.border.horizontal() - own.padding.horizontal(),
            size.height - own.border.vertical() - own.padding.vertical(),
        ),
    };
    // A width means nothing to a box in a line: <https://drafts.csswg.org/cssom-1/#resolved-values>, "applies to".
    let size_applies = !own.is_inline || own.replaced.is_some();
    UsedBox {
        width: size_applies.then(|| width.to_px()),
        height: size_applies.then(|| height.to_px()),
        padding: Some(px(&own.padding)),
        ..UsedBox::default()
    }
}

fn px(edges: &Edges) -> Sides<f32> {
    let px = |v: Lu| v.to_px();
    Sides { top: px(edges.top), right: px(edges.right), bottom: px(edges.bottom), left: px(edges.left) }
}
