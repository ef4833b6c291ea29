//! Used lengths: margins, borders, padding, widths and heights against a containing block.
//!
//! <https://drafts.csswg.org/css2/#visudet> and <https://drafts.csswg.org/css-sizing-3/>.

use siskin_engine::css::values::{
    BoxSizing, Direction, LengthPercentage, MaxSize, Overflow, Size as CssSize,
};
use siskin_engine::style::{ComputedStyle, Sides};

use crate::boxes::tree::IntrinsicWidths;
use crate::geometry::{Edges, Lu};

/// The rectangle that percentages refer to: the content box of the nearest block container.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContainingBlock {
    pub(super) width: Lu,
    /// `None` when it depends on content.
    pub(super) height: Option<Lu>,
    pub(super) direction: Direction,
}

/// The used length against a basis, truncated to 1/64 px as in Blink.
pub(super) fn used(value: &LengthPercentage, basis: Lu) -> Lu {
    Lu::from_px(value.resolve(basis.to_px()))
}

/// The used length, `None` if it needs a basis that is not there.
pub(super) fn used_if_definite(value: &LengthPercentage, basis: Option<Lu>) -> Option<Lu> {
    match basis {
        Some(basis) => Some(used(value, basis)),
        None => value.as_length().map(Lu::from_px),
    }
}

/// Border and padding of a box, and its margins where they are not `auto`.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoxEdges {
    pub(super) border: Edges,
    pub(super) padding: Edges,
    pub(super) margin: Sides<Option<Lu>>,
}

impl BoxEdges {
    /// Percentages refer to the containing block's width, vertical ones too:
    /// <https://drafts.csswg.org/css2/#margin-properties>.
    pub(super) fn new(style: &ComputedStyle, cb_width: Lu) -> Self {
        let padding = &style.size.padding;
        let pad = |value: &LengthPercentage| used(value, cb_width).clamp_negative_to_zero();
        let margin = &style.size.margin;
        let basis = cb_width.to_px();
        Self {
            border: border(style),
            padding: Edges {
                top: pad(&padding.top),
                right: pad(&padding.right),
                bottom: pad(&padding.bottom),
                left: pad(&padding.left),
            },
            margin: Sides {
                top: margin.top.resolve(basis).map(Lu::from_px),
                right: margin.right.resolve(basis).map(Lu::from_px),
                bottom: margin.bottom.resolve(basis).map(Lu::from_px),
                left: margin.left.resolve(basis).map(Lu::from_px),
            },
        }
    }

    /// Border and padding together.
    pub(super) fn inner(&self) -> Edges {
        self.border + self.padding
    }

    /// The margins with `auto` as zero.
    pub(super) fn margins(&self) -> Edges {
        let zero = |margin: Option<Lu>| margin.unwrap_or(Lu::ZERO);
        Edges {
            top: zero(self.margin.top),
            right: zero(self.margin.right),
            bottom: zero(self.margin.bottom),
            left: zero(self.margin.left),
        }
    }
}

/// The border widths.
pub(super) fn border(style: &ComputedStyle) -> Edges {
    let width = |px: f32| Lu::from_px(px).clamp_negative_to_zero();
    let widths = style.border.border_width;
    Edges {
        top: width(widths.top),
        right: width(widths.right),
        bottom: width(widths.bottom),
        left: width(widths.left),
    }
}

/// A specified size as a content-box size: <https://drafts.csswg.org/css-sizing-3/#box-sizing>.
pub(super) fn content_box(style: &ComputedStyle, specified: Lu, inner: Lu) -> Lu {
    match style.box_.box_sizing {
        BoxSizing::ContentBox => specified,
        BoxSizing::BorderBox => specified - inner,
    }
    .clamp_negative_to_zero()
}

/// What `auto` makes of a width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AutoWidth {
    /// All that is available: block boxes in flow.
    Fill,
    /// <https://drafts.csswg.org/css2/#shrink-to-fit-float>
    ShrinkToFit,
}

/// The used content width of a box that is not replaced: 10.3 with 10.4's limits. `available` is the content width
/// that would fill the containing block, `inner` the horizontal border and padding.
pub(super) fn width(
    style: &ComputedStyle,
    cb_width: Lu,
    available: Lu,
    inner: Lu,
    auto: AutoWidth,
    mut intrinsic: impl FnMut() -> IntrinsicWidths,
) -> Lu {
    let room = WidthRoom { cb_width, available: available.clamp_negative_to_zero(), inner };
    let preferred = preferred_width(style, &room, auto, &mut intrinsic);
    clamp_width(style, &room, preferred, &mut intrinsic)
}

/// As [`width`], where `aspect-ratio` may give the width: <https://drafts.csswg.org/css-sizing-4/#aspect-ratio>. `height`
/// is the content height where it is known from without.
pub(super) fn width_by_ratio(
    style: &ComputedStyle,
    cb: &ContainingBlock,
    edges: &BoxEdges,
    available: Lu,
    auto: AutoWidth,
    height: Option<Lu>,
    mut intrinsic: impl FnMut() -> IntrinsicWidths,
) -> Lu {
    let inner = edges.inner();
    let room = WidthRoom {
        cb_width: cb.width,
        available: available.clamp_negative_to_zero(),
        inner: inner.horizontal(),
    };
    let ratio = Ratio::preferred(style).filter(|_| matches!(style.size.width, CssSize::Auto));
    let Some(ratio) = ratio else {
        let preferred = preferred_width(style, &room, auto, &mut intrinsic);
        return clamp_width(style, &room, preferred, &mut intrinsic);
    };
    let definite = height.or_else(|| definite_height(style, cb.height, inner.vertical()));
    let preferred = match definite {
        Some(height) => {
            let width = ratio.width(height, inner);
            let is_least_content = matches!(style.size.min_width, CssSize::Auto) && !scrolls(style);
            if is_least_content { width.max(intrinsic().min) } else { width }
        }
        None => {
            let (least, most) = height_limits(style, cb.height, inner.vertical());
            let preferred = preferred_width(style, &room, auto, &mut intrinsic);
            let most = most.map_or(Lu::MAX, |most| ratio.width(most, inner));
            let least = least.map_or(Lu::ZERO, |least| ratio.width(least, inner));
            preferred.min(most).max(least)
        }
    };
    clamp_width(style, &room, preferred, &mut intrinsic)
}

/// What widths are resolved against.
struct WidthRoom {
    cb_width: Lu,
    available: Lu,
    inner: Lu,
}

impl WidthRoom {
    fn fit(&self, intrinsic: IntrinsicWidths) -> Lu {
        intrinsic.max.min(self.available.max(intrinsic.min))
    }

    /// `fit-content()`
    fn fit_to(&self, limit: &LengthPercentage, style: &ComputedStyle, intrinsic: IntrinsicWidths) -> Lu {
        let limit = content_box(style, used(limit, self.cb_width), self.inner);
        intrinsic.max.min(limit.max(intrinsic.min))
    }
}

fn preferred_width(
    style: &ComputedStyle,
    room: &WidthRoom,
    auto: AutoWidth,
    intrinsic: &mut impl FnMut() -> IntrinsicWidths,
) -> Lu {
    match (&style.size.width, auto) {
        (CssSize::Auto, AutoWidth::Fill) | (CssSize::Stretch, _) => room.available,
        (CssSize::Auto, AutoWidth::ShrinkToFit) | (CssSize::FitContent, _) => room.fit(intrinsic()),
        (CssSize::FitContentTo(limit), _) => room.fit_to(limit, style, intrinsic()),
        (CssSize::LengthPercentage(value), _) => content_box(style, used(value, room.cb_width), room.inner),
        (CssSize::MinContent, _) => intrinsic().min,
        (CssSize::MaxContent, _) => intrinsic().max,
    }
}

fn clamp_width(
    style: &ComputedStyle,
    room: &WidthRoom,
    width: Lu,
    intrinsic: &mut impl FnMut() -> IntrinsicWidths,
) -> Lu {
    let max = match &style.size.max_width {
        MaxSize::None => Lu::MAX,
        MaxSize::LengthPercentage(value) => content_box(style, used(value, room.cb_width), room.inner),
        MaxSize::MinContent => intrinsic().min,
        MaxSize::MaxContent => intrinsic().max,
        MaxSize::FitContent => room.fit(intrinsic()),
        MaxSize::FitContentTo(limit) => room.fit_to(limit, style, intrinsic()),
        MaxSize::Stretch => room.available,
    };
    let min = match &style.size.min_width {
        CssSize::Auto => Lu::ZERO,
        CssSize::LengthPercentage(value) => content_box(style, used(value, room.cb_width), room.inner),
        CssSize::MinContent => intrinsic().min,
        CssSize::MaxContent => intrinsic().max,
        CssSize::FitContent => room.fit(intrinsic()),
        CssSize::FitContentTo(limit) => room.fit_to(limit, style, intrinsic()),
        CssSize::Stretch => room.available,
    };
    width.min(max).max(min)
}

/// The preferred ratio of a box that is not replaced: <https://drafts.csswg.org/css-sizing-4/#aspect-ratio>.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ratio {
    /// Width over height.
    pub(super) value: f32,
    /// Whether it is that of the border box.
    is_of_border_box: bool,
}

impl Ratio {
    pub(super) fn preferred(style: &ComputedStyle) -> Option<Self> {
        let preferred = style.effects.aspect_ratio;
        let (width, height) = preferred.ratio?;
        let value = width / height;
        let is_of_border_box = style.box_.box_sizing == BoxSizing::BorderBox && !preferred.auto;
        (value.is_finite() && value > 0.0).then_some(Self { value, is_of_border_box })
    }

    /// The content width for a content height.
    pub(super) fn width(self, height: Lu, inner: Edges) -> Lu {
        let (more, less) = self.around(inner);
        (Lu::from_px((height + more.1).to_px() * self.value) - less.0).clamp_negative_to_zero()
    }

    /// The content height for a content width.
    pub(super) fn height(self, width: Lu, inner: Edges) -> Lu {
        let (more, less) = self.around(inner);
        (Lu::from_px((width + more.0).to_px() / self.value) - less.1).clamp_negative_to_zero()
    }

    /// What the ratio's box has beyond the content box, horizontally and vertically, twice.
    fn around(self, inner: Edges) -> ((Lu, Lu), (Lu, Lu)) {
        let around =
            if self.is_of_border_box { (inner.horizontal(), inner.vertical()) } else { (Lu::ZERO, Lu::ZERO) };
        (around, around)
    }
}

fn scrolls(style: &ComputedStyle) -> bool {
    matches!(style.box_.overflow_y, Overflow::Hidden | Overflow::Scroll | Overflow::Auto)
}

/// The content height that `aspect-ratio` gives a box of that content width.
pub(super) fn height_by_ratio(style: &ComputedStyle, inner: Edges, width: Lu) -> Option<Lu> {
    let ratio = Ratio::preferred(style)?;
    Some(ratio.height(width, inner))
}

/// The used content height of a box whose height is not definite, from that of its contents.
pub(super) fn height_of_content(
    style: &ComputedStyle,
    cb_height: Option<Lu>,
    inner: Edges,
    width: Lu,
    content: Lu,
) -> Lu {
    let height = match height_by_ratio(style, inner, width) {
        // The automatic minimum: <https://drafts.csswg.org/css-sizing-4/#aspect-ratio-minimum>.
        Some(height) if matches!(style.size.min_height, CssSize::Auto) && !scrolls(style) => {
            height.max(content)
        }
        Some(height) => height,
        None => content,
    };
    clamp_height_to(style, cb_height, inner.vertical(), height, content)
}

/// As [`clamp_height`], with limits that come from the height of the contents.
pub(super) fn clamp_height_to(
    style: &ComputedStyle,
    cb_height: Option<Lu>,
    inner: Lu,
    height: Lu,
    content: Lu,
) -> Lu {
    let (min, max) = height_limits(style, cb_height, inner);
    let max = match &style.size.max_height {
        MaxSize::MinContent | MaxSize::MaxContent | MaxSize::FitContent | MaxSize::FitContentTo(_) => {
            Some(content)
        }
        _ => max,
    };
    let min = match &style.size.min_height {
        CssSize::MinContent | CssSize::MaxContent | CssSize::FitContent | CssSize::FitContentTo(_) => {
            Some(content)
        }
        _ => min,
    };
    height.min(max.unwrap_or(Lu::MAX)).max(min.unwrap_or(Lu::ZERO))
}

/// The content height where it does not depend on content, within its limits: what percentages of children refer to.
pub(super) fn definite_height(style: &ComputedStyle, cb_height: Option<Lu>, inner: Lu) -> Option<Lu> {
    let CssSize::LengthPercentage(value) = &style.size.height else {
        return match (&style.size.height, cb_height) {
            (CssSize::Stretch, Some(height)) => Some((height - inner).clamp_negative_to_zero()),
            _ => None,
        };
    };
    let height = content_box(style, used_if_definite(value, cb_height)?, inner);
    Some(clamp_height(style, cb_height, inner, height))
}

/// A content height within `min-height` and `max-height`: <https://drafts.csswg.org/css2/#min-max-heights>.
pub(super) fn clamp_height(style: &ComputedStyle, cb_height: Option<Lu>, inner: Lu, height: Lu) -> Lu {
    let (min, max) = height_limits(style, cb_height, inner);
    height.min(max.unwrap_or(Lu::MAX)).max(min.unwrap_or(Lu::ZERO))
}

/// `min-height` and `max-height` as content heights, where they do not depend on content.
pub(super) fn height_limits(
    style: &ComputedStyle,
    cb_height: Option<Lu>,
    inner: Lu,
) -> (Option<Lu>, Option<Lu>) {
    let max = match &style.size.max_height {
        MaxSize::LengthPercentage(value) => used_if_definite(value, cb_height),
        _ => None,
    };
    let min = match &style.size.min_height {
        CssSize::LengthPercentage(value) => used_if_definite(value, cb_height),
        _ => None,
    };
    let content = |height: Option<Lu>| height.map(|height| content_box(style, height, inner));
    (content(min), content(max))
}
