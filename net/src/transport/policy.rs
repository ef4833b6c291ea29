//! How many connections, and how long each is kept: the pool's rules, pure.
//!
//! | rule | here | Chromium |
//! | --- | --- | --- |
//! | connections to one HTTP/1 origin | 6, by the scheduler | 6 |
//! | connections to one HTTP/2 origin | 1 | 1 |
//! | all connections | 256; the one that is idle for longest makes room | 256, likewise |
//! | idle, after a response | 300 s | 300 s |
//! | idle, never used (preconnect, a race that it lost) | 60 s | 60 s |
//! | `Keep-Alive: timeout=N` | a second less than N | not looked at (Firefox does) |
//! | `Connection: close`, HTTP/1.0 without `keep-alive`, a body that ends with its connection | not kept | not kept |
//! | which idle connection is used | the one used last | the one used last |

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode, header};

use crate::event::Protocol;
use crate::limits::{IDLE_AFTER_USE, IDLE_UNUSED, KEEP_ALIVE_MARGIN};

/// How long a connection may be idle that was never used.
pub(super) const fn unused() -> Duration {
    IDLE_UNUSED
}

/// How long a connection may be idle after a response with these headers; `None` when it cannot be kept.
pub(super) fn after_response(
    method: &Method,
    status: StatusCode,
    protocol: Protocol,
    headers: &HeaderMap,
) -> Option<Duration> {
    match protocol {
        Protocol::Http2 => Some(IDLE_AFTER_USE),
        _ if !stays_open(method, status, protocol, headers) => None,
        _ => Some(announced(headers).map_or(IDLE_AFTER_USE, |time| time.min(IDLE_AFTER_USE))),
    }
}

/// Whether an HTTP/1 connection can carry another request: <https://httpwg.org/specs/rfc9112.html#persistent.connections>.
fn stays_open(method: &Method, status: StatusCode, protocol: Protocol, headers: &HeaderMap) -> bool {
    let says =
        |what: &[u8]| tokens(headers, header::CONNECTION).any(|token| token.eq_ignore_ascii_case(what));
    let persists = if protocol == Protocol::Http10 { says(b"keep-alive") } else { true };
    // A body without a length ends with its connection.
    let has_length = headers.contains_key(header::CONTENT_LENGTH)
        || tokens(headers, header::TRANSFER_ENCODING)
            .last()
            .is_some_and(|last| last.eq_ignore_ascii_case(b"chunked"))
        || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
        || *method == Method::HEAD;
    persists && !says(b"close") && has_length
}

fn tokens(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(name).into_iter();
    lines.flat_map(|line| line.as_bytes().split(|b| *b == b',')).map(<[u8]>::trim_ascii)
}

/// `Keep-Alive: timeout=N`, <https://www.rfc-editor.org/rfc/rfc2068#section-19.7.1.1>: less a margin, so that
/// a request does not cross the server's goodbye.
fn announced(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("keep-alive")?.to_str().ok()?;
    let seconds = value.split([',', ';']).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("timeout")
            .then(|| value.trim().trim_matches('"').parse::<u64>().ok())?
    })?;
    let time = Duration::from_secs(seconds);
    Some(time.saturating_sub(KEEP_ALIVE_MARGIN).max(time / 2))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// Seconds for which a connection is kept after a response with these lines; `None` when it is not.
    fn kept(
        protocol: Protocol,
        method: Method,
        status: u16,
        lines: &[(&'static str, &'static str)],
    ) -> Option<f64> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        let status = StatusCode::from_u16(status).unwrap();
        after_response(&method, status, protocol, &headers).map(|time| time.as_secs_f64())
    }

    #[test]
    fn table() {
        use Protocol::{Http2, Http10, Http11};
        let length = ("content-length", "3");
        for (protocol, method, status, lines, seconds) in [
            (Http11, Method::GET, 200, &[length][..], Some(300.0)),
            (Http11, Method::GET, 200, &[length, ("connection", "close")], None),
            (Http11, Method::GET, 200, &[length, ("connection", "Upgrade, CLOSE")], None),
            (Http11, Method::GET, 200, &[length, ("connection", "x"), ("connection", "close")], None),
            (Http11, Method::GET, 200, &[], None),
            (Http11, Method::GET, 200, &[("transfer-encoding", "chunked")], Some(300.0)),
            (Http11, Method::GET, 200, &[("transfer-encoding", "gzip, chunked")], Some(300.0)),
            (Http11, Method::GET, 200, &[("transfer-encoding", "gzip")], None),
            (Http11, Method::GET, 204, &[], Some(300.0)),
            (Http11, Method::GET, 304, &[], Some(300.0)),
            (Http11, Method::HEAD, 200, &[], Some(300.0)),
            (Http10, Method::GET, 200, &[length], None),
            (Http10, Method::GET, 200, &[length, ("connection", "keep-alive")], Some(300.0)),
            (Http2, Method::GET, 200, &[], Some(300.0)),
            (Http11, Method::GET, 200, &[length, ("keep-alive", "timeout=5, max=100")], Some(4.0)),
            (Http11, Method::GET, 200, &[length, ("keep-alive", "max=5,Timeout=\"30\"")], Some(29.0)),
            (Http11, Method::GET, 200, &[length, ("keep-alive", "timeout=1")], Some(0.5)),
            (Http11, Method::GET, 200, &[length, ("keep-alive", "timeout=0")], Some(0.0)),
            (Http11, Method::GET, 200, &[length, ("keep-alive", "timeout=99999999999999")], Some(300.0)),
            (Http11, Method::GET, 200, &[length, ("keep-alive", "timeout=soon")], Some(300.0)),
            (Http11, Method::GET, 200, &[length, ("keep-alive", "300")], Some(300.0)),
        ] {
            assert_eq!(kept(protocol, method, status, lines), seconds, "{protocol:?} {status} {lines:?}");
        }
        assert_eq!(unused().as_secs(), 60);
    }
}
