//! The scripted origin: answers request N of a test as the test says, and remembers what it saw.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use siskin_net::{Clock, VirtualClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::case::Step;

/// Header lines in order.
pub(crate) type Lines = Vec<(String, String)>;

/// A request as the origin saw it.
#[derive(Clone)]
pub(crate) struct Seen {
    /// Which of the test's requests it was, from 1.
    pub(crate) number: usize,
    pub(crate) method: String,
    pub(crate) headers: Lines,
    /// The response headers that the client has to show.
    pub(crate) shown: Lines,
}

#[derive(Default)]
struct Script {
    steps: Vec<Step>,
    seen: Vec<Seen>,
}

/// An origin on a port of its own. It ends with its runtime.
pub(crate) struct Origin {
    pub(crate) port: u16,
    scripts: Arc<Mutex<HashMap<String, Script>>>,
}

impl Origin {
    pub(crate) async fn start(clock: Arc<VirtualClock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let scripts: Arc<Mutex<HashMap<String, Script>>> = Arc::default();
        let shared = scripts.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (scripts, clock) = (shared.clone(), clock.clone());
                tokio::spawn(async move { serve(stream, &scripts, &clock).await });
            }
        });
        Self { port, scripts }
    }

    /// Sets what is answered under `/test/NAME`.
    pub(crate) fn script(&self, name: &str, steps: &[Step]) {
        let script = Script { steps: steps.to_vec(), seen: Vec::new() };
        self.scripts.lock().unwrap().insert(name.to_owned(), script);
    }

    pub(crate) fn seen(&self, name: &str) -> Vec<Seen> {
        self.scripts.lock().unwrap()[name].seen.clone()
    }
}

async fn serve(mut stream: TcpStream, scripts: &Mutex<HashMap<String, Script>>, clock: &VirtualClock) {
    let mut buffer = Vec::new();
    while let Some((method, path, headers)) = read(&mut stream, &mut buffer).await {
        let name = path.split(['/', '?']).nth(2).unwrap_or_default().to_owned();
        let number: usize = get(&headers, "req-num").and_then(|text| text.parse().ok()).unwrap_or(1);
        let step = scripts.lock().unwrap()[&name].steps[number - 1].clone();
        if let Some(seconds) = step.0.get("response_pause").and_then(Value::as_u64) {
            clock.advance(Duration::from_secs(seconds));
        }
        let reply = {
            let mut scripts = scripts.lock().unwrap();
            let script = scripts.get_mut(&name).unwrap();
            answer(script, (&name, &path), number, (&method, headers), clock)
        };
        if step.flag("disconnect") || stream.write_all(&reply.bytes).await.is_err() || reply.closes {
            return;
        }
    }
}

struct Reply {
    bytes: Vec<u8>,
    closes: bool,
}

fn answer(
    script: &mut Script,
    (name, path): (&str, &str),
    number: usize,
    (method, headers): (&str, Lines),
    clock: &VirtualClock,
) -> Reply {
    let step = &script.steps[number - 1];
    let (status, reason) = status(script, number, &headers);
    let now = clock.origin() + clock.now().0;
    let count = script.seen.len() + 1;
    let mut lines: Lines = vec![
        ("Server-Base-Url".to_owned(), path.to_owned()),
        ("Server-Request-Count".to_owned(), count.to_string()),
        ("Client-Request-Count".to_owned(), number.to_string()),
    ];
    let mut shown = Lines::new();
    for header in step.list("response_headers") {
        let header_name = header[0].as_str().unwrap().to_owned();
        let value = fixed(step, &header_name, &header[1], now, path);
        if header.get(2).and_then(Value::as_bool).unwrap_or(true) {
            shown.push((header_name.clone(), value.clone()));
        }
        lines.push((header_name, value));
    }
    if get(&lines, "date").is_none() {
        lines.push(("Date".to_owned(), http_date(now)));
    }
    if get(&lines, "content-type").is_none() {
        lines.push(("Content-Type".to_owned(), "text/plain".to_owned()));
    }
    let seen = Seen { number, method: method.to_owned(), headers, shown };
    let numbers = script.seen.iter().chain([&seen]).map(|seen| seen.number.to_string());
    lines.push(("Request-Numbers".to_owned(), numbers.collect::<Vec<_>>().join(" ")));
    let body = step.text("response_body").unwrap_or(name).to_owned();
    script.seen.push(seen);
    let closes = get(&lines, "transfer-encoding").is_some() || get(&lines, "content-length").is_some();
    let has_body = !matches!(status, 204 | 304);
    if has_body && !closes {
        lines.push(("Content-Length".to_owned(), body.len().to_string()));
    }
    let mut bytes = format!("HTTP/1.1 {status} {reason}\r\n").into_bytes();
    for (name, value) in lines {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    if has_body && method != "HEAD" {
        bytes.extend_from_slice(body.as_bytes());
    }
    Reply { bytes, closes }
}

/// The status of the test, 304 where it expects a validation and got one, 999 where it got none.
fn status(script: &Script, number: usize, request: &Lines) -> (u64, String) {
    let step = &script.steps[number - 1];
    if step.text("expected_type").is_some_and(|expected| expected.ends_with("validated")) {
        let before = &script.steps[number - 2];
        let value = |name: &str| {
            let header = before
                .list("response_headers")
                .iter()
                .find(|header| header[0].as_str().unwrap().eq_ignore_ascii_case(name));
            header.map(|header| header[1].as_str().unwrap_or_default().to_owned())
        };
        let agrees = |condition, validator: &str| {
            value(validator).is_some_and(|value| get(request, condition) == Some(value.as_str()))
        };
        let is_confirmed = agrees("if-modified-since", "last-modified") || agrees("if-none-match", "etag");
        return if is_confirmed {
            (304, "Not Modified".to_owned())
        } else {
            (999, "304 Not Generated".to_owned())
        };
    }
    match step.list("response_status") {
        [status, reason] => (status.as_u64().unwrap(), reason.as_str().unwrap().to_owned()),
        _ => (200, "OK".to_owned()),
    }
}

/// A value as it is sent: seconds from now become dates, names of files become URLs.
pub(crate) fn fixed(step: &Step, name: &str, value: &Value, now: SystemTime, path: &str) -> String {
    let name = name.to_ascii_lowercase();
    if let Some(seconds) = value.as_i64() {
        assert!(step.list("rfc850date").is_empty(), "no test of ours writes old dates");
        let offset = Duration::from_secs(seconds.unsigned_abs());
        return http_date(if seconds < 0 { now - offset } else { now + offset });
    }
    let text = value.as_str().unwrap().to_owned();
    if ["location", "content-location"].contains(&name.as_str()) && step.flag("magic_locations") {
        return if text.is_empty() { path.to_owned() } else { format!("{path}/{text}") };
    }
    text
}

/// The value of the first header of this name.
pub(crate) fn get<'a>(lines: &'a Lines, name: &str) -> Option<&'a str> {
    lines.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// As `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(at: SystemTime) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (mut year, mut rest) = (1970, days);
    let is_leap =
        |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    while rest >= 365 + u64::from(is_leap(year)) {
        rest -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while rest >= lengths[month] {
        rest -= lengths[month];
        month += 1;
    }
    format!(
        "{}, {:02} {} {year} {:02}:{:02}:{:02} GMT",
        DAYS[usize::try_from(days % 7).unwrap()],
        rest + 1,
        MONTHS[month],
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// Reads a request: method, path, headers; its body is read and forgotten.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<(String, String, Lines)> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
    buffer.drain(..end + 4);
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: Lines = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = get(&headers, "content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    buffer.drain(..length);
    Some((method, path, headers))
}

#[test]
fn dates() {
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    assert_eq!(http_date(at), "Sun, 06 Nov 1994 08:49:37 GMT");
}
