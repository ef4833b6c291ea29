//! What a browser's network stack costs beside plain reqwest doing the same work: the same requests, byte for byte,
//! to the same server on loopback.
//!
//! - `cached_1000`: 1,000 small responses out of the memory cache (reqwest has none: nothing to compare with);
//! - `kept_alive_1000`: 1,000 small responses, one after another, over one HTTP/1.1 connection;
//! - `tls_h2_200`: 200 small responses, all at once, over one HTTP/2 connection with TLS.
//!
//! Both sides are the same where it counts: one runtime on one thread for both, each connection opened (TLS included)
//! before the clock runs, no cache, nothing to decode, each body read to its end. Nobody listens to the events, because
//! reqwest has none to tell. HTTP/2 windows differ, but both are larger than all that is sent.
#![allow(missing_docs, reason = "criterion's macros make public items without docs")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run says why by panicking")]

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::future::join_all;
use http::{HeaderMap, HeaderValue, header};
use siskin_net::{
    CacheChoice, Client, ClientConfig, Destination, Fetch, FetchId, Initiator, InitiatorKind, NetEvent,
    NetEventKind, NullObserver, Observer, Priority, Request, ResolverChoice,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ClientConfig as TlsClientConfig, RootCertStore, ServerConfig};
use url::Url;

/// As long as a small icon.
const BODY: [u8; 800] = [b'x'; 800];

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 800\r\nContent-Type: image/png\r\n\
                    Cache-Control: max-age=31536000\r\n\r\n";

fn benches(criterion: &mut Criterion) {
    cached(criterion);
    kept_alive(criterion);
    tls_h2(criterion);
}

fn cached(criterion: &mut Criterion) {
    let (runtime, server) = (runtime(), on_a_thread(serve_h1));
    let client = Client::new(config(CacheChoice::Memory, &[])).unwrap();
    let url = Url::parse(&format!("http://{server}/icon.png")).unwrap();
    runtime.block_on(siskin(&client, &url, 0));
    criterion.bench_function("cached_1000/siskin", |bench| {
        bench.iter(|| {
            runtime.block_on(async {
                for number in 1..=1000 {
                    siskin(&client, &url, number).await;
                }
            });
        });
    });
}

fn kept_alive(criterion: &mut Criterion) {
    let (runtime, server) = (runtime(), on_a_thread(serve_h1));
    let url = Url::parse(&format!("http://{server}/icon.png")).unwrap();
    let mut group = criterion.benchmark_group("kept_alive_1000");
    let ours = Client::new(config(CacheChoice::Off, &[])).unwrap();
    let headers = runtime.block_on(sent_headers(&ours, &url));
    group.bench_function("siskin", |bench| {
        bench.iter(|| {
            runtime.block_on(async {
                for number in 0..1000 {
                    siskin(&ours, &url, number).await;
                }
            });
        });
    });
    let theirs = plain(None, headers);
    group.bench_function("reqwest", |bench| {
        bench.iter(|| {
            runtime.block_on(async {
                for _ in 0..1000 {
                    reqwest(&theirs, &url).await;
                }
            });
        });
    });
}

fn tls_h2(criterion: &mut Criterion) {
    let runtime = runtime();
    let (acceptor, authority, pem) = certificate();
    let server = on_a_thread(move |stream| serve_h2(stream, acceptor.clone()));
    let url = Url::parse(&format!("https://localhost:{}/icon.png", server.port())).unwrap();
    let mut group = criterion.benchmark_group("tls_h2_200");
    let ours = Client::new(config(CacheChoice::Off, &[pem])).unwrap();
    let headers = runtime.block_on(sent_headers(&ours, &url));
    group.bench_function("siskin", |bench| {
        bench.iter(|| {
            runtime.block_on(join_all((0..200).map(|number| siskin(&ours, &url, number))));
        });
    });
    let theirs = plain(Some(authority), headers);
    runtime.block_on(reqwest(&theirs, &url));
    group.bench_function("reqwest", |bench| {
        bench.iter(|| {
            runtime.block_on(join_all((0..200).map(|_| reqwest(&theirs, &url))));
        });
    });
}

async fn siskin(client: &Client, url: &Url, number: u64) {
    let response = client.fetch(image(url, number), Arc::new(NullObserver)).await.unwrap();
    assert_eq!(response.body.collect().await.unwrap().len(), BODY.len());
}

async fn reqwest(client: &reqwest::Client, url: &Url) {
    let response = client.get(url.clone()).send().await.unwrap();
    assert_eq!(response.bytes().await.unwrap().len(), BODY.len());
}

fn image(url: &Url, number: u64) -> Request {
    let initiator = Initiator { kind: InitiatorKind::Parser, url: None, fetch: None };
    Request {
        priority: Priority::High,
        ..Request::subresource(FetchId(number), url.clone(), Destination::Image, initiator)
    }
}

/// The headers with which our client asks, for the other one to ask with too.
async fn sent_headers(client: &Client, url: &Url) -> HeaderMap {
    struct Sent(std::sync::Mutex<HeaderMap>);
    impl Observer for Sent {
        fn on_event(&self, event: NetEvent) {
            if let NetEventKind::RequestSent { headers, .. } = event.kind {
                *self.0.lock().unwrap() = headers;
            }
        }
    }
    let sent = Arc::new(Sent(std::sync::Mutex::default()));
    let response = client.fetch(image(url, 0), sent.clone()).await.unwrap();
    response.body.collect().await.unwrap();
    let mut headers = sent.0.lock().unwrap().clone();
    headers.remove(header::HOST);
    headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    headers
}

fn config(cache: CacheChoice, authorities: &[Vec<u8>]) -> ClientConfig {
    ClientConfig {
        cache,
        resolver: ResolverChoice::System,
        extra_ca_pem: authorities.to_vec(),
        ..ClientConfig::default()
    }
}

/// Plain reqwest, with nothing that it would do beside the request itself.
fn plain(authority: Option<CertificateDer<'static>>, headers: HeaderMap) -> reqwest::Client {
    let mut roots = RootCertStore::empty();
    if let Some(authority) = authority {
        roots.add(authority).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = TlsClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    reqwest::Client::builder()
        .no_proxy()
        .default_headers(headers)
        .http1_title_case_headers()
        .tls_backend_preconfigured(tls)
        .build()
        .unwrap()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server in a runtime of its own, so that its work is the same for both.
fn on_a_thread<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + 'static,
{
    let (sender, address) = mpsc::channel();
    std::thread::spawn(move || {
        let local = tokio::task::LocalSet::new();
        local.block_on(&runtime(), async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                tokio::task::spawn_local(serve(stream));
            }
        });
    });
    address.recv().unwrap()
}

async fn serve_h1(mut stream: TcpStream) {
    let response = [HEAD.as_bytes(), &BODY].concat();
    let mut buffer = Vec::with_capacity(4096);
    loop {
        while !buffer.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
        buffer.clear();
        if stream.write_all(&response).await.is_err() {
            return;
        }
    }
}

async fn serve_h2(stream: TcpStream, acceptor: TlsAcceptor) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let mut builder = h2::server::Builder::new();
    let Ok(mut connection) = builder.max_concurrent_streams(1000).handshake::<_, Bytes>(stream).await else {
        return;
    };
    while let Some(Ok((_, mut respond))) = connection.accept().await {
        let response = http::Response::builder().header("content-type", "image/png").body(()).unwrap();
        if let Ok(mut body) = respond.send_response(response, false) {
            let _ = body.send_data(Bytes::from_static(&BODY), true);
        }
    }
}

/// A server's acceptor, and the authority that it is to be trusted by, as bytes and as text.
fn certificate() -> (TlsAcceptor, CertificateDer<'static>, Vec<u8>) {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_cert = authority.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let cert = params.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(cert.der().to_vec())],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let authority_der = CertificateDer::from(authority_cert.der().to_vec());
    (TlsAcceptor::from(Arc::new(config)), authority_der, authority_cert.pem().into_bytes())
}

criterion_group! {
    name = beside_reqwest;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4));
    targets = benches
}
criterion_main!(beside_reqwest);
