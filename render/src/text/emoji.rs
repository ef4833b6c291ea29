//! Emoji: which characters are shown in colour and which belong together.
//! <https://www.unicode.org/reports/tr51/>

/// Whether a unit of text is shown as an emoji: by default, or because a variation selector says so.
pub(crate) fn is_emoji(unit: &str) -> bool {
    let mut chars = unit.chars();
    let Some(base) = chars.next() else { return false };
    match chars.next() {
        Some('\u{fe0e}') => false,
        Some('\u{fe0f}' | '\u{20e3}') => true,
        _ => has_emoji_presentation(base),
    }
}

/// Half of a flag.
pub(crate) const fn is_regional_indicator(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Whether `c` is shown in the font of what stands before it: marks, joiners, selectors, skin tones, tags.
pub(crate) fn extends(c: char) -> bool {
    match u32::from(c) {
        0..=0x2ff => c == '\u{ad}',
        0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x5bf | 0x5c1..=0x5c2 | 0x5c4..=0x5c5 | 0x5c7 => true,
        0x610..=0x61a
        | 0x64b..=0x65f
        | 0x670
        | 0x6d6..=0x6dc
        | 0x6df..=0x6e4
        | 0x6e7..=0x6e8
        | 0x6ea..=0x6ed => true,
        0x200c..=0x200d | 0x20d0..=0x20f0 | 0x302a..=0x302f | 0x3099..=0x309a => true,
        0xfe00..=0xfe0f | 0xfe20..=0xfe2f | 0x1f3fb..=0x1f3ff | 0xe0000..=0xe01ef => true,
        0x900..=0x1cff | 0xa980..=0xaaff => in_indic_marks(c),
        _ => false,
    }
}

/// Dependent vowels and other marks of the Brahmic scripts: no letters, digits or punctuation.
fn in_indic_marks(c: char) -> bool {
    use unicode_script::UnicodeScript;
    let inherited = c.script() == unicode_script::Script::Inherited;
    inherited || !c.is_numeric() && !c.is_alphabetic() && matches!(u32::from(c) & 0x7f, 0x3c..=0x4d)
}

/// `Emoji_Presentation=Yes`: emoji-data.txt 17.0, ranges joined over unassigned code points.
const fn has_emoji_presentation(c: char) -> bool {
    matches!(c,
        '\u{231a}'..='\u{231b}' | '\u{23e9}'..='\u{23ec}' | '\u{23f0}' | '\u{23f3}' | '\u{25fd}'..='\u{25fe}'
        | '\u{2614}'..='\u{2615}' | '\u{2648}'..='\u{2653}' | '\u{267f}' | '\u{2693}' | '\u{26a1}'
        | '\u{26aa}'..='\u{26ab}' | '\u{26bd}'..='\u{26be}' | '\u{26c4}'..='\u{26c5}' | '\u{26ce}' | '\u{26d4}'
        | '\u{26ea}' | '\u{26f2}'..='\u{26f3}' | '\u{26f5}' | '\u{26fa}' | '\u{26fd}' | '\u{2705}'
        | '\u{270a}'..='\u{270b}' | '\u{2728}' | '\u{274c}' | '\u{274e}' | '\u{2753}'..='\u{2755}' | '\u{2757}'
        | '\u{2795}'..='\u{2797}' | '\u{27b0}' | '\u{27bf}' | '\u{2b1b}'..='\u{2b1c}' | '\u{2b50}' | '\u{2b55}'
        | '\u{1f004}' | '\u{1f0cf}' | '\u{1f18e}' | '\u{1f191}'..='\u{1f19a}' | '\u{1f1e6}'..='\u{1f1ff}'
        | '\u{1f201}' | '\u{1f21a}' | '\u{1f22f}' | '\u{1f232}'..='\u{1f236}' | '\u{1f238}'..='\u{1f23a}'
        | '\u{1f250}'..='\u{1f251}' | '\u{1f300}'..='\u{1f320}' | '\u{1f32d}'..='\u{1f335}'
        | '\u{1f337}'..='\u{1f37c}' | '\u{1f37e}'..='\u{1f393}' | '\u{1f3a0}'..='\u{1f3ca}'
        | '\u{1f3cf}'..='\u{1f3d3}' | '\u{1f3e0}'..='\u{1f3f0}' | '\u{1f3f4}' | '\u{1f3f8}'..='\u{1f43e}'
        | '\u{1f440}' | '\u{1f442}'..='\u{1f4fc}' | '\u{1f4ff}'..='\u{1f53d}' | '\u{1f54b}'..='\u{1f54e}'
        | '\u{1f550}'..='\u{1f567}' | '\u{1f57a}' | '\u{1f595}'..='\u{1f596}' | '\u{1f5a4}'
        | '\u{1f5fb}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6c5}' | '\u{1f6cc}' | '\u{1f6d0}'..='\u{1f6d2}'
        | '\u{1f6d5}'..='\u{1f6df}' | '\u{1f6eb}'..='\u{1f6ec}' | '\u{1f6f4}'..='\u{1f6fc}'
        | '\u{1f7e0}'..='\u{1f7eb}' | '\u{1f7f0}' | '\u{1f90c}'..='\u{1f93a}' | '\u{1f93c}'..='\u{1f945}'
        | '\u{1f947}'..='\u{1f9ff}' | '\u{1fa70}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presentation() {
        for emoji in ["😀", "❤\u{fe0f}", "🇫🇷", "👩\u{200d}💻", "1\u{fe0f}\u{20e3}", "⚡"] {
            assert!(is_emoji(emoji), "{emoji}");
        }
        for text in ["", "a", "1", "❤", "⚡\u{fe0e}", "©", "→"] {
            assert!(!is_emoji(text), "{text}");
        }
        assert!(extends('\u{301}') && extends('\u{94d}') && !extends('क') && !extends('a') && !extends('ก'));
    }
}
