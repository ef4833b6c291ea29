//! The data of a text node: kept in place when it is short, as most of it is (the white space between two tags).

use std::fmt;
use std::ops::Deref;

/// How many bytes are kept in place: what is left of the three words that a [`String`] takes.
const SHORT: usize = 15;

/// Character data. Reads as `str`, and grows.
#[derive(Clone)]
pub struct Text(Repr);

#[derive(Clone)]
enum Repr {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(String),
}

const _: () = assert!(size_of::<Text>() == size_of::<String>());

impl Text {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // It is always whole: it was copied from a `str`.
            Repr::Short { length, bytes } => {
                bytes.get(..usize::from(*length)).and_then(|b| str::from_utf8(b).ok()).unwrap_or_default()
            }
            Repr::Long(text) => text,
        }
    }

    /// Adds to the end; takes time by the length of what is added.
    pub fn push_str(&mut self, more: &str) {
        if let Repr::Long(text) = &mut self.0 {
            text.push_str(more);
            return;
        }
        let text = self.as_str();
        let mut whole = String::with_capacity(text.len().saturating_add(more.len()));
        whole.push_str(text);
        whole.push_str(more);
        *self = Self::from(whole);
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                Self(Repr::Short { length, bytes })
            }
            _ => Self(Repr::Long(text.to_owned())),
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        if text.len() <= SHORT { Self::from(text.as_str()) } else { Self(Repr::Long(text)) }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::{SHORT, Text};

    #[test]
    fn text_grows_past_its_place() {
        for piece in ["x", "é", "🙂", "0123456789", "0123456789abcde", "0123456789abcdef", ""] {
            let (mut text, mut expected) = (Text::from(""), String::new());
            for _ in 0..2 * SHORT {
                text.push_str(piece);
                expected.push_str(piece);
                assert_eq!(text.as_str(), expected);
                assert_eq!(Text::from(expected.clone()).as_str(), expected);
                assert_eq!(Text::from(expected.as_str()).as_str(), expected);
            }
        }
    }
}
