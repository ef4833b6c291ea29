//! Sites with scripted latency: the order in which a page's requests leave, what waits for what, and faults that hold up
//! nothing. No time is measured: the server's pauses are long beside what the engine does between them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use clap::Parser;
use siskin::args::{Cli, Command as Verb};
use siskin::browser::{Browser, Listeners};
use siskin::config::LoadConfig;
use siskin_engine::event::{PageEvent, PageObserver};
use siskin_engine::load::IconPolicy;
use siskin_engine::page::{Loaded, PageError, WaitUntil};
use siskin_net::{ErrorKind, FetchId, NetEvent, NetEventKind, Observer};
use siskin_test_pages::server::{Ending, Reply, Script, Server};
use siskin_test_pages::site;

/// What happened, in order: `ask /x by …`, `piece 2` (of the document), `end /x`, `event Load`.
#[derive(Default)]
struct Notes(Mutex<Told>);

#[derive(Default)]
struct Told {
    lines: Vec<String>,
    paths: Vec<(FetchId, String)>,
    pieces: usize,
}

impl Observer for Notes {
    fn on_event(&self, event: NetEvent) {
        let mut told = self.0.lock().unwrap();
        let path = told.paths.iter().find(|(id, _)| *id == event.fetch).map(|(_, path)| path.clone());
        let path = path.unwrap_or_default();
        let line = match event.kind {
            NetEventKind::Requested { url, initiator, .. } => {
                told.paths.push((event.fetch, url.path().to_owned()));
                format!("ask {} by {}", url.path(), initiator.kind.as_str())
            }
            NetEventKind::Data { .. } if event.fetch == FetchId(1) => {
                told.pieces += 1;
                format!("piece {}", told.pieces)
            }
            NetEventKind::Ended { .. } => format!("end {path}"),
            _ => return,
        };
        told.lines.push(line);
    }
}

impl PageObserver for Notes {
    fn on_page_event(&self, event: PageEvent) {
        self.0.lock().unwrap().lines.push(format!("event {:?}", event.kind));
    }
}

/// A load as the command line describes it.
fn config(url: &str, arguments: &[&str]) -> LoadConfig {
    let start = ["siskin", "trace", "--fonts", "bundled", url];
    let cli = Cli::try_parse_from(start.iter().chain(arguments)).unwrap();
    let Verb::Trace(args) = cli.command else { panic!("trace was asked for") };
    LoadConfig::new(&args.page, &args.load, WaitUntil::Idle).unwrap()
}

fn visit(config: &LoadConfig) -> (Result<Loaded, PageError>, Vec<String>) {
    let notes = Arc::new(Notes::default());
    let listeners = Listeners { net: notes.clone(), page: notes.clone() };
    let result = Browser::for_load(config).unwrap().visit(config, &listeners).result;
    let lines = std::mem::take(&mut notes.0.lock().unwrap().lines);
    (result, lines)
}

/// Whether one line stands before another; both must be there.
fn is_before(lines: &[String], first: &str, second: &str) -> bool {
    let at = |line: &str| lines.iter().position(|known| known.starts_with(line));
    match (at(first), at(second)) {
        (Some(first), Some(second)) => first < second,
        _ => panic!("{first} and {second} are to be in {lines:#?}"),
    }
}

#[test]
fn requests_leave_while_the_document_is_on_its_way() {
    let server = Server::start(Script::folder(site("streaming")).unwrap()).unwrap();
    let mut config = config(&server.url("/index.html"), &[]);
    config.extent.icons = IconPolicy::Fetch;
    let (result, lines) = visit(&config);
    let loaded = result.unwrap();
    assert!(loaded.failed.is_empty(), "{:?}", loaded.failed);
    for (first, second) in [
        // The sheet that the first kilobyte names, before the second one is sent; and what it imports before it is whole.
        ("ask /first.css by preload-scanner", "piece 2"),
        ("ask /import.css by import", "end /first.css"),
        // The page can be painted, and what its beginning uses is asked for, before its end is there.
        ("end /import.css", "event FirstPaintPossible"),
        ("event FirstPaintPossible", "end /index.html"),
        ("ask /background.png by style", "end /index.html"),
        // A sheet in the body holds up the end of parsing, and not the first paint.
        ("event FirstPaintPossible", "ask /late.css"),
        ("end /late.css", "event DomContentLoaded"),
        ("event DomContentLoaded", "event Load"),
        ("end /shown.png", "event Load"),
        // The icon comes last, and nothing waits for it.
        ("event Load", "ask /icon.png by browser"),
        ("event NetworkIdle", "end /icon.png"),
    ] {
        assert!(is_before(&lines, first, second), "{first} before {second}: {lines:#?}");
    }
    assert!(!lines.iter().any(|line| line.contains("far.png")), "it is far away: {lines:#?}");
    // On the wire it is the same.
    let seen: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    let at = |path: &str| seen.iter().position(|target| target == path).unwrap();
    assert!(at("/index.html") < at("/first.css") && at("/first.css") < at("/late.css"), "{seen:?}");
}

#[test]
fn faults_hold_up_nothing_and_are_told() {
    let server = Server::start(Script::folder(site("faults")).unwrap()).unwrap();
    let (result, lines) = visit(&config(&server.url("/index.html"), &["--request-timeout", "700ms"]));
    let loaded = result.unwrap();
    assert!(lines.contains(&"event NetworkIdle".to_owned()), "{lines:#?}");
    let failed: Vec<(&str, Option<ErrorKind>)> =
        loaded.failed.iter().map(|failed| (failed.url.path(), failed.kind)).collect();
    for expected in [
        ("/loop.css", Some(ErrorKind::Redirect)),
        ("/wrong-type.css", None),
        ("/torn.css", Some(ErrorKind::Protocol)),
        ("/missing.css", None),
        ("/never.png", Some(ErrorKind::Timeout)),
        ("/torn.png", Some(ErrorKind::Protocol)),
    ] {
        assert!(failed.contains(&expected), "{expected:?}: {failed:?}");
    }
    assert_eq!(failed.len(), 6, "{failed:?}");
    // A sheet that imports itself is asked for once, and applies.
    assert_eq!(server.seen().iter().filter(|seen| seen.target == "/itself.css").count(), 1);
    let document = &loaded.snapshot.document;
    let title = document.elements().find(|&node| document.element(node).unwrap().id().is_some()).unwrap();
    let green = siskin_engine::css::named_color("green").unwrap();
    assert_eq!(loaded.snapshot.styles.get(title).unwrap().text.color, green);
}

#[test]
fn bad_input_ends_and_is_shown() {
    let html = |body: &[u8]| Reply::ok("text/html", [b"<!doctype html>", body].concat());
    let half = Reply { ending: Ending::CloseAfter(24), ..html(b"half a page, and no more") };
    let half = half.header("Content-Length", "39");
    let script = Script::new()
        .on("/imports", html(b"<link rel=stylesheet href=a.css><p id=x>x<iframe src=half></iframe>"))
        .on("/a.css", Reply::ok("text/css", "@import 'b.css';"))
        .on("/b.css", Reply::ok("text/css", "@import 'a.css'; @import 'b.css'; p { color: green }"))
        .on("/half", half)
        .on("/self", html(b"<p>me</p><iframe src=self></iframe>"))
        .on("/utf8", html(b"<meta charset=utf-8><p>a\xff\xfeb\xc3(c\xed\xa0\x80"))
        .on("/lie", Reply::ok("text/html; charset=utf-16", "<!doctype html><p>x"));
    let server = Server::start(script).unwrap();
    let open = |path: &str| visit(&config(&server.url(path), &[])).0.unwrap();
    let asked = |path: &str| server.seen().iter().filter(|seen| seen.target == path).count();
    // Sheets that import each other come once and apply; a frame that breaks off shows what came, and is told.
    let loaded = open("/imports");
    let document = &loaded.snapshot.document;
    let x = document.elements().find(|&node| document.element(node).unwrap().id().is_some()).unwrap();
    let green = siskin_engine::css::named_color("green").unwrap();
    assert_eq!(loaded.snapshot.styles.get(x).unwrap().text.color, green);
    assert_eq!((asked("/a.css"), asked("/b.css")), (1, 1));
    let frame = loaded.snapshot.frames.values().next().unwrap();
    let text = frame.document.text_content(frame.document.root());
    assert!(text.starts_with("half a") && text.len() < 20, "{text}");
    assert!(loaded.failed.iter().any(|failed| failed.message.ends_with("ends there")), "{:?}", loaded.failed);
    // A document may be in itself once, as in Chromium.
    let loaded = open("/self");
    let inner = loaded.snapshot.frames.values().next().unwrap();
    assert!(inner.frames.is_empty());
    // What is no UTF-8 is replaced as the Encoding standard says; a charset that the server names is believed.
    let text = |path: &str| {
        let document = open(path).snapshot.document;
        document.text_content(document.body().unwrap())
    };
    assert_eq!(text("/utf8"), "a\u{fffd}\u{fffd}b\u{fffd}(c\u{fffd}\u{fffd}\u{fffd}");
    assert!(!text("/lie").contains('x'));
}

#[test]
fn a_page_is_ready_when_one_says_so() {
    let server = Server::start(Script::folder(site("streaming")).unwrap()).unwrap();
    let url = server.url("/index.html");
    let (result, lines) = visit(&config(&url, &["--wait-until", "dom", "--wait-for", "h1 ~ img"]));
    result.unwrap();
    assert!(lines.contains(&"event DomContentLoaded".to_owned()), "{lines:#?}");
    let (result, lines) = visit(&config(&url, &["--wait-until", "300ms"]));
    result.unwrap();
    assert!(lines.contains(&"event Load".to_owned()), "{lines:#?}");
    let (result, _) = visit(&config(&url, &["--wait-for", "#nobody"]));
    let error = result.unwrap_err();
    assert!(
        matches!(error, PageError::NeverThere { .. }) && error.to_string().contains("`#nobody`"),
        "{error}"
    );
    let (result, _) = visit(&config(&url, &["--timeout", "300ms"]));
    assert!(matches!(result.unwrap_err(), PageError::Timeout { .. }));
}

#[test]
fn a_page_that_replaces_itself_at_once_is_followed() {
    let page = |title: &str, refresh: &str| {
        Reply::ok("text/html", format!("<title>{title}</title><meta http-equiv=refresh content='{refresh}'>"))
    };
    let script = Script::new()
        .on("/", page("first", "0; url=/next"))
        .on("/next", page("next", "0"))
        .on("/later", page("later", "60; url=/"));
    let server = Server::start(script).unwrap();
    for (path, title) in [("/", "next"), ("/later", "later")] {
        let (result, _) = visit(&config(&server.url(path), &[]));
        assert_eq!(result.unwrap().snapshot.document.title().as_deref(), Some(title));
    }
}

#[test]
fn what_is_waited_for_and_does_not_come_is_exit_code_28() {
    let picture = std::env::temp_dir().join(format!("siskin-order-{}.png", std::process::id()));
    let page = "data:text/html,<p id=there>x";
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_siskin"));
        command.args(["screenshot", page, "--fonts", "bundled", "-o"]).arg(Path::new(&picture));
        let output = command.args(arguments).output().unwrap();
        let is_written = std::fs::remove_file(&picture).is_ok();
        (output.status.code(), String::from_utf8(output.stderr).unwrap(), is_written)
    };
    assert_eq!(run(&["--wait-for", "#there"]), (Some(0), String::new(), true));
    let (code, told, is_written) = run(&["--wait-for", "#gone"]);
    assert_eq!((code, is_written), (Some(28), false));
    assert!(told.contains("no element matches `#gone`"), "{told}");
    let (code, _, is_written) = run(&["--wait-for", "#gone", "--on-timeout", "shoot"]);
    assert_eq!((code, is_written), (Some(28), true));
    for (argument, value) in [("--wait-for", "p..x"), ("--wait-until", "soon"), ("--request-timeout", "0")] {
        let (code, told, _) = run(&[argument, value]);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(argument), "{told}");
    }
    assert_eq!(run(&["--wait-until", "50ms"]).0, Some(0));
}
