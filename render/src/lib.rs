//! From a styled document to boxes, fragments, a display list, pixels and PNG.
//!
//! ```text
//! Snapshot -> boxes::build -> layout -> FragmentTree -> display_list::build -> raster -> Pixmap -> output::png
//! ```
//!
//! The modules stand in reading order, and each uses only those above it. Everything here is synchronous,
//! pure and total: the same snapshot, fonts and viewport give the same pixels on every machine.

pub mod limits;
pub mod geometry;
pub mod font;
pub mod text;
pub mod glyph;
pub mod image;
pub mod fragments;
pub mod boxes;
pub mod layout;
pub mod dump;
pub mod display_list;
pub mod raster;
pub mod output;
pub mod pipeline;
