//! Hosts that need no question: addresses, `localhost` with everything below it, and `.invalid`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use super::{Answer, DnsFailure, Found};
use crate::config::HostOverride;
use crate::lookup::DnsSource;

/// What was given by hand for connections to `host` and `port`.
pub(super) fn given(overrides: &[HostOverride], host: &str, port: u16) -> Option<Answer> {
    let given = overrides.iter().find(|given| {
        (given.host == "*" || given.host.eq_ignore_ascii_case(host))
            && given.port.is_none_or(|given| given == port)
    })?;
    Some(match given.addresses.is_empty() {
        true => Err(DnsFailure::no_address(host)),
        false => Ok(Found {
            addresses: given.addresses.clone(),
            source: DnsSource::Override,
            ttl: Duration::ZERO,
            late: None,
        }),
    })
}

/// The addresses of `host` when they are known without asking, or why there can be none.
///
/// `localhost` and `invalid` never leave the machine: <https://www.rfc-editor.org/rfc/rfc6761#section-6.3>; nor does
/// `onion`: <https://www.rfc-editor.org/rfc/rfc7686#section-2>.
/// DEVIATION: IPv4 first, since servers of developers listen there more often; Chromium says IPv6 first.
pub(super) fn answer(host: &str) -> Option<Result<Vec<IpAddr>, DnsFailure>> {
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse() {
        return Some(Ok(vec![address]));
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    match name.rsplit('.').next() {
        Some("localhost") => Some(Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])),
        Some("invalid") => Some(Err(DnsFailure::no_address(host))),
        Some("onion") => Some(Err(DnsFailure::new(format!(
            "host {host} is reached through Tor only: give its proxy as socks5h://127.0.0.1:9050"
        )))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_by_hand() {
        let given_by_hand = |host: &str, port, address: &str| HostOverride {
            host: host.to_owned(),
            port,
            addresses: address.parse().into_iter().collect(),
        };
        let overrides = [
            given_by_hand("a.test", Some(80), "192.0.2.1"),
            given_by_hand("A.test", None, "192.0.2.2"),
            given_by_hand("gone.test", None, ""),
            given_by_hand("*", Some(81), "192.0.2.3"),
        ];
        for (host, port, address) in [
            ("a.test", 80, Some("192.0.2.1")),
            ("a.test", 443, Some("192.0.2.2")),
            ("gone.test", 81, Some("")),
            ("b.test", 81, Some("192.0.2.3")),
            ("b.test", 80, None),
        ] {
            let answer = given(&overrides, host, port);
            let told = answer.map(|a| a.map_or(String::new(), |found| found.addresses[0].to_string()));
            assert_eq!(told.as_deref(), address, "{host}:{port}");
        }
    }

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
            ("invalid", Some(0)),
            ("x.onion.", Some(0)),
            ("onions", None),
            ("notlocalhost", None),
            ("example.com", None),
        ] {
            let told = answer(host).map(|answer| answer.map_or(0, |addresses| addresses.len()));
            assert_eq!(told, addresses, "{host}");
        }
    }
}
