//! Every page of test-pages with a `.rects` expectation: one line for each element with an id, in document order:
//! the id, then x, y, width and height of its border box in CSS px, rounded to 1/100, or `none` without a box.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod disk;

use std::fmt::Write as _;

use siskin_render::font::{FontContext, FontSource};

#[test]
fn rectangles_are_as_expected() {
    let fonts = FontContext::new(FontSource::Bundled);
    let cases = siskin_test_pages::case::with_expectation("rects").unwrap();
    assert!(!cases.is_empty(), "the cases are part of the project");
    let failures: Vec<String> =
        cases.iter().filter_map(|case| case.check(&actual(&case.page, &fonts)).err()).collect();
    assert!(failures.is_empty(), "{} of {} differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

fn actual(page: &std::path::Path, fonts: &FontContext) -> String {
    let folder = page.parent().unwrap();
    let page = disk::lay_out(folder, page.file_name().unwrap().to_str().unwrap(), fonts);
    let rects = page.fragments.rects();
    let mut out = String::new();
    for element in page.document.elements() {
        let Some(id) = page.document.element(element).and_then(|data| data.id()) else { continue };
        match rects.element(element) {
            None => writeln!(out, "{id} none").unwrap(),
            Some(rect) => {
                let px = |length: siskin_render::geometry::Lu| (length.to_px() * 100.0).round() / 100.0;
                let (origin, size) = (rect.origin, rect.size);
                let (x, y) = (px(origin.x), px(origin.y));
                writeln!(out, "{id} {x} {y} {} {}", px(size.width), px(size.height)).unwrap();
            }
        }
    }
    out
}
