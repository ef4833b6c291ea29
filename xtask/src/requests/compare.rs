//! Two sets of requests beside each other: what both made, what only one made.

use std::collections::BTreeSet;

use serde::Deserialize;

/// A request, as far as two browsers can agree on it. All are GET: no page here asks for anything else by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "(String, String)")]
pub struct Asked {
    /// What for, in the words of the recordings: `document`, `stylesheet`, `image`, `font`, `script`, `media`, `other`.
    pub kind: String,
    /// The URL; without its origin where that is the page's own server.
    pub url: String,
}

impl From<(String, String)> for Asked {
    fn from((kind, url): (String, String)) -> Self {
        Self { kind, url }
    }
}

impl Asked {
    /// Whether the recordings can hold such a request. The tool that made them leaves out `data:` URLs and everything
    /// that ends in `/favicon.ico`, though the browser asks for it.
    pub fn is_recorded(&self) -> bool {
        !self.url.starts_with("data:") && !self.url.ends_with("/favicon.ico")
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.url)
    }
}

/// How the requests of a page compare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The page.
    pub name: String,
    /// How many requests Chromium made, each once.
    pub theirs: usize,
    /// Chromium asked for these, we did not.
    pub missing: BTreeSet<Asked>,
    /// We asked for these, Chromium did not.
    pub extra: BTreeSet<Asked>,
    /// Why the page could not be loaded.
    pub failure: Option<String>,
}

impl Comparison {
    /// Compares two lists; a request that is made twice counts once.
    pub fn new(name: &str, theirs: &[Asked], ours: &[Asked]) -> Self {
        let set = |asked: &[Asked]| -> BTreeSet<Asked> {
            asked.iter().filter(|asked| asked.is_recorded()).cloned().collect()
        };
        let (theirs, ours) = (set(theirs), set(ours));
        Self {
            name: name.to_owned(),
            theirs: theirs.len(),
            missing: theirs.difference(&ours).cloned().collect(),
            extra: ours.difference(&theirs).cloned().collect(),
            failure: None,
        }
    }

    /// The differences as lines of a ledger: `page missing|extra kind url`.
    pub fn differences(&self) -> impl Iterator<Item = String> {
        let line = |word: &'static str| move |asked: &Asked| format!("{} {word} {asked}", self.name);
        self.missing.iter().map(line("missing")).chain(self.extra.iter().map(line("extra")))
    }
}

/// The figures of all pages together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Of the requests that Chromium made, how many we made, in percent.
    pub made: f64,
    /// How many more we made, in percent of Chromium's.
    pub extra: f64,
    /// How many Chromium made.
    pub theirs: usize,
}

impl Figures {
    /// Over all of `pages`.
    pub fn of(pages: &[Comparison]) -> Self {
        let sum = |count: fn(&Comparison) -> usize| pages.iter().map(count).sum::<usize>();
        let theirs = sum(|page| page.theirs);
        let percent = |count: usize| count as f64 * 100.0 / theirs.max(1) as f64;
        Self {
            made: 100.0 - percent(sum(|page| page.missing.len())),
            extra: percent(sum(|page| page.extra.len())),
            theirs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(list: &[(&str, &str)]) -> Vec<Asked> {
        list.iter().map(|&(kind, url)| Asked { kind: kind.to_owned(), url: url.to_owned() }).collect()
    }

    #[test]
    fn requests_count_once_and_by_kind() {
        let theirs = asked(&[("image", "/a"), ("image", "/a"), ("font", "/f"), ("other", "/favicon.ico")]);
        let ours = asked(&[("image", "/a"), ("image", "/f"), ("image", "data:,x")]);
        let compared = Comparison::new("p", &theirs, &ours);
        assert_eq!(compared.theirs, 2);
        let lines: Vec<String> = compared.differences().collect();
        assert_eq!(lines, ["p missing font /f", "p extra image /f"]);
        let figures = Figures::of(&[compared]);
        assert_eq!((figures.made, figures.extra), (50.0, 50.0));
    }
}
