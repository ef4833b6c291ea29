//! The secrets of TLS sessions in a file, for those who want to read what was recorded: the format of
//! `SSLKEYLOGFILE`, <https://www.rfc-editor.org/rfc/rfc9850>.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Appends each secret as one line with one write: several processes may share the file.
#[derive(Debug)]
pub(super) struct KeyLogFile {
    path: PathBuf,
    file: Mutex<Option<std::io::Result<File>>>,
}

impl KeyLogFile {
    /// Nothing is opened before the first secret.
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, file: Mutex::new(None) }
    }

    fn append(&self, line: &str) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let first = file.is_none();
        let opened = file.get_or_insert_with(|| open(&self.path));
        let result = match opened {
            Ok(file) => file.write_all(line.as_bytes()),
            Err(error) if first => Err(std::io::Error::new(error.kind(), error.to_string())),
            Err(_) => return,
        };
        if let Err(error) = result {
            tracing::warn!(path = %self.path.display(), %error, "the key log cannot be written");
        }
    }
}

fn open(path: &std::path::Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    // Whoever reads it can read the traffic.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl rustls::KeyLog for KeyLogFile {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        self.append(&format!("{label} {} {}\n", hex(client_random), hex(secret)));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
