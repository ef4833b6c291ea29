//! What a TLS failure means, in words.

use std::error::Error as StdError;

use rustls::{AlertDescription, CertificateError, PeerIncompatible, PeerMisbehaved};

/// The reason, when `error` is the TLS library's.
pub(in crate::transport) fn reason(error: &(dyn StdError + 'static)) -> Option<String> {
    let error = error.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::InvalidCertificate(error) => format!("certificate {}", certificate(error)),
        rustls::Error::AlertReceived(alert) => {
            format!("the server refused the handshake: {}", refusal(*alert))
        }
        rustls::Error::InvalidMessage(_) => "the server does not speak TLS on this port".to_owned(),
        rustls::Error::PeerIncompatible(why) => incompatible(why),
        rustls::Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedApplicationProtocol) => {
            "the server chose an application protocol that was not offered".to_owned()
        }
        rustls::Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedCipherSuite) => {
            "the server chose a cipher that was not offered".to_owned()
        }
        rustls::Error::NoCertificatesPresented => "the server sent no certificate".to_owned(),
        rustls::Error::General(why) => why.clone(),
        other => other.to_string(),
    })
}

fn incompatible(why: &PeerIncompatible) -> String {
    match why {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig => {
            "the server speaks no TLS version that is still safe (1.2 or 1.3)".to_owned()
        }
        PeerIncompatible::NoCipherSuitesInCommon => "no common cipher".to_owned(),
        other => format!("no common TLS version or cipher: {other:?}"),
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet".to_owned()
        }
        CertificateError::UnknownIssuer => "was issued by an authority that is not trusted".to_owned(),
        CertificateError::NotValidForName => "is for another host".to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => {
            // Names may hold anything.
            let shown = |name: &String| bare(name).escape_debug().to_string();
            let names: Vec<String> = presented.iter().take(3).map(shown).collect();
            let names = if names.is_empty() { "no host".to_owned() } else { names.join(", ") };
            format!("is for {names}, not for {}", expected.to_str())
        }
        CertificateError::Revoked => "has been revoked".to_owned(),
        CertificateError::BadSignature => "has a signature that is not its issuer's".to_owned(),
        CertificateError::BadEncoding => "cannot be read".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "is not meant for servers".to_owned()
        }
        CertificateError::UnhandledCriticalExtension => "has an extension that is not known".to_owned(),
        CertificateError::UnsupportedSignatureAlgorithmContext { signature_algorithm_id: id, .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: id,
            ..
        } => {
            format!(
                "is signed with a weak or unknown algorithm: {}",
                super::certificate::algorithm_of_der(id)
            )
        }
        CertificateError::Other(other) => path_fault(&other.to_string()),
        other => format!("is not acceptable: {other:?}"),
    }
}

/// Whether a certificate was refused because it calls itself an authority's.
pub(super) fn is_authority_as_server(error: &rustls::Error) -> bool {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => {
            other.to_string() == CA_AS_SERVER
        }
        _ => false,
    }
}

/// The name of that fault in the verifier below the library.
const CA_AS_SERVER: &str = "CaUsedAsEndEntity";

/// Faults for which the library has no variant of its own, by their names in the verifier below it.
fn path_fault(name: &str) -> String {
    match name {
        // Most self-signed certificates are made so that they are authorities too.
        CA_AS_SERVER => "is an authority's (perhaps self-signed), not a server's",
        "EndEntityUsedAsCa" => "was signed by a certificate that is not an authority's",
        "NameConstraintViolation" => "is for a name that its authority may not sign for",
        "PathLenConstraintViolated" | "MaximumPathDepthExceeded" => "has a chain that is too long",
        "UnsupportedCertVersion" => "is of a version that is not known",
        "MaximumSignatureChecksExceeded" | "MaximumPathBuildCallsExceeded" => {
            "has a chain that is too tangled"
        }
        "UnsupportedCriticalExtension" => "has an extension that is not known",
        "CertDistrusted" => "was issued by an authority that is not trusted any more",
        other => return format!("is not acceptable: {other}"),
    }
    .to_owned()
}

/// The name in the library's `DnsName("a.test")`.
fn bare(name: &str) -> &str {
    name.split('"').nth(1).unwrap_or(name)
}

fn refusal(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::HandshakeFailure => "no common cipher".to_owned(),
        AlertDescription::ProtocolVersion => "no common TLS version".to_owned(),
        AlertDescription::UnrecognisedName => "it does not know this host name".to_owned(),
        AlertDescription::CertificateRequired => "it wants a client certificate".to_owned(),
        AlertDescription::NoApplicationProtocol => "no common application protocol".to_owned(),
        other => format!("{other:?}"),
    }
}
