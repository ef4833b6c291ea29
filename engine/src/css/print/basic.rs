//! Numbers, strings, lists and what stands for a value that is not there.

use std::fmt::Write as _;
use std::sync::Arc;

use super::Print;
use crate::css::computed::{ComputedStyle, FontFamily};
use crate::css::specified::font::is_reserved_family;

/// A number with at most six significant digits, as Chromium writes it.
pub(crate) fn number(value: f32, out: &mut String) {
    let value = f64::from(value);
    if value.is_nan() {
        out.push_str("NaN");
        return;
    }
    if value.is_infinite() {
        out.push_str(if value > 0.0 { "infinity" } else { "-infinity" });
        return;
    }
    if value == value.trunc() && value.abs() < 1e6 {
        // Writing to a string cannot fail.
        let _ = write!(out, "{}", value as i64);
        return;
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-5..6).contains(&magnitude) {
        let _ = write!(out, "{}", scientific(value));
        return;
    }
    let decimals = usize::try_from(5 - magnitude).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    out.push_str(if text == "-0" { "0" } else { text });
}

fn scientific(value: f64) -> String {
    let text = format!("{value:.5e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// A length in px.
pub(crate) fn px(value: &f32, out: &mut String, _: &ComputedStyle) {
    number(*value, out);
    out.push_str("px");
}

/// A length in px, zero as `normal`.
pub(crate) fn px_or_normal(value: &f32, out: &mut String, style: &ComputedStyle) {
    if *value == 0.0 { out.push_str("normal") } else { px(value, out, style) }
}

/// A fraction as percentage.
pub(crate) fn percent(value: &f32, out: &mut String, _: &ComputedStyle) {
    number(value * 100.0, out);
    out.push('%');
}

/// A value, or `auto`.
pub(crate) fn or_auto<T: Print>(value: &Option<T>, out: &mut String, style: &ComputedStyle) {
    match value {
        None => out.push_str("auto"),
        Some(value) => value.print(out, style),
    }
}

/// A value, or `normal`.
pub(crate) fn or_normal<T: Print>(value: &Option<T>, out: &mut String, style: &ComputedStyle) {
    match value {
        None => out.push_str("normal"),
        Some(value) => value.print(out, style),
    }
}

/// A value, or `none`.
pub(crate) fn or_none<T: Print>(value: &Option<T>, out: &mut String, style: &ComputedStyle) {
    match value {
        None => out.push_str("none"),
        Some(value) => value.print(out, style),
    }
}

/// A length in px, or `auto`.
pub(crate) fn px_or_auto(value: &Option<f32>, out: &mut String, style: &ComputedStyle) {
    match value {
        None => out.push_str("auto"),
        Some(value) => px(value, out, style),
    }
}

/// Two values with a space, once if they are equal.
pub(crate) fn pair<T: Print + PartialEq>(value: &(T, T), out: &mut String, style: &ComputedStyle) {
    value.0.print(out, style);
    if value.0 != value.1 {
        out.push(' ');
        value.1.print(out, style);
    }
}

/// Values with commas.
pub(crate) fn comma_list<T: Print>(values: &[T], out: &mut String, style: &ComputedStyle) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        value.print(out, style);
    }
}

/// Values with spaces.
pub(crate) fn space_list<T: Print>(values: &[T], out: &mut String, style: &ComputedStyle) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        value.print(out, style);
    }
}

/// The list of a background longhand: as many values as there are images, if these are more.
pub(crate) fn layers<T: Print>(values: &[T], out: &mut String, style: &ComputedStyle) {
    let count = values.len().max(style.background.lists.image.len());
    for (index, value) in values.iter().cycle().take(count).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        value.print(out, style);
    }
}

/// A list of values with commas, or `none`.
pub(crate) fn comma_list_or_none<T: Print>(values: &[T], out: &mut String, style: &ComputedStyle) {
    if values.is_empty() { out.push_str("none") } else { comma_list(values, out, style) }
}

/// Font families.
pub(crate) fn families(values: &Arc<[FontFamily]>, out: &mut String, style: &ComputedStyle) {
    comma_list(values, out, style);
}

/// Counters.
pub(crate) fn counters(values: &[(Arc<str>, i32)], out: &mut String, _: &ComputedStyle) {
    if values.is_empty() {
        out.push_str("none");
    }
    for (index, (name, number)) in values.iter().enumerate() {
        let space = if index > 0 { " " } else { "" };
        let _ = write!(out, "{space}{name} {number}");
    }
}

impl Print for f32 {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        number(*self, out);
    }
}

impl Print for i32 {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        let _ = write!(out, "{self}");
    }
}

impl Print for Arc<str> {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        out.push_str(self);
    }
}

/// A name as an identifier where it is one, else as a string.
pub(crate) fn identifier_or_string(name: &str, out: &mut String) {
    let mut bytes = name.bytes();
    let is_identifier = match bytes.next() {
        Some(b'-') => {
            let rest = name.as_bytes().get(1).copied().unwrap_or(b'0');
            !(rest.is_ascii_digit() || rest == b'-') && bytes.all(is_name_byte)
        }
        Some(first) => !first.is_ascii_digit() && is_name_byte(first) && bytes.all(is_name_byte),
        None => false,
    };
    let is_keyword = is_reserved_family(name);
    if is_identifier && !is_keyword { out.push_str(name) } else { string(name, out) }
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' || byte >= 0x80
}

/// A CSS string.
pub(crate) fn string(text: &str, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = cssparser::serialize_string(text, out);
}

#[cfg(test)]
mod tests {
    use super::number;

    fn printed(value: f32) -> String {
        let mut out = String::new();
        number(value, &mut out);
        out
    }

    #[test]
    fn numbers_have_six_digits() {
        for (value, text) in [
            (0.0, "0"),
            (16.0, "16"),
            (-0.5, "-0.5"),
            (0.1, "0.1"),
            (1133.328, "1133.33"),
            (13.333_333, "13.3333"),
            (1_000_000.0, "1e+06"),
            (0.00001, "1e-05"),
        ] {
            assert_eq!(printed(value), text);
        }
    }
}
