//! Resolved styles of all elements, as `getComputedStyle` gives them, in the shape of the recordings that Chromium's
//! results are compared in: each value is written once and named by its index.

use std::collections::HashMap;

use serde::Serialize;
use siskin_engine::Snapshot;
use siskin_engine::css::values::{Display, Size};
use siskin_engine::dom::NodeId;
use siskin_engine::style::ComputedStyle;
use siskin_engine::style::resolved::{known_longhands, serialize};
use siskin_render::fragments::FragmentTree;

use super::geometry::{ElementBox, Geometry, geometry};
use super::used::used_boxes;

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
    let boxes = used_boxes(&snapshot.document, fragments);
    let mut values = Values::default();
    let nodes = snapshot.document.elements();
    let elements = elements
        .into_iter()
        .zip(nodes)
        .map(|(element, node)| {
            let computed = snapshot.styles.get(node);
            let used = boxes.get(&node);
            // Without a box an element is no item.
            let is_item = used.is_some() && is_flex_or_grid_item(snapshot, node);
            let value = |name: &&'static str| match computed {
                Some(style) if is_item && is_automatic_minimum(name, style) => "auto".to_owned(),
                Some(style) => serialize(name, style, used).unwrap_or_default(),
                None => String::new(),
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

/// `auto` as a minimum says something to items of flex and grid containers alone; elsewhere it is shown as zero.
fn is_automatic_minimum(name: &str, style: &ComputedStyle) -> bool {
    match name {
        "min-width" | "min-inline-size" => style.size.min_width == Size::Auto,
        "min-height" | "min-block-size" => style.size.min_height == Size::Auto,
        _ => false,
    }
}

fn is_flex_or_grid_item(snapshot: &Snapshot, node: NodeId) -> bool {
    let parent = snapshot.document.parent_element(node).and_then(|parent| snapshot.styles.get(parent));
    parent.is_some_and(|style| {
        matches!(
            style.box_.display,
            Display::Flex | Display::InlineFlex | Display::Grid | Display::InlineGrid
        )
    })
}
