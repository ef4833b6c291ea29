//! HTTP/2 that goes wrong: what a server does with a stream or a connection, and what becomes of the request.
//! `chromium` as in [`crate::table`].

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use h2::Reason;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use siskin_net::{Client, ClientConfig, Phase, RootsChoice};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::certs::root;
use crate::{config, image, run};

/// What a server does with the first request of all; the others are answered with `ok`.
#[derive(Debug, Clone)]
enum Does {
    /// Answers so: header lines, body, trailers.
    Says(u16, Vec<(&'static str, String)>, &'static str, bool),
    /// Answers after so many interim responses of this status.
    Interim(u16, usize),
    Resets(Reason),
    /// Sends a head and a piece of body, then resets.
    ResetsInBody(Reason),
    /// Closes the connection without a word.
    Closes,
    ClosesInBody,
    /// GOAWAY, with the stream among those that will not be looked at or not.
    Leaves(Reason),
    /// Bytes that are no frame, instead of an answer.
    Babbles,
}

struct Served {
    port: u16,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    authority: Vec<u8>,
}

async fn serve(does: Does) -> Served {
    let authority = root("Root", |_| {});
    let shown = authority.server(&["a.test"], |_| {});
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(shown.chain, shown.key)
        .unwrap();
    tls.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (opened, asked) = (connections.clone(), requests.clone());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            opened.fetch_add(1, Ordering::SeqCst);
            let (acceptor, asked, does) = (acceptor.clone(), asked.clone(), does.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                if matches!(does, Does::Babbles) {
                    // A SETTINGS frame of 5 bytes, which cannot be.
                    let _ = stream.write_all(&[0, 0, 5, 4, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]).await;
                    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut Vec::new()).await;
                    return;
                }
                converse(stream, &asked, &does).await;
            });
        }
    });
    Served { port, connections, requests, authority: authority.pem }
}

async fn converse<S>(stream: S, asked: &AtomicUsize, does: &Does)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((_, mut respond))) = connection.accept().await {
        let head = || Response::builder().header("content-type", "text/plain").body(()).unwrap();
        if asked.fetch_add(1, Ordering::SeqCst) > 0 {
            respond.send_response(head(), false).unwrap().send_data(Bytes::from("ok"), true).unwrap();
            continue;
        }
        match does {
            Does::Says(status, lines, body, trailers) => {
                let mut head = Response::builder().status(*status);
                for (name, value) in lines {
                    head = head.header(*name, value);
                }
                let Ok(mut send) = respond.send_response(head.body(()).unwrap(), false) else { continue };
                let _ = send.send_data(Bytes::from(*body), !trailers);
                if *trailers {
                    let trailers =
                        HeaderMap::from_iter([(http::header::ETAG, HeaderValue::from_static("x"))]);
                    let _ = send.send_trailers(trailers);
                }
            }
            Does::Interim(status, count) => {
                for _ in 0..*count {
                    let head =
                        Response::builder().status(StatusCode::from_u16(*status).unwrap()).body(()).unwrap();
                    respond.send_informational(head).unwrap();
                }
                respond.send_response(head(), false).unwrap().send_data(Bytes::from("ok"), true).unwrap();
            }
            Does::Resets(reason) => respond.send_reset(*reason),
            Does::ResetsInBody(reason) => {
                let mut send = respond.send_response(head(), false).unwrap();
                send.send_data(Bytes::from("part"), false).unwrap();
                let reason = *reason;
                tokio::spawn(async move {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                    send.send_reset(reason);
                });
            }
            Does::Closes => return,
            Does::ClosesInBody => {
                let mut send = respond.send_response(head(), false).unwrap();
                send.send_data(Bytes::from("part"), false).unwrap();
                let flush = async { while let Some(Ok(_)) = connection.accept().await {} };
                let _ = tokio::time::timeout(std::time::Duration::from_millis(20), flush).await;
                return;
            }
            Does::Leaves(reason) => connection.abrupt_shutdown(*reason),
            Does::Babbles => return,
        }
    }
}

/// `STATUS BODY` or `PHASE: message`, and how many connections and requests it took.
async fn outcome(does: Does, method: Method) -> String {
    let server = serve(does).await;
    let client = Client::new(ClientConfig {
        extra_ca_pem: vec![server.authority.clone()],
        roots: RootsChoice::Nobody,
        ..config()
    })
    .unwrap();
    let mut request = image(&format!("https://a.test:{}/", server.port));
    request.method = method;
    let result = match run(&client, request).await {
        Ok(fetched) => {
            let body = String::from_utf8_lossy(&fetched.body).into_owned();
            format!("{} {body}", fetched.status)
        }
        Err((error, _)) => {
            assert!(matches!(error.phase, Phase::Wait | Phase::Receive), "{error}");
            format!("{}: {}", error.phase, error.message)
        }
    };
    let (connections, requests) =
        (server.connections.load(Ordering::SeqCst), server.requests.load(Ordering::SeqCst));
    format!("{result} ({connections}c {requests}r)")
}

#[tokio::test]
async fn table() {
    let same = "the same";
    let line = |size: usize| vec![("x-long", "y".repeat(size))];
    let lines = |count: usize| (0..count).map(|_| ("x-a", "b".to_owned())).collect::<Vec<_>>();
    let length = |length: &str| vec![("content-length", length.to_owned())];
    let rows = [
        ("plain", Does::Says(200, vec![], "hello", false), "200 hello (1c 1r)", same),
        ("trailers", Does::Says(200, vec![], "hello", true), "200 hello (1c 1r)", same),
        (
            "103, of which nothing is heard",
            Does::Interim(103, 1),
            "200 ok (1c 1r)",
            "reqwest: the first 103 of a page is used",
        ),
        ("many 103", Does::Interim(103, 20), "200 ok (1c 1r)", same),
        ("4000 lines", Does::Says(200, lines(4000), "hello", false), "200 hello (1c 1r)", same),
        ("a line of 200 kB", Does::Says(200, line(200_000), "hello", false), "200 hello (1c 1r)", same),
        ("the right length", Does::Says(200, length("5"), "hello", false), "200 hello (1c 1r)", same),
        (
            "a length too long",
            Does::Says(200, length("9"), "hello", false),
            "receive: the server broke the rules of HTTP/2: PROTOCOL_ERROR (1c 1r)",
            "reqwest: 200 hello",
        ),
        (
            "a length too short",
            Does::Says(200, length("2"), "hello", false),
            "receive: the server broke the rules of HTTP/2: PROTOCOL_ERROR (1c 1r)",
            "reqwest: 200 hello",
        ),
        ("refused", Does::Resets(Reason::REFUSED_STREAM), "200 ok (1c 2r)", same),
        (
            "an error of the server's",
            Does::Resets(Reason::INTERNAL_ERROR),
            "wait: the server reset the HTTP/2 stream: INTERNAL_ERROR (1c 1r)",
            same,
        ),
        (
            "canceled",
            Does::Resets(Reason::CANCEL),
            "wait: the server reset the HTTP/2 stream: CANCEL (1c 1r)",
            same,
        ),
        (
            "HTTP/1.1 wanted",
            Does::Resets(Reason::HTTP_1_1_REQUIRED),
            "wait: the server reset the HTTP/2 stream: HTTP_1_1_REQUIRED (1c 1r)",
            "tried again over HTTP/1.1",
        ),
        (
            "an error in the body",
            Does::ResetsInBody(Reason::INTERNAL_ERROR),
            "receive: the server reset the HTTP/2 stream: INTERNAL_ERROR (1c 1r)",
            same,
        ),
        (
            "reset without an error in the body",
            Does::ResetsInBody(Reason::NO_ERROR),
            "200 part (1c 1r)",
            same,
        ),
        ("closed", Does::Closes, "wait: the connection was closed before a response (1c 1r)", same),
        ("closed in the body", Does::ClosesInBody, "receive: the body ended early (1c 1r)", same),
        (
            "goodbye with an error",
            Does::Leaves(Reason::PROTOCOL_ERROR),
            "wait: connection closed by the server (1c 1r)",
            same,
        ),
        (
            "goodbye: be calm",
            Does::Leaves(Reason::ENHANCE_YOUR_CALM),
            "wait: connection closed by the server (1c 1r)",
            same,
        ),
        (
            "not HTTP/2",
            Does::Babbles,
            "wait: the server broke the rules of HTTP/2: PROTOCOL_ERROR (1c 0r)",
            same,
        ),
    ];
    let mut wrong = Vec::new();
    for (what, does, ours, chromium) in rows {
        let is = outcome(does, Method::GET).await;
        if is != ours {
            wrong.push(format!("{what}\n    is:     {is}\n    should: {ours}\n    Chromium: {chromium}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_post_is_sent_again_only_when_it_was_refused_unseen() {
    for (does, method, ours) in [
        (Does::Resets(Reason::REFUSED_STREAM), Method::POST, "200 ok (1c 2r)"),
        (
            Does::Resets(Reason::INTERNAL_ERROR),
            Method::POST,
            "wait: the server reset the HTTP/2 stream: INTERNAL_ERROR (1c 1r)",
        ),
        (Does::Closes, Method::POST, "wait: the connection was closed before a response (1c 1r)"),
    ] {
        let is = outcome(does.clone(), method).await;
        assert_eq!(is, ours, "{does:?}");
    }
}
