//! Where the example `fetchd` is, as a program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The program. Cargo builds examples with all tests; with this test alone it has to be asked to.
pub(crate) fn fetchd() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let tests = std::env::current_exe().unwrap();
        let program = tests.ancestors().nth(2).unwrap().join("examples/fetchd");
        let program = program.with_extension(std::env::consts::EXE_EXTENSION);
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
        let source = newest(&sources.join("src")).max(newest(&sources.join("examples")));
        let is_old = program.metadata().and_then(|data| data.modified()).map_or(true, |built| built < source);
        if is_old {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let built = Command::new(cargo)
                .args(["build", "--quiet", "--offline", "-p", "siskin-net", "--example", "fetchd"])
                .current_dir(sources)
                .status();
            assert!(program.is_file(), "the example cannot be built: {built:?}");
        }
        program
    })
}

/// When a file under `folder` was last written.
fn newest(folder: &Path) -> SystemTime {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in std::fs::read_dir(folder).unwrap() {
        let (path, data) = entry.map(|entry| (entry.path(), entry.metadata().unwrap())).unwrap();
        newest = newest.max(if data.is_dir() { self::newest(&path) } else { data.modified().unwrap() });
    }
    newest
}
