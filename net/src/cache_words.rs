//! The cache's decisions in words, as `siskin trace` and the waterfall tell them.

use std::fmt::{Display, Formatter, Result};
use std::time::Duration;

use crate::event::{
    BypassReason, CacheHit, CacheOutcome, CacheTier, Freshness, MissReason, Revalidation, StaleReason,
    Validator,
};

/// A length of time in its largest whole unit: `59 s`, `3 min`, `2 h`, `40 d`.
pub fn describe_age(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds @ 120..=7199 => format!("{} min", seconds / 60),
        seconds @ 7200..=172_799 => format!("{} h", seconds / 3600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

impl Display for CacheOutcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Miss(reason) => write!(f, "miss: {reason}"),
            Self::Bypass(reason) => write!(f, "not asked: {reason}"),
            Self::Hit(hit) => hit.fmt(f),
            Self::Revalidate(revalidation) => revalidation.fmt(f),
            Self::Joined(other) if other.is_background() => {
                f.write_str("waits for the refresh in the background")
            }
            Self::Joined(other) => write!(f, "joined: waits for #{}", other.0),
        }
    }
}

impl Display for MissReason {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NotStored => f.write_str("nothing is stored"),
            Self::Varies => f.write_str("what is stored was chosen by other request headers (Vary)"),
            Self::Stale(reason) => write!(f, "{reason}, and has no validator"),
            Self::Partial => f.write_str("only another part is stored"),
            Self::OtherValidated => f.write_str("the origin confirmed another response than the stored one"),
        }
    }
}

impl Display for BypassReason {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Off => "there is none",
            Self::Mode => "the request does not want it",
            Self::Method => "the method is not cached",
            Self::Range => "the Range is not a single one of bytes",
            Self::Scheme => "not HTTP",
        })
    }
}

impl Display for CacheHit {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let tier = match self.tier {
            CacheTier::Memory => "in memory",
            CacheTier::Disk => "on disk",
        };
        write!(f, "hit {tier}, {} old, {}", describe_age(self.age), self.freshness)
    }
}

impl Display for Freshness {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Fresh(left) => write!(f, "fresh for {}", describe_age(*left)),
            Self::Heuristic(left) => write!(f, "fresh for {} (heuristic)", describe_age(*left)),
            Self::WhileRevalidate(by, _) => {
                write!(f, "stale for {}, refreshed in the background", describe_age(*by))
            }
            Self::IfError(by) => write!(f, "stale for {}, since the origin failed", describe_age(*by)),
            Self::Accepted(by) if by.is_zero() => f.write_str("taken as it is"),
            Self::Accepted(by) => write!(f, "stale for {}, taken all the same", describe_age(*by)),
        }
    }
}

impl Display for Revalidation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let with = match self.validator {
            Validator::ETag => "ETag",
            Validator::LastModified => "Last-Modified",
            Validator::Both => "ETag and Last-Modified",
        };
        write!(f, "{}, revalidates with {with}", self.reason)
    }
}

impl Display for StaleReason {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Expired(by) => write!(f, "stale for {}", describe_age(*by)),
            Self::NoCache => f.write_str("stored with no-cache"),
            Self::Asked => f.write_str("stored, but the request wants it checked"),
            Self::Varies => f.write_str("stored for other request headers (Vary)"),
            Self::Partial => f.write_str("stored in part, the rest is asked for"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::FetchId;

    #[test]
    fn decisions_in_words() {
        let seconds = Duration::from_secs;
        let hit = |tier, age, freshness| CacheOutcome::Hit(CacheHit { tier, age: seconds(age), freshness });
        for (outcome, words) in [
            (
                hit(CacheTier::Memory, 1, Freshness::Fresh(seconds(59))),
                "hit in memory, 1 s old, fresh for 59 s",
            ),
            (
                hit(CacheTier::Disk, 7200, Freshness::Heuristic(seconds(864_000))),
                "hit on disk, 2 h old, fresh for 10 d (heuristic)",
            ),
            (
                hit(CacheTier::Memory, 180, Freshness::WhileRevalidate(seconds(3), FetchId::background(1))),
                "hit in memory, 3 min old, stale for 3 s, refreshed in the background",
            ),
            (
                CacheOutcome::Revalidate(Revalidation {
                    reason: StaleReason::Expired(seconds(1)),
                    validator: Validator::ETag,
                }),
                "stale for 1 s, revalidates with ETag",
            ),
            (
                CacheOutcome::Miss(MissReason::Stale(StaleReason::NoCache)),
                "miss: stored with no-cache, and has no validator",
            ),
            (CacheOutcome::Joined(FetchId(3)), "joined: waits for #3"),
        ] {
            assert_eq!(outcome.to_string(), words);
        }
    }
}
