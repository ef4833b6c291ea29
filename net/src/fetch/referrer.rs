//! The `Referer` header: <https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer>.

use std::net::IpAddr;

use url::{Host, Url};

use crate::request::Referrer;

/// What `Referer` says in a request to `url`.
///
/// TODO(determine request's referrer, step 2): policies other than the default; none is parsed yet.
pub(super) fn header(referrer: &Referrer, url: &Url) -> Option<String> {
    let Referrer::Url(source) = referrer else { return None };
    strict_origin_when_cross_origin(source, url)
}

/// Step 8, policy `strict-origin-when-cross-origin`: the whole URL within an origin, the origin alone to
/// another one, nothing from a secure page to an insecure URL.
fn strict_origin_when_cross_origin(source: &Url, url: &Url) -> Option<String> {
    // "Strip url for use as a referrer", step 2: only http(s) URLs are told.
    if !matches!(source.scheme(), "http" | "https") {
        return None;
    }
    if source.origin() == url.origin() {
        return Some(stripped(source));
    }
    if is_potentially_trustworthy(source) && !is_potentially_trustworthy(url) {
        return None;
    }
    Some(format!("{}/", source.origin().ascii_serialization()))
}

/// Steps 3 to 5: without user name, password and fragment.
fn stripped(source: &Url) -> String {
    let mut url = source.clone();
    url.set_fragment(None);
    // Both can only fail for URLs without a host.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}

/// <https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy>
pub(super) fn is_potentially_trustworthy(url: &Url) -> bool {
    match url.scheme() {
        "https" | "data" | "file" => true,
        "http" => match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
            Some(Host::Domain(name)) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                name == "localhost" || name.ends_with(".localhost")
            }
            None => false,
        },
        _ => url.as_str() == "about:blank",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (from, to, expected) in [
            ("https://a.test/p?q#f", "https://a.test/x", Some("https://a.test/p?q")),
            ("https://u:p@a.test/p", "https://a.test/x", Some("https://a.test/p")),
            ("https://a.test/p", "https://b.test/x", Some("https://a.test/")),
            ("https://a.test/p", "http://a.test/x", None),
            ("http://a.test/p", "https://a.test/x", Some("http://a.test/")),
            ("https://a.test:8443/p", "https://a.test/x", Some("https://a.test:8443/")),
            ("https://a.test/p", "http://127.0.0.1/x", Some("https://a.test/")),
            ("file:///etc/p", "https://a.test/", None),
            ("data:,x", "https://a.test/", None),
        ] {
            let referrer = Referrer::Url(Url::parse(from).unwrap());
            assert_eq!(header(&referrer, &Url::parse(to).unwrap()).as_deref(), expected, "{from} to {to}");
        }
    }
}
