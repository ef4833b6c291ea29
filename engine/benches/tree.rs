//! What a tree costs in time and memory, ours beside html5ever's into `RcDom`: each parse in a process of its own.
//!
//! `cargo bench -p siskin-engine --bench tree` runs itself once for each page and way of parsing, in turn and several
//! times over, and prints medians. Memory is the peak of the process (`VmHWM`) less what it had before the parse, so
//! it is told on Linux only. Time and memory are from bytes in hand to the document in hand.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures and prints")]

use std::process::Command;
use std::time::Instant;

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::RcDom;
use siskin_engine::html::{HtmlParser, ParserOptions};
use siskin_engine::units::Viewport;
use url::Url;

const RUNS: usize = 7;
const WAYS: [&str; 3] = ["rcdom", "siskin", "page"];
const PAGES: [&str; 6] = ["siblings", "article", "divs", "lists", "attributes", "one tag"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    match &arguments[..] {
        [page, way] => measure(page, way),
        [page] => compare(page),
        _ => PAGES.iter().for_each(|page| compare(page)),
    }
}

/// Prints a page's figures, each beside the first way's.
fn compare(page: &str) {
    // html5ever alone takes the square of the depth: minutes.
    let ways = if matches!(page, "divs" | "lists") { &WAYS[1..] } else { &WAYS[..] };
    let mut figures = vec![Vec::new(); ways.len()];
    for _ in 0..RUNS {
        for (way, figures) in ways.iter().zip(&mut figures) {
            figures.push(run(page, way));
        }
    }
    let medians: Vec<(f64, f64)> = figures
        .iter()
        .map(|runs| (median(runs.iter().map(|r| r.0)), median(runs.iter().map(|r| r.1))))
        .collect();
    for (way, (time, memory)) in ways.iter().zip(&medians) {
        println!(
            "{page:10} {way:6} {time:8.1} ms ({:.2}) {memory:8.1} MB ({:.2})",
            time / medians[0].0,
            memory / medians[0].1
        );
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Milliseconds and megabytes of one parse in a process of its own.
fn run(page: &str, way: &str) -> (f64, f64) {
    let output = Command::new(std::env::current_exe().unwrap()).args([page, way]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut numbers = text.split_whitespace().map(|word| word.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

fn measure(page: &str, way: &str) {
    let bytes = page_of(page);
    let before = peak();
    let start = Instant::now();
    match way {
        "rcdom" => {
            let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default())
                .from_utf8()
                .one(bytes.as_bytes());
            report(start, before);
            // Dropping deep trees is not what is measured.
            std::mem::forget(dom);
        }
        // The parser alone.
        "siskin" => {
            let document = parse(&bytes, None);
            report(start, before);
            std::mem::forget(document);
        }
        // The parser as a page's load drives it: with the look-ahead scanner, and new elements taken after each chunk.
        _ => {
            let document = parse(&bytes, Some(Viewport::default()));
            report(start, before);
            std::mem::forget(document);
        }
    }
}

fn parse(page: &str, look_ahead: Option<Viewport>) -> siskin_engine::Document {
    let options = ParserOptions { look_ahead, ..ParserOptions::default() };
    let mut parser = HtmlParser::new(Url::parse("http://example.org/").unwrap(), &options);
    for chunk in page.as_bytes().chunks(16 * 1024) {
        parser.feed(chunk);
        if let Some(viewport) = &look_ahead {
            parser.take_found();
            let new = parser.take_new_elements();
            let document = parser.document();
            let asked =
                new.into_iter().filter_map(|n| siskin_engine::html::element_request(&document, n, viewport));
            std::hint::black_box(asked.count());
        }
    }
    parser.finish().0
}

fn report(start: Instant, before: u64) {
    let time = start.elapsed().as_secs_f64() * 1000.0;
    println!("{time} {}", (peak() - before) as f64 / 1000.0);
}

/// The most memory that this process ever had, in kB; zero where it is not told.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn page_of(name: &str) -> String {
    match name {
        "siblings" => "<p>x".repeat(1_000_000),
        "article" => (0..20_000)
            .map(|i| {
                format!(
                    "<section class=\"part part-{i}\" id=s{i}>\n  <h2>Section {i} &amp; more</h2>\n  <p class=text>With \
                     <a href=\"/s/{i}\" title='the {i}'>a link</a>, <em>emphasis</em> and <code>code</code>; it goes on \
                     for a while as prose does.</p>\n  <ul class=list>\n    <li>one</li>\n    <li>two</li>\n  </ul>\n</section>\n"
                )
            })
            .collect(),
        "divs" => "<div>".repeat(100_000),
        "lists" => "<ul><li>".repeat(50_000),
        "attributes" => (0..300_000).map(|i| format!("<p class=c title=t{i}>")).collect(),
        _ => format!("<p{}>x", (0..100_000).map(|i| format!(" a{i}=1")).collect::<String>()),
    }
}
