//! The trusted authorities: the platform's or those of given files, loaded when the first `https:` URL is fetched.

use std::sync::{Arc, OnceLock};

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_native_certs::{CertificateResult, load_certs_from_paths};

use crate::config::{ClientConfig, RootsChoice};
use crate::error::{Error, ErrorKind, Phase};

/// Whom to trust.
#[derive(Debug)]
pub(super) struct Roots {
    provider: Arc<CryptoProvider>,
    accept_invalid: bool,
    choice: RootsChoice,
    extra: Vec<CertificateDer<'static>>,
    loaded: Arc<OnceLock<Option<Arc<WebPkiServerVerifier>>>>,
}

impl Roots {
    pub(super) fn new(provider: Arc<CryptoProvider>, config: &ClientConfig) -> Result<Self, Error> {
        let mut extra = Vec::new();
        for pem in &config.extra_ca_pem {
            let before = extra.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                extra.push(certificate.map_err(|error| {
                    Error::new(ErrorKind::Tls, Phase::Tls, None, "the extra CA file is not valid PEM")
                        .with_source(error)
                })?);
            }
            if extra.len() == before {
                let message = "the extra CA file has no certificate in it";
                return Err(Error::new(ErrorKind::Tls, Phase::Tls, None, message));
            }
        }
        Ok(Self {
            provider,
            accept_invalid: config.accept_invalid_certs,
            choice: config.roots.clone(),
            extra,
            loaded: Arc::default(),
        })
    }

    #[cfg(test)]
    pub(super) fn is_loaded(&self) -> bool {
        self.loaded.get().is_some()
    }

    /// Whether certificates are checked at all.
    pub(super) const fn checks(&self) -> bool {
        !self.accept_invalid
    }

    /// Whether this very certificate was given as trusted.
    pub(super) fn is_given(&self, certificate: &CertificateDer<'_>) -> bool {
        self.extra.iter().any(|given| given.as_ref() == certificate.as_ref())
    }

    pub(super) fn provider(&self) -> &CryptoProvider {
        &self.provider
    }

    /// Loads the authorities if that has not been done. Reading some hundred files takes milliseconds.
    pub(super) async fn load(&self) {
        if self.accept_invalid || self.loaded.get().is_some() {
            return;
        }
        let (provider, choice) = (self.provider.clone(), self.choice.clone());
        let (extra, loaded) = (self.extra.clone(), self.loaded.clone());
        let load = move || {
            loaded.get_or_init(|| build(provider, &choice, &extra));
        };
        // A panic in there would show when the certificate is checked: nothing is trusted then.
        let _ = tokio::task::spawn_blocking(load).await;
    }

    /// The checker of certificates, `None` when any will do.
    pub(super) fn verifier(&self) -> Result<Option<Arc<WebPkiServerVerifier>>, rustls::Error> {
        if self.accept_invalid {
            return Ok(None);
        }
        match self.loaded.get_or_init(|| build(self.provider.clone(), &self.choice, &self.extra)) {
            Some(verifier) => Ok(Some(verifier.clone())),
            None => Err(rustls::Error::General("there are no trusted certificate authorities".to_owned())),
        }
    }
}

fn build(
    provider: Arc<CryptoProvider>,
    choice: &RootsChoice,
    extra: &[CertificateDer<'static>],
) -> Option<Arc<WebPkiServerVerifier>> {
    let mut store = RootCertStore::empty();
    match choice {
        RootsChoice::Platform => {
            add(&mut store, rustls_native_certs::load_native_certs());
            if store.is_empty() {
                store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            }
        }
        RootsChoice::Files { file, dirs } => {
            add(&mut store, load_certs_from_paths(file.as_deref(), None));
            for dir in dirs {
                add(&mut store, load_certs_from_paths(None, Some(dir)));
            }
        }
        RootsChoice::Nobody => {}
    }
    store.add_parsable_certificates(extra.iter().cloned());
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build().ok()
}

fn add(store: &mut RootCertStore, found: CertificateResult) {
    for error in &found.errors {
        tracing::warn!(%error, "trusted certificates");
    }
    store.add_parsable_certificates(found.certs);
}
