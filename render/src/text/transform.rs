//! `text-transform`: <https://drafts.csswg.org/css-text-4/#text-transform-property>.

use std::borrow::Cow;

use siskin_engine::css::values::TextTransform;

/// Transforms the text of one node in `language` (BCP 47). `before` is the character that stands before it in
/// the inline formatting context, for `capitalize`.
pub fn transform<'a>(
    text: &'a str,
    how: TextTransform,
    language: &str,
    before: Option<char>,
) -> Cow<'a, str> {
    match how {
        TextTransform::None => Cow::Borrowed(text),
        TextTransform::Uppercase => Cow::Owned(uppercase(text, Casing::of(language))),
        TextTransform::Lowercase => Cow::Owned(lowercase(text, Casing::of(language))),
        TextTransform::Capitalize => Cow::Owned(capitalize(text, Casing::of(language), before)),
    }
}

/// Languages whose letters change case in their own way: SpecialCasing.txt and CLDR.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Casing {
    Root,
    Turkic,
    Greek,
    Dutch,
}

impl Casing {
    fn of(language: &str) -> Self {
        match language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "tr" | "az" => Self::Turkic,
            "el" => Self::Greek,
            "nl" => Self::Dutch,
            _ => Self::Root,
        }
    }
}

fn uppercase(text: &str, casing: Casing) -> String {
    match casing {
        Casing::Root | Casing::Dutch => text.to_uppercase(),
        Casing::Turkic => text.replace('i', "İ").to_uppercase(),
        Casing::Greek => text.chars().flat_map(|c| without_tonos(c).to_uppercase()).collect(),
    }
}

fn lowercase(text: &str, casing: Casing) -> String {
    match casing {
        Casing::Turkic => text.replace('I', "ı").replace('İ', "i").to_lowercase(),
        Casing::Root | Casing::Greek | Casing::Dutch => text.to_lowercase(),
    }
}

/// The first letter of each word, where a word starts after anything that is neither letter nor digit.
fn capitalize(text: &str, casing: Casing, before: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = before;
    let mut dutch_j = false;
    for c in text.chars() {
        let starts_word = !previous.is_some_and(continues_word);
        if starts_word && c.is_alphabetic() {
            match (casing, c) {
                (Casing::Turkic, 'i') => out.push('İ'),
                (_, 'ǆ' | 'Ǆ') => out.push('ǅ'),
                (_, 'ǉ' | 'Ǉ') => out.push('ǈ'),
                (_, 'ǌ' | 'Ǌ') => out.push('ǋ'),
                (_, 'ǳ' | 'Ǳ') => out.push('ǲ'),
                (_, 'ß') => out.push_str("Ss"),
                _ => out.extend(c.to_uppercase()),
            }
            dutch_j = casing == Casing::Dutch && matches!(c, 'i' | 'I');
        } else {
            out.push(if dutch_j && c == 'j' { 'J' } else { c });
            dutch_j = false;
        }
        previous = Some(c);
    }
    out
}

/// Letters, digits and marks continue a word, and so do apostrophes and full stops inside it.
fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’' | '.' | '_' | '\u{b7}' | '\u{ad}') || is_mark(c)
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Greek capitals carry no stress mark in running capitals.
const fn without_tonos(c: char) -> char {
    match c {
        'ά' | 'Ά' => 'Α',
        'έ' | 'Έ' => 'Ε',
        'ή' | 'Ή' => 'Η',
        'ί' | 'Ί' => 'Ι',
        'ό' | 'Ό' => 'Ο',
        'ύ' | 'Ύ' => 'Υ',
        'ώ' | 'Ώ' => 'Ω',
        'ΐ' => 'Ϊ',
        'ΰ' => 'Ϋ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TextTransform::{Capitalize, Lowercase, None as Unchanged, Uppercase};

    #[test]
    fn by_language() {
        let cases = [
            ("straße ﬁ", Unchanged, "de", "straße ﬁ"),
            ("straße ﬁ", Uppercase, "de", "STRASSE FI"),
            ("ΟΔΟΣ ΣΑΣ", Lowercase, "el", "οδος σας"),
            ("Αθήνα", Uppercase, "el-GR", "ΑΘΗΝΑ"),
            ("Αθήνα", Uppercase, "", "ΑΘΉΝΑ"),
            ("istanbul", Uppercase, "tr", "İSTANBUL"),
            ("ISPARTA", Lowercase, "tr-TR", "ısparta"),
            ("istanbul", Capitalize, "tr", "İstanbul"),
            ("ijsland en ij", Capitalize, "nl", "IJsland En IJ"),
            ("it's a (good) day", Capitalize, "en", "It's A (Good) Day"),
            ("foo-bar 2nd", Capitalize, "en", "Foo-Bar 2nd"),
        ];
        for (text, how, language, expected) in cases {
            assert_eq!(transform(text, how, language, None), expected, "{text}");
        }
        assert_eq!(transform("and", Capitalize, "en", Some('h')), "and");
        assert_eq!(transform("and", Capitalize, "en", Some(' ')), "And");
    }
}
