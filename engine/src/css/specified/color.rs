//! Colours as specified: <https://drafts.csswg.org/css-color-5/>.

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{Parser, Token, match_ignore_ascii_case};

use super::calc::{CalcKind, angle, parse_math_function};
use super::color_space::{hsl_to_srgb, hwb_to_srgb, srgb_to_hsl};
use super::{ComputeContext, ParseContext, Parsed, Specified, invalid};
use crate::css::values::{self, AbsoluteColor, ColorSpace};

/// A specified colour.
#[derive(Debug, Clone, PartialEq)]
pub enum Color {
    /// `currentcolor`
    CurrentColor,
    /// One that is the same for every element.
    Absolute(AbsoluteColor),
    /// A `color-mix()` in which `currentcolor` occurs.
    Mix(Box<Mix>),
}

/// `color-mix()`: <https://drafts.csswg.org/css-color-5/#color-mix>.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    space: MixSpace,
    hue: HueMethod,
    colors: [(Color, f32); 2],
    /// What the alpha is multiplied by when the percentages add up to less than 100 %.
    alpha: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MixSpace {
    Space(ColorSpace),
    Hsl,
    Hwb,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HueMethod {
    Shorter,
    Longer,
    Increasing,
    Decreasing,
}

impl Specified for Color {
    type Computed = values::Color;
    fn compute(&self, context: &ComputeContext<'_>) -> values::Color {
        match self {
            Self::CurrentColor => values::Color::CurrentColor,
            Self::Absolute(color) => values::Color::Absolute(*color),
            // DEVIATION: mixes with `currentcolor` are computed against the element's own colour at once.
            Self::Mix(mix) => values::Color::Absolute(mix.resolve(context.color)),
        }
    }
}

impl Color {
    /// The colour where `currentcolor` is `current`.
    pub fn resolve(&self, current: AbsoluteColor) -> AbsoluteColor {
        match self {
            Self::CurrentColor => current,
            Self::Absolute(color) => *color,
            Self::Mix(mix) => mix.resolve(current),
        }
    }
}

/// The value of `color`: computed against the inherited colour.
#[derive(Debug, Clone, PartialEq)]
pub struct TextColor(pub Color);

impl Specified for TextColor {
    type Computed = AbsoluteColor;
    fn compute(&self, context: &ComputeContext<'_>) -> AbsoluteColor {
        self.0.resolve(context.parent.text.color)
    }
}

/// The `color` property.
pub(crate) fn text_color(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<TextColor> {
    color_quirky(input, context).map(TextColor)
}

/// `<color>` where the hashless colour quirk holds: <https://quirks.spec.whatwg.org/#the-hashless-hex-color-quirk>.
pub(crate) fn color_quirky(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Color> {
    let before = input.state();
    match color(input, context) {
        Err(_) if context.quirks => {
            input.reset(&before);
            let digits = match input.next()?.clone() {
                Token::Number { int_value: Some(value), has_sign: false, .. } => format!("{value:06}"),
                Token::Dimension { int_value: Some(value), has_sign: false, ref unit, .. } => {
                    format!("{:0>6}", format!("{value}{unit}"))
                }
                Token::Ident(name) if name.len() == 3 || name.len() == 6 => name.to_string(),
                _ => return invalid(),
            };
            if digits.len() != 3 && digits.len() != 6 {
                return invalid();
            }
            hex(&digits)
        }
        result => result,
    }
}

fn hex(digits: &str) -> Parsed<Color> {
    match parse_hash_color(digits.as_bytes()) {
        Ok((r, g, b, alpha)) => {
            Ok(Color::Absolute(AbsoluteColor { alpha, ..AbsoluteColor::from_srgb8(r, g, b) }))
        }
        Err(()) => invalid(),
    }
}

/// `<color>`
pub(crate) fn color(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Color> {
    match input.next()?.clone() {
        Token::Hash(digits) | Token::IDHash(digits) => hex(&digits),
        Token::Ident(name) => named(&name),
        Token::Function(name) => input.parse_nested_block(|input| function(&name, input, context)),
        _ => invalid(),
    }
}

fn named(name: &str) -> Parsed<Color> {
    if let Ok((r, g, b)) = parse_named_color(name) {
        return Ok(Color::Absolute(AbsoluteColor::from_srgb8(r, g, b)));
    }
    let (r, g, b) = match_ignore_ascii_case! { name,
        "transparent" => return Ok(Color::Absolute(AbsoluteColor::TRANSPARENT)),
        "currentcolor" => return Ok(Color::CurrentColor),
        // System colours of the light scheme, as Chromium has them on Linux.
        "canvas" | "field" | "window" | "infobackground" | "appworkspace" | "scrollbar" => (255, 255, 255),
        "canvastext" | "fieldtext" | "buttontext" | "windowtext" | "infotext" | "menutext" | "captiontext"
        | "highlighttext" | "marktext" | "selecteditemtext" | "windowframe" => (0, 0, 0),
        "linktext" | "-webkit-link" => (0, 0, 238),
        "visitedtext" => (85, 26, 139),
        "activetext" | "-webkit-activelink" => (255, 0, 0),
        "buttonface" | "threedface" | "buttonhighlight" | "buttonshadow" | "threedhighlight" | "threedlightshadow"
        | "inactivecaption" | "inactiveborder" | "activeborder" | "background" => (239, 239, 239),
        "buttonborder" => (0, 0, 0),
        "threedshadow" | "threeddarkshadow" => (118, 118, 118),
        "graytext" | "inactivecaptiontext" => (128, 128, 128),
        "highlight" | "activecaption" | "selecteditem" => (181, 213, 255),
        "mark" => (255, 255, 0),
        "menu" => (247, 247, 247),
        "accentcolor" => (0, 117, 255),
        "accentcolortext" => (255, 255, 255),
        "-webkit-focus-ring-color" => (16, 16, 16),
        _ => return invalid(),
    };
    Ok(Color::Absolute(AbsoluteColor::from_srgb8(r, g, b)))
}

fn function(name: &str, input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Color> {
    match_ignore_ascii_case! { name,
        "rgb" | "rgba" => rgb(input, context),
        "hsl" | "hsla" => hue_based(input, context, hsl_to_srgb),
        "hwb" => hue_based(input, context, hwb_to_srgb),
        "lab" => lab_like(input, context, ColorSpace::Lab, [100.0, 125.0, 125.0]),
        "oklab" => lab_like(input, context, ColorSpace::Oklab, [1.0, 0.4, 0.4]),
        "lch" => lab_like(input, context, ColorSpace::Lch, [100.0, 150.0, f32::NAN]),
        "oklch" => lab_like(input, context, ColorSpace::Oklch, [1.0, 0.4, f32::NAN]),
        "color" => color_function(input, context),
        "color-mix" => color_mix(input, context),
        "light-dark" => {
            // The used colour scheme is light.
            let light = color(input, context)?;
            input.expect_comma()?;
            color(input, context)?;
            Ok(light)
        },
        _ => invalid(),
    }
}

/// One component: a number, a percentage of `full`, or `none` (NaN).
#[derive(Debug, Clone, Copy, PartialEq)]
enum Component {
    Number(f32),
    Percentage(f32),
    None,
}

impl Component {
    const fn value(self, full: f32) -> f32 {
        match self {
            Self::Number(number) => number,
            Self::Percentage(fraction) => fraction * full,
            Self::None => f32::NAN,
        }
    }
}

fn component(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Component> {
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(Component::Number(value)),
        Token::Percentage { unit_value, .. } => Ok(Component::Percentage(unit_value)),
        Token::Ident(ref name) if name.eq_ignore_ascii_case("none") => Ok(Component::None),
        Token::Function(ref name) => match parse_math_function(name, input, context) {
            Some(Ok((node, CalcKind::Number))) => {
                node.to_number().map_or_else(invalid, |n| Ok(Component::Number(n)))
            }
            Some(Ok((node, _))) => node.to_fraction().map_or_else(invalid, |f| Ok(Component::Percentage(f))),
            _ => invalid(),
        },
        _ => invalid(),
    }
}

/// A hue in degrees, `none` as NaN.
fn hue(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<f32> {
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(value),
        Token::Dimension { value, ref unit, .. } => angle(value, unit).map_or_else(invalid, Ok),
        Token::Ident(ref name) if name.eq_ignore_ascii_case("none") => Ok(f32::NAN),
        Token::Function(ref name) => match parse_math_function(name, input, context) {
            Some(Ok((node, CalcKind::Number | CalcKind::Angle))) => node.to_number().map_or_else(invalid, Ok),
            _ => invalid(),
        },
        _ => invalid(),
    }
}

/// What follows the components: an alpha after `,` (legacy) or `/`.
fn alpha(input: &mut Parser<'_>, context: &ParseContext<'_>, legacy: bool) -> Parsed<f32> {
    if input.is_exhausted() {
        return Ok(1.0);
    }
    if legacy {
        input.expect_comma()?;
    } else {
        input.expect_delim('/')?;
    }
    let alpha = component(input, context)?.value(1.0);
    Ok(if alpha.is_nan() { alpha } else { alpha.clamp(0.0, 1.0) })
}

fn legacy(components: [f32; 3], alpha: f32) -> Color {
    // Chromium keeps legacy colours in whole 255ths.
    let components = components.map(|c| {
        let c = if c.is_nan() { 0.0 } else { c };
        (c.clamp(0.0, 1.0) * 255.0).round() / 255.0
    });
    let alpha = if alpha.is_nan() { 0.0 } else { (alpha * 255.0).round() / 255.0 };
    Color::Absolute(AbsoluteColor { space: ColorSpace::LegacySrgb, components, alpha })
}

fn rgb(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Color> {
    if let Some(relative) = relative(input, context, ColorSpace::Srgb, RelativeForm::Rgb) {
        return relative;
    }
    let r = component(input, context)?.value(255.0);
    let commas = input.try_parse(Parser::expect_comma).is_ok();
    let g = component(input, context)?.value(255.0);
    if commas {
        input.expect_comma()?;
    }
    let b = component(input, context)?.value(255.0);
    let alpha = alpha(input, context, commas)?;
    Ok(legacy([r / 255.0, g / 255.0, b / 255.0], alpha))
}

fn hue_based(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    convert: fn([f32; 3]) -> [f32; 3],
) -> Parsed<Color> {
    let hue = hue(input, context)?;
    let commas = input.try_parse(Parser::expect_comma).is_ok();
    // Bare numbers mean percentages in the modern syntax.
    let fraction = |c: Component| match c {
        Component::Number(number) => number / 100.0,
        Component::Percentage(fraction) => fraction,
        Component::None => 0.0,
    };
    let second = fraction(component(input, context)?).max(0.0);
    if commas {
        input.expect_comma()?;
    }
    let third = fraction(component(input, context)?);
    let alpha = alpha(input, context, commas)?;
    let hue = if hue.is_nan() { 0.0 } else { hue };
    Ok(legacy(convert([hue, second.min(1.0), third.clamp(0.0, 1.0)]), alpha))
}

/// `lab()`, `lch()`, `oklab()`, `oklch()`. A `full` of NaN is a hue.
fn lab_like(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    space: ColorSpace,
    full: [f32; 3],
) -> Parsed<Color> {
    if let Some(relative) = relative(input, context, space, RelativeForm::Plain) {
        return relative;
    }
    let lightness = component(input, context)?.value(full[0]);
    let second = component(input, context)?.value(full[1]);
    let third = if full[2].is_nan() {
        hue(input, context)?.rem_euclid(360.0)
    } else {
        component(input, context)?.value(full[2])
    };
    let alpha = alpha(input, context, false)?;
    let lightness = if lightness.is_nan() { lightness } else { lightness.clamp(0.0, full[0]) };
    let second = if full[2].is_nan() && !second.is_nan() { second.max(0.0) } else { second };
    Ok(Color::Absolute(AbsoluteColor { space, components: [lightness, second, third], alpha }))
}

fn predefined_space(name: &str) -> Option<ColorSpace> {
    Some(match_ignore_ascii_case! { name,
        "srgb" => ColorSpace::Srgb,
        "srgb-linear" => ColorSpace::SrgbLinear,
        "display-p3" => ColorSpace::DisplayP3,
        "a98-rgb" => ColorSpace::A98Rgb,
        "prophoto-rgb" => ColorSpace::ProphotoRgb,
        "rec2020" => ColorSpace::Rec2020,
        "xyz-d50" => ColorSpace::XyzD50,
        "xyz" | "xyz-d65" => ColorSpace::XyzD65,
        _ => return None,
    })
}

fn color_function(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Color> {
    let name = input.expect_ident_cloned()?;
    let Some(space) = predefined_space(&name) else { return invalid() };
    let mut components = [0.0; 3];
    for c in &mut components {
        *c = component(input, context)?.value(1.0);
    }
    let alpha = alpha(input, context, false)?;
    Ok(Color::Absolute(AbsoluteColor { space, components, alpha }))
}

/// How the components of a relative colour are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RelativeForm {
    /// 0 to 255.
    Rgb,
    /// As the space has them.
    Plain,
}

/// Relative colours, `rgb(from <color> …)`: <https://drafts.csswg.org/css-color-5/#relative-colors>.
/// `None` when the arguments do not begin with `from`.
///
/// DEVIATION: channel keywords stand alone or as numbers, not inside `calc()`; the origin is an absolute colour.
fn relative(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    space: ColorSpace,
    form: RelativeForm,
) -> Option<Parsed<Color>> {
    input.try_parse(|i| i.expect_ident_matching("from")).ok()?;
    let parsed = (|| {
        let Color::Absolute(origin) = color(input, context)? else { return invalid() };
        let origin = origin.to_space(space);
        let scale = if form == RelativeForm::Rgb { 255.0 } else { 1.0 };
        let names: [&str; 3] = match space {
            ColorSpace::Lab | ColorSpace::Oklab => ["l", "a", "b"],
            ColorSpace::Lch | ColorSpace::Oklch => ["l", "c", "h"],
            _ => ["r", "g", "b"],
        };
        let channel = |input: &mut Parser<'_>| -> Parsed<f32> {
            let keyword = input.try_parse(|input| -> Parsed<f32> {
                let ident = input.expect_ident()?;
                match names.iter().position(|n| ident.eq_ignore_ascii_case(n)) {
                    Some(index) => Ok(origin.components[index] * scale),
                    None if ident.eq_ignore_ascii_case("alpha") => Ok(origin.alpha),
                    None => invalid(),
                }
            });
            match keyword {
                Ok(value) => Ok(value),
                Err(_) => Ok(component(input, context)?.value(scale)),
            }
        };
        let components = [channel(input)?, channel(input)?, channel(input)?].map(|c| c / scale);
        let alpha = if input.try_parse(|i| i.expect_delim('/')).is_ok() {
            channel(input)?.clamp(0.0, 1.0)
        } else {
            origin.alpha
        };
        Ok(Color::Absolute(AbsoluteColor { space, components, alpha }))
    })();
    Some(parsed)
}

fn color_mix(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Color> {
    input.expect_ident_matching("in")?;
    let name = input.expect_ident_cloned()?;
    let space = match_ignore_ascii_case! { &name,
        "lab" => MixSpace::Space(ColorSpace::Lab),
        "oklab" => MixSpace::Space(ColorSpace::Oklab),
        "lch" => MixSpace::Space(ColorSpace::Lch),
        "oklch" => MixSpace::Space(ColorSpace::Oklch),
        "hsl" => MixSpace::Hsl,
        "hwb" => MixSpace::Hwb,
        _ => match predefined_space(&name) {
            Some(space) => MixSpace::Space(space),
            None => return invalid(),
        },
    };
    let hue = input
        .try_parse(|input| -> Parsed<HueMethod> {
            let ident = input.expect_ident_cloned()?;
            let method = match_ignore_ascii_case! { &ident,
                "shorter" => HueMethod::Shorter,
                "longer" => HueMethod::Longer,
                "increasing" => HueMethod::Increasing,
                "decreasing" => HueMethod::Decreasing,
                _ => return invalid(),
            };
            input.expect_ident_matching("hue")?;
            Ok(method)
        })
        .unwrap_or(HueMethod::Shorter);
    input.expect_comma()?;
    let (first, p1) = mix_part(input, context)?;
    input.expect_comma()?;
    let (second, p2) = mix_part(input, context)?;
    let (p1, p2) = match (p1, p2) {
        (None, None) => (0.5, 0.5),
        (Some(p), None) => (p, 1.0 - p),
        (None, Some(p)) => (1.0 - p, p),
        (Some(p), Some(q)) => (p, q),
    };
    let total = p1 + p2;
    if total <= 0.0 {
        return invalid();
    }
    let mix = Mix { space, hue, colors: [(first, p1 / total), (second, p2 / total)], alpha: total.min(1.0) };
    if mix.colors.iter().all(|(color, _)| matches!(color, Color::Absolute(_))) {
        return Ok(Color::Absolute(mix.resolve(AbsoluteColor::BLACK)));
    }
    Ok(Color::Mix(Box::new(mix)))
}

/// A colour and a percentage in any order.
fn mix_part(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<(Color, Option<f32>)> {
    let percentage = |input: &mut Parser<'_>| {
        input.try_parse(Parser::expect_percentage).ok().filter(|p| (0.0..=1.0).contains(p))
    };
    let before = percentage(input);
    let color = color(input, context)?;
    let percentage = before.or_else(|| percentage(input));
    Ok((color, percentage))
}

impl Mix {
    /// <https://drafts.csswg.org/css-color-4/#interpolation>
    fn resolve(&self, current: AbsoluteColor) -> AbsoluteColor {
        let [(a, p), (b, q)] = &self.colors;
        let convert = |color: &Color| -> ([f32; 3], f32) {
            let color = color.resolve(current);
            match self.space {
                MixSpace::Space(space) => (color.to_space(space).components, color.alpha),
                MixSpace::Hsl => (srgb_to_hsl(color.to_space(ColorSpace::Srgb).components), color.alpha),
                MixSpace::Hwb => {
                    let srgb = color.to_space(ColorSpace::Srgb).components;
                    let [hue, ..] = srgb_to_hsl(srgb);
                    let white = srgb.iter().copied().fold(1.0, f32::min);
                    let black = 1.0 - srgb.iter().copied().fold(0.0, f32::max);
                    ([hue, white, black], color.alpha)
                }
            }
        };
        let (mut c1, alpha1) = convert(a);
        let (mut c2, alpha2) = convert(b);
        // Missing components take the other colour's value.
        for i in 0..3 {
            if c1[i].is_nan() {
                c1[i] = if c2[i].is_nan() { 0.0 } else { c2[i] };
            }
            if c2[i].is_nan() {
                c2[i] = c1[i];
            }
        }
        let hue_index = match self.space {
            MixSpace::Space(ColorSpace::Lch | ColorSpace::Oklch) => Some(2),
            MixSpace::Hsl | MixSpace::Hwb => Some(0),
            MixSpace::Space(_) => None,
        };
        let alpha = alpha1 * p + alpha2 * q;
        let mut components = [0.0; 3];
        for i in 0..3 {
            components[i] = if Some(i) == hue_index {
                let (h1, h2) = self.hue.fix(c1[i], c2[i]);
                (h1 * p + h2 * q).rem_euclid(360.0)
            } else if alpha == 0.0 {
                c1[i] * p + c2[i] * q
            } else {
                (c1[i] * alpha1 * p + c2[i] * alpha2 * q) / alpha
            };
        }
        let (space, components) = match self.space {
            MixSpace::Space(space) => (space, components),
            MixSpace::Hsl => (ColorSpace::Srgb, hsl_to_srgb(components)),
            MixSpace::Hwb => (ColorSpace::Srgb, hwb_to_srgb(components)),
        };
        AbsoluteColor { space, components, alpha: alpha * self.alpha }
    }
}

impl HueMethod {
    /// <https://drafts.csswg.org/css-color-4/#hue-interpolation>
    fn fix(self, h1: f32, h2: f32) -> (f32, f32) {
        let d = h2 - h1;
        match self {
            Self::Shorter if d > 180.0 => (h1 + 360.0, h2),
            Self::Shorter if d < -180.0 => (h1, h2 + 360.0),
            Self::Longer if d > 0.0 && d < 180.0 => (h1 + 360.0, h2),
            Self::Longer if d > -180.0 && d <= 0.0 => (h1, h2 + 360.0),
            Self::Increasing if d < 0.0 => (h1, h2 + 360.0),
            Self::Decreasing if d > 0.0 => (h1 + 360.0, h2),
            _ => (h1, h2),
        }
    }
}
