//! Those who answer: the operating system's resolver, and a fixed table.

use std::collections::BTreeMap;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, ready};
use tokio::sync::{Semaphore, oneshot};

use super::steps::Steps;
use super::{Answer, DnsFailure, Found, Resolve};
use crate::limits::{DNS_SYSTEM_TTL, MAX_SYSTEM_LOOKUPS};
use crate::lookup::DnsSource;

/// `getaddrinfo`, on threads of its own. Its order of addresses (RFC 6724) is kept.
///
/// Not on the runtime's threads for blocking work: a runtime that ends waits for those, and an answer can
/// take half a minute.
pub(super) struct System {
    permits: Arc<Semaphore>,
}

impl Default for System {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(MAX_SYSTEM_LOOKUPS)) }
    }
}

impl Resolve for System {
    fn resolve(&self, host: &str, _: Steps) -> BoxFuture<'static, Answer> {
        let (host, permits) = (host.to_owned(), self.permits.clone());
        Box::pin(async move {
            let permit = permits.acquire_owned().await;
            let (sender, answer) = oneshot::channel();
            let name = host.clone();
            let thread = std::thread::Builder::new().name("siskin-dns".to_owned());
            let started = thread.spawn(move || {
                let addresses = look_up(&name);
                drop(permit);
                // Nobody listens when the request was dropped.
                let _ = sender.send(addresses);
            });
            if let Err(error) = started {
                return Err(DnsFailure::new(format!("the lookup of host {host} cannot be started: {error}")));
            }
            match answer.await {
                Ok(Ok(addresses)) if !addresses.is_empty() => {
                    Ok(Found { addresses, source: DnsSource::System, ttl: DNS_SYSTEM_TTL, late: None })
                }
                Ok(Err(error)) if is_temporary(&error) => {
                    Err(DnsFailure::new(format!("no answer from the resolver for host {host}")))
                }
                _ => Err(DnsFailure::no_address(&host)),
            }
        })
    }
}

fn look_up(name: &str) -> std::io::Result<Vec<IpAddr>> {
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in (name, 0).to_socket_addrs()? {
        // One line for each socket type: the same address comes several times.
        if !addresses.contains(&address.ip()) {
            addresses.push(address.ip());
        }
    }
    Ok(addresses)
}

/// `EAI_AGAIN` reaches us only as the resolver's sentence.
fn is_temporary(error: &std::io::Error) -> bool {
    error.to_string().to_ascii_lowercase().contains("temporary failure")
}

/// A table of names, and nothing else.
pub(super) struct Fixed(pub(super) BTreeMap<String, Vec<IpAddr>>);

impl Resolve for Fixed {
    fn resolve(&self, host: &str, _: Steps) -> BoxFuture<'static, Answer> {
        let answer = match self.0.get(host) {
            Some(addresses) if !addresses.is_empty() => Ok(Found {
                addresses: addresses.clone(),
                source: DnsSource::Override,
                ttl: Duration::ZERO,
                late: None,
            }),
            _ => Err(DnsFailure::no_address(host)),
        };
        Box::pin(ready(answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number is looked up without any network, by the same way as a name.
    #[tokio::test]
    async fn the_system_answers_from_its_own_thread() {
        let system = System::default();
        let found = system.resolve("127.0.0.1", Steps::default()).await.unwrap();
        assert_eq!((found.addresses, found.source), (vec![[127, 0, 0, 1].into()], DnsSource::System));
        assert_eq!(system.permits.available_permits(), MAX_SYSTEM_LOOKUPS, "the permit is given back");
        assert!(system.resolve("a\0b", Steps::default()).await.is_err());
    }

    #[tokio::test]
    async fn a_table_stands_alone() {
        let table = Fixed(BTreeMap::from([("a.test".to_owned(), vec![[192, 0, 2, 7].into()])]));
        assert_eq!(
            table.resolve("a.test", Steps::default()).await.unwrap().addresses,
            [IpAddr::from([192, 0, 2, 7])]
        );
        assert!(table.resolve("127.0.0.1", Steps::default()).await.is_err());
    }
}
