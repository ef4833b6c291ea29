//! From a waterfall to HAR 1.2.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use siskin_net::{CertificateFacts, Timestamp, TlsFacts};

use super::super::row::{
    CacheUse, Chunk, ConnectionDetails, MilestoneKind, Outcome, RenderBlocking, Reuse, Row, RowPhase,
    Waterfall,
};
use super::date;
use super::types::{
    Content, Creator, Entry, Extra, Har, Log, NameValue, Page, PageTimings, Request, Response, Timings,
};

/// Whether a file holds what lets somebody act as the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Secrets {
    /// Without the headers `Cookie`, `Set-Cookie` and `Authorization` (and their `Proxy-` kin), as Chrome's export
    /// is: such files are sent to strangers in bug reports. Cookies are listed without their values.
    #[default]
    LeaveOut,
    /// With all headers.
    Keep,
}

const SECRET_HEADERS: [&str; 4] = ["cookie", "set-cookie", "authorization", "proxy-authorization"];

/// The one page's id.
const PAGE_ID: &str = "page_1";

/// The HAR of a page load. `title`: the document's title, if it has one; else the URL stands there, as in Chrome's.
///
/// DEVIATION: rows of `data:` URLs are left out, as Chrome leaves them out; rows of `file:` URLs are kept, which
/// Chrome leaves out too: the waterfall of a local page would be empty.
pub fn from_waterfall(waterfall: &Waterfall, title: Option<&str>, secrets: Secrets) -> Har {
    let rows = || waterfall.rows.iter().filter(|row| !row.url.starts_with("data:"));
    let milestone = |kind| {
        let at = waterfall.milestone(kind).map(|at| at.since(waterfall.start));
        at.map_or(-1.0, millis)
    };
    let mut extra = Extra::new();
    for (name, kind) in [
        ("_TTFB", MilestoneKind::FirstByte),
        ("_firstPaintPossible", MilestoneKind::FirstPaint),
        ("_networkIdle", MilestoneKind::NetworkIdle),
    ] {
        if waterfall.milestone(kind).is_some() {
            extra.insert(name.to_owned(), json!(milestone(kind)));
        }
    }
    let url = rows().next().map_or("about:blank", |row| row.url.as_str());
    let page = Page {
        started_date_time: date::format(waterfall.origin, waterfall.start.0),
        id: PAGE_ID.to_owned(),
        title: title.map(str::trim).filter(|title| !title.is_empty()).unwrap_or(url).to_owned(),
        page_timings: PageTimings {
            on_content_load: milestone(MilestoneKind::DomContentLoaded),
            on_load: milestone(MilestoneKind::Load),
            extra: Extra::new(),
        },
        extra,
    };
    let creator = Creator {
        name: "siskin".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        extra: Extra::new(),
    };
    let log = Log {
        version: "1.2".to_owned(),
        browser: Some(creator.clone()),
        creator,
        pages: vec![page],
        entries: rows().map(|row| entry(waterfall, row, secrets)).collect(),
        extra: [("_connections".to_owned(), connections(waterfall))].into(),
    };
    Har { log, extra: Extra::new() }
}

/// The file's text: JSON, indented, ended by a newline.
pub fn to_json(har: &Har) -> String {
    let mut text =
        serde_json::to_string_pretty(har).expect("HAR structs have text keys and finite numbers only");
    text.push('\n');
    text
}

/// Milliseconds to the microsecond.
fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// The table of connections: those that carried nothing stand in no entry.
fn connections(waterfall: &Waterfall) -> Value {
    let at = |at: Option<Timestamp>| at.map(|at| millis(at.since(waterfall.start)));
    let rows = waterfall.connections.iter().map(|connection| {
        let details = &connection.details;
        json!({
            "id": connection.id,
            "preconnect": details.ahead,
            "local": details.local,
            "closed": at(details.closed.map(|closing| closing.at)),
            "closedBy": details.closed.map(|closing| closing.by_word()),
            "closeReason": details.closed.map(|closing| closing.why.as_str()),
            "failed": details.failed,
            "tls": details.tls.as_deref().map(tls),
            "connectStart": at(connection.connect_start),
            "connectEnd": at(connection.connect_end),
            "protocol": connection.protocol,
            "tlsVersion": connection.tls_version,
            "remote": connection.remote,
            "requests": connection.rows,
        })
    });
    rows.collect()
}

fn entry(waterfall: &Waterfall, row: &Row, secrets: Secrets) -> Entry {
    let timings = timings(row);
    let remote = row.connection.as_ref().and_then(|used| used.remote.as_deref());
    let (ip, _) = remote.map_or((None, None), split_port);
    Entry {
        pageref: Some(PAGE_ID.to_owned()),
        started_date_time: date::format(waterfall.origin, row.start.0),
        time: (timings.sum() * 1e3).round() / 1e3,
        request: request(row, secrets),
        response: response(row, secrets),
        cache: Extra::new(),
        timings,
        server_ip_address: ip,
        connection: row.connection.as_ref().map(|used| used.id.to_string()),
        extra: entry_extra(waterfall, row),
    }
}

/// `[::1]:443` to `::1` and 443.
pub(super) fn split_port(remote: &str) -> (Option<String>, Option<u16>) {
    match remote.parse::<std::net::SocketAddr>() {
        Ok(address) => (Some(address.ip().to_string()), Some(address.port())),
        Err(_) => (Some(remote.to_owned()).filter(|remote| !remote.is_empty()), None),
    }
}

fn entry_extra(waterfall: &Waterfall, row: &Row) -> Extra {
    let since = |at: Timestamp| millis(at.since(waterfall.start));
    let mut extra = Extra::new();
    let mut put = |name: &str, value: Value| extra.insert(name.to_owned(), value);
    put("_fetch", json!(row.fetch));
    put("_hop", json!(row.hop));
    put("_resourceType", json!(row.resource.as_str()));
    put("_all_start", json!(since(row.start)));
    put("_all_end", json!(since(row.end)));
    if let Some(priority) = &row.priority {
        put("_priority", json!(priority));
    }
    if let Some(initiator) = &row.initiator {
        let mut value = json!({ "type": initiator.kind });
        if let Some(url) = &initiator.url {
            value["url"] = json!(url);
        }
        put("_initiator", value);
    }
    put(
        "_renderBlocking",
        match row.blocking {
            RenderBlocking::Blocking => json!("blocking"),
            RenderBlocking::NonBlocking => json!("non_blocking"),
        },
    );
    put("_cache", json!(row.cache.as_str()));
    if let Some(words) = &row.cache_words {
        put("_cacheReason", json!(words));
    }
    match row.cache {
        CacheUse::Hit | CacheUse::StoodIn => put("_fromCache", json!("memory")),
        CacheUse::DiskHit => put("_fromCache", json!("disk")),
        _ => None,
    };
    if let Some(used) = &row.connection {
        put("_connectionId", json!(used.id.to_string()));
        put("_reused", json!(used.reuse == Reuse::Reused));
        if let Some(port) = used.remote.as_deref().and_then(|remote| split_port(remote).1) {
            put("_serverPort", json!(port));
        }
        if let Some(local) = &used.local {
            put("_localAddress", json!(local));
        }
    }
    if let Some(lookup) = &row.lookup {
        put(
            "_dns",
            json!({
                "host": lookup.host,
                "addresses": lookup.addresses,
                "source": lookup.source,
                "ttl": lookup.ttl,
            }),
        );
    }
    if let Some(proxy) = &row.proxy {
        put("_proxy", json!(proxy));
    }
    let connection = row.connection.as_ref().and_then(|used| waterfall.connection(used.id));
    if let Some(connection) = connection {
        for (name, value) in connection_extra(row, &connection.details) {
            put(name, value);
        }
    }
    if !row.chunks.is_empty() {
        let chunk = |chunk: &Chunk| json!({ "ts": since(chunk.at), "bytes": chunk.encoded, "inflated": chunk.decoded });
        put("_chunks", row.chunks.iter().map(chunk).collect());
    }
    extra
}

/// The names are Chrome's protocol's (`Security.SecurityDetails`) where it has them, and ours behind them.
fn tls(facts: &TlsFacts) -> Value {
    let certificates = facts.certificates.iter().map(certificate);
    let leaf = facts.certificates.first();
    let seconds =
        |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    json!({
        "protocol": facts.version.as_deref().map(|version| version.replace("TLSv", "TLS ")),
        "keyExchangeGroup": facts.group,
        "cipher": facts.cipher,
        "subjectName": leaf.map(|leaf| &leaf.subject),
        "issuer": leaf.map(|leaf| &leaf.issuer),
        "sanList": leaf.map(|leaf| &leaf.dns_names),
        "validFrom": leaf.map(|leaf| seconds(leaf.not_before)),
        "validTo": leaf.map(|leaf| seconds(leaf.not_after)),
        "alpn": facts.alpn,
        "resumed": facts.resumed,
        "verified": facts.verified,
        "revocation": "not checked",
        "ocspStapled": facts.ocsp_stapled,
        "certificates": certificates.collect::<Vec<Value>>(),
    })
}

fn certificate(facts: &CertificateFacts) -> Value {
    let date = |at: SystemTime| date::format(at, Duration::ZERO);
    json!({
        "subject": facts.subject,
        "issuer": facts.issuer,
        "serial": facts.serial,
        "notBefore": date(facts.not_before),
        "notAfter": date(facts.not_after),
        "dnsNames": facts.dns_names,
        "ipAddresses": facts.ip_addresses.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sha256": facts.sha256,
        "signatureAlgorithm": facts.signature_algorithm,
        "publicKey": facts.public_key,
    })
}

/// What the connection has to say to one of its rows.
fn connection_extra(row: &Row, details: &ConnectionDetails) -> Vec<(&'static str, Value)> {
    let mut extra = Vec::new();
    if let Some(facts) = &details.tls {
        extra.push(("_securityDetails", tls(facts)));
        extra.push(("_securityState", json!(if facts.verified { "secure" } else { "insecure" })));
        if let Some(cipher) = &facts.cipher {
            extra.push(("_tls_cipher_suite", json!(cipher)));
        }
    }
    let own = details.measured.iter().find(|(fetch, hop, _)| (*fetch, *hop) == (row.fetch, row.hop));
    if let Some((_, _, tcp)) = own {
        let value = json!({
            "rtt": millis(tcp.rtt),
            "rttVariance": millis(tcp.rtt_variance),
            "minRtt": millis(tcp.min_rtt),
            "retransmits": tcp.retransmits,
            "congestionWindow": tcp.congestion_window,
            "segmentSize": tcp.segment_size,
            "bytesReceived": tcp.bytes_received,
            "bytesAcknowledged": tcp.bytes_acknowledged,
        });
        extra.push(("_tcp", value));
    }
    extra
}

fn timings(row: &Row) -> Timings {
    let phase = |phase| row.phase(phase).map(millis);
    let sum = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (None, None) => -1.0,
        (a, b) => ((a.unwrap_or(0.0) + b.unwrap_or(0.0)) * 1e3).round() / 1e3,
    };
    let mut extra = Extra::new();
    if let Some(queue) = phase(RowPhase::Queue) {
        extra.insert("_blocked_queueing".to_owned(), json!(queue));
    }
    Timings {
        blocked: sum(phase(RowPhase::Queue), phase(RowPhase::Stall)),
        dns: phase(RowPhase::Dns).unwrap_or(-1.0),
        connect: sum(phase(RowPhase::Connect), phase(RowPhase::Tls)),
        ssl: phase(RowPhase::Tls).unwrap_or(-1.0),
        send: phase(RowPhase::Send).unwrap_or(0.0),
        wait: phase(RowPhase::Wait).unwrap_or(0.0),
        receive: phase(RowPhase::Receive).unwrap_or(0.0),
        extra,
    }
}

fn headers(headers: &[(String, String)], secrets: Secrets) -> Vec<NameValue> {
    let kept = headers.iter().filter(|(name, _)| {
        secrets == Secrets::Keep || !SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
    });
    kept.map(|(name, value)| name_value(name, value)).collect()
}

fn name_value(name: &str, value: &str) -> NameValue {
    NameValue { name: name.to_owned(), value: value.to_owned(), extra: Extra::new() }
}

fn protocol(row: &Row) -> String {
    row.connection.as_ref().map_or_else(String::new, |used| used.protocol.clone())
}

fn request(row: &Row, secrets: Secrets) -> Request {
    let url = row.url.split('#').next().unwrap_or_default();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let head = row.request.as_ref();
    let cookies = head.into_iter().flat_map(|head| named(&head.headers, "cookie"));
    let headers = head.map_or_else(Vec::new, |head| headers(&head.headers, secrets));
    Request {
        method: row.method.clone(),
        url: url.to_owned(),
        http_version: protocol(row),
        cookies: cookies.flat_map(|value| value.split(';')).map(|pair| cookie(pair, secrets)).collect(),
        query_string: pairs.map(|(name, value)| name_value(&name, &value)).collect(),
        headers,
        headers_size: -1,
        body_size: head.map_or(0, |head| i64::try_from(head.body_size).unwrap_or(i64::MAX)),
        extra: Extra::new(),
    }
}

/// The values of the headers of a name.
fn named<'a>(headers: &'a [(String, String)], wanted: &'static str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
}

/// `name=value` as a HAR cookie. A value that is left out is empty; that there was a cookie is no secret.
fn cookie(pair: &str, secrets: Secrets) -> Value {
    // Without `=` it is the value of a nameless cookie.
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let value = if secrets == Secrets::Keep { value.trim() } else { "" };
    json!({ "name": name.trim(), "value": value })
}

/// A `Set-Cookie` value as a HAR cookie, with the attributes that the format has.
fn set_cookie(header: &str, secrets: Secrets) -> Value {
    let mut parts = header.split(';');
    let mut cookie = cookie(parts.next().unwrap_or_default(), secrets);
    cookie["httpOnly"] = json!(false);
    cookie["secure"] = json!(false);
    for part in parts {
        let (name, value) = part.split_once('=').map_or((part.trim(), ""), |(n, v)| (n.trim(), v.trim()));
        match name.to_ascii_lowercase().as_str() {
            "path" => cookie["path"] = json!(value),
            "domain" => cookie["domain"] = json!(value),
            "httponly" => cookie["httpOnly"] = json!(true),
            "secure" => cookie["secure"] = json!(true),
            "samesite" => cookie["sameSite"] = json!(value),
            _ => {}
        }
    }
    cookie
}

/// DEVIATION: `headersSize` is -1 and `_transferSize` counts the body alone: the transport does not tell the head's bytes.
fn response(row: &Row, secrets: Secrets) -> Response {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut extra = Extra::new();
    extra.insert("_transferSize".to_owned(), json!(row.sizes.encoded));
    let error = match &row.outcome {
        Outcome::Complete | Outcome::Redirected { .. } => None,
        Outcome::Failed { phase: Some(phase), message } => Some(format!("{phase}: {message}")),
        Outcome::Failed { phase: None, message } => Some(message.clone()),
        Outcome::Canceled => Some(CANCELED.to_owned()),
        Outcome::Pending => Some(PENDING.to_owned()),
    };
    if let Some(error) = error {
        extra.insert("_error".to_owned(), json!(error));
    }
    let Some(head) = &row.response else { return no_response(row, extra) };
    let kept = headers(&head.headers, secrets);
    let cookies = named(&head.headers, "set-cookie");
    let saved = i128::from(row.sizes.decoded) - i128::from(row.sizes.encoded);
    let over_the_wire = row.sizes.encoded > 0;
    Response {
        status: i64::from(head.status),
        status_text: head.reason.clone(),
        http_version: protocol(row),
        cookies: cookies.map(|value| set_cookie(value, secrets)).collect(),
        headers: kept,
        content: Content {
            size: number(row.sizes.decoded),
            compression: over_the_wire.then(|| i64::try_from(saved).unwrap_or(0)),
            mime_type: row.response_header("content-type").unwrap_or("x-unknown").to_owned(),
            extra: Extra::new(),
        },
        redirect_url: row.response_header("location").unwrap_or_default().to_owned(),
        headers_size: -1,
        body_size: number(row.sizes.encoded),
        extra,
    }
}

/// `_error` of a row that nobody wanted any more.
pub(super) const CANCELED: &str = "canceled";
/// `_error` of a row that was under way when the recording ended.
pub(super) const PENDING: &str = "pending";

fn no_response(row: &Row, extra: Extra) -> Response {
    Response {
        status: 0,
        status_text: String::new(),
        http_version: protocol(row),
        cookies: Vec::new(),
        headers: Vec::new(),
        content: Content {
            size: 0,
            compression: None,
            mime_type: "x-unknown".to_owned(),
            extra: Extra::new(),
        },
        redirect_url: String::new(),
        headers_size: -1,
        body_size: -1,
        extra,
    }
}
