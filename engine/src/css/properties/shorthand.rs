//! The table of shorthands, and the shapes that most of their grammars have.
//!
//! A shape sets each longhand by parsing its part of the value with the longhand's own parser, so that a
//! shorthand row is a list of longhands and a shape. Longhands that the value leaves out are set to `initial`.

use cssparser::{Parser, ParserState};

use super::super::specified::{ParseContext, Parsed, invalid};
use super::super::values::{Alignment, AlignmentValue};
use super::declaration::{Declaration, WideKeyword, parse_longhand};
use super::table::LonghandId::{self, *};
use super::table::Value;
use super::{background, font_shorthand, grid_shorthand};

/// Parses a shorthand's value for `longhands` and adds the declarations.
pub(crate) type Shape =
    fn(&[LonghandId], &mut Parser<'_>, &ParseContext<'_>, &mut Vec<Declaration>) -> Parsed<()>;

macro_rules! shorthands {
    ($($id:ident $name:literal [$($longhand:ident),+ $(,)?] $shape:path;)+) => {
        /// A shorthand.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each variant is the property of its name")]
        pub enum ShorthandId { $($id,)+ }

        impl ShorthandId {
            /// Every shorthand.
            pub const ALL: &'static [Self] = &[$(Self::$id,)+];

            /// The CSS name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => $name,)+ }
            }

            /// The shorthand of a name in any case.
            pub fn from_name(name: &str) -> Option<Self> {
                cssparser::ascii_case_insensitive_map! {
                    names -> ShorthandId = { $($name => ShorthandId::$id,)+ }
                }
                names::get(name).copied()
            }

            /// What it sets.
            pub const fn longhands(self) -> &'static [LonghandId] {
                match self { $(Self::$id => &[$($longhand,)+],)+ }
            }

            const fn shape(self) -> Shape {
                match self { $(Self::$id => $shape,)+ }
            }
        }
    };
}

shorthands! {
    Margin "margin" [MarginTop, MarginRight, MarginBottom, MarginLeft] sides;
    Padding "padding" [PaddingTop, PaddingRight, PaddingBottom, PaddingLeft] sides;
    Inset "inset" [Top, Right, Bottom, Left] sides;
    MarginBlock "margin-block" [MarginBlockStart, MarginBlockEnd] two;
    MarginInline "margin-inline" [MarginInlineStart, MarginInlineEnd] two;
    PaddingBlock "padding-block" [PaddingBlockStart, PaddingBlockEnd] two;
    PaddingInline "padding-inline" [PaddingInlineStart, PaddingInlineEnd] two;
    InsetBlock "inset-block" [InsetBlockStart, InsetBlockEnd] two;
    InsetInline "inset-inline" [InsetInlineStart, InsetInlineEnd] two;
    BorderWidth "border-width" [BorderTopWidth, BorderRightWidth, BorderBottomWidth, BorderLeftWidth] sides;
    BorderStyle "border-style" [BorderTopStyle, BorderRightStyle, BorderBottomStyle, BorderLeftStyle] sides;
    BorderColor "border-color" [BorderTopColor, BorderRightColor, BorderBottomColor, BorderLeftColor] sides;
    BorderTop "border-top" [BorderTopWidth, BorderTopStyle, BorderTopColor] any_order;
    BorderRight "border-right" [BorderRightWidth, BorderRightStyle, BorderRightColor] any_order;
    BorderBottom "border-bottom" [BorderBottomWidth, BorderBottomStyle, BorderBottomColor] any_order;
    BorderLeft "border-left" [BorderLeftWidth, BorderLeftStyle, BorderLeftColor] any_order;
    BorderBlockStart "border-block-start" [BorderBlockStartWidth, BorderBlockStartStyle, BorderBlockStartColor] any_order;
    BorderBlockEnd "border-block-end" [BorderBlockEndWidth, BorderBlockEndStyle, BorderBlockEndColor] any_order;
    BorderInlineStart "border-inline-start" [BorderInlineStartWidth, BorderInlineStartStyle, BorderInlineStartColor] any_order;
    BorderInlineEnd "border-inline-end" [BorderInlineEndWidth, BorderInlineEndStyle, BorderInlineEndColor] any_order;
    BorderBlockWidth "border-block-width" [BorderBlockStartWidth, BorderBlockEndWidth] two;
    BorderBlockStyle "border-block-style" [BorderBlockStartStyle, BorderBlockEndStyle] two;
    BorderBlockColor "border-block-color" [BorderBlockStartColor, BorderBlockEndColor] two;
    BorderInlineWidth "border-inline-width" [BorderInlineStartWidth, BorderInlineEndWidth] two;
    BorderInlineStyle "border-inline-style" [BorderInlineStartStyle, BorderInlineEndStyle] two;
    BorderInlineColor "border-inline-color" [BorderInlineStartColor, BorderInlineEndColor] two;
    BorderBlock "border-block" [
        BorderBlockStartWidth, BorderBlockStartStyle, BorderBlockStartColor,
        BorderBlockEndWidth, BorderBlockEndStyle, BorderBlockEndColor,
    ] same_triples;
    BorderInline "border-inline" [
        BorderInlineStartWidth, BorderInlineStartStyle, BorderInlineStartColor,
        BorderInlineEndWidth, BorderInlineEndStyle, BorderInlineEndColor,
    ] same_triples;
    Border "border" [
        BorderTopWidth, BorderTopStyle, BorderTopColor, BorderRightWidth, BorderRightStyle, BorderRightColor,
        BorderBottomWidth, BorderBottomStyle, BorderBottomColor, BorderLeftWidth, BorderLeftStyle, BorderLeftColor,
    ] same_triples;
    BorderRadius "border-radius" [
        BorderTopLeftRadius, BorderTopRightRadius, BorderBottomRightRadius, BorderBottomLeftRadius,
    ] background::border_radius;
    BorderSpacing "border-spacing" [BorderSpacingX, BorderSpacingY] two;
    Outline "outline" [OutlineWidth, OutlineStyle, OutlineColor] any_order;
    Overflow "overflow" [OverflowX, OverflowY] two;
    Background "background" [
        BackgroundImage, BackgroundPositionX, BackgroundPositionY, BackgroundSize, BackgroundRepeat,
        BackgroundOrigin, BackgroundClip, BackgroundAttachment, BackgroundColor,
    ] background::background;
    BackgroundPosition "background-position" [BackgroundPositionX, BackgroundPositionY] background::background_position;
    Font "font" [
        FontStyle, FontVariantCaps, FontWeight, FontStretch, FontSize, LineHeight, FontFamily,
    ] font_shorthand::font;
    FontVariant "font-variant" [FontVariantCaps] font_shorthand::font_variant;
    ListStyle "list-style" [ListStylePosition, ListStyleImage, ListStyleType] font_shorthand::list_style;
    TextDecoration "text-decoration" [
        TextDecorationLine, TextDecorationStyle, TextDecorationColor, TextDecorationThickness,
    ] any_order;
    WhiteSpace "white-space" [WhiteSpaceCollapse, TextWrapMode] font_shorthand::white_space;
    TextWrap "text-wrap" [TextWrapMode, TextWrapStyle] font_shorthand::text_wrap;
    Flex "flex" [FlexGrow, FlexShrink, FlexBasis] font_shorthand::flex;
    FlexFlow "flex-flow" [FlexDirection, FlexWrap] any_order;
    Columns "columns" [ColumnWidth, ColumnCount] font_shorthand::columns;
    ColumnRule "column-rule" [ColumnRuleWidth, ColumnRuleStyle, ColumnRuleColor] any_order;
    TextStroke "-webkit-text-stroke" [TextStrokeWidth, TextStrokeColor] any_order;
    OverscrollBehavior "overscroll-behavior" [OverscrollBehaviorX, OverscrollBehaviorY] two;
    FontSynthesis "font-synthesis" [FontSynthesisWeight, FontSynthesisStyle, FontSynthesisSmallCaps] font_shorthand::font_synthesis;
    GridRow "grid-row" [GridRowStart, GridRowEnd] grid_shorthand::lines;
    GridColumn "grid-column" [GridColumnStart, GridColumnEnd] grid_shorthand::lines;
    GridArea "grid-area" [GridRowStart, GridColumnStart, GridRowEnd, GridColumnEnd] grid_shorthand::lines;
    GridTemplate "grid-template" [GridTemplateRows, GridTemplateColumns, GridTemplateAreas] grid_shorthand::template;
    Grid "grid" [
        GridTemplateRows, GridTemplateColumns, GridTemplateAreas, GridAutoFlow, GridAutoRows, GridAutoColumns,
    ] grid_shorthand::grid;
    Gap "gap" [RowGap, ColumnGap] two;
    PlaceContent "place-content" [AlignContent, JustifyContent] place;
    PlaceItems "place-items" [AlignItems, JustifyItems] place;
    PlaceSelf "place-self" [AlignSelf, JustifySelf] place;
}

impl ShorthandId {
    /// Parses the value into declarations of all its longhands.
    pub(crate) fn parse(
        self,
        input: &mut Parser<'_>,
        context: &ParseContext<'_>,
        out: &mut Vec<Declaration>,
    ) -> Parsed<()> {
        let before = out.len();
        (self.shape())(self.longhands(), input, context, out)?;
        for &longhand in self.longhands() {
            if !out[before..].iter().any(|d| d.longhand() == Some(longhand)) {
                out.push(Declaration::Wide(longhand, WideKeyword::Initial));
            }
        }
        Ok(())
    }
}

/// One to four values: top, right, bottom, left.
fn sides(
    longhands: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let starts = value_starts(longhands[0], 4, input, context)?;
    let order: [usize; 4] = match starts.len() {
        1 => [0, 0, 0, 0],
        2 => [0, 1, 0, 1],
        3 => [0, 1, 2, 1],
        _ => [0, 1, 2, 3],
    };
    replay(longhands, &order, &starts, input, context, out)
}

/// One or two values.
fn two(
    longhands: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let starts = value_starts(longhands[0], 2, input, context)?;
    replay(longhands, &[0, starts.len() - 1], &starts, input, context, out)
}

/// `place-*`: one value for both axes, or two. <https://drafts.csswg.org/css-align-3/#place-content>
fn place(
    longhands: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let start = input.state();
    out.push(parse_longhand(longhands[0], input, context)?);
    if input.is_exhausted() {
        input.reset(&start);
        if let Ok(declaration) = input.try_parse(|input| parse_longhand(longhands[1], input, context)) {
            out.push(declaration);
        } else {
            // A baseline has no sense for `justify-content`: it is `start` there.
            parse_longhand(longhands[0], input, context)?;
            let start = AlignmentValue::new(Alignment::Start);
            out.push(Declaration::Value(Value::JustifyContent(start)));
        }
        return Ok(());
    }
    out.push(parse_longhand(longhands[1], input, context)?);
    Ok(())
}

/// Where the values of a list begin: at least one, at most `limit`.
fn value_starts(
    longhand: LonghandId,
    limit: usize,
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<Vec<ParserState>> {
    let mut starts = Vec::with_capacity(limit);
    while starts.len() < limit && !input.is_exhausted() {
        let start = input.state();
        parse_longhand(longhand, input, context)?;
        starts.push(start);
    }
    if starts.is_empty() { invalid() } else { Ok(starts) }
}

/// Parses for each longhand the value that `order` names, and goes back to the end.
fn replay(
    longhands: &[LonghandId],
    order: &[usize],
    starts: &[ParserState],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let end = input.state();
    for (&longhand, &index) in longhands.iter().zip(order) {
        input.reset(&starts[index]);
        out.push(parse_longhand(longhand, input, context)?);
    }
    input.reset(&end);
    Ok(())
}

/// Each longhand at most once, in any order, at least one.
pub(crate) fn any_order(
    longhands: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let mut rest: Vec<LonghandId> = longhands.to_vec();
    while !input.is_exhausted() && !rest.is_empty() {
        let found = rest.iter().enumerate().find_map(|(index, &longhand)| {
            let declaration = input.try_parse(|input| parse_longhand(longhand, input, context)).ok()?;
            Some((index, declaration))
        });
        let Some((index, declaration)) = found else { return invalid() };
        rest.remove(index);
        out.push(declaration);
    }
    if rest.len() == longhands.len() { invalid() } else { Ok(()) }
}

/// The same width, style and color in any order for each group of three longhands.
fn same_triples(
    longhands: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let start = input.state();
    for triple in longhands.chunks(3) {
        input.reset(&start);
        any_order(triple, input, context, out)?;
    }
    Ok(())
}
