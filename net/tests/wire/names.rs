//! Names and addresses from end to end: a name server on loopback, several addresses of which some do not answer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use siskin_net::{
    Client, ClientConfig, DnsFiles, DnsRecord, DnsSetup, DnsSource, DnsStepKind, ErrorKind, HostOverride,
    NetEventKind, Phase, ResolverChoice,
};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UdpSocket};

use crate::server::{Server, ok};
use crate::{config, get};

fn at(addresses: &[IpAddr]) -> Client {
    let given = HostOverride { host: "many.test".to_owned(), port: None, addresses: addresses.to_vec() };
    Client::new(ClientConfig { overrides: vec![given], ..config() }).unwrap()
}

/// What the story tells of tries: `try ADDRESS`, `not ADDRESS: why`.
fn tries(log: &crate::story::Log) -> Vec<String> {
    let tell = |kind: NetEventKind| match kind {
        NetEventKind::ConnectAttempt { remote, .. } => Some(format!("try {}", remote.ip())),
        NetEventKind::ConnectAttemptFailed { remote, message, .. } => {
            let message = message.split(':').next().unwrap_or_default();
            Some(format!("not {}: {message}", remote.ip()))
        }
        _ => None,
    };
    log.events().into_iter().filter_map(|event| tell(event.kind)).collect()
}

#[tokio::test]
async fn one_address_is_no_race() {
    let server = Server::start(|_| ok("x")).await;
    let client = at(&[Ipv4Addr::LOCALHOST.into()]);
    let fetched = get(&client, &server.url_on("many.test", "/")).await.map_err(|e| e.0).unwrap();
    assert_eq!(tries(&fetched.log), [""; 0]);
}

#[tokio::test]
async fn a_refusal_is_answered_by_the_next_address_at_once() {
    let server = Server::start(|_| ok("x")).await;
    // Nobody listens on the other loopback addresses.
    let client = at(&[Ipv6Addr::LOCALHOST.into(), [127, 0, 0, 2].into(), [127, 0, 0, 1].into()]);
    let fetched = get(&client, &server.url_on("many.test", "/")).await.map_err(|e| e.0).unwrap();
    assert_eq!(
        tries(&fetched.log),
        [
            "try ::1",
            "not ::1: connection refused",
            "try 127.0.0.2",
            "not 127.0.0.2: connection refused",
            "try 127.0.0.1"
        ]
    );
    assert_eq!(server.connections(), 1, "no connection but the one that is used");
    let others = ["/1", "/2"].map(|path| server.url_on("many.test", path));
    for fetched in futures_util::future::join_all(others.iter().map(|url| get(&client, url))).await {
        let tried = tries(&fetched.map_err(|e| e.0).unwrap().log);
        assert!(tried.is_empty() || tried == ["try 127.0.0.1"], "what was reached comes first: {tried:?}");
    }
    assert_eq!(fetched.log.names().matches("ConnectStart").count(), 1, "{}", fetched.log.names());
    assert_eq!(fetched.log.names().matches("DnsStart").count(), 1, "{}", fetched.log.names());
}

#[tokio::test]
async fn all_refuse() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let client = at(&[[127, 0, 0, 2].into(), [127, 0, 0, 1].into()]);
    let (error, log) = get(&client, &format!("http://many.test:{free}/")).await.err().unwrap();
    assert_eq!((error.kind, error.phase), (ErrorKind::Connect, Phase::Connect));
    assert_eq!(error.message, "connection refused (2 addresses tried)");
    assert_eq!(tries(&log).len(), 4);
    assert!(error.to_string().contains(&format!("(http://many.test:{free}/)")), "{error}");
}

/// A listener on 127.0.0.2 that takes no more connections: packets to it are not answered. `None` where the system
/// answers all the same.
async fn full(port: u16) -> Option<(TcpListener, Vec<TcpStream>)> {
    let address: SocketAddr = ([127, 0, 0, 2], port).into();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(address).unwrap();
    let listener = socket.listen(1).unwrap();
    let mut kept = Vec::new();
    for _ in 0..16 {
        match tokio::time::timeout(std::time::Duration::from_millis(100), TcpStream::connect(address)).await {
            Ok(Ok(stream)) => kept.push(stream),
            Ok(Err(_)) => return None,
            Err(_) => return Some((listener, kept)),
        }
    }
    None
}

#[tokio::test]
async fn a_silent_address_is_overtaken() {
    let server = Server::start(|_| ok("x")).await;
    let Some(_full) = full(server.port).await else {
        println!("skipped: this system answers for a full listener");
        return;
    };
    tokio::time::pause();
    let client = at(&[[127, 0, 0, 2].into(), [127, 0, 0, 1].into()]);
    let fetched = get(&client, &server.url_on("many.test", "/")).await.map_err(|e| e.0).unwrap();
    assert_eq!(
        tries(&fetched.log),
        ["try 127.0.0.2", "try 127.0.0.1", "not 127.0.0.2: 127.0.0.1"],
        "{}",
        fetched.log.names()
    );
    assert_eq!(server.seen().len(), 1, "the request went out once");
    assert_eq!(server.connections(), 2, "the try, and the connection");
}

/// A name server that knows everything to be on loopback, by way of an alias.
async fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 512];
        loop {
            let (size, from) = socket.recv_from(&mut buffer).await.unwrap();
            // The question ends four bytes after its name; what follows is EDNS.
            let name = 12 + buffer[12..size].iter().position(|byte| *byte == 0).unwrap();
            let is_a = buffer[name + 2] == 1;
            let mut answer = buffer[..name + 5].to_vec();
            answer[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, if is_a { 2 } else { 0 }, 0, 0, 0, 0]);
            if is_a {
                let alias = answer.len() + 12;
                answer.extend_from_slice(b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x06\x03cdn\xc0");
                answer.push(name as u8 - 5);
                answer.extend_from_slice(&[0xc0, alias as u8, 0, 1, 0, 1, 0, 0, 1, 0x2c, 0, 4, 127, 0, 0, 1]);
            }
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    address
}

#[tokio::test]
async fn by_a_name_server() {
    let (server, dns) = (Server::start(|_| ok("x")).await, name_server().await);
    let none = PathBuf::from("/nonexistent");
    let files = DnsFiles { resolv_conf: none.clone(), hosts: none.clone(), nsswitch: none };
    let resolver = ResolverChoice::Dns(DnsSetup { servers: vec![dns], files });
    let client = Client::new(ClientConfig { resolver, ..ClientConfig::default() }).unwrap();
    let fetched = get(&client, &server.url_on("www.test", "/")).await.map_err(|e| e.0).unwrap();
    let (mut steps, mut source, mut ttl) = (Vec::new(), None, None);
    for event in fetched.log.events() {
        match event.kind {
            NetEventKind::DnsStep(step) if step.record == DnsRecord::A => steps.push(step),
            NetEventKind::DnsEnd { source: told, ttl: holds, .. } => (source, ttl) = (Some(told), holds),
            _ => {}
        }
    }
    assert!(matches!(source, Some(DnsSource::Server(server)) if server.address == dns));
    assert_eq!(ttl.unwrap().as_secs(), 60);
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0].kind, DnsStepKind::Asked);
    let DnsStepKind::Answered { aliases, .. } = &steps[1].kind else { panic!("{steps:?}") };
    assert_eq!(aliases, &["cdn.test"]);
    // Again, from the cache, on the connection that is there; and another name.
    let again = get(&client, &server.url_on("www.test", "/again")).await.map_err(|e| e.0).unwrap();
    assert!(!again.log.names().contains("Dns"), "{}", again.log.names());
}
