//! The network client: [`Fetch`] over real connections.

use std::sync::Arc;

use url::Url;

use crate::cache::HttpCache;
use crate::config::{ClientConfig, CookieChoice};
use crate::cookie::{Cookie, Jar};
use crate::dns::Resolver;
use crate::error::Error;
use crate::event::{Observer, Protocol};
use crate::fetch::{self, Net, Preflights, Spaces};
use crate::fetch_trait::{Advice, Fetch, FetchFuture};
use crate::hsts::{Hsts, HstsHost};
use crate::request::{Credentials, Request};
use crate::schedule::Gate;
use crate::story::{Story, wall_clock};
use crate::transport::Wire;

/// Fetches over the network, with one pool of connections, one DNS cache and one memory cache.
///
/// Clones share all of them. Must be used within a tokio runtime with time and IO enabled: connections
/// live in tasks of it, and end with it.
#[derive(Clone)]
pub struct Client {
    net: Arc<Net>,
}

impl Client {
    /// A client for `config`. Nothing is opened or read before the first fetch.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Tls`] when an extra certificate authority cannot be read.
    pub fn new(config: ClientConfig) -> Result<Self, Error> {
        let transport = Arc::new(Wire::new(&config, Resolver::new(&config))?);
        let cache = HttpCache::new(&config.cache);
        let cookies = match &config.cookies {
            CookieChoice::Memory(cookies) => {
                Some(Arc::new(Jar::new(cookies.clone(), wall_clock(&*config.clock))))
            }
            CookieChoice::Off => None,
        };
        let hsts = Arc::new(Hsts::new(&config.hsts, wall_clock(&*config.clock)));
        let logins = Arc::new(Spaces::default());
        let preflights = Arc::new(Preflights::default());
        let gate = Gate::new(config.schedule);
        Ok(Self { net: Arc::new(Net { config, cache, cookies, hsts, logins, preflights, gate, transport }) })
    }
}

impl Client {
    /// The cookies that have not expired, in the order in which they were set: to be kept for another client.
    pub fn cookies(&self) -> Vec<Cookie> {
        let now = wall_clock(&*self.net.config.clock);
        self.net.cookies.as_ref().map_or_else(Vec::new, |jar| jar.all(now))
    }

    /// The hosts that want https, by name: to be kept for another client.
    pub fn hsts(&self) -> Vec<HstsHost> {
        self.net.hsts.all(wall_clock(&*self.net.config.clock))
    }
}

impl Fetch for Client {
    fn fetch(&self, request: Request, observer: Arc<dyn Observer>) -> FetchFuture<'_> {
        let story = Story::new(request.id, observer, self.net.config.clock.clone());
        let started = fetch::start(request, story);
        Box::pin(fetch::run(&self.net, started))
    }

    fn advise(&self, advice: Advice) {
        self.net.gate.advise(advice);
    }

    /// DEVIATION: browsers keep connections with and without credentials apart. The pool here is one: no
    /// connection carries a client's identity, since there are no client certificates.
    fn preconnect(&self, url: &Url, _: Credentials, observer: Arc<dyn Observer>) {
        if matches!(url.scheme(), "http" | "https") && url.has_host() && !fetch::is_bad_port(url) {
            let (gate, origin) = (self.net.gate.clone(), url.origin());
            let learn = Arc::new(move |protocol: Protocol| gate.learn(&origin, protocol));
            self.net.transport.preconnect(url, observer, learn);
        }
    }

    fn dns_prefetch(&self, host: &str, observer: Arc<dyn Observer>) {
        self.net.transport.look_up(host, observer);
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("config", &self.net.config).finish_non_exhaustive()
    }
}
