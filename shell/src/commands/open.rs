//! `siskin open`.

use crate::args::OpenArgs;
use crate::failure::Failure;
use crate::talk::Talk;

/// Runs `siskin open`.
///
/// # Errors
/// A [`Failure`] to be told and turned into the exit code.
pub fn run(args: &OpenArgs, _talk: &Talk) -> Result<(), Failure> {
    Err(Failure::Internal(format!("this build cannot run it yet: {args:?}")))
}
