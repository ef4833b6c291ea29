//! Styles of boxes without an element: inherited properties from around, all others initial.

use std::sync::Arc;

use siskin_engine::css::values::Display;
use siskin_engine::style::{BoxStyle, ComputedStyle, Font, InheritedText};

/// Initial values, made once a build and shared.
#[derive(Debug, Clone)]
pub struct AnonymousStyles {
    initial: ComputedStyle,
}

impl Default for AnonymousStyles {
    fn default() -> Self {
        Self { initial: ComputedStyle::initial() }
    }
}

impl AnonymousStyles {
    /// The style of an anonymous box of that display type inside a box with style `parent`.
    pub fn style(&self, parent: &ComputedStyle, display: Display) -> Arc<ComputedStyle> {
        Arc::new(self.of(&parent.font, &parent.text, display))
    }

    /// Those inherited values, all others initial.
    pub(crate) fn of(&self, font: &Arc<Font>, text: &Arc<InheritedText>, display: Display) -> ComputedStyle {
        let box_ = BoxStyle { display, original_display: display, ..BoxStyle::clone(&self.initial.box_) };
        ComputedStyle {
            font: Arc::clone(font),
            text: Arc::clone(text),
            box_: Arc::new(box_),
            ..self.initial.clone()
        }
    }
}
