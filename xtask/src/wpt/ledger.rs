//! The expected failures. A test that fails and is not listed is a loss; one that passes and is listed is a
//! gain that has to be written down, so that it cannot be lost again unseen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;

use super::run::{Outcome, TestResult};

/// A result that the ledger did not expect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surprise {
    /// Fails, but is not listed.
    Lost(String, String),
    /// Is listed, but passes.
    Gained(String),
}

/// The listed paths.
///
/// # Errors
/// When the file is there but cannot be read.
pub fn read(path: &Path) -> anyhow::Result<BTreeSet<String>> {
    if !path.exists() {
        return Ok(BTreeSet::new());
    }
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned).collect())
}

/// Writes the list.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, failures: &BTreeSet<String>) -> anyhow::Result<()> {
    let mut text = String::from(
        "# Reftests that fail today. Written by `cargo xtask wpt --update`; CI fails on any other result.\n",
    );
    for failure in failures {
        text.push_str(failure);
        text.push('\n');
    }
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

/// The ledger after this run: tests that did not run keep their entry.
pub fn updated(mut expected: BTreeSet<String>, results: &[TestResult]) -> BTreeSet<String> {
    for result in results {
        match result.outcome {
            Outcome::Pass => expected.remove(&result.test.path),
            Outcome::Fail(_) => expected.insert(result.test.path.clone()),
        };
    }
    expected
}

/// The results that differ from the ledger.
pub fn compare(expected: &BTreeSet<String>, results: &[TestResult]) -> Vec<Surprise> {
    let by_path: BTreeMap<&str, &Outcome> =
        results.iter().map(|r| (r.test.path.as_str(), &r.outcome)).collect();
    let mut surprises: Vec<_> = by_path
        .into_iter()
        .filter_map(|(path, outcome)| match (outcome, expected.contains(path)) {
            (Outcome::Fail(why), false) => Some(Surprise::Lost(path.to_owned(), why.clone())),
            (Outcome::Pass, true) => Some(Surprise::Gained(path.to_owned())),
            (Outcome::Pass, false) | (Outcome::Fail(_), true) => None,
        })
        .collect();
    surprises.sort();
    surprises
}
