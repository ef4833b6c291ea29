//! The body of a stored response, wherever it is.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;

use crate::limits::DISK_READ_BYTES;

/// Content-coded bytes, in memory or in a file that nobody changes any more.
#[derive(Debug, Clone)]
pub(crate) struct StoredBody(Place);

#[derive(Debug, Clone)]
enum Place {
    Memory(Bytes),
    /// The bytes from `start` up to and without `end` of a file. Files are replaced, never written again, so that an
    /// open one stays what it is.
    File {
        file: Arc<File>,
        start: u64,
        end: u64,
    },
}

impl StoredBody {
    /// A body in memory.
    pub(crate) fn memory(bytes: impl Into<Bytes>) -> Self {
        Self(Place::Memory(bytes.into()))
    }

    /// A part of a file.
    pub(crate) fn file(file: Arc<File>, start: u64, end: u64) -> Self {
        Self(Place::File { file, start, end: end.max(start) })
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> u64 {
        match &self.0 {
            Place::Memory(bytes) => bytes.len() as u64,
            Place::File { start, end, .. } => end - start,
        }
    }

    /// The part of it that begins at `start` and ends before `end`; within the body, whatever is asked.
    pub(crate) fn slice(&self, start: u64, end: u64) -> Self {
        let end = end.min(self.len());
        let start = start.min(end);
        match &self.0 {
            Place::Memory(bytes) => {
                let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                Self::memory(bytes.slice(index(start)..index(end)))
            }
            Place::File { file, start: base, .. } => Self::file(file.clone(), base + start, base + end),
        }
    }

    /// All of it, if it is in memory.
    pub(crate) fn in_memory(&self) -> Option<&Bytes> {
        match &self.0 {
            Place::Memory(bytes) => Some(bytes),
            Place::File { .. } => None,
        }
    }

    /// The next piece, `None` at the end. A file is read where that may block.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Bytes>> {
        if let Place::Memory(bytes) = &mut self.0 {
            return Ok(Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty()));
        }
        let mut body = self.clone();
        let (body, piece) = tokio::task::spawn_blocking(move || {
            let piece = body.read();
            (body, piece)
        })
        .await
        .map_err(io::Error::other)?;
        *self = body;
        piece
    }

    /// The next piece, read here and now: for threads that may block.
    pub(super) fn read(&mut self) -> io::Result<Option<Bytes>> {
        match &mut self.0 {
            Place::Memory(bytes) => Ok(Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty())),
            Place::File { file, start, end } => {
                let size = usize::try_from(*end - *start).unwrap_or(usize::MAX).min(DISK_READ_BYTES);
                if size == 0 {
                    return Ok(None);
                }
                let mut piece = vec![0; size];
                let read = read_at(file, &mut piece, *start)?;
                if read == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                piece.truncate(read);
                *start += read as u64;
                Ok(Some(piece.into()))
            }
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}
