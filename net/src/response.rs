//! A response as the Fetch standard has it: <https://fetch.spec.whatwg.org/#concept-response>.

use http::{HeaderMap, StatusCode, header};
use url::Url;

use crate::body::Body;
use crate::event::Protocol;
use crate::id::ConnectionId;

/// The head of a response, and its body still to be read.
#[derive(Debug)]
pub struct Response {
    /// Every URL of the redirect chain, the final one last, without user names and passwords; never empty.
    pub url_list: Vec<Url>,
    /// The status; 200 for `file:` and `data:`.
    pub status: StatusCode,
    /// The headers as received, minus nothing.
    pub headers: HeaderMap,
    /// The decoded body.
    pub body: Body,
    /// Where the bytes come from.
    pub source: Source,
    /// The protocol spoken, for responses from the network.
    pub protocol: Option<Protocol>,
    /// The connection it came over.
    pub connection: Option<ConnectionId>,
}

impl Response {
    /// The URL the response is from: the last of the redirect chain.
    pub fn url(&self) -> &Url {
        self.url_list.last().expect("url_list is never empty: it starts with the request's URL")
    }

    /// The `Content-Type` header's value, when it is text.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}

/// Where a response's bytes came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The network.
    Network,
    /// The memory cache.
    Memory,
    /// The disk cache.
    Disk,
    /// Stored bytes that the origin confirmed with a 304.
    Revalidated,
    /// A `file:` or `data:` URL.
    Local,
}
