//! Fetches by lines: a request in JSON on a line of stdin, its response in JSON on a line of stdout.
//!
//! ```text
//! {"id": 1, "url": "http://localhost/", "method": "GET", "headers": [["Accept", "*/*"]], "body": null,
//!  "cache": "default", "mode": "cors", "credentials": "same-origin", "redirect": "follow"}
//! {"id": 1, "status": 200, "headers": [["content-type", "text/html"]], "body": "…", "err": null}
//! ```
//!
//! Only `url` has to be there; the others have the defaults of `fetch()`, and the words are its words. The page that
//! fetches is of the URL's own origin. All requests share one profile with a cache in memory, run at the same time, and
//! are answered in the order in which they end; `id` is any JSON value and comes back as it is. A failed fetch has
//! `status` null and says why in `err`. A header that came on several lines comes back as one, but for `Set-Cookie`.
//! The program ends with its input, after the last answer. `fetchd --cache DIR` keeps the cache on disk too.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to the program that runs it")]

use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::{Value, json};
use siskin_net::{
    CacheChoice, CacheMode, Client, ClientConfig, Credentials, Destination, Fetch, FetchId, Initiator,
    InitiatorKind, NullObserver, RedirectMode, Request, RequestBody, RequestMode,
};
use tokio::sync::mpsc;
use url::Url;

/// Requests that are made at the same time; more wait in the pipe.
const MAX_AT_ONCE: usize = 256;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let cache = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => CacheChoice::Memory,
        ["--cache", folder] => CacheChoice::disk(folder),
        _ => {
            eprintln!("usage: fetchd [--cache DIR]");
            return ExitCode::from(2);
        }
    };
    let client = match Client::new(ClientConfig { cache, ..ClientConfig::default() }) {
        Ok(client) => client,
        Err(error) => {
            eprintln!("fetchd: {error}");
            return ExitCode::FAILURE;
        }
    };
    let (lines, mut incoming) = mpsc::channel::<String>(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.blocking_send(line).is_err() {
                return;
            }
        }
    });
    let places = Arc::new(tokio::sync::Semaphore::new(MAX_AT_ONCE));
    let next = AtomicU64::new(1);
    let mut running = tokio::task::JoinSet::new();
    while let Some(line) = incoming.recv().await {
        while running.try_join_next().is_some() {}
        if line.trim().is_empty() {
            continue;
        }
        let Ok(place) = places.clone().acquire_owned().await else { break };
        let id = FetchId(next.fetch_add(1, Ordering::Relaxed));
        let client = client.clone();
        running.spawn(async move {
            let answer = answer(&client, id, &line).await;
            // One write a line: lines of tasks that end at the same time do not mix.
            let mut line = answer.to_string();
            line.push('\n');
            let mut stdout = std::io::stdout().lock();
            let written = stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush());
            drop((place, written));
        });
    }
    while running.join_next().await.is_some() {}
    ExitCode::SUCCESS
}

/// The answer to a line.
async fn answer(client: &Client, id: FetchId, line: &str) -> Value {
    let asked: Value = match serde_json::from_str(line) {
        Ok(asked) => asked,
        Err(error) => return failed(&Value::Null, &format!("the line is no JSON: {error}")),
    };
    let name = asked.get("id").cloned().unwrap_or(Value::Null);
    match request(id, &asked) {
        Err(message) => failed(&name, &message),
        Ok(request) => match fetch(client, request).await {
            Err(error) => failed(&name, &error.to_string()),
            Ok((status, headers, body)) => {
                json!({ "id": name, "status": status, "headers": headers, "body": body, "err": null })
            }
        },
    }
}

fn failed(name: &Value, message: &str) -> Value {
    json!({ "id": name, "status": null, "headers": [], "body": null, "err": message })
}

async fn fetch(
    client: &Client,
    request: Request,
) -> Result<(u16, Vec<(String, String)>, String), siskin_net::Error> {
    let response = client.fetch(request, Arc::new(NullObserver)).await?;
    let (status, headers) = (response.status.as_u16(), pairs(&response.headers));
    let body = response.body.collect().await?;
    Ok((status, headers, String::from_utf8_lossy(&body).into_owned()))
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut pairs = Vec::new();
    for name in headers.keys() {
        let values: Vec<String> = headers.get_all(name).iter().map(text).collect();
        if *name == header::SET_COOKIE {
            pairs.extend(values.into_iter().map(|value| (name.to_string(), value)));
        } else {
            pairs.push((name.to_string(), values.join(", ")));
        }
    }
    pairs
}

/// The request that a line asks for, or what is wrong with it.
fn request(id: FetchId, asked: &Value) -> Result<Request, String> {
    let text = |name: &str| match asked.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(other) => Err(format!("{name} is no string: {other}")),
    };
    let url = text("url")?.ok_or("there is no url")?;
    let url = Url::parse(url).map_err(|error| format!("the url cannot be parsed: {error}"))?;
    let mut page = url.clone();
    page.set_path("/");
    page.set_query(None);
    page.set_fragment(None);
    // The URL itself may have credentials, the page has none.
    let _ = page.set_username("").and_then(|()| page.set_password(None));
    let initiator = Initiator { kind: InitiatorKind::Browser, url: Some(page), fetch: None };
    let mut request = Request::subresource(id, url, Destination::Empty, initiator);
    if let Some(method) = text("method")? {
        // As fetch() does for the methods that it knows.
        let upper = method.to_ascii_uppercase();
        let is_known = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"].contains(&upper.as_str());
        let method = if is_known { &upper } else { method };
        request.method = Method::from_bytes(method.as_bytes()).map_err(|_| format!("no method: {method}"))?;
    }
    for pair in asked.get("headers").and_then(Value::as_array).into_iter().flatten() {
        let (name, value) = (pair.get(0).and_then(Value::as_str), pair.get(1).and_then(Value::as_str));
        let (Some(name), Some(value)) = (name, value) else { return Err(format!("no header: {pair}")) };
        let value = value.trim_matches(['\t', '\n', '\r', ' ']);
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => request.headers.append(name, value),
            _ => return Err(format!("no header: {pair}")),
        };
    }
    request.body = text("body")?.map(|body| RequestBody::raw("text/plain;charset=UTF-8", body.to_owned()));
    request.cache_mode = one_of("cache", text("cache")?, &CACHE_MODES)?;
    request.mode = one_of("mode", text("mode")?, &MODES)?;
    request.credentials = one_of("credentials", text("credentials")?, &CREDENTIALS)?;
    request.redirect_mode = one_of("redirect", text("redirect")?, &REDIRECTS)?;
    Ok(request)
}

/// The value of a word; the first of the table when there is none.
fn one_of<T: Copy>(name: &str, word: Option<&str>, table: &[(&str, T)]) -> Result<T, String> {
    let Some(word) = word else { return Ok(table[0].1) };
    let found = table.iter().find(|(own, _)| *own == word).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let words: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
        format!("{name} is none of {}: {word}", words.join(", "))
    })
}

const CACHE_MODES: [(&str, CacheMode); 6] = [
    ("default", CacheMode::Default),
    ("no-store", CacheMode::NoStore),
    ("reload", CacheMode::Reload),
    ("no-cache", CacheMode::NoCache),
    ("force-cache", CacheMode::ForceCache),
    ("only-if-cached", CacheMode::OnlyIfCached),
];

const MODES: [(&str, RequestMode); 4] = [
    ("cors", RequestMode::Cors),
    ("no-cors", RequestMode::NoCors),
    ("same-origin", RequestMode::SameOrigin),
    ("navigate", RequestMode::Navigate),
];

const CREDENTIALS: [(&str, Credentials); 3] = [
    ("same-origin", Credentials::SameOrigin),
    ("omit", Credentials::Omit),
    ("include", Credentials::Include),
];

const REDIRECTS: [(&str, RedirectMode); 3] =
    [("follow", RedirectMode::Follow), ("error", RedirectMode::Error), ("manual", RedirectMode::Manual)];
