//! The memory cache over the wire: fresh, stale and confirmed, varied, bypassed.

use std::sync::Arc;
use std::time::Duration;

use siskin_net::{
    CacheChoice, CacheMode, CacheOutcome, Client, ClientConfig, ErrorKind, NetEventKind, Request, Source,
    VirtualClock,
};

use crate::server::{Act, Server, ok, raw, reply};
use crate::story::Log;
use crate::{config, get, image, run};

/// The first thing that the cache said, by name.
fn outcome(log: &Log) -> &'static str {
    let outcome = |event: siskin_net::NetEvent| match event.kind {
        NetEventKind::Cache(outcome) => Some(outcome),
        _ => None,
    };
    match log.events().into_iter().find_map(outcome).expect("the cache is always told") {
        CacheOutcome::Miss(_) => "miss",
        CacheOutcome::Bypass(_) => "bypass",
        CacheOutcome::Hit(_) => "hit",
        CacheOutcome::Revalidate(_) => "revalidate",
        CacheOutcome::Joined(_) => "joined",
    }
}

fn clocked() -> (Client, Arc<VirtualClock>) {
    let clock = Arc::new(VirtualClock::default());
    (Client::new(ClientConfig { clock: clock.clone(), ..config() }).unwrap(), clock)
}

#[tokio::test]
async fn fresh_then_stale_then_confirmed() {
    let server = Server::start(|seen| match seen.header("if-none-match") {
        Some("\"v1\"") => {
            vec![raw("HTTP/1.1 304 Not Modified\r\netag: \"v1\"\r\ncache-control: max-age=60\r\n\r\n")]
        }
        _ => reply("200 OK", &["cache-control: max-age=60", "etag: \"v1\""], "content"),
    })
    .await;
    let (client, clock) = clocked();
    for (wait, expected, source, requests) in [
        (0, "miss", Source::Network, 1),
        (59, "hit", Source::Memory, 1),
        (1, "revalidate", Source::Revalidated, 2),
        (59, "hit", Source::Memory, 2),
    ] {
        clock.advance(Duration::from_secs(wait));
        let fetched = get(&client, &server.url("/x#f")).await.map_err(|e| e.0).unwrap();
        assert_eq!((outcome(&fetched.log), fetched.source), (expected, source));
        assert_eq!((fetched.status, fetched.body.as_slice()), (200, &b"content"[..]));
        assert_eq!(server.seen().len(), requests);
        if source == Source::Memory {
            assert_eq!(fetched.log.names(), "Requested Cache ResponseStart Data Ended");
            assert_eq!(fetched.response_headers["age"], "59");
        }
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn what_is_not_stored_or_not_used() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/no-store" => reply("200 OK", &["cache-control: no-store, max-age=60"], "x"),
        "/vary" => reply("200 OK", &["cache-control: max-age=60", "vary: x-a"], "x"),
        "/short" => {
            vec![
                raw("HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ncontent-length: 9\r\n\r\nx"),
                Act::Close,
            ]
        }
        "/broken" => reply("200 OK", &["cache-control: max-age=60", "content-encoding: gzip"], "x"),
        _ => reply("200 OK", &["cache-control: max-age=60"], "x"),
    })
    .await;
    let (client, _clock) = clocked();
    for path in ["/no-store", "/short", "/broken"] {
        for _ in 0..2 {
            if let Ok(fetched) = get(&client, &server.url(path)).await {
                assert_eq!(outcome(&fetched.log), "miss", "{path}");
            }
        }
    }
    assert_eq!(server.seen().len(), 6);
    for (value, expected) in [("1", "miss"), ("1", "hit"), ("2", "miss"), ("2", "hit")] {
        let mut request = image(&server.url("/vary"));
        request.headers.insert("x-a", value.parse().unwrap());
        let fetched = run(&client, request).await.map_err(|e| e.0).unwrap();
        assert_eq!(outcome(&fetched.log), expected);
    }
    let off = Client::new(ClientConfig { cache: CacheChoice::Off, ..config() }).unwrap();
    for _ in 0..2 {
        let fetched = get(&off, &server.url("/off")).await.map_err(|e| e.0).unwrap();
        assert_eq!((outcome(&fetched.log), fetched.source), ("bypass", Source::Network));
    }
}

#[tokio::test]
async fn cache_modes() {
    let server = Server::start(|seen| match (seen.path.as_str(), seen.header("if-none-match")) {
        (_, Some(_)) => vec![raw("HTTP/1.1 304 Not Modified\r\n\r\n")],
        ("/absent", _) => ok("x"),
        _ => reply("200 OK", &["cache-control: max-age=60", "etag: \"a\""], "x"),
    })
    .await;
    let (client, clock) = clocked();
    get(&client, &server.url("/")).await.map_err(|e| e.0).unwrap();
    for (mode, wait, expected) in [
        (CacheMode::Default, 0, "hit"),
        (CacheMode::NoCache, 0, "revalidate"),
        (CacheMode::NoStore, 0, "bypass"),
        (CacheMode::Reload, 0, "bypass"),
        (CacheMode::ForceCache, 100, "hit"),
        (CacheMode::OnlyIfCached, 0, "hit"),
        (CacheMode::Default, 0, "revalidate"),
    ] {
        clock.advance(Duration::from_secs(wait));
        let request = Request { cache_mode: mode, ..image(&server.url("/")) };
        let fetched = run(&client, request).await.map_err(|e| e.0).unwrap();
        assert_eq!(outcome(&fetched.log), expected, "{mode:?}");
    }
    let absent = Request { cache_mode: CacheMode::OnlyIfCached, ..image(&server.url("/absent")) };
    assert_eq!(run(&client, absent).await.err().unwrap().0.kind, ErrorKind::CacheMiss);
}

#[tokio::test]
async fn a_stale_response_stands_in_for_a_failing_origin() {
    let server = Server::start(|seen| match seen.connection {
        0 if seen.path == "/x" => {
            let mut acts = reply(
                "200 OK",
                &["cache-control: max-age=1, stale-if-error=60", "connection: close"],
                "content",
            );
            acts.push(Act::Close);
            acts
        }
        _ => reply("503 Service Unavailable", &[], "sorry"),
    })
    .await;
    let (client, clock) = clocked();
    get(&client, &server.url("/x")).await.map_err(|e| e.0).unwrap();
    clock.advance(Duration::from_secs(30));
    let fetched = get(&client, &server.url("/x")).await.map_err(|e| e.0).unwrap();
    assert_eq!((fetched.status, fetched.body.as_slice()), (200, &b"content"[..]));
    assert_eq!((fetched.source, &fetched.response_headers["age"]), (Source::Memory, &"30".parse().unwrap()));
    let story = fetched.log.names();
    assert!(story.ends_with("ResponseStart Cache ResponseStart Data Ended"), "{story}");
    // Too stale for that: the failure is the answer.
    clock.advance(Duration::from_secs(60));
    let fetched = get(&client, &server.url("/x")).await.map_err(|e| e.0).unwrap();
    assert_eq!(fetched.status, 503);
}

#[tokio::test]
async fn large_bodies_come_from_the_disk() {
    let body: Vec<u8> = (0..3_000_000_u32).map(|at| (at / 5 % 251) as u8).collect();
    let sent = body.clone();
    let server = Server::start(move |_| reply("200 OK", &["cache-control: max-age=60"], &sent)).await;
    let dir =
        std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("large-{}", std::process::id()));
    let cache = CacheChoice::disk(&dir);
    for source in [Source::Network, Source::Disk, Source::Disk] {
        let client = Client::new(ClientConfig { cache: cache.clone(), ..config() }).unwrap();
        for source in [source, Source::Disk] {
            let fetched = get(&client, &server.url("/x")).await.map_err(|e| e.0).unwrap();
            assert!(fetched.source == source && fetched.body == body, "{:?}", fetched.source);
        }
    }
    assert_eq!(server.seen().len(), 1);
    std::fs::remove_dir_all(dir).unwrap();
}
