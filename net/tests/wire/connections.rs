//! How many connections are opened, when they are used again, and what is told of it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use siskin_net::{Client, ClientConfig, Fetch, FetchId, HostOverride, NetEventKind, Priority};

use crate::server::{Act, Server, ok, raw, reply_bytes};
use crate::story::Log;
use crate::{client, get, image, run};

#[tokio::test]
async fn a_connection_is_kept_and_its_phases_are_told_once() {
    let server = Server::start(|_| ok("x")).await;
    let client = client();
    let first = get(&client, &server.url("/1")).await.map_err(|e| e.0).unwrap();
    assert_eq!(
        first.log.names(),
        "Requested Cache Released DnsStart DnsEnd ConnectStart ConnectEnd ConnectionUsed RequestSent \
         ResponseStart Data Ended"
    );
    let second = get(&client, &server.url("/2")).await.map_err(|e| e.0).unwrap();
    assert_eq!(
        second.log.names(),
        "Requested Cache Released ConnectionUsed RequestSent ResponseStart Data Ended"
    );
    assert_eq!((first.log.used().1, second.log.used().1), (false, true));
    assert_eq!(first.log.used().0, second.log.used().0);
    assert_eq!(server.connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_requests_one_after_the_other_over_one_connection() {
    let server = Server::start(|seen| ok(seen.path.repeat(500))).await;
    let client = client();
    for number in 0..20 {
        get(&client, &server.url(&format!("/{number}"))).await.map_err(|e| e.0).unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_is_to_be_closed_is_not_waited_for() {
    let server =
        Server::start(|_| vec![Act::Send(reply_bytes("200 OK", &["connection: close"], "x")), Act::Close])
            .await;
    let client = client();
    for _ in 0..3 {
        let fetched = get(&client, &server.url("/")).await.map_err(|e| e.0).unwrap();
        assert!(!fetched.log.used().1);
    }
    assert_eq!(server.connections(), 3);
}

async fn at_most_six() {
    let server = Server::start(|_| {
        vec![Act::Pause(Duration::from_millis(10)), raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")]
    })
    .await;
    let client = client();
    let urls: Vec<String> = (0..20).map(|i| server.url(&format!("/{i}"))).collect();
    let fetched = join_all(urls.iter().map(|url| get(&client, url))).await;
    let fetched: Vec<_> = fetched.into_iter().map(|f| f.map_err(|e| e.0).unwrap()).collect();
    assert_eq!((server.connections(), server.most_open()), (6, 6));
    let used: HashSet<_> = fetched.iter().map(|fetched| fetched.log.used().0).collect();
    assert_eq!(used.len(), 6);
    assert_eq!(fetched.iter().filter(|fetched| !fetched.log.used().1).count(), 6, "each is new once");
}

#[tokio::test]
async fn twenty_requests_at_once_use_six_connections() {
    at_most_six().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_requests_at_once_use_six_connections_on_two_threads() {
    at_most_six().await;
}

#[tokio::test]
async fn a_server_that_closes_without_saying_so() {
    let server = Server::start(|_| [ok("x"), vec![Act::Close]].concat()).await;
    let client = client();
    for _ in 0..4 {
        assert_eq!(get(&client, &server.url("/")).await.map_err(|e| e.0).unwrap().body, b"x");
    }
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn the_next_address_is_tried() {
    let server = Server::start(|_| ok("x")).await;
    let addresses: Vec<std::net::IpAddr> =
        vec![std::net::Ipv6Addr::LOCALHOST.into(), std::net::Ipv4Addr::LOCALHOST.into()];
    let overrides = vec![HostOverride { host: "two.test".to_owned(), port: None, addresses }];
    let config = ClientConfig { overrides, ..ClientConfig::default() };
    let client = Client::new(config).unwrap();
    let fetched = get(&client, &server.url_on("two.test", "/")).await.map_err(|e| e.0).unwrap();
    let (told, used) =
        fetched.log.events().into_iter().fold((None, None), |(told, used), event| match event.kind {
            NetEventKind::DnsEnd { addresses, .. } => (Some(addresses), used),
            NetEventKind::ConnectionUsed { remote, .. } => (told, remote),
            _ => (told, used),
        });
    assert_eq!(told.unwrap().len(), 2);
    assert!(used.unwrap().is_ipv4());
}

#[tokio::test]
async fn priority_goes_first() {
    // One of the first six is done long before the others: its place goes to the most urgent one.
    let server = Server::start(|seen| {
        let time = if seen.path == "/low0" { 20 } else { 200 };
        [vec![Act::Pause(Duration::from_millis(time))], ok("x")].concat()
    })
    .await;
    let client = client();
    let low = (0..8).map(|i| image(&server.url(&format!("/low{i}"))));
    let mut high = image(&server.url("/high"));
    high.priority = Priority::High;
    for fetched in join_all(low.chain([high]).map(|request| run(&client, request))).await {
        fetched.map_err(|e| e.0).unwrap();
    }
    assert_eq!(server.seen()[6].path, "/high");
}

#[tokio::test]
async fn a_stale_connection_is_replaced_once_for_requests_without_body() {
    // Each connection answers once and is closed when the next request has come.
    let server = Server::start(|seen| {
        let first_of_connection = seen.path != "/second" || seen.connection > 0;
        if first_of_connection { ok("x") } else { vec![Act::Close] }
    })
    .await;
    let client_of_get = client();
    get(&client_of_get, &server.url("/first")).await.map_err(|e| e.0).unwrap();
    let fetched = get(&client_of_get, &server.url("/second")).await.map_err(|e| e.0).unwrap();
    assert_eq!((fetched.status, fetched.log.used().1), (200, false));

    let server = Server::start(|seen| if seen.path == "/first" { ok("x") } else { vec![Act::Close] }).await;
    let client = client();
    get(&client, &server.url("/first")).await.map_err(|e| e.0).unwrap();
    let mut post = image(&server.url("/second"));
    post.method = http::Method::POST;
    post.body = Some("data".into());
    assert!(run(&client, post).await.is_err());
    assert_eq!(server.seen().len(), 2, "a POST is not sent twice");
    assert!(get(&client, &server.url("/second")).await.is_err(), "a new connection is not tried again");
}

#[tokio::test]
async fn dropping_cancels_before_and_after_the_head() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/head" => vec![Act::Hang],
        _ => vec![raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"), Act::Hang],
    })
    .await;
    let client = client();
    for path in ["/head", "/body"] {
        let log = Arc::new(Log::default());
        let fetch = async {
            let mut response = client.fetch(image(&server.url(path)), log.clone()).await.unwrap();
            response.body.chunk().await.unwrap().unwrap();
            response.body.chunk().await
        };
        assert!(tokio::time::timeout(Duration::from_millis(100), fetch).await.is_err());
        log.check();
        assert!(log.names().ends_with("Canceled"), "{}", log.names());
    }
    let log = Arc::new(Log::default());
    drop(client.fetch(image(&server.url("/never")), log.clone()));
    assert_eq!(log.names(), "Requested Canceled");
}

#[tokio::test]
async fn a_canceled_request_makes_room() {
    let server = Server::start(|seen| if seen.path == "/hang" { vec![Act::Hang] } else { ok("x") }).await;
    let client = client();
    let url = server.url("/hang");
    let hanging = join_all((0..6).map(|_| get(&client, &url)));
    let waiting = tokio::spawn({
        let (client, url) = (client.clone(), server.url("/x"));
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            get(&client, &url).await.map_err(|e| e.0).unwrap().status
        }
    });
    assert!(tokio::time::timeout(Duration::from_millis(100), hanging).await.is_err());
    assert_eq!(waiting.await.unwrap(), 200);
}

#[tokio::test]
async fn bodies_are_uploaded_with_their_size() {
    let server = Server::start(|seen| ok(&seen.body)).await;
    let mut post = image(&server.url("/echo"));
    (post.method, post.id) = (http::Method::POST, FetchId(7));
    post.body = Some(vec![b'z'; 100_000].into());
    let fetched = run(&client(), post).await.map_err(|e| e.0).unwrap();
    assert_eq!(fetched.body.len(), 100_000);
    let sent = fetched.log.events().into_iter().find_map(|event| match event.kind {
        NetEventKind::RequestSent { headers, body_size } => Some((headers, body_size)),
        _ => None,
    });
    let (headers, size) = sent.unwrap();
    assert_eq!((headers["content-length"].to_str().unwrap(), size), ("100000", 100_000));
}
