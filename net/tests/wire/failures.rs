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
