//! The entry list of a form: <https://html.spec.whatwg.org/#constructing-the-form-data-set>.

use std::collections::HashMap;

use super::owner::{form_owner, is_disabled};
use super::submit::is_submit_button;
use crate::dom::{Document, ElementData, NodeId, first_strong_is_rtl, local_name};

/// What the user has done to controls, where that is not what their attributes say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ControlStates {
    /// Texts typed, by control.
    pub values: HashMap<NodeId, String>,
    /// Check boxes and radio buttons switched on or off, and options chosen or not.
    pub checked: HashMap<NodeId, bool>,
}

/// A name with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// The value.
    pub value: EntryValue,
}

/// What an entry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryValue {
    /// Text.
    Text(String),
    /// A file control without a file: an empty file without a name.
    NoFile,
}

/// The entries of `form` when `submitter` sends it, its image clicked at `point` (CSS px in it). Steps as in the standard.
pub fn entry_list(
    document: &Document,
    form: NodeId,
    submitter: Option<NodeId>,
    point: (i32, i32),
    encoding: &str,
    states: &ControlStates,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    // Steps 3 and 4: the submittable elements whose owner the form is, in tree order.
    for node in document.elements() {
        let Some(element) = document.element(node).filter(|e| is_submittable(e)) else { continue };
        if form_owner(document, node) != Some(form) {
            continue;
        }
        let control = Control { document, node, element, states };
        control.entries(submitter, point, encoding, &mut entries);
    }
    entries
}

struct Control<'a> {
    document: &'a Document,
    node: NodeId,
    element: &'a ElementData,
    states: &'a ControlStates,
}

impl Control<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.element.attribute(&name.into())
    }

    /// Step 5 for one control.
    fn entries(
        &self,
        submitter: Option<NodeId>,
        (x, y): (i32, i32),
        encoding: &str,
        entries: &mut Vec<Entry>,
    ) {
        let kind = input_type(self.element);
        let is_submitter = submitter == Some(self.node);
        let is_datalist =
            |node: NodeId| self.document.element(node).is_some_and(|e| e.is_html(&local_name!("datalist")));
        // 5.1: what is not sent.
        if self.document.ancestors(self.node).any(is_datalist)
            || is_disabled(self.document, self.node)
            || (is_button(self.element) && !is_submitter)
            || (matches!(kind, "checkbox" | "radio") && !self.is_checked())
        {
            return;
        }
        let name = self.attribute("name").unwrap_or_default();
        let mut push = |name: &str, value: String| {
            entries.push(Entry { name: name.to_owned(), value: EntryValue::Text(value) });
        };
        // 5.2: the point of an image button.
        if kind == "image" {
            let prefix = if name.is_empty() { String::new() } else { format!("{name}.") };
            push(&format!("{prefix}x"), x.to_string());
            push(&format!("{prefix}y"), y.to_string());
            return;
        }
        // 5.4
        if name.is_empty() {
            return;
        }
        if self.element.is_html(&local_name!("select")) {
            for option in self.chosen_options() {
                push(name, option_value(self.document, option));
            }
            return;
        }
        match kind {
            "checkbox" | "radio" => push(name, self.attribute("value").unwrap_or("on").to_owned()),
            "file" => entries.push(Entry { name: name.to_owned(), value: EntryValue::NoFile }),
            "hidden" if name.eq_ignore_ascii_case("_charset_") => push(name, encoding.to_owned()),
            _ => push(name, self.value(kind)),
        }
        // 5.11: the direction of what was typed.
        let has_direction = self.element.is_html(&local_name!("textarea"))
            || matches!(
                kind,
                "hidden"
                    | "text"
                    | "search"
                    | "tel"
                    | "url"
                    | "email"
                    | "password"
                    | "submit"
                    | "reset"
                    | "button"
            );
        if let Some(dirname) = self.attribute("dirname").filter(|d| has_direction && !d.is_empty()) {
            let dirname = dirname.to_owned();
            let direction = self.direction(kind);
            entries.push(Entry { name: dirname, value: EntryValue::Text(direction.to_owned()) });
        }
    }

    fn is_checked(&self) -> bool {
        let known = self.states.checked.get(&self.node).copied();
        known.unwrap_or_else(|| self.attribute("checked").is_some())
    }

    /// The value, as the user or else the page has it, sanitized: <https://html.spec.whatwg.org/#value-sanitization-algorithm>.
    fn value(&self, kind: &str) -> String {
        let typed = self.states.values.get(&self.node);
        if self.element.is_html(&local_name!("textarea")) {
            let text = || self.document.text_content(self.node);
            return typed.cloned().unwrap_or_else(text).replace("\r\n", "\n").replace('\r', "\n");
        }
        let value = typed.map_or_else(|| self.attribute("value").unwrap_or_default(), String::as_str);
        let one_line = || value.replace(['\n', '\r'], "");
        let space: &[char] = &[' ', '\t', '\n', '\r', '\x0c'];
        match kind {
            "text" | "search" | "tel" | "password" => one_line(),
            "url" => one_line().trim_matches(space).to_owned(),
            "email" if self.attribute("multiple").is_some() => {
                value.split(',').map(|part| part.trim_matches(space)).collect::<Vec<_>>().join(",")
            }
            "email" => one_line().trim_matches(space).to_owned(),
            "number" => value.parse::<f64>().map_or_else(|_| String::new(), |_| value.to_owned()),
            "range" => match value.parse::<f64>() {
                Ok(_) => value.to_owned(),
                Err(_) => self.middle_of_range(),
            },
            "color" => {
                let is_color = value.len() == 7
                    && value.starts_with('#')
                    && value[1..].bytes().all(|b| b.is_ascii_hexdigit());
                if is_color { value.to_ascii_lowercase() } else { "#000000".to_owned() }
            }
            _ => value.to_owned(),
        }
    }

    /// The default value of `range`: <https://html.spec.whatwg.org/#range-state-(type=range)>.
    fn middle_of_range(&self) -> String {
        let number = |name| self.attribute(name).and_then(|text| text.parse::<f64>().ok());
        let (min, max) = (number("min").unwrap_or(0.0), number("max").unwrap_or(100.0));
        let middle = if max < min { min } else { min + (max - min) / 2.0 };
        middle.to_string()
    }

    /// The chosen options that can be chosen: <https://html.spec.whatwg.org/#the-select-element>, "ask for a reset" too.
    fn chosen_options(&self) -> Vec<NodeId> {
        let document = self.document;
        let is_option =
            |node: &NodeId| document.element(*node).is_some_and(|e| e.is_html(&local_name!("option")));
        let options: Vec<NodeId> = document.descendants(self.node).filter(is_option).collect();
        let is_chosen = |node: &NodeId| {
            let attribute =
                || document.element(*node).is_some_and(|e| e.attribute(&"selected".into()).is_some());
            self.states.checked.get(node).copied().unwrap_or_else(attribute)
        };
        let usable = |node: &NodeId| !is_option_disabled(document, *node);
        let mut chosen: Vec<NodeId> = options.iter().copied().filter(is_chosen).collect();
        if self.attribute("multiple").is_none() {
            let size = self.attribute("size").and_then(|text| text.trim().parse::<u32>().ok()).unwrap_or(1);
            // Of several the last; of none the first that is not disabled, in a list that shows one line.
            let first = || options.iter().copied().find(usable).filter(|_| size <= 1);
            chosen = chosen.pop().or_else(first).into_iter().collect();
        }
        chosen.retain(usable);
        chosen
    }

    /// <https://html.spec.whatwg.org/#the-directionality>
    fn direction(&self, kind: &str) -> &'static str {
        let around = std::iter::once(self.node).chain(self.document.ancestors(self.node));
        for node in around {
            let dir = self.document.element(node).and_then(|e| e.attribute(&"dir".into()));
            match dir.map(str::to_ascii_lowercase).as_deref() {
                Some("ltr") => return "ltr",
                Some("rtl") => return "rtl",
                Some("auto") if node == self.node => {
                    return if first_strong_is_rtl(&self.value(kind)) { "rtl" } else { "ltr" };
                }
                _ => {}
            }
        }
        // A telephone number is written from left to right, as everything is by default.
        "ltr"
    }
}

/// The state of an `input`'s `type`; empty for other elements.
pub(super) fn input_type(element: &ElementData) -> &'static str {
    const TYPES: [&str; 22] = [
        "hidden",
        "text",
        "search",
        "tel",
        "url",
        "email",
        "password",
        "date",
        "month",
        "week",
        "time",
        "datetime-local",
        "number",
        "range",
        "color",
        "checkbox",
        "radio",
        "file",
        "submit",
        "image",
        "reset",
        "button",
    ];
    if !element.is_html(&local_name!("input")) {
        return "";
    }
    let kind = element.attribute(&local_name!("type")).unwrap_or("text");
    TYPES.into_iter().find(|known| known.eq_ignore_ascii_case(kind)).unwrap_or("text")
}

/// <https://html.spec.whatwg.org/#category-submit>
fn is_submittable(element: &ElementData) -> bool {
    ["button", "input", "select", "textarea"].into_iter().any(|name| element.is_html(&name.into()))
}

/// <https://html.spec.whatwg.org/#concept-button>
fn is_button(element: &ElementData) -> bool {
    element.is_html(&local_name!("button"))
        || matches!(input_type(element), "submit" | "image" | "reset" | "button")
        || is_submit_button(element)
}

/// <https://html.spec.whatwg.org/#concept-option-disabled>
fn is_option_disabled(document: &Document, option: NodeId) -> bool {
    let has =
        |node: NodeId| document.element(node).is_some_and(|e| e.attribute(&"disabled".into()).is_some());
    let group = document
        .ancestors(option)
        .find(|&node| document.element(node).is_some_and(|e| e.is_html(&local_name!("optgroup"))));
    has(option) || group.is_some_and(has)
}

/// <https://html.spec.whatwg.org/#dom-option-value>
fn option_value(document: &Document, option: NodeId) -> String {
    let value = document.element(option).and_then(|e| e.attribute(&"value".into()));
    let text = || document.text_content(option).split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    value.map_or_else(text, str::to_owned)
}
