//! One request out, one response in, over a pooled connection.
//!
//! [`Transport`] is all that the layers above know of the wire. [`Wire`] implements it on reqwest with
//! everything browser-like switched off; tests of the layers above use a scripted one. The transport
//! tells the events from `DnsStart` to `ResponseStart`, because only it knows when they happen.

mod attempt;
mod policy;
mod socket;
mod openings;
mod connections;
mod tls;
mod failure;
mod eyeballs;
mod way;
mod approach;
mod race;
mod shared;
mod lease;
mod under_way;
mod upload;
mod body;
mod connector;
#[cfg(test)]
pub(crate) mod scripted;
mod wire;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use url::{Origin, Url};

use crate::error::Error;
use crate::event::{Observer, Protocol};
use crate::id::ConnectionId;
use crate::story::Story;

pub(crate) use wire::Wire;

/// Sends requests and receives responses. Implemented by [`Wire`] and by the scripted one of tests.
pub(crate) trait Transport: Send + Sync {
    /// Sends `request` and waits for the response's head. Dropping the future or the body gives up.
    fn exchange(&self, request: WireRequest) -> BoxFuture<'_, Result<WireResponse, Error>>;

    /// Opens a connection to the origin of `url` ahead of need, unless there is one. Returns at once.
    fn preconnect(&self, url: &Url, observer: Arc<dyn Observer>, on_protocol: OnProtocol) {
        let _ = (url, observer, on_protocol);
    }

    /// Looks `host` up ahead of need. Returns at once.
    fn look_up(&self, host: &str, observer: Arc<dyn Observer>) {
        let _ = (host, observer);
    }
}

/// A request as it goes over the wire: nothing is added but `Host`.
#[derive(Clone)]
pub(crate) struct WireRequest {
    pub(crate) method: Method,
    pub(crate) url: Arc<Url>,
    /// The origin of `url`.
    pub(crate) origin: Arc<Origin>,
    /// Shared with those who look at them when the response is here.
    pub(crate) headers: Arc<HeaderMap>,
    /// One more header, [`PRIORITY`].
    pub(crate) priority: Option<HeaderValue>,
    pub(crate) body: Option<Bytes>,
    /// Who is told the events.
    pub(crate) story: Story,
    /// Called when a connection to the request's origin has settled its protocol.
    pub(crate) on_protocol: OnProtocol,
}

/// RFC 9218, 4.
pub(crate) const PRIORITY: HeaderName = HeaderName::from_static("priority");

impl WireRequest {
    /// The headers as they are sent: what proxies alone may see is not among them.
    pub(crate) fn sent_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::clone(&self.headers);
        headers.remove(header::PROXY_AUTHORIZATION);
        if let Some(priority) = &self.priority {
            headers.insert(PRIORITY, priority.clone());
        }
        headers
    }
}

/// What is called when a connection has settled its protocol.
pub(crate) type OnProtocol = Arc<dyn Fn(Protocol) + Send + Sync>;

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
