//! Our tree beside the one that Chromium made of the same real pages, scripts off: every element with its tag, id, class
//! and parent, and the title. And what the document itself asks for beside what Chromium requested.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::collections::{BTreeSet, HashMap};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use siskin_engine::Viewport;
use siskin_engine::dom::{Document, NodeId, ns};
use siskin_engine::html::discover::{Loading, SheetRequest};
use siskin_engine::html::preload::Foreseen;
use siskin_engine::html::{ElementRequest, HtmlParser, ParserOptions, element_request, parse_document};
use url::Url;

fn pages() -> Option<PathBuf> {
    let root = match std::env::var_os("SISKIN_SHARED") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
    };
    let pages = root.join("pages");
    if !pages.join("baseline").is_dir() {
        println!("skipped: {} is not there", pages.join("baseline").display());
        return None;
    }
    Some(pages)
}

/// Name, bytes and URL of every page.
fn sources(pages: &Path) -> Vec<(String, Vec<u8>, Url)> {
    let index: Value = serde_json::from_slice(&std::fs::read(pages.join("index.json")).unwrap()).unwrap();
    index
        .as_array()
        .unwrap()
        .iter()
        .map(|page| {
            let (name, path) = (page["name"].as_str().unwrap(), page["start_path"].as_str().unwrap());
            let bytes = std::fs::read(pages.join(name).join(path)).unwrap();
            (name.to_owned(), bytes, Url::parse("http://127.0.0.1/").unwrap().join(path).unwrap())
        })
        .collect()
}

/// Name, document and baseline of every page.
fn load(pages: &Path) -> Vec<(String, Document, Value)> {
    sources(pages)
        .into_iter()
        .map(|(name, bytes, url)| {
            let (document, _) = parse_document(url, &bytes, &ParserOptions::default());
            let gz = std::fs::File::open(pages.join(format!("baseline/{name}.json.gz"))).unwrap();
            let mut json = String::new();
            flate2::read::GzDecoder::new(gz).read_to_string(&mut json).unwrap();
            (name, document, serde_json::from_str(&json).unwrap())
        })
        .collect()
}

/// Every element as the baseline writes it: tag, id, class, index of the parent.
fn elements(document: &Document) -> Vec<(String, String, String, i64)> {
    let mut index = HashMap::new();
    document
        .elements()
        .enumerate()
        .map(|(at, node)| {
            index.insert(node, at as i64);
            let element = document.element(node).unwrap();
            let value = |name: &str| {
                let found =
                    element.attributes().iter().find(|a| a.name.ns.is_empty() && *a.name.local == *name);
                found.map(|a| a.value.clone()).unwrap_or_default()
            };
            let parent = document.parent_element(node).and_then(|p| index.get(&p)).copied().unwrap_or(-1);
            (element.local_name().to_string(), value("id"), value("class"), parent)
        })
        .collect()
}

#[test]
fn our_elements_are_chromium_s() {
    let Some(pages) = pages() else { return };
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, document, baseline) in load(&pages) {
        let ours = elements(&document);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let theirs: Vec<_> = baseline["elements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (text(&e["t"]), text(&e["i"]), text(&e["c"]), e["p"].as_i64().unwrap()))
            .collect();
        count += theirs.len();
        if let Some(at) = (0..ours.len().max(theirs.len())).find(|&i| ours.get(i) != theirs.get(i)) {
            wrong.push(format!(
                "{name}: element {at} is {:?}, Chromium has {:?}",
                ours.get(at),
                theirs.get(at)
            ));
        }
        let title = document.title().unwrap_or_default();
        if title != text(&baseline["title"]) {
            wrong.push(format!("{name}: the title is {title:?}, Chromium has {}", baseline["title"]));
        }
    }
    println!("{count} elements of Chromium's, {} pages differ", wrong.len());
    assert!(count > 70_000);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What the look-ahead scanner may find: sheets, images that do not wait, preloads and scripts.
fn foreseeable(request: ElementRequest) -> Option<(&'static str, Url)> {
    match request {
        ElementRequest::StyleSheet(SheetRequest { url, .. }) => Some(("sheet", url)),
        ElementRequest::Image { url, loading: Loading::Eager, .. } => Some(("image", url)),
        ElementRequest::Preload { url, .. } => Some(("preload", url)),
        ElementRequest::Script(script) => Some(("script", script.url?)),
        _ => None,
    }
}

#[test]
fn the_scanner_sees_what_the_tree_sees() {
    let Some(pages) = pages() else { return };
    let viewport = Viewport { width: 1280.0, height: 800.0, scale: 1.0 };
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, bytes, url) in sources(&pages) {
        let options = ParserOptions { look_ahead: Some(viewport), ..ParserOptions::default() };
        let mut parser = HtmlParser::new(url, &options);
        let mut found = BTreeSet::new();
        for piece in bytes.chunks(1000) {
            parser.feed(piece);
            found.extend(parser.take_found().into_iter().filter_map(|found| match found.what {
                Foreseen::Element(request) => foreseeable(request),
                Foreseen::Import { .. } => None,
            }));
        }
        let (document, _) = parser.finish();
        // SVG's images are the tree's alone.
        let html = |node: &NodeId| document.element(*node).is_some_and(|e| e.name.ns == ns!(html));
        let asked: BTreeSet<_> = document
            .elements()
            .filter(html)
            .filter_map(|node| foreseeable(element_request(&document, node, &viewport)?))
            .collect();
        count += asked.len();
        wrong.extend(found.difference(&asked).map(|what| format!("{name}: found in vain: {what:?}")));
        wrong.extend(asked.difference(&found).map(|what| format!("{name}: not found: {what:?}")));
    }
    println!("{count} requests foreseen, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_elements_ask_for_chromium_requested() {
    let Some(pages) = pages() else { return };
    let viewport = Viewport { width: 1280.0, height: 800.0, scale: 1.0 };
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, document, baseline) in load(&pages) {
        let requested: BTreeSet<String> = baseline["requests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r[1].as_str().unwrap().to_owned())
            .collect();
        let asked: Vec<_> =
            document.elements().filter_map(|n| element_request(&document, n, &viewport)).collect();
        for request in asked {
            let (ElementRequest::Image { url, .. } | ElementRequest::StyleSheet(SheetRequest { url, .. })) =
                request
            else {
                continue;
            };
            // Chromium's list has no data: URLs, and hosts other than the page's were not to be reached.
            if url.host_str() != Some("127.0.0.1") {
                continue;
            }
            count += 1;
            let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
            if !requested.contains(&path) {
                wrong.push(format!("{name}: {path}"));
            }
        }
    }
    println!("{count} requests of elements, {} unknown to Chromium", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
