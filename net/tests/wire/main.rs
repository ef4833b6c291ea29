//! The client against servers scripted in bytes, on loopback: what goes over the wire, and what is told of it.
#![allow(clippy::unwrap_used, reason = "a test says what it expects; the servers are part of it")]

mod story;
mod server;
mod tls;

mod certs;

mod badssl;
mod body_bytes;
mod caching;
mod connections;
mod failures;
mod h2_faults;
mod lifecycle;
mod local;
mod names;
mod proxies;
mod redirects;
mod request_heads;
mod secure;
mod table;

use std::sync::Arc;

use siskin_net::{
    Client, ClientConfig, Destination, Error, Fetch, FetchId, Initiator, InitiatorKind, Request,
    ResolverChoice,
};
use url::Url;

use story::Log;

/// A client whose names are `*.test`, all on loopback.
fn client() -> Client {
    Client::new(config()).unwrap()
}

fn config() -> ClientConfig {
    let names = ["a.test", "b.test", "c.test"].map(|name| (name.to_owned(), vec![[127, 0, 0, 1].into()]));
    ClientConfig { resolver: ResolverChoice::Fixed(names.into()), ..ClientConfig::default() }
}

/// A response that was read to its end, and the checked story of it.
struct Fetched {
    status: u16,
    body: Vec<u8>,
    url: String,
    response_headers: http::HeaderMap,
    source: siskin_net::Source,
    log: Arc<Log>,
}

async fn get(client: &Client, url: &str) -> Result<Fetched, (Error, Arc<Log>)> {
    run(client, image(url)).await
}

/// A subresource's request, made by `http://a.test/`.
fn image(url: &str) -> Request {
    let initiator = Initiator {
        kind: InitiatorKind::Parser,
        url: Some(Url::parse("http://a.test/").unwrap()),
        fetch: None,
    };
    Request::subresource(FetchId(1), Url::parse(url).unwrap(), Destination::Image, initiator)
}

/// Fetches, reads the body, and checks the events against what every fetch owes.
async fn run(client: &Client, request: Request) -> Result<Fetched, (Error, Arc<Log>)> {
    let log = Arc::new(Log::default());
    let fetched = async {
        let response = client.fetch(request, log.clone()).await?;
        let (status, url) = (response.status.as_u16(), response.url().to_string());
        let (response_headers, source) = (response.headers.clone(), response.source);
        let body = response.body.collect().await?.to_vec();
        Ok(Fetched { status, body, url, response_headers, source, log: log.clone() })
    };
    let result =
        tokio::time::timeout(std::time::Duration::from_secs(20), fetched).await.expect("fetch hangs");
    log.check();
    result.map_err(|error| (error, log))
}
