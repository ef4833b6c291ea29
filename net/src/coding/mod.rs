//! Undoing `Content-Encoding`: a chain of decoders that is fed bytes and asked for bytes.
//!
//! A value machine without IO: [`Decoder::push`] what arrived, [`Decoder::pull`] until it wants more,
//! [`Decoder::finish`] at the end. The only module that knows the compression crate is [`stage`].
//!
//! Spec: <https://httpwg.org/specs/rfc9110.html#field.content-encoding>, and
//! <https://fetch.spec.whatwg.org/#handle-content-codings> for what a failure means.

mod stage;

use bytes::Bytes;
use http::{HeaderMap, header};

use crate::limits::MAX_CODINGS;
use stage::{Coding, Stage};

/// Why a body cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DecodeFailure {
    /// The bytes are not what the header says; in words.
    Broken(String),
    /// More decoded bytes than the limit.
    TooLarge,
}

/// The codings of one body, undone from the last applied to the first.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// In the order of undoing: the first takes what came over the wire.
    stages: Vec<Stage>,
}

impl Decoder {
    /// The decoder that `headers` ask for, `None` when the body is to be taken as it is.
    ///
    /// DEVIATION: when one of the codings is not known, none is undone, as Chromium does.
    pub(crate) fn for_headers(headers: &HeaderMap, limit: u64) -> Result<Option<Self>, DecodeFailure> {
        let mut codings = Vec::new();
        for value in headers.get_all(header::CONTENT_ENCODING) {
            for name in value.as_bytes().split(|b| *b == b',').map(<[u8]>::trim_ascii) {
                match Coding::from_name(name) {
                    Some(Coding::Identity) => {}
                    Some(coding) => codings.push(coding),
                    None => return Ok(None),
                }
            }
        }
        if codings.len() > MAX_CODINGS {
            return Err(DecodeFailure::Broken(format!("{} content codings on one body", codings.len())));
        }
        let stages: Vec<Stage> = codings.into_iter().rev().map(|coding| Stage::new(coding, limit)).collect();
        Ok((!stages.is_empty()).then_some(Self { stages }))
    }

    /// Takes what arrived. Everything that was pushed before must have been pulled.
    pub(crate) fn push(&mut self, encoded: Bytes) {
        if let Some(first) = self.stages.first_mut() {
            first.push(encoded);
        }
    }

    /// The next decoded piece, `None` when more input is needed.
    pub(crate) fn pull(&mut self) -> Result<Option<Bytes>, DecodeFailure> {
        pull(&mut self.stages)
    }

    /// The input is over: fails when a coding had not ended yet.
    pub(crate) fn finish(&self) -> Result<(), DecodeFailure> {
        self.stages.iter().try_for_each(Stage::check_ended)
    }
}

/// Pulls from the last stage, which pulls from the one before it. As deep as [`MAX_CODINGS`].
fn pull(stages: &mut [Stage]) -> Result<Option<Bytes>, DecodeFailure> {
    let Some((last, before)) = stages.split_last_mut() else { return Ok(None) };
    loop {
        if let Some(piece) = last.pull()? {
            return Ok(Some(piece));
        }
        match pull(before)? {
            Some(piece) => last.push(piece),
            None => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const LIMIT: u64 = 1 << 20;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(data).unwrap();
        out.finish().unwrap()
    }
    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(data).unwrap();
        out.finish().unwrap()
    }
    fn raw_deflate(data: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(data).unwrap();
        out.finish().unwrap()
    }

    fn decode(encoding: &str, body: &[u8], chunk: usize, limit: u64) -> Result<Vec<u8>, DecodeFailure> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, encoding.parse().unwrap());
        let Some(mut decoder) = Decoder::for_headers(&headers, limit)? else { return Ok(body.to_vec()) };
        let mut out = Vec::new();
        for piece in body.chunks(chunk) {
            decoder.push(Bytes::copy_from_slice(piece));
            while let Some(decoded) = decoder.pull()? {
                out.extend_from_slice(&decoded);
            }
        }
        decoder.finish()?;
        Ok(out)
    }

    #[test]
    fn every_coding_in_every_chunking() {
        let text = "Ein Text, der sich wiederholt. ".repeat(9000).into_bytes();
        let cases: [(&str, Vec<u8>); 8] = [
            ("gzip", gzip(&text)),
            ("X-Gzip", gzip(&text)),
            ("deflate", zlib(&text)),
            ("deflate", raw_deflate(&text)),
            ("gzip, deflate", zlib(&gzip(&text))),
            ("br", stage::tests::brotli(&text)),
            ("zstd", stage::tests::zstd(&text)),
            ("br, zstd", stage::tests::zstd(&stage::tests::brotli(&text))),
        ];
        for (encoding, body) in &cases {
            for chunk in [1, 7, 100, body.len()] {
                assert_eq!(decode(encoding, body, chunk, LIMIT).unwrap(), text, "{encoding} by {chunk}");
            }
        }
    }

    #[test]
    fn unknown_codings_pass_through_and_trailing_bytes_are_ignored() {
        assert_eq!(decode("identity", b"abc", 1, LIMIT).unwrap(), b"abc");
        assert_eq!(decode("compress, gzip", b"abc", 1, LIMIT).unwrap(), b"abc");
        let mut body = gzip(b"abc");
        body.extend_from_slice(b"\n\n");
        assert_eq!(decode("gzip", &body, 3, LIMIT).unwrap(), b"abc");
        assert_eq!(decode("gzip", b"", 1, LIMIT).unwrap(), b"");
    }

    /// Every coding, cut off at every place: an error each time, never bytes that look whole.
    #[test]
    fn truncated_bodies() {
        let text = b"Ein Text, der sich wiederholt. ".repeat(40);
        for (encoding, body) in [
            ("gzip", gzip(&text)),
            ("deflate", zlib(&text)),
            ("deflate", raw_deflate(&text)),
            ("br", stage::tests::brotli(&text)),
            ("zstd", stage::tests::zstd(&text)),
            ("deflate, gzip", gzip(&zlib(&text))),
        ] {
            for end in 1..body.len() {
                let failure = decode(encoding, &body[..end], 7, LIMIT);
                assert!(matches!(failure, Err(DecodeFailure::Broken(_))), "{encoding} {end}: {failure:?}");
            }
            assert_eq!(decode(encoding, &body, 7, LIMIT).unwrap(), text, "{encoding}");
        }
    }

    /// Bytes behind the end of a coding are no part of it; what they are does not matter.
    #[test]
    fn trailing_garbage() {
        for (encoding, mut body) in [
            ("gzip", gzip(b"abc")),
            ("deflate", zlib(b"abc")),
            ("deflate", raw_deflate(b"abc")),
            ("br", stage::tests::brotli(b"abc")),
        ] {
            body.extend_from_slice(b"\0garbage\xff");
            for chunk in [1, body.len()] {
                assert_eq!(decode(encoding, &body, chunk, LIMIT).unwrap(), b"abc", "{encoding} by {chunk}");
            }
        }
    }

    #[test]
    fn broken_bodies() {
        let whole = gzip(&b"abc".repeat(1000));
        for (encoding, body) in
            [("gzip", &whole[..whole.len() - 9]), ("gzip", b"<html>"), ("br", b"<html>"), ("zstd", b"<html>")]
        {
            let failure = decode(encoding, body, 5, LIMIT).unwrap_err();
            assert!(matches!(failure, DecodeFailure::Broken(_)), "{encoding}: {failure:?}");
        }
        assert!(decode("gzip,gzip,gzip,gzip,gzip", b"", 1, LIMIT).is_err());
    }

    #[test]
    fn bombs_stop_at_the_limit() {
        let zeros = vec![0; 4 << 20];
        for (encoding, body) in [
            ("gzip", gzip(&zeros)),
            ("br", stage::tests::brotli(&zeros)),
            ("zstd", stage::tests::zstd(&zeros)),
            ("gzip, gzip", gzip(&gzip(&zeros))),
        ] {
            assert_eq!(
                decode(encoding, &body, 4096, LIMIT).unwrap_err(),
                DecodeFailure::TooLarge,
                "{encoding}"
            );
        }
    }
}
