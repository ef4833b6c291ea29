//! White space processing, phase I: <https://drafts.csswg.org/css-text-4/#white-space-phase-1>.
//!
//! A pure function from the pieces of an inline formatting context to the text that is shaped. Phase II (spaces at
//! the edges of lines) belongs to line building, see [`super::ShapedText::hanging_start`].

use std::ops::Range;

use siskin_engine::css::values::WhiteSpaceCollapse;

/// What stands for an atomic inline box in the collapsed text.
pub const OBJECT: char = '\u{fffc}';

/// A piece of an inline formatting context, in document order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece<'a> {
    /// The text of a text node (after `text-transform`), with its `white-space-collapse`.
    Text(&'a str, WhiteSpaceCollapse),
    /// An atomic inline box: becomes [`OBJECT`], and ends a run of spaces.
    Object,
    /// A forced break (`<br>`): becomes a line feed.
    Break,
    /// Characters that are put in as they are and are no text to collapsing: bidi controls.
    Control(&'static str),
    /// The place of something out of flow or of an edge of an inline box: no text, and nothing to collapsing.
    Nothing,
}

/// The text after collapsing, with the part of it that each piece became.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collapsed {
    /// The text.
    pub text: String,
    /// For each piece its part of the text, in bytes; in order and without gaps.
    pub ranges: Vec<Range<usize>>,
}

/// Collapses white space across all pieces.
///
/// A collapsible space or segment break is dropped after another one, after a forced break and at the start; a
/// segment break between two wide East Asian characters is dropped, any other becomes a space. A space before
/// a forced break or at the end stays: it is trimmed with those at the ends of all lines.
pub fn collapse(pieces: &[Piece<'_>]) -> Collapsed {
    let mut state = State { out: Collapsed::default(), before: Before::LineStart };
    for (index, piece) in pieces.iter().enumerate() {
        let start = state.out.text.len();
        match piece {
            Piece::Text(text, mode) => state.text(text, *mode, &pieces[index + 1..]),
            Piece::Object => state.push(OBJECT, Before::Other),
            Piece::Break => state.push('\n', Before::LineStart),
            Piece::Control(controls) => state.out.text.push_str(controls),
            Piece::Nothing => {}
        }
        state.out.ranges.push(start..state.out.text.len());
    }
    state.out
}

/// What stands before the next character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    LineStart,
    CollapsibleSpace,
    Other,
}

struct State {
    out: Collapsed,
    before: Before,
}

impl State {
    fn push(&mut self, c: char, before: Before) {
        self.out.text.push(c);
        self.before = before;
    }

    fn text(&mut self, text: &str, mode: WhiteSpaceCollapse, rest: &[Piece<'_>]) {
        match mode {
            WhiteSpaceCollapse::Preserve | WhiteSpaceCollapse::BreakSpaces => self.preserved(text),
            WhiteSpaceCollapse::Collapse => self.collapsible(text, rest),
            WhiteSpaceCollapse::PreserveBreaks => self.preserved_breaks(text),
        }
    }

    /// Everything stays; CR and CRLF are line feeds already after parsing, but not in generated content.
    fn preserved(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' => self.push('\n', Before::LineStart),
                '\r' => self.push(' ', Before::Other),
                _ => self.push(c, Before::Other),
            }
        }
    }

    fn collapsible(&mut self, text: &str, rest: &[Piece<'_>]) {
        let mut remaining = text;
        while let Some(c) = remaining.chars().next() {
            if !is_space(c) {
                let length = remaining.find(is_space).unwrap_or(remaining.len());
                self.out.text.push_str(&remaining[..length]);
                self.before = Before::Other;
                remaining = &remaining[length..];
                continue;
            }
            let length = remaining.find(|c| !is_space(c)).unwrap_or(remaining.len());
            let (spaces, after) = remaining.split_at(length);
            remaining = after;
            if self.before != Before::Other {
                continue;
            }
            if spaces.contains('\n') && self.break_vanishes(after, rest) {
                continue;
            }
            self.push(' ', Before::CollapsibleSpace);
        }
    }

    /// `pre-line`: breaks stay, spaces around them go.
    fn preserved_breaks(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' => {
                    if self.before == Before::CollapsibleSpace
                        && self.out.text.ends_with(' ')
                        && self.own_space()
                    {
                        self.out.text.pop();
                    }
                    self.push('\n', Before::LineStart);
                }
                _ if is_space(c) => {
                    if self.before == Before::Other {
                        self.push(' ', Before::CollapsibleSpace);
                    }
                }
                _ => self.push(c, Before::Other),
            }
        }
    }

    /// Whether the last character belongs to the piece at hand (an earlier piece's range stays as it is).
    fn own_space(&self) -> bool {
        self.out.ranges.last().is_none_or(|range| range.end < self.out.text.len())
    }

    /// Segment break transformation: <https://drafts.csswg.org/css-text-4/#line-break-transform>.
    fn break_vanishes(&self, after: &str, rest: &[Piece<'_>]) -> bool {
        let before = self.out.text.chars().next_back();
        let next_texts = rest.iter().map_while(|piece| match piece {
            Piece::Text(text, _) => Some(*text),
            Piece::Nothing | Piece::Control(_) => Some(""),
            Piece::Object | Piece::Break => None,
        });
        // A bounded look ahead, so that a long row of empty pieces is not walked for each of its breaks.
        let next = std::iter::once(after)
            .chain(next_texts.take(16))
            .find_map(|text| text.chars().find(|c| !is_space(*c)));
        let (Some(before), Some(next)) = (before, next) else { return false };
        if before == '\u{200b}' || next == '\u{200b}' {
            return true;
        }
        is_wide(before) && is_wide(next)
    }
}

/// Document white space: <https://drafts.csswg.org/css-text-4/#white-space>. Form feed and CR count as in Blink.
pub(crate) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// East Asian width F, W or H, and not Hangul.
pub(crate) fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x2e80..=0x312f | 0x3190..=0x4dbf | 0x4e00..=0xa4cf | 0xf900..=0xfaff | 0xfe10..=0xfe1f | 0xfe30..=0xfe6f
        | 0xff01..=0xff9f | 0xffe0..=0xffe6 | 0x1b000..=0x1b2ff | 0x1f200..=0x1f2ff | 0x20000..=0x3fffd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Piece::{Break, Control, Nothing, Object, Text};
    use WhiteSpaceCollapse::{BreakSpaces, Collapse, Preserve, PreserveBreaks};

    #[test]
    fn collapsing_across_pieces() {
        let cases: &[(&[Piece<'_>], &str)] = &[
            (&[], ""),
            (&[Text("  a  b \n\t c ", Collapse)], "a b c "),
            (&[Text("a ", Collapse), Text(" b", Collapse)], "a b"),
            (
                &[
                    Text("a ", Collapse),
                    Nothing,
                    Text(" ", Collapse),
                    Control("\u{2069}"),
                    Text("b", Collapse),
                ],
                "a \u{2069}b",
            ),
            (&[Text("a ", Collapse), Object, Text(" b", Collapse)], "a \u{fffc} b"),
            (&[Text("a ", Collapse), Break, Text(" b", Collapse)], "a \nb"),
            (&[Text("a ", Collapse), Text(" b", Preserve)], "a  b"),
            (&[Text("a ", Preserve), Text(" b", Collapse)], "a  b"),
            (&[Text(" a\n b", Preserve)], " a\n b"),
            (&[Text(" a\n b", BreakSpaces)], " a\n b"),
            (&[Text(" a  \n  b c ", PreserveBreaks)], "a\nb c "),
            (&[Text("漢\n字 a\nb", Collapse)], "漢字 a b"),
            (&[Text("漢\n", Collapse), Text("字", Collapse)], "漢字"),
            (&[Text("한\n글", Collapse)], "한 글"),
            (&[Text("a\n\u{200b}b", Collapse)], "a\u{200b}b"),
            (&[Text("a\u{a0} b", Collapse)], "a\u{a0} b"),
        ];
        for (pieces, expected) in cases {
            let collapsed = collapse(pieces);
            assert_eq!(&collapsed.text, expected);
            assert_eq!(collapsed.ranges.len(), pieces.len());
            let mut end = 0;
            for range in &collapsed.ranges {
                assert_eq!(range.start, end, "{expected:?}");
                end = range.end;
            }
            assert_eq!(end, collapsed.text.len());
        }
    }
}
