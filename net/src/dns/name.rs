//! Names that may be asked for, and the longer ones that they may stand for.

/// The longest label and the longest name: <https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4>.
const MAX_LABEL: usize = 63;
const MAX_NAME: usize = 253;

/// A host as a name without its last dot, in lower case; or why no server can know it.
///
/// The URL standard has checked the characters and has made punycode of other scripts.
pub(super) fn checked(host: &str) -> Result<String, String> {
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    if name.is_empty() || name.split('.').any(str::is_empty) {
        return Err(format!("the host name {host} has an empty part"));
    }
    if !name.is_ascii() || name.bytes().any(|byte| byte.is_ascii_control() || byte == b' ') {
        return Err(format!("the host name {} has characters that no name has", name.escape_debug()));
    }
    if let Some(label) = name.split('.').find(|label| label.len() > MAX_LABEL) {
        let length = label.len();
        return Err(format!("a part of the host name has {length} characters, the limit is {MAX_LABEL}"));
    }
    if name.len() > MAX_NAME {
        return Err(format!("the host name has {} characters, the limit is {MAX_NAME}", name.len()));
    }
    Ok(name)
}

/// The names to ask for instead of `host`, in order: `search` and `ndots` of resolv.conf(5).
pub(super) fn candidates(host: &str, search: &[String], ndots: usize) -> Vec<String> {
    let name = host.strip_suffix('.').unwrap_or(host).to_owned();
    if host.ends_with('.') {
        return vec![name];
    }
    let longer = search
        .iter()
        .map(|domain| if domain.is_empty() { name.clone() } else { format!("{name}.{domain}") })
        .filter(|longer| longer.len() <= MAX_NAME && *longer != name);
    let dots = name.bytes().filter(|byte| *byte == b'.').count();
    let mut names: Vec<String> = longer.collect();
    names.insert(if dots >= ndots { 0 } else { names.len() }, name);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_characters() {
        let long_label = "a".repeat(64);
        let long_name = ["a".repeat(63).as_str(); 4].join(".");
        for (host, name) in [
            ("A.Test", Some("a.test")),
            ("a.test.", Some("a.test")),
            ("_dmarc.a-b.test", Some("_dmarc.a-b.test")),
            ("", None),
            (".", None),
            ("a..test", None),
            (".test", None),
            ("a b.test", None),
            ("ü.test", None),
            (long_label.as_str(), None),
            (long_name.as_str(), None),
            (&long_name[2..], Some(&long_name[2..])),
        ] {
            assert_eq!(checked(host).ok().as_deref(), name, "{host}");
        }
    }

    #[test]
    fn search() {
        let search = ["one.test".to_owned(), "two.test".to_owned()];
        for (host, ndots, names) in [
            ("h", 1, "h.one.test h.two.test h"),
            ("h.x", 1, "h.x h.x.one.test h.x.two.test"),
            ("h.x", 2, "h.x.one.test h.x.two.test h.x"),
            ("h.", 1, "h"),
            ("h.x.", 5, "h.x"),
            ("h", 0, "h h.one.test h.two.test"),
        ] {
            assert_eq!(candidates(host, &search, ndots).join(" "), names, "{host} {ndots}");
        }
        assert_eq!(candidates("h", &[], 1), ["h"]);
        assert_eq!(candidates(&"h".repeat(63), &["x".repeat(250)], 1).len(), 1, "too long to be asked");
    }
}
