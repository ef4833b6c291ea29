//! Style: from rules and a tree to a computed value for every property of every element.
//!
//! - [`font_metrics`]: what the cascade asks of fonts
//! - [`map`]: what comes out: computed styles by node
//! - [`index`]: sheets of a document, and their rules by what they could match
//! - [`hints`]: attributes that mean declarations, [`svg_hints`]: those of SVG
//! - [`cascade`]: which declaration wins, and what the winners make
//! - [`adjust`]: values that depend on other values of the same element
//! - [`resolve`](mod@resolve): the walk over a document
//! - [`resolved`]: values as `getComputedStyle` shows them
//! - [`used`]: images and fonts that styles ask for

mod adjust;
mod cascade;
pub mod font_metrics;
mod hints;
mod index;
pub mod map;
mod resolve;
pub mod resolved;
mod svg_hints;
mod used;

pub use crate::css::computed;
pub use crate::css::computed::{
    AspectRatio, Background, BackgroundLayer, BorderStyles, BoxStyle, ClipRect, ComputedStyle, Content,
    ContentItem, Effects, FlexBasis, FlexStyle, Font, FontFamily, GenericFamily, InheritedSvg, InheritedText,
    InheritedUi, Misc, Sides, SizeStyle, TextDecorationLine,
};
pub use font_metrics::{FontMetrics, FontMetricsProvider, GuessedMetrics};
pub use index::SheetRef;
pub use map::{PseudoElement, StyleMap};
pub use resolve::resolve;
pub use used::{used_document_urls, used_font_families, used_fonts, used_urls};
