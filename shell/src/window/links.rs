//! What lies where on a page: from a point to the link under it, from a fragment name to a place.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use http::Method;
use siskin_engine::Snapshot;
use siskin_engine::dom::{Document, NodeId, local_name};
use siskin_engine::html::form::{self, ControlKind, ControlStates};
use siskin_engine::page::{Navigator, Navigators};
use siskin_render::fragments::FragmentKind;
use siskin_render::geometry::{Lu, Point, Rect, Size};
use siskin_render::pipeline::LaidOut;
use url::Url;

use super::scroll::Extent;
use crate::submission::Submission;

/// The places of a page that the user can act on.
#[derive(Debug, Clone, Default)]
pub struct PageMap {
    /// All that stands on the page, in tree order, with what can be done there.
    areas: Vec<Area>,
    targets: Vec<Target>,
    /// The page's document, and those nested in it.
    documents: Vec<Source>,
    /// Vertical places of named elements, in CSS px.
    anchors: HashMap<String, f32>,
    /// Where the page's own check boxes and text fields are.
    controls: Vec<(NodeId, ControlKind, Rect)>,
}

#[derive(Debug, Clone, Copy)]
struct Area {
    rect: Rect,
    target: Option<usize>,
}

#[derive(Debug, Clone)]
struct Source {
    document: Arc<Document>,
    navigator: Option<Navigator>,
}

#[derive(Debug, Clone)]
struct Target {
    /// Of `documents`.
    document: usize,
    deed: Deed,
}

#[derive(Debug, Clone)]
enum Deed {
    Follow(Url),
    Use(NodeId, ControlKind),
}

/// What lies at a point.
#[derive(Debug, Clone, PartialEq)]
pub enum Hit<'a> {
    /// A link.
    Link(&'a Url),
    /// A control of the page itself, or a button that sends a form of a nested document.
    Control(NodeId, ControlKind),
}

/// Where the user goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// The address.
    pub url: Url,
    /// What is sent there, and who sends it.
    pub submission: Submission,
}

impl Goal {
    /// What the user asks for without any page's help.
    pub fn typed(url: Url) -> Self {
        Self { url, submission: Submission::default() }
    }
}

/// A control that is not as a picture of the page shows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Its box: left, top, width, height in CSS px of the page.
    pub rect: (f32, f32, f32, f32),
    /// What is to be seen there.
    pub kind: MarkKind,
}

/// What is to be seen of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// A check box or radio button that is off.
    Off,
    /// One that is on.
    On,
    /// What is typed goes there.
    Focus,
}

impl PageMap {
    /// The map of a laid-out document, its nested documents included.
    pub fn new(snapshot: &Snapshot, page: &LaidOut, navigators: &Navigators) -> Self {
        let mut placed = Vec::new();
        let mut frames = Vec::new();
        page.fragments.walk(&mut |fragment, origin| {
            let Some(node) = fragment.node else { return };
            placed.push((Rect { origin, size: fragment.rect.size }, node));
            if let FragmentKind::Box(parts) = &fragment.kind
                && let (Some(frame), Some(nested)) = (page.frames.get(&node), snapshot.frames.get(&node))
                && let Some(navigators) = navigators.frames.get(&node)
            {
                let (x, y) = (parts.border.left + parts.padding.left, parts.border.top + parts.padding.top);
                frames.push((origin + Point { x, y }, frame, nested, navigators));
            }
        });
        let mut map = Self::of_places(&snapshot.document, &placed);
        for source in &mut map.documents {
            source.navigator = Some(navigators.own.clone());
        }
        for (origin, frame, nested, navigators) in frames {
            map.add_frame(origin, frame.fragments.viewport, Self::new(nested, frame, navigators));
        }
        map
    }

    /// Adds what lies in the viewport of a nested document.
    ///
    /// TODO(form submission): its check boxes and text fields; its forms are sent as they came.
    fn add_frame(&mut self, origin: Point, viewport: Size, nested: Self) {
        let (first, first_document) = (self.targets.len(), self.documents.len());
        self.documents.extend(nested.documents);
        self.targets.extend(
            nested
                .targets
                .into_iter()
                .map(|target| Target { document: target.document + first_document, deed: target.deed }),
        );
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
    pub(super) fn of_places(document: &Arc<Document>, places: &[(Rect, NodeId)]) -> Self {
        let source = Source { document: Arc::clone(document), navigator: None };
        let mut map = Self { documents: vec![source], ..Self::default() };
        let mut known: HashMap<NodeId, Option<usize>> = HashMap::new();
        let mut seen: HashSet<NodeId> = HashSet::new();
        for (rect, node) in places {
            let target = target_around(document, *node).and_then(|(owner, deed)| {
                *known.entry(owner).or_insert_with(|| {
                    map.targets.push(Target { document: 0, deed: deed? });
                    Some(map.targets.len() - 1)
                })
            });
            map.areas.push(Area { rect: *rect, target });
            if let Some(Deed::Use(control, kind)) = target.map(|target| &map.targets[target].deed)
                && control == node
                && seen.insert(*node)
            {
                map.controls.push((*node, *kind, *rect));
            }
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

    /// What lies at a point: of all that lies there, what stands last in the tree.
    ///
    /// TODO(css-position-3): paint order where `z-index` changes it, and clips.
    pub fn hit(&self, at: Extent) -> Option<Hit<'_>> {
        let Target { document, deed } = self.target_at(at)?;
        match deed {
            Deed::Follow(url) => Some(Hit::Link(url)),
            Deed::Use(node, kind) if *document == 0 || *kind == ControlKind::Submit => {
                Some(Hit::Control(*node, *kind))
            }
            Deed::Use(..) => None,
        }
    }

    fn target_at(&self, at: Extent) -> Option<&Target> {
        let at = Point { x: Lu::from_px(at.x), y: Lu::from_px(at.y) };
        let top = self.areas.iter().rev().find(|area| area.rect.contains(at))?;
        self.targets.get(top.target?)
    }

    /// Where a click at a point leads, the controls of the page being as `states` says.
    pub fn goal_at(&self, at: Extent, states: &ControlStates) -> Option<Goal> {
        let Target { document, deed } = self.target_at(at)?;
        let source = self.documents.get(*document)?;
        match deed {
            Deed::Follow(url) => {
                let navigator = source.navigator.clone();
                Some(Goal { url: url.clone(), submission: Submission { navigator, ..Submission::default() } })
            }
            Deed::Use(button, ControlKind::Submit) => {
                let as_it_came = ControlStates::default();
                let states = if *document == 0 { states } else { &as_it_came };
                let form = form::form_owner(&source.document, *button)?;
                // TODO(form submission): the point in an image button.
                source.goal(form::submit(&source.document, form, Some(*button), (0, 0), states)?)
            }
            Deed::Use(..) => None,
        }
    }

    /// Where Enter in a text field of the page leads.
    pub fn goal_of_field(&self, field: NodeId, states: &ControlStates) -> Option<Goal> {
        let source = self.documents.first()?;
        source.goal(form::implicit_submission(&source.document, field, states)?)
    }

    /// The page's document.
    pub fn document(&self) -> Option<&Document> {
        self.documents.first().map(|source| &*source.document)
    }

    /// What is to be seen of the page's controls.
    pub fn marks(&self, states: &ControlStates, focus: Option<NodeId>) -> Vec<Mark> {
        let Some(document) = self.document() else { return Vec::new() };
        let marks = self.controls.iter().filter_map(|(node, kind, rect)| {
            let kind = match kind {
                ControlKind::Check if form::is_checked(document, *node, states) => MarkKind::On,
                ControlKind::Check => MarkKind::Off,
                ControlKind::Text | ControlKind::TextArea if focus == Some(*node) => MarkKind::Focus,
                _ => return None,
            };
            let (origin, size) = (rect.origin, rect.size);
            let rect = (origin.x.to_px(), origin.y.to_px(), size.width.to_px(), size.height.to_px());
            Some(Mark { rect, kind })
        });
        marks.collect()
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

impl Source {
    /// DEVIATION: there is one window: a `target` is not heeded.
    fn goal(&self, sent: form::Submission) -> Option<Goal> {
        let form::Submission { url, body, .. } = sent;
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let submission = Submission { method, body, navigator: self.navigator.clone() };
        may_lead(&self.document, &url).then_some(Goal { url, submission })
    }
}

/// What a click on a node means, and the element that makes it mean that: the nearest link or control.
fn target_around(document: &Document, node: NodeId) -> Option<(NodeId, Option<Deed>)> {
    for owner in std::iter::once(node).chain(document.ancestors(node)) {
        let Some(element) = document.element(owner) else { continue };
        if (element.is_html(&local_name!("a")) || element.is_html(&local_name!("area")))
            && element.attribute(&local_name!("href")).is_some()
        {
            return Some((owner, link_target(document, owner).map(Deed::Follow)));
        }
        let is_control = ["button", "input", "textarea", "select", "label"];
        if is_control.into_iter().any(|name| element.is_html(&name.into())) {
            let deed = form::control_at(document, owner).map(|(control, kind)| Deed::Use(control, kind));
            return Some((owner, deed));
        }
    }
    None
}

/// Where a link leads, if we can go there.
fn link_target(document: &Document, link: NodeId) -> Option<Url> {
    let href = document.element(link)?.attribute(&local_name!("href"))?;
    let url = document.base_url.join(href.trim()).ok()?;
    may_lead(document, &url).then_some(url)
}

/// Files are for files to lead to, as in all browsers.
fn may_lead(document: &Document, url: &Url) -> bool {
    match url.scheme() {
        "http" | "https" | "data" => true,
        "file" => document.url.scheme() == "file",
        _ => false,
    }
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
        let document = Arc::new(parse_document(url, HTML.as_bytes(), &ParserOptions::default()).0);
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
            link_at(&map, Extent { x: 50.0, y: 10.0 * row as f32 + 5.0 })
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
        assert_eq!(map.hit(Extent { x: 200.0, y: 5.0 }), None);
        assert_eq!(map.hit(Extent { x: -1.0, y: -1.0 }), None);
    }

    fn link_at(map: &PageMap, at: Extent) -> Option<&str> {
        match map.hit(at) {
            Some(Hit::Link(url)) => Some(url.as_str()),
            _ => None,
        }
    }

    #[test]
    fn a_button_leads_where_its_form_goes() {
        let url = Url::parse("http://h/page.html").unwrap();
        let page = "<form action=find><input name=q value='a b'><button><b id=x>Go</b></button></form>
            <form method=post action=send><input name=q value=1><button id=y>Send</button></form>
            <button id=z>nowhere</button><a id=f href='file:///etc/passwd'>file</a>";
        let document = Arc::new(parse_document(url, page.as_bytes(), &ParserOptions::default()).0);
        let leads = |id: &str| {
            let has =
                |n: &NodeId| document.element(*n).and_then(|e| e.id()).is_some_and(|known| **known == *id);
            let node = document.elements().find(has).unwrap();
            let place = Rect::new(Lu::ZERO, Lu::ZERO, Lu::from_px(9.0), Lu::from_px(9.0));
            let map = PageMap::of_places(&document, &[(place, node)]);
            let goal = map.goal_at(Extent { x: 5.0, y: 5.0 }, &ControlStates::default())?;
            let body = goal.submission.body.map(|body| String::from_utf8(body.encode().1.to_vec()).unwrap());
            Some(format!("{} {} {}", goal.submission.method, goal.url, body.unwrap_or_default()))
        };
        assert_eq!(leads("x").unwrap(), "GET http://h/find?q=a+b ");
        assert_eq!(leads("y").unwrap(), "POST http://h/send q=1");
        assert_eq!((leads("z"), leads("f")), (None, None));
    }

    #[test]
    fn what_stands_later_lies_on_top() {
        let (map, names) = map();
        let mut covered = map.clone();
        let cover = names.iter().position(|name| name == "cover").unwrap();
        covered.areas[cover].rect = Rect::new(Lu::ZERO, Lu::ZERO, Lu::from_px(100.0), Lu::from_px(1000.0));
        let row = names.iter().position(|name| name == "bold").unwrap();
        let at = Extent { x: 1.0, y: 10.0 * row as f32 };
        assert!(map.hit(at).is_some());
        assert_eq!(covered.hit(at), None);
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
