//! Whether bytes are those that the page expects: <https://w3c.github.io/webappsec-subresource-integrity/>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The digests of which one must be that of the body. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    algorithm: Algorithm,
    /// In base64.
    digests: Vec<String>,
}

/// In the order of their strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl Expected {
    /// <https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata> and "get the strongest metadata": only
    /// the digests of the strongest algorithm that is named count. `None` when nothing that is known is asked for.
    pub(super) fn parse(metadata: &str) -> Option<Self> {
        let mut expected: Option<Self> = None;
        for item in metadata.split(['\t', '\n', '\u{c}', '\r', ' ']) {
            let expression = item.split('?').next().unwrap_or_default();
            let Some((name, digest)) = expression.split_once('-') else { continue };
            let Some(algorithm) = Algorithm::from_name(name) else { continue };
            // Both alphabets of base64 are in use.
            let digest = digest.replace('-', "+").replace('_', "/");
            match &mut expected {
                Some(known) if known.algorithm > algorithm => {}
                Some(known) if known.algorithm == algorithm => known.digests.push(digest),
                _ => expected = Some(Self { algorithm, digests: vec![digest] }),
            }
        }
        expected
    }

    /// <https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist>, the last steps.
    pub(super) fn is_met_by<'a>(&self, pieces: impl IntoIterator<Item = &'a [u8]>) -> bool {
        let actual = match self.algorithm {
            Algorithm::Sha256 => digest::<Sha256>(pieces),
            Algorithm::Sha384 => digest::<Sha384>(pieces),
            Algorithm::Sha512 => digest::<Sha512>(pieces),
        };
        self.digests.iter().any(|digest| digest.trim_end_matches('=') == actual.trim_end_matches('='))
    }
}

impl Algorithm {
    fn from_name(name: &str) -> Option<Self> {
        let known = [("sha256", Self::Sha256), ("sha384", Self::Sha384), ("sha512", Self::Sha512)];
        known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, algorithm)| algorithm)
    }
}

fn digest<'a, D: Digest>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = D::new();
    for piece in pieces {
        hasher.update(piece);
    }
    BASE64.encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `alert('Hello, world.');`, the standard's own example.
    const BODY: &[u8] = b"alert('Hello, world.');";
    const SHA256: &str = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
    const SHA384: &str = "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO";
    const SHA512: &str =
        "sha512-Q2bFTOhEALkN8hOms2FKTDLy7eugP2zFZ1T8LCvX42Fp3WoNr3bjZSAHeOsHrbV1Fu9/A0EzCinRE7Af1ofPrw==";

    #[test]
    fn metadata() {
        for (metadata, met) in [
            (SHA256.to_owned(), Some(true)),
            (SHA384.to_owned(), Some(true)),
            (SHA512.to_owned(), Some(true)),
            (SHA256.to_uppercase().replace(&SHA256[7..].to_uppercase(), &SHA256[7..]), Some(true)),
            (SHA256.replace('+', "-").replace('/', "_"), Some(true)),
            (SHA256.trim_end_matches('=').to_owned(), Some(true)),
            ("sha256-AAAA".to_owned(), Some(false)),
            // One of several; only the strongest kind counts.
            (format!("sha256-AAAA {SHA256}"), Some(true)),
            (format!("{SHA256}\n\tsha384-AAAA"), Some(false)),
            (format!("sha256-AAAA {SHA512} sha512-AAAA"), Some(true)),
            (format!("{SHA384}?foo=bar sha1-AAAA"), Some(true)),
            // Nothing that is known.
            (String::new(), None),
            ("sha1-AAAA md5-x sha999-AAAA nonsense".to_owned(), None),
        ] {
            let expected = Expected::parse(&metadata);
            let pieces = BODY.chunks(5);
            assert_eq!(expected.map(|expected| expected.is_met_by(pieces)), met, "{metadata}");
        }
    }
}
