//! How much of a document's URL its requests tell: <https://w3c.github.io/webappsec-referrer-policy/>.

use http::{HeaderMap, HeaderName};

/// A referrer policy: <https://w3c.github.io/webappsec-referrer-policy/#enumdef-referrerpolicy>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ReferrerPolicy {
    /// The empty string: none was said, so that the next outer one holds, at last [`Self::DEFAULT`].
    #[default]
    Unset,
    /// Nothing is told.
    NoReferrer,
    /// The whole URL, but nothing from a secure page to an insecure URL.
    NoReferrerWhenDowngrade,
    /// The whole URL within an origin, nothing elsewhere.
    SameOrigin,
    /// The origin alone.
    Origin,
    /// The origin alone, nothing from a secure page to an insecure URL.
    StrictOrigin,
    /// The whole URL within an origin, the origin elsewhere.
    OriginWhenCrossOrigin,
    /// As before, but nothing from a secure page to an insecure URL.
    StrictOriginWhenCrossOrigin,
    /// The whole URL, to everyone.
    UnsafeUrl,
}

impl ReferrerPolicy {
    /// <https://w3c.github.io/webappsec-referrer-policy/#default-referrer-policy>
    pub const DEFAULT: Self = Self::StrictOriginWhenCrossOrigin;

    /// All that have a name, in the standard's order.
    pub const ALL: [Self; 8] = [
        Self::NoReferrer,
        Self::NoReferrerWhenDowngrade,
        Self::SameOrigin,
        Self::Origin,
        Self::StrictOrigin,
        Self::OriginWhenCrossOrigin,
        Self::StrictOriginWhenCrossOrigin,
        Self::UnsafeUrl,
    ];

    /// The standard's token; empty for [`Self::Unset`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unset => "",
            Self::NoReferrer => "no-referrer",
            Self::NoReferrerWhenDowngrade => "no-referrer-when-downgrade",
            Self::SameOrigin => "same-origin",
            Self::Origin => "origin",
            Self::StrictOrigin => "strict-origin",
            Self::OriginWhenCrossOrigin => "origin-when-cross-origin",
            Self::StrictOriginWhenCrossOrigin => "strict-origin-when-cross-origin",
            Self::UnsafeUrl => "unsafe-url",
        }
    }

    /// The policy of a `referrerpolicy` attribute or a header's token, without regard to case; `None` for what
    /// is not known.
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str().eq_ignore_ascii_case(token))
    }

    /// The policy of `<meta name=referrer content=…>`, which knows four older words too:
    /// <https://html.spec.whatwg.org/#meta-referrer>.
    pub fn from_meta(content: &str) -> Option<Self> {
        match content.to_ascii_lowercase().as_str() {
            "never" => Some(Self::NoReferrer),
            "default" => Some(Self::DEFAULT),
            "always" => Some(Self::UnsafeUrl),
            "origin-when-crossorigin" => Some(Self::OriginWhenCrossOrigin),
            token => Self::from_token(token),
        }
    }

    /// The policy that a response's `Referrer-Policy` sets: the last token that is known, so that newer words
    /// can stand behind older ones. [`Self::Unset`] without one.
    /// <https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header>
    pub fn from_headers(headers: &HeaderMap) -> Self {
        headers
            .get_all(HeaderName::from_static("referrer-policy"))
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|token| Self::from_token(token.trim_matches([' ', '\t'])))
            .next_back()
            .unwrap_or_default()
    }

    /// This one, or `outer` where none was said.
    #[must_use]
    pub const fn or(self, outer: Self) -> Self {
        match self {
            Self::Unset => outer,
            said => said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_headers() {
        for policy in ReferrerPolicy::ALL {
            assert_eq!(ReferrerPolicy::from_token(&policy.as_str().to_uppercase()), Some(policy));
        }
        assert_eq!(ReferrerPolicy::from_token(""), None);
        assert_eq!(ReferrerPolicy::from_meta("Never"), Some(ReferrerPolicy::NoReferrer));
        assert_eq!(ReferrerPolicy::from_token("never"), None);
        for (lines, expected) in [
            (&[][..], ""),
            (&["origin"], "origin"),
            (&["no-referrer, unsafe-url"], "unsafe-url"),
            (&["no-referrer, of-the-future"], "no-referrer"),
            (&["unsafe-url", "same-origin,\t"], "same-origin"),
            (&["Same-Origin , , "], "same-origin"),
            (&["sameorigin"], ""),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("referrer-policy", line.parse().unwrap());
            }
            assert_eq!(ReferrerPolicy::from_headers(&headers).as_str(), expected, "{lines:?}");
        }
    }
}
