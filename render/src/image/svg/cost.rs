//! How much work an SVG file is, counted before any of it is done.
//!
//! A file of a kilobyte can stand for a million elements (`use` of `use` of …), or for layers without end. What is
//! counted here is at least what will be made of it; past a limit the image is broken.

use std::collections::HashMap;
use std::rc::Rc;

use resvg::usvg::roxmltree::{Document, Node};

use crate::limits::{MAX_SVG_DEPTH, MAX_SVG_ELEMENTS, MAX_SVG_LAYER_DEPTH};

/// What painting costs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Cost {
    /// How often, at most, the picture's pixels are gone over.
    pub(super) passes: u64,
    /// How many layers lie inside of each other at most.
    pub(super) layer_depth: u32,
}

/// An element that is yet to be counted.
struct Pending<'a, 'input> {
    node: Node<'a, 'input>,
    times: u64,
    depth: u32,
    layers: u32,
    /// The targets of references around it.
    inside: Option<Rc<Link>>,
}

struct Link {
    target: u32,
    outer: Option<Rc<Link>>,
}

impl Cost {
    /// `None` past the limits.
    pub(super) fn of(document: &Document<'_>) -> Option<Self> {
        let ids: HashMap<&str, Node<'_, '_>> =
            document.descendants().rev().filter_map(|node| Some((node.attribute("id")?, node))).collect();
        // What a sheet says may hit every element.
        let sheets: Vec<&str> = document
            .descendants()
            .filter(|n| n.tag_name().name() == "style")
            .filter_map(|n| n.text())
            .collect();
        let sheets = sheets.concat();
        let sheet_layers = makes_layer(&sheets);
        let sheet_targets: Vec<&str> = references(&sheets).collect();
        let mut cost = Self::default();
        let mut elements: u64 = 0;
        let mut pending =
            vec![Pending { node: document.root_element(), times: 1, depth: 1, layers: 0, inside: None }];
        let mut is_circle = false;
        while let Some(Pending { node, times, depth, layers, inside }) = pending.pop() {
            elements = elements.saturating_add(times);
            let is_layer = sheet_layers
                || node.attributes().any(|a| LAYER_ATTRIBUTES.contains(&a.name()))
                || node.attribute("style").is_some_and(makes_layer);
            let layers = layers + u32::from(is_layer);
            cost.layer_depth = cost.layer_depth.max(layers);
            cost.passes =
                cost.passes.saturating_add(times.saturating_mul(u64::from(is_layer) + filter_passes(&node)));
            if elements > MAX_SVG_ELEMENTS || depth > MAX_SVG_DEPTH || layers > MAX_SVG_LAYER_DEPTH {
                return None;
            }
            let mut follow = |id: &str, times: u64| {
                let Some(&target) = ids.get(id) else { return };
                // A gradient is made once, however many use it; what refers to itself is left out.
                if target.tag_name().name().ends_with("Gradient") {
                    return;
                }
                if let Some(between) = links_back_to(inside.as_ref(), target.id().get()) {
                    is_circle |= between > MAX_FOUND_CIRCLE;
                    return;
                }
                let inside = Some(Rc::new(Link { target: target.id().get(), outer: inside.clone() }));
                pending.push(Pending { node: target, times, depth: depth + 1, layers, inside });
            };
            for attribute in node.attributes() {
                match attribute.name() {
                    "href" => {
                        if let Some(id) = attribute.value().trim().strip_prefix('#') {
                            follow(id, times);
                        }
                    }
                    name if name.starts_with("marker") => {
                        references(attribute.value())
                            .for_each(|id| follow(id, times.saturating_mul(vertices(&node))));
                    }
                    "style" => references(attribute.value()).for_each(|id| {
                        let vertices = if attribute.value().contains("marker") { vertices(&node) } else { 1 };
                        follow(id, times.saturating_mul(vertices));
                    }),
                    _ => references(attribute.value()).for_each(|id| follow(id, times)),
                }
            }
            for id in &sheet_targets {
                let vertices = if sheets.contains("marker") { vertices(&node) } else { 1 };
                follow(id, times.saturating_mul(vertices));
            }
            for child in node.children().filter(Node::is_element) {
                pending.push(Pending {
                    node: child,
                    times,
                    depth: depth + 1,
                    layers,
                    inside: inside.clone(),
                });
            }
        }
        (!is_circle).then_some(cost)
    }
}

/// Circles of references with at most that many elements between are found and cut by usvg; of longer ones it makes a
/// recursion without end, so that a file with one is not painted.
const MAX_FOUND_CIRCLE: u32 = 1;

/// Properties that make an element a picture of its own before it is painted.
const LAYER_ATTRIBUTES: &[&str] = &["opacity", "mask", "clip-path", "filter", "mix-blend-mode", "isolation"];

fn makes_layer(style: &str) -> bool {
    // `fill-opacity` and its like make none, and cost little when they are taken for one.
    LAYER_ATTRIBUTES.iter().any(|name| style.contains(name))
}

/// How many references lie between here and the one to `target`, if this is inside of it.
fn links_back_to(mut link: Option<&Rc<Link>>, target: u32) -> Option<u32> {
    let mut between = 0;
    while let Some(here) = link {
        if here.target == target {
            return Some(between);
        }
        link = here.outer.as_ref();
        between += 1;
    }
    None
}

/// The ids in `url(#id)`.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).filter_map(|rest| {
        let rest = rest.trim_start_matches([' ', '"', '\'']).strip_prefix('#')?;
        Some(&rest[..rest.find([')', '"', '\'', ' '])?])
    })
}

/// How many vertices a shape has at most.
fn vertices(node: &Node<'_, '_>) -> u64 {
    let data = node.attribute("d").or(node.attribute("points")).unwrap_or_default();
    (data.len() as u64 / 2).max(1)
}

/// How often a filter primitive goes over the pixels.
fn filter_passes(node: &Node<'_, '_>) -> u64 {
    let largest = |name: &str| {
        let numbers = node.attribute(name).unwrap_or_default().split([' ', ',']);
        numbers.filter_map(|n| n.parse::<f64>().ok()).fold(0.0_f64, f64::max).min(1e6)
    };
    let square = |side: f64| (side * side) as u64;
    match node.tag_name().name() {
        "feMorphology" => square(largest("radius") * 2.0 + 1.0),
        "feConvolveMatrix" => square(largest("order").max(3.0)),
        "feTurbulence" => 16 * (largest("numOctaves").max(1.0) as u64),
        name if name.starts_with("fe") => 4,
        _ => 0,
    }
}
