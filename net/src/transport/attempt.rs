//! One try to get a request onto a connection: what is known of the connect that it started.
//!
//! The HTTP library does not say which request a connect belongs to, nor when its steps happen. Two
//! scopes make it known exactly: [`run`] sets a task-local around the request, from which the connector
//! learns who asks; [`Scoped`] sets a thread-local around each poll of the connect, in which the
//! resolver's and TLS library's callbacks find the attempt. The second also holds when the pool moves a
//! connect to a task of its own because another connection came free first; that the task-local is
//! absent then is how such a loss is noticed.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use url::{Origin, Url};

use super::race::Plan;
use crate::clock::Timestamp;
use crate::error::Error;
use crate::event::{CertificateFacts, NetEventKind, OpenedFor, Protocol};
use crate::id::ConnectionId;
use crate::story::Story;

tokio::task_local! {
    static ASKING: Arc<Attempt>;
}

thread_local! {
    static CONNECTING: RefCell<Option<Arc<Attempt>>> = const { RefCell::new(None) };
}

/// One try of one request.
pub(super) struct Attempt {
    pub(super) url: Arc<Url>,
    pub(super) origin: Arc<Origin>,
    pub(super) story: Story,
    /// For whom its connection is opened.
    pub(super) cause: OpenedFor,
    pub(super) on_protocol: Arc<dyn Fn(Protocol) + Send + Sync>,
    state: Mutex<State>,
}

/// What happened so far to the attempt's own connect.
#[derive(Default)]
pub(super) struct State {
    pub(super) stage: Stage,
    pub(super) connection: Option<ConnectionId>,
    pub(super) addresses: Vec<SocketAddr>,
    /// The name of the proxy, whose addresses the others are then.
    pub(super) proxy_host: Option<String>,
    /// The addresses of the host itself, for a proxy that wants one.
    pub(super) behind_proxy: Vec<SocketAddr>,
    /// The connect is to go on with another address, in a new try of the library's.
    pub(super) plan: Option<Plan>,
    pub(super) tls_started: bool,
    pub(super) certificate_seen: bool,
    pub(super) group: Option<String>,
    pub(super) cipher: Option<String>,
    pub(super) alpn: Option<String>,
    /// As the server sent them, its own first.
    pub(super) certificates: Vec<CertificateFacts>,
    pub(super) ocsp_stapled: bool,
    /// Why the certificates led to no authority that is trusted.
    pub(super) distrust: Option<String>,
    /// When the connection became usable, or was not needed any more.
    pub(super) settled_at: Option<Timestamp>,
    pub(super) failure: Option<Error>,
    /// When the last piece of the request's body was taken.
    pub(super) body_sent_at: Option<Timestamp>,
    /// Whether that was the last one.
    pub(super) body_is_sent: bool,
    /// When the lookup of the host began and ended.
    pub(super) dns: Option<(Timestamp, Timestamp)>,
    /// When TCP was up and TLS began.
    pub(super) tls_at: Option<Timestamp>,
    waker: Option<Waker>,
}

/// How far the attempt's own connect is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stage {
    /// None was started: the request waits for, or has, a connection of the pool.
    #[default]
    None,
    /// It is under way.
    Connecting,
    /// The connection is open.
    Open,
    /// The request got another connection first.
    Lost,
}

impl Attempt {
    pub(super) fn new(
        url: Arc<Url>,
        origin: Arc<Origin>,
        story: Story,
        on_protocol: Arc<dyn Fn(Protocol) + Send + Sync>,
    ) -> Arc<Self> {
        let cause = OpenedFor::Fetch(story.fetch());
        Arc::new(Self { url, origin, story, cause, on_protocol, state: Mutex::default() })
    }

    /// An attempt to have a connection before anybody needs it.
    pub(super) fn ahead(
        url: &Url,
        story: Story,
        on_protocol: Arc<dyn Fn(Protocol) + Send + Sync>,
    ) -> Arc<Self> {
        let (url, origin) = (Arc::new(url.clone()), Arc::new(url.origin()));
        let cause = OpenedFor::Preconnect;
        Arc::new(Self { url, origin, story, cause, on_protocol, state: Mutex::default() })
    }

    pub(super) fn is_ahead(&self) -> bool {
        self.cause == OpenedFor::Preconnect
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells an event of the connect, unless the connect is of no use to the request any more.
    pub(super) fn tell(&self, kind: NetEventKind) {
        if self.state().stage != Stage::Lost {
            self.story.tell(kind);
        }
    }

    /// Tells an event of the connect that happened at `at` and is known only now.
    pub(super) fn tell_at(&self, at: Timestamp, kind: NetEventKind) {
        if self.state().stage != Stage::Lost {
            self.story.tell_at(at, kind);
        }
    }

    /// Whether the request still waits for its own connect. `waker` is woken when that changes.
    pub(super) fn is_connecting(&self, waker: &Waker) -> bool {
        let mut state = self.state();
        match &mut state.waker {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
        state.stage == Stage::Connecting
    }

    /// The connect has ended for the request, one way or the other.
    pub(super) fn settle(&self, stage: Stage) {
        let mut state = self.state();
        if state.stage == Stage::Lost {
            return;
        }
        state.stage = stage;
        state.settled_at.get_or_insert_with(|| self.story.now());
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    /// TCP is up and the TLS library begins. It may say so more than once.
    pub(super) fn tls_starts(&self) {
        let now = self.story.now();
        let connection = {
            let mut state = self.state();
            if std::mem::replace(&mut state.tls_started, true) {
                return;
            }
            state.tls_at = Some(now);
            state.connection
        };
        if let Some(connection) = connection {
            self.tell(NetEventKind::TlsStart { connection });
        }
    }

    /// A piece of the request's body was taken: the wait for the response begins anew.
    pub(super) fn body_moved(&self, is_last: bool) {
        let now = self.story.now();
        let mut state = self.state();
        state.body_sent_at = Some(now);
        state.body_is_sent = is_last;
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    fn is_asking(self: &Arc<Self>) -> bool {
        ASKING.try_with(|asking| Arc::ptr_eq(asking, self)).unwrap_or(false)
    }
}

/// Runs `request` so that the connects which it starts know for whom they are.
pub(super) fn run<F: Future>(attempt: Arc<Attempt>, request: F) -> impl Future<Output = F::Output> {
    ASKING.scope(attempt, request)
}

/// The attempt whose request is being polled.
pub(super) fn asking() -> Option<Arc<Attempt>> {
    ASKING.try_with(Arc::clone).ok()
}

/// Calls `f` with the attempt whose connect is being polled, if there is one.
pub(super) fn connecting<R>(f: impl FnOnce(&Arc<Attempt>) -> R) -> Option<R> {
    let attempt = CONNECTING.with(|current| current.borrow().clone());
    attempt.as_ref().map(f)
}

/// A connect that is known to everything which it calls.
pub(super) struct Scoped<F> {
    attempt: Arc<Attempt>,
    connect: Pin<Box<F>>,
}

impl<F> Scoped<F> {
    pub(super) fn new(attempt: Arc<Attempt>, connect: F) -> Self {
        Self { attempt, connect: Box::pin(connect) }
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if !self.attempt.is_asking() {
            self.attempt.settle(Stage::Lost);
        }
        let outer = CONNECTING.with(|current| current.replace(Some(self.attempt.clone())));
        let result = self.connect.as_mut().poll(cx);
        CONNECTING.with(|current| current.replace(outer));
        result
    }
}
