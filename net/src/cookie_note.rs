//! What is told of cookies: which went along, which came, and why others did not.

/// What became of one cookie in one exchange. Its value is not told: it may be a password's equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieNote {
    /// The name, bytes that are not UTF-8 replaced; empty for a nameless cookie.
    pub name: String,
    /// What became of it.
    pub fate: CookieFate,
}

/// What became of a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CookieFate {
    /// It went along with the request.
    Sent,
    /// It matches the request's URL, and did not go along.
    Withheld(CookieRefusal),
    /// It came with the response and is kept.
    Stored,
    /// It came with the response, already expired: one of its name is gone, if there was one.
    Removed,
    /// It came with the response and is not kept.
    Refused(CookieRefusal),
}

/// Why a cookie was not kept or not sent. [`std::fmt::Display`] says it in words that stand after its name.
///
/// Sections are those of RFC 6265bis, <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-20>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CookieRefusal {
    /// The request goes without credentials, which decides sending and storing.
    NoCredentials,
    /// A control character in the line: 5.6, step 1.
    ControlCharacter,
    /// Name and value together are too long: 5.6, step 5.
    TooLong,
    /// Neither name nor value: 5.7, step 2.
    Empty,
    /// The domain is not ASCII: 5.7, step 8.
    DomainNotAscii,
    /// The domain is a public suffix: 5.7, step 9.
    PublicSuffix,
    /// The host is not in the domain: 5.7, step 10.
    OtherDomain,
    /// It is `Secure`, and the connection is not: 5.7, step 13, and 5.8.3.
    Insecure,
    /// It would stand before a `Secure` cookie, and the connection is not secure: 5.7, step 16.
    OverlaysSecure,
    /// It has `SameSite` (written or by default), and the request is a cross-site one: 5.7, step 18.
    CrossSite,
    /// `SameSite=None` without `Secure`: 5.7, step 19.
    NoneWithoutSecure,
    /// The name's prefix promises what the attributes do not keep: 5.7, steps 20 and 21.
    Prefix,
    /// It is nameless, and its value reads as a name with a prefix: 5.7, step 22.
    HiddenPrefix,
    /// `Partitioned` without `Secure`: <https://datatracker.ietf.org/doc/html/draft-cutler-httpbis-partitioned-cookies>.
    PartitionedWithoutSecure,
    /// It is `SameSite=Strict`, and the request does not come from its own site.
    Strict,
    /// It is `SameSite=Lax`, and the request comes from another site and is no top-level navigation by GET.
    Lax,
    /// It has no `SameSite`, which counts as `Lax`.
    LaxByDefault,
}

impl std::fmt::Display for CookieRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoCredentials => "the request goes without credentials",
            Self::ControlCharacter => "there is a control character in it",
            Self::TooLong => "name and value are longer than 4096 bytes",
            Self::Empty => "it has neither name nor value",
            Self::DomainNotAscii => "its Domain is not ASCII",
            Self::PublicSuffix => "its Domain is a public suffix",
            Self::OtherDomain => "its Domain does not cover the host",
            Self::Insecure => "it is Secure and the connection is not",
            Self::OverlaysSecure => "it would hide a Secure cookie and the connection is not secure",
            Self::CrossSite => "it is a same-site cookie and the request is cross-site",
            Self::NoneWithoutSecure => "SameSite=None needs Secure",
            Self::Prefix => "its attributes do not keep what the prefix of its name promises",
            Self::HiddenPrefix => "it has no name and its value begins with a prefix of names",
            Self::PartitionedWithoutSecure => "Partitioned needs Secure",
            Self::Strict => "it is SameSite=Strict and the request comes from another site",
            Self::Lax => "it is SameSite=Lax and the request comes from another site",
            Self::LaxByDefault => {
                "it has no SameSite, which counts as Lax, and the request comes from another site"
            }
        })
    }
}

impl std::fmt::Display for CookieNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = if self.name.is_empty() { "(nameless)" } else { &self.name };
        match self.fate {
            CookieFate::Sent | CookieFate::Stored => f.write_str(name),
            CookieFate::Removed => write!(f, "{name} (removed)"),
            CookieFate::Withheld(why) => write!(f, "{name} (withheld: {why})"),
            CookieFate::Refused(why) => write!(f, "{name} (refused: {why})"),
        }
    }
}
