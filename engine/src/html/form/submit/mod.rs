//! Where a form goes, and in which form: <https://html.spec.whatwg.org/#form-submission-algorithm>.

use bytes::Bytes;
use siskin_net::{FormPart, FormValue, RequestBody, with_crlf};
use url::Url;

use super::entries::{ControlStates, Entry, EntryValue, entry_list, input_type};
use super::owner::{form_owner, is_disabled};
use crate::dom::{Document, ElementData, NodeId, local_name};
use crate::html::encoding::{encode_form_text, form_encoding};
use crate::html::resolve_url;

/// A navigation that a form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Where to.
    pub url: Url,
    /// What is sent: POST. Nothing for GET, whose entries are in the URL.
    pub body: Option<RequestBody>,
    /// The `target`: empty for the document's own place.
    pub target: String,
}

/// What `form` sends when `submitter` (a submit button of it) is used, or by itself. `point` is where in the submitter, CSS
/// px. Nothing when the form goes nowhere (`method=dialog`, an address that is none, a disabled button).
///
/// TODO(form submission, step 6.3): what is not valid is not held back.
pub fn submit(
    document: &Document,
    form: NodeId,
    submitter: Option<NodeId>,
    point: (i32, i32),
    states: &ControlStates,
) -> Option<Submission> {
    let form_element = document.element(form).filter(|e| e.is_html(&local_name!("form")))?;
    let button = match submitter {
        Some(node) if is_disabled(document, node) => return None,
        Some(node) => Some(document.element(node)?),
        None => None,
    };
    // The button's own attributes go before the form's.
    let attribute = |name: &str, own: &str| {
        let by_button = button.and_then(|button| button.attribute(&own.into()));
        by_button.or_else(|| form_element.attribute(&name.into())).unwrap_or_default()
    };
    let encoding = form_encoding(form_element.attribute(&"accept-charset".into()), document.encoding);
    let entries = entry_list(document, form, submitter, point, encoding, states);
    let action = attribute("action", "formaction").trim();
    let mut url = if action.is_empty() { document.url.clone() } else { resolve_url(document, action)? };
    let method = attribute("method", "formmethod").trim().to_ascii_lowercase();
    if method == "dialog" {
        return None;
    }
    let is_post = method == "post";
    let target = attribute("target", "formtarget").to_owned();
    // Line ends are CR and LF in every form of sending.
    let bytes = |text: &str| with_crlf(&encode_form_text(text, encoding));
    // <https://html.spec.whatwg.org/#convert-to-a-list-of-name-value-pairs>
    let pairs = || -> Vec<(Bytes, Bytes)> {
        let value = |value: &EntryValue| match value {
            EntryValue::Text(text) => bytes(text),
            EntryValue::NoFile => Bytes::new(),
        };
        entries.iter().map(|Entry { name, value: v }| (bytes(name), value(v))).collect()
    };
    match (url.scheme(), is_post) {
        // "Mutate action URL".
        ("http" | "https" | "file" | "data", false) => {
            let (_, query) = RequestBody::Urlencoded(pairs()).encode();
            url.set_query(Some(&String::from_utf8_lossy(&query)));
            Some(Submission { url, body: None, target })
        }
        // "Submit as entity body".
        ("http" | "https", true) => {
            let kind = attribute("enctype", "formenctype").trim().to_ascii_lowercase();
            let body = match kind.as_str() {
                "multipart/form-data" => {
                    RequestBody::Multipart(entries.iter().map(|entry| part(entry, &bytes)).collect())
                }
                "text/plain" => RequestBody::PlainText(pairs()),
                _ => RequestBody::Urlencoded(pairs()),
            };
            Some(Submission { url, body: Some(body), target })
        }
        // "Get action URL".
        ("file" | "data", true) => Some(Submission { url, body: None, target }),
        _ => None,
    }
}

/// <https://html.spec.whatwg.org/#multipart-form-data>
fn part(Entry { name, value }: &Entry, bytes: &dyn Fn(&str) -> Bytes) -> FormPart {
    let value = match value {
        EntryValue::Text(text) => FormValue::Text(bytes(text)),
        EntryValue::NoFile => FormValue::File {
            name: Bytes::new(),
            content_type: Some("application/octet-stream".to_owned()),
            bytes: Bytes::new(),
        },
    };
    FormPart { name: bytes(name), value }
}

/// <https://html.spec.whatwg.org/#concept-submit-button>
pub fn is_submit_button(element: &ElementData) -> bool {
    if element.is_html(&local_name!("button")) {
        let kind = element.attribute(&local_name!("type")).unwrap_or("submit").to_ascii_lowercase();
        return !matches!(kind.as_str(), "reset" | "button");
    }
    matches!(input_type(element), "submit" | "image")
}

/// The first submit button of a form in tree order: <https://html.spec.whatwg.org/#default-button>.
pub fn default_button(document: &Document, form: NodeId) -> Option<NodeId> {
    document.elements().find(|&node| {
        document.element(node).is_some_and(is_submit_button) && form_owner(document, node) == Some(form)
    })
}

/// What Enter in a text field sends: <https://html.spec.whatwg.org/#implicit-submission>.
pub fn implicit_submission(document: &Document, field: NodeId, states: &ControlStates) -> Option<Submission> {
    let form = form_owner(document, field)?;
    if let Some(button) = default_button(document, form) {
        return submit(document, form, Some(button), (0, 0), states);
    }
    // Without a button only a form with one such field.
    let blocks = |node: &NodeId| {
        let kind = document.element(*node).map_or("", input_type);
        let is_text = matches!(
            kind,
            "text"
                | "search"
                | "tel"
                | "url"
                | "email"
                | "password"
                | "date"
                | "month"
                | "week"
                | "time"
                | "datetime-local"
                | "number"
        );
        is_text && form_owner(document, *node) == Some(form)
    };
    let fields = document.elements().filter(blocks).take(2).count();
    if fields > 1 { None } else { submit(document, form, None, (0, 0), states) }
}

#[cfg(test)]
mod tests;
