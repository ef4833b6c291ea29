//! Which URLs can be trusted to be what their server sent: <https://w3c.github.io/webappsec-secure-contexts/>.

use std::net::IpAddr;

use url::{Host, Url};

/// <https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy>
pub(super) fn is_potentially_trustworthy(url: &Url) -> bool {
    match url.scheme() {
        "data" => true,
        // A blob URL is as good as the origin that made it.
        "blob" => {
            Url::parse(url.path()).is_ok_and(|inner| is_trustworthy_scheme(inner.scheme(), inner.host()))
        }
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        scheme => is_trustworthy_scheme(scheme, url.host()),
    }
}

fn is_trustworthy_scheme(scheme: &str, host: Option<Host<&str>>) -> bool {
    match scheme {
        "https" | "wss" | "file" => true,
        "http" | "ws" => host.is_some_and(is_loopback),
        _ => false,
    }
}

/// Addresses of this machine, and the names that can mean nothing else (RFC 6761 6.3).
fn is_loopback(host: Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => IpAddr::V4(address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(address).is_loopback(),
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (url, trusted) in [
            ("https://a.test/", true),
            ("http://a.test/", false),
            ("http://localhost:8080/", true),
            ("http://x.localhost./", true),
            ("http://localhost.test/", false),
            ("http://127.4.5.6/", true),
            ("http://[::1]/", true),
            ("http://192.168.0.1/", false),
            ("file:///etc/x", true),
            ("data:,x", true),
            ("about:blank", true),
            ("about:srcdoc", true),
            ("about:config", false),
            ("blob:https://a.test/x", true),
            ("blob:http://a.test/x", false),
            ("ftp://127.0.0.1/", false),
        ] {
            assert_eq!(is_potentially_trustworthy(&Url::parse(url).unwrap()), trusted, "{url}");
        }
    }
}
