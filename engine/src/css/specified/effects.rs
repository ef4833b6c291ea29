//! Shadows, ratios, clips and columns as specified.

use cssparser::{Parser, match_ignore_ascii_case};

use super::color::{Color, color};
use super::length::{Length, integer, length, length_non_negative, number_non_negative};
use super::{ComputeContext, ParseContext, Parsed, Specified, computes_to_itself, invalid};
use crate::css::computed;
use crate::css::values::rare::Cursor;
use crate::css::values::{self, Keyword};

pub use crate::css::computed::AspectRatio;

computes_to_itself!(AspectRatio);

/// A specified shadow.
#[derive(Debug, Clone, PartialEq)]
pub struct Shadow {
    color: Color,
    x: Length,
    y: Length,
    blur: Length,
    spread: Length,
    inset: bool,
}

impl Specified for Shadow {
    type Computed = values::Shadow;
    fn compute(&self, context: &ComputeContext<'_>) -> values::Shadow {
        values::Shadow {
            color: self.color.compute(context),
            x: self.x.compute(context),
            y: self.y.compute(context),
            blur: self.blur.compute(context).max(0.0),
            spread: self.spread.compute(context),
            inset: self.inset,
        }
    }
}

/// `box-shadow`
pub(crate) fn box_shadow(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Vec<Shadow>> {
    shadows(input, context, true)
}

/// `text-shadow`
pub(crate) fn text_shadow(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Vec<Shadow>> {
    shadows(input, context, false)
}

fn shadows(input: &mut Parser<'_>, context: &ParseContext<'_>, of_box: bool) -> Parsed<Vec<Shadow>> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(Vec::new());
    }
    input.parse_comma_separated(|input| shadow(input, context, of_box))
}

/// The lengths together; the colour and `inset` before or after them.
fn shadow(input: &mut Parser<'_>, context: &ParseContext<'_>, of_box: bool) -> Parsed<Shadow> {
    let (mut found_color, mut inset, mut lengths) = (None, false, None);
    while !input.is_exhausted() {
        if of_box && !inset && input.try_parse(|i| i.expect_ident_matching("inset")).is_ok() {
            inset = true;
        } else if lengths.is_none()
            && let Ok(x) = input.try_parse(|i| length(i, context))
        {
            let y = length(input, context)?;
            let zero = || Length::px(0.0);
            let blur = input.try_parse(|i| length_non_negative(i, context));
            let spread = if of_box && blur.is_ok() {
                input.try_parse(|i| length(i, context)).unwrap_or_else(|_| zero())
            } else {
                zero()
            };
            lengths = Some((x, y, blur.unwrap_or_else(|_| zero()), spread));
        } else if found_color.is_none()
            && let Ok(parsed) = input.try_parse(|i| color(i, context))
        {
            found_color = Some(parsed);
        } else {
            return invalid();
        }
    }
    let Some((x, y, blur, spread)) = lengths else { return invalid() };
    Ok(Shadow { color: found_color.unwrap_or(Color::CurrentColor), x, y, blur, spread, inset })
}

/// `aspect-ratio`
pub(crate) fn aspect_ratio(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<AspectRatio> {
    let auto = |input: &mut Parser<'_>| input.try_parse(|i| i.expect_ident_matching("auto")).is_ok();
    let before = auto(input);
    let ratio = input
        .try_parse(|input| -> Parsed<(f32, f32)> {
            let width = number_non_negative(input, context)?;
            let height = if input.try_parse(|i| i.expect_delim('/')).is_ok() {
                number_non_negative(input, context)?
            } else {
                1.0
            };
            Ok((width, height))
        })
        .ok();
    let auto = before || auto(input);
    if !auto && ratio.is_none() { invalid() } else { Ok(AspectRatio { auto, ratio }) }
}

/// `clip`
#[derive(Debug, Clone, PartialEq)]
pub struct ClipRect([Option<Length>; 4]);

impl Specified for ClipRect {
    type Computed = computed::ClipRect;
    fn compute(&self, context: &ComputeContext<'_>) -> computed::ClipRect {
        computed::ClipRect(self.0.clone().map(|edge| edge.compute(context)))
    }
}

/// `clip`: `None` is `auto`. The commas may be missing, all or none.
pub(crate) fn clip(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Option<ClipRect>> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(None);
    }
    input.expect_function_matching("rect")?;
    input.parse_nested_block(|input| {
        let mut edges = [None, None, None, None];
        let mut commas = false;
        for (index, edge) in edges.iter_mut().enumerate() {
            if index == 1 {
                commas = input.try_parse(Parser::expect_comma).is_ok();
            } else if index > 1 && commas {
                input.expect_comma()?;
            }
            *edge = auto_or_length(input, context)?;
        }
        Ok(Some(ClipRect(edges)))
    })
}

fn auto_or_length(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(None);
    }
    super::length::length_quirky(input, context).map(Some)
}

/// An integer of at least 1.
pub(crate) fn positive_integer(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<i32> {
    let value = integer(input, context)?;
    if value >= 1 { Ok(value) } else { invalid() }
}

/// `column-count`: `None` is `auto`.
pub(crate) fn column_count(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Option<i32>> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(None);
    }
    positive_integer(input, context).map(Some)
}

/// `column-width`: `None` is `auto`.
pub(crate) fn column_width(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(None);
    }
    length_non_negative(input, context).map(Some)
}

/// `-webkit-line-clamp`: `None` is `none`.
pub(crate) fn line_clamp(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Option<i32>> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(None);
    }
    positive_integer(input, context).map(Some)
}

/// `cursor`: images before the keyword are read and dropped; `hand` is an old name of `pointer`.
pub(crate) fn cursor(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<Cursor> {
    while input.try_parse(|i| i.expect_url().map(|_| ())).is_ok() {
        while input.try_parse(Parser::expect_number).is_ok() {}
        input.expect_comma()?;
    }
    let name = input.expect_ident()?;
    match_ignore_ascii_case! { name,
        "hand" => Ok(Cursor::Pointer),
        "-webkit-grab" => Ok(Cursor::Grab),
        "-webkit-grabbing" => Ok(Cursor::Grabbing),
        "-webkit-zoom-in" => Ok(Cursor::ZoomIn),
        "-webkit-zoom-out" => Ok(Cursor::ZoomOut),
        _ => Cursor::from_keyword(name).map_or_else(invalid, Ok),
    }
}
