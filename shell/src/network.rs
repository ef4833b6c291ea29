//! What the arguments and the environment say about names, proxies and trust.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use siskin_net::{
    Bypass, CacheChoice, ClientConfig, DnsSetup, HostOverride, ProxyAuth, ProxyConfig, ProxyServer,
    ResolverChoice, RootsChoice,
};

use url::Url;

use crate::args::{NetworkArgs, ResolverArg};
use crate::failure::Failure;

/// How a certificate in PEM begins.
const PEM_START: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Where name servers listen.
const DNS_PORT: u16 = 53;

/// How hosts are found and reached.
#[derive(Debug, Clone, Default)]
pub struct NetworkConfig {
    /// Who answers host names.
    pub resolver: ResolverChoice,
    /// Addresses given by hand.
    pub overrides: Vec<HostOverride>,
    /// Which connections go through a proxy.
    pub proxies: ProxyConfig,
    /// Whose certificates are taken.
    pub trust: TrustConfig,
    /// Where responses are kept.
    pub cache: CacheChoice,
}

/// Whose certificates are taken, and who may read along.
#[derive(Debug, Clone, Default)]
pub struct TrustConfig {
    /// Anybody's.
    pub insecure: bool,
    /// Authorities trusted beside the others, in PEM.
    pub authorities: Vec<Vec<u8>>,
    /// Where the others are read from.
    pub roots: RootsChoice,
    /// The file to which the secrets of TLS sessions are appended.
    pub key_log: Option<PathBuf>,
}

impl NetworkConfig {
    /// Resolves what was typed to load `page`; `variable` tells the variables of the environment, which hold where
    /// nothing was typed. A local page is not refused for what the environment says of proxies.
    ///
    /// # Errors
    /// [`Failure::Usage`] naming the argument or the variable.
    pub fn new(
        page: &Url,
        args: &NetworkArgs,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let is_local = !matches!(page.scheme(), "http" | "https");
        let proxies = match parse_proxies(args, &variable) {
            Err(_) if is_local && args.proxy.is_none() => ProxyConfig::default(),
            proxies => proxies?,
        };
        Ok(Self {
            resolver: parse_resolver(args.resolver, &args.dns)?,
            overrides: args.resolve.iter().map(|text| parse_override(text)).collect::<Result<_, _>>()?,
            proxies,
            trust: parse_trust(args, &variable)?,
            cache: parse_cache(args)?,
        })
    }

    /// Tells it to a client.
    pub fn configure(&self, client: &mut ClientConfig) {
        client.resolver = self.resolver.clone();
        client.overrides.clone_from(&self.overrides);
        client.proxies.clone_from(&self.proxies);
        client.accept_invalid_certs = self.trust.insecure;
        client.extra_ca_pem.clone_from(&self.trust.authorities);
        client.roots.clone_from(&self.trust.roots);
        client.key_log.clone_from(&self.trust.key_log);
        client.cache.clone_from(&self.cache);
    }
}

fn wrong<T>(argument: &str, what: impl std::fmt::Display) -> Result<T, Failure> {
    Err(Failure::Usage(format!("{argument}: {what}")))
}

fn parse_cache(args: &NetworkArgs) -> Result<CacheChoice, Failure> {
    match &args.cache {
        None if args.no_cache => Ok(CacheChoice::Off),
        None => Ok(CacheChoice::Memory),
        Some(directory) if directory.exists() && !directory.is_dir() => {
            wrong("--cache", format_args!("{} is no directory", directory.display()))
        }
        Some(directory) => match &args.cache_size {
            None => Ok(CacheChoice::disk(directory)),
            Some(size) => Ok(CacheChoice::Disk { dir: directory.clone(), max_bytes: parse_size(size)? }),
        },
    }
}

/// A number of bytes, or a number with the unit `k`, `M` or `G` (of 1024).
fn parse_size(text: &str) -> Result<u64, Failure> {
    let (digits, factor) = match text.trim().to_ascii_lowercase().trim_end_matches('b') {
        number if number.ends_with('k') => (number.trim_end_matches('k').to_owned(), 1 << 10),
        number if number.ends_with('m') => (number.trim_end_matches('m').to_owned(), 1 << 20),
        number if number.ends_with('g') => (number.trim_end_matches('g').to_owned(), 1 << 30),
        number => (number.to_owned(), 1),
    };
    match digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)) {
        Some(bytes) if bytes > 0 => Ok(bytes),
        _ => wrong("--cache-size", format_args!("expected a size such as 500k, 64M or 2G, got `{text}`")),
    }
}

fn parse_resolver(choice: Option<ResolverArg>, servers: &[String]) -> Result<ResolverChoice, Failure> {
    let servers: Vec<SocketAddr> =
        servers.iter().map(|server| parse_server(server)).collect::<Result<_, _>>()?;
    match choice {
        Some(ResolverArg::System) if servers.is_empty() => Ok(ResolverChoice::System),
        Some(ResolverArg::System) => {
            wrong("--dns", "the system's resolver asks its own servers (leave out --resolver system)")
        }
        None if servers.is_empty() => Ok(ResolverChoice::Auto),
        Some(ResolverArg::Dns) | None => Ok(ResolverChoice::Dns(DnsSetup { servers, ..DnsSetup::default() })),
    }
}

/// `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`.
fn parse_server(text: &str) -> Result<SocketAddr, Failure> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let server = text.parse::<SocketAddr>().ok();
    match server.or_else(|| Some(SocketAddr::new(bare.parse().ok()?, DNS_PORT))) {
        Some(server) if server.port() != 0 => Ok(server),
        _ => wrong(
            "--dns",
            format_args!("expected the ADDRESS or ADDRESS:PORT of a name server, got `{text}`"),
        ),
    }
}

/// As curl has it: `HOST:PORT:ADDRESS[,ADDRESS]…`, with `*` for any host; here also for any port.
fn parse_override(text: &str) -> Result<HostOverride, Failure> {
    let parsed = || {
        let (host, rest) = match text.strip_prefix('[') {
            Some(rest) => rest.split_once("]:")?,
            None => text.split_once(':')?,
        };
        let (port, addresses) = rest.split_once(':')?;
        let port = if port == "*" { None } else { Some(port.parse().ok()?) };
        let bare = |address: &str| address.trim_start_matches('[').trim_end_matches(']').parse().ok();
        let addresses: Option<Vec<IpAddr>> = addresses.split(',').map(bare).collect();
        let host = host.trim_end_matches('.').to_lowercase();
        (!host.is_empty()).then_some(HostOverride { host, port, addresses: addresses? })
    };
    match parsed() {
        Some(given) => Ok(given),
        None => wrong("--resolve", format_args!("expected HOST:PORT:ADDRESS[,ADDRESS]…, got `{text}`")),
    }
}

/// The variables are OpenSSL's, as curl and others take them: `SSL_CERT_FILE`, `SSL_CERT_DIR` (a list), `SSLKEYLOGFILE`.
fn parse_trust(
    args: &NetworkArgs,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<TrustConfig, Failure> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let file = variable("SSL_CERT_FILE").map(PathBuf::from);
    let dirs: Vec<PathBuf> =
        variable("SSL_CERT_DIR").map(|list| std::env::split_paths(&list).collect()).unwrap_or_default();
    let roots = match (&file, dirs.is_empty()) {
        (None, true) => RootsChoice::Platform,
        _ => RootsChoice::Files { file, dirs },
    };
    Ok(TrustConfig {
        insecure: args.insecure,
        authorities: args.ca.iter().map(|file| read_authority(file)).collect::<Result<_, _>>()?,
        roots,
        key_log: variable("SSLKEYLOGFILE").map(PathBuf::from),
    })
}

fn read_authority(file: &Path) -> Result<Vec<u8>, Failure> {
    let shown = file.display();
    match std::fs::read(file) {
        Ok(pem) if pem.windows(PEM_START.len()).any(|window| window == PEM_START) => Ok(pem),
        Ok(_) => wrong("--ca", format_args!("no certificate in PEM in {shown}")),
        Err(error) => wrong("--ca", format_args!("{shown} cannot be read: {error}")),
    }
}

/// As curl has it: what is typed goes before the environment, but for the list of exceptions, which also holds for a
/// proxy that was typed.
fn parse_proxies(
    args: &NetworkArgs,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<ProxyConfig, Failure> {
    let bypass = match &args.noproxy {
        Some(list) => Bypass::parse(list),
        None => ProxyConfig::environment_bypass(&variable),
    };
    let mut proxies = match args.proxy.as_deref() {
        Some("" | "direct") => ProxyConfig::default(),
        Some(text) => match ProxyServer::parse(text) {
            Ok(server) => ProxyConfig::all(server, bypass),
            Err(reason) => return wrong("--proxy", reason),
        },
        None => match ProxyConfig::from_environment(variable) {
            Ok(proxies) => ProxyConfig { bypass, ..proxies },
            Err(message) => return Err(Failure::Usage(message)),
        },
    };
    if let Some(text) = &args.proxy_user {
        let (user, password) = text.split_once(':').unwrap_or((text, ""));
        let auth = ProxyAuth { user: user.to_owned(), password: password.to_owned() };
        if auth.user.len() > 255 || auth.password.len() > 255 {
            return wrong("--proxy-user", "at most 255 bytes for the name and for the password");
        }
        for server in [&mut proxies.http, &mut proxies.https].into_iter().flatten() {
            server.auth = Some(auth.clone());
        }
    }
    Ok(proxies)
}

#[cfg(test)]
mod tests {
    use siskin_net::ProxyChoice;

    use super::*;

    fn config(args: &NetworkArgs, variables: &[(&str, &str)]) -> Result<NetworkConfig, String> {
        let variable =
            |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        let page = Url::parse("http://a.test/").unwrap();
        NetworkConfig::new(&page, args, variable).map_err(|failure| failure.to_string())
    }

    #[test]
    fn name_servers() {
        for (text, server) in [
            ("192.0.2.53", Some("192.0.2.53:53")),
            ("192.0.2.53:5353", Some("192.0.2.53:5353")),
            ("2001:db8::53", Some("[2001:db8::53]:53")),
            ("[2001:db8::53]", Some("[2001:db8::53]:53")),
            ("[2001:db8::53]:54", Some("[2001:db8::53]:54")),
            ("dns.test", None),
            ("192.0.2.53:0", None),
            ("", None),
        ] {
            assert_eq!(parse_server(text).ok().map(|s| s.to_string()).as_deref(), server, "{text}");
        }
    }

    #[test]
    fn caches() {
        let args = |cache: Option<&str>, cache_size: Option<&str>, no_cache| NetworkArgs {
            cache: cache.map(Into::into),
            cache_size: cache_size.map(str::to_owned),
            no_cache,
            ..NetworkArgs::default()
        };
        let choice = |cache, size, off| config(&args(cache, size, off), &[]).map(|config| config.cache);
        assert_eq!(choice(None, None, false), Ok(CacheChoice::Memory));
        assert_eq!(choice(None, None, true), Ok(CacheChoice::Off));
        assert_eq!(choice(Some("absent"), None, false), Ok(CacheChoice::disk("absent")));
        for (size, bytes) in
            [("1", 1), ("500k", 500 << 10), ("64M", 64 << 20), ("2G", 2 << 30), ("2GB", 2 << 30)]
        {
            let expected = CacheChoice::Disk { dir: "absent".into(), max_bytes: bytes };
            assert_eq!(choice(Some("absent"), Some(size), false), Ok(expected), "{size}");
        }
        for size in ["", "0", "M", "-1", "1.5M", "99999999999999999999", "99999999999G"] {
            let error = choice(Some("absent"), Some(size), false).unwrap_err();
            assert!(error.starts_with("--cache-size: expected"), "{error}");
        }
        let error =
            choice(Some(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")), None, false).unwrap_err();
        assert!(error.contains("is no directory"), "{error}");
    }

    #[test]
    fn resolvers() {
        let args = |resolver, dns: &[&str]| NetworkArgs {
            resolver,
            dns: dns.iter().map(|server| (*server).to_owned()).collect(),
            ..NetworkArgs::default()
        };
        let choice = |resolver, dns| config(&args(resolver, dns), &[]).map(|config| config.resolver);
        assert!(matches!(choice(None, &[]), Ok(ResolverChoice::Auto)));
        assert!(matches!(choice(Some(ResolverArg::System), &[]), Ok(ResolverChoice::System)));
        let given = choice(None, &["192.0.2.53"]);
        assert!(matches!(given, Ok(ResolverChoice::Dns(setup)) if setup.servers.len() == 1));
        assert!(choice(Some(ResolverArg::System), &["192.0.2.53"]).unwrap_err().starts_with("--dns: "));
    }

    #[test]
    fn overrides() {
        for (text, told) in [
            ("a.test:80:192.0.2.1", Some("a.test Some(80) [192.0.2.1]")),
            ("A.test.:443:192.0.2.1,::1", Some("a.test Some(443) [192.0.2.1, ::1]")),
            ("*:*:[::1]", Some("* None [::1]")),
            ("a.test:80:", None),
            ("a.test:80", None),
            (":80:192.0.2.1", None),
            ("a.test:x:192.0.2.1", None),
        ] {
            let shown = |o: HostOverride| format!("{} {:?} {:?}", o.host, o.port, o.addresses);
            assert_eq!(parse_override(text).ok().map(shown).as_deref(), told, "{text}");
        }
    }

    #[test]
    fn proxies() {
        let env = &[("http_proxy", "env.test:1"), ("no_proxy", "near.test")][..];
        let text = |text: &str| Some(text.to_owned());
        let typed = |proxy, noproxy| NetworkArgs { proxy, noproxy, ..NetworkArgs::default() };
        for (args, env, url, way) in [
            (typed(None, None), env, "http://a.test/", "http://env.test:1"),
            (typed(None, None), env, "https://a.test/", "direct"),
            (typed(None, text("a.test")), env, "http://a.test/", "direct"),
            (typed(text("p.test:2"), None), env, "https://a.test/", "http://p.test:2"),
            (typed(text("p.test:2"), None), env, "https://near.test/", "direct"),
            (typed(text("p.test:2"), text("")), env, "https://near.test/", "http://p.test:2"),
            (typed(text(""), None), env, "http://a.test/", "direct"),
            (typed(text("direct"), None), env, "http://a.test/", "direct"),
        ] {
            let proxies = config(&args, env).unwrap().proxies;
            let told = match proxies.choose(&Url::parse(url).unwrap()) {
                ProxyChoice::Direct => "direct".to_owned(),
                ProxyChoice::Through(server) => server.to_string(),
            };
            assert_eq!(told, way, "{args:?} {url}");
        }
        let user = NetworkArgs { proxy_user: text("me:a:b"), ..typed(text("x@p.test"), None) };
        let auth = config(&user, &[]).unwrap().proxies.http.unwrap().auth.unwrap();
        assert_eq!((auth.user.as_str(), auth.password.as_str()), ("me", "a:b"));
        assert!(config(&typed(text("ftp://p"), None), &[]).unwrap_err().starts_with("--proxy: "));
        assert!(
            config(&NetworkArgs::default(), &[("all_proxy", "ftp://p")])
                .unwrap_err()
                .starts_with("all_proxy: ")
        );
        let file = Url::parse("file:///x").unwrap();
        let bad = |_: &str| Some("ftp://p".to_owned());
        let local = NetworkConfig::new(&file, &NetworkArgs::default(), bad).unwrap();
        assert!(local.proxies.is_direct());
    }

    #[test]
    fn trust() {
        let folder = std::env::temp_dir().join(format!("siskin-ca-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (good, bad) = (folder.join("good.pem"), folder.join("bad.pem"));
        std::fs::write(&good, "-----BEGIN CERTIFICATE-----\n").unwrap();
        std::fs::write(&bad, "no certificate").unwrap();
        let typed = |file: &Path| NetworkArgs { ca: vec![file.to_owned()], ..NetworkArgs::default() };
        let trusted = config(&typed(&good), &[]).unwrap().trust;
        assert_eq!((trusted.authorities.len(), trusted.insecure, trusted.key_log), (1, false, None));
        assert_eq!(trusted.roots, RootsChoice::Platform);
        assert_eq!(
            config(&typed(&bad), &[]).unwrap_err(),
            format!("--ca: no certificate in PEM in {}", bad.display())
        );
        assert!(config(&typed(&folder.join("none")), &[]).unwrap_err().contains("none cannot be read"));
        let args = NetworkArgs { insecure: true, ..NetworkArgs::default() };
        let variables =
            [("SSL_CERT_FILE", "/x/roots.pem"), ("SSL_CERT_DIR", "/a:/b"), ("SSLKEYLOGFILE", "/x/keys")];
        let trusted = config(&args, &variables).unwrap().trust;
        assert!(trusted.insecure);
        assert_eq!(trusted.key_log, Some("/x/keys".into()));
        let dirs = vec![PathBuf::from("/a"), PathBuf::from("/b")];
        assert_eq!(trusted.roots, RootsChoice::Files { file: Some("/x/roots.pem".into()), dirs });
        let empty = [("SSL_CERT_FILE", ""), ("SSL_CERT_DIR", ""), ("SSLKEYLOGFILE", "")];
        let trusted = config(&NetworkArgs::default(), &empty).unwrap().trust;
        assert_eq!((trusted.roots, trusted.key_log), (RootsChoice::Platform, None));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
