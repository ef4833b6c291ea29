//! The trees of `test-pages/pages/html`: each `NAME.html` parses into what `NAME.dom` shows, scripting off;
//! `NAME.xhtml` too, as XML. Pages in `data/` are those that RcDom, the oracle of the others, gets wrong: it never
//! fills `selectedcontent`.
//!
//! `SISKIN_BLESS=1` writes the `.dom` files anew; read the difference before you commit it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use siskin_engine::html::{ParserOptions, Syntax, parse_document};
use url::Url;

#[test]
fn pages_parse_into_their_trees() {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [engine.join("../test-pages/pages/html"), engine.join("tests/data")];
    let bless = std::env::var_os("SISKIN_BLESS").is_some();
    let mut pages: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "html" || e == "xhtml"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 12, "only {} pages were found", pages.len());
    let mut wrong = String::new();
    for page in &pages {
        let tree = tree_of(page);
        let expected_at = page.with_extension("dom");
        if bless {
            std::fs::write(&expected_at, &tree).unwrap();
        }
        let expected = std::fs::read_to_string(&expected_at).unwrap_or_default();
        if expected != tree {
            let line = expected.lines().zip(tree.lines()).take_while(|(a, b)| a == b).count();
            writeln!(
                wrong,
                "{}: from line {}\nexpected:\n{}\ngot:\n{}",
                page.display(),
                line + 1,
                expected.lines().skip(line).take(5).collect::<Vec<_>>().join("\n"),
                tree.lines().skip(line).take(5).collect::<Vec<_>>().join("\n")
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The mode, the encoding and the tree of one page.
fn tree_of(page: &Path) -> String {
    let name = page.file_name().unwrap().to_string_lossy();
    let url = Url::parse(&format!("http://example.org/{name}")).unwrap();
    let bytes = std::fs::read(page).unwrap();
    let syntax = if name.ends_with(".xhtml") { Syntax::Xml } else { Syntax::Html };
    let (document, _) = parse_document(url, &bytes, &ParserOptions { syntax, ..ParserOptions::default() });
    document.check_invariants().unwrap();
    format!("{:?}, {}\n{}", document.quirks_mode, document.encoding, document.dump(document.root()))
}
