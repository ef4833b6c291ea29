//! Which names mean which family: Chromium's answers on Linux, as measured on real machines.
//!
//! Chromium asks fontconfig but accepts its answer only for the same name, for a strong alias or for a font with
//! the same metrics. Any other name that is not installed counts as missing, and the next name in the list is
//! tried. So does this table.

use siskin_engine::style::GenericFamily;

/// Families with equal metrics, lower case, best first: each name in a row may stand for each other.
const EQUAL_METRICS: &[&[&str]] = &[
    &[
        "liberation sans",
        "arimo",
        "arial",
        "helvetica",
        "nimbus sans",
        "nimbus sans l",
        "albany",
        "albany amt",
    ],
    &["liberation serif", "tinos", "times new roman", "times", "nimbus roman", "thorndale", "thorndale amt"],
    &["liberation mono", "cousine", "courier new", "courier", "nimbus mono", "cumberland", "cumberland amt"],
    &["carlito", "calibri"],
    &["caladea", "cambria"],
    &["gelasio", "georgia"],
    &["liberation sans narrow", "arial narrow"],
];

/// What `name` (lower case) may be replaced by, best first. Never the name itself.
pub(crate) fn replacements(name: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    let row = EQUAL_METRICS.iter().find(|row| row.contains(&name)).copied().unwrap_or_default();
    row.iter().copied().filter(move |replacement| *replacement != name)
}

/// The families that stand for a generic one, lower case, best first. Empty where Chromium has no setting that
/// matches on Linux (`cursive`, `fantasy`, `math`): the next name in the list is tried.
pub(crate) const fn generic(family: GenericFamily) -> &'static [&'static str] {
    match family {
        GenericFamily::Serif => STANDARD,
        GenericFamily::SansSerif => {
            &["liberation sans", "arimo", "arial", "helvetica", "dejavu sans", "noto sans", "nimbus sans"]
        }
        GenericFamily::Monospace => &[
            "liberation mono",
            "cousine",
            "dejavu sans mono",
            "noto sans mono",
            "courier new",
            "nimbus mono ps",
        ],
        GenericFamily::SystemUi => {
            &["noto sans", "dejavu sans", "cantarell", "ubuntu", "liberation sans", "arimo", "arial"]
        }
        GenericFamily::Cursive | GenericFamily::Fantasy | GenericFamily::Math => &[],
    }
}

/// The standard font: what text is set in when no name of its list is to be had. Chromium's is Times New Roman.
pub(crate) const STANDARD: &[&str] =
    &["liberation serif", "tinos", "times new roman", "times", "dejavu serif", "noto serif", "nimbus roman"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_metrics_replace() {
        assert_eq!(replacements("arial").next(), Some("liberation sans"));
        assert_eq!(replacements("liberation sans").next(), Some("arimo"));
        for unknown in ["verdana", "tahoma", "roboto", "segoe ui", "menlo", ""] {
            assert_eq!(replacements(unknown).next(), None, "{unknown}");
        }
    }
}
