//! `siskin waterfall`.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use siskin_engine::load::IconPolicy;
use siskin_engine::page::{HttpErrorPolicy, Loaded, PageError, WaitUntil};
use siskin_render::image::ImageCache;

use super::archive;
use crate::args::WaterfallArgs;
use crate::browser::{Browser, Listeners, report_faults};
use crate::config::{Extent, LoadConfig, RefreshPolicy};
use crate::failure::Failure;
use crate::output;
use crate::report::{Recording, TerminalStyle, Waterfall, har, json, recorder, svg, terminal, waterfall};
use crate::talk::Talk;

/// Runs `siskin waterfall`. A load that fails has a waterfall too: it is shown, and the failure told after it.
///
/// # Errors
/// [`Failure::Page`] when the page did not come or came with an error status, [`Failure::Output`].
pub fn run(args: &WaterfallArgs, talk: &Talk) -> Result<(), Failure> {
    if archive::is_archive(&args.page) {
        return show(&archive::read(Path::new(&args.page))?, None, args, talk);
    }
    let wished = LoadConfig::new(&args.page, &args.load, WaitUntil::Idle)?;
    for path in [&args.har, &args.svg].into_iter().flatten() {
        output::check(path)?;
    }
    // Whatever the page's status: what it does on the network is to be seen.
    // A page that replaces itself is a load of its own. The icon belongs to what a browser asks for.
    let extent = Extent { icons: IconPolicy::Fetch, refresh: RefreshPolicy::Tell, ..wished.extent };
    let config = LoadConfig { http_errors: HttpErrorPolicy::Render, extent, ..wished.clone() };
    let mut browser = Browser::for_load(&config)?;
    let (recorder, tape) = recorder(browser.clock().origin());
    let listeners = Listeners { net: Arc::new(recorder.clone()), page: Arc::new(recorder) };
    let progress = talk.progress(&format!("loading {}", config.url));
    let mut visit = browser.visit(&config, &listeners);
    if matches!(visit.result, Err(PageError::Timeout { .. })) {
        // What was still under way is given up here and now, so that the waterfall shows how long it was waited for.
        visit.page.stop();
    }
    drop(progress);

    let title = visit.result.as_ref().ok().and_then(|loaded| loaded.snapshot.document.title());
    present(&tape.finish(), title.as_deref(), args, talk)?;
    let loaded = visit.result?;
    visit.kept?;
    // On a terminal the waterfall shows failed requests by itself.
    if args.har.is_some() || args.json || !std::io::stdout().is_terminal() {
        report_faults(&loaded, &ImageCache::default(), talk);
    }
    check_status(&loaded, wished.http_errors)
}

fn check_status(loaded: &Loaded, policy: HttpErrorPolicy) -> Result<(), Failure> {
    if loaded.status >= 400 && policy == HttpErrorPolicy::Fail {
        let url = loaded.snapshot.document.url.clone();
        return Err(PageError::HttpStatus { status: loaded.status, url }.into());
    }
    Ok(())
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
    let mut stdout_is_taken = false;
    let mut file = |path: &Path, text: String| {
        stdout_is_taken |= path.as_os_str() == "-";
        output::write(path, text.as_bytes())
    };
    if let Some(path) = &args.har {
        let secrets = if args.har_secrets { har::Secrets::Keep } else { har::Secrets::LeaveOut };
        file(path, har::to_json(&har::from_waterfall(waterfall, title, secrets)))?;
    }
    if let Some(path) = &args.svg {
        file(path, svg::render(waterfall))?;
    }
    if stdout_is_taken {
        return Ok(());
    }
    if args.json {
        output::print(&json::render(waterfall))
    } else {
        output::print(&terminal::render(waterfall, &TerminalStyle::detect(talk.color())))
    }
}
