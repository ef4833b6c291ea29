//! Properties of shapes and text in SVG as specified: <https://svgwg.org/svg2-draft/painting.html>.

use std::sync::Arc;

use cssparser::Parser;

use super::color::{Color, color};
use super::length::{LengthPercentage, length_percentage, number_non_negative};
use super::{ComputeContext, ParseContext, Parsed, Specified, invalid};
use crate::css::values::{self, SvgPaint};

/// A specified paint.
#[derive(Debug, Clone, PartialEq)]
pub enum Paint {
    /// One that is the same for every element.
    Plain(SvgPaint),
    /// A colour.
    Color(Color),
    /// `url()` with what is taken when there is nothing at it.
    Url(Arc<str>, Option<Box<Paint>>),
}

impl Specified for Paint {
    type Computed = SvgPaint;
    fn compute(&self, context: &ComputeContext<'_>) -> SvgPaint {
        match self {
            Self::Plain(paint) => paint.clone(),
            Self::Color(color) => SvgPaint::Color(color.compute(context)),
            Self::Url(url, or) => {
                SvgPaint::Url(Arc::clone(url), or.as_ref().map(|or| Box::new(or.compute(context))))
            }
        }
    }
}

/// `fill` and `stroke`
pub(crate) fn paint(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Paint> {
    if let Ok(url) = input.try_parse(|input| input.expect_url()) {
        // One fallback at most, and no `url()`: there is no recursion.
        let or = input.try_parse(|input| plain_or_color(input, context)).ok().map(Box::new);
        return Ok(Paint::Url(Arc::from(&*url), or));
    }
    plain_or_color(input, context)
}

fn plain_or_color(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Paint> {
    let keywords = [
        ("none", SvgPaint::None),
        ("context-fill", SvgPaint::ContextFill),
        ("context-stroke", SvgPaint::ContextStroke),
    ];
    for (name, paint) in keywords {
        if input.try_parse(|input| input.expect_ident_matching(name)).is_ok() {
            return Ok(Paint::Plain(paint));
        }
    }
    color(input, context).map(Paint::Color)
}

/// A length, or a number of user units: <https://svgwg.org/svg2-draft/types.html#presentation-attribute-css-value>.
pub(crate) fn user_length(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<LengthPercentage> {
    match input.try_parse(|input| input.expect_number()) {
        Ok(number) => Ok(LengthPercentage::px(number)),
        Err(_) => length_percentage(input, context),
    }
}

/// `stroke-width`
pub(crate) fn stroke_width(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<LengthPercentage> {
    match input.try_parse(|input| number_non_negative(input, context)) {
        Ok(number) => Ok(LengthPercentage::px(number)),
        Err(_) => super::length::length_percentage_non_negative(input, context),
    }
}

/// `stroke-miterlimit`
pub(crate) fn miter_limit(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<f32> {
    let limit = number_non_negative(input, context)?;
    if limit >= 1.0 { Ok(limit) } else { invalid() }
}

/// `stroke-dasharray`: empty is `none`. Commas or spaces stand between the lengths.
pub(crate) fn dashes(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Vec<LengthPercentage>> {
    if input.try_parse(|input| input.expect_ident_matching("none")).is_ok() {
        return Ok(Vec::new());
    }
    let mut dashes = vec![stroke_width(input, context)?];
    while !input.is_exhausted() {
        let _ = input.try_parse(|input| input.expect_comma());
        dashes.push(stroke_width(input, context)?);
    }
    Ok(dashes)
}

/// `marker-start`, `marker-mid`, `marker-end`: `None` is `none`.
pub(crate) fn marker(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<Option<Arc<str>>> {
    if input.try_parse(|input| input.expect_ident_matching("none")).is_ok() {
        return Ok(None);
    }
    Ok(Some(Arc::from(&*input.expect_url()?)))
}

impl Specified for values::PaintOrder {
    type Computed = Self;
    fn compute(&self, _: &ComputeContext<'_>) -> Self {
        *self
    }
}

/// `paint-order`: <https://svgwg.org/svg2-draft/painting.html#PaintOrder>.
pub(crate) fn paint_order(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<values::PaintOrder> {
    use values::PaintPart::{Fill, Markers, Stroke};
    if input.try_parse(|input| input.expect_ident_matching("normal")).is_ok() {
        return Ok(values::PaintOrder::default());
    }
    let mut order = Vec::with_capacity(3);
    for (name, part) in [("fill", Fill), ("stroke", Stroke), ("markers", Markers)].iter().cycle().take(9) {
        if !order.contains(part) && input.try_parse(|input| input.expect_ident_matching(name)).is_ok() {
            order.push(*part);
        }
    }
    if order.is_empty() {
        return invalid();
    }
    for part in [Fill, Stroke, Markers] {
        if !order.contains(&part) {
            order.push(part);
        }
    }
    let [first, second, third] = order[..] else { return invalid() };
    Ok(values::PaintOrder([first, second, third]))
}
