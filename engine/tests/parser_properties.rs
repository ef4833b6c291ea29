//! What holds for any bytes: the parser ends, the tree is sound, and how the bytes were cut does not show.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use siskin_engine::Document;
use siskin_engine::html::{HtmlParser, ParserOptions, Syntax, parse_document};
use siskin_engine::limits::{FREE_NODES, MAX_NODES_PER_TAG, MAX_TREE_DEPTH};
use url::Url;

fn url() -> Url {
    Url::parse("http://example.org/").unwrap()
}

fn depth(document: &Document) -> usize {
    let depth_of = |n| document.ancestors(n).filter(|&a| document.element(a).is_some()).count() + 1;
    document.elements().map(depth_of).max().unwrap_or(0)
}

/// Pieces that take the tree builder to its odd corners, more often than random bytes would.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let tags = "html head body title style script noscript template table caption colgroup col tbody tr td th select \
                option optgroup selectedcontent button p div ul li dl dd b i a nobr font code applet marquee object svg \
                math mi annotation-xml foreignObject desc frameset frame iframe textarea plaintext xmp form input br \
                hr h1 h2 image base meta link ruby rt rp details main keygen mglyph";
    let tags: Vec<&'static str> = tags.split_ascii_whitespace().collect();
    let odd: Vec<&'static [u8]> = vec![
        b"\r\n",
        b"\r",
        b"\0",
        b"&amp",
        b"&notit;",
        b"&#x80;",
        b"&#",
        b"<!--",
        b"-->",
        b"--!>",
        b"<![CDATA[",
        b"]]>",
        b"<!doctype html>",
        b"<!doctype",
        b"<?x>",
        b"<?xml version='1.0' encoding='koi8-r'?>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'>",
        b"<a:b xmlns:a='c' a:d=''>",
        b"</a:b>",
        b"<script/>",
        b"</>",
        b"</",
        b"<",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xe9",
        b"\x1b$B",
        b"<meta charset=utf-8>",
        b"<meta charset=shift_jis>",
        b"<base href=x>",
        b" a='b' ",
        b"=",
        b"/>",
        b">",
    ];
    prop_oneof![
        6 => proptest::sample::select(tags.clone()).prop_map(|t| format!("<{t}>").into_bytes()),
        4 => proptest::sample::select(tags.clone()).prop_map(|t| format!("</{t}>").into_bytes()),
        1 => (proptest::sample::select(tags), 500..700_usize).prop_map(|(t, n)| format!("<{t}>").repeat(n).into_bytes()),
        3 => proptest::sample::select(odd).prop_map(<[u8]>::to_vec),
        2 => proptest::collection::vec(any::<u8>(), 0..12),
        2 => "[ a-zé\u{3042}]{0,12}".prop_map(String::into_bytes),
    ]
}

fn page() -> impl Strategy<Value = Vec<u8>> {
    let padding = prop_oneof![3 => Just(0_usize), 1 => 900..1200_usize, 1 => 4000..6000_usize];
    (proptest::collection::vec(piece(), 0..60), padding)
        .prop_map(|(pieces, padding)| [vec![b' '; padding], pieces.concat()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn how_the_bytes_are_cut_does_not_show(
        page in page(),
        cuts in proptest::collection::vec(0..64_usize, 1..20),
        scripting in any::<bool>(),
        syntax in proptest::sample::select(vec![Syntax::Html, Syntax::Xml]),
        transport_charset in proptest::option::of(proptest::sample::select(vec!["utf-8", "utf-16le", "nonsense"])),
    ) {
        let options = ParserOptions {
            scripting,
            transport_charset: transport_charset.map(str::to_owned),
            syntax,
            ..ParserOptions::default()
        };
        let (whole, _) = parse_document(url(), &page, &options);
        prop_assert_eq!(whole.check_invariants(), Ok(()));
        prop_assert!(depth(&whole) <= MAX_TREE_DEPTH);

        let mut parser = HtmlParser::new(url(), &options);
        let (mut rest, mut taken) = (page.as_slice(), 0);
        for length in cuts.iter().cycle() {
            let (chunk, after) = rest.split_at((*length).min(rest.len()));
            parser.feed(chunk);
            taken += parser.take_new_elements().len();
            rest = after;
            if rest.is_empty() || cuts.iter().all(|&c| c == 0) {
                break;
            }
        }
        parser.feed(rest);
        parser.end();
        taken += parser.take_new_elements().len();
        let (parts, _) = parser.finish();
        prop_assert_eq!(parts.check_invariants(), Ok(()));
        prop_assert_eq!(whole.encoding, parts.encoding);
        prop_assert_eq!(&whole.base_url, &parts.base_url);
        prop_assert_eq!(whole.quirks_mode, parts.quirks_mode);
        prop_assert!(taken >= parts.elements().count(), "{} of {} elements were told", taken, parts.elements().count());
        prop_assert_eq!(whole.dump(whole.root()), parts.dump(parts.root()));
    }

    #[test]
    fn serialized_documents_serialize_alike_again(page in page()) {
        // Not every tree survives serializing, but writing it never ends badly.
        let (document, _) = parse_document(url(), &page, &ParserOptions::default());
        let html = document.outer_html(document.root());
        let options = ParserOptions { transport_charset: Some("utf-8".to_owned()), ..ParserOptions::default() };
        let (again, _) = parse_document(url(), html.as_bytes(), &options);
        prop_assert_eq!(again.check_invariants(), Ok(()));
    }
}

#[test]
fn a_hundred_thousand_open_elements_are_no_trouble() {
    let patterns = [
        ("<div>", 100_000),
        ("<ul><li>", 5_000),
        ("<b>", 5_000),
        ("<svg><g>", 5_000),
        ("<table><tr><td>", 3_000),
        ("<template>", 5_000),
    ];
    for (open, times) in patterns {
        let page = format!("<!doctype html>{}x", open.repeat(times));
        let (document, diagnostics) = parse_document(url(), page.as_bytes(), &ParserOptions::default());
        assert!(depth(&document) <= MAX_TREE_DEPTH, "{open}");
        assert!(diagnostics.iter().any(|d| d.message.contains("nested deeper")), "{open}");
        assert_eq!(document.text_content(document.root()).len(), usize::from(open != "<template>"), "{open}");
        assert!(document.outer_html(document.root()).len() > times, "{open}");
        assert!(document.dump(document.root()).len() > times, "{open}");
        let copy = document.clone();
        drop(document);
        drop(copy);
    }
}

#[test]
fn elements_past_the_cap_become_siblings_as_in_chromium() {
    // Chromium 156 prints the same for each of these pages (--dump-dom).
    let nested = |tag: &str, times: usize, inner: &str| {
        format!("{}{inner}{}", format!("<{tag}>").repeat(times), format!("</{tag}>").repeat(times))
    };
    let flat = |tag: &str, times: usize| format!("<{tag}></{tag}>").repeat(times);
    let cases = [
        (
            format!("{}x{}<p>after", "<div>".repeat(600), "</div>".repeat(600)),
            format!("{}<p>after</p>", nested("div", 510, &format!("{}<div>x</div>", flat("div", 89)))),
        ),
        (
            format!("{}x{}<p>after", "<div>".repeat(600), "</div>".repeat(95)),
            nested(
                "div",
                505,
                &format!("{}<p>after</p>", nested("div", 5, &format!("{}<div>x</div>", flat("div", 89)))),
            ),
        ),
        (
            format!("<section>{}x</section><p>after", "<span>".repeat(600)),
            format!(
                "<section>{}</section><p>after</p>",
                nested("span", 509, &format!("{}<span>x</span>", flat("span", 90)))
            ),
        ),
    ];
    for (body, expected) in cases {
        let page = format!("<!DOCTYPE html><body>{body}");
        let (document, _) = parse_document(url(), page.as_bytes(), &ParserOptions::default());
        assert_eq!(document.inner_html(document.body().unwrap()), expected);
    }
}

#[test]
fn formatting_elements_do_not_multiply_without_bound() {
    let many_fonts: String = (0..3000).map(|i| format!("<p><b id={i}></p>")).collect();
    let pages = [
        format!("<!doctype html>{many_fonts}{}", "<div>x</div>".repeat(3000)),
        (0..6000).map(|i| format!("<font size={i}><p>")).collect(),
        format!("<select><button><selectedcontent></button>{}", "<option selected>x<b>y</b>".repeat(3000)),
        "<!---->".repeat(3000),
    ];
    for page in pages {
        let (document, _) = parse_document(url(), page.as_bytes(), &ParserOptions::default());
        let tags = page.matches('<').count();
        // One tag may make what the list of formatting elements holds, before the parser looks again.
        let allowed = FREE_NODES + MAX_NODES_PER_TAG * tags + 7000;
        assert!(document.node_slots() <= allowed, "{} nodes of {tags} tags", document.node_slots());
        assert!(depth(&document) <= MAX_TREE_DEPTH);
        document.check_invariants().unwrap();
    }
}
