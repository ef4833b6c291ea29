//! Text, lists and generated content as specified: <https://drafts.csswg.org/css-text-4/>,
//! <https://drafts.csswg.org/css-text-decor-4/>, <https://drafts.csswg.org/css-content-3/>.

use std::sync::Arc;

use cssparser::{Parser, Token, match_ignore_ascii_case};

use super::image::{Image, image};
use super::length::{
    Length, LengthPercentage, length_percentage_non_negative, length_percentage_quirky, length_quirky, number,
};
use super::{ComputeContext, ParseContext, Parsed, Specified, computes_to_itself, invalid};
use crate::css::computed::{self, TextDecorationLine};
use crate::css::values::{self, Keyword, ListStyleType};

/// `line-height`
#[derive(Debug, Clone, PartialEq)]
pub enum LineHeight {
    /// `normal`
    Normal,
    /// A multiple of the font size, inherited as such.
    Number(f32),
    /// A length, or a percentage of the font size.
    LengthPercentage(LengthPercentage),
}

impl Specified for LineHeight {
    type Computed = values::LineHeight;
    fn compute(&self, context: &ComputeContext<'_>) -> values::LineHeight {
        match self {
            Self::Normal => values::LineHeight::Normal,
            Self::Number(number) => values::LineHeight::Number(*number),
            Self::LengthPercentage(value @ LengthPercentage::Percentage(_)) => {
                values::LineHeight::Percentage(value.to_px(context, context.font_size).max(0.0))
            }
            Self::LengthPercentage(value) => {
                values::LineHeight::Length(value.to_px(context, context.font_size).max(0.0))
            }
        }
    }
}

/// `line-height`
pub(crate) fn line_height(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<LineHeight> {
    if input.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
        return Ok(LineHeight::Normal);
    }
    if let Ok(number) = input.try_parse(|i| number(i, context)) {
        return if number >= 0.0 { Ok(LineHeight::Number(number)) } else { invalid() };
    }
    length_percentage_non_negative(input, context).map(LineHeight::LengthPercentage)
}

/// `letter-spacing`, `word-spacing`: `normal` is zero. A percentage is of the font size.
pub(crate) fn spacing(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Length> {
    if input.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
        return Ok(Length::px(0.0));
    }
    length_quirky(input, context)
}

/// `vertical-align`
#[derive(Debug, Clone, PartialEq)]
pub enum VerticalAlign {
    /// A keyword.
    Keyword(values::VerticalAlign),
    /// Raised by it.
    LengthPercentage(LengthPercentage),
}

impl Specified for VerticalAlign {
    type Computed = values::VerticalAlign;
    fn compute(&self, context: &ComputeContext<'_>) -> values::VerticalAlign {
        match self {
            Self::Keyword(keyword) => keyword.clone(),
            Self::LengthPercentage(value) => values::VerticalAlign::LengthPercentage(value.compute(context)),
        }
    }
}

/// `vertical-align`
pub(crate) fn vertical_align(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<VerticalAlign> {
    use values::VerticalAlign as V;
    let keyword = input.try_parse(|input| -> Parsed<V> {
        let ident = input.expect_ident()?;
        Ok(match_ignore_ascii_case! { ident,
            "baseline" => V::Baseline,
            "sub" => V::Sub,
            "super" => V::Super,
            "top" => V::Top,
            "text-top" => V::TextTop,
            "middle" | "-webkit-baseline-middle" => V::Middle,
            "bottom" => V::Bottom,
            "text-bottom" => V::TextBottom,
            _ => return invalid(),
        })
    });
    match keyword {
        Ok(keyword) => Ok(VerticalAlign::Keyword(keyword)),
        Err(_) => length_percentage_quirky(input, context).map(VerticalAlign::LengthPercentage),
    }
}

computes_to_itself!(TextDecorationLine);

/// `text-decoration-line`
pub(crate) fn text_decoration_line(
    input: &mut Parser<'_>,
    _: &ParseContext<'_>,
) -> Parsed<TextDecorationLine> {
    let mut line = TextDecorationLine::default();
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(line);
    }
    let mut any = false;
    while input
        .try_parse(|input| -> Parsed<()> {
            let ident = input.expect_ident()?;
            let flag = match_ignore_ascii_case! { ident,
                "underline" => &mut line.underline,
                "overline" => &mut line.overline,
                "line-through" => &mut line.line_through,
                "blink" => return Ok(()),
                _ => return invalid(),
            };
            if std::mem::replace(flag, true) { invalid() } else { Ok(()) }
        })
        .is_ok()
    {
        any = true;
    }
    if any { Ok(line) } else { invalid() }
}

/// `text-decoration-thickness`: `None` is `auto`.
pub(crate) fn decoration_thickness(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<Option<DecorationLength>> {
    let is_auto = input
        .try_parse(|input| -> Parsed<()> {
            let ident = input.expect_ident()?;
            if ident.eq_ignore_ascii_case("auto") || ident.eq_ignore_ascii_case("from-font") {
                Ok(())
            } else {
                invalid()
            }
        })
        .is_ok();
    if is_auto {
        return Ok(None);
    }
    super::length::length_percentage(input, context).map(|value| Some(DecorationLength(value)))
}

/// A length whose percentages are of the font size.
#[derive(Debug, Clone, PartialEq)]
pub struct DecorationLength(pub LengthPercentage);

impl Specified for DecorationLength {
    type Computed = f32;
    fn compute(&self, context: &ComputeContext<'_>) -> f32 {
        self.0.to_px(context, context.font_size)
    }
}

/// `list-style-type`. DEVIATION: names of `@counter-style` rules and strings count as `decimal` and `none`.
pub(crate) fn list_style_type(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<ListStyleType> {
    match input.next()?.clone() {
        Token::Ident(name) => Ok(ListStyleType::from_keyword(&name).unwrap_or(ListStyleType::Decimal)),
        Token::QuotedString(_) => Ok(ListStyleType::None),
        Token::Function(name) if name.eq_ignore_ascii_case("symbols") => input.parse_nested_block(|input| {
            while input.next().is_ok() {}
            Ok(ListStyleType::Decimal)
        }),
        _ => invalid(),
    }
}

/// `content`
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// `normal`
    Normal,
    /// `none`
    None,
    /// The pieces.
    Items(Vec<ContentItem>),
}

/// A piece of `content`.
#[derive(Debug, Clone, PartialEq)]
pub enum ContentItem {
    /// What is the same for every element.
    Computed(computed::ContentItem),
    /// `attr()`
    Attribute(Arc<str>),
    /// An image.
    Image(Image),
}

impl Specified for Content {
    type Computed = computed::Content;
    fn compute(&self, context: &ComputeContext<'_>) -> computed::Content {
        match self {
            Self::Normal => computed::Content::Normal,
            Self::None => computed::Content::None,
            Self::Items(items) => computed::Content::Items(
                items
                    .iter()
                    .map(|item| match item {
                        ContentItem::Computed(item) => item.clone(),
                        ContentItem::Attribute(name) => {
                            computed::ContentItem::Attribute((context.attribute)(name).unwrap_or_default())
                        }
                        ContentItem::Image(image) => computed::ContentItem::Image(image.compute(context)),
                    })
                    .collect(),
            ),
        }
    }
}

/// `content`
pub(crate) fn content(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Content> {
    if input.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
        return Ok(Content::Normal);
    }
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(Content::None);
    }
    let mut items = Vec::new();
    while !input.is_exhausted() {
        if input.try_parse(|i| i.expect_delim('/')).is_ok() {
            // Alternative text, for those who listen.
            while input.next().is_ok() {}
            break;
        }
        items.push(content_item(input, context)?);
    }
    if items.is_empty() { invalid() } else { Ok(Content::Items(items)) }
}

fn content_item(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<ContentItem> {
    use computed::ContentItem as C;
    if let Ok(image) = input.try_parse(|i| image(i, context)) {
        return if image == Image::None { invalid() } else { Ok(ContentItem::Image(image)) };
    }
    match input.next()?.clone() {
        Token::QuotedString(text) => Ok(ContentItem::Computed(C::String(Arc::from(&*text)))),
        Token::Ident(name) => {
            let item = match_ignore_ascii_case! { &name,
                "open-quote" => C::OpenQuote,
                "close-quote" => C::CloseQuote,
                "no-open-quote" => C::NoOpenQuote,
                "no-close-quote" => C::NoCloseQuote,
                _ => return invalid(),
            };
            Ok(ContentItem::Computed(item))
        }
        Token::Function(name) => input.parse_nested_block(|input| {
            match_ignore_ascii_case! { &name,
                "attr" => {
                    let attribute = input.expect_ident_cloned()?;
                    // A type and a fallback may follow.
                    while input.next().is_ok() {}
                    Ok(ContentItem::Attribute(Arc::from(&*attribute)))
                },
                "counter" => {
                    let name = Arc::from(&*input.expect_ident_cloned()?);
                    let style = counter_style(input, context)?;
                    Ok(ContentItem::Computed(C::Counter { name, style }))
                },
                "counters" => {
                    let name = Arc::from(&*input.expect_ident_cloned()?);
                    input.expect_comma()?;
                    let separator = Arc::from(&*input.expect_string_cloned()?);
                    let style = counter_style(input, context)?;
                    Ok(ContentItem::Computed(C::Counters { name, separator, style }))
                },
                _ => invalid(),
            }
        }),
        _ => invalid(),
    }
}

fn counter_style(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<ListStyleType> {
    if input.try_parse(Parser::expect_comma).is_ok() {
        return list_style_type(input, context);
    }
    Ok(ListStyleType::Decimal)
}

/// Counters by name: `counter-increment`, `counter-reset`, `counter-set`.
pub type Counters = Vec<(Arc<str>, i32)>;

/// A list of counters; `default` is the number of those without one.
fn counters(input: &mut Parser<'_>, default: i32) -> Parsed<Counters> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(Vec::new());
    }
    let mut list = Vec::new();
    while let Ok(name) = input.try_parse(Parser::expect_ident_cloned) {
        let number = input.try_parse(Parser::expect_integer).unwrap_or(default);
        list.push((Arc::from(&*name), number));
    }
    if list.is_empty() { invalid() } else { Ok(list) }
}

/// `counter-increment`
pub(crate) fn counter_increment(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<Counters> {
    counters(input, 1)
}

/// `counter-reset`, `counter-set`
pub(crate) fn counter_reset(input: &mut Parser<'_>, _: &ParseContext<'_>) -> Parsed<Counters> {
    counters(input, 0)
}

/// `z-index`: `None` is `auto`.
pub(crate) fn z_index(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Option<i32>> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(None);
    }
    super::length::integer(input, context).map(Some)
}

/// `opacity`
pub(crate) fn opacity(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<f32> {
    super::length::number_or_percentage(input, context).map(|value| value.clamp(0.0, 1.0))
}

/// `text-align`; `-internal-center` is for the browser's sheet alone but harmless elsewhere.
pub(crate) fn text_align(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<values::TextAlign> {
    if input.try_parse(|i| i.expect_ident_matching("-webkit-match-parent")).is_ok() {
        return Ok(values::TextAlign::MatchParent);
    }
    super::keyword(input, context)
}
