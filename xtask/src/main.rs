//! `cargo xtask`: the project's own tools.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{bless, fidelity, requests, wpt};

/// The project's own tools.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks the rules of the house that a program can check.
    Tidy,
    /// Writes the expectations of test-pages anew, for review.
    Bless(bless::Arguments),
    /// Runs reftests of web-platform-tests against the ledger of expected failures.
    Wpt(wpt::Arguments),
    /// Compares real pages with what Chromium made of them.
    Fidelity(fidelity::Arguments),
    /// Compares what real pages ask the network for with what Chromium asked for.
    Requests(requests::Arguments),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Tidy => tidy(),
        Command::Bless(arguments) => bless::execute(&arguments),
        Command::Wpt(arguments) => wpt::execute(&arguments),
        Command::Fidelity(arguments) => fidelity::execute(&arguments),
        Command::Requests(arguments) => requests::execute(&arguments),
    }
}

fn tidy() -> anyhow::Result<ExitCode> {
    let violations = xtask::tidy::check(xtask::workspace())?;
    let mut out = std::io::stdout().lock();
    for violation in &violations {
        writeln!(out, "{violation}")?;
    }
    writeln!(out, "{} violations", violations.len())?;
    Ok(if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
