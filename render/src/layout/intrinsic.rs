//! Widths from content: <https://drafts.csswg.org/css-sizing-3/#intrinsic-sizes>. Cached in the boxes, so that each
//! box is measured once however deep shrink-to-fit boxes are nested.

use siskin_engine::css::values::{BoxSizing, Clear, Float, LengthPercentage, MaxSize, Size as CssSize};
use siskin_engine::style::ComputedStyle;

use super::Layouter;
use super::sizing::{BoxEdges, content_box};
use crate::boxes::tree::IntrinsicWidths;
use crate::boxes::{BlockBox, BlockContainer, BlockLevelBox, IndependentBox, IndependentContents};
use crate::geometry::Lu;

impl Layouter<'_> {
    /// Content widths of a block box.
    pub(super) fn block_widths(&self, block: &BlockBox) -> IntrinsicWidths {
        *block.intrinsic.get_or_init(|| {
            let style = (!block.is_anonymous).then_some(&*block.base.style);
            let widths = self.with_basis_inside(style, || self.container_widths(&block.contents));
            let whole =
                |width: Lu| if block.is_whole_px { Lu::from_whole_px(width.ceil_px()) } else { width };
            IntrinsicWidths { min: whole(widths.min), max: whole(widths.max) }
        })
    }

    /// Content widths of a box that holds a flow.
    pub(super) fn flow_widths(&self, b: &IndependentBox) -> IntrinsicWidths {
        *b.intrinsic.get_or_init(|| match &b.contents {
            IndependentContents::Flow(container) => {
                self.with_basis_inside(Some(&b.base.style), || self.container_widths(container))
            }
            IndependentContents::Table(table) => self.table_widths(b, table),
            IndependentContents::Items(container) => self.item_container_widths(b, container),
            IndependentContents::Replaced(replaced) => {
                let natural = self.natural(&b.base.style, replaced);
                let width = natural.width.unwrap_or_else(|| Lu::from_whole_px(300));
                IntrinsicWidths { min: width, max: width }
            }
        })
    }

    /// Measures in a containing block of that height.
    pub(super) fn with_basis<T>(&self, height: Option<Lu>, measure: impl FnOnce() -> T) -> T {
        let around = self.intrinsic_basis.replace(height);
        let measured = measure();
        self.intrinsic_basis.set(around);
        measured
    }

    /// Measures what stands in a box: percentages of heights refer to its own. `None` is an anonymous box, which has none.
    fn with_basis_inside<T>(&self, style: Option<&ComputedStyle>, measure: impl FnOnce() -> T) -> T {
        let around = self.intrinsic_basis.get();
        let inside = match style {
            Some(style) => {
                let inner = BoxEdges::new(style, Lu::ZERO).inner().vertical();
                super::sizing::definite_height(style, around, inner)
            }
            None => around,
        };
        self.with_basis(inside, measure)
    }

    fn container_widths(&self, container: &BlockContainer) -> IntrinsicWidths {
        match container {
            BlockContainer::Inline(context) => *context.intrinsic.get_or_init(|| self.inline_widths(context)),
            BlockContainer::BlockLevel(boxes) => self.block_level_widths(boxes),
        }
    }

    fn block_level_widths(&self, boxes: &[BlockLevelBox]) -> IntrinsicWidths {
        let mut widths = IntrinsicWidths::default();
        let mut floats = FloatWidths::default();
        for boxed in boxes {
            let clear = boxed.base().style.box_.clear;
            match boxed {
                BlockLevelBox::Absolute(_) => {}
                BlockLevelBox::Float(b) => {
                    let outer = self.outer_widths(b);
                    widths.max = widths.max.max(floats.add(b.base.style.box_.float, clear, outer.max));
                    widths.min = widths.min.max(outer.min);
                }
                BlockLevelBox::Block(block) => {
                    let outer =
                        self.contribution(&block.base.style, self.block_widths(block), Contribution::Flow);
                    // Boxes of negative width take none from the others: the largest counts.
                    widths.max = widths.max.max(outer.max);
                    widths.min = widths.min.max(outer.min);
                    floats = FloatWidths::default();
                }
                BlockLevelBox::Independent(b) => {
                    let outer = self.outer_widths(b);
                    floats.clear(clear);
                    widths.max = widths.max.max(outer.max + floats.sum());
                    widths.min = widths.min.max(outer.min);
                    floats = FloatWidths::default();
                }
            }
        }
        IntrinsicWidths { min: widths.min, max: widths.max.max(widths.min) }
    }

    /// What a box adds to the widths of what it stands in: its margin box, where that has an extent.
    pub(super) fn outer_widths(&self, b: &IndependentBox) -> IntrinsicWidths {
        let outer = self.margin_box_widths(b);
        IntrinsicWidths { min: outer.min.clamp_negative_to_zero(), max: outer.max.clamp_negative_to_zero() }
    }

    /// The width of a box's margin box, which negative margins make negative.
    pub(super) fn margin_box_widths(&self, b: &IndependentBox) -> IntrinsicWidths {
        let style = &b.base.style;
        match &b.contents {
            IndependentContents::Replaced(replaced) => {
                let edges = BoxEdges::new(style, Lu::ZERO);
                let cb = super::sizing::ContainingBlock {
                    width: Lu::ZERO,
                    height: self.intrinsic_basis.get(),
                    direction: style.text.direction,
                };
                let outer = edges.margins().horizontal() + edges.inner().horizontal();
                let is_percentage = |size: &CssSize| matches!(size, CssSize::LengthPercentage(value) if value.has_percentage());
                let max_is_percentage = matches!(&style.size.max_width, MaxSize::LengthPercentage(value) if value.has_percentage());
                let natural = self.natural(style, replaced);
                if !is_percentage(&style.size.width) && !max_is_percentage {
                    let width = super::replaced::used_size(style, natural, &cb, &edges).width + outer;
                    return IntrinsicWidths { min: width, max: width };
                }
                // <https://drafts.csswg.org/css-sizing-3/#replaced-percentage-min-contribution>
                let width = match &style.size.width {
                    CssSize::LengthPercentage(LengthPercentage::Length(px)) => {
                        content_box(style, Lu::from_px(*px), edges.inner().horizontal())
                    }
                    _ => natural_width(natural, style),
                };
                IntrinsicWidths { min: outer, max: width + outer }
            }
            IndependentContents::Table(_) => {
                self.contribution(style, self.flow_widths(b), Contribution::Table)
            }
            IndependentContents::Flow(_) | IndependentContents::Items(_) => {
                self.contribution(style, self.flow_widths(b), Contribution::Flow)
            }
        }
    }

    /// Content widths with the box's own width, limits, padding, border and margins.
    fn contribution(
        &self,
        style: &ComputedStyle,
        content: IntrinsicWidths,
        kind: Contribution,
    ) -> IntrinsicWidths {
        // Percentages of a width that depends on them are zero for margins and padding, and nothing for sizes.
        let edges = BoxEdges::new(style, Lu::ZERO);
        // A table's widths from content are those of its border box.
        let inner = match kind {
            Contribution::Flow => edges.inner().horizontal(),
            Contribution::Table => Lu::ZERO,
        };
        let length = |value: &LengthPercentage| {
            let length = Lu::from_px(value.as_length()?);
            Some(match kind {
                Contribution::Flow => content_box(style, length, inner),
                Contribution::Table if style.box_.box_sizing == BoxSizing::BorderBox => length,
                Contribution::Table => length + edges.inner().horizontal(),
            })
        };
        let size = &style.size;
        let specified = match &size.width {
            CssSize::LengthPercentage(value) => length(value).map(|w| (w, w)),
            CssSize::MinContent => Some((content.min, content.min)),
            CssSize::MaxContent => Some((content.max, content.max)),
            CssSize::FitContentTo(limit) => length(limit).map(|limit| {
                let fit = content.max.min(limit.max(content.min));
                (fit, fit)
            }),
            CssSize::Auto => width_by_ratio(style, &edges, content),
            CssSize::FitContent | CssSize::Stretch => None,
        };
        let (mut min, mut max) = match (specified, kind) {
            (Some((min, max)), Contribution::Table) => (min.max(content.min), max.max(content.min)),
            (Some(widths), Contribution::Flow) => widths,
            (None, _) => (content.min, content.max),
        };
        let most = match &size.max_width {
            MaxSize::LengthPercentage(value) => length(value),
            MaxSize::MinContent => Some(content.min),
            MaxSize::MaxContent => Some(content.max),
            MaxSize::FitContentTo(limit) => length(limit).map(|l| content.max.min(l.max(content.min))),
            MaxSize::None | MaxSize::FitContent | MaxSize::Stretch => None,
        };
        let least = match &size.min_width {
            CssSize::LengthPercentage(value) => length(value),
            CssSize::MinContent => Some(content.min),
            CssSize::MaxContent => Some(content.max),
            CssSize::FitContentTo(limit) => length(limit).map(|l| content.max.min(l.max(content.min))),
            CssSize::Auto | CssSize::FitContent | CssSize::Stretch => None,
        };
        if let Some(most) = most {
            (min, max) = (min.min(most), max.min(most));
        }
        if let Some(least) = least {
            (min, max) = (min.max(least), max.max(least));
        }
        let outer = inner + edges.margins().horizontal();
        IntrinsicWidths { min: min + outer, max: max + outer }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Contribution {
    Flow,
    Table,
}

/// The content widths of a box whose `aspect-ratio` gives them from its height or its limits.
fn width_by_ratio(style: &ComputedStyle, edges: &BoxEdges, content: IntrinsicWidths) -> Option<(Lu, Lu)> {
    let ratio = super::sizing::Ratio::preferred(style)?;
    let inner = edges.inner();
    if let Some(height) = super::sizing::definite_height(style, None, inner.vertical()) {
        let width = ratio.width(height, inner);
        let least = if matches!(style.size.min_width, CssSize::Auto) { content.min } else { Lu::ZERO };
        return Some((width.max(least), width.max(least)));
    }
    let (least, most) = super::sizing::height_limits(style, None, inner.vertical());
    let most = most.map_or(Lu::MAX, |most| ratio.width(most, inner));
    let least = least.map_or(Lu::ZERO, |least| ratio.width(least, inner));
    Some((content.min.min(most).max(least), content.max.min(most).max(least)))
}

/// Floats that stand beside each other.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct FloatWidths {
    left: Lu,
    right: Lu,
}

impl FloatWidths {
    /// Adds a float; the answer is the width of all beside each other.
    pub(super) fn add(&mut self, side: Float, clear: Clear, width: Lu) -> Lu {
        self.clear(clear);
        match side {
            Float::Right => self.right += width,
            Float::Left | Float::None => self.left += width,
        }
        self.sum()
    }

    pub(super) fn clear(&mut self, clear: Clear) {
        if matches!(clear, Clear::Left | Clear::Both) {
            self.left = Lu::ZERO;
        }
        if matches!(clear, Clear::Right | Clear::Both) {
            self.right = Lu::ZERO;
        }
    }

    pub(super) fn sum(self) -> Lu {
        self.left + self.right
    }
}

/// A natural width, perhaps through the ratio of a specified height.
fn natural_width(natural: super::replaced::Natural, style: &ComputedStyle) -> Lu {
    if let (CssSize::LengthPercentage(LengthPercentage::Length(px)), Some(ratio)) =
        (&style.size.height, natural.ratio)
    {
        return Lu::from_px(px * ratio);
    }
    natural.width.unwrap_or(Lu::ZERO)
}
