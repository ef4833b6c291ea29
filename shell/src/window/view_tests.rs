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
    let document = Arc::new(parse_document(url(at), html.as_bytes(), &ParserOptions::default()).0);
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
            Effect::Load { order: 1, url: url("a"), submission: Box::default(), viewport },
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

/// A window that shows a page with these controls, each 100 px high.
fn form(html: &str) -> View<()> {
    use siskin_engine::html::{ParserOptions, parse_document};
    use siskin_render::geometry::{Lu, Rect};
    let mut view = View::new(url("form"));
    view.handle(resized(800, 600));
    let document = Arc::new(parse_document(url("form"), html.as_bytes(), &ParserOptions::default()).0);
    let form = document.children(document.body().unwrap()).next().unwrap();
    let px = |px: f32| Lu::from_px(px);
    let places: Vec<_> = document
        .children(form)
        .filter(|node| document.element(*node).is_some())
        .enumerate()
        .map(|(i, node)| (Rect::new(px(0.0), px(100.0 * i as f32), px(800.0), px(100.0)), node))
        .collect();
    let map = Arc::new(PageMap::of_places(&document, &places));
    view.handle(Input::Arrived(Arrival { map, ..arrival(1, "form", &[]) }));
    view
}

/// Clicks the control of that number.
fn click(view: &mut View<()>, control: usize) -> Vec<Effect> {
    view.handle(Input::Pointer(Some((5.0, 100.0 * control as f32 + 50.0))));
    view.handle(Input::Click)
}

fn sent(effects: &[Effect]) -> String {
    let load = effects.iter().find_map(|effect| match effect {
        Effect::Load { url, submission, .. } => Some((url, submission)),
        _ => None,
    });
    let Some((url, submission)) = load else { return format!("nothing: {effects:?}") };
    let body = submission.body.as_ref().map(|body| body.encode().1.to_vec()).unwrap_or_default();
    format!("{} {} {}", submission.method, url.path(), String::from_utf8(body).unwrap())
}

#[test]
fn a_form_is_filled_and_sent() {
    let mut view = form(
        "<form method=post action=send><input name=q value=ol><input type=checkbox name=c checked>
         <input type=radio name=r value=1><input type=radio name=r value=2 checked><button name=b value=go>x</button>
         <input type=reset></form>",
    );
    let (on, focus) = (super::super::links::MarkKind::On, super::super::links::MarkKind::Focus);
    let marks = |view: &View<()>| -> Vec<_> {
        let off = super::super::links::MarkKind::Off;
        let marks = view.marks().into_iter().filter(|mark| mark.kind != off);
        marks.map(|mark| ((mark.rect.1 / 100.0) as usize, mark.kind)).collect()
    };
    assert_eq!(marks(&view), [(1, on), (3, on)]);
    assert_eq!(sent(&click(&mut view, 4)), "POST /send q=ol&c=on&r=2&b=go");
    view.handle(Input::Command(Command::Stop));
    // The switches change, and the page is to show it.
    let effects = click(&mut view, 1);
    assert!(matches!(&effects[0], Effect::Controls { page: 1, .. }), "{effects:?}");
    click(&mut view, 2);
    assert_eq!(marks(&view), [(2, on)]);
    // Keys write into the field that was clicked, and nowhere else.
    assert_eq!(view.handle(Input::Typed(Typed::Text("x".to_owned()))), []);
    assert!(!view.is_typing());
    let effects = click(&mut view, 0);
    assert!(effects.contains(&Effect::Title("ol_ - Siskin".to_owned())), "{effects:?}");
    assert!(view.is_typing() && marks(&view) == [(0, focus), (2, on)]);
    view.handle(Input::Typed(Typed::Text("d &".to_owned())));
    view.handle(Input::Typed(Typed::Erase));
    assert_eq!(sent(&view.handle(Input::Typed(Typed::Enter))), "POST /send q=old+&r=1&b=go");
    // The page that comes knows nothing of it, and what was sent is not sent again.
    view.handle(Input::Arrived(arrival(3, "send", &[])));
    assert!(!view.is_typing() && view.marks().is_empty());
    assert_eq!(sent(&view.handle(Input::Command(Command::Reload))), "GET /send ");
}

#[test]
fn a_form_is_taken_back_and_read_only_fields_take_nothing() {
    let mut view = form(
        "<form><input name=q maxlength=2><input type=checkbox name=c><input type=reset><input name=f readonly>
         <input name=d disabled><button>x</button></form>",
    );
    click(&mut view, 0);
    for letter in ["a", "b", "c"] {
        view.handle(Input::Typed(Typed::Text(letter.to_owned())));
    }
    click(&mut view, 1);
    let effects = click(&mut view, 5);
    let query = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Load { url, .. } => url.query().map(str::to_owned),
            _ => None,
        })
    };
    assert_eq!(query(&effects).unwrap(), "q=ab&c=on&f=");
    view.handle(Input::Command(Command::Stop));
    click(&mut view, 2);
    assert_eq!(query(&click(&mut view, 5)).unwrap(), "q=&f=");
    view.handle(Input::Command(Command::Stop));
    for locked in [3, 4] {
        click(&mut view, locked);
        assert!(!view.is_typing(), "{locked}");
    }
}
