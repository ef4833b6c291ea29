//! Boxes and layout of 10,000 elements: blocks, floats and text.

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use siskin_engine::css::media::Device;
use siskin_engine::html::{ParserOptions, parse_document};
use siskin_engine::load::ResourceTable;
use siskin_engine::style::resolve;
use siskin_engine::{Snapshot, Viewport};
use siskin_render::font::{FontContext, FontSource};
use siskin_render::layout::layout;
use url::Url;

/// 2,500 articles of four elements each.
fn page() -> String {
    let mut html = String::from("<!DOCTYPE html><body>");
    for index in 0..2_500 {
        let _ = write!(
            html,
            "<div style='padding: 4px; border: 1px solid'><div style='float: left; width: 40px; height: 30px'></div>\
             <p>Article {index} has <em>some</em> words that go over more than one line of the page.</p></div>"
        );
    }
    html
}

/// 1,000 containers of nine items each, in three levels.
fn containers(display: &str) -> String {
    let mut html = format!(
        "<!DOCTYPE html><style>.c {{ display: {display}; gap: 4px; grid-template-columns: 1fr 2fr 1fr }}</style><body>"
    );
    for _ in 0..1_000 {
        html.push_str(
            "<div class=c><div class=c><p>a</p><p>b</p><p>c</p></div><div class=c><p>d</p><p>e</p></div><p>f</p></div>",
        );
    }
    html
}

fn snapshot(fonts: &FontContext, html: &str) -> Snapshot {
    let url = Url::parse("about:blank").expect("the URL is valid");
    let (document, _) = parse_document(url, html.as_bytes(), &ParserOptions::default());
    let viewport = Viewport { width: 600.0, ..Viewport::default() };
    let styles = resolve(&document, &[], &Device::screen(viewport), fonts);
    Snapshot {
        generation: 0,
        document: Arc::new(document),
        styles: Arc::new(styles),
        resources: Arc::new(ResourceTable::default()),
        font_faces: Arc::from([]),
        frames: Arc::default(),
        viewport,
    }
}

fn bench(criterion: &mut Criterion) {
    let fonts = FontContext::new(FontSource::Bundled);
    let pages = [
        ("layout of 10,000 elements", page()),
        ("layout of 9,000 flex items and containers", containers("flex")),
        ("layout of 9,000 grid items and containers", containers("grid")),
    ];
    for (name, html) in pages {
        let snapshot = snapshot(&fonts, &html);
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| black_box(layout(&snapshot, &fonts, &|_| None)));
        });
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
