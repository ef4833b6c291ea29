//! A page on a network in memory: the loader's outputs are acted on, each outcome comes back, what is not wanted any
//! more is dropped. No runtime: everything is ready or never.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, StatusCode, header};
use siskin_engine::Viewport;
use siskin_engine::event::{PageEvent, PageEventKind, PageObserver};
use siskin_engine::load::LoaderConfig;
use siskin_engine::page::{NoSight, Page, PageError, PageHost, WaitUntil};
use siskin_engine::style::GuessedMetrics;
use siskin_net::{
    Body, Error, ErrorKind, Fetch, FetchFuture, NullObserver, Observer, Phase, Request, Response, Source,
    VirtualClock,
};

/// What a URL is answered with.
#[derive(Clone)]
enum Answer {
    /// A type and the pieces of a body.
    Body(&'static str, Vec<&'static str>),
    /// An error.
    Refused,
    /// Not even a head.
    Silence,
    /// A head, one piece, and then nothing.
    Stuck(&'static str, &'static str),
}

struct Memory {
    answers: HashMap<String, Answer>,
    asked: Mutex<Vec<String>>,
    /// Bodies that were dropped before their end.
    dropped: Arc<AtomicUsize>,
}

/// Counts when it goes.
struct Guard(Arc<AtomicUsize>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Fetch for Memory {
    fn fetch(&self, request: Request, _: Arc<dyn Observer>) -> FetchFuture<'_> {
        self.asked.lock().unwrap().push(request.url.to_string());
        let answer = self.answers.get(request.url.as_str()).cloned().unwrap_or(Answer::Refused);
        let dropped = Arc::clone(&self.dropped);
        Box::pin(async move {
            let (content_type, body) = match answer {
                Answer::Refused => {
                    return Err(Error::new(
                        ErrorKind::Connect,
                        Phase::Connect,
                        Some(&request.url),
                        "refused",
                    ));
                }
                Answer::Silence => std::future::pending().await,
                Answer::Body(content_type, pieces) => {
                    let pieces = pieces.into_iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
                    (content_type, Body::from_stream(stream::iter(pieces)))
                }
                Answer::Stuck(content_type, piece) => {
                    let guard = Guard(dropped);
                    let states = stream::unfold((0, guard), move |(turn, guard)| async move {
                        if turn == 0 {
                            return Some((Ok(Bytes::from_static(piece.as_bytes())), (1, guard)));
                        }
                        std::future::pending().await
                    });
                    (content_type, Body::from_stream(states))
                }
            };
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
            Ok(Response {
                url_list: vec![request.url],
                status: StatusCode::OK,
                headers,
                body,
                source: Source::Network,
                protocol: None,
                connection: None,
            })
        })
    }
}

#[derive(Default)]
struct Heard(Mutex<Vec<PageEventKind>>);

impl PageObserver for Heard {
    fn on_page_event(&self, event: PageEvent) {
        self.0.lock().unwrap().push(event.kind);
    }
}

const PAGE: &str = "http://a.test/";

struct Setting {
    page: Page,
    network: Arc<Memory>,
    heard: Arc<Heard>,
}

fn setting(answers: &[(&str, Answer)]) -> Setting {
    let answers = answers.iter().map(|(url, answer)| ((*url).to_owned(), answer.clone())).collect();
    let network = Arc::new(Memory { answers, asked: Mutex::default(), dropped: Arc::default() });
    let heard = Arc::new(Heard::default());
    let host = PageHost {
        fetch: Arc::clone(&network) as Arc<dyn Fetch>,
        clock: Arc::new(VirtualClock::default()),
        net_observer: Arc::new(NullObserver),
        page_observer: Arc::clone(&heard) as Arc<dyn PageObserver>,
        font_metrics: Arc::new(GuessedMetrics),
        sight: Arc::new(NoSight),
    };
    Setting { page: Page::new(LoaderConfig::new(PAGE.parse().unwrap()), host), network, heard }
}

/// Polls until nothing moves: a future that is still pending then waits for something that never comes.
fn run<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Some(value);
        }
    }
    None
}

fn never() -> impl Future<Output = ()> {
    std::future::pending()
}

#[test]
fn a_page_with_parts_is_loaded() {
    let html = ["<!doctype html><title>t</title><link rel=style", "sheet href=a.css><img src=b.png>"];
    let Setting { mut page, network, heard } = setting(&[
        (PAGE, Answer::Body("text/html; charset=utf-8", html.to_vec())),
        ("http://a.test/a.css", Answer::Body("text/css", vec!["p { color", ": red }"])),
    ]);
    let loaded = run(page.load(WaitUntil::Idle, never())).unwrap().unwrap();
    assert_eq!(loaded.status, 200);
    assert_eq!(loaded.snapshot.document.title().as_deref(), Some("t"));
    assert_eq!(*network.asked.lock().unwrap(), [PAGE, "http://a.test/a.css", "http://a.test/b.png"]);
    assert_eq!(loaded.failed.len(), 1);
    assert_eq!(loaded.failed[0].message, "connect: refused (http://a.test/b.png)");
    let mut expected = vec![
        PageEventKind::NavigationStart,
        PageEventKind::FirstByte,
        PageEventKind::DomContentLoaded,
        PageEventKind::FirstPaintPossible,
        PageEventKind::Load,
        PageEventKind::NetworkIdle,
    ];
    let mut heard = heard.0.lock().unwrap().clone();
    assert_eq!(heard.first(), expected.first());
    assert_eq!(heard.last(), expected.last());
    heard.sort_by_key(|kind| format!("{kind:?}"));
    expected.sort_by_key(|kind| format!("{kind:?}"));
    assert_eq!(heard, expected);
}

#[test]
fn the_documents_failure_is_the_pages() {
    let Setting { mut page, .. } = setting(&[]);
    let error = run(page.load(WaitUntil::Load, never())).unwrap().unwrap_err();
    assert!(matches!(&error, PageError::Net(error) if error.kind == ErrorKind::Connect));
    assert_eq!(error.to_string(), "connect: refused (http://a.test/)");
    assert!(page.stop().is_none());
}

#[test]
fn waiting_ends_with_what_was_waited_for() {
    let html = "<!doctype html><img src=never.png><p>x";
    let answers =
        [(PAGE, Answer::Body("text/html", vec![html])), ("http://a.test/never.png", Answer::Silence)];
    let Setting { mut page, .. } = setting(&answers);
    let loaded = run(page.load(WaitUntil::DomContentLoaded, never())).unwrap().unwrap();
    assert_eq!(loaded.snapshot.resources.len(), 1);
    assert!(run(page.load(WaitUntil::Load, never())).is_none(), "the image never comes");

    let error = run(page.load(WaitUntil::Load, async {})).unwrap().unwrap_err();
    assert!(matches!(error, PageError::Timeout { .. }));
    assert!(error.to_string().contains("still waiting for http://a.test/never.png"), "{error}");
    let loaded = page.stop().unwrap();
    assert_eq!(loaded.failed[0].kind, Some(ErrorKind::Timeout));
}

#[test]
fn a_page_that_is_given_up_drops_its_fetches() {
    let answers = [
        (
            PAGE,
            Answer::Stuck("text/html; charset=utf-8", "<!doctype html><title>half</title><img src=b.png>"),
        ),
        ("http://a.test/b.png", Answer::Stuck("image/png", "x")),
    ];
    let Setting { mut page, network, .. } = setting(&answers);
    assert!(run(page.load(WaitUntil::Load, never())).is_none());
    assert_eq!(network.dropped.load(Ordering::SeqCst), 0);
    let half = page.stop().unwrap();
    assert_eq!(half.snapshot.document.title().as_deref(), Some("half"));
    // What was canceled is dropped when the page is next polled, or with the page.
    drop(page);
    assert_eq!(network.dropped.load(Ordering::SeqCst), 2);
}

#[test]
fn another_viewport_needs_no_network() {
    let Setting { mut page, network, .. } = setting(&[(PAGE, Answer::Body("text/html", vec!["<p>x"]))]);
    let first = run(page.load(WaitUntil::Load, never())).unwrap().unwrap().snapshot;
    let narrow = page.resize(Viewport { width: 320.0, ..Viewport::default() }).unwrap();
    assert!(narrow.generation > first.generation);
    assert_eq!((first.viewport.width, narrow.viewport.width), (1280.0, 320.0));
    assert_eq!(network.asked.lock().unwrap().len(), 1);
}

/// Loads and gives the page and what was asked for.
fn load_all(answers: &[(&str, Answer)]) -> (siskin_engine::page::Loaded, Vec<String>) {
    let Setting { mut page, network, .. } = setting(answers);
    let loaded = run(page.load(WaitUntil::Idle, never())).unwrap().unwrap();
    let asked = network.asked.lock().unwrap().clone();
    (loaded, asked)
}

#[test]
fn nested_documents_are_pages_of_their_own() {
    let html = |text| Answer::Body("text/html", vec![text]);
    let (loaded, asked) = load_all(&[
        (
            "http://a.test/",
            html(
                "<iframe src=f></iframe><iframe srcdoc='<img src=i>'></iframe><object data=o></object><object data=p>x</object><iframe src=gone></iframe>",
            ),
        ),
        ("http://a.test/f", html("<title>f</title><iframe src='/'></iframe><link rel=stylesheet href=s>")),
        ("http://a.test/s", Answer::Body("text/css", vec!["p {}"])),
        ("http://a.test/o", html("<title>o</title>")),
        ("http://a.test/p", Answer::Body("image/png", vec!["x"])),
    ]);
    let titles = |snapshot: &siskin_engine::Snapshot| {
        let mut titles: Vec<String> = snapshot.frames.values().filter_map(|f| f.document.title()).collect();
        titles.sort();
        titles
    };
    assert_eq!(titles(&loaded.snapshot), ["f", "o"]);
    // f, srcdoc, o: an image is no document, and what did not come neither.
    assert_eq!(loaded.snapshot.frames.len(), 3);
    let f = loaded.snapshot.frames.values().find(|f| f.document.title().as_deref() == Some("f")).unwrap();
    // The page is in itself once, and no deeper.
    let again = f.frames.values().next().unwrap();
    assert!(again.frames.values().all(|frame| frame.frames.is_empty()), "{:?}", again.frames.len());
    for url in ["i", "s", "o", "p"] {
        let url = format!("http://a.test/{url}");
        assert!(asked.contains(&url), "{url} in {asked:?}");
    }
    assert!(loaded.failed.iter().any(|failed| failed.url.path() == "/gone"));
}

#[test]
fn the_load_event_waits_for_nested_documents() {
    let html = |text| Answer::Body("text/html", vec![text]);
    let Setting { mut page, .. } = setting(&[
        ("http://a.test/", html("<iframe src=f></iframe>")),
        ("http://a.test/f", Answer::Stuck("text/html", "<p>")),
    ]);
    assert!(run(page.load(WaitUntil::Load, never())).is_none());
    let error = run(page.load(WaitUntil::Load, std::future::ready(()))).unwrap().unwrap_err();
    assert!(error.to_string().contains("a frame"), "{error}");
    let stopped = page.stop().unwrap();
    assert_eq!(stopped.snapshot.frames.len(), 1, "what is there of it is shown");
}
