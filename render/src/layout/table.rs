//! Tables: <https://drafts.csswg.org/css-tables-3/>.

use super::Layouter;
use super::placed::Laid;
use super::sizing::{AutoWidth, ContainingBlock};
use crate::boxes::tree::IntrinsicWidths;
use crate::boxes::{IndependentBox, TableBox};
use crate::geometry::Lu;

impl<'a> Layouter<'a> {
    pub(super) fn table_widths(&self, _b: &IndependentBox, _table: &TableBox) -> IntrinsicWidths {
        IntrinsicWidths::default()
    }
    pub(super) fn table_box(
        &mut self,
        b: &'a IndependentBox,
        _table: &'a TableBox,
        cb: &ContainingBlock,
        available: Lu,
        _auto: AutoWidth,
    ) -> Laid {
        {
            let _ = available;
            self.empty_box(b, &super::sizing::BoxEdges::new(&b.base.style, cb.width), available)
        }
    }
}
