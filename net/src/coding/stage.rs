//! One content coding undone: the door to async-compression's codecs.

use async_compression::codecs::{
    BrotliDecoder, DecodeV2, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder, zstd::params::DParameter,
};
use async_compression::core::util::{PartialBuffer, WriteBuffer};
use bytes::{Buf, Bytes, BytesMut};

use super::DecodeFailure;
use crate::limits::DECODED_CHUNK_BYTES;

/// The largest window that a decoder of zstd content coding must have: 8 MB, RFC 9659.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// A content coding by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    /// Names compare without case; `x-gzip` is `gzip` (RFC 9110 8.4.1.3).
    pub(super) fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_slice() {
            b"" | b"identity" => Self::Identity,
            b"gzip" | b"x-gzip" => Self::Gzip,
            b"deflate" => Self::Deflate,
            b"br" => Self::Brotli,
            b"zstd" => Self::Zstd,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// A decoder with the input that it has not consumed yet.
pub(super) struct Stage {
    coding: Coding,
    /// `None` until the first bytes of a `deflate` body tell whether they have a zlib header.
    codec: Option<Box<dyn DecodeV2 + Send>>,
    input: Bytes,
    /// The last call filled the output: there may be more without new input.
    more: bool,
    state: State,
    produced: u64,
    limit: u64,
    scratch: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Untouched,
    Running,
    /// The coding's own end was seen. What follows is ignored, as browsers do.
    Ended,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage")
            .field("coding", &self.coding)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Stage {
    pub(super) fn new(coding: Coding, limit: u64) -> Self {
        let codec: Option<Box<dyn DecodeV2 + Send>> = match coding {
            Coding::Identity | Coding::Deflate => None,
            Coding::Gzip => Some(Box::new(GzipDecoder::new())),
            Coding::Brotli => Some(Box::new(BrotliDecoder::new())),
            Coding::Zstd => Some(Box::new(ZstdDecoder::new_with_params(&[DParameter::window_log_max(
                ZSTD_WINDOW_LOG_MAX,
            )]))),
        };
        Self {
            coding,
            codec,
            input: Bytes::new(),
            more: false,
            state: State::Untouched,
            produced: 0,
            limit,
            scratch: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, input: Bytes) {
        self.input = if self.input.is_empty() {
            input
        } else {
            let mut joined = BytesMut::from(self.input.as_ref());
            joined.extend_from_slice(&input);
            joined.freeze()
        };
        if self.state == State::Untouched && !self.input.is_empty() {
            self.state = State::Running;
        }
    }

    /// The next decoded piece; `None` when there is nothing without more input.
    pub(super) fn pull(&mut self) -> Result<Option<Bytes>, DecodeFailure> {
        // Each turn takes input or gives output, so this ends.
        while self.is_ready()? {
            let (taken, given) = self.step()?;
            if given > 0 {
                return Ok(Some(Bytes::copy_from_slice(&self.scratch[..given])));
            }
            if taken == 0 {
                break;
            }
        }
        Ok(None)
    }

    /// Whether calling the codec can bring anything. Chooses and renews it where that is due.
    fn is_ready(&mut self) -> Result<bool, DecodeFailure> {
        if self.state == State::Ended && self.coding == Coding::Zstd && !self.input.is_empty() {
            // RFC 8878 3.1: a zstd body may consist of several frames.
            if let Some(codec) = &mut self.codec {
                codec.reinit().map_err(|error| broken(self.coding, &error))?;
                self.state = State::Running;
            }
        }
        if self.state != State::Running || (self.input.is_empty() && !self.more) {
            return Ok(false);
        }
        Ok(self.codec.is_some() || self.choose_deflate())
    }

    /// Runs the codec until the scratch buffer is full or the input is used up: bytes taken, bytes given.
    fn step(&mut self) -> Result<(usize, usize), DecodeFailure> {
        let Some(codec) = &mut self.codec else { return Ok((0, 0)) };
        self.scratch.resize(DECODED_CHUNK_BYTES, 0);
        let mut output = WriteBuffer::new_initialized(&mut self.scratch);
        let mut input = PartialBuffer::new(self.input.as_ref());
        let mut ended = false;
        while !output.has_no_spare_space() && !ended {
            let before = (input.written_len(), output.written_len());
            let starved = input.unwritten().is_empty();
            match codec.decode(&mut input, &mut output) {
                Ok(end) => ended = end,
                // flate2 calls it an error to be asked for output that it does not have.
                Err(_) if starved => {}
                Err(error) => return Err(broken(self.coding, &error)),
            }
            if (input.written_len(), output.written_len()) == before {
                break;
            }
        }
        let (taken, given) = (input.written_len(), output.written_len());
        self.more = output.has_no_spare_space() && !ended;
        if ended {
            self.state = State::Ended;
        }
        self.input.advance(taken);
        self.produced = self.produced.saturating_add(given as u64);
        if self.produced > self.limit { Err(DecodeFailure::TooLarge) } else { Ok((taken, given)) }
    }

    /// `deflate` is the zlib format, but servers send the bare format too: decide by the first two bytes,
    /// which in zlib's header are a multiple of 31 with method 8 (RFC 1950 2.2).
    fn choose_deflate(&mut self) -> bool {
        let [first, second, ..] = *self.input.as_ref() else { return false };
        let header = u16::from_be_bytes([first, second]);
        let zlib = first & 0x0f == 8 && header.is_multiple_of(31);
        self.codec = Some(if zlib { Box::new(ZlibDecoder::new()) } else { Box::new(DeflateDecoder::new()) });
        true
    }

    /// At the end of input: nothing at all is an empty body, anything else must have ended.
    pub(super) fn check_ended(&self) -> Result<(), DecodeFailure> {
        match self.state {
            State::Untouched | State::Ended => Ok(()),
            State::Running => Err(DecodeFailure::Broken(format!("{} data ends early", self.coding.name()))),
        }
    }
}

fn broken(coding: Coding, error: &std::io::Error) -> DecodeFailure {
    DecodeFailure::Broken(format!("not valid {} data: {error}", coding.name()))
}

#[cfg(test)]
pub(super) mod tests {
    use async_compression::codecs::{BrotliEncoder, EncodeV2, ZstdEncoder, brotli::params::EncoderParams};

    use super::*;

    fn encode(mut encoder: impl EncodeV2, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut input = PartialBuffer::new(data);
        let mut buffer = vec![0; 1 << 16];
        while !input.unwritten().is_empty() {
            let mut output = WriteBuffer::new_initialized(&mut buffer);
            encoder.encode(&mut input, &mut output).unwrap();
            out.extend_from_slice(output.written());
        }
        loop {
            let mut output = WriteBuffer::new_initialized(&mut buffer);
            let done = encoder.finish(&mut output).unwrap();
            out.extend_from_slice(output.written());
            if done {
                return out;
            }
        }
    }

    pub(in super::super) fn brotli(data: &[u8]) -> Vec<u8> {
        encode(BrotliEncoder::new(EncoderParams::default()), data)
    }

    pub(in super::super) fn zstd(data: &[u8]) -> Vec<u8> {
        encode(ZstdEncoder::new(3), data)
    }

    #[test]
    fn zstd_frames_in_a_row() {
        let mut stage = Stage::new(Coding::Zstd, 1000);
        stage.push(Bytes::from([zstd(b"ab"), zstd(b""), zstd(b"cd")].concat()));
        let mut out = Vec::new();
        while let Some(piece) = stage.pull().unwrap() {
            out.extend_from_slice(&piece);
        }
        assert_eq!(out, b"abcd");
        stage.check_ended().unwrap();
    }
}
