//! Alignment, tracks and lines of grids.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Print, fit_content, number, space_list, string};
use crate::css::computed::ComputedStyle;
use crate::css::values::{
    AlignmentValue, GridLine, GridTemplate, RepeatCount, TemplateAreas, TrackBreadth, TrackItem, TrackSize,
};

impl Print for AlignmentValue {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        for word in [self.overflow.as_str(), if self.legacy { "legacy" } else { "" }] {
            if !word.is_empty() {
                out.push_str(word);
                out.push(' ');
            }
        }
        if self.keyword == crate::css::values::Alignment::Legacy {
            out.truncate(out.trim_end().len());
        } else {
            out.push_str(self.keyword.as_str());
        }
    }
}

impl Print for TrackBreadth {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::LengthPercentage(value) => value.print(out, style),
            Self::Flex(factor) => {
                number(*factor, out);
                out.push_str("fr");
            }
            Self::MinContent => out.push_str("min-content"),
            Self::MaxContent => out.push_str("max-content"),
            Self::Auto => out.push_str("auto"),
        }
    }
}

impl Print for TrackSize {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Breadth(breadth) => breadth.print(out, style),
            Self::MinMax(TrackBreadth::Auto, max @ TrackBreadth::Flex(_)) => max.print(out, style),
            Self::MinMax(min, max) => {
                out.push_str("minmax(");
                min.print(out, style);
                out.push_str(", ");
                max.print(out, style);
                out.push(')');
            }
            Self::FitContent(limit) => fit_content(limit, out, style),
        }
    }
}

impl Print for TrackItem {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Names(names) => {
                out.push('[');
                out.push_str(&names.join(" "));
                out.push(']');
            }
            Self::Track(size) => size.print(out, style),
            Self::Repeat(count, items) => {
                match count {
                    RepeatCount::Number(number) => {
                        let _ = write!(out, "repeat({number}, ");
                    }
                    RepeatCount::AutoFill => out.push_str("repeat(auto-fill, "),
                    RepeatCount::AutoFit => out.push_str("repeat(auto-fit, "),
                }
                space_list(items, out, style);
                out.push(')');
            }
        }
    }
}

impl Print for GridTemplate {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::None => out.push_str("none"),
            Self::Tracks(items) => space_list(items, out, style),
            Self::Subgrid(items) => {
                out.push_str("subgrid");
                for item in items {
                    out.push(' ');
                    item.print(out, style);
                }
            }
        }
    }
}

impl Print for Arc<TemplateAreas> {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        for (index, row) in self.rows.iter().enumerate() {
            out.push_str(if index > 0 { " " } else { "" });
            let cells: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or(".")).collect();
            string(&cells.join(" "), out);
        }
    }
}

impl Print for GridLine {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        match self {
            Self::Auto => out.push_str("auto"),
            Self::Line { number, name: None, .. } => {
                let _ = write!(out, "{number}");
            }
            Self::Line { number, name: Some(name), has_number } => {
                if *has_number {
                    let _ = write!(out, "{number} ");
                }
                out.push_str(name);
            }
            Self::Span { number, name } => {
                out.push_str("span");
                if *number != 1 || name.is_none() {
                    let _ = write!(out, " {number}");
                }
                if let Some(name) = name {
                    let _ = write!(out, " {name}");
                }
            }
        }
    }
}
