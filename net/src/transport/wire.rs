//! The transport on reqwest: one client a profile, nothing in it behaves like a browser.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use futures_util::future::{BoxFuture, poll_fn};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use hyper_util::client::legacy::connect::HttpInfo;
use tokio::time::{sleep, timeout};
use url::Url;

use super::attempt::{self, Attempt};
use super::connections::{Ends, Leave};
use super::connector::ConnectorLayer;
use super::shared::Shared;
use super::tls::Tls;
use super::under_way::UnderWay;
use super::upload::Upload;
use super::{OnProtocol, Transport, WireRequest, WireResponse, body, failure, policy, way};
use crate::config::ClientConfig;
use crate::dns::Resolver;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{CloseReason, LookupEvent, NetEventKind, Observer, Protocol};
use crate::id::ConnectionId;
use crate::limits;
use crate::story::Story;

/// A [`Transport`] over TCP and TLS with HTTP/1.1 and HTTP/2.
pub(crate) struct Wire {
    client: reqwest::Client,
    shared: Arc<Shared>,
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
        let shared = Shared::new(config, resolver, tls);
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
    ) -> Result<Answered, Unanswered> {
        let attempt = Attempt::new(
            request.url.clone(),
            request.origin.clone(),
            request.story.clone(),
            request.on_protocol.clone(),
        );
        attempt.state().connection = earlier;
        let mut under_way = UnderWay::new(&self.shared, request, &attempt);
        let sent =
            attempt::run(attempt.clone(), send(&self.client, &attempt, || outgoing(request, &attempt)));
        match self.await_head(sent, &mut under_way).await {
            Ok(response) => self.answered(under_way, response).map_err(Unanswered::Finally),
            Err(error) => Err(error),
        }
    }

    /// Waits for the head. The deadline runs from the moment in which the request has a connection, and
    /// anew from the last piece of its body.
    async fn await_head(
        &self,
        sent: impl Future<Output = Result<reqwest::Response, reqwest::Error>>,
        under_way: &mut UnderWay<'_>,
    ) -> Result<reqwest::Response, Unanswered> {
        let limit = self.shared.timeouts.first_byte;
        let attempt = under_way.attempt.clone();
        let mut sent = pin!(sent);
        let mut deadline = pin!(None);
        let mut body_seen = None;
        let result = poll_fn(|cx| {
            let result = sent.as_mut().poll(cx);
            under_way.polled();
            if let Poll::Ready(result) = result {
                return Poll::Ready(Some(result));
            }
            if attempt.is_connecting(cx.waker()) {
                return Poll::Pending;
            }
            under_way.tell_what_is_known();
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
            Some(Ok(response)) => Ok(response),
            Some(Err(error)) => Err(self.unanswered(error, under_way)),
            None => {
                under_way.give_up(CloseReason::Failed);
                let message = format!("no response within {}", failure::seconds(limit));
                let error = Error::new(ErrorKind::Timeout, Phase::Wait, Some(&attempt.url), message);
                Err(Unanswered::Finally(error))
            }
        }
    }

    fn unanswered(&self, error: reqwest::Error, under_way: &mut UnderWay<'_>) -> Unanswered {
        let attempt = under_way.attempt.clone();
        let own = attempt.state().failure.take();
        if let Some(own) = own {
            return Unanswered::Finally(own);
        }
        let ends = failure::ends(&error);
        let lost = failure::is_lost_connection(&error);
        let reused = ends.is_some_and(|ends| self.shared.connections().has_carried(ends));
        if let Some(ends) = ends {
            under_way.failed_on(ends, lost.then(|| failure::how_lost(&error)));
        }
        under_way.give_up(CloseReason::Failed);
        let stale = lost && reused;
        let refused = failure::is_refused_stream(&error);
        let error = failure::of_exchange(error, Phase::Wait, &attempt.url);
        let opened = attempt.state().connection;
        if refused || (stale && under_way.request.method.is_idempotent()) {
            Unanswered::Untouched { error, opened }
        } else {
            Unanswered::Finally(error)
        }
    }

    /// The head is here: tells what was not known before, and what came.
    fn answered(&self, under_way: UnderWay<'_>, mut response: reqwest::Response) -> Result<Answered, Error> {
        let request = under_way.request;
        let now = request.story.now();
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let protocol = match response.version() {
            Version::HTTP_2 => Protocol::Http2,
            Version::HTTP_10 | Version::HTTP_09 => Protocol::Http10,
            _ => Protocol::Http11,
        };
        let ends: Option<Ends> =
            response.extensions().get::<HttpInfo>().map(|info| (info.local_addr(), info.remote_addr()));
        let Some((mut lease, claim)) = under_way.answered(ends, protocol) else {
            let message = "the response came over a connection that is not known";
            return Err(Error::new(ErrorKind::Protocol, Phase::Wait, Some(&request.url), message));
        };
        let started = || NetEventKind::ResponseStart { status, headers: headers.clone() };
        request.story.tell_of(Phase::Receive, now, started);
        if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(server)) =
            (status, way::forwarder(&self.shared.proxies, &request.url))
        {
            lease.give_up(CloseReason::Failed);
            return Err(way::wants_credentials(server, &request.url));
        }
        if let Err(error) = check_head_size(&headers, request) {
            lease.give_up(CloseReason::Failed);
            return Err(error);
        }
        let kept = policy::after_response(&request.method, status, protocol, &headers);
        let leave = kept.map_or(Leave::Over(CloseReason::LastResponse), Leave::Idle);
        let body = body::read(self.shared.timeouts.idle, request, response, lease, leave);
        let (connection, reused) = (claim.id, claim.reused);
        let response = WireResponse { status, headers, protocol, connection, body };
        Ok(Answered { response, reused, h2: claim.h2 })
    }

    /// Gives the connection of a misdirected request up, so that the request finds another. Where that cannot be,
    /// because others use it, the response is what there is.
    fn leave_misdirected(&self, answered: Answered) -> Option<WireResponse> {
        let Answered { response, h2, .. } = answered;
        let id = response.connection;
        if h2 && self.shared.connections().busy(id) > 1 {
            return Some(response);
        }
        self.shared.shut(id, CloseReason::Misdirected);
        None
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.client_gone();
    }
}

impl Transport for Wire {
    /// DEVIATION: <https://fetch.spec.whatwg.org/#http-network-fetch> leaves it to the client when to try
    /// again. As browsers do: once, when a reused connection was closed before anything of a response
    /// came, for idempotent methods, or an HTTP/2 server says that it has not looked at the request
    /// (<https://httpwg.org/specs/rfc9113.html#Reliability>), for all; and once when the server says that it is not the
    /// origin's (421, <https://httpwg.org/specs/rfc9110.html#status.421>), over another connection.
    /// Chromium also does the latter when the connection was new, where the answer will be the same.
    fn exchange(&self, request: WireRequest) -> BoxFuture<'_, Result<WireResponse, Error>> {
        Box::pin(async move {
            let (mut stale, mut misdirected, mut earlier) = (false, false, None);
            loop {
                match self.attempt(&request, earlier).await {
                    Ok(answered)
                        if answered.is_misdirected() && !misdirected && request.method.is_idempotent() =>
                    {
                        misdirected = true;
                        if let Some(response) = self.leave_misdirected(answered) {
                            return Ok(response);
                        }
                        tracing::debug!(url = %request.url, "misdirected, sending it again elsewhere");
                        earlier = None;
                    }
                    Err(Unanswered::Untouched { opened, .. }) if !stale => {
                        stale = true;
                        tracing::debug!(url = %request.url, "the server did not look at the request, sending it again");
                        earlier = opened;
                    }
                    result => {
                        return result.map(|answered| answered.response).map_err(Unanswered::into_error);
                    }
                }
            }
        })
    }

    fn preconnect(&self, url: &Url, observer: Arc<dyn Observer>, on_protocol: OnProtocol) {
        let free = {
            let connections = self.shared.connections();
            connections.has_free(&url.origin()) || connections.openings.has_unclaimed(&url.origin())
        };
        if free {
            return;
        }
        let story = Story::silent(observer, self.shared.clock.clone());
        let attempt = Attempt::ahead(url, story, on_protocol);
        let (client, url) = (self.client.clone(), url.clone());
        tokio::spawn(attempt::run(attempt.clone(), async move {
            // What went wrong has been told as the connection's story; nobody waits for it.
            let _ = send(&client, &attempt, || unsendable(&url)).await;
        }));
    }

    fn look_up(&self, host: &str, observer: Arc<dyn Observer>) {
        let (shared, host) = (self.shared.clone(), host.to_owned());
        tokio::spawn(async move {
            let start = shared.clock.now();
            let answer = shared.resolver.resolve(&host, 0, |_, _| {});
            let answer = timeout(shared.timeouts.dns, answer).await;
            let answer = match answer {
                Ok(Ok(found)) => Ok((found.addresses, found.source)),
                Ok(Err(failure)) => Err(failure.message),
                Err(_) => Err(format!("no answer within {}", failure::seconds(shared.timeouts.dns))),
            };
            observer.on_lookup(LookupEvent { host, start, end: shared.clock.now(), answer });
        });
    }
}

/// Hands a request to the library; again when the connect that failed has another address to try.
async fn send(
    client: &reqwest::Client,
    attempt: &Attempt,
    request: impl Fn() -> reqwest::Request,
) -> Result<reqwest::Response, reqwest::Error> {
    loop {
        let result = client.execute(request()).await;
        if result.is_ok() || attempt.state().plan.is_none() {
            return result;
        }
    }
}

/// A response, and what is to be known to try again.
struct Answered {
    response: WireResponse,
    reused: bool,
    h2: bool,
}

impl Answered {
    fn is_misdirected(&self) -> bool {
        self.response.status == StatusCode::MISDIRECTED_REQUEST && self.reused
    }
}

/// A request that opens a connection and is then refused by the HTTP library itself, before a byte of it is
/// sent, so that the connection goes to the pool as a fresh one. An HTTP/1 connection cannot carry a request
/// of version 2; HTTP/2 has no `CONNECT` with a length.
fn unsendable(url: &Url) -> reqwest::Request {
    let mut request = reqwest::Request::new(Method::CONNECT, bare(url));
    *request.version_mut() = Version::HTTP_2;
    request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("1"));
    request
}

/// Why a try brought no response.
enum Unanswered {
    /// The server has not looked at the request: a connection that had been idle turned out to be closed,
    /// or an HTTP/2 server refused the stream. The request may be sent again.
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

/// Without fragment and credentials, neither of which is sent.
fn bare(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    if !url.username().is_empty() || url.password().is_some() {
        // Both can only fail for URLs without a host, which no http(s) URL is.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
    }
    url
}

fn outgoing(request: &WireRequest, attempt: &Arc<Attempt>) -> reqwest::Request {
    let mut outgoing = reqwest::Request::new(request.method.clone(), bare(&request.url));
    // What is for proxies they get from the library, which knows whether there is one.
    *outgoing.headers_mut() = request.sent_headers();
    if let Some(body) = &request.body {
        *outgoing.body_mut() = Some(reqwest::Body::wrap(Upload::new(body.clone(), attempt.clone())));
    }
    outgoing
}

fn check_head_size(headers: &HeaderMap, request: &WireRequest) -> Result<(), Error> {
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size <= limits::MAX_HEAD_BYTES {
        return Ok(());
    }
    let message = format!("the response's head has {size} bytes, the limit is {}", limits::MAX_HEAD_BYTES);
    Err(Error::new(ErrorKind::TooLarge, Phase::Wait, Some(&request.url), message))
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
            url: Arc::new(Url::parse("http://a.test/").unwrap()),
            origin: Arc::new(Url::parse("http://a.test/").unwrap().origin()),
            headers: Arc::default(),
            priority: None,
            body: None,
            story: Story::new(FetchId(1), Arc::new(NullObserver), config.clock.clone()),
            on_protocol: Arc::new(|_| {}),
        };
        let error = wire.exchange(request).await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Timeout, Phase::Dns));
        assert_eq!(error.message, "no answer for host a.test within 10 s");
    }

    /// What an `http:` fetch must not cost: the trusted authorities are looked for when TLS begins, not before.
    #[tokio::test]
    async fn plain_http_loads_no_authorities() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.write_all(b"no TLS\r\n\r\n").await;
        });
        let config = ClientConfig::default();
        let wire = Wire::new(&config, Resolver::new(&config)).unwrap();
        assert!(!wire.shared.tls.has_loaded_roots());
        let request = |scheme: &str| {
            let url = Url::parse(&format!("{scheme}://127.0.0.1:{port}/")).unwrap();
            WireRequest {
                method: Method::GET,
                origin: Arc::new(url.origin()),
                url: Arc::new(url),
                headers: Arc::default(),
                priority: None,
                body: None,
                story: Story::new(FetchId(1), Arc::new(NullObserver), config.clock.clone()),
                on_protocol: Arc::new(|_| {}),
            }
        };
        assert_eq!(wire.exchange(request("http")).await.unwrap().status, 200);
        assert!(!wire.shared.tls.has_loaded_roots());
        assert_eq!(wire.exchange(request("https")).await.err().unwrap().kind, ErrorKind::Tls);
        assert!(wire.shared.tls.has_loaded_roots());
    }
}
