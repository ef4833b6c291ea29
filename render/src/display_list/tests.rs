//! Display lists of small documents: what stands above what, and where it is cut.

use std::sync::Arc;

use siskin_engine::css::{Device, Origin, parse_stylesheet};
use siskin_engine::html::{ParserOptions, parse_document};
use siskin_engine::load::ResourceTable;
use siskin_engine::style::{GuessedMetrics, SheetRef, resolve};
use siskin_engine::{Snapshot, Viewport};
use url::Url;

use super::*;
use crate::font::{FontContext, FontSource};
use crate::image::ImageCache;
use crate::layout::layout;

/// The list of a document whose `style` elements are its sheets.
fn list(html: &str, scale: f32) -> DisplayList {
    let url = Url::parse("http://test.example/page.html").expect("the URL is good");
    let html = format!("<!doctype html><style>body {{ margin: 0 }}</style>{html}");
    let (document, _) = parse_document(url.clone(), html.as_bytes(), &ParserOptions::default());
    let sheets: Vec<SheetRef> = document
        .elements()
        .filter(|&e| document.element(e).is_some_and(|e| &**e.local_name() == "style"))
        .map(|e| {
            let sheet = parse_stylesheet(&document.text_content(e), &url, Origin::Author, false).0;
            SheetRef::new(Arc::new(sheet))
        })
        .collect();
    let viewport = Viewport { width: 400.0, height: 300.0, scale };
    let styles = resolve(&document, &sheets, &Device::screen(viewport), &GuessedMetrics);
    let snapshot = Snapshot {
        generation: 0,
        document: Arc::new(document),
        styles: Arc::new(styles),
        resources: Arc::new(ResourceTable::default()),
        font_faces: Arc::from([]),
        frames: Arc::default(),
        viewport,
    };
    let fonts = FontContext::new(FontSource::Bundled);
    let images = ImageCache::default();
    let fragments = layout(&snapshot, &fonts, &|_| None);
    let body = snapshot.document.body();
    build(
        &build::Source {
            fragments: &fragments,
            body,
            fonts: &fonts,
            images: &images,
            scale,
            frames: &|_, _| None,
        },
        None,
    )
}

/// The colours of what is painted, back to front, by the letters that the tests give them.
fn order(html: &str) -> String {
    const COLORS: [(&str, &str); 6] = [
        ("a", "#aa0000"),
        ("b", "#bb0000"),
        ("c", "#cc0000"),
        ("d", "#dd0000"),
        ("e", "#ee0000"),
        ("f", "#ff0000"),
    ];
    let style: String = COLORS
        .iter()
        .map(|(name, color)| format!("#{name} {{ background: {color} }} .{name} {{ color: {color} }}"))
        .collect();
    let list = list(&format!("<style>div, span {{ width: 50px; height: 50px }} {style}</style>{html}"), 1.0);
    let letter = |color: &Rgba| char::from_digit(u32::from(color.r) & 15, 16).unwrap_or('?');
    list.items
        .iter()
        .filter_map(|item| match item {
            DisplayItem::Rect { color, .. } => Some(letter(color)),
            DisplayItem::Glyphs { color, .. } => Some(letter(color).to_ascii_uppercase()),
            DisplayItem::PushOpacity { .. } => Some('('),
            DisplayItem::PopOpacity => Some(')'),
            _ => None,
        })
        .collect()
}

fn check(cases: &[(&str, &str)]) {
    for (html, expected) in cases {
        assert_eq!(order(html), *expected, "{html}");
    }
}

#[test]
fn appendix_e() {
    check(&[
        // Blocks in tree order, a child over its parent.
        ("<div id=a><div id=b></div></div><div id=c></div>", "abc"),
        // Text of the first block over the background of the second.
        ("<div id=a class=c>x</div><div id=b class=d>x</div>", "abCD"),
        // Blocks, then floats, then text.
        ("<div id=a style='float:left' class=d>x</div><div id=b class=c>x</div>", "baDC"),
        // Positioned boxes over everything in flow.
        ("<div id=a style='position:relative'></div><div id=b class=c>x</div>", "bCa"),
        // z-index: negative ones below the blocks, higher ones above lower ones, equal ones in tree order.
        (
            "<div id=a style='position:relative;z-index:2'></div><div id=b style='position:relative;z-index:1'></div>\
             <div id=c style='position:relative;z-index:-1'></div><div id=d></div>\
             <div id=e style='position:relative;z-index:1'></div>",
            "cdbea",
        ),
        // A negative child stays above the background of its own stacking context, and leaves one that is none.
        (
            "<div id=a style='position:relative;z-index:0'><div id=b style='position:relative;z-index:-1'></div></div>",
            "ab",
        ),
        (
            "<div id=a style='position:relative'><div id=b style='position:relative;z-index:-1'></div></div>",
            "ba",
        ),
        ("<div id=a><div id=b style='position:relative;z-index:-1'></div></div>", "ba"),
        // Stacking contexts are whole: a high z-index inside of a low one stays there.
        (
            "<div id=a style='position:relative;z-index:1'><div id=b style='position:relative;z-index:9'></div></div>\
             <div id=c style='position:relative;z-index:2'></div>",
            "abc",
        ),
        // z-index: auto is no stacking context: the child competes outside.
        (
            "<div id=a style='position:relative'><div id=b style='position:relative;z-index:9'></div></div>\
             <div id=c style='position:relative;z-index:2'></div>",
            "acb",
        ),
        // z-index does nothing without a position.
        ("<div id=a style='z-index:5'></div><div id=b></div>", "ab"),
        // An inline block is whole, at its place among the text.
        (
            "<div id=a class=d>x<span id=b class=e style='display:inline-block'>x</span>x</div><div id=c></div>",
            "acDbED",
        ),
        // Positioned boxes in floats and inline blocks compete outside of them.
        (
            "<div id=a style='float:left'><div id=b style='position:relative'></div></div><div id=c class=d>x</div>",
            "caDb",
        ),
        // An inline box's background belongs to the text.
        ("<div id=a>x<span id=b class=d>x</span></div><div id=c></div>", "ac0bD"),
    ]);
}

#[test]
fn opacity_makes_a_group() {
    check(&[
        ("<div id=a style='opacity:.5'><div id=b></div></div><div id=c></div>", "c(ab)"),
        ("<div id=a style='opacity:0'><div id=b></div></div><div id=c></div>", "c"),
        ("<div style='opacity:.5'></div><div id=c></div>", "c"),
        ("<div id=a style='visibility:hidden'><div id=b style='visibility:visible'></div></div>", "b"),
    ]);
}

#[test]
fn the_canvas_takes_the_background_of_root_or_body() {
    let canvas = |css: &str| {
        let list = list(&format!("<style>{css}</style><body><p>x"), 1.0);
        let rects = list.items.iter().filter(|item| matches!(item, DisplayItem::Rect { .. })).count();
        (list.canvas, rects)
    };
    let (red, blue) = (Rgba::opaque(255, 0, 0), Rgba::opaque(0, 0, 255));
    assert_eq!(canvas(""), (Rgba::TRANSPARENT, 0));
    assert_eq!(canvas("body { background: red }"), (red, 0));
    assert_eq!(canvas("html { background: red }"), (red, 0));
    assert_eq!(canvas("html { background: red } body { background: blue }"), (red, 1));
    assert_eq!(canvas("html { background: none } body { background: blue }"), (blue, 0));
}

fn lines(html: &str, scale: f32) -> Vec<String> {
    dump(&list(html, scale)).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn clips() {
    let inner = "<div style='width:200px;height:20px;background:#00f'></div>";
    let absolute = "<div style='position:absolute;width:200px;height:20px;background:#00f'></div>";
    let clipped = ["clip 3,3 94x44", "  rect 3,3 200x20 #0000ff"];
    let style = "width:94px;height:44px;border:3px solid transparent;overflow:hidden";
    assert_eq!(lines(&format!("<div style='{style}'>{inner}</div>"), 1.0)[1..], clipped);
    // A box whose containing block lies outside is not clipped.
    assert_eq!(
        lines(&format!("<div style='{style}'>{absolute}</div>"), 1.0)[1..],
        ["rect 3,3 200x20 #0000ff"]
    );
    let relative = format!("<div style='{style};position:relative'>{absolute}</div>");
    assert!(lines(&relative, 1.0).iter().any(|line| line.starts_with("clip")), "{:?}", lines(&relative, 1.0));
    // Rounded: the padding edge's corners are those of the border edge less the border.
    let rounded = lines(&format!("<div style='{style};border-radius:10px'>{inner}</div>"), 1.0);
    assert_eq!(rounded[1], "clip 3,3 94x44 corners 7 7 7 7");
    // overflow of body belongs to the viewport.
    let body = format!("<style>body {{ overflow: hidden; width: 50px }}</style><body>{inner}");
    assert_eq!(lines(&body, 1.0), ["rect 0,0 200x20 #0000ff"]);
}

#[test]
fn scale_snaps_in_device_pixels() {
    let html =
        "<div style='margin-left:0.5px;width:10.25px;height:10px;border:1px solid;background:#00f'></div>";
    let expected = [
        "rect 1,0 25x24 #0000ff",
        "border 1,0 25x24 2 solid #000000, 2 solid #000000, 2 solid #000000, 2 solid #000000",
    ];
    assert_eq!(lines(html, 2.0), expected);
}

#[test]
fn decorations_follow_the_text() {
    let underlined =
        lines("<div style='font:20px serif;text-decoration:underline;color:#123456'>x<b>y</b></div>", 1.0);
    let along: Vec<&String> = underlined.iter().filter(|line| line.starts_with("line")).collect();
    assert!(
        matches!(along[..], [x, y] if x.ends_with("x2 solid #123456") && y.contains("solid #123456 gap "))
    );
    let block = "<div style='text-decoration:underline'><div style='display:inline-block'>x</div></div>";
    assert!(!lines(block, 1.0).iter().any(|line| line.starts_with("line")), "not into atomic inlines");
    let struck = lines("<del style='text-decoration-color:red'>x</del>", 1.0);
    assert!(struck[0].starts_with("glyphs") && struck[1].starts_with("line"), "{struck:?}");
}

#[test]
fn backgrounds_with_gradients() {
    let html = "<div style='width:100px;height:50px;padding:5px;border:10px solid transparent;\
        background:linear-gradient(red,blue) 0 0/40px 25px no-repeat content-box #00f'></div>";
    let expected = ["rect 15,15 100x50 #0000ff", "gradient linear 15,15 40x25 tile 15,15 40x25 stops 2"];
    assert_eq!(lines(html, 1.0)[..2], expected);
}

#[test]
fn what_cannot_be_seen_is_left_out() {
    let html = "<div style='height:10px;background:red'></div>".repeat(50);
    let page = list(&html, 1.0);
    assert_eq!(page.items.len(), 50);
    assert_eq!(page.bounds, DeviceRect { x: 0, y: 0, width: 400, height: 500 });
}

#[test]
fn depth_costs_no_stack() {
    let depth = 400;
    let html =
        "<div style='position:relative;overflow:hidden;opacity:.9;background:red;height:9px'>".repeat(depth);
    let items = list(&html, 1.0).items;
    let groups = items.iter().filter(|item| matches!(item, DisplayItem::PushOpacity { .. })).count();
    assert_eq!(groups, depth);
}
