//! The `background` and `border-radius` shorthands: <https://drafts.csswg.org/css-backgrounds-3/#background>.

use cssparser::Parser;

use super::super::specified::color::color_quirky;
use super::super::specified::image::{BackgroundSize, Image, background_size, image, position, repeat_style};
use super::super::specified::length::{LengthPercentage, length_percentage_non_negative};
use super::super::specified::{ParseContext, Parsed, invalid, keyword};
use super::super::values::{BackgroundAttachment, BackgroundBox, RepeatStyle};
use super::declaration::Declaration;
use super::table::{LonghandId, Value};

/// One layer; `None` is what was left out.
#[derive(Default)]
struct Layer {
    image: Option<Image>,
    position: Option<(LengthPercentage, LengthPercentage)>,
    size: Option<BackgroundSize>,
    repeat: Option<(RepeatStyle, RepeatStyle)>,
    attachment: Option<BackgroundAttachment>,
    origin: Option<BackgroundBox>,
    clip: Option<BackgroundBox>,
}

/// `background`
pub(crate) fn background(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let mut color = None;
    let layers = input.parse_comma_separated(|input| {
        if color.is_some() {
            // The colour belongs to the last layer.
            return invalid();
        }
        layer(input, context, &mut color)
    })?;
    let zero = || LengthPercentage::Percentage(0.0);
    let mut values = vec![
        Value::BackgroundImage(layers.iter().map(|l| l.image.clone().unwrap_or(Image::None)).collect()),
        Value::BackgroundPositionX(
            layers.iter().map(|l| l.position.clone().map_or_else(zero, |p| p.0)).collect(),
        ),
        Value::BackgroundPositionY(
            layers.iter().map(|l| l.position.clone().map_or_else(zero, |p| p.1)).collect(),
        ),
        Value::BackgroundSize(
            layers.iter().map(|l| l.size.clone().unwrap_or(BackgroundSize::Explicit(None, None))).collect(),
        ),
        Value::BackgroundRepeat(
            layers.iter().map(|l| l.repeat.unwrap_or((RepeatStyle::Repeat, RepeatStyle::Repeat))).collect(),
        ),
        Value::BackgroundAttachment(
            layers.iter().map(|l| l.attachment.unwrap_or(BackgroundAttachment::Scroll)).collect(),
        ),
        Value::BackgroundOrigin(
            layers
                .iter()
                .map(|l| l.origin.filter(|o| *o != BackgroundBox::Text).unwrap_or(BackgroundBox::PaddingBox))
                .collect(),
        ),
        Value::BackgroundClip(
            layers.iter().map(|l| l.clip.or(l.origin).unwrap_or(BackgroundBox::BorderBox)).collect(),
        ),
    ];
    if let Some(color) = color {
        values.push(Value::BackgroundColor(color));
    }
    out.extend(values.into_iter().map(Declaration::Value));
    Ok(())
}

fn layer(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    color: &mut Option<super::super::specified::color::Color>,
) -> Parsed<Layer> {
    let mut layer = Layer::default();
    let mut any = false;
    while !input.is_exhausted() {
        if layer.image.is_none()
            && let Ok(parsed) = input.try_parse(|i| image(i, context))
        {
            layer.image = Some(parsed);
        } else if layer.position.is_none()
            && let Ok(parsed) = input.try_parse(|i| position(i, context))
        {
            layer.position = Some((parsed.x, parsed.y));
            if input.try_parse(|i| i.expect_delim('/')).is_ok() {
                layer.size = Some(background_size(input, context)?);
            }
        } else if layer.repeat.is_none()
            && let Ok(parsed) = input.try_parse(|i| repeat_style(i, context))
        {
            layer.repeat = Some(parsed);
        } else if layer.attachment.is_none()
            && let Ok(parsed) = input.try_parse(|i| keyword(i, context))
        {
            layer.attachment = Some(parsed);
        } else if layer.clip.is_none()
            && let Ok(parsed) = input.try_parse(|i| keyword::<BackgroundBox>(i, context))
        {
            if layer.origin.is_none() && parsed != BackgroundBox::Text {
                layer.origin = Some(parsed);
            } else {
                layer.clip = Some(parsed);
            }
        } else if color.is_none()
            && let Ok(parsed) =
                input.try_parse(|i| color_quirky(i, &ParseContext { quirks: false, ..*context }))
        {
            *color = Some(parsed);
        } else {
            return invalid();
        }
        any = true;
    }
    if any { Ok(layer) } else { invalid() }
}

/// `background-position`
pub(crate) fn background_position(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let positions = input.parse_comma_separated(|input| position(input, context))?;
    let (x, y) = positions.into_iter().map(|p| (p.x, p.y)).unzip();
    out.push(Declaration::Value(Value::BackgroundPositionX(x)));
    out.push(Declaration::Value(Value::BackgroundPositionY(y)));
    Ok(())
}

/// `border-radius`: one to four horizontal radii, and after `/` as many vertical ones.
pub(crate) fn border_radius(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let horizontal = radii(input, context)?;
    let vertical = if input.try_parse(|i| i.expect_delim('/')).is_ok() {
        radii(input, context)?
    } else {
        horizontal.clone()
    };
    let [h0, h1, h2, h3] = horizontal;
    let [v0, v1, v2, v3] = vertical;
    out.extend(
        [
            Value::BorderTopLeftRadius((h0, v0)),
            Value::BorderTopRightRadius((h1, v1)),
            Value::BorderBottomRightRadius((h2, v2)),
            Value::BorderBottomLeftRadius((h3, v3)),
        ]
        .map(Declaration::Value),
    );
    Ok(())
}

fn radii(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<[LengthPercentage; 4]> {
    let first = length_percentage_non_negative(input, context)?;
    let mut list = vec![first];
    while list.len() < 4 {
        match input.try_parse(|i| length_percentage_non_negative(i, context)) {
            Ok(next) => list.push(next),
            Err(_) => break,
        }
    }
    let get =
        |index: usize, other: usize| list.get(index).or_else(|| list.get(other)).unwrap_or(&list[0]).clone();
    Ok([get(0, 0), get(1, 0), get(2, 0), get(3, 1)])
}
