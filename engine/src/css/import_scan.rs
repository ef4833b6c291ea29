//! What a sheet imports, told from its beginning alone: imports stand before all rules, so that they are known while the
//! rest of the sheet is still on its way.

use url::Url;

use super::parser::parse_stylesheet;
use super::rule::{Import, Origin};

/// How much of a sheet is looked at ahead, in bytes: imports do not stand deeper.
pub const SCANNED_BYTES: usize = 64 * 1024;

/// What a sheet's beginning tells.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportScan {
    /// The `@import` rules that are whole, in order.
    pub imports: Vec<Import>,
    /// Whether no more can come: the first rule of another kind has begun, or too much has been read.
    pub is_over: bool,
}

/// Reads the `@import` rules at the beginning of a sheet of which only `text` has arrived yet.
pub fn scan_imports(text: &str, base_url: &Url) -> ImportScan {
    let (end, is_over) = statements(text);
    let imports = match text.get(..end) {
        Some(prelude) if !prelude.is_empty() => {
            parse_stylesheet(prelude, base_url, Origin::Author, false).0.imports().to_vec()
        }
        _ => Vec::new(),
    };
    ImportScan { imports, is_over: is_over || text.len() >= SCANNED_BYTES }
}

/// How far the statements at the beginning reach that are ended by a semicolon, and whether a block follows them.
fn statements(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let (mut at, mut end, mut depth, mut fresh) = (0, 0, 0_usize, true);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let Some(length) = text[at + 2..].find("*/") else { return (end, false) };
                at += 2 + length + 2;
                continue;
            }
            b'"' | b'\'' => {
                let Some(length) = string_length(&bytes[at..]) else { return (end, false) };
                at += length;
                fresh = false;
                continue;
            }
            b'\\' => at += 1,
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'{' | b'}' => return (end, true),
            // An unquoted `url()` may hold semicolons.
            b';' if depth == 0 => (end, fresh) = (at + 1, true),
            // Something that is no at-rule: imports are over.
            _ if fresh && !byte.is_ascii_whitespace() && byte != b'@' && !is_comment_mark(&bytes[at..]) => {
                return (end, true);
            }
            _ => {}
        }
        fresh &= byte.is_ascii_whitespace() || byte == b';' || is_comment_mark(&bytes[at..]);
        if is_comment_mark(&bytes[at..]) {
            at += comment_mark(&bytes[at..]) - 1;
        }
        at += 1;
    }
    (end, false)
}

/// `<!--` and `-->`, which old pages put around their sheets and which mean nothing.
fn comment_mark(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"<!--") {
        4
    } else if bytes.starts_with(b"-->") {
        3
    } else {
        0
    }
}

fn is_comment_mark(bytes: &[u8]) -> bool {
    comment_mark(bytes) > 0
}

/// The length of a quoted string with its quotes; nothing when it does not end here.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let quote = *bytes.first()?;
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            // A string that is not closed in its line is none.
            b'\n' => return Some(at),
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> (Vec<String>, bool) {
        let base = Url::parse("http://a.test/css/").unwrap();
        let scan = scan_imports(text, &base);
        let urls = scan.imports.iter().filter(|import| import.supported);
        (urls.map(|import| import.url.path().to_owned()).collect(), scan.is_over)
    }

    #[test]
    fn imports_are_found_before_the_sheet_is_whole() {
        for (text, urls, is_over) in [
            ("", &[][..], false),
            ("@import 'a.css'", &[], false),
            ("@import 'a.css';", &["/css/a.css"], false),
            ("@charset \"utf-8\";\n@import url(/b.css) screen;\n@impo", &["/b.css"], false),
            ("/* { } */ @layer x, y; @import \"a;{.css\"; p {", &["/css/a;%7B.css"], true),
            ("@import url(a;b.css);", &["/css/a;b.css"], false),
            ("@import 'a.css' supports(display: grid) layer(x) (min-width: 1px);", &["/css/a.css"], false),
            ("@import 'a.css' supports(not-a-property: x);", &[], false),
            ("@layer x { } @import 'a.css';", &[], true),
            ("p { } @import 'a.css';", &[], true),
            ("p", &[], true),
            ("<!-- @import 'a.css'; -->", &["/css/a.css"], false),
            ("/* never ends @import 'a.css';", &[], false),
            ("@import 'never ends;", &[], false),
        ] {
            assert_eq!(scan(text), (urls.iter().map(|&u| u.to_owned()).collect(), is_over), "{text}");
        }
    }

    #[test]
    fn any_beginning_of_a_sheet_tells_a_beginning_of_its_imports() {
        let sheet = "@charset \"utf-8\"; @import 'a.css'; /* ; */ @import url( \"b.css\" ) print;\n@import url(c;.css);p{}";
        let (all, _) = scan(sheet);
        assert_eq!(all.len(), 3);
        for end in 0..=sheet.len() {
            let (some, _) = scan(&sheet[..end]);
            assert!(all.starts_with(&some), "{}", &sheet[..end]);
        }
    }
}
