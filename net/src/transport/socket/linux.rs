//! Sockets on Linux. The door to rustix and libc.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::time::Duration;

use rustix::event::epoll::{self, EventData, EventFlags};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::{End, Noticed};
use crate::event::TcpInfo;
use crate::id::ConnectionId;
use crate::transport::connections::Ends;

/// A duplicate of a connection's descriptor.
#[derive(Debug)]
pub(in crate::transport) struct Socket {
    duplicate: TcpStream,
    /// The library's own descriptor, as long as it has not closed it.
    original: RawFd,
    ends: Ends,
}

impl Socket {
    /// The socket with these ends among this process's descriptors.
    pub(in crate::transport) fn find(ends: Ends) -> Option<Self> {
        let ends = (plain(ends.0), plain(ends.1));
        // The newest first: it is looked for as soon as it is open.
        let mut descriptors: Vec<RawFd> = std::fs::read_dir("/proc/self/fd")
            .ok()?
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .collect();
        descriptors.sort_unstable_by(|a, b| b.cmp(a));
        descriptors.into_iter().find_map(|original| {
            let duplicate = duplicate(original)?;
            (ends_of(&duplicate)? == ends).then_some(Self { duplicate, original, ends })
        })
    }

    /// What the kernel knows of the connection.
    pub(in crate::transport) fn measure(&self) -> Option<TcpInfo> {
        tcp_info(&self.duplicate)
    }

    /// Closes both directions: the library sees the end and lets go.
    pub(in crate::transport) fn shut_down(&self) {
        // It fails when the connection is closed already.
        let _ = self.duplicate.shutdown(Shutdown::Both);
    }

    /// Whether the library has closed its descriptor.
    pub(in crate::transport) fn is_released(&self) -> bool {
        duplicate(self.original).and_then(|other| ends_of(&other)) != Some(self.ends)
    }
}

/// A duplicate of `descriptor`, if that is a socket at this moment.
fn duplicate(descriptor: RawFd) -> Option<TcpStream> {
    // Other files are left alone: closing a duplicate would end the process's record locks on them.
    let target = std::fs::read_link(format!("/proc/self/fd/{descriptor}")).ok()?;
    if !target.to_str()?.starts_with("socket:") {
        return None;
    }
    // SAFETY: the descriptor is borrowed for the one call that duplicates it. It may have been closed, or
    // closed and opened for something else, since it was listed: the call then fails, or duplicates another
    // descriptor, which is looked at and closed again. Nothing is done to it before its ends are known.
    let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
    borrowed.try_clone_to_owned().ok().map(TcpStream::from)
}

fn ends_of(stream: &TcpStream) -> Option<Ends> {
    Some((plain(stream.local_addr().ok()?), plain(stream.peer_addr().ok()?)))
}

/// Without the scope and flow of IPv6, which the two sides may tell differently.
pub(super) fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip(), address.port())
}

/// `TCP_INFO`: the kernel's `struct tcp_info`, which only ever grows at its end.
fn tcp_info(stream: &TcpStream) -> Option<TcpInfo> {
    const SIZE: usize = 256;
    let mut bytes = [0_u8; SIZE];
    let mut length = libc::socklen_t::try_from(SIZE).ok()?;
    // SAFETY: the descriptor is open as long as `stream` is borrowed; the buffer is valid for `length` bytes,
    // and the kernel writes at most that many and says how many it wrote.
    let result = unsafe {
        libc::getsockopt(
            stream.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            bytes.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    let known = bytes.get(..usize::try_from(length).ok()?)?;
    (result == 0).then(|| read_tcp_info(known)).flatten()
}

/// Reads the fields by their places in `struct tcp_info` (`linux/tcp.h`). Those that this kernel does not have are 0.
fn read_tcp_info(bytes: &[u8]) -> Option<TcpInfo> {
    let u32_at = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
    let u64_at = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(u64::from_ne_bytes);
    let micros = |value: Option<u32>| Duration::from_micros(u64::from(value.unwrap_or(0)));
    Some(TcpInfo {
        segment_size: u32_at(16)?,
        rtt: micros(Some(u32_at(68)?)),
        rtt_variance: micros(Some(u32_at(72)?)),
        congestion_window: u32_at(80)?,
        retransmits: u32_at(100)?,
        bytes_acknowledged: u64_at(120).unwrap_or(0),
        bytes_received: u64_at(128).unwrap_or(0),
        // The kernel's word for "none yet" is the largest number.
        min_rtt: micros(u32_at(148).filter(|rtt| *rtt != u32::MAX)),
    })
}

/// Notices the ends of connections. Wakes nobody for data that arrives.
#[derive(Debug)]
pub(in crate::transport) struct Watch(AsyncFd<OwnedFd>);

impl Watch {
    /// A watch in the current runtime.
    pub(in crate::transport) fn new() -> Option<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).ok()?;
        // SAFETY: an `OwnedFd` is one open descriptor for its whole life, and is owned by the `AsyncFd`.
        unsafe { AsyncFd::register_with_interest(epoll, Interest::READABLE) }.ok().map(Self)
    }

    /// Watches `socket` until it is closed.
    pub(in crate::transport) fn add(&self, socket: &Socket, connection: ConnectionId) {
        // Edges only: an end is told once, and a closed descriptor leaves by itself.
        let flags = EventFlags::RDHUP | EventFlags::ET;
        if let Err(error) =
            epoll::add(self.0.get_ref(), &socket.duplicate, EventData::new_u64(connection.0), flags)
        {
            tracing::debug!(%error, "a connection cannot be watched");
        }
    }

    /// Waits for connections to end.
    pub(in crate::transport) async fn next(&self) -> Vec<Noticed> {
        let ready = self.0.async_io(Interest::READABLE, |epoll| {
            let mut events = [epoll::Event { flags: EventFlags::empty(), data: EventData::new_u64(0) }; 64];
            let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
            let count = epoll::wait(epoll, &mut events[..], Some(&now))?;
            if count == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Ok(events.iter().take(count).map(noticed).collect())
        });
        match ready.await {
            Ok(noticed) => noticed,
            Err(error) => {
                tracing::debug!(%error, "connections cannot be watched");
                std::future::pending().await
            }
        }
    }
}

fn noticed(event: &epoll::Event) -> Noticed {
    let flags = event.flags;
    let how = if flags.contains(EventFlags::ERR) {
        End::Reset
    } else if flags.contains(EventFlags::HUP) {
        End::Both
    } else {
        End::Peer
    };
    Noticed { connection: ConnectionId(event.data.u64()), how }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;

    use super::*;

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        (client, server)
    }

    #[tokio::test]
    async fn a_socket_is_found_measured_watched_and_released() {
        let watch = Watch::new().unwrap();
        let (client, mut server) = pair();
        let socket = Socket::find(ends_of(&client).unwrap()).unwrap();
        watch.add(&socket, ConnectionId(7));
        server.write_all(&[b'x'; 1000]).unwrap();
        let info = socket.measure().unwrap();
        assert_eq!(info.bytes_received, 1000);
        assert!(info.congestion_window > 0 && info.segment_size > 0 && info.rtt > Duration::ZERO);
        assert!(!socket.is_released());
        drop(server);
        let noticed = watch.next().await;
        assert_eq!(noticed, [Noticed { connection: ConnectionId(7), how: End::Peer }]);
        drop(client);
        assert!(socket.is_released());
        assert!(socket.measure().is_some(), "the duplicate still knows");
    }

    #[tokio::test]
    async fn a_reset_and_a_shutdown() {
        let watch = Watch::new().unwrap();
        let (client, server) = pair();
        let socket = Socket::find(ends_of(&client).unwrap()).unwrap();
        watch.add(&socket, ConnectionId(1));
        // Closed with bytes unread: TCP answers with a reset.
        (&client).write_all(b"unread").unwrap();
        drop(server);
        assert_eq!(watch.next().await, [Noticed { connection: ConnectionId(1), how: End::Reset }]);
        let (client, _server) = pair();
        let socket = Socket::find(ends_of(&client).unwrap()).unwrap();
        socket.shut_down();
        assert_eq!(io::Read::read(&mut &client, &mut [0; 8]).unwrap(), 0, "the owner sees the end");
        assert!(Socket::find(([127, 0, 0, 1], 1).into_pair()).is_none());
    }

    trait IntoPair {
        fn into_pair(self) -> Ends;
    }
    impl IntoPair for ([u8; 4], u16) {
        fn into_pair(self) -> Ends {
            (self.into(), self.into())
        }
    }
}
