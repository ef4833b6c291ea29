//! Pairs of test-pages, `NAME.html` and `NAME-ref.html`: both must give the same picture.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "the other tests of this folder use the rest of it")]
mod disk;

use std::path::Path;

use siskin_render::display_list::Rgba;
use siskin_render::font::{FontContext, FontSource};
use siskin_render::glyph::GlyphCache;
use siskin_render::pipeline::{Area, render};

#[test]
fn pairs_give_the_same_picture() {
    let fonts = FontContext::new(FontSource::Bundled);
    let pairs = siskin_test_pages::case::reference_pairs().unwrap();
    assert!(!pairs.is_empty(), "the cases are part of the project");
    let failures: Vec<String> = pairs
        .iter()
        .filter_map(|(page, reference)| {
            let (actual, expected) = (picture(page, &fonts), picture(reference, &fonts));
            let differing = actual.iter().zip(&expected).filter(|(a, b)| a != b).count();
            (actual != expected).then(|| format!("{}: {differing} bytes differ", page.display()))
        })
        .collect();
    assert!(failures.is_empty(), "{} of {} differ:\n{}", failures.len(), pairs.len(), failures.join("\n"));
}

/// The viewport's pixels.
fn picture(page: &Path, fonts: &FontContext) -> Vec<u8> {
    let name = page.file_name().unwrap().to_str().unwrap();
    let snapshot = disk::snapshot(page.parent().unwrap(), name, fonts);
    render(&snapshot, fonts, Area::Viewport, Rgba::WHITE, &mut GlyphCache::default()).unwrap().data
}
