//! The engine's stages as values and as text: what `siskin dump` prints and what fidelity is measured on.
//!
//! - [`geometry`]: rectangles of elements and text lines, in the shape of Chromium's recordings
//! - `used`: used values of boxes
//! - [`style`]: computed styles in the same shape

pub mod geometry;
mod used;
pub mod style;

pub use geometry::{Geometry, geometry};
pub use style::{Styles, styles};
