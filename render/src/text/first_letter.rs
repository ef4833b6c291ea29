//! Which part of a text `::first-letter` takes: <https://drafts.csswg.org/css-pseudo-4/#first-letter-pattern>.

use std::ops::Range;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use icu_segmenter::GraphemeClusterSegmenter;

/// The first letter with the punctuation beside it, in bytes. `None` when the text has no letter before its end or
/// before white space that follows punctuation.
pub fn first_letter(text: &str) -> Option<Range<usize>> {
    let start = text.find(|c: char| !c.is_ascii_whitespace())?;
    let letter = start + text[start..].find(|c: char| !is_punctuation(c))?;
    if text[letter..].starts_with(char::is_whitespace) {
        return None;
    }
    let rest = &text[letter..];
    let end = letter + GraphemeClusterSegmenter::new().segment_str(rest).nth(1).unwrap_or(rest.len());
    let more = text[end..].find(|c: char| !is_punctuation(c)).unwrap_or(text.len() - end);
    Some(start..end + more)
}

/// `DEVIATION:` the classes of CSS 2 on both sides, as in Blink.
fn is_punctuation(c: char) -> bool {
    use GeneralCategory as G;
    matches!(
        CodePointMapData::<G>::new().get(c),
        G::OpenPunctuation
            | G::ClosePunctuation
            | G::InitialPunctuation
            | G::FinalPunctuation
            | G::OtherPunctuation
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_with_their_punctuation() {
        let cases = [
            ("test", Some("t")),
            ("\n )T)est", Some(")T)")),
            ("e\u{301}t", Some("e\u{301}")),
            ("\u{2e05}T\u{2e05}", Some("\u{2e05}T\u{2e05}")),
            ("-a", Some("-")),
            ("( a", None),
            ("\"", None),
            (" ", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(first_letter(text).map(|range| &text[range]), expected, "{text:?}");
        }
    }
}
