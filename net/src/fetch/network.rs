//! HTTP-network fetch: <https://fetch.spec.whatwg.org/#concept-http-network-fetch>.

use std::sync::Arc;

use http::HeaderMap;
use url::Origin;

use super::body::Encoded;
use super::hop::Hop;
use super::main_fetch::Internal;
use super::{Net, headers};
use crate::error::Error;
use crate::event::{NetEventKind, Protocol};
use crate::response::Source;
use crate::schedule::{Ask, Spoken, Turn};
use crate::transport::{PRIORITY, WireRequest};

/// Waits for the scheduler and sends the request. The place in the schedule is given back with the body.
pub(super) async fn network_fetch(net: &Net, hop: &Hop, headers: Arc<HeaderMap>) -> Result<Internal, Error> {
    let request = &hop.request;
    let origin = Arc::new(request.url.origin());
    let ask = Ask {
        fetch: request.id,
        origin: origin.clone(),
        priority: request.priority,
        page: request.page,
        stage: request.stage,
        turn: if hop.redirect_count == 0 { Turn::First } else { Turn::Again },
    };
    let slot = net.gate.enter(ask).await;
    hop.story.tell(NetEventKind::Released);
    let states_priority = !headers.contains_key(PRIORITY) && speaks_http2(net, &origin);
    let priority = if states_priority { headers::priority(request) } else { None };
    let (gate, learned) = (net.gate.clone(), origin.clone());
    let response = net
        .transport
        .exchange(WireRequest {
            method: request.method.clone(),
            url: Arc::new(request.url.clone()),
            origin,
            headers,
            priority,
            body: hop.body.clone(),
            story: hop.story.clone(),
            on_protocol: Arc::new(move |protocol: Protocol| gate.learn(&learned, protocol)),
        })
        .await?;
    Ok(Internal {
        status: response.status,
        headers: response.headers,
        body: Encoded::Wire { held: None, pieces: response.body, slot: Some(slot), collector: None },
        source: Source::Network,
        protocol: Some(response.protocol),
        connection: Some(response.connection),
    })
}

/// Whether a request to `origin` will go over HTTP/2, as far as can be known before there is a connection.
///
/// DEVIATION: Chromium adds `Priority` on the connection itself. Here the first request to an `https:` origin has it
/// even when the server turns out to speak HTTP/1.1, where it means nothing.
fn speaks_http2(net: &Net, origin: &Origin) -> bool {
    let is_https = matches!(origin, Origin::Tuple(scheme, ..) if scheme == "https");
    is_https && net.gate.spoken(origin) != Spoken::Http1
}
