//! From HAR 1.2 of any tool to a waterfall. Lenient: what a file does not tell is not known, and never an error.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use siskin_net::Timestamp;

use super::super::row::{
    CacheUse, Chunk, Connection, ConnectionDetails, ConnectionUse, Milestone, MilestoneKind, Outcome,
    RenderBlocking, RequestHead, ResourceType, ResponseHead, Reuse, Row, RowInitiator, RowLookup, RowPhase,
    Segment, Sizes, Waterfall,
};
use super::date;
use super::types::{Entry, Extra, Har, NameValue, Timings};
use super::write::{CANCELED, PENDING};

/// Why a file is no HAR.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    /// Not JSON, or without what every HAR has.
    #[error("not a HAR file: {0}")]
    Format(String),
}

/// Reads a file's bytes: UTF-8, with or without a byte order mark.
///
/// # Errors
/// The bytes are not JSON, or it has no `log`, or an entry lacks its request, response or timings.
pub fn from_json(bytes: &[u8]) -> Result<Har, HarError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| HarError::Format(error.to_string()))
}

/// The waterfall that a HAR tells: that of all its entries, with the milestones of its first page.
pub fn to_waterfall(har: &Har) -> Waterfall {
    let log = &har.log;
    let starts: Vec<Option<SystemTime>> =
        log.entries.iter().map(|entry| date::parse(&entry.started_date_time)).collect();
    let page = log.pages.first();
    let page_start = page.and_then(|page| date::parse(&page.started_date_time));
    let origin = starts.iter().copied().flatten().chain(page_start).min();
    let origin = origin.unwrap_or(SystemTime::UNIX_EPOCH);
    let page_start = page_start.unwrap_or(origin).duration_since(origin).unwrap_or_default();
    let names = ConnectionNames::of(&log.entries);
    let reader = Reader { origin, page_start: Timestamp(page_start.min(LONGEST)), names };
    let mut rows: Vec<Row> = Vec::with_capacity(log.entries.len());
    for (i, (entry, start)) in log.entries.iter().zip(&starts).enumerate() {
        rows.push(reader.row(i as u64, entry, *start));
    }
    rows.sort_by_key(|row| row.start);
    let mut milestones = page.map_or_else(Vec::new, |page| {
        reader.milestones(&page.page_timings.on_content_load, &page.page_timings.on_load, &page.extra)
    });
    milestones.sort_by_key(|milestone| milestone.at);
    let start = rows.iter().map(|row| row.start).min().unwrap_or(reader.page_start).min(reader.page_start);
    let ends = rows.iter().map(|row| row.end).chain(milestones.iter().map(|milestone| milestone.at));
    let end = ends.max().unwrap_or(start).max(start);
    let connections = reader.connections(&rows, log.extra.get("_connections"));
    Waterfall { origin, start, end, rows, milestones, connections }
}

/// No load takes longer: times beyond are cut, so that sums cannot overflow.
const LONGEST: Duration = Duration::from_secs(1_000_000_000);

/// Milliseconds as a file has them; nothing for -1 and other nonsense.
fn millis(ms: f64) -> Option<Duration> {
    let nanos = (ms >= 0.0).then(|| Duration::try_from_secs_f64(ms / 1e3).unwrap_or(LONGEST))?;
    Some(nanos.min(LONGEST))
}

fn number(extra: &Extra, name: &str) -> Option<f64> {
    extra.get(name)?.as_f64()
}

fn text<'a>(extra: &'a Extra, name: &str) -> Option<&'a str> {
    extra.get(name)?.as_str().filter(|text| !text.is_empty())
}

fn size(bytes: i64) -> Option<u64> {
    u64::try_from(bytes).ok()
}

/// Numbers for connections, whatever a tool calls them.
struct ConnectionNames {
    numbers: HashMap<String, u64>,
    /// Whether the file's own numbers were kept.
    kept: bool,
}

impl ConnectionNames {
    /// Small numbers are kept; anything else is numbered in the order of appearance.
    fn of(entries: &[Entry]) -> Self {
        let mut numbers = HashMap::new();
        let names = || entries.iter().filter_map(connection_name);
        let kept = names().all(|name| name.parse::<u64>().is_ok_and(|number| number < 10_000));
        for name in names() {
            let next = numbers.len() as u64 + 1;
            let number = if kept { name.parse().unwrap_or(next) } else { next };
            numbers.entry(name).or_insert(number);
        }
        Self { numbers, kept }
    }
}

/// Chrome's `_connectionId` tells connections apart; its `connection` may be the peer's port.
fn connection_name(entry: &Entry) -> Option<String> {
    let id = match entry.extra.get("_connectionId") {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => entry.connection.clone(),
    };
    id.filter(|id| !id.is_empty())
}

/// A lookup as [`super::write`] puts it.
fn row_lookup(value: &Value) -> Option<RowLookup> {
    let addresses = value.get("addresses")?.as_array()?.iter();
    Some(RowLookup {
        host: value.get("host")?.as_str()?.to_owned(),
        addresses: addresses.filter_map(Value::as_str).map(str::to_owned).collect(),
        source: value.get("source").and_then(Value::as_str).map(str::to_owned),
        ttl: value.get("ttl").and_then(Value::as_u64),
    })
}

struct Reader {
    origin: SystemTime,
    page_start: Timestamp,
    names: ConnectionNames,
}

impl Reader {
    fn row(&self, index: u64, entry: &Entry, started: Option<SystemTime>) -> Row {
        let extra = &entry.extra;
        // Dates have milliseconds; where a file has the finer distance too, that counts.
        let fine = number(extra, "_all_start").and_then(millis).map(|since| self.page_start + since);
        let coarse = started.and_then(|at| at.duration_since(self.origin).ok());
        let start = fine.unwrap_or(Timestamp(coarse.unwrap_or_default().min(LONGEST)));
        let connection = self.connection(entry);
        let (segments, end) = segments(&entry.timings, start, connection.is_some());
        let initiator = extra.get("_initiator").and_then(|initiator| {
            let url = initiator.get("url").and_then(Value::as_str).map(str::to_owned);
            Some(RowInitiator { kind: initiator.get("type")?.as_str()?.to_owned(), url })
        });
        let head = ResponseHead {
            status: u16::try_from(entry.response.status).unwrap_or(0),
            reason: entry.response.status_text.clone(),
            headers: pairs(&entry.response.headers),
        };
        Row {
            fetch: extra.get("_fetch").and_then(Value::as_u64).unwrap_or(index),
            hop: extra
                .get("_hop")
                .and_then(Value::as_u64)
                .and_then(|hop| u32::try_from(hop).ok())
                .unwrap_or(0),
            method: entry.request.method.clone(),
            url: entry.request.url.clone(),
            resource: resource_type(entry),
            priority: text(extra, "_priority").map(str::to_owned),
            initiator,
            blocking: match text(extra, "_renderBlocking") {
                Some("blocking") => RenderBlocking::Blocking,
                _ => RenderBlocking::NonBlocking,
            },
            cache: cache_use(entry),
            cache_words: text(&entry.extra, "_cacheReason").map(str::to_owned),
            connection,
            lookup: extra.get("_dns").and_then(row_lookup),
            proxy: text(extra, "_proxy").map(str::to_owned),
            request: Some(RequestHead {
                headers: pairs(&entry.request.headers),
                body_size: size(entry.request.body_size).unwrap_or(0),
            }),
            outcome: outcome(entry),
            response: (head.status != 0).then_some(head),
            sizes: sizes(entry),
            chunks: self.chunks(extra),
            start,
            end,
            segments,
        }
    }

    fn connection(&self, entry: &Entry) -> Option<ConnectionUse> {
        let id = *self.names.numbers.get(&connection_name(entry)?)?;
        let reused = match entry.extra.get("_reused").and_then(Value::as_bool) {
            Some(reused) => reused,
            None => entry.timings.connect < 0.0,
        };
        let ip = entry.server_ip_address.as_deref().map(|ip| ip.trim_matches(['[', ']']));
        let port =
            entry.extra.get("_serverPort").and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok());
        let remote = ip.filter(|ip| !ip.is_empty()).map(|ip| match (ip.parse(), port) {
            (Ok(ip), Some(port)) => std::net::SocketAddr::new(ip, port).to_string(),
            _ => ip.to_owned(),
        });
        Some(ConnectionUse {
            id,
            reuse: if reused { Reuse::Reused } else { Reuse::New },
            protocol: protocol(&entry.response.http_version)
                .or_else(|| protocol(&entry.request.http_version))
                .unwrap_or_default(),
            remote,
            local: text(&entry.extra, "_localAddress").map(str::to_owned),
        })
    }

    fn chunks(&self, extra: &Extra) -> Vec<Chunk> {
        let chunk = |chunk: &Value| {
            let bytes = chunk.get("bytes").and_then(Value::as_u64)?;
            Some(Chunk {
                at: self.page_start + millis(chunk.get("ts")?.as_f64()?)?,
                encoded: bytes,
                decoded: chunk.get("inflated").and_then(Value::as_u64).unwrap_or(bytes),
            })
        };
        extra
            .get("_chunks")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |chunks| chunks.iter().filter_map(chunk).collect())
    }

    fn milestones(&self, content: &f64, load: &f64, extra: &Extra) -> Vec<Milestone> {
        let told = [
            (MilestoneKind::FirstByte, number(extra, "_TTFB")),
            (MilestoneKind::FirstPaint, number(extra, "_firstPaintPossible")),
            (MilestoneKind::DomContentLoaded, Some(*content)),
            (MilestoneKind::Load, Some(*load)),
            (MilestoneKind::NetworkIdle, number(extra, "_networkIdle")),
        ];
        let reached = |(kind, ms): (MilestoneKind, Option<f64>)| {
            Some(Milestone { kind, at: self.page_start + millis(ms?)? })
        };
        told.into_iter().filter_map(reached).collect()
    }

    /// The table of connections: those that carried rows, and those that a file of our own tells of beside them.
    fn connections(&self, rows: &[Row], told: Option<&Value>) -> Vec<Connection> {
        let mut table: Vec<Connection> = Vec::new();
        let mut place: HashMap<u64, usize> = HashMap::new();
        let mut entry = |table: &mut Vec<Connection>, id: u64| {
            *place.entry(id).or_insert_with(|| {
                table.push(Connection {
                    id,
                    opened_by: None,
                    connect_start: None,
                    connect_end: None,
                    protocol: None,
                    tls_version: None,
                    details: ConnectionDetails::default(),
                    remote: None,
                    rows: 0,
                });
                table.len() - 1
            })
        };
        for (i, row) in rows.iter().enumerate() {
            let Some(used) = &row.connection else { continue };
            let at = entry(&mut table, used.id);
            let connection = &mut table[at];
            connection.rows += 1;
            connection.protocol = Some(used.protocol.clone()).filter(|protocol| !protocol.is_empty());
            connection.remote.clone_from(&used.remote);
            if row.phase(RowPhase::Connect).is_some() {
                connection.opened_by = Some(i);
            }
        }
        for value in told.and_then(Value::as_array).filter(|_| self.names.kept).into_iter().flatten() {
            let Some(id) = value.get("id").and_then(Value::as_u64) else { continue };
            let at = entry(&mut table, id);
            let connection = &mut table[at];
            let time = |name: &str| Some(self.page_start + millis(value.get(name)?.as_f64()?)?);
            let word = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
            connection.connect_start = time("connectStart");
            connection.connect_end = time("connectEnd");
            connection.tls_version = word("tlsVersion");
            connection.protocol = word("protocol").or_else(|| connection.protocol.take());
            connection.remote = word("remote").or_else(|| connection.remote.take());
        }
        table.sort_by_key(|connection| connection.id);
        table
    }
}

fn pairs(headers: &[NameValue]) -> Vec<(String, String)> {
    headers.iter().map(|header| (header.name.clone(), header.value.clone())).collect()
}

/// The phases one after the other. The gaps that HAR cannot tell of are in `blocked`, at the beginning.
fn segments(timings: &Timings, start: Timestamp, connected: bool) -> (Vec<Segment>, Timestamp) {
    let blocked = millis(timings.blocked);
    let queue = number(&timings.extra, "_blocked_queueing")
        .and_then(millis)
        .map(|q| q.min(blocked.unwrap_or_default()));
    let stall = blocked.map(|blocked| blocked - queue.unwrap_or_default());
    let tls = millis(timings.ssl).map(|ssl| ssl.min(millis(timings.connect).unwrap_or_default()));
    let connect = millis(timings.connect).map(|connect| connect - tls.unwrap_or_default());
    // These three are never -1: zero may say that they did not happen.
    let happened = |ms: f64| millis(ms).filter(|time| connected || !time.is_zero());
    let parts = [
        (RowPhase::Queue, queue),
        (RowPhase::Stall, stall.filter(|time| !time.is_zero())),
        (RowPhase::Dns, millis(timings.dns)),
        (RowPhase::Connect, connect),
        (RowPhase::Tls, tls.filter(|_| connect.is_some())),
        (RowPhase::Send, happened(timings.send)),
        (RowPhase::Wait, happened(timings.wait)),
        (RowPhase::Receive, happened(timings.receive)),
    ];
    let mut at = start;
    let mut segments = Vec::new();
    for (phase, time) in parts {
        let Some(time) = time else { continue };
        segments.push(Segment { phase, start: at, end: at + time });
        at = at + time;
    }
    (segments, at)
}

fn sizes(entry: &Entry) -> Sizes {
    let response = &entry.response;
    let decoded = size(response.content.size).unwrap_or(0);
    // Chrome does not know the body's bytes alone, only those with the head.
    let transfer =
        number(&response.extra, "_transferSize").filter(|bytes| *bytes >= 0.0).map(|bytes| bytes as u64);
    Sizes { encoded: size(response.body_size).or(transfer).unwrap_or(0), decoded }
}

fn outcome(entry: &Entry) -> Outcome {
    let response = &entry.response;
    match text(&response.extra, "_error") {
        Some(CANCELED | "net::ERR_ABORTED") => return Outcome::Canceled,
        Some(PENDING) => return Outcome::Pending,
        Some(error) => {
            let (phase, message) = match error.split_once(": ") {
                Some((phase, message)) if phase.chars().all(|c| c.is_ascii_lowercase()) => {
                    (Some(phase), message)
                }
                _ => (None, error),
            };
            return Outcome::Failed { phase: phase.map(str::to_owned), message: message.to_owned() };
        }
        None => {}
    }
    if response.status <= 0 {
        return Outcome::Failed { phase: None, message: "no response".to_owned() };
    }
    if (300..400).contains(&response.status) && !response.redirect_url.is_empty() {
        let base = url::Url::parse(&entry.request.url).ok();
        let to = base.and_then(|base| base.join(&response.redirect_url).ok()).map(String::from);
        return Outcome::Redirected { to: to.unwrap_or_else(|| response.redirect_url.clone()) };
    }
    Outcome::Complete
}

fn cache_use(entry: &Entry) -> CacheUse {
    const TOLD: [CacheUse; 9] = [
        CacheUse::Unknown,
        CacheUse::Miss,
        CacheUse::Bypass,
        CacheUse::Hit,
        CacheUse::DiskHit,
        CacheUse::StoodIn,
        CacheUse::Revalidated,
        CacheUse::Confirmed,
        CacheUse::Joined,
    ];
    let word = text(&entry.extra, "_cache");
    if let Some(told) = TOLD.into_iter().find(|cache| Some(cache.as_str()) == word) {
        return told;
    }
    match (text(&entry.extra, "_fromCache"), entry.response.status) {
        (Some("disk"), _) => CacheUse::DiskHit,
        (Some(_), _) => CacheUse::Hit,
        (None, 304) => CacheUse::Confirmed,
        (None, _) => CacheUse::Unknown,
    }
}

/// The many ways to write a protocol's name, in one.
fn protocol(name: &str) -> Option<String> {
    let lower = name.trim().to_ascii_lowercase();
    Some(match lower.as_str() {
        "" | "unknown" => return None,
        "http/1.0" => "HTTP/1.0".to_owned(),
        "http/1.1" => "HTTP/1.1".to_owned(),
        "h2" | "http/2" | "http/2.0" => "HTTP/2".to_owned(),
        "h3" | "http/3" | "http/3.0" => "HTTP/3".to_owned(),
        _ => name.trim().to_owned(),
    })
}

/// What the file says, else what the media type says.
fn resource_type(entry: &Entry) -> ResourceType {
    let mime = entry.response.content.mime_type.to_ascii_lowercase();
    match text(&entry.extra, "_resourceType") {
        Some("document") => ResourceType::Document,
        Some("stylesheet") => ResourceType::Stylesheet,
        Some("script") => ResourceType::Script,
        Some("image") => ResourceType::Image,
        Some("font") => ResourceType::Font,
        Some("media" | "texttrack") => ResourceType::Media,
        Some("manifest") => ResourceType::Manifest,
        Some("xhr" | "fetch" | "eventsource") => ResourceType::Fetch,
        Some(_) => ResourceType::Other,
        None if mime.contains("html") => ResourceType::Document,
        None if mime.contains("css") => ResourceType::Stylesheet,
        None if mime.contains("javascript") || mime.contains("ecmascript") => ResourceType::Script,
        None if mime.starts_with("image/") => ResourceType::Image,
        None if mime.starts_with("font/") || mime.contains("font-") => ResourceType::Font,
        None if mime.starts_with("audio/") || mime.starts_with("video/") => ResourceType::Media,
        None if mime.contains("json") => ResourceType::Fetch,
        None => ResourceType::Other,
    }
}
