//! Presentational hints: attributes that mean declarations. <https://html.spec.whatwg.org/#presentational-hints>
//!
//! They stand between the browser's sheet and the page's.

use std::sync::Arc;

use url::Url;

use super::svg_hints;
use crate::css::computed::AspectRatio;
use crate::css::properties::{Declaration, DeclarationBlock, Importance, Value};
use crate::css::specified::color::{Color, TextColor};
use crate::css::specified::font::FontSize;
use crate::css::specified::image::Image;
use crate::css::specified::length::{Length, LengthPercentage, LengthPercentageOrAuto, LineWidth, Size};
use crate::css::specified::text::VerticalAlign;
use crate::css::values::{
    self, AbsoluteColor, BorderStyle, CaptionSide, Clear, Direction, Float, ListStyleType, TextAlign,
    TextWrapMode,
};
use crate::dom::{Document, ElementData, LocalName, NodeId, first_strong_is_rtl, local_name, ns};

/// The declarations that `element`'s attributes mean; `None` when there are none.
pub(super) fn hints(document: &Document, element: NodeId) -> Option<DeclarationBlock> {
    let data = document.element(element)?;
    if *data.namespace() == ns!(svg) {
        return svg_hints::hints(document, data);
    }
    if *data.namespace() != ns!(html) {
        return None;
    }
    let mut hints = Hints { document, element, data, values: Vec::new() };
    // Cells take `cellpadding`, `border` and `rules` from their table; all others need attributes of their own.
    let is_cell = matches!(&**data.local_name(), "td" | "th");
    if data.attributes().is_empty() && !is_cell {
        return None;
    }
    hints.collect();
    if hints.values.is_empty() {
        return None;
    }
    let mut block = DeclarationBlock::default();
    block.extend(hints.values.into_iter().map(Declaration::Value), Importance::Normal);
    Some(block)
}

struct Hints<'a> {
    document: &'a Document,
    element: NodeId,
    data: &'a ElementData,
    values: Vec<Value>,
}

impl<'a> Hints<'a> {
    fn attribute(&self, name: &str) -> Option<&'a str> {
        self.data.attribute(&LocalName::from(name))
    }

    fn collect(&mut self) {
        match &**self.data.local_name() {
            "body" => self.body(),
            "table" => self.table(),
            "td" | "th" => self.cell(),
            "tr" | "thead" | "tbody" | "tfoot" | "col" | "colgroup" => self.rows(),
            "caption" => {
                if self.attribute("align").is_some_and(|a| a.eq_ignore_ascii_case("bottom")) {
                    self.values.push(Value::CaptionSide(CaptionSide::Bottom));
                }
                self.text_align("align");
            }
            "a" | "area" => self.link(),
            "div" | "p" => self.text_align("align"),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(),
            "img" | "embed" | "object" | "iframe" | "video" | "canvas" | "applet" | "marquee" | "input" => {
                self.replaced();
            }
            "font" => self.font(),
            "hr" => self.rule(),
            "ol" | "ul" | "li" => self.list(),
            "br" => self.clear(),
            "textarea" => {
                let off = self.attribute("wrap").filter(|w| w.eq_ignore_ascii_case("off"));
                self.values.extend(off.map(|_| Value::TextWrapMode(TextWrapMode::Nowrap)));
            }
            _ => {}
        }
        if self.attribute("dir").is_some_and(|d| d.eq_ignore_ascii_case("auto")) {
            let rtl = first_strong_is_rtl(&self.document.text_content(self.element));
            self.values.push(Value::Direction(if rtl { Direction::Rtl } else { Direction::Ltr }));
        }
    }

    fn body(&mut self) {
        self.background();
        if let Some(color) = self.attribute("text").and_then(legacy_color) {
            self.values.push(Value::Color(TextColor(Color::Absolute(color))));
        }
        for (names, make) in [
            (["marginheight", "topmargin"], Value::MarginTop as fn(LengthPercentageOrAuto) -> Value),
            (["marginheight", "bottommargin"], Value::MarginBottom),
            (["marginwidth", "leftmargin"], Value::MarginLeft),
            (["marginwidth", "rightmargin"], Value::MarginRight),
        ] {
            let px = names.iter().find_map(|name| self.attribute(name).and_then(non_negative_integer));
            if let Some(px) = px {
                self.values.push(make(LengthPercentageOrAuto(Some(LengthPercentage::px(px)))));
            }
        }
    }

    /// The `link` attribute of `body` colours links.
    fn link(&mut self) {
        if self.data.attribute(&local_name!("href")).is_none() {
            return;
        }
        let body = self.document.body().and_then(|b| self.document.element(b));
        let color = body.and_then(|b| b.attribute(&LocalName::from("link"))).and_then(legacy_color);
        if let Some(color) = color {
            self.values.push(Value::Color(TextColor(Color::Absolute(color))));
        }
    }

    /// Headings align their text alone, not the blocks inside.
    fn heading(&mut self) {
        let align = match self.attribute("align").map(str::to_ascii_lowercase).as_deref() {
            Some("left") => TextAlign::Left,
            Some("right") => TextAlign::Right,
            Some("center" | "middle") => TextAlign::Center,
            Some("justify") => TextAlign::Justify,
            _ => return,
        };
        self.values.push(Value::TextAlign(align));
    }

    fn background(&mut self) {
        if let Some(color) = self.attribute("bgcolor").and_then(legacy_color) {
            self.values.push(Value::BackgroundColor(Color::Absolute(color)));
        }
        if let Some(url) = self.attribute("background").filter(|u| !u.is_empty()).and_then(|u| self.url(u)) {
            self.values.push(Value::BackgroundImage(vec![Image::Url(Arc::new(url))]));
        }
    }

    fn url(&self, url: &str) -> Option<Url> {
        self.document.base_url.join(url.trim()).ok()
    }

    fn sizes(&mut self) {
        self.size("width", Value::Width);
        self.size("height", Value::Height);
    }

    fn size(&mut self, name: &str, make: fn(Size) -> Value) {
        if let Some(value) = self.attribute(name).and_then(dimension) {
            self.values.push(make(Size::LengthPercentage(value)));
        }
    }

    fn text_align(&mut self, name: &str) {
        let Some(align) = self.attribute(name) else { return };
        let align = match align.to_ascii_lowercase().as_str() {
            "left" => TextAlign::WebkitLeft,
            "right" => TextAlign::WebkitRight,
            "center" | "middle" => TextAlign::WebkitCenter,
            "justify" => TextAlign::Justify,
            _ => return,
        };
        self.values.push(Value::TextAlign(align));
    }

    fn vertical_align(&mut self) {
        let Some(align) = self.attribute("valign") else { return };
        let align = match align.to_ascii_lowercase().as_str() {
            "top" => values::VerticalAlign::Top,
            "middle" => values::VerticalAlign::Middle,
            "bottom" => values::VerticalAlign::Bottom,
            "baseline" => values::VerticalAlign::Baseline,
            _ => return,
        };
        self.values.push(Value::VerticalAlign(VerticalAlign::Keyword(align)));
    }

    fn borders(&mut self, width: f32, style: BorderStyle) {
        let line = || LineWidth(Length::px(width));
        self.values.extend([
            Value::BorderTopWidth(line()),
            Value::BorderRightWidth(line()),
            Value::BorderBottomWidth(line()),
            Value::BorderLeftWidth(line()),
            Value::BorderTopStyle(style),
            Value::BorderRightStyle(style),
            Value::BorderBottomStyle(style),
            Value::BorderLeftStyle(style),
        ]);
    }

    fn table(&mut self) {
        self.background();
        self.sizes();
        let align = self.attribute("align").map(str::to_ascii_lowercase);
        match align.as_deref() {
            Some("left") => self.values.push(Value::Float(Float::Left)),
            Some("right") => self.values.push(Value::Float(Float::Right)),
            Some("center") => self.values.extend([
                Value::MarginLeft(LengthPercentageOrAuto(None)),
                Value::MarginRight(LengthPercentageOrAuto(None)),
            ]),
            _ => {}
        }
        if let Some(px) = self.attribute("cellspacing").and_then(non_negative_integer) {
            self.values
                .extend([Value::BorderSpacingX(Length::px(px)), Value::BorderSpacingY(Length::px(px))]);
        }
        if let Some(width) = self.attribute("border").map(border_width) {
            self.borders(width, if width > 0.0 { BorderStyle::Outset } else { BorderStyle::None });
        }
        if let Some(color) = self.attribute("bordercolor").and_then(legacy_color) {
            let color = || Color::Absolute(color);
            self.values.extend([
                Value::BorderTopColor(color()),
                Value::BorderRightColor(color()),
                Value::BorderBottomColor(color()),
                Value::BorderLeftColor(color()),
            ]);
        }
        for (name, x) in [("hspace", true), ("vspace", false)] {
            self.space(name, x);
        }
    }

    fn space(&mut self, name: &str, horizontal: bool) {
        let Some(value) = self.attribute(name).and_then(dimension) else { return };
        let margin = || LengthPercentageOrAuto(Some(value.clone()));
        if horizontal {
            self.values.extend([Value::MarginLeft(margin()), Value::MarginRight(margin())]);
        } else {
            self.values.extend([Value::MarginTop(margin()), Value::MarginBottom(margin())]);
        }
    }

    fn cell(&mut self) {
        let table = self
            .document
            .ancestors(self.element)
            .filter_map(|a| self.document.element(a))
            .find(|a| a.is_html(&local_name!("table")));
        if let Some(table) = table {
            if let Some(px) = table.attribute(&LocalName::from("cellpadding")).and_then(non_negative_integer)
            {
                let padding = || LengthPercentage::px(px);
                self.values.extend([
                    Value::PaddingTop(padding()),
                    Value::PaddingRight(padding()),
                    Value::PaddingBottom(padding()),
                    Value::PaddingLeft(padding()),
                ]);
            }
            if table.attribute(&local_name!("border")).is_some_and(|b| border_width(b) > 0.0) {
                self.borders(1.0, BorderStyle::Inset);
            }
        }
        self.background();
        self.sizes();
        self.text_align("align");
        self.vertical_align();
        if self.attribute("nowrap").is_some() {
            self.values.push(Value::TextWrapMode(TextWrapMode::Nowrap));
        }
    }

    fn rows(&mut self) {
        self.background();
        if matches!(&**self.data.local_name(), "tr" | "thead" | "tbody" | "tfoot") {
            self.size("height", Value::Height);
        } else {
            self.sizes();
        }
        self.text_align("align");
        self.vertical_align();
    }

    fn replaced(&mut self) {
        let is_input = self.data.is_html(&local_name!("input"));
        let is_image_button =
            is_input && self.attribute("type").is_some_and(|t| t.eq_ignore_ascii_case("image"));
        if is_input && !is_image_button {
            return;
        }
        // Of a canvas the attributes are its natural size.
        if !self.data.is_html(&local_name!("canvas")) {
            self.sizes();
        }
        self.aspect_ratio();
        self.space("hspace", true);
        self.space("vspace", false);
        if let Some(align) = self.attribute("align") {
            match align.to_ascii_lowercase().as_str() {
                "left" => self.values.push(Value::Float(Float::Left)),
                "right" => self.values.push(Value::Float(Float::Right)),
                other => {
                    let align = match other {
                        "top" => values::VerticalAlign::Top,
                        "middle" | "center" | "absmiddle" | "abscenter" => values::VerticalAlign::Middle,
                        "bottom" | "baseline" => values::VerticalAlign::Baseline,
                        "texttop" => values::VerticalAlign::TextTop,
                        "absbottom" => values::VerticalAlign::Bottom,
                        _ => return,
                    };
                    self.values.push(Value::VerticalAlign(VerticalAlign::Keyword(align)));
                }
            }
        }
        if matches!(&**self.data.local_name(), "img" | "object" | "input")
            && let Some(width) = self.attribute("border").and_then(non_negative_integer)
        {
            self.borders(width, BorderStyle::Solid);
        }
        if self.data.is_html(&local_name!("iframe"))
            && self.attribute("frameborder").is_some_and(|f| matches!(f.trim(), "0" | "no" | "No" | "NO"))
        {
            self.borders(0.0, BorderStyle::None);
        }
        if self.data.is_html(&local_name!("marquee")) {
            self.background();
        }
    }

    /// <https://html.spec.whatwg.org/#attributes-for-embedded-content-and-images>: the ratio that the attributes give
    /// before the image is there.
    fn aspect_ratio(&mut self) {
        if !matches!(&**self.data.local_name(), "img" | "video" | "canvas" | "input") {
            return;
        }
        let px = |name: &str| match self.attribute(name).and_then(dimension) {
            Some(LengthPercentage::Length(px, _)) => Some(px),
            _ => None,
        };
        if let (Some(width), Some(height)) = (px("width"), px("height")) {
            self.values.push(Value::AspectRatio(AspectRatio { auto: true, ratio: Some((width, height)) }));
        }
    }

    fn font(&mut self) {
        if let Some(color) = self.attribute("color").and_then(legacy_color) {
            self.values.push(Value::Color(TextColor(Color::Absolute(color))));
        }
        if let Some(face) = self.attribute("face") {
            self.values.extend(crate::css::parse_font_families(face).map(Value::FontFamily));
        }
        if let Some(keyword) = self.attribute("size").and_then(legacy_font_size) {
            self.values.push(Value::FontSize(FontSize::Keyword(keyword)));
        }
    }

    fn rule(&mut self) {
        match self.attribute("align").map(str::to_ascii_lowercase).as_deref() {
            Some("left") => self.values.extend([
                Value::MarginLeft(LengthPercentageOrAuto(Some(LengthPercentage::ZERO))),
                Value::MarginRight(LengthPercentageOrAuto(None)),
            ]),
            Some("right") => self.values.extend([
                Value::MarginLeft(LengthPercentageOrAuto(None)),
                Value::MarginRight(LengthPercentageOrAuto(Some(LengthPercentage::ZERO))),
            ]),
            Some("center") => self.values.extend([
                Value::MarginLeft(LengthPercentageOrAuto(None)),
                Value::MarginRight(LengthPercentageOrAuto(None)),
            ]),
            _ => {}
        }
        let color = self.attribute("color").and_then(legacy_color);
        let shade = self.attribute("noshade").is_none() && color.is_none();
        if !shade {
            self.values.extend([
                Value::BorderTopStyle(BorderStyle::Solid),
                Value::BorderRightStyle(BorderStyle::Solid),
                Value::BorderBottomStyle(BorderStyle::Solid),
                Value::BorderLeftStyle(BorderStyle::Solid),
            ]);
        }
        if !shade {
            let color = || Color::Absolute(color.unwrap_or(AbsoluteColor::from_srgb8(128, 128, 128)));
            self.values.extend([
                Value::BorderTopColor(color()),
                Value::BorderRightColor(color()),
                Value::BorderBottomColor(color()),
                Value::BorderLeftColor(color()),
                Value::BackgroundColor(color()),
            ]);
        }
        self.size("width", Value::Width);
        if let Some(size) = self.attribute("size").and_then(non_negative_integer) {
            if size <= 1.0 {
                self.values.push(Value::BorderBottomWidth(LineWidth(Length::px(0.0))));
            } else {
                let height = Size::LengthPercentage(LengthPercentage::px(size - 2.0));
                self.values.push(Value::Height(height));
            }
        }
    }

    fn list(&mut self) {
        let Some(kind) = self.attribute("type") else { return };
        let kind = match kind.trim() {
            "1" => ListStyleType::Decimal,
            "a" => ListStyleType::LowerAlpha,
            "A" => ListStyleType::UpperAlpha,
            "i" => ListStyleType::LowerRoman,
            "I" => ListStyleType::UpperRoman,
            other => match other.to_ascii_lowercase().as_str() {
                "none" => ListStyleType::None,
                "disc" => ListStyleType::Disc,
                "circle" => ListStyleType::Circle,
                "square" => ListStyleType::Square,
                _ => return,
            },
        };
        self.values.push(Value::ListStyleType(kind));
    }

    fn clear(&mut self) {
        let Some(clear) = self.attribute("clear") else { return };
        let clear = match clear.to_ascii_lowercase().as_str() {
            "left" => Clear::Left,
            "right" => Clear::Right,
            "all" | "both" => Clear::Both,
            _ => return,
        };
        self.values.push(Value::Clear(clear));
    }
}

/// `border` without a number is 1.
fn border_width(value: &str) -> f32 {
    non_negative_integer(value).unwrap_or(1.0)
}

/// <https://html.spec.whatwg.org/#rules-for-parsing-non-negative-integers>
fn non_negative_integer(value: &str) -> Option<f32> {
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let value = value.strip_prefix('+').unwrap_or(value);
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    value[..digits].parse::<f32>().ok()
}

/// <https://html.spec.whatwg.org/#rules-for-parsing-dimension-values>
fn dimension(value: &str) -> Option<LengthPercentage> {
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let value = value.strip_prefix('+').unwrap_or(value);
    let integer = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    if integer == 0 {
        return None;
    }
    let mut end = integer;
    if value[end..].starts_with('.') {
        let fraction = &value[end + 1..];
        end += 1 + fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
    }
    let number = value[..end].trim_end_matches('.').parse::<f32>().ok()?;
    if value[end..].starts_with('%') {
        Some(LengthPercentage::Percentage(number / 100.0))
    } else {
        Some(LengthPercentage::px(number))
    }
}

/// <https://html.spec.whatwg.org/#rules-for-parsing-a-legacy-font-size>, as a keyword from 2 (`x-small`) to 8.
fn legacy_font_size(value: &str) -> Option<u8> {
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let (relative, digits) = match value.as_bytes().first()? {
        b'+' => (1, &value[1..]),
        b'-' => (-1, &value[1..]),
        _ => (0, value),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let number: i32 = digits[..end].parse::<i32>().ok()?.min(100);
    let size = match relative {
        1 => 3 + number,
        -1 => 3 - number,
        _ => number,
    };
    u8::try_from(size.clamp(1, 7) + 1).ok()
}

/// <https://html.spec.whatwg.org/#rules-for-parsing-a-legacy-colour-value>
pub(super) fn legacy_color(value: &str) -> Option<AbsoluteColor> {
    let value = value.trim_matches(|c: char| c.is_ascii_whitespace());
    if value.is_empty() || value.eq_ignore_ascii_case("transparent") {
        return None;
    }
    if let Some(named) = crate::css::named_color(value) {
        return Some(named);
    }
    let digit = |c: char| c.to_digit(16).unwrap_or(0) as u8;
    let chars: Vec<char> = value.chars().collect();
    if let ['#', r, g, b] = chars.as_slice()
        && [r, g, b].iter().all(|c| c.is_ascii_hexdigit())
    {
        return Some(AbsoluteColor::from_srgb8(digit(*r) * 17, digit(*g) * 17, digit(*b) * 17));
    }
    // Characters beyond the basic plane count as two zeros.
    let mut cells: Vec<char> = Vec::new();
    for c in chars.iter().take(128) {
        if *c as u32 > 0xFFFF { cells.extend(['0', '0']) } else { cells.push(*c) }
    }
    cells.truncate(128);
    if cells.first() == Some(&'#') {
        cells.remove(0);
    }
    for c in &mut cells {
        if !c.is_ascii_hexdigit() {
            *c = '0';
        }
    }
    while cells.is_empty() || !cells.len().is_multiple_of(3) {
        cells.push('0');
    }
    let length = cells.len() / 3;
    let mut parts: [&[char]; 3] = [&cells[..length], &cells[length..2 * length], &cells[2 * length..]];
    if length > 8 {
        parts = parts.map(|p| &p[length - 8..]);
    }
    while parts[0].len() > 2 && parts.iter().all(|p| p.first() == Some(&'0')) {
        parts = parts.map(|p| &p[1..]);
    }
    let byte = |part: &[char]| part.iter().take(2).fold(0_u8, |value, c| value.wrapping_mul(16) + digit(*c));
    Some(AbsoluteColor::from_srgb8(byte(parts[0]), byte(parts[1]), byte(parts[2])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_colours() {
        for (text, expected) in [
            ("red", Some([255, 0, 0])),
            ("#f00", Some([255, 0, 0])),
            ("f00", Some([0x0f, 0x00, 0x00])),
            ("#ff8800", Some([255, 136, 0])),
            ("ff8800", Some([255, 136, 0])),
            ("chucknorris", Some([0xc0, 0, 0])),
            ("transparent", None),
            ("", None),
        ] {
            let actual = legacy_color(text).map(|c| c.to_srgb8()).map(|[r, g, b, _]| [r, g, b]);
            assert_eq!(actual, expected, "{text}");
        }
    }

    #[test]
    fn dimensions_and_font_sizes() {
        assert_eq!(dimension("50%"), Some(LengthPercentage::Percentage(0.5)));
        assert_eq!(dimension(" 12.5px"), Some(LengthPercentage::px(12.5)));
        assert_eq!(dimension("auto"), None);
        assert_eq!(legacy_font_size("+1"), Some(5));
        assert_eq!(legacy_font_size("7"), Some(8));
        assert_eq!(legacy_font_size("-9"), Some(2));
    }
}
