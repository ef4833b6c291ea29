//! Which reftests there are: `manifest.json`, one entry a test.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use super::compare::Fuzz;

/// The list of reftests.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    reftests: Vec<Test>,
}

/// A reftest.
#[derive(Debug, Clone, Deserialize)]
pub struct Test {
    /// Below the suite's folder.
    pub path: String,
    /// What it is compared with: all of the `match` kind, and none of the `mismatch` kind.
    pub refs: Vec<Reference>,
    /// Whether it needs JavaScript.
    script: bool,
    /// Differences that are allowed, in the suite's notation.
    fuzzy: Vec<String>,
}

/// What a test is compared with.
#[derive(Debug, Clone, Deserialize)]
pub struct Reference {
    /// Whether the pictures must be the same or must differ.
    pub rel: Relation,
    /// Relative to the test; a leading slash is the suite's folder.
    pub href: String,
}

/// How a reference relates to its test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The same picture.
    Match,
    /// Another picture.
    Mismatch,
}

impl Manifest {
    /// Reads `manifest.json` of the suite's folder.
    ///
    /// # Errors
    /// When it is not there or is not a manifest.
    pub fn read(wpt: &Path) -> anyhow::Result<Self> {
        let file = wpt.join("manifest.json");
        let bytes = std::fs::read(&file).with_context(|| file.display().to_string())?;
        serde_json::from_slice(&bytes).with_context(|| file.display().to_string())
    }

    /// The tests that need no JavaScript.
    pub fn script_free(&self) -> impl Iterator<Item = &Test> {
        self.reftests.iter().filter(|t| !t.script)
    }
}

impl Test {
    /// The allowed difference against the reference with this `href`.
    ///
    /// Notation: `[reference:]maxDifference=A-B;totalPixels=C-D`, the names optional.
    pub fn fuzz(&self, href: &str) -> Fuzz {
        self.fuzzy
            .iter()
            .filter_map(|entry| match entry.rsplit_once(':') {
                Some((reference, rest)) => href.ends_with(reference).then_some(rest),
                None => Some(entry.as_str()),
            })
            .find_map(Fuzz::parse)
            .unwrap_or_default()
    }

    /// The folder that totals count it under: `css/CSS2`.
    pub fn folder(&self) -> &str {
        let end = self.path.match_indices('/').nth(1).map_or(self.path.len(), |(at, _)| at);
        &self.path[..end]
    }
}
