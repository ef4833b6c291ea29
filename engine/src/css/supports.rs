//! `@supports` conditions: <https://drafts.csswg.org/css-conditional-4/#at-supports>. They are answered when a sheet is
//! parsed, by asking the property table and the selector grammar.

use cssparser::{Parser, Token};
use url::Url;

use super::properties::{PropertyId, parse_declaration};
use super::selector::Selectors;
use super::specified::{ParseContext, Parsed, invalid};

/// Whether the condition holds.
///
/// # Errors
/// When it is none.
pub(crate) fn condition(input: &mut Parser<'_>, base_url: &Url) -> Parsed<bool> {
    if input.try_parse(|i| i.expect_ident_matching("not")).is_ok() {
        return Ok(!in_parens(input, base_url)?);
    }
    let mut holds = in_parens(input, base_url)?;
    let word = if input.try_parse(|i| i.expect_ident_matching("and")).is_ok() {
        "and"
    } else if input.try_parse(|i| i.expect_ident_matching("or")).is_ok() {
        "or"
    } else {
        return Ok(holds);
    };
    loop {
        let next = in_parens(input, base_url)?;
        holds = if word == "and" { holds && next } else { holds || next };
        if input.try_parse(|i| i.expect_ident_matching(word)).is_err() {
            return Ok(holds);
        }
    }
}

/// The depth is bounded by the parser's limit on nested blocks.
fn in_parens(input: &mut Parser<'_>, base_url: &Url) -> Parsed<bool> {
    match input.next()?.clone() {
        Token::ParenthesisBlock => input.parse_nested_block(|input| {
            if let Ok(holds) = input.try_parse(|input| {
                let holds = condition(input, base_url)?;
                input.expect_exhausted()?;
                Parsed::Ok(holds)
            }) {
                return Ok(holds);
            }
            Ok(declaration(input, base_url))
        }),
        Token::Function(name) if name.eq_ignore_ascii_case("selector") => input.parse_nested_block(|input| {
            let start = input.position();
            while input.next().is_ok() {}
            Ok(Selectors::parse(input.slice_from(start), None).is_some())
        }),
        Token::Function(_) => input.parse_nested_block(|input| {
            while input.next().is_ok() {}
            Ok(false)
        }),
        _ => invalid(),
    }
}

/// A declaration (or something of a future level) in parentheses; reads to the end.
pub(crate) fn declaration(input: &mut Parser<'_>, base_url: &Url) -> bool {
    let holds = (|| -> Parsed<bool> {
        let name = input.expect_ident_cloned()?;
        input.expect_colon()?;
        if name.starts_with("--") {
            return Ok(true);
        }
        let Some(property) = PropertyId::from_name(&name) else { return Ok(false) };
        let context = ParseContext { base_url, quirks: false };
        let start = input.position();
        let parsed = input.parse_until_before(cssparser::Delimiter::Bang, |input| {
            parse_declaration(property, input, &context, &mut Vec::new())
        });
        while input.next().is_ok() {}
        Ok(parsed.is_ok() || super::custom::may_have_references(input.slice_from(start)))
    })();
    while input.next().is_ok() {}
    holds.unwrap_or(false)
}
