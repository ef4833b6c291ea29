//! The Fetch standard's algorithm, <https://fetch.spec.whatwg.org/#fetching>, one file a step:
//!
//! ```text
//! main_fetch ─ scheme_fetch ┬ about:, data:, file:
//!                           └ http_fetch ─ network_or_cache ─ network
//!                               └ redirect ─ again from main_fetch
//! ```

mod auth;
mod body;
mod cookies;
mod corp;
mod cors;
mod deadline;
mod file;
mod headers;
mod hop;
mod http_fetch;
mod integrity;
mod main_fetch;
mod mixed_content;
mod network;
mod network_or_cache;
mod ports;
mod preflight;
mod redirect;
mod referrer;
mod scheme_fetch;
mod trust;

use std::pin::pin;
use std::sync::Arc;

use http::Method;

use crate::cache::HttpCache;
use crate::config::ClientConfig;
use crate::cookie::Jar;
use crate::error::Error;
use crate::hsts::Hsts;
use crate::request::Request;
use crate::response::Response;
use crate::schedule::Gate;
use crate::story::{CancelOnDrop, Story};
use crate::told_url::told;
use crate::transport::Transport;
pub(crate) use auth::Spaces;
use deadline::Deadline;
use hop::Hop;
pub(crate) use ports::is_bad as is_bad_port;
pub(crate) use preflight::Preflights;

/// What all fetches of a client share. Clones share it too: a refresh in the background has one.
#[derive(Clone)]
pub(crate) struct Net {
    pub(crate) config: ClientConfig,
    pub(crate) cache: HttpCache,
    /// `None` when cookies are off.
    pub(crate) cookies: Option<Arc<Jar>>,
    pub(crate) hsts: Arc<Hsts>,
    pub(crate) logins: Arc<Spaces>,
    pub(crate) preflights: Arc<Preflights>,
    pub(crate) gate: Gate,
    pub(crate) transport: Arc<dyn Transport>,
}

/// A fetch whose first event has been told.
pub(crate) struct Started {
    hop: Hop,
    cancel: CancelOnDrop,
}

/// Tells that `request` was made. Dropping what is returned cancels it.
pub(crate) fn start(request: Request, story: Story) -> Started {
    let hop = Hop::first(request, story.clone());
    hop.tell_requested();
    Started { hop, cancel: CancelOnDrop(story) }
}

/// Runs a fetch up to its response's head. The body tells the rest of the story.
pub(crate) async fn run(net: &Net, started: Started) -> Result<Response, Error> {
    let Started { mut hop, cancel } = started;
    let limit = hop.request.time_limit.or(net.config.timeouts.whole);
    let mut deadline = Deadline::of(limit, hop.story.clone());
    let fetched = deadline.hold(pin!(main_fetch::main_fetch(net, &mut hop))).await;
    match fetched.and_then(std::convert::identity) {
        Ok(internal) => {
            let internal = *internal;
            // <https://fetch.spec.whatwg.org/#null-body-status>, and answers to HEAD.
            let is_bodiless =
                matches!(internal.status.as_u16(), 204 | 205 | 304) || hop.request.method == Method::HEAD;
            let mut body = body::Pipe::new(internal.body, &internal.headers, &hop, cancel, net)?;
            body.end_by(deadline);
            body.expect(integrity::Expected::parse(&hop.request.integrity));
            Ok(Response {
                // DEVIATION: without user names and passwords, which the client remembers. A page cannot hand them on.
                url_list: hop.url_list.iter().map(told).collect(),
                status: internal.status,
                headers: internal.headers,
                body: if is_bodiless { body.into_empty_body() } else { body.into_body() },
                source: internal.source,
                protocol: internal.protocol,
                connection: internal.connection,
            })
        }
        Err(error) => {
            hop.story.fail(&error);
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod policy_tests;

#[cfg(test)]
mod cache_tests;
