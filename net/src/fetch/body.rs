//! The way of a body from the wire to the caller: decoded, measured, limited, with the end of the story.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::HeaderMap;
use url::Url;

use super::Net;
use super::hop::Hop;
use crate::body::Body;
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
    /// It comes over the wire; its place in the schedule is free when it is over.
    Wire {
        /// What comes.
        pieces: WireBody,
        /// The place in the schedule.
        slot: Option<Slot>,
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
            Encoded::Wire { .. } => Decoder::for_headers(headers, limit).map_err(|failure| {
                let error = decode_error(failure, &url, limit);
                hop.story.fail(&error);
                error
            })?,
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
            _cancel: cancel,
        })
    }

    /// The stream that the caller reads.
    pub(super) fn into_body(self) -> Body {
        Body::from_stream(stream::unfold(Some(self), |pipe| async {
            let mut pipe = pipe?;
            match pipe.next().await {
                Ok(Some(piece)) => Some((Ok(piece), Some(pipe))),
                Ok(None) => {
                    pipe.story.finish(NetEventKind::Ended {
                        encoded_body_size: pipe.encoded,
                        decoded_body_size: pipe.decoded,
                    });
                    None
                }
                Err(error) => {
                    pipe.story.fail(&error);
                    Some((Err(error), None))
                }
            }
        }))
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
                    if let Some(decoder) = &mut self.decoder {
                        decoder.finish().map_err(|failure| decode_error(failure, &self.url, self.limit))?;
                    }
                }
            }
        }
    }

    /// The next piece from the source. At its end the place in the schedule is free.
    async fn arrive(&mut self) -> Result<Option<Bytes>, Error> {
        let piece = match &mut self.source {
            Encoded::Whole(bytes) => Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty()),
            Encoded::Wire { pieces, slot } => {
                let piece = pieces.next().await.transpose();
                if matches!(piece, Ok(None) | Err(_)) {
                    *slot = None;
                }
                piece?
            }
        };
        let size = piece.as_ref().map_or(0, |piece| piece.len() as u64);
        self.encoded = self.encoded.saturating_add(size);
        self.untold = self.untold.saturating_add(size);
        Ok(piece)
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

fn decode_error(failure: DecodeFailure, url: &Url, limit: u64) -> Error {
    match failure {
        DecodeFailure::Broken(message) => Error::new(ErrorKind::Decode, Phase::Decode, Some(url), message),
        DecodeFailure::TooLarge => {
            let message = format!("the body is larger than {limit} bytes");
            Error::new(ErrorKind::TooLarge, Phase::Receive, Some(url), message)
        }
    }
}
