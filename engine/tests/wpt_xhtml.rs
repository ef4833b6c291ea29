//! web-platform-tests written in XHTML, all of which are well-formed: none gives a parse error.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use siskin_engine::dom::ns;
use siskin_engine::html::{ParserOptions, Syntax, parse_document};
use url::Url;

/// Folders with CDATA sections, entities, odd encodings and control characters.
const FOLDERS: [&str; 4] = ["syntax", "text", "fonts", "generated-content"];

#[test]
fn well_formed_pages_are_read_without_an_error() {
    let Some(tests) =
        siskin_test_pages::shared().map(|shared| shared.join("wpt/css/CSS2")).filter(|t| t.is_dir())
    else {
        return println!("skipped: web-platform-tests are not there");
    };
    let (mut read, mut told) = (0, Vec::new());
    for entry in FOLDERS.iter().flat_map(|folder| std::fs::read_dir(tests.join(folder)).unwrap()) {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "xht") {
            continue;
        }
        let options = ParserOptions { syntax: Syntax::Xml, ..ParserOptions::default() };
        let url = Url::parse("http://example.org/").unwrap();
        let (document, diagnostics) = parse_document(url, &std::fs::read(&path).unwrap(), &options);
        document.check_invariants().unwrap();
        let is_xhtml =
            document.elements().all(|e| document.element(e).is_some_and(|e| *e.namespace() == ns!(html)));
        assert!(is_xhtml && document.body().is_some(), "{}", path.display());
        told.extend(diagnostics.into_iter().map(|d| format!("{}: {}", path.display(), d.message)));
        read += 1;
    }
    assert!(read > 1000, "only {read} pages were found");
    assert!(told.is_empty(), "{told:#?}");
}
