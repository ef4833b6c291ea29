//! Reftests of web-platform-tests, over HTTP from memory, against a ledger of expectations.
//!
//! - [`manifest`]: which tests there are and what they are compared with
//! - [`compare`]: when two pictures count as the same
//! - [`run`]: tests side by side on all cores
//! - [`ledger`]: the expected failures, which must stay true in both directions
//! - [`report`]: totals by folder, for people and as JSON

pub mod compare;
pub mod ledger;
pub mod manifest;
pub mod report;
pub mod run;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use manifest::Manifest;

/// `cargo xtask wpt`
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder with the tests and their `manifest.json`.
    #[arg(long, value_name = "DIR")]
    wpt: PathBuf,
    /// Runs the tests that this file lists, one path a line, instead of all.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Runs the tests whose path starts with this only.
    #[arg(long, value_name = "PREFIX")]
    only: Option<String>,
    /// Writes what this run found into the ledger instead of comparing with it.
    #[arg(long)]
    update: bool,
    /// Writes every test's result to this file as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How many tests run side by side; all cores without it.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Prints the reason of each failure.
    #[arg(long)]
    verbose: bool,
}

/// Where the expected failures stand.
fn ledger_path() -> PathBuf {
    crate::workspace().join("xtask/wpt-expected-failures.txt")
}

/// Runs the reftests and holds them against the ledger.
///
/// # Errors
/// When the manifest, the list or the ledger cannot be read or written, or the server cannot be started.
pub fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let manifest = Manifest::read(&arguments.wpt)?;
    let listed = arguments.list.as_deref().map(read_list).transpose()?;
    let tests: Vec<_> = manifest
        .script_free()
        .filter(|t| arguments.only.as_ref().is_none_or(|prefix| t.path.starts_with(prefix.as_str())))
        .filter(|t| listed.as_ref().is_none_or(|list| list.contains(&t.path)))
        .cloned()
        .collect();
    anyhow::ensure!(!tests.is_empty(), "no test was selected");
    let jobs = arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from));
    let results = run::run(&arguments.wpt, tests, jobs)?;
    report::print(&results, arguments.verbose)?;
    if let Some(file) = &arguments.json {
        report::write_json(&results, file)?;
    }
    let path = ledger_path();
    let expected = ledger::read(&path)?;
    if arguments.update {
        ledger::write(&path, &ledger::updated(expected, &results))?;
        return Ok(ExitCode::SUCCESS);
    }
    let surprises = ledger::compare(&expected, &results);
    report::print_surprises(&surprises)?;
    Ok(if surprises.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_list(file: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect())
}
