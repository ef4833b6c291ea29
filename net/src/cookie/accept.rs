//! Which cookies are kept: RFC 6265bis, 5.7, "Storage Model", in the order of its steps.

use super::context::{Channel, Context, Relation};
use super::matching::{default_path, domain_matches, is_address};
use super::parse::{SetCookie, parse};
use super::store::Store;
use super::{Cookie, SameSite};
use crate::cookie_note::{CookieFate, CookieNote, CookieRefusal};
use crate::site::is_public_suffix;

/// Takes one `Set-Cookie` line.
pub(super) fn receive(store: &mut Store, context: &Context<'_>, line: &[u8]) -> CookieNote {
    let (name, fate) = match parse(line, context.now) {
        Err((name, why)) => (name, CookieFate::Refused(why)),
        Ok(set) => match accept(&set, context, store) {
            Err(why) => (set.name, CookieFate::Refused(why)),
            Ok(cookie) => {
                let fate =
                    if cookie.is_expired(context.now) { CookieFate::Removed } else { CookieFate::Stored };
                // Steps 23 and 24.
                store.insert(cookie, context.now);
                (set.name, fate)
            }
        },
    };
    CookieNote { name: String::from_utf8_lossy(name).into_owned(), fate }
}

/// Steps 1 to 22. (Steps 3 and 4 are the parser's; 15 and parts of 18 and 23 are about scripts, which there are none of.)
fn accept(set: &SetCookie<'_>, context: &Context<'_>, store: &Store) -> Result<Cookie, CookieRefusal> {
    let attributes = &set.attributes;
    // 2.
    if set.name.is_empty() && set.value.is_empty() {
        return Err(CookieRefusal::Empty);
    }
    // 7 to 10.
    let (domain, host_only) = domain(attributes.domain, context)?;
    // 11.
    let path = match attributes.path {
        Some(path) if !path.is_empty() => String::from_utf8_lossy(path).into_owned(),
        _ => default_path(context.url.path()).to_owned(),
    };
    // 5, 6, 12, 14, 17: `Max-Age` goes before `Expires`.
    let cookie = Cookie {
        name: set.name.to_vec(),
        value: set.value.to_vec(),
        domain,
        host_only,
        path,
        expires: attributes.max_age.or(attributes.expires),
        secure: attributes.secure,
        http_only: attributes.http_only,
        same_site: attributes.same_site,
        partition: attributes.partitioned.then(|| context.partition.clone()),
        created: context.now,
        last_access: context.now,
    };
    if context.channel == Channel::Insecure {
        // 13.
        if cookie.secure {
            return Err(CookieRefusal::Insecure);
        }
        // 16.
        if store.has_secure_in_the_way(&cookie) {
            return Err(CookieRefusal::OverlaysSecure);
        }
    }
    // 18: a top-level navigation may set any.
    if cookie.same_site != SameSite::None && context.relation == Relation::CrossSite {
        return Err(CookieRefusal::CrossSite);
    }
    // 19.
    if cookie.same_site == SameSite::None && !cookie.secure {
        return Err(CookieRefusal::NoneWithoutSecure);
    }
    check_prefix(&cookie, attributes.path)?;
    if attributes.partitioned && !cookie.secure {
        return Err(CookieRefusal::PartitionedWithoutSecure);
    }
    Ok(cookie)
}

/// Steps 7 to 10: the domain, and whether it is the host alone.
fn domain(attribute: Option<&[u8]>, context: &Context<'_>) -> Result<(String, bool), CookieRefusal> {
    let host = context.url.host_str().unwrap_or_default();
    let attribute = attribute.unwrap_or_default();
    // 8.
    if !attribute.is_ascii() {
        return Err(CookieRefusal::DomainNotAscii);
    }
    let attribute = String::from_utf8_lossy(attribute).to_ascii_lowercase();
    // 9. An address names itself in the same way, as in Chromium.
    if attribute.is_empty() || (attribute == host && (is_public_suffix(host) || is_address(host))) {
        return Ok((host.to_owned(), true));
    }
    // DEVIATION: the draft lets `localhost` and other single-label hosts that are not its own be refused here with the
    // same words; so does Chromium.
    if is_public_suffix(&attribute) {
        return Err(CookieRefusal::PublicSuffix);
    }
    // 10.
    if !domain_matches(host, &attribute) {
        return Err(CookieRefusal::OtherDomain);
    }
    Ok((attribute, false))
}

/// Steps 20 to 22, and the two prefixes that Chromium added:
/// <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-layered-cookies>.
fn check_prefix(cookie: &Cookie, path_attribute: Option<&[u8]>) -> Result<(), CookieRefusal> {
    // DEVIATION: the draft takes any `Path` attribute that makes the path `/`; Chromium wants it written.
    let is_host = cookie.secure && cookie.host_only && path_attribute == Some(b"/");
    let keeps = match Prefix::of(&cookie.name) {
        None => true,
        Some(Prefix::Secure) => cookie.secure,
        Some(Prefix::Host) => is_host,
        Some(Prefix::Http) => cookie.secure && cookie.http_only,
        Some(Prefix::HostHttp) => is_host && cookie.http_only,
    };
    if !keeps {
        return Err(CookieRefusal::Prefix);
    }
    // 22.
    if cookie.name.is_empty() && Prefix::of(&cookie.value).is_some() {
        return Err(CookieRefusal::HiddenPrefix);
    }
    Ok(())
}

/// The prefixes of names that promise something: 5.4.
enum Prefix {
    Secure,
    Host,
    Http,
    HostHttp,
}

impl Prefix {
    fn of(name: &[u8]) -> Option<Self> {
        let begins = |prefix: &str| {
            name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        match () {
            () if begins("__Host-Http-") => Some(Self::HostHttp),
            () if begins("__Host-") => Some(Self::Host),
            () if begins("__Http-") => Some(Self::Http),
            () if begins("__Secure-") => Some(Self::Secure),
            () => None,
        }
    }
}
