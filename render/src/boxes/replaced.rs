//! Replaced elements and form controls: boxes whose content has natural sizes instead of a layout.
//!
//! <https://html.spec.whatwg.org/#replaced-elements>

use std::collections::HashMap;
use std::sync::Arc;

use siskin_engine::Snapshot;
use siskin_engine::css::values::Image;
use siskin_engine::dom::{Document, ElementData, NodeId, local_name};
use siskin_engine::html::{ElementRequest, element_request, resolve_url};
use siskin_engine::units::Viewport;
use url::Url;

use super::inline_svg::InlineSvgs;
use super::select::Menu;
use super::tree::{ControlKind, Replaced, TextControl};
use crate::fragments::ReplacedContent;
use crate::image::{InlineSvg, NaturalSize};

/// Answers for a requested URL with the image's natural size in CSS px, if it is here and decodes.
pub type NaturalSizes<'a> = dyn Fn(&Url) -> Option<NaturalSize> + Sync + 'a;

/// What an element with replaced content is.
pub(super) enum Kind {
    /// A box of natural size.
    Replaced(Replaced),
    /// An image that is not there, with the text in its place.
    Broken(Option<String>),
    /// A control that shows this text, laid out as a block container.
    Label(String),
    /// A `select` that shows one option.
    Menu(Menu),
}

const DEFAULT_WIDTH: f32 = 300.0;
const DEFAULT_HEIGHT: f32 = 150.0;

/// Whether and how `element` is replaced.
pub(super) fn kind(
    document: &Document,
    node: NodeId,
    viewport: &Viewport,
    images: &NaturalSizes<'_>,
    svgs: &InlineSvgs<'_>,
    frames: &HashMap<NodeId, Snapshot>,
) -> Option<Kind> {
    let element = document.element(node)?;
    if element.namespace() != &siskin_engine::dom::ns!(html) {
        return (element.local_name() == &local_name!("svg")).then(|| {
            let content = svgs.file(node).map(|text| ReplacedContent::Svg(Arc::new(InlineSvg::new(text))));
            Kind::Replaced(Replaced { content, ..svg(element) })
        });
    }
    let name: &str = element.local_name();
    match name {
        "img" => Some(image(document, node, viewport, images)),
        "input" => input(document, node, viewport, images),
        "canvas" => Some(Kind::Replaced(sized(element, true))),
        "video" => Some(video(document, element, images)),
        "iframe" | "frame" => Some(Kind::Replaced(frame(node, element, frames))),
        "embed" | "object" => embedded(document, node, images, frames),
        "textarea" => {
            let columns = positive(element, "cols").unwrap_or(20);
            let rows = positive(element, "rows").unwrap_or(2);
            Some(Kind::Replaced(control(TextControl { columns, rows, kind: ControlKind::Area })))
        }
        "select" => Menu::of(document, node).map(Kind::Menu),
        "progress" => Some(Kind::Replaced(em_sized(10.0, 1.0))),
        "meter" => Some(Kind::Replaced(em_sized(5.0, 1.0))),
        _ => None,
    }
}

/// The replaced content of `url()` in generated content.
pub(super) fn of_image(image: &Image, images: &NaturalSizes<'_>) -> Option<Replaced> {
    let Image::Url(url) = image else { return None };
    let size = images(url)?;
    Some(natural(Url::clone(url), size))
}

fn natural(url: Url, NaturalSize { width, height, ratio }: NaturalSize) -> Replaced {
    Replaced { content: Some(ReplacedContent::Image(url)), width, height, ratio, ..Replaced::default() }
}

/// A box for a nested document; without one it stays empty.
fn frame(node: NodeId, element: &ElementData, frames: &HashMap<NodeId, Snapshot>) -> Replaced {
    let content = frames.contains_key(&node).then_some(ReplacedContent::Frame(node));
    Replaced { content, ..sized(element, false) }
}

/// `object` and `embed`: <https://html.spec.whatwg.org/#embedded-content-rendering-rules>. An `object` without anything to
/// show is what it holds.
fn embedded(
    document: &Document,
    node: NodeId,
    images: &NaturalSizes<'_>,
    frames: &HashMap<NodeId, Snapshot>,
) -> Option<Kind> {
    let element = document.element(node)?;
    let is_embed = element.is_html(&local_name!("embed"));
    let attribute = if is_embed { local_name!("src") } else { local_name!("data") };
    let url = element.attribute(&attribute).and_then(|text| resolve_url(document, text.trim()));
    if let Some(url) = url
        && let Some(size) = images(&url)
    {
        return Some(Kind::Replaced(natural(url, size)));
    }
    let is_shown = is_embed || frames.contains_key(&node);
    is_shown.then(|| Kind::Replaced(frame(node, element, frames)))
}

/// The poster of a video stands for its first frame.
fn video(document: &Document, element: &ElementData, images: &NaturalSizes<'_>) -> Kind {
    let poster = element.attribute(&"poster".into()).and_then(|text| resolve_url(document, text.trim()));
    Kind::Replaced(match poster.and_then(|url| Some((images(&url)?, url))) {
        Some((size, url)) => natural(url, size),
        None => sized(element, true),
    })
}

/// <https://html.spec.whatwg.org/#images-3>
fn image(document: &Document, node: NodeId, viewport: &Viewport, images: &NaturalSizes<'_>) -> Kind {
    if let Some(ElementRequest::Image { url, density, .. }) = element_request(document, node, viewport)
        && let Some(size) = images(&url)
    {
        let density = if density > 0.0 { density } else { 1.0 };
        return Kind::Replaced(natural(url, size.scaled(1.0 / density)));
    }
    let alt = document.element(node).and_then(|element| element.attribute(&local_name!("alt")));
    Kind::Broken(alt.map(str::to_owned))
}

fn input(document: &Document, node: NodeId, viewport: &Viewport, images: &NaturalSizes<'_>) -> Option<Kind> {
    let element = document.element(node)?;
    let kind = element.attribute(&local_name!("type")).unwrap_or("text").to_ascii_lowercase();
    let value = element.attribute(&local_name!("value"));
    let label = |default: &str| Some(Kind::Label(value.unwrap_or(default).to_owned()));
    match kind.as_str() {
        "submit" => label("Submit"),
        "reset" => label("Reset"),
        "button" => label(""),
        "image" => Some(image(document, node, viewport, images)),
        "checkbox" | "radio" => {
            Some(Kind::Replaced(control(TextControl { columns: 1, rows: 1, kind: ControlKind::Tick })))
        }
        "file" => {
            Some(Kind::Replaced(control(TextControl { columns: 34, rows: 1, kind: ControlKind::File })))
        }
        // DEVIATION: sizes as Chromium shows them for its own fields and sign in English, at the sheet's font.
        "date" => Some(Kind::Replaced(em_sized(8.95, 1.3))),
        "time" => Some(Kind::Replaced(em_sized(7.05, 1.5))),
        "range" => {
            Some(Kind::Replaced(Replaced { width: Some(129.0), height: Some(16.0), ..Replaced::default() }))
        }
        "color" => {
            Some(Kind::Replaced(Replaced { width: Some(50.0), height: Some(27.0), ..Replaced::default() }))
        }
        "hidden" => None,
        _ => {
            let columns = positive(element, "size").unwrap_or(20);
            Some(Kind::Replaced(control(TextControl { columns, rows: 1, kind: ControlKind::Field })))
        }
    }
}

fn control(text: TextControl) -> Replaced {
    Replaced { control: Some(text), ..Replaced::default() }
}

fn em_sized(width: f32, height: f32) -> Replaced {
    Replaced { em_size: Some((width, height)), ..Replaced::default() }
}

fn positive(element: &ElementData, attribute: &str) -> Option<u32> {
    let value = element.attribute(&attribute.into())?;
    super::generated::parse_integer(value).and_then(|v| u32::try_from(v).ok()).filter(|&v| v > 0)
}

/// A box of `width` × `height` attributes, 300 × 150 without them.
fn sized(element: &ElementData, has_ratio: bool) -> Replaced {
    let width = positive(element, "width").map_or(DEFAULT_WIDTH, |v| v as f32);
    let height = positive(element, "height").map_or(DEFAULT_HEIGHT, |v| v as f32);
    Replaced {
        width: Some(width),
        height: Some(height),
        ratio: has_ratio.then(|| width / height),
        ..Replaced::default()
    }
}

/// <https://svgwg.org/svg2-draft/embedded.html#Sizing>: natural sizes of an inline `svg`.
fn svg(element: &ElementData) -> Replaced {
    let length = |name: &str| {
        let value = element.attribute(&name.into())?.trim();
        let number = value.strip_suffix("px").unwrap_or(value);
        number.parse::<f32>().ok().filter(|v| v.is_finite() && *v >= 0.0)
    };
    let (width, height) = (length("width"), length("height"));
    let view_box: Option<Vec<f32>> = element.attribute(&"viewBox".into()).map(|v| {
        v.split(|c: char| c.is_ascii_whitespace() || c == ',').filter_map(|n| n.parse().ok()).collect()
    });
    let box_ratio = match view_box.as_deref() {
        Some(&[_, _, w, h]) if w > 0.0 && h > 0.0 => Some(w / h),
        _ => None,
    };
    let ratio = match (width, height) {
        (Some(w), Some(h)) if w > 0.0 && h > 0.0 => Some(w / h),
        _ => box_ratio,
    };
    Replaced { width, height, ratio, ..Replaced::default() }
}
