//! Inline SVG: an `svg` element in a page as the text of an SVG file, with everything that the page's style says.
//!
//! What crosses is what the painter of SVG files understands: attributes, and the computed values of the properties
//! that the page has set. An inherited property is written where it differs from the parent's, or where the element
//! has it itself, so that what a `use` shows inherits from the `use`.

use std::cell::{Cell, OnceCell};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;

use siskin_engine::css::properties::LonghandId;
use siskin_engine::css::values::{Color, Display, SvgPaint};
use siskin_engine::dom::{Attribute, Document, ElementData, NodeData, NodeId, ns};
use siskin_engine::html::discover::resolve_url;
use siskin_engine::style::{ComputedStyle, StyleMap};

use crate::limits::MAX_INLINE_SVG_BYTES;

/// The inherited properties that are written.
const INHERITED: &[LonghandId] = &[
    LonghandId::Color,
    LonghandId::Fill,
    LonghandId::FillOpacity,
    LonghandId::FillRule,
    LonghandId::ClipRule,
    LonghandId::Stroke,
    LonghandId::StrokeOpacity,
    LonghandId::StrokeWidth,
    LonghandId::StrokeLinecap,
    LonghandId::StrokeLinejoin,
    LonghandId::StrokeMiterlimit,
    LonghandId::StrokeDasharray,
    LonghandId::StrokeDashoffset,
    LonghandId::MarkerStart,
    LonghandId::MarkerMid,
    LonghandId::MarkerEnd,
    LonghandId::PaintOrder,
    LonghandId::ShapeRendering,
    LonghandId::ColorInterpolation,
    LonghandId::ColorInterpolationFilters,
    LonghandId::TextAnchor,
    LonghandId::DominantBaseline,
    LonghandId::Visibility,
    LonghandId::FontFamily,
    LonghandId::FontSize,
    LonghandId::FontWeight,
    LonghandId::FontStyle,
    LonghandId::FontStretch,
    LonghandId::LetterSpacing,
    LonghandId::WordSpacing,
    LonghandId::ImageRendering,
];

/// The others that are written, where they are not at their initial values.
const OWN: &[LonghandId] = &[
    LonghandId::Opacity,
    LonghandId::StopColor,
    LonghandId::StopOpacity,
    LonghandId::FloodColor,
    LonghandId::FloodOpacity,
    LonghandId::LightingColor,
    LonghandId::VectorEffect,
    LonghandId::AlignmentBaseline,
    LonghandId::MixBlendMode,
    LonghandId::Isolation,
    LonghandId::MaskType,
    LonghandId::TextDecorationLine,
];

/// The inline SVG of a document.
pub(super) struct InlineSvgs<'a> {
    document: &'a Document,
    styles: &'a StyleMap,
    initial: ComputedStyle,
    /// SVG elements by id, the first of each.
    ids: OnceCell<HashMap<&'a str, NodeId>>,
    /// How many bytes have been written.
    written: Cell<usize>,
}

struct Writer<'s, 'a> {
    svgs: &'s InlineSvgs<'a>,
    document: &'a Document,
    out: String,
    /// Ids that are there, and ids that are referred to, in order.
    written: HashSet<String>,
    wanted: Vec<String>,
}

enum Step {
    Open(NodeId),
    Close(NodeId),
}

impl<'a> InlineSvgs<'a> {
    pub(super) fn new(document: &'a Document, styles: &'a StyleMap) -> Self {
        let initial = ComputedStyle::initial();
        Self { document, styles, initial, ids: OnceCell::new(), written: Cell::new(0) }
    }

    /// The file for an outermost `svg` element; `None` when it, or all of them together, would be too long.
    pub(super) fn file(&self, svg: NodeId) -> Option<Arc<str>> {
        if self.written.get() > MAX_INLINE_SVG_BYTES {
            return None;
        }
        let mut writer = Writer {
            svgs: self,
            document: self.document,
            out: String::new(),
            written: HashSet::new(),
            wanted: Vec::new(),
        };
        writer.open(svg, true);
        let content: Vec<NodeId> = self.document.children(svg).collect();
        let is_whole = writer.subtrees(&content).and_then(|()| writer.referenced()).is_some();
        writer.out.push_str("</svg>");
        self.written.set(self.written.get() + writer.out.len());
        is_whole.then(|| writer.out.into())
    }

    fn by_id(&self, id: &str) -> Option<NodeId> {
        let ids = self.ids.get_or_init(|| {
            let mut ids = HashMap::new();
            for node in self.document.elements() {
                let element = self.document.element(node).filter(|e| *e.namespace() == ns!(svg));
                if let Some(id) = element.and_then(|element| element.attribute(&"id".into())) {
                    ids.entry(id).or_insert(node);
                }
            }
            ids
        });
        ids.get(id).copied()
    }
}

impl Writer<'_, '_> {
    fn subtrees(&mut self, roots: &[NodeId]) -> Option<()> {
        let mut steps: Vec<Step> = roots.iter().rev().map(|&node| Step::Open(node)).collect();
        while let Some(step) = steps.pop() {
            if self.out.len() > MAX_INLINE_SVG_BYTES {
                return None;
            }
            match step {
                Step::Close(node) => self.close(node),
                Step::Open(node) => match self.document.node(node).data() {
                    NodeData::Text(text) => escape(&mut self.out, text),
                    NodeData::Element(element) if is_drawn(element) => {
                        self.open(node, false);
                        steps.push(Step::Close(node));
                        let from = steps.len();
                        steps.extend(self.document.children(node).map(Step::Open));
                        steps[from..].reverse();
                    }
                    _ => {}
                },
            }
        }
        Some(())
    }

    /// Elements of the document that stand elsewhere and are referred to, and what those refer to.
    fn referenced(&mut self) -> Option<()> {
        let mut next = 0;
        while let Some(id) = self.wanted.get(next).cloned() {
            next += 1;
            if self.written.contains(&id) {
                continue;
            }
            if let Some(node) = self.svgs.by_id(&id) {
                self.out.push_str("<defs>");
                self.subtrees(&[node])?;
                self.out.push_str("</defs>");
            }
            self.written.insert(id);
        }
        Some(())
    }

    fn open(&mut self, node: NodeId, is_outermost: bool) {
        let Some(element) = self.document.element(node) else { return };
        let _ = write!(self.out, "<{}", element.local_name());
        if is_outermost {
            self.out.push_str(
                " xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"",
            );
        }
        let is_image = &**element.local_name() == "image";
        for attribute in element.attributes() {
            self.attribute(attribute, is_image);
        }
        self.style(node, element, is_outermost);
        self.out.push('>');
    }

    fn close(&mut self, node: NodeId) {
        if let Some(element) = self.document.element(node) {
            let _ = write!(self.out, "</{}>", element.local_name());
        }
    }

    fn attribute(&mut self, Attribute { name, value }: &Attribute, is_image: bool) {
        let prefix = match &name.ns {
            space if *space == ns!() => "",
            space if *space == ns!(xlink) => "xlink:",
            space if *space == ns!(xml) => "xml:",
            _ => return,
        };
        let local: &str = &name.local;
        let is_name = local.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            && local.starts_with(|c: char| c.is_ascii_alphabetic());
        if !is_name || matches!(local, "style" | "class" | "xmlns") || local.starts_with("on") {
            return;
        }
        let mut value = value.as_str();
        let absolute;
        match local {
            "id" => {
                self.written.insert(value.to_owned());
            }
            "href" if is_image && !value.trim_start().starts_with("data:") => {
                let Some(url) = resolve_url(self.document, value) else { return };
                absolute = url.to_string();
                value = &absolute;
            }
            "href" => self.wanted.extend(value.trim().strip_prefix('#').map(str::to_owned)),
            _ => self.wanted.extend(references(value).map(str::to_owned)),
        }
        let _ = write!(self.out, " {prefix}{local}=\"");
        escape(&mut self.out, value);
        self.out.push('"');
    }

    /// The element's own `style`, for what this engine has no property for, and after it what has been computed.
    fn style(&mut self, node: NodeId, element: &ElementData, is_outermost: bool) {
        let own = element.attribute(&"style".into()).unwrap_or_default();
        let mut text = String::new();
        if !is_outermost && !own.is_empty() {
            text.push_str(own.trim_end().trim_end_matches(';'));
            text.push(';');
        }
        let styles = self.svgs.styles;
        let initial = &self.svgs.initial;
        if let Some(style) = styles.get(node) {
            let parent = self.document.parent_element(node).and_then(|parent| styles.get(parent));
            let parent = parent.filter(|_| !is_outermost).map_or(initial, |parent| parent);
            for &id in INHERITED {
                let name = id.name();
                let is_declared =
                    is_outermost || own.contains(name) || element.attribute(&name.into()).is_some();
                push_value(&mut text, id, style, parent, is_declared);
            }
            if !is_outermost {
                for &id in OWN {
                    push_value(&mut text, id, style, initial, own.contains(id.name()));
                }
                if style.box_.display == Display::None {
                    text.push_str("display:none;");
                }
            }
        }
        self.wanted.extend(references(&text).map(str::to_owned));
        if !text.is_empty() {
            self.out.push_str(" style=\"");
            escape(&mut self.out, &text);
            self.out.push('"');
        }
    }
}

/// Writes a declaration if the value is not the one that it would have anyway.
fn push_value(text: &mut String, id: LonghandId, style: &ComputedStyle, other: &ComputedStyle, always: bool) {
    let before = text.len();
    let _ = write!(text, "{}:", id.name());
    let value_at = text.len();
    print(text, id, style);
    if !always {
        let value_end = text.len();
        print(text, id, other);
        let is_same = text[value_at..value_end] == text[value_end..];
        text.truncate(if is_same { before } else { value_end });
        if is_same {
            return;
        }
    }
    text.push(';');
}

/// As `getComputedStyle`, but for `currentcolor`, which stays: what a `use` shows has the colour of the `use`.
fn print(text: &mut String, id: LonghandId, style: &ComputedStyle) {
    let paint = match id {
        LonghandId::Fill => Some(&style.svg.fill),
        LonghandId::Stroke => Some(&style.svg.stroke),
        _ => None,
    };
    let color = match id {
        LonghandId::StopColor => Some(style.effects.stop_color),
        LonghandId::FloodColor => Some(style.effects.flood_color),
        LonghandId::LightingColor => Some(style.effects.lighting_color),
        _ => None,
    };
    if paint == Some(&SvgPaint::Color(Color::CurrentColor)) || color == Some(Color::CurrentColor) {
        return text.push_str("currentColor");
    }
    let from = text.len();
    id.print(style, text);
    // The painter wants `url(#id)` without quotation marks.
    if text[from..].contains("url(\"") {
        let plain = text[from..].replace("url(\"", "url(").replace("\")", ")");
        text.truncate(from);
        text.push_str(&plain);
    }
}

/// Elements that an image shows. Sheets have done their work already, scripts have none here.
fn is_drawn(element: &ElementData) -> bool {
    *element.namespace() == ns!(svg)
        && !matches!(
            &**element.local_name(),
            "style" | "script" | "foreignObject" | "metadata" | "title" | "desc"
        )
}

/// The ids in `url(#id)`.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).filter_map(|rest| {
        let rest = rest.trim_start_matches([' ', '"', '\'']).strip_prefix('#')?;
        Some(&rest[..rest.find([')', '"', '\'', ' '])?])
    })
}

/// As text or attribute value of XML; what XML cannot hold is left out.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c < ' ' => {}
            c => out.push(c),
        }
    }
}
