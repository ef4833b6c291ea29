//! Computed values as text, as `getComputedStyle` shows them: <https://drafts.csswg.org/cssom-1/#serializing-css-values>.

use std::fmt::Write as _;
use std::sync::Arc;

use super::computed::{
    AspectRatio, ClipRect, ComputedStyle, Content, ContentItem, FlexBasis, FontFamily, GenericFamily,
    TextDecorationLine,
};
use super::values::{
    AbsoluteColor, AlignmentValue, BackgroundSize, CalcLength, Color, ColorSpace, Gradient, GradientKind,
    GridLine, GridTemplate, Image, LengthPercentage, LineHeight, Margin, MaxSize, Position, RepeatCount,
    RepeatStyle, Shadow, Size, TemplateAreas, TrackBreadth, TrackItem, TrackSize, VerticalAlign,
};

/// A computed value that can be written.
pub trait Print {
    /// Writes it to the end of `out`. `style` is what it belongs to: `currentcolor` is its colour.
    fn print(&self, out: &mut String, style: &ComputedStyle);
}

/// The printer of values that know how to print themselves.
pub(crate) fn value<T: Print + ?Sized>(value: &T, out: &mut String, style: &ComputedStyle) {
    value.print(out, style);
}

/// A number with at most six significant digits, as Chromium writes it.
pub(crate) fn number(value: f32, out: &mut String) {
    let value = f64::from(value);
    if value.is_nan() {
        out.push_str("NaN");
        return;
    }
    if value.is_infinite() {
        out.push_str(if value > 0.0 { "infinity" } else { "-infinity" });
        return;
    }
    if value == value.trunc() && value.abs() < 1e6 {
        // Writing to a string cannot fail.
        let _ = write!(out, "{}", value as i64);
        return;
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-5..6).contains(&magnitude) {
        let _ = write!(out, "{}", scientific(value));
        return;
    }
    let decimals = usize::try_from(5 - magnitude).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    out.push_str(if text == "-0" { "0" } else { text });
}

fn scientific(value: f64) -> String {
    let text = format!("{value:.5e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// A length in px.
pub(crate) fn px(value: &f32, out: &mut String, _: &ComputedStyle) {
    number(*value, out);
    out.push_str("px");
}

/// A length in px, zero as `normal`.
pub(crate) fn px_or_normal(value: &f32, out: &mut String, style: &ComputedStyle) {
    if *value == 0.0 { out.push_str("normal") } else { px(value, out, style) }
}

/// A fraction as percentage.
pub(crate) fn percent(value: &f32, out: &mut String, _: &ComputedStyle) {
    number(value * 100.0, out);
    out.push('%');
}

/// A value, or `auto`.
pub(crate) fn or_auto<T: Print>(value: &Option<T>, out: &mut String, style: &ComputedStyle) {
    match value {
        None => out.push_str("auto"),
        Some(value) => value.print(out, style),
    }
}

/// A value, or `normal`.
pub(crate) fn or_normal<T: Print>(value: &Option<T>, out: &mut String, style: &ComputedStyle) {
    match value {
        None => out.push_str("normal"),
        Some(value) => value.print(out, style),
    }
}

/// A value, or `none`.
pub(crate) fn or_none<T: Print>(value: &Option<T>, out: &mut String, style: &ComputedStyle) {
    match value {
        None => out.push_str("none"),
        Some(value) => value.print(out, style),
    }
}

/// A length in px, or `auto`.
pub(crate) fn px_or_auto(value: &Option<f32>, out: &mut String, style: &ComputedStyle) {
    match value {
        None => out.push_str("auto"),
        Some(value) => px(value, out, style),
    }
}

/// Two values with a space, once if they are equal.
pub(crate) fn pair<T: Print + PartialEq>(value: &(T, T), out: &mut String, style: &ComputedStyle) {
    value.0.print(out, style);
    if value.0 != value.1 {
        out.push(' ');
        value.1.print(out, style);
    }
}

/// Values with commas.
pub(crate) fn comma_list<T: Print>(values: &[T], out: &mut String, style: &ComputedStyle) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        value.print(out, style);
    }
}

/// Values with spaces.
pub(crate) fn space_list<T: Print>(values: &[T], out: &mut String, style: &ComputedStyle) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        value.print(out, style);
    }
}

/// The list of a background longhand: as many values as there are images, if these are more.
pub(crate) fn layers<T: Print>(values: &[T], out: &mut String, style: &ComputedStyle) {
    let count = values.len().max(style.background.lists.image.len());
    for (index, value) in values.iter().cycle().take(count).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        value.print(out, style);
    }
}

/// A list of values with commas, or `none`.
pub(crate) fn comma_list_or_none<T: Print>(values: &[T], out: &mut String, style: &ComputedStyle) {
    if values.is_empty() { out.push_str("none") } else { comma_list(values, out, style) }
}

/// Font families.
pub(crate) fn families(values: &Arc<[FontFamily]>, out: &mut String, style: &ComputedStyle) {
    comma_list(values, out, style);
}

/// Counters.
pub(crate) fn counters(values: &[(Arc<str>, i32)], out: &mut String, _: &ComputedStyle) {
    if values.is_empty() {
        out.push_str("none");
    }
    for (index, (name, number)) in values.iter().enumerate() {
        let space = if index > 0 { " " } else { "" };
        let _ = write!(out, "{space}{name} {number}");
    }
}

impl Print for f32 {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        number(*self, out);
    }
}

impl Print for i32 {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        let _ = write!(out, "{self}");
    }
}

impl Print for Arc<str> {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        out.push_str(self);
    }
}

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

fn fit_content(limit: &LengthPercentage, out: &mut String, style: &ComputedStyle) {
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

impl Print for AlignmentValue {
    fn print(&self, out: &mut String, _: &ComputedStyle) {
        for word in [self.overflow.as_str(), if self.legacy { "legacy" } else { "" }] {
            if !word.is_empty() {
                out.push_str(word);
                out.push(' ');
            }
        }
        if self.keyword == super::values::Alignment::Legacy {
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

/// A name as an identifier where it is one, else as a string.
fn identifier_or_string(name: &str, out: &mut String) {
    let mut bytes = name.bytes();
    let is_identifier = match bytes.next() {
        Some(b'-') => {
            let rest = name.as_bytes().get(1).copied().unwrap_or(b'0');
            !(rest.is_ascii_digit() || rest == b'-') && bytes.all(is_name_byte)
        }
        Some(first) => !first.is_ascii_digit() && is_name_byte(first) && bytes.all(is_name_byte),
        None => false,
    };
    let is_keyword = super::specified::font::is_reserved_family(name);
    if is_identifier && !is_keyword { out.push_str(name) } else { string(name, out) }
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' || byte >= 0x80
}

/// A CSS string.
pub(crate) fn string(text: &str, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = cssparser::serialize_string(text, out);
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(value: f32) -> String {
        let mut out = String::new();
        number(value, &mut out);
        out
    }

    #[test]
    fn numbers_have_six_digits() {
        for (value, text) in [
            (0.0, "0"),
            (16.0, "16"),
            (-0.5, "-0.5"),
            (0.1, "0.1"),
            (1133.328, "1133.33"),
            (13.333_333, "13.3333"),
            (1_000_000.0, "1e+06"),
            (0.00001, "1e-05"),
        ] {
            assert_eq!(printed(value), text);
        }
    }
}
