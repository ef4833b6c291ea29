//! One Rust file, with its comments and string contents blanked out so that rules see code alone.

use std::path::{Path, PathBuf};

/// A Rust file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Relative to the workspace.
    pub path: PathBuf,
    /// The text, line by line.
    pub lines: Vec<String>,
    /// The same lines with comments and the contents of strings left out.
    pub code: Vec<String>,
    /// The line (0-based) from which on the file is a `#[cfg(test)]` module.
    pub tests_from: usize,
}

impl Source {
    /// Takes a file's text apart.
    pub fn new(path: PathBuf, text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let code: Vec<String> = blank(text).lines().map(str::to_owned).collect();
        let tests_from = code
            .iter()
            .enumerate()
            .position(|(i, l)| {
                l.starts_with("#[cfg(test)]") && code.get(i + 1).is_some_and(|next| next.starts_with("mod "))
            })
            .unwrap_or(code.len());
        // A module of tests in a file of its own.
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_test_file = name == "tests.rs" || name.ends_with("_tests.rs");
        let tests_from = if is_test_file { 0 } else { tests_from };
        Self { path, lines, code, tests_from }
    }

    /// The crate's folder: `net`.
    pub fn member(&self) -> &str {
        self.path.iter().next().and_then(|p| p.to_str()).unwrap_or_default()
    }

    /// The path below the crate's `src`, `None` for tests, benches and examples.
    pub fn in_src(&self) -> Option<&Path> {
        self.path.strip_prefix(Path::new(self.member()).join("src")).ok()
    }

    /// The code lines that are not tests, with their 1-based numbers.
    pub fn product_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.iter().take(self.tests_from).enumerate().map(|(i, line)| (i + 1, line.as_str()))
    }
}

/// The text with comments and the contents of string and character literals replaced by spaces.
fn blank(text: &str) -> String {
    let bytes: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    let keep_newlines = |c: char| if c == '\n' { '\n' } else { ' ' };
    while i < bytes.len() {
        let c = bytes[i];
        let next = bytes.get(i + 1).copied();
        match (c, next) {
            ('/', Some('/')) => {
                while i < bytes.len() && bytes[i] != '\n' {
                    i += 1;
                }
            }
            ('/', Some('*')) => {
                let mut depth = 0;
                while i < bytes.len() {
                    match (bytes[i], bytes.get(i + 1)) {
                        ('/', Some('*')) => depth += 1,
                        ('*', Some('/')) => depth -= 1,
                        _ => {
                            out.push(keep_newlines(bytes[i]));
                            i += 1;
                            continue;
                        }
                    }
                    i += 2;
                    if depth == 0 {
                        break;
                    }
                }
            }
            ('r', Some('"' | '#')) if !out.ends_with(|p: char| p.is_alphanumeric() || p == '_') => {
                let hashes = bytes[i + 1..].iter().take_while(|&&h| h == '#').count();
                if bytes.get(i + 1 + hashes) != Some(&'"') {
                    out.push(c);
                    i += 1;
                    continue;
                }
                let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                i += 2 + hashes;
                out.push('"');
                while i < bytes.len() && !bytes[i..].iter().take(end.len()).copied().eq(end.chars()) {
                    out.push(keep_newlines(bytes[i]));
                    i += 1;
                }
                out.push('"');
                i += end.len();
            }
            ('"', _) => {
                out.push('"');
                i += 1;
                while i < bytes.len() && bytes[i] != '"' {
                    if bytes[i] == '\\' {
                        out.push(' ');
                        i += 1;
                    }
                    out.push(bytes.get(i).copied().map_or(' ', keep_newlines));
                    i += 1;
                }
                out.push('"');
                i += 1;
            }
            // A character literal, not a lifetime.
            ('\'', Some('\\')) => {
                i += 3;
                while i < bytes.len() && bytes[i] != '\'' {
                    i += 1;
                }
                i += 1;
                out.push_str("' '");
            }
            ('\'', Some(_)) if bytes.get(i + 2) == Some(&'\'') => {
                i += 3;
                out.push_str("' '");
            }
            _ => {
                out.push(c);
                i += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_no_code() {
        let blanked =
            blank("a // B\n\"C // D\" e /* F /* G */ H */ i r#\"J \" K\"# 'L' '\\n' 'm\n&'static x");
        assert_eq!(blanked.lines().count(), 3, "lines stay where they are: {blanked:?}");
        for gone in ["B", "C", "F", "H", "J", "K", "L"] {
            assert!(!blanked.contains(gone), "{gone} in {blanked:?}");
        }
        for kept in ["a ", " e ", " i ", "'static x"] {
            assert!(blanked.contains(kept), "{kept} in {blanked:?}");
        }
    }
}
