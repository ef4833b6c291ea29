//! Hosts that need no question: addresses, `localhost` with everything below it, and `.invalid`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses of `host` when they are known without asking; empty when there can be none.
///
/// `localhost` and `invalid` never leave the machine: <https://www.rfc-editor.org/rfc/rfc6761#section-6.3>.
/// DEVIATION: IPv4 first, since servers of developers listen there more often; Chromium says IPv6 first.
pub(super) fn answer(host: &str) -> Option<Vec<IpAddr>> {
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse() {
        return Some(vec![address]);
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    if name == "invalid" || name.ends_with(".invalid") {
        return Some(Vec::new());
    }
    (name == "localhost" || name.ends_with(".localhost"))
        .then(|| vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (host, addresses) in [
            ("127.0.0.1", Some(1)),
            ("[::1]", Some(1)),
            ("::1", Some(1)),
            ("localhost", Some(2)),
            ("LOCALHOST.", Some(2)),
            ("a.localhost", Some(2)),
            ("nosuch.invalid", Some(0)),
            ("notlocalhost", None),
            ("example.com", None),
        ] {
            assert_eq!(answer(host).map(|a| a.len()), addresses, "{host}");
        }
    }
}
