//! Lengths and percentages as specified: <https://drafts.csswg.org/css-values-4/#lengths>.

use std::sync::Arc;

use cssparser::{Parser, Token, match_ignore_ascii_case};

use super::calc::{CalcKind, CalcNode, angle, parse_math_function};
use super::{ComputeContext, ParseContext, Parsed, Specified, invalid};
use crate::css::values::{self, CalcLength};

/// A unit of length that the parser has not already turned into px.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the unit of its name")]
pub enum Unit {
    Px,
    Em,
    Rem,
    Ex,
    Ch,
    Cap,
    Ic,
    Lh,
    Vw,
    Vh,
    Vmin,
    Vmax,
}

impl Unit {
    /// A dimension as a length; absolute units come out as px.
    pub(crate) fn parse(value: f32, unit: &str) -> Option<(f32, Self)> {
        const IN: f32 = 96.0;
        Some(match_ignore_ascii_case! { unit,
            "px" => (value, Self::Px),
            "em" => (value, Self::Em),
            "rem" => (value, Self::Rem),
            "ex" => (value, Self::Ex),
            "ch" => (value, Self::Ch),
            "cap" => (value, Self::Cap),
            "ic" => (value, Self::Ic),
            "lh" | "rlh" => (value, Self::Lh),
            "rex" | "rch" => (value * 0.5, Self::Rem),
            "ric" => (value, Self::Rem),
            "in" => (value * IN, Self::Px),
            "cm" => (value * IN / 2.54, Self::Px),
            "mm" => (value * IN / 25.4, Self::Px),
            "q" => (value * IN / 101.6, Self::Px),
            "pt" => (value * IN / 72.0, Self::Px),
            "pc" => (value * IN / 6.0, Self::Px),
            // The small, large and dynamic viewports are one where no browser interface comes and goes; container
            // units fall back to the small viewport where there is no container.
            "vw" | "svw" | "lvw" | "dvw" | "vi" | "svi" | "lvi" | "dvi" | "cqw" | "cqi" => (value, Self::Vw),
            "vh" | "svh" | "lvh" | "dvh" | "vb" | "svb" | "lvb" | "dvb" | "cqh" | "cqb" => (value, Self::Vh),
            "vmin" | "svmin" | "lvmin" | "dvmin" | "cqmin" => (value, Self::Vmin),
            "vmax" | "svmax" | "lvmax" | "dvmax" | "cqmax" => (value, Self::Vmax),
            _ => return None,
        })
    }

    /// CSS px.
    pub(crate) fn to_px(self, value: f32, context: &ComputeContext<'_>) -> f32 {
        let viewport = context.viewport;
        let one = match self {
            Self::Px => 1.0,
            Self::Em => context.font_size,
            Self::Rem => context.root_font_size,
            Self::Ex => (context.font_units)().ex,
            Self::Ch => (context.font_units)().ch,
            Self::Cap => (context.font_units)().cap,
            Self::Ic => (context.font_units)().ic,
            Self::Lh => context.line_height,
            Self::Vw => viewport.width / 100.0,
            Self::Vh => viewport.height / 100.0,
            Self::Vmin => viewport.width.min(viewport.height) / 100.0,
            Self::Vmax => viewport.width.max(viewport.height) / 100.0,
        };
        finite(value * one)
    }

    /// Whether it is relative to the font of the element.
    pub(crate) const fn is_font_relative(self) -> bool {
        matches!(self, Self::Em | Self::Ex | Self::Ch | Self::Cap | Self::Ic | Self::Lh)
    }
}

/// Lengths beyond this are cut, as Chromium does.
const MAX_PX: f32 = 33_554_432.0;

fn finite(px: f32) -> f32 {
    if px.is_nan() { 0.0 } else { px.clamp(-MAX_PX, MAX_PX) }
}

/// The numbers that a property takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Any.
    All,
    /// Zero and above; calculations are clamped.
    NonNegative,
}

/// A length, a percentage, or a calculation of them.
#[derive(Debug, Clone, PartialEq)]
pub enum LengthPercentage {
    /// A length.
    Length(f32, Unit),
    /// A fraction.
    Percentage(f32),
    /// A calculation and the range that its result is clamped to.
    Calc(Arc<CalcNode>, Range),
}

impl LengthPercentage {
    /// Zero px.
    pub const ZERO: Self = Self::Length(0.0, Unit::Px);

    /// CSS px.
    pub const fn px(px: f32) -> Self {
        Self::Length(px, Unit::Px)
    }

    /// The length in px where 100 % are `basis` px.
    pub(crate) fn to_px(&self, context: &ComputeContext<'_>, basis: f32) -> f32 {
        match self {
            Self::Length(value, unit) => unit.to_px(*value, context),
            Self::Percentage(fraction) => fraction * basis,
            Self::Calc(node, range) => range.clamp(finite(node.to_px_with_basis(context, basis))),
        }
    }
}

impl Range {
    const fn contains(self, value: f32) -> bool {
        match self {
            Self::All => true,
            Self::NonNegative => value >= 0.0,
        }
    }

    const fn clamp(self, value: f32) -> f32 {
        match self {
            Self::All => value,
            Self::NonNegative => value.max(0.0),
        }
    }
}

impl Specified for LengthPercentage {
    type Computed = values::LengthPercentage;
    fn compute(&self, context: &ComputeContext<'_>) -> Self::Computed {
        match self {
            Self::Length(value, unit) => values::LengthPercentage::Length(unit.to_px(*value, context)),
            Self::Percentage(fraction) => values::LengthPercentage::Percentage(*fraction),
            Self::Calc(node, range) => match node.to_calc_length(context) {
                CalcLength::Sum { px, percentage: 0.0 } => {
                    values::LengthPercentage::Length(range.clamp(finite(px)))
                }
                CalcLength::Sum { px: 0.0, percentage } => {
                    values::LengthPercentage::Percentage(range.clamp(percentage))
                }
                calc => values::LengthPercentage::Calc(Arc::new(calc)),
            },
        }
    }
}

/// A length without percentages; computes to px.
#[derive(Debug, Clone, PartialEq)]
pub struct Length(pub LengthPercentage);

impl Length {
    /// CSS px.
    pub const fn px(px: f32) -> Self {
        Self(LengthPercentage::px(px))
    }
}

impl Specified for Length {
    type Computed = f32;
    fn compute(&self, context: &ComputeContext<'_>) -> f32 {
        self.0.to_px(context, 0.0)
    }
}

/// What [`parse`] accepts beside lengths and calculations of lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Accept {
    percentage: bool,
    unitless: bool,
    range: Range,
}

fn parse(input: &mut Parser<'_>, context: &ParseContext<'_>, accept: Accept) -> Parsed<LengthPercentage> {
    let range = accept.range;
    match input.next()?.clone() {
        Token::Dimension { value, ref unit, .. } => match Unit::parse(value, unit) {
            Some((value, unit)) if range.contains(value) => Ok(LengthPercentage::Length(value, unit)),
            _ => invalid(),
        },
        Token::Percentage { unit_value, .. } if accept.percentage && range.contains(unit_value) => {
            Ok(LengthPercentage::Percentage(unit_value))
        }
        Token::Number { value, .. } if value == 0.0 || (accept.unitless && context.quirks) => {
            if range.contains(value) { Ok(LengthPercentage::px(value)) } else { invalid() }
        }
        Token::Function(ref name) => {
            let Some(result) = parse_math_function(name, input, context) else { return invalid() };
            match result? {
                (node, CalcKind::LengthPercentage { percentage, .. }) if accept.percentage || !percentage => {
                    Ok(LengthPercentage::Calc(Arc::new(node), range))
                }
                _ => invalid(),
            }
        }
        _ => invalid(),
    }
}

/// `<length-percentage>`
pub(crate) fn length_percentage(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<LengthPercentage> {
    parse(input, context, Accept { percentage: true, unitless: false, range: Range::All })
}

/// `<length-percentage [0,∞]>`
pub(crate) fn length_percentage_non_negative(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<LengthPercentage> {
    parse(input, context, Accept { percentage: true, unitless: false, range: Range::NonNegative })
}

/// `<length-percentage>` where the unitless length quirk holds: <https://quirks.spec.whatwg.org/#the-unitless-length-quirk>.
pub(crate) fn length_percentage_quirky(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<LengthPercentage> {
    parse(input, context, Accept { percentage: true, unitless: true, range: Range::All })
}

/// `<length-percentage [0,∞]>` where the unitless length quirk holds.
pub(crate) fn length_percentage_non_negative_quirky(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<LengthPercentage> {
    parse(input, context, Accept { percentage: true, unitless: true, range: Range::NonNegative })
}

/// `<length>`
pub(crate) fn length(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Length> {
    parse(input, context, Accept { percentage: false, unitless: false, range: Range::All }).map(Length)
}

/// `<length [0,∞]>`
pub(crate) fn length_non_negative(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Length> {
    parse(input, context, Accept { percentage: false, unitless: false, range: Range::NonNegative })
        .map(Length)
}

/// `<length>` where the unitless length quirk holds.
pub(crate) fn length_quirky(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Length> {
    parse(input, context, Accept { percentage: false, unitless: true, range: Range::All }).map(Length)
}

/// `<line-width>`: <https://drafts.csswg.org/css-backgrounds-3/#typedef-line-width>.
pub(crate) fn line_width(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<LineWidth> {
    if let Ok(px) = input.try_parse(|input| -> Parsed<f32> {
        let ident = input.expect_ident()?;
        Ok(match_ignore_ascii_case! { ident,
            "thin" => 1.0,
            "medium" => 3.0,
            "thick" => 5.0,
            _ => return invalid(),
        })
    }) {
        return Ok(LineWidth(Length::px(px)));
    }
    parse(input, context, Accept { percentage: false, unitless: true, range: Range::NonNegative })
        .map(|length| LineWidth(Length(length)))
}

/// A border's width: snapped to whole device pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct LineWidth(pub Length);

impl Specified for LineWidth {
    type Computed = f32;
    /// <https://drafts.csswg.org/css-values-4/#snap-a-length-as-a-border-width>
    fn compute(&self, context: &ComputeContext<'_>) -> f32 {
        let scale = if context.viewport.scale > 0.0 { context.viewport.scale } else { 1.0 };
        let device = self.0.compute(context) * scale;
        let snapped = if device > 0.0 && device < 1.0 { 1.0 } else { device.floor() };
        snapped / scale
    }
}

/// `<number>`, also as a calculation.
pub(crate) fn number(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<f32> {
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(value),
        Token::Function(ref name) => {
            let Some(result) = parse_math_function(name, input, context) else { return invalid() };
            match result? {
                (node, CalcKind::Number) => node.to_number().map_or_else(invalid, Ok),
                _ => invalid(),
            }
        }
        _ => invalid(),
    }
}

/// `<number [0,∞]>`
pub(crate) fn number_non_negative(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<f32> {
    if let Ok(literal) = input.try_parse(Parser::expect_number) {
        return if literal >= 0.0 { Ok(literal) } else { invalid() };
    }
    number(input, context).map(|number| number.max(0.0))
}

/// `<integer>`, also as a calculation, which is rounded.
pub(crate) fn integer(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<i32> {
    if let Ok(value) = input.try_parse(Parser::expect_integer) {
        return Ok(value);
    }
    if input.try_parse(Parser::expect_number).is_ok() {
        return invalid();
    }
    number(input, context).map(|value| (value + 0.5).floor() as i32)
}

/// `<percentage>` or `<number>` as a fraction (`opacity`, alpha).
pub(crate) fn number_or_percentage(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<f32> {
    if let Ok(fraction) = input.try_parse(Parser::expect_percentage) {
        return Ok(fraction);
    }
    let before = input.state();
    match number(input, context) {
        Ok(number) => Ok(number),
        Err(_) => {
            input.reset(&before);
            let Token::Function(name) = input.next()?.clone() else { return invalid() };
            match parse_math_function(&name, input, context) {
                Some(Ok((CalcNode::Percentage(fraction), _))) => Ok(fraction),
                Some(Ok((node, CalcKind::LengthPercentage { length: false, .. }))) => {
                    match node.to_fraction() {
                        Some(fraction) => Ok(fraction),
                        None => invalid(),
                    }
                }
                _ => invalid(),
            }
        }
    }
}

/// `<angle>` in degrees (unitless zero is accepted).
pub(crate) fn angle_degrees(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<f32> {
    match input.next()?.clone() {
        Token::Dimension { value, ref unit, .. } => angle(value, unit).map_or_else(invalid, Ok),
        Token::Number { value: 0.0, .. } => Ok(0.0),
        Token::Function(ref name) => match parse_math_function(name, input, context) {
            Some(Ok((node, CalcKind::Angle))) => node.to_number().map_or_else(invalid, Ok),
            _ => invalid(),
        },
        _ => invalid(),
    }
}

/// A `width` or `height`: <https://drafts.csswg.org/css-sizing-3/#sizing-properties>.
#[derive(Debug, Clone, PartialEq)]
pub enum Size {
    /// A keyword, already computed.
    Keyword(values::Size),
    /// A length or percentage.
    LengthPercentage(LengthPercentage),
    /// `fit-content()`
    FitContentTo(LengthPercentage),
}

impl Specified for Size {
    type Computed = values::Size;
    fn compute(&self, context: &ComputeContext<'_>) -> values::Size {
        match self {
            Self::Keyword(keyword) => keyword.clone(),
            Self::LengthPercentage(value) => values::Size::LengthPercentage(value.compute(context)),
            Self::FitContentTo(limit) => values::Size::FitContentTo(limit.compute(context)),
        }
    }
}

fn size_keyword(input: &mut Parser<'_>) -> Parsed<values::Size> {
    let ident = input.expect_ident()?;
    Ok(match_ignore_ascii_case! { ident,
        "auto" => values::Size::Auto,
        "min-content" | "-webkit-min-content" | "min-intrinsic" => values::Size::MinContent,
        "max-content" | "-webkit-max-content" | "intrinsic" => values::Size::MaxContent,
        "fit-content" | "-webkit-fit-content" => values::Size::FitContent,
        "stretch" | "-webkit-fill-available" => values::Size::Stretch,
        _ => return invalid(),
    })
}

/// `width`, `height`, `min-width`, `min-height`.
pub(crate) fn size(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Size> {
    if let Ok(keyword) = input.try_parse(size_keyword) {
        return Ok(Size::Keyword(keyword));
    }
    let limited = input.try_parse(|input| -> Parsed<LengthPercentage> {
        input.expect_function_matching("fit-content")?;
        input.parse_nested_block(|input| length_percentage_non_negative(input, context))
    });
    if let Ok(limit) = limited {
        return Ok(Size::FitContentTo(limit));
    }
    length_percentage_non_negative_quirky(input, context).map(Size::LengthPercentage)
}

/// `max-width`, `max-height`.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxSize(Option<Size>);

impl Specified for MaxSize {
    type Computed = values::MaxSize;
    fn compute(&self, context: &ComputeContext<'_>) -> values::MaxSize {
        match self.0.as_ref().map(|size| size.compute(context)) {
            None | Some(values::Size::Auto) => values::MaxSize::None,
            Some(values::Size::LengthPercentage(value)) => values::MaxSize::LengthPercentage(value),
            Some(values::Size::MinContent) => values::MaxSize::MinContent,
            Some(values::Size::MaxContent) => values::MaxSize::MaxContent,
            Some(values::Size::FitContent) => values::MaxSize::FitContent,
            Some(values::Size::FitContentTo(limit)) => values::MaxSize::FitContentTo(limit),
            Some(values::Size::Stretch) => values::MaxSize::Stretch,
        }
    }
}

/// `max-width`, `max-height`.
pub(crate) fn max_size(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<MaxSize> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(MaxSize(None));
    }
    match size(input, context)? {
        Size::Keyword(values::Size::Auto) => invalid(),
        size => Ok(MaxSize(Some(size))),
    }
}

/// A margin or an inset: `None` is `auto`.
#[derive(Debug, Clone, PartialEq)]
pub struct LengthPercentageOrAuto(pub Option<LengthPercentage>);

impl Specified for LengthPercentageOrAuto {
    type Computed = values::Margin;
    fn compute(&self, context: &ComputeContext<'_>) -> values::Margin {
        match &self.0 {
            None => values::Margin::Auto,
            Some(value) => values::Margin::LengthPercentage(value.compute(context)),
        }
    }
}

/// `auto` or `<length-percentage>`.
pub(crate) fn length_percentage_or_auto(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<LengthPercentageOrAuto> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(LengthPercentageOrAuto(None));
    }
    length_percentage_quirky(input, context).map(|value| LengthPercentageOrAuto(Some(value)))
}
