//! The computed style of an element: groups of properties behind `Arc`, shared between elements.
//!
//! Groups follow what is usually set together, so that most elements share most groups with their parent
//! (inherited groups) or with every other element (reset groups at their initial values).

use std::sync::Arc;

use super::custom::CustomProperties;
use super::values::{
    AbsoluteColor, AlignmentBaseline, AlignmentValue, BackgroundAttachment, BackgroundBox, BackgroundSize,
    BorderCollapse, BorderStyle, BoxSizing, CaptionSide, Clear, Color, ColorInterpolation, Direction,
    Display, DominantBaseline, EmptyCells, FillRule, FlexDirection, FlexWrap, Float, FontStyle,
    FontVariantCaps, GridAutoFlow, GridLine, GridTemplate, Image, Inset, LengthPercentage, LineHeight,
    ListStylePosition, ListStyleType, Margin, MaxSize, ObjectFit, Overflow, OverflowWrap, PaintOrder,
    Position, PositionProperty, RepeatStyle, Shadow, ShapeRendering, Size, StrokeLinecap, StrokeLinejoin,
    SvgPaint, TableLayout, TemplateAreas, TextAlign, TextAnchor, TextDecorationStyle, TextOverflow,
    TextTransform, TextWrapMode, TrackSize, UnicodeBidi, VectorEffect, VerticalAlign, Visibility,
    WhiteSpaceCollapse, WordBreak, rare,
};

/// The computed values of one element or pseudo-element.
#[derive(Debug, Clone, PartialEq, Default)]
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
    /// Flex and grid containers and their items.
    pub flex: Arc<FlexStyle>,
    /// Grid containers and their items.
    pub grid: Arc<GridStyle>,
    /// Inherited: how text and the pointer look, in detail.
    pub ui: Arc<InheritedUi>,
    /// Shadows, columns, and what is rarely set.
    pub effects: Arc<Effects>,
    /// Inherited: shapes and text in SVG.
    pub svg: Arc<InheritedSvg>,
    /// Inherited: custom properties (`--name`).
    pub custom: Arc<CustomProperties>,
}

impl ComputedStyle {
    /// The initial value of every property.
    pub fn initial() -> Self {
        let mut style = super::properties::initial_style();
        // Borders of no style have no width.
        Arc::make_mut(&mut style.border).border_width = Sides::all(0.0);
        let background = Arc::make_mut(&mut style.background);
        background.layers = background.lists.layers();
        style
    }

    /// Whether the box is out of flow: absolutely positioned or fixed.
    pub fn is_absolutely_positioned(&self) -> bool {
        matches!(self.box_.position, PositionProperty::Absolute | PositionProperty::Fixed)
    }
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
#[derive(Debug, Clone, PartialEq, Default)]
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
    /// The keyword from `xx-small` (1) to `xxx-large` (8) behind `font_size`, 0 for none. Keywords are smaller where the
    /// family is `monospace` alone.
    pub font_size_keyword: u8,
    /// Whether `font_size` came from an absolute length, here or in an ancestor.
    pub font_size_is_absolute: bool,
    /// From the `lang` attribute: a BCP 47 tag, empty if unknown. Not a property, but inherited like one.
    pub language: Arc<str>,
}

/// Inherited properties of text, lists and tables.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct InheritedText {
    pub color: AbsoluteColor,
    pub direction: Direction,
    pub visibility: Visibility,
    /// Never `match-parent` or `-internal-center`: they are resolved against the parent.
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
    pub caption_side: CaptionSide,
    pub empty_cells: EmptyCells,
}

/// Inherited properties that refine text and its handling.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct InheritedUi {
    pub user_select: rare::UserSelect,
    pub pointer_events: rare::PointerEvents,
    pub cursor: rare::Cursor,
    pub hyphens: rare::Hyphens,
    pub line_break: rare::LineBreak,
    pub text_rendering: rare::TextRendering,
    pub font_kerning: rare::FontKerning,
    pub text_align_last: rare::TextAlignLast,
    pub text_decoration_skip_ink: rare::TextDecorationSkipInk,
    pub text_wrap_style: rare::TextWrapStyle,
    pub image_rendering: rare::ImageRendering,
    pub font_smoothing: rare::FontSmoothing,
    pub font_optical_sizing: rare::AutoOrNone,
    pub font_synthesis_weight: rare::AutoOrNone,
    pub font_synthesis_style: rare::AutoOrNone,
    pub font_synthesis_small_caps: rare::AutoOrNone,
    pub print_color_adjust: rare::PrintColorAdjust,
    pub text_justify: rare::TextJustify,
    pub ruby_position: rare::RubyPosition,
    pub speak: rare::Speak,
    pub forced_color_adjust: rare::ForcedColorAdjust,
    pub user_modify: rare::UserModify,
    pub text_security: rare::TextSecurity,
    pub font_variant_position: rare::FontVariantPosition,
    pub font_variant_emoji: rare::FontVariantEmoji,
    /// The first on top.
    pub text_shadow: Vec<Shadow>,
    /// CSS px; `None` is `auto`.
    pub text_underline_offset: Option<f32>,
    pub orphans: i32,
    pub widows: i32,
    pub text_fill_color: Color,
    pub text_stroke_color: Color,
    /// CSS px.
    pub text_stroke_width: f32,
    pub caret_color: Color,
    pub tap_highlight_color: Color,
}

/// Properties that are rarely set and not inherited.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct Effects {
    pub user_drag: rare::UserDrag,
    pub appearance: rare::Appearance,
    pub break_after: rare::BreakBetween,
    pub break_before: rare::BreakBetween,
    pub break_inside: rare::BreakInside,
    pub resize: rare::Resize,
    pub isolation: rare::Isolation,
    pub mix_blend_mode: rare::MixBlendMode,
    pub backface_visibility: rare::BackfaceVisibility,
    pub box_decoration_break: rare::BoxDecorationBreak,
    pub scroll_behavior: rare::ScrollBehavior,
    pub overscroll_behavior_x: rare::OverscrollBehavior,
    pub overscroll_behavior_y: rare::OverscrollBehavior,
    pub content_visibility: rare::ContentVisibility,
    pub transform_style: rare::TransformStyle,
    pub column_fill: rare::ColumnFill,
    pub column_span: rare::ColumnSpan,
    pub box_orient: rare::BoxOrient,
    pub box_direction: rare::BoxDirection,
    pub box_align: rare::BoxAlign,
    pub box_pack: rare::BoxPack,
    pub scrollbar_width: rare::ScrollbarWidth,
    pub field_sizing: rare::FieldSizing,
    pub overflow_anchor: rare::AutoOrNone,
    pub scroll_snap_stop: rare::ScrollSnapStop,
    pub mask_type: rare::MaskType,
    pub transform_box: rare::TransformBox,
    pub text_box_trim: rare::TextBoxTrim,
    pub baseline_source: rare::BaselineSource,
    /// The first on top.
    pub box_shadow: Vec<Shadow>,
    pub aspect_ratio: AspectRatio,
    /// `clip: rect()`: top, right, bottom, left in CSS px, `None` for an edge that is `auto`.
    pub clip: Option<ClipRect>,
    /// `None` is `auto`.
    pub column_count: Option<i32>,
    /// CSS px; `None` is `auto`.
    pub column_width: Option<f32>,
    pub column_rule_style: BorderStyle,
    pub column_rule_color: Color,
    /// CSS px.
    pub column_rule_width: f32,
    /// After how many lines the text is cut; `None` is `none`.
    pub line_clamp: Option<i32>,
    pub stop_color: Color,
    pub stop_opacity: f32,
    pub flood_color: Color,
    pub flood_opacity: f32,
    pub lighting_color: Color,
    pub vector_effect: VectorEffect,
    pub alignment_baseline: AlignmentBaseline,
}

/// Inherited properties of shapes and text in SVG.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct InheritedSvg {
    pub fill: SvgPaint,
    pub fill_opacity: f32,
    pub fill_rule: FillRule,
    pub clip_rule: FillRule,
    pub stroke: SvgPaint,
    pub stroke_opacity: f32,
    pub stroke_width: LengthPercentage,
    pub stroke_linecap: StrokeLinecap,
    pub stroke_linejoin: StrokeLinejoin,
    pub stroke_miterlimit: f32,
    /// Empty is `none`.
    pub stroke_dasharray: Vec<LengthPercentage>,
    pub stroke_dashoffset: LengthPercentage,
    /// URLs as written; `None` is `none`.
    pub marker_start: Option<Arc<str>>,
    pub marker_mid: Option<Arc<str>>,
    pub marker_end: Option<Arc<str>>,
    pub paint_order: PaintOrder,
    pub shape_rendering: ShapeRendering,
    pub color_interpolation: ColorInterpolation,
    pub color_interpolation_filters: ColorInterpolation,
    pub text_anchor: TextAnchor,
    pub dominant_baseline: DominantBaseline,
}

/// <https://drafts.csswg.org/css-sizing-4/#aspect-ratio>
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AspectRatio {
    /// Whether `auto` is there: a replaced element's own ratio comes first.
    pub auto: bool,
    /// Width and height of the ratio.
    pub ratio: Option<(f32, f32)>,
}

impl Default for AspectRatio {
    fn default() -> Self {
        Self { auto: true, ratio: None }
    }
}

/// `rect()` of `clip`: top, right, bottom, left in CSS px from the border box's top left, `None` for `auto`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClipRect(pub [Option<f32>; 4]);

/// What kind of box, and where.
#[derive(Debug, Clone, PartialEq, Default)]
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
    pub object_position: Position,
    pub text_overflow: TextOverflow,
    pub table_layout: TableLayout,
}

/// Sizes, margins, padding, insets.
#[derive(Debug, Clone, PartialEq, Default)]
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
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct BorderStyles {
    /// CSS px; zero where the style is `none` or `hidden`, and snapped to device pixels as Chromium does.
    pub border_width: Sides<f32>,
    pub border_style: Sides<BorderStyle>,
    pub border_color: Sides<Color>,
    /// Horizontal and vertical radius of the top-left, top-right, bottom-right and bottom-left corner.
    pub border_radius: [(LengthPercentage, LengthPercentage); 4],
    /// CSS px, whatever the style: an outline is not drawn where the style is `none`.
    pub outline_width: f32,
    pub outline_style: BorderStyle,
    pub outline_color: Color,
    /// CSS px.
    pub outline_offset: f32,
}

/// The background: one colour under any number of layers, the first on top.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Background {
    /// `background-color`
    pub background_color: Color,
    /// The image layers, as many as `background-image` has values.
    pub layers: Vec<BackgroundLayer>,
    /// The longhands as lists of their own lengths, from which `layers` is made.
    pub lists: BackgroundLists,
}

/// The lists of the background longhands. Each has at least one entry.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "each field is the property of its name without `background-`")]
pub struct BackgroundLists {
    pub image: Vec<Image>,
    pub position_x: Vec<LengthPercentage>,
    pub position_y: Vec<LengthPercentage>,
    pub size: Vec<BackgroundSize>,
    pub repeat: Vec<(RepeatStyle, RepeatStyle)>,
    pub origin: Vec<BackgroundBox>,
    pub clip: Vec<BackgroundBox>,
    pub attachment: Vec<BackgroundAttachment>,
}

impl BackgroundLists {
    /// The layers, as many as there are images; shorter lists repeat.
    pub fn layers(&self) -> Vec<BackgroundLayer> {
        fn nth<T: Clone>(list: &[T], index: usize) -> Option<T> {
            list.get(index % list.len().max(1)).cloned()
        }
        let layer = |(index, image): (usize, &Image)| {
            // Each list has at least one entry.
            Some(BackgroundLayer {
                image: image.clone(),
                position: Position { x: nth(&self.position_x, index)?, y: nth(&self.position_y, index)? },
                size: nth(&self.size, index)?,
                repeat: nth(&self.repeat, index)?,
                origin: nth(&self.origin, index)?,
                clip: nth(&self.clip, index)?,
                attachment: nth(&self.attachment, index)?,
            })
        };
        self.image.iter().enumerate().filter_map(layer).collect()
    }
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
#[derive(Debug, Clone, PartialEq, Default)]
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
    /// `counter-increment`: counters and by how much.
    pub counter_increment: Vec<(Arc<str>, i32)>,
    /// `counter-reset`: counters and to what.
    pub counter_reset: Vec<(Arc<str>, i32)>,
    /// `counter-set`: counters and to what.
    pub counter_set: Vec<(Arc<str>, i32)>,
}

/// Flex containers and items, and what they share with grids: <https://drafts.csswg.org/css-flexbox-1/>,
/// <https://drafts.csswg.org/css-align-3/>.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "each field is the property of its name; units are in the types' docs")]
pub struct FlexStyle {
    pub flex_direction: FlexDirection,
    pub flex_wrap: FlexWrap,
    pub flex_grow: f32,
    pub flex_shrink: f32,
    pub flex_basis: FlexBasis,
    pub order: i32,
    pub align_content: AlignmentValue,
    pub justify_content: AlignmentValue,
    pub align_items: AlignmentValue,
    pub justify_items: AlignmentValue,
    pub align_self: AlignmentValue,
    pub justify_self: AlignmentValue,
    /// `None` is `normal`.
    pub row_gap: Option<LengthPercentage>,
    /// `None` is `normal`.
    pub column_gap: Option<LengthPercentage>,
}

/// Grid containers and items: <https://drafts.csswg.org/css-grid-2/>.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "each field is the property of its name, with `grid-` before it")]
pub struct GridStyle {
    pub template_columns: GridTemplate,
    pub template_rows: GridTemplate,
    /// `None` is `none`.
    pub template_areas: Option<Arc<TemplateAreas>>,
    /// At least one.
    pub auto_columns: Vec<TrackSize>,
    /// At least one.
    pub auto_rows: Vec<TrackSize>,
    pub auto_flow: GridAutoFlow,
    pub row_start: GridLine,
    pub row_end: GridLine,
    pub column_start: GridLine,
    pub column_end: GridLine,
}

/// <https://drafts.csswg.org/css-flexbox-1/#flex-basis-property>
#[derive(Debug, Clone, PartialEq)]
pub enum FlexBasis {
    /// `content`
    Content,
    /// A value of `width`.
    Size(Size),
}

impl Default for FlexBasis {
    fn default() -> Self {
        Self::Size(Size::Auto)
    }
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
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Content {
    /// `normal`: nothing for `::before` and `::after`.
    #[default]
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
    /// `counter()`
    Counter {
        /// The counter.
        name: Arc<str>,
        /// How it is written.
        style: ListStyleType,
    },
    /// `counters()`
    Counters {
        /// The counter.
        name: Arc<str>,
        /// What stands between its instances.
        separator: Arc<str>,
        /// How they are written.
        style: ListStyleType,
    },
    /// `open-quote`
    OpenQuote,
    /// `close-quote`
    CloseQuote,
    /// `no-open-quote`
    NoOpenQuote,
    /// `no-close-quote`
    NoCloseQuote,
}
