//! `siskin trace`: each step of a load on its own line, as it happens.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use siskin_engine::event::{PageEvent, PageObserver};
use siskin_engine::load::IconPolicy;
use siskin_engine::page::WaitUntil;
use siskin_net::{
    ClosedBy, ConnectionEvent, ConnectionEventKind, CookieNote, LookupEvent, NetEvent, NetEventKind,
    Observer, OpenedFor, TcpInfo, Timestamp, TlsFacts,
};
use siskin_render::image::ImageCache;

use crate::args::TraceArgs;
use crate::browser::{Browser, Listeners, report_faults};
use crate::config::LoadConfig;
use crate::failure::Failure;
use crate::report::har::date;
use crate::report::{lookup, text};
use crate::talk::Talk;

/// Runs `siskin trace`.
///
/// # Errors
/// [`Failure::Page`], [`Failure::Output`].
pub fn run(args: &TraceArgs, talk: &Talk) -> Result<(), Failure> {
    let mut config = LoadConfig::new(&args.page, &args.load, WaitUntil::Idle)?;
    config.extent.icons = IconPolicy::Fetch;
    let mut browser = Browser::for_load(&config)?;
    let tracer = Arc::new(Tracer::default());
    let listeners = Listeners {
        net: Arc::clone(&tracer) as Arc<dyn Observer>,
        page: Arc::clone(&tracer) as Arc<dyn PageObserver>,
    };
    let visit = browser.visit(&config, &listeners);
    if let Some(reason) = tracer.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(Failure::Output { path: "-".into(), reason });
    }
    report_faults(&visit.result?, &ImageCache::default(), talk);
    visit.kept
}

/// Writes each event to stdout; keeps the first failure to do so and is silent from then on.
#[derive(Default)]
struct Tracer {
    failure: Mutex<Option<io::Error>>,
}

impl Tracer {
    fn line(&self, at: Timestamp, what: &str) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if failure.is_none() {
            let line = format!("{:>10.3} ms  {}\n", at.as_millis_f64(), text::printable(what));
            *failure = io::stdout().lock().write_all(line.as_bytes()).err();
        }
    }
}

impl Observer for Tracer {
    fn on_event(&self, event: NetEvent) {
        let hop = if event.hop > 0 { format!(" hop {}", event.hop) } else { String::new() };
        self.line(event.at, &format!("#{}{hop}  {}", event.fetch.0, describe(&event.kind)));
    }

    fn on_connection_event(&self, event: ConnectionEvent) {
        for line in describe_connection(&event.kind) {
            self.line(event.at, &format!("connection {}  {line}", event.connection.0));
        }
    }

    fn on_lookup(&self, event: LookupEvent) {
        let answer = match &event.answer {
            Ok((addresses, source)) => {
                let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
                format!("{} ({})", addresses.join(", "), lookup::source(source, None))
            }
            Err(message) => message.clone(),
        };
        self.line(event.end, &format!("dns, ahead of need: {}: {answer}", event.host));
    }
}

impl PageObserver for Tracer {
    fn on_page_event(&self, event: PageEvent) {
        self.line(event.at, &format!("page  {:?}", event.kind));
    }
}

/// One line about a step.
fn describe(kind: &NetEventKind) -> String {
    match kind {
        NetEventKind::Requested { method, url, destination, priority, initiator, render_blocking } => {
            let blocking = if *render_blocking { ", render-blocking" } else { "" };
            format!(
                "requested: {method} {url} ({}, priority {}, by {}{blocking})",
                destination.as_str(),
                priority.label(),
                initiator.kind.as_str()
            )
        }
        NetEventKind::Upgraded { to, reason } => format!("upgraded to {to} ({})", reason.as_str()),
        NetEventKind::Challenged { scheme, realm } => {
            format!("the server asks for a login ({scheme}, \"{realm}\"): asking again with it")
        }
        NetEventKind::Cache(outcome) => format!("cache: {outcome}"),
        NetEventKind::Released => "released by the scheduler".to_owned(),
        NetEventKind::DnsStart { host } => format!("dns: asking for {host}"),
        NetEventKind::Proxy { proxy } => format!("proxy: goes through {proxy}"),
        NetEventKind::DnsStep(step) => format!("dns: {}", lookup::step(step)),
        NetEventKind::DnsEnd { addresses, source, ttl } => {
            format!("dns: {} ({})", lookup::addresses(addresses), lookup::source(source, *ttl))
        }
        NetEventKind::ConnectStart { connection } => format!("connect: connection {} opens", connection.0),
        NetEventKind::ConnectAttempt { connection, remote } => {
            format!("connect: connection {} tries {remote}", connection.0)
        }
        NetEventKind::ConnectAttemptFailed { connection, remote, message } => {
            format!("connect: connection {} gives {remote} up: {message}", connection.0)
        }
        NetEventKind::TlsStart { connection } => format!("tls: connection {} shakes hands", connection.0),
        NetEventKind::TlsEnd { connection, facts } => {
            format!("tls: connection {} secured ({})", connection.0, tls_words(facts))
        }
        NetEventKind::ConnectEnd { connection, remote, .. } => {
            let remote = remote.map(|remote| format!(" to {remote}")).unwrap_or_default();
            format!("connect: connection {} open{remote}", connection.0)
        }
        NetEventKind::ConnectionUsed { connection, reused, protocol, .. } => {
            let reused = if *reused { ", used again" } else { "" };
            format!("sent over connection {} ({}{reused})", connection.0, protocol.as_str())
        }
        NetEventKind::CookiesSent(notes) => format!("cookies: {}", join(notes)),
        NetEventKind::CookiesReceived(notes) => format!("cookies set: {}", join(notes)),
        NetEventKind::RequestSent { headers, body_size } => {
            format!("request sent: {} headers, {} of body", headers.len(), text::bytes(*body_size))
        }
        NetEventKind::ResponseStart { status, headers } => {
            format!("response: {status}, {} headers", headers.len())
        }
        NetEventKind::Data { encoded, decoded } => {
            format!("data: {} on the wire, {} decoded", text::bytes(*encoded), text::bytes(*decoded))
        }
        NetEventKind::Redirected { to } => format!("redirected to {to}"),
        NetEventKind::Ended { encoded_body_size, decoded_body_size } => format!(
            "ended: {} on the wire, {} decoded",
            text::bytes(*encoded_body_size),
            text::bytes(*decoded_body_size)
        ),
        NetEventKind::Failed { phase, message, .. } => format!("failed: {phase}: {message}"),
        NetEventKind::Canceled => "canceled".to_owned(),
    }
}

/// The lines about what happened to a connection. What its fetch's own story tells as well is left to that.
fn describe_connection(kind: &ConnectionEventKind) -> Vec<String> {
    match kind {
        ConnectionEventKind::Opening { origin, cause: OpenedFor::Preconnect } => {
            vec![format!("opens ahead of need, to {origin}")]
        }
        ConnectionEventKind::Opening { .. } => Vec::new(),
        ConnectionEventKind::Opened { remote, protocol, tls, .. } => {
            let remote = remote.map(|remote| format!(" to {remote}")).unwrap_or_default();
            let secured = tls.as_ref().map(|facts| format!(", {}", tls_words(facts))).unwrap_or_default();
            let mut lines = vec![format!("open{remote} ({}{secured})", protocol.as_str())];
            lines.extend(tls.iter().flat_map(|facts| certificate_lines(facts)));
            lines
        }
        ConnectionEventKind::OpenFailed { phase, message, .. } => {
            vec![format!("could not be opened: {phase}: {message}")]
        }
        ConnectionEventKind::Measured { fetch, tcp, .. } => vec![format!("#{}: {}", fetch.0, tcp_words(tcp))],
        ConnectionEventKind::Closed { by, why, carried } => {
            let by = match by {
                ClosedBy::Client => "by this client",
                ClosedBy::Server => "by the server",
            };
            let requests = if *carried == 1 { "request" } else { "requests" };
            vec![format!("closed {by} after {carried} {requests}: {}", why.as_str())]
        }
    }
}

fn tls_words(facts: &TlsFacts) -> String {
    let words = [&facts.version, &facts.cipher, &facts.group, &facts.alpn];
    let mut words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
    if facts.resumed {
        words.push("session resumed");
    }
    words.join(", ")
}

fn certificate_lines(facts: &TlsFacts) -> Vec<String> {
    let mut lines: Vec<String> = facts
        .certificates
        .iter()
        .map(|certificate| {
            let names: Vec<String> = certificate
                .dns_names
                .iter()
                .cloned()
                .chain(certificate.ip_addresses.iter().map(ToString::to_string))
                .collect();
            let names = if names.is_empty() { String::new() } else { format!(" for {}", names.join(", ")) };
            format!(
                "certificate: {}{names}, from {}, {} to {}, {}, {}",
                certificate.subject,
                certificate.issuer,
                day(certificate.not_before),
                day(certificate.not_after),
                certificate.public_key,
                certificate.signature_algorithm,
            )
        })
        .collect();
    if !lines.is_empty() {
        let trust = if facts.verified { "verified" } else { "not verified, taken as they are" };
        lines.push(format!("certificates {trust}; revocation was not checked"));
    }
    lines
}

/// `2026-01-01`.
fn day(at: SystemTime) -> String {
    date::format(at, Duration::ZERO).chars().take(10).collect()
}

fn tcp_words(tcp: &TcpInfo) -> String {
    format!(
        "tcp: round trip {:.3} ms (±{:.3}), {} sent again, window of {} segments, {} received",
        tcp.rtt.as_secs_f64() * 1e3,
        tcp.rtt_variance.as_secs_f64() * 1e3,
        tcp.retransmits,
        tcp.congestion_window,
        text::bytes(tcp.bytes_received),
    )
}

/// The cookies that went along or came, and what became of the others.
fn join(notes: &[CookieNote]) -> String {
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    notes.join(", ")
}
