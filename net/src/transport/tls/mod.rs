//! TLS: whom to trust, what was negotiated, and what went wrong. The door to rustls.

mod hooks;
mod reason;
mod roots;

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;

use super::attempt::Attempt;
use crate::config::ClientConfig;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::TlsFacts;
use hooks::{SessionStore, Verifier};
use roots::Roots;

pub(super) use reason::reason;

/// The TLS side of a transport.
pub(super) struct Tls {
    provider: Arc<CryptoProvider>,
    roots: Arc<Roots>,
}

impl Tls {
    /// # Errors
    /// When one of the configured authorities is not a certificate.
    pub(super) fn new(config: &ClientConfig) -> Result<Self, Error> {
        let provider = Arc::new(default_provider());
        let roots = Roots::new(provider.clone(), config.accept_invalid_certs, &config.extra_ca_pem)?;
        Ok(Self { provider, roots: Arc::new(roots) })
    }

    /// The configuration for the HTTP library: TLS 1.2 and 1.3, h2 before http/1.1, and our callbacks.
    pub(super) fn client_config(&self) -> Result<rustls::ClientConfig, Error> {
        let mut config = rustls::ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| {
                Error::new(ErrorKind::Tls, Phase::Tls, None, "TLS cannot be set up").with_source(error)
            })?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Verifier::new(self.roots.clone())))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config.resumption = Resumption::store(Arc::new(SessionStore::default()));
        Ok(config)
    }

    /// Loads the trusted authorities, once, away from the network's threads.
    pub(super) async fn load_roots(&self) {
        self.roots.load().await;
    }

    /// What the handshake of a connection settled.
    pub(super) fn facts(&self, attempt: &Attempt, extras: &http::Extensions, h2: bool) -> TlsFacts {
        let version = extras.get::<reqwest::tls::TlsInfo>().and_then(reqwest::tls::TlsInfo::version);
        let version = version.map(|version| match version {
            reqwest::tls::Version::TLS_1_3 => "TLSv1.3".to_owned(),
            reqwest::tls::Version::TLS_1_2 => "TLSv1.2".to_owned(),
            other => format!("{other:?}"),
        });
        let state = attempt.state();
        TlsFacts {
            version,
            group: state.group.clone(),
            // The library tells only whether it is h2: with anything else the server may have named none.
            alpn: h2.then(|| "h2".to_owned()),
            resumed: !state.certificate_seen,
            ..TlsFacts::default()
        }
    }
}
