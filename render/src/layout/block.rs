//! Block formatting contexts: <https://drafts.csswg.org/css2/#block-formatting>.

use siskin_engine::css::values::{
    Alignment, Clear, Direction, Display, OverflowPosition, PositionProperty, Size as CssSize, TextAlign,
};
use siskin_engine::style::ComputedStyle;

use super::Layouter;
use super::float::FloatContext;
use super::margin::MarginStrut;
use super::placed::{BoxParts, Laid, StaticEdge, box_fragment, contains_absolute};
use super::sizing::{self, AutoWidth, BoxEdges, ContainingBlock};
use crate::boxes::{BlockBox, BlockContainer, BlockLevelBox, IndependentBox, InlineContext, InlineItem};
use crate::fragments::Fragment;
use crate::geometry::{Edges, Lu, Point, Size};

/// The inside of a block container.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inside<'s> {
    pub(super) style: &'s ComputedStyle,
    /// The content box as the containing block of the children.
    pub(super) cb: ContainingBlock,
    /// The content box's origin in the container's border box.
    pub(super) offset: Point,
    /// The content box's origin in the block formatting context.
    pub(super) bfc: Point,
    /// Whether the first child's top margin collapses with the container's.
    pub(super) collapses_top: bool,
    /// Whether it is `body` or a cell in quirks mode, which ignores the browser's own margins at its edges.
    pub(super) is_quirky: bool,
}

/// What the contents of a block container came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Contents {
    /// From the content box's top to the bottom border edge of the last child.
    pub(super) height: Lu,
    /// The margins that stand below that edge.
    pub(super) end: MarginStrut,
    /// Whether all margins inside adjoin the container's top margin.
    pub(super) is_at_start: bool,
    /// Whether the last margins belong to an empty box with clearance, which keeps them inside.
    pub(super) keeps_end: bool,
    /// From the content box's top.
    pub(super) first_baseline: Option<Lu>,
    /// From the content box's top.
    pub(super) last_baseline: Option<Lu>,
}

impl Contents {
    /// The height that encloses the last margins too.
    pub(super) fn enclosing_height(&self) -> Lu {
        (self.height + self.end.sum()).clamp_negative_to_zero()
    }

    fn note_baselines(&mut self, top: Lu, first: Option<Lu>, last: Option<Lu>) {
        self.first_baseline = self.first_baseline.or(first.map(|b| top + b));
        self.last_baseline = last.map(|b| top + b).or(self.last_baseline);
    }

    /// Where the next box would go if its margins were zero.
    fn next_top(&self) -> Lu {
        if self.is_at_start { Lu::ZERO } else { self.height + self.end.sum() }
    }
}

/// A block box that is laid out in a flow.
struct InFlow {
    laid: Laid,
    end: MarginStrut,
    /// Whether its margins collapse through it.
    is_through: bool,
}

impl<'a> Layouter<'a> {
    /// Lays out what a block container holds into `children`.
    pub(super) fn flow_contents(
        &mut self,
        container: &'a BlockContainer,
        inside: &Inside<'_>,
        floats: &mut FloatContext,
        children: &mut Vec<Fragment>,
    ) -> Contents {
        let mut contents = Contents { is_at_start: inside.collapses_top, ..Contents::default() };
        if inside.is_quirky {
            contents.end.ignore_quirky();
        }
        match container {
            BlockContainer::Inline(context) => {
                let lines = self.inline_contents(context, inside, floats, children);
                if lines.has_lines {
                    contents.is_at_start = false;
                    contents.height = lines.height;
                }
                contents.first_baseline = lines.first_baseline;
                contents.last_baseline = lines.last_baseline;
            }
            BlockContainer::BlockLevel(boxes) => {
                for boxed in boxes {
                    match boxed {
                        BlockLevelBox::Block(block) => {
                            self.block_child(block, inside, floats, &mut contents, children);
                        }
                        BlockLevelBox::Independent(b) => {
                            self.independent_child(b, inside, floats, &mut contents, children);
                        }
                        BlockLevelBox::Float(b) => {
                            let top = inside.bfc.y + contents.next_top();
                            children.push(self.float_box(b, inside, top, floats));
                        }
                        BlockLevelBox::Absolute(b) => {
                            children.push(self.absolute_child(b, inside, contents.next_top()));
                        }
                    }
                }
            }
        }
        contents
    }

    /// The static position of an absolutely positioned box between blocks.
    fn absolute_child(&mut self, b: &'a IndependentBox, inside: &Inside<'_>, top: Lu) -> Fragment {
        let fragment = self.wait(b, inside.offset + Point::new(Lu::ZERO, top), Point::default(), inside.cb);
        let (own, around) = (&b.base.style, inside.style);
        let or = |own: Alignment, around: Alignment| if own == Alignment::Auto { around } else { own };
        let rtl = |direction: Direction| direction == Direction::Rtl;
        let justify = or(own.flex.justify_self.keyword, around.flex.justify_items.keyword);
        let align = or(own.flex.align_self.keyword, around.flex.align_items.keyword);
        if let Some(waiting) = self.waiting.last_mut() {
            waiting.static_area.width = inside.cb.width;
            waiting.static_align = (
                StaticEdge::of(justify, rtl(inside.cb.direction), rtl(own.text.direction)),
                StaticEdge::of(align, false, false),
            );
        }
        fragment
    }

    /// A block box in flow.
    fn block_child(
        &mut self,
        block: &'a BlockBox,
        inside: &Inside<'_>,
        floats: &mut FloatContext,
        contents: &mut Contents,
        children: &mut Vec<Fragment>,
    ) {
        let style = &block.base.style;
        let edges = BoxEdges::new(style, inside.cb.width);
        let mut strut = contents.end;
        let mut top = Lu::ZERO;
        if !contents.is_at_start {
            let at = inside.bfc.y + contents.height;
            let mut ahead = Ahead { floats, at, sides: (false, false) };
            let is_through = self.look_ahead(block, inside.cb, &mut strut, &mut ahead);
            top = contents.height + strut.sum();
            if is_through {
                // 8.3.1: where it would be if it had a bottom border.
                let mut own = contents.end;
                own.add_from(edges.margins().top, self.margin_origin(&block.base));
                top = contents.height + own.sum();
            }
        }
        let has_clearance = clear(style.box_.clear, inside, floats, &mut top);
        if has_clearance {
            contents.is_at_start = false;
        }
        let mark = self.mark();
        let inner = edges.inner();
        let available = inside.cb.width - edges.margins().horizontal() - inner.horizontal();
        let width =
            sizing::width_by_ratio(style, &inside.cb, &edges, available, auto_width(style), None, || {
                self.with_basis(inside.cb.height, || self.block_widths(block))
            });
        let (left, _) =
            self.inline_margins(style, &edges, &inside.cb, width + inner.horizontal(), Some(inside.style));
        let origin = inside.bfc + Point::new(left, top);
        let mut flow = self.block_box(block, &edges, width, &inside.cb, origin, floats);
        let border_height = flow.laid.fragment.rect.size.height;
        contents.note_baselines(top, flow.laid.first_baseline, flow.laid.last_baseline);
        flow.end.add_from(edges.margins().bottom, self.margin_origin(&block.base));
        if flow.is_through {
            self.pass_through(contents, strut, flow.end, &edges, has_clearance.then_some(top));
        } else {
            contents.height = top + border_height;
            contents.end = flow.end;
            contents.is_at_start = false;
            contents.keeps_end = false;
        }
        let at = inside.offset + Point::new(left, top) + self.relative_offset(style, &inside.cb);
        self.place(&mut flow.laid, mark, at);
        children.push(flow.laid.fragment);
    }

    /// After a box whose top and bottom margins adjoin: 8.3.1, "collapsing through".
    fn pass_through(
        &self,
        contents: &mut Contents,
        strut: MarginStrut,
        own: MarginStrut,
        edges: &BoxEdges,
        cleared_top: Option<Lu>,
    ) {
        match cleared_top {
            Some(top) => {
                let mut end = own;
                end.add(edges.margins().top);
                contents.height = top - edges.margins().top;
                contents.end = end;
                contents.keeps_end = true;
            }
            None if !contents.is_at_start => contents.end = strut,
            None => {}
        }
    }

    /// A block box whose place in the block formatting context is `origin`.
    fn block_box(
        &mut self,
        block: &'a BlockBox,
        edges: &BoxEdges,
        width: Lu,
        cb: &ContainingBlock,
        origin: Point,
        floats: &mut FloatContext,
    ) -> InFlow {
        let base = &block.base;
        let style = &base.style;
        let inner = edges.inner();
        let offset = Point::new(inner.left, inner.top);
        let definite = sizing::definite_height(style, cb.height, inner.vertical());
        let by_ratio = || {
            let height = sizing::height_by_ratio(style, inner, width)?;
            Some(sizing::clamp_height(style, cb.height, inner.vertical(), height))
        };
        let inside = Inside {
            style,
            cb: ContainingBlock {
                width,
                height: if block.is_anonymous {
                    cb.height
                } else {
                    definite.or_else(by_ratio).or(self.quirky_percentage_basis(style, cb))
                },
                direction: style.text.direction,
            },
            offset,
            bfc: origin + offset,
            collapses_top: inner.top == Lu::ZERO,
            is_quirky: self.is_quirky_container(base),
        };
        let mark = self.mark();
        let mut children = Vec::new();
        let mut contents = self.flow_contents(&block.contents, &inside, floats, &mut children);
        if let Some(marker) = &block.marker {
            self.outside_marker(marker, &inside, &mut contents, &mut children);
        }
        let encloses_end = inner.bottom > Lu::ZERO || contents.keeps_end;
        let auto_height =
            if encloses_end { contents.enclosing_height() } else { contents.height.clamp_negative_to_zero() };
        let height = match definite {
            Some(height) => sizing::clamp_height_to(style, cb.height, inner.vertical(), height, auto_height),
            None => sizing::height_of_content(style, cb.height, inner, width, auto_height),
        };
        let height = self.quirky_height(base.node, edges, height);
        let mut end = contents.end;
        if encloses_end || height != auto_height || !matches!(style.size.height, CssSize::Auto) {
            end = MarginStrut::default();
        }
        let is_through = contents.is_at_start && height == Lu::ZERO && inner.vertical() == Lu::ZERO;
        let size = Size { width: width + inner.horizontal(), height: height + inner.vertical() };
        let parts =
            BoxParts { border: edges.border, padding: edges.padding, replaced: None, is_inline: false };
        let fragment = box_fragment(base, size, parts, children);
        let first_baseline = contents.first_baseline.map(|b| b + inner.top);
        let last_baseline = contents.last_baseline.map(|b| b + inner.top);
        let laid = Laid { fragment, first_baseline, last_baseline };
        if contains_absolute(base) {
            self.absolute_in(&laid.fragment, edges.border, mark);
        }
        InFlow { laid, end, is_through }
    }

    /// Used left and right margin of a block-level box of that border-box width: 10.3.3 and, for boxes that are
    /// narrower than their container, HTML's `align`.
    pub(super) fn inline_margins(
        &self,
        style: &ComputedStyle,
        edges: &BoxEdges,
        cb: &ContainingBlock,
        width: Lu,
        container: Option<&ComputedStyle>,
    ) -> (Lu, Lu) {
        let free = cb.width - width;
        match (edges.margin.left, edges.margin.right) {
            (None, None) => {
                let left = (free / 2).clamp_negative_to_zero();
                let over = free < Lu::ZERO && cb.direction == Direction::Rtl;
                if over { (free, Lu::ZERO) } else { (left, free - left) }
            }
            (None, Some(right)) => ((free - right).clamp_negative_to_zero(), right),
            (Some(left), None) => {
                let right = (free - left).clamp_negative_to_zero();
                if cb.direction == Direction::Rtl { (free - right, right) } else { (left, right) }
            }
            (Some(left), Some(right)) => {
                let rest = free - left - right;
                if let Some(before) = justified(style, cb, rest) {
                    return (left + before, right + rest - before);
                }
                match container.map(|c| c.text.text_align) {
                    Some(TextAlign::WebkitCenter) if rest > Lu::ZERO => (left + rest / 2, right + rest / 2),
                    Some(TextAlign::WebkitRight) if rest > Lu::ZERO && cb.direction == Direction::Ltr => {
                        (left + rest, right)
                    }
                    Some(TextAlign::WebkitLeft) if rest > Lu::ZERO => (left, right + rest),
                    // Over-constrained: the margin at the end gives way.
                    _ if cb.direction == Direction::Rtl && style.box_.display != Display::Inline => {
                        (free - right, right)
                    }
                    _ => (left, free - left),
                }
            }
        }
    }

    /// The margins that will collapse with what stands before a block: its own, its first children's, and, where
    /// they collapse through it, all of its margins (the answer is then true).
    fn look_ahead(
        &self,
        block: &BlockBox,
        cb: ContainingBlock,
        strut: &mut MarginStrut,
        ahead: &mut Ahead<'_>,
    ) -> bool {
        let style = &block.base.style;
        let edges = BoxEdges::new(style, cb.width);
        strut.add_from(edges.margins().top, self.margin_origin(&block.base));
        if self.is_quirky_container(&block.base) {
            strut.ignore_quirky();
        }
        let inner = edges.inner();
        if inner.top > Lu::ZERO {
            return false;
        }
        let definite = sizing::definite_height(style, cb.height, inner.vertical());
        let boxes = match &block.contents {
            BlockContainer::Inline(context) if self.has_lines(context) => return false,
            BlockContainer::Inline(context) => {
                ahead.note_floats_in(context);
                &[][..]
            }
            BlockContainer::BlockLevel(boxes) => boxes,
        };
        let available = cb.width - edges.margins().horizontal() - inner.horizontal();
        let inner_cb = ContainingBlock {
            width: self.look_ahead_width(block, cb.width, available, inner),
            height: definite,
            direction: style.text.direction,
        };
        for boxed in boxes {
            let child_style = &boxed.base().style;
            match boxed {
                BlockLevelBox::Absolute(_) => continue,
                BlockLevelBox::Float(_) => {
                    ahead.note_float(child_style);
                    continue;
                }
                BlockLevelBox::Block(_) | BlockLevelBox::Independent(_) => {}
            }
            let own_top = BoxEdges::new(child_style, inner_cb.width).margins().top;
            if ahead.will_clear(child_style.box_.clear, *strut, own_top) {
                return false;
            }
            match boxed {
                BlockLevelBox::Block(child) => {
                    if !self.look_ahead(child, inner_cb, strut, ahead) {
                        return false;
                    }
                }
                _ => {
                    strut.add(own_top);
                    return false;
                }
            }
        }
        let is_empty_item = block.marker.is_some() || sizing::Ratio::preferred(style).is_some();
        let height = sizing::clamp_height(style, cb.height, inner.vertical(), definite.unwrap_or(Lu::ZERO));
        if is_empty_item || inner.bottom > Lu::ZERO || height > Lu::ZERO {
            return false;
        }
        strut.add_from(edges.margins().bottom, self.margin_origin(&block.base));
        true
    }

    /// The width that percentage margins of children refer to; widths from content are not needed for that.
    fn look_ahead_width(&self, block: &BlockBox, cb_width: Lu, available: Lu, inner: Edges) -> Lu {
        let widths = || block.intrinsic.get().copied().unwrap_or_default();
        sizing::width(&block.base.style, cb_width, available, inner.horizontal(), AutoWidth::Fill, widths)
    }

    /// `position: relative`: <https://drafts.csswg.org/css2/#relative-positioning>.
    pub(super) fn relative_offset(&self, style: &ComputedStyle, cb: &ContainingBlock) -> Point {
        if style.box_.position != PositionProperty::Relative {
            return Point::default();
        }
        let inset = &style.size.inset;
        let of = |inset: &siskin_engine::css::values::Inset, basis: Lu| {
            inset.resolve(basis.to_px()).map(Lu::from_px)
        };
        // Percentages of a height that is not definite are auto.
        let vertical = |inset: &siskin_engine::css::values::Inset| match (inset, cb.height) {
            (siskin_engine::css::values::Inset::LengthPercentage(value), None) => {
                value.as_length().map(Lu::from_px)
            }
            (inset, basis) => of(inset, basis.unwrap_or(Lu::ZERO)),
        };
        let (left, right) = (of(&inset.left, cb.width), of(&inset.right, cb.width));
        let x = match (left, right, cb.direction) {
            (None, None, _) => Lu::ZERO,
            (Some(_), Some(right), Direction::Rtl) | (None, Some(right), _) => -right,
            (Some(left), _, _) => left,
        };
        let y = match (vertical(&inset.top), vertical(&inset.bottom)) {
            (Some(top), _) => top,
            (None, Some(bottom)) => -bottom,
            (None, None) => Lu::ZERO,
        };
        Point::new(x, y)
    }
}

/// What `auto` makes of the width of a block box in flow: `justify-self` other than `stretch` lets it shrink.
fn auto_width(style: &ComputedStyle) -> AutoWidth {
    match style.flex.justify_self.keyword {
        Alignment::Auto | Alignment::Normal | Alignment::Stretch => AutoWidth::Fill,
        _ => AutoWidth::ShrinkToFit,
    }
}

/// The part of the free width that `justify-self` puts to the left of a block box:
/// <https://drafts.csswg.org/css-align-3/#justify-block>.
fn justified(style: &ComputedStyle, cb: &ContainingBlock, free: Lu) -> Option<Lu> {
    let value = style.flex.justify_self;
    if auto_width(style) == AutoWidth::Fill {
        return None;
    }
    let rtl = |direction: Direction| direction == Direction::Rtl;
    let edge = StaticEdge::of(value.keyword, rtl(cb.direction), rtl(style.text.direction));
    // Where it does not fit, it stays at the start.
    if free < Lu::ZERO && value.overflow != OverflowPosition::Unsafe {
        return Some(if rtl(cb.direction) { free } else { Lu::ZERO });
    }
    Some(match edge {
        StaticEdge::Start => Lu::ZERO,
        StaticEdge::Center => free / 2,
        StaticEdge::End => free,
    })
}

/// What looking ahead knows of floats: those that stand already, and on which sides more will.
struct Ahead<'f> {
    floats: &'f FloatContext,
    /// The block formatting context's coordinate that the margins are counted from.
    at: Lu,
    sides: (bool, bool),
}

impl Ahead<'_> {
    fn note_float(&mut self, style: &ComputedStyle) {
        match style.box_.float {
            siskin_engine::css::values::Float::Right => self.sides.1 = true,
            _ => self.sides.0 = true,
        }
    }

    /// Floats among inline content that makes no lines.
    fn note_floats_in(&mut self, context: &InlineContext) {
        for item in &context.items {
            if let InlineItem::Float(b) = item {
                self.note_float(&b.base.style);
            }
        }
    }

    /// Whether a box with that `clear` will have clearance, so that its margins do not collapse.
    fn will_clear(&self, clear: Clear, mut strut: MarginStrut, own_top: Lu) -> bool {
        let passes_new_float = match clear {
            Clear::None => return false,
            Clear::Left => self.sides.0,
            Clear::Right => self.sides.1,
            Clear::Both => self.sides.0 || self.sides.1,
        };
        strut.add(own_top);
        passes_new_float
            || self.floats.clear_bottom(clear).is_some_and(|bottom| bottom > self.at + strut.sum())
    }
}

/// <https://drafts.csswg.org/css2/#flow-control>: moves `top` (in the content box) below the floats; whether it had to.
pub(super) fn clear(clear: Clear, inside: &Inside<'_>, floats: &FloatContext, top: &mut Lu) -> bool {
    let Some(bottom) = floats.clear_bottom(clear) else { return false };
    let target = bottom - inside.bfc.y;
    let has_clearance = target > *top;
    *top = target.max(*top);
    has_clearance
}
