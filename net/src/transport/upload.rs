//! A request body that notes when its last piece was taken.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::attempt::Attempt;

/// Pieces in which a body is handed to the connection, so that the time of the last one means something.
const PIECE_BYTES: usize = 16 * 1024;

/// The bytes of a request's body.
pub(super) struct Upload {
    rest: Bytes,
    attempt: Arc<Attempt>,
}

impl Upload {
    pub(super) fn new(body: Bytes, attempt: Arc<Attempt>) -> Self {
        Self { rest: body, attempt }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let size = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(size);
        self.attempt.body_moved(self.rest.is_empty());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
