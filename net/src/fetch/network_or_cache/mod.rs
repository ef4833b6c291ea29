//! HTTP-network-or-cache fetch: <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>.

mod forward;
mod refresh;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::body::Encoded;
use super::hop::Hop;
use super::main_fetch::Internal;
use super::{Net, auth, cookies, headers};
use crate::cache::{
    self, CacheKey, CacheRequest, Candidate, Decision, Entry, Landing, Lead, Part, Reason, StoredBody, Why,
};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{BypassReason, CacheHit, CacheOutcome, CacheTier, Freshness, NetEventKind};
use crate::request::CacheMode;
use crate::response::Source;
use crate::site::NetworkPartitionKey;
use forward::{Plan, forward};

/// Builds the hop's headers and answers it from the cache or the network. Numbers are the standard's steps.
pub(super) async fn network_or_cache_fetch(net: &Net, hop: &mut Hop) -> Result<Internal, Error> {
    // 8.14: who asks conditionally deals with the answer alone.
    if hop.request.cache_mode == CacheMode::Default && is_conditional(&hop.request.headers) {
        hop.request.cache_mode = CacheMode::NoStore;
    }
    // 8.7 to 8.21.
    let mut headers = headers::for_hop(hop, &net.config);
    auth::attach(net, hop, &mut headers);
    let sent_cookies = cookies::attach(net, hop, &mut headers);
    let key = key(hop);
    // 8.22 to 8.25.
    let mut turn = Turn::First;
    let (decision, lead) = loop {
        let decision = net.cache.look_up(cache_request(hop, &key, &headers), now(hop)).await;
        match take_turn(net, hop, &key, &decision, turn) {
            Entrance::Go(lead) => break (decision, lead),
            Entrance::Wait(leader, waiting) => {
                hop.story.tell(NetEventKind::Cache(CacheOutcome::Joined(leader)));
                turn = match waiting.landing().await {
                    Landing::Stored => Turn::AfterStored,
                    Landing::Aloft | Landing::Released => Turn::Alone,
                };
            }
        }
    };
    match decision {
        Decision::Use { what, part, age, why, without } => {
            let freshness = match why {
                Why::Fresh(left) => Freshness::Fresh(left),
                Why::Heuristic(left) => Freshness::Heuristic(left),
                Why::Accepted(by) => Freshness::Accepted(by),
                Why::RefreshLater(by) => {
                    Freshness::WhileRevalidate(by, refresh::start(net, hop, &key, &what.stored, lead))
                }
            };
            Ok(hit(hop, &what, part, (age, freshness), &without))
        }
        Decision::Unsatisfiable => Ok(gateway_timeout(hop)),
        Decision::Ask { why, conditions, about, fallback } => {
            hop.story.tell(NetEventKind::Cache(outcome(why)));
            // 9.
            if hop.request.cache_mode == CacheMode::OnlyIfCached {
                let message = "nothing is stored and the network may not be asked";
                return Err(Error::new(ErrorKind::CacheMiss, Phase::Cache, Some(&hop.request.url), message));
            }
            cookies::tell_sent(hop, sent_cookies);
            let unconditional = Arc::new(headers);
            let mut headers = unconditional.clone();
            if !conditions.is_empty() {
                add(Arc::make_mut(&mut headers), &conditions, &hop.request.headers);
            }
            let plan = Plan { headers, unconditional, about, fallback, lead, key: &key };
            forward(net, hop, plan).await
        }
    }
}

/// Whether a request may still wait for an equal one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// It has not waited.
    First,
    /// It has waited, and the response is stored.
    AfterStored,
    /// It has waited in vain and goes for itself.
    Alone,
}

enum Entrance {
    Go(Option<Lead>),
    Wait(crate::id::FetchId, cache::Waiting),
}

/// One request in flight per key: the first goes, equal ones wait once.
fn take_turn(net: &Net, hop: &Hop, key: &CacheKey, decision: &Decision, turn: Turn) -> Entrance {
    let takes_part = hop.request.method == Method::GET
        && !hop.request.headers.contains_key(header::RANGE)
        && hop.request.cache_mode != CacheMode::OnlyIfCached;
    let wants_flight = match decision {
        Decision::Ask { why: Reason::Bypass(_), .. } | Decision::Unsatisfiable => false,
        Decision::Ask { .. } => true,
        Decision::Use { why, .. } => matches!(why, Why::RefreshLater(_)),
    };
    if !takes_part || !wants_flight || turn == Turn::Alone {
        return Entrance::Go(None);
    }
    match net.cache.enter(key, hop.story.fetch()) {
        None => Entrance::Go(None),
        Some(Entry::Lead(lead)) => Entrance::Go(Some(lead)),
        // Somebody refreshes it already; or it was waited for once, and what came cannot be used as it is.
        Some(Entry::Wait(..)) if matches!(decision, Decision::Use { .. }) || turn == Turn::AfterStored => {
            Entrance::Go(None)
        }
        Some(Entry::Wait(leader, waiting)) => Entrance::Wait(leader, waiting),
    }
}

/// The hop as the cache sees it.
fn cache_request<'a>(hop: &'a Hop, key: &'a CacheKey, headers: &'a HeaderMap) -> CacheRequest<'a> {
    let request = &hop.request;
    CacheRequest {
        key,
        method: &request.method,
        url: &request.url,
        headers,
        own: &request.headers,
        mode: request.cache_mode,
    }
}

/// <https://fetch.spec.whatwg.org/#http-cache-partitions>
fn key(hop: &Hop) -> CacheKey {
    CacheKey::new(&hop.request.url, NetworkPartitionKey::of(&hop.request).to_string())
}

fn outcome(why: Reason) -> CacheOutcome {
    match why {
        Reason::Miss(reason) => CacheOutcome::Miss(reason),
        Reason::Bypass(reason) => CacheOutcome::Bypass(reason),
        Reason::Revalidate(revalidation) => CacheOutcome::Revalidate(revalidation),
    }
}

/// Adds conditions to headers, but to none that the caller set.
fn add(headers: &mut HeaderMap, conditions: &HeaderMap, own: &HeaderMap) {
    for (name, value) in conditions {
        if !own.contains_key(name) {
            headers.insert(name, value.clone());
        }
    }
}

/// The stored response, with the `Age` that <https://httpwg.org/specs/rfc9111.html#field.age> asks for.
fn hit(
    hop: &Hop,
    what: &Candidate,
    part: Part,
    (age, freshness): (Duration, Freshness),
    without: &[HeaderName],
) -> Internal {
    hop.story.tell(NetEventKind::Cache(CacheOutcome::Hit(CacheHit { tier: what.tier, age, freshness })));
    let (status, mut headers) = cache::served(&what.stored, part);
    headers.insert(header::AGE, HeaderValue::from(age.as_secs()));
    for name in without {
        headers.remove(name);
    }
    let started = || NetEventKind::ResponseStart { status, headers: headers.clone() };
    hop.story.tell_of(Phase::Receive, hop.story.now(), started);
    Internal {
        status,
        headers,
        body: body_of(hop, &what.stored, part),
        source: match what.tier {
            CacheTier::Memory => Source::Memory,
            CacheTier::Disk => Source::Disk,
        },
        protocol: None,
        connection: None,
    }
}

/// The bytes of `part`; none for a HEAD.
fn body_of(hop: &Hop, stored: &cache::Stored, part: Part) -> Encoded {
    let base = stored.extent.map_or(0, |extent| extent.start);
    Encoded::Stored(match part {
        _ if hop.request.method == Method::HEAD => StoredBody::memory(Vec::new()),
        None => stored.body.clone(),
        Some(part) => stored.body.slice(part.start.saturating_sub(base), part.end.saturating_sub(base)),
    })
}

/// <https://httpwg.org/specs/rfc9111.html#cache-request-directive.only-if-cached>
fn gateway_timeout(hop: &Hop) -> Internal {
    hop.story.tell(NetEventKind::Cache(CacheOutcome::Bypass(BypassReason::Mode)));
    let (status, headers) = (StatusCode::GATEWAY_TIMEOUT, HeaderMap::new());
    hop.story.tell(NetEventKind::ResponseStart { status, headers: headers.clone() });
    Internal {
        status,
        headers,
        body: Encoded::Stored(StoredBody::memory(Vec::new())),
        source: Source::Memory,
        protocol: None,
        connection: None,
    }
}

fn is_conditional(headers: &HeaderMap) -> bool {
    [
        header::IF_MODIFIED_SINCE,
        header::IF_NONE_MATCH,
        header::IF_UNMODIFIED_SINCE,
        header::IF_MATCH,
        header::IF_RANGE,
    ]
    .iter()
    .any(|name| headers.contains_key(name))
}

fn now(hop: &Hop) -> SystemTime {
    hop.story.wall_clock()
}
