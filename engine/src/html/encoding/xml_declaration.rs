//! The encoding that an XML document says it has: <https://www.w3.org/TR/xml/#sec-guessing>.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::labels::meta_encoding;

/// What the first bytes of an XML document tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    /// The encoding that they name or show.
    Named(&'static Encoding),
    /// That there is no encoding named, or none that is known.
    Nothing,
    /// Too little: more bytes are needed.
    Unfinished,
}

/// Reads the XML declaration at the start of `head`. DEVIATION: of the encodings without a byte order mark that are
/// no superset of ASCII, UTF-16 alone is recognised; browsers know no other.
pub(super) fn declared_encoding(head: &[u8]) -> Declared {
    for (start, found) in [
        (&b"<\0?\0"[..], Declared::Named(UTF_16LE)),
        (b"\0<\0?", Declared::Named(UTF_16BE)),
        (b"<?xml", in_declaration(head)),
    ] {
        if head.starts_with(start) {
            return found;
        }
        if start.starts_with(head) {
            return Declared::Unfinished;
        }
    }
    Declared::Nothing
}

fn in_declaration(head: &[u8]) -> Declared {
    let Some(end) = head.windows(2).position(|pair| pair == b"?>") else { return Declared::Unfinished };
    match label(&head[..end]).and_then(meta_encoding) {
        Some(encoding) => Declared::Named(encoding),
        None => Declared::Nothing,
    }
}

/// The value of `encoding`, in either kind of quotes.
fn label(declaration: &[u8]) -> Option<&str> {
    let declaration = std::str::from_utf8(declaration).ok()?;
    let (_, behind) = declaration.split_once("encoding")?;
    let value = behind.trim_ascii_start().strip_prefix('=')?.trim_ascii_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (label, _) = value[1..].split_once(quote)?;
    Some(label)
}
