//! Lengths, sizes, and what is made of them.

use super::{Print, number, percent, px, px_or_auto};
use crate::css::computed::{AspectRatio, ClipRect, ComputedStyle, FlexBasis};
use crate::css::values::{CalcLength, LengthPercentage, LineHeight, Margin, MaxSize, Size, VerticalAlign};

impl Print for LengthPercentage {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Length(length) => px(length, out, style),
            Self::Percentage(fraction) => percent(fraction, out, style),
            Self::Calc(calc) => match &**calc {
                sum @ CalcLength::Sum { .. } => {
                    out.push_str("calc(");
                    print_calc(sum, out, style);
                    out.push(')');
                }
                sum @ (CalcLength::Add(_) | CalcLength::Multiply(..)) => {
                    out.push_str("calc(");
                    print_calc(sum, out, style);
                    out.push(')');
                }
                function => print_calc(function, out, style),
            },
        }
    }
}

fn print_calc(calc: &CalcLength, out: &mut String, style: &ComputedStyle) {
    let list = |name: &str, terms: &[CalcLength], out: &mut String| {
        out.push_str(name);
        for (index, term) in terms.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            print_calc(term, out, style);
        }
        out.push(')');
    };
    match calc {
        CalcLength::Sum { px: length, percentage } if *percentage == 0.0 => px(length, out, style),
        CalcLength::Sum { px: length, percentage } if *length == 0.0 => percent(percentage, out, style),
        CalcLength::Sum { px: length, percentage } => {
            percent(percentage, out, style);
            out.push_str(if *length < 0.0 { " - " } else { " + " });
            px(&length.abs(), out, style);
        }
        CalcLength::Min(terms) => list("min(", terms, out),
        CalcLength::Max(terms) => list("max(", terms, out),
        CalcLength::Clamp(terms) => list("clamp(", &terms[..], out),
        CalcLength::Add(terms) => {
            for (index, term) in terms.iter().enumerate() {
                if index > 0 {
                    out.push_str(" + ");
                }
                print_calc(term, out, style);
            }
        }
        CalcLength::Multiply(term, by) => {
            number(*by, out);
            out.push_str(" * ");
            let is_sum = matches!(&**term, CalcLength::Add(_));
            out.push_str(if is_sum { "(" } else { "" });
            print_calc(term, out, style);
            out.push_str(if is_sum { ")" } else { "" });
        }
    }
}

impl Print for Margin {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Auto => out.push_str("auto"),
            Self::LengthPercentage(value) => value.print(out, style),
        }
    }
}

impl Print for Size {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Auto => out.push_str("auto"),
            Self::LengthPercentage(value) => value.print(out, style),
            Self::MinContent => out.push_str("min-content"),
            Self::MaxContent => out.push_str("max-content"),
            Self::FitContent => out.push_str("fit-content"),
            Self::FitContentTo(limit) => fit_content(limit, out, style),
            Self::Stretch => out.push_str("-webkit-fill-available"),
        }
    }
}

pub(crate) fn fit_content(limit: &LengthPercentage, out: &mut String, style: &ComputedStyle) {
    out.push_str("fit-content(");
    limit.print(out, style);
    out.push(')');
}

impl Print for MaxSize {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::None => out.push_str("none"),
            Self::LengthPercentage(value) => value.print(out, style),
            Self::MinContent => out.push_str("min-content"),
            Self::MaxContent => out.push_str("max-content"),
            Self::FitContent => out.push_str("fit-content"),
            Self::FitContentTo(limit) => fit_content(limit, out, style),
            Self::Stretch => out.push_str("-webkit-fill-available"),
        }
    }
}

impl Print for FlexBasis {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Content => out.push_str("content"),
            Self::Size(size) => size.print(out, style),
        }
    }
}

impl Print for AspectRatio {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        out.push_str(if self.auto { "auto" } else { "" });
        if let Some((width, height)) = self.ratio {
            out.push_str(if self.auto { " " } else { "" });
            number(width, out);
            out.push_str(" / ");
            number(height, out);
        }
    }
}

impl Print for ClipRect {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        out.push_str("rect(");
        for (index, edge) in self.0.iter().enumerate() {
            out.push_str(if index > 0 { ", " } else { "" });
            px_or_auto(edge, out, style);
        }
        out.push(')');
    }
}

impl Print for LineHeight {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Normal => out.push_str("normal"),
            Self::Number(factor) => px(&(factor * style.font.font_size), out, style),
            Self::Length(length) | Self::Percentage(length) => px(length, out, style),
        }
    }
}

impl Print for VerticalAlign {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        out.push_str(match self {
            Self::Baseline => "baseline",
            Self::Sub => "sub",
            Self::Super => "super",
            Self::Top => "top",
            Self::TextTop => "text-top",
            Self::Middle => "middle",
            Self::Bottom => "bottom",
            Self::TextBottom => "text-bottom",
            Self::LengthPercentage(value) => return value.print(out, style),
        });
    }
}
