//! The project's own tools, as functions that tests can call.

pub mod tidy;
pub mod bless;
pub mod recorded;
pub mod picture;
pub mod fidelity;
pub mod requests;
pub mod wpt;

use std::path::Path;

/// The workspace's folder.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace's folder")
}
