//! The box tree: which boxes the elements of a document generate.
//!
//! <https://drafts.csswg.org/css-display-4/> and <https://drafts.csswg.org/css2/#visual-model-intro>.
//! The types are nested enums, so that a formatting context holds only what the specifications allow in it.
//!
//! - [`tree`]: what comes out
//! - [`anonymous`]: styles of boxes without an element
//! - [`counters`]: counters, and how deep quotations are
//! - [`generated`]: numbers of markers and counters as text
//! - `inline_svg`: `svg` elements as the text of SVG files
//! - [`replaced`]: images, form controls and other boxes whose content is not laid out
//! - `select`: what the options of a `select` say
//! - [`inline`]: collects the boxes of a block container; splits inlines around blocks
//! - [`table`]: rows and cells, and the boxes that a table lacks
//! - [`first_letter`]: the box of `::first-letter`
//! - [`build`]: from elements to boxes

pub mod anonymous;
pub mod build;
pub mod counters;
pub mod first_letter;
pub mod generated;
pub mod inline;
mod inline_svg;
pub mod replaced;
mod select;
pub mod table;
pub mod tree;

pub use build::build;
pub use replaced::NaturalSizes;
pub use tree::{
    BlockBox, BlockContainer, BlockLevelBox, BoxBase, BoxTree, IndependentBox, IndependentContents,
    InlineContext, InlineItem, ItemChild, ItemContainer, Marker, MarkerContent, Replaced, RowGroup,
    RowGroupKind, TableBox, TableCell, TableColumn, TableColumnKind, TableRow,
};
