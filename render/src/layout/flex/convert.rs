//! Computed styles as taffy's. `calc()` goes through taffy as a number: its place in a list.

use std::sync::Arc;

use siskin_engine::css::computed::FlexBasis;
use siskin_engine::css::values::{
    self, Alignment, AlignmentValue, BoxSizing, Direction, FlexDirection, FlexWrap, Margin, MaxSize,
    Overflow, OverflowPosition,
};
use siskin_engine::style::ComputedStyle;
use taffy::{
    AlignContent, AlignItems, AlignmentSafety, Dimension, LengthPercentage, LengthPercentageAuto, Point,
    Rect, Size,
};

use super::super::sizing::{self, ContainingBlock};
use crate::boxes::tree::IntrinsicWidths;
use crate::geometry::{Edges, Lu};

/// taffy's style; names of grid lines are shared strings.
pub(in crate::layout) type Style = taffy::Style<Arc<str>>;

/// The `calc()` values that styles hold, by their number.
#[derive(Debug, Default)]
pub(in crate::layout) struct Calculations(Vec<values::LengthPercentage>);

impl Calculations {
    /// taffy keeps the lowest three bits of a pointer for itself, and none is null.
    const SHIFT: u32 = 3;

    pub(in crate::layout) fn add(&mut self, value: &values::LengthPercentage) -> *const () {
        self.0.push(value.clone());
        std::ptr::without_provenance(self.0.len() << Self::SHIFT)
    }

    /// The used length of a calculation.
    pub(in crate::layout) fn resolve(&self, pointer: *const (), basis: f32) -> f32 {
        let number = pointer.addr() >> Self::SHIFT;
        number.checked_sub(1).and_then(|at| self.0.get(at)).map_or(0.0, |value| value.resolve(basis))
    }

    pub(in crate::layout) fn length(&mut self, value: &values::LengthPercentage) -> LengthPercentage {
        match value {
            values::LengthPercentage::Length(px) => LengthPercentage::length(snapped(*px)),
            values::LengthPercentage::Percentage(fraction) => LengthPercentage::percent(*fraction),
            values::LengthPercentage::Calc(_) => LengthPercentage::calc(self.add(value)),
        }
    }

    fn margin(&mut self, value: &Margin) -> LengthPercentageAuto {
        match value {
            Margin::Auto => LengthPercentageAuto::auto(),
            Margin::LengthPercentage(value) => self.length(value).into(),
        }
    }

    fn size(&mut self, value: &values::Size) -> Dimension {
        match value {
            values::Size::Auto => Dimension::auto(),
            values::Size::LengthPercentage(value) => self.length(value).into(),
            values::Size::MinContent => Dimension::min_content(),
            values::Size::MaxContent => Dimension::max_content(),
            values::Size::FitContent => Dimension::fit_content(),
            values::Size::FitContentTo(limit) => match limit {
                values::LengthPercentage::Length(px) => Dimension::fit_content_px(*px),
                values::LengthPercentage::Percentage(part) => Dimension::fit_content_percent(*part),
                values::LengthPercentage::Calc(_) => Dimension::fit_content_calc(self.add(limit)),
            },
            values::Size::Stretch => Dimension::stretch(),
        }
    }
}

/// In 1/64 px, as layout keeps lengths.
fn snapped(px: f32) -> f32 {
    Lu::from_px(px).to_px()
}

/// A length of taffy's, in layout units.
pub(in crate::layout) fn lu(px: f32) -> Lu {
    Lu::from_px_round(px)
}

/// A position of taffy's: halves are cut off, as Blink divides.
pub(in crate::layout) fn position(px: f32) -> Lu {
    const NOISE: f32 = 1.0 / 1024.0;
    Lu(((px + NOISE) * Lu::PER_PX as f32).floor() as i32)
}

fn rect(edges: Edges) -> Rect<LengthPercentage> {
    let length = |lu: Lu| LengthPercentage::length(lu.to_px());
    Rect {
        left: length(edges.left),
        right: length(edges.right),
        top: length(edges.top),
        bottom: length(edges.bottom),
    }
}

/// The parts of a container's style that all kinds share. Its own size is known to taffy by the time it is laid out, but for
/// the limits of its height.
pub(in crate::layout) fn container_style(
    style: &ComputedStyle,
    cb: &ContainingBlock,
    calc: &mut Calculations,
) -> Style {
    let edges = sizing::BoxEdges::new(style, cb.width);
    let inner = edges.inner().vertical();
    let (least, most) = sizing::height_limits(style, cb.height, inner);
    let limit =
        |height: Option<Lu>| height.map_or(auto(), |h| LengthPercentageAuto::length((h + inner).to_px()));
    let flex = &style.flex;
    let is_row = !is_column(style);
    let is_grid = super::container::is_grid(style);
    Style {
        box_sizing: taffy::BoxSizing::BorderBox,
        direction: direction(style),
        padding: rect(edges.padding),
        border: rect(edges.border),
        min_size: Size { width: auto(), height: limit(least) },
        max_size: Size { width: auto(), height: limit(most) },
        gap: Size {
            width: flex.column_gap.as_ref().map_or(zero(), |gap| calc.length(gap)),
            height: flex.row_gap.as_ref().map_or(zero(), |gap| calc.length(gap)),
        },
        align_items: item_alignment(flex.align_items, Direction::Ltr).unwrap_or(AlignItems::NORMAL),
        align_content: content_alignment(flex.align_content, None),
        justify_content: content_alignment(
            flex.justify_content,
            (is_row || is_grid).then_some(style.text.direction),
        ),
        flex_direction: match flex.flex_direction {
            FlexDirection::Row => taffy::FlexDirection::Row,
            FlexDirection::RowReverse => taffy::FlexDirection::RowReverse,
            FlexDirection::Column => taffy::FlexDirection::Column,
            FlexDirection::ColumnReverse => taffy::FlexDirection::ColumnReverse,
        },
        flex_wrap: match flex.flex_wrap {
            FlexWrap::Nowrap => taffy::FlexWrap::NoWrap,
            FlexWrap::Wrap => taffy::FlexWrap::Wrap,
            FlexWrap::WrapReverse => taffy::FlexWrap::WrapReverse,
        },
        ..Style::default()
    }
}

fn auto() -> LengthPercentageAuto {
    LengthPercentageAuto::auto()
}

fn zero() -> LengthPercentage {
    LengthPercentage::length(0.0)
}

/// Whether the main axis is vertical.
pub(in crate::layout) fn is_column(style: &ComputedStyle) -> bool {
    matches!(style.flex.flex_direction, FlexDirection::Column | FlexDirection::ColumnReverse)
}

fn direction(style: &ComputedStyle) -> taffy::Direction {
    match style.text.direction {
        Direction::Ltr => taffy::Direction::Ltr,
        Direction::Rtl => taffy::Direction::Rtl,
    }
}

/// What taffy is told of an item beside its style.
#[derive(Debug, Clone, Copy)]
pub(in crate::layout) struct ItemFacts {
    /// Widths from content, of the content box.
    pub(in crate::layout) widths: Option<IntrinsicWidths>,
    /// Width over height, of the box that `box-sizing` names.
    pub(in crate::layout) ratio: Option<f32>,
    pub(in crate::layout) is_replaced: bool,
    pub(in crate::layout) is_table: bool,
}

/// The style of an item.
pub(in crate::layout) fn item_style(
    style: &ComputedStyle,
    container: &ComputedStyle,
    facts: &ItemFacts,
    inner: Edges,
    calc: &mut Calculations,
) -> Style {
    let (size, flex) = (&style.size, &style.flex);
    let border_box = style.box_.box_sizing == BoxSizing::BorderBox;
    // Widths from content stand for the keywords that taffy does not know in limits. Those of tables are of the border box.
    let extra = match (border_box, facts.is_table) {
        (true, false) => inner.horizontal(),
        (false, true) => -inner.horizontal(),
        _ => Lu::ZERO,
    };
    let content = |pick: fn(IntrinsicWidths) -> Lu| {
        facts.widths.map_or(auto(), |widths| LengthPercentageAuto::length((pick(widths) + extra).to_px()))
    };
    let min_width = match &size.min_width {
        values::Size::Auto
        | values::Size::FitContent
        | values::Size::FitContentTo(_)
        | values::Size::Stretch => auto(),
        values::Size::LengthPercentage(value) => calc.length(value).into(),
        values::Size::MinContent => content(|widths| widths.min),
        values::Size::MaxContent => content(|widths| widths.max),
    };
    let max_width = match &size.max_width {
        MaxSize::None | MaxSize::FitContent | MaxSize::FitContentTo(_) | MaxSize::Stretch => auto(),
        MaxSize::LengthPercentage(value) => calc.length(value).into(),
        MaxSize::MinContent => content(|widths| widths.min),
        MaxSize::MaxContent => content(|widths| widths.max),
    };
    let min_height = match &size.min_height {
        values::Size::LengthPercentage(value) => calc.length(value).into(),
        _ => auto(),
    };
    let max_height = match &size.max_height {
        MaxSize::LengthPercentage(value) => calc.length(value).into(),
        _ => auto(),
    };
    let box_sizing = if border_box { taffy::BoxSizing::BorderBox } else { taffy::BoxSizing::ContentBox };
    Style {
        box_sizing,
        direction: direction(style),
        item_is_replaced: facts.is_replaced,
        overflow: Point { x: overflow(style.box_.overflow_x), y: overflow(style.box_.overflow_y) },
        size: Size { width: calc.size(&size.width), height: calc.size(&size.height) },
        min_size: Size { width: min_width, height: min_height },
        max_size: Size { width: max_width, height: max_height },
        aspect_ratio: facts.ratio,
        margin: Rect {
            left: calc.margin(&size.margin.left),
            right: calc.margin(&size.margin.right),
            top: calc.margin(&size.margin.top),
            bottom: calc.margin(&size.margin.bottom),
        },
        padding: Rect {
            left: calc.length(&size.padding.left),
            right: calc.length(&size.padding.right),
            top: calc.length(&size.padding.top),
            bottom: calc.length(&size.padding.bottom),
        },
        border: rect(sizing::border(style)),
        align_self: item_alignment(flex.align_self, Direction::Ltr),
        justify_self: item_alignment(flex.justify_self, container.text.direction),
        flex_basis: match &flex.flex_basis {
            FlexBasis::Content => Dimension::content(),
            FlexBasis::Size(size) => calc.size(size),
        },
        flex_grow: flex.flex_grow,
        flex_shrink: flex.flex_shrink,
        ..Style::default()
    }
}

const fn overflow(overflow: Overflow) -> taffy::Overflow {
    match overflow {
        Overflow::Visible => taffy::Overflow::Visible,
        Overflow::Clip => taffy::Overflow::Clip,
        // Scroll bars take no room.
        Overflow::Hidden | Overflow::Scroll | Overflow::Auto => taffy::Overflow::Hidden,
    }
}

/// `align-items`, `align-self` and their inline-axis kin; `None` is `auto`. `direction` is the container's in the inline axis.
pub(in crate::layout) fn item_alignment(value: AlignmentValue, direction: Direction) -> Option<AlignItems> {
    let is_ltr = direction == Direction::Ltr;
    let items = match value.keyword {
        Alignment::Auto | Alignment::Legacy => return None,
        Alignment::Normal | Alignment::SpaceBetween | Alignment::SpaceAround | Alignment::SpaceEvenly => {
            AlignItems::NORMAL
        }
        Alignment::Stretch => AlignItems::STRETCH,
        Alignment::Start => AlignItems::START,
        Alignment::End => AlignItems::END,
        Alignment::Center => AlignItems::CENTER,
        Alignment::FlexStart => AlignItems::FLEX_START,
        Alignment::FlexEnd => AlignItems::FLEX_END,
        Alignment::SelfStart => AlignItems::SELF_START,
        Alignment::SelfEnd => AlignItems::SELF_END,
        Alignment::Left if is_ltr => AlignItems::START,
        Alignment::Right if !is_ltr => AlignItems::START,
        Alignment::Left | Alignment::Right => AlignItems::END,
        Alignment::Baseline => AlignItems::BASELINE,
        // The fallback: <https://drafts.csswg.org/css-align-3/#baseline-values>.
        Alignment::LastBaseline => return Some(AlignItems::SAFE_END),
    };
    Some(items.with_safety(safety(value)))
}

const fn safety(value: AlignmentValue) -> AlignmentSafety {
    match value.overflow {
        OverflowPosition::Default => AlignmentSafety::Default,
        OverflowPosition::Safe => AlignmentSafety::Safe,
        OverflowPosition::Unsafe => AlignmentSafety::Unsafe,
    }
}

/// `align-content` and `justify-content`; `inline` is the direction of the axis for `left` and `right`, if it is the
/// inline axis.
fn content_alignment(value: AlignmentValue, inline: Option<Direction>) -> AlignContent {
    let (is_ltr, is_rtl) = (inline == Some(Direction::Ltr), inline == Some(Direction::Rtl));
    let content = match value.keyword {
        Alignment::Normal
        | Alignment::Auto
        | Alignment::Legacy
        | Alignment::SelfStart
        | Alignment::SelfEnd => AlignContent::NORMAL,
        Alignment::Stretch => AlignContent::STRETCH,
        Alignment::Start | Alignment::Baseline => AlignContent::START,
        Alignment::End => AlignContent::END,
        Alignment::LastBaseline => return AlignContent::END.with_safety(AlignmentSafety::Safe),
        Alignment::Center => AlignContent::CENTER,
        Alignment::FlexStart => AlignContent::FLEX_START,
        Alignment::FlexEnd => AlignContent::FLEX_END,
        Alignment::Left if is_rtl => AlignContent::END,
        Alignment::Right if is_ltr => AlignContent::END,
        Alignment::Left | Alignment::Right => AlignContent::START,
        Alignment::SpaceBetween => AlignContent::SPACE_BETWEEN,
        Alignment::SpaceAround => AlignContent::SPACE_AROUND,
        Alignment::SpaceEvenly => AlignContent::SPACE_EVENLY,
    };
    content.with_safety(safety(value))
}
