//! How a load ends: errors of the page itself, and the list of what did not come.

use std::time::Duration;

use siskin_net::{Destination, Error, ErrorKind};
use url::Url;

use super::resource::{Resource, ResourceState};
use crate::discovery::Blocking;

/// What becomes of a document that comes with an HTTP status of 400 or above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HttpErrorPolicy {
    /// The load fails with [`PageError::HttpStatus`]; nothing more is fetched.
    #[default]
    Fail,
    /// The document is used like any other.
    Render,
}

/// What becomes of a document that breaks off: its connection was lost, or its end cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BrokenOffPolicy {
    /// The load fails with [`PageError::Net`]: half a page looks like a whole one on a picture.
    #[default]
    Fail,
    /// The document ends there, as in Chromium, and [`super::Loader::failed`] tells of it.
    Show,
}

/// A subresource that did not come, or came with an error status. It never fails the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedResource {
    /// The URL as requested.
    pub url: Url,
    /// What it is for.
    pub destination: Destination,
    /// Why, for programs; `None` for an HTTP error status or a wrong type.
    pub kind: Option<ErrorKind>,
    /// Why, for people: one line that names the phase and the URL.
    pub message: String,
}

impl FailedResource {
    /// What is to be said of `resource`; nothing when it is here and well, or still under way, or no part of the page.
    pub fn of(resource: &Resource) -> Option<Self> {
        let (kind, message) = match &resource.state {
            _ if resource.blocking == Blocking::Aside => return None,
            ResourceState::Pending => return None,
            ResourceState::Ready { status, .. } if *status < 400 => return None,
            ResourceState::Ready { status, .. } => (None, http_error(*status, &resource.url)),
            ResourceState::Failed { kind, message } => (*kind, message.clone()),
        };
        Some(Self { url: resource.url.clone(), destination: resource.destination, kind, message })
    }
}

/// Something that a page names and that is not loaded: scripts, media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What it would be used as.
    pub destination: Destination,
    /// Where it is; nothing for a script in the page itself.
    pub url: Option<Url>,
}

/// The page asks to be replaced: <https://html.spec.whatwg.org/#attr-meta-http-equiv-refresh>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh {
    /// After how many seconds.
    pub seconds: u32,
    /// By what.
    pub url: Url,
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
        /// The media type.
        content_type: String,
        /// The document's final URL.
        url: Url,
    },
    /// The answer has no document (204, 205): a browser would stay where it is.
    NoDocument {
        /// The status.
        status: u16,
        /// Where the answer came from.
        url: Url,
    },
    /// The document is to be saved, not shown (`Content-Disposition: attachment`).
    Download {
        /// The document's final URL.
        url: Url,
    },
    /// The document is an image that cannot be shown. Whoever has looked at the image says so: the loader does not.
    BrokenImage {
        /// The document's final URL.
        url: Url,
    },
    /// The page is whole and lacks the element that was waited for. No script will bring it.
    NeverThere {
        /// The selector.
        selector: String,
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
            Self::HttpStatus { status, url } => f.write_str(&http_error(*status, url)),
            Self::UnsupportedType { content_type, url } => {
                write!(f, "type: {content_type} cannot be shown as a page ({url})")
            }
            Self::NoDocument { status, url } => {
                write!(f, "http: the server answered {status}, which has no page in it ({url})")
            }
            Self::Download { url } => write!(f, "type: this is to be saved, not shown ({url})"),
            Self::BrokenImage { url } => {
                write!(
                    f,
                    "decode: the image is broken, too large, or in no format that is known here ({url})"
                )
            }
            Self::NeverThere { selector, url } => {
                write!(f, "wait: no element matches `{selector}`, and none will: the page is whole ({url})")
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

/// One line about an HTTP error status.
pub(super) fn http_error(status: u16, url: &Url) -> String {
    let phrase = http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason());
    let phrase = phrase.map(|phrase| format!(" {phrase}")).unwrap_or_default();
    format!("http: the server answered {status}{phrase} ({url})")
}
