//! The differences that are known, each with its reason. One that is not listed is a loss; one that is listed and does
//! not happen is a gain that has to be written down.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;

use super::compare::Comparison;

/// Stands for the reason of a difference that nobody has explained.
pub const UNEXPLAINED: &str = "TODO: not explained";

const HEAD: &str = "\
# Requests that Chromium made and we do not (missing), or the other way round (extra), page by page, each with its reason
# behind the hash. `cargo xtask requests --update` writes the lines; CI fails on any other difference.
";

/// Known differences with their reasons.
pub type Ledger = BTreeMap<String, String>;

/// Reads the ledger.
///
/// # Errors
/// When the file cannot be read.
pub fn read(file: &Path) -> anyhow::Result<Ledger> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(parse(&text))
}

fn parse(text: &str) -> Ledger {
    let entries = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    entries
        .map(|line| match line.split_once("  # ") {
            Some((difference, reason)) => (difference.trim().to_owned(), reason.trim().to_owned()),
            None => (line.trim().to_owned(), UNEXPLAINED.to_owned()),
        })
        .collect()
}

/// Writes what differs now; lines that were known keep their reason, pages that were not looked at their lines.
///
/// # Errors
/// When the file cannot be written.
pub fn write(file: &Path, known: &Ledger, pages: &[Comparison]) -> anyhow::Result<()> {
    let looked_at = |line: &str| pages.iter().any(|page| line.split(' ').next() == Some(&page.name));
    let mut entries: Ledger = known
        .iter()
        .filter(|(line, _)| !looked_at(line))
        .map(|(line, reason)| (line.clone(), reason.clone()))
        .collect();
    for line in pages.iter().flat_map(Comparison::differences) {
        let reason = known.get(&line).cloned().unwrap_or_else(|| UNEXPLAINED.to_owned());
        entries.insert(line, reason);
    }
    let text: String = entries.iter().map(|(line, reason)| format!("{line}  # {reason}\n")).collect();
    std::fs::write(file, format!("{HEAD}{text}")).with_context(|| file.display().to_string())
}

/// What is not as the ledger says, in words.
pub fn surprises(known: &Ledger, pages: &[Comparison]) -> Vec<String> {
    let mut told = Vec::new();
    for page in pages {
        let now: Vec<String> = page.differences().collect();
        told.extend(now.iter().filter(|line| !known.contains_key(*line)).map(|line| format!("new: {line}")));
        let of_page = known.iter().filter(|(line, _)| line.split(' ').next() == Some(&page.name));
        for (line, reason) in of_page {
            if !now.contains(line) {
                told.push(format!("no more (strike it out): {line}"));
            } else if reason.starts_with("TODO") {
                told.push(format!("without a reason: {line}"));
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_listed_and_what_is_listed_in_vain_are_told() {
        let asked = |url: &str| super::super::compare::Asked { kind: "image".into(), url: url.into() };
        let page = Comparison::new("p", &[asked("/a"), asked("/b")], &[asked("/c")]);
        let known = parse(
            "# head\np missing image /a  # because\np missing image /gone  # once\n\np extra image /c\n",
        );
        assert_eq!(
            surprises(&known, &[page]),
            [
                "new: p missing image /b",
                "without a reason: p extra image /c",
                "no more (strike it out): p missing image /gone",
            ]
        );
        assert!(surprises(&known, &[]).is_empty(), "pages that were not looked at are left alone");
    }
}
