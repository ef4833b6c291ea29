//! Computed style against Chromium's of real pages: every longhand that we know and that does not depend on layout.
//!
//! Needs `../shared/pages` (see its `tools/README.md`). By default a few pages are compared and the share of equal values must
//! not fall below what has been reached. `SISKIN_STYLE_PAGES=all` (or names with commas) compares more and tells which
//! properties differ most.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the report is what one runs this test for")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use siskin_engine::css::properties::PropertyId;
use siskin_engine::css::{Device, MediaQueryList, Origin, parse_stylesheet};
use siskin_engine::dom::{LocalName, QuirksMode};
use siskin_engine::html::{ParserOptions, parse_document};
use siskin_engine::style::{GuessedMetrics, SheetRef, StyleMap, resolve, resolved};
use siskin_engine::{Document, NodeId, Viewport};
use url::Url;

/// The pages that are always compared.
const PAGES: [&str; 6] = [
    "flask-quickstart",
    "pico-classless",
    "bootswatch-cerulean",
    "zen-062",
    "debian-handbook-ar",
    "adminlte-tables",
];

/// The share of equal values that has been reached on them.
const REACHED: f64 = 0.999;

fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("SISKIN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    path.join("pages/baseline").is_dir().then_some(path)
}

#[test]
fn computed_style_is_chromiums() {
    let Some(shared) = shared() else {
        println!("skipped: no ../shared/pages/baseline");
        return;
    };
    let pages = shared.join("pages");
    let index: Value = serde_json::from_slice(&std::fs::read(pages.join("index.json")).unwrap()).unwrap();
    let wanted = std::env::var("SISKIN_STYLE_PAGES").unwrap_or_else(|_| PAGES.join(","));
    let mut tally = Tally::default();
    for page in index.as_array().unwrap() {
        let name = page["name"].as_str().unwrap();
        if wanted != "all" && !wanted.split(',').any(|w| w == name) {
            continue;
        }
        let before = (tally.equal, tally.compared);
        compare(&pages, name, page["start_path"].as_str().unwrap(), &mut tally);
        let (equal, compared) = (tally.equal - before.0, tally.compared - before.1);
        println!(
            "{name}: {equal} of {compared} equal ({:.3} %)",
            100.0 * equal as f64 / compared.max(1) as f64
        );
    }
    tally.report();
    let share = tally.equal as f64 / tally.compared.max(1) as f64;
    assert!(tally.compared > 0, "no page was compared");
    assert!(share >= REACHED, "{:.3} % are equal, {:.3} % had been reached", 100.0 * share, 100.0 * REACHED);
}

#[derive(Default)]
struct Tally {
    equal: usize,
    compared: usize,
    /// By property: how often it differs, and examples.
    differs: BTreeMap<String, (usize, Examples)>,
}

/// Ours and theirs, how often, and where first.
type Examples = BTreeMap<(String, String), (usize, String)>;

impl Tally {
    fn report(&self) {
        println!(
            "{} longhands known, {} of {} values equal",
            resolved::known_longhands().len(),
            self.equal,
            self.compared
        );
        let mut worst: Vec<_> = self.differs.iter().collect();
        worst.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        for (property, (count, examples)) in worst.iter().take(40) {
            println!("{property}: {count} differ");
            let mut examples: Vec<_> = examples.iter().collect();
            examples.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
            for ((ours, theirs), (count, at)) in examples.iter().take(4) {
                println!("    {count} x ours {ours} theirs {theirs} ({at})");
            }
        }
    }
}

/// The document, styled, with its sheets read from `root`.
fn styled(root: &Path, start: &str) -> (Document, StyleMap) {
    let url = Url::parse("http://page.test/").unwrap().join(start).unwrap();
    let bytes = std::fs::read(root.join(start)).unwrap();
    let (document, _) = parse_document(url, &bytes, &ParserOptions::default());
    let sheets = sheets(&document, root);
    let styles = resolve(&document, &sheets, &Device::screen(Viewport::default()), &GuessedMetrics);
    (document, styles)
}

fn sheets(document: &Document, root: &Path) -> Vec<SheetRef> {
    let quirks = document.quirks_mode == QuirksMode::Quirks;
    let mut sheets = Vec::new();
    for id in document.elements() {
        let Some(element) = document.element(id) else { continue };
        let attribute = |name: &str| element.attribute(&LocalName::from(name));
        let sheet = match &**element.local_name() {
            "style" => Some(sheet(&document.text_content(id), &document.base_url, root, quirks, 0)),
            "link" => {
                let rel = attribute("rel").unwrap_or("").to_ascii_lowercase();
                let is_sheet = rel.split_ascii_whitespace().any(|r| r == "stylesheet")
                    && !rel.split_ascii_whitespace().any(|r| r == "alternate")
                    && attribute("disabled").is_none();
                let url = attribute("href").and_then(|h| document.base_url.join(h).ok());
                url.filter(|_| is_sheet).and_then(|url| fetch(&url, root, quirks, 0))
            }
            _ => None,
        };
        if let Some(mut sheet) = sheet {
            sheet.media = attribute("media").map(MediaQueryList::parse).unwrap_or_default();
            sheets.push(sheet);
        }
    }
    sheets
}

fn fetch(url: &Url, root: &Path, quirks: bool, depth: usize) -> Option<SheetRef> {
    if url.host_str() != Some("page.test") || depth > 5 {
        return None;
    }
    let path = url.path().trim_start_matches('/').replace("%20", " ");
    let bytes = std::fs::read(root.join(path)).ok()?;
    Some(sheet(&String::from_utf8_lossy(&bytes), url, root, quirks, depth))
}

fn sheet(text: &str, base: &Url, root: &Path, quirks: bool, depth: usize) -> SheetRef {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (sheet, _) = parse_stylesheet(text, base, Origin::Author, quirks);
    let imports = sheet.imports().iter().map(|i| fetch(&i.url, root, quirks, depth + 1)).collect();
    SheetRef { imports, ..SheetRef::new(Arc::new(sheet)) }
}

fn compare(pages: &Path, name: &str, start: &str, tally: &mut Tally) {
    let (document, styles) = styled(&pages.join(name), start);
    let file = std::fs::File::open(pages.join(format!("baseline/{name}.json.gz"))).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let baseline: Value = serde_json::from_str(&text).unwrap();
    let values = baseline["values"].as_array().unwrap();
    let known = resolved::known_longhands();
    let properties: Vec<(usize, &str)> = baseline["properties"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .filter_map(|(at, name)| name.as_str().filter(|n| known.contains(n)).map(|n| (at, n)))
        .collect();
    let ours: Vec<NodeId> = document.elements().collect();
    let theirs = baseline["elements"].as_array().unwrap();
    if ours.len() != theirs.len() {
        println!("{name}: {} elements, Chromium has {}", ours.len(), theirs.len());
        return;
    }
    for (&id, theirs) in ours.iter().zip(theirs) {
        let element = document.element(id).unwrap();
        assert_eq!(&**element.local_name(), theirs["t"].as_str().unwrap(), "{name}");
        let style = styles.get(id).unwrap();
        let indices = theirs["s"].as_array().unwrap();
        for &(at, property) in &properties {
            if let Some(PropertyId::Longhand(longhand)) = PropertyId::from_name(property)
                && !resolved::is_layout_independent(longhand, style)
            {
                continue;
            }
            let expected = values[indices[at].as_u64().unwrap() as usize].as_str().unwrap();
            let actual = resolved::serialize(property, style, None).unwrap();
            let actual = actual.replace("http://page.test/", "/");
            let expected = strip_origin(expected);
            tally.compared += 1;
            if actual == expected {
                tally.equal += 1;
            } else {
                let entry = tally.differs.entry(property.to_owned()).or_default();
                entry.0 += 1;
                let class = theirs["c"].as_str().unwrap_or("");
                let at = format!(
                    "{name} {} #{} .{class}",
                    element.local_name(),
                    theirs["i"].as_str().unwrap_or("")
                );
                entry.1.entry((actual, expected)).or_insert((0, at)).0 += 1;
            }
        }
    }
}

/// Chromium loaded the pages from another origin.
fn strip_origin(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find("http://127.0.0.1:") {
        out.push_str(&rest[..at]);
        rest = &rest[at + "http://127.0.0.1:".len()..];
        rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    out.push_str(rest);
    out
}
