//! Which address to try first: destination address selection, <https://www.rfc-editor.org/rfc/rfc6724#section-6>.
//! Pure: what the routing table would use as our own address is an argument.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Sorts addresses so that those come first that are most likely to be reached well.
///
/// `source` says which address of ours would be used to reach one; `None` when there is no way.
///
/// Rules 1 (there is a way), 2 (same scope), 5 (same label), 6 (precedence), 8 (smaller scope) and 9 (longest common
/// prefix). DEVIATION: rule 9 for version 6 only, since it defeats the servers' own distribution over addresses of
/// version 4, which have no hierarchy; rules 3, 4 and 7 need to know our addresses' states, which sockets do not
/// tell. Rule 10: what is equal stays as it was.
pub(super) fn sort(addresses: &mut [IpAddr], source: impl Fn(IpAddr) -> Option<IpAddr>) {
    addresses.sort_by_cached_key(|address| {
        let (to, from) = (mapped(*address), source(*address).map(mapped));
        let scope = scope(to);
        let prefix = match (from, address) {
            (Some(from), IpAddr::V6(_)) => (from.to_bits() ^ to.to_bits()).leading_zeros().min(64),
            _ => 0,
        };
        (
            from.is_none(),
            from.is_none_or(|from| self::scope(from) != scope),
            from.is_none_or(|from| policy(from).label != policy(to).label),
            Reverse(policy(to).precedence),
            scope,
            Reverse(prefix),
        )
    });
}

/// Our own address on the way to `address`, as the routing table has it. No packet is sent.
pub(super) fn own_address(address: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    // The port does not matter, only that there is one.
    socket.connect(SocketAddr::new(address, 53)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// A row of the policy table: <https://www.rfc-editor.org/rfc/rfc6724#section-2.1>.
struct Policy {
    bits: u128,
    length: u32,
    precedence: u8,
    label: u8,
}

const fn row(bits: u128, length: u32, precedence: u8, label: u8) -> Policy {
    Policy { bits, length, precedence, label }
}

/// The default table, the longest prefixes first.
const POLICIES: [Policy; 9] = [
    row(1, 128, 50, 0),
    row(0xffff << 32, 96, 35, 4),
    row(0, 96, 1, 3),
    row(0x2001 << 112, 32, 5, 5),
    row(0x2002 << 112, 16, 30, 2),
    row(0x3ffe << 112, 16, 1, 12),
    row(0xfec0 << 112, 10, 1, 11),
    row(0xfc00 << 112, 7, 3, 13),
    row(0, 0, 40, 1),
];

fn policy(address: Ipv6Addr) -> &'static Policy {
    let fits = |policy: &&Policy| {
        (address.to_bits() ^ policy.bits).checked_shr(128 - policy.length).unwrap_or(0) == 0
    };
    POLICIES.iter().find(fits).unwrap_or(&POLICIES[8])
}

/// <https://www.rfc-editor.org/rfc/rfc6724#section-3>, by the numbers of multicast scopes.
fn scope(address: Ipv6Addr) -> u8 {
    let local = match address.to_ipv4_mapped() {
        Some(address) => address.is_loopback() || address.is_link_local(),
        None => address.is_loopback() || address.is_unicast_link_local(),
    };
    if local {
        2
    } else if address.to_bits() >> 118 == 0xfec0 >> 6 {
        5
    } else {
        14
    }
}

const fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(addresses: &str, sources: &[(&str, &str)]) -> String {
        let mut addresses: Vec<IpAddr> = addresses.split(' ').map(|a| a.parse().unwrap()).collect();
        sort(&mut addresses, |address| {
            let source = sources.iter().find(|(to, _)| *to == address.to_string())?;
            Some(source.1.parse().unwrap())
        });
        addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    /// The examples of <https://www.rfc-editor.org/rfc/rfc6724#section-10.2>, as far as their rules are followed.
    #[test]
    fn examples_of_the_rfc() {
        for (addresses, sources, order) in [
            (
                "198.51.100.121 2001:db8:1::1",
                &[("2001:db8:1::1", "2001:db8:1::2"), ("198.51.100.121", "169.254.13.78")][..],
                "2001:db8:1::1 198.51.100.121",
            ),
            (
                "2001:db8:1::1 198.51.100.121",
                &[("2001:db8:1::1", "fe80::1"), ("198.51.100.121", "198.51.100.117")],
                "198.51.100.121 2001:db8:1::1",
            ),
            (
                "10.1.2.3 2001:db8:1::1",
                &[("2001:db8:1::1", "2001:db8:1::2"), ("10.1.2.3", "10.1.2.4")],
                "2001:db8:1::1 10.1.2.3",
            ),
            (
                "2001:db8:1::1 fe80::1",
                &[("2001:db8:1::1", "2001:db8:1::2"), ("fe80::1", "fe80::2")],
                "fe80::1 2001:db8:1::1",
            ),
            (
                "2001:db8:3ffe::1 2001:db8:1::1",
                &[("2001:db8:1::1", "2001:db8:1::2"), ("2001:db8:3ffe::1", "2001:db8:1::2")],
                "2001:db8:1::1 2001:db8:3ffe::1",
            ),
            (
                "2002:c633:6401::1 2001:db8:1::1",
                &[("2001:db8:1::1", "2002:c633:6401::2"), ("2002:c633:6401::1", "2002:c633:6401::2")],
                "2002:c633:6401::1 2001:db8:1::1",
            ),
        ] {
            assert_eq!(sorted(addresses, sources), order);
        }
    }

    #[test]
    fn what_has_no_way_comes_last_and_equals_stay() {
        let v4 = [("192.0.2.9", "10.0.0.1"), ("192.0.2.1", "10.0.0.1")];
        assert_eq!(sorted("2001:db8::1 192.0.2.9 192.0.2.1", &v4), "192.0.2.9 192.0.2.1 2001:db8::1");
        assert_eq!(sorted("2001:db8::1 192.0.2.9", &[]), "2001:db8::1 192.0.2.9");
        // A unique local address before a global one only when ours is one too.
        let global = [("fd00::1", "2001:db8::2"), ("2001:db8::1", "2001:db8::2")];
        assert_eq!(sorted("fd00::1 2001:db8::1", &global), "2001:db8::1 fd00::1");
    }

    #[test]
    fn the_routing_table_is_asked() {
        assert_eq!(own_address([127, 0, 0, 1].into()), Some([127, 0, 0, 1].into()));
    }
}
