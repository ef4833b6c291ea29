//! Generated boxes: list markers and their numbers, and the contents of `::before` and `::after`.
//!
//! <https://drafts.csswg.org/css-lists-3/>, <https://drafts.csswg.org/css-counter-styles-3/#simple-numeric>,
//! <https://html.spec.whatwg.org/#ordinal-value>.

use siskin_engine::css::values::ListStyleType;
use siskin_engine::dom::{Document, NodeId, local_name};

/// The numbers of list items, list by list. TODO(css-lists-3 4): `counter-reset`, `counter-increment`, `counter()`.
#[derive(Debug, Default)]
pub(super) struct Ordinals {
    lists: Vec<List>,
}

#[derive(Debug, Clone, Copy)]
struct List {
    next: i32,
    step: i32,
}

impl Ordinals {
    /// Enters `element`; the answer says whether it is a list and [`Self::leave`] must follow.
    pub(super) fn enter(&mut self, document: &Document, element: NodeId) -> bool {
        let Some(data) = document.element(element) else { return false };
        let is_ordered = data.is_html(&local_name!("ol"));
        if !is_ordered && !data.is_html(&local_name!("ul")) && !data.is_html(&local_name!("menu")) {
            return false;
        }
        let reversed = is_ordered && data.attribute(&local_name!("reversed")).is_some();
        let start = data.attribute(&local_name!("start")).filter(|_| is_ordered).and_then(parse_integer);
        let next = start.unwrap_or_else(|| if reversed { count_items(document, element) } else { 1 });
        self.lists.push(List { next, step: if reversed { -1 } else { 1 } });
        true
    }

    /// Leaves a list.
    pub(super) fn leave(&mut self) {
        self.lists.pop();
    }

    /// The number of the next list item, which is `element`.
    pub(super) fn next(&mut self, document: &Document, element: NodeId) -> i32 {
        if self.lists.is_empty() {
            self.lists.push(List { next: 1, step: 1 });
        }
        let Some(list) = self.lists.last_mut() else { return 1 };
        let value = document
            .element(element)
            .filter(|e| e.is_html(&local_name!("li")))
            .and_then(|e| e.attribute(&local_name!("value")))
            .and_then(parse_integer);
        let ordinal = value.unwrap_or(list.next);
        list.next = ordinal.saturating_add(list.step);
        ordinal
    }
}

fn count_items(document: &Document, list: NodeId) -> i32 {
    let items = document
        .children(list)
        .filter(|&child| document.element(child).is_some_and(|e| e.is_html(&local_name!("li"))))
        .count();
    i32::try_from(items).unwrap_or(i32::MAX)
}

/// <https://html.spec.whatwg.org/#rules-for-parsing-integers>
pub(super) fn parse_integer(text: &str) -> Option<i32> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\u{c}', '\r']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    let value = digits[..end].parse::<i32>().unwrap_or(i32::MAX);
    Some(if negative { value.saturating_neg() } else { value })
}

/// The marker's text with its suffix; `None` for symbols and `none`.
pub(super) fn marker_text(style: ListStyleType, ordinal: i32) -> Option<String> {
    let number = match style {
        ListStyleType::None | ListStyleType::Disc | ListStyleType::Circle | ListStyleType::Square => {
            return None;
        }
        ListStyleType::Decimal => ordinal.to_string(),
        ListStyleType::DecimalLeadingZero if ordinal < 0 => format!("-{:02}", ordinal.unsigned_abs()),
        ListStyleType::DecimalLeadingZero => format!("{ordinal:02}"),
        ListStyleType::LowerRoman => roman(ordinal).unwrap_or_else(|| ordinal.to_string()),
        ListStyleType::UpperRoman => {
            roman(ordinal).map_or_else(|| ordinal.to_string(), |r| r.to_ascii_uppercase())
        }
        ListStyleType::LowerAlpha | ListStyleType::LowerLatin => alphabetic(ordinal, &LATIN),
        ListStyleType::UpperAlpha | ListStyleType::UpperLatin => {
            alphabetic(ordinal, &LATIN).to_ascii_uppercase()
        }
        ListStyleType::LowerGreek => alphabetic(ordinal, &GREEK),
        // TODO(css-counter-styles-3 6): the other scripts.
        _ => ordinal.to_string(),
    };
    Some(format!("{number}. "))
}

const LATIN: [char; 26] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u',
    'v', 'w', 'x', 'y', 'z',
];
const GREEK: [char; 24] = [
    'α', 'β', 'γ', 'δ', 'ε', 'ζ', 'η', 'θ', 'ι', 'κ', 'λ', 'μ', 'ν', 'ξ', 'ο', 'π', 'ρ', 'σ', 'τ', 'υ', 'φ',
    'χ', 'ψ', 'ω',
];

/// <https://drafts.csswg.org/css-counter-styles-3/#alphabetic-system>
fn alphabetic(ordinal: i32, letters: &[char]) -> String {
    if ordinal < 1 {
        return ordinal.to_string();
    }
    let base = letters.len();
    let mut rest = ordinal as usize;
    let mut reversed = Vec::new();
    while rest > 0 {
        rest -= 1;
        reversed.push(letters[rest % base]);
        rest /= base;
    }
    reversed.iter().rev().collect()
}

/// <https://drafts.csswg.org/css-counter-styles-3/#additive-system>, 1 to 3999.
fn roman(ordinal: i32) -> Option<String> {
    const STEPS: [(i32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..=3999).contains(&ordinal) {
        return None;
    }
    let mut rest = ordinal;
    let mut text = String::new();
    for (value, numeral) in STEPS {
        while rest >= value {
            text.push_str(numeral);
            rest -= value;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_each_style() {
        let cases = [
            (ListStyleType::Decimal, 7, "7. "),
            (ListStyleType::DecimalLeadingZero, 7, "07. "),
            (ListStyleType::DecimalLeadingZero, -7, "-07. "),
            (ListStyleType::LowerRoman, 1994, "mcmxciv. "),
            (ListStyleType::UpperRoman, 4000, "4000. "),
            (ListStyleType::LowerAlpha, 27, "aa. "),
            (ListStyleType::UpperLatin, 52, "AZ. "),
            (ListStyleType::LowerAlpha, 0, "0. "),
            (ListStyleType::LowerGreek, 3, "γ. "),
        ];
        for (style, ordinal, text) in cases {
            assert_eq!(marker_text(style, ordinal).as_deref(), Some(text), "{style:?} {ordinal}");
        }
        assert_eq!(marker_text(ListStyleType::Disc, 1), None);
    }

    #[test]
    fn integers_as_html_parses_them() {
        let cases = [
            ("12", Some(12)),
            (" -3x", Some(-3)),
            ("+4", Some(4)),
            ("x", None),
            ("", None),
            ("99999999999", Some(i32::MAX)),
        ];
        for (text, value) in cases {
            assert_eq!(parse_integer(text), value, "{text:?}");
        }
    }
}
