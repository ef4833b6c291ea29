//! The callbacks by which the TLS library tells how far a handshake is.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue,
    verify_server_name,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, NamedGroup, SignatureScheme};

use super::roots::Roots;
use super::{certificate, reason};
use crate::limits::{MAX_CERTIFICATES, MAX_TLS_SESSIONS};
use crate::transport::attempt::connecting;

/// Sessions for resumption. It is asked when a handshake begins: TCP is up then.
#[derive(Debug)]
pub(super) struct SessionStore(ClientSessionMemoryCache);

impl Default for SessionStore {
    fn default() -> Self {
        Self(ClientSessionMemoryCache::new(MAX_TLS_SESSIONS))
    }
}

fn handshake_begins() {
    connecting(|attempt| attempt.tls_starts());
}

impl ClientSessionStore for SessionStore {
    fn set_kx_hint(&self, name: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(name, group);
    }
    fn kx_hint(&self, name: &ServerName<'_>) -> Option<NamedGroup> {
        handshake_begins();
        self.0.kx_hint(name)
    }
    fn set_tls12_session(&self, name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(name, value);
    }
    fn tls12_session(&self, name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        handshake_begins();
        self.0.tls12_session(name)
    }
    fn remove_tls12_session(&self, name: &ServerName<'static>) {
        self.0.remove_tls12_session(name);
    }
    fn insert_tls13_ticket(&self, name: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(name, value);
    }
    fn take_tls13_ticket(&self, name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        handshake_begins();
        self.0.take_tls13_ticket(name)
    }
}

/// Checks certificates against the roots. That it is called at all means that no session was resumed.
#[derive(Debug)]
pub(super) struct Verifier(Arc<Roots>);

impl Verifier {
    pub(super) fn new(roots: Arc<Roots>) -> Self {
        Self(roots)
    }

    /// What was given as trusted is trusted as itself, also where it calls itself an authority's: a certificate as
    /// `openssl req -x509` makes it. Its names and dates count as another's do. `error` is why it was refused.
    fn is_given_itself(
        &self,
        leaf: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
        error: rustls::Error,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if !reason::is_authority_as_server(&error) || !self.0.is_given(leaf) {
            return Err(error);
        }
        verify_server_name(&ParsedCertificate::try_from(leaf)?, name)?;
        let facts = certificate::facts(leaf).ok_or(error)?;
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now.as_secs());
        if now < facts.not_before {
            return Err(CertificateError::NotValidYet.into());
        }
        if now > facts.not_after {
            return Err(CertificateError::Expired.into());
        }
        Ok(ServerCertVerified::assertion())
    }

    /// Keeps what the library's error does not say: why no trusted authority was found.
    fn explain(&self, leaf: &CertificateDer<'_>, chain: &[CertificateDer<'_>], error: &rustls::Error) {
        if !matches!(error, rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) {
            return;
        }
        let chain: Vec<&[u8]> = chain.iter().take(MAX_CERTIFICATES).map(AsRef::as_ref).collect();
        let algorithms = self.0.provider().signature_verification_algorithms;
        let reason = certificate::unknown_issuer(leaf, &chain, |key, message, signature| {
            algorithms.all.iter().any(|algorithm| algorithm.verify_signature(key, message, signature).is_ok())
        });
        connecting(|attempt| attempt.state().distrust = reason);
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        connecting(|attempt| {
            let sent = std::iter::once(leaf).chain(chain.iter().take(MAX_CERTIFICATES));
            let certificates = sent.filter_map(|der| certificate::facts(der)).collect();
            let mut state = attempt.state();
            state.certificate_seen = true;
            state.certificates = certificates;
            state.ocsp_stapled = !ocsp.is_empty();
        });
        let Some(verifier) = self.0.verifier()? else { return Ok(ServerCertVerified::assertion()) };
        let checked = verifier.verify_server_cert(leaf, chain, name, ocsp, now);
        let checked = checked.or_else(|error| self.is_given_itself(leaf, name, now, error));
        checked.inspect_err(|error| self.explain(leaf, chain, error))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.provider().signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.provider().signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.provider().signature_verification_algorithms.supported_schemes()
    }
}
