//! Section 4, Constructing Responses from Caches: <https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches>,
//! under the cache modes of <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch> step 8.25.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::cache_keys::is_selected;
use super::combining_partial::RangeAsked;
use super::directives::Directives;
use super::freshness::{Lifetime, current_age, date_for_choice, lifetime};
use super::serving_stale::{may_be_refreshed_later, may_be_stale};
use super::validation::{conditions, conditions_of_variants, strong_tag};
use crate::cache::entry::{Extent, Stored};
use crate::event::{BypassReason, CacheTier, MissReason, Revalidation, StaleReason, Validator};
use crate::request::CacheMode;

/// What the cache is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    /// The headers as they would be sent: `Vary` and `Range` look at these.
    pub(crate) headers: &'a HeaderMap,
    /// The headers that the caller set: their directives count, those of the cache mode do not.
    pub(crate) own: &'a HeaderMap,
    pub(crate) mode: CacheMode,
}

/// A response that is stored under the right URL.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) stored: Arc<Stored>,
    pub(crate) tier: CacheTier,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Decision {
    /// This is used.
    Use {
        what: Candidate,
        /// `Some` when a part of it is served.
        part: Part,
        age: Duration,
        why: Why,
        /// The fields that are not used without asking (`no-cache="…"`).
        without: Vec<HeaderName>,
    },
    /// The origin is asked.
    Ask {
        why: Reason,
        /// Headers that make the request conditional; none when there is nothing to ask about.
        conditions: HeaderMap,
        /// The stored responses that a 304 can be about.
        about: Vec<Arc<Stored>>,
        /// What stands in if the origin fails, and if that is allowed.
        fallback: Option<(Candidate, Part)>,
    },
    /// The request's `only-if-cached` cannot be met: 504.
    Unsatisfiable,
}

/// The part of a stored response that is served; `None` when it is served as it is.
pub(crate) type Part = Option<Extent>;

/// Why a stored response may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Fresh(Duration),
    Heuristic(Duration),
    /// Stale for so long, and to be refreshed now, in the background.
    RefreshLater(Duration),
    /// Stale for so long.
    Accepted(Duration),
}

/// Why the origin is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Miss(MissReason),
    Bypass(BypassReason),
    Revalidate(Revalidation),
}

impl Decision {
    fn bypass(reason: BypassReason) -> Self {
        Self::ask(Reason::Bypass(reason), HeaderMap::new(), Vec::new())
    }

    fn miss(reason: MissReason) -> Self {
        Self::ask(Reason::Miss(reason), HeaderMap::new(), Vec::new())
    }

    fn ask(why: Reason, conditions: HeaderMap, about: Vec<Arc<Stored>>) -> Self {
        Self::Ask { why, conditions, about, fallback: None }
    }
}

/// What is to be done about a request, given all that is stored under its URL.
pub(crate) fn decide(asked: Asked<'_>, stored: &[Candidate], now: SystemTime) -> Decision {
    let wishes = Directives::of_request(asked.own);
    let range = RangeAsked::of(asked.headers);
    // "the request method associated with the stored response allows it to be used for the presented request".
    if !matches!(*asked.method, Method::GET | Method::HEAD) {
        return Decision::bypass(BypassReason::Method);
    }
    if matches!(asked.mode, CacheMode::NoStore | CacheMode::Reload) || wishes.no_store {
        return Decision::bypass(BypassReason::Mode);
    }
    if range == RangeAsked::Other {
        return Decision::bypass(BypassReason::Range);
    }
    let decision = match select(stored, asked.headers) {
        Some(candidate) => Request { asked, wishes: &wishes, range, now }.weigh(candidate),
        None if stored.is_empty() => Decision::miss(MissReason::NotStored),
        None => ask_about_variants(asked, stored, range),
    };
    match decision {
        // 5.2.1.7 only-if-cached.
        Decision::Ask { .. } if wishes.only_if_cached => Decision::Unsatisfiable,
        decision => decision,
    }
}

/// "request header fields nominated by the stored response (if any) match those presented"; of several "the
/// most recent".
fn select<'a>(stored: &'a [Candidate], request: &HeaderMap) -> Option<&'a Candidate> {
    stored
        .iter()
        .filter(|candidate| is_selected(&candidate.stored.varied, request))
        .max_by_key(|candidate| date_for_choice(&candidate.stored))
}

/// 4.1: "If no stored response matches, … the presented request … can be forwarded", with what is there as
/// conditions (4.3.1). As Chromium, by entity tags only.
fn ask_about_variants(asked: Asked<'_>, stored: &[Candidate], range: RangeAsked) -> Decision {
    let about: Vec<_> = stored
        .iter()
        .filter(|candidate| {
            candidate.stored.extent.is_none() && candidate.stored.headers.contains_key(header::ETAG)
        })
        .map(|candidate| candidate.stored.clone())
        .collect();
    match conditions_of_variants(&about) {
        Some(conditions) if *asked.method == Method::GET && range == RangeAsked::None => {
            let why = Revalidation { reason: StaleReason::Varies, validator: Validator::ETag };
            Decision::ask(Reason::Revalidate(why), conditions, about)
        }
        _ => Decision::miss(MissReason::Varies),
    }
}

/// A request that one stored response could answer.
struct Request<'a> {
    asked: Asked<'a>,
    wishes: &'a Directives,
    range: RangeAsked,
    now: SystemTime,
}

impl Request<'_> {
    fn weigh(&self, candidate: &Candidate) -> Decision {
        let stored = &candidate.stored;
        let Some(part) = self.part(stored) else { return self.ask_for_rest(stored) };
        let directives = Directives::of(&stored.headers);
        let age = current_age(stored, self.now);
        let lifetime = lifetime(stored, &directives);
        let left = lifetime.duration().saturating_sub(age);
        let stale_for = age.saturating_sub(lifetime.duration());
        let is_fresh = lifetime.duration() > age;
        let fresh = match lifetime {
            Lifetime::Explicit(_) => Why::Fresh(left),
            Lifetime::Heuristic(_) => Why::Heuristic(left),
        };
        let use_it = |why| {
            let without = directives.no_cache_fields.clone();
            Decision::Use { what: candidate.clone(), part, age, why, without }
        };
        if matches!(self.asked.mode, CacheMode::ForceCache | CacheMode::OnlyIfCached) {
            return use_it(if is_fresh { fresh } else { Why::Accepted(stale_for) });
        }
        // RFC 8246. DEVIATION: Fetch's mode "no-cache" does not know it; a browser's reload does.
        let is_immutable = directives.immutable && is_fresh && !directives.no_cache;
        let wants_check = (self.asked.mode == CacheMode::NoCache && !is_immutable)
            || self.wishes.no_cache
            || self.wishes.max_age.is_some_and(|max_age| age > max_age || max_age.is_zero());
        if !wants_check && !directives.no_cache {
            // 5.2.1.2 max-stale, 5.2.1.3 min-fresh.
            let is_fresh_enough = is_fresh && self.wishes.min_fresh.is_none_or(|min| left >= min);
            let accepts = self.wishes.max_stale.is_some_and(|max| stale_for <= max);
            if is_fresh_enough {
                return use_it(fresh);
            }
            if !is_fresh && accepts && may_be_stale(&directives) {
                return use_it(Why::Accepted(stale_for));
            }
            if !is_fresh && may_be_refreshed_later(&directives, stale_for) && self.is_get() {
                return use_it(Why::RefreshLater(stale_for));
            }
        }
        let reason = match () {
            () if directives.no_cache => StaleReason::NoCache,
            () if is_fresh => StaleReason::Asked,
            () => StaleReason::Expired(stale_for),
        };
        self.validate(candidate, part, reason)
    }

    /// 4.3: the origin is asked whether it is still good.
    fn validate(&self, candidate: &Candidate, part: Part, reason: StaleReason) -> Decision {
        let fallback = Some((candidate.clone(), part));
        match conditions(&candidate.stored) {
            Some((conditions, validator)) if self.is_get() => Decision::Ask {
                why: Reason::Revalidate(Revalidation { reason, validator }),
                conditions,
                about: vec![candidate.stored.clone()],
                fallback,
            },
            _ => Decision::Ask {
                why: Reason::Miss(MissReason::Stale(reason)),
                conditions: HeaderMap::new(),
                about: Vec::new(),
                fallback,
            },
        }
    }

    /// What of the stored response is served: `None` when it does not have what is asked for.
    fn part(&self, stored: &Stored) -> Option<Part> {
        match (self.range, stored.extent) {
            (RangeAsked::None, None) => Some(None),
            (RangeAsked::None, Some(_)) => None,
            // The bytes of a coded body mean nothing by themselves, and only a 200 has parts.
            _ if stored.headers.contains_key(header::CONTENT_ENCODING) => None,
            (_, None) if stored.status != http::StatusCode::OK => None,
            (range, None) => range.within(stored.body.len()).map(Some),
            (range, Some(extent)) => {
                range.within(extent.total).filter(|part| extent.contains(*part)).map(Some)
            }
        }
    }

    /// 3.4: the missing end of a part is asked for, if the origin can say that it is of the same response.
    fn ask_for_rest(&self, stored: &Arc<Stored>) -> Decision {
        let begins = stored.extent.filter(|extent| extent.start == 0 && self.range == RangeAsked::None);
        let coded = stored.headers.contains_key(header::CONTENT_ENCODING);
        let (Some(extent), Some(tag)) = (begins, strong_tag(&stored.headers)) else {
            return Decision::miss(MissReason::Partial);
        };
        let Ok(range) = HeaderValue::from_str(&format!("bytes={}-", extent.end)) else {
            return Decision::miss(MissReason::Partial);
        };
        if !self.is_get() || coded {
            return Decision::miss(MissReason::Partial);
        }
        let conditions = HeaderMap::from_iter([(header::RANGE, range), (header::IF_RANGE, tag.clone())]);
        let why = Revalidation { reason: StaleReason::Partial, validator: Validator::ETag };
        Decision::ask(Reason::Revalidate(why), conditions, vec![stored.clone()])
    }

    fn is_get(&self) -> bool {
        *self.asked.method == Method::GET
    }
}

#[cfg(test)]
#[path = "constructing_responses_tests.rs"]
mod tests;
