//! How the program fails: one line for people, one exit code for scripts.

use std::fmt;
use std::path::PathBuf;

use siskin_engine::page::PageError;
use siskin_net::{Error, ErrorKind, Phase};

/// Why the program did not do what it was asked to. [`fmt::Display`] is the line on stderr.
#[derive(Debug)]
pub enum Failure {
    /// The command line makes no sense.
    Usage(String),
    /// `compare`: the two differ. Not told in words: the comparison has told it.
    Differs,
    /// The page did not come.
    Page(Box<PageError>),
    /// An input file other than the page cannot be read.
    Input {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// `compare`: one of the two cannot be read. Trouble, as diff has it.
    Archive {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The output cannot be written.
    Output {
        /// Where to; `-` for stdout.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// The picture cannot be made: it is too large for memory or for its format.
    Picture(String),
    /// There is no display to open a window on.
    Display(String),
    /// A fault of the program or of the machine that it runs on.
    Internal(String),
}

impl Failure {
    /// The exit code: see `siskin --help`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Differs => 1,
            Self::Usage(_) | Self::Archive { .. } => 2,
            Self::Page(error) => page_exit_code(error),
            Self::Output { .. } => 23,
            Self::Input { .. } => 37,
            Self::Picture(_) => 63,
            Self::Display(_) => 69,
            Self::Internal(_) => 70,
        }
    }

    /// Whether the failure is a reader that went away (`siskin … | head`): no reason to complain.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output { reason, .. } if reason.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

const fn page_exit_code(error: &PageError) -> u8 {
    match error {
        PageError::Net(error) => net_exit_code(error.kind, error.phase),
        PageError::HttpStatus { .. } => 22,
        PageError::Timeout { .. } | PageError::NeverThere { .. } => 28,
        PageError::UnsupportedType { .. } | PageError::Download { .. } => 65,
        PageError::NoDocument { .. } => 52,
        PageError::BrokenImage { .. } => 61,
    }
}

const fn net_exit_code(kind: ErrorKind, phase: Phase) -> u8 {
    match kind {
        ErrorKind::InvalidUrl | ErrorKind::UnsupportedScheme | ErrorKind::Blocked | ErrorKind::Integrity => 2,
        ErrorKind::Dns => 6,
        ErrorKind::Connect => 7,
        ErrorKind::Proxy => match phase {
            Phase::Dns => 5,
            Phase::Connect => 7,
            _ => 97,
        },
        ErrorKind::Timeout => 28,
        ErrorKind::Tls => 35,
        ErrorKind::File => 37,
        ErrorKind::Redirect => 47,
        ErrorKind::Protocol | ErrorKind::Canceled | ErrorKind::CacheMiss => 56,
        ErrorKind::Decode => 61,
        ErrorKind::TooLarge => 63,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Differs => f.write_str("the two loads differ"),
            Self::Page(error) => error.fmt(f),
            Self::Input { path, reason } | Self::Archive { path, reason } => {
                write!(f, "file: {reason} ({})", path.display())
            }
            Self::Output { path, reason } => write!(f, "output: {reason} ({})", path.display()),
            Self::Picture(message) => write!(f, "picture: {message}"),
            Self::Display(message) => write!(f, "display: {message}"),
            Self::Internal(message) => write!(f, "internal: {message}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        Self::Page(Box::new(error))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Page(Box::new(PageError::Net(error)))
    }
}
