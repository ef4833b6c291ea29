//! The `siskin` program: see `siskin --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(siskin::run())
}
