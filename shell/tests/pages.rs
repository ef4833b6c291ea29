//! Pages under `test-pages/pages` that must look like another page, written by other means, or must not.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod camera;

use std::path::{Path, PathBuf};

use camera::{Camera, difference};
use siskin_test_pages::case::{mismatch_pairs, reference_pairs};

/// Why two pages do not look the same; `None` when they do.
fn compare(camera: &mut Camera, page: &Path, reference: &Path) -> Option<String> {
    difference(&camera.take_file(page), &camera.take_file(reference))
}

/// The size of a picture. The pages fit in.
fn camera() -> Camera {
    Camera::new(800.0, 600.0)
}

#[test]
fn pages_look_like_their_references() {
    let mut camera = camera();
    let pairs = reference_pairs().unwrap();
    assert!(pairs.len() >= 12, "the pairs were not found");
    let faults: Vec<String> = pairs
        .iter()
        .filter_map(|(page, reference)| {
            let difference = compare(&mut camera, page, reference)?;
            Some(format!("{}: {difference}", page.display()))
        })
        .collect();
    assert!(faults.is_empty(), "{} of {} pairs:\n{}", faults.len(), pairs.len(), faults.join("\n"));
}

#[test]
fn pages_differ_from_what_they_must_not_look_like() {
    let mut camera = camera();
    let pairs = mismatch_pairs().unwrap();
    assert!(!pairs.is_empty(), "the pairs were not found");
    for (page, other) in pairs {
        assert!(compare(&mut camera, &page, &other).is_some(), "{} looks the same", page.display());
    }
}

/// Two pages that only show white would be equal as well: a reference must show something.
#[test]
fn references_are_not_empty() {
    let mut camera = camera();
    for (page, _) in reference_pairs().unwrap() {
        let picture = camera.take_file(&page);
        let pixels = picture.data.as_chunks::<4>().0;
        assert!(pixels.iter().any(|pixel| *pixel != pixels[0]), "{} is one colour", page.display());
    }
}

#[test]
fn one_pixel_of_difference_is_found() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("one-pixel");
    std::fs::create_dir_all(&folder).unwrap();
    let page = |name: &str, width: u32| {
        let file = folder.join(name);
        let markup = format!(
            "<!DOCTYPE html><body style='margin: 0'><div style='width: {width}px; height: 1px; background: #000'></div>"
        );
        std::fs::write(&file, markup).unwrap();
        file
    };
    let (three, four) = (page("three.html", 3), page("four.html", 4));
    let mut camera = camera();
    assert_eq!(compare(&mut camera, &three, &three), None);
    let difference = compare(&mut camera, &three, &four).unwrap();
    assert!(difference.starts_with("1 pixels differ, the first at 3, 0"), "{difference}");
}
