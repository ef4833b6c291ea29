//! The outermost `svg` element: its size, and the file's text with another size in its place.

use resvg::usvg::roxmltree::{Attribute, Document};

use crate::image::NaturalSize;

/// What the outermost element says of its size, and where it says so.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Root {
    /// The natural dimensions.
    pub(super) natural: NaturalSize,
    /// Whether it has a `viewBox` that counts.
    has_view_box: bool,
    /// Whether its `viewBox` has no area, which means that nothing is painted.
    pub(super) is_blank: bool,
    /// Where new attributes go: after the tag's name.
    insert_at: usize,
    /// The attributes that give way to others, in order: start and end in bytes.
    replaced: Vec<(usize, usize)>,
}

impl Root {
    /// `None` if the document's root is no `svg`.
    pub(super) fn of(document: &Document<'_>) -> Option<Self> {
        let root = document.root_element();
        let is_svg = root.tag_name().name() == "svg"
            && matches!(root.tag_name().namespace(), None | Some("http://www.w3.org/2000/svg"));
        if !is_svg {
            return None;
        }
        let text = document.input_text();
        let start = root.range().start;
        let name = text[start..].find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')?;
        let replaced = root.attributes().filter(is_size).map(|a| (a.range().start, a.range().end)).collect();
        let style = root.attribute("style").unwrap_or_default();
        let length = |name| length(declared(style, name).or(root.attribute(name))?);
        let (width, height) = (length("width"), length("height"));
        let any_view_box = root.attribute("viewBox").and_then(view_box);
        let view_box = any_view_box.filter(|&(w, h)| w > 0.0 && h > 0.0);
        // <https://svgwg.org/svg2-draft/coords.html#SizingSVGInCSS>
        let ratio = match (width, height) {
            (Some(w), Some(h)) if w > 0.0 && h > 0.0 => Some(w / h),
            _ => view_box.map(|(w, h)| w / h).filter(|ratio| ratio.is_finite() && *ratio > 0.0),
        };
        Some(Self {
            natural: NaturalSize { width, height, ratio },
            has_view_box: view_box.is_some(),
            is_blank: any_view_box != view_box,
            insert_at: start + name,
            replaced,
        })
    }

    /// `text`, whose root this is, with a viewport of `size` CSS px.
    ///
    /// As Chromium: a file with a size but without a `viewBox` is stretched
    /// (`SVGSVGElement::ShouldSynthesizeViewBox`); an element of a page (`is_inline`) is not.
    pub(super) fn resized(&self, text: &str, (width, height): (f32, f32), is_inline: bool) -> String {
        let mut out = String::with_capacity(text.len() + 96);
        out.push_str(&text[..self.insert_at]);
        out.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        let mut keeps_ratio = true;
        if !self.has_view_box
            && !is_inline
            && let NaturalSize { width: Some(w), height: Some(h), .. } = self.natural
            && w > 0.0
            && h > 0.0
        {
            out.push_str(&format!(" viewBox=\"0 0 {w} {h}\" preserveAspectRatio=\"none\""));
            keeps_ratio = false;
        }
        let mut at = self.insert_at;
        for &(start, end) in &self.replaced {
            let name = text[start..end].split(|c: char| c == '=' || c.is_ascii_whitespace()).next();
            let stays = match name {
                Some("viewBox") => self.has_view_box,
                Some("preserveAspectRatio") => keeps_ratio,
                _ => false,
            };
            out.push_str(&text[at..start]);
            if stays {
                out.push_str(&text[start..end]);
            }
            at = end;
        }
        out.push_str(&text[at..]);
        out
    }
}

fn is_size(attribute: &Attribute<'_, '_>) -> bool {
    attribute.namespace().is_none()
        && matches!(attribute.name(), "width" | "height" | "viewBox" | "preserveAspectRatio")
}

/// The value of a property in a `style` attribute, the last one.
fn declared<'a>(style: &'a str, property: &str) -> Option<&'a str> {
    let declarations = style.rsplit(';').filter_map(|declaration| declaration.split_once(':'));
    declarations
        .into_iter()
        .find(|(name, _)| name.trim().eq_ignore_ascii_case(property))
        .map(|(_, value)| value.trim())
}

/// Width and height of a `viewBox`: <https://svgwg.org/svg2-draft/coords.html#ViewBoxAttribute>.
pub(super) fn view_box(value: &str) -> Option<(f32, f32)> {
    let separator = |c: char| c.is_ascii_whitespace() || c == ',';
    let mut numbers = value.split(separator).filter(|part| !part.is_empty()).map(str::parse::<f32>);
    let mut next = || numbers.next()?.ok().filter(|number| number.is_finite());
    let (_, _, width, height) = (next()?, next()?, next()?, next()?);
    (width >= 0.0 && height >= 0.0).then_some((width, height))
}

/// An absolute length in CSS px; nothing for percentages, `auto` and what is not valid.
fn length(value: &str) -> Option<f32> {
    let value = value.trim();
    // `e` may stand in a number as well as begin a unit.
    let is_unit = |at: usize, c: char| {
        c.is_ascii_alphabetic() && !(matches!(c, 'e' | 'E') && is_exponent(&value[at + 1..])) || c == '%'
    };
    let unit_at = value.char_indices().find(|&(at, c)| is_unit(at, c)).map_or(value.len(), |(at, _)| at);
    let number: f32 = value[..unit_at].trim_end().parse().ok()?;
    let px = match value[unit_at..].to_ascii_lowercase().as_str() {
        "" | "px" => 1.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "q" => 96.0 / 101.6,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "em" | "rem" => 16.0,
        "ex" | "ch" => 8.0,
        _ => return None,
    };
    Some(number * px).filter(|px| px.is_finite() && *px >= 0.0)
}

fn is_exponent(rest: &str) -> bool {
    rest.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit())
}
