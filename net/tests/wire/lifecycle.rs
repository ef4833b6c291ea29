//! The life of connections beyond the fetches that use them: opened ahead of need, kept, measured, closed by whom.
//!
//! What is noticed by the operating system's help is noticed on Linux only.
#![cfg(target_os = "linux")]

use std::sync::Arc;
use std::time::Duration;

use siskin_net::{
    Client, ClientConfig, CloseReason, ClosedBy, ConnectionEventKind, Credentials, Fetch, NetEventKind,
    OpenedFor, Protocol,
};
use tokio::net::TcpListener;
use url::Url;

use crate::server::{Act, Server, ok, raw, reply};
use crate::story::Log;
use crate::tls::{Speaks, TlsServer};
use crate::{client, config, get, image};

/// Fetches over a client and says how the connection ended.
async fn ends_as(script: impl Fn(&crate::server::Seen) -> Vec<Act> + Send + Sync + 'static) -> String {
    let server = Server::start(script).await;
    let client = client();
    let log = match get(&client, &server.url("/")).await {
        Ok(fetched) => fetched.log,
        Err((_, log)) => log,
    };
    log.closed(1).await;
    log.connections()
}

#[tokio::test]
async fn who_closed_it() {
    let whole = "1 Opening, 1 Opened, 1 Measured, 1 Closed";
    let none = "1 Opening, 1 Opened, 1 Closed";
    let server_ended = ends_as(|_| [ok("x"), vec![Act::Close]].concat()).await;
    assert_eq!(server_ended, format!("{whole} Server ServerEnded after 1"));
    let server_reset =
        ends_as(|_| [ok("x"), vec![Act::Pause(Duration::from_millis(20)), Act::Reset]].concat()).await;
    assert_eq!(server_reset, format!("{whole} Server ServerReset after 1"));
    let said_so = ends_as(|_| reply("200 OK", &["connection: close"], "x")).await;
    assert_eq!(said_so, format!("{whole} Client LastResponse after 1"));
    let no_length = ends_as(|_| vec![raw("HTTP/1.1 200 OK\r\n\r\nbody"), Act::Close]).await;
    assert_eq!(no_length, format!("{whole} Server LastResponse after 1"));
    let in_the_body =
        ends_as(|_| vec![raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"), Act::Close]).await;
    assert_eq!(in_the_body, format!("{none} Server ServerEnded after 1"));
    let before_the_head = ends_as(|_| vec![Act::Close]).await;
    assert_eq!(before_the_head, format!("{none} Server ServerEnded after 0"));
    let instead_of_a_head = ends_as(|_| vec![Act::Reset]).await;
    assert_eq!(instead_of_a_head, format!("{none} Server ServerReset after 0"));
    let garbage = ends_as(|_| vec![raw("nonsense\r\n\r\n"), Act::Hang]).await;
    assert_eq!(garbage, format!("{none} Client Failed after 0"));
    let bad_chunk =
        ends_as(|_| vec![raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"), Act::Hang])
            .await;
    assert_eq!(bad_chunk, format!("{none} Client Failed after 1"));
}

#[tokio::test]
async fn a_canceled_fetch_closes_its_connection() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/head" => vec![Act::Hang],
        _ => vec![raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"), Act::Hang],
    })
    .await;
    for (path, carried) in [("/head", 0), ("/body", 1)] {
        let (client, log) = (client(), Arc::new(Log::default()));
        let fetch = async {
            let mut response = client.fetch(image(&server.url(path)), log.clone()).await.unwrap();
            response.body.chunk().await.unwrap().unwrap();
            response.body.chunk().await
        };
        assert!(tokio::time::timeout(Duration::from_millis(60), fetch).await.is_err());
        assert_eq!(log.closed(1).await, [(1, ClosedBy::Client, CloseReason::Canceled, carried)], "{path}");
        // The server sees it too: its hanging ends.
        while server.open() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

#[tokio::test]
async fn a_canceled_fetch_over_h2_leaves_the_connection_to_the_others() {
    let server = TlsServer::start(Speaks::Http2, "a.test", false).await;
    let client =
        Client::new(ClientConfig { extra_ca_pem: vec![server.authority_pem.clone()], ..config() }).unwrap();
    let first = get(&client, &server.url("/1")).await.map_err(|e| e.0).unwrap();
    let log = Arc::new(Log::default());
    let canceled = client.fetch(image(&server.url("/2")), log.clone());
    assert!(tokio::time::timeout(Duration::from_millis(5), canceled).await.is_err());
    let third = get(&client, &server.url("/3")).await.map_err(|e| e.0).unwrap();
    assert_eq!(
        (first.log.used().0, third.log.used().0, third.log.used().1),
        (first.log.used().0, first.log.used().0, true)
    );
    assert_eq!(server.connections(), 1);
    drop(client);
    assert_eq!(first.log.closed(1).await, [(1, ClosedBy::Client, CloseReason::ClientGone, 2)]);
}

#[tokio::test(start_paused = true)]
async fn idle_connections_are_closed_in_time() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/short" => reply("200 OK", &["keep-alive: timeout=10"], "x"),
        _ => ok("x"),
    })
    .await;
    for (path, seconds) in [("/long", 300), ("/short", 9)] {
        let client = client();
        let fetched = get(&client, &server.url(path)).await.map_err(|e| e.0).unwrap();
        tokio::time::sleep(Duration::from_secs(seconds) - Duration::from_millis(10)).await;
        assert!(!fetched.log.connections().contains("Closed"), "{path}: {}", fetched.log.connections());
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(
            fetched.log.closed(1).await,
            [(1, ClosedBy::Client, CloseReason::IdleTimeout, 1)],
            "{path}"
        );
        let again = get(&client, &server.url(path)).await.map_err(|e| e.0).unwrap();
        assert!(!again.log.used().1, "a new one");
    }
    // One that was opened ahead of need and never used.
    let (client, log) = (client(), Arc::new(Log::default()));
    client.preconnect(&Url::parse(&server.url("/")).unwrap(), Credentials::Include, log.clone());
    tokio::time::sleep(Duration::from_secs(59)).await;
    assert_eq!(log.connections(), "1 Opening, 1 Opened");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(log.closed(1).await, [(1, ClosedBy::Client, CloseReason::IdleTimeout, 0)]);
}

#[tokio::test]
async fn a_response_is_measured() {
    let server = Server::start(|_| ok(vec![b'x'; 50_000])).await;
    let client = client();
    let first = get(&client, &server.url("/")).await.map_err(|e| e.0).unwrap();
    let second = get(&client, &server.url("/")).await.map_err(|e| e.0).unwrap();
    let measured = |log: &Log| {
        log.connection_events().into_iter().find_map(|event| match event.kind {
            ConnectionEventKind::Measured { fetch, tcp, .. } => Some((fetch.0, tcp)),
            _ => None,
        })
    };
    let ((fetch, tcp), (_, later)) = (measured(&first.log).unwrap(), measured(&second.log).unwrap());
    assert_eq!(fetch, 1);
    assert!(tcp.rtt > Duration::ZERO && tcp.congestion_window > 0 && tcp.segment_size > 0, "{tcp:?}");
    assert!((50_000..51_000).contains(&tcp.bytes_received), "head and body: {tcp:?}");
    assert_eq!(later.bytes_received, 2 * tcp.bytes_received, "since the connection was opened");
    assert!(later.bytes_acknowledged > tcp.bytes_acknowledged);
}

#[tokio::test]
async fn the_request_is_told_before_the_response_comes() {
    let server = Server::start(|_| vec![Act::Hang]).await;
    let (client, log) = (client(), Arc::new(Log::default()));
    let fetch = client.fetch(image(&server.url("/")), log.clone());
    assert!(tokio::time::timeout(Duration::from_millis(60), fetch).await.is_err());
    assert!(log.names().ends_with("ConnectEnd ConnectionUsed RequestSent Canceled"), "{}", log.names());
}

async fn settled(log: &Log) {
    for _ in 0..1000 {
        if log.connections().contains("Opened") || log.connections().contains("OpenFailed") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    // The connection goes to the pool in a task of the library's.
    tokio::time::sleep(Duration::from_millis(5)).await;
}

#[tokio::test]
async fn preconnect_http1() {
    let server = Server::start(|_| ok("x")).await;
    let (client, log) = (client(), Arc::new(Log::default()));
    let url = Url::parse(&server.url("/")).unwrap();
    client.preconnect(&url, Credentials::Include, log.clone());
    settled(&log).await;
    client.preconnect(&url, Credentials::Include, log.clone());
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(log.connections(), "1 Opening, 1 Opened", "one is enough");
    assert!(log.events().is_empty(), "no fetch has a story");
    let cause = log.connection_events().into_iter().find_map(|event| match event.kind {
        ConnectionEventKind::Opening { cause, .. } => Some(cause),
        _ => None,
    });
    assert_eq!(cause, Some(OpenedFor::Preconnect));
    assert_eq!((server.connections(), server.seen().len()), (1, 0), "no request was sent");
    let fetched = get(&client, url.as_str()).await.map_err(|e| e.0).unwrap();
    assert_eq!(
        fetched.log.names(),
        "Requested Cache Released ConnectionUsed RequestSent ResponseStart Data Ended"
    );
    assert!(!fetched.log.used().1, "it is the first over this connection");
    assert_eq!((server.connections(), server.seen().len()), (1, 1));
    assert!(server.seen()[0].head.starts_with("GET / HTTP/1.1\r\n"));
}

#[tokio::test]
async fn preconnect_https() {
    for (speaks, protocol) in [(Speaks::Http1, Protocol::Http11), (Speaks::Http2, Protocol::Http2)] {
        let server = TlsServer::start(speaks, "a.test", false).await;
        let client =
            Client::new(ClientConfig { extra_ca_pem: vec![server.authority_pem.clone()], ..config() })
                .unwrap();
        let (url, log) = (Url::parse(&server.url("/")).unwrap(), Arc::new(Log::default()));
        client.preconnect(&url, Credentials::Include, log.clone());
        settled(&log).await;
        let fetched = get(&client, url.as_str()).await.map_err(|e| e.0).unwrap();
        assert_eq!(fetched.body, b"/");
        assert!(!fetched.log.names().contains("ConnectStart"), "{}", fetched.log.names());
        assert!(!fetched.log.used().1);
        assert_eq!((server.connections(), server.requests()), (1, 1));
        let opened = log.connection_events().into_iter().find_map(|event| match event.kind {
            ConnectionEventKind::Opened { protocol, tls, dns, tls_start, .. } => {
                Some((protocol, tls, dns, tls_start))
            }
            _ => None,
        });
        let (told, tls, dns, tls_start) = opened.unwrap();
        assert_eq!(told, protocol);
        assert!(dns.is_some() && tls_start.is_some() && tls.is_some());
    }
}

#[tokio::test]
async fn a_request_waits_for_the_connection_that_is_opened_ahead_of_it() {
    for speaks in [Speaks::Http1, Speaks::Http2] {
        let server = TlsServer::start(speaks, "a.test", false).await;
        let client =
            Client::new(ClientConfig { extra_ca_pem: vec![server.authority_pem.clone()], ..config() })
                .unwrap();
        let (url, log) = (Url::parse(&server.url("/")).unwrap(), Arc::new(Log::default()));
        client.preconnect(&url, Credentials::Include, log.clone());
        tokio::task::yield_now().await;
        let fetched = get(&client, url.as_str()).await.map_err(|e| e.0).unwrap();
        assert_eq!(server.connections(), 1);
        assert!(!fetched.log.used().1);
    }
}

#[tokio::test]
async fn preconnect_that_fails() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let (client, log) = (client(), Arc::new(Log::default()));
    let url = Url::parse(&format!("http://a.test:{free}/")).unwrap();
    client.preconnect(&url, Credentials::Include, log.clone());
    settled(&log).await;
    assert_eq!(log.connections(), "1 Opening, 1 OpenFailed");
    assert!(get(&client, url.as_str()).await.is_err(), "and nobody is held up by it");
    for url in ["data:,x", "http://a.test:25/", "file:///"] {
        client.preconnect(&Url::parse(url).unwrap(), Credentials::Include, log.clone());
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(log.connections(), "1 Opening, 1 OpenFailed");
}

#[tokio::test]
async fn dns_prefetch_is_told() {
    let (client, log) = (client(), Arc::new(Log::default()));
    client.dns_prefetch("a.test", log.clone());
    client.dns_prefetch("nosuch.test", log.clone());
    for _ in 0..1000 {
        if log.lookups().len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let lookups = log.lookups();
    let of = |host: &str| lookups.iter().find(|lookup| lookup.host == host).unwrap().answer.clone();
    assert_eq!(of("a.test").unwrap().0, [std::net::IpAddr::from([127, 0, 0, 1])]);
    assert_eq!(of("nosuch.test").unwrap_err(), "no address for host nosuch.test");
}

#[tokio::test]
async fn goodbye_over_h2() {
    let server = TlsServer::start(Speaks::Http2Goodbye, "a.test", false).await;
    let client =
        Client::new(ClientConfig { extra_ca_pem: vec![server.authority_pem.clone()], ..config() }).unwrap();
    let first = get(&client, &server.url("/1")).await.map_err(|e| e.0).unwrap();
    let closed = first.log.closed(1).await;
    assert_eq!((closed[0].0, closed[0].1, closed[0].3), (1, ClosedBy::Server, 1));
    assert!(matches!(closed[0].2, CloseReason::GoAway | CloseReason::ServerEnded), "{closed:?}");
}

#[tokio::test]
async fn a_misdirected_request_goes_elsewhere_once() {
    let server = Server::start(|seen| match (seen.connection, seen.path.as_str()) {
        (0, "/2") | (_, "/never") => reply("421 Misdirected Request", &[], "no"),
        _ => ok("x"),
    })
    .await;
    let client = client();
    let first = get(&client, &server.url("/1")).await.map_err(|e| e.0).unwrap();
    let second = get(&client, &server.url("/2")).await.map_err(|e| e.0).unwrap();
    assert_eq!((second.status, second.log.used().1, server.connections()), (200, false, 2));
    assert_eq!(first.log.closed(1).await, [(1, ClosedBy::Client, CloseReason::Misdirected, 2)]);
    let seen = server.seen().len();
    let third = get(&client, &server.url("/never")).await.map_err(|e| e.0).unwrap();
    assert_eq!((third.status, server.seen().len() - seen), (421, 2));
    let starts = third.log.events();
    let starts = starts.iter().filter(|event| matches!(event.kind, NetEventKind::ResponseStart { .. }));
    assert_eq!(starts.count(), 2);
}
