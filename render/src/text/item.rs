//! [`TextItem`]: a styled part of a paragraph.

use std::ops::Range;
use std::sync::Arc;

use siskin_engine::style::{ComputedStyle, Font, InheritedText};

/// A styled part of a paragraph's text. Items stand in the order of the text and cover it without gaps.
#[derive(Debug, Clone)]
pub struct TextItem {
    /// Its part of the paragraph's text, in bytes.
    pub range: Range<usize>,
    /// The fonts of the element around it.
    pub font: Arc<Font>,
    /// The text properties of the element around it.
    pub text: Arc<InheritedText>,
    /// What it is.
    pub content: ItemContent,
    /// How it meets the item before it.
    pub joint: Joint,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemContent {
    /// Characters to show.
    Text,
    /// Characters that show nothing: bidi controls.
    Control,
    /// An atomic inline box, [`super::whitespace::OBJECT`] in the text. Its width is added by the caller.
    Object,
}

/// How an item meets the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// Nothing between them: in the same font they are shaped as one, with kerning and ligatures across.
    Joined,
    /// A margin, border or padding lies between them: they are shaped apart.
    Apart,
}

impl TextItem {
    /// A part with the style of the element around it, joined to what stands before.
    pub fn new(range: Range<usize>, content: ItemContent, style: &ComputedStyle) -> Self {
        let (font, text) = (Arc::clone(&style.font), Arc::clone(&style.text));
        Self { range, font, text, content, joint: Joint::Joined }
    }

    /// Whether both are set in the same way, so that they can be shaped as one.
    pub(crate) fn shapes_like(&self, other: &Self) -> bool {
        if self.content != ItemContent::Text || other.content != ItemContent::Text {
            return false;
        }
        let same_font = Arc::ptr_eq(&self.font, &other.font) || {
            let (a, b) = (&self.font, &other.font);
            a.font_size == b.font_size
                && a.font_weight == b.font_weight
                && a.font_style == b.font_style
                && a.font_stretch == b.font_stretch
                && a.font_variant_caps == b.font_variant_caps
                && a.language == b.language
                && a.font_family == b.font_family
        };
        let (a, b) = (&self.text, &other.text);
        same_font && a.letter_spacing == b.letter_spacing && a.word_spacing == b.word_spacing
    }
}
