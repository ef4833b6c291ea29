//! Images and where they lie.

use std::fmt::Write as _;

use super::{Print, number, or_auto, pair, string};
use crate::css::computed::ComputedStyle;
use crate::css::values::{
    BackgroundSize, Gradient, GradientKind, Image, LengthPercentage, Position, RepeatStyle,
};

impl Print for RepeatStyle {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        out.push_str(match self {
            Self::Repeat => "repeat",
            Self::Space => "space",
            Self::Round => "round",
            Self::NoRepeat => "no-repeat",
        });
    }
}

impl Print for (RepeatStyle, RepeatStyle) {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            (RepeatStyle::Repeat, RepeatStyle::NoRepeat) => out.push_str("repeat-x"),
            (RepeatStyle::NoRepeat, RepeatStyle::Repeat) => out.push_str("repeat-y"),
            both => pair(both, out, style),
        }
    }
}

impl Print for BackgroundSize {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::Contain => out.push_str("contain"),
            Self::Cover => out.push_str("cover"),
            Self::Explicit(width, height) => {
                or_auto(width, out, style);
                if width.is_some() || height.is_some() {
                    out.push(' ');
                    or_auto(height, out, style);
                }
            }
        }
    }
}

impl Print for Position {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        self.x.print(out, style);
        out.push(' ');
        self.y.print(out, style);
    }
}

impl Print for Image {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        match self {
            Self::None => out.push_str("none"),
            Self::Url(url) => {
                out.push_str("url(");
                string(url.as_str(), out);
                out.push(')');
            }
            Self::Gradient(gradient) => gradient.print(out, style),
        }
    }
}

impl Print for Gradient {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        out.push_str(if self.repeating { "repeating-" } else { "" });
        match &self.kind {
            GradientKind::LinearAngle(degrees) => {
                out.push_str("linear-gradient(");
                if *degrees != 180.0 {
                    number(*degrees, out);
                    out.push_str("deg, ");
                }
            }
            GradientKind::LinearToward(x, y) => {
                out.push_str("linear-gradient(");
                if (*x, *y) != (0, 1) {
                    let names =
                        [("left", *x == -1), ("right", *x == 1), ("top", *y == -1), ("bottom", *y == 1)];
                    out.push_str("to");
                    for (name, _) in names.iter().filter(|(_, set)| *set) {
                        let _ = write!(out, " {name}");
                    }
                    out.push_str(", ");
                }
            }
            GradientKind::Radial { circle, radii, center } => {
                out.push_str("radial-gradient(");
                let mut head = String::new();
                match radii {
                    Some((x, _)) if *circle => x.print(&mut head, style),
                    Some((x, y)) => {
                        x.print(&mut head, style);
                        head.push(' ');
                        y.print(&mut head, style);
                    }
                    None if *circle => head.push_str("circle"),
                    None => {}
                }
                let middle = LengthPercentage::Percentage(0.5);
                if center.x != middle || center.y != middle {
                    head.push_str(if head.is_empty() { "at " } else { " at " });
                    center.print(&mut head, style);
                }
                if !head.is_empty() {
                    let _ = write!(out, "{head}, ");
                }
            }
        }
        for (index, (color, position)) in self.stops.iter().enumerate() {
            out.push_str(if index > 0 { ", " } else { "" });
            color.print(out, style);
            if let Some(position) = position {
                out.push(' ');
                position.print(out, style);
            }
        }
        out.push(')');
    }
}
