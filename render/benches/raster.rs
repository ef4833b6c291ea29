//! Painting: rectangles, glyphs, a smaller image; and the PNG of a whole page.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use siskin_engine::css::media::Device;
use siskin_engine::html::{ParserOptions, parse_document};
use siskin_engine::load::ResourceTable;
use siskin_engine::style::{ComputedStyle, resolve};
use siskin_engine::{Snapshot, Viewport};
use siskin_render::display_list::{DisplayItem, DisplayList, Rgba, SQUARE};
use siskin_render::font::{FontContext, FontId, FontSource};
use siskin_render::geometry::DeviceRect;
use siskin_render::glyph::GlyphCache;
use siskin_render::image::{DecodedImage, ImageCache, resample};
use siskin_render::output::png;
use siskin_render::pipeline::{Area, render};
use siskin_render::raster::{Palette, Pixmap, paint};
use siskin_render::text::Glyph;
use url::Url;

/// What is painted.
const AREA: DeviceRect = DeviceRect { x: 0, y: 0, width: 800, height: 600 };

fn list(items: Vec<DisplayItem>) -> DisplayList {
    DisplayList { items, bounds: AREA, canvas: Rgba::WHITE, scale: 1.0 }
}

/// 2,000 rectangles of 60 x 40 pixels.
fn rectangles() -> DisplayList {
    let rectangle = |index: i32| DisplayItem::Rect {
        rect: DeviceRect { x: index * 37 % 740, y: index * 53 % 560, width: 60, height: 40 },
        radii: SQUARE,
        color: Rgba::opaque((index % 251) as u8, 90, 160),
    };
    list((0..2_000).map(rectangle).collect())
}

/// 5,000 glyphs in 50 lines, at four places between pixels.
fn glyphs(font: FontId) -> DisplayList {
    let line = |line: i32| {
        let glyphs = (0..100_u16).map(|index| Glyph {
            id: u32::from(36 + index % 52),
            x: f32::from(index) * 7.75,
            y: 0.0,
        });
        DisplayItem::Glyphs {
            font,
            size: 14.0,
            origin: (4.0, (line * 11 + 20) as f32),
            glyphs: glyphs.collect(),
            color: Rgba::opaque(20, 20, 20),
        }
    };
    list((0..50).map(line).collect())
}

/// The showcase page, its sheets in the order in which it names them, without images.
fn showcase(fonts: &FontContext) -> Pixmap {
    let folder = siskin_test_pages::site("showcase");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let sheets = ["type.css", "base.css", "showcase.css"].map(|name| read(&folder.join("css").join(name)));
    let html =
        format!("<!DOCTYPE html><style>{}</style>{}", sheets.concat(), read(&folder.join("index.html")));
    let url = Url::parse("about:blank").expect("the URL is valid");
    let (document, _) = parse_document(url, html.as_bytes(), &ParserOptions::default());
    let viewport = Viewport { width: 1280.0, height: 800.0, scale: 1.0 };
    let styles = resolve(&document, &[], &Device::screen(viewport), fonts);
    let snapshot = Snapshot {
        generation: 0,
        document: Arc::new(document),
        styles: Arc::new(styles),
        resources: Arc::new(ResourceTable::default()),
        font_faces: Arc::from([]),
        frames: Arc::default(),
        viewport,
    };
    render(&snapshot, fonts, Area::Viewport, Rgba::WHITE, &mut GlyphCache::new())
        .expect("1280 x 800 pixels are within the limits")
}

fn bench(criterion: &mut Criterion) {
    let fonts = FontContext::new(FontSource::Bundled);
    let images = ImageCache::new(&ResourceTable::default());
    let mut cache = GlyphCache::new();
    let mut picture = |list: &DisplayList| {
        let mut palette = Palette { fonts: &fonts, images: &images, glyphs: &mut cache };
        paint(black_box(list), AREA, Rgba::WHITE, &mut palette)
    };
    let rectangles = rectangles();
    criterion.bench_function("2,000 opaque rectangles", |bencher| bencher.iter(|| picture(&rectangles)));
    let font = fonts.primary_font(&ComputedStyle::initial().font).unwrap_or(FontId(0));
    let glyphs = glyphs(font);
    // Twice, and the first time is not measured: the cache is warm.
    let _ = picture(&glyphs);
    criterion.bench_function("5,000 glyphs, warm", |bencher| bencher.iter(|| picture(&glyphs)));
    let image = DecodedImage {
        width: 600,
        height: 400,
        data: (0..600 * 400 * 4_u32).map(|index| (index % 251) as u8).collect(),
        is_opaque: false,
    };
    criterion.bench_function("600 x 400 image, halved", |bencher| {
        bencher.iter(|| resample::shrink(black_box(&image), 300, 200));
    });
    let page = showcase(&fonts);
    criterion.bench_function("PNG of a page, 1280 x 800", |bencher| {
        bencher.iter(|| png::encode(black_box(&page)).map(|bytes| bytes.len()));
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
