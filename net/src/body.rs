//! A response body: decoded bytes as they arrive.

use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{StreamExt, stream};

use crate::error::Error;

/// A stream of decoded chunks. Dropping it before its end cancels the fetch.
pub struct Body(Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>);

impl Body {
    /// A body that yields what `stream` yields.
    pub fn from_stream(stream: impl Stream<Item = Result<Bytes, Error>> + Send + 'static) -> Self {
        Self(Box::pin(stream))
    }

    /// A body of bytes that are already here.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self::from_stream(stream::iter((!bytes.is_empty()).then_some(Ok(bytes))))
    }

    /// A body without bytes.
    pub fn empty() -> Self {
        Self::from_stream(stream::empty())
    }

    /// The next chunk, `None` at the end. After an error the body is over.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, Error>> {
        self.0.next().await
    }

    /// All chunks in one piece.
    ///
    /// # Errors
    /// The first error of the stream; what came before it is lost.
    pub async fn collect(mut self) -> Result<Bytes, Error> {
        let Some(first) = self.chunk().await.transpose()? else { return Ok(Bytes::new()) };
        let mut whole: Option<BytesMut> = None;
        while let Some(chunk) = self.chunk().await.transpose()? {
            whole.get_or_insert_with(|| BytesMut::from(first.as_ref())).extend_from_slice(&chunk);
        }
        Ok(whole.map_or(first, BytesMut::freeze))
    }
}

impl Stream for Body {
    type Item = Result<Bytes, Error>;
    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}
