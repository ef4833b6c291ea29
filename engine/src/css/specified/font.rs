//! Fonts as specified: <https://drafts.csswg.org/css-fonts-4/>.

use std::sync::Arc;

use cssparser::{Parser, Token, match_ignore_ascii_case};

use super::calc::CalcNode;
use super::length::{LengthPercentage, angle_degrees, length_percentage_non_negative_quirky};
use super::{ComputeContext, ParseContext, Parsed, Specified, computes_to_itself, invalid};
use crate::css::computed::{FontFamily, GenericFamily};
use crate::css::values::FontStyle;

/// A list of families.
pub type FontFamilies = Arc<[FontFamily]>;

computes_to_itself!(FontFamilies);

/// A generic family by its keyword.
pub(crate) fn generic_family(name: &str) -> Option<GenericFamily> {
    Some(match_ignore_ascii_case! { name,
        "serif" | "ui-serif" => GenericFamily::Serif,
        "sans-serif" | "ui-sans-serif" => GenericFamily::SansSerif,
        "monospace" | "ui-monospace" => GenericFamily::Monospace,
        "cursive" => GenericFamily::Cursive,
        "fantasy" => GenericFamily::Fantasy,
        "system-ui" => GenericFamily::SystemUi,
        "math" => GenericFamily::Math,
        _ => return None,
    })
}

/// `<family-name>`: a string, or identifiers joined by spaces.
pub(crate) fn family_name(input: &mut Parser<'_>) -> Parsed<Arc<str>> {
    if let Ok(name) = input.try_parse(Parser::expect_string_cloned) {
        return Ok(Arc::from(&*name));
    }
    let mut name = input.expect_ident_cloned()?.to_string();
    let first_is_reserved = is_wide_keyword(&name);
    let mut words = 1;
    while let Ok(word) = input.try_parse(Parser::expect_ident_cloned) {
        name.push(' ');
        name.push_str(&word);
        words += 1;
    }
    if words == 1 && first_is_reserved {
        return invalid();
    }
    Ok(Arc::from(name))
}

/// Whether a name must be written as a string, for the bare word means something else.
pub(crate) fn is_reserved_family(name: &str) -> bool {
    is_wide_keyword(name)
        || generic_family(name).is_some_and(|_| !name.to_ascii_lowercase().starts_with("ui-"))
}

fn is_wide_keyword(name: &str) -> bool {
    ["inherit", "initial", "unset", "revert", "revert-layer", "default"]
        .iter()
        .any(|k| name.eq_ignore_ascii_case(k))
}

/// `font-family`
pub(crate) fn font_family(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<FontFamilies> {
    let families = input.parse_comma_separated(|input| -> Parsed<FontFamily> {
        let is_string = {
            let before = input.state();
            let is_string = matches!(input.next(), Ok(Token::QuotedString(_)));
            input.reset(&before);
            is_string
        };
        let name = family_name(input)?;
        // Chromium knows only these as generic: the `ui-…` names are looked up like any other.
        match generic_family(&name) {
            Some(generic) if !is_string && !name.to_ascii_lowercase().starts_with("ui-") => {
                Ok(FontFamily::Generic(generic))
            }
            _ => Ok(FontFamily::Named(name)),
        }
    })?;
    Ok(families.into())
}

/// `font-size`
#[derive(Debug, Clone, PartialEq)]
pub enum FontSize {
    /// `xx-small` (1) to `xxx-large` (8).
    Keyword(u8),
    /// `larger`, `smaller`, as a factor.
    Relative(f32),
    /// A length, or a percentage of the parent's size.
    LengthPercentage(LengthPercentage),
}

/// The keyword `medium`.
pub const MEDIUM: u8 = 4;

/// The size in px of a keyword (1 to 8), for families that are `monospace` alone and for all others.
pub fn keyword_size(keyword: u8, monospace: bool) -> f32 {
    /// As Chromium has them for its default sizes of 13 and 16 px.
    const MONOSPACE: [f32; 8] = [9.0, 10.0, 12.0, 13.0, 16.0, 20.0, 26.0, 39.0];
    const OTHER: [f32; 8] = [9.0, 10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0];
    let index = usize::from(keyword.clamp(1, 8)) - 1;
    if monospace { MONOSPACE[index] } else { OTHER[index] }
}

/// Whether the list is the generic `monospace` alone, for which sizes by keyword are smaller.
pub fn is_monospace(families: &[FontFamily]) -> bool {
    matches!(families, [FontFamily::Generic(GenericFamily::Monospace)])
}

impl FontSize {
    /// Whether it is an absolute length, which does not change with the family.
    pub fn is_absolute(&self) -> bool {
        fn has_relative(node: &CalcNode) -> bool {
            match node {
                CalcNode::Number(_) => false,
                CalcNode::Length(_, unit) => unit.is_font_relative(),
                CalcNode::Percentage(_) => true,
                CalcNode::Sum(nodes) | CalcNode::Product(nodes) | CalcNode::Function(_, nodes) => {
                    nodes.iter().any(has_relative)
                }
                CalcNode::Invert(node) => has_relative(node),
            }
        }
        match self {
            Self::LengthPercentage(LengthPercentage::Length(_, unit)) => !unit.is_font_relative(),
            Self::LengthPercentage(LengthPercentage::Calc(node, _)) => !has_relative(node),
            Self::LengthPercentage(LengthPercentage::Percentage(_))
            | Self::Keyword(_)
            | Self::Relative(_) => false,
        }
    }
}

impl Specified for FontSize {
    type Computed = f32;
    /// Against the parent's size. The caller sees to keywords under `monospace`.
    fn compute(&self, context: &ComputeContext<'_>) -> f32 {
        let parent = context.parent.font.font_size;
        match self {
            Self::Keyword(keyword) => keyword_size(*keyword, false),
            Self::Relative(factor) => parent * factor,
            Self::LengthPercentage(value) => value.to_px(context, parent),
        }
    }
}

/// `font-size`
pub(crate) fn font_size(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<FontSize> {
    let keyword = input.try_parse(|input| -> Parsed<FontSize> {
        let ident = input.expect_ident()?;
        Ok(match_ignore_ascii_case! { ident,
            "xx-small" => FontSize::Keyword(1),
            "x-small" => FontSize::Keyword(2),
            "small" => FontSize::Keyword(3),
            "medium" => FontSize::Keyword(4),
            "large" => FontSize::Keyword(5),
            "x-large" => FontSize::Keyword(6),
            "xx-large" => FontSize::Keyword(7),
            "xxx-large" | "-webkit-xxx-large" => FontSize::Keyword(8),
            "larger" => FontSize::Relative(1.2),
            "smaller" => FontSize::Relative(1.0 / 1.2),
            _ => return invalid(),
        })
    });
    match keyword {
        Ok(keyword) => Ok(keyword),
        Err(_) => length_percentage_non_negative_quirky(input, context).map(FontSize::LengthPercentage),
    }
}

/// `font-weight`
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FontWeight {
    /// 1 to 1000.
    Absolute(f32),
    /// `bolder`
    Bolder,
    /// `lighter`
    Lighter,
}

impl Specified for FontWeight {
    type Computed = f32;
    /// <https://drafts.csswg.org/css-fonts-4/#relative-weights>
    fn compute(&self, context: &ComputeContext<'_>) -> f32 {
        let inherited = context.parent.font.font_weight;
        match self {
            Self::Absolute(weight) => *weight,
            Self::Bolder if inherited < 350.0 => 400.0,
            Self::Bolder if inherited < 550.0 => 700.0,
            Self::Bolder => inherited.max(900.0),
            Self::Lighter if inherited < 550.0 => inherited.min(100.0),
            Self::Lighter if inherited < 750.0 => 400.0,
            Self::Lighter => 700.0,
        }
    }
}

/// `font-weight`
pub(crate) fn font_weight(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<FontWeight> {
    let keyword = input.try_parse(|input| -> Parsed<FontWeight> {
        let ident = input.expect_ident()?;
        Ok(match_ignore_ascii_case! { ident,
            "normal" => FontWeight::Absolute(400.0),
            "bold" => FontWeight::Absolute(700.0),
            "bolder" => FontWeight::Bolder,
            "lighter" => FontWeight::Lighter,
            _ => return invalid(),
        })
    });
    if let Ok(keyword) = keyword {
        return Ok(keyword);
    }
    let weight = super::length::number(input, context)?;
    if (1.0..=1000.0).contains(&weight) { Ok(FontWeight::Absolute(weight)) } else { invalid() }
}

/// `font-stretch` as a fraction.
pub(crate) fn font_stretch(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<f32> {
    let keyword = input.try_parse(|input| -> Parsed<f32> {
        let ident = input.expect_ident()?;
        Ok(match_ignore_ascii_case! { ident,
            "ultra-condensed" => 0.5,
            "extra-condensed" => 0.625,
            "condensed" => 0.75,
            "semi-condensed" => 0.875,
            "normal" => 1.0,
            "semi-expanded" => 1.125,
            "expanded" => 1.25,
            "extra-expanded" => 1.5,
            "ultra-expanded" => 2.0,
            _ => return invalid(),
        })
    });
    if let Ok(keyword) = keyword {
        return Ok(keyword);
    }
    let _ = context;
    let fraction = input.expect_percentage()?;
    if fraction >= 0.0 { Ok(fraction) } else { invalid() }
}

/// `font-style`; the angle of `oblique` is read and dropped.
pub(crate) fn font_style(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<FontStyle> {
    let style: FontStyle = super::keyword(input, context)?;
    if style == FontStyle::Oblique {
        let _ = input.try_parse(|input| angle_degrees(input, context));
    }
    Ok(style)
}
