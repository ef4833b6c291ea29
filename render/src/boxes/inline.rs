//! Collects the boxes of one block container: inline runs become inline formatting contexts or anonymous blocks,
//! and a block inside an inline box splits it: <https://drafts.csswg.org/css2/#anonymous-block-level>.

use std::sync::Arc;

use siskin_engine::css::values::{Display, WhiteSpaceCollapse};
use siskin_engine::style::ComputedStyle;

use super::anonymous::AnonymousStyles;
use super::tree::{
    BlockBox, BlockContainer, BlockLevelBox, BoxBase, IndependentBox, IndependentContents, InlineContext,
    InlineItem, ItemChild, ItemContainer,
};

/// Collects the contents of one block container.
pub(super) struct FlowBuilder<'a> {
    container: BoxBase,
    anonymous: &'a AnonymousStyles,
    blocks: Vec<BlockLevelBox>,
    items: Vec<InlineItem>,
    /// The inline boxes that are open, outermost first.
    open: Vec<BoxBase>,
    /// The children so far, of a flex or grid container.
    children: Option<Vec<ItemChild>>,
}

impl<'a> FlowBuilder<'a> {
    pub(super) const fn new(container: BoxBase, anonymous: &'a AnonymousStyles) -> Self {
        Self { container, anonymous, blocks: Vec::new(), items: Vec::new(), open: Vec::new(), children: None }
    }

    /// Collects the children of a flex or grid container.
    pub(super) fn new_items(container: BoxBase, anonymous: &'a AnonymousStyles) -> Self {
        Self { children: Some(Vec::new()), ..Self::new(container, anonymous) }
    }

    /// Whether every element becomes an item of its own.
    pub(super) const fn makes_items(&self) -> bool {
        self.children.is_some()
    }

    /// A child of a flex or grid container.
    pub(super) fn child(&mut self, child: ItemChild) {
        self.flush_text();
        if let Some(children) = &mut self.children {
            children.push(child);
        }
    }

    /// The children of a flex or grid container.
    pub(super) fn finish_items(mut self) -> ItemContainer {
        self.flush_text();
        ItemContainer { children: self.children.unwrap_or_default() }
    }

    /// <https://drafts.csswg.org/css-flexbox-1/#flex-items>: consecutive text stands in an anonymous item, unless all of it
    /// is white space.
    fn flush_text(&mut self) {
        let items = std::mem::take(&mut self.items);
        let is_blank = |text: &str| text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c'));
        if items.iter().all(|item| matches!(item, InlineItem::Text { text, .. } if is_blank(text))) {
            return;
        }
        let style = self.anonymous.style(&self.container.style, Display::Block);
        let base = BoxBase { node: None, pseudo: None, style };
        let context = InlineContext { base: Some(base.clone()), items, ..InlineContext::default() };
        let contents = IndependentContents::Flow(BlockContainer::Inline(Box::new(context)));
        if let Some(children) = &mut self.children {
            children.push(ItemChild::Item(IndependentBox::new(base, contents)));
        }
    }

    /// Whether the next box would stand inside an inline box.
    pub(super) const fn in_inline_box(&self) -> bool {
        !self.open.is_empty()
    }

    pub(super) fn open_inline(&mut self, base: BoxBase) {
        self.items.push(InlineItem::Open { base: base.clone(), is_first: true });
        self.open.push(base);
    }

    pub(super) fn close_inline(&mut self) {
        if self.open.pop().is_some() {
            self.items.push(InlineItem::Close { is_last: true });
        }
    }

    pub(super) fn text(&mut self, base: BoxBase, text: Arc<str>) {
        if !text.is_empty() {
            self.items.push(InlineItem::Text { base, text });
        }
    }

    pub(super) fn item(&mut self, item: InlineItem) {
        self.items.push(item);
    }

    /// A float or absolutely positioned box.
    pub(super) fn out_of_flow(&mut self, item: InlineItem) {
        self.items.push(item);
    }

    /// A block-level box in flow.
    pub(super) fn block(&mut self, block: BlockLevelBox) {
        for _ in &self.open {
            self.items.push(InlineItem::Close { is_last: false });
        }
        self.flush();
        // A part of each inline box around it: the rectangles of those elements cover their blocks.
        let block = self.open.iter().rev().fold(block, |block, open| {
            let style = self.anonymous.style(&open.style, Display::Block);
            let base = BoxBase { style, ..open.clone() };
            let contents = BlockContainer::BlockLevel(vec![block]);
            BlockLevelBox::Block(BlockBox { is_anonymous: true, ..BlockBox::new(base, contents) })
        });
        self.blocks.push(block);
        self.items
            .extend(self.open.iter().map(|base| InlineItem::Open { base: base.clone(), is_first: false }));
    }

    pub(super) fn finish(mut self) -> BlockContainer {
        if self.blocks.is_empty() && !only_ignorable(&self.items) {
            return BlockContainer::Inline(Box::new(InlineContext {
                base: Some(self.container),
                items: self.items,
                ..InlineContext::default()
            }));
        }
        self.flush();
        BlockContainer::BlockLevel(self.blocks)
    }

    /// Ends the current inline run: an anonymous block, or nothing if all of it collapses away.
    fn flush(&mut self) {
        let items = std::mem::take(&mut self.items);
        if only_ignorable(&items) {
            self.blocks.extend(items.into_iter().filter_map(|item| match item {
                InlineItem::Float(b) => Some(BlockLevelBox::Float(b)),
                InlineItem::Absolute(b) => Some(BlockLevelBox::Absolute(b)),
                _ => None,
            }));
            return;
        }
        let style = self.anonymous.style(&self.container.style, Display::Block);
        let base = BoxBase { node: None, pseudo: None, style };
        let context = InlineContext { base: Some(base.clone()), items, ..InlineContext::default() };
        let block = BlockBox::new(base, BlockContainer::Inline(Box::new(context)));
        self.blocks.push(BlockLevelBox::Block(BlockBox { is_anonymous: true, ..block }));
    }
}

/// Whether a run holds nothing but collapsible white space and boxes that are out of flow.
fn only_ignorable(items: &[InlineItem]) -> bool {
    items.iter().all(|item| match item {
        InlineItem::Text { base, text } => is_collapsible_space(&base.style, text),
        InlineItem::Float(_) | InlineItem::Absolute(_) | InlineItem::WordBreak => true,
        InlineItem::Open { .. } | InlineItem::Close { .. } | InlineItem::Atomic(_) => false,
        InlineItem::LineBreak(_) => false,
    })
}

/// Whether all of the text is white space that collapses away beside block edges.
pub(super) fn is_collapsible_space(style: &ComputedStyle, text: &str) -> bool {
    let newlines_stay = match style.text.white_space_collapse {
        WhiteSpaceCollapse::Collapse => false,
        WhiteSpaceCollapse::PreserveBreaks => true,
        WhiteSpaceCollapse::Preserve | WhiteSpaceCollapse::BreakSpaces => return false,
    };
    text.bytes().all(|b| match b {
        b' ' | b'\t' => true,
        b'\n' | b'\r' => !newlines_stay,
        _ => false,
    })
}

/// A float or absolutely positioned box, or an atomic inline, as a member of an inline run.
pub(super) fn out_of_flow_or_atomic(placement: super::build::Placement, b: IndependentBox) -> InlineItem {
    match placement {
        super::build::Placement::Float => InlineItem::Float(b),
        super::build::Placement::Absolute => InlineItem::Absolute(b),
        super::build::Placement::InFlow => InlineItem::Atomic(b),
    }
}
