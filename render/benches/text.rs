//! Shaping, measuring and drawing 43 kB of Latin text in 90 paragraphs, in the bundled fonts.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use siskin_engine::style::{ComputedStyle, Font, FontFamily};
use siskin_render::font::{FontContext, FontSource};
use siskin_render::glyph::{GlyphCache, snap};
use siskin_render::text::{BaseDirection, ItemContent, LineStart, ShapedText, TextCache, TextItem};

const SENTENCE: &str =
    "Browsers lay out text by shaping whole paragraphs, and then cut them into lines; AVAST, To Wit. ";

/// Paragraphs that differ from each other, so that no cache holds them beforehand.
fn paragraphs() -> Vec<String> {
    (0..90).map(|index| format!("{index} {}", SENTENCE.repeat(5))).collect()
}

fn shape(text: &str, style: &ComputedStyle, fonts: &FontContext, cache: &mut TextCache) -> ShapedText {
    let item = TextItem::new(0..text.len(), ItemContent::Text, style);
    ShapedText::new(text.to_owned(), vec![item], BaseDirection::Ltr, fonts, cache)
}

/// Greedy lines of 800 px.
fn lines(shaped: &ShapedText, fonts: &FontContext, cache: &mut TextCache) -> usize {
    let (mut start, mut fitting, mut count) = (0, 0, 0);
    let ends = shaped.break_opportunities().iter().map(|found| found.offset);
    for end in ends.chain([shaped.text().len()]) {
        if fitting > start && shaped.width(start..end, LineStart::default(), fonts, cache) > 800.0 {
            count += shaped.line(start..fitting, LineStart::default(), fonts, cache).len();
            start = fitting;
        }
        fitting = end;
    }
    count
}

fn bench(criterion: &mut Criterion) {
    let fonts = FontContext::new(FontSource::Bundled);
    let mut style = ComputedStyle::initial();
    let font = Font::clone(&style.font);
    style.font = Arc::new(Font { font_family: Arc::from([FontFamily::Named(Arc::from("Arial"))]), ..font });
    let texts = paragraphs();
    criterion.bench_function("shape 43 kB, cold", |bencher| {
        bencher.iter(|| {
            let mut cache = TextCache::new();
            texts.iter().map(|text| shape(text, &style, &fonts, &mut cache).text().len()).sum::<usize>()
        });
    });
    let mut cache = TextCache::new();
    criterion.bench_function("shape 43 kB, again", |bencher| {
        bencher.iter(|| {
            texts.iter().map(|text| shape(text, &style, &fonts, &mut cache).text().len()).sum::<usize>()
        });
    });
    let shaped: Vec<ShapedText> = texts.iter().map(|text| shape(text, &style, &fonts, &mut cache)).collect();
    criterion.bench_function("break 43 kB into lines", |bencher| {
        bencher.iter(|| shaped.iter().map(|text| lines(text, &fonts, &mut cache)).sum::<usize>());
    });
    criterion.bench_function("184 glyph masks, cold", |bencher| {
        let font = fonts.primary_font(&style.font).unwrap_or(siskin_render::font::FontId(0));
        let (_, _, subpixel) = snap(0.25, 0.0);
        bencher.iter(|| {
            let mut glyphs = GlyphCache::new();
            (3..187)
                .filter(|glyph| black_box(glyphs.mask(&fonts, font, *glyph, 16.0, subpixel)).is_some())
                .count()
        });
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
