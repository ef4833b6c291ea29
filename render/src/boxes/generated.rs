//! Numbers as text: those of list markers and of `counter()`.
//!
//! <https://drafts.csswg.org/css-counter-styles-3/>

use siskin_engine::css::values::ListStyleType;

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
    use ListStyleType as L;
    match style {
        L::None | L::Disc | L::Circle | L::Square => None,
        L::CjkDecimal
        | L::CjkIdeographic
        | L::Hiragana
        | L::HiraganaIroha
        | L::Katakana
        | L::KatakanaIroha => Some(format!("{}、", counter_text(style, ordinal))),
        _ => Some(format!("{}. ", counter_text(style, ordinal))),
    }
}

/// A number in that style: <https://drafts.csswg.org/css-counter-styles-3/#generate-a-counter>. Nothing for `none`.
pub(super) fn counter_text(style: ListStyleType, ordinal: i32) -> String {
    use ListStyleType as L;
    let additive = |text: Option<String>| text.unwrap_or_else(|| ordinal.to_string());
    match style {
        L::None => String::new(),
        L::Disc => "•".to_owned(),
        L::Circle => "◦".to_owned(),
        L::Square => "▪".to_owned(),
        L::DecimalLeadingZero if ordinal < 0 => format!("-{:02}", ordinal.unsigned_abs()),
        L::DecimalLeadingZero => format!("{ordinal:02}"),
        L::LowerRoman => additive(roman(ordinal)),
        L::UpperRoman => additive(roman(ordinal).map(|text| text.to_ascii_uppercase())),
        L::LowerAlpha | L::LowerLatin => alphabetic(ordinal, &LATIN),
        L::UpperAlpha | L::UpperLatin => alphabetic(ordinal, &LATIN).to_ascii_uppercase(),
        L::LowerGreek => alphabetic(ordinal, &GREEK),
        L::Armenian | L::UpperArmenian => additive(armenian(ordinal, 0x531)),
        L::LowerArmenian => additive(armenian(ordinal, 0x561)),
        L::Georgian => additive(georgian(ordinal)),
        L::ArabicIndic => numeric(ordinal, 0x660),
        L::Persian => numeric(ordinal, 0x6f0),
        L::Devanagari => numeric(ordinal, 0x966),
        L::Bengali => numeric(ordinal, 0x9e6),
        L::Thai => numeric(ordinal, 0xe50),
        L::Khmer => numeric(ordinal, 0x17e0),
        // TODO(css-counter-styles-3 6, 7): the other scripts.
        _ => ordinal.to_string(),
    }
}

/// <https://drafts.csswg.org/css-counter-styles-3/#numeric-system>, for ten digits in a row.
fn numeric(ordinal: i32, zero: u32) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(zero + digit)).unwrap_or(c);
    ordinal.to_string().chars().map(digit).collect()
}

/// The letters stand in the order of their values, 1 to 9000: nine for each decimal place.
fn armenian(ordinal: i32, first: u32) -> Option<String> {
    if !(1..=9999).contains(&ordinal) {
        return None;
    }
    let letter = |(power, place): (u32, u32)| {
        let digit = ordinal.unsigned_abs() / power % 10;
        (digit > 0).then(|| char::from_u32(first + place * 9 + digit - 1)).flatten()
    };
    Some([(1000, 3), (100, 2), (10, 1), (1, 0)].into_iter().filter_map(letter).collect())
}

/// 1 to 19999: nine letters for each decimal place.
fn georgian(ordinal: i32) -> Option<String> {
    const PLACES: [[char; 9]; 4] = [
        ['ა', 'ბ', 'გ', 'დ', 'ე', 'ვ', 'ზ', 'ჱ', 'თ'],
        ['ი', 'კ', 'ლ', 'მ', 'ნ', 'ჲ', 'ო', 'პ', 'ჟ'],
        ['რ', 'ს', 'ტ', 'ჳ', 'ფ', 'ქ', 'ღ', 'ყ', 'შ'],
        ['ჩ', 'ც', 'ძ', 'წ', 'ჭ', 'ხ', 'ჴ', 'ჯ', 'ჰ'],
    ];
    let mut rest = usize::try_from(ordinal).ok().filter(|n| (1..=19999).contains(n))?;
    let mut letters = Vec::new();
    for place in PLACES {
        if let Some(index) = (rest % 10).checked_sub(1) {
            letters.push(place[index]);
        }
        rest /= 10;
    }
    if rest > 0 {
        letters.push('ჵ');
    }
    Some(letters.iter().rev().collect())
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
            (ListStyleType::Armenian, 1994, "ՌՋՂԴ. "),
            (ListStyleType::Georgian, 10_011, "ჵია. "),
            (ListStyleType::ArabicIndic, 10, "١٠. "),
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
