//! The body of a response as it comes over the wire: its deadline, its end, and what that means for the connection.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, stream};
use http::{Method, StatusCode};
use tokio::time::timeout;
use url::Url;

use super::connections::Leave;
use super::lease::Lease;
use super::{WireBody, WireRequest, failure};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::CloseReason;
use crate::story::Story;

/// The body of `response`, which may pause for `idle` at most. The connection is left in the way `leave` says
/// when the body is whole, and given up when it fails or is dropped before.
pub(super) fn read(
    idle: Duration,
    request: &WireRequest,
    response: reqwest::Response,
    lease: Lease,
    leave: Leave,
) -> WireBody {
    let length = response.content_length();
    let empty = request.method == Method::HEAD
        || length == Some(0)
        || matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let mut reading = Reading {
        pieces: response.bytes_stream().boxed(),
        lease: Some(lease),
        leave,
        length,
        read: 0,
        idle,
        url: request.url.clone(),
        story: request.story.clone(),
    };
    if empty {
        reading.is_whole();
    }
    stream::unfold(Some(reading), |reading| async {
        let mut reading = reading?;
        match reading.next().await {
            Some(Ok(piece)) => Some((Ok(piece), Some(reading))),
            Some(Err(error)) => Some((Err(error), None)),
            None => None,
        }
    })
    .boxed()
}

struct Reading {
    pieces: BoxStream<'static, reqwest::Result<Bytes>>,
    lease: Option<Lease>,
    leave: Leave,
    length: Option<u64>,
    read: u64,
    idle: Duration,
    url: Arc<Url>,
    story: Story,
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        match timeout(self.idle, self.pieces.next()).await {
            Ok(Some(Ok(piece))) => {
                self.read = self.read.saturating_add(piece.len() as u64);
                // Whoever knows the length does not ask for more.
                if self.length == Some(self.read) {
                    self.is_whole();
                }
                Some(Ok(piece))
            }
            Ok(Some(Err(error))) => {
                self.fails();
                Some(Err(failure::of_exchange(error, Phase::Receive, &self.url)))
            }
            Ok(None) => {
                self.is_whole();
                None
            }
            Err(_) => {
                self.fails();
                let message = format!("no more of the body for {}", failure::seconds(self.idle));
                Some(Err(Error::new(ErrorKind::Timeout, Phase::Receive, Some(&self.url), message)))
            }
        }
    }

    fn is_whole(&mut self) {
        if let Some(lease) = self.lease.take() {
            lease.finish(self.leave, &self.story);
        }
    }

    fn fails(&mut self) {
        if let Some(mut lease) = self.lease.take() {
            lease.give_up(CloseReason::Failed);
        }
    }
}
