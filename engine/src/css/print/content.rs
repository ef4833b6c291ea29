//! What `content` makes.

use std::fmt::Write as _;

use super::{Print, string};
use crate::css::computed::{ComputedStyle, Content, ContentItem};

impl Print for Content {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Normal => out.push_str("normal"),
            Self::None => out.push_str("none"),
            Self::Items(items) => {
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { " " } else { "" });
                    item.print(out, style);
                }
            }
        }
    }
}

impl Print for ContentItem {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::String(text) | Self::Attribute(text) => string(text, out),
            Self::Image(image) => image.print(out, style),
            Self::Counter { name, style } => {
                let _ = write!(out, "counter({name}");
                if style.as_str() != "decimal" {
                    let _ = write!(out, ", {}", style.as_str());
                }
                out.push(')');
            }
            Self::Counters { name, separator, style } => {
                let _ = write!(out, "counters({name}, ");
                string(separator, out);
                if style.as_str() != "decimal" {
                    let _ = write!(out, ", {}", style.as_str());
                }
                out.push(')');
            }
            Self::OpenQuote => out.push_str("open-quote"),
            Self::CloseQuote => out.push_str("close-quote"),
            Self::NoOpenQuote => out.push_str("no-open-quote"),
            Self::NoCloseQuote => out.push_str("no-close-quote"),
        }
    }
}
