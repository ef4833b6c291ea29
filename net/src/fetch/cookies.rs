//! Cookies of a hop: <https://fetch.spec.whatwg.org/#append-a-request-cookie-header> and
//! <https://fetch.spec.whatwg.org/#parse-and-store-response-set-cookie-headers>.

use http::{HeaderMap, HeaderValue, header};

use super::Net;
use super::hop::{Hop, is_same_origin};
use super::trust::is_potentially_trustworthy;
use crate::cookie::{Channel, Context};
use crate::cookie_note::{CookieFate, CookieNote, CookieRefusal};
use crate::event::NetEventKind;
use crate::request::{Credentials, RequestMode};

/// HTTP-network-or-cache fetch, step 8.3: whether cookies and other credentials go along and are taken from the
/// response. "Same-origin" holds while every hop was of the document's origin, whatever the mode.
pub(super) fn includes_credentials(hop: &Hop) -> bool {
    match hop.request.credentials {
        Credentials::Include => true,
        Credentials::Omit => false,
        Credentials::SameOrigin => {
            let is_own = |origin| hop.url_list.iter().all(|url| is_same_origin(&origin, url));
            hop.request.mode == RequestMode::Navigate || hop.origin().is_none_or(is_own)
        }
    }
}

/// Adds the `Cookie` header, unless the caller has set one. What is returned is to be told if the request is sent.
pub(super) fn attach(net: &Net, hop: &Hop, headers: &mut HeaderMap) -> Vec<CookieNote> {
    let Some(jar) = &net.cookies else { return Vec::new() };
    if jar.is_empty() || !includes_credentials(hop) || headers.contains_key(header::COOKIE) {
        return Vec::new();
    }
    let selection = with_context(hop, |context| jar.select(context));
    if !selection.header.is_empty()
        && let Ok(mut value) = HeaderValue::from_bytes(&selection.header)
    {
        value.set_sensitive(true);
        headers.insert(header::COOKIE, value);
    }
    selection.notes
}

/// Tells what a request takes along, as it is sent.
pub(super) fn tell_sent(hop: &Hop, notes: Vec<CookieNote>) {
    if !notes.is_empty() {
        hop.story.tell(NetEventKind::CookiesSent(notes));
    }
}

/// Takes the response's cookies, whatever its status.
pub(super) fn receive(net: &Net, hop: &Hop, headers: &HeaderMap) {
    let Some(jar) = &net.cookies else { return };
    let lines = || headers.get_all(header::SET_COOKIE).iter().map(HeaderValue::as_bytes);
    if lines().next().is_none() {
        return;
    }
    let notes = if includes_credentials(hop) {
        with_context(hop, |context| jar.receive(context, lines()))
    } else {
        let name = |line: &[u8]| {
            let end = line.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(0);
            String::from_utf8_lossy(&line[..end]).trim().to_owned()
        };
        let fate = CookieFate::Refused(CookieRefusal::NoCredentials);
        lines().map(|line| CookieNote { name: name(line), fate }).collect()
    };
    hop.story.tell(NetEventKind::CookiesReceived(notes));
}

fn with_context<T>(hop: &Hop, run: impl FnOnce(&Context<'_>) -> T) -> T {
    // DEVIATION: http to this machine counts as secure, as in Chromium.
    let channel =
        if is_potentially_trustworthy(&hop.request.url) { Channel::Secure } else { Channel::Insecure };
    let origin = hop.origin();
    run(&Context::of(&hop.request, origin.as_ref(), channel, hop.story.wall_clock()))
}
