//! Presentation attributes of SVG: <https://svgwg.org/svg2-draft/styling.html#PresentationAttributes>.

use std::sync::Arc;

use crate::css::properties::{DeclarationBlock, parse_block};
use crate::dom::{Attribute, Document, ElementData, ns};

/// The attributes that are declarations of the properties of their names, those that this engine has.
const PRESENTATION: &[&str] = &[
    "alignment-baseline",
    "clip-rule",
    "color",
    "color-interpolation",
    "color-interpolation-filters",
    "cursor",
    "direction",
    "display",
    "dominant-baseline",
    "fill",
    "fill-opacity",
    "fill-rule",
    "flood-color",
    "flood-opacity",
    "font-family",
    "font-size",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-weight",
    "image-rendering",
    "letter-spacing",
    "lighting-color",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask-type",
    "opacity",
    "overflow",
    "paint-order",
    "pointer-events",
    "shape-rendering",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "text-decoration",
    "text-rendering",
    "unicode-bidi",
    "vector-effect",
    "visibility",
    "word-spacing",
    "writing-mode",
];

/// Those that may be numbers where CSS wants a length.
const USER_LENGTHS: &[&str] = &["font-size", "letter-spacing", "word-spacing", "width", "height"];

/// The declarations that the attributes of an element in the SVG namespace mean; `None` when there are none.
pub(super) fn hints(document: &Document, data: &ElementData) -> Option<DeclarationBlock> {
    let is_svg = &**data.local_name() == "svg";
    let mut text = String::new();
    for Attribute { name, value } in data.attributes().iter().filter(|a| a.name.ns == ns!()) {
        let is_size = is_svg && matches!(&*name.local, "width" | "height");
        if !is_size && PRESENTATION.binary_search(&&*name.local).is_err() {
            continue;
        }
        // One value, and nothing that ends the declaration.
        if value.contains([';', '{', '}', '!', '\\']) || value.contains("/*") || value.contains("var(") {
            continue;
        }
        let is_number = value.trim().parse::<f32>().is_ok_and(f32::is_finite);
        let unit = if is_number && USER_LENGTHS.contains(&&*name.local) { "px" } else { "" };
        text.push_str(&format!("{}:{}{unit};", name.local, value.trim()));
    }
    if text.is_empty() {
        return None;
    }
    let block = parse_block(&text, &Arc::new(document.base_url.clone()), false);
    (!block.declarations.is_empty()).then_some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(PRESENTATION.is_sorted());
    }
}
