//! Everything that goes wrong before a body: kind, phase and words.

use std::time::Duration;

use siskin_net::{Client, ClientConfig, ErrorKind, Phase, Timeouts};
use tokio::net::TcpListener;

use crate::server::{Act, Server, ok, raw};
use crate::{client, config, get, image, run};

#[tokio::test]
async fn before_the_connection() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    for (url, kind, line) in [
        (
            "http://nosuch.test/".to_owned(),
            ErrorKind::Dns,
            "dns: no address for host nosuch.test (http://nosuch.test/)",
        ),
        (
            "http://nosuch.invalid/".to_owned(),
            ErrorKind::Dns,
            "dns: no address for host nosuch.invalid (http://nosuch.invalid/)",
        ),
        (format!("http://a.test:{free}/"), ErrorKind::Connect, "connect: connection refused (http://a.test:"),
        (
            "http://a.test:6667/".to_owned(),
            ErrorKind::Blocked,
            "url: port 6667 is blocked, as in browsers (http",
        ),
        (
            "ftp://a.test/x".to_owned(),
            ErrorKind::UnsupportedScheme,
            "url: the scheme ftp: cannot be fetched (ftp",
        ),
        (
            format!("http://a.test/{}", "x".repeat(70_000)),
            ErrorKind::InvalidUrl,
            "url: the URL cannot be sent: ",
        ),
    ] {
        let (error, log) = get(&client(), &url).await.err().unwrap();
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.to_string().starts_with(line), "{error}");
        assert!(log.names().ends_with("Failed"), "{}", log.names());
    }
}

#[tokio::test]
async fn instead_of_a_response() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/close" => vec![Act::Close],
        "/reset" => vec![Act::Reset],
        "/part" => vec![raw("HTTP/1.1 200 OK\r\ncontent-le"), Act::Close],
        "/ssh" => vec![raw("SSH-2.0-OpenSSH_9\r\n"), Act::Close],
        _ => vec![raw("HTTP/1.1 2x0 OK\r\n\r\n"), Act::Close],
    })
    .await;
    for (path, message) in [
        ("/close", "the connection was closed before a response"),
        ("/reset", "connection reset by the server"),
        ("/part", "the connection was closed before a response"),
        ("/ssh", "not a valid HTTP response"),
        ("/status", "not a valid HTTP response"),
    ] {
        let (error, log) = get(&client(), &server.url(path)).await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Protocol, Phase::Wait), "{path}: {error}");
        assert!(error.message.starts_with(message), "{path}: {error}");
        assert!(
            log.names().ends_with("ConnectEnd ConnectionUsed RequestSent Failed"),
            "{path}: {}",
            log.names()
        );
    }
}

fn with(timeouts: Timeouts) -> Client {
    Client::new(ClientConfig { timeouts, ..config() }).unwrap()
}

#[tokio::test]
async fn deadlines() {
    let short = Duration::from_millis(80);
    let server = Server::start(|seen| match seen.path.as_str() {
        "/head" => vec![Act::Hang],
        "/reuse" => ok("x"),
        _ => vec![raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"), Act::Hang],
    })
    .await;
    // A TCP server that never speaks TLS.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("https://a.test:{}/", silent.local_addr().unwrap().port());
    let default = Timeouts::default();
    for (timeouts, url, phase, message) in [
        (
            Timeouts { first_byte: short, ..default },
            server.url("/head"),
            Phase::Wait,
            "no response within 80 ms",
        ),
        (
            Timeouts { idle: short, ..default },
            server.url("/body"),
            Phase::Receive,
            "no more of the body for 80 ms",
        ),
        (
            Timeouts { tls: short, ..default },
            silent_url,
            Phase::Tls,
            "the TLS handshake did not end within 80 ms",
        ),
    ] {
        let (error, _) = get(&with(timeouts), &url).await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Timeout, phase), "{error}");
        assert_eq!(error.message, message);
    }
    // Also on a connection that was used before.
    let client = with(Timeouts { first_byte: short, ..default });
    get(&client, &server.url("/reuse")).await.map_err(|e| e.0).unwrap();
    let (error, _) = get(&client, &server.url("/head")).await.err().unwrap();
    assert_eq!((error.kind, error.phase), (ErrorKind::Timeout, Phase::Wait), "{error}");
}

#[tokio::test]
async fn modes_that_forbid() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/open" => crate::server::reply("200 OK", &["access-control-allow-origin: *"], "x"),
        _ => ok("x"),
    })
    .await;
    let mut request = image(&server.url_on("b.test", "/"));
    request.mode = siskin_net::RequestMode::SameOrigin;
    let (error, _) = run(&client(), request).await.err().unwrap();
    assert_eq!((error.kind, error.phase), (ErrorKind::Blocked, Phase::Url), "{error}");
    for (path, allowed) in [("/open", true), ("/closed", false)] {
        let mut request = image(&server.url_on("b.test", path));
        request.mode = siskin_net::RequestMode::Cors;
        let result = run(&client(), request).await;
        assert_eq!(result.is_ok(), allowed, "{path}");
        if let Err((error, _)) = result {
            assert_eq!(error.kind, ErrorKind::Blocked, "{error}");
        }
    }
    assert_eq!(server.seen()[0].header("origin"), Some("http://a.test"));
}

/// A default deadline for each step, on a clock that jumps as soon as nobody can do anything: the values are
/// those that people get, and nobody waits for them.
#[tokio::test(start_paused = true)]
async fn deadlines_as_they_are_by_default() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/head" => vec![Act::Hang],
        "/slow" => (0..100)
            .flat_map(|_| [raw("x"), Act::Pause(Duration::from_secs(20))])
            .collect::<Vec<_>>()
            .tap_first(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"),
        "/again" => crate::server::reply("302 Found", &["location: /again"], ""),
        _ => vec![raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"), Act::Hang],
    })
    .await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("https://a.test:{}/", silent.local_addr().unwrap().port());
    let whole = |seconds| Timeouts { whole: Some(Duration::from_secs(seconds)), ..Timeouts::default() };
    for (timeouts, url, phase, message, seconds) in [
        (Timeouts::default(), server.url("/head"), Phase::Wait, "no response within 60 s", 60),
        (Timeouts::default(), server.url("/body"), Phase::Receive, "no more of the body for 30 s", 30),
        (
            Timeouts::default(),
            silent_url.clone(),
            Phase::Tls,
            "the TLS handshake did not end within 15 s",
            15,
        ),
        (whole(5), server.url("/head"), Phase::Wait, "not over within 5 s", 5),
        (whole(50), server.url("/slow"), Phase::Receive, "not over within 50 s", 50),
        (whole(3), silent_url, Phase::Tls, "not over within 3 s", 3),
    ] {
        let begun = tokio::time::Instant::now();
        let log = std::sync::Arc::new(crate::story::Log::default());
        let client = with(timeouts);
        let fetched = async {
            let response = siskin_net::Fetch::fetch(&client, image(&url), log.clone()).await?;
            response.body.collect().await
        };
        let error = fetched.await.err().unwrap();
        log.check();
        assert_eq!((error.kind, error.phase), (ErrorKind::Timeout, phase), "{error}");
        assert_eq!(error.message, message);
        assert_eq!(begun.elapsed().as_secs(), seconds, "{message}");
    }
}

trait TapFirst {
    fn tap_first(self, bytes: &[u8]) -> Self;
}

impl TapFirst for Vec<Act> {
    fn tap_first(mut self, bytes: &[u8]) -> Self {
        self.insert(0, raw(bytes));
        self
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_accept() {
    // Its queue is full: further handshakes are not answered.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _queued = std::net::TcpStream::connect(address).unwrap();
    let begun = tokio::time::Instant::now();
    let (error, log) = get(&client(), &format!("http://a.test:{}/", address.port())).await.err().unwrap();
    assert_eq!((error.kind, error.phase), (ErrorKind::Timeout, Phase::Connect), "{error}");
    assert_eq!(error.message, "the connection was not accepted within 15 s");
    assert_eq!(begun.elapsed().as_secs(), 15);
    assert!(log.names().ends_with("ConnectStart Failed"), "{}", log.names());
    assert_eq!(log.connections(), "1 Opening, 1 OpenFailed");
}
