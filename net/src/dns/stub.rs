//! Our own resolver: the hosts file, then name servers, for A and AAAA side by side.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, select};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::ask::{Asking, Do, Heard, NoAnswer};
use super::conf::Conf;
use super::exchange::exchange;
use super::hosts::Hosts;
use super::message::{Question, Reply};
use super::name::{candidates, checked};
use super::steps::Steps;
use super::{Answer, DnsFailure, Found, Late};
use crate::clock::Clock;
use crate::limits::{DNS_RESOLUTION_DELAY, MAX_DNS_ALIASES};
use crate::lookup::{DnsRecord, DnsServer, DnsSource, DnsStep, DnsStepKind, DnsTransport};

/// What our own resolver goes by, at one moment.
#[derive(Debug, Default)]
pub(super) struct Setup {
    pub(super) conf: Conf,
    pub(super) hosts: Hosts,
}

/// Resolves `host` by `setup`. Each question takes one of `sockets`.
pub(super) async fn resolve(
    setup: Arc<Setup>,
    host: String,
    clock: Arc<dyn Clock>,
    sockets: Arc<Semaphore>,
    steps: Steps,
) -> Answer {
    let name = checked(&host).map_err(DnsFailure::new)?;
    if let Some(addresses) = setup.hosts.get(&name) {
        let addresses = addresses.to_vec();
        return Ok(Found { addresses, source: DnsSource::Hosts, ttl: Duration::ZERO, late: None });
    }
    let absolute = if host.ends_with('.') { format!("{name}.") } else { name };
    let lookup = Arc::new(Lookup { setup, clock, sockets, steps });
    let mut absent: Option<Duration> = None;
    for name in candidates(&absolute, &lookup.setup.conf.search, lookup.setup.conf.ndots) {
        match lookup.clone().both(name).await {
            Both::Found(found) => return Ok(found),
            Both::Absent { ttl } => absent = Some(absent.map_or(ttl, |least| least.min(ttl))),
            Both::Unknown(why) => {
                return Err(DnsFailure::new(lookup.no_answer(&host, &why)));
            }
        }
    }
    let holds = absent.unwrap_or_default();
    Err(DnsFailure { holds, ..DnsFailure::no_address(&host) })
}

/// One lookup with name servers.
struct Lookup {
    setup: Arc<Setup>,
    clock: Arc<dyn Clock>,
    sockets: Arc<Semaphore>,
    steps: Steps,
}

/// What is known of a name with both questions asked.
enum Both {
    Found(Found),
    Absent { ttl: Duration },
    Unknown(NoAnswer),
}

/// What is known of a name with one question asked.
#[derive(Clone)]
enum One {
    Found { addresses: Vec<IpAddr>, ttl: Duration, server: DnsServer },
    Absent { ttl: Duration },
    Unknown(NoAnswer),
}

type Pending = BoxFuture<'static, One>;

impl Lookup {
    /// A and AAAA side by side. When one has addresses, the other is waited for no longer than the
    /// resolution delay of <https://www.rfc-editor.org/rfc/rfc8305#section-3>; it goes on in [`Found::late`].
    ///
    /// DEVIATION: the RFC waits for AAAA only, and connects at once when that came first. Both come from one server
    /// within a moment nearly always, and one answer with both is easier to understand.
    async fn both(self: Arc<Self>, name: String) -> Both {
        let ask = |record| self.clone().one(name.clone(), record).boxed();
        if self.setup.conf.ipv4_only {
            return both_of(ask(DnsRecord::A).await, None);
        }
        match select(ask(DnsRecord::A), ask(DnsRecord::Aaaa)).await {
            Either::Left((first, other)) | Either::Right((first, other)) => join(first, other).await,
        }
    }

    /// One question, and those for the names that it turns out to stand for.
    async fn one(self: Arc<Self>, name: String, record: DnsRecord) -> One {
        let (mut name, mut seen, mut least) = (name, Vec::new(), Duration::MAX);
        loop {
            match self.ask(&name, record).await {
                Ok((Reply::Addresses { addresses, ttl, .. }, server)) => {
                    return One::Found { addresses, ttl: ttl.min(least), server };
                }
                Ok((Reply::Alias { aliases, ttl }, _)) => {
                    least = least.min(ttl);
                    seen.push(name.clone());
                    let Some(target) = aliases.last() else {
                        return One::Absent { ttl: Duration::ZERO };
                    };
                    if aliases.iter().any(|alias| seen.contains(alias)) {
                        return One::Unknown(NoAnswer::Refused("aliases that lead in a circle".to_owned()));
                    }
                    if seen.len() > MAX_DNS_ALIASES {
                        let why = format!("more than {MAX_DNS_ALIASES} aliases in a row");
                        return One::Unknown(NoAnswer::Refused(why));
                    }
                    name.clone_from(target);
                }
                Ok((Reply::NoAddress { ttl } | Reply::NoName { ttl }, _)) => {
                    return One::Absent { ttl: ttl.min(least) };
                }
                Ok(_) => return One::Unknown(NoAnswer::Silence),
                Err(why) => return One::Unknown(why),
            }
        }
    }

    /// Asks the servers one after another, as [`Asking`] says.
    async fn ask(&self, name: &str, record: DnsRecord) -> Result<(Reply, DnsServer), NoAnswer> {
        let conf = &self.setup.conf;
        let always = if conf.tcp_only { DnsTransport::Tcp } else { DnsTransport::Udp };
        // Drawn, as ids are: each question begins at another server.
        let first = match (conf.rotate, Question::new(name, record)) {
            (true, Ok(question)) => usize::from(question.id()) % conf.servers.len().max(1),
            _ => 0,
        };
        let mut asking = Asking::new(conf.servers.len(), first, conf.timeout, conf.rounds, always);
        let mut next = asking.begin();
        loop {
            let now = match next {
                Do::Ask(now) => now,
                Do::End(Err(why)) => return Err(why),
                // Only the arm below ends with a reply.
                Do::End(Ok(_)) => return Err(NoAnswer::Silence),
            };
            // A question of its own each time: an answer to the last one is not taken for one to this.
            let question = Question::new(name, record).map_err(NoAnswer::Refused)?;
            let Some(&address) = conf.servers.get(now.server) else { return Err(NoAnswer::Silence) };
            let transport = now.transport;
            let step = |kind| DnsStep { server: address, transport, name: name.to_owned(), record, kind };
            let tell = |kind| self.steps.tell(self.clock.now(), step(kind));
            // The semaphore is never closed; without a permit there would only be one socket more.
            let socket = self.sockets.acquire().await;
            tell(DnsStepKind::Asked);
            let asked_at = self.clock.now();
            let heard = exchange(
                &question,
                address,
                (transport, now.extensions),
                now.timeout,
                |reason| tell(DnsStepKind::Ignored(reason)),
                |reason| tell(DnsStepKind::Unreachable(reason)),
            )
            .await;
            drop(socket);
            let rtt = self.clock.now().since(asked_at);
            if let Some(kind) = told(&heard, rtt, now.timeout) {
                tell(kind);
            }
            let server = DnsServer { address, transport, rtt };
            next = asking.next(heard);
            if let Do::End(Ok(reply)) = next {
                return Ok((reply, server));
            }
        }
    }

    fn no_answer(&self, host: &str, why: &NoAnswer) -> String {
        match why {
            NoAnswer::Refused(reason) => {
                format!("the name servers have no answer for host {host}, the last one says: {reason}")
            }
            NoAnswer::Silence => {
                let servers: Vec<String> =
                    self.setup.conf.servers.iter().map(|server| shown(*server)).collect();
                match servers.as_slice() {
                    [] => format!("there is no name server to ask for host {host}"),
                    servers => format!("no answer for host {host} from name server {}", servers.join(", ")),
                }
            }
        }
    }
}

fn shown(server: SocketAddr) -> String {
    match server.port() {
        super::conf::DNS_PORT => server.ip().to_string(),
        _ => server.to_string(),
    }
}

/// The step that `heard` is, if it is not told of yet.
fn told(heard: &Heard, rtt: Duration, after: Duration) -> Option<DnsStepKind> {
    Some(match heard {
        Heard::Nothing => DnsStepKind::TimedOut { after },
        Heard::Unreachable => return None,
        Heard::Reply(Reply::Addresses { addresses, aliases, ttl }) => {
            DnsStepKind::Answered { addresses: addresses.clone(), aliases: aliases.clone(), ttl: *ttl, rtt }
        }
        Heard::Reply(Reply::Alias { aliases, ttl }) => {
            DnsStepKind::Answered { addresses: Vec::new(), aliases: aliases.clone(), ttl: *ttl, rtt }
        }
        Heard::Reply(Reply::NoAddress { .. }) => DnsStepKind::NoAddress,
        Heard::Reply(Reply::NoName { .. }) => DnsStepKind::NoName,
        Heard::Reply(Reply::Truncated) => DnsStepKind::Truncated,
        Heard::Reply(Reply::NotUnderstood(_)) => DnsStepKind::WithoutExtensions,
        Heard::Reply(Reply::Failed(code)) => DnsStepKind::Failed(code.clone()),
    })
}

/// What is known when the `first` of two questions is answered and the `other` may be soon.
async fn join(first: One, other: Pending) -> Both {
    if !matches!(first, One::Found { .. }) {
        return both_of(first, Some(other.await));
    }
    let other = other.shared();
    match timeout(DNS_RESOLUTION_DELAY, other.clone()).await {
        Ok(other) => both_of(first, Some(other)),
        Err(_) => {
            let mut both = both_of(first, None);
            if let Both::Found(found) = &mut both {
                let late = other.map(|other| match other {
                    One::Found { addresses, .. } => addresses,
                    _ => Vec::new(),
                });
                found.late = Some(Late::new(late.boxed()));
            }
            both
        }
    }
}

/// Both answers in one. Addresses of version 6 come first; the order in which they are tried is made later.
fn both_of(one: One, other: Option<One>) -> Both {
    let (one, other) = match (one, other) {
        (found @ One::Found { .. }, Some(other)) => (found, Some(other)),
        (one, Some(found @ One::Found { .. })) => (found, Some(one)),
        pair => pair,
    };
    match (one, other) {
        (One::Found { mut addresses, ttl, server }, other) => {
            let mut least = ttl;
            if let Some(One::Found { addresses: more, ttl, .. }) = other {
                least = least.min(ttl);
                addresses.extend(more);
            }
            addresses.sort_by_key(IpAddr::is_ipv4);
            Both::Found(Found { addresses, source: DnsSource::Server(server), ttl: least, late: None })
        }
        (One::Unknown(why), _) | (_, Some(One::Unknown(why))) => Both::Unknown(why),
        (One::Absent { ttl }, Some(One::Absent { ttl: other })) => Both::Absent { ttl: ttl.min(other) },
        (One::Absent { ttl }, _) => Both::Absent { ttl },
    }
}
