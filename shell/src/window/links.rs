//! What lies where on a page: from a point to the link under it, from a fragment name to a place.

use std::collections::HashMap;

use siskin_engine::Snapshot;
use siskin_engine::dom::{Document, NodeId, local_name};
use siskin_engine::html::form::{self, ControlStates};
use siskin_render::fragments::FragmentKind;
use siskin_render::geometry::{Lu, Point, Rect, Size};
use siskin_render::pipeline::LaidOut;
use url::Url;

use super::scroll::Extent;

/// The places of a page that the user can act on. Plain data: it outlives the tree that it was made from.
#[derive(Debug, Clone, Default)]
pub struct PageMap {
    /// All that stands on the page, in tree order, with the link that it belongs to.
    areas: Vec<Area>,
    /// Where links lead.
    targets: Vec<Url>,
    /// Vertical places of named elements, in CSS px.
    anchors: HashMap<String, f32>,
}

#[derive(Debug, Clone, Copy)]
struct Area {
    rect: Rect,
    target: Option<usize>,
}

impl PageMap {
    /// The map of a laid-out document, its nested documents included.
    pub fn new(snapshot: &Snapshot, page: &LaidOut) -> Self {
        let mut placed = Vec::new();
        let mut frames = Vec::new();
        page.fragments.walk(&mut |fragment, origin| {
            let Some(node) = fragment.node else { return };
            placed.push((Rect { origin, size: fragment.rect.size }, node));
            if let FragmentKind::Box(parts) = &fragment.kind
                && let (Some(frame), Some(nested)) = (page.frames.get(&node), snapshot.frames.get(&node))
            {
                let (x, y) = (parts.border.left + parts.padding.left, parts.border.top + parts.padding.top);
                frames.push((origin + Point { x, y }, frame, nested));
            }
        });
        let mut map = Self::of_places(&snapshot.document, &placed);
        for (origin, frame, nested) in frames {
            map.add_frame(origin, frame.fragments.viewport, Self::new(nested, frame));
        }
        map
    }

    /// Adds what lies in the viewport of a nested document.
    fn add_frame(&mut self, origin: Point, viewport: Size, nested: Self) {
        let first = self.targets.len();
        self.targets.extend(nested.targets);
        let visible = Rect { origin, size: viewport };
        for Area { rect, target } in nested.areas {
            let rect = rect.translate(origin);
            let (left, top) = (rect.origin.x.max(visible.origin.x), rect.origin.y.max(visible.origin.y));
            let (right, bottom) = (rect.right().min(visible.right()), rect.bottom().min(visible.bottom()));
            if left < right && top < bottom {
                let target = target.map(|target| first + target);
                self.areas.push(Area { rect: Rect::new(left, top, right - left, bottom - top), target });
            }
        }
    }

    /// The map of elements and texts at these places, in tree order.
    pub(super) fn of_places(document: &Document, places: &[(Rect, NodeId)]) -> Self {
        let mut map = Self::default();
        let mut known: HashMap<NodeId, Option<usize>> = HashMap::new();
        for (rect, node) in places {
            let target = link_around(document, *node).and_then(|link| {
                *known.entry(link).or_insert_with(|| {
                    let target = target(document, link)?;
                    map.targets.push(target);
                    Some(map.targets.len() - 1)
                })
            });
            map.areas.push(Area { rect: *rect, target });
            // The first place of an element is its place, the first element of a name has the name.
            if let Some(element) = document.element(*node) {
                let names = [element.attribute(&local_name!("id")), anchor_name(document, *node)];
                for name in names.into_iter().flatten() {
                    map.anchors.entry(name.to_owned()).or_insert_with(|| rect.origin.y.to_px());
                }
            }
        }
        map
    }

    /// Where the link at a point leads: of all that lies there, what stands last in the tree.
    ///
    /// TODO(css-position-3): paint order where `z-index` changes it, and clips.
    pub fn link_at(&self, at: Extent) -> Option<&Url> {
        let at = Point { x: Lu::from_px(at.x), y: Lu::from_px(at.y) };
        let top = self.areas.iter().rev().find(|area| area.rect.contains(at))?;
        self.targets.get(top.target?)
    }

    /// The vertical place that a URL's fragment names: <https://html.spec.whatwg.org/#find-a-potential-indicated-element>.
    /// The empty fragment and `top` are the top of the page.
    pub fn place_of(&self, fragment: &str) -> Option<f32> {
        if let Some(place) = self.anchors.get(fragment) {
            return Some(*place);
        }
        let decoded = percent_decoded(fragment);
        if let Some(place) = self.anchors.get(&decoded) {
            return Some(*place);
        }
        (decoded.is_empty() || decoded.eq_ignore_ascii_case("top")).then_some(0.0)
    }
}

/// The nearest `a` or `area` with `href`, or button that sends a form, that a node stands in, or is.
fn link_around(document: &Document, node: NodeId) -> Option<NodeId> {
    let is_link = |node: &NodeId| {
        document.element(*node).is_some_and(|element| {
            form::is_submit_button(element)
                || (element.is_html(&local_name!("a")) || element.is_html(&local_name!("area")))
                    && element.attribute(&local_name!("href")).is_some()
        })
    };
    std::iter::once(node).chain(document.ancestors(node)).find(is_link)
}

/// Where a link leads, if we can go there. A form that is sent by GET leads to the URL that it makes.
///
/// TODO(form submission): forms that are sent by POST, and what the user types.
fn target(document: &Document, link: NodeId) -> Option<Url> {
    if document.element(link).is_some_and(form::is_submit_button) {
        let form = form::form_owner(document, link)?;
        let sent = form::submit(document, form, Some(link), (0, 0), &ControlStates::default())?;
        return sent.body.is_none().then_some(sent.url);
    }
    let href = document.element(link)?.attribute(&local_name!("href"))?;
    let url = document.base_url.join(href.trim()).ok()?;
    matches!(url.scheme(), "http" | "https" | "file" | "data").then_some(url)
}

/// The name that an `a` gives to its place.
fn anchor_name(document: &Document, node: NodeId) -> Option<&str> {
    let element = document.element(node).filter(|element| element.is_html(&local_name!("a")))?;
    element.attribute(&local_name!("name")).filter(|name| !name.is_empty())
}

fn percent_decoded(text: &str) -> String {
    // The query parser decodes `+` too; a fragment's plus is a plus.
    let pair = format!("={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use siskin_engine::html::{ParserOptions, parse_document};

    use super::*;

    const HTML: &str = "<base href=/dir/><p id=one>a <a id=l href='x y?q#f'><b>bold</b> text</a></p>
        <a name=two href='mailto:a@b'>mail</a><a id=three name=two>no link</a>
        <a href='//other/'><p id='ü'>block</p></a><div id=cover></div>";

    /// The map of all elements and texts of the page, each in a row of 10 px of its own; `#cover` over all.
    fn map() -> (PageMap, Vec<String>) {
        let url = Url::parse("http://h/page.html").unwrap();
        let (document, _) = parse_document(url, HTML.as_bytes(), &ParserOptions::default());
        let root = document.body().unwrap();
        let mut places = Vec::new();
        let mut names = Vec::new();
        for node in document.descendants(root) {
            let y = Lu::from_px(10.0 * places.len() as f32);
            places.push((Rect::new(Lu::ZERO, y, Lu::from_px(100.0), Lu::from_px(10.0)), node));
            let element = document.element(node);
            names.push(element.map_or_else(
                || document.node(node).as_text().unwrap_or_default().trim().to_owned(),
                |element| element.attribute(&local_name!("id")).unwrap_or(element.local_name()).to_owned(),
            ));
        }
        (PageMap::of_places(&document, &places), names)
    }

    #[test]
    fn a_point_finds_the_link_around_what_lies_there() {
        let (map, names) = map();
        let link = |name: &str| {
            let row = names.iter().position(|n| n == name).unwrap();
            map.link_at(Extent { x: 50.0, y: 10.0 * row as f32 + 5.0 }).map(Url::as_str)
        };
        let here = Some("http://h/dir/x%20y?q#f");
        for (name, expected) in [
            ("one", None),
            ("l", here),
            ("b", here),
            ("bold", here),
            ("text", here),
            ("mail", None),
            ("no link", None),
            ("block", Some("http://other/")),
        ] {
            assert_eq!(link(name), expected, "{name}");
        }
        assert_eq!(map.link_at(Extent { x: 200.0, y: 5.0 }), None);
        assert_eq!(map.link_at(Extent { x: -1.0, y: -1.0 }), None);
    }

    #[test]
    fn a_button_leads_where_its_form_goes() {
        let url = Url::parse("http://h/page.html").unwrap();
        let page = "<form action=find><input name=q value='a b'><button><b id=x>Go</b></button></form>
            <form method=post><button id=y>Send</button></form><button id=z>nowhere</button>";
        let (document, _) = parse_document(url, page.as_bytes(), &ParserOptions::default());
        let by_id = |id: &str| {
            let has =
                |n: &NodeId| document.element(*n).and_then(|e| e.id()).is_some_and(|known| **known == *id);
            document.elements().find(has).unwrap()
        };
        let leads = |id| link_around(&document, by_id(id)).and_then(|link| target(&document, link));
        assert_eq!(leads("x").unwrap().as_str(), "http://h/find?q=a+b");
        assert_eq!((leads("y"), leads("z")), (None, None));
    }

    #[test]
    fn what_stands_later_lies_on_top() {
        let (map, names) = map();
        let mut covered = map.clone();
        let cover = names.iter().position(|name| name == "cover").unwrap();
        covered.areas[cover].rect = Rect::new(Lu::ZERO, Lu::ZERO, Lu::from_px(100.0), Lu::from_px(1000.0));
        let row = names.iter().position(|name| name == "bold").unwrap();
        let at = Extent { x: 1.0, y: 10.0 * row as f32 };
        assert!(map.link_at(at).is_some());
        assert_eq!(covered.link_at(at), None);
    }

    #[test]
    fn fragments_name_places() {
        let (map, names) = map();
        let row = |name: &str| names.iter().position(|n| n == name).map(|row| row as f32 * 10.0);
        assert_eq!(map.place_of("one"), row("one"));
        assert_eq!(map.place_of("two"), row("mail").map(|y| y - 10.0), "the first element of the name");
        assert_eq!(map.place_of("%C3%BC"), row("ü"));
        assert_eq!(
            [map.place_of(""), map.place_of("TOP"), map.place_of("none")],
            [Some(0.0), Some(0.0), None]
        );
    }
}
