//! Cookies as a person types them for a page: `a=1; b=2`.

use std::time::SystemTime;

use url::{Host, Url};

use super::Cookie;
use crate::limits::MAX_COOKIE_BYTES;
use crate::site::registrable_domain;

impl Cookie {
    /// The session cookies that `text` means (`NAME=VALUE`, several between semicolons), for all hosts of `page`'s
    /// site, that is of its registrable domain: a redirect to `www.` keeps them. For an https page they are `Secure`.
    /// Prefixes of names are kept: `__Host-` is for the page's host alone.
    ///
    /// # Errors
    /// What is wrong, in words that stand after a colon and do not hold a value.
    pub fn typed(text: &str, page: &Url, now: SystemTime) -> Result<Vec<Self>, String> {
        let scheme = page.scheme();
        let (Some(host), "http" | "https") = (page.host(), scheme) else {
            return Err(format!("a {scheme}: page has no cookies"));
        };
        let pairs = text.split(';').map(str::trim).filter(|pair| !pair.is_empty());
        let cookies: Vec<Self> =
            pairs.map(|pair| typed_one(pair, &host, scheme, now)).collect::<Result<_, _>>()?;
        if cookies.is_empty() { Err("expected NAME=VALUE".to_owned()) } else { Ok(cookies) }
    }
}

fn typed_one(pair: &str, host: &Host<&str>, scheme: &str, now: SystemTime) -> Result<Cookie, String> {
    let Some((name, value)) = pair.split_once('=').map(|(name, value)| (name.trim(), value.trim())) else {
        return Err("expected NAME=VALUE".to_owned());
    };
    if name.is_empty() {
        return Err("there is no name before the `=`".to_owned());
    }
    if pair.chars().any(char::is_control) {
        return Err(format!("there is a control character in `{}`", name.escape_debug()));
    }
    if name.len().saturating_add(value.len()) > MAX_COOKIE_BYTES {
        return Err(format!("`{name}` and its value are longer than {MAX_COOKIE_BYTES} bytes"));
    }
    let begins =
        |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let is_for_host = begins("__Host-");
    if (is_for_host || begins("__Secure-") || begins("__Http-")) && scheme != "https" {
        return Err(format!("`{name}` is a name for https pages"));
    }
    let site = match host {
        Host::Domain(name) if !is_for_host => registrable_domain(name),
        _ => None,
    };
    let domain = site.map_or_else(|| host.to_string(), str::to_owned);
    Ok(Cookie {
        host_only: site.is_none(),
        secure: scheme == "https",
        http_only: begins("__Http-") || begins("__Host-Http-"),
        ..Cookie::new(name.as_bytes(), value.as_bytes(), &domain, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed() {
        let typed = |text: &str, page: &str| {
            let cookies = Cookie::typed(text, &Url::parse(page).unwrap(), SystemTime::UNIX_EPOCH)?;
            let line = |cookie: &Cookie| {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let dot = if cookie.host_only { "" } else { "." };
                let secure = if cookie.secure { " secure" } else { "" };
                format!("{}={} {dot}{}{secure}", text(&cookie.name), text(&cookie.value), cookie.domain)
            };
            Ok::<_, String>(cookies.iter().map(line).collect::<Vec<_>>().join(", "))
        };
        for (text, page, expected) in [
            ("a=1", "https://www.a.test/x", Ok("a=1 .a.test secure")),
            ("a=1; b = 2=3;", "http://a.test:8080/", Ok("a=1 .a.test, b=2=3 .a.test")),
            ("a=", "http://127.0.0.1:1/", Ok("a= 127.0.0.1")),
            ("a=1", "http://[::1]/", Ok("a=1 [::1]")),
            ("a=1", "http://localhost/", Ok("a=1 localhost")),
            ("a=1", "https://x.github.io/", Ok("a=1 .x.github.io secure")),
            ("__Host-a=1", "https://www.a.test/", Ok("__Host-a=1 www.a.test secure")),
            ("__Secure-a=1", "http://www.a.test/", Err("`__Secure-a` is a name for https pages")),
            ("secret", "http://a.test/", Err("expected NAME=VALUE")),
            (" ; ", "http://a.test/", Err("expected NAME=VALUE")),
            ("=secret", "http://a.test/", Err("there is no name before the `=`")),
            ("a=\n", "http://a.test/", Ok("a= .a.test")),
            ("a=\u{1}b", "http://a.test/", Err("there is a control character in `a`")),
            ("a=1", "file:///x", Err("a file: page has no cookies")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(typed(text, page), expected, "{text} {page}");
        }
    }
}
