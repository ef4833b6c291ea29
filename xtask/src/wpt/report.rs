//! What a run found: totals by folder for people, every result as JSON.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde_json::json;

use super::ledger::Surprise;
use super::run::{Outcome, TestResult};

/// How many surprises are printed one by one.
const SHOWN: usize = 60;

/// Prints the totals.
///
/// # Errors
/// When standard output is closed.
pub fn print(results: &[TestResult], verbose: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut folders: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for result in results {
        let (passed, all) = folders.entry(result.test.folder()).or_default();
        *all += 1;
        *passed += usize::from(result.outcome == Outcome::Pass);
        if let (true, Outcome::Fail(why)) = (verbose, &result.outcome) {
            writeln!(out, "FAIL {}: {why}", result.test.path)?;
        }
    }
    for (folder, (passed, all)) in &folders {
        writeln!(out, "{folder:60} {passed:6} of {all:6}  {:5.1} %", percent(*passed, *all))?;
    }
    let passed = results.iter().filter(|r| r.outcome == Outcome::Pass).count();
    writeln!(
        out,
        "{:60} {passed:6} of {:6}  {:5.1} %",
        "all",
        results.len(),
        percent(passed, results.len())
    )?;
    Ok(())
}

/// Prints what the ledger did not expect.
///
/// # Errors
/// When standard output is closed.
pub fn print_surprises(surprises: &[Surprise]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for surprise in surprises.iter().take(SHOWN) {
        match surprise {
            Surprise::Lost(path, why) => writeln!(out, "fails, and passed before: {path}: {why}")?,
            Surprise::Gained(path) => writeln!(out, "passes, and is listed as failing: {path}")?,
        }
    }
    if surprises.len() > SHOWN {
        writeln!(out, "... and {} more", surprises.len() - SHOWN)?;
    }
    if !surprises.is_empty() {
        let gained = surprises.iter().filter(|s| matches!(s, Surprise::Gained(_))).count();
        writeln!(
            out,
            "{} lost, {gained} gained: mend the losses, then write the gains down with --update",
            surprises.len() - gained
        )?;
    }
    Ok(())
}

/// Writes every result.
///
/// # Errors
/// When the file cannot be written.
pub fn write_json(results: &[TestResult], file: &Path) -> anyhow::Result<()> {
    let tests: Vec<_> = results
        .iter()
        .map(|r| match &r.outcome {
            Outcome::Pass => json!({"path": r.test.path, "pass": true}),
            Outcome::Fail(why) => json!({"path": r.test.path, "pass": false, "reason": why}),
        })
        .collect();
    let passed = results.iter().filter(|r| r.outcome == Outcome::Pass).count();
    let report = json!({"passed": passed, "run": results.len(), "tests": tests});
    std::fs::write(file, serde_json::to_vec(&report)?).with_context(|| file.display().to_string())
}

fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}
