//! Hosts that are reached without a proxy: `NO_PROXY` and `--noproxy`.

use std::net::IpAddr;

use url::{Host, Url};

/// A list of hosts. The default has none but loopback.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bypass {
    rules: Vec<Rule>,
    loopback: Loopback,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Hosts {
    All,
    /// Names without a dot.
    Plain,
    /// The name and everything below it.
    Domain(String),
    /// The addresses that begin with these bits.
    Net(IpAddr, u8),
}

/// What becomes of `localhost` and the addresses of the machine itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Loopback {
    /// They are reached directly: a proxy elsewhere would reach itself.
    #[default]
    Direct,
    Proxied,
}

impl Bypass {
    /// Reads a list as curl does: entries are separated by commas or spaces; `*` is every host; a name stands for
    /// itself and all below it, with or without a leading dot; an address may be followed by a prefix length
    /// (`10.0.0.0/8`). What makes no sense fits nothing.
    ///
    /// Beyond curl: `HOST:PORT` (as in Go and Chromium), `*.NAME`, and Chromium's `<local>` for names without a dot
    /// and `<-loopback>`, without which loopback is never proxied.
    pub fn parse(list: &str) -> Self {
        let mut bypass = Self::default();
        for entry in list.split([',', ';', ' ', '\t']).filter(|entry| !entry.is_empty()) {
            if entry.eq_ignore_ascii_case("<-loopback>") {
                bypass.loopback = Loopback::Proxied;
            } else {
                bypass.rules.extend(Rule::parse(entry));
            }
        }
        bypass
    }

    /// Whether the URL's host is on the list. True for URLs without a host.
    pub fn fits(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return true };
        (self.loopback == Loopback::Direct && is_loopback(&host))
            || self.rules.iter().any(|rule| rule.fits(&host, url.port_or_known_default()))
    }
}

impl Rule {
    fn parse(entry: &str) -> Option<Self> {
        if let Some(hosts) = Hosts::parse(entry) {
            return Some(Self { hosts, port: None });
        }
        let (host, port) = entry.rsplit_once(':')?;
        Some(Self { hosts: Hosts::parse(host)?, port: Some(port.parse().ok()?) })
    }

    fn fits(&self, host: &Host<&str>, port: Option<u16>) -> bool {
        if self.port.is_some() && self.port != port {
            return false;
        }
        match (&self.hosts, host) {
            (Hosts::All, _) => true,
            (Hosts::Plain, Host::Domain(name)) => !trimmed(name).contains('.'),
            (Hosts::Domain(domain), Host::Domain(name)) => {
                let above = trimmed(name).strip_suffix(domain.as_str());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            (Hosts::Net(net, bits), Host::Ipv4(address)) => in_net((*address).into(), *net, *bits),
            (Hosts::Net(net, bits), Host::Ipv6(address)) => in_net((*address).into(), *net, *bits),
            _ => false,
        }
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "*" => return Some(Self::All),
            "<local>" => return Some(Self::Plain),
            _ => {}
        }
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let address = address.strip_prefix('[').and_then(|a| a.strip_suffix(']')).unwrap_or(address);
        if let Ok(address) = address.parse::<IpAddr>() {
            let all = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.unwrap_or(all);
            return (bits <= all).then_some(Self::Net(address, bits));
        }
        let name = text.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(text);
        let name = trimmed(name.trim_start_matches('.')).to_lowercase();
        // As the URL standard writes it, so that names in other scripts can be compared.
        match Host::parse(&name) {
            Ok(Host::Domain(name)) if bits.is_none() => Some(Self::Domain(name)),
            _ => None,
        }
    }
}

fn trimmed(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = trimmed(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether the first `bits` of two addresses of one family are the same.
fn in_net(address: IpAddr, net: IpAddr, bits: u8) -> bool {
    let (all, a, b) = match (address, net) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (32, u128::from(a.to_bits()), u128::from(b.to_bits())),
        (IpAddr::V6(a), IpAddr::V6(b)) => (128, a.to_bits(), b.to_bits()),
        _ => return false,
    };
    (a ^ b).checked_shr(all - u32::from(bits)).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// <https://curl.se/docs/manpage.html#--noproxy>, `lib/noproxy.c` for what the page leaves open.
    #[test]
    fn table() {
        for (list, url, fits) in [
            ("", "http://a.test/", false),
            ("*", "http://a.test/", true),
            ("a.test", "http://a.test/", true),
            ("a.test", "http://A.TEST./", true),
            ("a.test.", "http://a.test/", true),
            ("A.Test", "http://a.test/", true),
            ("a.test", "http://x.a.test/", true),
            ("a.test", "http://xa.test/", false),
            (".a.test", "http://a.test/", true),
            (".a.test", "http://x.a.test/", true),
            ("*.a.test", "http://x.a.test/", true),
            ("x.a.test", "http://a.test/", false),
            ("b.test, a.test", "https://a.test/", true),
            ("b.test a.test", "https://a.test/", true),
            ("b.test,,a.test,", "https://a.test/", true),
            ("münchen.test", "http://xn--mnchen-3ya.test/", true),
            ("test", "http://a.test/", true),
            ("192.0.2.1", "http://192.0.2.1/", true),
            ("192.0.2.1", "http://192.0.2.10/", false),
            ("192.0.2.0/24", "http://192.0.2.10/", true),
            ("192.0.2.0/24", "http://192.0.3.10/", false),
            ("192.0.2.0/33", "http://192.0.2.10/", false),
            ("192.0.2.0/x", "http://192.0.2.10/", false),
            ("0.0.0.0/0", "http://192.0.2.10/", true),
            ("0.0.0.0/0", "http://a.test/", false),
            ("2001:db8::/32", "http://[2001:db8::1]/", true),
            ("[2001:db8::]/32", "http://[2001:db9::1]/", false),
            ("[2001:db8::1]", "http://[2001:db8::1]/", true),
            ("2001:db8::1", "http://[2001:db8::1]/", true),
            ("::/0", "http://192.0.2.1/", false),
            ("a.test:8080", "http://a.test:8080/", true),
            ("a.test:8080", "http://a.test/", false),
            ("a.test:80", "http://a.test/", true),
            ("a.test:443", "https://a.test/", true),
            ("192.0.2.1:81", "http://192.0.2.1:81/", true),
            ("[2001:db8::1]:81", "http://[2001:db8::1]:81/", true),
            ("*:81", "http://a.test:81/", true),
            ("<local>", "http://intranet/", true),
            ("<local>", "http://a.test/", false),
            ("", "http://localhost/", true),
            ("", "http://x.localhost/", true),
            ("", "http://127.0.0.9/", true),
            ("", "http://[::1]/", true),
            ("<-loopback>", "http://127.0.0.1/", false),
            ("<-loopback>,127.0.0.1", "http://127.0.0.1/", true),
            ("", "data:,x", true),
        ] {
            assert_eq!(Bypass::parse(list).fits(&Url::parse(url).unwrap()), fits, "`{list}` {url}");
        }
    }
}
