//! From a display list to pixels.
//!
//! - [`pixmap`]: the picture

pub mod pixmap;

pub use pixmap::{Pixel, Pixmap, SizeError};
