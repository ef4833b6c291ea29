//! The body of a stored response, wherever it is.

use bytes::Bytes;

/// Content-coded bytes, in memory.
#[derive(Debug, Clone)]
pub(crate) struct StoredBody(Bytes);

impl StoredBody {
    /// A body in memory.
    pub(crate) fn memory(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// The part of it that begins at `start` and ends before `end`; within the body, whatever is asked.
    pub(crate) fn slice(&self, start: u64, end: u64) -> Self {
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(self.0.len());
        let (start, end) = (index(start), index(end));
        Self(self.0.slice(start.min(end)..end))
    }

    /// All of it, if it is in memory.
    pub(crate) fn in_memory(&self) -> Option<&Bytes> {
        Some(&self.0)
    }

    /// The next piece, `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        Some(std::mem::take(&mut self.0)).filter(|bytes| !bytes.is_empty())
    }
}
