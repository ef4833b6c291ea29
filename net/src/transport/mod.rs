//! One request out, one response in, over a pooled connection.
//!
//! [`Transport`] is all that the layers above know of the wire. [`Wire`] implements it on reqwest with
//! everything browser-like switched off; tests of the layers above use a scripted one. The transport
//! tells the events from `DnsStart` to `ResponseStart`, because only it knows when they happen.

mod attempt;
mod connections;
mod eyeballs;
mod way;
mod approach;
mod race;
mod connector;
mod failure;
#[cfg(test)]
pub(crate) mod scripted;
mod tls;
mod upload;
mod wire;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::error::Error;
use crate::event::Protocol;
use crate::id::ConnectionId;
use crate::story::Story;

pub(crate) use wire::Wire;

/// Sends requests and receives responses. Implemented by [`Wire`] and by the scripted one of tests.
pub(crate) trait Transport: Send + Sync {
    /// Sends `request` and waits for the response's head. Dropping the future or the body gives up.
    fn exchange(&self, request: WireRequest) -> BoxFuture<'_, Result<WireResponse, Error>>;
}

/// A request as it goes over the wire: nothing is added but `Host`.
#[derive(Clone)]
pub(crate) struct WireRequest {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// Who is told the events.
    pub(crate) story: Story,
    /// Called when a connection to the request's origin has settled its protocol.
    pub(crate) on_protocol: Arc<dyn Fn(Protocol) + Send + Sync>,
}

/// The head of a response, and its body as it comes over the wire (content-coded).
pub(crate) struct WireResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) protocol: Protocol,
    pub(crate) connection: ConnectionId,
    pub(crate) body: WireBody,
}

/// Pieces of an encoded body. After an error it is over.
pub(crate) type WireBody = BoxStream<'static, Result<Bytes, Error>>;
