//! One arrow inside a crate: a module uses only what stands above it in `lib.rs`.

use std::collections::HashMap;

use super::{Source, Violation};

pub(super) fn check(sources: &[Source], violations: &mut Vec<Violation>) {
    let orders: HashMap<&str, Vec<&str>> = sources
        .iter()
        .filter(|s| s.in_src().is_some_and(|p| p.to_str() == Some("lib.rs")))
        .map(|s| (s.member(), module_order(s)))
        .collect();
    for source in sources {
        let (Some(order), Some(path)) = (orders.get(source.member()), source.in_src()) else { continue };
        let Some(top) = path.iter().next().and_then(|p| p.to_str()) else { continue };
        let own = top.trim_end_matches(".rs");
        let Some(place) = order.iter().position(|m| *m == own) else { continue };
        for (line, code) in source.product_code() {
            for used in crate_paths(code) {
                if order.iter().position(|m| *m == used).is_some_and(|other| other > place) {
                    let message = format!("`{own}` uses `{used}`, which stands below it in lib.rs");
                    violations.push(Violation { file: source.path.clone(), line, message });
                }
            }
        }
    }
}

/// The modules of a `lib.rs`, in their order.
fn module_order(lib: &Source) -> Vec<&str> {
    lib.code
        .iter()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect()
}

/// The modules that a line of code names as `crate::module` (also in `crate::{a::…, b::…}` on one line).
fn crate_paths(code: &str) -> Vec<&str> {
    code.split("crate::").skip(1).flat_map(names_at_start).collect()
}

fn names_at_start(rest: &str) -> Vec<&str> {
    let name_end = |s: &str| s.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(s.len());
    match rest.strip_prefix('{') {
        None => vec![&rest[..name_end(rest)]],
        Some(group) => group
            .split(',')
            .map(str::trim)
            .map(|item| &item[..name_end(item)])
            .filter(|n| !n.is_empty())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_against_the_order_is_found() {
        let sources = [
            Source::new("net/src/lib.rs".into(), "//! x\npub mod clock;\nmod event;\n"),
            Source::new("net/src/clock.rs".into(), "//! x\nuse crate::event::Event;\n"),
            Source::new("net/src/event.rs".into(), "//! x\nuse crate::{clock::Clock};\n"),
        ];
        let mut violations = Vec::new();
        check(&sources, &mut violations);
        let files: Vec<_> = violations.iter().map(|v| (v.file.to_str().unwrap(), v.line)).collect();
        assert_eq!(files, [("net/src/clock.rs", 2)]);
    }
}
