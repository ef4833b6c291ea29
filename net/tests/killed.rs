//! The disk cache when its writer is killed at any moment: what is left is whole, or not there.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test says what it expects; the server is part of it")]

mod program;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use siskin_net::{
    CacheChoice, CacheMode, Client, ClientConfig, Destination, ErrorKind, Fetch, FetchId, Initiator,
    NullObserver, Request, Source,
};
use url::Url;

/// How often a writer is killed.
const ROUNDS: usize = 40;
/// Sizes of the bodies: those that are held in memory, and those that go to the disk while they come.
const SIZES: [usize; 8] = [0, 1, 5_000, 70_000, 300_000, 900_000, 1_100_000, 2_000_000];

/// The body of `/N`: the same each time, and no two alike.
fn body(n: usize) -> Vec<u8> {
    let size = SIZES[n % SIZES.len()];
    let block: Vec<u8> = (0..4093).map(|at| ((at / 7 * 31) ^ at ^ n) as u8).collect();
    let mut body = block.repeat(size / block.len() + 1);
    body.truncate(size);
    body
}

/// What the writers of a round fetch.
fn numbers(round: usize) -> std::ops::Range<usize> {
    round * 24..round * 24 + 24
}

/// Serves `/N` for ever fresh, and counts.
fn serve(listener: &TcpListener, count: &Arc<AtomicUsize>) {
    for stream in listener.incoming() {
        let count = count.clone();
        std::thread::spawn(move || {
            // The client is killed: whatever fails here is over.
            let _ = serve_connection(stream.unwrap(), &count);
        });
    }
}

fn serve_connection(stream: TcpStream, count: &AtomicUsize) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let (mut path, mut line) = (String::new(), String::new());
        while reader.read_line(&mut line)? > 2 {
            if path.is_empty() {
                path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            }
            line.clear();
        }
        let Ok(n) = path.trim_start_matches('/').parse::<usize>() else { return Ok(()) };
        count.fetch_add(1, Ordering::SeqCst);
        let body = body(n);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncache-control: max-age=1000000\r\nx-number: {n}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        writer.write_all(head.as_bytes())?;
        writer.write_all(&body)?;
    }
}

/// What the cache has for `/N`: `None` for a miss.
async fn cached(client: &Client, base: &str, n: usize) -> Option<(Source, Vec<u8>)> {
    let url = Url::parse(&format!("{base}/{n}")).unwrap();
    let initiator = Initiator { url: Some(url.join("/").unwrap()), ..Initiator::navigation() };
    let mut request = Request::subresource(FetchId(n as u64 + 1), url, Destination::Empty, initiator);
    request.cache_mode = CacheMode::OnlyIfCached;
    match client.fetch(request, Arc::new(NullObserver)).await {
        Ok(response) => {
            assert_eq!(response.headers["x-number"], n.to_string().as_str());
            Some((response.source, response.body.collect().await.unwrap().to_vec()))
        }
        Err(error) => {
            assert_eq!(error.kind, ErrorKind::CacheMiss, "{error}");
            None
        }
    }
}

#[test]
fn killed_writers_leave_whole_entries_or_none() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let count = Arc::new(AtomicUsize::new(0));
    let shared = count.clone();
    std::thread::spawn(move || serve(&listener, &shared));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("killed-{}", std::process::id()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();

    let (mut whole, mut killed_early) = (0, 0);
    for round in 0..ROUNDS {
        // Two writers share the folder; both are killed with SIGKILL, later each time.
        let served = count.load(Ordering::SeqCst);
        let mut writers = [0, 1].map(|_| {
            Command::new(program::fetchd())
                .arg("--cache")
                .arg(&folder)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        });
        for writer in &mut writers {
            let lines: String = numbers(round)
                .map(|n| json!({ "id": n, "url": format!("{base}/{n}") }).to_string() + "\n")
                .collect();
            writer.stdin.as_mut().unwrap().write_all(lines.as_bytes()).unwrap();
        }
        // From before the first byte to after the last one: counted in requests that were served, not in time.
        let begun = std::time::Instant::now();
        while count.load(Ordering::SeqCst) < served + round {
            assert!(begun.elapsed() < Duration::from_secs(20), "the writers ask for nothing");
            std::thread::sleep(Duration::from_micros(200));
        }
        for writer in &mut writers {
            writer.kill().unwrap();
            writer.wait().unwrap();
        }
        let client =
            Client::new(ClientConfig { cache: CacheChoice::disk(&folder), ..ClientConfig::default() })
                .unwrap();
        for n in numbers(round.saturating_sub(1)).start..numbers(round).end {
            match runtime.block_on(cached(&client, &base, n)) {
                None => killed_early += 1,
                Some((source, bytes)) => {
                    assert_eq!(source, Source::Disk);
                    assert!(bytes == body(n), "round {round}, body {n}: {} bytes", bytes.len());
                    whole += 1;
                }
            }
        }
        drop(client);
        let leftovers = std::fs::read_dir(&folder).map_or(0, |files| {
            files
                .filter(|file| {
                    file.as_ref().unwrap().file_name().to_string_lossy().starts_with("unfinished-")
                })
                .count()
        });
        assert_eq!(leftovers, 0, "the next one sweeps");
    }
    assert!(whole > 0 && killed_early > 0, "{whole} entries were whole, {killed_early} not there");
    std::fs::remove_dir_all(&folder).unwrap();
}
