//! Flex containers: <https://drafts.csswg.org/css-flexbox-1/>. With `grid`, the door to `taffy`, whose algorithm sees one
//! container and its children at a time; how large a child is, our own layout says.
//!
//! - [`convert`]: computed styles as taffy's
//! - [`memo`]: what was measured already, so that nested containers cost no more than their sum
//! - [`measure`]: the sizes of one item
//! - [`tree`]: a container and its items as taffy wants to see them
//! - [`container`]: a container's box and fragment

mod container;
mod convert;
mod measure;
mod memo;
mod tree;

use crate::geometry::Lu;
pub(super) use convert::{Calculations, Style, item_alignment, lu};
pub(super) use memo::ItemMemos;

/// What is known of a box's size before its layout: of the border box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KnownSize {
    pub(super) width: Option<Lu>,
    pub(super) height: Option<Lu>,
    /// Whether percentages of children refer to the width; otherwise it came from content.
    pub(super) is_width_definite: bool,
    /// Whether percentages of children refer to the height; otherwise it came from content.
    pub(super) is_height_definite: bool,
}

impl KnownSize {
    /// A size that does not depend on content where it is known.
    pub(super) const fn definite(width: Lu, height: Option<Lu>) -> Self {
        Self { width: Some(width), height, is_width_definite: true, is_height_definite: true }
    }
}
