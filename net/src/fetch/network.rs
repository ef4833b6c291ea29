//! HTTP-network fetch: <https://fetch.spec.whatwg.org/#concept-http-network-fetch>.

use std::sync::Arc;

use http::HeaderMap;

use super::Net;
use super::body::Encoded;
use super::hop::Hop;
use super::main_fetch::Internal;
use crate::error::Error;
use crate::event::{NetEventKind, Protocol};
use crate::response::Source;
use crate::schedule::{Ask, Turn};
use crate::transport::WireRequest;

/// Waits for the scheduler and sends the request. The place in the schedule is given back with the body.
pub(super) async fn network_fetch(net: &Net, hop: &Hop, headers: HeaderMap) -> Result<Internal, Error> {
    let request = &hop.request;
    let origin = request.url.origin();
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
    let gate = net.gate.clone();
    let response = net
        .transport
        .exchange(WireRequest {
            method: request.method.clone(),
            url: request.url.clone(),
            headers,
            body: hop.body.clone(),
            story: hop.story.clone(),
            on_protocol: Arc::new(move |protocol: Protocol| gate.learn(&origin, protocol)),
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
