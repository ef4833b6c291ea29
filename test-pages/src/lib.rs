//! Pages, sites, pinned fonts and expectations of Siskin, and the scripted server that serves them.
//!
//! - `pages/<area>/<case>.html` with expectations beside it: `.dom`, `.rects`, `-ref.html`, `-notref.html` (any subset)
//! - `sites/<name>/`: whole sites; a `site.json` scripts their answers (delays, redirects, faults)
//! - [`server`]: the origin that serves them, by script, and remembers what it was asked
//! - [`case`]: finds the cases, compares with their expectations, blesses new ones
//!
//! A dev-dependency of every crate and a dependency of none.

pub mod case;
pub mod server;

use std::path::{Path, PathBuf};

/// The folder of this crate: pages, sites and expectations live in it.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the site with that name.
pub fn site(name: &str) -> PathBuf {
    root().join("sites").join(name)
}

/// The oracles that stand beside the project on developers' machines: `SISKIN_SHARED`, or `shared` beside
/// the workspace. `None` where they are not there: tests that need them say so and pass.
pub fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("SISKIN_SHARED").map_or_else(|| root().join("../../shared"), PathBuf::from);
    path.is_dir().then_some(path)
}
