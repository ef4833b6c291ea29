//! Style: from rules and a tree to a computed value for every property of every element.
//!
//! - [`computed`]: what comes out
//! - [`map`]: computed styles by node

pub mod computed;
pub mod font_metrics;
pub mod map;

pub use computed::{
    Background, BackgroundLayer, BorderStyles, BoxStyle, ComputedStyle, Content, ContentItem, Font,
    FontFamily, GenericFamily, InheritedText, Misc, Sides, SizeStyle, TextDecorationLine,
};
pub use font_metrics::{FontMetrics, FontMetricsProvider, GuessedMetrics};
pub use map::{PseudoElement, StyleMap};
