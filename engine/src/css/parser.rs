//! From a sheet's text to its rules: <https://drafts.csswg.org/css-syntax-3/#css-stylesheets>.
//!
//! What cannot be parsed is left out, as the standard says, and told in a [`Diagnostic`].

use std::ops::Range;
use std::sync::Arc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, SourceLocation, StyleSheetParser, Token, match_ignore_ascii_case,
};
use url::Url;

use super::font_face;
use super::media::MediaQueryList;
use super::rule::{Import, LayerName, Origin, Rule, StyleRule, Stylesheet};
use super::selector::Selectors;
use super::specified::invalid;
use super::supports;
use crate::diagnostic::Diagnostic;
use crate::limits::{MAX_SHEET_BYTES, MAX_SHEET_DIAGNOSTICS};

/// Parses a sheet.
///
/// `base_url` is what URLs in it resolve against: its own final URL, or for a `style` element the document's
/// base. `quirks` is whether the document is in quirks mode.
pub fn parse_stylesheet(
    text: &str,
    base_url: &Url,
    origin: Origin,
    quirks: bool,
) -> (Stylesheet, Vec<Diagnostic>) {
    let end = (0..=text.len().min(MAX_SHEET_BYTES)).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let text: Arc<str> = Arc::from(&text[..end]);
    let base_url = Arc::new(base_url.clone());
    let mut parser = RuleParser {
        text: &text,
        base_url: &base_url,
        imports: Vec::new(),
        diagnostics: Vec::new(),
        imports_allowed: true,
        parents: Vec::new(),
        out: Vec::new(),
        run: None,
    };
    let mut input = Parser::new(&text);
    let mut failures = Vec::new();
    {
        for result in StyleSheetParser::new(&mut input, &mut parser) {
            if let Err((_, slice, location)) = result {
                failures.push((first_line(slice), location));
            }
        }
    }
    for (what, location) in failures {
        parser.tell(&format!("ignored: {what}"), location);
    }
    let RuleParser { imports, diagnostics, out, .. } = parser;
    let sheet = Stylesheet { text: Arc::clone(&text), base_url, origin, quirks, rules: out, imports };
    (sheet, diagnostics)
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(80).collect()
}

/// Parses rules into `out`. At the top level of a sheet `parents` is empty; inside a style rule its last
/// entry is the selectors that `&` stands for.
struct RuleParser<'a> {
    text: &'a str,
    base_url: &'a Arc<Url>,
    imports: Vec<Import>,
    diagnostics: Vec<Diagnostic>,
    imports_allowed: bool,
    parents: Vec<Selectors>,
    out: Vec<Rule>,
    /// The declarations in a row that are not yet in `out`.
    run: Option<Range<u32>>,
}

/// The prelude of an at-rule.
enum Prelude {
    Import(Box<Import>),
    Media(MediaQueryList),
    Supports(bool),
    LayerNames(Vec<LayerName>),
    FontFace,
    /// A rule that is read and dropped.
    Dropped,
}

impl RuleParser<'_> {
    fn tell(&mut self, message: &str, location: SourceLocation) {
        if self.diagnostics.len() < MAX_SHEET_DIAGNOSTICS {
            self.diagnostics.push(Diagnostic {
                url: Some((**self.base_url).clone()),
                line: Some(location.line + 1),
                message: message.to_owned(),
            });
        }
    }

    /// The offset of a piece of the sheet's text.
    fn range_of(&self, slice: &str) -> Range<u32> {
        let start = (slice.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        // The text is shorter than MAX_SHEET_BYTES.
        start as u32..(start + slice.len()) as u32
    }

    /// Parses the inside of a `{}` block of rules.
    fn nested_rules(&mut self, input: &mut Parser<'_>) -> Vec<Rule> {
        let outer = std::mem::take(&mut self.out);
        let outer_run = self.run.take();
        let mut failures = Vec::new();
        for result in RuleBodyParser::new(input, self) {
            if let Err((_, slice, location)) = result {
                failures.push((first_line(slice), location));
            }
        }
        self.end_run();
        for (what, location) in failures {
            self.tell(&format!("ignored: {what}"), location);
        }
        self.run = outer_run;
        std::mem::replace(&mut self.out, outer)
    }

    /// Puts the declarations read so far into a rule of the innermost parent.
    fn end_run(&mut self) {
        if let (Some(run), Some(parent)) = (self.run.take(), self.parents.last()) {
            self.out.push(Rule::Style(StyleRule::new(parent.clone(), run)));
        }
    }
}

impl<'i> AtRuleParser<'i> for RuleParser<'_> {
    type Prelude = Prelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
    ) -> Result<Prelude, ParseError<()>> {
        let prelude = match_ignore_ascii_case! { &name,
            "import" => {
                if !self.imports_allowed || !self.parents.is_empty() {
                    return invalid();
                }
                return import(input, self.base_url).map(|import| Prelude::Import(Box::new(import)));
            },
            "media" => Prelude::Media(MediaQueryList::parse_tokens(input)),
            "supports" => Prelude::Supports(supports::condition(input, self.base_url)?),
            "layer" => return layer_names(input).map(Prelude::LayerNames),
            "font-face" => Prelude::FontFace,
            // TODO(css-contain-3, css-cascade-6): @container and @scope; until then their rules do not apply.
            "charset" | "namespace" | "keyframes" | "-webkit-keyframes" | "-moz-keyframes" | "-o-keyframes" | "page"
            | "container" | "scope" | "property" | "counter-style" | "font-feature-values" | "font-palette-values"
            | "starting-style" | "view-transition" | "viewport" | "-ms-viewport" | "-o-viewport" | "document"
            | "-moz-document" | "position-try" => {
                while input.next().is_ok() {}
                Prelude::Dropped
            },
            _ => return invalid(),
        };
        Ok(prelude)
    }

    fn rule_without_block(&mut self, prelude: Prelude, _: &ParserState) -> Result<(), ()> {
        match prelude {
            Prelude::Import(import) => {
                self.out.push(Rule::Import(self.imports.len()));
                self.imports.push(*import);
            }
            Prelude::LayerNames(names) if !names.is_empty() => self.out.push(Rule::LayerOrder(names)),
            Prelude::Dropped => {}
            _ => return Err(()),
        }
        Ok(())
    }

    fn parse_block(
        &mut self,
        prelude: Prelude,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        self.end_run();
        if !matches!(prelude, Prelude::LayerNames(_)) {
            self.imports_allowed = false;
        }
        match prelude {
            Prelude::Media(media) => {
                let rules = self.nested_rules(input);
                self.out.push(Rule::Media(media, rules));
            }
            Prelude::Supports(holds) => {
                let rules = self.nested_rules(input);
                if holds {
                    self.out.extend(rules);
                }
            }
            Prelude::LayerNames(mut names) => {
                self.imports_allowed = false;
                if names.len() > 1 {
                    return invalid();
                }
                let rules = self.nested_rules(input);
                self.out.push(Rule::Layer(names.pop(), rules));
            }
            Prelude::FontFace => {
                if let Some(face) = font_face::parse(input, self.base_url) {
                    self.out.push(Rule::FontFace(face));
                }
            }
            Prelude::Dropped => while input.next().is_ok() {},
            Prelude::Import(_) => return invalid(),
        }
        Ok(())
    }
}

impl<'i> QualifiedRuleParser<'i> for RuleParser<'_> {
    type Prelude = Selectors;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Selectors, ParseError<()>> {
        let start = input.position();
        while input.next_including_whitespace_and_comments().is_ok() {}
        let text = input.slice_from(start);
        Selectors::parse(text, self.parents.last()).map_or_else(invalid, Ok)
    }

    fn parse_block(
        &mut self,
        selectors: Selectors,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        self.end_run();
        self.imports_allowed = false;
        let start = input.state();
        let start_position = input.position();
        let mut has_blocks = false;
        while let Ok(token) = input.next_including_whitespace_and_comments() {
            has_blocks |= matches!(token, Token::CurlyBracketBlock | Token::AtKeyword(_));
        }
        if !has_blocks {
            let range = self.range_of(input.slice_from(start_position));
            self.out.push(Rule::Style(StyleRule::new(selectors, range)));
            return Ok(());
        }
        input.reset(&start);
        self.parents.push(selectors);
        let rules = self.nested_rules(input);
        self.parents.pop();
        self.out.extend(rules);
        Ok(())
    }
}

impl<'i> DeclarationParser<'i> for RuleParser<'_> {
    type Declaration = ();
    type Error = ();

    /// Finds where a declaration ends. A value with a block of its own is a nested rule unless the name is custom.
    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<(), ParseError<()>> {
        let is_custom = name.starts_with("--");
        while let Ok(token) = input.next_including_whitespace_and_comments() {
            if matches!(token, Token::CurlyBracketBlock) && !is_custom {
                return invalid();
            }
        }
        let range = self.range_of(input.slice_from(start.position()));
        // With its `;`, if it has one: the run's text is parsed as a list of declarations.
        let end = (range.end + 1).min(self.text.len() as u32);
        let end = if self.text.as_bytes().get(range.end as usize) == Some(&b';') { end } else { range.end };
        self.run = Some(self.run.take().map_or(range.start, |run| run.start)..end);
        Ok(())
    }
}

impl RuleBodyItemParser<'_, (), ()> for RuleParser<'_> {
    fn parse_declarations(&self) -> bool {
        !self.parents.is_empty()
    }
    fn parse_qualified(&self) -> bool {
        true
    }
}

/// `@import url layer? supports()? media`: <https://drafts.csswg.org/css-cascade-5/#at-import>.
fn import(input: &mut Parser<'_>, base_url: &Url) -> Result<Import, ParseError<()>> {
    let url = input.expect_url_or_string()?;
    let Ok(url) = base_url.join(&url) else { return invalid() };
    let layer = if input.try_parse(|i| i.expect_ident_matching("layer")).is_ok() {
        Some(None)
    } else {
        input
            .try_parse(|input| -> Result<LayerName, ParseError<()>> {
                input.expect_function_matching("layer")?;
                input.parse_nested_block(layer_name)
            })
            .ok()
            .map(Some)
    };
    let supported = input
        .try_parse(|input| -> Result<bool, ParseError<()>> {
            input.expect_function_matching("supports")?;
            input.parse_nested_block(|input| {
                let condition = input.try_parse(|input| {
                    let holds = supports::condition(input, base_url)?;
                    input.expect_exhausted()?;
                    Result::<bool, ParseError<()>>::Ok(holds)
                });
                Ok(condition.unwrap_or_else(|_| supports::declaration(input, base_url)))
            })
        })
        .unwrap_or(true);
    Ok(Import { url, media: MediaQueryList::parse_tokens(input), layer, supported })
}

fn layer_names(input: &mut Parser<'_>) -> Result<Vec<LayerName>, ParseError<()>> {
    if input.is_exhausted() {
        return Ok(Vec::new());
    }
    input.parse_comma_separated(layer_name)
}

fn layer_name(input: &mut Parser<'_>) -> Result<LayerName, ParseError<()>> {
    let mut name = vec![Arc::from(&*input.expect_ident_cloned()?)];
    while input.try_parse(|i| i.expect_delim('.')).is_ok() {
        name.push(Arc::from(&*input.expect_ident_cloned()?));
    }
    Ok(name)
}
