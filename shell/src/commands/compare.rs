//! `siskin compare`.

use crate::args::CompareArgs;
use crate::failure::Failure;
use crate::talk::Talk;

/// Runs `siskin compare`.
///
/// # Errors
/// A [`Failure`] to be told and turned into the exit code.
pub fn run(args: &CompareArgs, _talk: &Talk) -> Result<(), Failure> {
    Err(Failure::Internal(format!("this build cannot run it yet: {args:?}")))
}
