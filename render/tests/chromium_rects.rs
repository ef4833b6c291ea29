//! Rectangles of elements and text lines against Chromium's, page by page.
//!
//! Needs `../shared` (or `SISKIN_SHARED`). `SISKIN_RECTS=NAME[,NAME]` (or `all`) chooses other pages and prints where
//! they differ; `SISKIN_DUMP=1` prints their fragments too.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test panics, and tells its figures")]

mod disk;

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;
use siskin_render::font::{FontContext, FontSource};
use siskin_render::geometry::{Lu, Rect};

/// Pages, and the smallest part (in percent) of their elements and lines that must be within 1 px of Chromium's.
const PAGES: &[(&str, f64, f64)] = &[
    ("anarchism-append1", 100.0, 100.0),
    ("asymptote-cad", 100.0, 100.0),
    ("boost-any", 100.0, 100.0),
    ("cmake-buildsystem", 100.0, 100.0),
    ("d3-home", 97.1, 100.0),
    ("debian-handbook-fa", 99.7, 99.9),
    ("debian-handbook-zh-tw", 98.3, 99.4),
    ("debref-ja-ch01", 97.7, 96.4),
    ("django-intro", 100.0, 100.0),
    ("flask-quickstart", 99.89, 100.0),
    ("gimp-filters-ja", 100.0, 100.0),
    ("graphviz-attrs", 99.6, 100.0),
    ("grass-dbarscale", 99.1, 100.0),
    ("groff-pic", 100.0, 100.0),
    ("install-guide-el", 100.0, 100.0),
    ("libxml2-index", 99.5, 100.0),
    ("mathjax-start", 100.0, 100.0),
    ("privoxy-quickstart", 100.0, 100.0),
    ("qt-pushbutton", 100.0, 100.0),
    ("todomvc-es5", 100.0, 92.8),
    ("todomvc-react", 100.0, 100.0),
    ("tpl-interio", 100.0, 100.0),
    ("tpl-internet-portal", 100.0, 100.0),
    ("tpl-startbootstrap", 100.0, 100.0),
    ("tpl-stylish-portfolio", 98.3, 100.0),
    ("tpl-techro", 100.0, 100.0),
    ("wasm-core-instructions", 100.0, 100.0),
    ("zen-062", 100.0, 100.0),
    ("zen-099", 97.9, 96.6),
    ("zen-116", 100.0, 100.0),
    ("zen-144", 100.0, 100.0),
    ("zen-177", 98.2, 100.0),
];

const TOLERANCE: f64 = 1.0;

struct Score {
    name: String,
    elements: (usize, usize),
    lines: (usize, usize),
}

fn percent((right, all): (usize, usize)) -> f64 {
    if all == 0 { 100.0 } else { 100.0 * right as f64 / all as f64 }
}

#[test]
fn rectangles_are_those_of_chromium() {
    let Some(shared) = siskin_test_pages::shared() else {
        println!("skipped: no shared oracles beside the project");
        return;
    };
    let fonts = FontContext::new(FontSource::Directory(shared.join("fonts")));
    let index: Value =
        serde_json::from_slice(&std::fs::read(shared.join("pages/index.json")).unwrap()).unwrap();
    let starts: HashMap<&str, &str> = index
        .as_array()
        .unwrap()
        .iter()
        .map(|page| (page["name"].as_str().unwrap(), page["start_path"].as_str().unwrap()))
        .collect();
    let chosen = std::env::var("SISKIN_RECTS").ok();
    let names: Vec<String> = match chosen.as_deref() {
        Some("all") => {
            let mut all: Vec<String> = starts.keys().map(|name| (*name).to_owned()).collect();
            all.sort();
            all
        }
        Some(names) => names.split(',').map(str::to_owned).collect(),
        None => PAGES.iter().map(|(name, ..)| (*name).to_owned()).collect(),
    };
    let is_verbose = chosen.as_deref().is_some_and(|names| names != "all");
    let mut scores: Vec<Score> =
        names.iter().map(|name| compare(&shared, name, starts[name.as_str()], &fonts, is_verbose)).collect();
    scores.sort_by(|a, b| percent(a.elements).total_cmp(&percent(b.elements)));
    for score in &scores {
        println!(
            "{:34} elements {:6.2} % of {:5}   lines {:6.2} % of {:5}",
            score.name,
            percent(score.elements),
            score.elements.1,
            percent(score.lines),
            score.lines.1
        );
    }
    let sum = |of: &dyn Fn(&Score) -> (usize, usize)| {
        scores.iter().map(of).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    println!(
        "{:34} elements {:6.2} %              lines {:6.2} %",
        "all together",
        percent(sum(&|s| s.elements)),
        percent(sum(&|s| s.lines))
    );
    for (name, elements, lines) in PAGES {
        let Some(score) = scores.iter().find(|score| score.name == *name) else { continue };
        assert!(percent(score.elements) >= *elements, "{name}: elements {:.2} %", percent(score.elements));
        assert!(percent(score.lines) >= *lines, "{name}: lines {:.2} %", percent(score.lines));
    }
}

fn compare(shared: &Path, name: &str, start: &str, fonts: &FontContext, is_verbose: bool) -> Score {
    let file = std::fs::File::open(shared.join(format!("pages/baseline/{name}.json.gz"))).unwrap();
    let mut json = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut json).unwrap();
    let baseline: Value = serde_json::from_str(&json).unwrap();
    let page = disk::lay_out(&shared.join("pages").join(name), start, fonts);
    if std::env::var_os("SISKIN_DUMP").is_some() {
        println!("{}", siskin_render::dump::fragments(&page.fragments, &page.document));
    }
    let rects = page.fragments.rects();
    let nodes: Vec<_> = page.document.elements().collect();
    let expected = baseline["elements"].as_array().unwrap();
    if nodes.len() != expected.len() {
        println!("{name}: {} elements, Chromium has {}", nodes.len(), expected.len());
    }
    let mut score = Score { name: name.to_owned(), elements: (0, 0), lines: (0, 0) };
    let mut shown = 0;
    for (node, element) in nodes.iter().zip(expected) {
        let theirs = numbers(&element["r"]);
        let ours = rects.element(*node).map(px);
        if theirs.is_none() && ours.is_none() {
            continue;
        }
        score.elements.1 += 1;
        if is_near(ours, theirs) {
            score.elements.0 += 1;
        } else if is_verbose && shown < 40 {
            shown += 1;
            let class = element["c"].as_str().unwrap_or_default();
            println!("  {} .{class}: ours {ours:?}, Chromium's {theirs:?}", element["t"].as_str().unwrap());
        }
    }
    compare_lines(&page, &rects, &nodes, &baseline, is_verbose, &mut score);
    score
}

/// Text nodes are matched by their parent and their order under it.
fn compare_lines(
    page: &disk::Page,
    rects: &siskin_render::fragments::Rects,
    nodes: &[siskin_engine::NodeId],
    baseline: &Value,
    is_verbose: bool,
    score: &mut Score,
) {
    let mut next: HashMap<u64, usize> = HashMap::new();
    let mut shown = 0;
    for text in baseline["texts"].as_array().unwrap() {
        let parent = text["e"].as_u64().unwrap();
        let Some(&element) = usize::try_from(parent).ok().and_then(|index| nodes.get(index)) else {
            continue;
        };
        let nth = next.entry(parent).or_insert(0);
        // White space alone is not in the baseline.
        let is_shown = |child: &siskin_engine::NodeId| {
            let text = page.document.node(*child).as_text().unwrap_or_default();
            !rects.text(*child).is_empty() && !text.trim().is_empty()
        };
        let ours = page.document.children(element).filter(is_shown).nth(*nth);
        *nth += 1;
        let ours: Vec<[f64; 4]> =
            ours.map(|node| rects.text(node).iter().map(|rect| px(*rect)).collect()).unwrap_or_default();
        for (index, theirs) in text["r"].as_array().unwrap().iter().enumerate() {
            score.lines.1 += 1;
            let ours = ours.get(index).copied();
            if is_near(ours, numbers(theirs)) {
                score.lines.0 += 1;
            } else if is_verbose && shown < 20 {
                shown += 1;
                println!("  line {} of {}: ours {ours:?}, Chromium's {theirs}", index + 1, text["s"]);
            }
        }
    }
}

fn numbers(value: &Value) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = value.as_array()?.iter().filter_map(Value::as_f64).collect();
    numbers.try_into().ok()
}

fn px(rect: Rect) -> [f64; 4] {
    [rect.origin.x, rect.origin.y, rect.size.width, rect.size.height]
        .map(|length: Lu| f64::from(length.to_px()))
}

fn is_near(ours: Option<[f64; 4]>, theirs: Option<[f64; 4]>) -> bool {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() <= TOLERANCE),
        // A box without extent is as good as none.
        (None, Some(theirs)) => theirs[2] == 0.0 && theirs[3] == 0.0,
        (Some(ours), None) => ours[2] == 0.0 && ours[3] == 0.0,
        (None, None) => true,
    }
}
