//! Which installed families are tried for a character that no font of a style has, by script and language.
//!
//! The order is what Chromium chooses on Debian through fontconfig: DejaVu Sans has whatever it covers, ideographs
//! follow the language, emoji are in colour, and the Noto family of the script comes next.

use unicode_script::{Script, UnicodeScript};

/// How many faces that cover a character are compared when no preferred family has it.
pub(crate) const MAX_CANDIDATES: usize = 64;

/// Families for a character, lower case, best first.
pub(crate) fn families(c: char, emoji: bool, language: &str) -> impl Iterator<Item = &'static str> + use<> {
    let first: &[&str] =
        if emoji { &["noto color emoji", "apple color emoji", "segoe ui emoji"] } else { &[] };
    let script = c.script();
    let east_asian = match script {
        Script::Han | Script::Hiragana | Script::Katakana | Script::Bopomofo | Script::Hangul => true,
        // Ideographic punctuation and full-width forms.
        _ => matches!(u32::from(c), 0x3000..=0x303f | 0x31c0..=0x33ff | 0xfe30..=0xfe4f | 0xff00..=0xffef),
    };
    let second = if east_asian { ideographs(language) } else { &["dejavu sans"] };
    first.iter().chain(second).chain(by_script(script)).chain(GENERAL).copied()
}

/// Families with many scripts or symbols, for all that is not listed.
const GENERAL: &[&str] = &[
    "dejavu sans",
    "noto sans",
    "freesans",
    "noto sans math",
    "noto sans symbols",
    "noto sans symbols2",
    "segoe ui symbol",
    "apple symbols",
    "unifont",
];

fn by_script(script: Script) -> &'static [&'static str] {
    match script {
        Script::Arabic => &["noto sans arabic", "noto naskh arabic", "geeza pro", "segoe ui"],
        Script::Hebrew => &["noto sans hebrew", "arial hebrew", "segoe ui"],
        Script::Thai => &["noto sans thai", "thonburi", "leelawadee ui"],
        Script::Lao => &["noto sans lao"],
        Script::Khmer => &["noto sans khmer"],
        Script::Devanagari => &["noto sans devanagari", "lohit devanagari", "nirmala ui"],
        Script::Bengali => &["noto sans bengali", "lohit bengali", "nirmala ui"],
        Script::Tamil => &["noto sans tamil", "lohit tamil", "nirmala ui"],
        Script::Telugu => &["noto sans telugu", "lohit telugu", "nirmala ui"],
        Script::Sinhala => &["noto sans sinhala", "nirmala ui"],
        Script::Armenian => &["noto sans armenian"],
        Script::Georgian => &["noto sans georgian"],
        Script::Ethiopic => &["noto sans ethiopic"],
        _ => &[],
    }
}

/// Ideographs look different in each country: the language decides, and without one Japan comes first.
fn ideographs(language: &str) -> &'static [&'static str] {
    const JAPANESE: &[&str] =
        &["noto sans cjk jp", "ipagothic", "hiragino sans", "yu gothic", "noto sans cjk sc"];
    const KOREAN: &[&str] = &["noto sans cjk kr", "nanumgothic", "apple sd gothic neo", "malgun gothic"];
    const SIMPLIFIED: &[&str] = &["noto sans cjk sc", "wenquanyi zen hei", "pingfang sc", "microsoft yahei"];
    const TRADITIONAL: &[&str] =
        &["noto sans cjk tc", "pingfang tc", "microsoft jhenghei", "noto sans cjk sc"];
    let lower = language.to_ascii_lowercase();
    let mut tags = lower.split(['-', '_']);
    match tags.next().unwrap_or_default() {
        "ko" => KOREAN,
        "yue" => TRADITIONAL,
        "zh" if tags.any(|tag| matches!(tag, "hant" | "tw" | "hk" | "mo")) => TRADITIONAL,
        "zh" => SIMPLIFIED,
        _ => JAPANESE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_choices() {
        let cases = [
            ('漢', false, "", "noto sans cjk jp"),
            ('한', false, "", "noto sans cjk jp"),
            ('한', false, "ko-KR", "noto sans cjk kr"),
            ('漢', false, "zh", "noto sans cjk sc"),
            ('漢', false, "zh-Hant-HK", "noto sans cjk tc"),
            ('。', false, "zh_TW", "noto sans cjk tc"),
            ('ا', false, "ar", "dejavu sans"),
            ('✓', false, "", "dejavu sans"),
            ('❤', true, "", "noto color emoji"),
        ];
        for (c, emoji, language, expected) in cases {
            assert_eq!(families(c, emoji, language).next(), Some(expected), "{c} {language}");
        }
        assert_eq!(families('ก', false, "").nth(1), Some("noto sans thai"));
    }
}
