//! The encoding cases of html5lib-tests: which encoding a page's bytes are read in.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::path::{Path, PathBuf};

use siskin_engine::html::{ParserOptions, parse_document};
use url::Url;

#[test]
fn html5lib_encodings_are_determined() {
    let root = match std::env::var_os("SISKIN_SHARED") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
    };
    let folder = root.join("html5lib-tests/encoding");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let (mut passed, mut failed) = (0, Vec::new());
    for file in ["tests1.dat", "tests2.dat", "test-yahoo-jp.dat"] {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        for (number, (data, expected)) in cases(&bytes).into_iter().enumerate() {
            let url = Url::parse("http://example.org/").unwrap();
            let (document, _) = parse_document(url, &data, &ParserOptions::default());
            if document.encoding.eq_ignore_ascii_case(&expected) {
                passed += 1;
            } else {
                failed.push(format!("{file} {number}: {expected} and not {}", document.encoding));
            }
        }
    }
    println!("html5lib encoding: {passed} pass, {} fail", failed.len());
    assert!(passed > 70);
    assert!(failed.is_empty(), "{failed:?}");
}

/// Bytes between `#data` and `#encoding`, and the label after it.
fn cases(bytes: &[u8]) -> Vec<(Vec<u8>, String)> {
    let mut cases: Vec<(Vec<u8>, String)> = Vec::new();
    let mut in_data = false;
    let mut in_label = false;
    for line in bytes.split(|&b| b == b'\n') {
        if line == b"#data" {
            cases.push(Default::default());
            (in_data, in_label) = (true, false);
        } else if line == b"#encoding" {
            (in_data, in_label) = (false, true);
        } else if let Some(case) = cases.last_mut() {
            if in_data {
                case.0.extend_from_slice(line);
                case.0.push(b'\n');
            } else if in_label && !line.is_empty() {
                case.1 = String::from_utf8_lossy(line).into_owned();
            }
        }
    }
    for (data, _) in &mut cases {
        data.pop();
    }
    cases
}
