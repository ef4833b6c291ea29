//! What `Referer` says: <https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer>.

use url::Url;

use super::trust::is_potentially_trustworthy;
use crate::limits::MAX_REFERRER_BYTES;
use crate::referrer_policy::ReferrerPolicy;
use crate::request::Referrer;

/// The referrer that a request to `url` has under `policy`. It takes the place of the one before: what an
/// earlier hop of a redirect chain was not told, no later one is.
pub(super) fn determine(policy: ReferrerPolicy, referrer: &Referrer, url: &Url) -> Referrer {
    // Steps 1 to 3.
    let Referrer::Url(source) = referrer else { return Referrer::NoReferrer };
    // Steps 4 and 5.
    let (Some(mut whole), Some(origin)) = (stripped(source, false), stripped(source, true)) else {
        return Referrer::NoReferrer;
    };
    // Step 6.
    if whole.as_str().len() > MAX_REFERRER_BYTES {
        whole = origin.clone();
    }
    // Step 8.
    let is_same_origin = whole.origin() == url.origin();
    let is_downgrade = is_potentially_trustworthy(&whole) && !is_potentially_trustworthy(url);
    let told = match policy.or(ReferrerPolicy::DEFAULT) {
        ReferrerPolicy::NoReferrer => None,
        ReferrerPolicy::Origin => Some(origin),
        ReferrerPolicy::UnsafeUrl => Some(whole),
        ReferrerPolicy::StrictOrigin => (!is_downgrade).then_some(origin),
        ReferrerPolicy::Unset | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
            if is_same_origin {
                Some(whole)
            } else {
                (!is_downgrade).then_some(origin)
            }
        }
        ReferrerPolicy::SameOrigin => is_same_origin.then_some(whole),
        ReferrerPolicy::OriginWhenCrossOrigin => Some(if is_same_origin { whole } else { origin }),
        ReferrerPolicy::NoReferrerWhenDowngrade => (!is_downgrade).then_some(whole),
    };
    told.map_or(Referrer::NoReferrer, Referrer::Url)
}

/// <https://w3c.github.io/webappsec-referrer-policy/#strip-url>
///
/// DEVIATION: only http(s) URLs are told, as in Chromium; the standard leaves out the local schemes alone.
fn stripped(source: &Url, origin_only: bool) -> Option<Url> {
    if !matches!(source.scheme(), "http" | "https") {
        return None;
    }
    let mut url = source.clone();
    // Both can only fail for URLs without a host.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.set_fragment(None);
    if origin_only {
        url.set_path("");
        url.set_query(None);
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(policy: ReferrerPolicy, from: &str, to: &str) -> String {
        let referrer = Referrer::Url(Url::parse(from).unwrap());
        match determine(policy, &referrer, &Url::parse(to).unwrap()) {
            Referrer::Url(url) => url.into(),
            Referrer::NoReferrer => String::new(),
        }
    }

    /// The standard's policies (sections 3.1 to 3.8) by where the request goes: within the origin, to another one,
    /// and from a secure page to an insecure URL.
    #[test]
    fn policies() {
        const WHOLE: &str = "https://a.test/p?q";
        const ORIGIN: &str = "https://a.test/";
        const PLAIN_WHOLE: &str = "http://a.test/p?q";
        const PLAIN_ORIGIN: &str = "http://a.test/";
        for (policy, same, cross, downgrade, plain_same, plain_cross, upgrade) in [
            ("no-referrer", "", "", "", "", "", ""),
            ("no-referrer-when-downgrade", WHOLE, WHOLE, "", PLAIN_WHOLE, PLAIN_WHOLE, PLAIN_WHOLE),
            ("same-origin", WHOLE, "", "", PLAIN_WHOLE, "", ""),
            ("origin", ORIGIN, ORIGIN, ORIGIN, PLAIN_ORIGIN, PLAIN_ORIGIN, PLAIN_ORIGIN),
            ("strict-origin", ORIGIN, ORIGIN, "", PLAIN_ORIGIN, PLAIN_ORIGIN, PLAIN_ORIGIN),
            ("origin-when-cross-origin", WHOLE, ORIGIN, ORIGIN, PLAIN_WHOLE, PLAIN_ORIGIN, PLAIN_ORIGIN),
            ("strict-origin-when-cross-origin", WHOLE, ORIGIN, "", PLAIN_WHOLE, PLAIN_ORIGIN, PLAIN_ORIGIN),
            ("unsafe-url", WHOLE, WHOLE, WHOLE, PLAIN_WHOLE, PLAIN_WHOLE, PLAIN_WHOLE),
            ("", WHOLE, ORIGIN, "", PLAIN_WHOLE, PLAIN_ORIGIN, PLAIN_ORIGIN),
        ] {
            let name = policy;
            let policy = ReferrerPolicy::from_token(policy).unwrap_or_default();
            let (secure, plain) = ("https://u:p@a.test/p?q#f", "http://u:p@a.test/p?q#f");
            for (from, to, expected) in [
                (secure, "https://a.test/x", same),
                (secure, "https://b.test/x", cross),
                (secure, "https://a.test:8443/x", cross),
                (secure, "http://a.test/x", downgrade),
                (secure, "http://b.test/x", downgrade),
                // This machine is no downgrade.
                (secure, "http://localhost/x", cross),
                (secure, "http://127.0.0.1:1/x", cross),
                (plain, "http://a.test/x", plain_same),
                (plain, "http://b.test/x", plain_cross),
                (plain, "https://a.test/x", upgrade),
            ] {
                assert_eq!(told(policy, from, to), expected, "{name}: {from} to {to}");
            }
        }
    }

    #[test]
    fn who_is_never_told_and_how_much_at_most() {
        for from in ["file:///etc/p", "data:,x", "about:blank", "blob:https://a.test/x"] {
            assert_eq!(told(ReferrerPolicy::UnsafeUrl, from, "https://a.test/"), "", "{from}");
        }
        let path = |length: usize| format!("http://a.test/{}", "x".repeat(length - "http://a.test/".len()));
        for (from, expected) in [(path(4096), path(4096)), (path(4097), "http://a.test/".to_owned())] {
            assert_eq!(told(ReferrerPolicy::UnsafeUrl, &from, "http://a.test/"), expected);
        }
        assert_eq!(
            determine(
                ReferrerPolicy::UnsafeUrl,
                &Referrer::NoReferrer,
                &Url::parse("http://a.test/").unwrap()
            ),
            Referrer::NoReferrer
        );
    }
}
