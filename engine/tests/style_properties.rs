//! No text breaks the CSS parser, and no sheet breaks styling.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use proptest::prelude::*;
use siskin_engine::Viewport;
use siskin_engine::css::{Device, MediaQueryList, Origin, parse_stylesheet};
use siskin_engine::html::{ParserOptions, parse_document};
use siskin_engine::style::{GuessedMetrics, SheetRef, resolve, resolved};
use url::Url;

const PAGE: &str = "<body text=red><div id=a class='b c' style='width: 1px'><p>x<a href=y>z</a><input type=radio checked>\
    <table border cellpadding=3><tr><td><ul><li>1</ul></table></div>";

/// Styles a small page with that sheet and prints every value.
fn style_with(text: &str) {
    let url = Url::parse("http://test.example/").unwrap();
    let (document, _) = parse_document(url.clone(), PAGE.as_bytes(), &ParserOptions::default());
    let (sheet, _) = parse_stylesheet(text, &url, Origin::Author, true);
    let styles = resolve(
        &document,
        &[SheetRef::new(Arc::new(sheet))],
        &Device::screen(Viewport::default()),
        &GuessedMetrics,
    );
    for element in document.elements() {
        let style = styles.get(element).expect("every element has a style");
        for name in resolved::known_longhands() {
            assert!(resolved::serialize(name, style, None).is_some(), "{name}");
        }
    }
}

/// Text made of pieces that CSS has a meaning for.
fn css_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        ";",
        ",",
        "!important",
        "@media ",
        "@layer a",
        "@supports ",
        "@import url(x)",
        "@font-face",
        "div",
        "#a",
        ".b",
        "*",
        "::before",
        ":is(",
        ":has(",
        ":not(",
        ":nth-child(2n+1 of ",
        "&",
        ">",
        "+",
        "~",
        "--x",
        "var(--x",
        "var(--y, ",
        "calc(",
        "min(",
        "1px",
        "2em",
        "50%",
        "-1e39px",
        "1e-40rem",
        "NaN",
        "infinity",
        "width",
        "margin",
        "font",
        "background",
        "border",
        "all",
        "inherit",
        "revert-layer",
        "color",
        "red",
        "#fff",
        "rgb(",
        "color-mix(in hsl, ",
        "url(",
        "linear-gradient(",
        "content",
        "\"x\"",
        "'",
        "\\",
        "/*",
        "*/",
        "\u{0}",
        "é",
        " ",
        "display",
        "flex",
        "grid",
        "font-size",
        "font-family",
        "monospace",
        "counter(x)",
        "attr(id)",
        "and",
        "or",
        "not",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_a_sheet(text in any::<String>()) {
        style_with(&text);
    }

    #[test]
    fn css_like_text_is_a_sheet(text in css_like()) {
        style_with(&text);
        style_with(&format!("* {{ {text} }}"));
        MediaQueryList::parse(&text).matches(&Device::screen(Viewport::default()));
    }
}

#[test]
fn depth_is_bounded() {
    for open in
        ["(", "[", "{", "calc(", ":is(", "a{", "@media all{", "var(--x,", "not (", "@supports (", "& {"]
    {
        let deep = open.repeat(20_000);
        style_with(&deep);
        style_with(&format!("* {{ width: {deep}"));
        style_with(&format!("@supports {deep}"));
        style_with(&format!("@media {deep}"));
    }
}
