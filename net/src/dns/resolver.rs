//! The resolver of a client: what everyone who wants an address asks.

use std::collections::HashMap;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use super::cache::{DnsCache, Known};
use super::own::{Choice, Own};
use super::system::{Fixed, System};
use super::{Answer, DnsFailure, Found, Resolve, Steps, local};
use crate::clock::{Clock, Timestamp};
use crate::config::{ClientConfig, DnsSetup, HostOverride, ResolverChoice};
use crate::limits::{MAX_DNS_ENTRIES, PARTIAL_ANSWER_TTL};
use crate::lookup::{DnsSource, DnsStep};

/// The resolver of a client. Clones share the cache.
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
    in_flight: HashMap<String, (Question, Steps)>,
    /// The addresses that were reached where a better one was not.
    reached: HashMap<String, IpAddr>,
}

impl Resolver {
    /// The resolver that a configuration describes. Nothing is read before the first question.
    pub(crate) fn new(config: &ClientConfig) -> Self {
        let clock = config.clock.clone();
        let upstream: Arc<dyn Resolve> = match &config.resolver {
            ResolverChoice::Auto => {
                Arc::new(Own::new(DnsSetup::default(), Choice::WhereItFits, clock.clone()))
            }
            ResolverChoice::Dns(setup) => Arc::new(Own::new(setup.clone(), Choice::Always, clock.clone())),
            ResolverChoice::System => Arc::new(System::default()),
            ResolverChoice::Fixed(table) => Arc::new(Fixed(table.clone())),
        };
        Self { overrides: config.overrides.clone().into(), ..Self::over(upstream, clock) }
    }

    /// A resolver that asks `upstream`.
    pub(crate) fn over(upstream: Arc<dyn Resolve>, clock: Arc<dyn Clock>) -> Self {
        Self { upstream, overrides: Arc::default(), clock, state: Arc::default() }
    }

    /// The addresses of `host`, which is a name or an address in URL syntax (`[::1]`), for a connection to `port`.
    ///
    /// The order is that of browsers: what was given by hand, what needs no question, our cache, the resolver.
    /// `tell` hears the steps that others take meanwhile, as soon as that can be noticed; also those before the
    /// future is dropped.
    pub(crate) async fn resolve(
        &self,
        host: &str,
        port: u16,
        tell: impl FnMut(Timestamp, DnsStep),
    ) -> Answer {
        let mut answer = self.find(host, port, tell).await;
        if let Ok(found) = &mut answer
            && let Some(reached) = self.lock().reached.get(host)
            && let Some(at) = found.addresses.iter().position(|address| address == reached)
        {
            found.addresses[..=at].rotate_right(1);
        }
        answer
    }

    /// Of the addresses of `host` this one was reached, while others that came before it were not: from now on it
    /// is the first. <https://www.rfc-editor.org/rfc/rfc8305#section-4> lets a client go by what it has seen.
    pub(crate) fn reached(&self, host: &str, address: IpAddr) {
        let mut state = self.lock();
        if state.reached.len() >= MAX_DNS_ENTRIES && !state.reached.contains_key(host) {
            state.reached.clear();
        }
        state.reached.insert(host.to_owned(), address);
    }

    async fn find(&self, host: &str, port: u16, tell: impl FnMut(Timestamp, DnsStep)) -> Answer {
        if let Some(answer) = local::given(&self.overrides, host, port) {
            return answer;
        }
        if let Some(answer) = local::answer(host) {
            let ttl = Duration::MAX;
            return answer.map(|addresses| Found { addresses, source: DnsSource::Literal, ttl, late: None });
        }
        let (question, steps) = {
            let (mut state, now) = (self.lock(), self.clock.now());
            if let Some((known, ttl)) = state.cache.get(host, now) {
                let source = DnsSource::Cache;
                return known
                    .map(|addresses| Found { addresses, source, ttl, late: None })
                    .map_err(|message| DnsFailure { message, holds: ttl });
            }
            let ask = || {
                let steps = Steps::default();
                (self.upstream.resolve(host, steps.clone()).shared(), steps)
            };
            state.in_flight.entry(host.to_owned()).or_insert_with(ask).clone()
        };
        let mut waiting = Waiting { state: &self.state, host, question, told: steps.len(), steps, tell };
        let answer = waiting.answer().await;
        let mut state = self.lock();
        // Whoever is first takes the question out and stores the answer.
        if waiting.is_current(&state) {
            state.in_flight.remove(host);
            let now = self.clock.now();
            let (known, ttl): (Known, Duration) = match &answer {
                // The other family is asked for again soon.
                Ok(found) if found.late.is_some() => {
                    (Ok(found.addresses.clone()), found.ttl.min(PARTIAL_ANSWER_TTL))
                }
                Ok(found) => (Ok(found.addresses.clone()), found.ttl),
                Err(failure) => (Err(failure.message.clone()), failure.holds),
            };
            state.cache.put(host, known, now + ttl, now);
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
struct Waiting<'a, T: FnMut(Timestamp, DnsStep)> {
    state: &'a Mutex<State>,
    host: &'a str,
    question: Question,
    steps: Steps,
    /// How many of the steps were told, or were taken before we came.
    told: usize,
    tell: T,
}

impl<T: FnMut(Timestamp, DnsStep)> Waiting<'_, T> {
    async fn answer(&mut self) -> Answer {
        let mut question = pin!(self.question.clone());
        poll_fn(|cx| {
            let answer = question.as_mut().poll(cx);
            self.catch_up();
            match answer {
                Poll::Ready(answer) => Poll::Ready(answer),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    fn catch_up(&mut self) {
        for (at, step) in self.steps.since(self.told) {
            self.told += 1;
            (self.tell)(at, step);
        }
    }

    fn is_current(&self, state: &State) -> bool {
        state.in_flight.get(self.host).is_some_and(|(current, _)| current.ptr_eq(&self.question))
    }
}

impl<T: FnMut(Timestamp, DnsStep)> Drop for Waiting<'_, T> {
    fn drop(&mut self) {
        self.catch_up();
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
        fn resolve(&self, host: &str, _: Steps) -> BoxFuture<'static, Answer> {
            self.0.fetch_add(1, Ordering::SeqCst);
            let known = host == "a.test";
            Box::pin(async move {
                tokio::task::yield_now().await;
                let found = Found {
                    addresses: vec![[192, 0, 2, 1].into()],
                    source: DnsSource::System,
                    ttl: Duration::from_secs(60),
                    late: None,
                };
                if known { Ok(found) } else { Err(DnsFailure::new("no address for host")) }
            })
        }
    }

    #[tokio::test]
    async fn one_question_in_flight_then_the_cache_then_the_ttl() {
        let (clock, upstream) = (Arc::new(VirtualClock::default()), Arc::new(Counting::default()));
        let resolver = Resolver::over(upstream.clone(), clock.clone());
        let both = futures_util::future::join(
            resolver.resolve("a.test", 80, |_, _| {}),
            resolver.resolve("a.test", 80, |_, _| {}),
        )
        .await;
        assert_eq!(both.0.unwrap().source, DnsSource::System);
        assert_eq!(both.1.unwrap().source, DnsSource::System);
        assert_eq!(upstream.0.load(Ordering::SeqCst), 1);
        assert_eq!(resolver.resolve("a.test", 80, |_, _| {}).await.unwrap().source, DnsSource::Cache);
        clock.advance(Duration::from_secs(61));
        assert_eq!(resolver.resolve("a.test", 80, |_, _| {}).await.unwrap().source, DnsSource::System);
        assert_eq!(upstream.0.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_question_that_nobody_waits_for_is_forgotten() {
        let (clock, upstream) = (Arc::new(VirtualClock::default()), Arc::new(Counting::default()));
        let resolver = Resolver::over(upstream.clone(), clock);
        assert!(resolver.resolve("a.test", 80, |_, _| {}).now_or_never().is_none());
        assert!(resolver.lock().in_flight.is_empty());
        resolver.resolve("a.test", 80, |_, _| {}).await.unwrap();
        assert_eq!(upstream.0.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn failures_are_not_remembered() {
        let (clock, upstream) = (Arc::new(VirtualClock::default()), Arc::new(Counting::default()));
        let resolver = Resolver::over(upstream.clone(), clock);
        for _ in 0..2 {
            resolver.resolve("b.test", 80, |_, _| {}).await.unwrap_err();
        }
        assert_eq!(upstream.0.load(Ordering::SeqCst), 2);
    }
}
