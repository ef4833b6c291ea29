//! The sizes of one item, and its layout once its size is known: what taffy asks for, by our own layout.

use siskin_engine::css::values::{Direction, LengthPercentage, MaxSize, Size as CssSize};
use siskin_engine::style::ComputedStyle;

use super::super::Layouter;
use super::super::placed::Laid;
use super::super::sizing::{self, BoxEdges, ContainingBlock};
use super::KnownSize;
use super::memo::{Finished, Pending, Question};
use crate::boxes::{
    BlockContainer, BlockLevelBox, IndependentBox, IndependentContents, InlineItem, TableBox,
};
use crate::fragments::FragmentKind;
use crate::geometry::{Lu, Size};

/// The room for a box along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::layout) enum Room {
    MinContent,
    MaxContent,
    /// For the border box.
    Definite(Lu),
}

/// Whether a box's own sizes count where they are not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::layout) enum SizeOf {
    Content,
    Style,
}

/// What the size of an item depends on, beside the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::layout) struct Space {
    pub(in crate::layout) known: KnownSize,
    /// Of the containing block.
    pub(in crate::layout) cb_width: Option<Lu>,
    pub(in crate::layout) cb_height: Option<Lu>,
    pub(in crate::layout) direction: Direction,
    pub(in crate::layout) width: Room,
    pub(in crate::layout) height: Room,
    pub(in crate::layout) size_of: SizeOf,
}

impl Space {
    pub(in crate::layout) fn containing_block(&self) -> ContainingBlock {
        ContainingBlock {
            width: self.cb_width.unwrap_or(Lu::ZERO),
            height: self.cb_height,
            direction: self.direction,
        }
    }
}

impl<'a> Layouter<'a> {
    /// The border box of an item. The height is zero where it is not needed.
    pub(in crate::layout) fn item_size(
        &mut self,
        b: &'a IndependentBox,
        space: &Space,
        needs_height: bool,
    ) -> Size {
        let mut space = *space;
        if space.known.width.is_some() {
            space.width = Room::MaxContent;
        }
        // No height depends on the room for it: what overflows is not cut.
        space.height = Room::MaxContent;
        if let IndependentContents::Replaced(_) = &b.contents {
            return self.replaced_item_size(b, &space);
        }
        let question = Question { space, needs_height };
        if let Some(size) = self.items.of(b).answer(&question) {
            return size;
        }
        let edges = BoxEdges::new(&b.base.style, space.containing_block().width);
        let width = space.known.width.unwrap_or_else(|| self.item_width(b, &space, &edges));
        let height = match space.known.height {
            _ if !needs_height => Lu::ZERO,
            Some(height) => height,
            None => self.item_height(b, &space, &edges, width),
        };
        let size = Size { width, height };
        self.items.of(b).remember(question, size);
        size
    }

    /// The width of an item's border box where it is not known.
    pub(super) fn item_outer_width(&self, b: &IndependentBox, space: &Space) -> Lu {
        if let IndependentContents::Replaced(_) = &b.contents {
            return self.replaced_item_size(b, space).width;
        }
        self.item_width(b, space, &BoxEdges::new(&b.base.style, space.containing_block().width))
    }

    fn item_width(&self, b: &IndependentBox, space: &Space, edges: &BoxEdges) -> Lu {
        let style = &b.base.style;
        let inner = edges.inner().horizontal();
        let cb_width = space.cb_width;
        let of_style = space.size_of == SizeOf::Style;
        let length = |value: &LengthPercentage| {
            let used = sizing::used_if_definite(value, cb_width)?;
            Some(sizing::content_box(style, used, inner))
        };
        let mut widths = self.with_basis(space.cb_height, || self.flow_widths(b));
        if let IndependentContents::Table(_) = &b.contents {
            // Those of a table are of its border box.
            widths.min = (widths.min - inner).clamp_negative_to_zero();
            widths.max = (widths.max - inner).clamp_negative_to_zero();
        }
        let fit = |room: Lu| widths.max.min((room - inner).max(widths.min));
        let from_room = match space.width {
            Room::MinContent => widths.min,
            Room::MaxContent => widths.max,
            Room::Definite(room) => fit(room),
        };
        let ratio = sizing::Ratio::preferred(style).filter(|_| matches!(style.size.width, CssSize::Auto));
        if !of_style {
            return match (ratio, space.known.height) {
                (Some(ratio), Some(height)) if space.known.is_height_definite => {
                    let height = (height - edges.inner().vertical()).clamp_negative_to_zero();
                    ratio.width(height, edges.inner()).max(widths.min) + inner
                }
                _ => from_room + inner,
            };
        }
        let from_ratio = || {
            let height = space.known.height? - edges.inner().vertical();
            Some(sizing::Ratio::preferred(style)?.width(height.clamp_negative_to_zero(), edges.inner()))
        };
        let specified = match &style.size.width {
            CssSize::LengthPercentage(value) => length(value),
            CssSize::Auto => from_ratio(),
            _ => None,
        };
        let preferred = specified.unwrap_or(from_room);
        let most = match &style.size.max_width {
            MaxSize::LengthPercentage(value) => length(value),
            MaxSize::MinContent => Some(widths.min),
            MaxSize::MaxContent => Some(widths.max),
            MaxSize::None | MaxSize::FitContent | MaxSize::FitContentTo(_) | MaxSize::Stretch => None,
        };
        let least = match &style.size.min_width {
            CssSize::LengthPercentage(value) => length(value),
            CssSize::MinContent => Some(widths.min),
            CssSize::MaxContent => Some(widths.max),
            CssSize::Auto | CssSize::FitContent | CssSize::FitContentTo(_) | CssSize::Stretch => None,
        };
        preferred.min(most.unwrap_or(Lu::MAX)).max(least.unwrap_or(Lu::ZERO)) + inner
    }

    fn item_height(&mut self, b: &'a IndependentBox, space: &Space, edges: &BoxEdges, width: Lu) -> Lu {
        let style = &b.base.style;
        let inner = edges.inner().vertical();
        let of_style = space.size_of == SizeOf::Style;
        if of_style && let Some(height) = sizing::definite_height(style, space.cb_height, inner) {
            return height + inner;
        }
        let cb = space.containing_block();
        let content = match &b.contents {
            IndependentContents::Flow(_) => {
                let content = (width - edges.inner().horizontal()).clamp_negative_to_zero();
                self.pending_height(b, &cb, edges, content)
            }
            IndependentContents::Table(table) => {
                let mark = self.mark();
                let laid = self.table_of_width(b, table, &cb, width, None);
                self.waiting.truncate(mark);
                laid.fragment.rect.size.height - inner
            }
            IndependentContents::Items(container) => {
                let known = KnownSize { width: Some(width), height: None, ..space.known };
                self.item_container_height(b, container, &cb, &known) - inner
            }
            IndependentContents::Replaced(_) => Lu::ZERO,
        };
        if !of_style {
            let by_ratio = matches!(style.size.height, CssSize::Auto | CssSize::LengthPercentage(_));
            let ratio = by_ratio.then(|| {
                // A width that is not known yet is the used one.
                let width = match space.known.width {
                    Some(width) => width,
                    None => self.item_width(b, &Space { size_of: SizeOf::Style, ..*space }, edges),
                };
                let width = (width - edges.inner().horizontal()).clamp_negative_to_zero();
                sizing::height_by_ratio(style, edges.inner(), width)
            });
            let is_least = matches!(style.size.min_height, CssSize::Auto);
            return match ratio.flatten() {
                Some(height) if is_least => height.max(content) + inner,
                Some(height) => height + inner,
                None => content + inner,
            };
        }
        let content_width = (width - edges.inner().horizontal()).clamp_negative_to_zero();
        sizing::height_of_content(style, space.cb_height, edges.inner(), content_width, content) + inner
    }

    /// The height of a box that holds a flow, from a layout that is kept for later.
    fn pending_height(
        &mut self,
        b: &'a IndependentBox,
        cb: &ContainingBlock,
        edges: &BoxEdges,
        width: Lu,
    ) -> Lu {
        let known = self.items.of(b).pending.as_ref();
        if let Some(known) = known.filter(|p| p.width == width && p.cb_width == cb.width && p.basis.is_none())
        {
            return known.auto_height;
        }
        let mark = self.mark();
        let (laid, auto_height) = self.context_of_auto_height(b, edges, width, None);
        let waiting = self.waiting.split_off(mark);
        let pending = Pending { laid, waiting, auto_height, width, cb_width: cb.width, basis: None };
        self.items.of(b).pending = Some(pending);
        auto_height
    }

    /// Lays an item out. Its size and baseline; the layout itself is taken with [`Self::take_item`].
    pub(in crate::layout) fn lay_out_item(
        &mut self,
        b: &'a IndependentBox,
        space: &Space,
    ) -> (Size, Option<Lu>) {
        let mut known = space.known;
        if known.width.is_none() || known.height.is_none() {
            let size = self.item_size(b, space, true);
            known.is_height_definite &= known.height.is_some();
            (known.width, known.height) = (Some(size.width), Some(size.height));
        }
        let cb = (space.cb_width, space.cb_height);
        let finished = self.items.of(b).finished.as_ref().filter(|f| f.known == known && f.cb == cb);
        if let Some(finished) = finished {
            return (finished.laid.fragment.rect.size, finished.laid.first_baseline);
        }
        let mark = self.mark();
        let laid = self.item_of_size(b, &space.containing_block(), &known);
        let waiting = self.waiting.split_off(mark);
        let answer = (laid.fragment.rect.size, laid.first_baseline);
        self.items.of(b).finished = Some(Finished { laid, waiting, known, cb });
        answer
    }

    /// The layout of an item, once.
    pub(in crate::layout) fn take_item(&mut self, b: &'a IndependentBox) -> Option<Laid> {
        let finished = self.items.of(b).finished.take()?;
        self.waiting.extend(finished.waiting);
        Some(finished.laid)
    }

    /// Lays out an item whose border box is known.
    fn item_of_size(&mut self, b: &'a IndependentBox, cb: &ContainingBlock, known: &KnownSize) -> Laid {
        let edges = BoxEdges::new(&b.base.style, cb.width);
        let inner = edges.inner();
        let (width, height) = (known.width.unwrap_or(Lu::ZERO), known.height.unwrap_or(Lu::ZERO));
        let content = Size {
            width: (width - inner.horizontal()).clamp_negative_to_zero(),
            height: (height - inner.vertical()).clamp_negative_to_zero(),
        };
        match &b.contents {
            IndependentContents::Flow(container) => {
                let basis = known.is_height_definite.then_some(content.height);
                let mark = self.mark();
                let pending = self.items.of(b).pending.take().filter(|pending| {
                    pending.width == content.width
                        && pending.cb_width == cb.width
                        && (pending.basis == basis || self.quirks.is_none() && !needs_basis(container))
                });
                let laid = match pending {
                    Some(pending) => {
                        self.waiting.extend(pending.waiting);
                        pending.laid
                    }
                    None => self.context_of_auto_height(b, &edges, content.width, basis).0,
                };
                self.with_height(b, &edges, laid, content.height, mark)
            }
            IndependentContents::Table(table) => self.table_item(b, table, cb, (width, height)),
            IndependentContents::Replaced(replaced) => self.replaced_of_size(b, replaced, &edges, content),
            IndependentContents::Items(container) => self.item_container(b, container, cb, known),
        }
    }

    /// A table as an item: what it is given beyond its own height goes to its rows, not to its captions.
    fn table_item(
        &mut self,
        b: &'a IndependentBox,
        table: &'a TableBox,
        cb: &ContainingBlock,
        (width, height): (Lu, Lu),
    ) -> Laid {
        let mark = self.mark();
        let laid = self.table_of_width(b, table, cb, width, None);
        let more = height - laid.fragment.rect.size.height;
        if more <= Lu::ZERO {
            return laid;
        }
        let grid =
            if table.captions.is_empty() { Some(&laid.fragment) } else { laid.fragment.children.last() };
        let Some(FragmentKind::Box(used)) = grid.map(|grid| &grid.kind) else { return laid };
        let inner = used.border.vertical() + used.padding.vertical();
        let rows = grid.map_or(Lu::ZERO, |grid| grid.rect.size.height) - inner;
        self.waiting.truncate(mark);
        self.table_of_width(b, table, cb, width, Some(rows + more))
    }

    fn replaced_item_size(&self, b: &IndependentBox, space: &Space) -> Size {
        let IndependentContents::Replaced(replaced) = &b.contents else { return Size::default() };
        let style = &b.base.style;
        let cb = space.containing_block();
        let edges = BoxEdges::new(style, cb.width);
        let inner = edges.inner();
        let natural = self.natural(style, replaced);
        let known = (
            space.known.width.map(|width| (width - inner.horizontal()).clamp_negative_to_zero()),
            space.known.height.map(|height| (height - inner.vertical()).clamp_negative_to_zero()),
        );
        let content = match space.size_of {
            SizeOf::Content => super::super::replaced::content_size(natural, known, room(space.width)),
            SizeOf::Style => super::super::replaced::used_size_with(style, natural, &cb, &edges, known),
        };
        Size { width: content.width + inner.horizontal(), height: content.height + inner.vertical() }
    }
}

const fn room(room: Room) -> Option<Lu> {
    match room {
        Room::Definite(room) => Some(room),
        Room::MinContent | Room::MaxContent => None,
    }
}

/// Whether a child's layout depends on the height of the container that it stands in. The recursion goes through anonymous
/// boxes only.
fn needs_basis(container: &BlockContainer) -> bool {
    let of_style = |style: &ComputedStyle| {
        let has_percentage = |value: &LengthPercentage| value.has_percentage();
        let size = &style.size;
        let is_relative = |size: &CssSize| match size {
            CssSize::LengthPercentage(value) => has_percentage(value),
            CssSize::Stretch => true,
            _ => false,
        };
        let inset = |inset: &siskin_engine::css::values::Inset| match inset {
            siskin_engine::css::values::Inset::LengthPercentage(value) => has_percentage(value),
            siskin_engine::css::values::Inset::Auto => false,
        };
        is_relative(&size.height)
            || is_relative(&size.min_height)
            || match &size.max_height {
                MaxSize::LengthPercentage(value) => has_percentage(value),
                MaxSize::Stretch => true,
                _ => false,
            }
            || inset(&size.inset.top)
            || inset(&size.inset.bottom)
    };
    match container {
        BlockContainer::Inline(context) => context.items.iter().any(|item| match item {
            InlineItem::Atomic(b) | InlineItem::Float(b) => of_style(&b.base.style),
            InlineItem::Open { base, .. } => of_style(&base.style),
            _ => false,
        }),
        BlockContainer::BlockLevel(boxes) => boxes.iter().any(|boxed| match boxed {
            BlockLevelBox::Block(block) if block.is_anonymous => needs_basis(&block.contents),
            BlockLevelBox::Absolute(_) => false,
            boxed => of_style(&boxed.base().style),
        }),
    }
}
