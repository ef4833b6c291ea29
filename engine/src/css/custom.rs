//! Custom properties and `var()`: <https://drafts.csswg.org/css-variables-1/>.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cssparser::{Parser, Token};

use crate::limits::{MAX_SUBSTITUTED_BYTES, MAX_VARIABLE_BLOCKS, MAX_VARIABLE_DEPTH};

/// How many links a chain of inherited maps may have before it is copied into one.
const MAX_CHAIN: u32 = 8;

/// The custom properties of an element: its own over its parent's.
#[derive(Debug, Clone, Default)]
pub struct CustomProperties {
    parent: Option<Arc<CustomProperties>>,
    chain: u32,
    /// Values without `var()`. `None`: invalid, hides an inherited value.
    own: HashMap<Arc<str>, Option<Arc<str>>>,
}

impl PartialEq for CustomProperties {
    /// Equal when every name has the same value.
    fn eq(&self, other: &Self) -> bool {
        self.flattened() == other.flattened()
    }
}

impl CustomProperties {
    /// The value of a property (name with its `--`), as tokens without `var()`.
    pub fn get(&self, name: &str) -> Option<&Arc<str>> {
        let mut map = self;
        loop {
            if let Some(value) = map.own.get(name) {
                return value.as_ref();
            }
            map = map.parent.as_deref()?;
        }
    }

    /// All names and values, sorted by name.
    pub fn flattened(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let mut all: HashMap<&Arc<str>, &Option<Arc<str>>> = HashMap::new();
        let mut map = Some(self);
        while let Some(level) = map {
            for (name, value) in &level.own {
                all.entry(name).or_insert(value);
            }
            map = level.parent.as_deref();
        }
        let mut list: Vec<_> = all
            .into_iter()
            .filter_map(|(name, value)| Some((Arc::clone(name), Arc::clone(value.as_ref()?))))
            .collect();
        list.sort();
        list
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.parent.as_ref().is_none_or(|p| p.is_empty())
    }
}

/// What the cascade found for one custom property.
#[derive(Debug, Clone, PartialEq)]
pub enum CustomValue {
    /// Tokens, perhaps with `var()`.
    Tokens(Arc<str>),
    /// `initial`: nothing.
    Initial,
    /// `inherit`, `unset`
    Inherit,
}

/// Resolves the custom properties of an element: `declared` over those of the parent.
/// <https://drafts.csswg.org/css-variables-1/#cycles>
pub fn resolve(
    parent: &Arc<CustomProperties>,
    declared: &[(Arc<str>, CustomValue)],
) -> Arc<CustomProperties> {
    if declared.is_empty() {
        return Arc::clone(parent);
    }
    let mut resolver = Resolver {
        parent,
        declared: declared.iter().map(|(name, value)| (&**name, value)).collect(),
        done: HashMap::new(),
        path: Vec::new(),
        cyclic: HashSet::new(),
    };
    for (name, _) in declared {
        resolver.lookup(name);
    }
    let cyclic = resolver.cyclic;
    let mut own: HashMap<Arc<str>, Option<Arc<str>>> = resolver
        .done
        .into_iter()
        .map(|(name, value)| {
            let value = if cyclic.contains(&name) { None } else { value };
            (name, value)
        })
        .collect();
    let base = if parent.is_empty() {
        None
    } else if parent.chain >= MAX_CHAIN {
        for (name, value) in parent.flattened() {
            own.entry(name).or_insert(Some(value));
        }
        None
    } else {
        Some(Arc::clone(parent))
    };
    Arc::new(CustomProperties { chain: base.as_ref().map_or(0, |b| b.chain + 1), parent: base, own })
}

struct Resolver<'a> {
    parent: &'a CustomProperties,
    declared: HashMap<&'a str, &'a CustomValue>,
    done: HashMap<Arc<str>, Option<Arc<str>>>,
    path: Vec<String>,
    cyclic: HashSet<Arc<str>>,
}

impl Resolver<'_> {
    fn lookup(&mut self, name: &str) -> Option<Arc<str>> {
        if let Some(value) = self.done.get(name) {
            return value.clone();
        }
        if let Some(start) = self.path.iter().position(|n| n == name) {
            // Every property on the cycle is invalid.
            self.cyclic.extend(self.path[start..].iter().map(|n| Arc::from(n.as_str())));
            return None;
        }
        if self.path.len() >= MAX_VARIABLE_DEPTH {
            return None;
        }
        let Some(declared) = self.declared.get(name).copied() else {
            return self.parent.get(name).cloned();
        };
        let value = match declared {
            CustomValue::Initial => None,
            CustomValue::Inherit => self.parent.get(name).cloned(),
            CustomValue::Tokens(text) if !may_have_references(text) => Some(Arc::clone(text)),
            CustomValue::Tokens(text) => {
                self.path.push(name.to_owned());
                let value = substitute_with(text, &mut |name| self.lookup(name)).map(Arc::from);
                self.path.pop();
                value
            }
        };
        let value = if self.cyclic.contains(name) { None } else { value };
        self.done.insert(Arc::from(name), value.clone());
        value
    }
}

/// Whether `text` may have a `var()` or `env()`: cheap, errs on the side of yes.
pub(crate) fn may_have_references(text: &str) -> bool {
    text.as_bytes().windows(4).any(|w| w.eq_ignore_ascii_case(b"var(") || w.eq_ignore_ascii_case(b"env("))
}

/// `text` with every `var()` replaced; `None` when one has neither value nor fallback, or the result is too long.
pub fn substitute(text: &str, properties: &CustomProperties) -> Option<String> {
    substitute_with(text, &mut |name| properties.get(name).cloned())
}

/// <https://drafts.csswg.org/css-variables-1/#substitute-a-var>
fn substitute_with(text: &str, lookup: &mut dyn FnMut(&str) -> Option<Arc<str>>) -> Option<String> {
    let mut out = String::with_capacity(text.len() * 2);
    let mut input = Parser::new(text);
    // Lookups nest too, so the blocks of each text may nest less.
    input.set_nested_block_limit(MAX_VARIABLE_BLOCKS);
    copy_tokens(&mut input, lookup, &mut out).ok()?;
    Some(out)
}

type Copied = Result<(), cssparser::ParseError<()>>;

/// Copies the rest of the current block. The depth is bounded by the parser's limit on nested blocks.
fn copy_tokens(
    input: &mut Parser<'_>,
    lookup: &mut dyn FnMut(&str) -> Option<Arc<str>>,
    out: &mut String,
) -> Copied {
    let mut start = input.position();
    loop {
        let before = input.position();
        let close = match input.next_including_whitespace_and_comments() {
            Err(_) => {
                out.push_str(input.slice_from(start));
                return Ok(());
            }
            Ok(Token::Function(name)) => {
                let is_var = name.eq_ignore_ascii_case("var");
                if is_var || name.eq_ignore_ascii_case("env") {
                    out.push_str(input.slice(start..before));
                    input.parse_nested_block(|input| reference(is_var, input, lookup, out))?;
                    start = input.position();
                    continue;
                }
                ")"
            }
            Ok(Token::ParenthesisBlock) => ")",
            Ok(Token::SquareBracketBlock) => "]",
            Ok(Token::CurlyBracketBlock) => "}",
            Ok(_) => continue,
        };
        out.push_str(input.slice_from(start));
        input.parse_nested_block(|input| copy_tokens(input, lookup, out))?;
        out.push_str(close);
        if out.len() > MAX_SUBSTITUTED_BYTES {
            return Err(cssparser::ParseError::unexpected_token());
        }
        start = input.position();
    }
}

/// The inside of `var(name, fallback)`.
fn reference(
    is_var: bool,
    input: &mut Parser<'_>,
    lookup: &mut dyn FnMut(&str) -> Option<Arc<str>>,
    out: &mut String,
) -> Copied {
    let name = input.expect_ident_cloned()?;
    if is_var && !name.starts_with("--") {
        return Err(cssparser::ParseError::unexpected_token());
    }
    while !is_var && input.try_parse(Parser::expect_integer).is_ok() {}
    let has_fallback = input.try_parse(Parser::expect_comma).is_ok();
    if !has_fallback {
        input.expect_exhausted()?;
    }
    // No environment variable is defined: there is no notch here.
    let value = if is_var { lookup(&name) } else { safe_area(&name) };
    match value {
        Some(value) => {
            // Comments keep tokens apart that would join.
            out.push_str("/**/");
            out.push_str(&value);
            out.push_str("/**/");
            if out.len() > MAX_SUBSTITUTED_BYTES {
                return Err(cssparser::ParseError::unexpected_token());
            }
            while input.next().is_ok() {}
            Ok(())
        }
        None if has_fallback => {
            out.push_str("/**/");
            copy_tokens(input, lookup, out)?;
            out.push_str("/**/");
            Ok(())
        }
        None => Err(cssparser::ParseError::unexpected_token()),
    }
}

/// The environment variables that every browser defines: <https://drafts.csswg.org/css-env-1/#safe-area-insets>.
fn safe_area(name: &str) -> Option<Arc<str>> {
    name.starts_with("safe-area-inset-").then(|| Arc::from("0px"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(declared: &[(&str, &str)]) -> Arc<CustomProperties> {
        let declared: Vec<_> = declared
            .iter()
            .map(|(name, value)| (Arc::from(*name), CustomValue::Tokens(Arc::from(*value))))
            .collect();
        resolve(&Arc::default(), &declared)
    }

    fn without_comments(text: Option<String>) -> Option<String> {
        text.map(|t| t.replace("/**/", "").split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn references_and_fallbacks() {
        let map = resolved(&[("--a", "1px"), ("--b", "calc(var(--a) * 2)"), ("--c", "var(--x, var(--a))")]);
        assert_eq!(without_comments(substitute("var(--b) x", &map)).as_deref(), Some("calc(1px * 2) x"));
        assert_eq!(without_comments(substitute("var(--c)", &map)).as_deref(), Some("1px"));
        assert_eq!(substitute("var(--missing)", &map), None);
        assert_eq!(without_comments(substitute("var(--missing,)", &map)).as_deref(), Some(""));
    }

    #[test]
    fn cycles_are_invalid() {
        let map = resolved(&[("--a", "var(--b)"), ("--b", "var(--a, 1px)"), ("--c", "var(--a, 2px)")]);
        assert_eq!(map.get("--a"), None);
        assert_eq!(map.get("--b"), None);
        assert_eq!(without_comments(substitute("var(--c)", &map)).as_deref(), Some("2px"));
    }

    #[test]
    fn growth_is_bounded() {
        let mut declared = vec![("--0".to_owned(), "lol lol lol lol".to_owned())];
        for i in 1..60 {
            let before = format!("var(--{})", i - 1);
            declared.push((format!("--{i}"), before.repeat(10)));
        }
        let declared: Vec<(&str, &str)> = declared.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(resolved(&declared).get("--59"), None);
    }
}
