//! The transport on reqwest: one client a profile, nothing in it behaves like a browser.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Instant;

use futures_util::future::{BoxFuture, poll_fn};
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use hyper_util::client::legacy::connect::HttpInfo;
use tokio::time::{sleep, timeout};

use super::attempt::{self, Attempt, Stage};
use super::connections::{Connections, Ends};
use super::connector::ConnectorLayer;
use super::tls::Tls;
use super::upload::Upload;
use super::{Transport, WireBody, WireRequest, WireResponse, failure, way};
use crate::clock::Timestamp;
use crate::config::{ClientConfig, Timeouts};
use crate::dns::Resolver;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{NetEventKind, Protocol};
use crate::id::ConnectionId;
use crate::limits;
use crate::proxy::ProxyConfig;

/// A [`Transport`] over TCP and TLS with HTTP/1.1 and HTTP/2.
pub(crate) struct Wire {
    client: reqwest::Client,
    shared: Arc<Shared>,
}

/// What a client's exchanges and connects have in common.
pub(super) struct Shared {
    pub(super) resolver: Resolver,
    pub(super) tls: Tls,
    pub(super) timeouts: Timeouts,
    pub(super) proxies: ProxyConfig,
    connections: Mutex<Connections>,
}

impl Shared {
    pub(super) fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The resolver that the HTTP library asks: the step before has already found the addresses.
struct Resolved;

impl reqwest::dns::Resolve for Resolved {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let addresses = attempt::connecting(|attempt| {
            let state = attempt.state();
            // Through a proxy it asks for the proxy, and for the host if the proxy wants its address.
            match &state.proxy_host {
                Some(proxy) if !is_host(proxy, name.as_str()) => state.behind_proxy.clone(),
                _ => state.addresses.clone(),
            }
        });
        let addresses = addresses.unwrap_or_default();
        Box::pin(std::future::ready(Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs)))
    }
}

/// Whether `host`, as it stands in URLs, is what the HTTP library calls `name`.
fn is_host(host: &str, name: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').eq_ignore_ascii_case(name)
}

impl Wire {
    /// A transport for `config` that asks `resolver`.
    pub(crate) fn new(config: &ClientConfig, resolver: Resolver) -> Result<Self, Error> {
        let tls = Tls::new(config)?;
        let backend = tls.client_config()?;
        let shared = Arc::new(Shared {
            resolver,
            tls,
            timeouts: config.timeouts,
            proxies: config.proxies.clone(),
            connections: Mutex::default(),
        });
        let builder = match way::library_proxy(&config.proxies) {
            Some(proxy) => reqwest::Client::builder().proxy(proxy),
            None => reqwest::Client::builder().no_proxy(),
        };
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .tls_backend_preconfigured(backend)
            .tls_info(true)
            .dns_resolver(Arc::new(Resolved))
            .connector_layer(ConnectorLayer(shared.clone()))
            .pool_idle_timeout(limits::POOL_IDLE_TIMEOUT)
            .http1_title_case_headers()
            .http1_max_headers(limits::MAX_HEADER_LINES)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .http2_initial_stream_window_size(limits::H2_STREAM_WINDOW_BYTES)
            .http2_initial_connection_window_size(limits::H2_CONNECTION_WINDOW_BYTES)
            .http2_max_header_list_size(limits::MAX_HEAD_BYTES as u32)
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Connect, Phase::Connect, None, "the HTTP client cannot be set up")
                    .with_source(error)
            })?;
        Ok(Self { client, shared })
    }

    /// One try. `Err` says whether the same request may be sent again. `earlier` is the connection that an
    /// earlier try of it opened.
    async fn attempt(
        &self,
        request: &WireRequest,
        earlier: Option<ConnectionId>,
    ) -> Result<WireResponse, Unanswered> {
        let attempt = Attempt::new(&request.url, request.story.clone(), request.on_protocol.clone());
        attempt.state().connection = earlier;
        let sent = attempt::run(attempt.clone(), self.send(request, &attempt));
        match self.await_head(sent, &attempt).await {
            Ok((response, taken_at)) => {
                self.answered(request, response, &attempt, taken_at).map_err(Unanswered::Finally)
            }
            Err(error) => Err(error),
        }
    }

    /// Hands the request to the library; again when the connect that failed has another address to try.
    async fn send(
        &self,
        request: &WireRequest,
        attempt: &Arc<Attempt>,
    ) -> Result<reqwest::Response, reqwest::Error> {
        loop {
            let result = self.client.execute(outgoing(request, attempt)).await;
            if result.is_ok() || attempt.state().plan.is_none() {
                return result;
            }
        }
    }

    /// Waits for the head. The deadline runs from the moment in which the request has a connection, and
    /// anew from the last piece of its body.
    async fn await_head(
        &self,
        sent: impl Future<Output = Result<reqwest::Response, reqwest::Error>>,
        attempt: &Arc<Attempt>,
    ) -> Result<(reqwest::Response, Option<Timestamp>), Unanswered> {
        let limit = self.shared.timeouts.first_byte;
        let mut sent = pin!(sent);
        let mut deadline = pin!(None);
        let mut body_seen = None;
        let mut first_poll = true;
        let mut taken_at = None;
        let result = poll_fn(|cx| {
            let result = sent.as_mut().poll(cx);
            if std::mem::take(&mut first_poll) && attempt.state().stage == Stage::None {
                taken_at = Some(attempt.story.now());
                self.shared.connections().taken(&attempt.origin);
            }
            if let Poll::Ready(result) = result {
                return Poll::Ready(Some(result));
            }
            if attempt.is_connecting(cx.waker()) {
                return Poll::Pending;
            }
            let body_sent = attempt.state().body_sent_at;
            if deadline.is_none() || body_seen != body_sent {
                body_seen = body_sent;
                deadline.set(Some(sleep(limit)));
            }
            match deadline.as_mut().as_pin_mut() {
                Some(deadline) => deadline.poll(cx).map(|()| None),
                None => Poll::Pending,
            }
        })
        .await;
        match result {
            Some(Ok(response)) => Ok((response, taken_at)),
            Some(Err(error)) => Err(self.unanswered(error, attempt)),
            None => {
                let message = format!("no response within {}", failure::seconds(limit));
                let error = Error::new(ErrorKind::Timeout, Phase::Wait, Some(&attempt.url), message);
                Err(Unanswered::Finally(error))
            }
        }
    }

    fn unanswered(&self, error: reqwest::Error, attempt: &Arc<Attempt>) -> Unanswered {
        let own = attempt.state().failure.take();
        if let Some(own) = own {
            return Unanswered::Finally(own);
        }
        let ends = failure::ends(&error);
        let reused = ends.is_some_and(|ends| self.shared.connections().has_carried(ends));
        let lost = failure::is_lost_connection(&error);
        if let Some(ends) = ends.filter(|_| lost) {
            self.shared.connections().closed(ends);
        }
        let stale = lost && reused;
        let again = stale || failure::is_refused_stream(&error);
        let error = failure::of_exchange(error, Phase::Wait, &attempt.url);
        let opened = attempt.state().connection;
        if again { Unanswered::Untouched { error, opened } } else { Unanswered::Finally(error) }
    }

    /// The head is here: tells which connection was used, what was sent, and what came.
    fn answered(
        &self,
        request: &WireRequest,
        response: reqwest::Response,
        attempt: &Arc<Attempt>,
        taken_at: Option<Timestamp>,
    ) -> Result<WireResponse, Error> {
        let now = request.story.now();
        let (status, headers) = (response.status(), response.headers().clone());
        let protocol = match response.version() {
            Version::HTTP_2 => Protocol::Http2,
            Version::HTTP_10 | Version::HTTP_09 => Protocol::Http10,
            _ => Protocol::Http11,
        };
        let ends: Option<Ends> =
            response.extensions().get::<HttpInfo>().map(|info| (info.local_addr(), info.remote_addr()));
        let (own, settled_at, body_sent_at) = {
            let state = attempt.state();
            (state.connection, state.settled_at, state.body_sent_at)
        };
        let used = ends.and_then(|ends| self.shared.connections().used(ends, own));
        let Some((connection, reused)) = used else {
            let message = "the response came over a connection that is not known";
            return Err(Error::new(ErrorKind::Protocol, Phase::Wait, Some(&request.url), message));
        };
        let (local, remote) = (ends.map(|ends| ends.0), ends.map(|ends| ends.1));
        let story = &request.story;
        let used_at = settled_at.or(taken_at).unwrap_or(now);
        story.tell_at(used_at, NetEventKind::ConnectionUsed { connection, reused, protocol, local, remote });
        let sent = NetEventKind::RequestSent {
            headers: sent_headers(request, protocol),
            body_size: request.body.as_ref().map_or(0, |body| body.len() as u64),
        };
        story.tell_at(body_sent_at.unwrap_or(used_at), sent);
        story.tell_at(now, NetEventKind::ResponseStart { status, headers: headers.clone() });
        if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(server)) =
            (status, way::forwarder(&self.shared.proxies, &request.url))
        {
            return Err(way::wants_credentials(server, &request.url));
        }
        check_head_size(&headers, request)?;
        let persistent = protocol == Protocol::Http11 && stays_open(&request.method, status, &headers);
        let body = self.body(request, response, ends.filter(|_| persistent));
        Ok(WireResponse { status, headers, protocol, connection, body })
    }

    /// The body with its idle deadline. At a clean end the connection at `ends` goes back to the pool.
    fn body(&self, request: &WireRequest, response: reqwest::Response, ends: Option<Ends>) -> WireBody {
        let (shared, url) = (self.shared.clone(), request.url.clone());
        let limit = shared.timeouts.idle;
        let pieces = Box::pin(response.bytes_stream());
        stream::unfold(Some(pieces), move |pieces| {
            let (shared, url) = (shared.clone(), url.clone());
            async move {
                let mut pieces = pieces?;
                match timeout(limit, pieces.next()).await {
                    Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
                    Ok(Some(Err(error))) => {
                        Some((Err(failure::of_exchange(error, Phase::Receive, &url)), None))
                    }
                    Ok(None) => {
                        if let Some(ends) = ends {
                            shared.connections().returned(ends, Instant::now());
                        }
                        None
                    }
                    Err(_) => {
                        let message = format!("no more of the body for {}", failure::seconds(limit));
                        Some((Err(Error::new(ErrorKind::Timeout, Phase::Receive, Some(&url), message)), None))
                    }
                }
            }
        })
        .boxed()
    }
}

impl Transport for Wire {
    /// DEVIATION: <https://fetch.spec.whatwg.org/#http-network-fetch> leaves it to the client when to try
    /// again. As browsers do: once, when a reused connection was closed before anything of a response
    /// came, for idempotent requests without a body.
    fn exchange(&self, request: WireRequest) -> BoxFuture<'_, Result<WireResponse, Error>> {
        Box::pin(async move {
            match self.attempt(&request, None).await {
                Ok(response) => Ok(response),
                Err(Unanswered::Untouched { opened: earlier, .. }) if may_repeat(&request) => {
                    tracing::debug!(url = %request.url, "the server did not look at the request, sending it again");
                    self.attempt(&request, earlier).await.map_err(Unanswered::into_error)
                }
                Err(error) => Err(error.into_error()),
            }
        })
    }
}

/// Why a try brought no response.
enum Unanswered {
    /// The server has not looked at the request: a connection that had been idle turned out to be closed,
    /// or an HTTP/2 server refused the stream.
    Untouched {
        error: Error,
        /// The connection that this try opened.
        opened: Option<ConnectionId>,
    },
    Finally(Error),
}

impl Unanswered {
    fn into_error(self) -> Error {
        match self {
            Self::Untouched { error, .. } | Self::Finally(error) => error,
        }
    }
}

fn may_repeat(request: &WireRequest) -> bool {
    request.body.is_none() && (request.method.is_safe() || request.method == Method::DELETE)
}

fn outgoing(request: &WireRequest, attempt: &Arc<Attempt>) -> reqwest::Request {
    let mut url = request.url.clone();
    // Neither is sent. Both calls can only fail for URLs without a host, which no http(s) URL is.
    url.set_fragment(None);
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    let mut outgoing = reqwest::Request::new(request.method.clone(), url);
    *outgoing.headers_mut() = request.headers.clone();
    // It is for proxies, and they get it from the library, which knows whether there is one.
    outgoing.headers_mut().remove(header::PROXY_AUTHORIZATION);
    if let Some(body) = &request.body {
        *outgoing.body_mut() = Some(reqwest::Body::wrap(Upload::new(body.clone(), attempt.clone())));
    }
    outgoing
}

/// The headers with what the HTTP library adds.
fn sent_headers(request: &WireRequest, protocol: Protocol) -> HeaderMap {
    let mut headers = request.headers.clone();
    headers.remove(header::PROXY_AUTHORIZATION);
    if protocol != Protocol::Http2
        && let Some(host) = request.url.host_str()
    {
        let host = request.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if let Ok(host) = HeaderValue::from_str(&host) {
            headers.insert(header::HOST, host);
        }
    }
    headers
}

fn check_head_size(headers: &HeaderMap, request: &WireRequest) -> Result<(), Error> {
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size <= limits::MAX_HEAD_BYTES {
        return Ok(());
    }
    let message = format!("the response's head has {size} bytes, the limit is {}", limits::MAX_HEAD_BYTES);
    Err(Error::new(ErrorKind::TooLarge, Phase::Wait, Some(&request.url), message))
}

/// Whether an HTTP/1.1 connection can carry another request: <https://httpwg.org/specs/rfc9112.html#persistent.connections>.
fn stays_open(method: &Method, status: StatusCode, headers: &HeaderMap) -> bool {
    let mut options =
        headers.get_all(header::CONNECTION).iter().flat_map(|value| value.as_bytes().split(|b| *b == b','));
    let says_close = options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
    // A body without a length ends with its connection.
    let has_length = headers.contains_key(header::CONTENT_LENGTH)
        || headers.contains_key(header::TRANSFER_ENCODING)
        || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
        || *method == Method::HEAD;
    !says_close && has_length
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use url::Url;

    use super::*;
    use crate::dns::{Answer, Resolve, Steps};
    use crate::event::NullObserver;
    use crate::id::FetchId;
    use crate::story::Story;

    struct Silent;
    impl Resolve for Silent {
        fn resolve(&self, _: &str, _: Steps) -> BoxFuture<'static, Answer> {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_resolver_that_does_not_answer() {
        let config = ClientConfig::default();
        let resolver = Resolver::over(Arc::new(Silent), config.clock.clone());
        let wire = Wire::new(&config, resolver).unwrap();
        let request = WireRequest {
            method: Method::GET,
            url: Url::parse("http://a.test/").unwrap(),
            headers: HeaderMap::new(),
            body: None,
            story: Story::new(FetchId(1), Arc::new(NullObserver), config.clock.clone()),
            on_protocol: Arc::new(|_| {}),
        };
        let error = wire.exchange(request).await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Timeout, Phase::Dns));
        assert_eq!(error.message, "no answer for host a.test within 10 s");
    }
}
