//! Serves a test site to a person: `cargo run -p siskin-test-pages -- serve`.

use std::io::Write;
use std::path::PathBuf;
use std::{io, thread};

use clap::{Parser, Subcommand};
use siskin_test_pages::server::{Script, Server};

/// The test pages and their scripted server.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves a site of test-pages, or any folder, until interrupted. A `site.json` in it scripts its answers.
    Serve {
        /// The name of a site (`showcase`), or a folder. Without it: everything under test-pages.
        site: Option<PathBuf>,
        /// The port on 127.0.0.1; 0 takes a free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Lists the sites.
    List,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve { site, port } => serve(site, port),
        Command::List => list(),
    }
}

fn serve(site: Option<PathBuf>, port: u16) -> anyhow::Result<()> {
    let folder = match site {
        None => siskin_test_pages::root().to_path_buf(),
        Some(path) if path.is_dir() => path,
        Some(name) => {
            let folder = siskin_test_pages::root().join("sites").join(&name);
            anyhow::ensure!(
                folder.is_dir(),
                "{} is neither a folder nor a site of test-pages",
                name.display()
            );
            folder
        }
    };
    let server = Server::start_on(port, Script::folder(&folder)?, true)?;
    writeln!(io::stdout(), "{}/", server.origin())?;
    loop {
        thread::park();
    }
}

fn list() -> anyhow::Result<()> {
    let mut names: Vec<String> = std::fs::read_dir(siskin_test_pages::root().join("sites"))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    for name in names {
        writeln!(io::stdout(), "{name}")?;
    }
    Ok(())
}
