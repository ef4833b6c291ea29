//! A name server of the tests, on loopback: it says the bytes that it is told to say.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

use crate::lookup::{DnsRecord, DnsTransport};

/// A question that a server was asked.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) id: [u8; 2],
    pub(super) name: String,
    pub(super) record: DnsRecord,
    pub(super) transport: DnsTransport,
    pub(super) edns: bool,
    question: Vec<u8>,
}

/// What a server says to a question. Over TCP only the first datagram-like piece counts, after its length.
#[derive(Debug, Clone)]
pub(super) enum Say {
    Bytes(Vec<u8>),
    /// From another port than the one that was asked.
    FromElsewhere(Vec<u8>),
}

type Script = Arc<dyn Fn(&Asked) -> Vec<Say> + Send + Sync>;

/// A name server. It ends with its runtime.
pub(super) struct NameServer {
    pub(super) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl NameServer {
    pub(super) async fn start(script: impl Fn(&Asked) -> Vec<Say> + Send + Sync + 'static) -> Self {
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            // The same port may be another's over TCP.
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                break (udp, tcp);
            }
        };
        let (address, script): (_, Script) = (udp.local_addr().unwrap(), Arc::new(script));
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        tokio::spawn(serve_udp(udp, script.clone(), asked.clone()));
        tokio::spawn(serve_tcp(tcp, script, asked.clone()));
        Self { address, asked }
    }

    /// The questions so far: `a.test A`, with `tcp` and `plain` (without EDNS) where that is so.
    pub(super) fn asked(&self) -> Vec<String> {
        let words = |asked: &Asked| {
            let tcp = if asked.transport == DnsTransport::Tcp { " tcp" } else { "" };
            let plain = if asked.edns { "" } else { " plain" };
            format!("{} {}{tcp}{plain}", asked.name, asked.record.as_str())
        };
        self.asked.lock().unwrap().iter().map(words).collect()
    }

    pub(super) fn ids(&self) -> Vec<[u8; 2]> {
        self.asked.lock().unwrap().iter().map(|asked| asked.id).collect()
    }
}

async fn serve_udp(socket: UdpSocket, script: Script, log: Arc<Mutex<Vec<Asked>>>) {
    let mut buffer = [0; 2048];
    loop {
        let (size, from) = socket.recv_from(&mut buffer).await.unwrap();
        let asked = Asked::read(&buffer[..size], DnsTransport::Udp);
        log.lock().unwrap().push(asked.clone());
        for say in script(&asked) {
            match say {
                Say::Bytes(bytes) => socket.send_to(&bytes, from).await.map(drop).unwrap_or_default(),
                Say::FromElsewhere(bytes) => {
                    let other = UdpSocket::bind("127.0.0.1:0").await.unwrap();
                    other.send_to(&bytes, from).await.unwrap();
                }
            }
        }
    }
}

async fn serve_tcp(listener: TcpListener, script: Script, log: Arc<Mutex<Vec<Asked>>>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let size = stream.read_u16().await.unwrap();
        let mut question = vec![0; size.into()];
        stream.read_exact(&mut question).await.unwrap();
        let asked = Asked::read(&question, DnsTransport::Tcp);
        log.lock().unwrap().push(asked.clone());
        for say in script(&asked) {
            let Say::Bytes(bytes) = say else { panic!("a TCP connection has one other end") };
            stream.write_u16(bytes.len() as u16).await.unwrap();
            stream.write_all(&bytes).await.unwrap();
        }
    }
}

impl Asked {
    fn read(bytes: &[u8], transport: DnsTransport) -> Self {
        let (mut at, mut labels) = (12, Vec::new());
        while bytes[at] != 0 {
            let end = at + 1 + usize::from(bytes[at]);
            labels.push(String::from_utf8(bytes[at + 1..end].to_vec()).unwrap());
            at = end;
        }
        let record = match bytes[at + 2] {
            1 => DnsRecord::A,
            28 => DnsRecord::Aaaa,
            other => panic!("record type {other}"),
        };
        Self {
            id: [bytes[0], bytes[1]],
            name: labels.join("."),
            record,
            transport,
            edns: bytes[11] == 1,
            question: bytes[12..at + 5].to_vec(),
        }
    }

    /// An answer without records.
    pub(super) fn answer(&self) -> Answering {
        Answering { asked: self.clone(), flags: [0x81, 0x80], answers: Vec::new(), authority: None }
    }

    /// Addresses of the kind that was asked for; an empty answer when there are none.
    pub(super) fn addresses(&self, ttl: u32, addresses: &[&str]) -> Vec<Say> {
        let mut answer = self.answer();
        for address in addresses {
            answer = answer.address(&self.name.clone(), ttl, address.parse().unwrap());
        }
        answer.say()
    }
}

/// An answer that is being put together.
pub(super) struct Answering {
    asked: Asked,
    flags: [u8; 2],
    answers: Vec<Vec<u8>>,
    authority: Option<Vec<u8>>,
}

impl Answering {
    pub(super) fn code(mut self, code: u8) -> Self {
        self.flags[1] |= code;
        self
    }

    pub(super) fn truncated(mut self) -> Self {
        self.flags[0] |= 2;
        self
    }

    /// An address, if it is of the kind that was asked for.
    pub(super) fn address(mut self, name: &str, ttl: u32, address: IpAddr) -> Self {
        match (address, self.asked.record) {
            (IpAddr::V4(a), DnsRecord::A) => self.answers.push(record(name, 1, ttl, &a.octets())),
            (IpAddr::V6(a), DnsRecord::Aaaa) => self.answers.push(record(name, 28, ttl, &a.octets())),
            _ => {}
        }
        self
    }

    pub(super) fn alias(mut self, name: &str, ttl: u32, target: &str) -> Self {
        self.answers.push(record(name, 5, ttl, &wire(target)));
        self
    }

    pub(super) fn soa(mut self, ttl: u32, minimum: u32) -> Self {
        let mut data = [wire("ns.test"), wire("admin.test")].concat();
        for number in [1, 2, 3, 4, minimum] {
            data.extend_from_slice(&u32::to_be_bytes(number));
        }
        self.authority = Some(record("test", 6, ttl, &data));
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = [self.asked.id, self.flags].concat();
        let answers = u16::try_from(self.answers.len()).unwrap().to_be_bytes();
        bytes.extend_from_slice(&[0, 1, answers[0], answers[1], 0, u8::from(self.authority.is_some()), 0, 0]);
        bytes.extend_from_slice(&self.asked.question);
        self.answers.iter().chain(&self.authority).for_each(|record| bytes.extend_from_slice(record));
        bytes
    }

    pub(super) fn say(&self) -> Vec<Say> {
        vec![Say::Bytes(self.bytes())]
    }
}

fn record(name: &str, kind: u8, ttl: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = wire(name);
    bytes.extend_from_slice(&[0, kind, 0, 1]);
    bytes.extend_from_slice(&ttl.to_be_bytes());
    bytes.extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
    bytes.extend_from_slice(data);
    bytes
}

fn wire(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name.split('.') {
        bytes.push(label.len() as u8);
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.push(0);
    bytes
}
