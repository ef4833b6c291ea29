//! `siskin screenshot`.

use crate::args::ScreenshotArgs;
use crate::failure::Failure;
use crate::talk::Talk;

/// Runs `siskin screenshot`.
///
/// # Errors
/// A [`Failure`] to be told and turned into the exit code.
pub fn run(args: &ScreenshotArgs, _talk: &Talk) -> Result<(), Failure> {
    Err(Failure::Internal(format!("this build cannot run it yet: {args:?}")))
}
