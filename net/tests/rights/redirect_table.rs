//! Redirects, as the Fetch standard has them: <https://fetch.spec.whatwg.org/#http-redirect-fetch>.

use http::Method;
use siskin_net::{Client, Credentials, ErrorKind, NetEventKind, Request, RequestBody, RequestMode};

use crate::server::{Authority, Server};
use crate::{config, fetch, image, navigation, url};

/// Status; the method that follows for GET, HEAD, POST, PUT (`-`: the response is not a redirect). A method in lower
/// case goes without its body.
const TABLE: [(&str, [&str; 4]); 9] = [
    ("300 Multiple Choices", ["-", "-", "-", "-"]),
    ("301 Moved Permanently", ["GET", "HEAD", "get", "PUT"]),
    ("302 Found", ["GET", "HEAD", "get", "PUT"]),
    ("303 See Other", ["GET", "HEAD", "get", "get"]),
    ("304 Not Modified", ["-", "-", "-", "-"]),
    ("305 Use Proxy", ["-", "-", "-", "-"]),
    ("306 Unused", ["-", "-", "-", "-"]),
    ("307 Temporary Redirect", ["GET", "HEAD", "POST", "PUT"]),
    ("308 Permanent Redirect", ["GET", "HEAD", "POST", "PUT"]),
];

#[tokio::test]
async fn statuses_and_methods() {
    let authority = Authority::new();
    for (status, followed) in TABLE {
        let server = Server::start(&authority, move |seen| match seen.path.as_str() {
            "/from" => format!("{status}\r\nlocation: /to"),
            _ => "200 OK".to_owned(),
        })
        .await;
        for (method, expected) in
            [Method::GET, Method::HEAD, Method::POST, Method::PUT].into_iter().zip(followed)
        {
            let case = format!("{status} {method}");
            let client = Client::new(config(&authority)).unwrap();
            let mut request = image("http://a.test/", &server.url("http://a.test", "/from"));
            let has_body = matches!(method, Method::POST | Method::PUT);
            request.body = has_body.then(|| RequestBody::from("body"));
            request.method = method;
            for (name, value) in [
                ("content-type", "text/plain"),
                ("content-language", "de"),
                ("content-encoding", "x"),
                ("content-location", "/"),
            ] {
                request.headers.insert(name, value.parse().unwrap());
            }
            let (result, log) = fetch(&client, request).await;
            let seen = server.take();
            if expected == "-" {
                let number: u16 = status[..3].parse().unwrap();
                assert_eq!((result.unwrap().0, seen.len()), (number, 1), "{case}");
                continue;
            }
            assert_eq!(result.unwrap().0, 200, "{case}");
            let to = &seen[1];
            assert_eq!(
                (to.path.as_str(), to.method.as_str()),
                ("/to", expected.to_uppercase().as_str()),
                "{case}"
            );
            let keeps = expected.chars().all(char::is_uppercase);
            assert_eq!(to.body, if keeps && has_body { "body" } else { "" }, "{case}");
            assert_eq!(to.header("content-length").is_some(), keeps && has_body, "{case}");
            for name in ["content-type", "content-language", "content-encoding", "content-location"] {
                assert_eq!(to.header(name).is_some(), keeps, "{case}: {name}");
            }
            let redirects =
                log.kinds().iter().filter(|kind| matches!(kind, NetEventKind::Redirected { .. })).count();
            assert_eq!(redirects, 1, "{case}");
        }
    }
}

/// Where a `Location` leads from `/dir/from?q#first`: the URL behind the origin, or how it fails.
const LOCATIONS: [(&str, Result<&str, ErrorKind>); 22] = [
    ("/to", Ok("/to#first")),
    ("to", Ok("/dir/to#first")),
    ("../to", Ok("/to#first")),
    ("?new", Ok("/dir/from?new#first")),
    ("/to#second", Ok("/to#second")),
    ("/to#", Ok("/to#")),
    ("#second", Err(ErrorKind::Redirect)), // to itself, for ever
    ("/sp ace", Ok("/sp%20ace#first")),
    ("/\u{e4}", Ok("/%C3%A4#first")),
    ("", Ok("/dir/from?q#first")),  // no Location: the 302 is the response
    ("-", Ok("/dir/from?q#first")), // none at all
    ("/a\r\nlocation: /a", Ok("/a#first")),
    ("/a\r\nlocation: /b", Err(ErrorKind::Redirect)),
    ("http://[1:2", Err(ErrorKind::Redirect)),
    ("https://", Err(ErrorKind::Redirect)),
    ("data:,x", Err(ErrorKind::Redirect)),
    ("file:///etc/passwd", Err(ErrorKind::Redirect)),
    ("about:blank", Err(ErrorKind::Redirect)),
    ("javascript:alert(1)", Err(ErrorKind::Redirect)),
    ("ftp://a.test/", Err(ErrorKind::Redirect)),
    ("blob:http://a.test/x", Err(ErrorKind::Redirect)),
    ("http://a.test:25/", Err(ErrorKind::Blocked)),
];

#[tokio::test]
async fn locations() {
    let authority = Authority::new();
    for (location, expected) in LOCATIONS {
        let server = Server::start(&authority, move |seen| match seen.path.as_str() {
            "/dir/from?q" if location == "-" => "302 Found".to_owned(),
            "/dir/from?q" => format!("302 Found\r\nlocation: {location}"),
            _ => "200 OK".to_owned(),
        })
        .await;
        let client = Client::new(config(&authority)).unwrap();
        let (result, _) = fetch(&client, navigation(&server.url("http://a.test", "/dir/from?q#first"))).await;
        let origin = server.url("http://a.test", "");
        let got = result.map(|(_, url)| url[origin.len()..].to_owned()).map_err(|error| error.kind);
        assert_eq!(got, expected.map(str::to_owned), "{location:?}");
    }
}

#[tokio::test]
async fn twenty_and_no_more() {
    let authority = Authority::new();
    let server = Server::start(&authority, |seen| {
        let left: u32 = seen.path[1..].parse().unwrap();
        if left == 0 {
            "200 OK".to_owned()
        } else {
            format!("307 Temporary Redirect\r\nlocation: /{}", left - 1)
        }
    })
    .await;
    let client = Client::new(config(&authority)).unwrap();
    let (result, _) = fetch(&client, navigation(&server.url("http://a.test", "/20"))).await;
    assert_eq!(result.unwrap().0, 200);
    let (result, _) = fetch(&client, navigation(&server.url("http://a.test", "/21"))).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Redirect, "more than 20 redirects"));
    assert_eq!(server.seen().len(), 21 + 21);
}

#[tokio::test]
async fn user_names_in_locations() {
    let authority = Authority::new();
    let server = Server::start(&authority, |seen| match seen.path.strip_prefix("/from?") {
        Some(to) => format!("302 Found\r\naccess-control-allow-origin: *\r\nlocation: {to}"),
        None => "200 OK\r\naccess-control-allow-origin: *".to_owned(),
    })
    .await;
    let at = |host: &str| server.url(&format!("http://{host}"), "/to");
    // By page, host that is asked, and host with login: whether a CORS request may follow.
    for (page, from, to, allowed) in [
        ("a.test", "a.test", at("me:pw@a.test"), true),
        ("a.test", "a.test", at("me@b.test"), false),
        ("a.test", "b.test", at("me:pw@b.test"), false),
        ("a.test", "b.test", at("me:pw@a.test"), false),
        ("a.test", "b.test", at("b.test"), true),
    ] {
        let client = Client::new(config(&authority)).unwrap();
        let page = server.url(&format!("http://{page}"), "/");
        let request = Request {
            mode: RequestMode::Cors,
            credentials: Credentials::SameOrigin,
            ..image(&page, &server.url(&format!("http://{from}"), &format!("/from?{to}")))
        };
        let (result, log) = fetch(&client, request).await;
        assert_eq!(result.is_ok(), allowed, "{page} {from} {to}");
        match result {
            Ok((_, url)) => assert!(!url.contains("pw@"), "{url}"),
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::Blocked);
                assert_eq!(error.message, "the redirect leads to a URL with credentials");
            }
        }
        // The query of the URL that redirects is the server's own to show; what we make of it is not.
        let told: Vec<String> = log
            .kinds()
            .into_iter()
            .filter_map(|kind| match kind {
                NetEventKind::Redirected { to } => Some(to.to_string()),
                _ => None,
            })
            .collect();
        assert!(
            told.iter().all(|to| url(to).username().is_empty() && url(to).password().is_none()),
            "{told:?}"
        );
    }
}
