//! The rules of the house that a program can check. Run by `cargo test` and by `cargo xtask tidy`.
//!
//! - [`source`]: one Rust file: its text, its path, the parts that are code
//! - [`files`]: first lines, lengths, names, depth
//! - [`modules`]: inside a crate, a module uses only what stands above it
//! - [`doors`]: each dependency is named in one module only; IO stays at the rim
//! - [`crates`]: the arrow between the crates; licences

mod source;
mod crates;
mod doors;
mod files;
mod modules;

use std::path::{Path, PathBuf};
use std::{fs, io};

pub use source::Source;

/// The folders of the crates, in the direction of the arrow: each may use those before it.
const CRATES: [&str; 6] = ["net", "engine", "render", "shell", "test-pages", "xtask"];

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The file, relative to the workspace.
    pub file: PathBuf,
    /// The 1-based line, 0 for the file as a whole.
    pub line: usize,
    /// The rule, and what breaks it.
    pub message: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// Checks every rule on the workspace at `root`; the violations come sorted.
///
/// # Errors
/// When a file cannot be read.
pub fn check(root: &Path) -> io::Result<Vec<Violation>> {
    let sources = sources(root)?;
    let mut violations = Vec::new();
    files::check(&sources, &mut violations);
    modules::check(&sources, &mut violations);
    doors::check(&sources, &mut violations);
    crates::check(root, &mut violations)?;
    violations.sort();
    violations.dedup();
    Ok(violations)
}

/// Every Rust file of the workspace's crates.
fn sources(root: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for member in CRATES {
        for folder in ["src", "tests", "benches", "examples"] {
            let folder = root.join(member).join(folder);
            if folder.is_dir() {
                collect(root, &folder, &mut sources)?;
            }
        }
    }
    Ok(sources)
}

fn collect(root: &Path, folder: &Path, into: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, into)?;
        } else if path.extension().is_some_and(|e| e == "rs") {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
            into.push(Source::new(relative, &fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
