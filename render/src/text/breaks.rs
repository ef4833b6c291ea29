//! Where lines may break: <https://drafts.csswg.org/css-text-4/#line-breaking>, on UAX 14.

use icu_segmenter::options::{LineBreakOptions, LineBreakWordOption};
use icu_segmenter::{GraphemeClusterSegmenter, LineSegmenter};
use siskin_engine::css::values::{TextWrapMode, WhiteSpaceCollapse, WordBreak};

use super::item::TextItem;

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

/// All break opportunities inside `text` (not at its end, unless forced), in order.
pub(crate) fn opportunities(text: &str, items: &[TextItem]) -> Vec<BreakOpportunity> {
    let mut found = Vec::new();
    let mut by_rule: [Option<Vec<usize>>; 3] = [None, None, None];
    for item in items {
        let style = &item.text;
        let wraps = style.text_wrap_mode == TextWrapMode::Wrap;
        let rule = match style.word_break {
            WordBreak::BreakAll => 1,
            WordBreak::KeepAll => 2,
            WordBreak::Normal | WordBreak::BreakWord => 0,
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
    options.word_option = Some(match rule {
        1 => LineBreakWordOption::BreakAll,
        2 => LineBreakWordOption::KeepAll,
        _ => LineBreakWordOption::Normal,
    });
    LineSegmenter::new_dictionary(options).segment_str(text).collect()
}

/// Offsets at which user-perceived characters start in `text`, with its end: where a line is broken when nothing
/// else helps (`overflow-wrap`).
pub(crate) fn graphemes(text: &str) -> impl Iterator<Item = usize> + '_ {
    GraphemeClusterSegmenter::new().segment_str(text)
}
