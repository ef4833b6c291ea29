//! `siskin dump`.

use crate::args::DumpArgs;
use crate::failure::Failure;
use crate::talk::Talk;

/// Runs `siskin dump`.
///
/// # Errors
/// A [`Failure`] to be told and turned into the exit code.
pub fn run(args: &DumpArgs, _talk: &Talk) -> Result<(), Failure> {
    Err(Failure::Internal(format!("this build cannot run it yet: {args:?}")))
}
