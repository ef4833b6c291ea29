//! The public HTTP caching suite (http-tests/cache-tests) against the client: a scripted origin on loopback, and a
//! clock that is moved where the suite waits.
//!
//! Needs `../shared/http-cache-tests` (or `SISKIN_SHARED`). What does not pass stands in `ledger.txt` with its reason;
//! the ledger fails on an unexpected pass too. `SISKIN_BLESS=1 cargo test -p siskin-net --test cache_suite` writes it.
#![allow(clippy::unwrap_used, reason = "a test says what it expects; the origin is part of it")]
#![allow(clippy::print_stdout, reason = "the totals are for people")]

mod case;
mod origin;
mod player;
mod verdict;
mod ledger;

use std::collections::BTreeMap;

use case::{Case, Kind};
use player::{Player, Profile};
use verdict::{Verdict, standing};

/// The cases that are for browsers, and how each ended.
async fn play(profile: Profile, cases: &[Case]) -> BTreeMap<String, Verdict> {
    let player = Player::new(profile).await;
    let mut verdicts = BTreeMap::new();
    for case in cases.iter().filter(|case| case.is_for_browsers) {
        let verdict = player.play(case).await;
        verdicts.insert(case.id.clone(), verdict);
    }
    verdicts
}

fn run(profile: Profile) {
    let Some(shared) = siskin_test_pages::shared() else {
        println!("skipped: ../shared/http-cache-tests is not here");
        return;
    };
    let cases = case::read(&shared.join("http-cache-tests/tests.json"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let verdicts = runtime.block_on(play(profile, &cases));
    let standings: BTreeMap<&str, verdict::Standing> = cases
        .iter()
        .filter(|case| case.is_for_browsers)
        .map(|case| (case.id.as_str(), standing(case, &cases, &verdicts)))
        .collect();
    for kind in [Kind::Required, Kind::Optimal, Kind::Check] {
        println!("{profile:?}: {}", verdict::totals(kind, &cases, &standings));
    }
    ledger::compare(&cases, &standings, &verdicts);
    let share = |kind| verdict::passed(kind, &cases, &standings);
    let (required, of_required) = share(Kind::Required);
    assert_eq!(required, of_required, "every required test passes");
    let (optimal, of_optimal) = share(Kind::Optimal);
    assert!(optimal * 100 >= of_optimal * 85, "of the optimal tests {optimal} of {of_optimal} pass");
}

#[test]
fn one_client_with_a_cache_in_memory() {
    run(Profile::Memory);
}

#[test]
fn a_new_client_for_every_request_with_a_cache_on_disk() {
    run(Profile::Disk);
}
