//! Strict transport security, over connections.

use std::sync::Arc;
use std::time::Duration;

use siskin_net::{Client, ClientConfig, NetEventKind, UpgradeReason, VirtualClock};

use crate::server::{Authority, Server};
use crate::{config, fetch, image, navigation};

/// One server for http and https on one port: the port of an http URL is kept by the upgrade.
async fn server(authority: &Authority, header: &'static str) -> Server {
    Server::start(authority, move |seen| match seen.path.as_str() {
        "/forget" => "200 OK\r\nstrict-transport-security: max-age=0".to_owned(),
        "/error" => format!("404 Not Found\r\n{header}"),
        "/back" => "302 Found\r\nlocation: http://a.test:1/".to_owned(),
        _ => format!("200 OK\r\n{header}"),
    })
    .await
}

#[tokio::test]
async fn a_known_host_is_asked_by_https_alone() {
    let authority = Authority::new();
    let server =
        server(&authority, "strict-transport-security: max-age=100\r\nstrict-transport-security: max-age=0")
            .await;
    let clock = Arc::new(VirtualClock::default());
    let client = Client::new(ClientConfig { clock: clock.clone(), ..config(&authority) }).unwrap();
    let scheme = || server.take().pop().unwrap().scheme;
    let plain = server.url("http://a.test", "/x#f");
    // Not by a response over http.
    fetch(&client, navigation(&plain)).await.0.unwrap();
    fetch(&client, navigation(&plain)).await.0.unwrap();
    assert_eq!(scheme(), "http");
    // By one over https, by its first header alone, whatever its status.
    fetch(&client, navigation(&server.url("https://a.test", "/error"))).await.0.unwrap();
    server.take();
    let (result, log) = fetch(&client, navigation(&plain)).await;
    assert_eq!((result.unwrap(), scheme()), ((200, server.url("https://a.test", "/x#f")), "https"));
    let kinds = log.kinds();
    assert!(matches!(&kinds[0], NetEventKind::Requested { url, .. } if url.scheme() == "http"));
    assert!(
        matches!(&kinds[1], NetEventKind::Upgraded { to, reason: UpgradeReason::Hsts } if to.scheme() == "https")
    );
    assert!(matches!(&kinds[2], NetEventKind::Requested { url, .. } if url.scheme() == "https"), "{kinds:?}");
    assert!(!kinds.iter().any(|kind| matches!(kind, NetEventKind::Redirected { .. })));
    assert_eq!(client.hsts().len(), 1);
    // Another host, and one below it, are not known.
    for host in ["http://b.test", "http://x.a.test"] {
        fetch(&client, navigation(&server.url(host, "/"))).await.0.unwrap();
        assert_eq!(scheme(), "http", "{host}");
    }
    // Kept for another client.
    let other = Client::new(ClientConfig { clock: clock.clone(), hsts: client.hsts(), ..config(&authority) })
        .unwrap();
    fetch(&other, navigation(&plain)).await.0.unwrap();
    assert_eq!(scheme(), "https");
    // Until its time is over, or it says so.
    clock.advance(Duration::from_secs(101));
    fetch(&other, navigation(&plain)).await.0.unwrap();
    assert_eq!(scheme(), "http");
}

#[tokio::test]
async fn subresources_and_forgetting() {
    let authority = Authority::new();
    let server = server(&authority, "strict-transport-security: max-age=100; includeSubDomains").await;
    let client = Client::new(config(&authority)).unwrap();
    let scheme = || server.take().pop().unwrap().scheme;
    fetch(&client, image("https://b.test/", &server.url("https://a.test", "/"))).await.0.unwrap();
    fetch(&client, image("http://b.test/", &server.url("http://x.a.test", "/"))).await.0.unwrap();
    assert_eq!(scheme(), "https");
    fetch(&client, navigation(&server.url("https://a.test", "/forget"))).await.0.unwrap();
    fetch(&client, navigation(&server.url("http://a.test", "/"))).await.0.unwrap();
    assert_eq!(scheme(), "http");
}

#[tokio::test]
async fn a_doubtful_connection_teaches_nothing() {
    let authority = Authority::new();
    let server = server(&authority, "strict-transport-security: max-age=100").await;
    let client = Client::new(ClientConfig {
        accept_invalid_certs: true,
        extra_ca_pem: Vec::new(),
        ..config(&authority)
    })
    .unwrap();
    fetch(&client, navigation(&server.url("https://a.test", "/"))).await.0.unwrap();
    assert!(client.hsts().is_empty());
    let client = Client::new(config(&authority)).unwrap();
    fetch(&client, navigation(&server.url("https://127.0.0.1", "/"))).await.0.unwrap();
    assert!(client.hsts().is_empty(), "an address is no host that can be known");
}

#[tokio::test]
async fn a_known_host_that_leads_back_to_http() {
    let authority = Authority::new();
    let server = Server::start(&authority, |seen| {
        let host = seen.header("host").unwrap();
        format!("302 Found\r\nstrict-transport-security: max-age=100\r\nlocation: http://{host}/")
    })
    .await;
    let client = Client::new(config(&authority)).unwrap();
    let (result, _) = fetch(&client, navigation(&server.url("https://a.test", "/"))).await;
    assert_eq!(result.unwrap_err().message, "more than 20 redirects");
    assert!(server.seen().iter().all(|seen| seen.scheme == "https"));
}
