//! The way of a body from the wire to the caller: decoded, measured, limited, with the end of the story.

use std::pin::pin;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::HeaderMap;
use url::Url;

use super::Net;
use super::deadline::Deadline;
use super::hop::Hop;
use super::integrity::Expected;
use crate::body::Body;
use crate::cache::{Collector, StoredBody};
use crate::coding::{DecodeFailure, Decoder};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::NetEventKind;
use crate::schedule::Slot;
use crate::story::{CancelOnDrop, Story};
use crate::transport::WireBody;

/// A body that is still coded.
pub(super) enum Encoded {
    /// It is all here (a file, a `data:` URL).
    Whole(Bytes),
    /// It comes from the cache as it once came over the wire: nothing is transferred.
    Stored(StoredBody),
    /// It comes over the wire; its place in the schedule is free when it is over.
    Wire {
        /// What is here already: the beginning, whose rest comes.
        held: Option<Bytes>,
        /// What comes.
        pieces: WireBody,
        /// The place in the schedule.
        slot: Option<Slot>,
        /// Where it is stored when it is whole.
        collector: Option<Box<Collector>>,
    },
}

/// Turns an [`Encoded`] body into a [`Body`].
pub(super) struct Pipe {
    source: Encoded,
    decoder: Option<Decoder>,
    /// Whether the source is over.
    drained: bool,
    /// Wire bytes that no event has told yet.
    untold: u64,
    encoded: u64,
    decoded: u64,
    limit: u64,
    url: Url,
    story: Story,
    deadline: Option<Deadline>,
    /// What the whole must be, and the pieces that are held back until that is known.
    expected: Option<(Expected, Vec<Bytes>)>,
    /// Last, so that dropping the pipe closes the connection before it is told.
    _cancel: CancelOnDrop,
}

impl Pipe {
    /// Fails when the headers ask for a decoding that is refused.
    pub(super) fn new(
        source: Encoded,
        headers: &HeaderMap,
        hop: &Hop,
        cancel: CancelOnDrop,
        net: &Net,
    ) -> Result<Self, Error> {
        let limit = net.config.max_body_bytes;
        let url = hop.request.url.clone();
        let decoder = match &source {
            Encoded::Whole(_) => None,
            Encoded::Stored(_) | Encoded::Wire { .. } => {
                Decoder::for_headers(headers, limit).map_err(|failure| {
                    let error = decode_error(failure, &url, limit);
                    hop.story.fail(&error);
                    error
                })?
            }
        };
        Ok(Self {
            source,
            decoder,
            drained: false,
            untold: 0,
            encoded: 0,
            decoded: 0,
            limit,
            url,
            story: hop.story.clone(),
            deadline: None,
            expected: None,
            _cancel: cancel,
        })
    }

    /// When the last piece has to be here.
    pub(super) fn end_by(&mut self, deadline: Deadline) {
        self.deadline = Some(deadline);
    }

    /// Nothing is handed on before the whole body is what the page expects.
    pub(super) fn expect(&mut self, expected: Option<Expected>) {
        self.expected = expected.map(|expected| (expected, Vec::new()));
    }

    /// The stream that the caller reads.
    pub(super) fn into_body(self) -> Body {
        Body::from_stream(stream::unfold(Some(self), |pipe| async {
            let mut pipe = pipe?;
            match pipe.next_in_time().await {
                Ok(Some(piece)) => Some((Ok(piece), Some(pipe))),
                Ok(None) => {
                    pipe.end();
                    None
                }
                Err(error) => {
                    pipe.story.fail(&error);
                    Some((Err(error), None))
                }
            }
        }))
    }

    /// The body of a response that cannot have one: it is over before the caller asks, who may never do.
    pub(super) fn into_empty_body(mut self) -> Body {
        match self.next_checked().now_or_never() {
            Some(Ok(None)) => {
                self.end();
                Body::empty()
            }
            _ => self.into_body(),
        }
    }

    async fn next_in_time(&mut self) -> Result<Option<Bytes>, Error> {
        match self.deadline.take() {
            Some(mut deadline) => {
                let next = deadline.hold(pin!(self.next_checked())).await?;
                self.deadline = Some(deadline);
                next
            }
            None => self.next_checked().await,
        }
    }

    fn end(&mut self) {
        self.store();
        self.story
            .finish(NetEventKind::Ended { encoded_body_size: self.encoded, decoded_body_size: self.decoded });
    }

    /// The next piece that may be handed on: <https://fetch.spec.whatwg.org/#concept-main-fetch> step 22.
    async fn next_checked(&mut self) -> Result<Option<Bytes>, Error> {
        if self.expected.is_none() {
            return self.next().await;
        }
        while let Some(piece) = self.next().await? {
            if let Some((_, held)) = &mut self.expected {
                held.push(piece);
            }
        }
        let Some((expected, held)) = self.expected.take() else { return Ok(None) };
        if !expected.is_met_by(held.iter().map(Bytes::as_ref)) {
            let message = "the body is not the one that the page expects (integrity)";
            return Err(Error::new(ErrorKind::Integrity, Phase::Receive, Some(&self.url), message));
        }
        Ok(Some(held.concat().into()).filter(|whole: &Bytes| !whole.is_empty()))
    }

    /// The next decoded piece.
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(piece) = self.pull()? {
                return Ok(Some(piece));
            }
            if self.drained {
                return Ok(None);
            }
            match self.arrive().await? {
                Some(piece) if self.decoder.is_none() => return self.hand_on(piece).map(Some),
                Some(piece) => {
                    if let Some(decoder) = &mut self.decoder {
                        decoder.push(piece);
                    }
                }
                None => {
                    self.drained = true;
                    if let Some(decoder) = &self.decoder {
                        decoder.finish().map_err(|failure| decode_error(failure, &self.url, self.limit))?;
                    }
                }
            }
        }
    }

    /// The next piece from the source. At its end the place in the schedule is free.
    async fn arrive(&mut self) -> Result<Option<Bytes>, Error> {
        let (pieces, slot, collector) = match &mut self.source {
            Encoded::Stored(body) => {
                return body.next().await.map_err(|cause| {
                    let message = format!("the cache cannot be read: {cause}");
                    Error::new(ErrorKind::File, Phase::Cache, Some(&self.url), message)
                });
            }
            Encoded::Whole(bytes) => {
                let piece = take(bytes);
                self.count(piece.as_ref());
                return Ok(piece);
            }
            Encoded::Wire { held, pieces, slot, collector } => match held.take() {
                Some(held) => return Ok(Some(held)),
                None => (pieces, slot, collector),
            },
        };
        let piece = pieces.next().await.transpose();
        match &piece {
            Ok(Some(piece)) => *collector = collector.take().and_then(|collector| collector.add(piece)),
            Ok(None) => *slot = None,
            Err(_) => {
                *slot = None;
                if let Some(collector) = collector.take() {
                    collector.break_off();
                }
            }
        }
        let piece = piece?;
        self.count(piece.as_ref());
        Ok(piece)
    }

    fn count(&mut self, piece: Option<&Bytes>) {
        let size = piece.map_or(0, |piece| piece.len() as u64);
        self.encoded = self.encoded.saturating_add(size);
        self.untold = self.untold.saturating_add(size);
    }

    /// The body was whole and could be decoded: it may be stored.
    fn store(&mut self) {
        if let Encoded::Wire { collector, .. } = &mut self.source
            && let Some(collector) = collector.take()
        {
            collector.finish();
        }
    }

    /// What the decoder has left. Bytes that decode to nothing yet are told all the same.
    fn pull(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(decoder) = &mut self.decoder else { return Ok(None) };
        match decoder.pull().map_err(|failure| decode_error(failure, &self.url, self.limit))? {
            Some(piece) => self.hand_on(piece).map(Some),
            None => {
                if self.untold > 0 {
                    self.tell_data(0);
                }
                Ok(None)
            }
        }
    }

    fn hand_on(&mut self, piece: Bytes) -> Result<Bytes, Error> {
        self.decoded = self.decoded.saturating_add(piece.len() as u64);
        self.tell_data(piece.len() as u64);
        if self.decoded > self.limit {
            return Err(decode_error(DecodeFailure::TooLarge, &self.url, self.limit));
        }
        Ok(piece)
    }

    fn tell_data(&mut self, decoded: u64) {
        let encoded = std::mem::take(&mut self.untold);
        self.story.tell(NetEventKind::Data { encoded, decoded });
    }
}

fn take(bytes: &mut Bytes) -> Option<Bytes> {
    Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty())
}

fn decode_error(failure: DecodeFailure, url: &Url, limit: u64) -> Error {
    match failure {
        DecodeFailure::Broken(message) => Error::new(ErrorKind::Decode, Phase::Decode, Some(url), message),
        DecodeFailure::TooLarge => {
            let message = format!("the body is larger than {limit} bytes");
            Error::new(ErrorKind::TooLarge, Phase::Receive, Some(url), message)
        }
    }
}
