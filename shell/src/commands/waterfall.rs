//! `siskin waterfall`.

use crate::args::WaterfallArgs;
use crate::failure::Failure;
use crate::talk::Talk;

/// Runs `siskin waterfall`.
///
/// # Errors
/// A [`Failure`] to be told and turned into the exit code.
pub fn run(args: &WaterfallArgs, _talk: &Talk) -> Result<(), Failure> {
    Err(Failure::Internal(format!("this build cannot run it yet: {args:?}")))
}
