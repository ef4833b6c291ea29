//! Style of small documents: what wins, what is inherited, what it prints as.

use std::sync::Arc;

use siskin_engine::css::{Device, Origin, parse_stylesheet};
use siskin_engine::html::{ParserOptions, Syntax, parse_document};
use siskin_engine::style::{GuessedMetrics, PseudoElement, SheetRef, StyleMap, resolve, resolved};
use siskin_engine::{Document, NodeId, Viewport};
use url::Url;

/// A document with the sheets of its `style` elements.
fn styled(html: &str) -> (Document, StyleMap) {
    styled_as(Syntax::Html, html)
}

fn styled_as(syntax: Syntax, markup: &str) -> (Document, StyleMap) {
    let url = Url::parse("http://test.example/page.html").expect("the URL is good");
    let options = ParserOptions { syntax, ..ParserOptions::default() };
    let (document, _) = parse_document(url.clone(), markup.as_bytes(), &options);
    let sheets: Vec<SheetRef> = document
        .elements()
        .filter(|&e| document.element(e).is_some_and(|e| &**e.local_name() == "style"))
        .map(|e| {
            let text = document.text_content(e);
            SheetRef::new(Arc::new(parse_stylesheet(&text, &url, Origin::Author, false).0))
        })
        .collect();
    let styles = resolve(&document, &sheets, &Device::screen(Viewport::default()), &GuessedMetrics);
    (document, styles)
}

fn by_id(document: &Document, id: &str) -> NodeId {
    document
        .elements()
        .find(|&e| document.element(e).and_then(|e| e.id()).is_some_and(|own| **own == *id))
        .unwrap_or_else(|| panic!("no element {id}"))
}

fn value(html: &str, id: &str, property: &str) -> String {
    let (document, styles) = styled(html);
    let style = styles.get(by_id(&document, id)).expect("every element has a style");
    resolved::serialize(property, style, None).unwrap_or_else(|| panic!("{property} is not known"))
}

/// Asserts the printed value of one property of the element `#x`.
fn check(css: &str, body: &str, property: &str, expected: &str) {
    let html = format!("<!doctype html><style>{css}</style>{body}");
    assert_eq!(value(&html, "x", property), expected, "{property} of {body} under {css}");
}

#[test]
fn the_cascade_orders_declarations() {
    let div = "<div id=x class='a b'>";
    check("#x { color: red } .a { color: blue }", div, "color", "rgb(255, 0, 0)");
    check(".a { color: red } .b { color: blue }", div, "color", "rgb(0, 0, 255)");
    check(".a { color: red !important } #x { color: blue }", div, "color", "rgb(255, 0, 0)");
    check("#x { color: blue }", "<div id=x style='color: red'>", "color", "rgb(255, 0, 0)");
    check("#x { color: blue !important }", "<div id=x style='color: red'>", "color", "rgb(0, 0, 255)");
    check(":where(#x) { color: red } div { color: blue }", div, "color", "rgb(0, 0, 255)");
    check(":is(#x, p) { color: red } .a.b { color: blue }", div, "color", "rgb(255, 0, 0)");
}

/// <https://drafts.csswg.org/selectors/#case-sensitive>
#[test]
fn names_have_case_in_xml_documents() {
    let page = "<html xmlns='http://www.w3.org/1999/xhtml'><style>\
                P { left: 1px } p { right: 2px } [ALIGN] { top: 3px } [align=LEFT] { bottom: 4px }\
                </style><p id='x' align='left'/></html>";
    let values = |syntax| {
        let (document, styles) = styled_as(syntax, page);
        let style = styles.get(by_id(&document, "x")).expect("every element has a style");
        ["left", "right", "top", "bottom", "text-align"]
            .map(|property| resolved::serialize(property, style, None).expect("the property is known"))
    };
    assert_eq!(values(Syntax::Html), ["1px", "2px", "3px", "4px", "-webkit-left"]);
    assert_eq!(values(Syntax::Xml), ["auto", "2px", "auto", "auto", "-webkit-left"]);
}

#[test]
fn layers_stand_below_what_is_in_none() {
    let div = "<div id=x>";
    check("@layer a { #x { color: red } } div { color: blue }", div, "color", "rgb(0, 0, 255)");
    check(
        "@layer b, a; @layer a { #x { color: red } } @layer b { #x { color: blue } }",
        div,
        "color",
        "rgb(255, 0, 0)",
    );
    check(
        "@layer a { #x { color: red !important } } #x { color: blue !important }",
        div,
        "color",
        "rgb(255, 0, 0)",
    );
    check("@layer a { #x { color: red } @layer b { #x { color: blue } } }", div, "color", "rgb(255, 0, 0)");
    check("@layer a { #x { color: red } } #x { color: revert-layer }", div, "color", "rgb(255, 0, 0)");
}

#[test]
fn wide_keywords() {
    check("div { color: red } #x { color: inherit }", "<div><p id=x>", "color", "rgb(255, 0, 0)");
    check(
        "div { color: red } p { color: blue } #x { color: initial }",
        "<div><p id=x>",
        "color",
        "rgb(0, 0, 0)",
    );
    check(
        "div { color: red } p { color: blue } #x { color: unset }",
        "<div><p id=x>",
        "color",
        "rgb(255, 0, 0)",
    );
    check("h1 { display: inline } #x { display: revert }", "<h1 id=x>", "display", "block");
    check("#x { all: unset }", "<h1 id=x>", "display", "inline");
    check("#x { all: unset; color: red }", "<h1 id=x>", "color", "rgb(255, 0, 0)");
}

#[test]
fn lengths_compute() {
    check("div { font-size: 20px } #x { width: 2em }", "<div><p id=x>", "width", "40px");
    check("html { font-size: 10px } #x { width: 1.5rem }", "<p id=x>", "width", "15px");
    check("#x { width: calc(100% - 2 * (1em + 4px)) }", "<p id=x>", "width", "calc(100% - 40px)");
    check("#x { width: min(50px, 10vw, 3in) }", "<p id=x>", "width", "50px");
    check("#x { width: clamp(1px, 50vh, 100px) }", "<p id=x>", "width", "100px");
    check("#x { font-size: 2em } ", "<div style='font-size: 15px'><p id=x>", "font-size", "30px");
    check("#x { font-size: larger } ", "<div style='font-size: 10px'><p id=x>", "font-size", "12px");
    check("#x { line-height: 150% }", "<p id=x>", "line-height", "24px");
    check("#x { border: thin solid; border-left-style: none }", "<p id=x>", "border-left-width", "0px");
    check("#x { border: 1.7px solid }", "<p id=x>", "border-top-width", "1px");
}

#[test]
fn monospace_alone_is_smaller() {
    check("", "<code id=x>", "font-size", "13px");
    check("code { font-family: monospace, monospace }", "<code id=x>", "font-size", "16px");
    check("", "<h1><code id=x>", "font-size", "26px");
    check("div { font-size: 20px }", "<div><code id=x>", "font-size", "20px");
}

#[test]
fn variables() {
    check(":root { --a: 3px } #x { margin: var(--a) 1px }", "<p id=x>", "margin-top", "3px");
    check(":root { --a: 3px } #x { margin: var(--a) 1px }", "<p id=x>", "margin-left", "1px");
    check("#x { color: var(--missing, red) }", "<p id=x>", "color", "rgb(255, 0, 0)");
    check("#x { color: blue; color: var(--missing) }", "<p id=x>", "color", "rgb(0, 0, 0)");
    check("#x { --w: 2em; width: calc(var(--w) * 2) }", "<p id=x>", "width", "64px");
    check(
        "div { --c: 1, 2, 3 } #x { color: rgba(var(--c), .5) }",
        "<div><p id=x>",
        "color",
        "rgba(1, 2, 3, 0.5)",
    );
}

#[test]
fn logical_and_physical_compete_in_order() {
    check("#x { margin-left: 1px; margin-inline-start: 2px }", "<div id=x>", "margin-left", "2px");
    check("#x { margin-inline-start: 2px; margin-left: 1px }", "<div id=x>", "margin-left", "1px");
    check("#x { margin-inline-start: 2px }", "<div id=x dir=rtl>", "margin-right", "2px");
    check("#x { margin-inline: 2px 3px }", "<div id=x dir=rtl>", "margin-inline-end", "3px");
}

#[test]
fn boxes_are_adjusted() {
    check("#x { float: left }", "<span id=x>", "display", "block");
    check("div { display: flex }", "<div><span id=x>", "display", "block");
    check("div { display: flex } p { display: contents }", "<div><p><span id=x>", "display", "block");
    check("#x { position: absolute; float: right }", "<span id=x>", "float", "none");
    check("#x { overflow-x: hidden }", "<div id=x>", "overflow-y", "auto");
}

#[test]
fn conditions_and_nesting() {
    check("@media (min-width: 1000px) { #x { color: red } }", "<p id=x>", "color", "rgb(255, 0, 0)");
    check("@media print { #x { color: red } }", "<p id=x>", "color", "rgb(0, 0, 0)");
    check(
        "@supports (display: grid) and (not (nonsense: 1)) { #x { color: red } }",
        "<p id=x>",
        "color",
        "rgb(255, 0, 0)",
    );
    check("div { color: blue; & p { color: red } }", "<div><p id=x>", "color", "rgb(255, 0, 0)");
    check(
        "div { p& { color: blue } > p { color: red } @media all { p { color: lime } } }",
        "<div><p id=x>",
        "color",
        "rgb(0, 255, 0)",
    );
    check("div { &:hover { color: blue } color: red }", "<div id=x>", "color", "rgb(255, 0, 0)");
    check(
        "a { color: red } } #x { color: blue } @nonsense x { } #x { color: red; width: }",
        "<p id=x>",
        "color",
        "rgb(255, 0, 0)",
    );
}

#[test]
fn unknown_webkit_pseudo_elements_do_not_kill_their_list() {
    check("#x, p::-webkit-thing { color: red }", "<p id=x>", "color", "rgb(255, 0, 0)");
    check("#x, p::thing { color: red }", "<p id=x>", "color", "rgb(0, 0, 0)");
}

#[test]
fn hints_stand_below_the_page() {
    check("", "<table><tr><td id=x bgcolor=chucknorris>", "background-color", "rgb(192, 0, 0)");
    check(
        "td { background: lime }",
        "<table><tr><td id=x bgcolor=red>",
        "background-color",
        "rgb(0, 255, 0)",
    );
    check("", "<table cellpadding=7><tr><td id=x>", "padding-left", "7px");
    check("", "<img id=x width=50% height=20>", "height", "20px");
    check("", "<center><p id=x>", "text-align", "-webkit-center");
    check("", "<table><tr><th id=x>", "text-align", "center");
}

#[test]
fn pseudo_elements_need_content() {
    let html = "<!doctype html><style>p::before { content: '> ' attr(id); color: red } p::after { color: red }</style><p id=x>";
    let (document, styles) = styled(html);
    let x = by_id(&document, "x");
    let before = styles.pseudo(x, PseudoElement::Before).expect("it has content");
    assert_eq!(resolved::serialize("content", before, None).as_deref(), Some("\"> \" \"x\""));
    assert_eq!(resolved::serialize("color", before, None).as_deref(), Some("rgb(255, 0, 0)"));
    assert!(styles.pseudo(x, PseudoElement::After).is_none());
}

#[test]
fn equal_elements_share_their_style() {
    let (document, styles) =
        styled("<!doctype html><style>li { color: red }</style><ul><li id=a><li id=b></ul>");
    let a = styles.get(by_id(&document, "a")).expect("styled");
    let b = styles.get(by_id(&document, "b")).expect("styled");
    assert!(Arc::ptr_eq(a, b));
}
