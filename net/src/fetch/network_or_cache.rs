//! HTTP-network-or-cache fetch: <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::body::Encoded;
use super::hop::Hop;
use super::main_fetch::Internal;
use super::network::network_fetch;
use super::{Net, cookies, headers, redirect};
use crate::cache::{Answer, Exchanged, Stored, add_validators};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{CacheOutcome, NetEventKind};
use crate::request::CacheMode;
use crate::response::Source;

/// Builds the hop's headers and answers it from the cache or the network. Numbers are the standard's steps.
pub(super) async fn network_or_cache_fetch(net: &Net, hop: &mut Hop) -> Result<Internal, Error> {
    // 8.14: who asks conditionally deals with the answer alone.
    if hop.request.cache_mode == CacheMode::Default && is_conditional(&hop.request.headers) {
        hop.request.cache_mode = CacheMode::NoStore;
    }
    // 8.7 to 8.21.
    let mut headers = headers::for_hop(hop, &net.config);
    let sent_cookies = cookies::attach(net, hop, &mut headers);
    // 8.25, and 9 for "only-if-cached".
    let request = &hop.request;
    let answer = net.cache.look_up(&request.method, &request.url, &headers, request.cache_mode, now(hop));
    let outcome = match &answer {
        Answer::Bypass => CacheOutcome::Bypass,
        Answer::Miss => CacheOutcome::Miss,
        Answer::Hit { .. } => CacheOutcome::Hit,
        Answer::Revalidate(_) => CacheOutcome::Revalidate,
    };
    hop.story.tell(NetEventKind::Cache(outcome));
    let stored = match answer {
        Answer::Hit { stored, age } => return Ok(hit(hop, &stored, age)),
        Answer::Revalidate(stored) => {
            add_validators(&stored, &mut headers);
            Some(stored)
        }
        Answer::Miss | Answer::Bypass => None,
    };
    if request.cache_mode == CacheMode::OnlyIfCached {
        let message = "nothing is stored and the network may not be asked";
        return Err(Error::new(ErrorKind::CacheMiss, Phase::Cache, Some(&request.url), message));
    }
    cookies::tell_sent(hop, sent_cookies);
    forward(net, hop, headers, stored).await
}

/// Step 10: the network, and what its answer means to the cache.
async fn forward(
    net: &Net,
    hop: &Hop,
    headers: HeaderMap,
    stored: Option<Arc<Stored>>,
) -> Result<Internal, Error> {
    let request = &hop.request;
    let requested = now(hop);
    let mut response = network_fetch(net, hop, headers.clone()).await?;
    cookies::receive(net, hop, &response.headers);
    let exchanged = Exchanged { requested, responded: now(hop) };
    // 10.3
    net.cache.invalidate(&request.method, &request.url, response.status);
    // 10.4
    if let Some(stored) = stored
        && response.status == StatusCode::NOT_MODIFIED
    {
        let stored = net.cache.confirm(&request.url, &stored, &response.headers, exchanged);
        let Internal { body, protocol, connection, .. } = response;
        redirect::drain(body).await;
        return Ok(Internal {
            status: stored.status,
            headers: stored.headers.clone(),
            body: Encoded::Stored(stored.body.clone()),
            source: Source::Revalidated,
            protocol,
            connection,
        });
    }
    // 10.5
    if request.cache_mode != CacheMode::NoStore
        && let Encoded::Wire { collector, .. } = &mut response.body
    {
        let head = (response.status, &response.headers);
        *collector = net.cache.collect(&request.method, &request.url, &headers, head, exchanged);
    }
    Ok(response)
}

/// The stored response, with the `Age` that <https://httpwg.org/specs/rfc9111.html#field.age> asks for.
fn hit(hop: &Hop, stored: &Stored, age: Duration) -> Internal {
    let mut headers = stored.headers.clone();
    headers.insert(header::AGE, HeaderValue::from(age.as_secs()));
    hop.story.tell(NetEventKind::ResponseStart { status: stored.status, headers: headers.clone() });
    Internal {
        status: stored.status,
        headers,
        body: Encoded::Stored(stored.body.clone()),
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
