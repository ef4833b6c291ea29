//! The folder of the cache: names of files, and an index of sizes and last uses that is rebuilt from it.
//!
//! The folder itself is the truth. The index is in memory only, read from the folder when it is opened and again when so
//! much was written that other processes may have written too; the time of a file's last use is its modification time.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::format;
use crate::cache::key::CacheKey;

/// Names of entries: this and 32 hexadecimal digits.
const ENTRY: &str = "entry-";
/// Names of files that are being written: this, a number drawn at random for each client, and a count.
const UNFINISHED: &str = "unfinished-";

/// Marks the folder for backup tools: <https://bford.info/cachedir/>.
const TAG: (&str, &str) = (
    "CACHEDIR.TAG",
    "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is the HTTP cache of Siskin. It can be deleted at any time.\n",
);

/// The folder, opened.
pub(super) struct Folder {
    path: PathBuf,
    max_bytes: u64,
    entries: HashMap<String, Use>,
    total: u64,
    /// Bytes written since the folder was read.
    written: u64,
    unfinished: u64,
    /// Tells the unfinished files of this client from those of others; process numbers may be the same in two containers.
    nonce: u64,
}

#[derive(Debug, Clone, Copy)]
struct Use {
    size: u64,
    last: SystemTime,
}

impl Folder {
    /// Makes the folder if it is not there, sweeps what killed processes left, and reads it.
    pub(super) fn open(path: PathBuf, max_bytes: u64) -> io::Result<Self> {
        if !path.is_dir() {
            create(&path)?;
            fs::write(path.join(TAG.0), TAG.1)?;
        }
        let nonce = RandomState::new().build_hasher().finish();
        let entries = HashMap::new();
        let mut folder = Self { path, max_bytes, entries, total: 0, written: 0, unfinished: 0, nonce };
        folder.scan()?;
        Ok(folder)
    }

    /// The name of the entry of `key`.
    pub(super) fn name(key: &CacheKey) -> String {
        let digits: String =
            format::sum(key.as_line().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{ENTRY}{digits}")
    }

    /// Opens an entry for reading, and marks it as used now.
    pub(super) fn read(&mut self, name: &str, now: SystemTime) -> io::Result<File> {
        let file = File::open(self.path.join(name))?;
        if file.set_modified(now).is_ok()
            && let Some(entry) = self.entries.get_mut(name)
        {
            entry.last = now;
        }
        Ok(file)
    }

    /// A new file that nobody sees as an entry yet. While it is locked it is not swept away.
    pub(super) fn create(&mut self) -> io::Result<(File, PathBuf)> {
        loop {
            self.unfinished += 1;
            let path = self.path.join(format!("{UNFINISHED}{:016x}-{}", self.nonce, self.unfinished));
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                // Somebody drew the same number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    // Where files cannot be locked a sweep may take it away: then it is a miss.
                    let _ = file.try_lock();
                    return Ok((file, path));
                }
            }
        }
    }

    /// Makes a finished file the entry of that name, and room for it.
    pub(super) fn publish(
        &mut self,
        unfinished: &Path,
        name: &str,
        size: u64,
        now: SystemTime,
    ) -> io::Result<()> {
        fs::rename(unfinished, self.path.join(name))?;
        let old = self.entries.insert(name.to_owned(), Use { size, last: now });
        self.total = self.total.saturating_sub(old.map_or(0, |old| old.size)).saturating_add(size);
        self.written = self.written.saturating_add(size);
        // Others write too: after a quarter of the whole the index is no longer believed.
        if self.total > self.max_bytes || self.written > self.max_bytes / 4 {
            self.scan()?;
            self.make_room();
        }
        Ok(())
    }

    /// Removes an entry.
    pub(super) fn remove(&mut self, name: &str) {
        // Another process may have been faster.
        let _ = fs::remove_file(self.path.join(name));
        if let Some(entry) = self.entries.remove(name) {
            self.total = self.total.saturating_sub(entry.size);
        }
    }

    /// Reads the folder anew, and sweeps unfinished files that nobody writes.
    fn scan(&mut self) -> io::Result<()> {
        self.entries.clear();
        (self.total, self.written) = (0, 0);
        for file in fs::read_dir(&self.path)? {
            let Ok(file) = file else { continue };
            let Ok(name) = file.file_name().into_string() else { continue };
            if name.starts_with(UNFINISHED) {
                sweep(&file.path());
            } else if is_entry(&name)
                && let Ok(data) = file.metadata()
            {
                let last = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                self.total = self.total.saturating_add(data.len());
                self.entries.insert(name, Use { size: data.len(), last });
            }
        }
        Ok(())
    }

    /// Removes what was not used for longest, until a tenth is free.
    fn make_room(&mut self) {
        if self.total <= self.max_bytes {
            return;
        }
        let mut by_use: Vec<(SystemTime, String)> =
            self.entries.iter().map(|(name, entry)| (entry.last, name.clone())).collect();
        by_use.sort_unstable();
        for (_, name) in by_use {
            if self.total <= self.max_bytes / 10 * 9 {
                break;
            }
            self.remove(&name);
        }
    }
}

/// The lock of a file is gone with the process that wrote it.
fn sweep(path: &Path) {
    if let Ok(file) = File::open(path)
        && file.try_lock().is_ok()
    {
        let _ = fs::remove_file(path);
    }
}

fn is_entry(name: &str) -> bool {
    name.strip_prefix(ENTRY)
        .is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// For nobody else to read: what somebody has looked at is nobody's business.
fn create(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
