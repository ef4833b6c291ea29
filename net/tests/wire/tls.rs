//! A server that speaks TLS with a certificate made for the test, over it HTTP/1.1 or HTTP/2.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use rcgen::{CertificateParams, Issuer, KeyPair};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::server::{read_request, reply_bytes};

/// What a TLS server speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaks {
    Http1,
    Http2,
    /// Says goodbye to the first connection after its first request.
    Http2Goodbye,
    /// Refuses the first request of all.
    Http2Refusal,
}

/// Answers every request with its path.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
    most_streams: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    /// The authority that signed the server's certificate.
    pub(crate) authority_pem: Vec<u8>,
}

impl TlsServer {
    /// A server whose certificate is for `name`, and expired if `expired`.
    pub(crate) async fn start(speaks: Speaks, name: &str, expired: bool) -> Self {
        let (config, authority_pem) = server_config(speaks, name, expired);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, most_streams) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let requests = Arc::new(AtomicUsize::new(0));
        let (count, most, asked) = (connections.clone(), most_streams.clone(), requests.clone());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let number = count.fetch_add(1, Ordering::SeqCst);
                let (acceptor, most, asked) = (acceptor.clone(), most.clone(), asked.clone());
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    if speaks != Speaks::Http1 {
                        let speaks = if number == 0 { speaks } else { Speaks::Http2 };
                        serve_h2(stream, &most, &asked, speaks).await;
                        return;
                    }
                    let mut buffer = Vec::new();
                    while let Some((path, ..)) = read_request(&mut stream, &mut buffer).await {
                        asked.fetch_add(1, Ordering::SeqCst);
                        let headers = [format!("x-connection: {number}")];
                        let reply = reply_bytes("200 OK", &[&headers[0]], path);
                        if stream.write_all(&reply).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { port, connections, most_streams, requests, authority_pem }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://a.test:{}{path}", self.port)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Requests that came.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// The most requests that were open at the same time on one HTTP/2 connection.
    pub(crate) fn most_streams(&self) -> usize {
        self.most_streams.load(Ordering::SeqCst)
    }
}

async fn serve_h2<S>(stream: S, most: &AtomicUsize, asked: &AtomicUsize, speaks: Speaks)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    let open = Arc::new(AtomicUsize::new(0));
    let mut first = true;
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        if std::mem::take(&mut first) {
            match speaks {
                Speaks::Http2Goodbye => connection.graceful_shutdown(),
                Speaks::Http2Refusal => {
                    respond.send_reset(h2::Reason::REFUSED_STREAM);
                    continue;
                }
                _ => {}
            }
        }
        asked.fetch_add(1, Ordering::SeqCst);
        most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let open = open.clone();
        tokio::spawn(async move {
            let path = request.uri().path().to_owned();
            // So that those asked for together are open together.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            let response = http::Response::builder().header("content-type", "text/plain").body(()).unwrap();
            if let Ok(mut body) = respond.send_response(response, false) {
                let _ = body.send_data(Bytes::from(path), true);
            }
            open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

fn server_config(speaks: Speaks, name: &str, expired: bool) -> (ServerConfig, Vec<u8>) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_cert = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    }
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
    config.alpn_protocols = match speaks {
        Speaks::Http1 => vec![b"http/1.1".to_vec()],
        _ => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
    };
    (config, authority_cert.pem().into_bytes())
}
