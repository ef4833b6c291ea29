//! A parsed sheet: rules with their selectors. Declarations stay text until an element matches.
//!
//! Of a large sheet most rules never match anything, so [`StyleRule::block`] parses a rule's values when it is first
//! asked and keeps them; parsing a sheet only finds where rules begin and end, and reads their selectors.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use url::Url;

use super::font_face::FontFace;
use super::media::MediaQueryList;
use super::properties::{DeclarationBlock, parse_block};
use super::selector::Selectors;

/// Where a sheet comes from: <https://drafts.csswg.org/css-cascade-5/#origin>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The browser's own.
    UserAgent,
    /// The reader's.
    User,
    /// The page's.
    Author,
}

/// A style sheet.
#[derive(Debug)]
pub struct Stylesheet {
    pub(crate) text: Arc<str>,
    /// What relative URLs in it resolve against.
    pub base_url: Arc<Url>,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether values are parsed with the quirks of old pages.
    pub quirks: bool,
    pub(crate) rules: Vec<Rule>,
    pub(crate) imports: Vec<Import>,
}

/// A rule.
#[derive(Debug)]
pub(crate) enum Rule {
    Style(StyleRule),
    Media(MediaQueryList, Vec<Rule>),
    /// `@layer name { … }`; `None` is a layer without name, another one each time.
    Layer(Option<LayerName>, Vec<Rule>),
    /// `@layer a, b;`
    LayerOrder(Vec<LayerName>),
    FontFace(FontFace),
    /// The import with that index.
    Import(usize),
}

/// The parts of a layer's name: `a.b` is `["a", "b"]`.
pub type LayerName = Vec<Arc<str>>;

/// `@import`
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The absolute URL.
    pub url: Url,
    /// When the sheet applies.
    pub media: MediaQueryList,
    /// `layer` or `layer(name)`: the layer that the sheet goes into, `Some(None)` for one without name.
    pub layer: Option<Option<LayerName>>,
    /// Whether `supports()` holds (true without it). A sheet that is not supported is not to be fetched.
    pub supported: bool,
}

/// Selectors with declarations.
#[derive(Debug)]
pub struct StyleRule {
    /// Which elements.
    pub selectors: Selectors,
    range: Range<u32>,
    block: OnceLock<Arc<DeclarationBlock>>,
}

impl StyleRule {
    pub(crate) fn new(selectors: Selectors, range: Range<u32>) -> Self {
        Self { selectors, range, block: OnceLock::new() }
    }

    /// The declarations; parsed when first asked.
    pub fn block(&self, sheet: &Stylesheet) -> &Arc<DeclarationBlock> {
        self.block.get_or_init(|| {
            let range = self.range.start as usize..self.range.end as usize;
            let text = sheet.text.get(range).unwrap_or_default();
            Arc::new(parse_block(text, &sheet.base_url, sheet.quirks))
        })
    }
}

impl Stylesheet {
    /// The `@import` rules, in order.
    pub fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// The `@font-face` rules that apply on `device`, in order; those of imported sheets are in them.
    pub fn font_faces(&self, device: &super::media::Device) -> Vec<&FontFace> {
        let mut found = Vec::new();
        collect_font_faces(&self.rules, device, &mut found);
        found
    }

    /// How many style rules there are, nested ones too.
    pub fn rule_count(&self) -> usize {
        fn count(rules: &[Rule]) -> usize {
            rules
                .iter()
                .map(|rule| match rule {
                    Rule::Style(_) => 1,
                    Rule::Media(_, rules) | Rule::Layer(_, rules) => count(rules),
                    Rule::LayerOrder(_) | Rule::FontFace(_) | Rule::Import(_) => 0,
                })
                .sum()
        }
        count(&self.rules)
    }
}

/// The depth of rules is bounded by the parser's limit on nested blocks.
fn collect_font_faces<'a>(rules: &'a [Rule], device: &super::media::Device, found: &mut Vec<&'a FontFace>) {
    for rule in rules {
        match rule {
            Rule::FontFace(face) => found.push(face),
            Rule::Media(media, rules) if media.matches(device) => collect_font_faces(rules, device, found),
            Rule::Layer(_, rules) => collect_font_faces(rules, device, found),
            Rule::Media(..) | Rule::Style(_) | Rule::LayerOrder(_) | Rule::Import(_) => {}
        }
    }
}
