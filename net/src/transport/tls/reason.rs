//! What a TLS failure means, in words.

use std::error::Error as StdError;

use rustls::{AlertDescription, CertificateError};

/// The reason, when `error` is the TLS library's.
pub(in crate::transport) fn reason(error: &(dyn StdError + 'static)) -> Option<String> {
    let error = error.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::InvalidCertificate(error) => format!("certificate {}", certificate(error)),
        rustls::Error::AlertReceived(alert) => {
            format!("the server refused the handshake: {}", refusal(*alert))
        }
        rustls::Error::InvalidMessage(_) => "the server does not speak TLS on this port".to_owned(),
        rustls::Error::PeerIncompatible(why) => format!("no common TLS version or cipher: {why:?}"),
        rustls::Error::NoCertificatesPresented => "the server sent no certificate".to_owned(),
        rustls::Error::General(why) => why.clone(),
        other => other.to_string(),
    })
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
            let names: Vec<&str> = presented.iter().take(3).map(|name| bare(name)).collect();
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
        // The verifier has no variant of its own for what most self-signed certificates are.
        CertificateError::Other(other) if other.to_string() == "CaUsedAsEndEntity" => {
            "is self-signed: an authority's, not a server's".to_owned()
        }
        CertificateError::Other(other) => format!("is not acceptable: {other}"),
        other => format!("is not acceptable: {other:?}"),
    }
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
