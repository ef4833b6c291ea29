//! The client's resolver against name servers on loopback that answer well, badly, late and not at all. Where
//! something is waited for, tokio's clock stands still and jumps.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::own::{Choice, Own};
use super::scripted::{Asked, NameServer, Say};
use super::{Answer, Resolver};
use crate::clock::VirtualClock;
use crate::config::{DnsFiles, DnsSetup};
use crate::lookup::{DnsRecord, DnsSource, DnsStepKind, DnsTransport};

/// A resolver with these servers and files, its clock, and the steps of a lookup.
struct Bench {
    resolver: Resolver,
    clock: Arc<VirtualClock>,
}

impl Bench {
    fn new(servers: &[SocketAddr]) -> Self {
        let none = PathBuf::from("/nonexistent");
        Self::with_files(servers, DnsFiles { resolv_conf: none.clone(), hosts: none.clone(), nsswitch: none })
    }

    fn with_files(servers: &[SocketAddr], files: DnsFiles) -> Self {
        let clock = Arc::new(VirtualClock::default());
        let setup = DnsSetup { servers: servers.to_vec(), files };
        let own = Arc::new(Own::new(setup, Choice::Always, clock.clone()));
        Self { resolver: Resolver::over(own, clock.clone()), clock }
    }

    async fn ask(&self, host: &str) -> (Answer, String) {
        let mut steps = Vec::new();
        let answer = self.resolver.resolve(host, 80, |_, step| steps.push(step)).await;
        // The two questions' steps come in any order.
        let mut words: Vec<String> = steps
            .iter()
            .filter(|step| step.record == DnsRecord::A)
            .map(|step| {
                let kind = format!("{:?}", step.kind);
                let kind = kind.split([' ', '(', '{']).next().unwrap_or_default().to_owned();
                if step.transport == DnsTransport::Tcp { format!("{kind}/tcp") } else { kind }
            })
            .collect();
        words.dedup();
        (answer, words.join(" "))
    }

    async fn addresses(&self, host: &str) -> String {
        match self.ask(host).await.0 {
            Ok(found) => found.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(failure) => failure.message,
        }
    }
}

fn good(asked: &Asked) -> Vec<Say> {
    asked.addresses(60, &["192.0.2.1"])
}

/// An address that nobody listens on.
async fn nobody() -> SocketAddr {
    tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn both_families_from_a_server_then_from_the_cache() {
    let server = NameServer::start(|asked| asked.addresses(60, &["192.0.2.1", "2001:db8::1"])).await;
    let bench = Bench::new(&[server.address]);
    let (answer, steps) = bench.ask("A.test").await;
    let found = answer.unwrap();
    let mut addresses: Vec<String> = found.addresses.iter().map(ToString::to_string).collect();
    addresses.sort();
    assert_eq!(addresses, ["192.0.2.1", "2001:db8::1"]);
    assert_eq!(found.ttl, Duration::from_secs(60));
    let DnsSource::Server(told) = found.source else { panic!("{:?}", found.source) };
    assert_eq!((told.address, told.transport), (server.address, DnsTransport::Udp));
    assert_eq!(steps, "Asked Answered");
    let mut asked = server.asked();
    asked.sort();
    assert_eq!(asked, ["a.test A", "a.test AAAA"]);
    let ids = server.ids();
    assert_ne!(ids[0], ids[1], "each question has an id of its own");

    bench.clock.advance(Duration::from_secs(20));
    let (cached, steps) = bench.ask("A.test").await;
    let cached = cached.unwrap();
    assert_eq!((cached.source, cached.ttl), (DnsSource::Cache, Duration::from_secs(40)));
    assert_eq!((steps.as_str(), server.asked().len()), ("", 2));
    bench.clock.advance(Duration::from_secs(40));
    bench.ask("A.test").await.0.unwrap();
    assert_eq!(server.asked().len(), 4, "the answer was old");
}

#[tokio::test]
async fn ten_ask_at_once_and_one_question_goes_out() {
    let server = NameServer::start(good).await;
    let bench = Bench::new(&[server.address]);
    let all = futures_util::future::join_all((0..10).map(|_| bench.addresses("a.test"))).await;
    assert!(all.iter().all(|told| told == "192.0.2.1"), "{all:?}");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn what_does_not_fit_is_asked_over_tcp() {
    let server = NameServer::start(|asked| match asked.transport {
        DnsTransport::Udp => asked.answer().truncated().say(),
        DnsTransport::Tcp => {
            // 4,000 addresses, 64 kB: the length's limit.
            let mut answer = asked.answer();
            for i in 0..2000u32 {
                let address = Ipv4Addr::from_bits(Ipv4Addr::new(198, 18, 0, 0).to_bits() + i);
                answer = answer.address(&asked.name.clone(), 60, address.into());
            }
            answer.say()
        }
    })
    .await;
    let bench = Bench::new(&[server.address]);
    let (answer, steps) = bench.ask("a.test").await;
    let found = answer.unwrap();
    assert_eq!(found.addresses.len(), crate::limits::MAX_DNS_ADDRESSES);
    assert!(matches!(found.source, DnsSource::Server(told) if told.transport == DnsTransport::Tcp));
    assert_eq!(steps, "Asked Truncated Asked/tcp Answered/tcp");
}

#[tokio::test]
async fn a_server_without_extensions_is_asked_without_them() {
    for code in [1, 4] {
        let server = NameServer::start(move |asked| match asked.edns {
            true => asked.answer().code(code).say(),
            false => good(asked),
        })
        .await;
        let bench = Bench::new(&[server.address]);
        let (answer, steps) = bench.ask("a.test").await;
        answer.unwrap();
        assert_eq!(steps, "Asked WithoutExtensions Asked Answered");
        assert!(server.asked().contains(&"a.test A plain".to_owned()));
    }
}

#[tokio::test]
async fn what_is_no_answer_is_ignored() {
    let server = NameServer::start(|asked| {
        let wrong = |at: usize, change: u8| {
            let mut bytes = asked.answer().address("a.test", 60, [203, 0, 113, 66].into()).bytes();
            bytes[at] ^= change;
            Say::Bytes(bytes)
        };
        let forged = asked.answer().address("a.test", 60, [203, 0, 113, 66].into()).bytes();
        let mut all = vec![
            wrong(0, 1),
            wrong(2, 0x80),
            wrong(13, 1),
            Say::Bytes(vec![]),
            Say::Bytes(b"garbage".to_vec()),
            Say::Bytes(vec![0xff; 9000]),
            Say::FromElsewhere(forged),
        ];
        all.extend(good(asked));
        all
    })
    .await;
    let bench = Bench::new(&[server.address]);
    let mut ignored = Vec::new();
    let answer = bench.resolver.resolve("a.test", 80, |_, step| {
        if let (DnsRecord::A, DnsStepKind::Ignored(reason)) = (step.record, step.kind) {
            ignored.push(reason);
        }
    });
    assert_eq!(answer.await.unwrap().addresses, [std::net::IpAddr::from([192, 0, 2, 1])]);
    assert_eq!(
        ignored,
        [
            "its id is another question's",
            "it is no answer",
            "it repeats another question",
            "it is no DNS message",
            "it is no DNS message",
            "its id is another question's",
        ],
        "what came from elsewhere is not even seen"
    );
}

#[tokio::test]
async fn servers_that_cannot_answer_are_passed_over() {
    let silent_port = nobody().await;
    for code in [2, 5, 9] {
        let bad = NameServer::start(move |asked| asked.answer().code(code).say()).await;
        let server = NameServer::start(good).await;
        let bench = Bench::new(&[bad.address, silent_port, server.address]);
        assert_eq!(bench.addresses("a.test").await, "192.0.2.1");
        assert_eq!(bad.asked().len(), 2, "once for each kind of address");
    }
    let bad = NameServer::start(|asked| asked.answer().code(2).say()).await;
    let bench = Bench::new(&[bad.address]);
    assert_eq!(
        bench.addresses("a.test").await,
        "the name servers have no answer for host a.test, the last one says: SERVFAIL"
    );
    bench.addresses("a.test").await;
    assert_eq!(bad.asked().len(), 4, "that is not remembered");
    let refused = Bench::new(&[silent_port]).addresses("a.test").await;
    assert_eq!(refused, format!("no answer for host a.test from name server {silent_port}"));
}

#[tokio::test(start_paused = true)]
async fn silence() {
    let mute = NameServer::start(|_| vec![]).await;
    let server = NameServer::start(good).await;
    let started = tokio::time::Instant::now();
    let bench = Bench::new(&[mute.address, server.address]);
    let (answer, steps) = bench.ask("a.test").await;
    answer.unwrap();
    assert_eq!(steps, "Asked TimedOut Asked Answered");
    assert_eq!(started.elapsed().as_secs(), 1);
    let started = tokio::time::Instant::now();
    let alone = Bench::new(&[mute.address]);
    assert_eq!(
        alone.addresses("a.test").await,
        format!("no answer for host a.test from name server {}", mute.address)
    );
    assert_eq!(started.elapsed().as_secs(), 1 + 2 + 4, "three rounds, each twice as long");
}

#[tokio::test(start_paused = true)]
async fn one_family_does_not_wait_long_for_the_other() {
    for (mute, address) in [(DnsRecord::Aaaa, "192.0.2.1"), (DnsRecord::A, "2001:db8::1")] {
        let server = NameServer::start(move |asked| match asked.record == mute {
            true => vec![],
            false => asked.addresses(60, &["192.0.2.1", "2001:db8::1"]),
        })
        .await;
        let started = tokio::time::Instant::now();
        let bench = Bench::new(&[server.address]);
        let found = bench.ask("a.test").await.0.unwrap();
        assert_eq!(found.addresses[0].to_string(), address);
        // Timers are as exact as a millisecond.
        assert_eq!(started.elapsed().as_millis() / 10, 5);
        assert_eq!(found.late.unwrap().addresses().await.len(), 0, "it never comes");
        bench.clock.advance(Duration::from_secs(6));
        bench.ask("a.test").await.0.unwrap();
        assert!(server.asked().len() > 4, "the other family is asked for again soon");
    }
}

#[tokio::test]
async fn a_late_family_comes_late() {
    let (sender, receiver) = tokio::sync::watch::channel(false);
    let tries = Arc::new(AtomicUsize::new(0));
    let (counted, open) = (tries.clone(), receiver);
    let server = NameServer::start(move |asked| match asked.record {
        DnsRecord::A => asked.addresses(60, &["192.0.2.1"]),
        // Silent until the test lets it speak: the next try is answered.
        DnsRecord::Aaaa if *open.borrow() => asked.addresses(60, &["2001:db8::1"]),
        DnsRecord::Aaaa => {
            counted.fetch_add(1, Ordering::SeqCst);
            vec![]
        }
    })
    .await;
    tokio::time::pause();
    let found = Bench::new(&[server.address]).ask("a.test").await.0.unwrap();
    assert_eq!(found.addresses.len(), 1);
    sender.send(true).unwrap();
    assert_eq!(found.late.unwrap().addresses().await, ["2001:db8::1".parse::<std::net::IpAddr>().unwrap()]);
    assert_eq!(tries.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn absence_is_remembered_as_long_as_the_zone_says() {
    for (code, soa, remembered) in [(3, true, true), (0, true, true), (3, false, false)] {
        let server = NameServer::start(move |asked| {
            let answer = asked.answer().code(code);
            if soa { answer.soa(600, 30).say() } else { answer.say() }
        })
        .await;
        let bench = Bench::new(&[server.address]);
        for _ in 0..2 {
            assert_eq!(bench.addresses("a.test").await, "no address for host a.test");
        }
        assert_eq!(server.asked().len(), if remembered { 2 } else { 4 });
        bench.clock.advance(Duration::from_secs(30));
        bench.addresses("a.test").await;
        assert_eq!(server.asked().len(), if remembered { 4 } else { 6 }, "half a minute is the zone's");
    }
}

#[tokio::test]
async fn aliases_in_one_answer_and_over_several() {
    let server = NameServer::start(|asked| match asked.name.as_str() {
        "whole.test" => asked
            .answer()
            .alias("whole.test", 60, "b.test")
            .alias("b.test", 30, "c.test")
            .address("c.test", 300, [192, 0, 2, 3].into())
            .say(),
        "part.test" => asked.answer().alias("part.test", 20, "c.test").say(),
        "c.test" => asked.addresses(300, &["192.0.2.3"]),
        "circle.test" => asked.answer().alias("circle.test", 60, "back.test").say(),
        "back.test" => asked.answer().alias("back.test", 60, "circle.test").say(),
        "self.test" => asked.answer().alias("self.test", 60, "self.test").say(),
        // Each is the alias of a longer one.
        longer => asked.answer().alias(longer, 60, &format!("x.{longer}")).say(),
    })
    .await;
    let bench = Bench::new(&[server.address]);
    for (host, ttl) in [("whole.test", 30), ("part.test", 20)] {
        let found = bench.ask(host).await.0.unwrap();
        assert_eq!(found.addresses, [std::net::IpAddr::from([192, 0, 2, 3])], "{host}");
        assert_eq!(found.ttl.as_secs(), ttl, "the shortest of the chain");
    }
    for (host, why) in [
        ("circle.test", "aliases that lead in a circle"),
        ("self.test", "aliases that lead in a circle"),
        ("long.test", "more than 16 aliases in a row"),
    ] {
        let told = bench.addresses(host).await;
        assert_eq!(
            told,
            format!("the name servers have no answer for host {host}, the last one says: {why}")
        );
    }
}

#[tokio::test]
async fn messages_that_cannot_be_read() {
    let server = NameServer::start(|asked| {
        if asked.record == DnsRecord::Aaaa {
            return asked.answer().say();
        }
        let mut bytes = asked.answer().address("a.test", 60, [192, 0, 2, 1].into()).bytes();
        match asked.name.as_str() {
            "cut.test" => bytes.truncate(bytes.len() - 3),
            // The answer's name points to itself.
            _ => {
                let at = bytes.len() - 4 - 10 - 8;
                bytes[at..at + 2].copy_from_slice(&[0xc0, at as u8]);
            }
        }
        vec![Say::Bytes(bytes)]
    })
    .await;
    let bench = Bench::new(&[server.address]);
    for host in ["cut.test", "loop.test"] {
        let told = bench.addresses(host).await;
        assert!(told.contains("the last one says: a message that cannot be read"), "{told}");
    }
}

#[tokio::test]
async fn a_tcp_server_that_misbehaves() {
    let server = NameServer::start(|asked| match (asked.transport, asked.name.as_str()) {
        (DnsTransport::Udp, _) => asked.answer().truncated().say(),
        (_, "close.test") => vec![],
        (_, "cut.test") => asked.answer().truncated().say(),
        _ => vec![Say::Bytes(vec![7; 65_535])],
    })
    .await;
    let bench = Bench::new(&[server.address]);
    for (host, why) in [
        ("close.test", "no answer for host close.test from name server"),
        ("cut.test", "an answer that is cut off over TCP"),
        ("garbage.test", "something else (its id is another question's)"),
    ] {
        let told = bench.addresses(host).await;
        assert!(told.contains(why), "{told}");
    }
}

#[tokio::test]
async fn names_that_nobody_is_asked_for() {
    let server = NameServer::start(good).await;
    let bench = Bench::new(&[server.address]);
    for (host, told) in [
        ("localhost", "127.0.0.1 ::1"),
        ("x.localhost", "127.0.0.1 ::1"),
        ("[::1]", "::1"),
        ("x.invalid", "no address for host x.invalid"),
        ("a..test", "the host name a..test has an empty part"),
    ] {
        assert_eq!(bench.addresses(host).await, told);
    }
    assert!(bench.addresses("x.onion").await.contains("Tor"));
    assert!(bench.addresses(&"a".repeat(64)).await.contains("64 characters"));
    assert!(server.asked().is_empty());
}

/// A directory of the test's own, taken away at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("siskin-dns-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn the_machines_files() {
    let directory = Directory::new("files");
    let files = DnsFiles {
        resolv_conf: directory.write("resolv.conf", "search one.test two.test\noptions no-aaaa"),
        hosts: directory.write("hosts", "192.0.2.9 near.test near"),
        nsswitch: directory.write("nsswitch.conf", ""),
    };
    let server = NameServer::start(|asked| match asked.name.as_str() {
        "h.two.test" => good(asked),
        _ => asked.answer().code(3).say(),
    })
    .await;
    let bench = Bench::with_files(&[server.address], files);
    let near = bench.ask("NEAR.test.").await.0.unwrap();
    assert_eq!((near.source, near.addresses[0].to_string().as_str()), (DnsSource::Hosts, "192.0.2.9"));
    assert_eq!(bench.addresses("h").await, "192.0.2.1");
    assert_eq!(server.asked(), ["h.one.test A", "h.two.test A"], "the search goes through its domains");
    assert_eq!(bench.addresses("gone").await, "no address for host gone");
    // The file changes, and is looked at again after some seconds.
    directory.write("hosts", "192.0.2.10 near.test # moved");
    assert_eq!(bench.addresses("near.test").await, "192.0.2.9");
    bench.clock.advance(crate::limits::DNS_FILES_CHECK);
    assert_eq!(bench.addresses("near.test").await, "192.0.2.10");
}

#[tokio::test]
async fn an_address_that_was_reached_comes_first() {
    let server =
        NameServer::start(|asked| asked.addresses(60, &["192.0.2.1", "192.0.2.2", "192.0.2.3"])).await;
    let bench = Bench::new(&[server.address]);
    assert_eq!(bench.addresses("a.test").await, "192.0.2.1 192.0.2.2 192.0.2.3");
    bench.resolver.reached("a.test", [192, 0, 2, 3].into());
    bench.resolver.reached("b.test", [192, 0, 2, 9].into());
    assert_eq!(bench.addresses("a.test").await, "192.0.2.3 192.0.2.1 192.0.2.2");
    assert_eq!(bench.addresses("b.test").await, "192.0.2.1 192.0.2.2 192.0.2.3", "no such address any more");
}

#[tokio::test]
async fn without_any_server() {
    assert_eq!(Bench::new(&[]).addresses("a.test").await, "there is no name server to ask for host a.test");
}
