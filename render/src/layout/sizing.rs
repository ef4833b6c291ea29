//! Used lengths: margins, borders, padding, widths and heights against a containing block.
//!
//! <https://drafts.csswg.org/css2/#visudet> and <https://drafts.csswg.org/css-sizing-3/>.

use siskin_engine::css::values::{BoxSizing, Direction, LengthPercentage, MaxSize, Size as CssSize};
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
    let available = available.clamp_negative_to_zero();
    let fit = |intrinsic: IntrinsicWidths| intrinsic.max.min(available.max(intrinsic.min));
    let size = &style.size;
    let preferred = match (&size.width, auto) {
        (CssSize::Auto, AutoWidth::Fill) | (CssSize::Stretch, _) => available,
        (CssSize::Auto, AutoWidth::ShrinkToFit) | (CssSize::FitContent, _) => fit(intrinsic()),
        (CssSize::LengthPercentage(value), _) => content_box(style, used(value, cb_width), inner),
        (CssSize::MinContent, _) => intrinsic().min,
        (CssSize::MaxContent, _) => intrinsic().max,
    };
    let max = match &size.max_width {
        MaxSize::None => Lu::MAX,
        MaxSize::LengthPercentage(value) => content_box(style, used(value, cb_width), inner),
        MaxSize::MinContent => intrinsic().min,
        MaxSize::MaxContent => intrinsic().max,
        MaxSize::FitContent => fit(intrinsic()),
        MaxSize::Stretch => available,
    };
    let min = match &size.min_width {
        CssSize::Auto => Lu::ZERO,
        CssSize::LengthPercentage(value) => content_box(style, used(value, cb_width), inner),
        CssSize::MinContent => intrinsic().min,
        CssSize::MaxContent => intrinsic().max,
        CssSize::FitContent => fit(intrinsic()),
        CssSize::Stretch => available,
    };
    preferred.min(max).max(min)
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
