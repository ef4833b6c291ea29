//! The rules of the house, formatting and lints, run by `cargo test` so that there is one command to pass.

use std::process::Command;

/// Runs a cargo subcommand on the workspace; `None` when the toolchain has no such component, which CI may not lack.
fn cargo(arguments: &[&str]) -> Option<Result<(), String>> {
    let cargo = env!("CARGO");
    let there =
        Command::new(cargo).args([arguments[0], "--version"]).output().is_ok_and(|o| o.status.success());
    if !there {
        assert!(std::env::var_os("CI").is_none(), "`cargo {}` has to be installed in CI", arguments[0]);
        return None;
    }
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(xtask::workspace())
        .output()
        .expect("cargo runs: it runs this test");
    Some(if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    })
}

#[test]
fn tidy() {
    let violations = xtask::tidy::check(xtask::workspace()).unwrap();
    let list: String = violations.iter().map(|v| format!("{v}\n")).collect();
    assert!(violations.is_empty(), "{} broken rules:\n{list}", violations.len());
}

#[test]
fn formatted() {
    if let Some(Err(differences)) = cargo(&["fmt", "--all", "--check"]) {
        panic!("run `cargo fmt`:\n{differences}");
    }
}

#[test]
fn lints() {
    let arguments = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"];
    if let Some(Err(warnings)) = cargo(&arguments) {
        panic!("{warnings}");
    }
}
