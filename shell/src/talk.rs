//! What the program says on stderr: errors, warnings, progress, the log.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::args::{ColorChoice, TalkArgs};

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// Errors.
    Quiet,
    /// Errors and what a user should know.
    Normal,
    /// Page mistakes and milestones too.
    Verbose,
}

/// The program's voice.
#[derive(Debug)]
pub struct Talk {
    loudness: Loudness,
    color: ColorChoice,
}

impl Talk {
    /// Sets the voice and the log up, once a process.
    pub fn new(args: &TalkArgs) -> Self {
        let talk = Self { loudness: loudness(args), color: args.color };
        let directives =
            std::env::var("RUST_LOG").ok().filter(|d| !d.is_empty()).or_else(|| match args.verbose {
                0 | 1 => None,
                2 => Some("siskin=debug,siskin_net=debug,siskin_engine=debug,siskin_render=debug".to_owned()),
                _ => Some("trace".to_owned()),
            });
        if let Some(directives) = directives {
            // Fails only when a log is set up already (a test that runs twice in one process): that one stays.
            let _ = tracing_subscriber::fmt()
                .with_env_filter(tracing_subscriber::EnvFilter::new(directives))
                .with_writer(io::stderr)
                .with_ansi(talk.colors(io::stderr().is_terminal()))
                .try_init();
        }
        talk
    }

    /// A voice for library use: errors only.
    pub const fn quiet() -> Self {
        Self { loudness: Loudness::Quiet, color: ColorChoice::Never }
    }

    /// How much is said.
    pub const fn loudness(&self) -> Loudness {
        self.loudness
    }

    /// What the user wants of colours.
    pub const fn color(&self) -> ColorChoice {
        self.color
    }

    /// Whether output to a stream is to be coloured: <https://no-color.org/>.
    pub fn colors(&self, is_terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                is_terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
            }
        }
    }

    /// An error: said always.
    pub fn error(&self, error: &dyn Display) {
        say(error);
    }

    /// What a user should know about a result that is there all the same.
    pub fn warn(&self, message: &dyn Display) {
        if self.loudness >= Loudness::Normal {
            say(message);
        }
    }

    /// What only a curious user wants to know.
    pub fn detail(&self, message: &dyn Display) {
        if self.loudness >= Loudness::Verbose {
            say(message);
        }
    }

    /// A moving sign of life on a terminal, nothing elsewhere. It is gone when dropped.
    pub fn progress(&self, what: &str) -> Progress {
        let shown = self.loudness >= Loudness::Normal && io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let template = if self.colors(shown) { "{spinner:.cyan} {msg}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        if shown {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Progress(bar)
    }
}

/// A sign of life.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Says something else.
    pub fn set(&self, what: String) {
        self.0.set_message(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

const fn loudness(args: &TalkArgs) -> Loudness {
    if args.quiet {
        Loudness::Quiet
    } else if args.verbose > 0 {
        Loudness::Verbose
    } else {
        Loudness::Normal
    }
}

/// One line on stderr. Control characters (a page may name its own URLs) are escaped, so that a message stays one
/// line and cannot steer a terminal. Nobody can be told that stderr is closed.
fn say(message: &dyn Display) {
    let text: String = message
        .to_string()
        .chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
        .collect();
    let _ = writeln!(io::stderr().lock(), "siskin: {text}");
}
