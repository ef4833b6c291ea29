//! How a test ended, and where it stands by the suite's rules.

use std::collections::BTreeMap;

use crate::case::{Case, Kind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed(Failure),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// It could not be set up: it says nothing about what it is for.
    pub(crate) is_setup: bool,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(is_setup: bool, message: String) -> Self {
        Self { is_setup, message }
    }
}

/// Where a test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Pass,
    Fail,
    /// It could not be set up.
    Setup,
    /// One that it depends on has not passed.
    Dependency,
}

/// A test passes when all it depends on pass. (Those of other parts of the suite are not asked for.)
pub(crate) fn standing(case: &Case, cases: &[Case], verdicts: &BTreeMap<String, Verdict>) -> Standing {
    let needed = cases.iter().filter(|other| case.depends_on.contains(&other.id) && other.is_for_browsers);
    for other in needed {
        if standing(other, cases, verdicts) != Standing::Pass {
            return Standing::Dependency;
        }
    }
    match &verdicts[&case.id] {
        Verdict::Passed => Standing::Pass,
        Verdict::Failed(failure) if failure.is_setup => Standing::Setup,
        Verdict::Failed(_) => Standing::Fail,
    }
}

/// How many of a kind pass, of how many.
pub(crate) fn passed(kind: Kind, cases: &[Case], standings: &BTreeMap<&str, Standing>) -> (usize, usize) {
    let of_kind = cases.iter().filter(|case| case.kind == kind);
    let standings: Vec<_> = of_kind.filter_map(|case| standings.get(case.id.as_str())).collect();
    (standings.iter().filter(|standing| ***standing == Standing::Pass).count(), standings.len())
}

/// The line of a kind.
pub(crate) fn totals(kind: Kind, cases: &[Case], standings: &BTreeMap<&str, Standing>) -> String {
    let (pass, all) = passed(kind, cases, standings);
    let count = |wanted| {
        let of_kind = cases.iter().filter(|case| case.kind == kind);
        of_kind.filter(|case| standings.get(case.id.as_str()) == Some(&wanted)).count()
    };
    let word = if kind == Kind::Check { "say yes" } else { "pass" };
    format!(
        "{kind:?}: {pass} of {all} {word}; {} fail, {} could not be set up, {} depend on one that failed",
        count(Standing::Fail),
        count(Standing::Setup),
        count(Standing::Dependency)
    )
}
