//! HTTP Strict Transport Security: RFC 6797, <https://www.rfc-editor.org/rfc/rfc6797>. Hosts that want https.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use url::{Host, Url};

use crate::limits::{MAX_HSTS_AGE, MAX_HSTS_HOSTS};

/// A host that is to be reached by https alone: RFC 6797, 5.3, "Known HSTS Host".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HstsHost {
    /// The host, as it stands in URLs.
    pub host: String,
    /// Whether it speaks for the hosts below it too.
    pub include_subdomains: bool,
    /// Until when.
    pub expires: SystemTime,
}

/// The known hosts of a client, behind a lock.
#[derive(Debug, Default)]
pub(crate) struct Hsts(Mutex<Store>);

#[derive(Debug, Default)]
struct Store(BTreeMap<String, Policy>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Policy {
    include_subdomains: bool,
    expires: SystemTime,
}

impl Hsts {
    /// The known hosts that `hosts` names, without those whose time is over.
    pub(crate) fn new(hosts: &[HstsHost], now: SystemTime) -> Self {
        let mut store = Store::default();
        for host in hosts {
            let policy = Policy { include_subdomains: host.include_subdomains, expires: host.expires };
            store.note(&host.host.to_ascii_lowercase(), policy, now);
        }
        Self(Mutex::new(store))
    }

    /// Where a request to `url` goes instead, if its host is known: 8.3, "URI Loading and Port Mapping".
    pub(crate) fn upgrade(&self, url: &Url, now: SystemTime) -> Option<Url> {
        let host = host(url).filter(|_| url.scheme() == "http")?;
        if !self.store().is_known(host, now) {
            return None;
        }
        let mut to = url.clone();
        // 2 and 3: port 80 is not written in an http URL, and 443 will not be in an https one; others stay.
        to.set_scheme("https").ok()?;
        Some(to)
    }

    /// Takes the first `Strict-Transport-Security` header of a response that came over an error-free secure
    /// connection: 8.1. What does not conform is ignored.
    pub(crate) fn receive(&self, url: &Url, value: &[u8], now: SystemTime) {
        let Some(host) = host(url).filter(|_| url.scheme() == "https") else { return };
        let Some((max_age, include_subdomains)) = parse(value) else { return };
        // A time of zero is over at once, which removes the host.
        let expires = now.checked_add(max_age.min(MAX_HSTS_AGE)).unwrap_or(now);
        self.store().note(host, Policy { include_subdomains, expires }, now);
    }

    /// All that are known, by name.
    pub(crate) fn all(&self, now: SystemTime) -> Vec<HstsHost> {
        let store = self.store();
        let known = store.0.iter().filter(|(_, policy)| policy.expires > now);
        known
            .map(|(host, policy)| HstsHost {
                host: host.clone(),
                include_subdomains: policy.include_subdomains,
                expires: policy.expires,
            })
            .collect()
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    fn note(&mut self, host: &str, policy: Policy, now: SystemTime) {
        if policy.expires <= now {
            self.0.remove(host);
            return;
        }
        self.0.insert(host.to_owned(), policy);
        if self.0.len() > MAX_HSTS_HOSTS {
            self.0.retain(|_, policy| policy.expires > now);
            // Still too many: the one that would be over first.
            if self.0.len() > MAX_HSTS_HOSTS
                && let Some(first) =
                    self.0.iter().min_by_key(|(_, policy)| policy.expires).map(|(host, _)| host)
            {
                let first = first.clone();
                self.0.remove(&first);
            }
        }
    }

    /// 8.2, "Known HSTS Host Domain Name Matching": itself, or one above it that speaks for it.
    fn is_known(&self, host: &str, now: SystemTime) -> bool {
        let mut name = host;
        loop {
            if let Some(policy) = self.0.get(name)
                && policy.expires > now
                && (name.len() == host.len() || policy.include_subdomains)
            {
                return true;
            }
            match name.split_once('.') {
                Some((_, above)) => name = above,
                None => return false,
            }
        }
    }
}

/// The host name that can be known: not an address (8.1.1) and, as in Chromium, not this machine.
fn host(url: &Url) -> Option<&str> {
    match url.host()? {
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            (name != "localhost" && !name.ends_with(".localhost")).then_some(name)
        }
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// 6.1: `max-age` and whether `includeSubDomains` is there. `None` when the header does not conform: no `max-age`, a
/// directive twice, something that is no directive.
fn parse(value: &[u8]) -> Option<(Duration, bool)> {
    let text = std::str::from_utf8(value).ok()?;
    let (mut max_age, mut include_subdomains) = (None, false);
    for directive in split_directives(text) {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (directive, None),
        };
        if name.is_empty() || !name.bytes().all(is_token) {
            return None;
        }
        if name.eq_ignore_ascii_case("max-age") {
            let value = value?;
            let digits =
                value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value).trim();
            if max_age.is_some() || digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            // More digits than fit are a long time.
            max_age = Some(Duration::from_secs(digits.parse().unwrap_or(u64::MAX)));
        } else if name.eq_ignore_ascii_case("includesubdomains") {
            if include_subdomains || value.is_some() {
                return None;
            }
            include_subdomains = true;
        }
    }
    Some((max_age?, include_subdomains))
}

/// What stands between semicolons that are not quoted, without the empty ones.
fn split_directives(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
    .map(str::trim)
    .filter(|directive| !directive.is_empty())
}

/// <https://httpwg.org/specs/rfc9110.html#tokens>
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    #[test]
    fn headers() {
        // From RFC 6797, 6.2, and what servers get wrong.
        for (value, expected) in [
            ("max-age=31536000", Some((31_536_000, false))),
            ("max-age=15768000 ; includeSubDomains", Some((15_768_000, true))),
            ("max-age=\"31536000\"", Some((31_536_000, false))),
            ("max-age=0", Some((0, false))),
            ("max-age=0; includeSubDomains", Some((0, true))),
            ("INCLUDESUBDOMAINS;;MAX-AGE = 5;", Some((5, true))),
            ("max-age=1; preload; what=\"a;b\"", Some((1, false))),
            ("max-age=99999999999999999999999", Some((u64::MAX, false))),
            ("", None),
            ("includeSubDomains", None),
            ("max-age", None),
            ("max-age=", None),
            ("max-age=-1", None),
            ("max-age=1e3", None),
            ("max-age=1; max-age=2", None),
            ("max-age=1; includeSubDomains; includesubdomains", None),
            ("max-age=1; includeSubDomains=1", None),
            ("max-age=1, max-age=2", None),
            ("max-age=1; a b", None),
        ] {
            let parsed = parse(value.as_bytes());
            assert_eq!(parsed.map(|(age, subdomains)| (age.as_secs(), subdomains)), expected, "{value}");
        }
    }

    #[test]
    fn upgrades() {
        let hsts = Hsts::default();
        hsts.receive(&url("https://a.test/"), b"max-age=10", NOW);
        hsts.receive(&url("https://deep.b.test/"), b"max-age=10; includeSubDomains", NOW);
        hsts.receive(&url("http://plain.test/"), b"max-age=10", NOW);
        hsts.receive(&url("https://127.0.0.1/"), b"max-age=10", NOW);
        hsts.receive(&url("https://[::1]/"), b"max-age=10", NOW);
        hsts.receive(&url("https://localhost/"), b"max-age=10", NOW);
        for (from, to) in [
            ("http://a.test/x?q#f", Some("https://a.test/x?q#f")),
            ("http://a.test:80/", Some("https://a.test/")),
            ("http://a.test:443/", Some("https://a.test/")),
            ("http://a.test:8080/", Some("https://a.test:8080/")),
            ("http://u:p@a.test/", Some("https://u:p@a.test/")),
            ("http://A.TEST./", Some("https://a.test./")),
            ("https://a.test/", None),
            ("http://x.a.test/", None),
            ("http://b.test/", None),
            ("http://deep.b.test/", Some("https://deep.b.test/")),
            ("http://x.y.deep.b.test/", Some("https://x.y.deep.b.test/")),
            ("http://notdeep.b.test/", None),
            ("http://plain.test/", None),
            ("http://127.0.0.1/", None),
            ("http://[::1]/", None),
            ("http://localhost/", None),
        ] {
            assert_eq!(hsts.upgrade(&url(from), NOW).as_ref().map(Url::as_str), to, "{from}");
        }
    }

    #[test]
    fn times_and_removal() {
        let hsts = Hsts::default();
        let known =
            |seconds: u64| hsts.upgrade(&url("http://a.test/"), NOW + Duration::from_secs(seconds)).is_some();
        hsts.receive(&url("https://a.test/"), b"max-age=10", NOW);
        assert!(known(9) && !known(10));
        hsts.receive(&url("https://a.test/"), b"max-age=20", NOW);
        assert!(known(19));
        hsts.receive(&url("https://a.test/"), b"nonsense", NOW);
        assert!(known(19), "what does not conform changes nothing");
        hsts.receive(&url("https://a.test/"), b"max-age=0", NOW);
        assert!(!known(0) && hsts.all(NOW).is_empty());
        hsts.receive(&url("https://a.test/"), b"max-age=99999999999", NOW);
        assert!(known(MAX_HSTS_AGE.as_secs() - 1) && !known(MAX_HSTS_AGE.as_secs()));
    }

    #[test]
    fn the_list_is_bounded_and_can_be_kept() {
        let hsts = Hsts::default();
        for i in 0..=MAX_HSTS_HOSTS {
            let age = format!("max-age={}", 10 + i);
            hsts.receive(&url(&format!("https://h{i}.test/")), age.as_bytes(), NOW);
        }
        let all = hsts.all(NOW);
        assert_eq!(all.len(), MAX_HSTS_HOSTS);
        assert!(hsts.upgrade(&url("http://h0.test/"), NOW).is_none(), "the one that is over first goes");
        assert_eq!(Hsts::new(&all, NOW).all(NOW), all);
        assert!(Hsts::new(&all, NOW + MAX_HSTS_AGE).all(NOW).is_empty());
    }
}
