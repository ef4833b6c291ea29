//! A media type, parsed and serialized: <https://mimesniff.spec.whatwg.org/#parsing-a-mime-type>.

use std::fmt;

/// A media type in lower case with its parameters in order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MimeType {
    essence: String,
    slash: usize,
    parameters: Vec<(String, String)>,
}

impl MimeType {
    /// The type that `text` names; `None` when it is none. Bytes beyond ASCII are taken for Latin-1 where the
    /// standard reads bytes: see [`Self::parse_bytes`].
    pub fn parse(text: &str) -> Option<Self> {
        // Steps 1 to 10.
        let text = trim(text);
        let (kind, rest) = text.split_once('/')?;
        let (subtype, mut rest) = match rest.find(';') {
            Some(at) => (&rest[..at], &rest[at..]),
            None => (rest, ""),
        };
        let subtype = trim_end(subtype);
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let mut mime = Self::new(&kind.to_ascii_lowercase(), &subtype.to_ascii_lowercase());
        // Step 11: `rest` is empty or begins with a semicolon.
        while let Some(parameter) = rest.strip_prefix(';') {
            let parameter = parameter.trim_start_matches(WHITESPACE);
            let end = parameter.find([';', '=']).unwrap_or(parameter.len());
            let name = parameter[..end].to_ascii_lowercase();
            rest = &parameter[end..];
            // 11.5 and 11.6
            let Some(value) = rest.strip_prefix('=') else { continue };
            if value.is_empty() {
                break;
            }
            // 11.8 and 11.9
            let value = if value.starts_with('"') {
                let (value, after) = quoted_string(value);
                rest = &after[after.find(';').unwrap_or(after.len())..];
                value
            } else {
                let end = value.find(';').unwrap_or(value.len());
                rest = &value[end..];
                let value = trim_end(&value[..end]);
                if value.is_empty() {
                    continue;
                }
                value.to_owned()
            };
            // 11.10
            if is_token(&name) && value.chars().all(is_quoted_string_char) && mime.parameter(&name).is_none()
            {
                mime.parameters.push((name, value));
            }
        }
        Some(mime)
    }

    /// The same for bytes, each one a character: <https://mimesniff.spec.whatwg.org/#parse-a-mime-type-from-bytes>.
    pub fn parse_bytes(bytes: &[u8]) -> Option<Self> {
        let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        Self::parse(&text)
    }

    /// A type without parameters; both parts are tokens in lower case.
    pub(super) fn new(kind: &str, subtype: &str) -> Self {
        Self { essence: format!("{kind}/{subtype}"), slash: kind.len(), parameters: Vec::new() }
    }

    /// A type of the standard's tables.
    pub(super) fn known(essence: &str) -> Self {
        let (kind, subtype) = essence.split_once('/').unwrap_or((essence, ""));
        Self::new(kind, subtype)
    }

    /// `type/subtype`: <https://mimesniff.spec.whatwg.org/#mime-type-essence>.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// The part before the slash.
    pub fn kind(&self) -> &str {
        &self.essence[..self.slash]
    }

    /// The part behind the slash.
    pub fn subtype(&self) -> &str {
        self.essence.get(self.slash + 1..).unwrap_or_default()
    }

    /// The value of the parameter `name` (in lower case).
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn add_parameter(&mut self, name: &str, value: &str) {
        self.parameters.push((name.to_owned(), value.to_owned()));
    }
}

/// <https://mimesniff.spec.whatwg.org/#serialize-a-mime-type>
impl fmt::Display for MimeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.essence)?;
        for (name, value) in &self.parameters {
            write!(f, ";{name}=")?;
            if is_token(value) {
                f.write_str(value)?;
                continue;
            }
            f.write_str("\"")?;
            for char in value.chars() {
                if matches!(char, '"' | '\\') {
                    f.write_str("\\")?;
                }
                write!(f, "{char}")?;
            }
            f.write_str("\"")?;
        }
        Ok(())
    }
}

/// HTTP whitespace: <https://fetch.spec.whatwg.org/#http-whitespace>.
const WHITESPACE: [char; 4] = ['\t', '\n', '\r', ' '];

fn trim(text: &str) -> &str {
    text.trim_matches(WHITESPACE)
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches(WHITESPACE)
}

/// Whether `text` is not empty and solely <https://mimesniff.spec.whatwg.org/#http-token-code-point>.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// <https://mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point>
const fn is_quoted_string_char(char: char) -> bool {
    matches!(char, '\t' | ' '..='~' | '\u{80}'..='\u{ff}')
}

/// <https://fetch.spec.whatwg.org/#collect-an-http-quoted-string> with the value extracted: the value, and what
/// stands behind it. `text` begins with a quote.
pub(super) fn quoted_string(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.push(chars.next().map_or('\\', |(_, escaped)| escaped)),
            char => value.push(char),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsed_and_serialized() {
        for (text, expected) in [
            ("text/html", Some("text/html")),
            ("Text/HTML;Charset=GBK", Some("text/html;charset=GBK")),
            (" \t\r\ntext/html \n;charset=x", Some("text/html;charset=x")),
            ("text/html;charset=gbk;charset=windows-1255", Some("text/html;charset=gbk")),
            ("text/html;charset =gbk", Some("text/html")),
            ("text/html; charset=gbk", Some("text/html;charset=gbk")),
            ("text/html;charset= gbk", Some("text/html;charset=\" gbk\"")),
            ("text/html;charset=\"g bk\"", Some("text/html;charset=\"g bk\"")),
            ("text/html;charset=\"gbk\"ignored;x=1", Some("text/html;charset=gbk;x=1")),
            ("text/html;charset=\"gbk", Some("text/html;charset=gbk")),
            ("text/html;charset=\"\\\"\\g\\", Some("text/html;charset=\"\\\"g\\\\\"")),
            ("text/html;charset=\"\"", Some("text/html;charset=\"\"")),
            ("text/html;charset=;x=1", Some("text/html;x=1")),
            ("text/html;charset=", Some("text/html")),
            ("text/html;charset", Some("text/html")),
            ("text/html;;;;charset=gbk", Some("text/html;charset=gbk")),
            ("text/html;test;charset=gbk", Some("text/html;charset=gbk")),
            ("text/html;';charset=gbk", Some("text/html;charset=gbk")),
            ("text/html;\u{b}=gbk;charset=x", Some("text/html;charset=x")),
            ("text/html;charset=g\u{c}bk", Some("text/html")),
            ("text/html;charset=\u{ff}", Some("text/html;charset=\"\u{ff}\"")),
            ("text/html;charset=\u{100}", Some("text/html")),
            ("text/html;charset=gbk(", Some("text/html;charset=\"gbk(\"")),
            ("!#$%&'*+-.^_`|~a1/x", Some("!#$%&'*+-.^_`|~a1/x")),
            ("x/x;x=\"a;b\";y=2", Some("x/x;x=\"a;b\";y=2")),
            ("", None),
            ("text", None),
            ("text/", None),
            ("/html", None),
            ("text/html /x", None),
            ("te xt/html", None),
            ("text/html(;x=1", None),
            ("bogus", None),
        ] {
            assert_eq!(MimeType::parse(text).map(|mime| mime.to_string()).as_deref(), expected, "{text:?}");
        }
        let mime = MimeType::parse_bytes(b"Text/Plain; x=\xe9").unwrap();
        assert_eq!((mime.kind(), mime.subtype(), mime.parameter("x")), ("text", "plain", Some("é")));
    }
}
