//! What the label of an encoding means in a `meta` element, and in a URL.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use url::Url;

/// What a label found in a `meta` element means: <https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>,
/// steps 2.15 and 2.16 of the `meta` case.
pub(in crate::html) fn meta_encoding(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes())?;
    if encoding == UTF_16BE || encoding == UTF_16LE {
        Some(UTF_8)
    } else if encoding == X_USER_DEFINED {
        Some(WINDOWS_1252)
    } else {
        Some(encoding)
    }
}

/// `text` as a URL against `base`, its query written in the encoding with that name:
/// <https://html.spec.whatwg.org/#encoding-parsing-a-url>.
pub(in crate::html) fn resolve_with_encoding(base: &Url, text: &str, encoding: &str) -> Option<Url> {
    let encoding = Encoding::for_label(encoding.as_bytes()).map_or(UTF_8, Encoding::output_encoding);
    if encoding == UTF_8 || text.is_ascii() {
        return base.join(text).ok();
    }
    Url::options()
        .base_url(Some(base))
        .encoding_override(Some(&|text| encoding.encode(text).0))
        .parse(text)
        .ok()
}

/// The text of a resource whose encoding is told from outside: by a byte order mark, else by the first of `labels`
/// that names an encoding, else UTF-8. <https://encoding.spec.whatwg.org/#decode>
pub fn decode_labelled<'a>(bytes: &[u8], labels: impl IntoIterator<Item = &'a str>) -> String {
    let named = labels.into_iter().find_map(|label| Encoding::for_label(label.as_bytes()));
    named.unwrap_or(UTF_8).decode(bytes).0.into_owned()
}

/// Whether `label` names another encoding than `name`: then a late `meta` came too late.
pub(in crate::html) fn contradicts(label: &str, name: &str) -> bool {
    meta_encoding(label).is_some_and(|e| e.name() != name && e != REPLACEMENT)
}

/// The encoding that a form is sent in: the first of `accept-charset` that is one, else the document's.
/// <https://html.spec.whatwg.org/#picking-an-encoding-for-the-form>
pub(in crate::html) fn form_encoding(accept: Option<&str>, document: &str) -> &'static str {
    let named = |label: &str| Encoding::for_label(label.as_bytes());
    let encoding = match accept {
        Some(labels) => labels.split_ascii_whitespace().find_map(named).unwrap_or(UTF_8),
        None => named(document).unwrap_or(UTF_8),
    };
    encoding.output_encoding().name()
}

/// Text in that encoding; what it cannot hold becomes a numeric character reference.
pub(in crate::html) fn encode_form_text(text: &str, encoding: &str) -> Vec<u8> {
    let encoding = Encoding::for_label(encoding.as_bytes()).unwrap_or(UTF_8);
    encoding.encode(text).0.into_owned()
}
