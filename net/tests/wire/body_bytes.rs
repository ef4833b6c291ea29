//! Bodies: framing, content codings, limits.

use std::io::Write;
use std::sync::Arc;

use siskin_net::{Client, ClientConfig, ErrorKind, Fetch, NetEventKind, Phase};

use crate::server::{Act, Server, ok, raw, reply};
use crate::story::Log;
use crate::{client, config, get, image};

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(data).unwrap();
    out.finish().unwrap()
}

#[tokio::test]
async fn framings() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/length" => ok("hello"),
        "/chunked" => vec![
            raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"),
            raw("6;x=y\r\n, wor\r\r\n2\r\nld\r\n0\r\ntrailer: x\r\n\r\n"),
        ],
        "/close" => vec![raw("HTTP/1.1 200 OK\r\n\r\nuntil the end"), Act::Close],
        "/1.0" => vec![raw("HTTP/1.0 200 OK\r\n\r\nold"), Act::Close],
        "/204" => vec![raw("HTTP/1.1 204 No Content\r\n\r\n")],
        "/folded" => vec![raw(
            "HTTP/1.1 200 OK\r\nx-a : 1\r\nx-b: one\r\n two\r\nbad header\r\ncontent-length: 1\r\n\r\n!",
        )],
        _ => reply("404 Not Found", &[], "gone"),
    })
    .await;
    let client = client();
    for (path, status, body) in [
        ("/length", 200, "hello"),
        ("/chunked", 200, "hello, wor\rld"),
        ("/close", 200, "until the end"),
        ("/1.0", 200, "old"),
        ("/204", 204, ""),
        ("/folded", 200, "!"),
        ("/none", 404, "gone"),
    ] {
        let fetched = get(&client, &server.url(path)).await.map_err(|e| e.0).unwrap();
        assert_eq!(
            (fetched.status, String::from_utf8(fetched.body).unwrap()),
            (status, body.to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn responses_without_a_body_are_over_at_once() {
    let server = Server::start(|seen| match seen.head.starts_with("HEAD") {
        true => vec![raw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-encoding: gzip\r\n\r\n")],
        false => vec![raw("HTTP/1.1 204 No Content\r\n\r\n")],
    })
    .await;
    let client = client();
    for method in [http::Method::GET, http::Method::HEAD] {
        let log = Arc::new(Log::default());
        let mut request = image(&server.url("/"));
        request.method = method;
        drop(client.fetch(request, log.clone()).await.unwrap());
        log.check();
        assert!(log.names().ends_with("ResponseStart Ended"), "{}", log.names());
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn bodies_that_end_early() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/length" => vec![raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"), Act::Close],
        "/chunked" => vec![raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel"), Act::Close],
        "/bad-chunk" => vec![raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"), Act::Close],
        _ => vec![
            raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"),
            Act::Pause(std::time::Duration::from_millis(30)),
            Act::Reset,
        ],
    })
    .await;
    for (path, message) in [
        ("/length", "the body ended early"),
        ("/chunked", "the body ended early"),
        ("/bad-chunk", ""),
        ("/reset", "connection reset by the server"),
    ] {
        let (error, log) = get(&client(), &server.url(path)).await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Protocol, Phase::Receive), "{path}: {error}");
        assert!(error.message.contains(message), "{path}: {error}");
        assert!(log.names().contains("ResponseStart"), "{path}");
    }
}

#[tokio::test]
async fn codings_are_undone_and_both_sizes_told() {
    let text = "the same words again and again. ".repeat(4000);
    let (body, plain) = (gzip(text.as_bytes()), text.clone());
    let size = body.len() as u64;
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/gzip" => reply("200 OK", &["content-encoding: gzip", "content-type: text/plain"], &body),
        "/broken" => reply("200 OK", &["content-encoding: gzip"], &body[..body.len() / 2]),
        "/lie" => reply("200 OK", &["content-encoding: br"], "<!doctype html>"),
        _ => reply("200 OK", &["content-encoding: aes128gcm"], "as it is"),
    })
    .await;
    let fetched = get(&client(), &server.url("/gzip")).await.map_err(|e| e.0).unwrap();
    assert_eq!(fetched.body, plain.as_bytes());
    assert_eq!(fetched.response_headers["content-encoding"], "gzip", "headers are as received");
    let events = fetched.log.events();
    let NetEventKind::Ended { encoded_body_size, decoded_body_size } = events[events.len() - 1].kind else {
        panic!("{}", fetched.log.names())
    };
    assert_eq!((encoded_body_size, decoded_body_size), (size, plain.len() as u64));
    for path in ["/broken", "/lie"] {
        let (error, _) = get(&client(), &server.url(path)).await.err().unwrap();
        assert_eq!((error.kind, error.phase), (ErrorKind::Decode, Phase::Decode), "{path}: {error}");
    }
    assert_eq!(get(&client(), &server.url("/unknown")).await.map_err(|e| e.0).unwrap().body, b"as it is");
}

#[tokio::test]
async fn too_large_bodies_and_heads() {
    let bomb = gzip(&vec![0; 1 << 20]);
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/bomb" => reply("200 OK", &["content-encoding: gzip"], &bomb),
        "/plain" => ok(vec![b'x'; 20_000]),
        "/head" => reply("200 OK", &[&format!("x-long: {}", "y".repeat(300_000))], ""),
        _ => {
            let many: Vec<String> = (0..300).map(|i| format!("x-{i}: {i}")).collect();
            reply("200 OK", &many.iter().map(String::as_str).collect::<Vec<_>>(), "fine")
        }
    })
    .await;
    let client = Client::new(ClientConfig { max_body_bytes: 10_000, ..config() }).unwrap();
    for path in ["/bomb", "/plain", "/head"] {
        let (error, _) = get(&client, &server.url(path)).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::TooLarge, "{path}: {error}");
    }
    let fetched = get(&client, &server.url("/many-headers")).await.map_err(|e| e.0).unwrap();
    assert_eq!(fetched.response_headers["x-299"], "299");
}

/// Whatever bytes come: no panic, no hang, one ending.
#[tokio::test]
async fn broken_bytes_of_every_kind() {
    let text = gzip(&b"words ".repeat(50));
    let mut whole =
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    whole.extend_from_slice(format!("{:x}\r\n", text.len()).as_bytes());
    whole.extend_from_slice(&text);
    whole.extend_from_slice(b"\r\n0\r\n\r\n");
    let server = Server::start(move |seen| {
        // A small generator, so that each number is the same fault for ever.
        let mut state = seen.path[1..].parse::<u64>().unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap() % below
        };
        let mut bytes = whole.clone();
        for _ in 0..=next(3) {
            let at = next(bytes.len());
            match next(4) {
                0 => bytes[at] = u8::try_from(next(256)).unwrap(),
                1 => bytes.truncate(at.max(1)),
                2 => drop(bytes.remove(at)),
                _ => bytes.insert(at, u8::try_from(next(256)).unwrap()),
            }
        }
        vec![raw(bytes), Act::Close]
    })
    .await;
    let client = client();
    let mut whole = 0;
    for number in 0..400 {
        whole += u32::from(get(&client, &server.url(&format!("/{number}"))).await.is_ok());
    }
    assert!((1..400).contains(&whole), "some faults do no harm, most do: {whole}");
}
