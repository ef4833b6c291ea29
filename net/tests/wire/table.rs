//! HTTP/1 in bytes: what servers say, what becomes of it here, and what becomes of it in Chromium.
//!
//! A row's `ours` is `STATUS BODY, kept` or `STATUS BODY, closed` (whether the connection carries the next
//! request), or `PHASE: message`. `chromium` is [`SAME`] where Chromium does the same, else what it does; a
//! `reqwest:` before it means that the HTTP library decides it, and shows no way to decide it otherwise.
//! Chromium's side is read from its sources: `net/http/http_stream_parser.cc`, `http_response_headers.cc`,
//! `http_chunked_decoder.cc`, `http_util.cc`.

use std::time::Duration;

use siskin_net::Phase;

use crate::server::{Act, Server, ok, raw};
use crate::{client, get, image, run};

const SAME: &str = "the same";

struct Row {
    what: &'static str,
    says: Vec<Act>,
    ours: &'static str,
    chromium: &'static str,
}

/// A server that says these bytes and then waits.
fn row(what: &'static str, bytes: impl AsRef<[u8]>, ours: &'static str, chromium: &'static str) -> Row {
    Row { what, says: vec![raw(bytes)], ours, chromium }
}

/// A server that says these bytes and then closes the connection.
fn end(what: &'static str, bytes: impl AsRef<[u8]>, ours: &'static str, chromium: &'static str) -> Row {
    Row { what, says: vec![raw(bytes), Act::Close], ours, chromium }
}

/// A server that says these bytes, lets them be read, and resets the connection.
fn reset(what: &'static str, bytes: impl AsRef<[u8]>, ours: &'static str, chromium: &'static str) -> Row {
    let says = vec![raw(bytes), Act::Pause(Duration::from_millis(20)), Act::Reset];
    Row { what, says, ours, chromium }
}

/// What becomes of a request that is answered so.
async fn outcome(says: &[Act], method: http::Method) -> String {
    let acts = says.to_vec();
    let server =
        Server::start(move |seen| if seen.path == "/next" { ok("next") } else { acts.clone() }).await;
    let client = client();
    let mut request = image(&server.url("/"));
    request.method = method;
    let result = match run(&client, request).await {
        Ok(fetched) => {
            // What the server says unasked has arrived by then.
            tokio::time::sleep(Duration::from_millis(5)).await;
            let next = get(&client, &server.url("/next")).await.map_err(|error| error.0).unwrap();
            assert_eq!(next.body, b"next", "what is left over is nobody's answer");
            let kept = if server.connections() == 1 { "kept" } else { "closed" };
            let body = String::from_utf8_lossy(&fetched.body).into_owned();
            let body = if body.len() > 40 { format!("{} bytes", body.len()) } else { body };
            format!("{} {body}, {kept}", fetched.status)
        }
        Err((error, _)) => {
            assert!(matches!(error.phase, Phase::Wait | Phase::Receive), "{error}");
            format!("{}: {}", error.phase, error.message)
        }
    };
    assert_eq!(
        server.seen().iter().filter(|seen| seen.path == "/").count(),
        1,
        "a new connection is not tried again"
    );
    result
}

async fn check(rows: Vec<Row>) {
    check_with(rows, http::Method::GET).await;
}

async fn check_with(rows: Vec<Row>, method: http::Method) {
    let mut wrong = Vec::new();
    for Row { what, says, ours, chromium } in rows {
        let is = outcome(&says, method.clone()).await;
        if is != ours {
            wrong.push(format!("{what}\n    is:     {is}\n    should: {ours}\n    Chromium: {chromium}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

const NOT_HTTP: &str = "wait: not a valid HTTP response: invalid HTTP version parsed";
const EARLY: &str = "wait: the connection was closed before a response";
const CUT: &str = "receive: the body ended early";

#[tokio::test]
async fn status_lines() {
    let with = |line: &str| format!("{line}\r\ncontent-length: 2\r\n\r\nok");
    check(vec![
        row("plain", with("HTTP/1.1 200 OK"), "200 ok, kept", SAME),
        row("no reason", with("HTTP/1.1 200 "), "200 ok, kept", SAME),
        row("nothing behind the status", with("HTTP/1.1 200"), "200 ok, kept", SAME),
        row("a long reason", with(&format!("HTTP/1.1 200 {}", "why ".repeat(1000))), "200 ok, kept", SAME),
        row(
            "a reason in Latin-1",
            [&b"HTTP/1.1 200 \xc4rger\r\n"[..], b"content-length: 2\r\n\r\nok"].concat(),
            "200 ok, kept",
            SAME,
        ),
        row("a status that has no name", with("HTTP/1.1 299 Hm"), "299 ok, kept", SAME),
        row("the largest status", with("HTTP/1.1 999 Hm"), "999 ok, kept", SAME),
        row("empty lines before", format!("\r\n\r\n{}", with("HTTP/1.1 200 OK")), "200 ok, kept", SAME),
        row("line feeds alone", "HTTP/1.1 200 OK\ncontent-length: 2\n\nok", "200 ok, kept", SAME),
        row(
            "two spaces",
            with("HTTP/1.1  200 OK"),
            "wait: not a valid HTTP response: invalid HTTP status-code parsed",
            "reqwest: 200",
        ),
        row("lower case", with("http/1.1 200 OK"), NOT_HTTP, "reqwest: 200"),
        row(
            "junk of up to four bytes before",
            format!("junk{}", with("HTTP/1.1 200 OK")),
            NOT_HTTP,
            "reqwest: 200",
        ),
        row("HTTP/1.2", with("HTTP/1.2 200 OK"), NOT_HTTP, "reqwest: 200, as HTTP/1.1"),
        row("HTTP/2.0 in letters", with("HTTP/2.0 200 OK"), NOT_HTTP, "reqwest: 200, as HTTP/1.1"),
        row("HTTP/3", with("HTTP/3 200 OK"), NOT_HTTP, "reqwest: 200, as HTTP/1.0"),
        end("HTTP/0.9", "hello, world\n", NOT_HTTP, "the same but on port 80, where it is a page"),
        end("another protocol", "SSH-2.0-OpenSSH_9\r\n", NOT_HTTP, SAME),
        row(
            "two digits",
            with("HTTP/1.1 20 OK"),
            "wait: not a valid HTTP response: invalid HTTP status-code parsed",
            "reqwest: status 20",
        ),
        row(
            "four digits",
            with("HTTP/1.1 2000 OK"),
            "wait: not a valid HTTP response: invalid HTTP status-code parsed",
            "reqwest: status 2000",
        ),
        row(
            "no status",
            with("HTTP/1.1 OK"),
            "wait: not a valid HTTP response: invalid HTTP status-code parsed",
            "reqwest: 200",
        ),
        end("no status line", "content-length: 2\r\n\r\nok", NOT_HTTP, SAME),
    ])
    .await;
}

#[tokio::test]
async fn interim_responses() {
    let last = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    check(vec![
        row("100", format!("HTTP/1.1 100 Continue\r\n\r\n{last}"), "200 ok, kept", SAME),
        row("102", format!("HTTP/1.1 102 Processing\r\n\r\n{last}"), "200 ok, kept", SAME),
        row(
            "103, of which nothing is heard",
            format!("HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n{last}"),
            "200 ok, kept",
            "the same: it uses 103 over HTTP/2 and 3 only",
        ),
        row("one that nobody knows", format!("HTTP/1.1 199 Hm\r\nx: y\r\n\r\n{last}"), "200 ok, kept", SAME),
        row("many", format!("{}{last}", "HTTP/1.1 100 Continue\r\n\r\n".repeat(50)), "200 ok, kept", SAME),
        end("and nothing else", "HTTP/1.1 100 Continue\r\n\r\n", EARLY, SAME),
    ])
    .await;
}

#[tokio::test]
async fn header_lines() {
    let with = |lines: &str| format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n{lines}\r\n\r\nok");
    let many = |count: usize| (0..count).map(|i| format!("x-{i}: {i}")).collect::<Vec<_>>().join("\r\n");
    check(vec![
        end("none at all", "HTTP/1.1 200 OK\r\n\r\nok", "200 ok, closed", SAME),
        row("folded", with("x-a: one\r\n two\r\n\tthree"), "200 ok, kept", SAME),
        row("a space before the colon", with("x-a : one"), "200 ok, kept", SAME),
        row("no space behind it", with("x-a:one"), "200 ok, kept", SAME),
        row("no colon", with("nonsense"), "200 ok, kept", SAME),
        row("no name", with(": value"), "200 ok, kept", SAME),
        row("a name with a space in it", with("x a: one"), "200 ok, kept", SAME),
        row("a name with a control character", with("x\u{1}a: one"), "200 ok, kept", SAME),
        row("a name that is not ASCII", with("x-ä: one"), "200 ok, kept", SAME),
        row("a value that is not ASCII", with("x-a: ä"), "200 ok, kept", SAME),
        row(
            "a value with NUL",
            with("x-a: o\0ne"),
            "wait: not a valid HTTP response: invalid HTTP header parsed",
            SAME,
        ),
        row("a value with a control character", with("x-a: o\u{1}ne"), "200 ok, kept", SAME),
        row("an empty value", with("x-a:"), "200 ok, kept", SAME),
        row("4000 lines", with(&many(4000)), "200 ok, kept", SAME),
        row("a line of 200 kB", with(&format!("x-a: {}", "y".repeat(200_000))), "200 ok, kept", SAME),
        row(
            "250 kB in all",
            with(&(0..100).map(|i| format!("x-{i}: {}", "y".repeat(2500))).collect::<Vec<_>>().join("\r\n")),
            "200 ok, kept",
            SAME,
        ),
        row(
            "a line of 300 kB",
            with(&format!("x-a: {}", "y".repeat(300_000))),
            "wait: the response's head has 300026 bytes, the limit is 262144",
            SAME,
        ),
        row(
            "10 000 lines",
            with(&many(10_000)),
            "wait: the response's head is too large",
            "reqwest: 200, it counts bytes only",
        ),
        end(
            "the end in a line",
            "HTTP/1.1 200 OK\r\ncontent-le",
            EARLY,
            "the head ends there (HTTP/1.1 over TLS: refused)",
        ),
    ])
    .await;
}

#[tokio::test]
async fn lengths() {
    let with = |lines: &str, body: &str| format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n{body}");
    check(vec![
        row("right", with("content-length: 5", "hello"), "200 hello, kept", SAME),
        end("too long", with("content-length: 9", "hello"), CUT, SAME),
        row("too short", with("content-length: 2", "hello"), "200 he, closed", SAME),
        row("none left", with("content-length: 0", ""), "200 , kept", SAME),
        row("nothing announced, something said", with("content-length: 0", "hello"), "200 , closed", SAME),
        end("without", with("x-a: b", "hello"), "200 hello, closed", SAME),
        row(
            "twice the same",
            with("content-length: 5\r\ncontent-length: 5", "hello"),
            "200 hello, kept",
            SAME,
        ),
        row("twice the same in a line", with("content-length: 5, 5", "hello"), "200 hello, kept", SAME),
        row(
            "twice, different",
            with("content-length: 5\r\ncontent-length: 4", "hello"),
            "wait: not a valid HTTP response: invalid content-length parsed",
            SAME,
        ),
        row("with zeros before", with("content-length: 0005", "hello"), "200 hello, kept", SAME),
        end(
            "negative",
            with("content-length: -5", "hello"),
            "wait: not a valid HTTP response: invalid content-length parsed",
            "reqwest: 200, until the end",
        ),
        end(
            "with a plus",
            with("content-length: +5", "hello"),
            "wait: not a valid HTTP response: invalid content-length parsed",
            "reqwest: 200, until the end",
        ),
        end(
            "a word",
            with("content-length: five", "hello"),
            "wait: not a valid HTTP response: invalid content-length parsed",
            "reqwest: 200, until the end",
        ),
        end(
            "empty",
            with("content-length:", "hello"),
            "wait: not a valid HTTP response: invalid content-length parsed",
            "reqwest: 200, until the end",
        ),
        end(
            "more than there can be",
            with("content-length: 99999999999999999999", "hello"),
            "wait: not a valid HTTP response: invalid content-length parsed",
            "reqwest: 200, until the end",
        ),
        end("immense", with("content-length: 9223372036854775807", "hello"), CUT, SAME),
        row(
            "and chunked, which counts",
            with("content-length: 3\r\ntransfer-encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"),
            "200 hello, kept",
            SAME,
        ),
        end(
            "and a coding that is not chunked",
            with("content-length: 5\r\ntransfer-encoding: identity", "hello"),
            "200 hello, closed",
            "reqwest: the length counts, kept",
        ),
        end(
            "HTTP/1.0 and chunked",
            "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\nhello",
            "wait: not a valid HTTP response: unexpected transfer-encoding parsed",
            "reqwest: 200, it does not look at the coding",
        ),
        row("204 has none", "HTTP/1.1 204 No Content\r\n\r\n", "204 , kept", SAME),
        row(
            "204 and a body all the same",
            "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello",
            "204 , closed",
            SAME,
        ),
        row(
            "304 with the length of what is stored",
            "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n",
            "304 , kept",
            SAME,
        ),
    ])
    .await;
    check_with(
        vec![
            row("HEAD with a length", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", "200 , kept", SAME),
            row(
                "HEAD and chunked",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                "200 , kept",
                SAME,
            ),
            row("HEAD without", "HTTP/1.1 200 OK\r\n\r\n", "200 , kept", SAME),
            row(
                "HEAD with a body all the same",
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
                "200 , closed",
                SAME,
            ),
        ],
        http::Method::HEAD,
    )
    .await;
}

#[tokio::test]
async fn chunks() {
    let with = |body: &str| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{body}");
    check(vec![
        row("two", with("5\r\nhello\r\n2\r\n, \r\n0\r\n\r\n"), "200 hello, , kept", SAME),
        row("none", with("0\r\n\r\n"), "200 , kept", SAME),
        row("extensions", with("5;a;b=c;d=\"e;f\"\r\nhello\r\n0;x\r\n\r\n"), "200 hello, kept", SAME),
        row("trailers", with("5\r\nhello\r\n0\r\nx-a: b\r\nx-c: d\r\n\r\n"), "200 hello, kept", SAME),
        row("upper case", with("A\r\n0123456789\r\n0\r\n\r\n"), "200 0123456789, kept", SAME),
        row("zeros before", with("0005\r\nhello\r\n0000\r\n\r\n"), "200 hello, kept", SAME),
        row("a space behind the size", with("5 \r\nhello\r\n0\r\n\r\n"), "200 hello, kept", SAME),
        row(
            "in capitals",
            with("5\r\nhello\r\n0\r\n\r\n").replace("chunked", "Chunked"),
            "200 hello, kept",
            SAME,
        ),
        row(
            "behind another coding",
            with("5\r\nhello\r\n0\r\n\r\n").replace("chunked", "gzip, chunked"),
            "200 hello, kept",
            SAME,
        ),
        row(
            "line feeds alone",
            with("5\nhello\n0\n\n"),
            "receive: Invalid chunk size line: Invalid Size",
            "reqwest: 200 hello",
        ),
        row(
            "a sign",
            with("-5\r\nhello\r\n0\r\n\r\n"),
            "receive: Invalid chunk size line: missing size digit",
            SAME,
        ),
        row(
            "in C's way",
            with("0x5\r\nhello\r\n0\r\n\r\n"),
            "receive: Invalid chunk size line: Invalid Size",
            SAME,
        ),
        row(
            "not a number",
            with("zz\r\nhello\r\n0\r\n\r\n"),
            "receive: Invalid chunk size line: missing size digit",
            SAME,
        ),
        row(
            "empty size",
            with("\r\nhello\r\n0\r\n\r\n"),
            "receive: Invalid chunk size line: missing size digit",
            SAME,
        ),
        row(
            "a size of 17 digits",
            with("11111111111111111\r\nhello"),
            "receive: invalid chunk size: overflow",
            SAME,
        ),
        end(
            "a size of 16 digits",
            with("FFFFFFFFFFFFFFFF\r\nhello"),
            CUT,
            "refused before: sizes have 63 bits",
        ),
        row("more than the size", with("3\r\nhello\r\n0\r\n\r\n"), "receive: Invalid chunk body CR", SAME),
        end("the end in a size", with("5"), CUT, SAME),
        end("the end in a chunk", with("5\r\nhel"), CUT, SAME),
        end("the end behind a chunk", with("5\r\nhello\r\n"), CUT, SAME),
        end(
            "the end in the last line",
            with("5\r\nhello\r\n0\r\n"),
            CUT,
            "200 hello: the last chunk was there",
        ),
        row(
            "extensions without end",
            with(&format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(20_000))),
            "receive: chunk extensions over limit",
            "the same, from 16 kB in a line on",
        ),
        row(
            "trailers without end",
            with(&format!("0\r\n{}\r\n", "x-a: b\r\n".repeat(5000))),
            "receive: chunk trailers bytes over limit",
            "200",
        ),
    ])
    .await;
}

#[tokio::test]
async fn ends_and_resets() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let broken = "wait: connection reset by the server";
    let broken_body = "receive: connection reset by the server";
    check(vec![
        end("before the head", "", EARLY, SAME),
        end("in the status line", "HTTP/1.", EARLY, SAME),
        end("in the head", "HTTP/1.1 200 OK\r\nx-a: ", EARLY, "the head ends there (over TLS: refused)"),
        end("behind the head", head, CUT, SAME),
        end("in the body", format!("{head}hello"), CUT, SAME),
        reset("before the head", "", broken, SAME),
        reset("in the status line", "HTTP/1.", broken, SAME),
        reset("in the head", "HTTP/1.1 200 OK\r\nx-a: ", broken, SAME),
        reset("behind the head", head, broken_body, SAME),
        reset("in the body", format!("{head}hello"), broken_body, SAME),
        reset("in a chunk's size", format!("{chunked}5"), broken_body, SAME),
        reset("in a chunk", format!("{chunked}5\r\nhel"), broken_body, SAME),
        reset("behind a chunk", format!("{chunked}5\r\nhello\r\n"), broken_body, SAME),
        reset("in a body that ends with the connection", "HTTP/1.1 200 OK\r\n\r\nhello", broken_body, SAME),
        reset(
            "behind a whole response",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
            "200 ok, closed",
            SAME,
        ),
        end(
            "behind a whole response",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
            "200 ok, closed",
            SAME,
        ),
        row(
            "something unasked behind a whole response",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n",
            "200 ok, closed",
            SAME,
        ),
    ])
    .await;
}

#[tokio::test]
async fn persistence() {
    let with = |version: &str, lines: &str| {
        format!("HTTP/{version} 200 OK\r\ncontent-length: 2\r\n{lines}\r\n\r\nok")
    };
    check(vec![
        row("HTTP/1.1", with("1.1", "x-a: b"), "200 ok, kept", SAME),
        row("HTTP/1.1, close", with("1.1", "connection: close"), "200 ok, closed", SAME),
        row("HTTP/1.1, close in a list", with("1.1", "connection: x, Close"), "200 ok, closed", SAME),
        row("HTTP/1.1, both", with("1.1", "connection: keep-alive, close"), "200 ok, closed", SAME),
        row("HTTP/1.1, proxies' way", with("1.1", "proxy-connection: close"), "200 ok, kept", SAME),
        row("HTTP/1.0", with("1.0", "x-a: b"), "200 ok, closed", SAME),
        row("HTTP/1.0, kept", with("1.0", "connection: keep-alive"), "200 ok, kept", SAME),
        row("HTTP/1.0, kept, in capitals", with("1.0", "Connection: Keep-Alive"), "200 ok, kept", SAME),
    ])
    .await;
}
