//! One proxy: how it is spoken to, where it is, who we are to it.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::Url;

/// A proxy. [`fmt::Display`] is its URL without credentials, and so is fit for logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyServer {
    /// What is spoken with it.
    pub kind: ProxyKind,
    /// Its name or address as it stands in URLs (`[::1]`).
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who we are to it.
    pub auth: Option<ProxyAuth>,
}

/// What is spoken with a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProxyKind {
    /// HTTP: absolute URLs for `http:`, `CONNECT` for `https:`.
    Http,
    /// SOCKS 5 with addresses: names are resolved here.
    Socks5,
    /// SOCKS 5 with names: the proxy resolves them.
    Socks5h,
}

/// A user name and a password. [`fmt::Debug`] does not tell the password.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyAuth {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl ProxyServer {
    /// Reads `[SCHEME://][USER:PASSWORD@]HOST[:PORT]`: the schemes are `http` (taken when there is none), `socks5`,
    /// and `socks5h` or `socks`. User and password may be percent-encoded.
    ///
    /// DEVIATION from curl: the port of an HTTP proxy is 80 unless it is written, as in any other URL; curl has 1080.
    ///
    /// # Errors
    /// What is wrong with it, in words that stand after a colon. They never hold the password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let kind = match scheme.to_ascii_lowercase().as_str() {
            "http" => ProxyKind::Http,
            "socks5" => ProxyKind::Socks5,
            "socks5h" | "socks" => ProxyKind::Socks5h,
            other => {
                return Err(format!("proxies of scheme `{other}` are not known (http, socks5, socks5h)"));
            }
        };
        // The URL standard reads hosts only for schemes that it knows.
        let url = Url::parse(&format!("http://{rest}"))
            .map_err(|error| format!("not the URL of a proxy: {error}"))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let port = match (url.port(), kind) {
            (Some(port), _) => port,
            (None, ProxyKind::Http) => 80,
            (None, _) if authority.ends_with(":80") => 80,
            (None, _) => 1080,
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let auth = (!url.username().is_empty() || url.password().is_some()).then(|| ProxyAuth {
            user: decoded(url.username()),
            password: decoded(url.password().unwrap_or_default()),
        });
        if kind != ProxyKind::Http
            && auth.as_ref().is_some_and(|auth| auth.user.len() > 255 || auth.password.len() > 255)
        {
            return Err("SOCKS allows 255 bytes for a user name or a password".to_owned());
        }
        Ok(Self { kind, host, port, auth })
    }
}

impl ProxyKind {
    /// The scheme of its URLs.
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }
}

impl fmt::Display for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.kind.scheme(), self.host, self.port)
    }
}

impl fmt::Debug for ProxyAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyAuth").field("user", &self.user).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for (text, shown) in [
            ("p.test", "http://p.test:80"),
            ("p.test:3128", "http://p.test:3128"),
            ("http://p.test:3128/", "http://p.test:3128"),
            ("HTTP://P.test", "http://p.test:80"),
            ("socks5://127.0.0.1", "socks5://127.0.0.1:1080"),
            ("socks5://p.test:80", "socks5://p.test:80"),
            ("socks5h://[::1]:9050", "socks5h://[::1]:9050"),
            ("socks://p.test", "socks5h://p.test:1080"),
            ("http://münchen.test:1", "http://xn--mnchen-3ya.test:1"),
        ] {
            assert_eq!(ProxyServer::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for wrong in ["", "https://p.test", "ftp://p.test", "http://", "p.test:99999", "http://a b"] {
            assert!(ProxyServer::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn credentials_are_read_and_not_shown() {
        let server = ProxyServer::parse("http://me:p%40ss@p.test:1").unwrap();
        assert_eq!(server.auth, Some(ProxyAuth { user: "me".into(), password: "p@ss".into() }));
        assert_eq!(server.to_string(), "http://p.test:1");
        assert!(!format!("{server:?}").contains("p@ss"));
        assert_eq!(
            ProxyServer::parse("me@p.test").unwrap().auth.unwrap(),
            ProxyAuth { user: "me".into(), password: String::new() }
        );
        assert!(ProxyServer::parse(&format!("socks5://{}@p.test", "u".repeat(256))).is_err());
    }
}
