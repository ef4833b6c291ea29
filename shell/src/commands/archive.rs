//! HTTP Archives as input: read from a file, with a limit.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::failure::Failure;
use crate::limits::MAX_HAR_BYTES;
use crate::report::{Waterfall, har};

/// Whether an argument names a recorded load instead of a page: a file that is there and ends in `.har`.
pub fn is_archive(argument: &str) -> bool {
    let path = Path::new(argument);
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("har")) && path.is_file()
}

/// The waterfall in a HAR file.
///
/// # Errors
/// [`Failure::Archive`] when it cannot be read, is too large, or is no HAR.
pub fn read(path: &Path) -> Result<Waterfall, Failure> {
    let fail = |reason: String| Failure::Archive { path: path.to_owned(), reason };
    let file = File::open(path).map_err(|error| fail(error.to_string()))?;
    let mut bytes = Vec::new();
    // One byte more tells a file at the limit from one beyond it, also where a pipe has no length.
    let read = file.take(MAX_HAR_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| fail(error.to_string()))?;
    if bytes.len() as u64 > MAX_HAR_BYTES {
        return Err(fail(format!("is larger than {} MB", MAX_HAR_BYTES / 1_000_000)));
    }
    let har = har::from_json(&bytes).map_err(|error| fail(error.to_string()))?;
    Ok(har::to_waterfall(&har))
}
