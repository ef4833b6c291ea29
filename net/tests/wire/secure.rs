//! HTTPS: phases, one connection for HTTP/2, certificates.

use futures_util::future::join_all;
use siskin_net::{Client, ClientConfig, ErrorKind, NetEventKind, Phase, Protocol};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::tls::{Speaks, TlsServer};
use crate::{config, get};

fn trusting(server: &TlsServer) -> Client {
    Client::new(ClientConfig { extra_ca_pem: vec![server.authority_pem.clone()], ..config() }).unwrap()
}

async fn six_at_once_over_one_h2_connection() {
    let server = TlsServer::start(Speaks::Http2, "a.test", false).await;
    let client = trusting(&server);
    let urls: Vec<String> = (0..6).map(|i| server.url(&format!("/{i}"))).collect();
    let fetched = join_all(urls.iter().map(|url| get(&client, url))).await;
    for (number, fetched) in fetched.into_iter().enumerate() {
        let fetched = fetched.map_err(|e| e.0).unwrap();
        assert_eq!(fetched.body, format!("/{number}").into_bytes());
        assert_eq!(fetched.log.used().1, number > 0, "the first one opened it");
        assert_eq!(fetched.log.names().contains("ConnectStart"), number == 0, "{}", fetched.log.names());
        let spoken = fetched.log.events().into_iter().find_map(|event| match event.kind {
            NetEventKind::ConnectionUsed { protocol, .. } => Some(protocol),
            _ => None,
        });
        assert_eq!(spoken, Some(Protocol::Http2));
    }
    assert_eq!(server.connections(), 1);
    assert!(server.most_streams() > 1, "they went at the same time");
}

#[tokio::test]
async fn six_at_once() {
    six_at_once_over_one_h2_connection().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_at_once_on_two_threads() {
    six_at_once_over_one_h2_connection().await;
}

#[tokio::test]
async fn an_h2_connection_that_ended_is_replaced_by_one() {
    let server = TlsServer::start(Speaks::Http2Goodbye, "a.test", false).await;
    let client = trusting(&server);
    get(&client, &server.url("/0")).await.map_err(|e| e.0).unwrap();
    let urls: Vec<String> = (1..7).map(|i| server.url(&format!("/{i}"))).collect();
    let fetched = join_all(urls.iter().map(|url| get(&client, url))).await;
    let fetched: Vec<_> = fetched.into_iter().map(|f| f.map_err(|e| e.0).unwrap()).collect();
    assert_eq!(server.connections(), 2);
    assert_eq!(fetched.iter().filter(|fetched| !fetched.log.used().1).count(), 1);
}

#[tokio::test]
async fn a_refused_stream_is_tried_again() {
    let server = TlsServer::start(Speaks::Http2Refusal, "a.test", false).await;
    let fetched = get(&trusting(&server), &server.url("/again")).await.map_err(|e| e.0).unwrap();
    assert_eq!((fetched.status, fetched.body.as_slice()), (200, &b"/again"[..]));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn http1_over_tls_opens_six_once_it_is_known() {
    let server = TlsServer::start(Speaks::Http1, "a.test", false).await;
    let client = trusting(&server);
    let urls: Vec<String> = (0..20).map(|i| server.url(&format!("/{i}"))).collect();
    for fetched in join_all(urls.iter().map(|url| get(&client, url))).await {
        fetched.map_err(|e| e.0).unwrap();
    }
    assert!(server.connections() <= 6, "{}", server.connections());
}

#[tokio::test]
async fn phases_and_facts_then_reuse_then_resumption() {
    let server = TlsServer::start(Speaks::Http1, "a.test", false).await;
    let client = trusting(&server);
    let first = get(&client, &server.url("/1")).await.map_err(|e| e.0).unwrap();
    assert_eq!(
        first.log.names(),
        "Requested Cache Released DnsStart DnsEnd ConnectStart TlsStart TlsEnd ConnectEnd ConnectionUsed \
         RequestSent ResponseStart Data Ended"
    );
    let facts = |log: &crate::story::Log| {
        log.events().into_iter().find_map(|event| match event.kind {
            NetEventKind::TlsEnd { facts, .. } => Some(facts),
            _ => None,
        })
    };
    let tls = facts(&first.log).unwrap();
    assert_eq!((tls.version.as_deref(), tls.resumed), (Some("TLSv1.3"), false));
    assert_eq!(tls.group.as_deref(), Some("X25519"));
    let second = get(&client, &server.url("/2")).await.map_err(|e| e.0).unwrap();
    assert!(second.log.used().1 && facts(&second.log).is_none(), "{}", second.log.names());
    // Two at once need a second connection, which resumes the first one's session.
    let (a, b) = (server.url("/3"), server.url("/4"));
    let both = [get(&client, &a), get(&client, &b)];
    let both: Vec<_> = join_all(both).await.into_iter().map(|f| f.map_err(|e| e.0).unwrap()).collect();
    if let Some(facts) = both.iter().find_map(|fetched| facts(&fetched.log)) {
        assert!(facts.resumed, "{facts:?}");
    }
}

#[tokio::test]
async fn certificates_that_are_not_acceptable() {
    let good = TlsServer::start(Speaks::Http1, "a.test", false).await;
    let other = TlsServer::start(Speaks::Http1, "other.test", false).await;
    let expired = TlsServer::start(Speaks::Http1, "a.test", true).await;
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain_url = format!("https://a.test:{}/", plain.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let _ = stream.read(&mut [0; 1024]).await;
    });
    let strict = Client::new(config()).unwrap();
    for (client, url, message) in [
        (&strict, good.url("/"), "certificate was issued by an authority that is not trusted"),
        (&trusting(&other), other.url("/"), "certificate is for other.test, not for a.test"),
        (&trusting(&expired), expired.url("/"), "certificate has expired"),
        (&strict, plain_url, "the server does not speak TLS on this port"),
    ] {
        let (error, log) = get(client, &url).await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Tls, Phase::Tls), "{error}");
        assert!(error.message.starts_with(message), "{error}");
        assert!(log.names().ends_with("TlsStart Failed"), "{}", log.names());
    }
    let lax = Client::new(ClientConfig { accept_invalid_certs: true, ..config() }).unwrap();
    for server in [&good, &other, &expired] {
        assert_eq!(get(&lax, &server.url("/")).await.map_err(|e| e.0).unwrap().status, 200);
    }
    let error =
        Client::new(ClientConfig { extra_ca_pem: vec![b"no PEM".to_vec()], ..config() }).err().unwrap();
    assert_eq!(error.kind, ErrorKind::Tls);
}
