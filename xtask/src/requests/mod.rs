//! Real pages' requests against those that Chromium made for them.
//!
//! - [`compare`]: two sets of requests
//! - [`ledger`]: the differences that are known, with their reasons
//! - [`observe`]: what a page of ours asks for

pub mod compare;
pub mod ledger;
pub mod observe;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use flate2::read::GzDecoder;
use serde::Deserialize;
use siskin_test_pages::server::{Script, Server};
use url::Url;

use compare::{Asked, Comparison, Figures};
use observe::Listener;

/// The viewport that the baseline was recorded with.
const VIEWPORT: (u32, u32) = (1280, 800);
/// Of Chromium's requests, this many must be made, in percent.
const MADE_FLOOR: f64 = 98.0;
/// So many more may be made, in percent of Chromium's.
const EXTRA_CEILING: f64 = 2.0;

/// `cargo xtask requests`
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
    /// Fails on any difference that this file does not explain, and when the figures are below the bar.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// Writes this run's differences into the ledger instead.
    #[arg(long, requires = "ledger")]
    update: bool,
}

/// An entry of `index.json`.
#[derive(Debug, Clone, Deserialize)]
struct Page {
    name: String,
    start_path: String,
}

/// The part of a recording that is looked at here.
#[derive(Debug, Deserialize)]
struct Recording {
    requests: Vec<Asked>,
}

/// Loads the pages and compares their requests with the baseline's.
///
/// # Errors
/// When a folder or file cannot be read or written, or a browser cannot be started.
pub fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let index = arguments.pages.join("index.json");
    let bytes = std::fs::read(&index).with_context(|| index.display().to_string())?;
    let mut pages: Vec<Page> = serde_json::from_slice(&bytes).with_context(|| index.display().to_string())?;
    pages.retain(|p| arguments.only.is_empty() || arguments.only.contains(&p.name));
    anyhow::ensure!(!pages.is_empty(), "no page was selected");
    let mut listener = Listener::new(VIEWPORT, arguments.fonts.as_deref())?;
    let mut compared: Vec<Comparison> = pages
        .iter()
        .map(|page| compare_page(arguments, &mut listener, page).with_context(|| page.name.clone()))
        .collect::<anyhow::Result<_>>()?;
    compared.sort_by(|a, b| a.name.cmp(&b.name));
    let figures = print(&compared)?;
    let Some(file) = &arguments.ledger else { return Ok(ExitCode::SUCCESS) };
    if arguments.update {
        let known = if file.exists() { ledger::read(file)? } else { ledger::Ledger::new() };
        ledger::write(file, &known, &compared)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut faults = ledger::surprises(&ledger::read(file)?, &compared);
    if arguments.only.is_empty() && (figures.made < MADE_FLOOR || figures.extra > EXTRA_CEILING) {
        faults.push(format!("the bar is {MADE_FLOOR} % made and {EXTRA_CEILING} % extra"));
    }
    let mut out = std::io::stdout().lock();
    faults.iter().try_for_each(|fault| writeln!(out, "{fault}"))?;
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn compare_page(arguments: &Arguments, listener: &mut Listener, page: &Page) -> anyhow::Result<Comparison> {
    let theirs = read(&arguments.baseline.join(format!("{}.json.gz", page.name)))?;
    let server = Server::start(Script::folder(arguments.pages.join(&page.name))?)?;
    let url = Url::parse(&server.url(&format!("/{}", page.start_path)))?;
    let (ours, failure) = listener.listen(&url, &server.origin());
    Ok(Comparison { failure, ..Comparison::new(&page.name, &theirs.requests, &ours) })
}

fn read(file: &Path) -> anyhow::Result<Recording> {
    let name = || file.display().to_string();
    let reader = GzDecoder::new(std::fs::File::open(file).with_context(name)?);
    serde_json::from_reader(std::io::BufReader::new(reader)).with_context(name)
}

/// A line a difference, and the figures.
fn print(pages: &[Comparison]) -> anyhow::Result<Figures> {
    let mut out = std::io::stdout().lock();
    for page in pages {
        if let Some(why) = &page.failure {
            writeln!(out, "{}: {why}", page.name)?;
        }
        page.differences().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    let figures = Figures::of(pages);
    let whole = pages.iter().filter(|page| page.missing.is_empty() && page.extra.is_empty()).count();
    writeln!(
        out,
        "{} pages, {} requests by Chromium: {:.2} % of them made, {:.2} % extra; {whole} pages without a difference",
        pages.len(),
        figures.theirs,
        figures.made,
        figures.extra
    )?;
    Ok(figures)
}
