//! Computed values as text, as `getComputedStyle` shows them: <https://drafts.csswg.org/cssom-1/#serializing-css-values>.
//!
//! - `basic`: numbers, strings, lists, and what stands for a value that is not there
//! - `length`: lengths, sizes and ratios
//! - `color`: colours and shadows
//! - `grid`: alignment, tracks and lines of grids
//! - `text`: fonts and decorations
//! - `image`: images and where they lie
//! - `content`: what `content` makes

mod basic;
mod length;
mod color;
mod grid;
mod text;
mod image;
mod content;

use super::computed::ComputedStyle;
pub(crate) use basic::{
    comma_list, comma_list_or_none, counters, families, identifier_or_string, layers, number, or_auto,
    or_none, or_normal, pair, percent, px, px_or_auto, px_or_normal, space_list, string,
};
pub(crate) use color::text_shadows;
pub(crate) use length::fit_content;

/// A computed value that can be written.
pub trait Print {
    /// Writes it to the end of `out`. `style` is what it belongs to: `currentcolor` is its colour.
    fn print(&self, out: &mut String, style: &ComputedStyle);
}

/// The printer of values that know how to print themselves.
pub(crate) fn value<T: Print + ?Sized>(value: &T, out: &mut String, style: &ComputedStyle) {
    value.print(out, style);
}
