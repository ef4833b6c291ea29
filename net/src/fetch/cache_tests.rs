//! The cache under the algorithm: who waits for whom, what stands in, what is refreshed, resumed and asked again.

use std::time::Duration;

use bytes::Bytes;
use futures_util::poll;
use http::{HeaderMap, Method, header};
use url::Url;

use super::tests::Bench;
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{CacheHit, CacheOutcome, Freshness, MissReason, NetEventKind, StaleReason};
use crate::id::FetchId;
use crate::limits::CACHE_LOCK_TIMEOUT;
use crate::request::{Destination, Initiator, InitiatorKind, Request};
use crate::response::Source;
use crate::transport::scripted::Scripted;

const FRESH: &[(&str, &str)] = &[("cache-control", "max-age=60")];

fn reply(headers: &'static [(&'static str, &'static str)], body: &'static str) -> Result<Scripted, Error> {
    Ok(Scripted { status: 200, headers, pieces: vec![Ok(Bytes::from_static(body.as_bytes()))] })
}

fn broken() -> Error {
    Error::new(ErrorKind::Protocol, Phase::Receive, None, "the connection was closed early")
}

fn refused() -> Error {
    Error::new(ErrorKind::Connect, Phase::Connect, None, "connection refused")
}

/// An image of `https://page.test/`.
fn image(id: u64, url: &str) -> Request {
    let page = Url::parse("https://page.test/").unwrap();
    let initiator = Initiator { kind: InitiatorKind::Parser, url: Some(page), fetch: None };
    Request::subresource(FetchId(id), Url::parse(url).unwrap(), Destination::Image, initiator)
}

/// What the cache said to a fetch.
fn said(bench: &Bench, id: FetchId) -> Vec<CacheOutcome> {
    let events = bench.events();
    let of_fetch = events.iter().filter(|event| event.fetch == id);
    of_fetch
        .filter_map(|event| match event.kind {
            NetEventKind::Cache(outcome) => Some(outcome),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn equal_requests_wait_for_what_the_first_brings() {
    let bench = Bench::new(|_| reply(FRESH, "x"));
    let first = bench.fetch(image(1, "https://page.test/a")).await.unwrap();
    let mut second = Box::pin(bench.fetch(image(2, "https://page.test/a#f")));
    let mut third = Box::pin(bench.fetch(image(3, "https://page.test/a")));
    assert!(poll!(&mut second).is_pending() && poll!(&mut third).is_pending());
    // Another URL does not wait.
    bench.fetch(image(4, "https://page.test/b")).await.unwrap();
    assert_eq!(first.body.collect().await.unwrap(), "x");
    for (id, waiting) in [(2, second), (3, third)] {
        let response = waiting.await.unwrap();
        assert_eq!(response.source, Source::Memory);
        let said = said(&bench, FetchId(id));
        assert_eq!(said[0], CacheOutcome::Joined(FetchId(1)));
        assert!(matches!(said[1], CacheOutcome::Hit(_)), "{said:?}");
    }
    assert_eq!(bench.transport.seen().len(), 2);
}

#[tokio::test]
async fn when_the_first_brings_nothing_all_others_go() {
    let bench = Bench::new(|request| match request.url.path() {
        "/broken" => Ok(Scripted { status: 200, headers: FRESH, pieces: vec![Err(broken())] }),
        "/no-store" => reply(&[("cache-control", "no-store")], "x"),
        _ => reply(FRESH, "x"),
    });
    for path in ["broken", "dropped"] {
        let url = format!("https://page.test/{path}");
        let before = bench.transport.seen().len();
        let first = bench.fetch(image(1, &url)).await.unwrap();
        let mut others = [2, 3].map(|id| Box::pin(bench.fetch(image(id, &url))));
        for other in &mut others {
            assert!(poll!(other).is_pending());
        }
        match path {
            "broken" => assert!(first.body.collect().await.is_err()),
            _ => drop(first),
        }
        for other in others {
            other.await.unwrap();
        }
        assert_eq!(bench.transport.seen().len(), before + 3, "{path}");
    }
    // A response that may not be stored is not waited for: that is known from its head.
    let _first = bench.fetch(image(1, "https://page.test/no-store")).await.unwrap();
    bench.fetch(image(2, "https://page.test/no-store")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever() {
    let bench = Bench::new(|_| reply(FRESH, "x"));
    let first = bench.fetch(image(1, "https://page.test/a")).await.unwrap();
    let begun = tokio::time::Instant::now();
    let second = bench.fetch(image(2, "https://page.test/a")).await.unwrap();
    assert!(begun.elapsed() >= CACHE_LOCK_TIMEOUT);
    assert_eq!(second.source, Source::Network);
    drop(first);
}

#[tokio::test]
async fn stale_while_revalidate_refreshes_once_in_the_background() {
    let bench = Bench::new(|request| match request.headers.get(header::IF_NONE_MATCH) {
        None => reply(&[("cache-control", "max-age=1, stale-while-revalidate=60"), ("etag", "\"1\"")], "old"),
        Some(_) => reply(&[("cache-control", "max-age=100"), ("etag", "\"2\"")], "new"),
    });
    let get = async |id| {
        let response = bench.fetch(image(id, "https://page.test/a")).await.unwrap();
        (response.source, response.body.collect().await.unwrap())
    };
    get(1).await;
    bench.clock.advance(Duration::from_secs(5));
    for id in [2, 3] {
        assert_eq!(get(id).await, (Source::Memory, Bytes::from_static(b"old")));
    }
    let CacheOutcome::Hit(CacheHit { freshness: Freshness::WhileRevalidate(by, refresh), .. }) =
        said(&bench, FetchId(2))[0]
    else {
        panic!("{:?}", said(&bench, FetchId(2)))
    };
    assert_eq!((by, refresh.is_background()), (Duration::from_secs(4), true));
    // Let the refresh run.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert_eq!(bench.transport.seen().len(), 2);
    let events = bench.events();
    let of_refresh: Vec<_> =
        events.iter().filter(|event| event.fetch == refresh).map(|event| &event.kind).collect();
    let NetEventKind::Requested { initiator, .. } = of_refresh[0] else { panic!("{of_refresh:?}") };
    assert_eq!((initiator.kind, initiator.fetch), (InitiatorKind::Browser, Some(FetchId(2))));
    assert!(matches!(of_refresh.last(), Some(NetEventKind::Ended { .. })), "{of_refresh:?}");
    assert_eq!(get(4).await, (Source::Memory, Bytes::from_static(b"new")));
}

#[tokio::test]
async fn a_stale_response_stands_in_for_an_origin_that_failed() {
    let bench = Bench::new(|request| match (request.story.now().0.as_secs(), request.url.path()) {
        (0, _) => reply(&[("cache-control", "max-age=1, stale-if-error=60"), ("etag", "\"1\"")], "old"),
        (_, "/503") => Ok(Scripted { status: 503, headers: &[], pieces: Vec::new() }),
        (_, "/404") => Ok(Scripted { status: 404, headers: &[], pieces: Vec::new() }),
        _ => Err(refused()),
    });
    for path in ["503", "404", "gone"] {
        let response = bench.fetch(image(1, &format!("https://page.test/{path}"))).await.unwrap();
        response.body.collect().await.unwrap();
    }
    bench.clock.advance(Duration::from_secs(11));
    for (id, path, status) in [(2, "503", 200), (3, "404", 404), (4, "gone", 200)] {
        let response = bench.fetch(image(id, &format!("https://page.test/{path}"))).await.unwrap();
        assert_eq!(response.status.as_u16(), status, "{path}");
        let said = said(&bench, FetchId(id));
        assert!(matches!(said[0], CacheOutcome::Revalidate(_)), "{said:?}");
        let stood_in = CacheOutcome::Hit(CacheHit {
            tier: crate::event::CacheTier::Memory,
            age: Duration::from_secs(11),
            freshness: Freshness::IfError(Duration::from_secs(10)),
        });
        assert_eq!(said.get(1), (status == 200).then_some(&stood_in), "{path}");
    }
    bench.clock.advance(Duration::from_secs(60));
    let document = Request::navigation(FetchId(5), Url::parse("https://page.test/gone").unwrap());
    assert_eq!(bench.fetch(document).await.unwrap_err().kind, ErrorKind::Connect);
}

#[tokio::test]
async fn a_body_that_broke_off_is_resumed() {
    let bench = Bench::new(|request| match request.headers.get(header::RANGE) {
        None => Ok(Scripted {
            status: 200,
            headers: &[
                ("cache-control", "max-age=60"),
                ("etag", "\"1\""),
                ("accept-ranges", "bytes"),
                ("content-length", "10"),
            ],
            pieces: vec![Ok(Bytes::from_static(b"0123")), Err(broken())],
        }),
        Some(range) => {
            assert_eq!(
                (range.to_str().unwrap(), &request.headers[header::IF_RANGE]),
                ("bytes=4-", &"\"1\"".parse().unwrap())
            );
            Ok(Scripted {
                status: 206,
                headers: &[
                    ("cache-control", "max-age=60"),
                    ("etag", "\"1\""),
                    ("content-range", "bytes 4-9/10"),
                ],
                pieces: vec![Ok(Bytes::from_static(b"456789"))],
            })
        }
    });
    let url = "https://page.test/a";
    assert!(bench.fetch(image(1, url)).await.unwrap().body.collect().await.is_err());
    for (id, source) in [(2, Source::Network), (3, Source::Memory)] {
        let response = bench.fetch(image(id, url)).await.unwrap();
        assert_eq!((response.status.as_u16(), response.source), (200, source));
        assert_eq!(response.headers["content-length"], "10");
        assert!(!response.headers.contains_key(header::CONTENT_RANGE));
        assert_eq!(response.body.collect().await.unwrap(), "0123456789");
    }
    let CacheOutcome::Revalidate(how) = said(&bench, FetchId(2))[0] else { panic!("it asks for the rest") };
    assert_eq!(how.reason, StaleReason::Partial);
    let ended = bench.events().iter().find_map(|event| match event.kind {
        NetEventKind::Ended { encoded_body_size, decoded_body_size } if event.fetch == FetchId(2) => {
            Some((encoded_body_size, decoded_body_size))
        }
        _ => None,
    });
    assert_eq!(ended, Some((6, 10)), "six bytes came over the wire");
    // A part of what is whole now.
    let mut part = image(4, url);
    part.headers.insert(header::RANGE, "bytes=-3".parse().unwrap());
    let response = bench.fetch(part).await.unwrap();
    assert_eq!((response.status.as_u16(), response.source), (206, Source::Memory));
    assert_eq!(response.body.collect().await.unwrap(), "789");
}

#[tokio::test]
async fn a_304_about_another_response_is_no_answer() {
    let bench = Bench::new(|request| match request.headers.contains_key(header::IF_NONE_MATCH) {
        true => Ok(Scripted { status: 304, headers: &[("etag", "\"2\"")], pieces: Vec::new() }),
        false => reply(&[("etag", "\"1\"")], "x"),
    });
    for id in [1, 2] {
        let response = bench.fetch(image(id, "https://page.test/a")).await.unwrap();
        assert_eq!(response.body.collect().await.unwrap(), "x");
    }
    assert_eq!(said(&bench, FetchId(2))[1], CacheOutcome::Miss(MissReason::OtherValidated));
    assert_eq!(bench.transport.seen().len(), 3);
}

#[tokio::test]
async fn redirects_sites_and_heads() {
    let bench = Bench::new(|request| match request.url.path() {
        "/moved" => Ok(Scripted { status: 301, headers: &[("location", "/a")], pieces: Vec::new() }),
        _ => reply(FRESH, "x"),
    });
    let get = async |request: Request| {
        let response = bench.fetch(request).await.unwrap();
        let (source, url) = (response.source, response.url().path().to_owned());
        (source, url, response.body.collect().await.unwrap().len())
    };
    // A permanent redirect is not asked for twice.
    assert_eq!(get(image(1, "https://page.test/moved")).await, (Source::Network, "/a".to_owned(), 1));
    assert_eq!(get(image(2, "https://page.test/moved")).await, (Source::Memory, "/a".to_owned(), 1));
    assert_eq!(bench.transport.seen().len(), 2);
    // What one site's page has loaded is not there for another's.
    let other = Url::parse("https://other.test/").unwrap();
    let initiator = Initiator { kind: InitiatorKind::Parser, url: Some(other), fetch: None };
    let url = Url::parse("https://page.test/a").unwrap();
    let elsewhere = Request::subresource(FetchId(3), url, Destination::Image, initiator);
    assert_eq!(get(elsewhere).await.0, Source::Network);
    // A HEAD is answered by what a GET has brought, without its body.
    let head = Request { method: Method::HEAD, ..image(4, "https://page.test/a") };
    assert_eq!(get(head).await, (Source::Memory, "/a".to_owned(), 0));
    // What a POST may have changed is forgotten.
    let post = Request { method: Method::POST, ..image(5, "https://page.test/a") };
    get(post).await;
    assert_eq!(get(image(6, "https://page.test/a")).await.0, Source::Network);
    let headers = HeaderMap::from_iter([(header::CACHE_CONTROL, "only-if-cached".parse().unwrap())]);
    let only = Request { headers, ..image(7, "https://page.test/absent") };
    assert_eq!(bench.fetch(only).await.unwrap().status.as_u16(), 504);
}
