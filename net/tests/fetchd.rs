//! The example `fetchd`, driven as a program drives it: lines in, lines out.
#![allow(clippy::unwrap_used, reason = "a test says what it expects; the server is part of it")]

mod program;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use serde_json::{Value, json};

/// Counts requests; `/slow/…` is answered when both of its kind have come.
fn serve(listener: TcpListener, count: Arc<AtomicUsize>) {
    let both = Arc::new(Barrier::new(2));
    for stream in listener.incoming() {
        let (count, both) = (count.clone(), both.clone());
        std::thread::spawn(move || serve_connection(stream.unwrap(), &count, &both));
    }
}

fn serve_connection(stream: TcpStream, count: &AtomicUsize, both: &Barrier) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    loop {
        let (mut head, mut line) = (Vec::new(), String::new());
        while reader.read_line(&mut line).is_ok_and(|size| size > 2) {
            head.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        let Some(first) = head.first() else { return };
        let length = head.iter().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
        });
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        count.fetch_add(1, Ordering::SeqCst);
        if first.contains("/slow/") {
            both.wait();
        }
        let said =
            head.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("x-say: ").map(str::to_owned));
        let said = said.as_deref().unwrap_or("nothing");
        let text = format!("{first} said {said} with {}", String::from_utf8_lossy(&body));
        let status = if first.contains("/moved") { "302 Found\r\nlocation: /to" } else { "200 OK" };
        let reply = format!(
            "HTTP/1.1 {status}\r\ncache-control: max-age=600\r\nx-two: 1\r\nx-two: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: {}\r\n\r\n{text}",
            text.len()
        );
        writer.write_all(reply.as_bytes()).unwrap();
    }
}

/// Feeds the lines, ends the input, and gives the answers by id.
fn drive(mut child: Child, lines: &[String]) -> BTreeMap<String, Value> {
    let mut stdin = child.stdin.take().unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::thread::spawn(move || stdin.write_all(text.as_bytes()).unwrap());
    let mut answers = BTreeMap::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let answer: Value = serde_json::from_str(&line.unwrap()).unwrap();
        answers.insert(answer["id"].to_string(), answer);
    }
    assert!(child.wait().unwrap().success());
    answers
}

fn start() -> Child {
    Command::new(program::fetchd()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

#[test]
fn lines_in_lines_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let count = Arc::new(AtomicUsize::new(0));
    let shared = count.clone();
    std::thread::spawn(move || serve(listener, shared));

    let line = |value: Value| value.to_string();
    let answers = drive(
        start(),
        &[
            line(json!({ "id": "post", "url": format!("{base}/p"), "method": "post", "body": "hello",
                "headers": [["X-Say", " hi "]], "cache": "no-store" })),
            line(json!({ "id": { "any": 1 }, "url": format!("{base}/moved"), "redirect": "manual" })),
            line(json!({ "id": 3, "url": format!("{base}/moved"), "redirect": "error" })),
            line(json!({ "id": 4, "url": "http://127.0.0.1:1/" })),
            line(json!({ "id": 5, "url": format!("{base}/x"), "cache": "sometimes" })),
            String::new(),
            "no json".to_owned(),
            // Neither is answered before both have come.
            line(json!({ "id": 6, "url": format!("{base}/slow/1") })),
            line(json!({ "id": 7, "url": format!("{base}/slow/2") })),
            line(
                json!({ "id": 8, "url": format!("{base}/none"), "cache": "only-if-cached", "mode": "same-origin" }),
            ),
        ],
    );
    let post = &answers["\"post\""];
    assert_eq!(post["body"], "POST /p HTTP/1.1 said hi with hello");
    assert_eq!((&post["status"], &post["err"]), (&json!(200), &Value::Null));
    let headers = post["headers"].as_array().unwrap();
    for pair in [["x-two", "1, 2"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]] {
        assert!(headers.contains(&json!(pair)), "{pair:?} in {headers:?}");
    }
    assert_eq!(answers["{\"any\":1}"]["status"], 302);
    for (id, word) in
        [("3", "redirect"), ("4", "port"), ("5", "cache is none of"), ("null", "no JSON"), ("8", "stored")]
    {
        let answer = &answers[id];
        assert!(answer["err"].as_str().unwrap().contains(word), "{answer}");
        assert_eq!((&answer["status"], &answer["body"]), (&Value::Null, &Value::Null));
    }
    assert_eq!((&answers["6"]["status"], &answers["7"]["status"]), (&json!(200), &json!(200)));
    assert_eq!(answers.len(), 9);
}

#[test]
fn one_cache_for_its_life() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/x", listener.local_addr().unwrap().port());
    let count = Arc::new(AtomicUsize::new(0));
    let shared = count.clone();
    std::thread::spawn(move || serve(listener, shared));
    // The later ones join the first or find what it left.
    let lines: Vec<String> = (0..20).map(|id| json!({ "id": id, "url": url }).to_string()).collect();
    let answers = drive(start(), &lines);
    assert_eq!(answers.len(), 20);
    assert!(answers.values().all(|answer| answer["status"] == 200), "{answers:?}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}
