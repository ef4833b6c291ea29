//! The steps of opening a connection, each with its event and its deadline: a layer around the HTTP
//! library's connector.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::{BoxFuture, join, poll_fn};
use hyper_util::client::legacy::connect::{Connection, HttpInfo};
use tokio::time::{sleep, sleep_until};

use super::approach::Approach;
use super::attempt::{Attempt, Scoped, Stage, asking};
use super::connections::{Ends, Opened};
use super::failure;
use super::openings::{Permit, Wait};
use super::policy;
use super::race::{Missed, Plan};
use super::shared::{Shared, now};
use super::socket::Socket;
use super::way;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{CloseReason, ConnectionEventKind, NetEventKind, Protocol, TlsFacts};
use crate::id::ConnectionId;
use crate::limits::RETURN_GRACE;
use crate::proxy::ProxyChoice;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Makes [`Connector`]s.
#[derive(Clone)]
pub(super) struct ConnectorLayer(pub(super) Arc<Shared>);

impl<S> tower_layer::Layer<S> for ConnectorLayer {
    type Service = Connector<S>;
    fn layer(&self, inner: S) -> Connector<S> {
        Connector { shared: self.0.clone(), inner }
    }
}

/// Opens connections with `inner`, step by step.
#[derive(Clone)]
pub(super) struct Connector<S> {
    shared: Arc<Shared>,
    inner: S,
}

impl<S, Target> tower_service::Service<Target> for Connector<S>
where
    S: tower_service::Service<Target, Error = BoxError> + Clone + Send + 'static,
    S::Response: Connection + Send + 'static,
    S::Future: Send + 'static,
    Target: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let Some(attempt) = asking() else {
            return Box::pin(std::future::ready(Err("a connect outside of a request".into())));
        };
        attempt.state().stage = Stage::Connecting;
        let other = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, other);
        let open = Open { shared: self.shared.clone(), attempt: attempt.clone() };
        Box::pin(Scoped::new(attempt, async move {
            let result = open.run(|| inner.call(target)).await;
            result.map_err(|error| open.note(error))
        }))
    }
}

/// The opening of one connection.
pub(super) struct Open {
    pub(super) shared: Arc<Shared>,
    pub(super) attempt: Arc<Attempt>,
}

impl Open {
    async fn run<C, F>(&self, connect: impl FnOnce() -> F) -> Result<C, Error>
    where
        C: Connection,
        F: Future<Output = Result<C, BoxError>>,
    {
        self.permit().await?;
        let mut permit = PermitGuard { open: self, used: false, opening: None };
        // The library may have tried an address before, and failed.
        let known = self.attempt.state().plan.take();
        let mut plan = match known {
            Some(plan) => plan,
            None => self.plan().await?,
        };
        let id = plan.connection;
        permit.opening = Some(id);
        self.attempt.state().addresses.clone_from(&plan.targets);
        let connect = self.connect(connect(), plan.deadline);
        match self.race(&mut plan, connect).await {
            Ok(io) => {
                permit.used = true;
                if let (Some(address), Some(host)) = (plan.won_against_better(), self.attempt.url.host_str())
                {
                    self.shared.resolver.reached(host, address);
                }
                self.opened(id, &io);
                Ok(io)
            }
            Err(Missed::Again) => {
                let mut state = self.attempt.state();
                // A request that got another connection meanwhile must not be sent again.
                if state.stage != Stage::Lost {
                    state.plan = Some(plan);
                }
                drop(state);
                // The same connection, for those who are told.
                permit.opening = None;
                Err(self.error(ErrorKind::Canceled, Phase::Connect, "another address is tried"))
            }
            Err(Missed::Finally(error)) => {
                permit.failed(&error);
                Err(error)
            }
        }
    }

    /// Finds out whom to connect to, and names the connection.
    async fn plan(&self) -> Result<Plan, Error> {
        let approach = self.resolve().await?;
        let id = self.shared.connections().name();
        self.attempt.state().connection = Some(id);
        self.attempt.tell(NetEventKind::ConnectStart { connection: id });
        let origin = self.attempt.origin.ascii_serialization();
        self.tell(id, ConnectionEventKind::Opening { origin, cause: self.attempt.cause });
        let raced = self.attempt.state().proxy_host.is_none();
        let deadline = tokio::time::Instant::now() + self.shared.timeouts.connect;
        Ok(Plan::new(id, approach, deadline, raced))
    }

    fn tell(&self, id: ConnectionId, kind: ConnectionEventKind) {
        self.attempt.story.tell_connection(id, kind);
    }

    /// Holds the connect back while a connection is on its way to the pool, and ends it when the request
    /// got that one: then nothing was opened in vain.
    async fn permit(&self) -> Result<(), Error> {
        let mut waited = None;
        loop {
            let permit = self.ask(waited);
            let Permit::Wait(time, wait) = permit else { return Ok(()) };
            if self.is_lost_within(time).await {
                return Err(self.error(ErrorKind::Canceled, Phase::Connect, "another connection came free"));
            }
            waited = Some(wait);
        }
    }

    /// Asks for a permit; makes room first when there are too many connections.
    fn ask(&self, waited: Option<Wait>) -> Permit {
        let full = self.shared.connections().is_full();
        match full {
            Some(None) => return Permit::Wait(RETURN_GRACE, Wait::Opening),
            Some(Some(idle)) => self.shared.shut(idle, CloseReason::PoolFull),
            None => {}
        }
        let origin = &self.attempt.origin;
        let mut connections = self.shared.connections();
        let permit = connections.openings.may_open(origin, waited, now());
        if permit == Permit::Open && self.attempt.is_ahead() {
            connections.openings.is_ahead(origin);
        }
        permit
    }

    async fn is_lost_within(&self, time: Duration) -> bool {
        let mut nap = pin!(sleep(time));
        poll_fn(|cx| {
            if self.attempt.state().stage == Stage::Lost {
                return Poll::Ready(true);
            }
            nap.as_mut().poll(cx).map(|()| false)
        })
        .await
    }

    async fn resolve(&self) -> Result<Approach, Error> {
        let trust = async {
            if self.attempt.url.scheme() == "https" {
                self.shared.tls.load_roots().await;
            }
        };
        join(self.approach(), trust).await.0
    }

    /// The TCP and TLS handshakes. The deadline of the second begins when the first is over.
    async fn connect<C>(
        &self,
        connect: impl Future<Output = Result<C, BoxError>>,
        tcp: tokio::time::Instant,
    ) -> Result<C, Error> {
        let timeouts = &self.shared.timeouts;
        let mut connect = pin!(connect);
        let mut deadline = pin!(sleep_until(tcp));
        let mut in_tls = false;
        let result = poll_fn(|cx| {
            if let Poll::Ready(result) = connect.as_mut().poll(cx) {
                return Poll::Ready(Some(result));
            }
            if !in_tls && self.attempt.state().tls_started {
                in_tls = true;
                deadline.set(sleep_until(tokio::time::Instant::now() + timeouts.tls));
            }
            deadline.as_mut().poll(cx).map(|()| None)
        })
        .await;
        let phase = if self.attempt.state().tls_started { Phase::Tls } else { Phase::Connect };
        match result {
            Some(Ok(io)) => Ok(io),
            Some(Err(error)) => Err(self.connect_error(error, phase)),
            None if phase == Phase::Tls => Err(self.timed_out(phase, "the TLS handshake did not end")),
            None => match self.shared.proxies.choose(&self.attempt.url) {
                ProxyChoice::Direct => Err(self.timed_out(phase, "the connection was not accepted")),
                ProxyChoice::Through(server) => {
                    Err(self.timed_out(phase, &format!("no connection through proxy {server}")))
                }
            },
        }
    }

    fn connect_error(&self, error: BoxError, phase: Phase) -> Error {
        let url = &self.attempt.url;
        match self.shared.proxies.choose(url) {
            ProxyChoice::Through(server) if phase == Phase::Connect => way::of_connect(error, server, url),
            _ => {
                let mut error = failure::of_connect(error, phase, url);
                if let Some(reason) = self.attempt.state().distrust.take() {
                    error.message = format!("certificate {reason}");
                }
                error
            }
        }
    }

    fn opened(&self, id: ConnectionId, io: &impl Connection) {
        let connected = io.connected();
        let mut extras = http::Extensions::new();
        connected.get_extras(&mut extras);
        let ends: Option<Ends> = extras.get::<HttpInfo>().map(|info| (info.local_addr(), info.remote_addr()));
        let h2 = connected.is_negotiated_h2();
        let tls = (self.attempt.url.scheme() == "https").then(|| {
            let facts = self.shared.tls.facts(&self.attempt, &extras, h2);
            self.attempt.tell(NetEventKind::TlsEnd { connection: id, facts: facts.clone() });
            Arc::new(facts)
        });
        let (local, remote) = (ends.map(|ends| ends.0), ends.map(|ends| ends.1));
        self.attempt.tell(NetEventKind::ConnectEnd { connection: id, local, remote });
        self.enter(id, ends, h2, tls);
        self.attempt.settle(Stage::Open);
        (self.attempt.on_protocol)(if h2 { Protocol::Http2 } else { Protocol::Http11 });
    }

    /// Puts the connection into the table, and tells that it is there.
    fn enter(&self, id: ConnectionId, ends: Option<Ends>, h2: bool, tls: Option<Arc<TlsFacts>>) {
        let attempt = &self.attempt;
        let (dns, tls_start) = {
            let state = attempt.state();
            (state.dns, state.tls_at)
        };
        let protocol = if h2 { Protocol::Http2 } else { Protocol::Http11 };
        let (local, remote) = (ends.map(|ends| ends.0), ends.map(|ends| ends.1));
        self.tell(id, ConnectionEventKind::Opened { local, remote, protocol, dns, tls_start, tls });
        let socket = ends.and_then(Socket::find);
        let watched = self.shared.watch(socket.as_ref(), id);
        let has_opener = !attempt.is_ahead() && attempt.state().stage != Stage::Lost;
        let mut connections = self.shared.connections();
        connections.openings.opened(&attempt.origin, h2, attempt.is_ahead(), now());
        if let Some(ends) = ends {
            let (origin, observer) = (attempt.origin.clone(), attempt.story.observer().clone());
            let opened = Opened { id, origin, ends, h2, has_opener, watched, socket, observer };
            connections.opened(opened, now());
        }
        drop(connections);
        self.shared.idles(policy::unused());
    }

    /// Keeps the error for the request, which asks the attempt for it: the HTTP library would wrap it.
    fn note(&self, error: Error) -> BoxError {
        let message = error.to_string();
        let mut state = self.attempt.state();
        // A connect that was not needed any more does not explain what went wrong elsewhere; nor does one that
        // goes on with another address.
        if state.stage != Stage::Lost && state.plan.is_none() {
            state.failure = Some(error);
        }
        message.into()
    }

    pub(super) fn error(&self, kind: ErrorKind, phase: Phase, message: impl Into<String>) -> Error {
        Error::new(kind, phase, Some(&self.attempt.url), message)
    }

    pub(super) fn timed_out(&self, phase: Phase, what: &str) -> Error {
        let after = match phase {
            Phase::Dns => self.shared.timeouts.dns,
            Phase::Tls => self.shared.timeouts.tls,
            _ => self.shared.timeouts.connect,
        };
        self.error(ErrorKind::Timeout, phase, format!("{what} within {}", failure::seconds(after)))
    }
}

/// Gives a permit to connect back when the connect fails or is dropped.
struct PermitGuard<'a> {
    open: &'a Open,
    used: bool,
    opening: Option<ConnectionId>,
}

impl PermitGuard<'_> {
    fn failed(&mut self, error: &Error) {
        if let Some(id) = self.opening.take() {
            let (kind, phase, message) = (error.kind, error.phase, error.message.clone());
            self.open.tell(id, ConnectionEventKind::OpenFailed { kind, phase, message });
        }
    }
}

impl Drop for PermitGuard<'_> {
    fn drop(&mut self) {
        if self.used {
            return;
        }
        let attempt = &self.open.attempt;
        self.open.shared.connections().openings.failed(&attempt.origin, attempt.is_ahead());
        let canceled = self.open.error(ErrorKind::Canceled, Phase::Connect, "nobody waits for it any more");
        self.failed(&canceled);
    }
}
