//! Where a cookie belongs: domains (RFC 6265bis, 5.1.3) and paths (5.1.4).

use std::net::Ipv4Addr;

/// Whether a host, canonical as a URL has it, is `domain` or below it. An address is only itself.
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain || (host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')) && !is_address(host))
}

/// As a URL serializes addresses.
pub(super) fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
}

/// The directory of a request's path.
pub(super) fn default_path(path: &str) -> &str {
    // Steps 2 to 4.
    match path.rfind('/') {
        Some(last) if path.starts_with('/') && last > 0 => &path[..last],
        _ => "/",
    }
}

/// Whether a request's path is the cookie's or below it.
pub(super) fn path_matches(request: &str, cookie: &str) -> bool {
    request
        .strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains() {
        for (host, domain, expected) in [
            ("a.test", "a.test", true),
            ("x.a.test", "a.test", true),
            ("xa.test", "a.test", false),
            ("a.test", "x.a.test", false),
            ("a.test", "", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "0.0.1", false),
            ("[::1]", "[::1]", true),
        ] {
            assert_eq!(domain_matches(host, domain), expected, "{host} {domain}");
        }
    }

    #[test]
    fn paths() {
        for (path, expected) in
            [("/", "/"), ("/a", "/"), ("/a/", "/a"), ("/a/b", "/a"), ("a/b", "/"), ("", "/")]
        {
            assert_eq!(default_path(path), expected, "{path}");
        }
        for (request, cookie, expected) in [
            ("/", "/", true),
            ("/a", "/", true),
            ("/a", "/a", true),
            ("/a/b", "/a", true),
            ("/ab", "/a", false),
            ("/a/b", "/a/", true),
            ("/a", "/a/", false),
            ("/A", "/a", false),
        ] {
            assert_eq!(path_matches(request, cookie), expected, "{request} {cookie}");
        }
    }
}
