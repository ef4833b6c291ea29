//! Sites: registrable domains by the public suffix list, same-site comparisons, and the partition of the network.
//!
//! <https://html.spec.whatwg.org/multipage/browsers.html#sites>, <https://url.spec.whatwg.org/#host-registrable-domain>,
//! <https://fetch.spec.whatwg.org/#network-partition-keys>.

use std::net::IpAddr;

use url::{Host, Origin, Url};

use crate::request::{Request, RequestMode};

/// A schemeful site: <https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site>.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Site {
    /// Of an opaque origin (`data:`, a sandbox) and of `file:`. Same-site with nothing, itself included.
    Opaque,
    /// Of an origin with a host.
    Tuple {
        /// The scheme.
        scheme: String,
        /// The registrable domain where there is one, else the host as it is serialized.
        host: String,
    },
}

impl Site {
    /// The site of an origin.
    pub(crate) fn of(origin: &Origin) -> Self {
        let Origin::Tuple(scheme, host, _) = origin else { return Self::Opaque };
        let host = match host {
            Host::Domain(name) => registrable_domain(name).unwrap_or(name).to_owned(),
            Host::Ipv4(_) | Host::Ipv6(_) => host.to_string(),
        };
        Self::Tuple { scheme: scheme.clone(), host }
    }

    /// The site of a URL's origin.
    pub(crate) fn of_url(url: &Url) -> Self {
        Self::of(&url.origin())
    }

    /// <https://html.spec.whatwg.org/multipage/browsers.html#same-site>, which compares schemes too.
    pub(crate) fn is_same_site(&self, other: &Self) -> bool {
        *self != Self::Opaque && self == other
    }

    /// <https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site>
    pub(crate) fn is_schemelessly_same_site(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tuple { host: a, .. }, Self::Tuple { host: b, .. }) => a == b,
            _ => false,
        }
    }
}

impl std::fmt::Display for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Opaque => f.write_str("opaque"),
            Self::Tuple { scheme, host } => write!(f, "{scheme}://{host}"),
        }
    }
}

/// Which part of caches and cookies (and, with caution, of connections) a request belongs to:
/// <https://fetch.spec.whatwg.org/#network-partition-keys>.
///
/// The second key, which the standard leaves to us, is Chromium's cross-site bit. Its `Display` is stable and
/// without blanks but for the one before the bit: `https://a.test`, `https://a.test cross-site`.
///
/// DEVIATION: all opaque top-level documents (`file:`, `data:`) share one partition. In a browser each has its own;
/// here a load from a local file may reuse what an earlier one stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NetworkPartitionKey {
    /// The site of the top-level document.
    pub(crate) top_level: Site,
    /// Whether the document that asks, or one between it and the top, is of another site.
    pub(crate) ancestors: Ancestors,
}

/// What Chromium calls the ancestor chain bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Ancestors {
    /// Every document from the top one to the one that asks is of one site.
    SameSite,
    /// At least one is of another site.
    CrossSite,
}

impl NetworkPartitionKey {
    /// <https://fetch.spec.whatwg.org/#request-determine-the-network-partition-key>. `request.url` is the hop's URL: a
    /// navigation belongs to the document that it will make.
    pub(crate) fn of(request: &Request) -> Self {
        if request.documents.is_empty() {
            return Self { top_level: Site::of_url(&request.url), ancestors: Ancestors::SameSite };
        }
        let mut sites: Vec<Site> = request.documents.iter().map(Site::of).collect();
        if request.mode == RequestMode::Navigate {
            sites.push(Site::of_url(&request.url));
        }
        let top_level = sites[0].clone();
        let ancestors = ancestors(&sites);
        Self { top_level, ancestors }
    }
}

impl std::fmt::Display for NetworkPartitionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.ancestors {
            Ancestors::SameSite => write!(f, "{}", self.top_level),
            Ancestors::CrossSite => write!(f, "{} cross-site", self.top_level),
        }
    }
}

/// Whether all `sites`, the top-level one first, are one. A single one is with itself, opaque or not.
fn ancestors(sites: &[Site]) -> Ancestors {
    let same =
        sites.split_first().is_none_or(|(top, others)| others.iter().all(|site| site.is_same_site(top)));
    if same { Ancestors::SameSite } else { Ancestors::CrossSite }
}

/// The "site for cookies" of RFC 6265bis, section 5.2.1: whose first party the request is. `None` when the documents
/// around it are of several sites: then nothing is same-site. A top-level navigation is its own first party.
pub(crate) fn site_for_cookies(request: &Request) -> Option<Site> {
    let sites: Vec<Site> = request.documents.iter().map(Site::of).collect();
    match sites.first() {
        None => Some(Site::of_url(&request.url)),
        Some(Site::Opaque) => None,
        Some(top) => (ancestors(&sites) == Ancestors::SameSite).then(|| top.clone()),
    }
}

/// The registrable domain of a host name as the URL standard serializes it (lower case, punycode): its public suffix
/// and one label more. `None` for a public suffix itself and for addresses. A trailing dot is kept.
///
/// <https://url.spec.whatwg.org/#host-registrable-domain>
pub(crate) fn registrable_domain(host: &str) -> Option<&str> {
    if is_address(host) {
        return None;
    }
    let domain = psl::domain(host.as_bytes())?;
    std::str::from_utf8(domain.as_bytes()).ok()
}

/// Whether a host name is a public suffix, by the list's rules and its default rule `*` for unknown top-level domains.
///
/// <https://url.spec.whatwg.org/#host-public-suffix>
pub(crate) fn is_public_suffix(host: &str) -> bool {
    !is_address(host) && psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix == host)
}

fn is_address(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::id::FetchId;
    use crate::request::{Destination, Initiator};

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn registrable_domains() {
        // From the URL standard's table, and the list's private section.
        for (host, domain, suffix) in [
            ("com", None, true),
            ("example.com", Some("example.com"), false),
            ("www.example.com", Some("example.com"), false),
            ("sub.www.example.com", Some("example.com"), false),
            ("example.com.", Some("example.com."), false),
            ("github.io", None, true),
            ("whatwg.github.io", Some("whatwg.github.io"), false),
            ("xn--kgbechtv", None, true),
            ("example.xn--kgbechtv", Some("example.xn--kgbechtv"), false),
            ("www.ck", Some("www.ck"), false),
            ("a.b.ck", Some("a.b.ck"), false),
            ("b.ck", None, true),
            ("localhost", None, true),
            ("a.localhost", Some("a.localhost"), false),
            ("127.0.0.1", None, false),
            ("[::1]", None, false),
        ] {
            assert_eq!(registrable_domain(host), domain, "{host}");
            assert_eq!(is_public_suffix(host), suffix, "{host}");
        }
    }

    #[test]
    fn same_site() {
        for (a, b, same, schemeless) in [
            ("https://a.example.com/", "https://example.com:8443/x", true, true),
            ("http://example.com/", "https://example.com/", false, true),
            ("https://a.github.io/", "https://b.github.io/", false, false),
            ("http://127.0.0.1:1/", "http://127.0.0.1:2/", true, true),
            ("http://127.0.0.1/", "http://127.0.0.2/", false, false),
            ("http://localhost:1/", "http://localhost:2/", true, true),
            ("http://[::1]/", "http://[::1]:8/", true, true),
            ("https://com/", "https://com/", true, true),
            ("data:,x", "data:,x", false, false),
            ("file:///a", "file:///a", false, false),
        ] {
            let (a_site, b_site) = (Site::of_url(&url(a)), Site::of_url(&url(b)));
            assert_eq!(a_site.is_same_site(&b_site), same, "{a} {b}");
            assert_eq!(a_site.is_schemelessly_same_site(&b_site), schemeless, "{a} {b}");
        }
    }

    #[test]
    fn partitions_and_first_parties() {
        // The documents around the request, its URL and mode; the partition, and the site for cookies.
        for (documents, to, mode, key, first_party) in [
            (&[][..], "https://x.a.test/", RequestMode::Navigate, "https://a.test", Some("https://a.test")),
            (
                &["https://a.test/"],
                "https://b.test/i",
                RequestMode::NoCors,
                "https://a.test",
                Some("https://a.test"),
            ),
            (
                &["https://a.test/"],
                "https://b.test/frame",
                RequestMode::Navigate,
                "https://a.test cross-site",
                Some("https://a.test"),
            ),
            (
                &["https://a.test/", "https://x.a.test/"],
                "https://b.test/i",
                RequestMode::NoCors,
                "https://a.test",
                Some("https://a.test"),
            ),
            (
                &["https://a.test/", "https://b.test/"],
                "https://a.test/i",
                RequestMode::NoCors,
                "https://a.test cross-site",
                None,
            ),
            // A same-site frame within a cross-site one is cross-site.
            (
                &["https://a.test/", "https://b.test/", "https://a.test/"],
                "https://a.test/i",
                RequestMode::NoCors,
                "https://a.test cross-site",
                None,
            ),
            (
                &["http://a.test/"],
                "https://a.test/i",
                RequestMode::NoCors,
                "http://a.test",
                Some("http://a.test"),
            ),
            (&["file:///page.html"], "https://a.test/i", RequestMode::NoCors, "opaque", None),
        ] {
            let mut request = Request::subresource(
                FetchId(1),
                url(to),
                Destination::Image,
                Initiator { kind: crate::request::InitiatorKind::Parser, url: None, fetch: None },
            );
            request.mode = mode;
            request.documents = documents.iter().map(|document| url(document).origin()).collect::<Arc<[_]>>();
            assert_eq!(NetworkPartitionKey::of(&request).to_string(), key, "{documents:?} {to}");
            let site = site_for_cookies(&request).map(|site| site.to_string());
            assert_eq!(site.as_deref(), first_party, "{documents:?} {to}");
        }
    }
}
