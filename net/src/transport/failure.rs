//! What the libraries' errors mean, in our kinds and in words.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpInfo;
use url::Url;

use super::connections::Ends;
use super::socket::End;
use super::tls;
use crate::error::{Error, ErrorKind, Phase};

/// How deep errors are nested at most. Bounds the walk; libraries nest five or so.
const MAX_LAYERS: usize = 32;

/// An error of the connector, in the TCP (`Connect`) or TLS phase.
pub(super) fn of_connect(error: Box<dyn StdError + Send + Sync>, phase: Phase, url: &Url) -> Error {
    let kind = if phase == Phase::Tls { ErrorKind::Tls } else { ErrorKind::Connect };
    let message = tls_reason(error.as_ref())
        .or_else(|| io_reason(error.as_ref()))
        .unwrap_or_else(|| innermost(error.as_ref()));
    Error::new(kind, phase, Some(url), message).with_source(error)
}

/// An error of a request on an open connection, or of a body.
pub(super) fn of_exchange(error: reqwest::Error, phase: Phase, url: &Url) -> Error {
    let (kind, message) = exchange_reason(&error, phase);
    // What could not even be put together was never sent.
    let phase = if kind == ErrorKind::InvalidUrl { Phase::Url } else { phase };
    Error::new(kind, phase, Some(url), message).with_source(error.without_url())
}

/// Whether the connection was lost before anything of a response came.
pub(super) fn is_lost_connection(error: &reqwest::Error) -> bool {
    layers(error).any(|layer| match layer.downcast_ref::<hyper::Error>() {
        Some(error) => error.is_incomplete_message() || error.is_canceled() || error.is_closed(),
        None => layer.downcast_ref::<io::Error>().is_some_and(is_broken),
    })
}

/// How a connection was lost, for an error of which [`is_lost_connection`] is true.
pub(super) fn how_lost(error: &reqwest::Error) -> End {
    let reset = layers(error)
        .filter_map(|layer| layer.downcast_ref::<io::Error>())
        .any(|error| matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe));
    if reset { End::Reset } else { End::Peer }
}

/// Whether an HTTP/2 server says that it did nothing with the request:
/// <https://httpwg.org/specs/rfc9113.html#Reliability>.
pub(super) fn is_refused_stream(error: &reqwest::Error) -> bool {
    let error = layers(error).find_map(|layer| layer.downcast_ref::<h2::Error>());
    error.is_some_and(|error| match error.reason() {
        Some(h2::Reason::REFUSED_STREAM) => true,
        Some(h2::Reason::NO_ERROR) => error.is_go_away() && error.is_remote(),
        _ => false,
    })
}

/// The ends of the connection on which a request failed.
pub(super) fn ends(error: &reqwest::Error) -> Option<Ends> {
    let error = layers(error).find_map(|layer| layer.downcast_ref::<legacy::Error>())?;
    let mut extras = http::Extensions::new();
    error.connect_info()?.get_extras(&mut extras);
    extras.get::<HttpInfo>().map(|info| (info.local_addr(), info.remote_addr()))
}

/// `15 s`, `250 ms`.
pub(super) fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("{} s", time.as_secs())
    } else {
        format!("{} ms", time.as_millis())
    }
}

fn exchange_reason(error: &reqwest::Error, phase: Phase) -> (ErrorKind, String) {
    if error.is_builder() {
        return (ErrorKind::InvalidUrl, format!("the URL cannot be sent: {}", innermost(error)));
    }
    if let Some(reason) = tls_reason(error) {
        return (ErrorKind::Tls, reason);
    }
    if let Some(h2) = layers(error).find_map(|layer| layer.downcast_ref::<h2::Error>()) {
        return (ErrorKind::Protocol, h2_reason(h2, phase));
    }
    if let Some(hyper) = layers(error).find_map(|layer| layer.downcast_ref::<hyper::Error>()) {
        // The library has a question for this in servers only.
        if hyper.is_parse() && hyper.to_string().contains("too large") {
            return (ErrorKind::TooLarge, "the response's head is too large".to_owned());
        }
        if hyper.is_incomplete_message() {
            let what = match phase {
                Phase::Receive => "the body ended early",
                _ => "the connection was closed before a response",
            };
            return (ErrorKind::Protocol, what.to_owned());
        }
        if hyper.is_parse() && phase != Phase::Receive {
            return (ErrorKind::Protocol, format!("not a valid HTTP response: {}", innermost(hyper)));
        }
    }
    if let Some(reason) = io_reason(error) {
        let early = reason.starts_with("unexpected end");
        let reason = match phase {
            Phase::Receive if early => "the body ended early".to_owned(),
            _ if early => "the connection was closed before a response".to_owned(),
            _ => reason,
        };
        return (ErrorKind::Protocol, reason);
    }
    (ErrorKind::Protocol, innermost(error))
}

/// The words for an error of HTTP/2; its own ones name neither side.
fn h2_reason(error: &h2::Error, phase: Phase) -> String {
    if let Some(io) = error.get_io() {
        return match (io.kind(), phase) {
            (io::ErrorKind::UnexpectedEof, Phase::Receive) => "the body ended early".to_owned(),
            (io::ErrorKind::UnexpectedEof, _) => "the connection was closed before a response".to_owned(),
            _ => io_words(io),
        };
    }
    let reason = error.reason().map_or_else(|| error.to_string(), |reason| format!("{reason:?}"));
    match (error.is_go_away(), error.is_remote()) {
        (true, true) => format!("the server ended the HTTP/2 connection: {reason}"),
        (false, true) => format!("the server reset the HTTP/2 stream: {reason}"),
        (_, false) => format!("the server broke the rules of HTTP/2: {reason}"),
    }
}

fn tls_reason(error: &(dyn StdError + 'static)) -> Option<String> {
    layers(error).find_map(tls::reason)
}

/// The words for the innermost error of the operating system.
pub(super) fn io_reason(error: &(dyn StdError + 'static)) -> Option<String> {
    layers(error).filter_map(|layer| layer.downcast_ref::<io::Error>()).last().map(io_words)
}

/// The words for an error of the operating system.
pub(super) fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "connection reset by the server".to_owned(),
        io::ErrorKind::ConnectionAborted => "connection aborted".to_owned(),
        io::ErrorKind::BrokenPipe => "connection closed by the server".to_owned(),
        io::ErrorKind::UnexpectedEof => "unexpected end of the connection".to_owned(),
        io::ErrorKind::HostUnreachable => "host unreachable".to_owned(),
        io::ErrorKind::NetworkUnreachable => "network unreachable".to_owned(),
        io::ErrorKind::TimedOut => "no answer to the connection's packets".to_owned(),
        _ => error.to_string(),
    }
}

fn is_broken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::NotConnected
    )
}

pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    layers(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// The error and its causes, also those that an [`io::Error`] hides.
pub(super) fn layers<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    fn next<'a>(layer: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
        match layer.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(hidden) => Some(hidden),
            None => layer.source(),
        }
    }
    std::iter::successors(Some(error), |layer| next(*layer)).take(MAX_LAYERS)
}
