//! HTTP fetch: <https://fetch.spec.whatwg.org/#concept-http-fetch>.

use http::StatusCode;

use super::auth::Answered;
use super::hop::Hop;
use super::main_fetch::{Internal, Outcome};
use super::network_or_cache::network_or_cache_fetch;
use super::{Net, corp, cors, preflight, redirect};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::NetEventKind;
use crate::request::RedirectMode;

/// Fetches over HTTP and decides what a redirect status means.
pub(super) async fn http_fetch(net: &Net, hop: &mut Hop) -> Result<Outcome, Error> {
    let url = &hop.request.url;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(Error::new(ErrorKind::InvalidUrl, Phase::Url, Some(url), "the URL has no host"));
    }
    // 4.1
    preflight::ensure_allowed(net, hop).await?;
    // 4.3: the network, or the cache.
    let response = authenticated_fetch(net, hop).await?;
    // 4.4: CORS.
    if hop.is_cors() {
        cors::check(hop, &response.headers)?;
    }
    // 4.5: CORP.
    if hop.is_opaque() {
        corp::check(hop, &response.headers)?;
    }
    // 6: redirects.
    if !redirect::is_redirect_status(response.status) {
        return Ok(Outcome::Response(Box::new(response)));
    }
    match hop.request.redirect_mode {
        RedirectMode::Error => {
            let message =
                format!("status {} and the request does not allow redirects", response.status.as_u16());
            Err(Error::new(ErrorKind::Redirect, Phase::Wait, Some(&hop.request.url), message))
        }
        RedirectMode::Manual => Ok(Outcome::Response(Box::new(response))),
        RedirectMode::Follow => redirect::http_redirect_fetch(hop, response).await,
    }
}

/// HTTP-network-or-cache fetch, step 14: a 401 that can be answered is answered, once. The second request is told as
/// a hop of its own.
async fn authenticated_fetch(net: &Net, hop: &mut Hop) -> Result<Internal, Error> {
    let response = network_or_cache_fetch(net, hop).await?;
    if response.status != StatusCode::UNAUTHORIZED {
        return Ok(response);
    }
    let Some(answered) = net.logins.answer(net, hop, &response.headers) else { return Ok(response) };
    redirect::drain(response.body).await;
    let Answered { scheme, realm } = answered;
    hop.story.tell(NetEventKind::Challenged { scheme, realm });
    hop.story.next_hop();
    hop.tell_requested();
    let response = network_or_cache_fetch(net, hop).await?;
    if response.status == StatusCode::UNAUTHORIZED {
        net.logins.forget(hop);
    }
    Ok(response)
}
