//! Those who answer: the operating system's resolver, and a fixed table.

use std::collections::BTreeMap;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, ready};

use super::{Answer, DnsFailure, Found, Resolve};
use crate::event::DnsSource;
use crate::limits::DNS_SYSTEM_TTL;

/// `getaddrinfo`, on a thread where it may block. Its order of addresses (RFC 6724) is kept.
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, host: &str) -> BoxFuture<'static, Answer> {
        let host = host.to_owned();
        Box::pin(async move {
            let name = host.clone();
            let lookup = tokio::task::spawn_blocking(move || -> std::io::Result<Vec<IpAddr>> {
                let mut addresses: Vec<IpAddr> = Vec::new();
                for address in (name.as_str(), 0).to_socket_addrs()? {
                    // One line for each socket type: the same address comes several times.
                    if !addresses.contains(&address.ip()) {
                        addresses.push(address.ip());
                    }
                }
                Ok(addresses)
            });
            match lookup.await {
                Ok(Ok(addresses)) if !addresses.is_empty() => {
                    Ok(Found { addresses, source: DnsSource::System, ttl: DNS_SYSTEM_TTL })
                }
                Ok(Err(error)) if is_temporary(&error) => {
                    Err(DnsFailure(format!("no answer from the resolver for host {host}")))
                }
                Ok(_) => Err(DnsFailure::no_address(&host)),
                Err(_) => Err(DnsFailure(format!("the lookup of host {host} was given up"))),
            }
        })
    }
}

/// `EAI_AGAIN` reaches us only as the resolver's sentence.
fn is_temporary(error: &std::io::Error) -> bool {
    error.to_string().to_ascii_lowercase().contains("temporary failure")
}

/// A table of names, and who is asked for the others.
pub(super) struct Fixed {
    pub(super) table: BTreeMap<String, Vec<IpAddr>>,
    pub(super) others: Option<Arc<dyn Resolve>>,
}

impl Resolve for Fixed {
    fn resolve(&self, host: &str) -> BoxFuture<'static, Answer> {
        match (self.table.get(host), &self.others) {
            (Some(addresses), _) if !addresses.is_empty() => Box::pin(ready(Ok(Found {
                addresses: addresses.clone(),
                source: DnsSource::Literal,
                ttl: Duration::ZERO,
            }))),
            (None, Some(others)) => others.resolve(host),
            _ => Box::pin(ready(Err(DnsFailure::no_address(host)))),
        }
    }
}
