//! Counters and the depth of quotations, in document order: <https://drafts.csswg.org/css-lists-3/#auto-numbering>,
//! <https://html.spec.whatwg.org/#ordinal-value>, <https://drafts.csswg.org/css-content-3/#quotes>.

use std::collections::HashMap;
use std::sync::Arc;

use siskin_engine::css::values::Display;
use siskin_engine::dom::{Document, NodeId, local_name};
use siskin_engine::style::ComputedStyle;

use super::generated::parse_integer;

/// The counters of the element that is being built.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// The instances of each counter that are in scope, innermost last.
    instances: HashMap<Arc<str>, Vec<Instance>>,
    /// The instances in the order in which they came: their level and name.
    made: Vec<(usize, Arc<str>)>,
    /// How many elements are open.
    depth: usize,
    quote_depth: usize,
}

#[derive(Debug, Clone, Copy)]
struct Instance {
    /// The depth of the element that made it.
    level: usize,
    value: i32,
    /// What a list item adds.
    step: i32,
}

/// The counter of list items.
const LIST_ITEM: &str = "list-item";

impl Counters {
    /// Enters an element or pseudo-element that makes a box, or has `display: contents`; [`Self::leave`] follows.
    /// <https://drafts.csswg.org/css-lists-3/#counters-without-boxes>, and the order of
    /// <https://drafts.csswg.org/css-lists-3/#creating-counters>: reset, increment, set. `element` is `None` for
    /// pseudo-elements.
    pub(super) fn enter(&mut self, document: &Document, element: Option<NodeId>, style: &ComputedStyle) {
        // What elements at depth n made is dropped when their parent is left.
        let level = self.depth;
        self.depth += 1;
        for (name, value) in &style.misc.counter_reset {
            self.reset(name, Instance { level, value: *value, step: 1 });
        }
        let mut increments_items = false;
        for (name, by) in &style.misc.counter_increment {
            increments_items |= &**name == LIST_ITEM;
            let instance = self.innermost(name, level);
            instance.value = instance.value.saturating_add(*by);
        }
        if style.box_.display == Display::ListItem && !increments_items {
            let instance = self.innermost(&Arc::from(LIST_ITEM), level);
            instance.value = instance.value.saturating_add(instance.step);
        }
        if let Some(value) = element.and_then(|element| item_value(document, element)) {
            self.innermost(&Arc::from(LIST_ITEM), level).value = value;
        }
        for (name, value) in &style.misc.counter_set {
            self.innermost(name, level).value = *value;
        }
        if !style.misc.counter_reset.iter().any(|(name, _)| &**name == LIST_ITEM) {
            self.enter_list(document, element, level + 1);
        }
    }

    /// Leaves the element: what its children made goes out of scope.
    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        while let Some((_, name)) = self.made.pop_if(|(level, _)| *level > self.depth) {
            if let Some(instances) = self.instances.get_mut(&name) {
                instances.pop();
            }
        }
    }

    /// `ol`, `ul` and `menu` number their items. `DEVIATION:` their counter is not in scope for what follows them,
    /// as HTML numbers items by the list that they stand in.
    fn enter_list(&mut self, document: &Document, element: Option<NodeId>, level: usize) {
        let Some((element, data)) = element.and_then(|e| Some((e, document.element(e)?))) else { return };
        let is_ordered = data.is_html(&local_name!("ol"));
        if !is_ordered && !data.is_html(&local_name!("ul")) && !data.is_html(&local_name!("menu")) {
            return;
        }
        let reversed = is_ordered && data.attribute(&local_name!("reversed")).is_some();
        let step = if reversed { -1 } else { 1 };
        let start = data.attribute(&local_name!("start")).filter(|_| is_ordered).and_then(parse_integer);
        let first = start.unwrap_or_else(|| if reversed { count_items(document, element) } else { 1 });
        let instance = Instance { level, value: first.saturating_sub(step), step };
        self.reset(&Arc::from(LIST_ITEM), instance);
    }

    /// <https://drafts.csswg.org/css-lists-3/#instantiate-counter>: in place of a sibling's counter of that name.
    fn reset(&mut self, name: &Arc<str>, instance: Instance) {
        let instances = self.instances.entry(Arc::clone(name)).or_default();
        match instances.last_mut() {
            Some(last) if last.level == instance.level => *last = instance,
            _ => {
                instances.push(instance);
                self.made.push((instance.level, Arc::clone(name)));
            }
        }
    }

    /// The innermost instance; the element at `level` makes one if there is none.
    fn innermost(&mut self, name: &Arc<str>, level: usize) -> &mut Instance {
        let instances = self.instances.entry(Arc::clone(name)).or_default();
        if instances.is_empty() {
            instances.push(Instance { level, value: 0, step: 1 });
            self.made.push((level, Arc::clone(name)));
        }
        let last = instances.len() - 1;
        &mut instances[last]
    }

    /// The number of the list item that was entered last.
    pub(super) fn item(&self) -> i32 {
        self.value(LIST_ITEM)
    }

    /// `counter()`: the innermost value; 0 where there is none.
    pub(super) fn value(&self, name: &str) -> i32 {
        self.instances.get(name).and_then(|instances| instances.last()).map_or(0, |instance| instance.value)
    }

    /// `counters()`: all values, outermost first.
    pub(super) fn values(&self, name: &str) -> Vec<i32> {
        match self.instances.get(name) {
            Some(instances) if !instances.is_empty() => instances.iter().map(|i| i.value).collect(),
            _ => vec![0],
        }
    }

    /// The depth of a quotation that begins here.
    pub(super) const fn open_quote(&mut self) -> usize {
        let depth = self.quote_depth;
        self.quote_depth = depth.saturating_add(1);
        depth
    }

    /// The depth of the quotation that ends here; `None` if none is open.
    pub(super) const fn close_quote(&mut self) -> Option<usize> {
        match self.quote_depth.checked_sub(1) {
            Some(depth) => {
                self.quote_depth = depth;
                Some(depth)
            }
            None => None,
        }
    }
}

fn item_value(document: &Document, element: NodeId) -> Option<i32> {
    let data = document.element(element).filter(|e| e.is_html(&local_name!("li")))?;
    data.attribute(&local_name!("value")).and_then(parse_integer)
}

fn count_items(document: &Document, list: NodeId) -> i32 {
    let items = document
        .children(list)
        .filter(|&child| document.element(child).is_some_and(|e| e.is_html(&local_name!("li"))))
        .count();
    i32::try_from(items).unwrap_or(i32::MAX)
}

/// The quotation marks of a language, outer and inner: <https://html.spec.whatwg.org/#quotes>. Blink's, which falls
/// back on plain ones where the language is not known.
pub(super) fn quotation_mark(language: &str, depth: usize, opens: bool) -> &'static str {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let marks = match primary.as_str() {
        "en" | "zh" | "ko" | "vi" | "th" | "tr" | "pt" | "nl" | "ga" | "hi" => ["“", "”", "‘", "’"],
        "de" | "cs" | "sk" | "sl" | "is" | "lt" => ["„", "“", "‚", "‘"],
        "fr" => ["«", "»", "«", "»"],
        "it" | "es" | "el" => ["«", "»", "“", "”"],
        "ru" | "uk" => ["«", "»", "„", "“"],
        "pl" | "hu" | "ro" => ["„", "”", "«", "»"],
        "sv" | "fi" => ["”", "”", "’", "’"],
        "da" | "nb" | "no" => ["«", "»", "‘", "’"],
        "ja" => ["「", "」", "『", "』"],
        _ => ["\"", "\"", "'", "'"],
    };
    marks[usize::from(depth > 0) * 2 + usize::from(!opens)]
}
