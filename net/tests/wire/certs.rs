//! Certificates made for a test: an authority, what it signs, and what is wrong with that.

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate authority.
pub(crate) struct Authority {
    pub(crate) issuer: Issuer<'static, KeyPair>,
    pub(crate) der: CertificateDer<'static>,
    pub(crate) pem: Vec<u8>,
}

/// What a server shows: its chain and the key of the first certificate.
pub(crate) struct Shown {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// Parameters for a certificate with this common name, made for these hosts.
pub(crate) fn params(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// An authority of its own, with what `change` does to it.
pub(crate) fn root(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Authority {
    let (params, key) = authority_params(name, change);
    let certificate = params.self_signed(&key).unwrap();
    let (der, pem) = (CertificateDer::from(certificate.der().to_vec()), certificate.pem().into_bytes());
    Authority { issuer: Issuer::new(params, key), der, pem }
}

fn authority_params(name: &str, change: impl FnOnce(&mut CertificateParams)) -> (CertificateParams, KeyPair) {
    let mut params = params(name, &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    change(&mut params);
    (params, KeyPair::generate().unwrap())
}

impl Authority {
    /// An authority below this one.
    pub(crate) fn intermediate(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let (params, key) = authority_params(name, change);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let (der, pem) = (CertificateDer::from(certificate.der().to_vec()), certificate.pem().into_bytes());
        Self { issuer: Issuer::new(params, key), der, pem }
    }

    /// A server's certificate for `hosts`, with what `change` does to it.
    pub(crate) fn server(&self, hosts: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Shown {
        self.server_with_key(hosts, KeyPair::generate().unwrap(), change)
    }

    pub(crate) fn server_with_key(
        &self,
        hosts: &[&str],
        key: KeyPair,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Shown {
        let mut params = params("server", hosts);
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Shown::new(certificate.der(), &key)
    }
}

impl Shown {
    fn new(der: &[u8], key: &KeyPair) -> Self {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        Self { chain: vec![CertificateDer::from(der.to_vec())], key }
    }

    /// A certificate that signed itself.
    pub(crate) fn self_signed(params: &CertificateParams) -> Self {
        Self::self_signed_with_pem(params).0
    }

    /// The same, and the certificate as a file holds it.
    pub(crate) fn self_signed_with_pem(params: &CertificateParams) -> (Self, Vec<u8>) {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        (Self::new(certificate.der(), &key), certificate.pem().into_bytes())
    }

    /// From files in PEM.
    pub(crate) fn from_pem(certificate: &str, key: &str) -> Self {
        let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
        Self { chain, key: PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap() }
    }

    /// Sends this certificate along.
    pub(crate) fn with(mut self, authority: &Authority) -> Self {
        self.chain.push(authority.der.clone());
        self
    }
}
