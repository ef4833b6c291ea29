//! The window's behaviour as lists of inputs and effects.

use super::super::command::Scroll;
use super::*;

const SIZE: Extent = Extent { x: 800.0, y: 3000.0 };

fn url(text: &str) -> Url {
    Url::parse("http://h/").unwrap().join(text).unwrap()
}

/// A page with a link to each of `links`, 100 px high each, and places `top` at 0 and `far` at 2000.
fn arrival(order: u64, at: &str, links: &[&str]) -> Arrival<()> {
    use siskin_engine::html::{ParserOptions, parse_document};
    use siskin_render::geometry::{Lu, Rect};
    let mut html = String::new();
    for link in links {
        html.push_str(&format!("<a href='{link}'></a>"));
    }
    html.push_str("<p id=far></p>");
    let (document, _) = parse_document(url(at), html.as_bytes(), &ParserOptions::default());
    let px = |px: f32| Lu::from_px(px);
    let body = document.body().unwrap();
    let places: Vec<_> = document
        .children(body)
        .enumerate()
        .map(|(i, node)| {
            let far = i == links.len();
            let y = if far { 2000.0 } else { 100.0 * i as f32 };
            (Rect::new(px(0.0), px(y), px(800.0), px(100.0)), node)
        })
        .collect();
    let map = Arc::new(PageMap::of_places(&document, &places));
    Arrival { order, url: url(at), title: Some(format!(" Title \n of {at} ")), size: SIZE, map, picture: () }
}

fn resized(width: u32, height: u32) -> Input<()> {
    Input::Resized { width, height, density: 1.0 }
}

/// A window of 800 × 600 that shows `/a`, with links to `links`.
fn window(links: &[&str]) -> View<()> {
    let mut view = View::new(url("a"));
    view.handle(resized(800, 600));
    view.handle(Input::Arrived(arrival(1, "a", links)));
    view
}

fn loads(effects: &[Effect]) -> Vec<&str> {
    let load = |effect: &'_ Effect| matches!(effect, Effect::Load { .. });
    effects
        .iter()
        .filter(|effect| load(effect))
        .map(|effect| match effect {
            Effect::Load { url, .. } => url.path(),
            _ => "",
        })
        .collect()
}

#[test]
fn the_first_size_begins_the_load_and_a_page_is_shown() {
    let mut view: View<()> = View::new(url("a"));
    let effects = view.handle(Input::Resized { width: 1600, height: 1200, density: 2.0 });
    let viewport = Viewport { width: 800.0, height: 600.0, scale: 2.0 };
    assert_eq!(
        effects,
        [
            Effect::Load { order: 1, url: url("a"), viewport },
            Effect::Redraw,
            Effect::Pointer(PointerShape::Busy),
            Effect::Title("Loading http://h/a - Siskin".to_owned()),
        ]
    );
    assert_eq!(view.handle(Input::Arrived(arrival(7, "x", &[]))), [], "nobody asked for it");
    let effects = view.handle(Input::Arrived(arrival(1, "a", &[])));
    assert_eq!(
        effects,
        [
            Effect::Redraw,
            Effect::Pointer(PointerShape::Arrow),
            Effect::Title("Title of a - Siskin".to_owned())
        ]
    );
    assert_eq!(view.handle(Input::Resized { width: 0, height: 0, density: 2.0 }), [], "minimized");
}

#[test]
fn scrolling_stays_on_the_page_and_redraws_only_when_it_moves() {
    let mut view = window(&[]);
    assert_eq!(view.handle(Input::Wheel(0.0, -50.0)), []);
    assert_eq!(view.handle(Input::Wheel(0.0, 50.0)), [Effect::Redraw]);
    assert_eq!(view.scroll().y, 50.0);
    view.handle(Input::Command(Command::Scroll(Scroll::ToEnd)));
    assert_eq!(view.scroll().y, 2400.0);
    assert_eq!(view.handle(Input::Command(Command::Scroll(Scroll::Pages(1)))), []);
}

#[test]
fn links_are_followed_and_the_way_back_remembers_the_place() {
    let mut view = window(&["b"]);
    assert_eq!(view.handle(Input::Pointer(Some((5.0, 150.0)))), [], "no link there");
    view.handle(Input::Wheel(0.0, 80.0));
    let effects = view.handle(Input::Pointer(Some((5.0, 5.0))));
    assert_eq!(effects, [Effect::Pointer(PointerShape::Hand), Effect::Title("-> http://h/b".to_owned())]);
    assert_eq!(loads(&view.handle(Input::Click)), ["/b"]);
    // Until the new page is there, the old one is shown and can be used.
    assert_eq!(view.page().unwrap().url, url("a"));
    view.handle(Input::Arrived(arrival(2, "b", &[])));
    assert_eq!((view.scroll().y, view.history.current().url.path()), (0.0, "/b"));
    assert_eq!(loads(&view.handle(Input::Command(Command::Forward))), [""; 0]);
    assert_eq!(loads(&view.handle(Input::Command(Command::Back))), ["/a"]);
    view.handle(Input::Arrived(arrival(3, "a", &[])));
    assert_eq!((view.scroll().y, view.history.current().url.path()), (80.0, "/a"));
    assert_eq!(loads(&view.handle(Input::Command(Command::Forward))), ["/b"]);
}

#[test]
fn fragments_of_the_same_page_load_nothing() {
    let mut view = window(&["#far", "c#far"]);
    view.handle(Input::Pointer(Some((5.0, 50.0))));
    assert_eq!(loads(&view.handle(Input::Click)), [""; 0]);
    assert_eq!((view.scroll().y, view.history.current().url.fragment()), (2000.0, Some("far")));
    view.handle(Input::Command(Command::Back));
    assert_eq!((view.scroll().y, view.history.current().url.fragment()), (0.0, None));
    // Of another page: the place is found when it is there, also after a redirect.
    view.handle(Input::Pointer(Some((5.0, 150.0))));
    assert_eq!(loads(&view.handle(Input::Click)), ["/c"]);
    view.handle(Input::Arrived(arrival(2, "moved", &[])));
    assert_eq!((view.scroll().y, view.history.current().url.as_str()), (2000.0, "http://h/moved#far"));
}

#[test]
fn a_resize_lays_out_again_and_keeps_the_place() {
    let mut view = window(&[]);
    view.handle(Input::Wheel(0.0, 500.0));
    let effects = view.handle(resized(400, 600));
    let viewport = Viewport { width: 400.0, height: 600.0, scale: 1.0 };
    assert_eq!(effects, [Effect::Layout { order: 2, viewport }, Effect::Redraw]);
    assert_eq!(view.handle(resized(400, 600)), []);
    view.handle(resized(300, 600));
    assert_eq!(view.handle(Input::Arrived(arrival(2, "a", &[]))), [], "the size is another already");
    assert_eq!(view.handle(Input::Arrived(arrival(3, "a", &[]))), [Effect::Redraw]);
    assert_eq!(view.scroll().y, 500.0);
    // A page that is still loading goes on for the new size.
    view.handle(Input::Command(Command::Reload));
    let viewport = Viewport { width: 500.0, height: 600.0, scale: 1.0 };
    assert_eq!(view.handle(resized(500, 600)), [Effect::Layout { order: 5, viewport }, Effect::Redraw]);
    let effects = view.handle(Input::Arrived(arrival(4, "a", &[])));
    assert_eq!(effects[0], Effect::Redraw);
}

#[test]
fn a_page_comes_in_parts() {
    let mut view = window(&[]);
    view.handle(Input::Wheel(0.0, 500.0));
    assert_eq!(view.handle(Input::Arrived(arrival(1, "a", &[]))), [Effect::Redraw], "more of the same page");
    assert_eq!(view.scroll().y, 500.0);
    let short = Arrival { size: Extent { x: 800.0, y: 700.0 }, ..arrival(1, "a", &[]) };
    view.handle(Input::Arrived(short));
    assert_eq!(view.scroll().y, 100.0, "nothing beyond the page is shown");
}

#[test]
fn zoom_is_a_narrower_viewport() {
    let mut view = window(&[]);
    let effects = view.handle(Input::Command(Command::ZoomIn));
    let Effect::Layout { viewport, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((viewport.width.round(), viewport.scale), (727.0, 1.1));
    for _ in 0..40 {
        view.handle(Input::Command(Command::ZoomOut));
    }
    assert_eq!(view.scale(), 0.25);
    view.handle(Input::Command(Command::ZoomReset));
    assert_eq!(view.scale(), 1.0);
    assert_eq!(view.handle(Input::Command(Command::ZoomReset)), []);
}

#[test]
fn stop_and_reload() {
    let mut view = window(&["b"]);
    view.handle(Input::Pointer(Some((5.0, 5.0))));
    view.handle(Input::Click);
    assert_eq!(view.loading(), Some(&url("b")));
    let effects = view.handle(Input::Command(Command::Stop));
    assert!(effects.contains(&Effect::Cancel), "{effects:?}");
    assert_eq!(view.handle(Input::Arrived(arrival(2, "b", &[]))), [], "it came too late");
    assert_eq!(view.handle(Input::Command(Command::Stop)), []);
    view.handle(Input::Wheel(0.0, 30.0));
    assert_eq!(loads(&view.handle(Input::Command(Command::Reload))), ["/a"]);
    view.handle(Input::Arrived(arrival(3, "a", &[])));
    assert_eq!((view.scroll().y, view.history.peek(-1)), (30.0, None));
    assert_eq!(view.handle(Input::Command(Command::Quit)), [Effect::Quit]);
}
