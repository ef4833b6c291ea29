//! The scripted server does on the wire what its script says.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use siskin_test_pages::server::{Ending, Reply, Script, Server};

/// Sends raw bytes and reads until the server closes or resets.
fn exchange(server: &Server, request: &str) -> (String, Option<std::io::ErrorKind>) {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout above zero is valid");
    stream.write_all(request.as_bytes()).expect("the server reads");
    let mut reply = Vec::new();
    let error = stream.read_to_end(&mut reply).err().map(|e| e.kind());
    (String::from_utf8_lossy(&reply).into_owned(), error)
}

#[test]
fn two_requests_over_one_connection_are_counted_as_such() {
    let server = Server::start(Script::new().on("/", Reply::ok("text/plain", "hello"))).unwrap();
    let (reply, error) = exchange(
        &server,
        "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /no HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(error, None);
    assert!(
        reply.starts_with(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 404"
        ),
        "{reply}"
    );
    let seen = server.seen();
    assert_eq!(
        seen.iter().map(|s| (s.connection, s.target.as_str())).collect::<Vec<_>>(),
        [(1, "/"), (1, "/no")]
    );
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_reset_is_a_reset_and_a_short_body_is_short() {
    let server = Server::start(
        Script::new()
            .on("/reset", Reply::ok("text/plain", "0123456789").ending(Ending::ResetAfter(4)))
            .on("/short", Reply::ok("text/plain", "0123456789").ending(Ending::CloseAfter(4))),
    )
    .unwrap();
    let (reply, error) = exchange(&server, "GET /short HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(reply.ends_with("\r\n\r\n0123") && error.is_none(), "{reply} {error:?}");
    let (_, error) = exchange(&server, "GET /reset HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(error, Some(std::io::ErrorKind::ConnectionReset));
}

#[test]
fn pieces_go_out_in_chunked_coding() {
    let reply = Reply::status(200)
        .chunk(Duration::ZERO, "ab")
        .chunk(Duration::from_millis(1), "cde")
        .ending(Ending::Close);
    let server = Server::start(Script::new().on("/", reply)).unwrap();
    let (reply, _) = exchange(&server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(reply.ends_with("\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"), "{reply}");
}
