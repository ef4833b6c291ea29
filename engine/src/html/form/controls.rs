//! What the user does to controls: which one was meant, what switching it does, and the document as it then looks.

use super::entries::{ControlStates, input_type};
use super::owner::{form_owner, is_disabled};
use super::submit::is_submit_button;
use crate::dom::{Document, NodeData, NodeId, QualName, local_name, ns};

/// What can be done with a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ControlKind {
    /// It sends its form.
    Submit,
    /// It gives the controls of its form back what the page gave them.
    Reset,
    /// It is on or off.
    Check,
    /// One line of text.
    Text,
    /// Lines of text.
    TextArea,
}

/// The control that a click on `node` means: it or one around it, or the one that the `label` around it names. Those that
/// cannot be used are none.
pub fn control_at(document: &Document, node: NodeId) -> Option<(NodeId, ControlKind)> {
    for node in std::iter::once(node).chain(document.ancestors(node)) {
        if let Some(kind) = kind(document, node) {
            return Some((node, kind)).filter(|_| !is_disabled(document, node));
        }
        let element = document.element(node)?;
        if element.is_html(&local_name!("label")) {
            let control = labeled(document, node)?;
            let kind = kind(document, control)?;
            return Some((control, kind)).filter(|_| !is_disabled(document, control));
        }
    }
    None
}

fn kind(document: &Document, node: NodeId) -> Option<ControlKind> {
    let element = document.element(node)?;
    if is_submit_button(element) {
        return Some(ControlKind::Submit);
    }
    if element.is_html(&local_name!("textarea")) {
        return Some(ControlKind::TextArea);
    }
    let resets = element.is_html(&local_name!("button"))
        && element.attribute(&local_name!("type")).is_some_and(|kind| kind.eq_ignore_ascii_case("reset"));
    match input_type(element) {
        "reset" => Some(ControlKind::Reset),
        "checkbox" | "radio" => Some(ControlKind::Check),
        "" if resets => Some(ControlKind::Reset),
        "" | "hidden" | "file" | "button" | "range" | "color" => None,
        _ => Some(ControlKind::Text),
    }
}

/// <https://html.spec.whatwg.org/#labeled-control>
fn labeled(document: &Document, label: NodeId) -> Option<NodeId> {
    let is_labelable = |node: &NodeId| {
        document.element(*node).is_some_and(|element| {
            ["button", "input", "meter", "output", "progress", "select", "textarea"]
                .into_iter()
                .any(|name| element.is_html(&name.into()))
                && input_type(element) != "hidden"
        })
    };
    match document.element(label)?.attribute(&"for".into()) {
        Some(id) => {
            let has = |node: &NodeId| {
                document.element(*node).and_then(|element| element.id()).is_some_and(|known| **known == *id)
            };
            document.elements().find(has).filter(is_labelable)
        }
        None => document.descendants(label).find(is_labelable),
    }
}

/// Whether a check box or radio button is on.
pub fn is_checked(document: &Document, control: NodeId, states: &ControlStates) -> bool {
    let attribute =
        || document.element(control).is_some_and(|e| e.attribute(&local_name!("checked")).is_some());
    states.checked.get(&control).copied().unwrap_or_else(attribute)
}

/// The text in a text control.
pub fn text_of(document: &Document, control: NodeId, states: &ControlStates) -> String {
    if let Some(typed) = states.values.get(&control) {
        return typed.clone();
    }
    let Some(element) = document.element(control) else { return String::new() };
    if element.is_html(&local_name!("textarea")) {
        document.text_content(control)
    } else {
        element.attribute(&local_name!("value")).unwrap_or_default().to_owned()
    }
}

/// Switches a check box, or a radio button on and those of its group off:
/// <https://html.spec.whatwg.org/#radio-button-group>.
pub fn switch(document: &Document, control: NodeId, states: &mut ControlStates) {
    let Some(element) = document.element(control) else { return };
    if input_type(element) == "checkbox" {
        let was = is_checked(document, control, states);
        states.checked.insert(control, !was);
        return;
    }
    let name = element.attribute(&local_name!("name")).unwrap_or_default();
    let form = form_owner(document, control);
    let in_group = |node: &NodeId| {
        document.element(*node).is_some_and(|other| {
            input_type(other) == "radio" && other.attribute(&local_name!("name")) == Some(name)
        }) && form_owner(document, *node) == form
    };
    if !name.is_empty() {
        for other in document.elements().filter(in_group) {
            states.checked.insert(other, false);
        }
    }
    states.checked.insert(control, true);
}

/// Forgets what was done to the controls of the form of `button`: <https://html.spec.whatwg.org/#concept-form-reset>.
pub fn reset(document: &Document, button: NodeId, states: &mut ControlStates) {
    let form = form_owner(document, button);
    if form.is_some() {
        let is_kept = |node: &NodeId| form_owner(document, *node) != form;
        states.values.retain(|node, _| is_kept(node));
        states.checked.retain(|node, _| is_kept(node));
    }
}

/// Makes the document look as its controls are: `checked` and `value` say what the user did.
///
/// DEVIATION: in the standard these attributes stay as the page has them, and `[checked]` goes on to match the page's.
pub(crate) fn show(document: &mut Document, states: &ControlStates) {
    let name = |local| QualName { prefix: None, ns: ns!(), local };
    for (&control, &is_on) in &states.checked {
        if is_on {
            document.set_attribute(control, name(local_name!("checked")), String::new());
        } else {
            document.remove_attribute(control, &name(local_name!("checked")));
        }
    }
    for (&control, text) in &states.values {
        if document.element(control).is_some_and(|element| element.is_html(&local_name!("textarea"))) {
            let old: Vec<NodeId> = document.children(control).collect();
            old.into_iter().for_each(|child| document.detach(child));
            let new = document.create(NodeData::Text(text.as_str().into()));
            document.append(control, new);
        } else {
            document.set_attribute(control, name(local_name!("value")), text.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::html::{ParserOptions, parse_document};

    fn document(html: &str) -> Document {
        let url = Url::parse("http://a.test/").unwrap();
        parse_document(url, html.as_bytes(), &ParserOptions::default()).0
    }

    fn by_id(document: &Document, id: &str) -> NodeId {
        let has = |n: &NodeId| document.element(*n).and_then(|e| e.id()).is_some_and(|known| **known == *id);
        document.elements().find(has).unwrap()
    }

    #[test]
    fn a_click_finds_the_control_that_is_meant() {
        let document = document(
            "<form><label id=l><b id=b>x</b><input type=hidden><input id=in></label><label id=f for=c>y</label>
             <input type=checkbox id=c><textarea id=t></textarea><button id=r type=reset>z</button>
             <button id=s><i id=i>s</i></button><fieldset disabled><input id=d></fieldset><p id=p>",
        );
        for (node, expected) in [
            ("b", Some(("in", ControlKind::Text))),
            ("f", Some(("c", ControlKind::Check))),
            ("t", Some(("t", ControlKind::TextArea))),
            ("r", Some(("r", ControlKind::Reset))),
            ("i", Some(("s", ControlKind::Submit))),
            ("d", None),
            ("p", None),
        ] {
            let expected = expected.map(|(id, kind)| (by_id(&document, id), kind));
            assert_eq!(control_at(&document, by_id(&document, node)), expected, "{node}");
        }
    }

    #[test]
    fn switches_and_texts_are_shown_and_taken_back() {
        let mut page = document(
            "<form><input type=checkbox id=c checked><input type=radio name=r id=a checked><input type=radio name=r id=b>
             <input id=t value=old><textarea id=x>old</textarea><input type=reset id=reset></form>
             <input type=radio name=r id=other checked>",
        );
        let node = |id| by_id(&page, id);
        let (c, a, b, t, x, other) = (node("c"), node("a"), node("b"), node("t"), node("x"), node("other"));
        let button = node("reset");
        let mut states = ControlStates::default();
        switch(&page, c, &mut states);
        switch(&page, b, &mut states);
        states.values.insert(t, "new".to_owned());
        states.values.insert(x, "<b>".to_owned());
        let mut shown = page.clone();
        show(&mut shown, &states);
        let on = |page: &Document, states: &ControlStates| {
            [c, a, b, other].map(|control| is_checked(page, control, states))
        };
        assert_eq!(on(&page, &states), [false, false, true, true]);
        assert_eq!(on(&shown, &ControlStates::default()), [false, false, true, true]);
        let texts = [t, x].map(|control| text_of(&shown, control, &ControlStates::default()));
        assert_eq!(texts, ["new", "<b>"]);
        reset(&page, button, &mut states);
        assert_eq!(states, ControlStates::default());
        show(&mut page, &states);
        assert_eq!(on(&page, &states), [true, true, false, true]);
    }
}
