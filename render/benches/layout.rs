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

fn snapshot(fonts: &FontContext) -> Snapshot {
    let url = Url::parse("about:blank").expect("the URL is valid");
    let (document, _) = parse_document(url, page().as_bytes(), &ParserOptions::default());
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
    let snapshot = snapshot(&fonts);
    criterion.bench_function("layout of 10,000 elements", |bencher| {
        bencher.iter(|| black_box(layout(&snapshot, &fonts, &|_| None)));
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
