//! A connect to one of several addresses, driven by the schedule of [`super::eyeballs`].
//!
//! The HTTP library connects to addresses of one family one after another, without a limit for each, and to the
//! other family after 300 ms, and tells nothing of it. So it is given one address at a time. While that one does
//! not answer, the next ones are tried here, by TCP connections that carry nothing; when one of these is open
//! first, the library's connect is given up and the request starts anew with that address. The price: where the best
//! address does not answer within 250 ms, the connection costs one round trip more, and the winner's
//! host sees a connection that is closed without a byte. Where it does answer, which is nearly always, nothing.
//!
//! Kept from us: through a proxy it is not known when TCP is up, so that proxies with several addresses are left to
//! the library; and the library's own try cannot be turned into the winner's, since its target cannot be copied.

use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::task::Poll;

use futures_util::future::{BoxFuture, FutureExt, poll_fn};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::approach::Approach;
use super::connector::Open;
use super::eyeballs::Race;
use super::failure;
use crate::clock::Timestamp;
use crate::dns::Late;
use crate::error::Error;
use crate::event::NetEventKind;
use crate::id::ConnectionId;

/// One connect, over all of its tries.
pub(super) struct Plan {
    pub(super) connection: ConnectionId,
    /// What the library is to connect to.
    pub(super) targets: Vec<SocketAddr>,
    /// When TCP has to be up.
    pub(super) deadline: Instant,
    race: Option<Race>,
    late: Option<Late>,
    begun: Instant,
    first_error: Option<Error>,
    tried: usize,
    /// What was tried first.
    best: Option<SocketAddr>,
}

/// Why a connect of the library brought no connection.
pub(super) enum Missed {
    /// There is a better address: the plan says which.
    Again,
    Finally(Error),
}

/// What was heard while a race is under way.
enum Heard<C> {
    Library(Result<C, Error>),
    /// TCP of the library's connect is up.
    LibraryIsUp,
    Probe(SocketAddr, std::io::Result<()>),
    Late(Vec<SocketAddr>),
    Time,
}

impl Plan {
    /// The plan for a connect that has found its addresses.
    pub(super) fn new(connection: ConnectionId, approach: Approach, deadline: Instant, raced: bool) -> Self {
        let begun = Instant::now();
        let mut race = raced.then(|| Race::new(&approach.addresses));
        let first = race.as_mut().and_then(|race| race.due(Timestamp::ZERO));
        Self {
            connection,
            targets: first.map_or(approach.addresses, |first| vec![first]),
            deadline,
            race,
            late: approach.late,
            begun,
            first_error: None,
            tried: 0,
            best: first,
        }
    }

    /// The address of the connection, if better ones were tried before it in vain.
    pub(super) fn won_against_better(&self) -> Option<IpAddr> {
        let own = *self.targets.first()?;
        (self.best != Some(own) && self.tried > 1).then_some(own.ip())
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.begun.elapsed())
    }
}

impl Open {
    /// Waits for `connect`, the library's connect to the plan's target, and races other addresses against it.
    pub(super) async fn race<C>(
        &self,
        plan: &mut Plan,
        connect: impl Future<Output = Result<C, Error>>,
    ) -> Result<C, Missed> {
        let (Some(mut race), Some(&own)) = (plan.race.take(), plan.targets.first()) else {
            return connect.await.map_err(Missed::Finally);
        };
        if !race.has_choice() && plan.late.is_none() {
            return connect.await.map_err(Missed::Finally);
        }
        // In a later try of the library's, its address has been told of.
        if plan.tried == 0 {
            self.begins(plan, own);
        }
        let mut late: Option<BoxFuture<'static, Vec<IpAddr>>> =
            plan.late.take().map(|late| late.addresses().boxed());
        let mut connect = pin!(connect);
        let mut library = Library::Connecting;
        let mut probes = FuturesUnordered::new();
        loop {
            while let Some(address) = race.due(plan.now()) {
                self.begins(plan, address);
                if library == Library::Failed && probes.is_empty() {
                    // Nothing else is under way: the library itself can try it.
                    return Err(again(plan, race, address));
                }
                probes.push(async move { (address, TcpStream::connect(address).await.map(drop)) });
            }
            if library == Library::Failed && probes.is_empty() && late.is_none() && race.is_lost() {
                return Err(Missed::Finally(plan.out_of_addresses()));
            }
            let time = race.next_at().map_or(plan.deadline, |at| (plan.begun + at.0).min(plan.deadline));
            let mut time = pin!(sleep_until(time));
            let heard = poll_fn(|cx| {
                if library == Library::Connecting
                    && let Poll::Ready(result) = connect.as_mut().poll(cx)
                {
                    return Poll::Ready(Heard::Library(result));
                }
                if self.attempt.state().tls_started {
                    return Poll::Ready(Heard::LibraryIsUp);
                }
                if let Poll::Ready(Some((address, result))) = probes.poll_next_unpin(cx) {
                    return Poll::Ready(Heard::Probe(address, result));
                }
                if let Some(Poll::Ready(addresses)) = late.as_mut().map(|late| late.as_mut().poll(cx)) {
                    let addresses = addresses.iter().map(|ip| SocketAddr::new(*ip, own.port()));
                    return Poll::Ready(Heard::Late(addresses.collect()));
                }
                time.as_mut().poll(cx).map(|()| Heard::Time)
            });
            match heard.await {
                Heard::Library(Ok(io)) => {
                    self.others_lose(plan, &race, own);
                    return Ok(io);
                }
                Heard::LibraryIsUp => {
                    self.others_lose(plan, &race, own);
                    return connect.await.map_err(Missed::Finally);
                }
                Heard::Library(Err(error)) => {
                    if self.attempt.state().tls_started || Instant::now() >= plan.deadline {
                        return Err(Missed::Finally(error));
                    }
                    library = Library::Failed;
                    self.gives_up(plan, own, &error.message);
                    plan.first_error.get_or_insert(error);
                    race.failed(own, plan.now());
                }
                Heard::Probe(address, Ok(())) => {
                    self.others_lose(plan, &race, address);
                    return Err(again(plan, race, address));
                }
                Heard::Probe(address, Err(error)) => {
                    self.gives_up(plan, address, &failure::io_words(&error));
                    race.failed(address, plan.now());
                }
                Heard::Late(addresses) => {
                    late = None;
                    race.add(&addresses);
                }
                Heard::Time if Instant::now() >= plan.deadline && library == Library::Failed => {
                    return Err(Missed::Finally(plan.out_of_addresses()));
                }
                Heard::Time => {}
            }
        }
    }

    fn begins(&self, plan: &mut Plan, remote: SocketAddr) {
        plan.tried += 1;
        self.attempt.tell(NetEventKind::ConnectAttempt { connection: plan.connection, remote });
    }

    fn gives_up(&self, plan: &Plan, remote: SocketAddr, why: &str) {
        let (connection, message) = (plan.connection, why.to_owned());
        self.attempt.tell(NetEventKind::ConnectAttemptFailed { connection, remote, message });
    }

    fn others_lose(&self, plan: &Plan, race: &Race, winner: SocketAddr) {
        for loser in race.running().iter().filter(|address| **address != winner) {
            self.gives_up(plan, *loser, &format!("{winner} was quicker"));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Library {
    Connecting,
    Failed,
}

/// The library is to connect to `address` next.
fn again(plan: &mut Plan, mut race: Race, address: SocketAddr) -> Missed {
    race.settle(address, plan.now());
    plan.targets = vec![address];
    plan.race = Some(race);
    Missed::Again
}

impl Plan {
    /// All have failed: the first one's error, which is that of the best address.
    fn out_of_addresses(&mut self) -> Error {
        let tried = self.tried;
        let mut error = self.first_error.take().unwrap_or_else(|| {
            Error::new(crate::error::ErrorKind::Connect, crate::error::Phase::Connect, None, "no connection")
        });
        if tried > 1 {
            error.message = format!("{} ({tried} addresses tried)", error.message);
        }
        error
    }
}
