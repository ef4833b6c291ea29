//! A page being loaded: the loader joined with a network. The only async file of this crate.

use std::time::Duration;

use siskin_net::Error;
use url::Url;

/// When a page counts as loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WaitUntil {
    /// The document has been parsed and nothing blocks rendering.
    DomContentLoaded,
    /// Everything that delays the load event is there or has failed.
    #[default]
    Load,
    /// No request is left.
    Idle,
}

/// What becomes of a document that comes with an HTTP status of 400 or above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HttpErrorPolicy {
    /// The load fails with [`PageError::HttpStatus`]; nothing more is fetched.
    #[default]
    Fail,
    /// The document is used like any other.
    Render,
}

/// Why there is no page. [`std::fmt::Display`] is one line that names the phase and the URL.
#[derive(Debug)]
pub enum PageError {
    /// The document's fetch failed.
    Net(Error),
    /// The document came with an HTTP error status, and [`HttpErrorPolicy::Fail`] was asked for.
    HttpStatus {
        /// The status.
        status: u16,
        /// The document's final URL.
        url: Url,
    },
    /// The document is of a type that is no page.
    UnsupportedType {
        /// The `Content-Type`.
        content_type: String,
        /// The document's final URL.
        url: Url,
    },
    /// The deadline passed.
    Timeout {
        /// The page.
        url: Url,
        /// After how long.
        after: Duration,
        /// What was waited for, in words.
        waiting_for: String,
    },
}

impl std::fmt::Display for PageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Net(error) => error.fmt(f),
            Self::HttpStatus { status, url } => {
                let reason = http::StatusCode::from_u16(*status).ok().and_then(|s| s.canonical_reason());
                write!(f, "http: the server answered {status}")?;
                reason.map_or(Ok(()), |reason| write!(f, " {reason}"))?;
                write!(f, " ({url})")
            }
            Self::UnsupportedType { content_type, url } => {
                write!(f, "type: {content_type} is not a page ({url})")
            }
            Self::Timeout { url, after, waiting_for } => {
                write!(f, "timeout: after {} s still waiting for {waiting_for} ({url})", after.as_secs_f64())
            }
        }
    }
}

impl std::error::Error for PageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Net(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}
