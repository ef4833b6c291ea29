//! A page's bytes as text while they arrive, once their encoding is determined.
//!
//! [`PageDecoder`] follows <https://html.spec.whatwg.org/#determining-the-character-encoding>: byte order mark,
//! transport layer, the first 1024 bytes searched for a `meta`, statistics over the bytes, windows-1252. All of it
//! depends on the bytes alone and never on how they were cut into chunks.
//!
//! Bytes without any label are passed on while they are plain ASCII, which every guess would read alike. With the first
//! other byte a window of [`DETECTION_WINDOW`] bytes is collected for the statistics. A `meta` that comes later than
//! the 1024 bytes but before that byte can so still set the encoding: "the user agent may change to the new converter
//! on the fly" (<https://html.spec.whatwg.org/#change-the-encoding>, step 5).
//!
//! An XML document has its own, shorter way: byte order mark, transport layer, XML declaration, UTF-8
//! (<https://www.w3.org/TR/xml/#sec-guessing>).
//!
//! A `meta` that comes later still makes the parser begin again with [`PageDecoder::restarted`].

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, WINDOWS_1252};

use super::labels::meta_encoding;
use super::prescan::prescan;
use super::xml_declaration::{Declared, declared_encoding};

/// How many bytes are searched for a `meta`: <https://html.spec.whatwg.org/#concept-encoding-confidence>.
pub const PRESCAN_BYTES: usize = 1024;

/// How many bytes from the first that is not ASCII are looked at to guess an encoding.
const DETECTION_WINDOW: usize = 4096;

/// Takes text with the name of the encoding that it was read in, and tells the encoding that a `meta` in it asks for.
pub type OnText<'a> = dyn FnMut(&str, &'static str) -> Option<String> + 'a;

/// Where an encoding came from, in falling order of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EncodingSource {
    /// A byte order mark.
    ByteOrderMark,
    /// The `charset` of the `Content-Type` header.
    Transport,
    /// A `meta` element.
    Meta,
    /// The document around this one.
    Parent,
    /// An XML declaration, or the zero bytes of its first characters.
    XmlDeclaration,
    /// Statistics over the bytes, or the default where there are no bytes to tell.
    Guess,
}

/// Whether a guess may be UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Utf8Guess {
    /// Not on the web, where an unlabelled page in UTF-8 is a mistake that must stay visible to its author.
    #[default]
    Denied,
    /// For local files, as Chromium and Firefox do.
    Allowed,
}

/// What stands for an encoding in the bytes themselves.
#[derive(Debug, Clone, Copy)]
enum Rules {
    Html(Utf8Guess),
    Xml,
}

enum State {
    /// Too few bytes to look for a mark or a `meta`.
    Sniffing,
    /// No label found, and plain ASCII up to here.
    Ascii(Box<EncodingDetector>),
    /// No label found; collecting from the first byte that is not ASCII on.
    Guessing(Box<EncodingDetector>),
    /// Decided.
    Decoding(Decoder),
}

/// Turns a page's bytes into text as they arrive.
pub struct PageDecoder {
    state: State,
    held: Vec<u8>,
    transport: Option<&'static Encoding>,
    parent: Option<&'static Encoding>,
    rules: Rules,
    encoding: &'static Encoding,
    source: EncodingSource,
}

impl PageDecoder {
    /// A decoder for a page whose `Content-Type` names `transport_charset`.
    pub fn new(transport_charset: Option<&str>, utf8_guess: Utf8Guess) -> Self {
        Self::with_rules(transport_charset, Rules::Html(utf8_guess), WINDOWS_1252)
    }

    /// With the encoding of the document around this one, if they are of one origin.
    #[must_use]
    pub fn with_parent(mut self, label: Option<&str>) -> Self {
        self.parent = label.and_then(|label| Encoding::for_label(label.as_bytes()));
        self
    }

    /// A decoder for an XML document whose `Content-Type` names `transport_charset`.
    pub fn for_xml(transport_charset: Option<&str>) -> Self {
        Self::with_rules(transport_charset, Rules::Xml, UTF_8)
    }

    fn with_rules(transport_charset: Option<&str>, rules: Rules, encoding: &'static Encoding) -> Self {
        Self {
            state: State::Sniffing,
            held: Vec::new(),
            transport: transport_charset.and_then(|label| Encoding::for_label(label.as_bytes())),
            parent: None,
            rules,
            encoding,
            source: EncodingSource::Guess,
        }
    }

    /// A decoder for a page that is read once more, since a `meta` names the encoding `label`:
    /// <https://html.spec.whatwg.org/#change-the-encoding>, step 6. Nothing when that is none.
    pub fn restarted(label: &str) -> Option<Self> {
        let encoding = meta_encoding(label)?;
        let mut decoder = Self::with_rules(None, Rules::Html(Utf8Guess::Denied), encoding);
        decoder.decide(encoding, EncodingSource::Meta);
        Some(decoder)
    }

    /// What is held back because nothing tells the encoding yet, as far as every encoding that may still be decided for
    /// reads it alike. It is the beginning of the page.
    pub fn held_ascii(&self) -> &[u8] {
        let is_open = matches!(self.state, State::Sniffing) && matches!(self.rules, Rules::Html(_));
        if !is_open || self.transport.is_some() {
            return &[];
        }
        // ESC may begin ISO-2022-JP, and zero bytes are no text.
        let plain = self.held.iter().position(|&b| !b.is_ascii() || b == 0x1b || b == 0);
        &self.held[..plain.unwrap_or(self.held.len())]
    }

    /// The encoding's name as the Encoding standard spells it; the default until one is determined.
    pub fn encoding_name(&self) -> &'static str {
        self.encoding.name()
    }

    /// Whether the encoding is determined.
    pub const fn is_decided(&self) -> bool {
        matches!(self.state, State::Decoding(_))
    }

    /// Where the encoding came from.
    pub const fn source(&self) -> EncodingSource {
        self.source
    }

    /// Takes bytes, passes on text. `on_text` may be called several times, and tells the encoding that a `meta`
    /// in that text asks for, if one does.
    pub fn feed(&mut self, bytes: &[u8], on_text: &mut OnText<'_>) {
        self.process(bytes, false, on_text);
    }

    /// The end of the bytes: passes on what was held back.
    pub fn finish(&mut self, on_text: &mut OnText<'_>) {
        self.process(&[], true, on_text);
    }

    fn process(&mut self, bytes: &[u8], last: bool, on_text: &mut OnText<'_>) {
        if let State::Decoding(decoder) = &mut self.state {
            return decode(decoder, self.encoding.name(), bytes, last, on_text);
        }
        self.held.extend_from_slice(bytes);
        if matches!(self.state, State::Sniffing) {
            self.sniff(last);
        }
        if matches!(self.state, State::Ascii(_)) {
            self.pass_ascii(last, on_text);
        }
        if matches!(self.state, State::Guessing(_)) {
            self.guess(last);
        }
        if let State::Decoding(decoder) = &mut self.state {
            let held = std::mem::take(&mut self.held);
            decode(decoder, self.encoding.name(), &held, last, on_text);
        }
    }

    fn decide(&mut self, encoding: &'static Encoding, source: EncodingSource) {
        self.encoding = encoding;
        self.source = source;
        self.state = State::Decoding(match source {
            EncodingSource::ByteOrderMark => encoding.new_decoder_with_bom_removal(),
            _ => encoding.new_decoder_without_bom_handling(),
        });
    }

    /// Steps 1 to 5 of the standard's algorithm.
    fn sniff(&mut self, last: bool) {
        // Step 1. BOM sniffing: <https://encoding.spec.whatwg.org/#bom-sniff>.
        if let Some((encoding, _)) = Encoding::for_bom(&self.held) {
            return self.decide(encoding, EncodingSource::ByteOrderMark);
        }
        if self.held.len() < 3 && !last {
            return;
        }
        // Step 2, an override by the user, is not offered. Step 4: the transport layer.
        if let Some(encoding) = self.transport {
            return self.decide(encoding, EncodingSource::Transport);
        }
        if matches!(self.rules, Rules::Xml) {
            return self.sniff_xml(last);
        }
        // Steps 3 and 5. What a part of the bytes tells, the whole tells as well, so slow pages need not wait.
        let head = &self.held[..self.held.len().min(PRESCAN_BYTES)];
        let is_enough = self.held.len() >= PRESCAN_BYTES || last;
        match (prescan(head), self.parent) {
            (Some(encoding), _) => self.decide(encoding, EncodingSource::Meta),
            // Step 6.
            (None, Some(encoding)) if is_enough => self.decide(encoding, EncodingSource::Parent),
            (None, None) if is_enough => {
                self.state = State::Ascii(Box::new(EncodingDetector::new(Iso2022JpDetection::Allow)));
            }
            (None, _) => {}
        }
        // Step 7, an earlier visit: not kept.
    }

    fn sniff_xml(&mut self, last: bool) {
        let head = &self.held[..self.held.len().min(PRESCAN_BYTES)];
        match declared_encoding(head) {
            Declared::Named(encoding) => self.decide(encoding, EncodingSource::XmlDeclaration),
            Declared::Unfinished if self.held.len() < PRESCAN_BYTES && !last => {}
            Declared::Unfinished | Declared::Nothing => self.decide(UTF_8, EncodingSource::Guess),
        }
    }

    /// Step 8, first half: what every guess reads alike.
    fn pass_ascii(&mut self, last: bool, on_text: &mut OnText<'_>) {
        let State::Ascii(detector) = &mut self.state else { return };
        // ESC may begin ISO-2022-JP, whose text is ASCII bytes.
        let plain = self.held.iter().position(|&b| !b.is_ascii() || b == 0x1b).unwrap_or(self.held.len());
        let rest = self.held.split_off(plain);
        let ascii = std::mem::replace(&mut self.held, rest);
        detector.feed(&ascii, false);
        let label = std::str::from_utf8(&ascii).ok().and_then(|text| on_text(text, "UTF-8"));
        if let Some(encoding) = label.and_then(|label| meta_encoding(&label)) {
            self.decide(encoding, EncodingSource::Meta);
        } else if !self.held.is_empty() {
            let State::Ascii(detector) = std::mem::replace(&mut self.state, State::Sniffing) else { return };
            self.state = State::Guessing(detector);
        } else if last {
            // Step 9. No byte to tell by: the default for most locales.
            self.decide(WINDOWS_1252, EncodingSource::Guess);
        }
    }

    /// Step 8, second half: statistics.
    fn guess(&mut self, last: bool) {
        let State::Guessing(detector) = &mut self.state else { return };
        if self.held.len() < DETECTION_WINDOW && !last {
            return;
        }
        let window = &self.held[..self.held.len().min(DETECTION_WINDOW)];
        detector.feed(window, last && window.len() == self.held.len());
        let utf8 = match self.rules {
            Rules::Html(Utf8Guess::Denied) => Utf8Detection::Deny,
            Rules::Html(Utf8Guess::Allowed) | Rules::Xml => Utf8Detection::Allow,
        };
        let encoding = detector.guess(None, utf8);
        self.decide(encoding, EncodingSource::Guess);
    }
}

/// Decodes `bytes` in pieces of bounded size.
fn decode(
    decoder: &mut Decoder,
    encoding: &'static str,
    mut bytes: &[u8],
    last: bool,
    on_text: &mut OnText<'_>,
) {
    let mut text = String::with_capacity(16 * 1024);
    loop {
        let (result, read, _) = decoder.decode_to_string(bytes, &mut text, last);
        bytes = &bytes[read..];
        if !text.is_empty() {
            on_text(&text, encoding);
            text.clear();
        }
        if matches!(result, encoding_rs::CoderResult::InputEmpty) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EncodingSource, PageDecoder, Utf8Guess};

    /// Bytes and the label in the header; the encoding, its source and the text.
    type Case<'a> = (&'a [u8], Option<&'a str>, &'a str, EncodingSource, &'a str);

    /// Encoding, source and text of `bytes` fed in chunks of `size`. A `meta` is looked for as a parser would.
    fn decode(
        bytes: &[u8],
        size: usize,
        transport: Option<&str>,
        utf8: Utf8Guess,
    ) -> (&'static str, EncodingSource, String) {
        let mut decoder = PageDecoder::new(transport, utf8);
        let mut out = String::new();
        let mut on_text = |text: &str, _: &'static str| {
            out.push_str(text);
            out.find("<meta charset=koi8-r>").map(|_| "koi8-r".to_owned())
        };
        for chunk in bytes.chunks(size) {
            decoder.feed(chunk, &mut on_text);
        }
        decoder.finish(&mut on_text);
        (decoder.encoding_name(), decoder.source(), out)
    }

    #[test]
    fn the_strongest_label_wins() {
        use EncodingSource::{ByteOrderMark, Guess, Meta, Transport};
        let padding = " ".repeat(2000);
        let late = format!("{padding}<meta charset=koi8-r>");
        let too_late = [b"\xe9", late.as_bytes()].concat();
        let late_koi8 = [late.as_bytes(), b"\xc1"].concat();
        let cases: &[Case<'_>] = &[
            (b"", None, "windows-1252", Guess, ""),
            (b"plain", None, "windows-1252", Guess, "plain"),
            (b"\xef\xbb\xbfx", Some("gbk"), "UTF-8", ByteOrderMark, "x"),
            (b"\xff\xfex\0", None, "UTF-16LE", ByteOrderMark, "x"),
            (b"\xfe\xff\0x", None, "UTF-16BE", ByteOrderMark, "x"),
            (b"\xef\xbb", Some("utf-8"), "UTF-8", Transport, "\u{fffd}"),
            (b"<meta charset=utf-8>\xc1", Some("koi8-r"), "KOI8-R", Transport, "<meta charset=utf-8>\u{430}"),
            (b"<meta charset=utf-8>\xc3\xa9", Some("nonsense"), "UTF-8", Meta, "<meta charset=utf-8>\u{e9}"),
            (b"caf\xe9", None, "windows-1252", Guess, "caf\u{e9}"),
            (b"caf\xc3\xa9", None, "windows-1252", Guess, "caf\u{c3}\u{a9}"),
            (b"\x1b$B$3$l\x1b(B", None, "ISO-2022-JP", Guess, "\u{3053}\u{308c}"),
        ];
        for size in [1, 3, 1024, usize::MAX] {
            for &(bytes, transport, name, source, text) in cases {
                let decoded = decode(bytes, size, transport, Utf8Guess::Denied);
                assert_eq!(decoded, (name, source, text.to_owned()), "{bytes:?} by {size}");
            }
            assert_eq!(decode(b"caf\xc3\xa9", size, None, Utf8Guess::Allowed).0, "UTF-8");
            // Behind the prescan's reach, but before the first byte that is not ASCII.
            let (name, source, text) = decode(&late_koi8, size, None, Utf8Guess::Denied);
            assert_eq!((name, source, text.ends_with('\u{430}')), ("KOI8-R", Meta, true), "by {size}");
            assert_eq!(decode(&too_late, size, None, Utf8Guess::Denied).1, Guess, "by {size}");
        }
    }

    #[test]
    fn xml_says_its_encoding_itself_or_is_utf8() {
        use EncodingSource::{ByteOrderMark, Guess, Transport, XmlDeclaration};
        let declared = b"<?xml version='1.0' encoding = \"koi8-r\"?>\xc1";
        let declared_text = "<?xml version='1.0' encoding = \"koi8-r\"?>\u{430}";
        let cases: &[Case<'_>] = &[
            (b"", None, "UTF-8", Guess, ""),
            (b"<p>\xc3\xa9", None, "UTF-8", Guess, "<p>\u{e9}"),
            (b"<meta charset=\"koi8-r\"/>\xc3\xa9", None, "UTF-8", Guess, "<meta charset=\"koi8-r\"/>\u{e9}"),
            (declared, None, "KOI8-R", XmlDeclaration, declared_text),
            (
                b"<?xml version='1.0'?>\xc3\xa9",
                Some("gbk"),
                "GBK",
                Transport,
                "<?xml version='1.0'?>\u{8305}",
            ),
            (b"\xef\xbb\xbf<?xml encoding='gbk'?>", None, "UTF-8", ByteOrderMark, "<?xml encoding='gbk'?>"),
            (b"<\0?\0x\0", None, "UTF-16LE", XmlDeclaration, "<?x"),
            (b"\0<\0?\0x", None, "UTF-16BE", XmlDeclaration, "<?x"),
            (b"<?xml encoding='koi8-r'", None, "UTF-8", Guess, "<?xml encoding='koi8-r'"),
            (b"<?xml encoding='utf-16'?>", None, "UTF-8", XmlDeclaration, "<?xml encoding='utf-16'?>"),
        ];
        for size in [1, 3, usize::MAX] {
            for &(bytes, transport, name, source, text) in cases {
                let mut decoder = PageDecoder::for_xml(transport);
                let mut out = String::new();
                let mut on_text = |text: &str, _: &'static str| {
                    out.push_str(text);
                    None
                };
                bytes.chunks(size).for_each(|chunk| decoder.feed(chunk, &mut on_text));
                decoder.finish(&mut on_text);
                assert_eq!(
                    (decoder.encoding_name(), decoder.source(), out),
                    (name, source, text.to_owned()),
                    "{bytes:?} by {size}"
                );
            }
        }
    }
}
