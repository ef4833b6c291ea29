//! Scripts for the loader: what goes in, what must come out, on a virtual clock, without any IO.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use siskin_engine::Viewport;
use siskin_engine::load::{HttpErrorPolicy, Input, Loader, LoaderConfig, Output, ResponseHead};
use siskin_engine::style::GuessedMetrics;
use siskin_net::{Advice, Error, ErrorKind, FetchId, Phase, Timestamp};
use url::Url;

/// A loader under test: keeps the time, knows the fetches by URL, and writes outputs as lines.
struct Script {
    loader: Loader,
    now: Timestamp,
    fetches: Vec<(String, FetchId)>,
}

impl Script {
    fn new(url: &str) -> Self {
        Self::with(LoaderConfig::new(url.parse().expect("a valid URL")))
    }

    fn with(config: LoaderConfig) -> Self {
        let loader = Loader::new(config, Arc::new(GuessedMetrics));
        Self { loader, now: Timestamp::ZERO, fetches: Vec::new() }
    }

    fn give(&mut self, input: Input) -> String {
        let mut told = String::new();
        for output in self.loader.handle(input, self.now) {
            let line = match output {
                Output::Fetch(request) => {
                    self.fetches.push((request.url.to_string(), request.id));
                    let blocking = if request.render_blocking { " blocking" } else { "" };
                    let by = request.initiator.kind.as_str();
                    format!("fetch {} {}{blocking} by {by}", request.url, request.priority.label())
                }
                Output::Cancel(id) => format!("cancel {}", id.0),
                Output::Event(event) => format!("{:?}", event.kind),
                Output::Frame(frame) => format!("frame {}", frame.url),
                Output::CloseFrames => "close frames".to_owned(),
                Output::Failed(error) => format!("failed {error}"),
                Output::Preconnect { url, credentials } => format!("preconnect {url} {credentials:?}"),
                Output::DnsPrefetch { host } => format!("look up {host}"),
                Output::Advise(Advice::BodyReached { .. }) => continue,
                Output::Advise(Advice::Priority { fetch, priority }) => {
                    format!("raise {} to {}", fetch.0, priority.label())
                }
                Output::Locate(nodes) => format!("locate {}", nodes.len()),
            };
            writeln!(told, "{line}").expect("a String takes all");
        }
        self.now = self.now + Duration::from_millis(1);
        told
    }

    fn id(&self, url: &str) -> FetchId {
        self.fetches
            .iter()
            .find(|(known, _)| known == url)
            .unwrap_or_else(|| panic!("{url} was not fetched"))
            .1
    }

    fn head(&mut self, url: &str, status: u16, content_type: &str) -> String {
        let mut headers = HeaderMap::new();
        if !content_type.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).expect("a valid value"));
        }
        let status = StatusCode::from_u16(status).expect("a valid status");
        let final_url: Url = url.parse().expect("a valid URL");
        self.give(Input::Response(self.id(url), ResponseHead { final_url, status, headers }))
    }

    fn chunk(&mut self, url: &str, bytes: &str) -> String {
        self.give(Input::Chunk(self.id(url), Bytes::copy_from_slice(bytes.as_bytes())))
    }

    fn end(&mut self, url: &str) -> String {
        self.give(Input::End(self.id(url)))
    }

    /// The whole response in three steps.
    fn respond(&mut self, url: &str, content_type: &str, body: &str) -> String {
        self.head(url, 200, content_type) + &self.chunk(url, body) + &self.end(url)
    }

    fn fail(&mut self, url: &str) -> String {
        let error_url: Url = url.parse().expect("a valid URL");
        let error = Error::new(ErrorKind::Connect, Phase::Connect, Some(&error_url), "refused");
        self.give(Input::Failed(self.id(url), error))
    }

    /// Starts, and answers with `html`.
    fn open(&mut self, url: &str, html: &str) -> String {
        self.give(Input::Start);
        self.respond(url, "text/html; charset=utf-8", html)
    }
}

const PAGE: &str = "http://a.test/";

#[test]
fn a_page_without_subresources_passes_every_milestone_once() {
    let mut script = Script::new(PAGE);
    assert_eq!(
        script.give(Input::Start),
        "NavigationStart\nfetch http://a.test/ VeryHigh blocking by navigation\n"
    );
    assert_eq!(script.head(PAGE, 200, "text/html"), "FirstByte\n");
    assert_eq!(script.chunk(PAGE, "<!doctype html><meta charset=utf-8><p>x"), "FirstPaintPossible\n");
    assert_eq!(script.end(PAGE), "DomContentLoaded\nLoad\nNetworkIdle\n");
    assert_eq!(script.give(Input::Start), "", "a second start is none");
    assert_eq!(script.end(PAGE), "", "an end that was told already is none");
    let times: Vec<f64> = script.loader.milestones().events().iter().map(|e| e.at.as_millis_f64()).collect();
    assert_eq!(times, [0.0, 1.0, 2.0, 3.0, 3.0, 3.0]);
}

#[test]
fn a_sheet_blocks_paint_and_its_imports_block_too() {
    let mut script = Script::new(PAGE);
    let told = script.open(PAGE, "<!doctype html><link rel=stylesheet href=a.css><p>x");
    assert_eq!(
        told,
        "FirstByte\nfetch http://a.test/a.css VeryHigh blocking by preload-scanner\nDomContentLoaded\n"
    );
    let told =
        script.respond("http://a.test/a.css", "text/css", "@import \"b.css\"; @import \"c.css\" print;");
    assert_eq!(
        told,
        "fetch http://a.test/b.css VeryHigh blocking by import\nfetch http://a.test/c.css VeryLow by import\n"
    );
    assert!(script.loader.styled().is_none());
    assert_eq!(script.respond("http://a.test/b.css", "text/css", ""), "FirstPaintPossible\nLoad\n");
    assert!(script.loader.styled().is_some());
    assert_eq!(script.respond("http://a.test/c.css", "text/css", ""), "NetworkIdle\n");
}

#[test]
fn a_url_is_fetched_once_however_often_it_is_wanted() {
    let mut script = Script::new(PAGE);
    let told = script.open(PAGE, "<!doctype html><img src=x.png><img src=x.png#f><img src=y.png>");
    assert_eq!(told.matches("fetch").count(), 2, "{told}");
    assert!(!told.contains("\nLoad\n"), "images delay load: {told}");
    assert_eq!(script.respond("http://a.test/x.png", "image/png", "not really"), "");
    assert_eq!(script.respond("http://a.test/y.png", "image/png", "not really"), "Load\nNetworkIdle\n");
    assert_eq!(script.loader.resources().len(), 2);
}

#[test]
fn a_failed_subresource_unblocks_and_is_counted() {
    let mut script = Script::new(PAGE);
    script.open(
        PAGE,
        "<!doctype html><link rel=stylesheet href=a.css><link rel=stylesheet href=b.css><img src=c.png>",
    );
    assert_eq!(script.fail("http://a.test/a.css"), "");
    let told = script.head("http://a.test/b.css", 404, "text/css") + &script.end("http://a.test/b.css");
    assert_eq!(told, "FirstPaintPossible\n");
    let told = script.head("http://a.test/c.png", 500, "image/png") + &script.end("http://a.test/c.png");
    assert_eq!(told, "Load\nNetworkIdle\n");
    let messages: Vec<String> = script.loader.failed().into_iter().map(|f| f.message).collect();
    assert_eq!(
        messages,
        [
            "connect: refused (http://a.test/a.css)",
            "http: the server answered 404 Not Found (http://a.test/b.css)",
            "http: the server answered 500 Internal Server Error (http://a.test/c.png)",
        ]
    );
}

#[test]
fn a_sheet_of_the_wrong_type_is_taken_in_quirks_mode_only() {
    for (doctype, failures) in [("<!doctype html>", 1), ("", 0)] {
        let mut script = Script::new(PAGE);
        script.open(PAGE, &format!("{doctype}<link rel=stylesheet href=a.css>"));
        let told = script.respond("http://a.test/a.css", "text/plain", "p {}");
        assert_eq!(told, "FirstPaintPossible\nLoad\nNetworkIdle\n");
        assert_eq!(script.loader.failed().len(), failures, "{doctype}");
    }
}

#[test]
fn a_cycle_of_imports_ends() {
    let mut script = Script::new(PAGE);
    script.open(PAGE, "<!doctype html><link rel=stylesheet href=a.css>");
    script.respond("http://a.test/a.css", "text/css", "@import \"b.css\";");
    let told = script.respond("http://a.test/b.css", "text/css", "@import \"a.css\"; @import \"b.css\";");
    assert_eq!(told, "FirstPaintPossible\nLoad\nNetworkIdle\n");
}

#[test]
fn a_chain_of_imports_is_cut() {
    let mut script = Script::new(PAGE);
    let mut told = script.open(PAGE, "<!doctype html><link rel=stylesheet href=0.css>");
    let mut depth = 0;
    while told.contains("fetch") {
        let url = format!("http://a.test/{depth}.css");
        depth += 1;
        told = script.respond(&url, "text/css", &format!("@import \"{depth}.css\";"));
    }
    assert_eq!(depth, siskin_engine::limits::MAX_IMPORT_DEPTH + 1);
    assert_eq!(told, "FirstPaintPossible\nLoad\nNetworkIdle\n");
    assert!(script.loader.diagnostics().iter().any(|d| d.message.contains("too deep")));
}

#[test]
fn style_elements_block_with_their_imports_and_an_element_counts_once() {
    let mut script = Script::new(PAGE);
    let told = script.open(
        PAGE,
        "<!doctype html><style>@import \"a.css\";</style><style media=print>@import \"b.css\";</style>",
    );
    assert!(told.contains("fetch http://a.test/a.css VeryHigh blocking by preload-scanner"), "{told}");
    assert!(told.contains("fetch http://a.test/b.css VeryLow by preload-scanner"), "{told}");
    assert_eq!(script.respond("http://a.test/a.css", "text/css", ""), "FirstPaintPossible\nLoad\n");
}

#[test]
fn links_that_bring_no_sheet() {
    let mut script = Script::new(PAGE);
    let told = script.open(
        PAGE,
        "<!doctype html><link rel=stylesheet href=''>\
         <link rel=stylesheet type=text/less href=2.css><link rel=stylesheet disabled href=3.css>\
         <template><link rel=stylesheet href=4.css><img src=5.png></template>\
         <link rel=stylesheet title=one href=6.css><link rel=stylesheet title=two href=7.css>",
    );
    let fetched: Vec<&str> =
        told.lines().filter_map(|line| line.strip_prefix("fetch http://a.test/")).collect();
    assert_eq!(fetched, ["6.css VeryHigh blocking by preload-scanner", "7.css VeryLow by preload-scanner"]);
}

#[test]
fn an_alternate_sheet_comes_last_and_blocks_nothing() {
    let mut script = Script::new(PAGE);
    let told = script.open(PAGE, "<!doctype html><link rel='alternate stylesheet' title=x href=a.css><p>x");
    assert!(told.contains("fetch http://a.test/a.css VeryLow by preload-scanner"), "{told}");
    assert!(told.ends_with("FirstPaintPossible\nDomContentLoaded\nLoad\n"), "{told}");
    assert_eq!(script.respond("http://a.test/a.css", "text/css", "@import 'b.css';"), "NetworkIdle\n");
}

#[test]
fn a_base_element_moves_what_comes_after_it() {
    let mut script = Script::new(PAGE);
    let told = script.open(PAGE, "<!doctype html><base href=/sub/><link rel=stylesheet href=a.css>");
    assert!(told.contains("fetch http://a.test/sub/a.css"), "{told}");
}

#[test]
fn the_document_in_pieces_asks_for_the_same() {
    let html =
        "<!doctype html><head><meta charset=utf-8><style>@import \"a.css\";</style><body><img src=b.png>";
    let fetches = |size: usize| {
        let mut script = Script::new(PAGE);
        script.give(Input::Start);
        let mut told = script.head(PAGE, 200, "text/html; charset=utf-8");
        for piece in html.as_bytes().chunks(size) {
            told += &script.chunk(PAGE, std::str::from_utf8(piece).expect("ASCII"));
        }
        told += &script.end(PAGE);
        told.lines().filter(|line| line.starts_with("fetch")).map(str::to_owned).collect::<Vec<_>>()
    };
    let whole = fetches(html.len());
    assert_eq!(whole.len(), 2);
    for size in [1, 2, 7, 50] {
        assert_eq!(fetches(size), whole, "pieces of {size} bytes");
    }
}

#[test]
fn a_document_that_does_not_come_is_an_error_of_its_own_kind() {
    let mut script = Script::new(PAGE);
    script.give(Input::Start);
    assert_eq!(script.fail(PAGE), "failed connect: refused (http://a.test/)\n");

    let mut script = Script::new(PAGE);
    script.give(Input::Start);
    let told = script.head(PAGE, 404, "text/html");
    assert_eq!(
        told,
        "FirstByte\ncancel 1\nfailed http: the server answered 404 Not Found (http://a.test/)\n"
    );
    assert_eq!(script.chunk(PAGE, "<img src=x>"), "", "nothing more is wanted");

    let mut script = Script::new(PAGE);
    script.give(Input::Start);
    let told = script.head(PAGE, 200, "application/pdf");
    assert!(
        told.ends_with("failed type: application/pdf cannot be shown as a page (http://a.test/)\n"),
        "{told}"
    );
}

#[test]
fn an_http_error_page_is_shown_to_those_who_want_it() {
    let config = LoaderConfig {
        http_errors: HttpErrorPolicy::Render,
        ..LoaderConfig::new(PAGE.parse().expect("valid"))
    };
    let mut script = Script::with(config);
    script.give(Input::Start);
    script.head(PAGE, 404, "text/html");
    script.chunk(PAGE, "<!doctype html><title>gone</title>");
    assert!(script.end(PAGE).ends_with("Load\nNetworkIdle\n"));
    assert_eq!(script.loader.status(), Some(404));
    assert_eq!(script.loader.styled().expect("styled").document.title().as_deref(), Some("gone"));
}

#[test]
fn a_document_that_breaks_off_cancels_what_it_asked_for() {
    let mut script = Script::new(PAGE);
    script.give(Input::Start);
    script.head(PAGE, 200, "text/html; charset=utf-8");
    script.chunk(PAGE, "<!doctype html><img src=x.png><p>");
    assert_eq!(script.fail(PAGE), "cancel 2\nfailed connect: refused (http://a.test/)\n");
}

#[test]
fn stopping_makes_a_page_of_what_is_there() {
    let mut script = Script::new(PAGE);
    script.give(Input::Start);
    script.head(PAGE, 200, "text/html; charset=utf-8");
    script.chunk(PAGE, "<!doctype html><title>half</title><link rel=stylesheet href=a.css><p>x");
    assert!(script.loader.styled().is_none());
    let told = script.give(Input::Stop);
    assert!(told.contains("cancel 1\ncancel 2\n") && !told.contains("Load"), "{told}");
    assert_eq!(script.loader.styled().expect("styled").document.title().as_deref(), Some("half"));
    assert_eq!(script.loader.failed()[0].kind, Some(ErrorKind::Timeout));
}

#[test]
fn files_are_not_for_pages_from_elsewhere() {
    let html = "<!doctype html><img src=file:///etc/passwd>";
    let mut script = Script::new(PAGE);
    let told = script.open(PAGE, html);
    assert!(!told.contains("fetch"), "{told}");
    assert!(told.ends_with("Load\nNetworkIdle\n"), "{told}");
    assert_eq!(script.loader.failed()[0].kind, Some(ErrorKind::Blocked));

    let mut script = Script::new("file:///x.html");
    assert!(script.open("file:///x.html", html).contains("fetch file:///etc/passwd"));
}

#[test]
fn a_page_can_ask_for_so_much_and_no_more() {
    let limit = siskin_engine::limits::MAX_SUBRESOURCES;
    let html =
        (0..limit + 10).fold("<!doctype html>".to_owned(), |html, i| html + &format!("<img src={i}.png>"));
    let mut script = Script::new(PAGE);
    assert_eq!(script.open(PAGE, &html).matches("fetch").count(), limit);
    assert_eq!(script.loader.diagnostics().iter().filter(|d| d.message.contains("subresources")).count(), 1);
    assert_eq!(script.loader.past_limit(), 10);
}

#[test]
fn a_body_without_end_fails_its_fetch_alone() {
    let mut script = Script::new(PAGE);
    script.open(PAGE, "<!doctype html><img src=x.png>");
    let url = "http://a.test/x.png";
    script.head(url, 200, "image/png");
    let mib = Bytes::from(vec![0_u8; 1024 * 1024]);
    let mut told = String::new();
    for _ in 0..siskin_engine::limits::MAX_RESOURCE_BYTES / (1024 * 1024) + 1 {
        told += &script.give(Input::Chunk(script.id(url), mib.clone()));
    }
    assert_eq!(told, "cancel 2\nLoad\nNetworkIdle\n");
    assert_eq!(script.loader.failed()[0].kind, Some(ErrorKind::TooLarge));
}

#[test]
fn own_headers_go_to_the_own_origin_only() {
    let mut config = LoaderConfig::new(PAGE.parse().expect("valid"));
    config.headers.insert("x-key", HeaderValue::from_static("secret"));
    let mut loader = Loader::new(config, Arc::new(GuessedMetrics));
    let mut requests = Vec::new();
    let mut take = |outputs: Vec<Output>| {
        for output in outputs {
            if let Output::Fetch(request) = output {
                requests.push((request.url.to_string(), request.headers.contains_key("x-key")));
            }
        }
    };
    take(loader.handle(Input::Start, Timestamp::ZERO));
    let head = ResponseHead {
        final_url: PAGE.parse().expect("valid"),
        status: StatusCode::OK,
        headers: HeaderMap::new(),
    };
    take(loader.handle(Input::Response(FetchId(1), head), Timestamp::ZERO));
    let html = Bytes::from_static(b"<!doctype html><img src=x.png><img src=http://b.test/y.png>");
    take(loader.handle(Input::Chunk(FetchId(1), html), Timestamp::ZERO));
    take(loader.handle(Input::End(FetchId(1)), Timestamp::ZERO));
    assert_eq!(
        requests,
        [
            (PAGE.to_owned(), true),
            ("http://a.test/x.png".to_owned(), true),
            ("http://b.test/y.png".to_owned(), false)
        ]
    );
}

#[test]
fn another_viewport_styles_again_without_the_network() {
    let mut script = Script::new(PAGE);
    script.open(PAGE, "<!doctype html><p>x");
    let generation = script.loader.generation();
    assert_eq!(script.give(Input::Resize(Viewport::default())), "");
    assert_eq!(script.loader.generation(), generation, "the same viewport is no change");
    assert_eq!(script.give(Input::Resize(Viewport { width: 320.0, ..Viewport::default() })), "");
    assert!(script.loader.generation() > generation);
}

#[test]
fn the_media_type_chooses_the_syntax() {
    // To HTML all of it is the text of a title.
    let page =
        "<html xmlns='http://www.w3.org/1999/xhtml'><title/><link rel='stylesheet' href='a.css'/></html>";
    for (content_type, is_xml) in [
        ("text/html", false),
        ("application/xhtml+xml", true),
        ("application/xml; charset=utf-8", true),
        ("text/xml", true),
        ("application/atom+xml", true),
    ] {
        let mut script = Script::new("http://a.test/x");
        script.give(Input::Start);
        let told = script.respond("http://a.test/x", content_type, page);
        assert_eq!(
            told.contains("fetch http://a.test/a.css VeryHigh blocking by parser"),
            is_xml,
            "{content_type}: {told}"
        );
    }
}

#[test]
fn texts_and_images_are_pages_too() {
    let mut script = Script::new("http://a.test/x.txt");
    script.give(Input::Start);
    script.respond("http://a.test/x.txt", "text/plain; charset=utf-8", "a < b &amp; c\n<img src=x>");
    let document = script.loader.styled().expect("styled").document;
    assert_eq!(document.text_content(document.root()), "a < b &amp; c\n<img src=x>");

    let mut script = Script::new("http://a.test/x.png");
    script.give(Input::Start);
    let told = script.respond("http://a.test/x.png", "image/png", "bytes");
    assert!(!told.contains("fetch") && told.ends_with("Load\nNetworkIdle\n"), "{told}");
    let bytes = script.loader.resources().bytes(&"http://a.test/x.png".parse().expect("valid"));
    assert_eq!(bytes.map(|b| &b[..]), Some(&b"bytes"[..]));
}

#[test]
fn images_of_boxes_that_are_there_are_fetched_when_styles_are_known() {
    let mut script = Script::new(PAGE);
    script.open(
        PAGE,
        "<!doctype html><link rel=stylesheet href=css/a.css><body><p class=x>x<p class=x>y<div class=gone><b>z</b></div>
         <ul><li>i</ul>",
    );
    let told = script.respond(
        "http://a.test/css/a.css",
        "text/css",
        ".x { background: url(bg.png), url(../top.png) } .gone { display: none; background: url(gone.png) }
         .gone b { background: url(inner.png) } .nobody { background: url(nobody.png) }
         p::before { content: url(before.png) } li { list-style-image: url(dot.png) }
         ul { list-style-image: url(unused.png) } @media print { p { background: url(print.png) } }",
    );
    let fetched: Vec<&str> = told.lines().filter(|line| line.starts_with("fetch")).collect();
    assert_eq!(
        fetched,
        [
            "fetch http://a.test/css/bg.png Low by style",
            "fetch http://a.test/top.png Low by style",
            "fetch http://a.test/css/before.png Low by style",
            "fetch http://a.test/css/dot.png Low by style",
        ]
    );
    assert!(told.contains("FirstPaintPossible") && !told.contains("Load"), "they delay load: {told}");
    for path in ["css/bg.png", "top.png", "css/before.png"] {
        assert_eq!(script.respond(&format!("http://a.test/{path}"), "image/png", "x"), "");
    }
    assert_eq!(script.respond("http://a.test/css/dot.png", "image/png", "x"), "Load\nNetworkIdle\n");
}

const FACES: &str = "
    @font-face { font-family: Web; src: url(web.woff2) format('woff2'), url(web.ttf) }
    @font-face { font-family: Web; font-weight: bold; src: url(bold.woff2) }
    @font-face { font-family: Web; font-style: italic; src: url(italic.woff2) }
    @font-face { font-family: Cut; src: url(greek.woff2); unicode-range: U+370-3FF }
    @font-face { font-family: Cut; src: url(latin.woff2); unicode-range: U+0-FF }
    @font-face { font-family: Unused; src: url(unused.woff2) }";

#[test]
fn fonts_are_fetched_for_text_that_names_them() {
    let mut script = Script::new(PAGE);
    let told = script.open(
        PAGE,
        &format!(
            "<!doctype html><style>{FACES}</style><p style='font-family: web'>x<p style='font-family: Nope, Cut'>y\
             <p style='font-family: Unused'> </p><p style='font-family: Unused; display: none'>z</p>"
        ),
    );
    let fetched: Vec<&str> = told.lines().filter(|line| line.starts_with("fetch")).collect();
    assert_eq!(
        fetched,
        [
            "fetch http://a.test/web.woff2 VeryHigh by font-face",
            "fetch http://a.test/latin.woff2 VeryHigh by font-face",
        ]
    );
    script.respond("http://a.test/latin.woff2", "font/woff2", "x");
    // A source that does not come is followed by the next one.
    assert_eq!(script.fail("http://a.test/web.woff2"), "fetch http://a.test/web.ttf VeryHigh by font-face\n");
    assert_eq!(script.fail("http://a.test/web.ttf"), "Load\nNetworkIdle\n");
    assert_eq!(script.loader.styled().expect("styled").font_faces.len(), 6);
}

#[test]
fn a_bold_and_an_italic_text_need_their_own_faces() {
    let mut script = Script::new(PAGE);
    let html = format!("<!doctype html><style>{FACES} p {{ font-family: Web }}</style><p><b>x</b> <i>y</i>");
    let told = script.open(PAGE, &html);
    let mut fetched: Vec<&str> =
        told.lines().filter_map(|line| line.strip_prefix("fetch http://a.test/")).collect();
    fetched.sort_unstable();
    assert_eq!(fetched, ["bold.woff2 VeryHigh by font-face", "italic.woff2 VeryHigh by font-face"]);
}

#[test]
fn another_viewport_may_need_more() {
    let mut script = Script::new(PAGE);
    let told = script.open(
        PAGE,
        "<!doctype html><style>@media (max-width: 400px) { p { background: url(narrow.png) } }</style><p>x",
    );
    assert!(told.ends_with("Load\nNetworkIdle\n") && !told.contains("fetch"), "{told}");
    let told = script.give(Input::Resize(Viewport { width: 320.0, ..Viewport::default() }));
    assert_eq!(told, "fetch http://a.test/narrow.png Low by style\n");
}

#[test]
fn requests_name_who_asked() {
    let mut script = Script::new(PAGE);
    script.open(PAGE, "<!doctype html><link rel=stylesheet href=a.css><p>x");
    let outputs = {
        let id = script.id("http://a.test/a.css");
        let head = ResponseHead {
            final_url: "http://cdn.test/v2/a.css".parse().expect("valid"),
            status: StatusCode::OK,
            headers: HeaderMap::new(),
        };
        script.give(Input::Response(id, head));
        script.loader.handle(Input::Chunk(id, Bytes::from_static(b"@import 'b.css';")), script.now)
    };
    let [Output::Fetch(request)] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!(request.url.as_str(), "http://cdn.test/v2/b.css", "relative to where the sheet came from");
    assert_eq!(request.initiator.url.as_ref().map(Url::as_str), Some("http://cdn.test/v2/a.css"));
    assert_eq!(request.initiator.fetch, Some(FetchId(2)));
    assert!(
        matches!(&request.referrer, siskin_net::Referrer::Url(url) if url.as_str() == "http://cdn.test/v2/a.css")
    );
}

/// The loader of a page that came with these headers, and the requests that it made, the document's left out.
fn opened(
    config: LoaderConfig,
    headers: &[(&'static str, &'static str)],
    html: &'static str,
) -> (Loader, Vec<siskin_net::Request>) {
    let mut loader = Loader::new(config, Arc::new(GuessedMetrics));
    let outputs = loader.handle(Input::Start, Timestamp::ZERO);
    let [Output::Event(_), Output::Fetch(document)] = &outputs[..] else { panic!("{outputs:?}") };
    let mut map = HeaderMap::new();
    map.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    for (name, value) in headers {
        map.append(*name, HeaderValue::from_static(value));
    }
    let head = ResponseHead { final_url: document.url.clone(), status: StatusCode::OK, headers: map };
    let id = document.id;
    let inputs =
        [Input::Response(id, head), Input::Chunk(id, Bytes::from_static(html.as_bytes())), Input::End(id)];
    let outputs: Vec<Output> =
        inputs.into_iter().flat_map(|input| loader.handle(input, Timestamp::ZERO)).collect();
    let requests = outputs.into_iter().filter_map(|output| match output {
        Output::Fetch(request) => Some(*request),
        _ => None,
    });
    let requests = requests.collect();
    (loader, requests)
}

#[test]
fn insecure_requests_are_upgraded_as_header_and_meta_say() {
    use siskin_net::InsecureRequests::{Allow, Upgrade};
    const META: &str = "<!doctype html><meta http-equiv=content-security-policy \
        content='img-src *; upgrade-insecure-requests'><img src=a.png><p>x";
    for (headers, html, expected) in [
        (&[][..], "<!doctype html><img src=a.png><p>x", Allow),
        (&[("content-security-policy", "default-src *")], "<!doctype html><img src=a.png><p>x", Allow),
        (
            &[
                ("content-security-policy", "img-src *"),
                ("content-security-policy", "Upgrade-Insecure-Requests"),
            ],
            "<!doctype html><img src=a.png><p>x",
            Upgrade,
        ),
        (&[], META, Upgrade),
        // A policy that only reports changes nothing.
        (
            &[("content-security-policy-report-only", "upgrade-insecure-requests")],
            "<!doctype html><img src=a.png><p>x",
            Allow,
        ),
    ] {
        let (loader, requests) = opened(LoaderConfig::new(PAGE.parse().expect("valid")), headers, html);
        let [request] = &requests[..] else { panic!("{requests:?}") };
        assert_eq!(request.insecure, expected, "{headers:?} {html}");
        assert_eq!(loader.navigator().insecure, expected, "links too");
    }
}

#[test]
fn a_page_that_a_link_leads_to_is_asked_for_in_the_name_of_the_links_page() {
    let headers = [("referrer-policy", "origin")];
    let (from, _) = opened(LoaderConfig::new(PAGE.parse().expect("valid")), &headers, "<!doctype html><p>x");
    let mut config = LoaderConfig::new("http://b.test/".parse().expect("valid"));
    config.navigator = Some(from.navigator());
    let mut loader = Loader::new(config, Arc::new(GuessedMetrics));
    let outputs = loader.handle(Input::Start, Timestamp::ZERO);
    let [Output::Event(_), Output::Fetch(request)] = &outputs[..] else { panic!("{outputs:?}") };
    let page: Url = PAGE.parse().expect("valid");
    assert_eq!(request.origin, Some(page.origin()));
    assert_eq!(request.referrer, siskin_net::Referrer::Url(page.clone()));
    assert_eq!(request.referrer_policy, siskin_net::ReferrerPolicy::Origin);
    assert_eq!((request.initiator.kind.as_str(), request.initiator.url.clone()), ("navigation", Some(page)));
    assert!(request.documents.is_empty(), "a top-level navigation");
    // What the user typed is nobody's.
    let mut loader = Loader::new(LoaderConfig::new(PAGE.parse().expect("valid")), Arc::new(GuessedMetrics));
    let outputs = loader.handle(Input::Start, Timestamp::ZERO);
    let [Output::Event(_), Output::Fetch(request)] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!((&request.origin, &request.initiator.url), (&None, &None));
}

#[test]
fn a_page_looks_as_its_controls_are() {
    use siskin_engine::html::form::{ControlStates, switch};
    let html =
        "<!doctype html><style>:checked + p { background: url(on.png) }</style><input type=checkbox><p>x";
    let mut script = Script::new(PAGE);
    let told = script.open(PAGE, html);
    assert!(!told.contains("on.png"), "{told}");
    let document = Arc::clone(script.loader.styled().expect("a document").document);
    let input = |node: &siskin_engine::NodeId| {
        document.element(*node).is_some_and(|element| element.local_name() == "input")
    };
    let control = document.elements().find(input).expect("it is there");
    let mut states = ControlStates::default();
    switch(&document, control, &mut states);
    let told = script.give(Input::Controls(states));
    assert_eq!(told, "fetch http://a.test/on.png Low by style\n");
}

#[test]
fn a_document_that_breaks_off_is_no_page_or_ends_there() {
    use siskin_engine::load::BrokenOffPolicy;
    for policy in [BrokenOffPolicy::Fail, BrokenOffPolicy::Show] {
        let mut config = LoaderConfig::new(PAGE.parse().expect("valid"));
        config.broken_off = policy;
        let mut script = Script::with(config);
        script.give(Input::Start);
        script.head(PAGE, 200, "text/html; charset=utf-8");
        script.chunk(PAGE, "<!doctype html><p>half a pa");
        let told = script.fail(PAGE);
        if policy == BrokenOffPolicy::Fail {
            assert!(told.starts_with("failed connect"), "{told}");
            continue;
        }
        assert!(told.ends_with("Load\nNetworkIdle\n"), "{told}");
        let failed = script.loader.failed();
        let [failed] = &failed[..] else { panic!("{failed:?}") };
        assert!(failed.message.ends_with("the document ends there"), "{}", failed.message);
        let document = script.loader.styled().expect("a page").document;
        assert_eq!(document.text_content(document.root()), "half a pa");
        // Before any of it has come there is nothing to show.
        let mut config = LoaderConfig::new(PAGE.parse().expect("valid"));
        config.broken_off = policy;
        let mut script = Script::with(config);
        script.give(Input::Start);
        assert!(script.fail(PAGE).starts_with("failed connect"));
    }
}

#[test]
fn ten_thousand_subresources_are_bounded_and_told() {
    let images: String = (0..10_000).map(|i| format!("<img src=i{i}.png>")).collect();
    let mut script = Script::new(PAGE);
    let told = script.open(PAGE, &format!("<!doctype html>{images}"));
    let limit = siskin_engine::limits::MAX_SUBRESOURCES;
    assert_eq!(told.lines().filter(|line| line.starts_with("fetch ")).count(), limit);
    assert_eq!(script.loader.past_limit(), 10_000 - limit);
    assert!(script.loader.diagnostics().iter().any(|known| known.message.contains("subresources")));
}

/// What a document that came so is: its text, or why there is none.
fn document_of(status: u16, headers: &[(&str, &str)], body: &[u8]) -> String {
    let url = "http://a.example/";
    let mut script = Script::new(url);
    script.give(Input::Start);
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name: header::HeaderName = name.parse().expect("a valid name");
        map.insert(name, HeaderValue::from_str(value).expect("a valid value"));
    }
    let status = StatusCode::from_u16(status).expect("a valid status");
    let head = ResponseHead { final_url: url.parse().expect("a valid URL"), status, headers: map };
    let mut told = script.give(Input::Response(script.id(url), head));
    for piece in body.chunks(7) {
        told += &script.give(Input::Chunk(script.id(url), Bytes::copy_from_slice(piece)));
    }
    told += &script.end(url);
    if let Some(failed) = told.lines().find(|line| line.starts_with("failed")) {
        return failed.to_owned();
    }
    let styled = script.loader.styled().expect("a document");
    let root = styled.document.document_element().expect("a root");
    styled.document.outer_html(root).replace('\n', "|")
}

#[test]
fn documents_of_all_kinds() {
    let pre = "<html><head></head><body><pre style=\"word-wrap: break-word; white-space: pre-wrap;\">";
    let text = |text: &str| format!("{pre}{text}</pre></body></html>");
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("a<b\n&".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let html = "<html><head></head><body><p>x</p></body></html>".to_owned();
    let type_of = |value: &'static str| [("content-type", value)];
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [u8], String);
    let cases: Vec<Case<'_>> = vec![
        (&[("content-type", "text/x")], b"\na<b>&amp;\0", text("|a&lt;b&gt;&amp;amp;\u{fffd}")),
        (&[("content-type", "text/plain; charset=iso-8859-1")], b"caf\xe9", text("caf\u{e9}")),
        (&[("content-type", "text/plain")], &utf16, text("a&lt;b|&amp;")),
        (&[("content-type", "text/css")], b"a { color: red }", text("a { color: red }")),
        (&[("content-type", "application/json")], b"{\"a\": 1}", text("{\"a\": 1}")),
        (&[("content-type", "application/vnd.api+json")], b"{}", text("{}")),
        (&[("content-type", "text/javascript")], b"1", text("1")),
        (&[], b"  <!doctype html><p>x", html.clone()),
        (&[], b"no markup at all", text("no markup at all")),
        (
            &[("content-type", "application/xhtml+xml")],
            b"<html xmlns='http://www.w3.org/1999/xhtml'><p/></html>",
            "<html><p></p></html>".to_owned(),
        ),
        (
            &[("content-type", "image/svg+xml")],
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "<svg></svg>".to_owned(),
        ),
        (
            &[("content-type", "text/plain")],
            b"GIF89a\0\x01",
            "failed type: application/octet-stream cannot be shown as a page (http://a.example/)".to_owned(),
        ),
        (
            &[("content-type", "application/zip")],
            b"PK",
            "failed type: application/zip cannot be shown as a page (http://a.example/)".to_owned(),
        ),
        (
            &[("content-type", "text/html"), ("content-disposition", "attachment; filename=x")],
            b"<p>x",
            "failed type: this is to be saved, not shown (http://a.example/)".to_owned(),
        ),
        (&[("content-type", "text/html"), ("content-disposition", "inline")], b"<p>x", html),
    ];
    for (headers, body, expected) in cases {
        assert_eq!(document_of(200, headers, body), expected, "{headers:?}");
    }
    for status in [204, 205] {
        let expected =
            format!("failed http: the server answered {status}, which has no page in it (http://a.example/)");
        assert_eq!(document_of(status, &type_of("text/html"), b""), expected);
    }
    let image = document_of(200, &type_of("image/png"), b"\x89PNG");
    assert!(image.contains("<img style=") && image.contains("src=\"http://a.example/\""), "{image}");
    let image = document_of(200, &[], b"\x89PNG\r\n\x1a\n");
    assert!(image.contains("<img style="), "{image}");
}
