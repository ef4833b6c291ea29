//! The computed style of an element: groups of properties behind `Arc`, shared between elements.
//!
//! Groups follow what is usually set together, so that most elements share most groups with their parent
//! (inherited groups) or with every other element (reset groups at their initial values).

use std::sync::Arc;

use crate::css::values::{
    AbsoluteColor, BackgroundAttachment, BackgroundBox, BackgroundSize, BorderCollapse, BorderStyle,
    BoxSizing, Clear, Color, Direction, Display, Float, FontStyle, FontVariantCaps, Image, Inset,
    LengthPercentage, LineHeight, ListStylePosition, ListStyleType, Margin, MaxSize, ObjectFit, Overflow,
    OverflowWrap, Position, PositionProperty, RepeatStyle, Size, TextAlign, TextDecorationStyle,
    TextTransform, TextWrapMode, UnicodeBidi, VerticalAlign, Visibility, WhiteSpaceCollapse, WordBreak,
};

/// The computed values of one element or pseudo-element.
#[derive(Debug, Clone, PartialEq)]
pub struct ComputedStyle {
    /// Inherited: fonts.
    pub font: Arc<Font>,
    /// Inherited: text and lists.
    pub text: Arc<InheritedText>,
    /// What kind of box, and where.
    pub box_: Arc<BoxStyle>,
    /// Sizes, margins, padding, insets.
    pub size: Arc<SizeStyle>,
    /// Borders and outline.
    pub border: Arc<BorderStyles>,
    /// Background.
    pub background: Arc<Background>,
    /// Text decoration and generated content: rarely set.
    pub misc: Arc<Misc>,
}

/// One value for each side of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the sides need no explanation")]
pub struct Sides<T> {
    pub top: T,
    pub right: T,
    pub bottom: T,
    pub left: T,
}

impl<T: Clone> Sides<T> {
    /// The same value on each side.
    pub fn all(value: T) -> Self {
        Self { top: value.clone(), right: value.clone(), bottom: value.clone(), left: value }
    }
}

/// A family name or a generic family: <https://drafts.csswg.org/css-fonts-4/#font-family-prop>.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FontFamily {
    /// A name, as written.
    Named(Arc<str>),
    /// `serif`, `sans-serif`, `monospace`, `cursive`, `fantasy`, `system-ui`, `math`, `ui-…`.
    Generic(GenericFamily),
}

/// <https://drafts.csswg.org/css-fonts-4/#generic-font-families>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is its CSS keyword")]
pub enum GenericFamily {
    Serif,
    SansSerif,
    Monospace,
    Cursive,
    Fantasy,
    SystemUi,
    Math,
}

/// Inherited font properties.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct Font {
    pub font_family: Arc<[FontFamily]>,
    /// CSS px.
    pub font_size: f32,
    /// 1 to 1000.
    pub font_weight: f32,
    pub font_style: FontStyle,
    /// A fraction: 1 is `normal`.
    pub font_stretch: f32,
    pub font_variant_caps: FontVariantCaps,
    pub line_height: LineHeight,
    /// From the `lang` attribute: a BCP 47 tag, empty if unknown. Not a property, but inherited like one.
    pub language: Arc<str>,
}

/// Inherited properties of text, lists and tables.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct InheritedText {
    pub color: AbsoluteColor,
    pub direction: Direction,
    pub visibility: Visibility,
    pub text_align: TextAlign,
    pub text_indent: LengthPercentage,
    pub text_transform: TextTransform,
    pub white_space_collapse: WhiteSpaceCollapse,
    pub text_wrap_mode: TextWrapMode,
    pub word_break: WordBreak,
    pub overflow_wrap: OverflowWrap,
    /// CSS px.
    pub letter_spacing: f32,
    /// CSS px.
    pub word_spacing: f32,
    /// A multiple of the space's advance.
    pub tab_size: f32,
    pub list_style_type: ListStyleType,
    pub list_style_position: ListStylePosition,
    pub list_style_image: Image,
    pub border_collapse: BorderCollapse,
    /// CSS px, horizontal and vertical.
    pub border_spacing: (f32, f32),
}

/// What kind of box, and where.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct BoxStyle {
    pub display: Display,
    /// `display` before blockification: the static position of absolutely positioned boxes needs it.
    pub original_display: Display,
    pub position: PositionProperty,
    pub float: Float,
    pub clear: Clear,
    pub overflow_x: Overflow,
    pub overflow_y: Overflow,
    /// `None` is `auto`.
    pub z_index: Option<i32>,
    pub box_sizing: BoxSizing,
    pub vertical_align: VerticalAlign,
    pub unicode_bidi: UnicodeBidi,
    pub opacity: f32,
    pub object_fit: ObjectFit,
}

/// Sizes, margins, padding, insets.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct SizeStyle {
    pub width: Size,
    pub height: Size,
    pub min_width: Size,
    pub min_height: Size,
    pub max_width: MaxSize,
    pub max_height: MaxSize,
    pub margin: Sides<Margin>,
    pub padding: Sides<LengthPercentage>,
    pub inset: Sides<Inset>,
}

/// Borders, their radii and the outline.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct BorderStyles {
    /// CSS px; zero where the style is `none` or `hidden`, and snapped to device pixels as Chromium does.
    pub border_width: Sides<f32>,
    pub border_style: Sides<BorderStyle>,
    pub border_color: Sides<Color>,
    /// Horizontal and vertical radius of the top-left, top-right, bottom-right and bottom-left corner.
    pub border_radius: [(LengthPercentage, LengthPercentage); 4],
    /// CSS px; zero where the style is `none`.
    pub outline_width: f32,
    pub outline_style: BorderStyle,
    pub outline_color: Color,
    /// CSS px.
    pub outline_offset: f32,
}

/// The background: one colour under any number of layers, the first on top.
#[derive(Debug, Clone, PartialEq)]
pub struct Background {
    /// `background-color`
    pub background_color: Color,
    /// The image layers, as many as `background-image` has values.
    pub layers: Vec<BackgroundLayer>,
}

/// One layer of the background.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each field is the property of its name without `background-`")]
pub struct BackgroundLayer {
    pub image: Image,
    pub position: Position,
    pub size: BackgroundSize,
    pub repeat: (RepeatStyle, RepeatStyle),
    pub origin: BackgroundBox,
    pub clip: BackgroundBox,
    pub attachment: BackgroundAttachment,
}

/// Rarely set properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Misc {
    /// `text-decoration-line`
    pub text_decoration_line: TextDecorationLine,
    /// `text-decoration-style`
    pub text_decoration_style: TextDecorationStyle,
    /// `text-decoration-color`
    pub text_decoration_color: Color,
    /// CSS px; `None` is `auto`.
    pub text_decoration_thickness: Option<f32>,
    /// `content`, for pseudo-elements.
    pub content: Content,
}

/// A set of decoration lines: <https://drafts.csswg.org/css-text-decor-3/#text-decoration-line-property>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct TextDecorationLine {
    /// `underline`
    pub underline: bool,
    /// `overline`
    pub overline: bool,
    /// `line-through`
    pub line_through: bool,
}

/// <https://drafts.csswg.org/css-content-3/#content-property>
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// `normal`: nothing for `::before` and `::after`.
    Normal,
    /// `none`
    None,
    /// The pieces, in order.
    Items(Vec<ContentItem>),
}

/// A piece of generated content.
#[derive(Debug, Clone, PartialEq)]
pub enum ContentItem {
    /// A string.
    String(Arc<str>),
    /// `attr(name)` already looked up.
    Attribute(Arc<str>),
    /// An image.
    Image(Image),
}
