//! Addresses for host names: local answers, our own cache, then a [`Resolve`]r, asked once a name at a time.

mod cache;
mod local;
mod source;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use crate::clock::Clock;
use crate::config::{ClientConfig, HostOverride, ResolverChoice};
use crate::lookup::DnsSource;
use cache::DnsCache;
use source::{Fixed, System};

/// Asks for the addresses of one name. Implemented by the system's resolver and by a fixed table.
pub(crate) trait Resolve: Send + Sync {
    /// The addresses of `host` in the order in which they are to be tried.
    fn resolve(&self, host: &str) -> BoxFuture<'static, Answer>;
}

/// What a [`Resolve`]r says.
pub(crate) type Answer = Result<Found, DnsFailure>;

/// Addresses, who told them, and for how long they may be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) source: DnsSource,
    pub(crate) ttl: Duration,
}

/// Why there is no address, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DnsFailure(pub(crate) String);

impl DnsFailure {
    fn no_address(host: &str) -> Self {
        Self(format!("no address for host {host}"))
    }
}

/// The resolver of a client.
#[derive(Clone)]
pub(crate) struct Resolver {
    upstream: Arc<dyn Resolve>,
    overrides: Arc<[HostOverride]>,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

/// A question that several may wait for.
type Question = Shared<BoxFuture<'static, Answer>>;

#[derive(Default)]
struct State {
    cache: DnsCache,
    in_flight: HashMap<String, Question>,
}

impl Resolver {
    /// The resolver that a configuration describes. Nothing is read before the first question.
    pub(crate) fn new(config: &ClientConfig) -> Self {
        let upstream: Arc<dyn Resolve> = match &config.resolver {
            ResolverChoice::Auto | ResolverChoice::Dns(_) | ResolverChoice::System => {
                Arc::new(System::default())
            }
            ResolverChoice::Fixed(table) => Arc::new(Fixed(table.clone())),
        };
        let overrides = config.overrides.clone().into();
        Self { overrides, ..Self::over(upstream, config.clock.clone()) }
    }

    /// A resolver that asks `upstream`.
    pub(crate) fn over(upstream: Arc<dyn Resolve>, clock: Arc<dyn Clock>) -> Self {
        Self { upstream, overrides: Arc::default(), clock, state: Arc::default() }
    }

    /// The addresses of `host`, which is a name or an address in URL syntax (`[::1]`), for a connection to `port`.
    ///
    /// The order is that of browsers: what was given by hand, what needs no question, our cache, the resolver.
    pub(crate) async fn resolve(&self, host: &str, port: u16) -> Answer {
        if let Some(answer) = local::given(&self.overrides, host, port) {
            return answer;
        }
        if let Some(addresses) = local::answer(host) {
            if addresses.is_empty() {
                return Err(DnsFailure::no_address(host));
            }
            return Ok(Found { addresses, source: DnsSource::Literal, ttl: Duration::MAX });
        }
        let question = {
            let mut state = self.lock();
            if let Some(addresses) = state.cache.get(host, self.clock.now()) {
                return Ok(Found { addresses, source: DnsSource::Cache, ttl: Duration::ZERO });
            }
            let ask = || self.upstream.resolve(host).shared();
            state.in_flight.entry(host.to_owned()).or_insert_with(ask).clone()
        };
        let waiting = Waiting { state: &self.state, host, question };
        let answer = waiting.question.clone().await;
        let mut state = self.lock();
        // Whoever is first takes the question out and stores the answer.
        if waiting.is_current(&state) {
            state.in_flight.remove(host);
            if let Ok(found) = &answer {
                let now = self.clock.now();
                state.cache.put(host, found.addresses.clone(), now + found.ttl, now);
            }
        }
        drop(state);
        answer
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Someone who waits for an answer. The last one to go without it takes the question along: nobody would
/// be told the answer before it is old.
struct Waiting<'a> {
    state: &'a Mutex<State>,
    host: &'a str,
    question: Question,
}

impl Waiting<'_> {
    fn is_current(&self, state: &State) -> bool {
        state.in_flight.get(self.host).is_some_and(|current| current.ptr_eq(&self.question))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // One of the two is the table's.
        if self.is_current(&state) && self.question.strong_count().is_none_or(|count| count <= 2) {
            state.in_flight.remove(self.host);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::clock::VirtualClock;

    /// Answers after a turn of the executor, and counts the questions.
    #[derive(Default)]
    struct Counting(AtomicU32);
    impl Resolve for Counting {
        fn resolve(&self, host: &str) -> BoxFuture<'static, Answer> {
            self.0.fetch_add(1, Ordering::SeqCst);
            let known = host == "a.test";
            Box::pin(async move {
                tokio::task::yield_now().await;
                let found = Found {
                    addresses: vec![[192, 0, 2, 1].into()],
                    source: DnsSource::System,
                    ttl: Duration::from_secs(60),
                };
                if known { Ok(found) } else { Err(DnsFailure("no address for host".into())) }
            })
        }
    }

    #[tokio::test]
    async fn one_question_in_flight_then_the_cache_then_the_ttl() {
        let (clock, upstream) = (Arc::new(VirtualClock::default()), Arc::new(Counting::default()));
        let resolver = Resolver::over(upstream.clone(), clock.clone());
        let both =
            futures_util::future::join(resolver.resolve("a.test", 80), resolver.resolve("a.test", 80)).await;
        assert_eq!(both.0.unwrap().source, DnsSource::System);
        assert_eq!(both.1.unwrap().source, DnsSource::System);
        assert_eq!(upstream.0.load(Ordering::SeqCst), 1);
        assert_eq!(resolver.resolve("a.test", 80).await.unwrap().source, DnsSource::Cache);
        clock.advance(Duration::from_secs(61));
        assert_eq!(resolver.resolve("a.test", 80).await.unwrap().source, DnsSource::System);
        assert_eq!(upstream.0.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_question_that_nobody_waits_for_is_forgotten() {
        let (clock, upstream) = (Arc::new(VirtualClock::default()), Arc::new(Counting::default()));
        let resolver = Resolver::over(upstream.clone(), clock);
        assert!(resolver.resolve("a.test", 80).now_or_never().is_none());
        assert!(resolver.lock().in_flight.is_empty());
        resolver.resolve("a.test", 80).await.unwrap();
        assert_eq!(upstream.0.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn failures_are_not_remembered() {
        let (clock, upstream) = (Arc::new(VirtualClock::default()), Arc::new(Counting::default()));
        let resolver = Resolver::over(upstream.clone(), clock);
        for _ in 0..2 {
            resolver.resolve("b.test", 80).await.unwrap_err();
        }
        assert_eq!(upstream.0.load(Ordering::SeqCst), 2);
    }
}
