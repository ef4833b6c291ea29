//! What goes into the loader and what comes out: two closed enums.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use siskin_net::{Advice, Credentials, Error, FetchId, Request, Response};
use url::Url;

use super::frames::{FrameProgress, FrameRequest};
use super::outcome::PageError;
use crate::dom::NodeId;
use crate::event::PageEvent;
use crate::html::form::ControlStates;
use crate::units::{Area, Viewport};

/// Something that happened outside.
#[derive(Debug)]
pub enum Input {
    /// The navigation begins.
    Start,
    /// A response's head is there.
    Response(FetchId, ResponseHead),
    /// A piece of its body.
    Chunk(FetchId, Bytes),
    /// Its body is whole.
    End(FetchId),
    /// The fetch failed, at whatever point.
    Failed(FetchId, Error),
    /// The viewport is another.
    Resize(Viewport),
    /// Where elements lie, as [`Output::Locate`] has asked: `None` for one without a box. Elements of which nothing is
    /// known (there is no layout) are left out.
    Located(Vec<(NodeId, Option<Area>)>),
    /// The nested document of an element has come further.
    Frame(NodeId, FrameProgress),
    /// The user has done something to controls: all that was done to them since the page came.
    Controls(ControlStates),
    /// The time is up: what is there is made the best of.
    Stop,
}

/// Something to be done outside.
#[derive(Debug)]
pub enum Output {
    /// Fetch this; tell of its response, chunks and end.
    Fetch(Box<Request>),
    /// Nobody wants this fetch any more; tell nothing more of it.
    Cancel(FetchId),
    /// A milestone.
    Event(PageEvent),
    /// Open a connection to the origin of this URL ahead of need.
    Preconnect {
        /// The URL.
        url: Url,
        /// Whether credentials will go over it.
        credentials: Credentials,
    },
    /// Look this host up ahead of need.
    DnsPrefetch {
        /// The host.
        host: String,
    },
    /// Tell the network what has become known of fetches that wait.
    Advise(Advice),
    /// Tell where these elements lie in a layout of the page as it is: [`Input::Located`] is the answer, and owed.
    Locate(Vec<NodeId>),
    /// Load this nested document; tell how far it is.
    Frame(Box<FrameRequest>),
    /// The nested documents are no longer wanted.
    CloseFrames,
    /// There will be no page.
    Failed(PageError),
}

/// The head of a response, without its body.
#[derive(Debug, Clone)]
pub struct ResponseHead {
    /// Where the response is from, after redirects.
    pub final_url: Url,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
}

impl ResponseHead {
    /// The head of `response`.
    pub fn of(response: &Response) -> Self {
        Self { final_url: response.url().clone(), status: response.status, headers: response.headers.clone() }
    }

    /// The `Content-Type` header's value, when it is text.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }

    /// The media type alone, in lower case: `text/html`.
    pub fn essence(&self) -> Option<String> {
        Some(essence(self.content_type()?))
    }
}

/// The media type of a `Content-Type` value without its parameters, in lower case.
pub(super) fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
