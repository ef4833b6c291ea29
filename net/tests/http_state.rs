//! The cookies of <https://github.com/abarth/http-state> (2011), through a client and a server on loopback.
//!
//! Needs `../shared/http-state` (or `SISKIN_SHARED`). The corpus is older than RFC 6265bis; where that changed what
//! browsers do, the case stands in [`DIFFERENCES`] with the section that changed it. The list fails on a pass, too.
#![allow(clippy::print_stdout, reason = "the totals are for people")]
#![allow(clippy::unwrap_used, reason = "a test says what it expects; the server is part of it")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use siskin_net::{
    Client, ClientConfig, Clock, Fetch, FetchId, NullObserver, Request, ResolverChoice, Timestamp,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

const NAMELESS: &str = "5.6, step 3: a line without `=` is the value of a nameless cookie";
const NAMELESS_PAIR: &str = "5.7, step 2: a cookie without a name is kept if it has a value";

const CONTROL: &str =
    "5.6, step 1: a line with a control character is refused (and is no header line of HTTP)";

/// Cases that have another outcome today, with the reason and what is sent instead.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("0004", "foo", NAMELESS),
    ("0021", "a=b; x; c=d", NAMELESS_PAIR),
    ("0023", "foo", NAMELESS),
    ("0024", "foo", NAMELESS),
    ("0025", "foo", NAMELESS),
    ("0026", "foo", NAMELESS),
    ("0027", "bar", NAMELESS),
    ("0028", "foo", NAMELESS),
    ("CHROMIUM0009", "BLAHHH", NAMELESS),
    ("CHROMIUM0010", "\"BLA\\\"HHH\"", NAMELESS),
    ("CHROMIUM0012", "ABC", NAMELESS_PAIR),
    ("DISABLED_CHROMIUM0022", "", CONTROL),
    ("DISABLED_CHROMIUM0023", "", CONTROL),
    (
        "DISABLED_PATH0029",
        "",
        "5.1.4: paths are compared as they are written, `%6F` is not `o` (in 2011, too: the case was never in force)",
    ),
    ("MOZILLA0012", "test=\"fubar! = foo; five", NAMELESS),
    ("MOZILLA0014", "six", NAMELESS),
    ("MOZILLA0015", "seven", NAMELESS),
    ("MOZILLA0016", "eight", NAMELESS_PAIR),
    ("MOZILLA0017", "eight; test=six", NAMELESS_PAIR),
    ("NAME0017", "a=bar", NAMELESS_PAIR),
    ("NAME0023", "foo", NAMELESS),
    ("NAME0025", "==a=bar", NAMELESS_PAIR),
    ("NAME0028", "a", NAMELESS_PAIR),
    ("NAME0031", "\"foo", NAMELESS),
    ("NAME0032", "\"foo\\\"bar", NAMELESS),
    ("NAME0033", "aaa", NAMELESS),
    (
        "OPTIONAL_DOMAIN0042",
        "foo=bar",
        "5.7, step 7: the last `Domain` counts, and an empty one means the host alone",
    ),
];

/// 2010-01-01T00:00:00Z: between the dates that the corpus takes for past and for future ones.
const THE_TIME: Duration = Duration::from_secs(1_262_304_000);

#[derive(Debug)]
struct At(SystemTime);

impl Clock for At {
    fn now(&self) -> Timestamp {
        Timestamp::ZERO
    }
    fn origin(&self) -> SystemTime {
        self.0
    }
}

/// A server that answers with the lines of the case that is being run, and keeps the `Cookie` header it was sent.
#[derive(Clone, Default)]
struct Script {
    set_cookie: Arc<Mutex<Vec<Vec<u8>>>>,
    cookie: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Script {
    async fn serve(self, mut stream: TcpStream) -> Option<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut head).await.ok()? == 0 {
                return None;
            }
        }
        let lines = head.split(|&byte| byte == b'\n');
        let cookie = lines.filter_map(|line| line.strip_prefix(b"Cookie: ")).next();
        *self.cookie.lock().unwrap() = cookie.map(|value| value.trim_ascii_end().to_vec());
        let mut answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n".to_vec();
        for line in self.set_cookie.lock().unwrap().iter() {
            answer.extend_from_slice(b"set-cookie: ");
            answer.extend_from_slice(line);
            answer.extend_from_slice(b"\r\n");
        }
        answer.extend_from_slice(b"\r\n");
        stream.write_all(&answer).await.ok()
    }

    async fn start(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(script.clone().serve(stream));
            }
        });
        port
    }
}

fn client(now: SystemTime) -> Client {
    let hosts =
        ["home.example.org", "sibling.example.org", "subdomain.home.example.org", "sibling.home.example.org"];
    let names: BTreeMap<_, _> =
        hosts.iter().map(|host| ((*host).to_owned(), vec![[127, 0, 0, 1].into()])).collect();
    Client::new(ClientConfig {
        resolver: ResolverChoice::Fixed(names),
        clock: Arc::new(At(now)),
        ..ClientConfig::default()
    })
    .unwrap()
}

/// Asks for a page; a response that is no HTTP (the corpus has such header lines) changes nothing.
async fn visit(client: &Client, url: &Url) {
    let request = Request::navigation(FetchId(1), url.clone());
    if let Ok(response) = client.fetch(request, Arc::new(NullObserver)).await {
        response.body.collect().await.unwrap();
    }
}

fn corpus(name: &str) -> Option<Value> {
    let Some(shared) =
        siskin_test_pages::shared().map(|shared| shared.join("http-state")).filter(|s| s.is_dir())
    else {
        println!("skipped: ../shared/http-state is not there");
        return None;
    };
    let text = std::fs::read_to_string(shared.join(name)).unwrap();
    let json: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    Some(serde_json::from_str(&json.join("\n")).unwrap())
}

#[tokio::test]
async fn cookies() {
    let Some(corpus) = corpus("parser.json") else { return };
    let script = Script::default();
    let port = script.start().await;
    let base = Url::parse(&format!("http://home.example.org:{port}/")).unwrap();
    let (mut passed, mut wrong) = (0, Vec::new());
    let cases = corpus.as_array().unwrap();
    for case in cases {
        let name = case["test"].as_str().unwrap();
        let client = client(SystemTime::UNIX_EPOCH + THE_TIME);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let lines = case["received"].as_array().unwrap().iter().map(|line| text(line).into_bytes()).collect();
        *script.set_cookie.lock().unwrap() = lines;
        visit(&client, &base.join(&format!("cookie-parser?{name}")).unwrap()).await;
        let to =
            case["sent-to"].as_str().map_or_else(|| format!("/cookie-parser-result?{name}"), str::to_owned);
        let mut to = base.join(&to).unwrap();
        to.set_port(Some(port)).unwrap();
        script.set_cookie.lock().unwrap().clear();
        script.cookie.lock().unwrap().take();
        visit(&client, &to).await;
        let sent = script.cookie.lock().unwrap().take().unwrap_or_default();
        let sent = String::from_utf8(sent).unwrap();
        let pairs = case["sent"].as_array().unwrap().iter();
        let expected: Vec<String> =
            pairs.map(|pair| format!("{}={}", text(&pair["name"]), text(&pair["value"]))).collect();
        let expected = expected.join("; ");
        let listed = DIFFERENCES.iter().find(|(listed, ..)| *listed == name);
        match listed {
            None if sent == expected => passed += 1,
            None => {
                wrong.push(format!("{name}: {:?}: sent `{sent}`, expected `{expected}`", case["received"]));
            }
            Some(_) if sent == expected => wrong.push(format!("{name}: passes, and is listed as different")),
            Some((_, instead, _)) if sent == *instead => {}
            Some((_, instead, _)) => wrong.push(format!("{name}: sent `{sent}`, listed is `{instead}`")),
        }
    }
    println!("http-state: {passed} of {} pass, {} differ as listed", cases.len(), DIFFERENCES.len());
    for (name, instead, reason) in DIFFERENCES {
        println!("  {name}: sends `{instead}` ({reason})");
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(passed + DIFFERENCES.len(), cases.len(), "a listed case is not in the corpus");
}

#[tokio::test]
async fn dates() {
    for file in ["dates-examples.json", "dates-bsd-examples.json"] {
        let Some(corpus) = corpus(file) else { return };
        let script = Script::default();
        let port = script.start().await;
        let url = Url::parse(&format!("http://home.example.org:{port}/")).unwrap();
        let cases = corpus.as_array().unwrap();
        for case in cases {
            let text = case["test"].as_str().unwrap();
            assert!(!text.contains(';'), "{text} is one attribute");
            *script.set_cookie.lock().unwrap() = vec![format!("a=b; Expires={text}").into_bytes()];
            let expected = case["expected"].as_str().map(http_date);
            // A day before, so that the date is neither past nor beyond the 400 days of 5.5.
            let client =
                client(expected.map_or(SystemTime::UNIX_EPOCH, |date| date - Duration::from_secs(86_400)));
            visit(&client, &url).await;
            let cookies = client.cookies();
            assert_eq!(cookies.len(), 1, "{text}");
            assert_eq!(cookies[0].expires, expected, "{text}");
        }
        println!("{file}: {} of {0} pass", cases.len());
    }
}

/// `Mon, 10 Dec 2007 17:02:24 GMT`
fn http_date(date: &str) -> SystemTime {
    httpdate::parse_http_date(date).unwrap()
}
