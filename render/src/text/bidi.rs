//! Directions in mixed text: the Unicode Bidirectional Algorithm, <https://www.unicode.org/reports/tr9/>.

use siskin_engine::css::values::{Direction, UnicodeBidi};
use unicode_bidi::{BidiInfo, Level};

/// The base direction of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BaseDirection {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
    /// That of the first strong character of each line (`unicode-bidi: plaintext`).
    Auto,
}

impl BaseDirection {
    /// The base direction of a block: <https://drafts.csswg.org/css-writing-modes-4/#bidi-algo>.
    pub const fn new(direction: Direction, unicode_bidi: UnicodeBidi) -> Self {
        match (unicode_bidi, direction) {
            (UnicodeBidi::Plaintext, _) => Self::Auto,
            (_, Direction::Ltr) => Self::Ltr,
            (_, Direction::Rtl) => Self::Rtl,
        }
    }
}

/// The control characters that stand for `unicode-bidi` of an inline box at its start and at its end:
/// <https://drafts.csswg.org/css-writing-modes-4/#unicode-bidi>. They take part in the algorithm and break no line.
pub const fn controls(unicode_bidi: UnicodeBidi, direction: Direction) -> (&'static str, &'static str) {
    match (unicode_bidi, direction) {
        (UnicodeBidi::Normal, _) => ("", ""),
        (UnicodeBidi::Embed, Direction::Ltr) => ("\u{202a}", "\u{202c}"),
        (UnicodeBidi::Embed, Direction::Rtl) => ("\u{202b}", "\u{202c}"),
        (UnicodeBidi::BidiOverride, Direction::Ltr) => ("\u{202d}", "\u{202c}"),
        (UnicodeBidi::BidiOverride, Direction::Rtl) => ("\u{202e}", "\u{202c}"),
        (UnicodeBidi::Isolate, Direction::Ltr) => ("\u{2066}", "\u{2069}"),
        (UnicodeBidi::Isolate, Direction::Rtl) => ("\u{2067}", "\u{2069}"),
        (UnicodeBidi::IsolateOverride, Direction::Ltr) => ("\u{2068}\u{202d}", "\u{202c}\u{2069}"),
        (UnicodeBidi::IsolateOverride, Direction::Rtl) => ("\u{2068}\u{202e}", "\u{202c}\u{2069}"),
        (UnicodeBidi::Plaintext, _) => ("\u{2068}", "\u{2069}"),
    }
}

/// Whether `c` steers the algorithm and shows nothing.
pub(crate) const fn is_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The embedding levels of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Levels {
    /// One level a byte; empty when all is left to right at level 0.
    levels: Vec<u8>,
    /// The base level of each stretch between line feeds, with its end.
    paragraphs: Vec<(usize, u8)>,
}

impl Levels {
    /// Resolves the levels of `text`.
    pub(crate) fn new(text: &str, base: BaseDirection) -> Self {
        let default = match base {
            BaseDirection::Ltr => Some(Level::ltr()),
            BaseDirection::Rtl => Some(Level::rtl()),
            BaseDirection::Auto => None,
        };
        if base != BaseDirection::Rtl && text.chars().all(is_plainly_ltr) {
            return Self { levels: Vec::new(), paragraphs: vec![(text.len(), 0)] };
        }
        let info = BidiInfo::new(text, default);
        let paragraphs = info.paragraphs.iter().map(|p| (p.range.end, p.level.number())).collect();
        Self { levels: info.levels.iter().map(|level| level.number()).collect(), paragraphs }
    }

    /// The level of the character at a byte offset.
    pub(crate) fn at(&self, offset: usize) -> u8 {
        self.levels.get(offset).copied().unwrap_or(0)
    }

    /// The base level of the paragraph that holds a byte offset.
    pub(crate) fn base_at(&self, offset: usize) -> u8 {
        let found = self.paragraphs.iter().find(|(end, _)| offset < *end);
        found.or(self.paragraphs.last()).map_or(0, |(_, level)| *level)
    }

    /// Whether all is left to right at level 0.
    pub(crate) fn is_trivial(&self) -> bool {
        self.levels.is_empty()
    }
}

/// No right-to-left letter, no control and no Arabic digit: below the first such block, or CJK and above.
fn is_plainly_ltr(c: char) -> bool {
    let c = u32::from(c);
    c < 0x590
        || (0x2070..0xd800).contains(&c)
        || (0x900..0x2000).contains(&c)
        || (0x2010..0x2028).contains(&c)
}

/// The visual order of pieces of a line with these levels, left to right: rule L2.
pub(crate) fn visual_order(levels: &[u8]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    let highest = levels.iter().copied().max().unwrap_or(0);
    let lowest_odd = levels.iter().copied().filter(|level| level % 2 == 1).min().unwrap_or(u8::MAX);
    for level in (lowest_odd..=highest).rev() {
        let mut start = 0;
        while start < order.len() {
            if levels[order[start]] < level {
                start += 1;
                continue;
            }
            let length = order[start..].iter().take_while(|index| levels[**index] >= level).count();
            order[start..start + length].reverse();
            start += length;
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_mixed_text() {
        assert!(Levels::new("plain text – with “quotes” 漢字", BaseDirection::Ltr).is_trivial());
        let levels = Levels::new("ab אב 12", BaseDirection::Ltr);
        let of = |text: &str, needle: &str| levels.at(text.find(needle).unwrap());
        let text = "ab אב 12";
        assert_eq!((of(text, "a"), of(text, "א"), of(text, "1")), (0, 1, 2));
        let levels = Levels::new("abc", BaseDirection::Rtl);
        assert_eq!((levels.at(0), levels.base_at(0)), (2, 1));
        let levels = Levels::new("אב\nab", BaseDirection::Auto);
        assert_eq!((levels.base_at(0), levels.base_at(5)), (1, 0));
    }

    #[test]
    fn isolates_keep_what_is_around_them_apart() {
        let (open, close) = controls(UnicodeBidi::Isolate, Direction::Rtl);
        let text = format!("a {open}אב{close} 1");
        let levels = Levels::new(&text, BaseDirection::Ltr);
        assert_eq!(levels.at(text.find('1').unwrap()), 0);
        assert_eq!(Levels::new("a אב 1", BaseDirection::Ltr).at(7), 2);
    }

    #[test]
    fn reordering() {
        let cases: &[(&[u8], &[usize])] = &[
            (&[], &[]),
            (&[0, 0, 0], &[0, 1, 2]),
            (&[0, 1, 1, 0], &[0, 2, 1, 3]),
            (&[1, 2, 2, 1], &[3, 1, 2, 0]),
            (&[2, 1, 2], &[2, 1, 0]),
            (&[0, 1, 2, 3, 1, 0], &[0, 4, 2, 3, 1, 5]),
        ];
        for (levels, order) in cases {
            assert_eq!(&visual_order(levels), order, "{levels:?}");
        }
    }
}
