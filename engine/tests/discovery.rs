//! Scripts for what a page asks for, when, and what waits for it: inputs and outputs on a virtual clock.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use siskin_engine::NodeId;
use siskin_engine::load::{
    IconPolicy, Input, Loader, LoaderConfig, Output, Pictured, ResponseHead, ScriptPolicy,
};
use siskin_engine::style::GuessedMetrics;
use siskin_engine::units::Area;
use siskin_net::{Advice, Credentials, FetchId, Request, RequestMode, Timestamp};

const PAGE: &str = "http://a.test/";

/// A loader under test. It keeps the requests, and writes outputs as words.
struct Script {
    loader: Loader,
    now: Timestamp,
    requests: Vec<Request>,
    asked: Vec<NodeId>,
}

impl Script {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut LoaderConfig)) -> Self {
        let mut config = LoaderConfig::new(PAGE.parse().unwrap());
        change(&mut config);
        let loader = Loader::new(config, Arc::new(GuessedMetrics));
        let mut script = Self { loader, now: Timestamp::ZERO, requests: Vec::new(), asked: Vec::new() };
        script.give(Input::Start);
        script
    }

    /// One line for all outputs: `+x` for a request of `http://a.test/x`, milestones by their names.
    fn give(&mut self, input: Input) -> String {
        let mut told = Vec::new();
        for output in self.loader.handle(input, self.now) {
            match output {
                Output::Fetch(request) => {
                    told.push(format!("+{}", name(request.url.as_str())));
                    self.requests.push(*request);
                }
                Output::Event(event) => told.push(format!("{:?}", event.kind)),
                Output::Cancel(id) => told.push(format!("-{}", id.0)),
                Output::Frame(frame) => told.push(format!("frame {}", frame.url)),
                Output::CloseFrames => told.push("close frames".to_owned()),
                Output::Failed(error) => told.push(format!("failed {error}")),
                Output::Preconnect { url, credentials } => {
                    told.push(format!("connect {url} {credentials:?}"));
                }
                Output::DnsPrefetch { host } => told.push(format!("look-up {host}")),
                Output::Advise(Advice::BodyReached { page }) => told.push(format!("body of {}", page.0)),
                Output::Advise(Advice::Priority { priority, .. }) => {
                    told.push(format!("to {}", priority.label()));
                }
                Output::Locate(nodes) => {
                    told.push(format!("locate {}", nodes.len()));
                    self.asked = nodes;
                }
            }
        }
        self.now = self.now + Duration::from_millis(1);
        told.join(" ")
    }

    fn request(&self, path: &str) -> &Request {
        let found = self.requests.iter().rfind(|request| name(request.url.as_str()) == path);
        found.unwrap_or_else(|| panic!("{path} was not asked for"))
    }

    fn priority(&self, path: &str) -> &'static str {
        self.request(path).priority.label()
    }

    fn head(&mut self, path: &str, headers: &[(&str, &str)]) -> String {
        let request = self.request(path);
        let (id, final_url) = (request.id, request.url.clone());
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
            })
            .collect();
        self.give(Input::Response(id, ResponseHead { final_url, status: StatusCode::OK, headers }))
    }

    fn chunk(&mut self, path: &str, bytes: &str) -> String {
        let id = self.request(path).id;
        self.give(Input::Chunk(id, Bytes::copy_from_slice(bytes.as_bytes())))
    }

    fn end(&mut self, path: &str) -> String {
        let id = self.request(path).id;
        self.give(Input::End(id))
    }

    /// The page's head and the first piece of it.
    fn page(&mut self, html: &str) -> String {
        self.head("", &[("content-type", "text/html; charset=utf-8")]);
        self.chunk("", html)
    }

    /// A whole answer.
    fn answer(&mut self, path: &str, content_type: &str, body: &str) -> String {
        let told =
            [self.head(path, &[("content-type", content_type)]), self.chunk(path, body), self.end(path)];
        told.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The whole page at once.
    fn whole(&mut self, html: &str) -> String {
        let first = self.page(html);
        let rest = self.end("");
        format!("{first} {rest}").trim().to_owned()
    }
}

fn name(url: &str) -> &str {
    url.strip_prefix(PAGE).unwrap_or(url)
}

#[test]
fn a_sheet_is_asked_for_while_the_page_is_on_its_way() {
    let mut script = Script::new();
    let first = "<!doctype html><title>x</title><link rel=stylesheet href=a.css>";
    assert_eq!(script.page(first), "+a.css");
    assert_eq!(script.request("a.css").initiator.kind.as_str(), "preload-scanner");
    assert!(script.request("a.css").render_blocking);

    // Also when nothing has told the encoding yet: the decoder waits for its first kilobyte, the scanner does not.
    let mut script = Script::new();
    script.head("", &[("content-type", "text/html")]);
    assert_eq!(script.chunk("", first), "+a.css");
    assert_eq!(script.chunk("", "<link rel=stylesheet href=a.css><img src="), "");
    assert_eq!(script.chunk("", "b.png>"), "+b.png body of 1");
}

#[test]
fn a_page_whose_charset_comes_late_is_read_once_more() {
    let mut script = Script::new();
    script.head("", &[("content-type", "text/html")]);
    let padding = " ".repeat(1100);
    let mut page = b"<!doctype html><link rel=stylesheet href=a.css><title>".to_vec();
    page.extend(b"\xd0\xa4");
    page.extend(format!("</title>{padding}{}", "<link rel=next>".repeat(400)).as_bytes());
    page.extend(b"<meta charset=utf-8><body><p>\xd0\xa4");
    let id = script.request("").id;
    let mut told = script.give(Input::Chunk(id, Bytes::from(page)));
    told += &script.end("");
    assert_eq!(told.matches("+a.css").count(), 1, "{told}");
    script.answer("a.css", "text/css", "p { color: red }");
    let styled = script.loader.styled().unwrap();
    assert_eq!(styled.document.title().as_deref(), Some("Ф"));
    assert_eq!(styled.document.encoding, "UTF-8");
    let red = styled.document.elements().filter(|&node| {
        let color = styled.styles.get(node).map(|style| style.text.color);
        styled.document.element(node).is_some_and(|e| &**e.local_name() == "p")
            && color == Some(siskin_engine::css::values::AbsoluteColor::from_srgb8(255, 0, 0))
    });
    assert_eq!(red.count(), 1, "the sheet applies to the second tree");
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    let mut script = Script::new();
    script.head("", &[("content-type", "text/html; charset=utf-8")]);
    let id = script.request("").id;
    let told =
        script.give(Input::Chunk(id, Bytes::from_static(b"\xff\xfd<img src=a\xc3\x28.png>\xf0\x28\x8c")));
    assert!(told.starts_with("+a%EF%BF%BD(.png"), "{told}");
    assert!(script.end("").contains("DomContentLoaded"));
}

#[test]
fn imports_are_asked_for_while_their_sheet_streams() {
    let mut script = Script::new();
    script.page(
        "<!doctype html><link rel=stylesheet href=a.css><link rel=stylesheet href=p.css media=print><body>",
    );
    assert_eq!(script.head("a.css", &[("content-type", "text/css")]), "");
    assert_eq!(script.chunk("a.css", "@import 'b.css'; @import 'c.css' pri"), "+b.css");
    assert_eq!(script.chunk("a.css", "nt; p { color: red } @import 'd.css';"), "+c.css");
    assert!(script.request("b.css").render_blocking);
    assert_eq!((script.priority("b.css"), script.priority("c.css")), ("VeryHigh", "VeryLow"));
    assert_eq!(script.request("b.css").initiator.url.as_ref().unwrap().as_str(), "http://a.test/a.css");
    script.end("");
    assert_eq!(script.end("a.css"), "");
    assert_eq!(script.answer("b.css", "text/css", "@import 'a.css';"), "FirstPaintPossible Load");
    assert_eq!(
        script.answer("p.css", "text/css", "") + &script.answer("c.css", "text/css", ""),
        "NetworkIdle"
    );
}

#[test]
fn a_sheet_of_the_wrong_type_tells_of_no_imports() {
    for (doctype, sheet, type_, expected) in [
        ("<!doctype html>", "a.css", "text/html", ""),
        ("<!doctype html>", "a.css", "text/css", "+b.css"),
        ("", "a.css", "text/html", "+b.css"),
        ("", "http://other.test/a.css", "text/html", ""),
    ] {
        let mut script = Script::new();
        script.page(&format!("{doctype}<link rel=stylesheet href={sheet}><p>x"));
        script.head(sheet, &[("content-type", type_)]);
        let told = script.chunk(sheet, "@import '/b.css';");
        assert_eq!(told.replace("http://other.test/", "/"), expected, "{doctype} {sheet} {type_}");
    }
}

#[test]
fn a_sheet_in_the_body_does_not_hold_up_the_first_paint() {
    let mut script = Script::new();
    let told = script.page("<!doctype html><p>x<link rel=stylesheet href=a.css><p>y");
    assert_eq!(told, "+a.css body of 1 FirstPaintPossible");
    assert!(!script.request("a.css").render_blocking);
    assert_eq!(script.end(""), "", "what stands behind it waits, and the end of parsing with it");
    assert_eq!(script.answer("a.css", "text/css", "@import 'b.css';"), "+b.css");
    assert!(!script.request("b.css").render_blocking);
    assert_eq!(script.answer("b.css", "text/css", ""), "DomContentLoaded Load NetworkIdle");

    let mut script = Script::new();
    script.whole("<!doctype html><p>x<link rel=stylesheet href=a.css blocking=render>");
    assert!(!script.request("a.css").render_blocking, "it comes too late for that");
}

#[test]
fn fonts_and_backgrounds_are_found_before_the_page_ends() {
    let mut script = Script::new();
    script.page(
        "<!doctype html><style>@font-face { font-family: F; src: local(Nope), url(f.woff2) } \
         p { font-family: F; background: url(p.png) } i { background: url(i.png) }</style><body>",
    );
    assert_eq!(script.chunk("", "<p>te"), "", "not with every piece");
    script.now = script.now + Duration::from_millis(100);
    let told = script.chunk("", "xt<b>");
    assert_eq!(told, "+p.png +f.woff2");
    assert_eq!(script.request("f.woff2").mode, RequestMode::Cors);
    assert_eq!(script.chunk("", "<i>x"), "");
    assert!(script.chunk("", &"<hr>".repeat(100)).contains("+i.png"), "the tree has doubled");
}

#[test]
fn what_the_link_header_says() {
    let mut script = Script::new();
    let links = "</a.css>; rel=preload; as=style, <//b.test>; rel=preconnect; crossorigin, \
                 <http://c.test/x>; rel=\"dns-prefetch\", </d.css>; rel=stylesheet, </e.woff2>;rel=preload;as=font;crossorigin";
    let told = script.head("", &[("content-type", "text/html"), ("link", links)]);
    assert_eq!(told, "FirstByte +a.css connect http://b.test/ SameOrigin look-up c.test +e.woff2");
    assert_eq!(script.priority("e.woff2"), "High");
    // The sheet is used where it is named, and comes once.
    let told = script.chunk("", "<!doctype html><meta charset=utf-8><link rel=stylesheet href=a.css><p>x");
    assert_eq!(told, "body of 1");
    assert_eq!(script.end(""), "DomContentLoaded");
    assert_eq!(script.answer("a.css", "text/css", ""), "FirstPaintPossible Load");
}

#[test]
fn connections_are_hinted_once() {
    let mut script = Script::new();
    let told = script.whole(
        "<!doctype html><link rel=preconnect href=//b.test><link rel=preconnect href=//b.test>\
         <link rel='dns-prefetch' href=//c.test/x>",
    );
    assert!(told.starts_with("connect http://b.test/ Include look-up c.test "), "{told}");
}

#[test]
fn priorities_are_chromiums() {
    let mut script = Script::with(|config| config.scripts = ScriptPolicy::Fetch);
    script.page(
        "<!doctype html><link rel=stylesheet href=head.css><script src=head.js></script><script src=defer.js defer></script>\
         <script src=async.js async></script><script src=module.js type=module></script>\
         <link rel=preload as=font href=f.woff2 crossorigin><link rel=stylesheet href=print.css media=print>\
         <link rel=stylesheet href=low.css fetchpriority=low><body>\
         <img src=icon.png width=16 height=16><img src=1.png><img src=2.png><img src=3.png><img src=4.png><img src=5.png>\
         <img src=6.png><img src=high.png fetchpriority=high><script src=late.js></script><link rel=stylesheet href=late.css>",
    );
    for (path, priority) in [
        ("head.css", "VeryHigh"),
        ("head.js", "High"),
        ("defer.js", "Low"),
        ("async.js", "Low"),
        ("module.js", "High"),
        ("f.woff2", "High"),
        ("print.css", "VeryLow"),
        ("low.css", "High"),
        ("icon.png", "Low"),
        ("1.png", "Medium"),
        ("5.png", "Medium"),
        ("6.png", "Low"),
        ("high.png", "High"),
        ("late.js", "Medium"),
        ("late.css", "Medium"),
    ] {
        assert_eq!(script.priority(path), priority, "{path}");
    }
    assert!(script.request("head.js").render_blocking && !script.request("defer.js").render_blocking);
    assert_eq!(script.request("module.js").mode, RequestMode::Cors);
    script.end("");
    assert!(
        !script.loader.milestones().events().iter().any(|e| format!("{:?}", e.kind) == "DomContentLoaded")
    );
}

#[test]
fn scripts_are_skipped_and_told() {
    let mut script = Script::new();
    let told = script.whole(
        "<!doctype html><script src=a.js></script><script>x</script><script nomodule src=old.js></script>\
         <video src=v.mp4></video><link rel=modulepreload href=m.js><link rel=preload as=script href=p.js>",
    );
    assert!(told.starts_with("+p.js body of 1"), "as in a browser whose scripts are off: {told}");
    let skipped: Vec<String> = script
        .loader
        .skipped()
        .iter()
        .map(|s| {
            format!("{} {}", s.destination.as_str(), s.url.as_ref().map_or("-", |url| name(url.as_str())))
        })
        .collect();
    assert_eq!(skipped, ["script a.js", "script -", "video v.mp4", "script m.js"]);
}

#[test]
fn lazy_images_come_when_they_are_near() {
    let page = "<!doctype html><img src=seen.png loading=lazy><img src=near.png loading=lazy><img src=far.png loading=lazy>\
                <img src=gone.png loading=lazy><img src=now.png>";
    let mut script = Script::new();
    assert_eq!(script.whole(page), "+now.png body of 1 FirstPaintPossible DomContentLoaded locate 4");
    let at = |y| Some(Area { x: 0.0, y, width: 10.0, height: 10.0 });
    let places = [at(700.0), at(2049.0), at(2051.0), None];
    let located = |script: &Script| Input::Located(script.asked.iter().copied().zip(places).collect());
    let input = located(&script);
    assert_eq!(script.give(input), "+seen.png +near.png");
    assert_eq!((script.priority("seen.png"), script.priority("near.png")), ("High", "Low"));
    assert_eq!(script.answer("now.png", "image/png", "x"), "");
    // What is seen delays the load event. The page has changed since: it is looked at once more.
    assert_eq!(script.answer("seen.png", "image/png", "x"), "locate 2");
    let nodes = script.asked.clone();
    let told = script.give(Input::Located(nodes.into_iter().zip([at(2051.0), None]).collect()));
    assert_eq!(told, "Load", "the near one is still under way, and nobody waits for it");
    assert_eq!(script.answer("near.png", "image/png", "x"), "locate 2");
    let nodes = script.asked.clone();
    assert_eq!(script.give(Input::Located(nodes.into_iter().map(|n| (n, None)).collect())), "NetworkIdle");

    let mut script = Script::with(|config| config.pictured = Pictured::WholePage);
    assert!(script.whole(page).contains("+seen.png +near.png +far.png +gone.png"));
    // Nobody can say where they lie: they are taken to be near.
    let mut script = Script::new();
    script.whole(page);
    assert_eq!(script.give(Input::Located(Vec::new())), "+seen.png +near.png +far.png +gone.png");
}

#[test]
fn images_that_are_seen_go_before_those_that_wait() {
    let page = (0..8).fold("<!doctype html>".to_owned(), |page, i| page + &format!("<img src={i}>"));
    let mut script = Script::new();
    assert!(script.whole(&page).ends_with("DomContentLoaded locate 8"));
    assert_eq!(script.priority("7"), "Low");
    let nodes = script.asked.clone();
    let place = |i| Area { x: 0.0, y: if i == 7 { 10.0 } else { 5000.0 }, width: 9.0, height: 9.0 };
    let places = nodes.into_iter().enumerate().map(|(i, node)| (node, Some(place(i)))).collect();
    assert_eq!(script.give(Input::Located(places)), "to High");
    // Once is enough; and few images do not wait for each other.
    assert_eq!(script.answer("0", "image/png", "x"), "");
    assert!(!Script::new().whole("<!doctype html><img src=1><img src=2>").contains("locate"));
}

#[test]
fn the_icon_comes_last_and_nothing_waits_for_it() {
    let icons = |links: &str| {
        let mut script = Script::with(|config| config.icons = IconPolicy::Fetch);
        let told = script.whole(&format!("<!doctype html>{links}"));
        told.rsplit_once("Load ").unwrap().1.to_owned()
    };
    for (links, expected) in [
        ("", "+favicon.ico NetworkIdle"),
        ("<link rel=icon href=a.png>", "+a.png NetworkIdle"),
        (
            "<link rel='shortcut icon' href=a.png><link rel='alternate icon' href=b.svg>",
            "+b.svg +a.png NetworkIdle",
        ),
        ("<link rel=icon href=a.png sizes=16x16><link rel=icon href=b.svg>", "+b.svg NetworkIdle"),
        ("<link rel=icon href=a.svg sizes=any><link rel=icon href=b.png sizes=32x32>", "+a.svg NetworkIdle"),
        (
            "<link rel=icon href=b sizes=256x256><link rel=icon href=c sizes=32x32><link rel=icon href=d sizes=8x8>",
            "+c NetworkIdle",
        ),
        ("<link rel=apple-touch-icon href=a.png>", "+favicon.ico NetworkIdle"),
    ] {
        assert_eq!(icons(links), expected, "{links}");
    }
    let mut script = Script::with(|config| config.icons = IconPolicy::Fetch);
    script.whole("<!doctype html><link rel=icon href=a.png><link rel=prefetch href=next.html>");
    assert!(script.loader.is_busy());
    assert_eq!(script.priority("next.html"), "VeryLow");
    script.give(Input::Failed(
        script.request("a.png").id,
        siskin_net::Error::new(siskin_net::ErrorKind::Connect, siskin_net::Phase::Connect, None, "refused"),
    ));
    assert!(script.loader.failed().is_empty(), "no part of the page is missing");
    assert!(!Script::new().whole("<!doctype html><link rel=icon href=a.png>").contains("+a.png"));
}

#[test]
fn an_icon_that_the_page_shows_is_asked_for_by_both() {
    let mut script = Script::with(|config| config.icons = IconPolicy::Fetch);
    script.whole("<!doctype html><link rel=icon href=a.png><img src=a.png>");
    assert_eq!(script.answer("a.png", "image/png", "x"), "Load +a.png NetworkIdle");
    assert_eq!(script.request("a.png").credentials, Credentials::SameOrigin);
    assert_eq!(script.request("a.png").initiator.kind.as_str(), "browser");
}

#[test]
fn what_is_wanted_in_two_ways_comes_twice() {
    let mut script = Script::new();
    let told = script.whole(
        "<!doctype html><img src=x><img src=x crossorigin><img src=x crossorigin=anonymous><img src=x crossorigin=use-credentials>\
         <link rel=preload as=style href=x>",
    );
    assert_eq!(told.matches("+x").count(), 4, "{told}");
}

#[test]
fn requests_say_what_the_page_and_its_elements_say() {
    let mut script = Script::new();
    script.head("", &[("content-type", "text/html"), ("referrer-policy", "origin")]);
    script.chunk(
        "",
        "<!doctype html><meta charset=utf-8><img src=1><meta name=referrer content=no-referrer><img src=2>\
         <img src=3 referrerpolicy=unsafe-url><link rel=stylesheet href=s.css integrity=sha256-x>",
    );
    let policy = |path: &str| script.request(path).referrer_policy.as_str();
    assert_eq!([policy("1"), policy("2"), policy("3")], ["origin", "no-referrer", "unsafe-url"]);
    assert_eq!(script.request("s.css").integrity, "sha256-x");
    assert_eq!(script.request("s.css").page, Some(FetchId(1)));
    // A sheet has its own policy.
    script.head("s.css", &[("content-type", "text/css"), ("referrer-policy", "same-origin")]);
    script.chunk("s.css", "@import 'i.css';");
    assert_eq!(script.request("i.css").referrer_policy.as_str(), "same-origin");
}

#[test]
fn a_page_that_wants_to_be_replaced_is_told() {
    let mut script = Script::new();
    script.whole(
        "<!doctype html><meta http-equiv=refresh content='5; url=a'><meta http-equiv=refresh content='0; url=b'>\
         <meta http-equiv=refresh content='3; url=c'><noscript><meta http-equiv=refresh content='1; url=d'></noscript>",
    );
    let refresh = script.loader.refresh().unwrap();
    assert_eq!((refresh.seconds, refresh.url.as_str()), (0, "http://a.test/b"));

    let mut script = Script::new();
    script.head("", &[("content-type", "text/html"), ("refresh", "2; url=/x")]);
    assert_eq!(script.loader.refresh().unwrap().url.as_str(), "http://a.test/x");
}

#[test]
fn what_only_other_documents_have_is_not_asked_for() {
    let mut script = Script::new();
    let told = script.whole(
        "<!doctype html><template><link rel=stylesheet href=1></template><!-- <img src=2> --><textarea><img src=3></textarea>\
         <svg><use href=#x></use><use href=http://b.test/s.svg#x></use><use href=4.svg#x></use><image href=data:,x></image></svg>\
         <img src=about:blank><link rel=stylesheet href=''><img src=5>",
    );
    let asked: Vec<&str> = told.split(' ').filter(|word| word.starts_with('+')).collect();
    assert_eq!(asked, ["+5", "+4.svg", "+data:,x"]);
}

#[test]
fn a_page_of_ten_thousand_subresources_is_bounded() {
    let limit = siskin_engine::limits::MAX_SUBRESOURCES;
    let html = (0..10_000).fold("<!doctype html>".to_owned(), |html, i| html + &format!("<img src={i}>"));
    let mut script = Script::new();
    script.whole(&html);
    assert_eq!(script.requests.len(), 1 + limit);
    assert_eq!(script.loader.past_limit(), 10_000 - limit);
    assert_eq!(script.loader.diagnostics().iter().filter(|d| d.message.contains("subresources")).count(), 1);
}
