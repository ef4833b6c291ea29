//! The real program with a name server and a proxy on loopback: what `siskin trace` tells of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::process::{Command, Stdio};

use siskin_test_pages::server::{Reply, Script, Server};

/// A name server that knows `*.test` to be 127.0.0.1, and nothing else. It ends with the test's process.
fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((size, from)) = socket.recv_from(&mut buffer) {
            let name = 12 + buffer[12..size].iter().position(|byte| *byte == 0).unwrap();
            let known = buffer[..name].ends_with(b"\x04test");
            let has_address = known && buffer[name + 2] == 1;
            let mut answer = buffer[..name + 5].to_vec();
            let code = if known { 0x80 } else { 0x83 };
            answer[2..12].copy_from_slice(&[0x81, code, 0, 1, 0, u8::from(has_address), 0, 0, 0, 0]);
            if has_address {
                answer.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0x2c, 0, 4, 127, 0, 0, 1]);
            }
            socket.send_to(&answer, from).unwrap();
        }
    });
    address
}

/// Exit code, stdout and stderr, with this environment in place of the proxies of the machine.
fn siskin(args: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siskin"));
    for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
    {
        command.env_remove(name);
    }
    let output = command.args(args).envs(environment.iter().copied()).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_lookup_is_told_step_by_step() {
    let server = Server::start(Script::new().on("/", Reply::ok("text/html", "<!doctype html><p>x"))).unwrap();
    let dns = name_server().to_string();
    let url = format!("http://www.test:{}/", server.port());
    let (code, told, complaints) = siskin(&["trace", "--dns", &dns, &url], &[]);
    assert_eq!(code, Some(0), "{complaints}");
    for line in [
        "dns: asking for www.test".to_owned(),
        format!("dns: asks {dns} over UDP for A of www.test"),
        format!("dns: asks {dns} over UDP for AAAA of www.test"),
        format!("dns: {dns} has A of www.test: 127.0.0.1 ("),
        format!("dns: {dns} has no AAAA of www.test"),
        format!("dns: 127.0.0.1 (from {dns} over UDP in "),
    ] {
        assert!(told.contains(&line), "{line}\n{told}");
    }
    let (code, _, complaints) = siskin(&["trace", "--dns", &dns, "http://www.example/"], &[]);
    assert_eq!(
        (code, complaints.as_str()),
        (Some(6), "siskin: dns: no address for host www.example (http://www.example/)\n")
    );
}

#[test]
fn the_environments_proxy_is_taken_and_blamed() {
    let proxy = Server::start(Script::new().on("http://far.test/", Reply::ok("text/html", "x"))).unwrap();
    let through = format!("http://127.0.0.1:{}", proxy.port());
    let (_, told, _) = siskin(&["trace", "http://far.test/"], &[("http_proxy", &through)]);
    assert!(told.contains(&format!("proxy: goes through {through}")), "{told}");
    assert_eq!(proxy.seen()[0].target, "http://far.test/");
    // Nobody listens there.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = format!("http://{free}");
    let (code, _, complaints) = siskin(&["trace", "http://far.test/"], &[("ALL_PROXY", &proxy)]);
    let line = format!("siskin: connect: proxy {proxy}: connection refused (http://far.test/)\n");
    assert_eq!((code, complaints), (Some(7), line));
    // In upper case a web server gives it to its programs from the request: it does not count.
    let dns = name_server().to_string();
    let (code, _, complaints) =
        siskin(&["trace", "--dns", &dns, "http://www.example/"], &[("HTTP_PROXY", &proxy)]);
    assert_eq!(code, Some(6), "{complaints}");
}
