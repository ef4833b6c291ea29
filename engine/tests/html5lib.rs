//! The tree-construction cases of html5lib-tests, on our tree and on RcDom.
//!
//! Every case that passes on RcDom passes on ours. What fails on ours stands in `html5lib-expected-failures.txt`,
//! which must not hold a case that passes. `SISKIN_BLESS=1` writes that file anew.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use markup5ever_rcdom::RcDom;
use siskin_engine::Document;
use siskin_engine::dom::{LocalName, Namespace, QualName};
use siskin_engine::html::{HtmlParser, ParserOptions, parse_fragment};
use url::Url;

const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/html5lib-expected-failures.txt");

struct Case {
    /// File and line of `#data`.
    name: String,
    data: String,
    expected: String,
    context: Option<QualName>,
    scripting: Vec<bool>,
}

#[test]
fn what_passes_on_rcdom_passes_on_ours() {
    let Some(folder) = shared("html5lib-tests/tree-construction") else { return };
    let cases = read_cases(&folder);
    assert!(cases.len() > 1500, "only {} cases were read", cases.len());
    let (mut runs, mut both, mut ours_only, mut neither) = (0, 0, 0, 0);
    let mut lost = Vec::new();
    let mut failures = BTreeSet::new();
    for case in &cases {
        for &scripting in &case.scripting {
            runs += 1;
            let label = format!("{} scripting-{}", case.name, if scripting { "on" } else { "off" });
            let on_rcdom = dump_rcdom(case, scripting) == case.expected;
            let ours = dump_ours(case, scripting);
            match (on_rcdom, ours == case.expected) {
                (true, true) => both += 1,
                (false, true) => ours_only += 1,
                (false, false) => {
                    neither += 1;
                    failures.insert(label);
                }
                (true, false) => {
                    lost.push(format!("{label}\n{}\nexpected:\n{}\ngot:\n{ours}", case.data, case.expected));
                    failures.insert(label);
                }
            }
        }
    }
    println!(
        "html5lib tree-construction: {} cases, {runs} runs: {both} pass on both, {ours_only} on ours alone, {neither} \
         on neither, {} on RcDom alone",
        cases.len(),
        lost.len()
    );
    assert!(lost.is_empty(), "{} cases pass on RcDom alone:\n{}", lost.len(), lost.join("\n\n"));
    check_ledger(&failures);
}

/// The folder in ../shared, or a line that says that the test is skipped.
fn shared(path: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("SISKIN_SHARED") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
    };
    let folder = root.join(path);
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

fn check_ledger(failures: &BTreeSet<String>) {
    if std::env::var_os("SISKIN_BLESS").is_some() {
        let mut text = String::from(
            "# html5lib tree-construction cases that fail on our tree and on RcDom, that is, in html5ever.\n\
             # FILE:LINE of #data, and the scripting flag. Written by: SISKIN_BLESS=1 cargo test -p siskin-engine --test html5lib\n",
        );
        for failure in failures {
            writeln!(text, "{failure}").unwrap();
        }
        std::fs::write(LEDGER, text).unwrap();
    }
    let ledger = std::fs::read_to_string(LEDGER).unwrap();
    let expected: BTreeSet<String> =
        ledger.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(str::to_owned).collect();
    let unexpected: Vec<_> = failures.difference(&expected).collect();
    let passed: Vec<_> = expected.difference(failures).collect();
    assert!(unexpected.is_empty(), "fail and are not in the ledger: {unexpected:#?}");
    assert!(passed.is_empty(), "pass and must leave the ledger: {passed:#?}");
}

fn read_cases(folder: &Path) -> Vec<Case> {
    // The folder `scripted` is left out: its cases need scripts that run.
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "dat"))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = String::from_utf8(std::fs::read(&file).unwrap()).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let lines: Vec<&str> = text.split('\n').collect();
        let starts: Vec<usize> = (0..lines.len())
            .filter(|&i| lines[i] == "#data" && (i == 0 || lines[i - 1].is_empty()))
            .collect();
        for (i, &start) in starts.iter().enumerate() {
            let end = starts.get(i + 1).copied().unwrap_or(lines.len());
            cases.extend(read_case(&format!("{name}:{}", start + 1), &lines[start..end]));
        }
    }
    cases
}

/// One case. Sections begin with a line of `#name`; within `#data` and `#document` only the next expected one counts.
fn read_case(name: &str, lines: &[&str]) -> Option<Case> {
    let errors = lines.iter().position(|l| *l == "#errors")?;
    let document = errors + lines[errors..].iter().position(|l| *l == "#document")?;
    let between = &lines[errors..document];
    let scripting = match (between.contains(&"#script-on"), between.contains(&"#script-off")) {
        (true, _) => vec![true],
        (_, true) => vec![false],
        _ => vec![false, true],
    };
    let context =
        between.iter().position(|l| *l == "#document-fragment").map(|i| context_name(between[i + 1]));
    let mut tree = lines[document + 1..].to_vec();
    while tree.last().is_some_and(|line| line.is_empty()) {
        tree.pop();
    }
    let expected = tree.iter().map(|line| format!("{line}\n")).collect();
    Some(Case { name: name.to_owned(), data: lines[1..errors].join("\n"), expected, context, scripting })
}

fn context_name(text: &str) -> QualName {
    let (ns, local) = match text.split_once(' ') {
        Some(("svg", local)) => ("http://www.w3.org/2000/svg", local),
        Some(("math", local)) => ("http://www.w3.org/1998/Math/MathML", local),
        _ => ("http://www.w3.org/1999/xhtml", text),
    };
    QualName::new(Namespace::from(ns), LocalName::from(local))
}

fn url() -> Url {
    Url::parse("http://example.org/").unwrap()
}

fn dump_ours(case: &Case, scripting: bool) -> String {
    let options =
        ParserOptions { scripting, transport_charset: Some("utf-8".to_owned()), ..ParserOptions::default() };
    let document = match &case.context {
        Some(context) => parse_fragment(url(), &case.data, context.clone(), &options).0,
        None => {
            let mut parser = HtmlParser::new(url(), &options);
            // Cut inside characters and tags: the tree must not show it.
            for chunk in case.data.as_bytes().chunks(7) {
                parser.feed(chunk);
            }
            parser.finish().0
        }
    };
    document.check_invariants().unwrap();
    dump(&document, case.context.is_some())
}

fn dump_rcdom(case: &Case, scripting: bool) -> String {
    let options = html5ever::ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: scripting, ..TreeBuilderOpts::default() },
        ..html5ever::ParseOpts::default()
    };
    let dom = match &case.context {
        Some(context) => {
            let name = html5ever::QualName::new(None, context.ns.clone(), context.local.clone());
            html5ever::parse_fragment(RcDom::default(), options, name, Vec::new(), scripting)
                .one(case.data.as_str())
        }
        None => html5ever::parse_document(RcDom::default(), options).one(case.data.as_str()),
    };
    let document = Document::from_rcdom(&dom, url());
    document.check_invariants().unwrap();
    dump(&document, case.context.is_some())
}

fn dump(document: &Document, fragment: bool) -> String {
    match document.document_element() {
        Some(root) if fragment => document.dump(root),
        _ => document.dump(document.root()),
    }
}
