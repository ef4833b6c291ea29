//! Numbers and texts as files in the wild have them: whole numbers with fractions, `null`, numbers in quotes.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A time that is not there.
pub(super) fn missing() -> f64 {
    -1.0
}

/// A size that is not known.
pub(super) fn unknown() -> i64 {
    -1
}

/// Any number, also in quotes; anything else is -1. Never NaN or infinite.
pub(super) fn float<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let number = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(number.filter(|number| number.is_finite()).unwrap_or_else(missing))
}

/// Any number, rounded; anything else is -1.
pub(super) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    // `as` saturates.
    float(deserializer).map(|number| number.round() as i64)
}

/// A text, or a number as text.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}
