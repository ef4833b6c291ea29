//! Our tree and RcDom's are the same on every page at hand: parsed by our sink, and by html5ever into an RcDom that is
//! then converted.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::path::{Path, PathBuf};

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use markup5ever_rcdom::RcDom;
use siskin_engine::Document;
use siskin_engine::html::{ParserOptions, parse_document};
use url::Url;

#[test]
fn both_trees_are_equal_on_every_page() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    collect_pages(&here.join("../test-pages"), &mut pages);
    assert!(!pages.is_empty(), "test-pages holds pages");
    let own = pages.len();
    let shared = match std::env::var_os("SISKIN_SHARED") {
        Some(root) => PathBuf::from(root),
        None => here.join("../../shared"),
    };
    if shared.join("pages").is_dir() {
        collect_pages(&shared.join("pages"), &mut pages);
    } else {
        println!("skipped: {} is not there", shared.join("pages").display());
    }
    let mut elements = 0;
    for page in &pages {
        elements += compare(page);
    }
    println!("{own} pages of test-pages and {} of ../shared: equal, {elements} elements", pages.len() - own);
}

fn collect_pages(folder: &Path, pages: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        if path.is_dir() {
            collect_pages(&path, pages);
        } else if matches!(extension.as_deref(), Some("html" | "htm")) {
            pages.push(path);
        }
    }
}

/// Both trees of one page, scripting off and on; how many elements it has.
fn compare(path: &Path) -> usize {
    let bytes = std::fs::read(path).unwrap();
    let url = Url::parse("http://example.org/page.html").unwrap();
    let mut elements = 0;
    for scripting in [false, true] {
        let options = ParserOptions { scripting, ..ParserOptions::default() };
        let (ours, _) = parse_document(url.clone(), &bytes, &options);
        let text = encoding_rs::Encoding::for_label(ours.encoding.as_bytes()).unwrap().decode(&bytes).0;
        let builder = TreeBuilderOpts { scripting_enabled: scripting, ..TreeBuilderOpts::default() };
        let parse_options = html5ever::ParseOpts { tree_builder: builder, ..html5ever::ParseOpts::default() };
        let dom = html5ever::parse_document(RcDom::default(), parse_options).one(&*text);
        let theirs = Document::from_rcdom(&dom, url.clone());
        theirs.check_invariants().unwrap();
        ours.check_invariants().unwrap();
        assert_eq!(ours.quirks_mode, theirs.quirks_mode, "{}", path.display());
        assert_eq!(ours.base_url, theirs.base_url, "{}", path.display());
        // Not assert_eq: nobody reads two dumps of a megabyte.
        let (ours_dump, theirs_dump) = (ours.dump(ours.root()), theirs.dump(theirs.root()));
        if let Some((line, (a, b))) =
            ours_dump.lines().zip(theirs_dump.lines()).enumerate().find(|(_, (a, b))| a != b)
        {
            panic!("{}: line {line} of the dump is\n{a}\nand on RcDom\n{b}", path.display());
        }
        assert_eq!(ours_dump.len(), theirs_dump.len(), "{}", path.display());
        assert_eq!(ours.outer_html(ours.root()), theirs.outer_html(theirs.root()), "{}", path.display());
        elements = ours.elements().count();
    }
    elements
}

#[test]
fn a_deep_rcdom_is_converted_and_dropped() {
    let page = format!("{}x", "<div>".repeat(3000));
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page.as_str());
    let document = Document::from_rcdom(&dom, Url::parse("about:blank").unwrap());
    assert_eq!(document.elements().count(), 3003);
    assert!(document.dump(document.root()).ends_with("\"x\"\n"));
    document.check_invariants().unwrap();
}
