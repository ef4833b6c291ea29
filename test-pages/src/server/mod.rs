//! A scripted HTTP/1.1 origin on loopback: delays, chunk timing, redirects, faults; it remembers what it was asked.
//!
//! - [`script`]: what is answered to which path
//! - [`wire`]: requests in, replies out, byte by byte
//!
//! Real sockets and threads, no client library: what the tests see on the wire is what stands in the script.

mod script;
mod wire;

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

pub use script::{Chunk, Ending, Reply, Script};
pub use wire::content_type;

/// A request as the server saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which connection it came over, counted from 1 in the order of acceptance.
    pub connection: u64,
    /// Method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers, names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Seen {
    /// The first value of a header (name in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A running origin. Stops when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// What the acceptor and the connections share.
#[derive(Debug)]
struct Shared {
    script: Script,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicU64,
    stopping: AtomicBool,
    verbose: bool,
}

impl Server {
    /// Starts an origin on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start(script: Script) -> io::Result<Self> {
        Self::start_on(0, script, false)
    }

    /// Starts an origin on this port (0: a free one); `verbose` prints a line a request on stderr.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub fn start_on(port: u16, script: Script, verbose: bool) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script,
            seen: Mutex::default(),
            connections: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
            verbose,
        });
        let acceptor = Arc::clone(&shared);
        thread::Builder::new().name("origin".into()).spawn(move || accept(&listener, &acceptor))?;
        Ok(Self { address, shared })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of a path that begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every request so far, in the order in which their heads were read.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen().clone()
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the acceptor; if it cannot be reached it is gone already.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(200));
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let number = shared.connections.fetch_add(1, Ordering::SeqCst) + 1;
        let shared = Arc::clone(shared);
        // A connection that ends in an error has ended: the client sees it, there is nobody to tell here.
        let spawned = thread::Builder::new()
            .name(format!("connection {number}"))
            .spawn(move || drop(wire::serve(&stream, number, &shared)));
        drop(spawned);
    }
}
