//! A `select` that shows one option: what its options say.
//!
//! <https://html.spec.whatwg.org/#the-select-element-2>

use siskin_engine::dom::{Document, ElementData, NodeId, local_name};

/// The options of a drop-down box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Menu {
    /// The text of the chosen option.
    pub(super) chosen: String,
    /// The texts of all others: the box is as wide as the widest.
    pub(super) others: Vec<String>,
}

impl Menu {
    /// `None` if the element is no `select`, or one that shows its options as a list.
    pub(super) fn of(document: &Document, node: NodeId) -> Option<Self> {
        let element = document.element(node).filter(|e| e.is_html(&local_name!("select")))?;
        let size = element.attribute(&local_name!("size")).and_then(|v| v.trim().parse::<u32>().ok());
        if element.attribute(&local_name!("multiple")).is_some() || size.is_some_and(|size| size > 1) {
            return None;
        }
        let options: Vec<(NodeId, &ElementData)> = document
            .descendants(node)
            .filter_map(|n| Some((n, document.element(n)?)))
            .filter(|(_, e)| e.is_html(&local_name!("option")))
            .collect();
        let has =
            |name: &'static str| move |(_, e): &(NodeId, &ElementData)| e.attribute(&name.into()).is_some();
        // The last that is marked as selected, else the first that can be chosen.
        let chosen = options
            .iter()
            .rposition(has("selected"))
            .or_else(|| options.iter().position(|option| !has("disabled")(option)))
            .unwrap_or(0);
        let text = |(node, element): &(NodeId, &ElementData)| {
            let label = element.attribute(&"label".into()).filter(|label| !label.is_empty());
            let text = label.map_or_else(|| document.text_content(*node), str::to_owned);
            text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
        };
        let mut texts: Vec<String> = options.iter().map(text).collect();
        let chosen = if texts.is_empty() { String::new() } else { texts.swap_remove(chosen) };
        Some(Self { chosen, others: texts })
    }
}

#[cfg(test)]
mod tests {
    use siskin_engine::html::{ParserOptions, parse_document};
    use url::Url;

    use super::*;

    fn parse(html: &str) -> Document {
        let url = Url::parse("about:blank").expect("a URL");
        parse_document(url, html.as_bytes(), &ParserOptions::default()).0
    }

    #[test]
    fn chosen_is_the_last_selected_or_the_first_enabled() {
        let cases = [
            ("<select><option>a<option>b</select>", "a", 1),
            ("<select><option disabled>a<option>b</select>", "b", 1),
            (
                "<select><option selected>a<optgroup><option selected> b  c<option>d</optgroup></select>",
                "b c",
                2,
            ),
            ("<select><option label=x>a</select>", "x", 0),
            ("<select></select>", "", 0),
        ];
        for (html, chosen, others) in cases {
            let document = parse(html);
            let node = document.descendants(document.root()).find_map(|n| Menu::of(&document, n));
            let menu = node.expect("a drop-down box");
            assert_eq!((menu.chosen.as_str(), menu.others.len()), (chosen, others), "{html}");
        }
    }
}
