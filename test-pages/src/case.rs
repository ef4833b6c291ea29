//! Finds the cases under `pages/` and compares results with the expectations that stand beside them.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// One page with an expectation of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The page.
    pub page: PathBuf,
    /// The expectation: the page's path with another ending.
    pub expected: PathBuf,
}

impl Case {
    /// The page's path below `pages/`, without its ending: `layout/margins`.
    pub fn name(&self) -> String {
        let pages = crate::root().join("pages");
        self.page.strip_prefix(&pages).unwrap_or(&self.page).with_extension("").to_string_lossy().into_owned()
    }

    /// Compares `actual` with the expectation, or writes it there when the variable `SISKIN_BLESS` is set.
    ///
    /// # Errors
    /// The first line that differs, with both versions, or why the file cannot be read or written.
    pub fn check(&self, actual: &str) -> Result<(), String> {
        if env::var_os("SISKIN_BLESS").is_some() {
            return fs::write(&self.expected, actual)
                .map_err(|e| format!("{}: {e}", self.expected.display()));
        }
        let expected =
            fs::read_to_string(&self.expected).map_err(|e| format!("{}: {e}", self.expected.display()))?;
        match first_difference(&expected, actual) {
            None => Ok(()),
            Some(difference) => Err(format!("{}: {difference}", self.name())),
        }
    }
}

/// The pages that have an expectation with this ending (`dom`, `rects` …), sorted by path.
///
/// # Errors
/// When `pages/` cannot be read.
pub fn with_expectation(ending: &str) -> io::Result<Vec<Case>> {
    let cases = pages()?.into_iter().map(|page| Case { expected: page.with_extension(ending), page });
    Ok(cases.filter(|case| case.expected.exists()).collect())
}

/// Pairs of pages that must give the same picture: `NAME.html` and `NAME-ref.html`, sorted by path.
///
/// # Errors
/// When `pages/` cannot be read.
pub fn reference_pairs() -> io::Result<Vec<(PathBuf, PathBuf)>> {
    pairs("-ref.html")
}

/// Pairs of pages that must give different pictures: `NAME.html` and `NAME-notref.html`, sorted by path.
///
/// # Errors
/// When `pages/` cannot be read.
pub fn mismatch_pairs() -> io::Result<Vec<(PathBuf, PathBuf)>> {
    pairs("-notref.html")
}

/// Pages that have a second one beside them with this ending.
fn pairs(ending: &str) -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let pairs = pages()?.into_iter().filter_map(|page| {
        let stem = page.file_stem()?.to_str()?;
        let second = page.with_file_name(format!("{stem}{ending}"));
        second.exists().then_some((page, second))
    });
    Ok(pairs.collect())
}

/// Every `.html` and `.xhtml` file under `pages/`, sorted by path.
///
/// # Errors
/// When `pages/` cannot be read.
pub fn pages() -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(&crate::root().join("pages"), &mut found)?;
    found.retain(|p| p.extension().is_some_and(|e| e == "html" || e == "xhtml"));
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}

/// The first line in which two texts differ, in words.
fn first_difference(expected: &str, actual: &str) -> Option<String> {
    let (mut left, mut right) = (expected.lines(), actual.lines());
    for number in 1.. {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            (a, b) => {
                let show = |line: Option<&str>| line.map_or_else(|| "(end)".to_owned(), str::to_owned);
                return Some(format!("line {number}\n  expected: {}\n    actual: {}", show(a), show(b)));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb"), None, "a trailing newline is no difference");
        let difference = first_difference("a\nb", "a\nc").unwrap();
        assert!(difference.starts_with("line 2"), "{difference}");
        assert!(first_difference("a", "a\nb").unwrap().contains("(end)"), "a missing line is named as such");
    }
}
