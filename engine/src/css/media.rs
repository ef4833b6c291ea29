//! Media queries: <https://drafts.csswg.org/mediaqueries-5/>.

use cssparser::{Delimiter, Parser, Token, match_ignore_ascii_case};

use super::specified::{Parsed, invalid};
use crate::units::Viewport;

/// What media queries are answered with, and what viewport units are parts of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Device {
    /// The viewport.
    pub viewport: Viewport,
    /// What the page is shown on.
    pub media_type: MediaType,
    /// The reader's preference.
    pub color_scheme: ColorScheme,
}

impl Device {
    /// A screen with that viewport and a light scheme.
    pub const fn screen(viewport: Viewport) -> Self {
        Self { viewport, media_type: MediaType::Screen, color_scheme: ColorScheme::Light }
    }
}

/// What a page is shown on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `screen`
    Screen,
    /// `print`
    Print,
}

/// `prefers-color-scheme`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorScheme {
    /// `light`
    Light,
    /// `dark`
    Dark,
}

/// A list of media queries: it holds when it is empty or one of them holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MediaQueryList {
    queries: Vec<MediaQuery>,
}

#[derive(Debug, Clone, PartialEq)]
struct MediaQuery {
    negated: bool,
    media_type: Option<Box<str>>,
    condition: Option<Condition>,
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Feature(Feature),
    /// Something of a future level: neither true nor false.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
struct Feature {
    /// In lower case, without `min-` and `max-`.
    name: Box<str>,
    /// What its value must be; empty: anything but zero or none.
    tests: Vec<(Comparison, FeatureValue)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, PartialEq)]
enum FeatureValue {
    /// A number, a length in px, a ratio as a quotient or a resolution in dppx.
    Number(f32),
    Keyword(Box<str>),
}

impl MediaQueryList {
    /// Parses a list, as in a `media` attribute. A query that is none holds never.
    pub fn parse(text: &str) -> Self {
        Self::parse_tokens(&mut Parser::new(text))
    }

    pub(crate) fn parse_tokens(input: &mut Parser<'_>) -> Self {
        let mut queries = Vec::new();
        if input.is_exhausted() {
            return Self { queries };
        }
        loop {
            let query = input.parse_until_before(Delimiter::Comma, media_query);
            queries.push(query.unwrap_or_else(|_| MediaQuery {
                negated: true,
                media_type: Some("all".into()),
                condition: None,
            }));
            if input.next().is_err() {
                return Self { queries };
            }
        }
    }

    /// Whether the list holds.
    pub fn matches(&self, device: &Device) -> bool {
        self.queries.is_empty() || self.queries.iter().any(|q| q.matches(device))
    }
}

impl MediaQuery {
    fn matches(&self, device: &Device) -> bool {
        let type_matches = match self.media_type.as_deref() {
            None | Some("all") => true,
            Some("screen") => device.media_type == MediaType::Screen,
            Some("print") => device.media_type == MediaType::Print,
            Some(_) => false,
        };
        let holds = type_matches && self.condition.as_ref().is_none_or(|c| c.evaluate(device) == Some(true));
        holds != self.negated
    }
}

/// `<media-condition>` as a list of one query; nothing when `text` is none.
pub(crate) fn media_condition(text: &str) -> Option<MediaQueryList> {
    let condition = Parser::new(text).parse_entirely(|input| condition(input, true)).ok()?;
    Some(MediaQueryList {
        queries: vec![MediaQuery { negated: false, media_type: None, condition: Some(condition) }],
    })
}

fn media_query(input: &mut Parser<'_>) -> Parsed<MediaQuery> {
    if let Ok(condition) = input.try_parse(|input| {
        let condition = condition(input, true)?;
        input.expect_exhausted()?;
        Parsed::Ok(condition)
    }) {
        return Ok(MediaQuery { negated: false, media_type: None, condition: Some(condition) });
    }
    let mut word = input.expect_ident_cloned()?;
    let mut negated = false;
    if word.eq_ignore_ascii_case("not") || word.eq_ignore_ascii_case("only") {
        negated = word.eq_ignore_ascii_case("not");
        word = input.expect_ident_cloned()?;
    }
    if ["and", "or", "not", "only", "layer"].iter().any(|w| word.eq_ignore_ascii_case(w)) {
        return invalid();
    }
    let media_type = Some(word.to_ascii_lowercase().into());
    let condition = if input.try_parse(|i| i.expect_ident_matching("and")).is_ok() {
        Some(condition(input, false)?)
    } else {
        None
    };
    input.expect_exhausted()?;
    Ok(MediaQuery { negated, media_type, condition })
}

/// `<media-condition>`, without `or` at the top where a media type stands before it.
fn condition(input: &mut Parser<'_>, or_allowed: bool) -> Parsed<Condition> {
    if input.try_parse(|i| i.expect_ident_matching("not")).is_ok() {
        return Ok(Condition::Not(Box::new(in_parens(input)?)));
    }
    let first = in_parens(input)?;
    let mut terms = vec![first];
    let word = if input.try_parse(|i| i.expect_ident_matching("and")).is_ok() {
        "and"
    } else if or_allowed && input.try_parse(|i| i.expect_ident_matching("or")).is_ok() {
        "or"
    } else {
        return Ok(terms.remove(0));
    };
    loop {
        terms.push(in_parens(input)?);
        if input.try_parse(|i| i.expect_ident_matching(word)).is_err() {
            break;
        }
    }
    Ok(if word == "and" { Condition::And(terms) } else { Condition::Or(terms) })
}

/// `<media-in-parens>`. The depth is bounded by the parser's limit on nested blocks.
fn in_parens(input: &mut Parser<'_>) -> Parsed<Condition> {
    match input.next()?.clone() {
        Token::ParenthesisBlock => input.parse_nested_block(|input| {
            if let Ok(inner) = input.try_parse(|input| {
                let inner = condition(input, true)?;
                input.expect_exhausted()?;
                Parsed::Ok(inner)
            }) {
                return Ok(inner);
            }
            if let Ok(feature) = input.try_parse(|input| {
                let feature = feature(input)?;
                input.expect_exhausted()?;
                Parsed::Ok(feature)
            }) {
                return Ok(Condition::Feature(feature));
            }
            while input.next().is_ok() {}
            Ok(Condition::Unknown)
        }),
        Token::Function(_) => input.parse_nested_block(|input| {
            while input.next().is_ok() {}
            Ok(Condition::Unknown)
        }),
        _ => invalid(),
    }
}

fn feature(input: &mut Parser<'_>) -> Parsed<Feature> {
    if let Ok(name) = input.try_parse(Parser::expect_ident_cloned) {
        let name = name.to_ascii_lowercase();
        if input.is_exhausted() {
            return Ok(Feature { name: name.into(), tests: Vec::new() });
        }
        if input.try_parse(Parser::expect_colon).is_ok() {
            let value = feature_value(input)?;
            let (name, comparison) = without_prefix(&name);
            return Ok(Feature { name: name.into(), tests: vec![(comparison, value)] });
        }
        let comparison = comparison(input)?;
        let value = feature_value(input)?;
        return Ok(Feature { name: name.into(), tests: vec![(comparison, value)] });
    }
    let value = feature_value(input)?;
    let left = comparison(input)?;
    let name = input.expect_ident_cloned()?.to_ascii_lowercase();
    let mut tests = vec![(left.flipped(), value)];
    if !input.is_exhausted() {
        let right = comparison(input)?;
        tests.push((right, feature_value(input)?));
    }
    Ok(Feature { name: name.into(), tests })
}

/// `min-` and `max-` as comparisons, also behind `-webkit-`.
fn without_prefix(name: &str) -> (String, Comparison) {
    let (vendor, rest) = match name.strip_prefix("-webkit-") {
        Some(rest) => ("-webkit-", rest),
        None => ("", name),
    };
    if let Some(rest) = rest.strip_prefix("min-") {
        (format!("{vendor}{rest}"), Comparison::GreaterOrEqual)
    } else if let Some(rest) = rest.strip_prefix("max-") {
        (format!("{vendor}{rest}"), Comparison::LessOrEqual)
    } else {
        (name.to_owned(), Comparison::Equal)
    }
}

fn comparison(input: &mut Parser<'_>) -> Parsed<Comparison> {
    let first = match input.next()? {
        Token::Delim('=') => return Ok(Comparison::Equal),
        Token::Delim('<') => Comparison::Less,
        Token::Delim('>') => Comparison::Greater,
        _ => return invalid(),
    };
    Ok(match (first, input.try_parse(|i| i.expect_delim('=')).is_ok()) {
        (Comparison::Less, true) => Comparison::LessOrEqual,
        (Comparison::Greater, true) => Comparison::GreaterOrEqual,
        (first, _) => first,
    })
}

impl Comparison {
    const fn flipped(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    fn holds(self, actual: f32, wanted: f32) -> bool {
        match self {
            Self::Equal => (actual - wanted).abs() < 1e-4,
            Self::Less => actual < wanted,
            Self::LessOrEqual => actual <= wanted,
            Self::Greater => actual > wanted,
            Self::GreaterOrEqual => actual >= wanted,
        }
    }
}

fn feature_value(input: &mut Parser<'_>) -> Parsed<FeatureValue> {
    let number = match input.next()?.clone() {
        Token::Ident(name) => return Ok(FeatureValue::Keyword(name.to_ascii_lowercase().into())),
        Token::Number { value, .. } => value,
        Token::Dimension { value, ref unit, .. } => dimension(value, unit)?,
        Token::Function(name) => {
            let base =
                url::Url::parse("about:blank").map_err(|_| cssparser::ParseError::unexpected_token())?;
            let context = super::specified::ParseContext { base_url: &base, quirks: false };
            match super::specified::calc::parse_math_function(&name, input, &context) {
                Some(Ok((node, _))) => match node.to_absolute_px(16.0) {
                    Some(px) => px,
                    None => return invalid(),
                },
                _ => return invalid(),
            }
        }
        _ => return invalid(),
    };
    if input.try_parse(|i| i.expect_delim('/')).is_ok() {
        let below = input.expect_number()?;
        return Ok(FeatureValue::Number(if below == 0.0 { f32::INFINITY } else { number / below }));
    }
    Ok(FeatureValue::Number(number))
}

/// Lengths in px (font-relative ones against the initial 16 px), resolutions in dppx.
fn dimension(value: f32, unit: &str) -> Parsed<f32> {
    Ok(match_ignore_ascii_case! { unit,
        "em" | "rem" => value * 16.0,
        "ex" | "ch" => value * 8.0,
        "dppx" | "x" => value,
        "dpi" => value / 96.0,
        "dpcm" => value * 2.54 / 96.0,
        _ => match super::specified::length::Unit::parse(value, unit) {
            Some((px, super::specified::length::Unit::Px)) => px,
            _ => return invalid(),
        },
    })
}

/// `decisive` if a term is that; else unknown if a term is; else the opposite.
fn kleene(terms: &[Condition], device: &Device, decisive: bool) -> Option<bool> {
    let mut result = Some(!decisive);
    for term in terms {
        match term.evaluate(device) {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

impl Condition {
    /// Three-valued: `None` is unknown. The depth is bounded by the parser's limit on nested blocks.
    fn evaluate(&self, device: &Device) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Not(inner) => inner.evaluate(device).map(|holds| !holds),
            Self::And(terms) => kleene(terms, device, false),
            Self::Or(terms) => kleene(terms, device, true),
            Self::Feature(feature) => feature.evaluate(device),
        }
    }
}

impl Feature {
    fn evaluate(&self, device: &Device) -> Option<bool> {
        let Viewport { width, height, scale } = device.viewport;
        let number = match &*self.name {
            "width" | "device-width" => width,
            "height" | "device-height" => height,
            "aspect-ratio" | "device-aspect-ratio" => width / height,
            "resolution" | "-webkit-device-pixel-ratio" => scale,
            "color" => 8.0,
            "color-index" | "monochrome" | "grid" | "horizontal-viewport-segments" => 0.0,
            "-webkit-transform-3d" => 1.0,
            name => return self.evaluate_keyword(keyword_feature(name, device)?),
        };
        if self.tests.is_empty() {
            return Some(number != 0.0);
        }
        self.tests.iter().try_fold(true, |all, (comparison, wanted)| match wanted {
            FeatureValue::Number(wanted) => Some(all && comparison.holds(number, *wanted)),
            FeatureValue::Keyword(_) => None,
        })
    }

    fn evaluate_keyword(&self, actual: &str) -> Option<bool> {
        match self.tests.as_slice() {
            [] => Some(!matches!(actual, "none" | "no-preference")),
            [(Comparison::Equal, FeatureValue::Keyword(wanted))] => {
                // A wider gamut or range holds the narrower ones.
                Some(**wanted == *actual)
            }
            _ => None,
        }
    }
}

/// The features whose values are keywords, as Chromium answers them without scripts on a desktop.
fn keyword_feature(name: &str, device: &Device) -> Option<&'static str> {
    let Viewport { width, height, .. } = device.viewport;
    Some(match name {
        "orientation" => {
            if height >= width {
                "portrait"
            } else {
                "landscape"
            }
        }
        "prefers-color-scheme" => match device.color_scheme {
            ColorScheme::Light => "light",
            ColorScheme::Dark => "dark",
        },
        "hover" | "any-hover" => "hover",
        "pointer" | "any-pointer" => "fine",
        "scripting" | "forced-colors" | "inverted-colors" => "none",
        "prefers-reduced-motion"
        | "prefers-contrast"
        | "prefers-reduced-transparency"
        | "prefers-reduced-data" => "no-preference",
        "update" => "fast",
        "overflow-block" | "overflow-inline" => "scroll",
        "color-gamut" => "srgb",
        "dynamic-range" | "video-dynamic-range" => "standard",
        "display-mode" => "browser",
        "scan" => "progressive",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_on_a_desktop_screen() {
        let device = Device::screen(Viewport::default());
        for (text, expected) in [
            ("", true),
            ("all", true),
            ("screen", true),
            ("print", false),
            ("not print", true),
            ("only screen and (min-width: 768px)", true),
            ("(max-width: 767.98px)", false),
            ("(max-width: 80em)", true),
            ("(400px <= width < 1280px)", false),
            ("(width >= 75rem) and (orientation: landscape)", true),
            ("(prefers-color-scheme: dark)", false),
            ("(prefers-color-scheme: dark), screen", true),
            ("not (prefers-color-scheme: dark)", true),
            ("not all and (monochrome)", true),
            ("(hover: none) or (pointer: fine)", true),
            ("(unknown-thing)", false),
            ("not (unknown-thing)", false),
            ("screen and (-webkit-min-device-pixel-ratio: 2)", false),
            ("(min-resolution: 1.5dppx)", false),
            ("(prefers-reduced-motion: no-preference)", true),
            ("(min-aspect-ratio: 16/10)", true),
            ("&, screen", true),
            ("tv", false),
        ] {
            assert_eq!(MediaQueryList::parse(text).matches(&device), expected, "{text}");
        }
    }
}
