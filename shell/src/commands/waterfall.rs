//! `siskin waterfall`.

use std::path::Path;

use super::archive;
use crate::args::WaterfallArgs;
use crate::failure::Failure;
use crate::output;
use crate::report::{Recording, TerminalStyle, Waterfall, har, json, terminal, waterfall};
use crate::talk::Talk;

/// Runs `siskin waterfall`.
///
/// # Errors
/// A [`Failure`] to be told and turned into the exit code.
pub fn run(args: &WaterfallArgs, talk: &Talk) -> Result<(), Failure> {
    if archive::is_archive(&args.page) {
        return show(&archive::read(Path::new(&args.page))?, None, args, talk);
    }
    Err(Failure::Internal(format!("this build cannot run it yet: {args:?}")))
}

/// Shows a recording as the arguments ask: the HAR file first, then the waterfall on stdout, unless the HAR went there.
/// `title` is the document's.
///
/// # Errors
/// [`Failure::Output`].
pub fn present(
    recording: &Recording,
    title: Option<&str>,
    args: &WaterfallArgs,
    talk: &Talk,
) -> Result<(), Failure> {
    show(&waterfall(recording), title, args, talk)
}

/// Shows a waterfall, recorded now or earlier.
fn show(
    waterfall: &Waterfall,
    title: Option<&str>,
    args: &WaterfallArgs,
    talk: &Talk,
) -> Result<(), Failure> {
    if let Some(path) = &args.har {
        let har = har::from_waterfall(waterfall, title, har::Secrets::LeaveOut);
        output::write(path, har::to_json(&har).as_bytes())?;
        if path.as_os_str() == "-" {
            return Ok(());
        }
    }
    if args.json {
        output::print(&json::render(waterfall))
    } else {
        output::print(&terminal::render(waterfall, &TerminalStyle::detect(talk.color())))
    }
}
