//! Where lines may break: <https://drafts.csswg.org/css-text-4/#line-breaking>, on UAX 14.

use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness, LineBreakWordOption};
use icu_segmenter::{GraphemeClusterSegmenter, LineSegmenter};
use siskin_engine::css::values::{TextWrapMode, WhiteSpaceCollapse, WordBreak};

use super::item::TextItem;
use super::whitespace::is_wide;

/// A place where a line may or must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakOpportunity {
    /// The byte offset at which the next line starts.
    pub offset: usize,
    /// What kind of break it is.
    pub kind: BreakKind,
}

/// What kind of break it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BreakKind {
    /// The line may end here.
    Soft,
    /// The line may end here and shows a hyphen then (after a soft hyphen).
    Hyphen,
    /// The line ends here: after a line feed, which shows nothing itself.
    Forced,
}

const NORMAL: usize = 0;
const BREAK_ALL: usize = 1;
const KEEP_ALL: usize = 2;

/// All break opportunities inside `text` (not at its end, unless forced), in order.
pub(crate) fn opportunities(text: &str, items: &[TextItem]) -> Vec<BreakOpportunity> {
    let mut found = Vec::new();
    let mut by_rule: [Option<Vec<usize>>; 3] = [None, None, None];
    for item in items {
        let style = &item.text;
        let wraps = style.text_wrap_mode == TextWrapMode::Wrap;
        let rule = match style.word_break {
            WordBreak::BreakAll => BREAK_ALL,
            WordBreak::KeepAll => KEEP_ALL,
            WordBreak::Normal | WordBreak::BreakWord => NORMAL,
        };
        let all = by_rule[rule].get_or_insert_with(|| segment(text, rule));
        // The break at an item's end belongs to the item: its wrapping mode decides.
        let from = all.partition_point(|offset| *offset <= item.range.start);
        let to = all.partition_point(|offset| *offset <= item.range.end);
        let mut soft = all[from..to].iter().copied().peekable();
        let breaks_at_spaces = wraps && style.white_space_collapse == WhiteSpaceCollapse::BreakSpaces;
        let slice = text.get(item.range.clone()).unwrap_or_default();
        for (at, c) in slice.char_indices() {
            let offset = item.range.start + at + c.len_utf8();
            while soft.next_if(|soft| *soft < offset).is_some() {}
            let allowed = wraps && soft.next_if_eq(&offset).is_some();
            let kind = match c {
                '\n' => Some(BreakKind::Forced),
                _ if offset == text.len() => None,
                '\u{ad}' if allowed => Some(BreakKind::Hyphen),
                _ if allowed || breaks_at_spaces && matches!(c, ' ' | '\t' | '\u{3000}') => {
                    Some(BreakKind::Soft)
                }
                _ => None,
            };
            found.extend(kind.map(|kind| BreakOpportunity { offset, kind }));
        }
    }
    found
}

/// Offsets of soft breaks in the whole text by one `word-break` rule.
fn segment(text: &str, rule: usize) -> Vec<usize> {
    let mut options = LineBreakOptions::default();
    // Chromium's `line-break: auto` lets lines start with small kana.
    options.strictness = Some(LineBreakStrictness::Normal);
    options.word_option = Some(match rule {
        BREAK_ALL => LineBreakWordOption::BreakAll,
        KEEP_ALL => LineBreakWordOption::KeepAll,
        _ => LineBreakWordOption::Normal,
    });
    let mut unicode = LineSegmenter::new_dictionary(options).segment_str(text).peekable();
    if rule == BREAK_ALL {
        return unicode.collect();
    }
    let mut found = Vec::new();
    let mut before = ['\0'; 2];
    for (offset, c) in text.char_indices() {
        while unicode.next_if(|at| *at < offset).is_some() {}
        let by_unicode = unicode.next_if_eq(&offset).is_some();
        let tailored =
            ascii_break(before, c).or_else(|| newer_break(before, c, &text[offset + c.len_utf8()..]));
        if offset > 0 && tailored.unwrap_or(by_unicode) {
            found.push(offset);
        }
        before = [before[1], c];
    }
    found.push(text.len());
    found
}

/// Whether a line may break before `c`, for pairs that Chromium looks up in a table of its own instead of UAX 14.
/// `before` are the two characters before it.
///
/// DEVIATION: measured pair by pair. Addresses, dates and code break differently than by the standard: never after
/// a slash or before a percent sign, always after a question mark.
fn ascii_break([earlier, last]: [char; 2], c: char) -> Option<bool> {
    match (last, c) {
        (' ', ' ') => Some(false),
        (' ', _) => Some(c != '\n'),
        ('-', '0'..='9') => Some(earlier.is_ascii_alphanumeric()),
        ('!'..='~', '!'..='~') => Some(match last {
            '-' => !matches!(c, '!' | '$' | ')' | ',' | '.' | '/' | ':' | ';' | '?' | ']' | '}'),
            '?' => !matches!(c, '!' | '"' | '\'' | ')' | ',' | '.' | '/' | ':' | ';' | '?' | ']' | '}'),
            '!' | '"' | '#' | '%' | '&' | ')' | '*' | '+' | ',' | '.' | ':' | ';' | '=' | '>' | '\\'
            | ']' | '|' | '}' | '~' => matches!(c, '(' | '<' | '[' | '{'),
            _ => false,
        }),
        _ => None,
    }
}

/// Rules of UAX 14 that are newer than the segmenter's data: LB19a (quotation marks between East Asian letters are
/// no reason to keep them together) and LB21a (a line may break after a hyphen between Hebrew letters).
fn newer_break([earlier, last]: [char; 2], c: char, rest: &str) -> Option<bool> {
    let wide = |c: char| is_wide(c) && c.is_alphabetic();
    let hebrew = |c: char| matches!(c, '\u{5d0}'..='\u{5f2}');
    match (last, c) {
        (_, '“' | '‘') if wide(last) && rest.chars().next().is_some_and(wide) => Some(true),
        ('”' | '’', _) if wide(earlier) && wide(c) => Some(true),
        ('-' | '\u{5be}', _) if hebrew(earlier) && hebrew(c) => Some(true),
        _ => None,
    }
}

/// Offsets at which user-perceived characters start in `text`, with its end: where a line is broken when nothing
/// else helps (`overflow-wrap`).
pub(crate) fn graphemes(text: &str) -> impl Iterator<Item = usize> + '_ {
    GraphemeClusterSegmenter::new().segment_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where Chromium 156 breaks each text at a width of zero, marked with `|`.
    const CHROMIUM: &str = include_str!("breaks_of_chromium.txt");

    #[test]
    fn as_chromium_breaks() {
        let mut wrong = Vec::new();
        let mut count = 0;
        for line in CHROMIUM.lines().filter(|line| !line.is_empty() && !line.starts_with("//")) {
            count += 1;
            let text = line.replace('¦', "");
            let mut found = String::new();
            let mut from = 0;
            for offset in segment(&text, NORMAL) {
                found.push_str(&text[from..offset]);
                from = offset;
                if offset < text.len() {
                    found.push('¦');
                }
            }
            if found != line {
                wrong.push(format!("{found} should be {line}"));
            }
        }
        assert!(count > 100);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn graphemes_stay_whole() {
        assert_eq!(graphemes("e\u{301}👩\u{200d}💻x").collect::<Vec<_>>(), [0, 3, 14, 15]);
    }
}
