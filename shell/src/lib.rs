//! Siskin, a headless mini-browser: everything that a person touches.
//!
//! ```text
//! args (as typed) -> config (resolved) -> one match on the verb -> commands::* -> browser -> net, engine, render
//! ```
//!
//! Data goes to stdout or a file, everything else to stderr; a [`Failure`] is one line and an exit code.
//! The modules stand in reading order, and each uses only those above it.

pub mod limits;
pub mod failure;
pub mod args;
pub mod input;
pub mod output;
pub mod network;
pub mod submission;
pub mod identity;
pub mod config;
pub mod talk;
pub mod browser;
pub mod dump;
pub mod report;
#[cfg(feature = "window")]
pub mod window;
pub mod commands;

use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::Parser;

pub use failure::Failure;

use crate::args::{Cli, Command};
use crate::talk::Talk;

/// Runs the program with the process's arguments and returns its exit code.
pub fn run() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no mistakes: they go to stdout with code 0. A reader that went away is none either.
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    let talk = Talk::new(&cli.talk);
    // A fault of ours ends as all failures do: with a line and a code. The default hook tells the place.
    let result = catch_unwind(AssertUnwindSafe(|| run_verb(&cli, &talk)))
        .unwrap_or_else(|_| Err(Failure::Internal("a panic: please report it, with the page".to_owned())));
    match result {
        Ok(()) => 0,
        Err(failure) if failure.is_broken_pipe() => 0,
        Err(failure) => {
            if !matches!(failure, Failure::Differs) {
                talk.error(&failure);
            }
            failure.exit_code()
        }
    }
}

fn run_verb(cli: &Cli, talk: &Talk) -> Result<(), Failure> {
    match &cli.command {
        Command::Screenshot(args) => commands::screenshot::run(args, talk),
        Command::Dump(args) => commands::dump::run(args, talk),
        Command::Waterfall(args) => commands::waterfall::run(args, talk),
        Command::Compare(args) => commands::compare::run(args, talk),
        Command::Trace(args) => commands::trace::run(args, talk),
        Command::Open(args) => commands::open::run(args, talk),
    }
}
