//! The walk over a document: which rules match each element, and the style that they make.

use std::collections::HashMap;
use std::sync::Arc;

use url::Url;

use crate::css::computed::{ComputedStyle, Content};
use crate::css::media::Device;
use crate::css::parser::parse_stylesheet;
use crate::css::properties::{DeclarationBlock, parse_block};
use crate::css::rule::Origin;
use crate::css::selector::{Matcher, PseudoElementKind};
use crate::css::values::{Display, PositionProperty};
use crate::dom::{Document, ElementData, NodeId, QuirksMode, local_name, ns};

use super::adjust::{Place, adjust, form_control, place_in, text_align};
use super::cascade::{AUTHOR_LEVEL, Applicable, Cascade, HINTS_LEVEL, Subject};
use super::font_metrics::FontMetricsProvider;
use super::hints::hints;
use super::index::{RuleIndex, SheetRef, origin_rank};
use super::map::{PseudoElement, StyleMap};

/// The browser's own sheet.
const USER_AGENT: &str = include_str!("../css/ua.css");
/// What it adds in quirks mode.
const QUIRKS: &str = include_str!("../css/quirks.css");

/// Computes the style of every element and pseudo-element of `document`.
///
/// `sheets` are the page's own, in cascade order (document order), and the reader's; the browser's is built in.
/// The cost is linear in the number of elements times the rules that could match each.
pub fn resolve(
    document: &Document,
    sheets: &[SheetRef],
    device: &Device,
    fonts: &dyn FontMetricsProvider,
) -> StyleMap {
    let quirks = document.quirks_mode == QuirksMode::Quirks;
    let mut all = browser_sheets(&document.url, quirks);
    all.extend(sheets.iter().cloned());
    let index = RuleIndex::new(&all, device, document.quirks_mode);
    let mut walk = Walk {
        document,
        index: &index,
        cascade: Cascade::new(device, fonts),
        matcher: Matcher::new(document),
        shared: HashMap::new(),
        map: StyleMap::with_slots(document.node_slots()),
        matches: Vec::new(),
        base_url: Arc::new(document.base_url.clone()),
        quirks,
    };
    walk.document();
    walk.map
}

/// The browser's sheets.
fn browser_sheets(url: &Url, quirks: bool) -> Vec<SheetRef> {
    let parse = |text: &str| SheetRef::new(Arc::new(parse_stylesheet(text, url, Origin::UserAgent, false).0));
    let mut sheets = vec![parse(USER_AGENT)];
    if quirks {
        sheets.push(parse(QUIRKS));
    }
    sheets
}

/// What elements must have in common to have one style.
#[derive(Debug, PartialEq, Eq, Hash)]
struct SharingKey {
    parent: *const ComputedStyle,
    place: Place,
    rules: Vec<u32>,
}

struct Walk<'a> {
    document: &'a Document,
    index: &'a RuleIndex<'a>,
    cascade: Cascade<'a>,
    matcher: Matcher<'a>,
    shared: HashMap<SharingKey, Arc<ComputedStyle>>,
    map: StyleMap,
    /// Scratch: the entries that match the current element.
    matches: Vec<u32>,
    base_url: Arc<Url>,
    quirks: bool,
}

impl Walk<'_> {
    fn document(&mut self) {
        let initial = Arc::new(self.cascade.initial.clone());
        let root = self.document.document_element();
        // The place of children by element: behind `display: contents` it is that of the parent's children.
        let mut places: Vec<(NodeId, Place)> = Vec::new();
        let elements: Vec<NodeId> = self.document.elements().collect();
        for element in elements {
            let parent = self.document.parent_element(element);
            self.matcher.pop_to(parent);
            while places.last().is_some_and(|(id, _)| Some(*id) != parent) {
                places.pop();
            }
            let parent_style =
                parent.and_then(|p| self.map.get(p)).map_or_else(|| Arc::clone(&initial), Arc::clone);
            let place = if root == Some(element) {
                Place::Root
            } else {
                places.last().map_or(Place::Flow, |(_, place)| *place)
            };
            let style = self.element(element, &parent_style, place);
            if place == Place::Root {
                self.cascade.root_font_size = style.font.font_size;
            }
            let inside = if style.box_.display == Display::Contents && place != Place::Root {
                place
            } else {
                place_in(&style)
            };
            self.map.insert(element, style);
            if self.document.node(element).first_child().is_some() {
                self.matcher.push(element);
                places.push((element, inside));
            }
        }
    }

    /// The style of one element; its pseudo-elements' are put into the map.
    fn element(&mut self, element: NodeId, parent: &Arc<ComputedStyle>, place: Place) -> Arc<ComputedStyle> {
        let document = self.document;
        let data = document.element(element).expect("the walk visits elements only");
        let mut matches = std::mem::take(&mut self.matches);
        matches.clear();
        self.index.matching(document, element, &mut self.matcher, &mut matches);
        let own: Vec<u32> =
            matches.iter().copied().filter(|&at| self.index.entry(at).selector.pseudo.is_none()).collect();
        let has_pseudo = own.len() < matches.len();

        let hints = hints(document, element);
        let attribute = data
            .attribute(&local_name!("style"))
            .filter(|text| !text.trim().is_empty())
            .map(|text| parse_block(text, &self.base_url, self.quirks));
        let language = language(data);
        let sharable = hints.is_none() && attribute.is_none() && language.is_none() && place != Place::Root;
        let key = sharable.then(|| SharingKey { parent: Arc::as_ptr(parent), place, rules: own.clone() });
        let known = key.as_ref().and_then(|key| self.shared.get(key)).cloned();
        let style = match known {
            Some(style) => style,
            None => {
                let subject = Subject { parent, attribute: &|name| attribute_value(data, name), language };
                let applicable = applicable(self.index, &own, hints.as_ref(), attribute.as_ref());
                let mut style = self.cascade.style(&applicable, &subject);
                text_align(&mut style, parent, data);
                form_control(&mut style, data);
                adjust(&mut style, place);
                let style = Arc::new(style);
                if let Some(key) = key {
                    self.shared.insert(key, Arc::clone(&style));
                }
                style
            }
        };
        if has_pseudo {
            self.pseudo_elements(element, data, &style, &matches);
        }
        self.matches = matches;
        style
    }

    fn pseudo_elements(
        &mut self,
        element: NodeId,
        data: &ElementData,
        style: &Arc<ComputedStyle>,
        matches: &[u32],
    ) {
        for (kind, pseudo) in [
            (PseudoElementKind::Before, PseudoElement::Before),
            (PseudoElementKind::After, PseudoElement::After),
            (PseudoElementKind::Marker, PseudoElement::Marker),
            (PseudoElementKind::FirstLetter, PseudoElement::FirstLetter),
        ] {
            let rules: Vec<u32> = matches
                .iter()
                .copied()
                .filter(|&at| self.index.entry(at).selector.pseudo == Some(kind))
                .collect();
            let is_marker = pseudo == PseudoElement::Marker;
            if rules.is_empty() || (is_marker && style.box_.display != Display::ListItem) {
                continue;
            }
            let subject =
                Subject { parent: style, attribute: &|name| attribute_value(data, name), language: None };
            let applicable = applicable(self.index, &rules, None, None);
            let mut pseudo_style = self.cascade.style(&applicable, &subject);
            if pseudo == PseudoElement::FirstLetter {
                // css-pseudo-4 first-letter-styling: of what concerns boxes, only `float` applies.
                let box_ = Arc::make_mut(&mut pseudo_style.box_);
                (box_.position, box_.display) = (PositionProperty::Static, Display::Inline);
            }
            adjust(&mut pseudo_style, place_in(style));
            let generates = match pseudo_style.misc.content {
                // `content` does not apply to it.
                _ if pseudo == PseudoElement::FirstLetter => true,
                Content::None => false,
                Content::Normal => is_marker,
                Content::Items(_) => true,
            };
            if generates
                && (pseudo_style.box_.display != Display::None
                    || is_marker
                    || pseudo == PseudoElement::FirstLetter)
            {
                self.map.insert_pseudo(element, pseudo, Arc::new(pseudo_style));
            }
        }
    }
}

/// The value of an attribute in no namespace, by its name in any case.
fn attribute_value(data: &ElementData, name: &str) -> Option<Arc<str>> {
    data.attributes()
        .iter()
        .find(|a| a.name.ns == ns!() && str::eq_ignore_ascii_case(&a.name.local, name))
        .map(|a| Arc::from(a.value.as_str()))
}

/// The element's own language: <https://html.spec.whatwg.org/#attr-lang>.
fn language(data: &ElementData) -> Option<Arc<str>> {
    let named = |in_xml: bool| {
        data.attributes().iter().find(|a| {
            *a.name.local == *"lang" && if in_xml { a.name.ns == ns!(xml) } else { a.name.ns == ns!() }
        })
    };
    named(true).or_else(|| named(false)).map(|a| Arc::from(a.value.as_str()))
}

/// The blocks of those entries, of the hints and of the style attribute, from weak to strong.
fn applicable<'b>(
    index: &'b RuleIndex<'_>,
    entries: &[u32],
    hints: Option<&'b DeclarationBlock>,
    attribute: Option<&'b DeclarationBlock>,
) -> Vec<Applicable<'b>> {
    let mut list: Vec<Applicable<'b>> = entries
        .iter()
        .map(|&at| {
            let entry = index.entry(at);
            Applicable {
                block: entry.rule.block(entry.sheet),
                level: origin_rank(entry.sheet.origin),
                layer: index.layer_order(entry),
                specificity: entry.selector.specificity,
                order: entry.order,
            }
        })
        .collect();
    list.extend(hints.map(|block| Applicable {
        block,
        level: HINTS_LEVEL,
        layer: 0,
        specificity: 0,
        order: 0,
    }));
    list.extend(attribute.map(|block| Applicable {
        block,
        level: AUTHOR_LEVEL,
        layer: u32::MAX,
        specificity: u32::MAX,
        order: u32::MAX,
    }));
    list.sort_by_key(|a| (a.level, a.layer, a.specificity, a.order));
    list
}
