//! Real pages against what Chromium made of them: computed style, rectangles, text lines and pixels.
//!
//! - [`score`]: how alike two recordings are, and where they differ
//! - [`floors`]: what was reached before, page by page, and must not be lost
//! - [`report`]: tables by page and by property, worst first

pub mod floors;
pub mod report;
pub mod score;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::Context;
use clap::Args;
use serde::Deserialize;
use siskin_test_pages::server::{Script, Server};
use url::Url;

use crate::picture::{Photographer, Picture};
use crate::recorded::Recorded;
use score::PageScore;

/// The viewport that the baseline was recorded with.
const VIEWPORT: (u32, u32) = (1280, 800);

/// `cargo xtask fidelity`
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder with the pages and their `index.json`.
    #[arg(long, value_name = "DIR")]
    pages: PathBuf,
    /// The folder with Chromium's recordings.
    #[arg(long, value_name = "DIR")]
    baseline: PathBuf,
    /// The folder with the fonts that the baseline was recorded with.
    #[arg(long, value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// Takes these pages only (names, comma-separated).
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Fails when a page falls below the figures in this file.
    #[arg(long, value_name = "FILE")]
    floors: Option<PathBuf>,
    /// Raises the figures in the floors file to this run's instead.
    #[arg(long, requires = "floors")]
    update: bool,
    /// Writes all figures to this file as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes our pictures into this folder, for the eye.
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
    /// How many properties and pages of the worst are printed.
    #[arg(long, value_name = "N", default_value_t = 20)]
    worst: usize,
    /// How many elements of each page whose rectangles differ are printed: index, tag, Chromium's rectangle and ours.
    #[arg(long, value_name = "N", default_value_t = 0)]
    misplaced: usize,
}

/// An entry of `index.json`.
#[derive(Debug, Clone, Deserialize)]
struct Page {
    name: String,
    start_path: String,
}

/// Renders the pages and compares them with the baseline.
///
/// # Errors
/// When a folder or file cannot be read or written, or a browser cannot be started.
pub fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let index = arguments.pages.join("index.json");
    let bytes = std::fs::read(&index).with_context(|| index.display().to_string())?;
    let mut pages: Vec<Page> = serde_json::from_slice(&bytes).with_context(|| index.display().to_string())?;
    pages.retain(|p| arguments.only.is_empty() || arguments.only.contains(&p.name));
    anyhow::ensure!(!pages.is_empty(), "no page was selected");
    let scores = score_all(arguments, &pages)?;
    report::print(&scores, arguments.worst)?;
    report::print_misplaced(&scores, arguments.misplaced)?;
    if let Some(file) = &arguments.json {
        report::write_json(&scores, file)?;
    }
    let Some(floors) = &arguments.floors else { return Ok(ExitCode::SUCCESS) };
    if arguments.update {
        floors::write(floors, &scores)?;
        return Ok(ExitCode::SUCCESS);
    }
    let losses = floors::compare(&floors::read(floors)?, &scores);
    report::print_losses(&losses)?;
    Ok(if losses.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn score_all(arguments: &Arguments, pages: &[Page]) -> anyhow::Result<Vec<PageScore>> {
    let next = AtomicUsize::new(0);
    let scores: Mutex<Vec<PageScore>> = Mutex::default();
    let jobs = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| -> anyhow::Result<()> {
        let workers: Vec<_> = (0..jobs)
            .map(|_| {
                scope.spawn(|| -> anyhow::Result<()> {
                    let photographer = Photographer::new(VIEWPORT, arguments.fonts.as_deref())?;
                    while let Some(page) = pages.get(next.fetch_add(1, Ordering::SeqCst)) {
                        let score =
                            score_page(arguments, &photographer, page).with_context(|| page.name.clone())?;
                        scores.lock().unwrap_or_else(PoisonError::into_inner).push(score);
                    }
                    Ok(())
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|w| w.join().unwrap_or_else(|_| anyhow::bail!("a page made the renderer panic")))
    })?;
    let mut scores = scores.into_inner().unwrap_or_else(PoisonError::into_inner);
    scores.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scores)
}

fn score_page(arguments: &Arguments, photographer: &Photographer, page: &Page) -> anyhow::Result<PageScore> {
    let theirs = Recorded::read(&arguments.baseline.join(format!("{}.json.gz", page.name)))?;
    let their_picture = Picture::read(&arguments.baseline.join(format!("{}.png", page.name)))?;
    let server = Server::start(Script::folder(arguments.pages.join(&page.name))?)?;
    let url = Url::parse(&server.url(&format!("/{}", page.start_path)))?;
    let (ours, our_picture) = match photographer.observe(&url) {
        Ok((ours, picture)) => (ours.with_origin_removed(&server.origin()), picture),
        // A page that cannot be loaded scores nothing; it does not end the run.
        Err(why) => return Ok(PageScore::failed(&page.name, &theirs, why)),
    };
    if let Some(folder) = &arguments.pictures {
        write_picture(folder, &page.name, &our_picture)?;
    }
    Ok(PageScore::new(&page.name, &theirs, &ours, &their_picture, &our_picture))
}

fn write_picture(folder: &Path, name: &str, picture: &Picture) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    picture.write(&folder.join(format!("{name}.png")))
}
