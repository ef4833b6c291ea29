//! `@font-face` rules: <https://drafts.csswg.org/css-fonts-4/#font-face-rule>.

use std::sync::Arc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, Parser, ParserState, QualifiedRuleParser, RuleBodyItemParser,
    RuleBodyParser, UnicodeRange, match_ignore_ascii_case,
};
use url::Url;

use super::specified::font::{FontWeight, family_name, font_stretch, font_weight};
use super::specified::{ParseContext, Parsed, invalid};
use super::values::{FontStyle, Keyword};

/// A font that a sheet brings.
#[derive(Debug, Clone, PartialEq)]
pub struct FontFace {
    /// The `font-family` descriptor.
    pub family: Arc<str>,
    /// The `src` descriptor in order, entries with unknown formats left out.
    pub sources: Vec<FontFaceSource>,
    /// The range of weights, equal ends for one.
    pub weight: (f32, f32),
    /// The style.
    pub style: FontStyle,
    /// The range of stretch, as fractions.
    pub stretch: (f32, f32),
    /// The code points that it is for, as inclusive ranges; empty for all.
    pub unicode_range: Vec<(u32, u32)>,
    /// The sheet it stands in.
    pub sheet_url: Url,
}

/// One entry of `src`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FontFaceSource {
    /// `url()`, absolute.
    Url(Url),
    /// `local()`
    Local(Arc<str>),
}

/// Parses the descriptors of an `@font-face` block; `None` when the family or the source is missing.
pub(crate) fn parse(input: &mut Parser<'_>, base_url: &Arc<Url>) -> Option<FontFace> {
    let mut parser = Descriptors {
        base_url,
        family: None,
        face: FontFace {
            family: Arc::from(""),
            sources: Vec::new(),
            weight: (400.0, 400.0),
            style: FontStyle::Normal,
            stretch: (1.0, 1.0),
            unicode_range: Vec::new(),
            sheet_url: (**base_url).clone(),
        },
    };
    for _ in RuleBodyParser::new(input, &mut parser) {}
    let Descriptors { family, face, .. } = parser;
    (!face.sources.is_empty()).then_some(FontFace { family: family?, ..face })
}

struct Descriptors<'a> {
    base_url: &'a Arc<Url>,
    family: Option<Arc<str>>,
    face: FontFace,
}

impl<'i> DeclarationParser<'i> for Descriptors<'_> {
    type Declaration = ();
    type Error = ();

    fn parse_value(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>, _: &ParserState) -> Parsed<()> {
        let context = ParseContext { base_url: self.base_url, quirks: false };
        match_ignore_ascii_case! { &name,
            "font-family" => self.family = Some(family_name(input)?),
            "src" => {
                // An entry that is not understood does not take the others with it.
                let base_url = self.base_url;
                let entries = input.parse_comma_separated(|input| -> Parsed<Option<FontFaceSource>> {
                    let parsed = source(input, base_url).ok().flatten();
                    while input.next().is_ok() {}
                    Ok(parsed)
                })?;
                let sources: Vec<FontFaceSource> = entries.into_iter().flatten().collect();
                if sources.is_empty() {
                    return invalid();
                }
                self.face.sources = sources;
            },
            "font-weight" => {
                let auto = input.try_parse(|i| i.expect_ident_matching("auto")).is_ok();
                self.face.weight = if auto { (1.0, 1000.0) } else { range(input, |input| {
                    match font_weight(input, &context)? {
                        FontWeight::Absolute(weight) => Ok(weight),
                        FontWeight::Bolder | FontWeight::Lighter => invalid(),
                    }
                })? };
            },
            "font-stretch" | "font-width" => {
                self.face.stretch = range(input, |input| font_stretch(input, &context))?;
            },
            "font-style" => {
                let ident = input.expect_ident()?;
                self.face.style = FontStyle::from_keyword(ident).unwrap_or(FontStyle::Normal);
                // Angles may follow.
                while input.next().is_ok() {}
            },
            "unicode-range" => {
                self.face.unicode_range = input.parse_comma_separated(|input| -> Parsed<(u32, u32)> {
                    let range = UnicodeRange::parse(input)?;
                    Ok((range.start, range.end))
                })?;
            },
            // Others (font-display, ascent-override …) change nothing here.
            _ => while input.next().is_ok() {},
        }
        Ok(())
    }
}

/// One or two values, in order.
fn range(input: &mut Parser<'_>, one: impl Fn(&mut Parser<'_>) -> Parsed<f32>) -> Parsed<(f32, f32)> {
    let first = one(input)?;
    let second = input.try_parse(&one).unwrap_or(first);
    Ok((first.min(second), first.max(second)))
}

/// An entry of `src`; `None` for a format that is not known.
fn source(input: &mut Parser<'_>, base_url: &Url) -> Parsed<Option<FontFaceSource>> {
    if input.try_parse(|i| i.expect_function_matching("local")).is_ok() {
        let name = input.parse_nested_block(family_name)?;
        return Ok(Some(FontFaceSource::Local(name)));
    }
    let url = input.expect_url()?;
    let Ok(url) = base_url.join(&url) else { return Ok(None) };
    if input.try_parse(|i| i.expect_function_matching("format")).is_ok() {
        let format = input.parse_nested_block(|input| -> Parsed<String> {
            let format = input.expect_ident_or_string()?.to_ascii_lowercase();
            while input.next().is_ok() {}
            Ok(format)
        })?;
        let known = matches!(
            format.as_str(),
            "woff"
                | "woff2"
                | "truetype"
                | "opentype"
                | "collection"
                | "woff-variations"
                | "woff2-variations"
                | "truetype-variations"
                | "opentype-variations"
        );
        if !known {
            return Ok(None);
        }
    }
    if input.try_parse(|i| i.expect_function_matching("tech")).is_ok() {
        let techs = input.parse_nested_block(|input| {
            input.parse_comma_separated(|input| -> Parsed<String> {
                Ok(input.expect_ident()?.to_ascii_lowercase())
            })
        })?;
        if !techs.iter().all(|tech| is_known_tech(tech)) {
            return Ok(None);
        }
    }
    // What is not understood makes the entry invalid.
    input.expect_exhausted()?;
    Ok(Some(FontFaceSource::Url(url)))
}

/// The technologies that Chromium says yes to: <https://drafts.csswg.org/css-fonts-4/#font-tech-definitions>.
fn is_known_tech(tech: &str) -> bool {
    matches!(
        tech,
        "features-opentype"
            | "features-aat"
            | "variations"
            | "palettes"
            | "color-colrv0"
            | "color-colrv1"
            | "color-sbix"
            | "color-cbdt"
    )
}

impl AtRuleParser<'_> for Descriptors<'_> {
    type Prelude = ();
    type AtRule = ();
    type Error = ();
}

impl QualifiedRuleParser<'_> for Descriptors<'_> {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();
}

impl RuleBodyItemParser<'_, (), ()> for Descriptors<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }
    fn parse_qualified(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_that_can_be_used() {
        let base = Arc::new(Url::parse("http://a.test/").unwrap());
        for (src, expected) in [
            ("url(a.woff2)", "/a.woff2"),
            (
                "url(a.woff2) format('woff2'), url(b.eot) format('embedded-opentype'), url(c) format(truetype)",
                "/a.woff2 /c",
            ),
            ("url(a) format(woff2) tech(variations), url(b) tech(features-graphite)", "/a"),
            ("url(a) tech(color-colrv1, palettes), url(b) tech(color-svg, palettes)", "/a"),
            ("local(Some Font), local('Other'), url(a)", "local:Some Font local:Other /a"),
            ("url(a) nonsense, url(b)", "/b"),
            ("url(a) format('svg')", ""),
        ] {
            let text = format!("font-family: X; src: {src}");
            let face = parse(&mut Parser::new(&text), &base);
            let told: Vec<String> = face
                .iter()
                .flat_map(|face| &face.sources)
                .map(|source| match source {
                    FontFaceSource::Url(url) => url.path().to_owned(),
                    FontFaceSource::Local(name) => format!("local:{name}"),
                })
                .collect();
            assert_eq!(told.join(" "), expected, "{src}");
        }
    }
}
