//! The tier on disk: one file an entry, in a folder that several processes may share.
//!
//! ```text
//! format   the bytes of a file
//! folder   names, sizes, what was used when: what must go when the folder is full
//! worker   the thread that reads and writes, so that nobody else waits for a disk
//! ```
//!
//! A file is written beside its place and renamed into it: whoever is killed leaves a whole entry, or none, and a
//! leftover that the next one sweeps away. Checksums cover every byte, so that a torn or flipped file is a miss; no
//! `fsync` is needed for that. Files, not a database: an embedded one is locked by one process, and a damaged one is
//! lost whole. What cannot be read or written is as if it were not there; a page never hears of it.

mod format;
mod folder;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::SystemTime;

use bytes::Bytes;
use tokio::sync::oneshot;

use super::entry::Stored;
use super::key::CacheKey;
use crate::limits::DISK_SHARE_OF_ENTRY;
use format::DiskVariant;
use worker::{Job, Worker};

/// The tier. Its thread ends with it, when all that was stored is written.
pub(super) struct Disk {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    max_bytes: u64,
    spools: AtomicU64,
}

impl Disk {
    /// A tier of at most `max_bytes` in `folder`. Nothing is read or written before the first use. `None` when there is
    /// no thread to be had.
    pub(super) fn new(folder: PathBuf, max_bytes: u64) -> Option<Self> {
        let (jobs, queue) = mpsc::channel();
        let worker = Worker::new(folder, max_bytes);
        let thread = std::thread::Builder::new().name("siskin-cache".to_owned());
        let thread = thread.spawn(move || worker.run(&queue)).ok()?;
        Some(Self { jobs: Some(jobs), thread: Some(thread), max_bytes, spools: AtomicU64::new(0) })
    }

    /// Encoded bytes of the largest body that is stored.
    pub(super) const fn largest_body(&self) -> u64 {
        self.max_bytes / DISK_SHARE_OF_ENTRY
    }

    /// All variants that are stored whole for `key`. They count as used.
    pub(super) async fn get(&self, key: &CacheKey, now: SystemTime) -> Vec<Arc<Stored>> {
        let (reply, answer) = oneshot::channel();
        self.ask(Job::Get { key: key.clone(), now, reply });
        let variants = answer.await.unwrap_or_default();
        let mut whole = Vec::with_capacity(variants.len());
        for variant in variants {
            match verified(variant).await {
                Some(stored) => whole.push(Arc::new(stored)),
                None => self.remove(key),
            }
        }
        whole
    }

    /// Stores a response beside its variants.
    pub(super) fn put(&self, key: &CacheKey, stored: Arc<Stored>) {
        self.ask(Job::Put { key: key.clone(), stored });
    }

    /// Forgets all variants.
    pub(super) fn remove(&self, key: &CacheKey) {
        self.ask(Job::Remove { key: key.clone() });
    }

    /// Begins to write a body that is too large to be held.
    pub(super) fn spool(&self) -> Option<Spool> {
        let id = self.spools.fetch_add(1, Ordering::Relaxed);
        Some(Spool { id, jobs: self.jobs.clone()?, is_open: true })
    }

    fn ask(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread ends when this is dropped, not before.
            let _ = jobs.send(job);
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the worker has been reported; what it had to write is lost.
            let _ = thread.join();
        }
    }
}

/// A body on its way to the disk. Dropped before it is finished it leaves nothing.
pub(super) struct Spool {
    id: u64,
    jobs: mpsc::Sender<Job>,
    is_open: bool,
}

impl Spool {
    /// Writes a piece.
    pub(super) fn add(&self, piece: Bytes) {
        let _ = self.jobs.send(Job::Append { spool: self.id, piece });
    }

    /// The body is whole: it is stored with this head. (The head's own body is not looked at.)
    pub(super) fn finish(mut self, key: CacheKey, head: Stored) {
        self.is_open = false;
        let _ = self.jobs.send(Job::Finish { spool: self.id, key, head: Box::new(head) });
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.is_open {
            let _ = self.jobs.send(Job::Abandon { spool: self.id });
        }
    }
}

/// The response, if its body is what was written. A large one is read for that where reading may block.
async fn verified(variant: DiskVariant) -> Option<Stored> {
    if variant.stored.body.in_memory().is_some() {
        return Some(variant.stored); // The worker has looked.
    }
    let is_whole = {
        let (body, sum) = (variant.stored.body.clone(), variant.sum);
        tokio::task::spawn_blocking(move || format::sum_of(body).is_ok_and(|actual| actual == sum))
    };
    is_whole.await.unwrap_or(false).then_some(variant.stored)
}

#[cfg(test)]
mod tests;
