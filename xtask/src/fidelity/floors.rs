//! What was reached before, page by page. A change may raise a figure; it may not lower one.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::score::{Figures, PageScore};

/// Differences below this many percentage points are rounding.
const TOLERANCE: f64 = 0.05;

/// The floors of one page, in percent, rounded down to hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    style: f64,
    rects: f64,
    lines: f64,
    pixels: f64,
}

impl Floor {
    fn of(figures: &Figures) -> Self {
        let down = |percent: f64| (percent * 100.0).floor() / 100.0;
        Self {
            style: down(figures.style.percent()),
            rects: down(figures.rects.percent()),
            lines: down(figures.lines.percent()),
            pixels: down(figures.pixels.percent()),
        }
    }
}

/// Reads the floors by page.
///
/// # Errors
/// When the file cannot be read.
pub fn read(file: &Path) -> anyhow::Result<BTreeMap<String, Floor>> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    serde_json::from_slice(&bytes).with_context(|| file.display().to_string())
}

/// Writes this run's figures as the floors of its pages; other pages keep theirs.
///
/// # Errors
/// When the file cannot be read or written.
pub fn write(file: &Path, scores: &[PageScore]) -> anyhow::Result<()> {
    let mut floors = if file.exists() { read(file)? } else { BTreeMap::new() };
    floors.extend(scores.iter().map(|s| (s.name.clone(), Floor::of(&s.figures))));
    let lines: Vec<String> = floors
        .iter()
        .map(|(name, floor)| {
            Ok(format!("  {}: {}", serde_json::to_string(name)?, serde_json::to_string(floor)?))
        })
        .collect::<serde_json::Result<_>>()?;
    std::fs::write(file, format!("{{\n{}\n}}\n", lines.join(",\n")))
        .with_context(|| file.display().to_string())
}

/// What fell below its floor, in words.
pub fn compare(floors: &BTreeMap<String, Floor>, scores: &[PageScore]) -> Vec<String> {
    let mut losses = Vec::new();
    for score in scores {
        let Some(floor) = floors.get(&score.name) else { continue };
        let now = Floor::of(&score.figures);
        let pairs = [
            ("style", floor.style, now.style),
            ("rects", floor.rects, now.rects),
            ("lines", floor.lines, now.lines),
            ("pixels", floor.pixels, now.pixels),
        ];
        for (what, before, after) in pairs {
            if after < before - TOLERANCE {
                losses.push(format!("{}: {what} fell from {before:.2} % to {after:.2} %", score.name));
            }
        }
    }
    losses
}
