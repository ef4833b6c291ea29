//! What comes before the first packet to a host: the choice of the way, and the lookup of the names on it.

use std::net::SocketAddr;

use tokio::time::timeout;

use super::connector::Open;
use super::way;
use crate::dns::Late;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::NetEventKind;
use crate::proxy::{ProxyChoice, ProxyKind, ProxyServer};

/// Whom to connect to.
pub(super) struct Approach {
    /// The host's addresses, or its proxy's.
    pub(super) addresses: Vec<SocketAddr>,
    /// More of the host's addresses, if they come.
    pub(super) late: Option<Late>,
}

/// Whose name is looked up.
#[derive(Clone, Copy)]
enum Whose<'a> {
    Host,
    Proxys(&'a ProxyServer),
}

impl Open {
    /// Finds the addresses to connect to, and tells how.
    pub(super) async fn approach(&self) -> Result<Approach, Error> {
        let url = &self.attempt.url;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(self.error(ErrorKind::InvalidUrl, Phase::Url, "the URL has no host"));
        };
        let ProxyChoice::Through(server) = self.shared.proxies.choose(url) else {
            return self.look_up(host, port, Whose::Host).await;
        };
        self.attempt.tell(NetEventKind::Proxy { proxy: server.to_string() });
        let mut approach = self.look_up(&server.host, server.port, Whose::Proxys(server)).await?;
        approach.late = None;
        if server.kind == ProxyKind::Socks5 {
            let behind = self.look_up(host, port, Whose::Host).await?;
            self.attempt.state().behind_proxy = behind.addresses;
        }
        self.attempt.state().proxy_host = Some(server.host.clone());
        Ok(approach)
    }

    async fn look_up(&self, host: &str, port: u16, whose: Whose<'_>) -> Result<Approach, Error> {
        let asked = self.attempt.story.now();
        self.attempt.tell(NetEventKind::DnsStart { host: host.to_owned() });
        let tell = |at, step| self.attempt.tell_at(at, NetEventKind::DnsStep(step));
        let answer = self.shared.resolver.resolve(host, port, tell);
        let found = match timeout(self.shared.timeouts.dns, answer).await {
            Ok(Ok(found)) => found,
            Ok(Err(failure)) => {
                return Err(match whose {
                    Whose::Host => self.error(ErrorKind::Dns, Phase::Dns, failure.message),
                    Whose::Proxys(server) => {
                        way::error(server, Phase::Dns, &self.attempt.url, &failure.message)
                    }
                });
            }
            Err(_) => {
                let whose = match whose {
                    Whose::Host => "host",
                    Whose::Proxys(_) => "the proxy's host",
                };
                return Err(self.timed_out(Phase::Dns, &format!("no answer for {whose} {host}")));
            }
        };
        self.attempt.state().dns = Some((asked, self.attempt.story.now()));
        let addresses: Vec<SocketAddr> =
            found.addresses.iter().map(|address| SocketAddr::new(*address, port)).collect();
        let ttl = (!found.ttl.is_zero()).then_some(found.ttl);
        let told = addresses.clone();
        self.attempt.tell(NetEventKind::DnsEnd { addresses: told, source: found.source, ttl });
        Ok(Approach { addresses, late: found.late })
    }
}
