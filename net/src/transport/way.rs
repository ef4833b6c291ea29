//! The way to a host, directly or through a proxy: what the HTTP library is told of proxies, and what its errors mean.
//!
//! The library speaks with the proxy (absolute URLs, `CONNECT`, SOCKS 5). What it keeps from us: the status of a
//! refused `CONNECT` other than 407, and the moment in which TCP to the proxy was up.

use std::error::Error as StdError;

use url::Url;

use super::failure;
use crate::error::{Error, ErrorKind, Phase};
use crate::proxy::{ProxyChoice, ProxyConfig, ProxyKind, ProxyServer};

/// The library's proxy that makes the same choices as `config`; none where no connection takes one.
pub(super) fn library_proxy(config: &ProxyConfig) -> Option<reqwest::Proxy> {
    let config = config.clone();
    (!config.is_direct()).then(|| {
        reqwest::Proxy::custom(move |url| match config.choose(url) {
            ProxyChoice::Direct => None,
            ProxyChoice::Through(server) => library_url(server),
        })
    })
}

/// The URL by which the library knows a proxy, with credentials.
fn library_url(server: &ProxyServer) -> Option<Url> {
    let mut url = Url::parse(&server.to_string()).ok()?;
    if let Some(auth) = &server.auth {
        // Both can only fail for URLs without a host.
        let _ = url.set_username(&auth.user).and_then(|()| url.set_password(Some(&auth.password)));
    }
    Some(url)
}

/// The proxy to which requests for `url` go as they are, and which so may answer itself.
pub(super) fn forwarder<'a>(config: &'a ProxyConfig, url: &Url) -> Option<&'a ProxyServer> {
    match config.choose(url) {
        ProxyChoice::Through(server) if url.scheme() == "http" && server.kind == ProxyKind::Http => {
            Some(server)
        }
        _ => None,
    }
}

/// An error that has to do with a proxy. The message names it, so that nobody looks for the fault at the host.
pub(super) fn error(server: &ProxyServer, phase: Phase, url: &Url, what: &str) -> Error {
    Error::new(ErrorKind::Proxy, phase, Some(url), format!("proxy {server}: {what}"))
}

/// A proxy that wants to know who we are, or does not like who we are.
pub(super) fn wants_credentials(server: &ProxyServer, url: &Url) -> Error {
    let what = match server.auth {
        Some(_) => "it does not accept the user name and password (407)",
        None => "it asks for a user name and a password (407)",
    };
    error(server, Phase::Proxy, url, what)
}

/// An error of the library's connector before TLS with the host has begun.
pub(super) fn of_connect(cause: Box<dyn StdError + Send + Sync>, server: &ProxyServer, url: &Url) -> Error {
    let (phase, what) = reason(cause.as_ref(), server, url);
    let told = match phase {
        Phase::Proxy if what == CREDENTIALS => wants_credentials(server, url),
        _ => error(server, phase, url, &what),
    };
    told.with_source(cause)
}

const CREDENTIALS: &str = "407";

/// The library does not name the types of these errors; their words are all that there is.
fn reason(cause: &(dyn StdError + 'static), server: &ProxyServer, url: &Url) -> (Phase, String) {
    for layer in failure::layers(cause) {
        let words = layer.to_string();
        if let Some(words) = words.strip_prefix("tunnel error: ") {
            let what = match words {
                "failed to create underlying connection" => break,
                "proxy authorization required" => CREDENTIALS,
                "proxy response headers too long" => "its answer is too long",
                "unexpected end of file" => "it closed the connection without an answer",
                "io error establishing tunnel" => {
                    let io = failure::io_reason(layer);
                    return (Phase::Proxy, io.unwrap_or_else(|| words.to_owned()));
                }
                _ => return (Phase::Proxy, format!("it does not connect to {}", host_and_port(url))),
            };
            return (Phase::Proxy, what.to_owned());
        }
        if let Some(words) = words.strip_prefix("SOCKS error: ") {
            let what = match words {
                // The cause is not handed on, but for its debugging form.
                "failed to create underlying connection" => {
                    return (Phase::Connect, io_reason_in(&format!("{layer:?}")));
                }
                "io error during SOCKS handshake" => "it broke off while it was asked for the way",
                "credentials not accepted" => "it does not accept the user name and password",
                "server does not support user/pass authentication" if server.auth.is_none() => {
                    "it asks for a user name and a password"
                }
                "server does not support user/pass authentication"
                | "server implements authentication incorrectly" => "it takes no user name and password",
                "failed parsing server response" => "what answers there is no SOCKS 5 proxy",
                words => {
                    let host = host_and_port(url);
                    return (Phase::Proxy, format!("it does not connect to {host}: {words}"));
                }
            };
            return (Phase::Proxy, what.to_owned());
        }
    }
    let what = failure::io_reason(cause).unwrap_or_else(|| failure::innermost(cause));
    (Phase::Connect, what)
}

fn host_and_port(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

/// What the debugging form of an error of the operating system says.
fn io_reason_in(debug: &str) -> String {
    let known = [
        ("ConnectionRefused", "connection refused"),
        ("ConnectionReset", "connection reset by the server"),
        ("HostUnreachable", "host unreachable"),
        ("NetworkUnreachable", "network unreachable"),
        ("TimedOut", "no answer to the connection's packets"),
    ];
    let known = known.iter().find(|(kind, _)| debug.contains(kind));
    known.map_or_else(|| "no connection".to_owned(), |(_, words)| (*words).to_owned())
}
