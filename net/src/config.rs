//! What a client can be told: identity, resolver, trust, deadlines, limits, clock.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::clock::{Clock, MonotonicClock};
use crate::cookie::Cookie;
use crate::hsts::HstsHost;
use crate::limits;
use crate::login::Login;
use crate::proxy::ProxyConfig;

/// The configuration of a [`crate::Client`]. `ClientConfig::default()` behaves as a browser does.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The languages that the user reads, best first, as `Accept-Language` has them; see [`language_header`].
    pub accept_language: String,
    /// Headers that go with every request over HTTP; they replace the client's own of the same name.
    pub extra_headers: Vec<(HeaderName, HeaderValue)>,
    /// Who answers host names.
    pub resolver: ResolverChoice,
    /// Hosts whose addresses are not asked for (as curl's `--resolve`). The first that fits holds.
    pub overrides: Vec<HostOverride>,
    /// Which connections go through a proxy. The client itself reads no environment.
    pub proxies: ProxyConfig,
    /// Where responses are kept for later use.
    pub cache: CacheChoice,
    /// Whether there are cookies, and which to begin with.
    pub cookies: CookieChoice,
    /// Hosts that are known to want https, from an earlier client ([`crate::Client::hsts`]).
    pub hsts: Vec<HstsHost>,
    /// User names and passwords for servers that ask for them. The first that fits is used.
    pub logins: Vec<Login>,
    /// Take any certificate. For tests and machines behind an intercepting proxy only.
    pub accept_invalid_certs: bool,
    /// Certificate authorities trusted beside the platform's, in PEM.
    pub extra_ca_pem: Vec<Vec<u8>>,
    /// Where the platform's certificate authorities are read from, when the first `https:` URL is fetched.
    pub roots: RootsChoice,
    /// A file to which the secrets of TLS sessions are appended, in the format of `SSLKEYLOGFILE`: whoever has
    /// it can read what was sent.
    pub key_log: Option<PathBuf>,
    /// Which requests are held back for others.
    pub schedule: ScheduleProfile,
    /// Deadlines of the single steps.
    pub timeouts: Timeouts,
    /// Decoded bytes of one body at most; a larger one fails with [`crate::ErrorKind::TooLarge`].
    pub max_body_bytes: u64,
    /// Where event timestamps and cache ages come from.
    pub clock: Arc<dyn Clock>,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            user_agent: default_user_agent(),
            accept_language: language_header("en-US,en"),
            extra_headers: Vec::new(),
            resolver: ResolverChoice::default(),
            overrides: Vec::new(),
            proxies: ProxyConfig::default(),
            cache: CacheChoice::Memory,
            cookies: CookieChoice::default(),
            hsts: Vec::new(),
            logins: Vec::new(),
            accept_invalid_certs: false,
            extra_ca_pem: Vec::new(),
            roots: RootsChoice::Platform,
            key_log: None,
            schedule: ScheduleProfile::default(),
            timeouts: Timeouts::default(),
            max_body_bytes: limits::MAX_BODY_BYTES,
            clock: Arc::new(MonotonicClock::new()),
        }
    }
}

/// Who answers host names. Addresses and `localhost` are never asked of anyone.
#[derive(Debug, Clone, Default)]
pub enum ResolverChoice {
    /// Our own resolver with the machine's name servers, wherever it would find what the operating system
    /// finds: there is a `resolv.conf` that names servers, and `nsswitch.conf` asks nobody but `files` and `dns` for
    /// hosts. Otherwise the operating system's.
    #[default]
    Auto,
    /// The operating system (`getaddrinfo`).
    System,
    /// Our own resolver: the hosts file, then name servers over UDP and TCP.
    Dns(DnsSetup),
    /// This table and nothing else: names that are not in it have no address.
    Fixed(BTreeMap<String, Vec<IpAddr>>),
}

/// What our own resolver goes by.
#[derive(Debug, Clone, Default)]
pub struct DnsSetup {
    /// Whom to ask, in this order; empty for the servers of `resolv.conf`.
    pub servers: Vec<SocketAddr>,
    /// The machine's configuration. A file that cannot be read counts as empty.
    pub files: DnsFiles,
}

/// The files in which a machine says how names are resolved. They are read before the first lookup.
#[derive(Debug, Clone)]
pub struct DnsFiles {
    /// Servers, search domains and options.
    pub resolv_conf: PathBuf,
    /// Names that are known without asking.
    pub hosts: PathBuf,
    /// Who is to be asked at all.
    pub nsswitch: PathBuf,
}

impl Default for DnsFiles {
    fn default() -> Self {
        let hosts = if cfg!(windows) { r"C:\Windows\System32\drivers\etc\hosts" } else { "/etc/hosts" };
        Self {
            resolv_conf: "/etc/resolv.conf".into(),
            hosts: hosts.into(),
            nsswitch: "/etc/nsswitch.conf".into(),
        }
    }
}

/// The addresses of a host, given by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostOverride {
    /// The host as it stands in URLs; `*` for every host.
    pub host: String,
    /// Only for connections to this port.
    pub port: Option<u16>,
    /// Its addresses; none says that there is no such host.
    pub addresses: Vec<IpAddr>,
}

/// Where responses are kept for later use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CacheChoice {
    /// In memory, for as long as the client lives.
    #[default]
    Memory,
    /// In memory, and in the files of a folder that outlives the client. Several clients and processes may share it.
    /// What cannot be read or written there is as if it were not stored.
    Disk {
        /// The folder. It is made when it is not there.
        dir: PathBuf,
        /// Bytes of all files together, at most; a single response may take an eighth.
        max_bytes: u64,
    },
    /// Nowhere: every request goes to the network.
    Off,
}

/// Whether there are cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CookieChoice {
    /// For as long as the client lives, beginning with these. [`crate::Client::cookies`] gives them back.
    Memory(Vec<Cookie>),
    /// None are sent, none are taken.
    Off,
}

impl Default for CookieChoice {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

/// Which certificate authorities are trusted, beside [`ClientConfig::extra_ca_pem`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RootsChoice {
    /// The platform's; Mozilla's where the platform has none. (On Linux that library looks at `SSL_CERT_FILE`
    /// and `SSL_CERT_DIR` itself.)
    #[default]
    Platform,
    /// These instead: what `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
    Files {
        /// Certificates in PEM.
        file: Option<PathBuf>,
        /// Folders of such files, named by their hashes.
        dirs: Vec<PathBuf>,
    },
    /// None at all.
    Nobody,
}

/// Which requests are held back for others. In each profile an HTTP/1 origin has six requests under way at most, and
/// of an `https:` origin that is not known the first one goes alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ScheduleProfile {
    /// As Chromium's `ResourceScheduler`: what is less urgent waits while what the first paint needs is under way.
    #[default]
    Chromium,
    /// None: only the number of connections bounds what is under way, and priority orders what waits for them.
    Connections,
}

impl CacheChoice {
    /// A folder of the usual size: 256 MiB.
    pub fn disk(dir: impl Into<PathBuf>) -> Self {
        Self::Disk { dir: dir.into(), max_bytes: limits::DISK_CACHE_BYTES }
    }
}

/// How long each step of a fetch may take. A step that takes longer fails with
/// [`crate::ErrorKind::Timeout`] and its phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Asking for the host's addresses.
    pub dns: Duration,
    /// The TCP handshake, all addresses together.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// From the request (or the last piece of its body) to the response's head.
    pub first_byte: Duration,
    /// Between two pieces of the body.
    pub idle: Duration,
    /// The whole fetch with its redirects, from the request to the body's last byte. `None`: no limit but
    /// those of the steps, as in browsers.
    pub whole: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            dns: Duration::from_secs(10),
            connect: Duration::from_secs(15),
            tls: Duration::from_secs(15),
            first_byte: Duration::from_secs(60),
            idle: Duration::from_secs(30),
            whole: None,
        }
    }
}

/// `Accept-Language` for a list of languages, best first: each one is worth a tenth less than the one before it, as
/// Chromium has it. A list with qualities of its own stays as it is.
pub fn language_header(languages: &str) -> String {
    if languages.contains(';') {
        return languages.trim().to_owned();
    }
    let languages = languages.split(',').map(str::trim).filter(|language| !language.is_empty());
    let weighed = languages.enumerate().map(|(n, language)| match n {
        0 => language.to_owned(),
        n => format!("{language};q=0.{}", 10_usize.saturating_sub(n).max(1)),
    });
    weighed.collect::<Vec<_>>().join(",")
}

fn default_user_agent() -> String {
    let platform = if cfg!(target_os = "macos") {
        "Macintosh; Intel Mac OS X 10_15_7"
    } else if cfg!(windows) {
        "Windows NT 10.0; Win64; x64"
    } else {
        "X11; Linux x86_64"
    };
    format!("Mozilla/5.0 ({platform}) Siskin/{}", env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        for (list, expected) in [
            ("en-US,en", "en-US,en;q=0.9"),
            ("de-DE, de ,en,", "de-DE,de;q=0.9,en;q=0.8"),
            ("fr;q=0.5, *;q=0.1", "fr;q=0.5, *;q=0.1"),
            (
                "a,b,c,d,e,f,g,h,i,j,k,l",
                "a,b;q=0.9,c;q=0.8,d;q=0.7,e;q=0.6,f;q=0.5,g;q=0.4,h;q=0.3,i;q=0.2,j;q=0.1,k;q=0.1,l;q=0.1",
            ),
            ("", ""),
        ] {
            assert_eq!(language_header(list), expected);
        }
    }
}
