//! Where results go: stdout, or a file that is there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes `bytes` to `path`, `-` meaning stdout.
///
/// A regular file is written beside its place and renamed into it, so that nobody sees half of it and a
/// failure leaves what was there before. Devices and pipes are written as they are.
///
/// # Errors
/// [`Failure::Output`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let result =
        if path.as_os_str() == "-" { to_stdout(bytes) } else { to_file(path, bytes, Readers::Usual) };
    result.map_err(|reason| Failure::Output { path: path.to_owned(), reason })
}

/// As [`write()`], for a file that only its owner may read: it lets whoever has it act as the user.
///
/// # Errors
/// [`Failure::Output`].
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let result =
        if path.as_os_str() == "-" { to_stdout(bytes) } else { to_file(path, bytes, Readers::Owner) };
    result.map_err(|reason| Failure::Output { path: path.to_owned(), reason })
}

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// As the system has it.
    Usual,
    /// The owner alone, where the system knows owners.
    Owner,
}

impl Readers {
    fn options(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        if self == Self::Owner {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        options
    }
}

/// Writes text to stdout.
///
/// # Errors
/// [`Failure::Output`].
pub fn print(text: &str) -> Result<(), Failure> {
    write(Path::new("-"), text.as_bytes())
}

/// Checks that `path` can be a place to write to, before any work is done for it.
///
/// # Errors
/// [`Failure::Output`] when its directory is not there or it is a directory itself.
pub fn check(path: &Path) -> Result<(), Failure> {
    let fail = |kind: io::ErrorKind, text: &str| {
        Err(Failure::Output { path: path.to_owned(), reason: io::Error::new(kind, text.to_owned()) })
    };
    if path.as_os_str() == "-" {
        return Ok(());
    }
    if path.is_dir() {
        return fail(io::ErrorKind::IsADirectory, "is a directory");
    }
    match parent(path) {
        directory if directory.is_dir() => Ok(()),
        _ => fail(io::ErrorKind::NotFound, "no such directory"),
    }
}

fn to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

fn to_file(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    // A link is followed: the file behind it is what is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|m| !m.is_file()) {
        return OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let (temporary, mut file) = create_beside(&target, readers)?;
    let written = file.write_all(bytes).and_then(|()| {
        drop(file);
        fs::rename(&temporary, &target)
    });
    if written.is_err() {
        // The first error is the one to tell; the temporary file may already be gone.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A new file in the directory of `target`, under a name that nobody has.
fn create_beside(target: &Path, readers: Readers) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let mut attempt = 0;
    loop {
        let temporary = parent(target).join(format!(".{name}.{}.{attempt}.tmp", std::process::id()));
        match readers.options().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && attempt < 100 => attempt += 1,
            Err(e) => return Err(e),
        }
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let directory = std::env::temp_dir().join(format!("siskin-output-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).expect("the temporary directory is writable");
        directory
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let directory = scratch("replace");
        let path = directory.join("out.png");
        write(&path, b"old").expect("written");
        write(&path, b"new").expect("written");
        assert_eq!(fs::read(&path).expect("there"), b"new");
        assert_eq!(fs::read_dir(&directory).expect("there").count(), 1);
        fs::remove_dir_all(directory).expect("removed");
    }

    #[test]
    fn a_missing_directory_fails_and_leaves_nothing() {
        let directory = scratch("missing");
        let path = directory.join("no/such/out.png");
        assert_eq!(check(&path).expect_err("no directory").exit_code(), 23);
        assert_eq!(write(&path, b"x").expect_err("no directory").exit_code(), 23);
        assert_eq!(fs::read_dir(&directory).expect("there").count(), 0);
        fs::remove_dir_all(directory).expect("removed");
    }
}
