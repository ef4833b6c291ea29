//! The thread that reads and writes: it owns the folder, and does one job after the other, so that what was stored or
//! removed first is so when it is looked up later.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::SystemTime;

use bytes::Bytes;
use tokio::sync::oneshot;

use super::folder::Folder;
use super::format::{self, DiskVariant, Writer};
use crate::cache::entry::Stored;
use crate::cache::key::CacheKey;
use crate::cache::policy::is_same_selection;
use crate::limits::{DISK_SHARE_OF_ENTRY, MAX_CACHE_VARIANTS, MAX_DISK_FAILURES};

/// What there is to do.
pub(super) enum Job {
    Get { key: CacheKey, now: SystemTime, reply: oneshot::Sender<Vec<DiskVariant>> },
    Put { key: CacheKey, stored: Arc<Stored> },
    Remove { key: CacheKey },
    Append { spool: u64, piece: Bytes },
    Finish { spool: u64, key: CacheKey, head: Box<Stored> },
    Abandon { spool: u64 },
}

/// The thread's state.
pub(super) struct Worker {
    path: PathBuf,
    max_bytes: u64,
    folder: State,
    spools: HashMap<u64, Spooled>,
    /// Writes that failed, one after the other.
    failures: u32,
}

enum State {
    /// Nobody has asked for anything.
    Unopened,
    Open(Folder),
    /// It cannot be made or read: as if there were none.
    Off,
}

/// A body that is being written. `None` when that failed.
type Spooled = Option<(Writer<BufWriter<File>>, PathBuf)>;

impl Worker {
    pub(super) fn new(path: PathBuf, max_bytes: u64) -> Self {
        Self { path, max_bytes, folder: State::Unopened, spools: HashMap::new(), failures: 0 }
    }

    /// Works until nobody can ask any more.
    pub(super) fn run(mut self, jobs: &mpsc::Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            match job {
                Job::Get { key, now, reply } => {
                    // Nobody listens when the request was dropped.
                    let _ = reply.send(self.get(&key, now));
                }
                Job::Put { key, stored } => {
                    let written = self.put(&key, &stored);
                    self.note(written);
                }
                Job::Remove { key } => {
                    if let Some(folder) = self.folder() {
                        folder.remove(&Folder::name(&key));
                    }
                }
                Job::Append { spool, piece } => self.append(spool, &piece),
                Job::Finish { spool, key, head } => {
                    let written = self.finish(spool, &key, *head);
                    self.note(written);
                }
                Job::Abandon { spool } => self.abandon(spool),
            }
        }
        let open: Vec<u64> = self.spools.keys().copied().collect();
        for spool in open {
            self.abandon(spool);
        }
    }

    fn folder(&mut self) -> Option<&mut Folder> {
        if matches!(self.folder, State::Unopened) {
            self.folder = match Folder::open(self.path.clone(), self.max_bytes) {
                Ok(folder) => State::Open(folder),
                Err(error) => {
                    tracing::warn!(folder = %self.path.display(), %error, "no disk cache");
                    State::Off
                }
            };
        }
        match &mut self.folder {
            State::Open(folder) => Some(folder),
            State::Unopened | State::Off => None,
        }
    }

    /// The folder to write to, unless writing has failed again and again.
    fn writable(&mut self) -> Option<&mut Folder> {
        if self.failures >= MAX_DISK_FAILURES { None } else { self.folder() }
    }

    fn note(&mut self, written: io::Result<()>) {
        match written {
            Ok(()) => self.failures = 0,
            Err(error) => {
                self.failures += 1;
                if self.failures == MAX_DISK_FAILURES {
                    tracing::warn!(folder = %self.path.display(), %error, "the disk cache is not written any more");
                }
            }
        }
    }

    fn get(&mut self, key: &CacheKey, now: SystemTime) -> Vec<DiskVariant> {
        let Some(folder) = self.folder() else { return Vec::new() };
        let name = Folder::name(key);
        let Ok(file) = folder.read(&name, now) else { return Vec::new() };
        match format::read(file) {
            Ok(Some((line, variants))) if line == key.as_line() => variants,
            // Another key of the same digest, or one who wants it to look so.
            Ok(Some(_)) => Vec::new(),
            Ok(None) => {
                folder.remove(&name);
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }

    fn put(&mut self, key: &CacheKey, stored: &Stored) -> io::Result<()> {
        let Some(folder) = self.writable() else { return Ok(()) };
        let (file, path) = folder.create()?;
        let written = (|| {
            let mut writer = Writer::new(BufWriter::new(file))?;
            writer.whole(stored, None)?;
            Ok(writer)
        })();
        self.publish(key, stored, written, path)
    }

    fn append(&mut self, spool: u64, piece: &[u8]) {
        if !self.spools.contains_key(&spool) {
            let begun = self.writable().map_or(Ok(None), |folder| {
                let (file, path) = folder.create()?;
                Ok(Some((Writer::new(BufWriter::new(file))?, path)))
            });
            let begun = begun.unwrap_or_else(|error: io::Error| {
                self.note(Err(error));
                None
            });
            self.spools.insert(spool, begun);
        }
        let Some(Some((writer, path))) = self.spools.get_mut(&spool) else { return };
        if let Err(error) = writer.body(piece) {
            // A full disk: room for others.
            let _ = std::fs::remove_file(path);
            self.spools.insert(spool, None);
            self.note(Err(error));
        }
    }

    fn finish(&mut self, spool: u64, key: &CacheKey, head: Stored) -> io::Result<()> {
        let Some(Some((mut writer, path))) = self.spools.remove(&spool) else { return Ok(()) };
        writer.variant(head.clone());
        self.publish(key, &head, Ok(writer), path)
    }

    fn abandon(&mut self, spool: u64) {
        if let Some(Some((writer, path))) = self.spools.remove(&spool) {
            drop(writer);
            let _ = std::fs::remove_file(path);
        }
    }

    /// Adds the other variants to a file that has the new one, and makes it the entry.
    fn publish(
        &mut self,
        key: &CacheKey,
        new: &Stored,
        written: io::Result<Writer<BufWriter<File>>>,
        path: PathBuf,
    ) -> io::Result<()> {
        let (now, name) = (new.exchanged.responded, Folder::name(key));
        let mut others = self.get(key, now);
        others.retain(|old| !is_same_selection(&old.stored.varied, &new.varied));
        let limit = self.max_bytes / DISK_SHARE_OF_ENTRY;
        let Some(folder) = self.folder() else { return Ok(()) };
        let published = written.and_then(|mut writer| {
            // The newest stand first in a file; as many of them as there is room for.
            let mut room = limit.saturating_sub(new.body.len());
            for old in others.iter().take(MAX_CACHE_VARIANTS - 1) {
                room = match room.checked_sub(old.stored.body.len()) {
                    Some(room) => room,
                    None => break,
                };
                writer.whole(&old.stored, Some(old.sum))?;
            }
            let (file, size) = writer.finish(&key.as_line())?;
            // By the client's clock, as all uses are. Where that fails it goes a little sooner or later.
            let _ = file.get_ref().set_modified(now);
            // The lock is let go when the file has its name.
            let published = folder.publish(&path, &name, size, now);
            drop(file);
            published
        });
        if published.is_err() {
            let _ = std::fs::remove_file(&path);
        }
        published
    }
}
