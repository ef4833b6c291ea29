//! The terminal waterfall on a made-up page: what stands where, at any width.

use std::time::{Duration, SystemTime};

use siskin_net::Timestamp;

use super::super::check::check_invariants;
use super::super::row::{
    Chunk, Connection, ConnectionDetails, ConnectionUse, MilestoneKind, RequestHead, ResourceType,
    ResponseHead, RowInitiator, Segment, Sizes,
};
use super::super::style::{Charset, Color};
use super::*;

fn ms(ms: u64) -> Timestamp {
    Timestamp::from_millis(ms)
}

/// A row without time.
pub(in super::super) fn plain_row(url: &str) -> Row {
    Row {
        fetch: 1,
        hop: 0,
        method: "GET".to_owned(),
        url: url.to_owned(),
        resource: ResourceType::Document,
        priority: Some("VeryHigh".to_owned()),
        initiator: Some(RowInitiator { kind: "parser".to_owned(), url: Some("http://h/".to_owned()) }),
        blocking: RenderBlocking::NonBlocking,
        cache: CacheUse::Miss,
        cache_words: None,
        connection: None,
        lookup: None,
        proxy: None,
        request: Some(RequestHead::default()),
        response: None,
        sizes: Sizes::default(),
        chunks: Vec::new(),
        outcome: Outcome::Complete,
        start: ms(0),
        end: ms(0),
        segments: Vec::new(),
    }
}

/// A row with a response, its phases given as ends in ms from `start`.
pub(in super::super) fn row(
    url: &str,
    resource: ResourceType,
    connection: (u64, Reuse),
    start: u64,
    phases: &[(RowPhase, u64)],
) -> Row {
    let mut row = plain_row(url);
    row.resource = resource;
    row.connection = Some(ConnectionUse {
        id: connection.0,
        reuse: connection.1,
        protocol: "HTTP/1.1".to_owned(),
        remote: Some("127.0.0.1:80".to_owned()),
        local: Some("127.0.0.1:40000".to_owned()),
    });
    let headers = vec![
        ("content-type".to_owned(), format!("x/{}; a=b", resource.as_str())),
        ("set-cookie".to_owned(), "id=1; Path=/; HttpOnly".to_owned()),
    ];
    row.response = Some(ResponseHead { status: 200, reason: "OK".to_owned(), headers });
    row.sizes = Sizes { encoded: 1234, decoded: 5678 };
    row.start = ms(start);
    let mut at = row.start;
    for (phase, end) in phases {
        row.segments.push(Segment { phase: *phase, start: at, end: ms(*end) });
        at = ms(*end);
    }
    row.end = at;
    row.chunks = vec![Chunk { at, encoded: 1234, decoded: 5678 }];
    row
}

/// A page with a sheet over the same connection, a redirected picture, and a font that cannot be had.
pub(in super::super) fn page() -> Waterfall {
    use RowPhase::{Connect, Dns, Queue, Receive, Send, Stall, Wait};
    let first = [(Dns, 12), (Connect, 20), (Send, 20), (Wait, 40), (Receive, 50)];
    let mut document = row("http://h/", ResourceType::Document, (1, Reuse::New), 10, &first);
    document.blocking = RenderBlocking::Blocking;
    let css = [(Queue, 46), (Send, 46), (Wait, 60), (Receive, 62)];
    let mut sheet = row("http://h/a.css", ResourceType::Stylesheet, (1, Reuse::Reused), 45, &css);
    sheet.blocking = RenderBlocking::Blocking;
    sheet.fetch = 2;
    let moved = [(Stall, 52), (Send, 52), (Wait, 58), (Receive, 58)];
    let mut old = row("http://h/old.png?v=1", ResourceType::Image, (2, Reuse::New), 46, &moved);
    old.fetch = 3;
    old.outcome = Outcome::Redirected { to: "http://cdn.h/new.png".to_owned() };
    let head = old.response.as_mut().unwrap();
    (head.status, head.reason) = (302, "Found".to_owned());
    head.headers.push(("location".to_owned(), "//cdn.h/new.png".to_owned()));
    let then = [(Send, 58), (Wait, 70), (Receive, 90)];
    let mut new = row("http://cdn.h/new.png", ResourceType::Image, (3, Reuse::Reused), 58, &then);
    (new.fetch, new.hop) = (3, 1);
    let mut font = plain_row("http://gone.h/f.woff2");
    (font.fetch, font.resource) = (4, ResourceType::Font);
    (font.start, font.end) = (ms(62), ms(66));
    font.segments = vec![Segment { phase: Dns, start: ms(62), end: ms(66) }];
    font.outcome =
        Outcome::Failed { phase: Some("dns".to_owned()), message: "no \x1b[31maddress".to_owned() };
    let connection = |id, rows| Connection {
        id,
        opened_by: None,
        connect_start: None,
        connect_end: None,
        protocol: Some("HTTP/1.1".to_owned()),
        tls_version: None,
        details: ConnectionDetails::default(),
        remote: Some("127.0.0.1:80".to_owned()),
        rows,
    };
    let milestone = |kind, at| Milestone { kind, at: ms(at) };
    Waterfall {
        origin: SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_225_600_000),
        start: ms(10),
        end: ms(90),
        rows: vec![document, sheet, old, new, font],
        milestones: vec![
            milestone(MilestoneKind::FirstByte, 40),
            milestone(MilestoneKind::DomContentLoaded, 51),
            milestone(MilestoneKind::FirstPaint, 62),
            milestone(MilestoneKind::Load, 90),
        ],
        connections: vec![connection(1, 2), connection(2, 1), connection(3, 1)],
    }
}

fn show(width: usize, color: Color, charset: Charset) -> String {
    let page = page();
    check_invariants(&page).unwrap();
    render(&page, &TerminalStyle { width, color, charset })
}

#[test]
fn at_eighty_columns_in_ascii() {
    let expected = [
        " #   st type   size conn   time URL            0       20ms    40ms    60ms",
        " 1! 200 html  1.2kB 1+   40.0ms /              dccc--------#####    :          |",
        " 2! 200 css   1.2kB 1    17.0ms /a.css                     : .------#          |",
        " 3  302 img   1.2kB 2+   12.0ms /old.png?v=1               : ~~~--- :          |",
        " 4  200 img   1.2kB 3    32.0ms cdn.h/new.png              :   |  ------########",
        " 5  ERR font     0B -     4.0ms gone.h/f.woff2             :   |    ddx        |",
        "                                                           B   D    P          L",
    ];
    let shown = show(80, Color::Plain, Charset::Ascii);
    assert_eq!(shown.lines().take(7).collect::<Vec<_>>(), expected, "\n{shown}");
}

#[test]
fn every_line_fits_and_colours_change_nothing_but_colour() {
    for charset in [Charset::Unicode, Charset::Ascii] {
        for width in [60, 80, 100, 120, 200, 400] {
            let plain = show(width, Color::Plain, charset);
            for line in plain.lines().take(7) {
                assert!(text::width(line) <= width, "{width}: {line}");
            }
            let colored = show(width, Color::Ansi, charset);
            let mut stripped = String::new();
            for (i, part) in colored.split('\x1b').enumerate() {
                stripped.push_str(if i == 0 { part } else { part.split_once('m').unwrap().1 });
            }
            let trim = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
            assert_eq!(trim(&stripped), trim(&plain));
        }
    }
}

#[test]
fn failures_and_sums_are_told_in_words() {
    let shown = show(120, Color::Plain, Charset::Ascii);
    let tail: Vec<&str> = shown.lines().skip(8).collect();
    assert_eq!(
        tail,
        [
            ". queue  ~ stall  d dns  c connect  > send  - wait  # receive",
            "#5 failed: dns: no \u{fffd}[31maddress (gone.h/f.woff2)",
            "5 requests, 4.9kB over the network, 23kB decoded, 3 connections, 2 reused, 1 redirected, 1 failed",
            "B first byte 30.0ms, D DOMContentLoaded 41.0ms, P first paint 52.0ms, L load 80.0ms, end 80.0ms",
        ]
    );
}

#[test]
fn an_empty_waterfall_is_told_too() {
    let empty = Waterfall {
        origin: SystemTime::UNIX_EPOCH,
        start: ms(0),
        end: ms(0),
        rows: Vec::new(),
        milestones: Vec::new(),
        connections: Vec::new(),
    };
    let style = TerminalStyle { width: 80, color: Color::Plain, charset: Charset::Ascii };
    assert!(render(&empty, &style).contains("0 requests, 0B over the network"));
}
