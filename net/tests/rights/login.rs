//! Basic and Digest: one answer a hop, remembered, never for another origin.

use siskin_net::{Client, ClientConfig, Login, LoginScope, NetEventKind, Request, parse_netrc};

use crate::server::{Authority, Seen, Server};
use crate::{config, fetch, image, navigation, url};

/// `me:secret`.
const BASIC: &str = "Basic bWU6c2VjcmV0";

fn asks(challenges: &[&str]) -> String {
    let lines: Vec<String> =
        challenges.iter().map(|challenge| format!("\r\nwww-authenticate: {challenge}")).collect();
    format!("401 Unauthorized{}", lines.concat())
}

/// Wants the Basic login below `/private/`.
async fn basic_server(authority: &Authority) -> Server {
    Server::start(authority, |seen: &Seen| {
        if seen.path.starts_with("/from?") {
            return format!("302 Found\r\nlocation: {}", &seen.path[6..]);
        }
        let is_private = seen.path.starts_with("/private/");
        if is_private && seen.header("authorization").as_deref() != Some(BASIC) {
            return asks(&["Basic realm=\"the realm\""]);
        }
        "200 OK".to_owned()
    })
    .await
}

fn login(origin: &str) -> Login {
    Login {
        scope: LoginScope::Origin(url(origin).origin()),
        user: "me".to_owned(),
        password: "secret".to_owned(),
    }
}

fn with(authority: &Authority, logins: Vec<Login>) -> Client {
    Client::new(ClientConfig { logins, ..config(authority) }).unwrap()
}

/// Whether each request had a login.
fn logins(server: &Server) -> Vec<bool> {
    server.take().iter().map(|seen| seen.header("authorization").is_some()).collect()
}

#[tokio::test]
async fn asked_once_and_remembered_below_the_path() {
    let authority = Authority::new();
    let server = basic_server(&authority).await;
    let origin = server.url("http://a.test", "");
    let client = with(&authority, vec![login(&origin)]);
    let visit = async |path: &str| fetch(&client, navigation(&format!("{origin}{path}"))).await;
    let (result, log) = visit("/private/x").await;
    assert_eq!((result.unwrap().0, logins(&server)), (200, vec![false, true]));
    let kinds = log.kinds();
    assert!(
        kinds.iter().any(
            |kind| matches!(kind, NetEventKind::Challenged { scheme: "Basic", realm } if realm == "the realm")
        ),
        "{kinds:?}"
    );
    let hops = kinds.iter().filter(|kind| matches!(kind, NetEventKind::Requested { .. })).count();
    assert_eq!(hops, 2, "the second request is a hop of its own");
    assert!(!log.text().contains("bWU6c2VjcmV0") && !log.text().contains("secret"), "{}", log.text());
    // Unasked below the path, asked elsewhere.
    visit("/private/deep/y").await.0.unwrap();
    assert_eq!(logins(&server), [true]);
    visit("/public").await.0.unwrap();
    assert_eq!(logins(&server), [false]);
}

#[tokio::test]
async fn from_the_url_and_from_netrc() {
    let authority = Authority::new();
    let server = basic_server(&authority).await;
    let client = with(&authority, Vec::new());
    let (result, log) =
        fetch(&client, navigation(&server.url("http://me:secret@a.test", "/private/x"))).await;
    let (status, at) = result.unwrap();
    assert_eq!(
        (status, at, logins(&server)),
        (200, server.url("http://a.test", "/private/x"), vec![false, true])
    );
    assert!(!log.text().contains("secret"), "{}", log.text());
    // The page's subresources need no login in their URLs.
    let page = server.url("http://a.test", "/private/x");
    fetch(&client, image(&page, &server.url("http://a.test", "/private/i"))).await.0.unwrap();
    assert_eq!(logins(&server), [true]);

    let netrc =
        parse_netrc("machine b.test login no password no\nmachine a.test login me password secret").unwrap();
    let client = with(&authority, netrc.clone());
    assert_eq!(fetch(&client, navigation(&page)).await.0.unwrap().0, 200);
    assert_eq!(logins(&server), [false, true]);
    // A user name in the URL finds its password there.
    let client = with(&authority, netrc);
    assert_eq!(
        fetch(&client, navigation(&server.url("http://me@a.test", "/private/x"))).await.0.unwrap().0,
        200
    );
}

#[tokio::test]
async fn a_wrong_password_is_the_401_itself() {
    let authority = Authority::new();
    let server = basic_server(&authority).await;
    let origin = server.url("http://a.test", "");
    let wrong = Login { password: "wrong".to_owned(), ..login(&origin) };
    let client = with(&authority, vec![wrong]);
    for _ in 0..2 {
        let (result, _) = fetch(&client, navigation(&format!("{origin}/private/x"))).await;
        // Not remembered: it is asked for again.
        assert_eq!((result.unwrap().0, logins(&server)), (401, vec![false, true]));
    }
    // None at all, and a header of the caller's own: one request.
    let client = with(&authority, Vec::new());
    assert_eq!(fetch(&client, navigation(&format!("{origin}/private/x"))).await.0.unwrap().0, 401);
    assert_eq!(logins(&server), [false]);
    let client = with(&authority, vec![login(&origin)]);
    let mut request = navigation(&format!("{origin}/private/x"));
    request.headers.insert("authorization", "Bearer x".parse().unwrap());
    assert_eq!(fetch(&client, request).await.0.unwrap().0, 401);
    assert_eq!(logins(&server), [true]);
    // One that was right and is not any more.
    let client = with(&authority, vec![login(&origin)]);
    fetch(&client, navigation(&format!("{origin}/private/x"))).await.0.unwrap();
    logins(&server);
}

#[tokio::test]
async fn never_for_another_origin() {
    let authority = Authority::new();
    let (server, other) = (basic_server(&authority).await, basic_server(&authority).await);
    let origin = server.url("http://a.test", "");
    let netrc = || Login { scope: LoginScope::Host("a.test".to_owned()), ..login(&origin) };
    let default = || Login { scope: LoginScope::AnyHost, ..login(&origin) };
    let page = format!("{origin}/");
    let from = |to: String| navigation(&server.url("http://a.test", &format!("/from?{to}")));
    let b_to_a = navigation(&server.url("http://b.test", &format!("/from?{origin}/private/x")));
    let downgrade = navigation(&server.url("https://a.test", &format!("/from?{origin}/private/x")));
    for (what, login, request, status) in [
        ("another port", login(&origin), from(other.url("http://a.test", "/private/x")), 401),
        ("another host", login(&origin), from(server.url("http://b.test", "/private/x")), 401),
        ("another scheme", login(&origin), from(server.url("https://a.test", "/private/x")), 401),
        (
            "another origin's image",
            login(&server.url("http://b.test", "")),
            image(&page, &server.url("http://b.test", "/private/x")),
            401,
        ),
        ("another host's by netrc", netrc(), from(server.url("http://b.test", "/private/x")), 401),
        ("the host by netrc, at another port", netrc(), from(other.url("http://a.test", "/private/x")), 200),
        ("the host by netrc, redirected to from another", netrc(), b_to_a, 200),
        ("the host by netrc, from https to http", netrc(), downgrade, 401),
        ("the default entry", default(), from(format!("{origin}/private/x")), 200),
        ("the default entry, elsewhere", default(), from(server.url("http://b.test", "/private/x")), 401),
    ] {
        let client = with(&authority, vec![login]);
        assert_eq!(fetch(&client, request).await.0.unwrap().0, status, "{what}");
    }
    // A frame in another page, and what is in it.
    let b = url(&server.url("http://b.test", "/")).origin();
    for login in [login(&origin), netrc(), default()] {
        for documents in [&[b.clone()][..], &[b.clone(), url(&origin).origin()]] {
            let frame = Request {
                documents: documents.into(),
                origin: documents.last().cloned(),
                ..navigation(&format!("{origin}/private/x"))
            };
            let image =
                Request { documents: documents.into(), ..image(&page, &format!("{origin}/private/x")) };
            for request in [frame, image] {
                let client = with(&authority, vec![login.clone()]);
                assert_eq!(fetch(&client, request).await.0.unwrap().0, 401, "{login:?} {documents:?}");
            }
        }
    }
}

/// A Digest server after RFC 7616's example: its nonce counts up with every refusal.
async fn digest_server(authority: &Authority, algorithm: &'static str, lives: usize) -> Server {
    let nonce = std::sync::atomic::AtomicUsize::new(0);
    let uses = std::sync::atomic::AtomicUsize::new(0);
    Server::start(authority, move |seen: &Seen| {
        use std::sync::atomic::Ordering::SeqCst;
        let challenge = |stale: &str| {
            uses.store(0, SeqCst);
            let nonce = nonce.fetch_add(1, SeqCst) + 1;
            asks(&[
                "Basic realm=\"weak\"",
                &format!("Digest realm=\"digest\", qop=\"auth\", algorithm={algorithm}, nonce=\"n{nonce}\", opaque=\"o\"{stale}"),
                "Negotiate",
            ])
        };
        let Some(sent) = seen.header("authorization") else { return challenge("") };
        let field = |name: &str| {
            let at = sent.find(&format!("{name}=")).unwrap() + name.len() + 1;
            sent[at..].split(',').next().unwrap().trim_matches('"').to_owned()
        };
        assert!(sent.starts_with("Digest "), "{sent}");
        assert_eq!((field("username"), field("realm"), field("uri"), field("opaque")), ("me".into(), "digest".into(), seen.path.clone(), "o".into()));
        if field("nonce") != format!("n{}", nonce.load(SeqCst)) || uses.load(SeqCst) >= lives {
            return challenge(", stale=true");
        }
        let count = uses.fetch_add(1, SeqCst) + 1;
        assert_eq!(field("nc"), format!("{count:08x}"), "a nonce's uses are counted");
        "200 OK".to_owned()
    })
    .await
}

#[tokio::test]
async fn digest_is_chosen_before_basic_and_counts() {
    let authority = Authority::new();
    for algorithm in ["MD5", "SHA-256", "SHA-512-256", "MD5-sess"] {
        let server = digest_server(&authority, algorithm, 2).await;
        let origin = server.url("http://a.test", "");
        let client = with(&authority, vec![login(&origin)]);
        // Asked, answered; unasked for all of the server; then the nonce is stale, which is answered as well.
        for (path, requests) in [("/dir/one?q=1", 2), ("/two", 1), ("/three", 2), ("/four", 1)] {
            let (result, log) = fetch(&client, navigation(&format!("{origin}{path}"))).await;
            assert_eq!((result.unwrap().0, server.take().len()), (200, requests), "{algorithm} {path}");
            assert!(!log.text().contains("response="), "{}", log.text());
        }
    }
}

#[tokio::test]
async fn digest_that_is_never_content_ends() {
    let authority = Authority::new();
    let server = digest_server(&authority, "MD5", 0).await;
    let origin = server.url("http://a.test", "");
    let client = with(&authority, vec![login(&origin)]);
    assert_eq!(fetch(&client, navigation(&origin)).await.0.unwrap().0, 401);
    assert_eq!(server.take().len(), 2);
}

#[tokio::test]
async fn challenges_of_all_kinds() {
    let authority = Authority::new();
    for (challenges, answered) in [
        (&["Basic realm=\"a, b\""][..], Some("Basic")),
        (&["Basic"], Some("Basic")),
        (&["basic REALM=x"], Some("Basic")),
        (&["Negotiate, Basic realm=\"x\""], Some("Basic")),
        (&["Bearer realm=\"x\""], None),
        (&["Basic realm=\"x\", Digest realm=\"y\", nonce=\"n\", qop=\"auth\""], Some("Digest")),
        (&["Digest realm=\"y\"", "Basic realm=\"x\""], Some("Basic")), // no nonce: malformed
        (&["Digest realm=\"y\", nonce=\"n\", algorithm=WHAT", "Basic realm=\"x\""], Some("Basic")),
        (&["Basic realm=\"open"], None),
        (&["=,=,,"], None),
        (&[""], None),
        (&[], None),
    ] {
        let lines = asks(challenges);
        let server = Server::start(&authority, move |_: &Seen| lines.clone()).await;
        let origin = server.url("http://a.test", "");
        let client = with(&authority, vec![login(&origin)]);
        let (result, log) = fetch(&client, navigation(&origin)).await;
        assert_eq!(result.unwrap().0, 401, "{challenges:?}");
        let told = log.kinds().into_iter().find_map(|kind| match kind {
            NetEventKind::Challenged { scheme, .. } => Some(scheme),
            _ => None,
        });
        assert_eq!(told, answered, "{challenges:?}");
    }
}

#[tokio::test]
async fn a_body_goes_again_with_the_login() {
    let authority = Authority::new();
    let server = basic_server(&authority).await;
    let origin = server.url("http://a.test", "");
    let client = with(&authority, vec![login(&origin)]);
    let request = Request {
        method: http::Method::POST,
        body: Some("the body".into()),
        ..navigation(&format!("{origin}/private/x"))
    };
    assert_eq!(fetch(&client, request).await.0.unwrap().0, 200);
    assert!(server.take().iter().all(|seen| seen.method == "POST" && seen.body == "the body"));
}
