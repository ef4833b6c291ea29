//! Who may see what: cookies, logins, redirects and HSTS over real connections, plain and with TLS.
#![allow(clippy::unwrap_used, reason = "a test says what it expects; the servers are part of it")]

mod server;

mod cookies;
mod hsts;
mod leaks;
mod login;
mod redirect_table;

use std::sync::{Arc, Mutex};

use siskin_net::{
    Client, ClientConfig, Destination, Error, Fetch, FetchId, Initiator, InitiatorKind, NetEvent,
    NetEventKind, Observer, Request, ResolverChoice, Response, RootsChoice,
};
use url::Url;

use server::Authority;

/// What a client tells, in order.
#[derive(Default)]
struct Log(Mutex<Vec<NetEvent>>);

impl Observer for Log {
    fn on_event(&self, event: NetEvent) {
        self.0.lock().unwrap().push(event);
    }
}

impl Log {
    fn kinds(&self) -> Vec<NetEventKind> {
        self.0.lock().unwrap().iter().map(|event| event.kind.clone()).collect()
    }

    /// Everything that was told, as text: for secrets that must not be in it.
    fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }
}

/// All names are on loopback; the authority is trusted.
fn config(authority: &Authority) -> ClientConfig {
    let names = ["a.test", "b.test", "x.a.test", "a.co.uk"]
        .map(|name| (name.to_owned(), vec![[127, 0, 0, 1].into()]));
    ClientConfig {
        resolver: ResolverChoice::Fixed(names.into()),
        extra_ca_pem: vec![authority.pem.clone()],
        roots: RootsChoice::Nobody,
        ..ClientConfig::default()
    }
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn navigation(to: &str) -> Request {
    Request::navigation(FetchId(1), url(to))
}

/// An image in the page `page`.
fn image(page: &str, to: &str) -> Request {
    let initiator = Initiator { kind: InitiatorKind::Parser, url: Some(url(page)), fetch: None };
    Request {
        credentials: siskin_net::Credentials::Include,
        ..Request::subresource(FetchId(1), url(to), Destination::Image, initiator)
    }
}

/// Fetches and reads to the end.
async fn fetch(client: &Client, request: Request) -> (Result<(u16, String), Error>, Arc<Log>) {
    let log = Arc::new(Log::default());
    let read = async {
        let response: Response = client.fetch(request, log.clone()).await?;
        let (status, url) = (response.status.as_u16(), response.url().to_string());
        response.body.collect().await?;
        Ok((status, url))
    };
    let result = tokio::time::timeout(std::time::Duration::from_secs(20), read).await.expect("fetch hangs");
    (result, log)
}
