//! Trees as HTML again.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use siskin_engine::dom::{Document, QualName, local_name, ns};
use siskin_engine::html::{ParserOptions, parse_document, parse_fragment};
use url::Url;

fn parse(page: &str) -> Document {
    let url = Url::parse("http://example.org/").unwrap();
    parse_document(url, page.as_bytes(), &ParserOptions::default()).0
}

#[test]
fn bodies_are_written_as_the_standard_says() {
    let cases = [
        ("a&b&lt;c>\u{a0}", "a&amp;b&lt;c&gt;&nbsp;"),
        ("<p title='\"&<>\u{a0}'>", "<p title=\"&quot;&amp;&lt;&gt;&nbsp;\"></p>"),
        ("<br><img><wbr>x", "<br><img><wbr>x"),
        ("<style>a>b</style><xmp><&</xmp>", "<style>a>b</style><xmp><&</xmp>"),
        ("<noscript>a&lt;b</noscript>", "<noscript>a&lt;b</noscript>"),
        ("<svg><style>a&gt;b</style></svg>", "<svg><style>a&gt;b</style></svg>"),
        (
            "<svg xlink:href=x xml:lang=y xmlns:xlink=z />",
            "<svg xlink:href=\"x\" xml:lang=\"y\" xmlns:xlink=\"z\"></svg>",
        ),
        ("<template><p>x</template>", "<template><p>x</p></template>"),
        ("<!--c-->", "<!--c-->"),
        ("<table><td>x", "<table><tbody><tr><td>x</td></tr></tbody></table>"),
    ];
    for (body, expected) in cases {
        let document = parse(&format!("<!doctype html><meta charset=utf-8><body>{body}"));
        assert_eq!(document.inner_html(document.body().unwrap()), expected, "{body}");
    }
}

#[test]
fn a_fragment_is_read_in_its_context() {
    let url = Url::parse("http://example.org/").unwrap();
    let context = QualName::new(ns!(html), local_name!("tr"));
    let (document, _) = parse_fragment(url, "<td>x<p>y", context, &ParserOptions::default());
    let root = document.document_element().unwrap();
    assert_eq!(document.inner_html(root), "<td>x<p>y</p></td>");
    assert_eq!(document.dump(root), "| <td>\n|   \"x\"\n|   <p>\n|     \"y\"\n");
}
