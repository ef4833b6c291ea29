//! Used values of boxes, where `getComputedStyle` shows those instead of computed ones:
//! <https://drafts.csswg.org/cssom-1/#resolved-values>.

use std::collections::HashMap;

use siskin_engine::css::values::{BoxSizing, Inset, LengthPercentage, Margin, PositionProperty};
use siskin_engine::dom::{Document, NodeId};
use siskin_engine::style::resolved::UsedBox;
use siskin_engine::style::{ComputedStyle, Sides};
use siskin_render::fragments::{BoxFragment, Fragment, FragmentKind, FragmentTree};
use siskin_render::geometry::{Lu, Point};

/// An element's first box and where its border box begins.
#[derive(Clone, Copy)]
struct Placed<'a> {
    fragment: &'a Fragment,
    own: &'a BoxFragment,
    origin: Point,
}

/// A rectangle in CSS px: left, top, width, height.
#[derive(Clone, Copy)]
struct RectPx {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
}

/// The used values of each element's first box.
pub(super) fn used_boxes(document: &Document, fragments: &FragmentTree) -> HashMap<NodeId, UsedBox> {
    let mut placed: HashMap<NodeId, Placed<'_>> = HashMap::new();
    fragments.walk(&mut |fragment, origin| {
        if let (Some(node), None, FragmentKind::Box(own)) = (fragment.node, fragment.pseudo, &fragment.kind) {
            placed.entry(node).or_insert(Placed { fragment, own, origin });
        }
    });
    let viewport = RectPx {
        left: 0.0,
        top: 0.0,
        width: fragments.viewport.width.to_px(),
        height: fragments.viewport.height.to_px(),
    };
    let used = |(&node, this): (&NodeId, &Placed<'_>)| {
        let inset = inset(document, &placed, node, this, viewport);
        (node, UsedBox { inset, ..sizes(this) })
    };
    placed.iter().map(used).collect()
}

fn sizes(this: &Placed<'_>) -> UsedBox {
    let outer = this.fragment.rect.size;
    let content = this.content_box();
    let (width, height) = match this.fragment.style.box_.box_sizing {
        BoxSizing::BorderBox => (outer.width.to_px(), outer.height.to_px()),
        BoxSizing::ContentBox => (content.width, content.height),
    };
    // A width means nothing to a box in a line.
    let apply = !this.own.is_inline || this.own.replaced.is_some();
    UsedBox {
        width: apply.then_some(width),
        height: apply.then_some(height),
        padding: padding(this),
        ..UsedBox::default()
    }
}

/// Lengths are shown as declared, percentages as used.
fn padding(this: &Placed<'_>) -> Option<Sides<f32>> {
    let (style, used) = (&this.fragment.style.size.padding, &this.own.padding);
    let side = |declared: &LengthPercentage, used: Lu| declared.as_length().unwrap_or_else(|| used.to_px());
    Some(Sides {
        top: side(&style.top, used.top),
        right: side(&style.right, used.right),
        bottom: side(&style.bottom, used.bottom),
        left: side(&style.left, used.left),
    })
}

impl Placed<'_> {
    fn padding_box(&self) -> RectPx {
        let (border, size) = (&self.own.border, self.fragment.rect.size);
        RectPx {
            left: (self.origin.x + border.left).to_px(),
            top: (self.origin.y + border.top).to_px(),
            width: (size.width - border.horizontal()).to_px(),
            height: (size.height - border.vertical()).to_px(),
        }
    }

    fn content_box(&self) -> RectPx {
        let (outer, padding) = (self.padding_box(), &self.own.padding);
        RectPx {
            left: outer.left + padding.left.to_px(),
            top: outer.top + padding.top.to_px(),
            width: outer.width - padding.horizontal().to_px(),
            height: outer.height - padding.vertical().to_px(),
        }
    }
}

/// The insets of a positioned box. DEVIATION: as in Chromium a sticky box shows its computed values.
fn inset(
    document: &Document,
    placed: &HashMap<NodeId, Placed<'_>>,
    node: NodeId,
    this: &Placed<'_>,
    viewport: RectPx,
) -> Option<Sides<f32>> {
    let style = &this.fragment.style;
    let mut ancestors = document.ancestors(node).filter_map(|ancestor| placed.get(&ancestor));
    match style.box_.position {
        PositionProperty::Static | PositionProperty::Sticky => None,
        PositionProperty::Relative => {
            let block = ancestors.next().map_or(viewport, Placed::content_box);
            let (left, right) = relative(&style.size.inset.left, &style.size.inset.right, block.width);
            let (top, bottom) = relative(&style.size.inset.top, &style.size.inset.bottom, block.height);
            Some(Sides { top, right, bottom, left })
        }
        PositionProperty::Fixed => Some(absolute(this, style, viewport)),
        PositionProperty::Absolute => {
            let is_positioned = |a: &&Placed<'_>| a.fragment.style.box_.position != PositionProperty::Static;
            let block = ancestors.find(is_positioned).map_or(viewport, Placed::padding_box);
            Some(absolute(this, style, block))
        }
    }
}

/// <https://drafts.csswg.org/css-position-3/#relpos-insets>: an automatic side is the other one, negated.
fn relative(start: &Inset, end: &Inset, basis: f32) -> (f32, f32) {
    match (start.resolve(basis), end.resolve(basis)) {
        (None, None) => (0.0, 0.0),
        (Some(start), None) => (start, -start),
        (None, Some(end)) => (-end, end),
        (Some(start), Some(end)) => (start, end),
    }
}

/// From the margin box to the containing block `block`, for sides that are automatic.
fn absolute(this: &Placed<'_>, style: &ComputedStyle, block: RectPx) -> Sides<f32> {
    let inset = &style.size.inset;
    // DEVIATION: an automatic margin counts as zero here; layout does not tell it.
    let margin = |side: &Margin| side.resolve(block.width).unwrap_or(0.0);
    let (left, top) = (this.origin.x.to_px(), this.origin.y.to_px());
    let size = this.fragment.rect.size;
    let (right, bottom) = (left + size.width.to_px(), top + size.height.to_px());
    Sides {
        top: inset.top.resolve(block.height).unwrap_or(top - margin(&style.size.margin.top) - block.top),
        left: inset.left.resolve(block.width).unwrap_or(left - margin(&style.size.margin.left) - block.left),
        right: (inset.right.resolve(block.width))
            .unwrap_or(block.left + block.width - right - margin(&style.size.margin.right)),
        bottom: (inset.bottom.resolve(block.height))
            .unwrap_or(block.top + block.height - bottom - margin(&style.size.margin.bottom)),
    }
}
