//! [`TextItem`]: a styled part of a paragraph.

use std::ops::Range;
use std::sync::Arc;

use siskin_engine::style::ComputedStyle;

/// A styled part of a paragraph's text. Items stand in the order of the text and cover it without gaps.
#[derive(Debug, Clone)]
pub struct TextItem {
    /// Its part of the paragraph's text, in bytes.
    pub range: Range<usize>,
    /// The style of the element around it.
    pub style: Arc<ComputedStyle>,
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
    /// Characters to show, joined to what stands before.
    pub const fn text(range: Range<usize>, style: Arc<ComputedStyle>) -> Self {
        Self { range, style, content: ItemContent::Text, joint: Joint::Joined }
    }

    /// Whether both are set in the same way, so that they can be shaped as one.
    pub(crate) fn shapes_like(&self, other: &Self) -> bool {
        if self.content != ItemContent::Text || other.content != ItemContent::Text {
            return false;
        }
        let (a, b) = (&self.style, &other.style);
        let same_font = Arc::ptr_eq(&a.font, &b.font) || {
            let (a, b) = (&a.font, &b.font);
            a.font_size == b.font_size
                && a.font_weight == b.font_weight
                && a.font_style == b.font_style
                && a.font_stretch == b.font_stretch
                && a.font_variant_caps == b.font_variant_caps
                && a.language == b.language
                && a.font_family == b.font_family
        };
        same_font && a.text.letter_spacing == b.text.letter_spacing && a.text.word_spacing == b.text.word_spacing
    }
}
