//! TLS: whom to trust, what was negotiated, and what went wrong. The door to rustls.

mod certificate;
mod roots;
mod suites;
mod key_log;
mod hooks;
mod reason;

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;

use super::attempt::Attempt;
use crate::config::ClientConfig;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::TlsFacts;
use hooks::{SessionStore, Verifier};
use key_log::KeyLogFile;
use roots::Roots;

pub(super) use reason::reason;

/// The TLS side of a transport.
pub(super) struct Tls {
    provider: Arc<CryptoProvider>,
    roots: Arc<Roots>,
    key_log: Option<Arc<KeyLogFile>>,
}

impl Tls {
    /// # Errors
    /// When one of the configured authorities is not a certificate.
    pub(super) fn new(config: &ClientConfig) -> Result<Self, Error> {
        let (cipher_suites, kx_groups) = (suites::all(), suites::groups());
        let provider = Arc::new(CryptoProvider { cipher_suites, kx_groups, ..default_provider() });
        let roots = Roots::new(provider.clone(), config)?;
        let key_log = config.key_log.clone().map(|path| Arc::new(KeyLogFile::new(path)));
        Ok(Self { provider, roots: Arc::new(roots), key_log })
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
        if let Some(key_log) = &self.key_log {
            config.key_log = key_log.clone();
        }
        config.resumption = Resumption::store(Arc::new(SessionStore::default()));
        Ok(config)
    }

    /// Loads the trusted authorities, once, away from the network's threads.
    pub(super) async fn load_roots(&self) {
        self.roots.load().await;
    }

    /// Whether they have been loaded: an `http:` fetch must not cost that.
    #[cfg(test)]
    pub(super) fn has_loaded_roots(&self) -> bool {
        self.roots.is_loaded()
    }

    /// What the handshake of a connection settled.
    pub(super) fn facts(&self, attempt: &Attempt, extras: &http::Extensions, h2: bool) -> TlsFacts {
        let version = extras.get::<reqwest::tls::TlsInfo>().and_then(reqwest::tls::TlsInfo::version);
        let version = version.map(|version| match version {
            reqwest::tls::Version::TLS_1_3 => "TLSv1.3".to_owned(),
            reqwest::tls::Version::TLS_1_2 => "TLSv1.2".to_owned(),
            other => format!("{other:?}"),
        });
        let mut state = attempt.state();
        let resumed = !state.certificate_seen;
        let mut certificates = std::mem::take(&mut state.certificates);
        if resumed {
            let leaf =
                extras.get::<reqwest::tls::TlsInfo>().and_then(reqwest::tls::TlsInfo::peer_certificate);
            certificates.extend(leaf.and_then(certificate::facts));
        }
        TlsFacts {
            version,
            cipher: state.cipher.take(),
            group: state.group.take(),
            // TLS 1.2 names the protocol where it cannot be seen; the library tells whether it is h2.
            alpn: state.alpn.take().or_else(|| h2.then(|| "h2".to_owned())),
            resumed,
            certificates: certificates.into(),
            verified: self.roots.checks(),
            ocsp_stapled: state.ocsp_stapled,
        }
    }
}
