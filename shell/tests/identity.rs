//! The real program with cookies and logins: what it sends, what it keeps, what it says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use siskin_test_pages::server::{Reply, Script, Server};

/// A folder of its own for one test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("siskin-identity-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn siskin(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_siskin"))
        .args(args)
        .args(["--fonts", "bundled"])
        .env_remove("RUST_LOG")
        .env("HOME", "/nonexistent")
        .env_remove("NETRC")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn page(body: &str) -> Reply {
    Reply::ok("text/html", body)
}

fn server() -> Server {
    let script = Script::new()
        .on("/", page("<img src=/image>"))
        .on("/image", Reply::status(204))
        .on(
            "/set",
            page("set")
                .header("Set-Cookie", "session=42; HttpOnly")
                .header("Set-Cookie", "kept=1; Max-Age=1000; SameSite=Strict")
                .header("Set-Cookie", "a=changed")
                .header("Set-Cookie", "bad=1; Domain=other.test"),
        )
        .on("/gone", Reply::status(404).header("Set-Cookie", "late=1"))
        .on(
            "/private",
            Reply::status(401).header("WWW-Authenticate", "Basic realm=\"the realm\"").body("who?"),
        );
    Server::start(script).unwrap()
}

/// The `Cookie` headers of the requests for a path, `-` for none.
fn cookies(server: &Server, path: &str) -> Vec<String> {
    let seen = server.seen().into_iter().filter(|seen| seen.target == path);
    seen.map(|seen| seen.header("cookie").unwrap_or("-").to_owned()).collect()
}

#[test]
fn typed_cookies_go_to_the_page_and_its_images() {
    let server = server();
    let (code, _, stderr) = siskin(&["dump", "dom", &server.url("/"), "--cookie", "a=1; b=2", "-b", "c=3"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(cookies(&server, "/"), ["a=1; b=2; c=3"]);
    assert_eq!(cookies(&server, "/image"), ["a=1; b=2; c=3"]);
    let (code, _, stderr) = siskin(&["dump", "dom", &server.url("/"), "--cookie", "secret"]);
    assert_eq!((code, stderr.trim_end()), (2, "siskin: --cookie: expected NAME=VALUE"));
}

#[test]
fn a_jar_is_read_and_written_whatever_becomes_of_the_page() {
    for name in ["jar.txt", "jar.json"] {
        let (server, scratch) = (server(), Scratch::new(name));
        let jar = scratch.path(name);
        let visit = |path: &str, more: &[&str]| {
            let url = server.url(path);
            let args = [&["dump", "dom", &url, "--cookie-jar", &jar][..], more].concat();
            siskin(&args).0
        };
        // A typed cookie that no server touches is not kept.
        assert_eq!(visit("/set", &["--cookie", "a=typed; b=typed"]), 0);
        let text = scratch.text(name);
        for (cookie, is_there) in [
            ("session", true),
            ("42", true),
            ("kept", true),
            ("changed", true),
            ("typed", false),
            ("bad", false),
        ] {
            assert_eq!(text.contains(cookie), is_there, "{cookie} in {text}");
        }
        assert_eq!(text.starts_with('['), name.ends_with("json"), "{text}");
        assert_eq!(visit("/gone", &[]), 22, "the page fails");
        assert_eq!(cookies(&server, "/gone"), ["a=changed; session=42; kept=1"]);
        assert!(scratch.text(name).contains("late"), "and its cookie is kept all the same");
        assert_eq!(std::fs::read_dir(&scratch.0).unwrap().count(), 1, "nothing else is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(Path::new(&jar)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "the file is its owner's");
        }
    }
}

#[test]
fn a_jar_that_cannot_be_used_stops_before_any_request() {
    let (server, scratch) = (server(), Scratch::new("bad"));
    let jar = scratch.path("jar");
    std::fs::write(&jar, "# Netscape HTTP Cookie File\nsecret\n").unwrap();
    let (code, _, stderr) = siskin(&["dump", "dom", &server.url("/"), "-c", &jar]);
    let line = format!("siskin: file: line 2: expected 7 fields between tabs, got 1 ({jar})");
    assert_eq!((code, stderr.trim_end()), (37, line.as_str()));
    assert!(scratch.text("jar").contains("secret"), "and is left as it was");
    let missing = scratch.path("no/such/jar");
    assert_eq!(siskin(&["dump", "dom", &server.url("/"), "-c", &missing]).0, 23);
    assert!(server.seen().is_empty());
}

#[test]
fn a_login_is_given_when_it_is_asked_for_and_told_nowhere() {
    let scratch = Scratch::new("login");
    let netrc = scratch.path("netrc");
    std::fs::write(&netrc, "machine 127.0.0.1 login me password secret").unwrap();
    let har = scratch.path("x.har");
    for more in [&["--user", "me:secret"][..], &["--netrc-file", &netrc], &["in the URL"]] {
        let server = server();
        let (url, more) = match more {
            ["in the URL"] => (server.url("/private").replace("://", "://me:secret@"), &[][..]),
            _ => (server.url("/private"), more),
        };
        let (code, stdout, stderr) = siskin(&[&["trace", &url, "--allow-http-error"][..], more].concat());
        assert_eq!(code, 0, "{stderr}");
        let seen = server.seen().into_iter().filter(|seen| seen.target == "/private");
        let logins: Vec<_> = seen.map(|seen| seen.header("authorization").map(str::to_owned)).collect();
        assert_eq!(logins, [None, Some("Basic bWU6c2VjcmV0".to_owned())]);
        assert!(stdout.contains("the server asks for a login (Basic, \"the realm\")"), "{stdout}");
        let args = [&["waterfall", &url, "--har", &har, "--har-secrets", "-vvv"][..], more].concat();
        let (_, shown, log) = siskin(&args);
        for text in [stdout, stderr, shown, log, scratch.text("x.har")] {
            assert!(!text.contains("secret") && !text.contains("bWU6c2VjcmV0"), "{text}");
        }
    }
    let (code, _, stderr) = siskin(&["trace", "http://127.0.0.1:9/", "--user", "secret"]);
    assert_eq!((code, stderr.trim_end()), (2, "siskin: --user: expected NAME:PASSWORD, there is no colon"));
    let (code, _, stderr) = siskin(&["trace", "http://127.0.0.1:9/", "--netrc"]);
    assert_eq!(code, 37, "{stderr}");
}

#[test]
fn trace_and_har_tell_of_cookies() {
    let (server, scratch) = (server(), Scratch::new("har"));
    let url = server.url("/set");
    let (_, stdout, _) = siskin(&["trace", &url, "--cookie", "a=1"]);
    assert!(stdout.contains("cookies: a\n"), "{stdout}");
    assert!(
        stdout.contains("cookies set: session, kept, a, bad (refused: its Domain does not cover the host)"),
        "{stdout}"
    );
    for (option, value) in [(&[][..], ""), (&["--har-secrets"], "42")] {
        let har = scratch.path("x.har");
        siskin(&[&["waterfall", &url, "--har", &har, "--cookie", "a=1"][..], option].concat());
        let har: serde_json::Value = serde_json::from_str(&scratch.text("x.har")).unwrap();
        let entry = &har["log"]["entries"][0];
        assert_eq!(entry["request"]["cookies"][0]["name"], "a");
        assert_eq!(entry["response"]["cookies"][0]["name"], "session");
        assert_eq!(entry["response"]["cookies"][0]["value"], value);
        assert_eq!(entry["response"]["cookies"][0]["httpOnly"], true);
    }
}
