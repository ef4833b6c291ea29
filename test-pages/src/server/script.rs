//! What the origin answers to which path.
//!
//! A script is a table of replies, a folder of files, or both: the table wins. A folder may bring its own
//! table in `site.json`:
//!
//! ```json
//! {"/slow.css": {"delay_ms": 200}, "/old": {"status": 302, "headers": [["Location", "/new"]]},
//!  "/torn.png": {"ending": {"reset_after": 100}}}
//! ```

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{fs, io};

use serde::Deserialize;

/// What the origin answers.
#[derive(Debug, Default)]
pub struct Script {
    /// Replies by path (without query), used in order; the last one is repeated.
    replies: HashMap<String, Vec<Reply>>,
    used: Mutex<HashMap<String, usize>>,
    folder: Option<PathBuf>,
    /// Files read once, so that timing does not depend on the disk.
    files: Mutex<HashMap<PathBuf, Option<Reply>>>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Headers beside `Content-Length` (or `Transfer-Encoding`) and `Connection`, which the server adds.
    pub headers: Vec<(String, String)>,
    /// How long the head is held back.
    pub delay: Duration,
    /// The body in pieces.
    pub chunks: Vec<Chunk>,
    /// Whether the body goes out in chunked coding (else with a length).
    pub chunked: bool,
    /// How the exchange ends.
    pub ending: Ending,
}

/// A piece of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// How long it is held back after the piece before it.
    pub delay: Duration,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// How an exchange ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The connection is kept alive.
    #[default]
    KeepAlive,
    /// The connection is closed in order after the reply.
    Close,
    /// The connection is closed after this many bytes of the body.
    CloseAfter(usize),
    /// The connection is reset after this many bytes of the body.
    ResetAfter(usize),
    /// The request is read and never answered.
    Silence,
}

impl Reply {
    /// A 200 with this type and body.
    pub fn ok(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).header("Content-Type", content_type).body(body)
    }

    /// A reply without a body.
    pub const fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            delay: Duration::ZERO,
            chunks: Vec::new(),
            chunked: false,
            ending: Ending::KeepAlive,
        }
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("Location", location)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body, in one piece.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.chunks = vec![Chunk { delay: Duration::ZERO, bytes: bytes.into() }];
        self
    }

    /// Adds a piece of the body, held back by `delay`, and switches to chunked coding.
    #[must_use]
    pub fn chunk(mut self, delay: Duration, bytes: impl Into<Vec<u8>>) -> Self {
        self.chunks.push(Chunk { delay, bytes: bytes.into() });
        self.chunked = true;
        self
    }

    /// Holds the head back.
    #[must_use]
    pub const fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets how the exchange ends.
    #[must_use]
    pub const fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }
}

impl Script {
    /// A script that knows no path: everything is a 404.
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves the files of a folder, with the table in its `site.json` if it has one.
    ///
    /// # Errors
    /// When `site.json` is there and cannot be read as a script.
    pub fn folder(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        let mut script = Self { folder: Some(folder.clone()), ..Self::default() };
        let table = folder.join("site.json");
        if table.exists() {
            let entries: BTreeMap<String, Entry> = serde_json::from_slice(&fs::read(&table)?)?;
            for (path, entry) in entries {
                let file = script.file(&path);
                script.replies.insert(path, vec![entry.apply(file.unwrap_or_else(|| Reply::status(200)))]);
            }
        }
        Ok(script)
    }

    /// Adds a reply for a path. Several for one path are used one after another, the last is repeated.
    #[must_use]
    pub fn on(mut self, path: &str, reply: Reply) -> Self {
        self.replies.entry(path.to_owned()).or_default().push(reply);
        self
    }

    /// The reply to a request for this target (path and query).
    pub(super) fn reply(&self, target: &str) -> Reply {
        let path = target.split(['?', '#']).next().unwrap_or(target);
        if let Some(replies) = self.replies.get(path) {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            let count = used.entry(path.to_owned()).or_default();
            let reply = &replies[(*count).min(replies.len() - 1)];
            *count += 1;
            return reply.clone();
        }
        self.file(path).unwrap_or_else(|| {
            let mut reply = Reply::ok("text/plain; charset=utf-8", format!("no such page: {path}\n"));
            reply.status = 404;
            reply
        })
    }

    /// The file of the folder that a path names; folders answer with their `index.html`.
    fn file(&self, path: &str) -> Option<Reply> {
        let relative = percent_decode(path.trim_start_matches('/'))?;
        if relative.split('/').any(|part| part == "..") {
            return None;
        }
        let mut file = self.folder.as_deref()?.join(relative);
        if file.is_dir() {
            file.push("index.html");
        }
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(file).or_insert_with_key(|file| read(file)).clone()
    }
}

fn read(file: &Path) -> Option<Reply> {
    let bytes = fs::read(file).ok()?;
    Some(Reply::ok(super::wire::content_type(file), bytes))
}

fn percent_decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) = (rest.next()?, rest.next()?);
            let digit = |d: u8| char::from(d).to_digit(16);
            bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// An entry of `site.json`: what differs from serving the file of that path.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    status: Option<u16>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    delay_ms: u64,
    /// Cuts the body into pieces of `bytes` each, each held back by `delay_ms`.
    pieces: Option<Pieces>,
    #[serde(default)]
    ending: Ending,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pieces {
    bytes: usize,
    delay_ms: u64,
}

impl Entry {
    fn apply(self, mut reply: Reply) -> Reply {
        reply.status = self.status.unwrap_or(reply.status);
        for (name, value) in self.headers {
            reply.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(&name));
            reply.headers.push((name, value));
        }
        reply.delay = Duration::from_millis(self.delay_ms);
        if let Some(pieces) = self.pieces {
            let body: Vec<u8> = reply.chunks.drain(..).flat_map(|c| c.bytes).collect();
            let delay = Duration::from_millis(pieces.delay_ms);
            reply.chunks =
                body.chunks(pieces.bytes.max(1)).map(|b| Chunk { delay, bytes: b.to_vec() }).collect();
        }
        reply.ending = self.ending;
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_used_in_order_and_the_last_repeats() {
        let script = Script::new().on("/a", Reply::status(201)).on("/a", Reply::status(202));
        let statuses: Vec<u16> = (0..3).map(|_| script.reply("/a?q").status).collect();
        assert_eq!(statuses, [201, 202, 202], "the query does not count");
        assert_eq!(script.reply("/b").status, 404);
    }

    #[test]
    fn a_folder_does_not_serve_what_lies_outside_of_it() {
        let script = Script::folder(crate::root().join("src")).unwrap();
        assert_eq!(script.reply("/lib.rs").status, 200);
        assert_eq!(script.reply("/../Cargo.toml").status, 404);
        assert_eq!(script.reply("/%2e%2e/Cargo.toml").status, 404);
    }

    #[test]
    fn a_table_entry_changes_what_the_file_answers() {
        let entry: Entry = serde_json::from_str(
            r#"{"status": 203, "delay_ms": 5, "pieces": {"bytes": 2, "delay_ms": 1}, "ending": {"close_after": 3}}"#,
        )
        .unwrap();
        let reply = entry.apply(Reply::ok("text/css", "abcde"));
        assert_eq!((reply.status, reply.delay), (203, Duration::from_millis(5)));
        assert_eq!(reply.chunks.len(), 3, "five bytes in pieces of two");
        assert_eq!(reply.ending, Ending::CloseAfter(3));
    }
}
