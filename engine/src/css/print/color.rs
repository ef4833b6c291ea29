//! Colours and shadows.

use std::fmt::Write as _;

use super::{Print, number, px};
use crate::css::computed::ComputedStyle;
use crate::css::values::{AbsoluteColor, Color, ColorSpace, Shadow};

impl Print for Shadow {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        self.color.print(out, style);
        for length in [self.x, self.y, self.blur] {
            out.push(' ');
            px(&length, out, style);
        }
        out.push(' ');
        px(&self.spread, out, style);
        out.push_str(if self.inset { " inset" } else { "" });
    }
}

/// Shadows of text, which have no spread.
pub(crate) fn text_shadows(values: &[Shadow], out: &mut String, style: &ComputedStyle) {
    if values.is_empty() {
        out.push_str("none");
    }
    for (index, shadow) in values.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        shadow.color.print(out, style);
        for length in [shadow.x, shadow.y, shadow.blur] {
            out.push(' ');
            px(&length, out, style);
        }
    }
}

impl Print for Color {
    fn print(&self, out: &mut String, style: &ComputedStyle) {
        self.resolve(style.text.color).print(out, style);
    }
}

impl Print for AbsoluteColor {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        let component = |c: f32, out: &mut String| {
            if c.is_nan() { out.push_str("none") } else { number(c, out) }
        };
        let alpha = |out: &mut String| {
            if self.alpha.is_nan() {
                out.push_str(" / none");
            } else if self.alpha != 1.0 {
                out.push_str(" / ");
                number(self.alpha, out);
            }
            out.push(')');
        };
        let name = match self.space {
            ColorSpace::LegacySrgb => {
                let [r, g, b, _] = self.to_srgb8();
                if self.alpha == 1.0 {
                    let _ = write!(out, "rgb({r}, {g}, {b})");
                } else {
                    let _ = write!(out, "rgba({r}, {g}, {b}, ");
                    number(legacy_alpha(self.alpha), out);
                    out.push(')');
                }
                return;
            }
            ColorSpace::Lab => "lab(",
            ColorSpace::Lch => "lch(",
            ColorSpace::Oklab => "oklab(",
            ColorSpace::Oklch => "oklch(",
            ColorSpace::Srgb => "color(srgb ",
            ColorSpace::SrgbLinear => "color(srgb-linear ",
            ColorSpace::DisplayP3 => "color(display-p3 ",
            ColorSpace::A98Rgb => "color(a98-rgb ",
            ColorSpace::ProphotoRgb => "color(prophoto-rgb ",
            ColorSpace::Rec2020 => "color(rec2020 ",
            ColorSpace::XyzD50 => "color(xyz-d50 ",
            ColorSpace::XyzD65 => "color(xyz-d65 ",
        };
        out.push_str(name);
        for (index, c) in self.components.iter().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            component(*c, out);
        }
        alpha(out);
    }
}

/// Two decimals when they give the same byte, else three: <https://drafts.csswg.org/css-color-4/#serializing-alpha-values>.
fn legacy_alpha(alpha: f32) -> f32 {
    let byte = |value: f32| (value * 255.0).round();
    let two = (alpha * 100.0).round() / 100.0;
    if byte(two) == byte(alpha) { two } else { (alpha * 1000.0).round() / 1000.0 }
}
