//! Byte patterns of file formats: <https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern>.

/// A pattern as the standard's tables have it. A mask byte of 0 means any byte, of 0xDF either case.
struct Pattern {
    bytes: &'static [u8],
    /// All ones when it is empty.
    mask: &'static [u8],
    essence: &'static str,
}

const fn exact(bytes: &'static [u8], essence: &'static str) -> Pattern {
    Pattern { bytes, mask: &[], essence }
}

const fn masked(bytes: &'static [u8], mask: &'static [u8], essence: &'static str) -> Pattern {
    Pattern { bytes, mask, essence }
}

impl Pattern {
    fn matches(&self, input: &[u8]) -> bool {
        let mask = self.mask.iter().copied().chain(std::iter::repeat(0xff));
        input.len() >= self.bytes.len()
            && self.bytes.iter().zip(input).zip(mask).all(|((want, byte), mask)| byte & mask == *want)
    }
}

fn first_match(patterns: &[Pattern], input: &[u8]) -> Option<&'static str> {
    patterns.iter().find(|pattern| pattern.matches(input)).map(|pattern| pattern.essence)
}

/// Eight bytes of a RIFF or IFF file's type with its size between.
const CHUNKED: &[u8] = b"\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff";

/// <https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm>
pub(super) fn image(input: &[u8]) -> Option<&'static str> {
    const IMAGES: [Pattern; 8] = [
        exact(b"\0\0\x01\0", "image/x-icon"),
        exact(b"\0\0\x02\0", "image/x-icon"),
        exact(b"BM", "image/bmp"),
        exact(b"GIF87a", "image/gif"),
        exact(b"GIF89a", "image/gif"),
        masked(b"RIFF\0\0\0\0WEBPVP", b"\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff\xff\xff", "image/webp"),
        exact(b"\x89PNG\r\n\x1a\n", "image/png"),
        exact(b"\xff\xd8\xff", "image/jpeg"),
    ];
    first_match(&IMAGES, input)
}

/// <https://mimesniff.spec.whatwg.org/#audio-or-video-type-pattern-matching-algorithm>, the table; the formats
/// that need more than a pattern are in [`super::media`].
pub(super) fn audio_or_video(input: &[u8]) -> Option<&'static str> {
    const MEDIA: [Pattern; 6] = [
        masked(b"FORM\0\0\0\0AIFF", CHUNKED, "audio/aiff"),
        exact(b"ID3", "audio/mpeg"),
        exact(b"OggS\0", "application/ogg"),
        exact(b"MThd\0\0\0\x06", "audio/midi"),
        masked(b"RIFF\0\0\0\0AVI ", CHUNKED, "video/avi"),
        masked(b"RIFF\0\0\0\0WAVE", CHUNKED, "audio/wave"),
    ];
    first_match(&MEDIA, input)
}

/// <https://mimesniff.spec.whatwg.org/#font-type-pattern-matching-algorithm>
pub(super) fn font(input: &[u8]) -> Option<&'static str> {
    const FONTS: [Pattern; 6] = [
        exact(b"\0\x01\0\0", "font/ttf"),
        exact(b"OTTO", "font/otf"),
        exact(b"ttcf", "font/collection"),
        exact(b"wOFF", "font/woff"),
        exact(b"wOF2", "font/woff2"),
        masked(
            b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0LP",
            b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff",
            "application/vnd.ms-fontobject",
        ),
    ];
    first_match(&FONTS, input)
}

/// <https://mimesniff.spec.whatwg.org/#archive-type-pattern-matching-algorithm>
pub(super) fn archive(input: &[u8]) -> Option<&'static str> {
    const ARCHIVES: [Pattern; 3] = [
        exact(b"\x1f\x8b\x08", "application/x-gzip"),
        exact(b"PK\x03\x04", "application/zip"),
        exact(b"Rar \x1a\x07\0", "application/x-rar-compressed"),
    ];
    first_match(&ARCHIVES, input)
}

/// Formats that can carry scripts: the first table of
/// <https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type>.
pub(super) fn scriptable(input: &[u8]) -> Option<&'static str> {
    const TAGS: [&str; 17] = [
        "<!DOCTYPE HTML",
        "<HTML",
        "<HEAD",
        "<SCRIPT",
        "<IFRAME",
        "<H1",
        "<DIV",
        "<FONT",
        "<TABLE",
        "<A",
        "<STYLE",
        "<TITLE",
        "<B",
        "<BODY",
        "<BR",
        "<P",
        "<!--",
    ];
    let start = input.iter().position(|byte| !matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' '));
    let text = &input[start.unwrap_or(input.len())..];
    // A tag counts only with what ends it behind it.
    let is_tag = |tag: &&str| {
        text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag.as_bytes()))
            && text.get(tag.len()).is_some_and(|end| matches!(end, b' ' | b'>'))
    };
    if TAGS.iter().any(is_tag) {
        return Some("text/html");
    }
    if text.starts_with(b"<?xml") {
        return Some("text/xml");
    }
    input.starts_with(b"%PDF-").then_some("application/pdf")
}

/// Formats that cannot: the second table there.
pub(super) fn plain(input: &[u8]) -> Option<&'static str> {
    const PLAIN: [Pattern; 4] = [
        exact(b"%!PS-Adobe-", "application/postscript"),
        masked(b"\xfe\xff\0\0", b"\xff\xff\0\0", "text/plain"),
        masked(b"\xff\xfe\0\0", b"\xff\xff\0\0", "text/plain"),
        masked(b"\xef\xbb\xbf\0", b"\xff\xff\xff\0", "text/plain"),
    ];
    first_match(&PLAIN, input)
}

/// <https://mimesniff.spec.whatwg.org/#binary-data-byte>
pub(super) const fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}
