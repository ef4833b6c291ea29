//! The table of badssl.com, with certificates made here: what is refused is refused with a message that says
//! why, and before the server has seen a byte of a request; what is good is accepted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair,
    NameConstraints, SanType, date_time_ymd,
};
use siskin_net::{
    Client, ClientConfig, ErrorKind, NetEventKind, Phase, ResolverChoice, RootsChoice, TlsFacts,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion, version};

use crate::certs::{Authority, Shown, params, root};
use crate::server::{read_request, reply_bytes};
use crate::story::Log;
use crate::{config, get};

const WEAK_AUTHORITY: &str = include_str!("fixtures/weak-ca.pem");
const SHA1_LEAF: &str = include_str!("fixtures/sha1-leaf.pem");
const RSA_KEY: &str = include_str!("fixtures/rsa2048.key.pem");

/// A TLS server that counts the bytes it is sent after the handshake.
struct Secure {
    port: u16,
    bytes: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Named {
    certified: Arc<CertifiedKey>,
    names: Arc<std::sync::Mutex<Vec<Option<String>>>>,
}

impl ResolvesServerCert for Named {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.names.lock().unwrap().push(hello.server_name().map(str::to_owned));
        Some(self.certified.clone())
    }
}

const NEW: &[&SupportedProtocolVersion] = &[&version::TLS13];
const OLD: &[&SupportedProtocolVersion] = &[&version::TLS12];

async fn secure(shown: Shown, versions: &[&'static SupportedProtocolVersion], alpn: &[&[u8]]) -> Secure {
    secure_with_names(shown, versions, alpn).await.0
}

async fn secure_with_names(
    shown: Shown,
    versions: &[&'static SupportedProtocolVersion],
    alpn: &[&[u8]],
) -> (Secure, Arc<std::sync::Mutex<Vec<Option<String>>>>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = provider.key_provider.load_private_key(shown.key).unwrap();
    let names: Arc<std::sync::Mutex<Vec<Option<String>>>> = Arc::default();
    let certified = Arc::new(CertifiedKey::new(shown.chain, key));
    let resolver = Arc::new(Named { certified, names: names.clone() });
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let bytes = Arc::new(AtomicUsize::new(0));
    let count = bytes.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, count) = (acceptor.clone(), count.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut buffer = Vec::new();
                while let Some((_, head, _)) = read_request(&mut stream, &mut buffer).await {
                    count.fetch_add(head.len(), Ordering::SeqCst);
                    if stream.write_all(&reply_bytes("200 OK", &[], "ok")).await.is_err() {
                        return;
                    }
                }
                count.fetch_add(buffer.len(), Ordering::SeqCst);
            });
        }
    });
    (Secure { port, bytes }, names)
}

/// A server that answers whatever it is sent first with these bytes.
async fn bytes_server(reply: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let reply = reply.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&reply).await;
                let _ = stream.read(&mut [0; 4096]).await;
            });
        }
    });
    port
}

fn trusting(authority: &Authority) -> Client {
    client(vec![authority.pem.clone()])
}

fn client(extra_ca_pem: Vec<Vec<u8>>) -> Client {
    let names = ["a.test", "b.test", "www.a.test"];
    let names = names.map(|name| (name.to_owned(), vec![[127, 0, 0, 1].into()]));
    let resolver = ResolverChoice::Fixed(names.into());
    Client::new(ClientConfig { extra_ca_pem, roots: RootsChoice::Nobody, resolver, ..config() }).unwrap()
}

fn facts(log: &Log) -> Option<TlsFacts> {
    log.events().into_iter().find_map(|event| match event.kind {
        NetEventKind::TlsEnd { facts, .. } => Some(facts),
        _ => None,
    })
}

async fn is_refused(client: &Client, server: &Secure, host: &str, message: &str) {
    let (error, log) =
        get(client, &format!("https://{host}:{}/", server.port)).await.err().unwrap_or_else(|| {
            panic!("accepted, though: {message}");
        });
    assert_eq!((error.kind, error.phase), (ErrorKind::Tls, Phase::Tls), "{error}");
    assert_eq!(error.message, message);
    assert!(log.names().ends_with("TlsStart Failed"), "{}", log.names());
    assert_eq!(log.connections(), "1 Opening, 1 OpenFailed", "{message}");
    assert_eq!(server.bytes.load(Ordering::SeqCst), 0, "no byte of a request: {message}");
}

#[tokio::test]
async fn certificates_that_are_refused() {
    let root_of = |name: &str| root(name, |_| {});
    let trusted = root_of("Good root");
    let middle = trusted.intermediate("Middle", |_| {});
    let host = &["a.test"][..];
    let plain = |_: &mut rcgen::CertificateParams| {};

    let mut self_signed = params("a.test", host);
    self_signed.is_ca = IsCa::NoCa;
    let other = root_of("Other root");
    let old_middle =
        trusted.intermediate("Old middle", |params| params.not_after = date_time_ymd(2002, 1, 1));
    let not_an_authority =
        trusted.intermediate("Not an authority", |params| params.is_ca = IsCa::ExplicitNoCa);
    let only_b = trusted.intermediate("Only b.test", |params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("b.test".to_owned())],
            excluded_subtrees: Vec::new(),
        });
    });
    let short =
        trusted.intermediate("Short", |params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)));
    let too_long = short.intermediate("Too long", |_| {});

    for (shown, message) in [
        (
            trusted.server(host, |params| {
                params.not_before = date_time_ymd(2001, 1, 1);
                params.not_after = date_time_ymd(2002, 1, 1);
            }),
            "certificate has expired",
        ),
        (
            trusted.server(host, |params| params.not_before = date_time_ymd(2900, 1, 1)),
            "certificate is not valid yet",
        ),
        (Shown::self_signed(&self_signed), "certificate is self-signed"),
        (
            other.server(host, plain).with(&other),
            "certificate was issued by an authority that is not trusted: Other root",
        ),
        (
            middle.server(host, plain),
            "certificate was issued by an authority that is not trusted, and the server sent no certificate of it: Middle",
        ),
        (trusted.server(&["b.test"], plain), "certificate is for b.test, not for a.test"),
        (trusted.server(&["*.a.test"], plain), "certificate is for *.a.test, not for a.test"),
        // A whole top-level domain, and a wildcard that is not alone in its label.
        (trusted.server(&["*.test"], plain), "certificate is for *.test, not for a.test"),
        (trusted.server(&["a*.test"], plain), "certificate is for a*.test, not for a.test"),
        (
            trusted.server(&["b.test", "c.test", "d.test", "e.test"], plain),
            "certificate is for b.test, c.test, d.test, not for a.test",
        ),
        (trusted.server(&[], plain), "certificate is for no host, not for a.test"),
        (
            trusted.server(&[], |params| {
                // What old browsers would have taken for a.test.
                params.subject_alt_names = vec![SanType::DnsName("a.test\0.b.test".try_into().unwrap())];
            }),
            "certificate is for a.test\\0.b.test, not for a.test",
        ),
        (
            trusted.server(host, |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
            "certificate is an authority's (perhaps self-signed), not a server's",
        ),
        (
            not_an_authority.server(host, plain).with(&not_an_authority),
            "certificate was signed by a certificate that is not an authority's",
        ),
        (
            only_b.server(host, plain).with(&only_b),
            "certificate is for a name that its authority may not sign for",
        ),
        (
            too_long.server(host, plain).with(&too_long).with(&short),
            "certificate has a chain that is too long",
        ),
        (old_middle.server(host, plain).with(&old_middle), "certificate has expired"),
        (
            trusted.server(host, |params| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            }),
            "certificate is not meant for servers",
        ),
        (
            trusted.server(host, |params| {
                let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4, 5], vec![5, 0]);
                extension.set_criticality(true);
                params.custom_extensions.push(extension);
            }),
            "certificate has an extension that is not known",
        ),
    ] {
        let server = secure(shown, NEW, &[]).await;
        is_refused(&trusting(&trusted), &server, "a.test", message).await;
    }
    let weak = client(vec![WEAK_AUTHORITY.as_bytes().to_vec()]);
    let server = secure(Shown::from_pem(SHA1_LEAF, RSA_KEY), NEW, &[]).await;
    let message = "certificate is signed with a weak or unknown algorithm: sha1WithRSAEncryption";
    is_refused(&weak, &server, "a.test", message).await;
    // Nobody is trusted at all.
    let server = secure(trusted.server(host, plain), NEW, &[]).await;
    is_refused(&client(Vec::new()), &server, "a.test", "there are no trusted certificate authorities").await;
    // An address that stands in the certificate as a name.
    let server = secure(
        trusted.server(&[], |params| {
            params.subject_alt_names = vec![SanType::DnsName("127.0.0.1".try_into().unwrap())];
        }),
        NEW,
        &[],
    )
    .await;
    is_refused(&trusting(&trusted), &server, "127.0.0.1", "certificate is for 127.0.0.1, not for 127.0.0.1")
        .await;
}

/// A TLS alert as a server sends it.
fn alert(code: u8) -> Vec<u8> {
    vec![21, 3, 3, 0, 2, 2, code]
}

/// A `ServerHello` of this version that chooses this cipher suite.
fn server_hello(version: [u8; 2], cipher: [u8; 2]) -> Vec<u8> {
    let mut hello = vec![2, 0, 0, 38, version[0], version[1]];
    hello.extend([7; 32]);
    hello.extend([0, cipher[0], cipher[1], 0]);
    let mut record = vec![22, version[0], version[1], 0, hello.len() as u8];
    record.extend(hello);
    record
}

#[tokio::test]
async fn handshakes_that_are_refused() {
    let trusted = root("Good root", |_| {});
    for (reply, message) in [
        (alert(40), "the server refused the handshake: no common cipher"),
        (alert(70), "the server refused the handshake: no common TLS version"),
        (alert(112), "the server refused the handshake: it does not know this host name"),
        (alert(116), "the server refused the handshake: it wants a client certificate"),
        (alert(120), "the server refused the handshake: no common application protocol"),
        (server_hello([3, 1], [0, 0x2f]), "the server speaks no TLS version that is still safe (1.2 or 1.3)"),
        (server_hello([3, 2], [0, 0x2f]), "the server speaks no TLS version that is still safe (1.2 or 1.3)"),
        // RC4, 3DES, and no encryption at all.
        (server_hello([3, 3], [0, 5]), "the server chose a cipher that was not offered"),
        (server_hello([3, 3], [0, 10]), "the server chose a cipher that was not offered"),
        (server_hello([3, 3], [0, 1]), "the server chose a cipher that was not offered"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "the server does not speak TLS on this port"),
    ] {
        let port = bytes_server(reply.clone()).await;
        let (error, log) = get(&trusting(&trusted), &format!("https://a.test:{port}/")).await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Tls, Phase::Tls), "{error}");
        assert_eq!(error.message, message, "{reply:?}");
        assert!(log.names().ends_with("TlsStart Failed"), "{}", log.names());
    }
    let server = secure(trusted.server(&["a.test"], |_| {}), NEW, &[b"spdy/3"]).await;
    let message = "the server refused the handshake: no common application protocol";
    is_refused(&trusting(&trusted), &server, "a.test", message).await;
}

#[tokio::test]
async fn certificates_that_are_good() {
    let trusted = root("Good root", |_| {});
    let middle = trusted.intermediate("Middle", |_| {});
    let host = &["a.test"][..];
    let plain = |_: &mut rcgen::CertificateParams| {};
    let key = |algorithm| KeyPair::generate_for(algorithm).unwrap();
    let many: Vec<String> =
        (0..1000).map(|number| format!("host{number}.test")).chain(["a.test".to_owned()]).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (shown, host, public_key) in [
        (trusted.server(host, plain), "a.test", "EC P-256"),
        (middle.server(host, plain).with(&middle), "a.test", "EC P-256"),
        // The root is sent as well, and a certificate that has nothing to do with it.
        (middle.server(host, plain).with(&middle).with(&trusted), "a.test", "EC P-256"),
        (middle.server(host, plain).with(&root("Stranger", |_| {})).with(&middle), "a.test", "EC P-256"),
        (trusted.server(&["*.a.test"], plain), "www.a.test", "EC P-256"),
        (trusted.server(&["A.TEST"], plain), "a.test", "EC P-256"),
        (trusted.server(&["127.0.0.1"], plain), "127.0.0.1", "EC P-256"),
        (trusted.server_with_key(host, key(&rcgen::PKCS_ECDSA_P384_SHA384), plain), "a.test", "EC P-384"),
        (trusted.server_with_key(host, key(&rcgen::PKCS_ED25519), plain), "a.test", "Ed25519"),
        (trusted.server_with_key(host, KeyPair::from_pem(RSA_KEY).unwrap(), plain), "a.test", "RSA 2048"),
        (trusted.server(&many, plain), "a.test", "EC P-256"),
        (
            trusted.server(host, |params| params.distinguished_name = rcgen::DistinguishedName::new()),
            "a.test",
            "EC P-256",
        ),
        // It says where its revocation is told, and nobody asks.
        (
            trusted.server(host, |params| {
                params.crl_distribution_points =
                    vec![rcgen::CrlDistributionPoint { uris: vec!["http://a.test/revoked.crl".to_owned()] }];
            }),
            "a.test",
            "EC P-256",
        ),
    ] {
        for versions in [NEW, OLD] {
            let shown = Shown { chain: shown.chain.clone(), key: shown.key.clone_key() };
            let server = secure(shown, versions, &[b"http/1.1"]).await;
            let fetched = get(&trusting(&trusted), &format!("https://{host}:{}/", server.port)).await;
            let fetched = fetched.map_err(|error| error.0).unwrap();
            assert_eq!(fetched.body, b"ok");
            let facts = facts(&fetched.log).unwrap();
            assert_eq!(facts.certificates[0].public_key, public_key);
            assert!(facts.verified && !facts.resumed && !facts.ocsp_stapled);
        }
    }
}

#[tokio::test]
async fn a_self_signed_certificate_that_was_given_is_trusted_as_itself() {
    // As `openssl req -x509` makes it: an authority's by its own words.
    let authority = |host: &str, change: &dyn Fn(&mut rcgen::CertificateParams)| {
        let mut params = params("a.test", &[host]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        Shown::self_signed_with_pem(&params)
    };
    let (shown, pem) = authority("a.test", &|_| {});
    let server = secure(shown, NEW, &[b"http/1.1"]).await;
    let fetched = get(&client(vec![pem.clone()]), &format!("https://a.test:{}/", server.port)).await;
    assert_eq!(fetched.map_err(|error| error.0).unwrap().body, b"ok");

    let expired = |params: &mut rcgen::CertificateParams| params.not_after = date_time_ymd(2002, 1, 1);
    for (host, change, message) in [
        ("b.test", &(|_: &mut _| {}) as &dyn Fn(&mut _), "certificate is for b.test, not for a.test"),
        ("a.test", &expired, "certificate has expired"),
    ] {
        let (shown, pem) = authority(host, change);
        let server = secure(shown, NEW, &[b"http/1.1"]).await;
        is_refused(&client(vec![pem]), &server, "a.test", message).await;
    }
    let (stranger, _) = authority("a.test", &|_| {});
    let server = secure(stranger, NEW, &[b"http/1.1"]).await;
    let message = "certificate is an authority's (perhaps self-signed), not a server's";
    is_refused(&client(vec![pem]), &server, "a.test", message).await;
}

#[tokio::test]
async fn facts_are_told() {
    let trusted = root("Good root", |_| {});
    let middle = trusted.intermediate("Middle", |_| {});
    let shown = || {
        let change = |params: &mut rcgen::CertificateParams| {
            params.not_before = date_time_ymd(2020, 1, 2);
            params.not_after = date_time_ymd(2120, 3, 4);
            params.serial_number = Some(vec![1, 2, 0xab].into());
        };
        middle.server(&["a.test", "*.b.test", "127.0.0.1"], change).with(&middle)
    };
    for (versions, version, cipher, alpn) in [
        (NEW, "TLSv1.3", "TLS_AES_256_GCM_SHA384", Some("http/1.1")),
        // TLS 1.2 names the protocol where it cannot be seen.
        (OLD, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", None),
    ] {
        let (server, names) = secure_with_names(shown(), versions, &[b"http/1.1"]).await;
        let client = trusting(&trusted);
        let fetched =
            get(&client, &format!("https://a.test:{}/", server.port)).await.map_err(|e| e.0).unwrap();
        let told = facts(&fetched.log).unwrap();
        assert_eq!(
            (told.version.as_deref(), told.cipher.as_deref(), told.group.as_deref(), told.alpn.as_deref()),
            (Some(version), Some(cipher), Some("X25519"), alpn)
        );
        assert_eq!(*names.lock().unwrap(), [Some("a.test".to_owned())], "the name was sent");
        let [leaf, above] = &told.certificates[..] else { panic!("{:?}", told.certificates) };
        assert_eq!((leaf.subject.as_str(), leaf.issuer.as_str()), ("CN=server", "CN=Middle"));
        assert_eq!((above.subject.as_str(), above.issuer.as_str()), ("CN=Middle", "CN=Good root"));
        assert_eq!(leaf.serial, "01:02:ab");
        assert_eq!(leaf.dns_names, ["a.test", "*.b.test"]);
        assert_eq!(leaf.ip_addresses, [std::net::IpAddr::from([127, 0, 0, 1])]);
        assert_eq!(leaf.signature_algorithm, "ecdsa-with-SHA256");
        let day = |date: std::time::SystemTime| {
            date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 86_400
        };
        assert_eq!((day(leaf.not_before), day(leaf.not_after)), (18_263, 54_849));
        assert_ne!(leaf.sha256, above.sha256);
    }
    // An address is not sent as a name.
    let (server, names) = secure_with_names(shown(), NEW, &[]).await;
    let client = trusting(&trusted);
    let fetched =
        get(&client, &format!("https://127.0.0.1:{}/", server.port)).await.map_err(|e| e.0).unwrap();
    assert_eq!(*names.lock().unwrap(), [None]);
    assert_eq!(facts(&fetched.log).unwrap().alpn, None, "the server named none");
}

#[tokio::test]
async fn anything_goes_when_that_was_asked_for() {
    let server = secure(Shown::from_pem(SHA1_LEAF, RSA_KEY), NEW, &[]).await;
    let lax = Client::new(ClientConfig { accept_invalid_certs: true, ..config() }).unwrap();
    let fetched = get(&lax, &format!("https://b.test:{}/", server.port)).await.map_err(|e| e.0).unwrap();
    let facts = facts(&fetched.log).unwrap();
    assert!(!facts.verified, "and that is told");
    let certificate = &facts.certificates[0];
    assert_eq!(certificate.signature_algorithm, "sha1WithRSAEncryption");
    assert_eq!(certificate.public_key, "RSA 2048");
    // As `openssl x509 -fingerprint -sha256` has it.
    assert_eq!(certificate.sha256, "76453166915cb2420965428185d31d177a32b0ca41187c848c1fb8f1e7424082");
}

#[tokio::test]
async fn roots_from_files_and_a_key_log() {
    let folder = std::env::temp_dir().join(format!("siskin-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (roots, key_log) = (folder.join("roots.pem"), folder.join("keys.log"));
    let trusted = root("Good root", |_| {});
    std::fs::write(&roots, &trusted.pem).unwrap();
    let server = secure(trusted.server(&["a.test"], |_| {}), NEW, &[]).await;
    for number in 1..=2 {
        let client = Client::new(ClientConfig {
            roots: RootsChoice::Files { file: Some(roots.clone()), dirs: Vec::new() },
            key_log: Some(key_log.clone()),
            ..config()
        })
        .unwrap();
        get(&client, &format!("https://a.test:{}/", server.port)).await.map_err(|e| e.0).unwrap();
        let lines = std::fs::read_to_string(&key_log).unwrap();
        let secrets: Vec<&str> =
            lines.lines().filter(|line| line.starts_with("CLIENT_TRAFFIC_SECRET_0 ")).collect();
        assert_eq!(secrets.len(), number, "appended: {lines}");
        let words: Vec<&str> = secrets[0].split(' ').collect();
        assert_eq!((words.len(), words[1].len(), words[2].len()), (3, 64, 96));
    }
    let nowhere = RootsChoice::Files { file: Some(folder.join("none.pem")), dirs: vec![folder.join("none")] };
    let client = Client::new(ClientConfig { roots: nowhere, ..config() }).unwrap();
    let (error, _) = get(&client, &format!("https://a.test:{}/", server.port)).await.err().unwrap();
    assert_eq!(error.message, "there are no trusted certificate authorities");
    std::fs::remove_dir_all(&folder).unwrap();
}
