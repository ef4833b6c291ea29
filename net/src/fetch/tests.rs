//! The algorithm over a scripted transport: no sockets, and time stands still unless it is moved.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::header;
use url::Url;

use super::{Net, run, start};
use crate::cache::HttpCache;
use crate::clock::VirtualClock;
use crate::config::{CacheChoice, ClientConfig};
use crate::cookie::Jar;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{NetEvent, NetEventKind, Observer};
use crate::id::FetchId;
use crate::request::{Credentials, Destination, Initiator, InitiatorKind, Referrer, Request, RequestMode};
use crate::response::Response;
use crate::schedule::Gate;
use crate::story::Story;
use crate::transport::WireRequest;
use crate::transport::scripted::{Scripted, ScriptedTransport};

#[derive(Default)]
struct Log(Mutex<Vec<NetEvent>>);

impl Observer for Log {
    fn on_event(&self, event: NetEvent) {
        self.0.lock().unwrap().push(event);
    }
}

/// A client over a script, with a clock that the test moves.
pub(super) struct Bench {
    net: Net,
    pub(super) transport: Arc<ScriptedTransport>,
    pub(super) clock: Arc<VirtualClock>,
    log: Arc<Log>,
}

impl Bench {
    pub(super) fn new(
        script: impl Fn(&WireRequest) -> Result<Scripted, Error> + Send + Sync + 'static,
    ) -> Self {
        let (transport, clock) =
            (Arc::new(ScriptedTransport::new(script)), Arc::new(VirtualClock::default()));
        let config = ClientConfig { clock: clock.clone(), ..ClientConfig::default() };
        let net = Net {
            config,
            cache: HttpCache::new(&CacheChoice::Memory),
            cookies: Some(Arc::new(Jar::default())),
            hsts: Arc::default(),
            logins: Arc::default(),
            preflights: Arc::default(),
            gate: Gate::default(),
            transport: transport.clone(),
        };
        Self { net, transport, clock, log: Arc::default() }
    }

    pub(super) async fn fetch(&self, request: Request) -> Result<Response, Error> {
        let story = Story::new(request.id, self.log.clone(), self.clock.clone());
        run(&self.net, start(request, story)).await
    }

    pub(super) fn events(&self) -> Vec<NetEvent> {
        self.log.0.lock().unwrap().clone()
    }

    /// Milliseconds and kinds of the events.
    pub(super) fn story(&self) -> Vec<String> {
        let line = |event: &NetEvent| {
            let kind = format!("{:?}", event.kind);
            let end = kind.find(" {").unwrap_or(kind.len());
            format!("{} {}", event.at.0.as_millis(), &kind[..end])
        };
        self.log.0.lock().unwrap().iter().map(line).collect()
    }
}

pub(super) fn ok(pieces: &[&'static str]) -> Result<Scripted, Error> {
    let pieces = pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect();
    Ok(Scripted { status: 200, headers: &[], pieces })
}

pub(super) fn redirect(headers: &'static [(&'static str, &'static str)]) -> Result<Scripted, Error> {
    Ok(Scripted { status: 302, headers, pieces: Vec::new() })
}

/// A font that `https://page.test/` asks for.
pub(super) fn font(url: &str) -> Request {
    let page = Url::parse("https://page.test/dir/index.html?q#f").unwrap();
    let initiator = Initiator { kind: InitiatorKind::FontFace, url: Some(page.clone()), fetch: None };
    Request {
        mode: RequestMode::Cors,
        referrer: Referrer::Url(page),
        ..Request::subresource(FetchId(1), Url::parse(url).unwrap(), Destination::Font, initiator)
    }
}

#[tokio::test]
async fn every_event_has_the_time_in_which_it_happened() {
    let bench = Bench::new(|_| ok(&["one", "two"]));
    let document = Request::navigation(FetchId(1), Url::parse("https://page.test/").unwrap());
    let story = Story::new(document.id, bench.log.clone(), bench.clock.clone());
    let started = start(document, story);
    bench.clock.advance(Duration::from_millis(5));
    let mut response = run(&bench.net, started).await.unwrap();
    for _ in 0..2 {
        bench.clock.advance(Duration::from_millis(10));
        response.body.chunk().await.unwrap().unwrap();
    }
    bench.clock.advance(Duration::from_millis(10));
    assert!(response.body.chunk().await.is_none());
    assert_eq!(
        bench.story(),
        [
            "0 Requested",
            "5 Cache(Miss(NotStored))",
            "5 Released",
            "5 ConnectionUsed",
            "5 RequestSent",
            "5 ResponseStart",
            "15 Data",
            "25 Data",
            "35 Ended"
        ]
    );
}

#[tokio::test]
async fn cors_over_redirects() {
    // What was allowed, and the Origin that each hop sent.
    for (first, second, allowed, origins) in [
        ("https://page.test/f", "https://page.test/g", true, ["-", "-"]),
        ("https://page.test/f", "https://other.test/open", true, ["-", "https://page.test"]),
        ("https://page.test/f", "https://other.test/shut", false, ["-", "https://page.test"]),
        // Away and back again: the origin is not told any more, and "*" still is an answer.
        ("https://other.test/f", "https://page.test/open", true, ["https://page.test", "null"]),
        ("https://other.test/f", "https://page.test/exact", false, ["https://page.test", "null"]),
    ] {
        let bench = Bench::new(move |request| match request.url.path() {
            "/f" if second.ends_with("/g") => redirect(&[("location", "https://page.test/g")]),
            "/f" if second.starts_with("https://page") && second.ends_with("exact") => {
                redirect(&[("location", "https://page.test/exact"), ("access-control-allow-origin", "*")])
            }
            "/f" if second.starts_with("https://page") => {
                redirect(&[("location", "https://page.test/open"), ("access-control-allow-origin", "*")])
            }
            "/f" if second.ends_with("open") => redirect(&[("location", "https://other.test/open")]),
            "/f" => redirect(&[("location", "https://other.test/shut")]),
            "/open" => Ok(Scripted {
                status: 200,
                headers: &[("access-control-allow-origin", "*")],
                pieces: Vec::new(),
            }),
            "/exact" => Ok(Scripted {
                status: 200,
                headers: &[("access-control-allow-origin", "https://page.test")],
                pieces: Vec::new(),
            }),
            _ => ok(&[]),
        });
        let result = bench.fetch(font(first)).await;
        assert_eq!(result.is_ok(), allowed, "{first} {second} {:?}", result.err());
        let sent: Vec<String> = bench
            .transport
            .seen()
            .iter()
            .map(|request| {
                let origin = request.headers.get(header::ORIGIN);
                origin.map_or("-".to_owned(), |origin| origin.to_str().unwrap().to_owned())
            })
            .collect();
        assert_eq!(sent, origins, "{first} {second}");
    }
}

#[tokio::test]
async fn cors_with_credentials_needs_more_than_a_star() {
    for (headers, allowed) in [
        (&[("access-control-allow-origin", "*")][..], false),
        (&[("access-control-allow-origin", "https://page.test")][..], false),
        (
            &[
                ("access-control-allow-origin", "https://page.test"),
                ("access-control-allow-credentials", "true"),
            ][..],
            true,
        ),
    ] {
        let bench = Bench::new(move |_| Ok(Scripted { status: 200, headers, pieces: Vec::new() }));
        let request = Request { credentials: Credentials::Include, ..font("https://other.test/f") };
        assert_eq!(bench.fetch(request).await.is_ok(), allowed, "{headers:?}");
    }
}

#[tokio::test]
async fn fetch_metadata_and_referrer() {
    for (url, site, referer) in [
        ("https://page.test/f", "same-origin", "https://page.test/dir/index.html?q"),
        ("https://page.test:8443/f", "same-site", "https://page.test/"),
        ("https://other.test/f", "cross-site", "https://page.test/"),
    ] {
        let bench = Bench::new(|_| {
            Ok(Scripted { status: 200, headers: &[("access-control-allow-origin", "*")], pieces: Vec::new() })
        });
        bench.fetch(font(url)).await.unwrap();
        let headers = &bench.transport.seen()[0].headers;
        assert_eq!(
            (&headers["sec-fetch-site"], &headers["sec-fetch-mode"], &headers["sec-fetch-dest"]),
            (&header::HeaderValue::from_static(site), &"cors".parse().unwrap(), &"font".parse().unwrap()),
            "{url}"
        );
        assert_eq!(headers["referer"], referer, "{url}");
    }
}

#[tokio::test]
async fn a_body_that_fails_is_one_failure() {
    let bench = Bench::new(|_| {
        let error = Error::new(ErrorKind::Protocol, Phase::Receive, None, "the body ended early");
        Ok(Scripted { status: 200, headers: &[], pieces: vec![Ok(Bytes::from_static(b"x")), Err(error)] })
    });
    let document = Request::navigation(FetchId(1), Url::parse("http://page.test/").unwrap());
    let mut response = bench.fetch(document).await.unwrap();
    response.body.chunk().await.unwrap().unwrap();
    assert_eq!(response.body.chunk().await.unwrap().unwrap_err().kind, ErrorKind::Protocol);
    assert!(response.body.chunk().await.is_none());
    drop(response);
    assert_eq!(bench.story()[6..], ["0 Data", "0 Failed"]);
    // Its place in the schedule is free again, and it was not stored.
    let events = bench.log.0.lock().unwrap().len();
    let document = Request::navigation(FetchId(2), Url::parse("http://page.test/").unwrap());
    bench.fetch(document).await.unwrap();
    assert!(bench.log.0.lock().unwrap()[events..].iter().any(|e| matches!(e.kind, NetEventKind::Released)));
}
