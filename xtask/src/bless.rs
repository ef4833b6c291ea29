//! Writes the expectations of test-pages anew from what the code makes of them now, for a person to review.

use std::io::Write;
use std::process::{Command, ExitCode};

use anyhow::Context;
use clap::Args;

/// The tests that compare pages with expectations; each writes them instead when `SISKIN_BLESS` is set.
const WALKERS: [&str; 2] = ["pages_dom", "pages_rects"];

/// `cargo xtask bless`
#[derive(Debug, Args)]
pub struct Arguments {
    /// Shows every changed line instead of a list of files.
    #[arg(long)]
    diff: bool,
}

/// Runs the walkers with `SISKIN_BLESS` set and shows what changed.
///
/// # Errors
/// When cargo or git cannot be started.
pub fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["test", "--workspace", "--quiet"]).env("SISKIN_BLESS", "1").current_dir(crate::workspace());
    for walker in WALKERS {
        cargo.args(["--test", walker]);
    }
    let status = cargo.status().context("cargo")?;
    let mut git = Command::new("git");
    git.args(["--no-pager", "diff"]).current_dir(crate::workspace());
    if !arguments.diff {
        git.arg("--stat");
    }
    git.args(["--", "test-pages/pages"]);
    git.status().context("git")?;
    writeln!(std::io::stdout(), "look at each change before you commit it: a blessed fault stays")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
