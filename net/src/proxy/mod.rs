//! Which connections go through a proxy: a pure function of the configuration and the URL.

mod bypass;
mod environment;
mod server;

use url::Url;

pub use bypass::Bypass;
pub use server::{ProxyAuth, ProxyKind, ProxyServer};

/// The proxies of a client. The default has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProxyConfig {
    /// For `http:` URLs.
    pub http: Option<ProxyServer>,
    /// For `https:` URLs.
    pub https: Option<ProxyServer>,
    /// Hosts that are reached without a proxy.
    pub bypass: Bypass,
}

/// Which way a connection takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyChoice<'a> {
    /// To the host itself.
    Direct,
    /// Through this proxy.
    Through(&'a ProxyServer),
}

impl ProxyConfig {
    /// One proxy for all URLs but those of `bypass`.
    pub fn all(server: ProxyServer, bypass: Bypass) -> Self {
        Self { http: Some(server.clone()), https: Some(server), bypass }
    }

    /// Whether there is any proxy.
    pub const fn is_direct(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }

    /// The way to a URL's host.
    pub fn choose(&self, url: &Url) -> ProxyChoice<'_> {
        let server = match url.scheme() {
            "http" => self.http.as_ref(),
            "https" => self.https.as_ref(),
            _ => None,
        };
        match server {
            Some(server) if !self.bypass.fits(url) => ProxyChoice::Through(server),
            _ => ProxyChoice::Direct,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice() {
        let server = |text| ProxyServer::parse(text).unwrap();
        let config = ProxyConfig {
            http: Some(server("http://p.test:3128")),
            https: Some(server("socks5h://s.test")),
            bypass: Bypass::parse("near.test"),
        };
        for (url, way) in [
            ("http://a.test/", Some("http://p.test:3128")),
            ("https://a.test/", Some("socks5h://s.test:1080")),
            ("http://near.test/", None),
            ("https://x.near.test/", None),
            ("http://localhost:8000/", None),
            ("file:///x", None),
            ("data:,x", None),
        ] {
            let chosen = match config.choose(&Url::parse(url).unwrap()) {
                ProxyChoice::Direct => None,
                ProxyChoice::Through(server) => Some(server.to_string()),
            };
            assert_eq!(chosen.as_deref(), way, "{url}");
        }
        assert!(ProxyConfig::default().is_direct() && !config.is_direct());
    }
}
