//! Shorthands with a grammar of their own: `font`, `list-style`, `white-space`, `flex` and relatives.

use std::sync::Arc;

use cssparser::{Parser, match_ignore_ascii_case};

use super::super::computed::{FontFamily, GenericFamily};
use super::super::specified::font::{
    FontSize, FontWeight, font_family, font_size, font_stretch, font_style, font_weight,
};
use super::super::specified::image::Image;
use super::super::specified::length::{self, LengthPercentage, number_non_negative};
use super::super::specified::text::LineHeight;
use super::super::specified::{FlexBasis, ParseContext, Parsed, flex_basis, invalid, positive_integer};
use super::super::values::rare::{AutoOrNone, TextWrapStyle};
use super::super::values::{
    self, FontStyle, FontVariantCaps, ListStyleType, TextWrapMode, WhiteSpaceCollapse,
};
use super::declaration::{Declaration, parse_longhand};
use super::table::{LonghandId, Value};

/// `font`: <https://drafts.csswg.org/css-fonts-4/#font-prop>.
pub(crate) fn font(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    if input.try_parse(system_font).is_ok() {
        // DEVIATION: every system font is 16px of the system's own family, as Chromium has it without a desktop.
        let family: Arc<[FontFamily]> = [FontFamily::Generic(GenericFamily::SystemUi)].into();
        let size = FontSize::LengthPercentage(LengthPercentage::px(16.0));
        out.extend([Value::FontFamily(family), Value::FontSize(size)].map(Declaration::Value));
        return Ok(());
    }
    let (mut style, mut caps, mut weight, mut stretch) = (None, None, None, None);
    for _ in 0..4 {
        if input.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
            continue;
        }
        if style.is_none()
            && let Ok(parsed) = input.try_parse(|i| font_style(i, context))
        {
            style = Some(parsed);
        } else if weight.is_none()
            && let Ok(parsed) = input.try_parse(|i| font_weight(i, context))
        {
            weight = Some(parsed);
        } else if caps.is_none() && input.try_parse(|i| i.expect_ident_matching("small-caps")).is_ok() {
            caps = Some(FontVariantCaps::SmallCaps);
        } else if stretch.is_none()
            && let Ok(parsed) = input.try_parse(|input| -> Parsed<f32> {
                // Percentages would be the size.
                let before = input.state();
                input.expect_ident()?;
                input.reset(&before);
                font_stretch(input, context)
            })
        {
            stretch = Some(parsed);
        } else {
            break;
        }
    }
    let size = font_size(input, context)?;
    let line_height = if input.try_parse(|i| i.expect_delim('/')).is_ok() {
        super::super::specified::text::line_height(input, context)?
    } else {
        LineHeight::Normal
    };
    let family = font_family(input, context)?;
    out.extend(
        [
            Value::FontStyle(style.unwrap_or(FontStyle::Normal)),
            Value::FontVariantCaps(caps.unwrap_or(FontVariantCaps::Normal)),
            Value::FontWeight(weight.unwrap_or(FontWeight::Absolute(400.0))),
            Value::FontStretch(stretch.unwrap_or(1.0)),
            Value::FontSize(size),
            Value::LineHeight(line_height),
            Value::FontFamily(family),
        ]
        .map(Declaration::Value),
    );
    Ok(())
}

fn system_font(input: &mut Parser<'_>) -> Parsed<()> {
    let ident = input.expect_ident()?;
    match_ignore_ascii_case! { ident,
        "caption" | "icon" | "menu" | "message-box" | "small-caption" | "status-bar" => {},
        _ => return invalid(),
    }
    input.expect_exhausted()?;
    Ok(())
}

/// `font-variant`: of its values only those of `font-variant-caps` are kept.
pub(crate) fn font_variant(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    _: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let mut caps = FontVariantCaps::Normal;
    let mut any = false;
    while let Ok(name) = input.try_parse(Parser::expect_ident_cloned) {
        any = true;
        if let Some(parsed) = FontVariantCaps::parse(&name) {
            caps = parsed;
        } else {
            match_ignore_ascii_case! { &name,
                "none" | "common-ligatures" | "no-common-ligatures" | "discretionary-ligatures"
                | "no-discretionary-ligatures" | "historical-ligatures" | "no-historical-ligatures" | "contextual"
                | "no-contextual" | "lining-nums" | "oldstyle-nums" | "proportional-nums" | "tabular-nums"
                | "diagonal-fractions" | "stacked-fractions" | "ordinal" | "slashed-zero" | "jis78" | "jis83"
                | "jis90" | "jis04" | "simplified" | "traditional" | "full-width" | "proportional-width" | "ruby"
                | "sub" | "super" => {},
                _ => return invalid(),
            }
        }
    }
    if !any {
        return invalid();
    }
    out.push(Declaration::Value(Value::FontVariantCaps(caps)));
    Ok(())
}

/// `list-style`: a `none` is for the type and the image, whichever is left.
pub(crate) fn list_style(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    use LonghandId::{ListStyleImage, ListStylePosition, ListStyleType as Type};
    let mut nones = 0;
    let mut rest = vec![ListStylePosition, ListStyleImage, Type];
    let mut any = false;
    while !input.is_exhausted() {
        any = true;
        if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            nones += 1;
            continue;
        }
        let found = rest.iter().enumerate().find_map(|(index, &longhand)| {
            Some((index, input.try_parse(|i| parse_longhand(longhand, i, context)).ok()?))
        });
        let Some((index, declaration)) = found else { return invalid() };
        rest.remove(index);
        out.push(declaration);
    }
    if !any || nones > rest.iter().filter(|&&l| l != ListStylePosition).count() {
        return invalid();
    }
    if nones > 0 && rest.contains(&Type) {
        out.push(Declaration::Value(Value::ListStyleType(ListStyleType::None)));
    }
    if nones > 0 && rest.contains(&ListStyleImage) {
        out.push(Declaration::Value(Value::ListStyleImage(Image::None)));
    }
    Ok(())
}

/// `white-space`: <https://drafts.csswg.org/css-text-4/#white-space-property>.
pub(crate) fn white_space(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    _: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let (mut collapse, mut wrap) = (None, None);
    while let Ok(name) = input.try_parse(Parser::expect_ident_cloned) {
        let both = match_ignore_ascii_case! { &name,
            "normal" => Some((WhiteSpaceCollapse::Collapse, TextWrapMode::Wrap)),
            "pre" => Some((WhiteSpaceCollapse::Preserve, TextWrapMode::Nowrap)),
            "pre-wrap" | "-moz-pre-wrap" | "-o-pre-wrap" if !name.starts_with("-o") && !name.starts_with("-moz") => {
                Some((WhiteSpaceCollapse::Preserve, TextWrapMode::Wrap))
            },
            "pre-line" => Some((WhiteSpaceCollapse::PreserveBreaks, TextWrapMode::Wrap)),
            _ => None,
        };
        if let Some((c, w)) = both {
            if collapse.is_some() || wrap.is_some() {
                return invalid();
            }
            (collapse, wrap) = (Some(c), Some(w));
        } else if let Some(parsed) = WhiteSpaceCollapse::parse(&name).filter(|_| collapse.is_none()) {
            collapse = Some(parsed);
        } else if let Some(parsed) = TextWrapMode::parse(&name).filter(|_| wrap.is_none()) {
            wrap = Some(parsed);
        } else {
            return invalid();
        }
    }
    if collapse.is_none() && wrap.is_none() {
        return invalid();
    }
    out.push(Declaration::Value(Value::WhiteSpaceCollapse(collapse.unwrap_or(WhiteSpaceCollapse::Collapse))));
    out.push(Declaration::Value(Value::TextWrapMode(wrap.unwrap_or(TextWrapMode::Wrap))));
    Ok(())
}

/// `text-wrap`: a mode and a style in any order.
pub(crate) fn text_wrap(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    _: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let (mut mode, mut style) = (None, None);
    while let Ok(name) = input.try_parse(Parser::expect_ident_cloned) {
        if let Some(parsed) = TextWrapMode::parse(&name).filter(|_| mode.is_none()) {
            mode = Some(parsed);
        } else if let Some(parsed) = TextWrapStyle::parse(&name).filter(|_| style.is_none()) {
            style = Some(parsed);
        } else {
            return invalid();
        }
    }
    if mode.is_none() && style.is_none() {
        return invalid();
    }
    out.push(Declaration::Value(Value::TextWrapMode(mode.unwrap_or_default())));
    out.push(Declaration::Value(Value::TextWrapStyle(style.unwrap_or_default())));
    Ok(())
}

/// `columns`: a width and a number in any order; `auto` is for whichever is left.
pub(crate) fn columns(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let (mut width, mut count) = (None, None);
    for _ in 0..2 {
        if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
            continue;
        }
        if count.is_none()
            && let Ok(parsed) = input.try_parse(|i| positive_integer(i, context))
        {
            count = Some(parsed);
        } else if width.is_none()
            && let Ok(parsed) = input.try_parse(|i| length::length_non_negative(i, context))
        {
            width = Some(parsed);
        }
    }
    out.push(Declaration::Value(Value::ColumnWidth(width)));
    out.push(Declaration::Value(Value::ColumnCount(count)));
    Ok(())
}

/// `font-synthesis`: what may be made up.
pub(crate) fn font_synthesis(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    _: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let (mut weight, mut style, mut caps) = (AutoOrNone::None, AutoOrNone::None, AutoOrNone::None);
    let mut any = false;
    while let Ok(name) = input.try_parse(Parser::expect_ident_cloned) {
        any = true;
        match_ignore_ascii_case! { &name,
            "weight" => weight = AutoOrNone::Auto,
            "style" => style = AutoOrNone::Auto,
            "small-caps" => caps = AutoOrNone::Auto,
            "none" => {},
            _ => return invalid(),
        }
    }
    if !any {
        return invalid();
    }
    out.extend(
        [
            Value::FontSynthesisWeight(weight),
            Value::FontSynthesisStyle(style),
            Value::FontSynthesisSmallCaps(caps),
        ]
        .map(Declaration::Value),
    );
    Ok(())
}

/// `flex`: <https://drafts.csswg.org/css-flexbox-1/#flex-property>.
pub(crate) fn flex(
    _: &[LonghandId],
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    let (grow, shrink, basis) = if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        (0.0, 0.0, FlexBasis::Size(length::Size::Keyword(values::Size::Auto)))
    } else {
        let mut factors = None;
        let mut basis = None;
        while !input.is_exhausted() {
            if factors.is_none()
                && let Ok(grow) = input.try_parse(|i| number_non_negative(i, context))
            {
                let shrink = input.try_parse(|i| number_non_negative(i, context)).unwrap_or(1.0);
                factors = Some((grow, shrink));
            } else if basis.is_none()
                && let Ok(parsed) = input.try_parse(|i| flex_basis(i, context))
            {
                basis = Some(parsed);
            } else {
                return invalid();
            }
        }
        if factors.is_none() && basis.is_none() {
            return invalid();
        }
        let (grow, shrink) = factors.unwrap_or((1.0, 1.0));
        let zero = FlexBasis::Size(length::Size::LengthPercentage(LengthPercentage::Percentage(0.0)));
        (grow, shrink, basis.unwrap_or(zero))
    };
    out.extend(
        [Value::FlexGrow(grow), Value::FlexShrink(shrink), Value::FlexBasis(basis)].map(Declaration::Value),
    );
    Ok(())
}
