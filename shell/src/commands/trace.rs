//! `siskin trace`.

use crate::args::TraceArgs;
use crate::failure::Failure;
use crate::talk::Talk;

/// Runs `siskin trace`.
///
/// # Errors
/// A [`Failure`] to be told and turned into the exit code.
pub fn run(args: &TraceArgs, _talk: &Talk) -> Result<(), Failure> {
    Err(Failure::Internal(format!("this build cannot run it yet: {args:?}")))
}
