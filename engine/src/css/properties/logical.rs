//! Flow-relative longhands and what they stand for: <https://drafts.csswg.org/css-logical-1/>.
//!
//! DEVIATION: text is horizontal; vertical writing modes map as `horizontal-tb` does.

use super::table::LonghandId::{self, *};
use crate::css::values::Direction;

/// A row: a logical longhand and the physical ones that it is in left-to-right and right-to-left text.
#[derive(Debug, Clone, Copy)]
pub struct Logical {
    /// The longhand.
    pub id: LonghandId,
    /// Its name.
    pub name: &'static str,
    /// What it is where `direction` is `ltr`.
    pub ltr: LonghandId,
    /// What it is where `direction` is `rtl`.
    pub rtl: LonghandId,
}

const fn row(id: LonghandId, name: &'static str, ltr: LonghandId, rtl: LonghandId) -> Logical {
    Logical { id, name, ltr, rtl }
}

/// All logical longhands, in the order of [`LonghandId`].
pub const LOGICAL: &[Logical] = &[
    row(BlockSize, "block-size", Height, Height),
    row(InlineSize, "inline-size", Width, Width),
    row(MinBlockSize, "min-block-size", MinHeight, MinHeight),
    row(MinInlineSize, "min-inline-size", MinWidth, MinWidth),
    row(MaxBlockSize, "max-block-size", MaxHeight, MaxHeight),
    row(MaxInlineSize, "max-inline-size", MaxWidth, MaxWidth),
    row(MarginBlockStart, "margin-block-start", MarginTop, MarginTop),
    row(MarginBlockEnd, "margin-block-end", MarginBottom, MarginBottom),
    row(MarginInlineStart, "margin-inline-start", MarginLeft, MarginRight),
    row(MarginInlineEnd, "margin-inline-end", MarginRight, MarginLeft),
    row(PaddingBlockStart, "padding-block-start", PaddingTop, PaddingTop),
    row(PaddingBlockEnd, "padding-block-end", PaddingBottom, PaddingBottom),
    row(PaddingInlineStart, "padding-inline-start", PaddingLeft, PaddingRight),
    row(PaddingInlineEnd, "padding-inline-end", PaddingRight, PaddingLeft),
    row(InsetBlockStart, "inset-block-start", Top, Top),
    row(InsetBlockEnd, "inset-block-end", Bottom, Bottom),
    row(InsetInlineStart, "inset-inline-start", Left, Right),
    row(InsetInlineEnd, "inset-inline-end", Right, Left),
    row(BorderBlockStartWidth, "border-block-start-width", BorderTopWidth, BorderTopWidth),
    row(BorderBlockEndWidth, "border-block-end-width", BorderBottomWidth, BorderBottomWidth),
    row(BorderInlineStartWidth, "border-inline-start-width", BorderLeftWidth, BorderRightWidth),
    row(BorderInlineEndWidth, "border-inline-end-width", BorderRightWidth, BorderLeftWidth),
    row(BorderBlockStartStyle, "border-block-start-style", BorderTopStyle, BorderTopStyle),
    row(BorderBlockEndStyle, "border-block-end-style", BorderBottomStyle, BorderBottomStyle),
    row(BorderInlineStartStyle, "border-inline-start-style", BorderLeftStyle, BorderRightStyle),
    row(BorderInlineEndStyle, "border-inline-end-style", BorderRightStyle, BorderLeftStyle),
    row(BorderBlockStartColor, "border-block-start-color", BorderTopColor, BorderTopColor),
    row(BorderBlockEndColor, "border-block-end-color", BorderBottomColor, BorderBottomColor),
    row(BorderInlineStartColor, "border-inline-start-color", BorderLeftColor, BorderRightColor),
    row(BorderInlineEndColor, "border-inline-end-color", BorderRightColor, BorderLeftColor),
    row(BorderStartStartRadius, "border-start-start-radius", BorderTopLeftRadius, BorderTopRightRadius),
    row(BorderStartEndRadius, "border-start-end-radius", BorderTopRightRadius, BorderTopLeftRadius),
    row(BorderEndStartRadius, "border-end-start-radius", BorderBottomLeftRadius, BorderBottomRightRadius),
    row(BorderEndEndRadius, "border-end-end-radius", BorderBottomRightRadius, BorderBottomLeftRadius),
    row(OverflowBlock, "overflow-block", OverflowY, OverflowY),
    row(OverflowInline, "overflow-inline", OverflowX, OverflowX),
];

impl LonghandId {
    /// The row, if it is a logical longhand.
    pub(crate) fn logical(self) -> Option<&'static Logical> {
        let first = BlockSize as usize;
        LOGICAL.get((self as usize).checked_sub(first)?)
    }

    /// The physical longhand that a logical one is in text of that direction; `None` for physical ones.
    pub fn to_physical(self, direction: Direction) -> Option<Self> {
        self.logical().map(|row| match direction {
            Direction::Ltr => row.ltr,
            Direction::Rtl => row.rtl,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_ids() {
        for row in LOGICAL {
            assert_eq!(row.id.logical().map(|r| r.name), Some(row.name));
            assert_eq!(LonghandId::from_name(row.name), Some(row.id));
        }
    }
}
