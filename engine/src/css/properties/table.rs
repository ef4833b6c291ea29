//! **The property table.** One row a longhand: everything that the engine does with a longhand is made from its row.
//!
//! ```text
//! group (inherited | reset) {
//!     Id "css-name" [field in the group] SpecifiedType = initial computed value, parser, printer;
//! }
//! ```
//! The group is the field of [`ComputedStyle`]; the specified type computes to the field's type.

use std::sync::Arc;

use cssparser::Parser;

use super::super::computed::{
    AspectRatio, ComputedStyle, Content, FlexBasis, FontFamily, TextDecorationLine,
};
use super::super::specified::color::{self, Color, TextColor};
use super::super::specified::font::{self, FontFamilies, FontSize, FontWeight, MEDIUM};
use super::super::specified::grid;
use super::super::specified::image::{self, Image};
use super::super::specified::length::{self, Length, LengthPercentage, LengthPercentageOrAuto, LineWidth};
use super::super::specified::svg;
use super::super::specified::text::{self, Counters, DecorationLength};
use super::super::specified::{self, ComputeContext, ParseContext, Parsed, Specified, keyword};
use super::super::values::{
    self, AbsoluteColor, Alignment, AlignmentValue, BackgroundAttachment, BackgroundBox, BorderCollapse,
    BorderStyle, BoxSizing, CaptionSide, Clear, Direction, Display, EmptyCells, FlexDirection, FlexWrap,
    Float, FontStyle, FontVariantCaps, GridAutoFlow, GridLine, GridTemplate, LineHeight, ListStylePosition,
    ListStyleType, Margin, MaxSize, ObjectFit, Overflow, OverflowWrap, PositionProperty, RepeatStyle, Size,
    TableLayout, TemplateAreas, TextAlign, TextDecorationStyle, TextOverflow, TextTransform, TextWrapMode,
    UnicodeBidi, VerticalAlign, Visibility, WhiteSpaceCollapse, WordBreak, rare,
};
use super::super::{print, print_svg};
use super::logical::LOGICAL;

/// Whether a property is inherited: <https://drafts.csswg.org/css-cascade-5/#inherited-property>.
macro_rules! is_inherited {
    (inherited) => {
        true
    };
    (reset) => {
        false
    };
}

/// Makes everything from the rows.
macro_rules! longhands {
    ($($group:ident $inheritance:ident {
        $($id:ident $name:literal [$($field:tt)+] $spec:ty = $initial:expr, $parse:expr, $print:expr;)+
    })+) => {
        /// A longhand: the physical ones of the table, then the logical ones that stand for them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        #[allow(missing_docs, reason = "each variant is the property of its name")]
        pub enum LonghandId {
            $($($id,)+)+
            BlockSize, InlineSize, MinBlockSize, MinInlineSize, MaxBlockSize, MaxInlineSize,
            MarginBlockStart, MarginBlockEnd, MarginInlineStart, MarginInlineEnd,
            PaddingBlockStart, PaddingBlockEnd, PaddingInlineStart, PaddingInlineEnd,
            InsetBlockStart, InsetBlockEnd, InsetInlineStart, InsetInlineEnd,
            BorderBlockStartWidth, BorderBlockEndWidth, BorderInlineStartWidth, BorderInlineEndWidth,
            BorderBlockStartStyle, BorderBlockEndStyle, BorderInlineStartStyle, BorderInlineEndStyle,
            BorderBlockStartColor, BorderBlockEndColor, BorderInlineStartColor, BorderInlineEndColor,
            BorderStartStartRadius, BorderStartEndRadius, BorderEndStartRadius, BorderEndEndRadius,
            OverflowBlock, OverflowInline,
        }

        /// The specified value of a physical longhand.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "each variant is the property of its name")]
        pub enum Value { $($($id($spec),)+)+ }

        impl LonghandId {
            /// The physical longhands, in the order of the table.
            pub const PHYSICAL: &'static [Self] = &[$($(Self::$id,)+)+];

            /// How many longhands there are, logical ones too: ids as numbers are below it.
            pub const COUNT: usize = Self::OverflowInline as usize + 1;

            /// The CSS name.
            pub fn name(self) -> &'static str {
                match self {
                    $($(Self::$id => $name,)+)+
                    logical => LOGICAL.iter().find(|row| row.id == logical).map_or("", |row| row.name),
                }
            }

            /// The longhand of a name in any case.
            pub fn from_name(name: &str) -> Option<Self> {
                cssparser::ascii_case_insensitive_map! {
                    names -> LonghandId = { $($($name => LonghandId::$id,)+)+ }
                }
                names::get(name).copied().or_else(|| {
                    LOGICAL.iter().find(|row| row.name.eq_ignore_ascii_case(name)).map(|row| row.id)
                })
            }

            /// Whether an element without a declaration takes its parent's value.
            pub fn is_inherited(self) -> bool {
                match self {
                    $($(Self::$id => is_inherited!($inheritance),)+)+
                    _ => false,
                }
            }

            /// Sets the longhand to `from`'s value (the parent's for `inherit`, the initial style's for `initial`).
            pub fn copy(self, style: &mut ComputedStyle, from: &ComputedStyle) {
                match self {
                    $($(Self::$id => {
                        let differs = style.$group.$($field)+ != from.$group.$($field)+;
                        if differs {
                            Arc::make_mut(&mut style.$group).$($field)+ = from.$group.$($field)+.clone();
                        }
                    })+)+
                    _ => {}
                }
            }

            /// Writes the computed value to the end of `out`.
            pub fn print(self, style: &ComputedStyle, out: &mut String) {
                match self {
                    $($(Self::$id => ($print)(&style.$group.$($field)+, out, style),)+)+
                    logical => {
                        if let Some(physical) = logical.to_physical(style.text.direction) {
                            physical.print(style, out);
                        }
                    }
                }
            }
        }

        impl Value {
            /// Parses the value of a physical longhand.
            pub fn parse(id: LonghandId, input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Self> {
                match id {
                    $($(LonghandId::$id => ($parse)(input, context).map(Value::$id),)+)+
                    _ => specified::invalid(),
                }
            }

            /// Which longhand it is a value of.
            pub const fn id(&self) -> LonghandId {
                match self { $($(Self::$id(_) => LonghandId::$id,)+)+ }
            }

            /// Computes the value and sets it.
            pub fn apply(&self, style: &mut ComputedStyle, context: &ComputeContext<'_>) {
                match self {
                    $($(Self::$id(value) => {
                        let computed = Specified::compute(value, context);
                        if style.$group.$($field)+ != computed {
                            Arc::make_mut(&mut style.$group).$($field)+ = computed;
                        }
                    })+)+
                }
            }
        }

        /// The initial value of every property.
        pub fn initial_style() -> ComputedStyle {
            let mut style = ComputedStyle::default();
            $({
                let group = Arc::make_mut(&mut style.$group);
                $(group.$($field)+ = $initial;)+
            })+
            let font = Arc::make_mut(&mut style.font);
            font.font_size_keyword = MEDIUM;
            style
        }
    };
}

/// `"Times New Roman"`, Chromium's standard font.
fn standard_family() -> FontFamilies {
    [FontFamily::Named(Arc::from("Times New Roman"))].into()
}

const CURRENT: values::Color = values::Color::CurrentColor;
/// Chromium's own initial value.
const TAP_HIGHLIGHT: values::Color =
    values::Color::Absolute(AbsoluteColor { alpha: 0.18, ..AbsoluteColor::BLACK });
const BLACK: values::Color = values::Color::Absolute(AbsoluteColor::BLACK);
const WHITE: values::Color = values::Color::Absolute(AbsoluteColor::WHITE);
const ZERO: values::LengthPercentage = values::LengthPercentage::ZERO;
const HALF: values::LengthPercentage = values::LengthPercentage::Percentage(0.5);

const AUTO_TRACK: values::TrackSize = values::TrackSize::Breadth(values::TrackBreadth::Auto);

longhands! {
    font inherited {
        FontFamily "font-family" [font_family] FontFamilies = standard_family(), font::font_family, print::families;
        FontSize "font-size" [font_size] FontSize = 16.0, font::font_size, print::px;
        FontWeight "font-weight" [font_weight] FontWeight = 400.0, font::font_weight, print::value;
        FontStyle "font-style" [font_style] FontStyle = FontStyle::Normal, font::font_style, print::value;
        FontStretch "font-stretch" [font_stretch] f32 = 1.0, font::font_stretch, print::percent;
        FontVariantCaps "font-variant-caps" [font_variant_caps] FontVariantCaps = FontVariantCaps::Normal, keyword, print::value;
        LineHeight "line-height" [line_height] text::LineHeight = LineHeight::Normal, text::line_height, print::value;
    }
    text inherited {
        Color "color" [color] TextColor = AbsoluteColor::BLACK, color::text_color, print::value;
        Direction "direction" [direction] Direction = Direction::Ltr, keyword, print::value;
        Visibility "visibility" [visibility] Visibility = Visibility::Visible, keyword, print::value;
        TextAlign "text-align" [text_align] TextAlign = TextAlign::Start, text::text_align, print::value;
        TextIndent "text-indent" [text_indent] LengthPercentage = ZERO, length::length_percentage_quirky, print::value;
        TextTransform "text-transform" [text_transform] TextTransform = TextTransform::None, keyword, print::value;
        WhiteSpaceCollapse "white-space-collapse" [white_space_collapse] WhiteSpaceCollapse = WhiteSpaceCollapse::Collapse, keyword, print::value;
        TextWrapMode "text-wrap-mode" [text_wrap_mode] TextWrapMode = TextWrapMode::Wrap, keyword, print::value;
        WordBreak "word-break" [word_break] WordBreak = WordBreak::Normal, keyword, print::value;
        OverflowWrap "overflow-wrap" [overflow_wrap] OverflowWrap = OverflowWrap::Normal, keyword, print::value;
        LetterSpacing "letter-spacing" [letter_spacing] Length = 0.0, text::spacing, print::px_or_normal;
        WordSpacing "word-spacing" [word_spacing] Length = 0.0, text::spacing, print::px;
        TabSize "tab-size" [tab_size] f32 = 8.0, length::number_non_negative, print::value;
        ListStyleType "list-style-type" [list_style_type] ListStyleType = ListStyleType::Disc, text::list_style_type, print::value;
        ListStylePosition "list-style-position" [list_style_position] ListStylePosition = ListStylePosition::Outside, keyword, print::value;
        ListStyleImage "list-style-image" [list_style_image] Image = values::Image::None, image::image, print::value;
        BorderCollapse "border-collapse" [border_collapse] BorderCollapse = BorderCollapse::Separate, keyword, print::value;
        BorderSpacingX "-webkit-border-horizontal-spacing" [border_spacing.0] Length = 0.0, length::length_non_negative, print::px;
        BorderSpacingY "-webkit-border-vertical-spacing" [border_spacing.1] Length = 0.0, length::length_non_negative, print::px;
        CaptionSide "caption-side" [caption_side] CaptionSide = CaptionSide::Top, keyword, print::value;
        EmptyCells "empty-cells" [empty_cells] EmptyCells = EmptyCells::Show, keyword, print::value;
    }
    ui inherited {
        UserSelect "user-select" [user_select] rare::UserSelect = rare::UserSelect::Auto, keyword, print::value;
        PointerEvents "pointer-events" [pointer_events] rare::PointerEvents = rare::PointerEvents::Auto, keyword, print::value;
        Cursor "cursor" [cursor] rare::Cursor = rare::Cursor::Auto, specified::cursor, print::value;
        Hyphens "hyphens" [hyphens] rare::Hyphens = rare::Hyphens::Manual, keyword, print::value;
        LineBreak "line-break" [line_break] rare::LineBreak = rare::LineBreak::Auto, keyword, print::value;
        TextRendering "text-rendering" [text_rendering] rare::TextRendering = rare::TextRendering::Auto, keyword, print::value;
        FontKerning "font-kerning" [font_kerning] rare::FontKerning = rare::FontKerning::Auto, keyword, print::value;
        TextAlignLast "text-align-last" [text_align_last] rare::TextAlignLast = rare::TextAlignLast::Auto, keyword, print::value;
        TextDecorationSkipInk "text-decoration-skip-ink" [text_decoration_skip_ink] rare::TextDecorationSkipInk = rare::TextDecorationSkipInk::Auto, keyword, print::value;
        TextWrapStyle "text-wrap-style" [text_wrap_style] rare::TextWrapStyle = rare::TextWrapStyle::Auto, keyword, print::value;
        ImageRendering "image-rendering" [image_rendering] rare::ImageRendering = rare::ImageRendering::Auto, keyword, print::value;
        FontSmoothing "-webkit-font-smoothing" [font_smoothing] rare::FontSmoothing = rare::FontSmoothing::Auto, keyword, print::value;
        FontOpticalSizing "font-optical-sizing" [font_optical_sizing] rare::AutoOrNone = rare::AutoOrNone::Auto, keyword, print::value;
        FontSynthesisWeight "font-synthesis-weight" [font_synthesis_weight] rare::AutoOrNone = rare::AutoOrNone::Auto, keyword, print::value;
        FontSynthesisStyle "font-synthesis-style" [font_synthesis_style] rare::AutoOrNone = rare::AutoOrNone::Auto, keyword, print::value;
        FontSynthesisSmallCaps "font-synthesis-small-caps" [font_synthesis_small_caps] rare::AutoOrNone = rare::AutoOrNone::Auto, keyword, print::value;
        PrintColorAdjust "print-color-adjust" [print_color_adjust] rare::PrintColorAdjust = rare::PrintColorAdjust::Economy, keyword, print::value;
        TextJustify "text-justify" [text_justify] rare::TextJustify = rare::TextJustify::Auto, keyword, print::value;
        RubyPosition "ruby-position" [ruby_position] rare::RubyPosition = rare::RubyPosition::Over, keyword, print::value;
        Speak "speak" [speak] rare::Speak = rare::Speak::Normal, keyword, print::value;
        ForcedColorAdjust "forced-color-adjust" [forced_color_adjust] rare::ForcedColorAdjust = rare::ForcedColorAdjust::Auto, keyword, print::value;
        UserModify "-webkit-user-modify" [user_modify] rare::UserModify = rare::UserModify::ReadOnly, keyword, print::value;
        TextSecurity "-webkit-text-security" [text_security] rare::TextSecurity = rare::TextSecurity::None, keyword, print::value;
        FontVariantPosition "font-variant-position" [font_variant_position] rare::FontVariantPosition = rare::FontVariantPosition::Normal, keyword, print::value;
        FontVariantEmoji "font-variant-emoji" [font_variant_emoji] rare::FontVariantEmoji = rare::FontVariantEmoji::Normal, keyword, print::value;
        TextShadow "text-shadow" [text_shadow] Vec<specified::Shadow> = Vec::new(), specified::text_shadow, print::text_shadows;
        TextUnderlineOffset "text-underline-offset" [text_underline_offset] Option<DecorationLength> = None, text::decoration_thickness, print::px_or_auto;
        Orphans "orphans" [orphans] i32 = 2, specified::positive_integer, print::value;
        Widows "widows" [widows] i32 = 2, specified::positive_integer, print::value;
        TextFillColor "-webkit-text-fill-color" [text_fill_color] Color = CURRENT, color::color, print::value;
        TextStrokeColor "-webkit-text-stroke-color" [text_stroke_color] Color = CURRENT, color::color, print::value;
        TextStrokeWidth "-webkit-text-stroke-width" [text_stroke_width] LineWidth = 0.0, length::line_width, print::px;
        CaretColor "caret-color" [caret_color] Color = CURRENT, specified::outline_color, print::value;
        TapHighlightColor "-webkit-tap-highlight-color" [tap_highlight_color] Color = TAP_HIGHLIGHT, color::color, print::value;
    }
    svg inherited {
        Fill "fill" [fill] svg::Paint = values::SvgPaint::Color(BLACK), svg::paint, print::value;
        FillOpacity "fill-opacity" [fill_opacity] f32 = 1.0, text::opacity, print::value;
        FillRule "fill-rule" [fill_rule] values::FillRule = values::FillRule::Nonzero, keyword, print::value;
        ClipRule "clip-rule" [clip_rule] values::FillRule = values::FillRule::Nonzero, keyword, print::value;
        Stroke "stroke" [stroke] svg::Paint = values::SvgPaint::None, svg::paint, print::value;
        StrokeOpacity "stroke-opacity" [stroke_opacity] f32 = 1.0, text::opacity, print::value;
        StrokeWidth "stroke-width" [stroke_width] LengthPercentage = values::LengthPercentage::Length(1.0), svg::stroke_width, print::value;
        StrokeLinecap "stroke-linecap" [stroke_linecap] values::StrokeLinecap = values::StrokeLinecap::Butt, keyword, print::value;
        StrokeLinejoin "stroke-linejoin" [stroke_linejoin] values::StrokeLinejoin = values::StrokeLinejoin::Miter, keyword, print::value;
        StrokeMiterlimit "stroke-miterlimit" [stroke_miterlimit] f32 = 4.0, svg::miter_limit, print::value;
        StrokeDasharray "stroke-dasharray" [stroke_dasharray] Vec<LengthPercentage> = Vec::new(), svg::dashes, print::comma_list_or_none;
        StrokeDashoffset "stroke-dashoffset" [stroke_dashoffset] LengthPercentage = ZERO, svg::user_length, print::value;
        MarkerStart "marker-start" [marker_start] Option<Arc<str>> = None, svg::marker, print_svg::url_or_none;
        MarkerMid "marker-mid" [marker_mid] Option<Arc<str>> = None, svg::marker, print_svg::url_or_none;
        MarkerEnd "marker-end" [marker_end] Option<Arc<str>> = None, svg::marker, print_svg::url_or_none;
        PaintOrder "paint-order" [paint_order] values::PaintOrder = values::PaintOrder::default(), svg::paint_order, print::value;
        ShapeRendering "shape-rendering" [shape_rendering] values::ShapeRendering = values::ShapeRendering::Auto, keyword, print::value;
        ColorInterpolation "color-interpolation" [color_interpolation] values::ColorInterpolation = values::ColorInterpolation::Srgb, keyword, print::value;
        ColorInterpolationFilters "color-interpolation-filters" [color_interpolation_filters] values::ColorInterpolation = values::ColorInterpolation::Linearrgb, keyword, print::value;
        TextAnchor "text-anchor" [text_anchor] values::TextAnchor = values::TextAnchor::Start, keyword, print::value;
        DominantBaseline "dominant-baseline" [dominant_baseline] values::DominantBaseline = values::DominantBaseline::Auto, keyword, print::value;
    }
    box_ reset {
        Display "display" [display] Display = Display::Inline, specified::display, print::value;
        Position "position" [position] PositionProperty = PositionProperty::Static, specified::position_property, print::value;
        Float "float" [float] Float = Float::None, specified::float, print::value;
        Clear "clear" [clear] Clear = Clear::None, specified::clear, print::value;
        OverflowX "overflow-x" [overflow_x] Overflow = Overflow::Visible, specified::overflow, print::value;
        OverflowY "overflow-y" [overflow_y] Overflow = Overflow::Visible, specified::overflow, print::value;
        ZIndex "z-index" [z_index] Option<i32> = None, text::z_index, print::or_auto;
        BoxSizing "box-sizing" [box_sizing] BoxSizing = BoxSizing::ContentBox, keyword, print::value;
        VerticalAlign "vertical-align" [vertical_align] text::VerticalAlign = VerticalAlign::Baseline, text::vertical_align, print::value;
        UnicodeBidi "unicode-bidi" [unicode_bidi] UnicodeBidi = UnicodeBidi::Normal, keyword, print::value;
        Opacity "opacity" [opacity] f32 = 1.0, text::opacity, print::value;
        ObjectFit "object-fit" [object_fit] ObjectFit = ObjectFit::Fill, keyword, print::value;
        ObjectPosition "object-position" [object_position] image::Position = values::Position { x: HALF, y: HALF }, image::position, print::value;
        TextOverflow "text-overflow" [text_overflow] TextOverflow = TextOverflow::Clip, keyword, print::value;
        TableLayout "table-layout" [table_layout] TableLayout = TableLayout::Auto, keyword, print::value;
    }
    size reset {
        Width "width" [width] length::Size = Size::Auto, length::size, print::value;
        Height "height" [height] length::Size = Size::Auto, length::size, print::value;
        MinWidth "min-width" [min_width] length::Size = Size::Auto, length::size, print::value;
        MinHeight "min-height" [min_height] length::Size = Size::Auto, length::size, print::value;
        MaxWidth "max-width" [max_width] length::MaxSize = MaxSize::None, length::max_size, print::value;
        MaxHeight "max-height" [max_height] length::MaxSize = MaxSize::None, length::max_size, print::value;
        MarginTop "margin-top" [margin.top] LengthPercentageOrAuto = Margin::ZERO, length::length_percentage_or_auto, print::value;
        MarginRight "margin-right" [margin.right] LengthPercentageOrAuto = Margin::ZERO, length::length_percentage_or_auto, print::value;
        MarginBottom "margin-bottom" [margin.bottom] LengthPercentageOrAuto = Margin::ZERO, length::length_percentage_or_auto, print::value;
        MarginLeft "margin-left" [margin.left] LengthPercentageOrAuto = Margin::ZERO, length::length_percentage_or_auto, print::value;
        PaddingTop "padding-top" [padding.top] LengthPercentage = ZERO, length::length_percentage_non_negative_quirky, print::value;
        PaddingRight "padding-right" [padding.right] LengthPercentage = ZERO, length::length_percentage_non_negative_quirky, print::value;
        PaddingBottom "padding-bottom" [padding.bottom] LengthPercentage = ZERO, length::length_percentage_non_negative_quirky, print::value;
        PaddingLeft "padding-left" [padding.left] LengthPercentage = ZERO, length::length_percentage_non_negative_quirky, print::value;
        Top "top" [inset.top] LengthPercentageOrAuto = Margin::Auto, length::length_percentage_or_auto, print::value;
        Right "right" [inset.right] LengthPercentageOrAuto = Margin::Auto, length::length_percentage_or_auto, print::value;
        Bottom "bottom" [inset.bottom] LengthPercentageOrAuto = Margin::Auto, length::length_percentage_or_auto, print::value;
        Left "left" [inset.left] LengthPercentageOrAuto = Margin::Auto, length::length_percentage_or_auto, print::value;
    }
    border reset {
        BorderTopWidth "border-top-width" [border_width.top] LineWidth = 3.0, length::line_width, print::px;
        BorderRightWidth "border-right-width" [border_width.right] LineWidth = 3.0, length::line_width, print::px;
        BorderBottomWidth "border-bottom-width" [border_width.bottom] LineWidth = 3.0, length::line_width, print::px;
        BorderLeftWidth "border-left-width" [border_width.left] LineWidth = 3.0, length::line_width, print::px;
        BorderTopStyle "border-top-style" [border_style.top] BorderStyle = BorderStyle::None, keyword, print::value;
        BorderRightStyle "border-right-style" [border_style.right] BorderStyle = BorderStyle::None, keyword, print::value;
        BorderBottomStyle "border-bottom-style" [border_style.bottom] BorderStyle = BorderStyle::None, keyword, print::value;
        BorderLeftStyle "border-left-style" [border_style.left] BorderStyle = BorderStyle::None, keyword, print::value;
        BorderTopColor "border-top-color" [border_color.top] Color = CURRENT, color::color_quirky, print::value;
        BorderRightColor "border-right-color" [border_color.right] Color = CURRENT, color::color_quirky, print::value;
        BorderBottomColor "border-bottom-color" [border_color.bottom] Color = CURRENT, color::color_quirky, print::value;
        BorderLeftColor "border-left-color" [border_color.left] Color = CURRENT, color::color_quirky, print::value;
        BorderTopLeftRadius "border-top-left-radius" [border_radius[0]] (LengthPercentage, LengthPercentage) = (ZERO, ZERO), specified::corner, print::pair;
        BorderTopRightRadius "border-top-right-radius" [border_radius[1]] (LengthPercentage, LengthPercentage) = (ZERO, ZERO), specified::corner, print::pair;
        BorderBottomRightRadius "border-bottom-right-radius" [border_radius[2]] (LengthPercentage, LengthPercentage) = (ZERO, ZERO), specified::corner, print::pair;
        BorderBottomLeftRadius "border-bottom-left-radius" [border_radius[3]] (LengthPercentage, LengthPercentage) = (ZERO, ZERO), specified::corner, print::pair;
        OutlineWidth "outline-width" [outline_width] LineWidth = 3.0, length::line_width, print::px;
        OutlineStyle "outline-style" [outline_style] BorderStyle = BorderStyle::None, specified::outline_style, print::value;
        OutlineColor "outline-color" [outline_color] Color = CURRENT, specified::outline_color, print::value;
        OutlineOffset "outline-offset" [outline_offset] Length = 0.0, length::length, print::px;
    }
    background reset {
        BackgroundColor "background-color" [background_color] Color = values::Color::TRANSPARENT, color::color_quirky, print::value;
        BackgroundImage "background-image" [lists.image] Vec<Image> = vec![values::Image::None], specified::images, print::comma_list;
        BackgroundPositionX "background-position-x" [lists.position_x] Vec<LengthPercentage> = vec![values::LengthPercentage::Percentage(0.0)], specified::positions_x, print::layers;
        BackgroundPositionY "background-position-y" [lists.position_y] Vec<LengthPercentage> = vec![values::LengthPercentage::Percentage(0.0)], specified::positions_y, print::layers;
        BackgroundSize "background-size" [lists.size] Vec<image::BackgroundSize> = vec![values::BackgroundSize::Explicit(None, None)], specified::background_sizes, print::layers;
        BackgroundRepeat "background-repeat" [lists.repeat] Vec<(RepeatStyle, RepeatStyle)> = vec![(RepeatStyle::Repeat, RepeatStyle::Repeat)], specified::repeat_styles, print::layers;
        BackgroundOrigin "background-origin" [lists.origin] Vec<BackgroundBox> = vec![BackgroundBox::PaddingBox], specified::background_origins, print::layers;
        BackgroundClip "background-clip" [lists.clip] Vec<BackgroundBox> = vec![BackgroundBox::BorderBox], specified::background_clips, print::layers;
        BackgroundAttachment "background-attachment" [lists.attachment] Vec<BackgroundAttachment> = vec![BackgroundAttachment::Scroll], specified::background_attachments, print::layers;
    }
    misc reset {
        TextDecorationLine "text-decoration-line" [text_decoration_line] TextDecorationLine = TextDecorationLine::default(), text::text_decoration_line, print::value;
        TextDecorationStyle "text-decoration-style" [text_decoration_style] TextDecorationStyle = TextDecorationStyle::Solid, keyword, print::value;
        TextDecorationColor "text-decoration-color" [text_decoration_color] Color = CURRENT, color::color, print::value;
        TextDecorationThickness "text-decoration-thickness" [text_decoration_thickness] Option<DecorationLength> = None, text::decoration_thickness, print::px_or_auto;
        Content "content" [content] text::Content = Content::Normal, text::content, print::value;
        CounterIncrement "counter-increment" [counter_increment] Counters = Vec::new(), text::counter_increment, print::counters;
        CounterReset "counter-reset" [counter_reset] Counters = Vec::new(), text::counter_reset, print::counters;
        CounterSet "counter-set" [counter_set] Counters = Vec::new(), text::counter_reset, print::counters;
    }
    flex reset {
        FlexDirection "flex-direction" [flex_direction] FlexDirection = FlexDirection::Row, keyword, print::value;
        FlexWrap "flex-wrap" [flex_wrap] FlexWrap = FlexWrap::Nowrap, keyword, print::value;
        FlexGrow "flex-grow" [flex_grow] f32 = 0.0, length::number_non_negative, print::value;
        FlexShrink "flex-shrink" [flex_shrink] f32 = 1.0, length::number_non_negative, print::value;
        FlexBasis "flex-basis" [flex_basis] specified::FlexBasis = FlexBasis::Size(Size::Auto), specified::flex_basis, print::value;
        Order "order" [order] i32 = 0, length::integer, print::value;
        AlignContent "align-content" [align_content] AlignmentValue = AlignmentValue::new(Alignment::Normal), specified::align_content, print::value;
        JustifyContent "justify-content" [justify_content] AlignmentValue = AlignmentValue::new(Alignment::Normal), specified::justify_content, print::value;
        AlignItems "align-items" [align_items] AlignmentValue = AlignmentValue::new(Alignment::Normal), specified::align_items, print::value;
        JustifyItems "justify-items" [justify_items] AlignmentValue = AlignmentValue::new(Alignment::Normal), specified::justify_items, print::value;
        AlignSelf "align-self" [align_self] AlignmentValue = AlignmentValue::new(Alignment::Auto), specified::align_self, print::value;
        JustifySelf "justify-self" [justify_self] AlignmentValue = AlignmentValue::new(Alignment::Auto), specified::justify_self, print::value;
        RowGap "row-gap" [row_gap] Option<LengthPercentage> = None, specified::gap, print::or_normal;
        ColumnGap "column-gap" [column_gap] Option<LengthPercentage> = None, specified::gap, print::or_normal;
    }
    grid reset {
        GridTemplateColumns "grid-template-columns" [template_columns] grid::GridTemplate = GridTemplate::None, grid::template, print::value;
        GridTemplateRows "grid-template-rows" [template_rows] grid::GridTemplate = GridTemplate::None, grid::template, print::value;
        GridTemplateAreas "grid-template-areas" [template_areas] Option<Arc<TemplateAreas>> = None, grid::template_areas, print::or_none;
        GridAutoColumns "grid-auto-columns" [auto_columns] Vec<grid::TrackSize> = vec![AUTO_TRACK], grid::auto_tracks, print::space_list;
        GridAutoRows "grid-auto-rows" [auto_rows] Vec<grid::TrackSize> = vec![AUTO_TRACK], grid::auto_tracks, print::space_list;
        GridAutoFlow "grid-auto-flow" [auto_flow] GridAutoFlow = GridAutoFlow::Row, grid::auto_flow, print::value;
        GridRowStart "grid-row-start" [row_start] GridLine = GridLine::Auto, grid::grid_line, print::value;
        GridRowEnd "grid-row-end" [row_end] GridLine = GridLine::Auto, grid::grid_line, print::value;
        GridColumnStart "grid-column-start" [column_start] GridLine = GridLine::Auto, grid::grid_line, print::value;
        GridColumnEnd "grid-column-end" [column_end] GridLine = GridLine::Auto, grid::grid_line, print::value;
    }
    effects reset {
        UserDrag "-webkit-user-drag" [user_drag] rare::UserDrag = rare::UserDrag::Auto, keyword, print::value;
        Appearance "appearance" [appearance] rare::Appearance = rare::Appearance::None, keyword, print::value;
        BreakAfter "break-after" [break_after] rare::BreakBetween = rare::BreakBetween::Auto, keyword, print::value;
        BreakBefore "break-before" [break_before] rare::BreakBetween = rare::BreakBetween::Auto, keyword, print::value;
        BreakInside "break-inside" [break_inside] rare::BreakInside = rare::BreakInside::Auto, keyword, print::value;
        Resize "resize" [resize] rare::Resize = rare::Resize::None, keyword, print::value;
        Isolation "isolation" [isolation] rare::Isolation = rare::Isolation::Auto, keyword, print::value;
        MixBlendMode "mix-blend-mode" [mix_blend_mode] rare::MixBlendMode = rare::MixBlendMode::Normal, keyword, print::value;
        BackfaceVisibility "backface-visibility" [backface_visibility] rare::BackfaceVisibility = rare::BackfaceVisibility::Visible, keyword, print::value;
        BoxDecorationBreak "box-decoration-break" [box_decoration_break] rare::BoxDecorationBreak = rare::BoxDecorationBreak::Slice, keyword, print::value;
        ScrollBehavior "scroll-behavior" [scroll_behavior] rare::ScrollBehavior = rare::ScrollBehavior::Auto, keyword, print::value;
        OverscrollBehaviorX "overscroll-behavior-x" [overscroll_behavior_x] rare::OverscrollBehavior = rare::OverscrollBehavior::Auto, keyword, print::value;
        OverscrollBehaviorY "overscroll-behavior-y" [overscroll_behavior_y] rare::OverscrollBehavior = rare::OverscrollBehavior::Auto, keyword, print::value;
        ContentVisibility "content-visibility" [content_visibility] rare::ContentVisibility = rare::ContentVisibility::Visible, keyword, print::value;
        TransformStyle "transform-style" [transform_style] rare::TransformStyle = rare::TransformStyle::Flat, keyword, print::value;
        ColumnFill "column-fill" [column_fill] rare::ColumnFill = rare::ColumnFill::Balance, keyword, print::value;
        ColumnSpan "column-span" [column_span] rare::ColumnSpan = rare::ColumnSpan::None, keyword, print::value;
        BoxOrient "-webkit-box-orient" [box_orient] rare::BoxOrient = rare::BoxOrient::Horizontal, keyword, print::value;
        BoxDirection "-webkit-box-direction" [box_direction] rare::BoxDirection = rare::BoxDirection::Normal, keyword, print::value;
        BoxAlign "-webkit-box-align" [box_align] rare::BoxAlign = rare::BoxAlign::Stretch, keyword, print::value;
        BoxPack "-webkit-box-pack" [box_pack] rare::BoxPack = rare::BoxPack::Start, keyword, print::value;
        ScrollbarWidth "scrollbar-width" [scrollbar_width] rare::ScrollbarWidth = rare::ScrollbarWidth::Auto, keyword, print::value;
        FieldSizing "field-sizing" [field_sizing] rare::FieldSizing = rare::FieldSizing::Fixed, keyword, print::value;
        OverflowAnchor "overflow-anchor" [overflow_anchor] rare::AutoOrNone = rare::AutoOrNone::Auto, keyword, print::value;
        ScrollSnapStop "scroll-snap-stop" [scroll_snap_stop] rare::ScrollSnapStop = rare::ScrollSnapStop::Normal, keyword, print::value;
        MaskType "mask-type" [mask_type] rare::MaskType = rare::MaskType::Luminance, keyword, print::value;
        TransformBox "transform-box" [transform_box] rare::TransformBox = rare::TransformBox::ViewBox, keyword, print::value;
        TextBoxTrim "text-box-trim" [text_box_trim] rare::TextBoxTrim = rare::TextBoxTrim::None, keyword, print::value;
        BaselineSource "baseline-source" [baseline_source] rare::BaselineSource = rare::BaselineSource::Auto, keyword, print::value;
        BoxShadow "box-shadow" [box_shadow] Vec<specified::Shadow> = Vec::new(), specified::box_shadow, print::comma_list_or_none;
        AspectRatio "aspect-ratio" [aspect_ratio] AspectRatio = AspectRatio::default(), specified::aspect_ratio, print::value;
        Clip "clip" [clip] Option<specified::ClipRect> = None, specified::clip, print::or_auto;
        ColumnCount "column-count" [column_count] Option<i32> = None, specified::column_count, print::or_auto;
        ColumnWidth "column-width" [column_width] Option<Length> = None, specified::column_width, print::px_or_auto;
        ColumnRuleStyle "column-rule-style" [column_rule_style] BorderStyle = BorderStyle::None, keyword, print::value;
        ColumnRuleColor "column-rule-color" [column_rule_color] Color = CURRENT, color::color, print::value;
        ColumnRuleWidth "column-rule-width" [column_rule_width] LineWidth = 3.0, length::line_width, print::px;
        LineClamp "-webkit-line-clamp" [line_clamp] Option<i32> = None, specified::line_clamp, print::or_none;
        StopColor "stop-color" [stop_color] Color = BLACK, color::color, print::value;
        StopOpacity "stop-opacity" [stop_opacity] f32 = 1.0, text::opacity, print::value;
        FloodColor "flood-color" [flood_color] Color = BLACK, color::color, print::value;
        FloodOpacity "flood-opacity" [flood_opacity] f32 = 1.0, text::opacity, print::value;
        LightingColor "lighting-color" [lighting_color] Color = WHITE, color::color, print::value;
        VectorEffect "vector-effect" [vector_effect] values::VectorEffect = values::VectorEffect::None, keyword, print::value;
        AlignmentBaseline "alignment-baseline" [alignment_baseline] values::AlignmentBaseline = values::AlignmentBaseline::Auto, keyword, print::value;
    }
}
