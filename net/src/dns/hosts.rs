//! The hosts file: hosts(5). Pure: its bytes are an argument.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::limits::MAX_DNS_ADDRESSES;

/// Names and their addresses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hosts(HashMap<String, Vec<IpAddr>>);

impl Hosts {
    /// Reads a hosts file. Lines that make no sense are passed over, as everywhere.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut hosts: HashMap<String, Vec<IpAddr>> = HashMap::new();
        for line in String::from_utf8_lossy(bytes).lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split_whitespace();
            // A scope (`fe80::1%lo0`) only matters for names of link-local addresses.
            let Some(Ok(address)) = words.next().map(str::parse::<IpAddr>) else { continue };
            for name in words {
                let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
                let addresses = hosts.entry(name).or_default();
                if addresses.len() < MAX_DNS_ADDRESSES && !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
        Self(hosts)
    }

    /// The addresses of a name in lower case without its last dot.
    pub(super) fn get(&self, name: &str) -> Option<&[IpAddr]> {
        self.0.get(name).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let file = b"# comment\n192.0.2.1 a.test A2.test. # more\n\n2001:db8::1\ta.test\n\xff\xfe x\n192.0.2.300 bad.test\n\
            192.0.2.1 a.test\r\nfe80::1%eth0 scoped.test\n192.0.2.9";
        let hosts = Hosts::parse(file);
        for (name, addresses) in [
            ("a.test", Some("192.0.2.1 2001:db8::1")),
            ("a2.test", Some("192.0.2.1")),
            ("bad.test", None),
            ("scoped.test", None),
            ("comment", None),
            ("x", None),
        ] {
            let told = hosts
                .get(name)
                .map(|found| found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
            assert_eq!(told.as_deref(), addresses, "{name}");
        }
        assert_eq!(Hosts::parse(b""), Hosts::default());
    }
}
