//! Questions to a laid-out document: where elements and lines of text are, and what is under a point.

use std::collections::HashMap;

use siskin_engine::dom::NodeId;

use super::{Fragment, FragmentKind, FragmentTree};
use crate::geometry::{Edges, Lu, Point, Rect};

/// Rectangles by node, in CSS px of the page.
#[derive(Debug, Clone, Default)]
pub struct Rects {
    elements: HashMap<NodeId, Rect>,
    texts: HashMap<NodeId, Vec<Rect>>,
}

/// The used values of an element's box: what resolved values of `width`, `margin` and the like are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsedBox {
    /// The border box in the page.
    pub rect: Rect,
    /// Border widths.
    pub border: Edges,
    /// Padding widths.
    pub padding: Edges,
    /// Whether it is inline-level text flow, to which `width` and `height` do not apply.
    pub is_inline: bool,
}

impl FragmentTree {
    /// The rectangles of all elements and lines of text, by one walk.
    pub fn rects(&self) -> Rects {
        let mut rects = Rects::default();
        self.walk(&mut |fragment, origin| {
            let rect = Rect { origin, size: fragment.rect.size };
            let Some(node) = fragment.node.filter(|_| fragment.pseudo.is_none()) else { return };
            match &fragment.kind {
                FragmentKind::Box(_) => {
                    rects
                        .elements
                        .entry(node)
                        .and_modify(|known| *known = bounding(known, &rect))
                        .or_insert(rect);
                }
                FragmentKind::Text(_) => rects.texts.entry(node).or_default().push(rect),
                FragmentKind::Line { .. } => {}
            }
        });
        rects
    }

    /// The first box of an element.
    pub fn used_box(&self, element: NodeId) -> Option<UsedBox> {
        let mut found = None;
        self.walk(&mut |fragment, origin| {
            if found.is_none()
                && fragment.node == Some(element)
                && fragment.pseudo.is_none()
                && let FragmentKind::Box(used) = &fragment.kind
            {
                found = Some(UsedBox {
                    rect: Rect { origin, size: fragment.rect.size },
                    border: used.border,
                    padding: used.padding,
                    is_inline: used.is_inline,
                });
            }
        });
        found
    }

    /// The node of the last fragment in tree order that covers a point of the page.
    ///
    /// TODO(CSSOM View, elementFromPoint): paint order, clips, `pointer-events` and rounded corners.
    pub fn hit_test(&self, point: Point) -> Option<NodeId> {
        let mut hit = None;
        self.walk(&mut |fragment: &Fragment, origin| {
            let rect = Rect { origin, size: fragment.rect.size };
            let is_visible =
                fragment.style.text.visibility == siskin_engine::css::values::Visibility::Visible;
            if is_visible && fragment.node.is_some() && rect.contains(point) {
                hit = fragment.node;
            }
        });
        hit
    }
}

/// The smallest rectangle around both; one without extent does not count beside another.
/// <https://drafts.csswg.org/cssom-view/#dom-element-getboundingclientrect>, steps 2 to 4.
fn bounding(a: &Rect, b: &Rect) -> Rect {
    let is_empty = |rect: &Rect| rect.size.width == Lu::ZERO || rect.size.height == Lu::ZERO;
    match (is_empty(a), is_empty(b)) {
        (_, true) => *a,
        (true, false) => *b,
        (false, false) => a.union(b),
    }
}

impl Rects {
    /// The union of the border boxes of an element's fragments; `None` when it has no box.
    /// <https://drafts.csswg.org/cssom-view/#dom-element-getboundingclientrect>, in page coordinates.
    pub fn element(&self, element: NodeId) -> Option<Rect> {
        self.elements.get(&element).copied()
    }

    /// One rectangle for each line, and each direction on it, of a text node.
    pub fn text(&self, node: NodeId) -> &[Rect] {
        self.texts.get(&node).map_or(&[], Vec::as_slice)
    }
}
