//! Parsing a large sheet, and the style of many elements under many rules.

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::fmt::Write as _;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use siskin_engine::Viewport;
use siskin_engine::css::{Device, Origin, parse_stylesheet};
use siskin_engine::html::{ParserOptions, parse_document};
use siskin_engine::style::{GuessedMetrics, SheetRef, resolve};
use url::Url;

/// A sheet of `rules` rules in the manner of a component library: mostly classes, some nested in others.
fn sheet(rules: usize) -> String {
    let mut text = String::from(":root { --accent: #336699; --gap: 4px }\n");
    for i in 0..rules {
        let selector = match i % 6 {
            0 => format!(".c{i}"),
            1 => format!(".c{} > .c{i}", i / 2),
            2 => format!(".c{} .c{i}:hover, .c{i}:not(.x)", i / 3),
            3 => format!("div.c{i}::before"),
            4 => format!(".c{i} + .c{i}, .c{i}:first-child"),
            _ => format!("#i{i} p"),
        };
        writeln!(
            text,
            "{selector} {{ margin: 0 {}px; padding: var(--gap); color: var(--accent); border: 1px solid #ddd; font-size: 1.{}rem }}",
            i % 7,
            i % 10
        )
        .unwrap();
    }
    text
}

/// A page of about `elements` elements with classes of that sheet.
fn page(elements: usize, rules: usize) -> String {
    let mut html = String::from("<!doctype html><body>");
    for i in 0..elements / 5 {
        let class = |k: usize| (i * 7 + k * 13) % rules;
        write!(
            html,
            "<div id=i{i} class='c{} c{}'><p class=c{}>text <a href=x class=c{}>link</a></p><span>more</span><b>bold</b></div>",
            class(0),
            class(1),
            class(2),
            class(3)
        )
        .unwrap();
    }
    html
}

fn style(criterion: &mut Criterion) {
    let url = Url::parse("http://bench.example/").unwrap();
    let text = sheet(3000);
    let mut group = criterion.benchmark_group("style");
    group.sample_size(10);
    group.bench_function(format!("parse a sheet of {} kB", text.len() / 1000), |b| {
        b.iter(|| parse_stylesheet(&text, &url, Origin::Author, false));
    });
    let html = page(10_000, 3000);
    let (document, _) = parse_document(url.clone(), html.as_bytes(), &ParserOptions::default());
    let sheets = [SheetRef::new(Arc::new(parse_stylesheet(&text, &url, Origin::Author, false).0))];
    let device = Device::screen(Viewport::default());
    group.bench_function(format!("{} elements by 3000 rules", document.elements().count()), |b| {
        b.iter(|| resolve(&document, &sheets, &device, &GuessedMetrics));
    });
    let (empty, _) = parse_document(url.clone(), b"<!doctype html><p>x", &ParserOptions::default());
    group.bench_function("a page of one paragraph", |b| {
        b.iter(|| resolve(&empty, &[], &device, &GuessedMetrics));
    });
    group.finish();
}

criterion_group!(benches, style);
criterion_main!(benches);
