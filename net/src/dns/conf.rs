//! `resolv.conf` and `nsswitch.conf`: whom to ask, and whether asking them is all that the machine does. Pure: the
//! files' bytes are arguments.

use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::time::Duration;

use crate::limits::{MAX_DNS_ROUNDS, MAX_DNS_SERVERS, MAX_DNS_TIMEOUT, MAX_SEARCH_DOMAINS};

/// Where name servers listen.
pub(super) const DNS_PORT: u16 = 53;

/// What resolv.conf(5) says, as far as it is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conf {
    pub(super) servers: Vec<SocketAddr>,
    pub(super) search: Vec<String>,
    /// A name with as many dots is asked for as it stands first.
    pub(super) ndots: usize,
    /// How long the first try waits for an answer; later ones wait longer.
    pub(super) timeout: Duration,
    /// How often the list of servers is gone through.
    pub(super) rounds: usize,
    pub(super) rotate: bool,
    /// `use-vc`: always over TCP.
    pub(super) tcp_only: bool,
    /// `no-aaaa`
    pub(super) ipv4_only: bool,
}

impl Default for Conf {
    /// DEVIATION from resolv.conf(5), whose defaults are 5 s and two rounds: as Chromium, the first try waits one
    /// second and each round twice as long as the one before.
    fn default() -> Self {
        Self {
            servers: Vec::new(),
            search: Vec::new(),
            ndots: 1,
            timeout: Duration::from_secs(1),
            rounds: 3,
            rotate: false,
            tcp_only: false,
            ipv4_only: false,
        }
    }
}

impl Conf {
    /// Reads `resolv.conf`. What makes no sense or is not known is passed over.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut conf = Self::default();
        for line in String::from_utf8_lossy(bytes).lines() {
            let line = line.split(['#', ';']).next().unwrap_or_default();
            let mut words = line.split_whitespace();
            match words.next() {
                Some("nameserver") if conf.servers.len() < MAX_DNS_SERVERS => {
                    conf.servers.extend(words.next().and_then(server));
                }
                // The last of these lines holds.
                Some("search" | "domain") => {
                    conf.search = words
                        .take(MAX_SEARCH_DOMAINS)
                        .map(|domain| domain.trim_end_matches('.').to_ascii_lowercase())
                        .collect();
                }
                Some("options") => words.for_each(|option| conf.option(option)),
                _ => {}
            }
        }
        conf
    }

    fn option(&mut self, option: &str) {
        let (name, value) = option.split_once(':').unwrap_or((option, ""));
        match (name, value.parse::<u32>()) {
            ("ndots", Ok(value)) => self.ndots = value.min(15) as usize,
            ("timeout", Ok(value)) => {
                self.timeout =
                    Duration::from_secs(value.into()).clamp(Duration::from_secs(1), MAX_DNS_TIMEOUT);
            }
            ("attempts", Ok(value)) => self.rounds = (value as usize).clamp(1, MAX_DNS_ROUNDS),
            ("rotate", _) => self.rotate = true,
            ("use-vc", _) => self.tcp_only = true,
            ("no-aaaa", _) => self.ipv4_only = true,
            _ => {}
        }
    }
}

/// An address of a name server. A scope has to be a number: names of interfaces are the system's to know.
fn server(text: &str) -> Option<SocketAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(SocketAddr::new(address, DNS_PORT));
    }
    let (address, scope) = text.split_once('%')?;
    let address: Ipv6Addr = address.parse().ok()?;
    Some(SocketAddrV6::new(address, DNS_PORT, 0, scope.parse().ok()?).into())
}

/// Which names the machine finds in other ways than we do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SystemNames {
    /// None: it looks into the hosts file and asks name servers.
    None,
    /// Those of the local network (`.local`), and those without a dot.
    Local,
    /// Any name may be one.
    All,
}

impl SystemNames {
    /// Whether the system is to be asked for `name`.
    pub(super) fn contain(self, name: &str) -> bool {
        match self {
            Self::None => false,
            Self::Local => !name.contains('.') || name == "local" || name.ends_with(".local"),
            Self::All => true,
        }
    }
}

/// Reads the `hosts:` line of nsswitch.conf(5) together with the servers of `resolv.conf`.
///
/// Our own resolver is to find what the system's finds, for it is the default:
/// - `files` and `dns`: the same;
/// - `mdns*`, `myhostname`, `mymachines`: names of the local network, single-label names: those are the system's;
/// - `resolve` (systemd-resolved): the same where `resolv.conf` points to its stub on loopback; it knows servers
///   of single links otherwise;
/// - anything else (`nis`, `ldap`, `wins`, …), or no `dns` at all: the system's.
pub(super) fn system_names(nsswitch: Option<&[u8]>, conf: &Conf) -> SystemNames {
    // Elsewhere `resolv.conf` is not what the system goes by, or is not there.
    if conf.servers.is_empty() || cfg!(any(target_vendor = "apple", windows)) {
        return SystemNames::All;
    }
    let Some(nsswitch) = nsswitch else { return SystemNames::None };
    let text = String::from_utf8_lossy(nsswitch);
    let Some(line) = text.lines().find_map(|line| line.trim_start().strip_prefix("hosts:")) else {
        return SystemNames::None;
    };
    let line = line.split('#').next().unwrap_or_default();
    let stub = conf.servers.iter().all(|server| server.ip().is_loopback());
    let (mut names, mut in_action, mut asks_dns) = (SystemNames::None, false, false);
    for word in line.split_whitespace() {
        // `[NOTFOUND=return]`, possibly with spaces.
        if in_action || word.starts_with('[') {
            in_action = !word.ends_with(']');
            continue;
        }
        match word {
            "files" => {}
            "dns" => asks_dns = true,
            "resolve" if stub => {
                asks_dns = true;
                names = SystemNames::Local;
            }
            "myhostname" | "mymachines" => names = SystemNames::Local,
            mdns if mdns.starts_with("mdns") => names = SystemNames::Local,
            _ => return SystemNames::All,
        }
    }
    if asks_dns { names } else { SystemNames::All }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolv_conf() {
        let file = b"# by hand\nnameserver 192.0.2.53\nnameserver 2001:db8::53 ; second\nnameserver fe80::1%3\n\
            nameserver fe80::1%eth0\nnameserver nonsense\nsearch One.test. two.test\noptions ndots:2 timeout:4 attempts:9 \
            rotate edns0 use-vc no-aaaa ndots:x\nsortlist 1.2.3.4\n\xff";
        let conf = Conf::parse(file);
        let servers: Vec<String> = conf.servers.iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["192.0.2.53:53", "[2001:db8::53]:53", "[fe80::1%3]:53"]);
        assert_eq!(conf.search, ["one.test", "two.test"]);
        assert_eq!((conf.ndots, conf.timeout, conf.rounds), (2, Duration::from_secs(4), MAX_DNS_ROUNDS));
        assert!(conf.rotate && conf.tcp_only && conf.ipv4_only);
        assert_eq!(Conf::parse(b""), Conf::default());
        assert_eq!(Conf::parse(b"domain a.test\nsearch b.test c.test").search, ["b.test", "c.test"]);
        assert_eq!(Conf::parse(b"options ndots:99 timeout:0").ndots, 15);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn whose_names() {
        let far = Conf::parse(b"nameserver 192.0.2.53");
        let stub = Conf::parse(b"nameserver 127.0.0.53");
        for (line, conf, names) in [
            ("hosts: files dns", &far, SystemNames::None),
            ("hosts:\tfiles dns # x", &far, SystemNames::None),
            ("passwd: files", &far, SystemNames::None),
            ("hosts: files mdns4_minimal [NOTFOUND=return] dns", &far, SystemNames::Local),
            ("hosts: files mdns [ NOTFOUND = return ] dns", &far, SystemNames::Local),
            ("hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns", &stub, SystemNames::Local),
            ("hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns", &far, SystemNames::All),
            ("hosts: files", &far, SystemNames::All),
            ("hosts: files nis dns", &far, SystemNames::All),
            ("hosts: files dns", &Conf::default(), SystemNames::All),
        ] {
            assert_eq!(system_names(Some(line.as_bytes()), conf), names, "{line}");
        }
        assert_eq!(system_names(None, &far), SystemNames::None);
        assert!(SystemNames::Local.contain("printer.local") && SystemNames::Local.contain("printer"));
        assert!(!SystemNames::Local.contain("a.test") && SystemNames::All.contain("a.test"));
    }
}
