//! What the styled boxes of a document use: the images that their styles name, and the fonts that their text names.
//!
//! Elements under `display: none` have no boxes; what only their styles name is not fetched.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use url::Url;

use crate::css::values::{Display, FontStyle};
use crate::dom::{Document, NodeData, NodeId};
use crate::style::{
    ComputedStyle, Content, ContentItem, Font, FontFamily, PseudoElement, StyleMap, used_urls,
};

/// What is used.
#[derive(Debug, Default)]
pub(super) struct Used {
    /// Images by URL, each once, in document order, with the first element that uses it.
    pub(super) images: Vec<(Url, NodeId)>,
    /// Fonts, with the characters that are to be shown in them, in document order of their first use.
    pub(super) fonts: Vec<UsedFont>,
}

/// A wish for a font.
#[derive(Debug)]
pub(super) struct UsedFont {
    pub(super) families: Arc<[FontFamily]>,
    pub(super) weight: f32,
    pub(super) style: FontStyle,
    pub(super) stretch: f32,
    pub(super) characters: Characters,
}

/// A set of characters, in blocks of 256.
#[derive(Debug, Default)]
pub(super) struct Characters(HashMap<u32, [u64; 4]>);

impl Characters {
    fn insert(&mut self, character: char) {
        let code = u32::from(character);
        let block = self.0.entry(code >> 8).or_default();
        block[(code as usize >> 6) & 3] |= 1 << (code & 63);
    }

    fn extend(&mut self, text: &str) {
        text.chars().for_each(|character| self.insert(character));
    }

    /// Whether one of them lies in one of the inclusive `ranges`. No range at all stands for every character.
    pub(super) fn meets(&self, ranges: &[(u32, u32)]) -> bool {
        if ranges.is_empty() {
            return !self.0.is_empty();
        }
        self.0.iter().any(|(&block, bits)| {
            let first = block << 8;
            ranges.iter().filter(|(start, end)| *start <= first + 255 && *end >= first).any(
                |&(start, end)| {
                    (start.max(first)..=end.min(first + 255))
                        .any(|code| bits[(code as usize >> 6) & 3] & (1 << (code & 63)) != 0)
                },
            )
        })
    }
}

/// Looks through the boxes of `document`. Fonts are looked at only for families that `names_face` knows.
pub(super) fn used(document: &Document, styles: &StyleMap, names_face: &dyn Fn(&str) -> bool) -> Used {
    let mut collector =
        Collector { used: Used::default(), seen: HashSet::new(), fonts: HashMap::new(), names_face };
    let mut pending = vec![document.root()];
    while let Some(node) = pending.pop() {
        if document.element(node).is_some() {
            match styles.get(node) {
                Some(style) if style.box_.display != Display::None => collector.element(node, style, styles),
                _ => continue,
            }
        }
        if let NodeData::Text(text) = document.node(node).data()
            && let Some(style) = document.parent_element(node).and_then(|parent| styles.get(parent))
        {
            collector.text(text, &style.font);
        }
        let first = pending.len();
        pending.extend(document.children(node));
        pending[first..].reverse();
    }
    collector.used
}

/// Family list (by address: equal lists are mostly shared, and a second entry does no harm), weight, style, stretch.
type FontKey = (usize, u32, FontStyle, u32);

struct Collector<'a> {
    used: Used,
    seen: HashSet<Url>,
    fonts: HashMap<FontKey, usize>,
    names_face: &'a dyn Fn(&str) -> bool,
}

impl Collector<'_> {
    fn element(&mut self, node: NodeId, style: &ComputedStyle, styles: &StyleMap) {
        self.images(node, style);
        for pseudo in
            [PseudoElement::Before, PseudoElement::After, PseudoElement::Marker, PseudoElement::FirstLetter]
        {
            let Some(style) = styles.pseudo(node, pseudo).filter(|style| style.box_.display != Display::None)
            else {
                continue;
            };
            self.images(node, style);
            if let Content::Items(items) = &style.misc.content {
                for item in items {
                    if let ContentItem::String(text) | ContentItem::Attribute(text) = item {
                        self.text(text, &style.font);
                    }
                }
            }
        }
    }

    fn images(&mut self, node: NodeId, style: &ComputedStyle) {
        for url in used_urls(style) {
            if !self.seen.contains(&*url) {
                self.seen.insert(Url::clone(&url));
                self.used.images.push((Url::clone(&url), node));
            }
        }
    }

    fn text(&mut self, text: &str, font: &Font) {
        let named = font.font_family.iter().any(|family| match family {
            FontFamily::Named(name) => (self.names_face)(name),
            FontFamily::Generic(_) => false,
        });
        if !named || text.trim().is_empty() {
            return;
        }
        let key = (
            Arc::as_ptr(&font.font_family).addr(),
            font.font_weight.to_bits(),
            font.font_style,
            font.font_stretch.to_bits(),
        );
        let at = *self.fonts.entry(key).or_insert_with(|| {
            self.used.fonts.push(UsedFont {
                families: Arc::clone(&font.font_family),
                weight: font.font_weight,
                style: font.font_style,
                stretch: font.font_stretch,
                characters: Characters::default(),
            });
            self.used.fonts.len() - 1
        });
        self.used.fonts[at].characters.extend(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_meet_ranges() {
        let mut characters = Characters::default();
        assert!(!characters.meets(&[]));
        characters.extend("aé\u{1F600}");
        assert!(characters.meets(&[]));
        for (ranges, meets) in [
            (&[(0x61, 0x61)][..], true),
            (&[(0x62, 0xE8)], false),
            (&[(0x62, 0xE8), (0xE9, 0xFF)], true),
            (&[(0x0, 0x10FFFF)], true),
            (&[(0x100, 0x1F5FF)], false),
            (&[(0x1F600, 0x1F600)], true),
            (&[(0x70, 0x60)], false),
        ] {
            assert_eq!(characters.meets(ranges), meets, "{ranges:X?}");
        }
    }
}
