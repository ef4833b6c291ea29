//! Web fonts from bytes to glyph masks: formats, fall-through, ranges of code points, and damage.

use std::path::Path;
use std::sync::Arc;

use siskin_engine::css::font_face::{FontFace, FontFaceSource};
use siskin_engine::css::values::FontStyle;
use siskin_engine::discovery::Blocking;
use siskin_engine::load::{Resource, ResourceState, ResourceTable};
use siskin_engine::style::{ComputedStyle, Font, FontFamily};
use siskin_net::{Destination, FetchId};
use siskin_render::font::{FontContext, FontId, FontSource};
use siskin_render::glyph::{GlyphCache, snap};
use url::Url;

fn file(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn url(name: &str) -> Url {
    Url::parse("https://fonts.test/").and_then(|base| base.join(name)).expect("a valid name")
}

fn table(files: &[(&str, Vec<u8>)]) -> ResourceTable {
    let mut table = ResourceTable::default();
    for (index, (name, bytes)) in files.iter().enumerate() {
        table.insert(Resource {
            state: ResourceState::Ready {
                bytes: bytes.clone().into(),
                status: 200,
                content_type: None,
                final_url: url(name),
            },
            ..Resource::pending(FetchId(index as u64), url(name), Destination::Font, Blocking::None)
        });
    }
    table
}

fn face(family: &str, sources: &[&str]) -> FontFace {
    FontFace {
        family: Arc::from(family),
        sources: sources.iter().map(|name| FontFaceSource::Url(url(name))).collect(),
        weight: (400.0, 400.0),
        style: FontStyle::Normal,
        stretch: (1.0, 1.0),
        unicode_range: Vec::new(),
        sheet_url: url("sheet.css"),
    }
}

fn style(family: &str, weight: f32) -> Font {
    Font {
        font_family: Arc::from([FontFamily::Named(Arc::from(family))]),
        font_size: 16.0,
        font_weight: weight,
        ..Font::clone(&ComputedStyle::initial().font)
    }
}

fn primary(fonts: &FontContext, family: &str) -> FontId {
    fonts.primary_font(&style(family, 400.0)).expect("there is always a font")
}

/// A WOFF 1 file with its tables stored as they are: <https://www.w3.org/TR/WOFF/#OverallStructure>.
fn woff(sfnt: &[u8]) -> Vec<u8> {
    let short = |at: usize| u16::from_be_bytes([sfnt[at], sfnt[at + 1]]);
    let long = |at: usize| u32::from_be_bytes([sfnt[at], sfnt[at + 1], sfnt[at + 2], sfnt[at + 3]]) as usize;
    let count = usize::from(short(4));
    let mut directory = Vec::new();
    let mut data = Vec::new();
    for record in (0..count).map(|index| 12 + index * 16) {
        let (offset, length) = (long(record + 8), long(record + 12));
        let start = 44 + count * 20 + data.len();
        directory.extend_from_slice(&sfnt[record..record + 4]);
        for value in [start, length, length, long(record + 4)] {
            directory.extend_from_slice(&(value as u32).to_be_bytes());
        }
        data.extend_from_slice(&sfnt[offset..offset + length]);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let total = 44 + directory.len() + data.len();
    let mut out = b"wOFF".to_vec();
    out.extend_from_slice(&sfnt[..4]);
    out.extend_from_slice(&(total as u32).to_be_bytes());
    out.extend_from_slice(&(count as u16).to_be_bytes());
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&(sfnt.len() as u32).to_be_bytes());
    out.extend_from_slice(&[0; 24]);
    out.extend(directory);
    out.extend(data);
    out
}

#[test]
fn all_formats_and_falling_through() {
    let sans = file("fonts/LiberationSans-Regular.ttf");
    let files = [
        ("a.ttf", sans.clone()),
        ("a.woff", woff(&sans)),
        ("a.woff2", file("../test-pages/sites/showcase/fonts/siskin-display.woff2")),
        ("html.ttf", b"<!doctype html><title>404</title>".to_vec()),
        ("empty.woff2", Vec::new()),
        ("cut.woff2", b"wOF2\x00\x01\x00\x00\xff\xff\xff\xff".to_vec()),
    ];
    let rules = [
        face("Ttf", &["a.ttf"]),
        face("Woff", &["a.woff"]),
        face("Woff2", &["a.woff2"]),
        face("Second", &["html.ttf", "missing.ttf", "cut.woff2", "empty.woff2", "a.ttf"]),
        face("Broken", &["html.ttf", "missing.ttf"]),
    ];
    let base = FontContext::new(FontSource::Bundled);
    let fonts = base.with_web_fonts(&rules, &table(&files));
    let standard = primary(&fonts, "no such family");
    let sans_metrics = fonts.line_metrics(primary(&fonts, "Arial"), 100.0);
    for family in ["ttf", "Woff", "Second"] {
        let id = primary(&fonts, family);
        assert_ne!(id, standard, "{family}");
        assert_eq!(fonts.line_metrics(id, 100.0), sans_metrics, "{family}");
    }
    assert_ne!(primary(&fonts, "Woff2"), standard);
    assert_eq!(
        primary(&fonts, "Broken"),
        standard,
        "a face without a usable source is as if it were not there"
    );
    assert_eq!(primary(&base, "Ttf"), standard, "the context it was made from has no web fonts");
}

#[test]
fn bold_is_synthesized_and_ranges_are_kept() {
    let files = [
        ("sans.ttf", file("fonts/LiberationSans-Regular.ttf")),
        ("mono.ttf", file("fonts/LiberationMono-Regular.ttf")),
        ("bold.ttf", file("fonts/LiberationSans-Bold.ttf")),
    ];
    let digits = FontFace { unicode_range: vec![(0x30, 0x39)], ..face("Mixed", &["mono.ttf"]) };
    let bold = FontFace { weight: (700.0, 700.0), ..face("Real", &["bold.ttf"]) };
    let rules = [face("Mixed", &["sans.ttf"]), digits, face("Real", &["sans.ttf"]), bold];
    let fonts = FontContext::new(FontSource::Bundled).with_web_fonts(&rules, &table(&files));
    let sans = fonts.line_metrics(primary(&fonts, "Arial"), 16.0);
    let mixed = primary(&fonts, "Mixed");
    assert_eq!(
        fonts.line_metrics(mixed, 16.0),
        sans,
        "a face without the space is not the first available font"
    );
    let heavy = fonts.primary_font(&style("Mixed", 700.0)).expect("a font");
    assert!(heavy.is_synthetic_bold());
    let real = fonts.primary_font(&style("Real", 700.0)).expect("a font");
    assert!(!real.is_synthetic_bold());
    let wide = |id: FontId| {
        let mut cache = GlyphCache::new();
        let (_, _, subpixel) = snap(0.0, 0.0);
        let mask = cache.mask(&fonts, id, 36, 40.0, subpixel).expect("an A has ink");
        mask.coverage.iter().map(|byte| u64::from(*byte)).sum::<u64>()
    };
    assert!(wide(heavy) > wide(mixed), "emboldened glyphs have more ink");
}

/// A small generator of numbers, so that a failure repeats.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

#[test]
fn damage_does_no_harm() {
    let originals = [
        file("fonts/LiberationSans-Regular.ttf"),
        file("../test-pages/sites/showcase/fonts/siskin-display.woff2"),
        woff(&file("fonts/LiberationMono-Regular.ttf")),
    ];
    let base = FontContext::new(FontSource::Bundled);
    let mut random = Random(42);
    let mut usable = 0;
    for round in 0..90 {
        let mut bytes = originals[round % 3].clone();
        if round % 4 == 0 {
            bytes.truncate(random.below(bytes.len()));
        }
        for _ in 0..random.below(300) {
            // Half of the damage goes into the headers and the first tables.
            let limit = if round % 2 == 0 { bytes.len().min(6000) } else { bytes.len() };
            let (at, value) = (random.below(limit), random.below(256) as u8);
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
        }
        let fonts = base.with_web_fonts(&[face("Damaged", &["x"])], &table(&[("x", bytes)]));
        let id = primary(&fonts, "Damaged");
        usable += usize::from(id != primary(&base, "Damaged"));
        let line = fonts.line_metrics(id, 16.0);
        assert!(line.line_spacing().is_finite());
        let mut cache = GlyphCache::new();
        for glyph in [0, 3, 36, 68, 200, 65_535, u32::MAX] {
            for size in [0.0, 1.0, 16.0, 300.0] {
                let (_, _, subpixel) = snap(0.3, 0.0);
                cache.mask(&fonts, id, glyph, size, subpixel);
            }
        }
    }
    assert!(usable > 20, "some damaged fonts are still fonts: {usable}");
}

#[test]
fn one_glyph_cache_serves_one_page_after_another() {
    let collection = FontContext::new(FontSource::Bundled);
    let page = |font: &str| {
        let files = [("a.ttf", file(font))];
        collection.with_web_fonts(&[face("Own", &["a.ttf"])], &table(&files))
    };
    let (serif, mono) = (page("fonts/LiberationSerif-Regular.ttf"), page("fonts/LiberationMono-Regular.ttf"));
    assert_eq!(
        primary(&serif, "Own"),
        primary(&mono, "Own"),
        "ids of web fonts are used again by the next page"
    );
    let (_, _, subpixel) = snap(0.0, 0.0);
    let coverage = |cache: &mut GlyphCache, fonts: &FontContext| {
        cache
            .mask(fonts, primary(fonts, "Own"), 36, 32.0, subpixel)
            .expect("the glyph has ink")
            .coverage
            .clone()
    };
    let mut cache = GlyphCache::new();
    let first = coverage(&mut cache, &serif);
    assert_ne!(first, coverage(&mut cache, &mono), "another page's font has another shape");
    assert_eq!(first, coverage(&mut cache, &serif));
}
