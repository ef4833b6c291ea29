//! Certificates in words: X.509, <https://www.rfc-editor.org/rfc/rfc5280>. The door to x509-parser.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, SystemTime};

use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::{Oid, OidRegistry};
use x509_parser::prelude::{FromDer, X509Name};
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::event::CertificateFacts;

/// Names of a certificate that are told at most; some have ten thousand.
const MAX_NAMES: usize = 200;

/// What a certificate says. `None` when it cannot be read.
pub(super) fn facts(der: &[u8]) -> Option<CertificateFacts> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let (dns_names, ip_addresses) = names(&certificate);
    Some(CertificateFacts {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        serial: certificate.raw_serial_as_string(),
        not_before: time(certificate.validity().not_before),
        not_after: time(certificate.validity().not_after),
        dns_names,
        ip_addresses,
        sha256: sha256(der),
        signature_algorithm: algorithm(&certificate.signature_algorithm.algorithm),
        public_key: public_key(certificate.public_key()),
    })
}

/// Why no path led from the server's certificate to an authority that is trusted.
///
/// `is_signed_by` says whether a key (of these bytes) made a signature over a message.
pub(super) fn unknown_issuer(
    leaf: &[u8],
    chain: &[&[u8]],
    is_signed_by: impl Fn(&[u8], &[u8], &[u8]) -> bool,
) -> Option<String> {
    let (_, leaf) = X509Certificate::from_der(leaf).ok()?;
    let parsed: Vec<X509Certificate<'_>> =
        chain.iter().filter_map(|der| X509Certificate::from_der(der).ok()).map(|(_, it)| it).collect();
    let own_key = &leaf.public_key().subject_public_key.data;
    let signature = &leaf.signature_value.data;
    if leaf.subject() == leaf.issuer() && is_signed_by(own_key, leaf.tbs_certificate.as_ref(), signature) {
        return Some("is self-signed".to_owned());
    }
    // From the leaf upwards, as far as the server sent certificates.
    let mut top = &leaf;
    for _ in 0..=parsed.len() {
        let next = parsed.iter().find(|candidate| candidate.subject() == top.issuer());
        match next {
            Some(next) if next.subject() == next.issuer() => {
                let issuer = named(next.subject());
                return Some(format!("was issued by an authority that is not trusted: {issuer}"));
            }
            Some(next) => top = next,
            None => break,
        }
    }
    let issuer = named(top.issuer());
    Some(format!(
        "was issued by an authority that is not trusted, and the server sent no certificate of it: {issuer}"
    ))
}

/// The algorithm of an object identifier's DER, by name where it has one.
pub(super) fn algorithm_of_der(id: &[u8]) -> String {
    // An AlgorithmIdentifier without its outer SEQUENCE: the identifier, then parameters.
    match Oid::from_der(id) {
        Ok((_, oid)) => algorithm(&oid),
        Err(_) => "unknown".to_owned(),
    }
}

/// The common name, or else the whole name.
fn named(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().next().and_then(|name| name.as_str().ok()).map(str::to_owned);
    common.unwrap_or_else(|| name.to_string())
}

fn names(certificate: &X509Certificate<'_>) -> (Vec<String>, Vec<IpAddr>) {
    let (mut hosts, mut addresses) = (Vec::new(), Vec::new());
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return (hosts, addresses) };
    for name in extension.value.general_names.iter().take(MAX_NAMES) {
        match name {
            GeneralName::DNSName(name) => hosts.push((*name).to_owned()),
            GeneralName::IPAddress(bytes) => addresses.extend(address(bytes)),
            _ => {}
        }
    }
    (hosts, addresses)
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(|bytes| Ipv4Addr::from(bytes).into()),
        16 => <[u8; 16]>::try_from(bytes).ok().map(|bytes| Ipv6Addr::from(bytes).into()),
        _ => None,
    }
}

fn time(time: ASN1Time) -> SystemTime {
    let seconds = time.timestamp();
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let epoch = SystemTime::UNIX_EPOCH;
    let moved = if seconds >= 0 { epoch.checked_add(distance) } else { epoch.checked_sub(distance) };
    moved.unwrap_or(epoch)
}

fn algorithm(oid: &Oid<'_>) -> String {
    let registry = OidRegistry::default().with_crypto().with_x509();
    registry.get(oid).map_or_else(|| oid.to_id_string(), |entry| entry.sn().to_owned())
}

fn public_key(info: &SubjectPublicKeyInfo<'_>) -> String {
    match info.parsed() {
        Ok(PublicKey::RSA(key)) => format!("RSA {}", key.key_size()),
        Ok(PublicKey::EC(point)) => match point.key_size() {
            // The library counts whole bytes.
            521..=528 => "EC P-521".to_owned(),
            size => format!("EC P-{size}"),
        },
        Ok(PublicKey::DSA(_)) => "DSA".to_owned(),
        _ => match info.algorithm.algorithm.to_id_string().as_str() {
            "1.3.101.112" => "Ed25519".to_owned(),
            "1.3.101.113" => "Ed448".to_owned(),
            other => other.to_owned(),
        },
    }
}

fn sha256(bytes: &[u8]) -> String {
    let suite = TLS13_AES_128_GCM_SHA256;
    let Some(suite) = suite.tls13() else { return String::new() };
    suite.common.hash_provider.hash(bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
