//! How fast a page becomes a document: our sink beside html5ever into RcDom, on a generated page.

#![allow(clippy::unwrap_used, missing_docs, reason = "criterion's macros write undocumented items")]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::RcDom;
use siskin_engine::html::{HtmlParser, ParserOptions};
use url::Url;

/// About 800 kB with the mix of a long article: sections, paragraphs with inline elements, lists, tables, classes.
fn page() -> String {
    let mut page = String::from(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Bench</title></head><body>",
    );
    for section in 0..400 {
        write!(
            page,
            "<section class=\"part part-{section}\" id=s{section}><h2>Section {section} &amp; more</h2>"
        )
        .unwrap();
        for paragraph in 0..8 {
            write!(
                page,
                "<p class=text>Paragraph {paragraph} with <a href=\"/s/{section}#p{paragraph}\">a link</a>, <em>emphasis</em> \
                 and <code>code</code>; it goes on for a while as prose does.</p>"
            )
            .unwrap();
        }
        page.push_str("<ul class=list><li>one<li>two<li>three <b>bold</b></ul><table><tr><td>1<td>2<tr><td>3<td>4</table></section>\n");
    }
    page.push_str("</body></html>");
    page
}

fn parse(criterion: &mut Criterion) {
    let page = page();
    let url = Url::parse("http://example.org/").unwrap();
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(page.len() as u64));
    group.bench_function("siskin", |bencher| {
        bencher.iter_batched(
            || HtmlParser::new(url.clone(), &ParserOptions::default()),
            |mut parser| {
                for chunk in page.as_bytes().chunks(16 * 1024) {
                    parser.feed(black_box(chunk));
                }
                parser.finish()
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("html5ever into RcDom", |bencher| {
        bencher.iter_batched(
            || html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()),
            |parser| parser.from_utf8().one(black_box(page.as_bytes())),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// Pages that are slow in parsers that are not linear, each with the time it may take on a usual machine.
fn worst(criterion: &mut Criterion) {
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=1")).collect();
    let pages = [
        // Within 1.5 times html5ever into RcDom.
        ("1 million siblings", "<p>x".repeat(1_000_000)),
        // Under two seconds each.
        ("100 thousand nested divs", "<div>".repeat(100_000)),
        ("100 thousand attributes", format!("<p{attributes}>x")),
        ("100 thousand nested lists", "<ul><li>".repeat(50_000)),
    ];
    let url = Url::parse("http://example.org/").unwrap();
    let mut group = criterion.benchmark_group("worst");
    group.sample_size(10);
    for (name, page) in &pages {
        group.bench_function(*name, |bencher| {
            bencher.iter_batched(
                || HtmlParser::new(url.clone(), &ParserOptions::default()),
                |mut parser| {
                    for chunk in page.as_bytes().chunks(16 * 1024) {
                        parser.feed(black_box(chunk));
                    }
                    parser.finish()
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.bench_function("1 million siblings, html5ever into RcDom", |bencher| {
        bencher.iter_batched(
            || html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()),
            |parser| parser.from_utf8().one(black_box(pages[0].1.as_bytes())),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, parse, worst);
criterion_main!(benches);
