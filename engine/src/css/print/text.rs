//! Fonts and decorations of text.

use super::{Print, identifier_or_string};
use crate::css::computed::{ComputedStyle, FontFamily, GenericFamily, TextDecorationLine};

impl Print for TextDecorationLine {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        let lines =
            [(self.underline, "underline"), (self.overline, "overline"), (self.line_through, "line-through")];
        let names: Vec<&str> = lines.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
        out.push_str(if names.is_empty() { "none" } else { "" });
        out.push_str(&names.join(" "));
    }
}

impl GenericFamily {
    /// The CSS keyword.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Serif => "serif",
            Self::SansSerif => "sans-serif",
            Self::Monospace => "monospace",
            Self::Cursive => "cursive",
            Self::Fantasy => "fantasy",
            Self::SystemUi => "system-ui",
            Self::Math => "math",
        }
    }
}

impl Print for FontFamily {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        match self {
            Self::Generic(generic) => out.push_str(generic.as_str()),
            Self::Named(name) => identifier_or_string(name, out),
        }
    }
}
