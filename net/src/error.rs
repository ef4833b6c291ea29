//! The one error type of the network stack.

use url::Url;

use crate::told_url::told;

/// How much of a URL is shown: the message stays one line.
const MAX_SHOWN_URL: usize = 500;

/// A failed fetch. Kind and phase are for programs, [`std::fmt::Display`] is one line for people.
///
/// Displays its own level only; the cause is reached through [`std::error::Error::source`].
#[derive(Debug)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// During which step of the fetch.
    pub phase: Phase,
    /// The URL of the hop that failed, if there was one to speak of, without user name and password. Boxed to keep `Result`s small.
    pub url: Option<Box<Url>>,
    /// What happened, in words that stand after a colon: `connection refused`.
    pub message: String,
    /// The lower layer's error.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong with a fetch. Closed: callers match it to choose an exit code or a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The URL cannot be parsed or has no host where one is needed.
    InvalidUrl,
    /// The scheme is not one that can be fetched.
    UnsupportedScheme,
    /// Refused by policy: a bad port, a mode that forbids it.
    Blocked,
    /// A `file:` URL that cannot be read.
    File,
    /// No address for the host.
    Dns,
    /// No TCP connection.
    Connect,
    /// The proxy is not known, does not accept the connection, or does not do what it was asked for.
    Proxy,
    /// The TLS handshake failed, or the certificate is not acceptable.
    Tls,
    /// A deadline passed.
    Timeout,
    /// The peer broke the protocol: bad status line, bad framing, reset or end before the message was whole.
    Protocol,
    /// More redirects than the limit, or a redirect without a usable `Location`.
    Redirect,
    /// A body or header block larger than the named limit.
    TooLarge,
    /// The content coding cannot be decoded.
    Decode,
    /// The body is not the one that the page expects (`integrity`).
    Integrity,
    /// The caller went away.
    Canceled,
    /// `only-if-cached` without a stored response.
    CacheMiss,
}

/// The step of a fetch in which something happened, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Parsing and checking the URL and the request.
    Url,
    /// Reading a local file.
    File,
    /// Looking in the cache.
    Cache,
    /// Waiting for the scheduler.
    Blocked,
    /// Resolving the host name.
    Dns,
    /// The TCP handshake.
    Connect,
    /// Asking a proxy for the way to the host.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// Sending the request.
    Send,
    /// Waiting for the response's head.
    Wait,
    /// Receiving the body.
    Receive,
    /// Undoing the content coding.
    Decode,
}

impl Error {
    /// An error without a lower cause.
    pub fn new(kind: ErrorKind, phase: Phase, url: Option<&Url>, message: impl Into<String>) -> Self {
        Self { kind, phase, url: url.map(|url| Box::new(told(url))), message: message.into(), source: None }
    }

    /// Adds the lower layer's error.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.phase, self.message)?;
        match &self.url {
            Some(url) if url.scheme() == "data" => f.write_str(" (data: URL)"),
            // A serialized URL is ASCII, so that it can be cut anywhere.
            Some(url) => match url.as_str().get(..MAX_SHOWN_URL) {
                Some(start) => write!(f, " ({start}…)"),
                None => write!(f, " ({url})"),
            },
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Url => "url",
            Self::File => "file",
            Self::Cache => "cache",
            Self::Blocked => "blocked",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Send => "send",
            Self::Wait => "wait",
            Self::Receive => "receive",
            Self::Decode => "decode",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_for_people() {
        let line = |url: &str| {
            Error::new(ErrorKind::Dns, Phase::Dns, Url::parse(url).ok().as_ref(), "no").to_string()
        };
        assert_eq!(line("http://a.test/x"), "dns: no (http://a.test/x)");
        assert_eq!(line("data:,x"), "dns: no (data: URL)");
        assert_eq!(line(""), "dns: no");
        assert_eq!(line("http://me:secret@a.test/x"), "dns: no (http://a.test/x)");
        let long = line(&format!("http://a.test/{}", "x".repeat(10_000)));
        assert!(long.ends_with("xxx…)") && long.len() < 600, "{long}");
    }
}
