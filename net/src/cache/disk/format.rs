//! The bytes of a cache file. Numbers are little-endian.
//!
//! ```text
//! offset     size
//! 0          8     "siskinHC"
//! 8          4     the version of the format: 1
//! 12         4     H, the size of the head
//! 16         8     B, the size of all bodies
//! 24         16    the checksum of the 24 bytes above and of the head
//! 40         B     the bodies of the variants, content-coded, one after another
//! 40 + B     H     the head
//! ```
//!
//! The head stands last, so that a body can be written while it comes. It is the key as a line (its length in 4 bytes,
//! then the text), the number of variants in 2, and of each variant:
//!
//! ```text
//! status 2, time of the request 8, time of the response 8 (milliseconds since 1970)
//! extent: 0 in 1 byte, or 1 and its start 8, end 8, total 8 for a part of a representation
//! body: offset in the file 8, size 8, checksum 16
//! headers: their number 4, and of each: size of the name 2, name, size of the value 4, value
//! Vary: number of names 2, and of each: size 2, name, then 0, or 1 and the digest 16 of the request's value
//! ```
//!
//! A checksum is the first half of a SHA-256. A file of another version, of another length than its header says, or with
//! a wrong checksum is not an entry. A door to sha2.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

use crate::cache::entry::{Exchanged, Extent, Selecting, Stored};
use crate::cache::stored_body::StoredBody;
use crate::limits::{HELD_BODY_BYTES, MAX_DISK_HEAD_BYTES};

const MAGIC: &[u8; 8] = b"siskinHC";
const VERSION: u32 = 1;
/// Where the bodies begin.
const HEADER_BYTES: u64 = 40;

/// Half a SHA-256.
pub(super) type Sum = [u8; 16];

/// A variant in a file, with the checksum of its body.
#[derive(Debug, Clone)]
pub(super) struct DiskVariant {
    pub(super) stored: Stored,
    pub(super) sum: Sum,
}

/// A file that is being written.
pub(super) struct Writer<W> {
    file: W,
    /// Bytes of bodies so far.
    bodies: u64,
    /// The body that is being written: where it begins, and what has been hashed of it.
    begun: u64,
    hash: Sha256,
    variants: Vec<(Stored, u64, u64, Sum)>,
}

impl<W: Write + Seek> Writer<W> {
    /// Begins a file; its header is written last.
    pub(super) fn new(mut file: W) -> io::Result<Self> {
        file.write_all(&[0; HEADER_BYTES as usize])?;
        Ok(Self { file, bodies: 0, begun: 0, hash: Sha256::new(), variants: Vec::new() })
    }

    /// A piece of the body of the next variant.
    pub(super) fn body(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hash.update(piece);
        self.bodies = self.bodies.saturating_add(piece.len() as u64);
        self.file.write_all(piece)
    }

    /// The variant whose body was written.
    pub(super) fn variant(&mut self, head: Stored) {
        let sum = half(std::mem::take(&mut self.hash));
        self.variants.push((head, HEADER_BYTES + self.begun, self.bodies - self.begun, sum));
        self.begun = self.bodies;
    }

    /// A variant with its body, from wherever that is. One that was read from a file keeps the checksum that it had, so
    /// that what was damaged stays so.
    pub(super) fn whole(&mut self, stored: &Stored, sum: Option<Sum>) -> io::Result<()> {
        let mut body = stored.body.clone();
        while let Some(piece) = body.read()? {
            self.body(&piece)?;
        }
        self.variant(stored.clone());
        if let (Some(sum), Some(last)) = (sum, self.variants.last_mut()) {
            last.3 = sum;
        }
        Ok(())
    }

    /// Writes head and header, and gives the file back with its size.
    pub(super) fn finish(mut self, key: &str) -> io::Result<(W, u64)> {
        let head = encode(key, &self.variants)?;
        let mut header = Vec::with_capacity(HEADER_BYTES as usize);
        header.extend_from_slice(MAGIC);
        header.extend_from_slice(&VERSION.to_le_bytes());
        header.extend_from_slice(&u32::try_from(head.len()).map_err(io::Error::other)?.to_le_bytes());
        header.extend_from_slice(&self.bodies.to_le_bytes());
        let sum = head_sum(&header, &head);
        header.extend_from_slice(&sum);
        self.file.write_all(&head)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&header)?;
        self.file.flush()?;
        Ok((self.file, HEADER_BYTES + self.bodies + head.len() as u64))
    }
}

/// Reads a file's entry: its key and its variants. Small bodies are read and checked, large ones stay in the file and
/// have to be checked. `None` when the file is not a whole entry.
pub(super) fn read(file: std::fs::File) -> io::Result<Option<(String, Vec<DiskVariant>)>> {
    let length = file.metadata()?.len();
    let mut file = file;
    let mut header = [0; HEADER_BYTES as usize];
    if length < HEADER_BYTES || file.read_exact(&mut header).is_err() {
        return Ok(None);
    }
    let Some((head_size, bodies)) = sizes(&header, length) else { return Ok(None) };
    if bodies <= HELD_BODY_BYTES {
        let mut rest = Vec::with_capacity(usize::try_from(bodies + head_size).unwrap_or(0));
        file.take(bodies + head_size).read_to_end(&mut rest)?;
        let rest = Bytes::from(rest);
        let at = usize::try_from(bodies).unwrap_or(usize::MAX).min(rest.len());
        let (bodies, head) = (rest.slice(..at), rest.slice(at..));
        let place = |start: u64, end: u64| {
            let index = |at: u64| usize::try_from(at.checked_sub(HEADER_BYTES)?).ok();
            let range = index(start)?..index(end)?;
            bodies.get(range.clone())?;
            Some(StoredBody::memory(bodies.slice(range)))
        };
        let Some((key, variants)) = decode(&header, &head, place) else { return Ok(None) };
        let is_whole = |variant: &DiskVariant| {
            variant.stored.body.in_memory().is_some_and(|body| sum(body) == variant.sum)
        };
        return Ok(variants.iter().all(is_whole).then_some((key, variants)));
    }
    file.seek(SeekFrom::Start(HEADER_BYTES + bodies))?;
    let mut head = Vec::with_capacity(usize::try_from(head_size).unwrap_or(0));
    (&file).take(head_size).read_to_end(&mut head)?;
    let file = Arc::new(file);
    let end_of_bodies = HEADER_BYTES + bodies;
    let place = |start: u64, end: u64| {
        (HEADER_BYTES <= start && start <= end && end <= end_of_bodies)
            .then(|| StoredBody::file(file.clone(), start, end))
    };
    Ok(decode(&header, &head, place))
}

/// The checksum of a body.
pub(super) fn sum_of(mut body: StoredBody) -> io::Result<Sum> {
    let mut hash = Sha256::new();
    while let Some(piece) = body.read()? {
        hash.update(&piece);
    }
    Ok(half(hash))
}

/// The checksum of some bytes.
pub(super) fn sum(bytes: &[u8]) -> Sum {
    half(Sha256::new_with_prefix(bytes))
}

fn half(hash: Sha256) -> Sum {
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    half
}

fn head_sum(header: &[u8], head: &[u8]) -> Sum {
    half(Sha256::new_with_prefix(header).chain_update(head))
}

/// The sizes of head and bodies that a header tells, if they fit the file.
fn sizes(header: &[u8; HEADER_BYTES as usize], length: u64) -> Option<(u64, u64)> {
    let mut reader = Reader(header);
    if reader.bytes(8)? != MAGIC || reader.u32()? != VERSION {
        return None;
    }
    let (head, bodies) = (u64::from(reader.u32()?), reader.u64()?);
    let is_right = HEADER_BYTES.checked_add(bodies)?.checked_add(head)? == length;
    (is_right && head <= MAX_DISK_HEAD_BYTES).then_some((head, bodies))
}

fn encode(key: &str, variants: &[(Stored, u64, u64, Sum)]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let short = |size: usize| u16::try_from(size).map_err(io::Error::other);
    let long = |size: usize| u32::try_from(size).map_err(io::Error::other);
    out.extend_from_slice(&long(key.len())?.to_le_bytes());
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(&short(variants.len())?.to_le_bytes());
    for (stored, offset, size, sum) in variants {
        out.extend_from_slice(&stored.status.as_u16().to_le_bytes());
        for time in [stored.exchanged.requested, stored.exchanged.responded] {
            out.extend_from_slice(&millis(time).to_le_bytes());
        }
        match stored.extent {
            None => out.push(0),
            Some(Extent { start, end, total }) => {
                out.push(1);
                for number in [start, end, total] {
                    out.extend_from_slice(&number.to_le_bytes());
                }
            }
        }
        out.extend_from_slice(&offset.to_le_bytes());
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(sum);
        out.extend_from_slice(&long(stored.headers.len())?.to_le_bytes());
        for (name, value) in &stored.headers {
            out.extend_from_slice(&short(name.as_str().len())?.to_le_bytes());
            out.extend_from_slice(name.as_str().as_bytes());
            out.extend_from_slice(&long(value.len())?.to_le_bytes());
            out.extend_from_slice(value.as_bytes());
        }
        out.extend_from_slice(&short(stored.varied.len())?.to_le_bytes());
        for Selecting { name, digest } in &stored.varied {
            out.extend_from_slice(&short(name.as_str().len())?.to_le_bytes());
            out.extend_from_slice(name.as_str().as_bytes());
            match digest {
                None => out.push(0),
                Some(digest) => {
                    out.push(1);
                    out.extend_from_slice(digest);
                }
            }
        }
    }
    if out.len() as u64 > MAX_DISK_HEAD_BYTES {
        return Err(io::Error::other("the head is too large"));
    }
    Ok(out)
}

fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// `place` makes a body of the bytes from one offset of the file to another, if they are bytes of bodies.
fn decode(
    header: &[u8; HEADER_BYTES as usize],
    head: &[u8],
    place: impl Fn(u64, u64) -> Option<StoredBody>,
) -> Option<(String, Vec<DiskVariant>)> {
    let (told, sum) = header.split_at(24);
    if head_sum(told, head) != *sum {
        return None;
    }
    let mut reader = Reader(head);
    let size = reader.u32()? as usize;
    let key = String::from_utf8(reader.bytes(size)?.to_vec()).ok()?;
    let count = reader.u16()?;
    let mut variants = Vec::new();
    for _ in 0..count {
        variants.push(reader.variant(&place)?);
    }
    reader.0.is_empty().then_some((key, variants))
}

/// Takes values off the front of some bytes; `None` when there are too few.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    fn u8(&mut self) -> Option<u8> {
        Some(u8::from_le_bytes(self.array()?))
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.array()?))
    }

    fn time(&mut self) -> Option<SystemTime> {
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(self.u64()?))
    }

    fn name(&mut self) -> Option<HeaderName> {
        let size = usize::from(self.u16()?);
        HeaderName::from_bytes(self.bytes(size)?).ok()
    }

    fn variant(&mut self, place: &impl Fn(u64, u64) -> Option<StoredBody>) -> Option<DiskVariant> {
        let status = StatusCode::from_u16(self.u16()?).ok()?;
        let exchanged = Exchanged { requested: self.time()?, responded: self.time()? };
        let extent = match self.u8()? {
            0 => None,
            _ => Some(Extent { start: self.u64()?, end: self.u64()?, total: self.u64()? }),
        };
        let (offset, size) = (self.u64()?, self.u64()?);
        let body = place(offset, offset.checked_add(size)?)?;
        let sum = self.array()?;
        let mut headers = HeaderMap::new();
        for _ in 0..self.u32()? {
            let name = self.name()?;
            let size = self.u32()? as usize;
            headers.try_append(name, HeaderValue::from_bytes(self.bytes(size)?).ok()?).ok()?;
        }
        let mut varied = Vec::new();
        for _ in 0..self.u16()? {
            let name = self.name()?;
            let digest = if self.u8()? == 0 { None } else { Some(self.array()?) };
            varied.push(Selecting { name, digest });
        }
        Some(DiskVariant { stored: Stored { status, headers, body, varied, exchanged, extent }, sum })
    }
}
