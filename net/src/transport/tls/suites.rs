//! The cipher suites, each with a note of its use: the library does not say through its users which suite
//! and which application protocol a handshake settled on.
//!
//! Every suite builds its encrypters and decrypters during the handshake, which is polled by a connect that
//! is known ([`connecting`]). What is added here only looks; keys and bytes pass through unchanged.

use std::sync::LazyLock;

use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, InboundPlainMessage, Iv, KeyBlockShape, MessageDecrypter,
    MessageEncrypter, Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError,
};
use rustls::crypto::ring::{cipher_suite, default_provider};
use rustls::crypto::{ActiveKeyExchange, SupportedKxGroup};
use rustls::ffdhe_groups::FfdheGroup;
use rustls::{
    CipherSuite, CipherSuiteCommon, ConnectionTrafficSecrets, ContentType, NamedGroup, ProtocolVersion,
    SupportedCipherSuite, Tls12CipherSuite, Tls13CipherSuite,
};

use crate::transport::attempt::connecting;

/// The suites of ring in the library's order, those of TLS 1.3 first.
pub(super) fn all() -> Vec<SupportedCipherSuite> {
    let new = SUITES_13.iter().map(SupportedCipherSuite::Tls13);
    new.chain(SUITES_12.iter().map(SupportedCipherSuite::Tls12)).collect()
}

/// The key exchange groups of ring in the library's order.
pub(super) fn groups() -> Vec<&'static dyn SupportedKxGroup> {
    static GROUPS: LazyLock<Vec<NotedGroup>> =
        LazyLock::new(|| default_provider().kx_groups.iter().copied().map(NotedGroup).collect());
    GROUPS.iter().map(|group| group as &dyn SupportedKxGroup).collect()
}

/// A group whose use is noted. The last one that is begun is the one that was settled on.
#[derive(Debug)]
struct NotedGroup(&'static dyn SupportedKxGroup);

impl SupportedKxGroup for NotedGroup {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, rustls::Error> {
        connecting(|attempt| attempt.state().group = Some(format!("{:?}", self.name())));
        self.0.start()
    }
    fn name(&self) -> NamedGroup {
        self.0.name()
    }
    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        self.0.ffdhe_group()
    }
    fn fips(&self) -> bool {
        self.0.fips()
    }
    fn usable_for_version(&self, version: ProtocolVersion) -> bool {
        self.0.usable_for_version(version)
    }
}

// The library wants `&'static` suites: constant tables, built when they are first used.
static NOTED_13: LazyLock<Vec<Noted<&'static Tls13CipherSuite>>> = LazyLock::new(|| {
    [
        cipher_suite::TLS13_AES_256_GCM_SHA384,
        cipher_suite::TLS13_AES_128_GCM_SHA256,
        cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
    ]
    .iter()
    .filter_map(SupportedCipherSuite::tls13)
    .map(Noted)
    .collect()
});

static SUITES_13: LazyLock<Vec<Tls13CipherSuite>> = LazyLock::new(|| {
    let suite = |noted: &'static Noted<&'static Tls13CipherSuite>| Tls13CipherSuite {
        common: copy(&noted.0.common),
        hkdf_provider: noted.0.hkdf_provider,
        aead_alg: noted,
        quic: noted.0.quic,
    };
    NOTED_13.iter().map(suite).collect()
});

static NOTED_12: LazyLock<Vec<Noted<&'static Tls12CipherSuite>>> = LazyLock::new(|| {
    let suites = [
        cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        cipher_suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];
    suites
        .into_iter()
        .filter_map(|suite| match suite {
            SupportedCipherSuite::Tls12(suite) => Some(Noted(suite)),
            SupportedCipherSuite::Tls13(_) => None,
        })
        .collect()
});

static SUITES_12: LazyLock<Vec<Tls12CipherSuite>> = LazyLock::new(|| {
    let suite = |noted: &'static Noted<&'static Tls12CipherSuite>| Tls12CipherSuite {
        common: copy(&noted.0.common),
        prf_provider: noted.0.prf_provider,
        kx: noted.0.kx,
        sign: noted.0.sign,
        aead_alg: noted,
    };
    NOTED_12.iter().map(suite).collect()
});

/// A suite whose use is noted.
struct Noted<S>(S);

fn copy(common: &CipherSuiteCommon) -> CipherSuiteCommon {
    CipherSuiteCommon {
        suite: common.suite,
        hash_provider: common.hash_provider,
        confidentiality_limit: common.confidentiality_limit,
    }
}

fn note(suite: CipherSuite) {
    connecting(|attempt| {
        // IANA's names of TLS 1.3 have no 13 in them.
        let name = suite.as_str().unwrap_or("unknown").replace("TLS13_", "TLS_");
        attempt.state().cipher = Some(name);
    });
}

impl Tls13AeadAlgorithm for Noted<&'static Tls13CipherSuite> {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
        note(self.0.common.suite);
        self.0.aead_alg.encrypter(key, iv)
    }
    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
        Box::new(Listening(self.0.aead_alg.decrypter(key, iv)))
    }
    fn key_len(&self) -> usize {
        self.0.aead_alg.key_len()
    }
    fn extract_keys(
        &self,
        key: AeadKey,
        iv: Iv,
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.aead_alg.extract_keys(key, iv)
    }
    fn fips(&self) -> bool {
        self.0.aead_alg.fips()
    }
}

impl Tls12AeadAlgorithm for Noted<&'static Tls12CipherSuite> {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn MessageEncrypter> {
        note(self.0.common.suite);
        self.0.aead_alg.encrypter(key, iv, extra)
    }
    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        self.0.aead_alg.decrypter(key, iv)
    }
    fn key_block_shape(&self) -> KeyBlockShape {
        self.0.aead_alg.key_block_shape()
    }
    fn extract_keys(
        &self,
        key: AeadKey,
        iv: &[u8],
        explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.aead_alg.extract_keys(key, iv, explicit)
    }
    fn fips(&self) -> bool {
        self.0.aead_alg.fips()
    }
}

/// A decrypter of TLS 1.3 that looks for the protocol in the server's `EncryptedExtensions`.
struct Listening(Box<dyn MessageDecrypter>);

impl MessageDecrypter for Listening {
    fn decrypt<'a>(
        &mut self,
        message: InboundOpaqueMessage<'a>,
        seq: u64,
    ) -> Result<InboundPlainMessage<'a>, rustls::Error> {
        let plain = self.0.decrypt(message, seq)?;
        if plain.typ == ContentType::Handshake
            && let Some(protocol) = application_protocol(plain.payload)
        {
            connecting(|attempt| attempt.state().alpn = Some(protocol));
        }
        Ok(plain)
    }
}

/// The protocol that an `EncryptedExtensions` message names: <https://www.rfc-editor.org/rfc/rfc8446#section-4.3.1>
/// with <https://www.rfc-editor.org/rfc/rfc7301#section-3.1>.
fn application_protocol(message: &[u8]) -> Option<String> {
    const ENCRYPTED_EXTENSIONS: u8 = 8;
    const ALPN: [u8; 2] = [0, 16];
    let (kind, rest) = message.split_first()?;
    if *kind != ENCRYPTED_EXTENSIONS {
        return None;
    }
    // Three bytes of the message's length, two of the list's.
    let mut rest = rest.get(5..)?;
    while let [k0, k1, l0, l1, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*l0, *l1]));
        let (data, tail) = (tail.get(..length)?, tail.get(length..)?);
        if [*k0, *k1] == ALPN {
            // Two bytes of the list's length, one of the name's.
            let length = usize::from(*data.get(2)?);
            let name = data.get(3..length.checked_add(3)?)?;
            return Some(String::from_utf8_lossy(name).into_owned());
        }
        rest = tail;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suites_are_rings() {
        let ours: Vec<CipherSuite> = all().iter().map(SupportedCipherSuite::suite).collect();
        let rings = rustls::crypto::ring::ALL_CIPHER_SUITES;
        assert_eq!(ours, rings.iter().map(SupportedCipherSuite::suite).collect::<Vec<_>>());
    }

    #[test]
    fn protocols() {
        for (message, protocol) in [
            (&[8, 0, 0, 11, 0, 9, 0, 16, 0, 5, 0, 3, 2, b'h', b'2'][..], Some("h2")),
            // Behind another extension.
            (&[8, 0, 0, 15, 0, 13, 0, 10, 0, 0, 0, 16, 0, 5, 0, 3, 2, b'h', b'2'], Some("h2")),
            (&[8, 0, 0, 2, 0, 0], None),
            (&[11, 0, 0, 2, 0, 0], None),
            (&[8, 0, 0, 11, 0, 9, 0, 16, 0, 9, 0, 3, 2, b'h', b'2'], None),
            (&[8, 0, 0, 11, 0, 9, 0, 16, 0, 2, 0, 3], None),
            (&[8, 0], None),
            (&[], None),
        ] {
            assert_eq!(application_protocol(message).as_deref(), protocol, "{message:?}");
        }
    }
}
