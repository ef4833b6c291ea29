//! The type of a resource from what was said of it and from its first bytes:
//! <https://mimesniff.spec.whatwg.org/#sniffing-in-specific-contexts>.

use http::{HeaderMap, header};

use super::{MimeType, extract, media, no_sniff, signatures};

/// How many first bytes are looked at: <https://mimesniff.spec.whatwg.org/#reading-the-resource-header>.
pub const RESOURCE_HEADER_BYTES: usize = 1445;

/// What was said of a resource's type: <https://mimesniff.spec.whatwg.org/#supplied-mime-type-detection-algorithm>.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Supplied {
    /// The type; `None` when none was said that can be parsed.
    pub mime: Option<MimeType>,
    /// It is one of the values that a widespread server sends for anything it does not know.
    pub check_for_apache_bug: bool,
    /// Whether it is to be believed.
    pub no_sniff: bool,
}

impl Supplied {
    /// By a response's headers.
    ///
    /// DEVIATION: of several types the one that Fetch extracts is taken, as browsers do, and not the last line's.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        const BUGS: [&[u8]; 4] = [
            b"text/plain",
            b"text/plain; charset=ISO-8859-1",
            b"text/plain; charset=iso-8859-1",
            b"text/plain; charset=UTF-8",
        ];
        let last = headers.get_all(header::CONTENT_TYPE).iter().next_back();
        Self {
            mime: extract(headers),
            check_for_apache_bug: last.is_some_and(|value| BUGS.contains(&value.as_bytes())),
            no_sniff: no_sniff(headers),
        }
    }

    /// By the name of a file, or anything else that is no header.
    pub fn known(mime: Option<MimeType>) -> Self {
        Self { mime, check_for_apache_bug: false, no_sniff: false }
    }
}

/// What a resource is to be used as: <https://mimesniff.spec.whatwg.org/#context-specific-sniffing>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SniffContext {
    /// A document.
    Browsing,
    /// An image.
    Image,
    /// Audio or video.
    AudioOrVideo,
    /// `object` or `embed`.
    Plugin,
    /// A style sheet.
    Style,
    /// A script.
    Script,
    /// A font.
    Font,
    /// Subtitles.
    TextTrack,
}

/// The computed type of a resource in a context; `start` are its first bytes. `None`: it has none that is known.
pub fn sniff(context: SniffContext, supplied: &Supplied, start: &[u8]) -> Option<MimeType> {
    let start = resource_header(start);
    let said = || supplied.mime.clone();
    let found = |found: Option<&str>| match &supplied.mime {
        Some(mime) if mime.is_xml() => Some(mime.clone()),
        _ => found.map(MimeType::known).or_else(said),
    };
    match context {
        SniffContext::Browsing => Some(computed(supplied, start)),
        SniffContext::Image => found(signatures::image(start)),
        SniffContext::AudioOrVideo => found(audio_or_video(start)),
        SniffContext::Font => found(signatures::font(start)),
        SniffContext::Plugin => said().or_else(|| Some(MimeType::known("application/octet-stream"))),
        // "XXX" in the standard: what is not said is not guessed.
        SniffContext::Style | SniffContext::Script => said(),
        SniffContext::TextTrack => Some(MimeType::known("text/vtt")),
    }
}

/// <https://mimesniff.spec.whatwg.org/#mime-type-sniffing-algorithm>
///
/// DEVIATION: HTML that is a feed stays HTML, as in Chromium.
pub fn computed(supplied: &Supplied, start: &[u8]) -> MimeType {
    let start = resource_header(start);
    // Step 2.
    let is_unknown =
        |mime: &&MimeType| !matches!(mime.essence(), "unknown/unknown" | "application/unknown" | "*/*");
    let Some(mime) = supplied.mime.as_ref().filter(is_unknown) else {
        return MimeType::known(unknown(start, !supplied.no_sniff));
    };
    // Steps 1 and 3.
    if mime.is_xml() || mime.is_html() || supplied.no_sniff {
        return mime.clone();
    }
    // Step 4.
    if supplied.check_for_apache_bug {
        return MimeType::known(text_or_binary(start));
    }
    // Steps 5 and 6.
    let matched = if mime.is_image() {
        signatures::image(start)
    } else if mime.is_audio_or_video() {
        audio_or_video(start)
    } else {
        None
    };
    matched.map_or_else(|| mime.clone(), MimeType::known)
}

/// <https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type>
fn unknown(start: &[u8], sniff_scriptable: bool) -> &'static str {
    let scriptable = if sniff_scriptable { signatures::scriptable(start) } else { None };
    scriptable
        .or_else(|| signatures::plain(start))
        .or_else(|| signatures::image(start))
        .or_else(|| audio_or_video(start))
        .or_else(|| signatures::archive(start))
        .unwrap_or_else(|| text_or_octets(start))
}

/// <https://mimesniff.spec.whatwg.org/#sniffing-a-mislabeled-binary-resource>
fn text_or_binary(start: &[u8]) -> &'static str {
    if [&b"\xfe\xff"[..], b"\xff\xfe", b"\xef\xbb\xbf"].iter().any(|mark| start.starts_with(mark)) {
        return "text/plain";
    }
    text_or_octets(start)
}

fn text_or_octets(start: &[u8]) -> &'static str {
    if start.iter().copied().any(signatures::is_binary) { "application/octet-stream" } else { "text/plain" }
}

fn audio_or_video(start: &[u8]) -> Option<&'static str> {
    signatures::audio_or_video(start)
        .or_else(|| media::is_mp4(start).then_some("video/mp4"))
        .or_else(|| media::is_webm(start).then_some("video/webm"))
        .or_else(|| media::is_mp3(start).then_some("audio/mpeg"))
}

fn resource_header(start: &[u8]) -> &[u8] {
    start.get(..RESOURCE_HEADER_BYTES).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browsing(lines: &[(&'static str, &'static str)], start: &[u8]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        sniff(SniffContext::Browsing, &Supplied::from_headers(&headers), start).unwrap().to_string()
    }

    /// The standard's table of patterns, each at its shortest, and what is just not it.
    #[test]
    fn unknown_types() {
        for (start, expected) in [
            (&b""[..], "text/plain"),
            (b"  \t\r\n\x0c<!doctype HTML>", "text/html"),
            (b"<!DOCTYPE html ", "text/html"),
            (b"<!DOCTYPE htmlx", "text/plain"),
            (b"<html>", "text/html"),
            (b"<HeAd ", "text/html"),
            (b"<script>", "text/html"),
            (b"<script\n", "text/plain"),
            (b"<iframe>", "text/html"),
            (b"<h1>", "text/html"),
            (b"<h2>", "text/plain"),
            (b"<div>", "text/html"),
            (b"<font>", "text/html"),
            (b"<table>", "text/html"),
            (b"<a ", "text/html"),
            (b"<style>", "text/html"),
            (b"<title>", "text/html"),
            (b"<b>", "text/html"),
            (b"<body ", "text/html"),
            (b"<br>", "text/html"),
            (b"<p>", "text/html"),
            (b"<p/", "text/plain"),
            (b"<!-- ", "text/html"),
            (b"<!--", "text/plain"),
            (b"  <?xml", "text/xml"),
            (b"<?XML", "text/plain"),
            (b"%PDF-", "application/pdf"),
            (b" %PDF-", "text/plain"),
            (b"%!PS-Adobe-", "application/postscript"),
            (b"\xfe\xff\0\0", "text/plain"),
            (b"\xff\xfe\0\0", "text/plain"),
            (b"\xef\xbb\xbf\0", "text/plain"),
            (b"\0\0\x01\0", "image/x-icon"),
            (b"\0\0\x02\0", "image/x-icon"),
            (b"\0\0\x03\0", "application/octet-stream"),
            (b"BM", "image/bmp"),
            (b"GIF87a", "image/gif"),
            (b"GIF89a", "image/gif"),
            (b"GIF88a", "text/plain"),
            (b"RIFF1234WEBPVP", "image/webp"),
            (b"RIFF1234WEBP", "text/plain"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"\xff\xd8\xff", "image/jpeg"),
            (b"FORM1234AIFF", "audio/aiff"),
            (b"ID3", "audio/mpeg"),
            (b"OggS\0", "application/ogg"),
            (b"MThd\0\0\0\x06", "audio/midi"),
            (b"RIFF1234AVI ", "video/avi"),
            (b"RIFF1234WAVE", "audio/wave"),
            (b"\0\0\0\x14ftypmp42\0\0\0\0isom", "video/mp4"),
            (b"\x1a\x45\xdf\xa3\x42\x82\x84webm\0", "video/webm"),
            (b"\x1f\x8b\x08", "application/x-gzip"),
            (b"PK\x03\x04", "application/zip"),
            (b"Rar \x1a\x07\0", "application/x-rar-compressed"),
            (b"text with \x1b and \x0c", "text/plain"),
            (b"text with \x01", "application/octet-stream"),
        ] {
            assert_eq!(browsing(&[], start), expected, "{start:?}");
        }
        // Every control byte, as the standard's group of binary data bytes has it.
        for byte in 0..=255_u8 {
            let binary = matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31);
            let expected = if binary { "application/octet-stream" } else { "text/plain" };
            assert_eq!(browsing(&[], &[b'x', byte]), expected, "{byte:#x}");
        }
        let beyond = [&[b'x'; RESOURCE_HEADER_BYTES][..], b"\0"].concat();
        assert_eq!(browsing(&[], &beyond), "text/plain");
    }

    #[test]
    fn supplied_types() {
        const HTML: &[u8] = b"<html>";
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
        const NOSNIFF: (&str, &str) = ("x-content-type-options", "nosniff");
        for (lines, start, expected) in [
            (&[("content-type", "text/html; charset=x")][..], PNG, "text/html;charset=x"),
            (&[("content-type", "application/xhtml+xml")], PNG, "application/xhtml+xml"),
            (&[("content-type", "image/svg+xml")], PNG, "image/svg+xml"),
            (&[("content-type", "image/gif")], PNG, "image/png"),
            (&[("content-type", "image/gif"), NOSNIFF], PNG, "image/gif"),
            (&[("content-type", "image/gif")], HTML, "image/gif"),
            (&[("content-type", "audio/x")], b"OggS\0", "application/ogg"),
            (&[("content-type", "text/css")], HTML, "text/css"),
            (&[("content-type", "unknown/unknown")], HTML, "text/html"),
            (&[("content-type", "application/unknown")], HTML, "text/html"),
            (&[("content-type", "*/*")], HTML, "text/html"),
            (&[("content-type", "nonsense")], HTML, "text/html"),
            // Scripts are not guessed where sniffing is forbidden; other formats are.
            (&[NOSNIFF], HTML, "text/plain"),
            (&[NOSNIFF], PNG, "image/png"),
            // Text from a server that says so of everything: text or binary, never markup.
            (&[("content-type", "text/plain")], HTML, "text/plain"),
            (&[("content-type", "text/plain")], PNG, "application/octet-stream"),
            (&[("content-type", "text/plain; charset=ISO-8859-1")], b"\0", "application/octet-stream"),
            (&[("content-type", "text/plain; charset=iso-8859-1")], b"\0", "application/octet-stream"),
            (&[("content-type", "text/plain; charset=UTF-8")], b"\0", "application/octet-stream"),
            (&[("content-type", "text/plain; charset=utf-8")], b"\0", "text/plain;charset=utf-8"),
            (&[("content-type", "text/plain;charset=UTF-8")], b"\0", "text/plain;charset=UTF-8"),
            (&[("content-type", "text/plain")], b"\xfe\xff\0a", "text/plain"),
            (&[("content-type", "text/plain"), NOSNIFF], b"\0", "text/plain"),
        ] {
            assert_eq!(browsing(lines, start), expected, "{lines:?} {start:?}");
        }
    }

    #[test]
    fn contexts() {
        use SniffContext::{AudioOrVideo, Font, Image, Plugin, Script, Style, TextTrack};
        let eot = [&[0; 34][..], b"LP"].concat();
        for (context, said, start, expected) in [
            (Image, Some("text/plain"), &b"GIF89a"[..], Some("image/gif")),
            (Image, Some("image/svg+xml"), b"GIF89a", Some("image/svg+xml")),
            (Image, None, b"<svg>", None),
            (AudioOrVideo, Some("video/x"), b"ID3", Some("audio/mpeg")),
            (AudioOrVideo, Some("video/x"), b"", Some("video/x")),
            (Font, None, b"\0\x01\0\0", Some("font/ttf")),
            (Font, None, b"OTTO", Some("font/otf")),
            (Font, None, b"ttcf", Some("font/collection")),
            (Font, None, b"wOFF", Some("font/woff")),
            (Font, Some("text/plain"), b"wOF2", Some("font/woff2")),
            (Font, None, &eot, Some("application/vnd.ms-fontobject")),
            (Font, Some("text/xml"), b"wOF2", Some("text/xml")),
            (Plugin, None, b"GIF89a", Some("application/octet-stream")),
            (Plugin, Some("a/b"), b"GIF89a", Some("a/b")),
            (Style, None, b"p{}", None),
            (Script, Some("text/x"), b"", Some("text/x")),
            (TextTrack, Some("a/b"), b"", Some("text/vtt")),
        ] {
            let supplied = Supplied::known(said.and_then(MimeType::parse));
            let mime = sniff(context, &supplied, start);
            assert_eq!(mime.as_ref().map(MimeType::essence), expected, "{context:?} {said:?} {start:?}");
        }
    }
}
