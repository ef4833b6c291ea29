//! The suite's client: makes a test's requests in order, and checks what came of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use siskin_net::{
    CacheChoice, CacheMode, Client, ClientConfig, Credentials, Destination, Fetch, FetchId, Initiator,
    InitiatorKind, NetEvent, NetEventKind, Observer, RedirectMode, Request, RequestBody, RequestMode,
    VirtualClock,
};
use url::Url;

use crate::case::{Case, Step};
use crate::origin::{Origin, Seen, fixed, get};
use crate::verdict::{Failure, Verdict};

/// The suite's pause.
const PAUSE: Duration = Duration::from_secs(3);

/// Which client plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// One for all tests, with a cache in memory.
    Memory,
    /// A new one for every request: what they know of each other is on disk.
    Disk,
}

pub(crate) struct Player {
    origin: Origin,
    clock: Arc<VirtualClock>,
    /// `None` when every request has its own.
    client: Option<Client>,
    folder: PathBuf,
    watch: Arc<Watch>,
    fetches: AtomicUsize,
}

/// Counts the fetches that are under way, those in the background too.
#[derive(Default)]
struct Watch(AtomicUsize);

impl Observer for Watch {
    fn on_event(&self, event: NetEvent) {
        match event.kind {
            NetEventKind::Requested { .. } if event.hop == 0 => self.0.fetch_add(1, Ordering::SeqCst),
            NetEventKind::Ended { .. } | NetEventKind::Failed { .. } | NetEventKind::Canceled => {
                self.0.fetch_sub(1, Ordering::SeqCst)
            }
            _ => 0,
        };
    }
}

/// What the client saw of a response. `None` when there was none.
struct Response {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Response {
    /// The values of a header in one, as scripts see them.
    fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

impl Player {
    pub(crate) async fn new(profile: Profile) -> Self {
        let clock = Arc::new(VirtualClock::default());
        let origin = Origin::start(clock.clone()).await;
        let name = format!("cache-suite-{}", std::process::id());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let watch = Arc::default();
        let mut player = Self { origin, clock, client: None, folder, watch, fetches: AtomicUsize::new(1) };
        if profile == Profile::Memory {
            player.client = Some(player.client(CacheChoice::Memory));
        }
        player
    }

    fn client(&self, cache: CacheChoice) -> Client {
        let config = ClientConfig { clock: self.clock.clone(), cache, ..ClientConfig::default() };
        Client::new(config).unwrap()
    }

    /// Plays one test.
    pub(crate) async fn play(&self, case: &Case) -> Verdict {
        let name = format!("token-{}", case.id);
        self.origin.script(&name, &case.requests);
        let mut responses = Vec::new();
        for (index, step) in case.requests.iter().enumerate() {
            let response = self.fetch(case, &name, index, step).await;
            if let Err(failure) = check_response(&name, index + 1, step, response.as_ref()) {
                return Verdict::Failed(failure);
            }
            responses.push(response);
            if step.flag("pause_after") {
                self.settle().await;
                self.clock.advance(PAUSE);
            }
        }
        self.settle().await;
        match check_seen(case, &responses, &self.origin.seen(&name)) {
            Ok(()) => Verdict::Passed,
            Err(failure) => Verdict::Failed(failure),
        }
    }

    /// Waits until nothing is under way, in the background either.
    async fn settle(&self) {
        let quiet = async {
            while self.watch.0.load(Ordering::SeqCst) > 0 {
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), quiet).await.expect("every fetch ends");
    }

    async fn fetch(&self, case: &Case, name: &str, index: usize, step: &Step) -> Option<Response> {
        let base = format!("http://127.0.0.1:{}", self.origin.port);
        let mut url = format!("{base}/test/{name}");
        if let Some(file) = step.text("filename") {
            url = format!("{url}/{file}");
        }
        if let Some(query) = step.text("query_arg") {
            url = format!("{url}?{query}");
        }
        let page = Url::parse(&format!("{base}/index.html")).unwrap();
        let initiator = Initiator { kind: InitiatorKind::Browser, url: Some(page), fetch: None };
        let id = FetchId(self.fetches.fetch_add(1, Ordering::SeqCst) as u64);
        let mut request = Request::subresource(id, Url::parse(&url).unwrap(), Destination::Empty, initiator);
        request.mode = RequestMode::Cors;
        describe(&mut request, step);
        for (name, value) in
            [("test-name", case.name.as_str()), ("test-id", &case.id), ("req-num", &(index + 1).to_string())]
        {
            request.headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let own = self.client.is_none().then(|| self.client(CacheChoice::disk(&self.folder)));
        let client = own.as_ref().or(self.client.as_ref()).unwrap();
        let response = client.fetch(request, self.watch.clone()).await.ok()?;
        let (status, headers) = (response.status.as_u16(), response.headers.clone());
        let body = response.body.collect().await.ok()?;
        self.settle().await;
        Some(Response { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What the test says of the request, as `fetch()` takes it.
fn describe(request: &mut Request, step: &Step) {
    if let Some(method) = step.text("request_method") {
        request.method = Method::from_bytes(method.as_bytes()).unwrap();
    }
    request.body =
        step.text("request_body").map(|body| RequestBody::raw("text/plain;charset=UTF-8", body.to_owned()));
    for header in step.list("request_headers") {
        let name = HeaderName::from_bytes(header[0].as_str().unwrap().as_bytes()).unwrap();
        let value = HeaderValue::from_str(header[1].as_str().unwrap().trim()).unwrap();
        request.headers.append(name, value);
    }
    request.cache_mode = match step.text("cache") {
        None | Some("default") => CacheMode::Default,
        Some("no-store") => CacheMode::NoStore,
        Some("reload") => CacheMode::Reload,
        Some("no-cache") => CacheMode::NoCache,
        Some("force-cache") => CacheMode::ForceCache,
        Some("only-if-cached") => CacheMode::OnlyIfCached,
        Some(other) => panic!("an unknown cache mode: {other}"),
    };
    request.credentials = match step.text("credentials") {
        Some("omit") => Credentials::Omit,
        Some("include") => Credentials::Include,
        _ => Credentials::SameOrigin,
    };
    request.redirect_mode = match step.text("redirect") {
        Some("manual") => RedirectMode::Manual,
        Some("error") => RedirectMode::Error,
        _ => RedirectMode::Follow,
    };
}

/// Checks a response as it comes.
fn check_response(
    name: &str,
    number: usize,
    step: &Step,
    response: Option<&Response>,
) -> Result<(), Failure> {
    let Some(response) = response else {
        // A test that lets the origin break off expects no status.
        let may_fail = step.has("expected_status") && step.0["expected_status"].is_null();
        return if may_fail { Ok(()) } else { Err(Failure::new(false, format!("response {number}: none"))) };
    };
    if let Some(numbers) = response.header("request-numbers") {
        let mut numbers: Vec<&str> = numbers.split(' ').collect();
        let all = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        check(true, numbers.len() == all, || format!("response {number}: the request was made again"))?;
    }
    let count: Option<usize> = response.header("server-request-count").and_then(|text| text.parse().ok());
    let is_setup = step.is_setup("expected_type");
    match step.text("expected_type") {
        Some("cached") if response.status == 304 && count.is_none() => {}
        Some("cached") => check(is_setup, count.is_some_and(|count| count < number), || {
            format!("response {number} does not come from the cache")
        })?,
        Some("not_cached") => {
            check(is_setup, count == Some(number), || format!("response {number} comes from the cache"))?;
        }
        _ => {}
    }
    check_status(number, step, response)?;
    check_headers(number, step, response)?;
    check_body(name, number, step, response)
}

fn check_status(number: usize, step: &Step, response: &Response) -> Result<(), Failure> {
    let status = u64::from(response.status);
    let (is_setup, expected) = match (step.0.get("expected_status"), step.list("response_status").first()) {
        (Some(Value::Null), _) => return Ok(()),
        (Some(expected), _) => (step.is_setup("expected_status"), expected.as_u64().unwrap()),
        (None, Some(expected)) => (true, expected.as_u64().unwrap()),
        (None, None) if status == 999 => {
            let message = format!("request {number} should have been conditional");
            return Err(Failure::new(step.is_setup("expected_type"), message));
        }
        (None, None) => (true, 200),
    };
    check(is_setup, status == expected, || format!("response {number}: status {status}, not {expected}"))
}

fn check_headers(number: usize, step: &Step, response: &Response) -> Result<(), Failure> {
    let is_setup = step.is_setup("expected_response_headers");
    for expected in step.list("expected_response_headers") {
        let name = expected.as_str().or_else(|| expected[0].as_str()).unwrap();
        let value = response.header(name);
        check(is_setup, value.is_some(), || format!("response {number}: no header {name}"))?;
        let value = value.unwrap_or_default();
        let is_right = match expected.as_array().map(Vec::as_slice) {
            None => true,
            Some([_, operator, than]) if operator == ">" => {
                value.parse::<i64>().is_ok_and(|value| value > than.as_i64().unwrap())
            }
            Some([_, operator, other]) if operator == "=" => {
                response.header(other.as_str().unwrap()).as_deref() == Some(&value)
            }
            // A date in seconds is one of those that the response itself was made with.
            Some([_, seconds]) if seconds.is_i64() => is_date_of(response, name, seconds, &value),
            Some([_, expected]) => value == expected.as_str().unwrap(),
            Some(_) => panic!("an unknown expectation: {expected}"),
        };
        check(is_setup, is_right, || {
            format!("response {number}: header {name} is {value:?}, not {expected}")
        })?;
    }
    let is_setup = step.is_setup("expected_response_headers_missing");
    for missing in step.list("expected_response_headers_missing") {
        let (name, part) = match missing.as_str() {
            Some(name) => (name, None),
            None => (missing[0].as_str().unwrap(), missing[1].as_str()),
        };
        // The suite means to look for the value, but does not; here it is looked for.
        let is_there =
            response.header(name).is_some_and(|value| part.is_none_or(|part| value.contains(part)));
        check(is_setup, !is_there, || format!("response {number}: header {name} is there"))?;
    }
    Ok(())
}

/// The origin's time when it made the response is its `Server-Now`, here the `Date` that every response has.
fn is_date_of(response: &Response, name: &str, seconds: &Value, value: &str) -> bool {
    let made = response.header("date").and_then(|date| httpdate(&date));
    let expected = made.map(|made| fixed(&Step(Value::Null), name, seconds, made, ""));
    expected.as_deref() == Some(value)
}

fn httpdate(text: &str) -> Option<std::time::SystemTime> {
    // The virtual clock begins in January 2026 and no run takes a month of it.
    let rest = text.split_once(", ")?.1.strip_suffix(" GMT")?;
    let mut words = rest.split([' ', ':']);
    let day: u64 = words.next()?.parse().ok()?;
    (words.next()? == "Jan" && words.next()? == "2026").then_some(())?;
    let mut number = || words.next()?.parse::<u64>().ok();
    let (hour, minute, second) = (number()?, number()?, number()?);
    let seconds = ((day - 1) * 24 + hour) * 3600 + minute * 60 + second;
    Some(std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + seconds))
}

fn check_body(name: &str, number: usize, step: &Step, response: &Response) -> Result<(), Failure> {
    let body = response.body.as_str();
    let (is_setup, expected) = match step.0.get("expected_response_text") {
        _ if step.0.get("check_body") == Some(&Value::Bool(false)) => return Ok(()),
        Some(Value::Null) => return Ok(()),
        Some(text) => (step.is_setup("expected_response_text"), text.as_str().unwrap()),
        None => match step.text("response_body") {
            Some(text) => (true, text),
            None if matches!(response.status, 204 | 304) => return Ok(()),
            None if step.text("request_method") == Some("HEAD") => return Ok(()),
            None => (true, name),
        },
    };
    check(is_setup, body == expected, || format!("response {number}: body {body:?}, not {expected:?}"))
}

/// Checks what the origin saw, when all is over.
fn check_seen(case: &Case, responses: &[Option<Response>], seen: &[Seen]) -> Result<(), Failure> {
    let mut next = 0;
    for (index, step) in case.requests.iter().enumerate() {
        let number = index + 1;
        let is_setup = step.is_setup("expected_type");
        let kind = step.text("expected_type");
        if kind == Some("cached") {
            continue; // The origin did not see it.
        }
        let saw = seen.get(next);
        next += 1;
        if kind == Some("not_cached") {
            let is_it = saw.is_some_and(|seen| seen.number == number);
            check(is_setup, is_it, || format!("response {number} comes from the cache"))?;
        }
        let condition = match kind {
            Some("etag_validated") => Some("if-none-match"),
            Some("lm_validated") => Some("if-modified-since"),
            _ => None,
        };
        if let Some(condition) = condition {
            let has_it = saw.is_some_and(|seen| get(&seen.headers, condition).is_some());
            check(is_setup, has_it, || format!("request {number} has no {condition}"))?;
        }
        check_request(number, step, saw)?;
        if let Some((saw, response)) = saw.zip(responses[index].as_ref()) {
            check_shown(number, saw, response)?;
        }
    }
    Ok(())
}

fn check_request(number: usize, step: &Step, saw: Option<&Seen>) -> Result<(), Failure> {
    let value = |name: &str| saw.and_then(|seen| joined(&seen.headers, name));
    for (member, is_wanted) in
        [("expected_request_headers", true), ("expected_request_headers_missing", false)]
    {
        let is_setup = step.is_setup(member);
        for expected in step.list(member) {
            let name = expected.as_str().or_else(|| expected[0].as_str()).unwrap();
            let value = value(name);
            let is_there = match expected.get(1).and_then(Value::as_str) {
                Some(text) => value.as_deref() == Some(text),
                None => value.is_some(),
            };
            check(is_setup, is_there == is_wanted, || {
                format!("request {number}: header {name} is {value:?}, {member}: {expected}")
            })?;
        }
    }
    if let Some(method) = step.text("expected_method") {
        let is_right = saw.is_some_and(|seen| seen.method == method);
        check(step.is_setup("expected_method"), is_right, || format!("request {number}: not a {method}"))?;
    }
    Ok(())
}

/// What the origin sent is what the client saw.
fn check_shown(number: usize, saw: &Seen, response: &Response) -> Result<(), Failure> {
    for (name, _) in &saw.shown {
        if ["date", "set-cookie", "set-cookie2"].contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        let (sent, value) = (joined(&saw.shown, name), response.header(name));
        check(true, sent == value, || {
            format!("response {number}: header {name} is {value:?}, not {sent:?}")
        })?;
    }
    Ok(())
}

fn joined(lines: &[(String, String)], name: &str) -> Option<String> {
    let values: Vec<&str> = lines
        .iter()
        .filter(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn check(is_setup: bool, condition: bool, message: impl FnOnce() -> String) -> Result<(), Failure> {
    if condition { Ok(()) } else { Err(Failure::new(is_setup, message())) }
}
