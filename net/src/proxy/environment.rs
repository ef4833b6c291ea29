//! The proxies that the environment names, by curl's rules. The variables are arguments.

use super::{Bypass, ProxyConfig, ProxyServer};

impl ProxyConfig {
    /// The proxies of the environment, of which `variable` tells the values.
    ///
    /// As <https://curl.se/docs/manpage.html#ENVIRONMENT> has it: `http_proxy` in lower case only, since a web server
    /// gives its programs the request's `Proxy` header as `HTTP_PROXY`; the others in lower case, then in upper case;
    /// `ALL_PROXY` where there is none for the scheme; an empty variable is none.
    ///
    /// # Errors
    /// The variable with what is wrong with it.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let first = |names: &[&str]| {
            names.iter().find_map(|name| {
                let value = variable(name).filter(|value| !value.trim().is_empty())?;
                Some(((*name).to_owned(), value))
            })
        };
        let server = |names: &[&str]| {
            first(names)
                .map(|(name, value)| ProxyServer::parse(&value).map_err(|reason| format!("{name}: {reason}")))
                .transpose()
        };
        Ok(Self {
            http: server(&["http_proxy", "all_proxy", "ALL_PROXY"])?,
            https: server(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
            bypass: Self::environment_bypass(variable),
        })
    }

    /// The hosts that the environment excepts, also from a proxy that comes from elsewhere.
    pub fn environment_bypass(variable: impl Fn(&str) -> Option<String>) -> Bypass {
        let list = ["no_proxy", "NO_PROXY"]
            .iter()
            .find_map(|name| variable(name).filter(|value| !value.trim().is_empty()));
        Bypass::parse(&list.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::super::ProxyChoice;
    use super::*;

    fn ways(variables: &[(&str, &str)]) -> (String, String) {
        let variable =
            |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        let config = ProxyConfig::from_environment(variable).unwrap();
        let way = |url| match config.choose(&Url::parse(url).unwrap()) {
            ProxyChoice::Direct => "direct".to_owned(),
            ProxyChoice::Through(server) => server.to_string(),
        };
        (way("http://a.test/"), way("https://a.test/"))
    }

    #[test]
    fn table() {
        for (variables, http, https) in [
            (&[][..], "direct", "direct"),
            (&[("http_proxy", "p:1")], "http://p:1", "direct"),
            (&[("HTTP_PROXY", "p:1")], "direct", "direct"),
            (&[("https_proxy", "p:1")], "direct", "http://p:1"),
            (&[("HTTPS_PROXY", "p:1")], "direct", "http://p:1"),
            (&[("https_proxy", "p:1"), ("HTTPS_PROXY", "q:1")], "direct", "http://p:1"),
            (&[("ALL_PROXY", "socks5h://p")], "socks5h://p:1080", "socks5h://p:1080"),
            (&[("all_proxy", "p:1"), ("ALL_PROXY", "q:1")], "http://p:1", "http://p:1"),
            (&[("http_proxy", "p:1"), ("all_proxy", "q:1")], "http://p:1", "http://q:1"),
            (&[("http_proxy", ""), ("all_proxy", "q:1")], "http://q:1", "http://q:1"),
            (&[("all_proxy", "p:1"), ("NO_PROXY", "a.test")], "direct", "direct"),
            (&[("all_proxy", "p:1"), ("no_proxy", "b.test"), ("NO_PROXY", "*")], "http://p:1", "http://p:1"),
        ] {
            assert_eq!(ways(variables), (http.to_owned(), https.to_owned()), "{variables:?}");
        }
    }

    #[test]
    fn a_variable_that_makes_no_sense_is_named() {
        let variable = |name: &str| (name == "HTTPS_PROXY").then(|| "https://me:secret@p".to_owned());
        let error = ProxyConfig::from_environment(variable).unwrap_err();
        assert!(error.starts_with("HTTPS_PROXY: ") && !error.contains("secret"), "{error}");
    }
}
