//! `::first-letter`: <https://drafts.csswg.org/css-pseudo-4/#first-letter-pseudo>.

use std::sync::Arc;

use siskin_engine::css::values::{Display, Float};
use siskin_engine::dom::NodeId;
use siskin_engine::style::{ComputedStyle, PseudoElement};

use super::tree::{
    BlockContainer, BlockLevelBox, BoxBase, IndependentBox, IndependentContents, InlineContext, InlineItem,
};
use crate::text::first_letter;

/// Where the search for the letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search {
    /// Nothing so far that would end it.
    GoesOn,
    /// The letter is found, or the line does not begin with text.
    Ended,
}

/// Puts the first letter of the block container `element` into a box of its own.
///
/// `DEVIATION:` the box inherits from the block container even inside of an inline box.
pub(super) fn split(contents: &mut BlockContainer, element: NodeId, style: &Arc<ComputedStyle>) {
    let pseudo = Some(PseudoElement::FirstLetter);
    let base = BoxBase { node: Some(element), pseudo, style: Arc::clone(style) };
    in_container(contents, &base);
}

/// The depth of the recursion is that of the boxes, which is bounded.
fn in_container(contents: &mut BlockContainer, base: &BoxBase) -> Search {
    let blocks = match contents {
        BlockContainer::Inline(context) => return in_line(&mut context.items, base),
        BlockContainer::BlockLevel(blocks) => blocks,
    };
    for block in blocks {
        let search = match block {
            BlockLevelBox::Float(_) | BlockLevelBox::Absolute(_) => continue,
            BlockLevelBox::Block(block) => in_container(&mut block.contents, base),
            BlockLevelBox::Independent(IndependentBox {
                contents: IndependentContents::Flow(contents),
                base: inner,
                ..
            }) if !matches!(inner.style.box_.display, Display::Flex | Display::Grid) => {
                in_container(contents, base)
            }
            BlockLevelBox::Independent(_) => Search::Ended,
        };
        if search == Search::Ended {
            return search;
        }
    }
    Search::GoesOn
}

fn in_line(items: &mut Vec<InlineItem>, base: &BoxBase) -> Search {
    // How many boxes are open inside of an inside marker, which the letter comes after.
    let mut in_marker = 0usize;
    for index in 0..items.len() {
        match &items[index] {
            InlineItem::Open { .. } if in_marker > 0 => in_marker += 1,
            InlineItem::Open { base, .. } if base.pseudo == Some(PseudoElement::Marker) => in_marker = 1,
            InlineItem::Close { .. } => in_marker = in_marker.saturating_sub(1),
            // A block inside has its own, which inherits from this one.
            InlineItem::Open { base, .. } if base.pseudo == Some(PseudoElement::FirstLetter) => {
                return Search::Ended;
            }
            InlineItem::Text { base: around, text } if in_marker == 0 => {
                let Some(range) = first_letter(text) else {
                    if text.trim_ascii().is_empty() {
                        continue;
                    }
                    return Search::Ended;
                };
                let part = |range: &str| InlineItem::Text { base: around.clone(), text: Arc::from(range) };
                let before = (range.start > 0).then(|| part(&text[..range.start]));
                let after = (range.end < text.len()).then(|| part(&text[range.end..]));
                let letter = InlineItem::Text {
                    base: BoxBase { style: Arc::clone(&base.style), ..around.clone() },
                    text: Arc::from(&text[range]),
                };
                let parts = before.into_iter().chain(letter_box(base, letter)).chain(after);
                items.splice(index..=index, parts.collect::<Vec<_>>());
                return Search::Ended;
            }
            InlineItem::Atomic(_) | InlineItem::LineBreak(_) if in_marker == 0 => return Search::Ended,
            _ => {}
        }
    }
    Search::GoesOn
}

/// The letter in an inline box or a float.
fn letter_box(base: &BoxBase, letter: InlineItem) -> Vec<InlineItem> {
    if base.style.box_.float == Float::None {
        let open = InlineItem::Open { base: base.clone(), is_first: true };
        return vec![open, letter, InlineItem::Close { is_last: true }];
    }
    let context = InlineContext { base: Some(base.clone()), items: vec![letter], ..InlineContext::default() };
    let contents = IndependentContents::Flow(BlockContainer::Inline(Box::new(context)));
    vec![InlineItem::Float(IndependentBox::new(base.clone(), contents))]
}
