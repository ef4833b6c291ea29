//! Requests in, replies out: HTTP/1.1 as far as a test origin needs it, RFC 9112.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::Duration;

use socket2::SockRef;

use super::script::{Ending, Reply};
use super::{Seen, Shared};

/// How long an idle connection waits for a next request before the server looks whether it is stopping.
const IDLE: Duration = Duration::from_secs(30);
/// The longest request head that is read.
const HEAD_LIMIT: u64 = 1 << 20;

/// Answers requests on one connection until it ends.
pub(super) fn serve(stream: &TcpStream, connection: u64, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(IDLE))?;
    let mut reader = BufReader::new(stream);
    while !shared.stopping.load(Ordering::SeqCst) {
        let Some(request) = read_request(&mut reader, connection)? else { return Ok(()) };
        let head_only = request.method == "HEAD";
        let last = request.header("connection").is_some_and(|v| v.eq_ignore_ascii_case("close"));
        if shared.verbose {
            let line = format!("connection {connection}: {} {}\n", request.method, request.target);
            io::stderr().write_all(line.as_bytes())?;
        }
        let target = request.target.clone();
        shared.seen().push(request);
        let keep = write_reply(stream, &shared.script.reply(&target), head_only, last)?;
        if !keep || last {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads a request, `None` when the client closed between requests.
fn read_request(reader: &mut BufReader<&TcpStream>, connection: u64) -> io::Result<Option<Seen>> {
    let mut head = reader.by_ref().take(HEAD_LIMIT);
    let mut line = String::new();
    if head.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut parts = line.split_ascii_whitespace();
    let (Some(method), Some(target)) = (parts.next(), parts.next()) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no request line"));
    };
    let mut seen = Seen {
        connection,
        method: method.to_owned(),
        target: target.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    loop {
        let mut line = String::new();
        head.read_line(&mut line)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            seen.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    if let Some(length) = seen.header("content-length").and_then(|v| v.parse::<usize>().ok()) {
        let mut body = vec![0; length.min(1 << 26)];
        reader.read_exact(&mut body)?;
        seen.body = body;
    }
    Ok(Some(seen))
}

/// Writes a reply; says whether the connection may be used again.
fn write_reply(mut stream: &TcpStream, reply: &Reply, head_only: bool, last: bool) -> io::Result<bool> {
    if reply.ending == Ending::Silence {
        // Held until the client gives up, so that its own deadline is what is tested.
        let _ = stream.read(&mut [0; 1]);
        return Ok(false);
    }
    sleep(reply.delay);
    let bodiless = matches!(reply.status, 100..=199 | 204 | 304);
    let closing = last || !matches!(reply.ending, Ending::KeepAlive);
    let mut head = format!("HTTP/1.1 {} {}\r\n", reply.status, reason(reply.status));
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !bodiless {
        match reply.chunked {
            true => head.push_str("Transfer-Encoding: chunked\r\n"),
            false => head.push_str(&format!(
                "Content-Length: {}\r\n",
                reply.chunks.iter().map(|c| c.bytes.len()).sum::<usize>()
            )),
        }
    }
    head.push_str(if closing { "Connection: close\r\n\r\n" } else { "\r\n" });
    stream.write_all(head.as_bytes())?;
    if bodiless || head_only {
        return Ok(!closing);
    }
    let mut allowed = match reply.ending {
        Ending::CloseAfter(bytes) | Ending::ResetAfter(bytes) => bytes,
        Ending::KeepAlive | Ending::Close | Ending::Silence => usize::MAX,
    };
    for chunk in &reply.chunks {
        sleep(chunk.delay);
        let bytes = &chunk.bytes[..chunk.bytes.len().min(allowed)];
        allowed -= bytes.len();
        if reply.chunked && !bytes.is_empty() {
            stream.write_all(format!("{:x}\r\n", chunk.bytes.len()).as_bytes())?;
        }
        stream.write_all(bytes)?;
        if allowed == 0 {
            break;
        }
        if reply.chunked && !bytes.is_empty() {
            stream.write_all(b"\r\n")?;
        }
    }
    match reply.ending {
        Ending::ResetAfter(_) => {
            SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
            return Ok(false);
        }
        Ending::CloseAfter(_) => return Ok(false),
        Ending::KeepAlive | Ending::Close | Ending::Silence => {}
    }
    if reply.chunked {
        stream.write_all(b"0\r\n\r\n")?;
    }
    Ok(!closing)
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        404 => "Not Found",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

/// The type that a file is served with, by its ending.
pub fn content_type(file: &Path) -> &'static str {
    let ending = file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "html" | "htm" => "text/html",
        "xht" | "xhtml" => "application/xhtml+xml",
        "xml" => "application/xml",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "json" => "application/json",
        "txt" => "text/plain",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "bmp" => "image/bmp",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
