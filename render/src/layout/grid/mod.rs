//! Grid containers: <https://drafts.csswg.org/css-grid-2/>. The container and its items are those of [`super::flex`]; here is
//! what grids alone have.
//!
//! - [`convert`]: templates and lines as taffy's
//! - [`area`]: the containing blocks of absolutely positioned children

mod area;
mod convert;

pub(super) use area::{Tracks, containing_block, static_edges};
pub(super) use convert::{container_style, item_style, settle_ratio};
