//! Prints the events of one URL's fetch: `cargo run -p siskin-net --example fetch -- URL`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a person")]

use std::process::ExitCode;
use std::sync::Arc;

use siskin_net::{Client, ClientConfig, Fetch, FetchId, NetEvent, NetEventKind, Observer, Request};
use url::Url;

struct Print;

impl Observer for Print {
    fn on_event(&self, event: NetEvent) {
        println!("{:9.3} ms  hop {}  {}", event.at.as_millis_f64(), event.hop, line(&event.kind));
    }
}

fn line(kind: &NetEventKind) -> String {
    match kind {
        NetEventKind::Requested { method, url, .. } => format!("Requested {method} {url}"),
        NetEventKind::RequestSent { headers, body_size } => {
            format!("RequestSent {} headers, {body_size} bytes of body", headers.len())
        }
        NetEventKind::ResponseStart { status, headers } => {
            format!("ResponseStart {status}, {} headers", headers.len())
        }
        other => format!("{other:?}"),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(url) = std::env::args().nth(1).and_then(|url| Url::parse(&url).ok()) else {
        eprintln!("usage: fetch URL");
        return ExitCode::from(2);
    };
    let fetched = async {
        let client = Client::new(ClientConfig::default())?;
        let response = client.fetch(Request::navigation(FetchId(1), url), Arc::new(Print)).await?;
        let (status, final_url) = (response.status, response.url().clone());
        let bytes = response.body.collect().await?;
        Ok::<_, siskin_net::Error>((status, final_url, bytes.len()))
    };
    match fetched.await {
        Ok((status, url, size)) => {
            println!("{status} {url}: {size} bytes");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("fetch: {error}");
            ExitCode::FAILURE
        }
    }
}
