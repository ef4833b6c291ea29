//! Styles of boxes without an element: inherited properties from around, all others initial.

use std::sync::Arc;

use siskin_engine::css::values::{
    BorderStyle, BoxSizing, Clear, Color, Display, Float, Inset, LengthPercentage, Margin, MaxSize,
    ObjectFit, Overflow, PositionProperty, Size, TextDecorationStyle, UnicodeBidi, VerticalAlign,
};
use siskin_engine::style::{
    Background, BorderStyles, BoxStyle, ComputedStyle, Content, Font, InheritedText, Misc, Sides, SizeStyle,
    TextDecorationLine,
};

/// Groups of initial values, made once a build and shared.
#[derive(Debug, Clone)]
pub struct AnonymousStyles {
    size: Arc<SizeStyle>,
    border: Arc<BorderStyles>,
    background: Arc<Background>,
    misc: Arc<Misc>,
}

impl Default for AnonymousStyles {
    fn default() -> Self {
        Self {
            size: Arc::new(initial_size()),
            border: Arc::new(initial_border()),
            background: Arc::new(Background { background_color: Color::TRANSPARENT, layers: Vec::new() }),
            misc: Arc::new(Misc {
                text_decoration_line: TextDecorationLine::default(),
                text_decoration_style: TextDecorationStyle::Solid,
                text_decoration_color: Color::CurrentColor,
                text_decoration_thickness: None,
                content: Content::Normal,
            }),
        }
    }
}

impl AnonymousStyles {
    /// The style of an anonymous box of that display type inside a box with style `parent`.
    pub fn style(&self, parent: &ComputedStyle, display: Display) -> Arc<ComputedStyle> {
        Arc::new(self.of(&parent.font, &parent.text, display))
    }

    /// Those inherited values, all others initial.
    pub(crate) fn of(&self, font: &Arc<Font>, text: &Arc<InheritedText>, display: Display) -> ComputedStyle {
        ComputedStyle {
            font: Arc::clone(font),
            text: Arc::clone(text),
            box_: Arc::new(initial_box(display)),
            size: Arc::clone(&self.size),
            border: Arc::clone(&self.border),
            background: Arc::clone(&self.background),
            misc: Arc::clone(&self.misc),
        }
    }
}

fn initial_box(display: Display) -> BoxStyle {
    BoxStyle {
        display,
        original_display: display,
        position: PositionProperty::Static,
        float: Float::None,
        clear: Clear::None,
        overflow_x: Overflow::Visible,
        overflow_y: Overflow::Visible,
        z_index: None,
        box_sizing: BoxSizing::ContentBox,
        vertical_align: VerticalAlign::Baseline,
        unicode_bidi: UnicodeBidi::Normal,
        opacity: 1.0,
        object_fit: ObjectFit::Fill,
    }
}

fn initial_size() -> SizeStyle {
    SizeStyle {
        width: Size::Auto,
        height: Size::Auto,
        min_width: Size::Auto,
        min_height: Size::Auto,
        max_width: MaxSize::None,
        max_height: MaxSize::None,
        margin: Sides::all(Margin::ZERO),
        padding: Sides::all(LengthPercentage::ZERO),
        inset: Sides::all(Inset::Auto),
    }
}

fn initial_border() -> BorderStyles {
    BorderStyles {
        border_width: Sides::all(0.0),
        border_style: Sides::all(BorderStyle::None),
        border_color: Sides::all(Color::CurrentColor),
        border_radius: std::array::from_fn(|_| (LengthPercentage::ZERO, LengthPercentage::ZERO)),
        outline_width: 0.0,
        outline_style: BorderStyle::None,
        outline_color: Color::CurrentColor,
        outline_offset: 0.0,
    }
}
