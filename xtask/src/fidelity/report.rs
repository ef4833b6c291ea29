//! Tables by page and by property, worst first.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde_json::json;

use super::score::{Figures, PageScore, Share};

/// Prints a row a page (worst rectangles first), the totals, and the properties with most differences.
///
/// # Errors
/// When standard output is closed.
pub fn print(scores: &[PageScore], worst: usize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:32} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "page", "style %", "known %", "rects %", "lines %", "pixels %"
    )?;
    let mut by_rects: Vec<&PageScore> = scores.iter().collect();
    by_rects.sort_by(|a, b| a.figures.rects.percent().total_cmp(&b.figures.rects.percent()));
    for score in &by_rects {
        let row = row(&score.figures);
        match &score.failure {
            None => writeln!(out, "{:32} {row}", score.name)?,
            Some(why) => writeln!(out, "{:32} {row}  {why}", score.name)?,
        }
    }
    if let Some(median) = by_rects.get(by_rects.len() / 2) {
        writeln!(out, "{:32} {}", "median page (by rects)", row(&median.figures))?;
    }
    writeln!(out, "{:32} {}", "all", row(&total(scores)))?;
    print_properties(scores, worst, &mut out)
}

/// Prints the first elements of each page whose rectangles differ.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_misplaced(scores: &[PageScore], most: usize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for score in scores.iter().filter(|score| most > 0 && !score.misplaced.is_empty()) {
        writeln!(out, "{}", score.name)?;
        for line in score.misplaced.iter().take(most) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

fn print_properties(scores: &[PageScore], worst: usize, out: &mut impl Write) -> anyhow::Result<()> {
    let mut properties: Vec<(&str, Share)> =
        by_property(scores).into_iter().filter(|(_, s)| s.equal < s.of).collect();
    properties.sort_by_key(|(_, share)| std::cmp::Reverse(share.of - share.equal));
    for (property, share) in properties.into_iter().take(worst) {
        let example = scores.iter().find_map(|s| s.examples.get(property));
        let example = example.map_or_else(
            || "not known".to_owned(),
            |(theirs, ours)| format!("Chromium {}, here {}", shortened(theirs), shortened(ours)),
        );
        writeln!(
            out,
            "{property:36} {:8} differ ({:6.2} % equal)  {example}",
            share.of - share.equal,
            share.percent()
        )?;
    }
    Ok(())
}

/// Prints what fell below its floor.
///
/// # Errors
/// When standard output is closed.
pub fn print_losses(losses: &[String]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for loss in losses {
        writeln!(out, "{loss}")?;
    }
    Ok(())
}

/// Writes all figures.
///
/// # Errors
/// When the file cannot be written.
pub fn write_json(scores: &[PageScore], file: &Path) -> anyhow::Result<()> {
    let share = |s: Share| json!({"equal": s.equal, "of": s.of, "percent": s.percent()});
    let figures = |f: &Figures| json!({"style": share(f.style), "known": share(f.known), "rects": share(f.rects), "lines": share(f.lines), "pixels": share(f.pixels)});
    let pages: BTreeMap<&str, _> = scores.iter().map(|s| (s.name.as_str(), figures(&s.figures))).collect();
    let properties: BTreeMap<&str, _> = by_property(scores).into_iter().map(|(p, s)| (p, share(s))).collect();
    let report = json!({"total": figures(&total(scores)), "pages": pages, "properties": properties});
    std::fs::write(file, serde_json::to_vec_pretty(&report)?).with_context(|| file.display().to_string())
}

fn total(scores: &[PageScore]) -> Figures {
    let mut total = Figures::default();
    for score in scores {
        total += score.figures;
    }
    total
}

fn by_property(scores: &[PageScore]) -> BTreeMap<&str, Share> {
    let mut properties: BTreeMap<&str, Share> = BTreeMap::new();
    for (property, share) in scores.iter().flat_map(|s| &s.properties) {
        *properties.entry(property).or_default() += *share;
    }
    properties
}

fn row(figures: &Figures) -> String {
    let Figures { style, known, rects, lines, pixels } = figures;
    [style, known, rects, lines, pixels].map(|share| format!("{:8.2}", share.percent())).join(" ")
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(40) {
        None => format!("`{value}`"),
        Some((end, _)) => format!("`{}...`", &value[..end]),
    }
}
