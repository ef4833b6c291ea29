//! Proxies scripted in bytes: what they are asked, what reaches the origin, and what is told when they fail.

use std::sync::{Arc, Mutex};

use siskin_net::{
    Bypass, Client, ClientConfig, ErrorKind, NetEventKind, Phase, ProxyConfig, ProxyServer, ResolverChoice,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::server::{Act, Server, ok, raw, reply};
use crate::tls::{Speaks, TlsServer};
use crate::{Fetched, config, get};

/// A client that goes through `proxy`.
fn through(proxy: &str) -> Client {
    Client::new(with(proxy, config())).unwrap()
}

fn with(proxy: &str, config: ClientConfig) -> ClientConfig {
    let server = ProxyServer::parse(proxy).unwrap();
    ClientConfig { proxies: ProxyConfig::all(server, Bypass::parse("direct.test")), ..config }
}

/// What the story tells of proxies and names.
fn told(fetched: &Fetched) -> String {
    let tell = |kind: &NetEventKind| match kind {
        NetEventKind::Proxy { proxy } => Some(format!("via {}", proxy.split(':').next().unwrap())),
        NetEventKind::DnsStart { host } => Some(format!("dns {host}")),
        _ => None,
    };
    fetched.log.events().iter().filter_map(|event| tell(&event.kind)).collect::<Vec<_>>().join(", ")
}

/// An HTTP proxy's tunnel, or a SOCKS proxy: reads what it is asked, says `answers` turn by turn, and then joins
/// the client with `port` on loopback, if there is one.
struct Proxy {
    port: u16,
    asked: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Proxy {
    async fn start(answers: Vec<Vec<u8>>, to: Option<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let log = asked.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (answers, log) = (answers.clone(), log.clone());
                tokio::spawn(async move {
                    for answer in answers {
                        let mut buffer = vec![0; 4096];
                        let Ok(size) = stream.read(&mut buffer).await else { return };
                        buffer.truncate(size);
                        log.lock().unwrap().push(buffer);
                        if stream.write_all(&answer).await.is_err() {
                            return;
                        }
                    }
                    if let Some(to) = to {
                        let mut origin = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                        let _ = copy_bidirectional(&mut stream, &mut origin).await;
                    }
                });
            }
        });
        Self { port, asked }
    }

    fn asked(&self) -> Vec<Vec<u8>> {
        self.asked.lock().unwrap().clone()
    }
}

const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
const NO_AUTH: &[u8] = &[5, 0];
const USER_AUTH: &[u8] = &[5, 2];
const GRANTED: &[u8] = &[5, 0, 0, 1, 127, 0, 0, 1, 0, 80];

#[tokio::test]
async fn http_goes_in_absolute_form() {
    let proxy = Server::start(|_| ok("by proxy")).await;
    let client = through(&format!("http://me:p%40ss@b.test:{}", proxy.port));
    let fetched = get(&client, "http://gone.test:81/a?b#c").await.map_err(|e| e.0).unwrap();
    assert_eq!(fetched.body, b"by proxy");
    assert_eq!(told(&fetched), "via http, dns b.test", "the host's name is the proxy's to know");
    let seen = &proxy.seen()[0];
    assert!(seen.head.starts_with("GET http://gone.test:81/a?b HTTP/1.1\r\n"), "{}", seen.head);
    assert_eq!(seen.header("proxy-authorization"), Some("Basic bWU6cEBzcw=="));
    assert_eq!(seen.header("host"), Some("gone.test:81"));
    let sent = fetched.log.events().into_iter().find_map(|event| match event.kind {
        NetEventKind::RequestSent { headers, .. } => Some(headers),
        _ => None,
    });
    assert!(!sent.unwrap().contains_key("proxy-authorization"), "credentials are not told");
    // The connection is kept, and serves other hosts' requests only when the library opens one for each.
    get(&client, "http://gone.test:81/again").await.map_err(|e| e.0).unwrap();
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    for speaks in [Speaks::Http1, Speaks::Http2] {
        let origin = TlsServer::start(speaks, "a.test", false).await;
        let proxy = Proxy::start(vec![ESTABLISHED.to_vec()], Some(origin.port)).await;
        let trusting = ClientConfig { extra_ca_pem: vec![origin.authority_pem.clone()], ..config() };
        let client = Client::new(with(&format!("http://me:secret@b.test:{}", proxy.port), trusting)).unwrap();
        let fetched = get(&client, &origin.url("/x")).await.map_err(|e| e.0).unwrap();
        assert_eq!(fetched.body, b"/x");
        assert_eq!(told(&fetched), "via http, dns b.test");
        assert!(
            fetched.log.names().contains("ConnectStart TlsStart TlsEnd ConnectEnd"),
            "{}",
            fetched.log.names()
        );
        let asked = String::from_utf8(proxy.asked()[0].clone()).unwrap();
        assert!(asked.starts_with(&format!("CONNECT a.test:{} HTTP/1.1\r\n", origin.port)), "{asked}");
        assert!(asked.contains("Basic bWU6c2VjcmV0"), "{asked}");
    }
}

#[tokio::test]
async fn socks_with_names_and_with_addresses() {
    let origin = Server::start(|_| ok("x")).await;
    let port = origin.port.to_be_bytes();
    for (scheme, way, request) in [
        ("socks5h", "via socks5h, dns b.test", [&[5, 1, 0, 3, 6][..], b"a.test", &port].concat()),
        ("socks5", "via socks5, dns b.test, dns a.test", [&[5, 1, 0, 1, 127, 0, 0, 1][..], &port].concat()),
    ] {
        let proxy = Proxy::start(vec![NO_AUTH.to_vec(), GRANTED.to_vec()], Some(origin.port)).await;
        let client = through(&format!("{scheme}://b.test:{}", proxy.port));
        let fetched = get(&client, &origin.url("/x")).await.map_err(|e| e.0).unwrap();
        assert_eq!((fetched.body.as_slice(), told(&fetched).as_str()), (&b"x"[..], way));
        assert_eq!(proxy.asked(), [vec![5, 1, 0], request]);
    }
    // With a user name and a password, of which no byte reaches the origin.
    let answers = vec![USER_AUTH.to_vec(), vec![1, 0], GRANTED.to_vec()];
    let proxy = Proxy::start(answers, Some(origin.port)).await;
    let client = through(&format!("socks5h://m%20e:p%40ss@b.test:{}", proxy.port));
    get(&client, &origin.url("/auth")).await.map_err(|e| e.0).unwrap();
    assert_eq!(proxy.asked()[..2], [vec![5, 1, 2], b"\x01\x03m e\x04p@ss".to_vec()]);
    for seen in origin.seen() {
        assert_eq!(seen.header("proxy-authorization"), None);
        assert!(seen.head.starts_with("GET /"), "{}", seen.head);
    }
}

#[tokio::test]
async fn tls_through_socks() {
    let origin = TlsServer::start(Speaks::Http2, "a.test", false).await;
    let proxy = Proxy::start(vec![NO_AUTH.to_vec(), GRANTED.to_vec()], Some(origin.port)).await;
    let trusting = ClientConfig { extra_ca_pem: vec![origin.authority_pem.clone()], ..config() };
    let client = Client::new(with(&format!("socks5h://b.test:{}", proxy.port), trusting)).unwrap();
    assert_eq!(get(&client, &origin.url("/x")).await.map_err(|e| e.0).unwrap().body, b"/x");
}

#[tokio::test]
async fn exceptions_go_direct_and_take_no_credentials_along() {
    let origin = Server::start(|_| ok("direct")).await;
    let port = origin.port;
    let proxy = Server::start(move |_| {
        let to = format!("location: http://direct.test:{port}/there");
        reply("302 Found", &[&to], "")
    })
    .await;
    let names = ["b.test", "direct.test"].map(|name| (name.to_owned(), vec![[127, 0, 0, 1].into()]));
    let config = ClientConfig { resolver: ResolverChoice::Fixed(names.into()), ..config() };
    let client = Client::new(with(&format!("http://me:secret@b.test:{}", proxy.port), config)).unwrap();
    let fetched = get(&client, "http://a.test/").await.map_err(|e| e.0).unwrap();
    assert_eq!(fetched.body, b"direct");
    assert_eq!(told(&fetched), "via http, dns b.test, dns direct.test");
    let seen = &origin.seen()[0];
    assert!(seen.head.starts_with("GET /there HTTP/1.1"), "{}", seen.head);
    assert_eq!(seen.header("proxy-authorization"), None);
    // Loopback is never proxied.
    let url = format!("http://127.0.0.1:{port}/");
    let fetched = get(&client, &url).await.map_err(|e| e.0).unwrap();
    assert_eq!(told(&fetched), "dns 127.0.0.1");
}

#[tokio::test]
async fn a_header_for_proxies_stays_here() {
    let origin = Server::start(|_| ok("x")).await;
    let mut config = config();
    config.extra_headers = vec![("proxy-authorization".parse().unwrap(), "Basic eA==".parse().unwrap())];
    get(&Client::new(config).unwrap(), &origin.url("/")).await.map_err(|e| e.0).unwrap();
    assert_eq!(origin.seen()[0].header("proxy-authorization"), None);
}

#[tokio::test]
async fn a_forwarding_proxy_that_wants_to_know_us() {
    let proxy = Server::start(|_| reply("407 Who", &["proxy-authenticate: Basic realm=x"], "no")).await;
    for (user, what) in [
        ("", "it asks for a user name and a password (407)"),
        ("me:wrong@", "it does not accept the user name and password (407)"),
    ] {
        let client = through(&format!("http://{user}b.test:{}", proxy.port));
        let (error, _) = get(&client, "http://a.test/").await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Proxy, Phase::Proxy), "{error}");
        assert_eq!(error.message, format!("proxy http://b.test:{}: {what}", proxy.port));
    }
    // An origin's 407 is the origin's.
    let fetched = get(&Client::new(config()).unwrap(), &proxy.url("/")).await.map_err(|e| e.0).unwrap();
    assert_eq!(fetched.status, 407);
}

/// The error of a fetch through a proxy that answers so.
async fn failure(scheme: &str, answers: &[&[u8]], url: &str) -> (ErrorKind, Phase, String) {
    let answers = answers.iter().map(|answer| answer.to_vec()).collect();
    let proxy = Proxy::start(answers, None).await;
    let (error, log) = get(&through(&format!("{scheme}b.test:{}", proxy.port)), url).await.err().unwrap();
    assert!(!log.names().contains("RequestSent"), "{}", log.names());
    let what = error.message.split_once(": ").map_or(error.message.clone(), |(_, what)| what.to_owned());
    assert!(error.message.starts_with("proxy "), "{error}");
    (error.kind, error.phase, what)
}

#[tokio::test]
async fn tunnels_that_fail() {
    for (scheme, answer, what) in [
        ("http://", &b"HTTP/1.1 407 Who\r\n\r\n"[..], "it asks for a user name and a password (407)"),
        ("http://me:x@", b"HTTP/1.1 407 Who\r\n\r\n", "it does not accept the user name and password (407)"),
        ("http://", b"HTTP/1.1 403 No\r\n\r\n", "it does not connect to a.test:443"),
        ("http://", b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "it does not connect to a.test:443"),
        ("http://", b"SSH-2.0-OpenSSH_9\r\n", "it does not connect to a.test:443"),
        ("http://", b"", "it closed the connection without an answer"),
        ("http://", &[b'x'; 9000], "it does not connect to a.test:443"),
    ] {
        let told = failure(scheme, &[answer], "https://a.test/").await;
        assert_eq!(told, (ErrorKind::Proxy, Phase::Proxy, what.to_owned()), "{scheme}");
    }
}

#[tokio::test]
async fn socks_that_fails() {
    let socks = "socks5h://";
    for (scheme, answers, what) in [
        (socks, &[&[5, 0xff][..]][..], "it asks for a user name and a password"),
        ("socks5h://me:x@", &[&[5, 0xff]], "it takes no user name and password"),
        ("socks5h://me:x@", &[USER_AUTH, &[1, 1]], "it does not accept the user name and password"),
        (
            socks,
            &[NO_AUTH, &[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]],
            "it does not connect to a.test:80: connection refused",
        ),
        (
            socks,
            &[NO_AUTH, &[5, 2, 0, 1, 0, 0, 0, 0, 0, 0]],
            "it does not connect to a.test:80: connection not allowed",
        ),
        (socks, &[b"HTTP/1.1 400 What\r\n\r\n"], "what answers there is no SOCKS 5 proxy"),
        (socks, &[b""], "it broke off while it was asked for the way"),
        (socks, &[NO_AUTH, b""], "it broke off while it was asked for the way"),
    ] {
        let told = failure(scheme, answers, "http://a.test/").await;
        assert_eq!(told, (ErrorKind::Proxy, Phase::Proxy, what.to_owned()), "{scheme} {answers:?}");
    }
}

#[tokio::test]
async fn proxies_that_are_not_there() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    for scheme in ["http", "socks5", "socks5h"] {
        for url in ["http://a.test/", "https://a.test/"] {
            let (error, _) = get(&through(&format!("{scheme}://b.test:{free}")), url).await.err().unwrap();
            assert_eq!((error.kind, error.phase), (ErrorKind::Proxy, Phase::Connect), "{scheme} {error}");
            assert_eq!(error.message, format!("proxy {scheme}://b.test:{free}: connection refused"));
            let (error, _) =
                get(&through(&format!("{scheme}://nosuch.test:{free}")), url).await.err().unwrap();
            assert_eq!((error.kind, error.phase), (ErrorKind::Proxy, Phase::Dns), "{scheme} {error}");
            let what = "no address for host nosuch.test";
            assert_eq!(error.message, format!("proxy {scheme}://nosuch.test:{free}: {what}"));
        }
    }
    // The host that SOCKS wants the address of is the host's fault.
    let (error, _) =
        get(&through(&format!("socks5://b.test:{free}")), "http://nosuch.test/").await.err().unwrap();
    assert_eq!((error.kind, error.phase), (ErrorKind::Dns, Phase::Dns), "{error}");
}

#[tokio::test]
async fn a_bad_certificate_behind_a_tunnel_is_the_hosts() {
    let origin = TlsServer::start(Speaks::Http1, "other.test", false).await;
    let proxy = Proxy::start(vec![ESTABLISHED.to_vec()], Some(origin.port)).await;
    let trusting = ClientConfig { extra_ca_pem: vec![origin.authority_pem.clone()], ..config() };
    let client = Client::new(with(&format!("http://b.test:{}", proxy.port), trusting)).unwrap();
    let (error, _) = get(&client, &origin.url("/x")).await.err().unwrap();
    assert_eq!((error.kind, error.phase), (ErrorKind::Tls, Phase::Tls), "{error}");
    assert!(!error.message.contains("proxy"), "{error}");
}

#[tokio::test]
async fn a_forwarding_proxy_that_breaks_off() {
    let proxy = Server::start(|_| vec![raw("HTTP/1.1 2"), Act::Close]).await;
    let (error, _) =
        get(&through(&format!("http://b.test:{}", proxy.port)), "http://a.test/").await.err().unwrap();
    assert_eq!((error.kind, error.phase), (ErrorKind::Protocol, Phase::Wait), "{error}");
}
