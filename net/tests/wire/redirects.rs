//! Redirect chains: where they lead, what each hop sends.

use http::Method;
use siskin_net::{ErrorKind, NetEventKind, RedirectMode, Request, RequestMode};

use crate::server::{Server, ok, reply};
use crate::{client, get, image, run};

#[tokio::test]
async fn a_chain_over_one_connection() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/a" => reply("301 Moved Permanently", &["location: /b#own"], "moved"),
        "/b" => reply("302 Found", &["location: c?q"], ""),
        "/c?q" => reply("307 Temporary Redirect", &["location: /d"], ""),
        _ => ok("here"),
    })
    .await;
    let fetched = get(&client(), &server.url("/a#first")).await.map_err(|e| e.0).unwrap();
    assert_eq!((fetched.body, fetched.url), (b"here".to_vec(), server.url("/d#own")));
    assert_eq!(server.connections(), 1);
    let hops: Vec<String> = fetched
        .log
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            NetEventKind::Requested { url, .. } => {
                Some(format!("{} {}", event.hop, &url[url::Position::BeforePath..]))
            }
            _ => None,
        })
        .collect();
    assert_eq!(hops, ["0 /a#first", "1 /b#own", "2 /c?q#own", "3 /d#own"]);
}

#[tokio::test]
async fn loops_and_dead_ends() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/loop" => reply("302 Found", &["location: /loop"], ""),
        "/file" => reply("302 Found", &["location: file:///etc/passwd"], ""),
        "/data" => reply("302 Found", &["location: data:,x"], ""),
        "/bad" => reply("302 Found", &["location: http://[1:2"], ""),
        "/port" => reply("302 Found", &["location: http://a.test:25/"], ""),
        path => {
            // /20 leads to /19 and so on: 20 redirects are followed.
            let left: u32 = path[1..].parse().unwrap();
            if left == 0 { ok("end") } else { reply("302 Found", &[&format!("location: /{}", left - 1)], "") }
        }
    })
    .await;
    for (path, kind, message) in [
        ("/loop", ErrorKind::Redirect, "more than 20 redirects"),
        ("/21", ErrorKind::Redirect, "more than 20 redirects"),
        ("/file", ErrorKind::Redirect, "the redirect leads to a file: URL"),
        ("/data", ErrorKind::Redirect, "the redirect leads to a data: URL"),
        ("/bad", ErrorKind::Redirect, "the redirect's Location is no URL: http://[1:2"),
        ("/port", ErrorKind::Blocked, "port 25 is blocked, as in browsers"),
    ] {
        let (error, _) = get(&client(), &server.url(path)).await.err().unwrap();
        assert_eq!((error.kind, error.message.as_str()), (kind, message), "{path}");
    }
    assert_eq!(get(&client(), &server.url("/20")).await.map_err(|e| e.0).unwrap().body, b"end");
}

#[tokio::test]
async fn redirect_modes_and_a_missing_location() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/none" => reply("302 Found", &[], "no location"),
        _ => reply("302 Found", &["location: /x"], "body"),
    })
    .await;
    let fetched = get(&client(), &server.url("/none")).await.map_err(|e| e.0).unwrap();
    assert_eq!((fetched.status, fetched.body), (302, b"no location".to_vec()));
    let manual = Request { redirect_mode: RedirectMode::Manual, ..image(&server.url("/m")) };
    let fetched = run(&client(), manual).await.map_err(|e| e.0).unwrap();
    assert_eq!((fetched.status, fetched.body), (302, b"body".to_vec()));
    let error = Request { redirect_mode: RedirectMode::Error, ..image(&server.url("/e")) };
    assert_eq!(run(&client(), error).await.err().unwrap().0.kind, ErrorKind::Redirect);
}

#[tokio::test]
async fn methods_and_bodies() {
    for (status, method, expected) in [
        (301, Method::POST, "GET "),
        (302, Method::POST, "GET "),
        (303, Method::POST, "GET "),
        (303, Method::PUT, "GET "),
        (303, Method::HEAD, "HEAD "),
        (302, Method::PUT, "PUT body"),
        (307, Method::POST, "POST body"),
        (308, Method::POST, "POST body"),
    ] {
        let server = Server::start(move |seen| match seen.path.as_str() {
            "/from" => reply(&format!("{status} Redirect"), &["location: /to"], ""),
            _ => ok(""),
        })
        .await;
        let mut request = image(&server.url("/from"));
        request.body = (method != Method::HEAD).then(|| "body".into());
        request.method = method.clone();
        request.headers.insert("content-type", "text/plain".parse().unwrap());
        run(&client(), request).await.map_err(|e| e.0).unwrap();
        let to = server.seen().pop().unwrap();
        let sent =
            format!("{} {}", to.head.split(' ').next().unwrap(), String::from_utf8(to.body.clone()).unwrap());
        assert_eq!(sent, expected, "{status} {method}");
        assert_eq!(to.header("content-type").is_some(), !expected.starts_with("GET"), "{status} {method}");
        let length = if sent.ends_with("body") { Some("4") } else { None };
        assert_eq!(to.header("content-length"), length, "{status} {method}");
    }
}

#[tokio::test]
async fn what_gives_rights_stays_at_its_origin() {
    let target = Server::start(|_| ok("x")).await;
    let port = target.port;
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/cross" => reply("302 Found", &[&format!("location: http://b.test:{port}/")], ""),
        "/same" => reply("302 Found", &["location: /kept"], ""),
        _ => ok("x"),
    })
    .await;
    for path in ["/cross", "/same"] {
        let mut request = image(&server.url(path));
        request.mode = RequestMode::NoCors;
        request.headers.insert("authorization", "Bearer secret".parse().unwrap());
        request.headers.insert("cookie", "a=b".parse().unwrap());
        request.headers.insert("x-plain", "1".parse().unwrap());
        run(&client(), request).await.map_err(|e| e.0).unwrap();
    }
    let kept = server.seen().into_iter().find(|seen| seen.path == "/kept").unwrap();
    assert_eq!((kept.header("authorization"), kept.header("cookie")), (Some("Bearer secret"), Some("a=b")));
    let gone = &target.seen()[0];
    assert_eq!((gone.header("authorization"), gone.header("cookie")), (None, None));
    assert_eq!(gone.header("x-plain"), None);
}
