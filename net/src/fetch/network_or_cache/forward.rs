//! Step 10 of HTTP-network-or-cache fetch: the network, and what its answer means to the cache.

use std::sync::Arc;

use http::{HeaderMap, StatusCode, header};

use super::super::body::Encoded;
use super::super::hop::Hop;
use super::super::main_fetch::Internal;
use super::super::network::network_fetch;
use super::super::{Net, cookies, redirect};
use super::{body_of, cache_request, hit, now};
use crate::cache::{self, CacheKey, Candidate, Exchanged, Lead, OriginFailure, Part, Stored};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{CacheOutcome, Freshness, MissReason, NetEventKind};
use crate::response::Source;

/// How the origin is asked.
pub(super) struct Plan<'a> {
    /// With the conditions.
    pub(super) headers: Arc<HeaderMap>,
    /// Without them, should they have led to nothing.
    pub(super) unconditional: Arc<HeaderMap>,
    /// The stored responses that the conditions name.
    pub(super) about: Vec<Arc<Stored>>,
    /// What stands in if the origin fails.
    pub(super) fallback: Option<(Candidate, Part)>,
    /// Others wait for the answer.
    pub(super) lead: Option<Lead>,
    pub(super) key: &'a CacheKey,
}

/// Asks the origin.
pub(super) async fn forward(net: &Net, hop: &Hop, mut plan: Plan<'_>) -> Result<Internal, Error> {
    let (response, exchanged) = match exchange(net, hop, &plan.headers).await {
        Ok(answered) => answered,
        Err(error) => return stand_in(hop, &plan, failure(&error)).ok_or(error),
    };
    if let Some(internal) = stand_in(hop, &plan, Some(OriginFailure::Status(response.status))) {
        redirect::drain(response.body).await;
        return Ok(internal);
    }
    // 10.3: invalidation, and HEAD.
    let request = cache_request(hop, plan.key, &plan.headers);
    net.cache.hear(request, (response.status, &response.headers), exchanged).await;
    // 10.4: revalidation.
    let is_about_part = plan.about.first().is_some_and(|stored| stored.extent.is_some());
    let was_asked_about_part = is_about_part && plan.headers.contains_key(header::IF_RANGE);
    match response.status {
        StatusCode::NOT_MODIFIED if !plan.about.is_empty() => {
            let Some(stored) = net.cache.confirm(request, &plan.about, &response.headers, exchanged) else {
                return ask_again(net, hop, plan, response).await;
            };
            if let Some(lead) = plan.lead.take() {
                lead.stored();
            }
            Ok(revalidated(hop, &stored, &plan, response).await)
        }
        StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE if was_asked_about_part => {
            resume(net, hop, plan, response, exchanged).await
        }
        // 10.5: the response may be stored.
        _ => Ok(collected(net, hop, &mut plan, response, exchanged)),
    }
}

async fn exchange(net: &Net, hop: &Hop, headers: &Arc<HeaderMap>) -> Result<(Internal, Exchanged), Error> {
    let requested = now(hop);
    let response = network_fetch(net, hop, headers.clone()).await?;
    cookies::receive(net, hop, &response.headers);
    receive_hsts(net, hop, &response.headers);
    Ok((response, Exchanged { requested, responded: now(hop) }))
}

/// RFC 6797, 8.1: of responses without any doubt about the connection, and the first header alone.
fn receive_hsts(net: &Net, hop: &Hop, headers: &HeaderMap) {
    if let Some(value) = headers.get(header::STRICT_TRANSPORT_SECURITY)
        && !net.config.accept_invalid_certs
    {
        net.hsts.receive(&hop.request.url, value.as_bytes(), now(hop));
    }
}

/// The response, collected for the cache while it is read.
fn collected(
    net: &Net,
    hop: &Hop,
    plan: &mut Plan<'_>,
    mut response: Internal,
    exchanged: Exchanged,
) -> Internal {
    // As in Chromium the question for a login is never stored: it would be the answer to the login.
    if response.status != StatusCode::UNAUTHORIZED
        && let Encoded::Wire { collector, .. } = &mut response.body
    {
        let head = (response.status, &response.headers);
        let request = cache_request(hop, plan.key, &plan.unconditional);
        *collector = net.cache.collect(request, head, exchanged, plan.lead.take());
    }
    response
}

/// 10.4: what is stored was confirmed.
async fn revalidated(hop: &Hop, stored: &Stored, plan: &Plan<'_>, response: Internal) -> Internal {
    let Internal { body, protocol, connection, .. } = response;
    redirect::drain(body).await;
    let part = plan.fallback.as_ref().and_then(|(_, part)| *part);
    let (status, headers) = cache::served(stored, part);
    Internal {
        status,
        headers,
        body: body_of(hop, stored, part),
        source: Source::Revalidated,
        protocol,
        connection,
    }
}

/// The rest of a response whose beginning is stored: both are served as one.
async fn resume(
    net: &Net,
    hop: &Hop,
    mut plan: Plan<'_>,
    response: Internal,
    exchanged: Exchanged,
) -> Result<Internal, Error> {
    let part = plan.about.first().cloned();
    let whole = part.and_then(|part| {
        let head = cache::resumed(&part, response.status, &response.headers)?;
        Some((part.body.in_memory()?.clone(), head))
    });
    let Some((begin, (status, headers))) = whole else {
        return ask_again(net, hop, plan, response).await;
    };
    let mut response = collected(net, hop, &mut plan, response, exchanged);
    if let Encoded::Wire { held, .. } = &mut response.body {
        *held = Some(begin);
    }
    Ok(Internal { status, headers, ..response })
}

/// The conditions led to an answer that is of no use: without them there will be one.
async fn ask_again(net: &Net, hop: &Hop, mut plan: Plan<'_>, useless: Internal) -> Result<Internal, Error> {
    redirect::drain(useless.body).await;
    hop.story.tell(NetEventKind::Cache(CacheOutcome::Miss(MissReason::OtherValidated)));
    let (response, exchanged) = exchange(net, hop, &plan.unconditional).await?;
    Ok(collected(net, hop, &mut plan, response, exchanged))
}

/// The stored response in place of an origin that failed, if that is allowed.
fn stand_in(hop: &Hop, plan: &Plan<'_>, failure: Option<OriginFailure>) -> Option<Internal> {
    let (what, part) = plan.fallback.as_ref()?;
    let now = now(hop);
    if !cache::may_stand_in(&what.stored, failure?, hop.request.mode, now) {
        return None;
    }
    let (age, stale_for) = cache::age(&what.stored, now);
    Some(hit(hop, what, *part, (age, Freshness::IfError(stale_for)), &[]))
}

/// What kind of failure an error is. One of TLS is an attack or looks like one: nothing stands in for that.
fn failure(error: &Error) -> Option<OriginFailure> {
    let is_of_network =
        matches!(error.kind, ErrorKind::Dns | ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Protocol);
    (is_of_network && error.phase != Phase::Tls).then_some(OriginFailure::Unreachable)
}
