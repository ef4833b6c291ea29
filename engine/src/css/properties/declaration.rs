//! Declarations: `name: value` as a rule holds it, shorthands expanded.

use std::sync::Arc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, match_ignore_ascii_case,
};
use url::Url;

use super::super::custom::{CustomValue, may_have_references};
use super::super::specified::{ParseContext, Parsed, invalid};
use super::PropertyId;
use super::table::{LonghandId, Value};

/// A CSS-wide keyword: <https://drafts.csswg.org/css-cascade-5/#defaulting-keywords>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is its CSS keyword")]
pub enum WideKeyword {
    Inherit,
    Initial,
    Unset,
    Revert,
    RevertLayer,
}

impl WideKeyword {
    fn from_keyword(name: &str) -> Option<Self> {
        Some(match_ignore_ascii_case! { name,
            "inherit" => Self::Inherit,
            "initial" => Self::Initial,
            "unset" => Self::Unset,
            "revert" => Self::Revert,
            "revert-layer" => Self::RevertLayer,
            _ => return None,
        })
    }
}

/// One declared longhand or custom property.
#[derive(Debug, Clone, PartialEq)]
pub enum Declaration {
    /// A physical longhand.
    Value(Value),
    /// A logical longhand: what it is in left-to-right and in right-to-left text.
    Logical(LonghandId, Box<[Value; 2]>),
    /// A CSS-wide keyword.
    Wide(LonghandId, WideKeyword),
    /// `all`
    All(WideKeyword),
    /// A value with `var()`, which is parsed once the variables are known.
    Unparsed(LonghandId, Arc<Unparsed>),
    /// `--name`
    Custom(Arc<str>, CustomDeclaration),
}

/// The value of a declared custom property.
#[derive(Debug, Clone, PartialEq)]
pub enum CustomDeclaration {
    /// Tokens or a keyword that resolves alone.
    Value(CustomValue),
    /// `revert`
    Revert,
    /// `revert-layer`
    RevertLayer,
}

/// A value that `var()` keeps from being parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct Unparsed {
    /// The property it was declared for: a shorthand's longhands share one text.
    pub property: PropertyId,
    /// The tokens.
    pub text: Arc<str>,
    /// What relative URLs resolve against.
    pub base_url: Arc<Url>,
    /// Whether the document is in quirks mode.
    pub quirks: bool,
}

impl Declaration {
    /// The longhand; `None` for `all` and custom properties.
    pub const fn longhand(&self) -> Option<LonghandId> {
        match self {
            Self::Value(value) => Some(value.id()),
            Self::Logical(id, _) | Self::Wide(id, _) | Self::Unparsed(id, _) => Some(*id),
            Self::All(_) | Self::Custom(..) => None,
        }
    }
}

/// `!important` or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// Without `!important`.
    Normal,
    /// With `!important`.
    Important,
}

/// The declarations of a rule or a style attribute, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeclarationBlock {
    /// Each declaration with its importance.
    pub declarations: Vec<(Declaration, Importance)>,
    /// Whether one is important.
    pub has_important: bool,
    /// Whether one is normal.
    pub has_normal: bool,
}

impl DeclarationBlock {
    /// Adds declarations of one importance.
    pub fn extend(&mut self, declarations: impl IntoIterator<Item = Declaration>, importance: Importance) {
        let before = self.declarations.len();
        self.declarations.extend(declarations.into_iter().map(|d| (d, importance)));
        if self.declarations.len() > before {
            match importance {
                Importance::Normal => self.has_normal = true,
                Importance::Important => self.has_important = true,
            }
        }
    }
}

/// Parses the longhand `id`, physical or logical, without CSS-wide keywords.
pub(crate) fn parse_longhand(
    id: LonghandId,
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<Declaration> {
    match id.logical() {
        None => Value::parse(id, input, context).map(Declaration::Value),
        Some(row) => {
            let start = input.state();
            let ltr = Value::parse(row.ltr, input, context)?;
            let end = input.state();
            input.reset(&start);
            let rtl = Value::parse(row.rtl, input, context)?;
            input.reset(&end);
            Ok(Declaration::Logical(id, Box::new([ltr, rtl])))
        }
    }
}

/// Parses the value of a property that is not custom, without `!important`, into its longhands.
///
/// # Errors
/// When the value is invalid: the declaration is to be ignored.
pub fn parse_declaration(
    property: PropertyId,
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    out: &mut Vec<Declaration>,
) -> Parsed<()> {
    if let Ok(wide) = input.try_parse(|input| -> Parsed<WideKeyword> {
        let keyword = WideKeyword::from_keyword(input.expect_ident()?);
        input.expect_exhausted()?;
        keyword.map_or_else(invalid, Ok)
    }) {
        match property {
            PropertyId::Longhand(id) => out.push(Declaration::Wide(id, wide)),
            PropertyId::Shorthand(id) => {
                out.extend(id.longhands().iter().map(|&l| Declaration::Wide(l, wide)));
            }
            PropertyId::All => out.push(Declaration::All(wide)),
        }
        return Ok(());
    }
    let before = out.len();
    let parsed = match property {
        PropertyId::Longhand(id) => parse_longhand(id, input, context).map(|d| out.push(d)),
        PropertyId::Shorthand(id) => id.parse(input, context, out),
        PropertyId::All => invalid(),
    };
    if parsed.is_err() || !input.is_exhausted() {
        out.truncate(before);
        return invalid();
    }
    Ok(())
}

/// Parses a value that substitution has made whole; what is invalid gives no declarations.
pub(crate) fn parse_substituted(unparsed: &Unparsed, text: &str) -> Vec<Declaration> {
    let mut out = Vec::new();
    let context = ParseContext { base_url: &unparsed.base_url, quirks: unparsed.quirks };
    let mut input = Parser::new(text);
    // What is invalid now is invalid at computed-value time: no declarations.
    let _ = parse_declaration(unparsed.property, &mut input, &context, &mut out);
    out
}

/// Parses the contents of a `{}` block without nested rules, or a style attribute.
pub fn parse_block(text: &str, base_url: &Arc<Url>, quirks: bool) -> DeclarationBlock {
    let mut input = Parser::new(text);
    let mut parser =
        BlockParser { base_url, quirks, block: DeclarationBlock::default(), scratch: Vec::new() };
    for _ in RuleBodyParser::new(&mut input, &mut parser) {}
    parser.block
}

struct BlockParser<'a> {
    base_url: &'a Arc<Url>,
    quirks: bool,
    block: DeclarationBlock,
    scratch: Vec<Declaration>,
}

impl<'i> DeclarationParser<'i> for BlockParser<'_> {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _: &ParserState,
    ) -> Result<(), ParseError<()>> {
        if name.starts_with("--") {
            return self.custom(&name, input);
        }
        let Some(property) = PropertyId::from_name(&name) else { return invalid() };
        let start = input.state();
        let start_position = input.position();
        let context = ParseContext { base_url: self.base_url, quirks: self.quirks };
        self.scratch.clear();
        let importance = {
            // `!important` ends the value.
            let scratch = &mut self.scratch;
            let parsed = input.parse_until_before(cssparser::Delimiter::Bang, |input| {
                parse_declaration(property, input, &context, scratch)
            });
            match parsed {
                Ok(()) => importance(input)?,
                Err(_) => {
                    input.reset(&start);
                    let (text, importance) = value_text(input, start_position)?;
                    if !may_have_references(text) {
                        return invalid();
                    }
                    let unparsed = Arc::new(Unparsed {
                        property,
                        text: Arc::from(text),
                        base_url: Arc::clone(self.base_url),
                        quirks: self.quirks,
                    });
                    match property {
                        PropertyId::Longhand(id) => scratch.push(Declaration::Unparsed(id, unparsed)),
                        PropertyId::Shorthand(id) => scratch.extend(
                            id.longhands().iter().map(|&l| Declaration::Unparsed(l, Arc::clone(&unparsed))),
                        ),
                        PropertyId::All => return invalid(),
                    }
                    importance
                }
            }
        };
        self.block.extend(self.scratch.drain(..), importance);
        Ok(())
    }
}

impl BlockParser<'_> {
    fn custom(&mut self, name: &str, input: &mut Parser<'_>) -> Result<(), ParseError<()>> {
        let start = input.position();
        let (text, importance) = value_text(input, start)?;
        let text = text.trim();
        let value = match WideKeyword::from_keyword(text) {
            Some(WideKeyword::Inherit | WideKeyword::Unset) => CustomDeclaration::Value(CustomValue::Inherit),
            Some(WideKeyword::Initial) => CustomDeclaration::Value(CustomValue::Initial),
            Some(WideKeyword::Revert) => CustomDeclaration::Revert,
            Some(WideKeyword::RevertLayer) => CustomDeclaration::RevertLayer,
            None => CustomDeclaration::Value(CustomValue::Tokens(Arc::from(text))),
        };
        self.block.extend([Declaration::Custom(Arc::from(name), value)], importance);
        Ok(())
    }
}

/// The rest of the value as text, `!important` cut off.
fn value_text<'i>(
    input: &mut Parser<'i>,
    start: cssparser::SourcePosition,
) -> Result<(&'i str, Importance), ParseError<()>> {
    input.parse_until_before(cssparser::Delimiter::Bang, |input| -> Parsed<()> {
        while let Ok(token) = input.next_including_whitespace_and_comments() {
            if token.is_parse_error() {
                return invalid();
            }
        }
        Ok(())
    })?;
    let text = input.slice_from(start);
    Ok((text, importance(input)?))
}

fn importance(input: &mut Parser<'_>) -> Result<Importance, ParseError<()>> {
    if input.is_exhausted() {
        return Ok(Importance::Normal);
    }
    cssparser::parse_important(input)?;
    input.expect_exhausted()?;
    Ok(Importance::Important)
}

impl AtRuleParser<'_> for BlockParser<'_> {
    type Prelude = ();
    type AtRule = ();
    type Error = ();
}

impl QualifiedRuleParser<'_> for BlockParser<'_> {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();
}

impl RuleBodyItemParser<'_, (), ()> for BlockParser<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }
    fn parse_qualified(&self) -> bool {
        false
    }
}
