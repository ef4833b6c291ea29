//! Boxes as specified: display, position, overflow, corners, alignment.

use cssparser::{Parser, match_ignore_ascii_case};

use super::color::{Color, color_quirky};
use super::length::{self, LengthPercentage, length_percentage_non_negative};
use super::{ComputeContext, ParseContext, Parsed, Specified, invalid, keyword};
use crate::css::computed;
use crate::css::values::{
    Alignment, AlignmentValue, BorderStyle, Clear, Display, Float, Keyword, Overflow, OverflowPosition,
    PositionProperty,
};

/// `display`, also with the two keywords of the long form.
pub(crate) fn display(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<Display> {
    let first = input.expect_ident_cloned()?;
    let mut words = vec![first.to_ascii_lowercase()];
    while let Ok(word) = input.try_parse(Parser::expect_ident_cloned) {
        words.push(word.to_ascii_lowercase());
        if words.len() > 3 {
            return invalid();
        }
    }
    if let [word] = words.as_slice() {
        let prefixed = match_ignore_ascii_case! { word,
            "-webkit-flex" => "flex",
            "-webkit-inline-flex" => "inline-flex",
            "flow" => "block",
            _ => word.as_str(),
        };
        return Display::from_keyword(prefixed).map_or_else(invalid, Ok);
    }
    let mut outer = None;
    let mut inner = None;
    let mut list_item = false;
    for word in &words {
        match word.as_str() {
            "block" | "inline" if outer.is_none() => outer = Some(word.as_str()),
            "flow" | "flow-root" | "flex" | "grid" | "table" | "ruby" if inner.is_none() => {
                inner = Some(word.as_str());
            }
            "list-item" if !list_item => list_item = true,
            _ => return invalid(),
        }
    }
    let is_inline = outer == Some("inline");
    Ok(match (is_inline, inner.unwrap_or("flow"), list_item) {
        (false, "flow" | "flow-root", true) => Display::ListItem,
        (_, _, true) => return invalid(),
        (false, "flow", _) => Display::Block,
        (true, "flow", _) => Display::Inline,
        (false, "flow-root", _) => Display::FlowRoot,
        (true, "flow-root", _) => Display::InlineBlock,
        (false, "flex", _) => Display::Flex,
        (true, "flex", _) => Display::InlineFlex,
        (false, "grid", _) => Display::Grid,
        (true, "grid", _) => Display::InlineGrid,
        (false, "table", _) => Display::Table,
        (true, "table", _) => Display::InlineTable,
        (_, "ruby", _) => Display::Ruby,
        _ => return invalid(),
    })
}

/// `position`
pub(crate) fn position_property(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<PositionProperty> {
    if input.try_parse(|i| i.expect_ident_matching("-webkit-sticky")).is_ok() {
        return Ok(PositionProperty::Sticky);
    }
    keyword(input, context)
}

/// `float`. DEVIATION: the flow-relative values are those of left-to-right text.
pub(crate) fn float(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<Float> {
    let ident = input.expect_ident()?;
    match_ignore_ascii_case! { ident,
        "inline-start" => Ok(Float::Left),
        "inline-end" => Ok(Float::Right),
        _ => Float::from_keyword(ident).map_or_else(invalid, Ok),
    }
}

/// `clear`. DEVIATION: the flow-relative values are those of left-to-right text.
pub(crate) fn clear(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<Clear> {
    let ident = input.expect_ident()?;
    match_ignore_ascii_case! { ident,
        "inline-start" => Ok(Clear::Left),
        "inline-end" => Ok(Clear::Right),
        _ => Clear::from_keyword(ident).map_or_else(invalid, Ok),
    }
}

/// `overflow-x`, `overflow-y`; `overlay` is an old name of `auto`.
pub(crate) fn overflow(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Overflow> {
    if input.try_parse(|i| i.expect_ident_matching("overlay")).is_ok() {
        return Ok(Overflow::Auto);
    }
    keyword(input, context)
}

/// The radii of a corner.
pub(crate) fn corner(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<(LengthPercentage, LengthPercentage)> {
    let first = length_percentage_non_negative(input, context)?;
    let second = input.try_parse(|i| length_percentage_non_negative(i, context));
    Ok((first.clone(), second.unwrap_or(first)))
}

/// `outline-style`: `auto` counts as `solid`. DEVIATION: it prints so too.
pub(crate) fn outline_style(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<BorderStyle> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(BorderStyle::Solid);
    }
    match keyword(input, context)? {
        BorderStyle::Hidden => invalid(),
        style => Ok(style),
    }
}

/// `outline-color`; `invert` and `auto` are the text's colour.
pub(crate) fn outline_color(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Color> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(Color::CurrentColor);
    }
    color_quirky(input, context)
}

/// `flex-basis`
#[derive(Debug, Clone, PartialEq)]
pub enum FlexBasis {
    /// `content`
    Content,
    /// A value of `width`.
    Size(length::Size),
}

impl Specified for FlexBasis {
    type Computed = computed::FlexBasis;
    fn compute(&self, context: &ComputeContext<'_>) -> computed::FlexBasis {
        match self {
            Self::Content => computed::FlexBasis::Content,
            Self::Size(size) => computed::FlexBasis::Size(size.compute(context)),
        }
    }
}

/// `flex-basis`
pub(crate) fn flex_basis(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<FlexBasis> {
    if input.try_parse(|i| i.expect_ident_matching("content")).is_ok() {
        return Ok(FlexBasis::Content);
    }
    length::size(input, context).map(FlexBasis::Size)
}

/// `row-gap`, `column-gap`: `None` is `normal`.
pub(crate) fn gap(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Option<LengthPercentage>> {
    if input.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
        return Ok(None);
    }
    length_percentage_non_negative(input, context).map(Some)
}

/// One alignment value out of those that `accepts` lets through.
fn alignment(input: &mut Parser<'_>, accepts: fn(Alignment) -> bool) -> Parsed<AlignmentValue> {
    let mut value = AlignmentValue::default();
    if input.try_parse(|i| i.expect_ident_matching("safe")).is_ok() {
        value.overflow = OverflowPosition::Safe;
    } else if input.try_parse(|i| i.expect_ident_matching("unsafe")).is_ok() {
        value.overflow = OverflowPosition::Unsafe;
    }
    let has_overflow = value.overflow != OverflowPosition::Default;
    let name = input.expect_ident_cloned()?;
    value.keyword = match_ignore_ascii_case! { &name,
        "first" if !has_overflow => {
            input.expect_ident_matching("baseline")?;
            Alignment::Baseline
        },
        "last" if !has_overflow => {
            input.expect_ident_matching("baseline")?;
            Alignment::LastBaseline
        },
        _ => match Alignment::from_keyword(&name) {
            Some(keyword) => keyword,
            None => return invalid(),
        },
    };
    let takes_overflow = matches!(
        value.keyword,
        Alignment::Start
            | Alignment::End
            | Alignment::Center
            | Alignment::FlexStart
            | Alignment::FlexEnd
            | Alignment::SelfStart
            | Alignment::SelfEnd
            | Alignment::Left
            | Alignment::Right
    );
    if has_overflow && !takes_overflow || !accepts(value.keyword) { invalid() } else { Ok(value) }
}

/// Whether a keyword belongs to the inline axis alone.
const fn is_horizontal(value: Alignment) -> bool {
    matches!(value, Alignment::Left | Alignment::Right)
}

const fn is_content_position(value: Alignment) -> bool {
    use Alignment as A;
    !matches!(value, A::Auto | A::SelfStart | A::SelfEnd | A::Legacy)
}

const fn is_item_position(value: Alignment) -> bool {
    use Alignment as A;
    !matches!(value, A::Auto | A::SpaceBetween | A::SpaceAround | A::SpaceEvenly | A::Legacy)
}

/// `align-content`
pub(crate) fn align_content(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<AlignmentValue> {
    alignment(input, |value| is_content_position(value) && !is_horizontal(value))
}

/// `justify-content`
pub(crate) fn justify_content(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<AlignmentValue> {
    use Alignment as A;
    alignment(input, |value| is_content_position(value) && !matches!(value, A::Baseline | A::LastBaseline))
}

/// `align-items`
pub(crate) fn align_items(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<AlignmentValue> {
    alignment(input, |value| is_item_position(value) && !is_horizontal(value))
}

/// `justify-items`, with `legacy` alone or beside `left`, `right` or `center`.
pub(crate) fn justify_items(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<AlignmentValue> {
    let side = |input: &mut Parser<'_>| -> Parsed<Alignment> {
        match Alignment::from_keyword(input.expect_ident()?) {
            Some(side @ (Alignment::Left | Alignment::Right | Alignment::Center)) => Ok(side),
            _ => invalid(),
        }
    };
    let legacy = |input: &mut Parser<'_>| input.try_parse(|i| i.expect_ident_matching("legacy")).is_ok();
    if legacy(input) {
        let keyword = input.try_parse(side).unwrap_or(Alignment::Legacy);
        return Ok(AlignmentValue { legacy: true, ..AlignmentValue::new(keyword) });
    }
    let side_first = input.try_parse(|input| -> Parsed<Alignment> {
        let keyword = side(input)?;
        if legacy(input) { Ok(keyword) } else { invalid() }
    });
    if let Ok(keyword) = side_first {
        return Ok(AlignmentValue { legacy: true, ..AlignmentValue::new(keyword) });
    }
    alignment(input, is_item_position)
}

/// `align-self`
pub(crate) fn align_self(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<AlignmentValue> {
    alignment(input, |value| value == Alignment::Auto || is_item_position(value) && !is_horizontal(value))
}

/// `justify-self`
pub(crate) fn justify_self(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<AlignmentValue> {
    alignment(input, |value| value == Alignment::Auto || is_item_position(value))
}

super::computes_to_itself!(AlignmentValue);
