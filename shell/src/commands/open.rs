//! `siskin open`.

use siskin_engine::load::{BrokenOffPolicy, Pictured};
use siskin_engine::page::{HttpErrorPolicy, WaitUntil};

use crate::args::OpenArgs;
use crate::config::LoadConfig;
use crate::failure::Failure;
use crate::talk::Talk;

/// Runs `siskin open`: returns when the window is closed. What cannot be loaded is told in the window.
///
/// # Errors
/// [`Failure::Usage`] when the argument names no page, [`Failure::Display`] when there is no display.
pub fn run(args: &OpenArgs, _talk: &Talk) -> Result<(), Failure> {
    let mut config = LoadConfig::new(&args.page, &args.load, WaitUntil::Idle)?;
    // The reader scrolls: every lazy image may come into view.
    config.extent.pictured = Pictured::WholePage;
    // Half a page is better than none for a reader, who sees what there is.
    config.extent.broken_off = BrokenOffPolicy::Show;
    // As in any browser, a server's page about an error is a page.
    open(LoadConfig { http_errors: HttpErrorPolicy::Render, ..config })
}

#[cfg(feature = "window")]
fn open(config: LoadConfig) -> Result<(), Failure> {
    crate::window::open(config)
}

#[cfg(not(feature = "window"))]
fn open(_: LoadConfig) -> Result<(), Failure> {
    Err(Failure::Display("this siskin was built without the feature `window`".to_owned()))
}
