//! A server that says the bytes it is told to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a server does after it has read a request, in order.
#[derive(Clone)]
pub(crate) enum Act {
    Send(Vec<u8>),
    /// Lets what was sent be read before what follows.
    Pause(Duration),
    Close,
    Reset,
    /// Says nothing more and keeps the connection open.
    Hang,
}

/// A request that a server has read.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// Which connection it came over, from 0.
    pub(crate) connection: usize,
    pub(crate) path: String,
    /// The head as it came, without the empty line.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let value = |line: &'_ str| line.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned()));
        self.head
            .lines()
            .skip(1)
            .find(|line| value(line).is_some_and(|(n, _)| n.eq_ignore_ascii_case(name)))
            .and_then(|line| line.split_once(": "))
            .map(|(_, value)| value)
    }
}

type Script = Arc<dyn Fn(&Seen) -> Vec<Act> + Send + Sync>;

/// A server on a port of its own. It ends with its runtime.
pub(crate) struct Server {
    pub(crate) port: u16,
    record: Arc<Mutex<Record>>,
}

#[derive(Default)]
struct Record {
    connections: usize,
    open: usize,
    most_open: usize,
    seen: Vec<Seen>,
}

impl Server {
    pub(crate) async fn start(script: impl Fn(&Seen) -> Vec<Act> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let record: Arc<Mutex<Record>> = Arc::default();
        let (shared, script): (_, Script) = (record.clone(), Arc::new(script));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (record, script) = (shared.clone(), script.clone());
                let connection = {
                    let mut record = record.lock().unwrap();
                    record.connections += 1;
                    record.open += 1;
                    record.most_open = record.most_open.max(record.open);
                    record.connections - 1
                };
                tokio::spawn(async move {
                    let stream = serve(stream, connection, &record, &script).await;
                    record.lock().unwrap().open -= 1;
                    if let Some((stream, true)) = stream {
                        stream.set_zero_linger().unwrap();
                    }
                });
            }
        });
        Self { port, record }
    }

    /// The URL of `path` on host `a.test`.
    pub(crate) fn url(&self, path: &str) -> String {
        self.url_on("a.test", path)
    }

    pub(crate) fn url_on(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.record.lock().unwrap().seen.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.record.lock().unwrap().connections
    }

    /// Connections that are open now.
    pub(crate) fn open(&self) -> usize {
        self.record.lock().unwrap().open
    }

    pub(crate) fn most_open(&self) -> usize {
        self.record.lock().unwrap().most_open
    }
}

/// Serves one connection; gives it back with whether it is to be reset.
async fn serve(
    mut stream: TcpStream,
    connection: usize,
    record: &Mutex<Record>,
    script: &Script,
) -> Option<(TcpStream, bool)> {
    let mut buffer = Vec::new();
    loop {
        let (path, head, body) = read_request(&mut stream, &mut buffer).await?;
        let seen = {
            let mut record = record.lock().unwrap();
            let seen = Seen { connection, path, head, body };
            record.seen.push(seen.clone());
            seen
        };
        for act in script(&seen) {
            match act {
                Act::Send(bytes) => stream.write_all(&bytes).await.ok()?,
                Act::Pause(time) => tokio::time::sleep(time).await,
                Act::Close => return None,
                Act::Reset => return Some((stream, true)),
                Act::Hang => {
                    // Until the client goes.
                    let _ = stream.read(&mut [0]).await;
                    return None;
                }
            }
        }
    }
}

/// Reads a request: path, head, body by its `Content-Length`. `None` when the client has gone.
pub(crate) async fn read_request<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    buffer: &mut Vec<u8>,
) -> Option<(String, String, Vec<u8>)> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok())
        .unwrap_or(0);
    buffer.drain(..end + 4);
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = buffer.drain(..length).collect();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    Some((path, head, body))
}

/// A whole response with these header lines and this body, on a connection that stays.
pub(crate) fn reply(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<Act> {
    vec![Act::Send(reply_bytes(status, headers, body))]
}

pub(crate) fn reply_bytes(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for header in headers {
        bytes.extend_from_slice(format!("{header}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

pub(crate) fn ok(body: impl AsRef<[u8]>) -> Vec<Act> {
    reply("200 OK", &[], body)
}

pub(crate) fn raw(bytes: impl AsRef<[u8]>) -> Act {
    Act::Send(bytes.as_ref().to_vec())
}
