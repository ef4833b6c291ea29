//! Rules on the workspace: the arrow between the crates, and the licences.

use std::path::Path;
use std::{fs, io};

use super::Violation;

/// Who may depend on whom, in `[dependencies]`.
const ARROW: &[(&str, &[&str])] = &[
    ("net", &[]),
    ("engine", &["siskin-net"]),
    ("render", &["siskin-engine"]),
    ("shell", &["siskin-net", "siskin-engine", "siskin-render"]),
    ("test-pages", &[]),
];

/// Documents that a stranger looks for.
const DOCUMENTS: [&str; 5] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE-MIT", "LICENSE-APACHE"];

pub(super) fn check(root: &Path, violations: &mut Vec<Violation>) -> io::Result<()> {
    for (member, allowed) in ARROW {
        let file = Path::new(member).join("Cargo.toml");
        let manifest = fs::read_to_string(root.join(&file))?;
        for (line, name) in dependencies(&manifest) {
            if name.starts_with("siskin") && !allowed.contains(&name) {
                let message = format!(
                    "the arrow shell -> render -> engine -> net does not lead from {member} to {name}"
                );
                violations.push(Violation { file: file.clone(), line, message });
            }
        }
        if !manifest.contains("license.workspace = true") || !manifest.contains("[lints]\nworkspace = true") {
            let message = "licence and lints are the workspace's".to_owned();
            violations.push(Violation { file, line: 0, message });
        }
    }
    for document in DOCUMENTS {
        if !root.join(document).is_file() {
            violations.push(Violation { file: document.into(), line: 0, message: "is missing".to_owned() });
        }
    }
    Ok(())
}

/// The names in `[dependencies]` with their 1-based lines.
fn dependencies(manifest: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (number, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
        } else if inside && let Some(name) = line.split(['.', ' ', '=']).next().filter(|n| !n.is_empty()) {
            found.push((number + 1, name));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::dependencies;

    #[test]
    fn dev_dependencies_do_not_count() {
        let manifest = "[dependencies]\nurl.workspace = true\nsiskin-net = { workspace = true }\n[dev-dependencies]\nx = 1\n";
        assert_eq!(dependencies(manifest), [(2, "url"), (3, "siskin-net")]);
    }
}
