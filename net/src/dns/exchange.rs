//! One question over the wire: a datagram of its own, or a TCP connection of its own.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::ask::Heard;
use super::message::{Extensions, Question, Reply};
use crate::lookup::DnsTransport;

/// The largest datagram.
const MAX_DATAGRAM: usize = 65_535;

/// Sends `question` to `server` and waits for what answers it. `ignored` is told of everything else that came,
/// `unreachable` why the server cannot be asked.
pub(super) async fn exchange(
    question: &Question,
    server: SocketAddr,
    (transport, extensions): (DnsTransport, Extensions),
    limit: Duration,
    mut ignored: impl FnMut(String),
    unreachable: impl FnOnce(String),
) -> Heard {
    let Ok(bytes) = question.bytes(extensions) else { return Heard::Unreachable };
    let answer = async {
        match transport {
            DnsTransport::Udp => over_udp(question, server, &bytes, &mut ignored).await,
            DnsTransport::Tcp => over_tcp(question, server, &bytes).await,
        }
    };
    match timeout(limit, answer).await {
        Ok(Ok(reply)) => Heard::Reply(reply),
        Ok(Err(error)) => {
            unreachable(reason(&error));
            Heard::Unreachable
        }
        Err(_) => Heard::Nothing,
    }
}

/// A socket of its own, so that the port is a random one of the system's; connected, so that it takes nothing but
/// what comes from the server: <https://www.rfc-editor.org/rfc/rfc5452>.
async fn over_udp(
    question: &Question,
    server: SocketAddr,
    bytes: &[u8],
    ignored: &mut impl FnMut(String),
) -> io::Result<Reply> {
    let any: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    socket.send(bytes).await?;
    let mut buffer = vec![0; MAX_DATAGRAM];
    loop {
        let size = socket.recv(&mut buffer).await?;
        match question.read(&buffer[..size]) {
            Ok(reply) => return Ok(reply),
            Err(reason) => ignored(reason),
        }
    }
}

/// <https://www.rfc-editor.org/rfc/rfc1035#section-4.2.2>: each message after its length.
async fn over_tcp(question: &Question, server: SocketAddr, bytes: &[u8]) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), bytes].concat()).await?;
    let size = stream.read_u16().await?;
    let mut answer = vec![0; size.into()];
    stream.read_exact(&mut answer).await?;
    // Nobody else speaks on this connection: what is no answer comes from a broken server.
    Ok(question.read(&answer).unwrap_or_else(|reason| Reply::Failed(format!("something else ({reason})"))))
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "no name server listens there".to_owned(),
        io::ErrorKind::NetworkUnreachable => "network unreachable".to_owned(),
        io::ErrorKind::HostUnreachable => "host unreachable".to_owned(),
        io::ErrorKind::UnexpectedEof => "it closed the connection".to_owned(),
        io::ErrorKind::ConnectionReset => "it reset the connection".to_owned(),
        _ => error.to_string(),
    }
}
