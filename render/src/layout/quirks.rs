//! Layout in quirks mode: <https://quirks.spec.whatwg.org/>.

use siskin_engine::css::values::{Display, Size as CssSize};
use siskin_engine::dom::NodeId;
use siskin_engine::style::ComputedStyle;

use super::Layouter;
use super::margin::MarginOrigin;
use super::sizing::{BoxEdges, ContainingBlock};
use crate::boxes::BoxBase;
use crate::geometry::Lu;

/// `html` and `body` of a document in quirks mode.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quirks {
    pub(super) html: Option<NodeId>,
    pub(super) body: Option<NodeId>,
}

impl Layouter<'_> {
    /// `body` and table cells of a document in quirks mode ignore the browser's own margins at their edges.
    pub(super) fn is_quirky_container(&self, base: &BoxBase) -> bool {
        self.quirks.is_some_and(|quirks| {
            base.style.box_.display == Display::TableCell || base.node.is_some() && base.node == quirks.body
        })
    }

    /// Where a box's vertical margins come from. `DEVIATION:` told by their values: the cascade does not keep which
    /// sheet a value comes from.
    pub(super) fn margin_origin(&self, base: &BoxBase) -> MarginOrigin {
        let is_quirky = self.quirks.is_some() && base.pseudo.is_none() && {
            let element = base.node.and_then(|node| self.document.element(node));
            element.and_then(|element| browser_margin(element.local_name())).is_some_and(|ems| {
                let margin = &base.style.size.margin;
                let own = ems * base.style.font.font_size;
                [&margin.top, &margin.bottom]
                    .iter()
                    .all(|margin| margin.resolve(0.0).is_some_and(|px| (px - own).abs() < 0.01))
            })
        };
        if is_quirky { MarginOrigin::Quirky } else { MarginOrigin::Plain }
    }

    /// <https://quirks.spec.whatwg.org/#the-percentage-height-calculation-quirk>: what percentages refer to inside
    /// a box of automatic height.
    pub(super) fn quirky_percentage_basis(&self, style: &ComputedStyle, cb: &ContainingBlock) -> Option<Lu> {
        self.quirks.filter(|_| matches!(style.size.height, CssSize::Auto)).and(cb.height)
    }

    /// <https://quirks.spec.whatwg.org/#the-html-element-fills-the-viewport-quirk> and the one for `body`.
    pub(super) fn quirky_height(&self, node: Option<NodeId>, edges: &BoxEdges, height: Lu) -> Lu {
        let Some(quirks) = self.quirks else { return height };
        if node.is_none() || (node != quirks.html && node != quirks.body) {
            return height;
        }
        let outer = edges.margins().vertical() + edges.inner().vertical();
        height.max(self.viewport.height - outer)
    }
}

/// Vertical margins of the browser's sheet that are quirky in Blink, in ems.
fn browser_margin(name: &str) -> Option<f32> {
    Some(match name {
        "p" | "blockquote" | "ul" | "ol" | "dl" | "menu" | "dir" | "pre" | "xmp" | "listing"
        | "plaintext" | "h3" => 1.0,
        "h1" => 0.67,
        "h2" => 0.83,
        "h4" => 1.33,
        "h5" => 1.67,
        "h6" => 2.33,
        _ => return None,
    })
}
