//! Computed values of SVG's properties as text.

use std::sync::Arc;

use super::computed::ComputedStyle;
use super::print::{Print, string};
use super::values::{PaintOrder, PaintPart, SvgPaint};

impl Print for SvgPaint {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::None => out.push_str("none"),
            Self::ContextFill => out.push_str("context-fill"),
            Self::ContextStroke => out.push_str("context-stroke"),
            Self::Color(color) => color.print(out, style),
            Self::Url(url, or) => {
                print_url(url, out);
                if let Some(or) = or {
                    out.push(' ');
                    or.print(out, style);
                }
            }
        }
    }
}

fn print_url(url: &str, out: &mut String) {
    out.push_str("url(");
    string(url, out);
    out.push(')');
}

/// A URL, or `none`.
pub(crate) fn url_or_none(url: &Option<Arc<str>>, out: &mut String, _: &ComputedStyle) {
    match url {
        Some(url) => print_url(url, out),
        None => out.push_str("none"),
    }
}

impl Print for PaintOrder {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        // The shortest form: what is left out comes last, in the usual order.
        out.push_str(match self.0 {
            [PaintPart::Fill, PaintPart::Stroke, _] => "normal",
            [PaintPart::Fill, ..] => "fill markers",
            [PaintPart::Stroke, PaintPart::Fill, _] => "stroke",
            [PaintPart::Stroke, ..] => "stroke markers",
            [PaintPart::Markers, PaintPart::Fill, _] => "markers",
            [PaintPart::Markers, ..] => "markers stroke",
        });
    }
}
