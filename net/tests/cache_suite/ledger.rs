//! What is known not to pass, with its reason: it must not pass, and nothing else may fail.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::case::{Case, Kind};
use crate::verdict::{Standing, Verdict};

const HEAD: &str = "\
# Tests of the public HTTP caching suite that do not pass (of a check: whose answer is no), each with its reason behind
# the hash. Written by: SISKIN_BLESS=1 cargo test -p siskin-net --test cache_suite
";

pub(crate) fn compare(
    cases: &[Case],
    standings: &BTreeMap<&str, Standing>,
    verdicts: &BTreeMap<String, Verdict>,
) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cache_suite/ledger.txt");
    let known = read(&std::fs::read_to_string(&file).unwrap_or_default());
    let mut actual = BTreeMap::new();
    for case in cases {
        let standing = standings.get(case.id.as_str()).filter(|standing| **standing != Standing::Pass);
        let Some(standing) = standing else { continue };
        let line = format!("{} {:?} {standing:?}", case.id, case.kind).to_lowercase();
        let reason = match (known.get(&line), &verdicts[&case.id]) {
            (Some(reason), _) => reason.clone(),
            (None, Verdict::Failed(failure)) if case.kind == Kind::Check => failure.message.clone(),
            (None, Verdict::Failed(failure)) => format!("TODO: not explained: {}", failure.message),
            (None, Verdict::Passed) => "depends on one that does not pass".to_owned(),
        };
        actual.insert(line, reason);
    }
    if std::env::var_os("SISKIN_BLESS").is_some() {
        let lines: String = actual.iter().map(|(line, reason)| format!("{line}  # {reason}\n")).collect();
        std::fs::write(&file, format!("{HEAD}{lines}")).unwrap();
        return;
    }
    let new: Vec<_> = actual.iter().filter(|(line, _)| !known.contains_key(*line)).collect();
    let gone: Vec<_> = known.keys().filter(|line| !actual.contains_key(*line)).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "not as the ledger says (SISKIN_BLESS=1 writes it).\nfails now: {new:#?}\npasses now: {gone:#?}"
    );
}

fn read(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once("  # "))
        .map(|(line, reason)| (line.to_owned(), reason.to_owned()))
        .collect()
}
