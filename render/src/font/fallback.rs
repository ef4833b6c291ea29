//! Which installed families are tried for a character that no font of a style has, by script and language.

use unicode_script::{Script, UnicodeScript};

/// How many faces that cover a character are compared when no preferred family has it.
pub(crate) const MAX_CANDIDATES: usize = 64;

/// Families for a character, lower case, best first.
pub(crate) fn families(c: char, emoji: bool, language: &str) -> impl Iterator<Item = &'static str> + use<> {
    let first: &[&str] =
        if emoji { &["noto color emoji", "apple color emoji", "segoe ui emoji"] } else { &[] };
    let script = c.script();
    let second = match script {
        Script::Han | Script::Hiragana | Script::Katakana | Script::Bopomofo | Script::Hangul => {
            east_asian(script, language)
        }
        // Ideographic punctuation and full-width forms.
        _ if matches!(u32::from(c), 0x3000..=0x303f | 0xfe30..=0xfe4f | 0xff00..=0xffef) => {
            east_asian(Script::Han, language)
        }
        _ => by_script(script),
    };
    first.iter().chain(second).chain(GENERAL).copied()
}

/// Families with many scripts, for all that is not listed.
const GENERAL: &[&str] = &[
    "dejavu sans",
    "noto sans",
    "freesans",
    "noto sans symbols",
    "noto sans symbols2",
    "noto sans math",
    "segoe ui symbol",
    "apple symbols",
    "unifont",
];

fn by_script(script: Script) -> &'static [&'static str] {
    match script {
        Script::Arabic => &["noto sans arabic", "noto naskh arabic", "dejavu sans", "geeza pro", "segoe ui"],
        Script::Hebrew => &["noto sans hebrew", "dejavu sans", "arial hebrew", "segoe ui"],
        Script::Thai => &["noto sans thai", "thonburi", "leelawadee ui"],
        Script::Lao => &["noto sans lao", "dejavu sans"],
        Script::Khmer => &["noto sans khmer"],
        Script::Devanagari => &["noto sans devanagari", "lohit devanagari", "nirmala ui"],
        Script::Bengali => &["noto sans bengali", "lohit bengali", "nirmala ui"],
        Script::Tamil => &["noto sans tamil", "lohit tamil", "nirmala ui"],
        Script::Telugu => &["noto sans telugu", "lohit telugu", "nirmala ui"],
        Script::Sinhala => &["noto sans sinhala", "nirmala ui"],
        Script::Armenian => &["noto sans armenian", "dejavu sans"],
        Script::Georgian => &["noto sans georgian", "dejavu sans"],
        Script::Ethiopic => &["noto sans ethiopic"],
        _ => &[],
    }
}

/// Ideographs look different in each country: the language decides, then the script.
fn east_asian(script: Script, language: &str) -> &'static [&'static str] {
    const JAPANESE: &[&str] =
        &["noto sans cjk jp", "ipagothic", "hiragino sans", "yu gothic", "noto sans cjk sc"];
    const KOREAN: &[&str] = &["noto sans cjk kr", "nanumgothic", "apple sd gothic neo", "malgun gothic"];
    const SIMPLIFIED: &[&str] = &["noto sans cjk sc", "wenquanyi zen hei", "pingfang sc", "microsoft yahei"];
    const TAIWAN: &[&str] = &["noto sans cjk tc", "pingfang tc", "microsoft jhenghei", "noto sans cjk sc"];
    const HONG_KONG: &[&str] = &["noto sans cjk hk", "pingfang hk", "noto sans cjk tc"];
    let lower = language.to_ascii_lowercase();
    let mut tags = lower.split(['-', '_']);
    match (tags.next().unwrap_or_default(), script) {
        ("ko", _) | (_, Script::Hangul) => KOREAN,
        ("ja", _) => JAPANESE,
        ("zh" | "yue", _) => {
            let rest: Vec<&str> = tags.collect();
            if rest.contains(&"hk") || rest.contains(&"mo") || lower.starts_with("yue") {
                HONG_KONG
            } else if rest.contains(&"hant") || rest.contains(&"tw") {
                TAIWAN
            } else {
                SIMPLIFIED
            }
        }
        (_, Script::Bopomofo) => TAIWAN,
        _ => JAPANESE,
    }
}
