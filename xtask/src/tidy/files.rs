//! Rules on files: first lines, lengths, names, depth.

use std::path::Path;

use super::{Source, Violation};

/// No file is longer.
const MAX_LINES: usize = 800;
/// Folders below `src`.
const MAX_DEPTH: usize = 3;
/// Names that tell nothing about what lives there.
const EMPTY_NAMES: [&str; 8] = ["utils", "util", "common", "helper", "helpers", "manager", "misc", "stuff"];
/// What a committed text must not speak of: places on one machine.
const MACHINE_PATHS: [&str; 3] = ["/work/", "/root/", "/home/"];
/// Tables of data may be as long as their data is; each says in its first line that it is one.
const TABLE_MARK: &str = "//! Table:";

pub(super) fn check(sources: &[Source], violations: &mut Vec<Violation>) {
    for source in sources {
        let mut report =
            |line, message: String| violations.push(Violation { file: source.path.clone(), line, message });
        let first = source.lines.first().map(String::as_str).unwrap_or_default();
        if !first.starts_with("//!") {
            report(1, "line 1 tells with `//!` what the file owns".into());
        }
        if source.lines.len() > MAX_LINES && !first.starts_with(TABLE_MARK) {
            report(
                0,
                format!(
                    "{} lines: over {MAX_LINES}, make it a folder with a contents page",
                    source.lines.len()
                ),
            );
        }
        for (number, line) in source.lines.iter().enumerate() {
            for place in MACHINE_PATHS.iter().filter(|p| line.contains(**p)) {
                if !source.path.ends_with("tidy/files.rs") {
                    report(number + 1, format!("names a place on one machine: {place}"));
                }
            }
        }
        let Some(path) = source.in_src() else { continue };
        for part in path.with_extension("").iter().filter_map(|p| p.to_str()) {
            if part.split('_').any(|word| EMPTY_NAMES.contains(&word)) && part != "misc" {
                report(0, format!("`{part}` names nothing: say what lives there"));
            }
        }
        let depth = path.parent().map_or(0, |p| p.iter().count());
        if depth > MAX_DEPTH {
            report(0, format!("{depth} folders below src: at most {MAX_DEPTH}"));
        }
        if sources.iter().any(|other| is_folder_of(&other.path, &source.path)) {
            report(0, "a folder of the same name stands beside it: move it to `mod.rs` there".into());
        }
    }
}

/// Whether `other` lies in the folder that `file` would own by its name: `foo/bar.rs` and `foo.rs`.
fn is_folder_of(other: &Path, file: &Path) -> bool {
    !file.ends_with("mod.rs") && !file.ends_with("lib.rs") && other.parent() == Some(&file.with_extension(""))
}
