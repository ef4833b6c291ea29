//! Bodies of requests as data, and the forms' encodings that make bytes of them.

use bytes::Bytes;
use url::form_urlencoded;

/// What a request carries. Names and values are bytes: a form encodes its text in the form's charset before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestBody {
    /// Bytes as they are.
    Raw {
        /// The `Content-Type`, unless the request's headers have one.
        content_type: Option<String>,
        /// The bytes.
        bytes: Bytes,
    },
    /// Pairs, as `application/x-www-form-urlencoded`.
    Urlencoded(Vec<(Bytes, Bytes)>),
    /// Parts, as `multipart/form-data`.
    Multipart(Vec<FormPart>),
    /// Pairs, a line each, as a form's `text/plain`.
    PlainText(Vec<(Bytes, Bytes)>),
}

/// One entry of a `multipart/form-data` body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPart {
    /// The field's name.
    pub name: Bytes,
    /// What it holds.
    pub value: FormValue,
}

/// The value of a form's field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormValue {
    /// Text. Its line ends become CRLF.
    Text(Bytes),
    /// A file.
    File {
        /// Its name, without folders.
        name: Bytes,
        /// Its media type; `application/octet-stream` when it is not known.
        content_type: Option<String>,
        /// What is in it.
        bytes: Bytes,
    },
}

impl RequestBody {
    /// Bytes with their type.
    pub fn raw(content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::Raw { content_type: Some(content_type.into()), bytes: bytes.into() }
    }

    /// The `Content-Type` and the bytes. The same body always makes the same bytes.
    pub fn encode(&self) -> (Option<String>, Bytes) {
        match self {
            Self::Raw { content_type, bytes } => (content_type.clone(), bytes.clone()),
            Self::Urlencoded(pairs) => {
                (Some("application/x-www-form-urlencoded".to_owned()), urlencoded(pairs).into())
            }
            Self::PlainText(pairs) => (Some("text/plain".to_owned()), plain_text(pairs).into()),
            Self::Multipart(parts) => {
                let boundary = boundary(parts);
                let bytes = multipart(parts, &boundary).into();
                (Some(format!("multipart/form-data; boundary={boundary}")), bytes)
            }
        }
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self::Raw { content_type: None, bytes }
    }
}

impl From<Vec<u8>> for RequestBody {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&'static str> for RequestBody {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

/// Line ends as forms send them: every CR, LF and CRLF becomes CRLF. For names and values of the two encodings
/// of pairs the form does this, since others use them too:
/// <https://html.spec.whatwg.org/#convert-to-a-list-of-name-value-pairs>.
pub fn with_crlf(text: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                out.extend_from_slice(b"\r\n");
            }
            b'\n' => out.extend_from_slice(b"\r\n"),
            byte => out.push(byte),
        }
    }
    out.into()
}

/// <https://url.spec.whatwg.org/#concept-urlencoded-serializer>
fn urlencoded(pairs: &[(Bytes, Bytes)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        out.extend(form_urlencoded::byte_serialize(name));
        out.push('=');
        out.extend(form_urlencoded::byte_serialize(value));
    }
    out
}

/// <https://html.spec.whatwg.org/#text/plain-encoding-algorithm>
fn plain_text(pairs: &[(Bytes, Bytes)]) -> Vec<u8> {
    pairs.iter().flat_map(|(name, value)| [name.as_ref(), b"=", value.as_ref(), b"\r\n"].concat()).collect()
}

/// <https://html.spec.whatwg.org/#multipart/form-data-encoding-algorithm>, written as RFC 7578 has it.
fn multipart(parts: &[FormPart], boundary: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for FormPart { name, value } in parts {
        out.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"").as_bytes());
        escape(&with_crlf(name), &mut out);
        out.push(b'"');
        match value {
            FormValue::Text(text) => {
                out.extend_from_slice(b"\r\n\r\n");
                out.extend_from_slice(&with_crlf(text));
            }
            FormValue::File { name, content_type, bytes } => {
                out.extend_from_slice(b"; filename=\"");
                escape(name, &mut out);
                let content_type = content_type.as_deref().unwrap_or("application/octet-stream");
                out.extend_from_slice(format!("\"\r\nContent-Type: {content_type}\r\n\r\n").as_bytes());
                out.extend_from_slice(bytes);
            }
        }
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    out
}

/// The standard's escaping of names and file names: what would end the quotes or the line.
fn escape(name: &[u8], out: &mut Vec<u8>) {
    for &byte in name {
        match byte {
            b'\n' => out.extend_from_slice(b"%0A"),
            b'\r' => out.extend_from_slice(b"%0D"),
            b'"' => out.extend_from_slice(b"%22"),
            byte => out.push(byte),
        }
    }
}

/// A boundary in Chromium's form. DEVIATION: it is a digest of the parts and not random, so that the same form
/// makes the same bytes; that it stands in none of the parts is checked, not hoped for.
fn boundary(parts: &[FormPart]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789AB";
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    let mut all = Vec::new();
    for FormPart { name, value } in parts {
        let (FormValue::Text(bytes) | FormValue::File { bytes, .. }) = value;
        all.push(name);
        all.push(bytes);
    }
    for byte in all.iter().flat_map(|bytes| bytes.iter()) {
        digest = (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    loop {
        let mut boundary = "----WebKitFormBoundary".to_owned();
        let mut state = digest;
        for _ in 0..16 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            boundary.push(char::from(LETTERS[(state >> 58) as usize]));
        }
        let taken = all.iter().any(|bytes| bytes.windows(boundary.len()).any(|w| w == boundary.as_bytes()));
        if !taken {
            return boundary;
        }
        digest = digest.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&'static str, &'static str)]) -> Vec<(Bytes, Bytes)> {
        pairs.iter().map(|(name, value)| (Bytes::from(*name), Bytes::from(*value))).collect()
    }

    #[test]
    fn pairs_as_the_standards_write_them() {
        for (list, expected) in [
            (pairs(&[("a", "b"), ("c", "d e")]), "a=b&c=d+e"),
            (pairs(&[("", "")]), "="),
            (pairs(&[("a*-._~", "+&=%é\r\n")]), "a*-._%7E=%2B%26%3D%25%C3%A9%0D%0A"),
        ] {
            let (content_type, bytes) = RequestBody::Urlencoded(list).encode();
            assert_eq!(content_type.as_deref(), Some("application/x-www-form-urlencoded"));
            assert_eq!(bytes, expected);
        }
        let (content_type, bytes) = RequestBody::PlainText(pairs(&[("a", "1 2"), ("b", "")])).encode();
        assert_eq!((content_type.as_deref(), bytes.as_ref()), (Some("text/plain"), &b"a=1 2\r\nb=\r\n"[..]));
        assert_eq!(with_crlf(b"a\nb\rc\r\nd\n\r"), "a\r\nb\r\nc\r\nd\r\n\r\n");
    }

    #[test]
    fn parts() {
        let body = RequestBody::Multipart(vec![
            FormPart { name: "te\"xt\n".into(), value: FormValue::Text("one\ntwo".into()) },
            FormPart {
                name: "file".into(),
                value: FormValue::File {
                    name: "a\"b\r\n.png".into(),
                    content_type: Some("image/png".to_owned()),
                    bytes: Bytes::from_static(b"\x89PNG\n"),
                },
            },
            FormPart {
                name: "empty".into(),
                value: FormValue::File { name: Bytes::new(), content_type: None, bytes: Bytes::new() },
            },
        ]);
        let (content_type, bytes) = body.encode();
        let content_type = content_type.unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        assert!(boundary.starts_with("----WebKitFormBoundary") && boundary.len() == 38, "{boundary}");
        let mut expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"te%22xt%0D%0A\"\r\n\r\none\r\ntwo\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b%0D%0A.png\"\r\n\
             Content-Type: image/png\r\n\r\n"
        )
        .into_bytes();
        expected.extend_from_slice(b"\x89PNG\n\r\n");
        expected.extend_from_slice(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n\r\n--{boundary}--\r\n"
            )
            .as_bytes(),
        );
        assert_eq!(bytes, expected);
        assert_eq!(body.encode(), (Some(content_type.clone()), bytes));
    }

    #[test]
    fn a_boundary_that_a_part_holds_is_not_taken() {
        let part = |text: String| FormPart { name: "a".into(), value: FormValue::Text(text.into()) };
        // Whatever is put into the second part changes the digest; what counts is that none of them clashes.
        for n in 0..50 {
            let first = boundary(&[part(n.to_string())]);
            let parts = [part(n.to_string()), part(first.clone())];
            let taken = boundary(&parts);
            assert!(!format!("{n}{first}").contains(&taken));
        }
    }
}
