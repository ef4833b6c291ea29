//! The limits of the program, all with their names in one place.

use std::time::Duration;

/// The largest cookie jar, netrc file or list of hosts that is read. A full jar takes some ten megabytes.
pub const MAX_IDENTITY_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// The largest HTTP Archive that `compare` reads. Those with all bodies in them reach some hundred megabytes; reading
/// takes a few times that in memory.
pub const MAX_HAR_BYTES: u64 = 512 * 1024 * 1024;

/// How soon a page must want to be replaced by another for that one to be loaded instead, in seconds. What wants it later
/// is meant to be read first.
pub const MAX_REFRESH_SECONDS: u32 = 1;

/// How many pages in a row may be replaced by another.
pub const MAX_REFRESHES: u32 = 10;

/// How long the site's icon is waited for when everything else is there.
pub const ICON_PATIENCE: Duration = Duration::from_secs(2);

/// How long one subresource may take at least, unless `--request-timeout` says so: in a load that may take less than this,
/// it is the load's own deadline that ends, and what becomes of the picture is what the user said for that.
pub const REQUEST_PATIENCE: Duration = Duration::from_secs(20);
