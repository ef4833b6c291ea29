//! What computed styles ask the loader for: images and fonts.

use std::collections::HashSet;
use std::sync::Arc;

use url::Url;

use super::map::StyleMap;
use crate::css::computed::{ComputedStyle, Content, ContentItem, Font};
use crate::css::values::{Display, Image};
use crate::dom::{Document, NodeId};

/// The images that a style shows: background layers, list markers, generated content.
pub fn used_urls(style: &ComputedStyle) -> Vec<Arc<Url>> {
    let mut urls = Vec::new();
    let mut add = |image: &Image| {
        if let Image::Url(url) = image {
            urls.push(Arc::clone(url));
        }
    };
    for layer in &style.background.layers {
        add(&layer.image);
    }
    if style.box_.display == Display::ListItem {
        add(&style.text.list_style_image);
    }
    if let Content::Items(items) = &style.misc.content {
        for item in items {
            if let ContentItem::Image(image) = item {
                add(image);
            }
        }
    }
    urls
}

/// The images that the boxes of a document show, each URL once, with the first element that asks for it.
/// Elements under `display: none` have no boxes.
pub fn used_document_urls(document: &Document, styles: &StyleMap) -> Vec<(NodeId, Arc<Url>)> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for_each_box(document, styles, |element, style| {
        for url in used_urls(style) {
            if seen.insert(Arc::clone(&url)) {
                found.push((element, url));
            }
        }
    });
    found
}

/// The fonts that the boxes of a document use, each once: what `@font-face` rules are to be loaded for.
pub fn used_fonts(document: &Document, styles: &StyleMap) -> Vec<Arc<Font>> {
    let mut seen = HashSet::new();
    let mut found: Vec<Arc<Font>> = Vec::new();
    for_each_box(document, styles, |_, style| {
        if seen.insert(Arc::as_ptr(&style.font)) && !found.contains(&style.font) {
            found.push(Arc::clone(&style.font));
        }
    });
    found
}

/// The names of families that the boxes of a document use, in lower case, each once.
pub fn used_font_families(document: &Document, styles: &StyleMap) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for font in used_fonts(document, styles) {
        for family in font.font_family.iter() {
            if let crate::css::computed::FontFamily::Named(name) = family {
                let name = name.to_lowercase();
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
    }
    found
}

/// Calls `visit` with every element and pseudo-element that may have a box.
fn for_each_box(document: &Document, styles: &StyleMap, mut visit: impl FnMut(NodeId, &Arc<ComputedStyle>)) {
    use super::map::PseudoElement;
    let mut hidden: Option<NodeId> = None;
    for element in document.elements() {
        if let Some(root) = hidden {
            if document.ancestors(element).any(|a| a == root) {
                continue;
            }
            hidden = None;
        }
        let Some(style) = styles.get(element) else { continue };
        if style.box_.display == Display::None {
            hidden = Some(element);
            continue;
        }
        visit(element, style);
        for pseudo in
            [PseudoElement::Before, PseudoElement::After, PseudoElement::Marker, PseudoElement::FirstLetter]
        {
            if let Some(style) = styles.pseudo(element, pseudo) {
                visit(element, style);
            }
        }
    }
}
