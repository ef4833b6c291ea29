//! A server that speaks http and https on one port, so that a port says nothing about the scheme.

use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, Issuer, KeyPair};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Who signs the servers' certificates.
pub(crate) struct Authority {
    pub(crate) pem: Vec<u8>,
    acceptor: TlsAcceptor,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let pem = authority.self_signed(&authority_key).unwrap().pem().into_bytes();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().unwrap();
        let names = ["a.test", "b.test", "x.a.test", "a.co.uk", "127.0.0.1"].map(str::to_owned);
        let cert = CertificateParams::new(names.to_vec()).unwrap().signed_by(&key, &issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(cert.der().to_vec())],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        Self { pem, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }
}

/// A request as a server has read it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The head as it came, without the empty line.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Seen {
    /// All lines of a header, joined.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let values: Vec<&str> =
            lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect();
        (!values.is_empty()).then(|| values.join(" | "))
    }
}

type Script = Arc<dyn Fn(&Seen) -> String + Send + Sync>;

/// The server. It ends with its runtime.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// The script gives status line and header lines, without the length.
    pub(crate) async fn start(
        authority: &Authority,
        script: impl Fn(&Seen) -> String + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (log, script, acceptor): (_, Script, _) =
            (seen.clone(), Arc::new(script), authority.acceptor.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(accept(stream, acceptor.clone(), log.clone(), script.clone()));
            }
        });
        Self { port, seen }
    }

    pub(crate) fn url(&self, scheme_and_host: &str, path: &str) -> String {
        format!("{scheme_and_host}:{}{path}", self.port)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// What was seen since this was asked last.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

async fn accept(stream: TcpStream, acceptor: TlsAcceptor, log: Arc<Mutex<Vec<Seen>>>, script: Script) {
    let mut first = [0];
    // A TLS handshake begins with the byte 22, and no method does.
    if stream.peek(&mut first).await.is_ok() && first[0] == 22 {
        if let Ok(stream) = acceptor.accept(stream).await {
            serve("https", stream, &log, &script).await;
        }
    } else {
        serve("http", stream, &log, &script).await;
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    scheme: &'static str,
    mut stream: S,
    log: &Mutex<Vec<Seen>>,
    script: &Script,
) -> Option<()> {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at;
            }
            if stream.read_buf(&mut buffer).await.ok()? == 0 {
                return None;
            }
        };
        let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
        buffer.drain(..end + 4);
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
        });
        while buffer.len() < length.unwrap_or(0) {
            if stream.read_buf(&mut buffer).await.ok()? == 0 {
                return None;
            }
        }
        let body = String::from_utf8(buffer.drain(..length.unwrap_or(0)).collect()).unwrap();
        let mut words = head.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let seen = Seen { scheme, method, path, head, body };
        log.lock().unwrap().push(seen.clone());
        let mut answer = format!("HTTP/1.1 {}", script(&seen).trim_end());
        if !answer.contains("304 ") {
            answer.push_str("\r\ncontent-length: 0");
        }
        answer.push_str("\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}
