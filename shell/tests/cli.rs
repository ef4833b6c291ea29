//! The real program on bad and good input: exit codes, the line on stderr, what is (not) written.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::ffi::OsStr;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use siskin_test_pages::server::{Ending, Reply, Script, Server};

/// A folder of its own for one test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("siskin-cli-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Ran {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

fn siskin(args: &[&dyn AsRef<OsStr>]) -> Ran {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_siskin"))
        .args(args)
        .env_remove("RUST_LOG")
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A screenshot of `page` that must fail: the code, the one line on stderr, and nothing written.
fn fails(name: &str, page: &dyn AsRef<OsStr>, more: &[&dyn AsRef<OsStr>], code: i32, line: &str) {
    let scratch = Scratch::new(name);
    let out = scratch.path("out.png");
    let mut args: Vec<&dyn AsRef<OsStr>> = vec![&"screenshot", page, &"-o", &out, &"--fonts", &"bundled"];
    args.extend(more);
    let ran = siskin(&args);
    assert_eq!(ran.code, Some(code), "{name}: {}", ran.stderr);
    assert_eq!(ran.stderr.trim_end(), line, "{name}");
    assert!(ran.stdout.is_empty(), "{name}: nothing goes to stdout");
    assert_eq!(scratch.names(), [""; 0], "{name}: no file is left");
}

fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn png_size(bytes: &[u8]) -> (u32, u32) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

#[test]
fn a_host_without_address() {
    let line = "siskin: dns: no address for host nosuch.invalid (http://nosuch.invalid/)";
    fails("dns", &"http://nosuch.invalid/", &[], 6, line);
}

#[test]
fn a_refused_connection() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    fails("refused", &url, &[], 7, &format!("siskin: connect: connection refused ({url})"));
}

#[test]
fn an_error_page_is_no_picture_unless_it_is_asked_for() {
    let server =
        Server::start(Script::new().on("/", Reply { status: 404, ..Reply::ok("text/html", "gone") }))
            .unwrap();
    let url = server.url("/");
    fails("404", &url, &[], 22, &format!("siskin: http: the server answered 404 Not Found ({url})"));

    let scratch = Scratch::new("404-allowed");
    let out = scratch.path("out.png");
    let ran = siskin(&[&"screenshot", &url, &"-o", &out, &"--fonts", &"bundled", &"--allow-http-error"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(png_size(&std::fs::read(out).unwrap()), (1280, 800));
}

#[test]
fn files_that_are_not_there() {
    fails("file", &"no/such/page.html", &[], 37, "siskin: file: no such file (no/such/page.html)");
    fails(
        "url",
        &"file:///no/such/page.html",
        &[],
        37,
        "siskin: file: no such file (file:///no/such/page.html)",
    );
}

#[test]
fn a_server_that_says_nothing() {
    let silent = Reply { ending: Ending::Silence, ..Reply::status(200) };
    let server = Server::start(Script::new().on("/", silent)).unwrap();
    let url = server.url("/");
    let line = "siskin: timeout: after 0.2 s still waiting for the server's answer";
    let scratch = Scratch::new("timeout");
    let out = scratch.path("out.png");
    let ran = siskin(&[&"screenshot", &url, &"-o", &out, &"--timeout", &"200ms"]);
    assert_eq!(ran.code, Some(28), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("siskin: timeout: after 0.2"), "{} is not like {line}", ran.stderr);
    assert_eq!(scratch.names(), [""; 0]);
}

#[test]
fn a_document_that_breaks_off() {
    let torn =
        Reply { ending: Ending::ResetAfter(5), ..Reply::ok("text/html", "<!doctype html><p>long enough") };
    let server = Server::start(Script::new().on("/", torn)).unwrap();
    let scratch = Scratch::new("torn");
    let out = scratch.path("out.png");
    let ran = siskin(&[&"screenshot", &server.url("/"), &"-o", &out]);
    assert_eq!(ran.code, Some(56), "{}", ran.stderr);
    assert!(ran.stderr.contains(&server.url("/")) && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    assert_eq!(scratch.names(), [""; 0]);
}

#[test]
fn wrong_arguments() {
    for (name, more, word) in [
        ("viewport", ["--viewport", "big"], "--viewport"),
        ("scale", ["--scale", "0"], "--scale"),
        ("fonts", ["--fonts", "/no/such/folder"], "--fonts"),
        ("timeout", ["--timeout", "soon"], "--timeout"),
        ("header", ["--header", "no colon"], "--header"),
        ("data", ["--data", "x"], "--data"),
        ("form", ["--form", "no equals sign"], "--form"),
        ("lang", ["--lang", "de\n"], "--lang"),
    ] {
        let scratch = Scratch::new(name);
        let (page, out) = (scratch.file("x.html", "<p>x"), scratch.path("out.png"));
        let ran = siskin(&[&"screenshot", &page, &"-o", &out, &more[0], &more[1]]);
        assert_eq!(ran.code, Some(2), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(word), "{name}: {}", ran.stderr);
        assert!(!out.exists());
    }
    assert_eq!(siskin(&[&"screenshot"]).code, Some(2));
    assert_eq!(siskin(&[&"no-such-verb"]).code, Some(2));
}

#[test]
fn an_output_that_cannot_be_written_is_told_before_anything_is_fetched() {
    let server = Server::start(Script::new().on("/", Reply::ok("text/html", "x"))).unwrap();
    let ran = siskin(&[&"screenshot", &server.url("/"), &"-o", &"/no/such/folder/x.png"]);
    assert_eq!(ran.code, Some(23));
    assert_eq!(ran.stderr, "siskin: output: no such directory (/no/such/folder/x.png)\n");
    assert!(server.seen().is_empty());
}

#[test]
fn help_goes_to_stdout_and_tells_examples_and_exit_codes() {
    let ran = siskin(&[&"--help"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let text = String::from_utf8(ran.stdout).unwrap();
    for word in
        ["screenshot", "waterfall", "compare", "dump", "Examples:", "Exit codes", "no address for the host"]
    {
        assert!(text.contains(word), "{word} is missing in:\n{text}");
    }
}

#[test]
fn broken_html_css_and_images_are_a_page() {
    let scratch = Scratch::new("broken");
    scratch.file("broken.css", "p { color: ; } @import; @media { { } .x { background: url(");
    scratch.file("broken.png", b"\x89PNG\r\n\x1a\nnothing");
    let html = b"<!doctype html><link rel=stylesheet href=broken.css><p><table><b><div></p><img src=broken.png>\xFF\0<";
    let (page, out) = (scratch.file("x.html", html), scratch.path("out.png"));
    let ran = siskin(&[&"screenshot", &page, &"-o", &out, &"--fonts", &"bundled", &"--viewport", &"300x200"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert!(lines[0] == "siskin: 1 of 2 subresources failed:" && lines.len() == 2, "{}", ran.stderr);
    assert!(lines[1].starts_with("siskin: decode: ") && lines[1].contains("/broken.png)"), "{}", ran.stderr);
    assert_eq!(png_size(&std::fs::read(out).unwrap()), (300, 200));
    assert_eq!(scratch.names().len(), 4, "no temporary file is left");
}

#[test]
fn a_failed_subresource_is_counted_and_the_page_is_there() {
    let script = Script::new()
        .on("/", Reply::ok("text/html", "<!doctype html><link rel=stylesheet href=a.css><img src=b.png><p>x"))
        .on("/b.png", Reply::status(204));
    let server = Server::start(script).unwrap();
    let scratch = Scratch::new("subresource");
    let out = scratch.path("out.png");
    let ran =
        siskin(&[&"screenshot", &server.url("/"), &"-o", &out, &"--fonts", &"bundled", &"--scale", &"0.5"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let expected = format!("siskin: http: the server answered 404 Not Found ({})", server.url("/a.css"));
    assert_eq!(lines, ["siskin: 1 of 2 subresources failed:", expected.as_str()]);
    assert_eq!(png_size(&std::fs::read(&out).unwrap()), (640, 400));

    let ran = siskin(&[&"screenshot", &server.url("/"), &"-o", &out, &"--fonts", &"bundled", &"-q"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn an_image_whose_pixels_end_early_is_counted() {
    let whole = std::fs::read(siskin_test_pages::root().join("sites/showcase/images/siskin.png")).unwrap();
    let scratch = Scratch::new("torn-image");
    scratch.file("torn.png", &whole[..whole.len() / 2]);
    let (page, out) =
        (scratch.file("x.html", "<!doctype html><img src=torn.png><p>x"), scratch.path("out.png"));
    let ran = siskin(&[&"screenshot", &page, &"-o", &out, &"--fonts", &"bundled"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with("siskin: 1 of 1 subresources failed:\nsiskin: decode: "),
        "{}",
        ran.stderr
    );
}

#[test]
fn subresources_past_the_limit_are_counted() {
    let limit = siskin_engine::limits::MAX_SUBRESOURCES;
    let images: String = (0..limit + 3).map(|i| format!("<img src=missing/{i}.png>")).collect();
    let scratch = Scratch::new("limit");
    let page = scratch.file("x.html", format!("<!doctype html>{images}"));
    let ran = siskin(&[&"dump", &"dom", &page, &"--fonts", &"bundled"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.starts_with(&format!("siskin: {limit} of {limit} subresources failed:\n")));
    let last = format!("siskin: 3 more subresources were not asked for: a page may have {limit}\n");
    assert!(ran.stderr.ends_with(&last), "{}", ran.stderr);
}

#[test]
fn a_picture_can_go_to_stdout() {
    let scratch = Scratch::new("stdout");
    let page =
        scratch.file("x.html", "<!doctype html><body style='margin:0'><div style='height:3000px'>x</div>");
    let ran = siskin(&[&"screenshot", &page, &"-o", &"-", &"--full-page", &"--fonts", &"bundled"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(png_size(&ran.stdout), (1280, 3000));
}

#[test]
fn the_time_is_up_and_the_picture_is_wanted_all_the_same() {
    let silent = Reply { ending: Ending::Silence, ..Reply::status(200) };
    let script = Script::new()
        .on("/", Reply::ok("text/html", "<!doctype html><img src=never.png><p>x"))
        .on("/never.png", silent);
    let server = Server::start(script).unwrap();
    let scratch = Scratch::new("shoot");
    let out = scratch.path("out.png");
    let base: [&dyn AsRef<OsStr>; 6] = [&"screenshot", &server.url("/"), &"-o", &out, &"--timeout", &"300ms"];
    let ran = siskin(&base);
    assert_eq!(ran.code, Some(28));
    assert!(ran.stderr.contains("/never.png"), "{}", ran.stderr);
    assert!(!out.exists());
    let shoot: [&dyn AsRef<OsStr>; 4] = [&"--on-timeout", &"shoot", &"--fonts", &"bundled"];
    let ran = siskin(&[&base[..], &shoot[..]].concat());
    assert_eq!(ran.code, Some(28), "the code tells still");
    assert_eq!(png_size(&std::fs::read(out).unwrap()), (1280, 800));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let scratch = Scratch::new("pipe");
    let page = scratch.file("x.html", "<p>x".repeat(20_000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_siskin"))
        .args([OsStr::new("dump"), OsStr::new("dom"), page.as_os_str()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn a_waterfall_of_a_page_that_does_not_come_is_shown_and_fails() {
    let ran = siskin(&[&"waterfall", &"http://nosuch.invalid/", &"--color", &"never"]);
    assert_eq!(ran.code, Some(6));
    assert!(String::from_utf8(ran.stdout).unwrap().contains("nosuch.invalid"));
    assert_eq!(ran.stderr, "siskin: dns: no address for host nosuch.invalid (http://nosuch.invalid/)\n");
}

#[test]
fn a_waterfall_shows_how_long_was_waited_in_vain() {
    let silent = Reply { ending: Ending::Silence, ..Reply::status(200) };
    let server = Server::start(Script::new().on("/", silent)).unwrap();
    let ran = siskin(&[&"waterfall", &server.url("/"), &"--har", &"-", &"--timeout", &"300ms"]);
    assert_eq!(ran.code, Some(28), "{}", ran.stderr);
    let har: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert!(har["log"]["entries"][0]["time"].as_f64().unwrap() >= 290.0, "{har}");
}

#[test]
fn own_headers_and_agent_are_sent() {
    let server = Server::start(Script::new().on("/", Reply::ok("text/html", "<!doctype html><p>x"))).unwrap();
    let ran = siskin(&[&"dump", &"dom", &server.url("/"), &"-H", &"X-Key: one", &"--user-agent", &"me/1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let seen = server.seen();
    assert_eq!((seen[0].header("x-key"), seen[0].header("user-agent")), (Some("one"), Some("me/1")));
    assert!(String::from_utf8(ran.stdout).unwrap().contains("<p>"));
}

#[test]
fn what_is_sent_with_the_page_and_in_which_language_it_is_wanted() {
    let page = || Reply::ok("text/html", "<!doctype html><link rel=stylesheet href=/s.css><p>x");
    let script = Script::new().on("/", page()).on("/s.css", Reply::ok("text/css", "p {}"));
    let server = Server::start(script).unwrap();
    let url = server.url("/");
    let ran = siskin(&[&"dump", &"dom", &url, &"-d", &"a=1 2", &"-d", &"b=é", &"--lang", &"de-DE,de"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let seen = server.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].body.as_slice()), ("POST", "a=1 2&b=é".as_bytes()));
    assert_eq!(seen[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!((seen[0].header("origin"), seen[0].header("accept-language")), (None, Some("de-DE,de;q=0.9")));
    // The page's own request alone.
    assert_eq!((seen[1].method.as_str(), seen[1].body.len()), ("GET", 0));
    let scratch = Scratch::new("send");
    let file = format!("f=@{};type=text/x", scratch.file("a.txt", "in it").display());
    let ran = siskin(&[
        &"dump",
        &"dom",
        &url,
        &"-X",
        &"PUT",
        &"-F",
        &"n=v",
        &"-F",
        &file,
        &"--schedule",
        &"connections",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let seen = server.seen();
    assert_eq!(seen[2].method, "PUT");
    let body = String::from_utf8(seen[2].body.clone()).unwrap();
    assert!(body.contains("name=\"n\"\r\n\r\nv\r\n"), "{body}");
    assert!(body.contains("filename=\"a.txt\"\r\nContent-Type: text/x\r\n\r\nin it\r\n"), "{body}");
}

#[test]
fn rectangles_are_printed_as_json() {
    let scratch = Scratch::new("rects");
    let html = "<!doctype html><html><head><title>t</title></head><body style='margin:0'><div id=a class='b c' style='width:50px;height:20px'>x</div></body></html>";
    let page = scratch.file("x.html", html);
    let ran = siskin(&[&"dump", &"rects", &page, &"--json", &"--fonts", &"bundled"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let value: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(value["title"], "t");
    assert_eq!(value["viewport"], serde_json::json!([1280.0, 800.0]));
    let div = serde_json::json!({"t": "div", "i": "a", "c": "b c", "p": 3, "r": [0.0, 0.0, 50.0, 20.0]});
    assert_eq!(value["elements"][4], div);
    assert_eq!(value["elements"][1], serde_json::json!({"t": "head", "p": 0, "r": null}));
    assert_eq!(value["texts"][0]["e"], 4);
    assert_eq!(value["texts"][0]["s"], "x");
}

#[test]
fn a_slow_sheet_is_waited_for() {
    let sheet = Reply::ok("text/css", "div { width: 70px }").delay(Duration::from_millis(150));
    let script = Script::new()
        .on("/", Reply::ok("text/html", "<!doctype html><link rel=stylesheet href=a.css><div>x</div>"))
        .on("/a.css", sheet);
    let server = Server::start(script).unwrap();
    let ran = siskin(&[
        &"dump",
        &"rects",
        &server.url("/"),
        &"--json",
        &"--wait-until",
        &"dom",
        &"--fonts",
        &"bundled",
    ]);
    let value: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let div = value["elements"].as_array().unwrap().iter().find(|e| e["t"] == "div").unwrap();
    assert_eq!(div["r"][2], 70.0);
}

#[test]
fn the_path_of_the_program_does_not_matter() {
    let scratch = Scratch::new("cwd");
    scratch.file("x.html", "<!doctype html><p>x");
    let output = Command::new(env!("CARGO_BIN_EXE_siskin"))
        .args(["dump", "dom", "x.html"])
        .current_dir(Path::new(&scratch.0))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
}
