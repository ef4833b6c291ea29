//! The search for a `meta` element with an encoding in a page's first bytes:
//! <https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>.

use encoding_rs::Encoding;

use super::labels::meta_encoding;

/// The encoding that a `meta` in `bytes` names. A tag that the bytes break off in does not count, so more bytes never
/// change what was found.
pub(super) fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut scan = Scan { bytes, at: 0 };
    while let Some(rest) = bytes.get(scan.at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(b"<!--") {
            // The two hyphens of the beginning may be those of the end: `<!-->` is a whole comment.
            scan.at += 2 + find(&rest[2..], b"-->")? + 3;
        } else if starts_with_tag(rest, b"<meta") {
            scan.at += 5;
            if let Some(encoding) = scan.meta()? {
                return Some(encoding);
            }
        } else if is_tag(rest) {
            let name = rest.iter().position(|&b| is_space(b) || b == b'>')?;
            scan.at += name;
            while scan.attribute()?.is_some() {}
            scan.at += 1;
        } else if rest.starts_with(b"<!") || rest.starts_with(b"</") || rest.starts_with(b"<?") {
            scan.at += find(rest, b">")? + 1;
        } else {
            scan.at += 1;
        }
    }
    None
}

/// `<meta` and a space or slash.
fn starts_with_tag(rest: &[u8], tag: &[u8]) -> bool {
    rest.len() > tag.len()
        && rest[..tag.len()].eq_ignore_ascii_case(tag)
        && (is_space(rest[tag.len()]) || rest[tag.len()] == b'/')
}

/// `<`, perhaps a slash, a letter.
fn is_tag(rest: &[u8]) -> bool {
    match rest {
        [b'<', b'/', letter, ..] | [b'<', letter, ..] => letter.is_ascii_alphabetic(),
        _ => false,
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    /// The byte here; none ends the whole search.
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) -> Option<u8> {
        while skipped(self.peek()?) {
            self.at += 1;
        }
        self.peek()
    }

    /// The `meta` case, behind the tag's name. `None` when the bytes end.
    fn meta(&mut self) -> Option<Option<&'static Encoding>> {
        let (mut seen, mut got_pragma, mut need_pragma, mut charset) = (Vec::new(), false, None, None);
        while let Some((name, value)) = self.attribute()? {
            if seen.contains(&name) {
                continue;
            }
            match name.as_slice() {
                b"http-equiv" => got_pragma |= value == b"content-type",
                b"content" if charset.is_none() => {
                    if let Some(encoding) = encoding_in_content(&value) {
                        charset = Some(encoding);
                        need_pragma = Some(true);
                    }
                }
                b"charset" => {
                    charset = std::str::from_utf8(&value).ok().and_then(meta_encoding);
                    need_pragma = Some(false);
                }
                _ => {}
            }
            seen.push(name);
        }
        self.at += 1;
        let usable = match need_pragma {
            None => false,
            Some(needed) => !needed || got_pragma,
        };
        Some(charset.filter(|_| usable))
    }

    /// <https://html.spec.whatwg.org/#concept-get-attributes-when-sniffing>: the next attribute in lower case;
    /// `Some(None)` at the tag's `>`, where it stays; `None` when the bytes end.
    fn attribute(&mut self) -> Option<Option<(Vec<u8>, Vec<u8>)>> {
        // Steps 1 to 3.
        if self.skip(|b| is_space(b) || b == b'/')? == b'>' {
            return Some(None);
        }
        let (mut name, mut value) = (Vec::new(), Vec::new());
        // Steps 4 and 5: the name.
        loop {
            match self.peek()? {
                b'=' if !name.is_empty() => break,
                b if is_space(b) => {
                    // Steps 6 and 7.
                    if self.skip(is_space)? != b'=' {
                        return Some(Some((name, value)));
                    }
                    break;
                }
                b'/' | b'>' => return Some(Some((name, value))),
                b => name.push(b.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        // Steps 8 and 9.
        self.at += 1;
        match self.skip(is_space)? {
            // Step 10: a quoted value.
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                while self.peek()? != quote {
                    value.push(self.peek()?.to_ascii_lowercase());
                    self.at += 1;
                }
                self.at += 1;
            }
            b'>' => {}
            // Step 11: a bare value.
            _ => {
                while !(is_space(self.peek()?) || self.peek()? == b'>') {
                    value.push(self.peek()?.to_ascii_lowercase());
                    self.at += 1;
                }
            }
        }
        Some(Some((name, value)))
    }
}

/// <https://html.spec.whatwg.org/#algorithm-for-extracting-a-character-encoding-from-a-meta-element>, on a
/// value in lower case.
fn encoding_in_content(content: &[u8]) -> Option<&'static Encoding> {
    let mut rest = content;
    loop {
        // Steps 2 and 3.
        rest = &rest[find(rest, b"charset")? + b"charset".len()..];
        let trimmed = rest.trim_ascii_start();
        // Step 4: without an equals sign search on.
        if let Some(value) = trimmed.strip_prefix(b"=") {
            let value = value.trim_ascii_start();
            // Steps 5 and 6.
            let label = match value.first()? {
                quote @ (b'"' | b'\'') => {
                    let value = &value[1..];
                    &value[..value.iter().position(|b| b == quote)?]
                }
                _ => {
                    let end = value.iter().position(|&b| is_space(b) || b == b';').unwrap_or(value.len());
                    &value[..end]
                }
            };
            return std::str::from_utf8(label).ok().and_then(meta_encoding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::prescan;

    #[test]
    fn metas_are_found_as_the_standard_says() {
        let cases: &[(&str, Option<&str>)] = &[
            ("<meta charset=utf-8>", Some("UTF-8")),
            ("<META CHARSET='EUC-JP' >", Some("EUC-JP")),
            ("<meta\ncharset\t=\"shift_jis\"/>", Some("Shift_JIS")),
            ("<meta charset=utf-16le>", Some("UTF-8")),
            ("<meta charset=x-user-defined>", Some("windows-1252")),
            ("<meta charset=nonsense><meta charset=koi8-r>", Some("KOI8-R")),
            ("<meta http-equiv=content-type content='text/html; charset=big5'>", Some("Big5")),
            ("<meta content='text/html; charset=big5' http-equiv='Content-Type'>", Some("Big5")),
            ("<meta content='text/html; charset=big5'>", None),
            ("<meta http-equiv=content-type content='charset charset = \"gbk\"'>", Some("GBK")),
            ("<meta http-equiv=content-type content='charset=\"gbk'>", None),
            ("<meta charset=utf-8", None),
            ("<!-- <meta charset=utf-8> -->", None),
            ("<!--><meta charset=utf-8>", Some("UTF-8")),
            ("<a title='<meta charset=utf-8>'>", None),
            ("<?php > ?><meta charset=utf-8>", Some("UTF-8")),
            ("<metaa charset=utf-8>", None),
            ("< meta charset=utf-8>", None),
            ("</div a=b><meta charset=utf-8 charset=gbk>", Some("UTF-8")),
        ];
        for (page, expected) in cases {
            assert_eq!(prescan(page.as_bytes()).map(|e| e.name()), *expected, "{page}");
        }
    }
}
