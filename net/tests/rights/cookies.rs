//! Cookies over connections: every hop of a chain, every status, every credentials mode.

use siskin_net::{
    Client, ClientConfig, CookieChoice, CookieFate, CookieRefusal, Credentials, NetEventKind, Request,
    RequestMode,
};

use crate::server::{Authority, Seen, Server};
use crate::{config, fetch, image, navigation, url};

#[tokio::test]
async fn every_hop_and_every_status() {
    let authority = Authority::new();
    let server = Server::start(&authority, |seen: &Seen| match seen.path.as_str() {
        "/one" => {
            "302 Found\r\nlocation: /two\r\nset-cookie: one=1\r\nset-cookie: two=2; Path=/two".to_owned()
        }
        "/two" => "307 Temporary Redirect\r\nlocation: /three\r\nset-cookie: one=; Max-Age=0".to_owned(),
        "/three" => "404 Not Found\r\nset-cookie: three=3\r\nset-cookie: bad=4; Domain=test".to_owned(),
        "/401" => "401 Unauthorized\r\nset-cookie: asked=1\r\nwww-authenticate: Basic realm=\"r\"".to_owned(),
        _ => "200 OK".to_owned(),
    })
    .await;
    let client = Client::new(config(&authority)).unwrap();
    let (result, log) = fetch(&client, navigation(&server.url("http://a.test", "/one"))).await;
    assert_eq!(result.unwrap().0, 404);
    let cookies: Vec<_> = server.take().iter().map(|seen| seen.header("cookie")).collect();
    assert_eq!(cookies, [None, Some("two=2; one=1".to_owned()), None]);
    fetch(&client, navigation(&server.url("http://a.test", "/401"))).await.0.unwrap();
    fetch(&client, navigation(&server.url("http://a.test", "/end"))).await.0.unwrap();
    assert_eq!(server.take().pop().unwrap().header("cookie").unwrap(), "three=3; asked=1");
    let told: Vec<String> = log
        .kinds()
        .into_iter()
        .filter_map(|kind| match kind {
            NetEventKind::CookiesSent(notes) => Some(("sent", notes)),
            NetEventKind::CookiesReceived(notes) => Some(("set", notes)),
            _ => None,
        })
        .map(|(what, notes)| {
            format!("{what} {}", notes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "set one, two",
            "sent two, one",
            "set one (removed)",
            "set three, bad (refused: its Domain is a public suffix)"
        ]
    );
}

#[tokio::test]
async fn the_credentials_mode_decides_both_ways() {
    let authority = Authority::new();
    let script = |_: &Seen| {
        "200 OK\r\naccess-control-allow-origin: http://a.test\r\naccess-control-allow-credentials: true\r\n\
         set-cookie: new=1; Secure; SameSite=None"
            .to_owned()
    };
    let server = Server::start(&authority, script).await;
    use Credentials::{Include, Omit, SameOrigin};
    for (page, host, mode, credentials, goes) in [
        ("https://b.test", "https://b.test", RequestMode::NoCors, Include, true),
        ("https://b.test", "https://b.test", RequestMode::NoCors, SameOrigin, true),
        ("https://b.test", "https://b.test", RequestMode::NoCors, Omit, false),
        ("https://a.test", "https://b.test", RequestMode::NoCors, Include, true),
        ("https://a.test", "https://b.test", RequestMode::NoCors, SameOrigin, false),
        ("http://a.test", "https://b.test", RequestMode::Cors, Include, true),
        ("http://a.test", "https://b.test", RequestMode::Cors, Omit, false),
    ] {
        let case = format!("{page} {host} {mode:?} {credentials:?}");
        let client = Client::new(config(&authority)).unwrap();
        // So that there is one to send: the first visit is the user's own.
        fetch(&client, navigation(&server.url(host, "/"))).await.0.unwrap();
        server.take();
        let page = if page == host { server.url(page, "/") } else { format!("{page}/") };
        let request = Request { mode, credentials, ..image(&page, &server.url(host, "/i")) };
        let (_, log) = fetch(&client, request).await;
        assert_eq!(server.take()[0].header("cookie").is_some(), goes, "{case}");
        let fate = log.kinds().into_iter().find_map(|kind| match kind {
            NetEventKind::CookiesReceived(notes) => Some(notes[0].fate),
            _ => None,
        });
        let refused = CookieFate::Refused(CookieRefusal::NoCredentials);
        assert_eq!(fate, Some(if goes { CookieFate::Stored } else { refused }), "{case}");
    }
}

#[tokio::test]
async fn whose_page_it_is() {
    let authority = Authority::new();
    let server = Server::start(&authority, |seen: &Seen| match seen.path.as_str() {
        "/set" => "200 OK\r\nset-cookie: strict=1; SameSite=Strict\r\nset-cookie: lax=1; SameSite=Lax\r\n\
                   set-cookie: none=1; SameSite=None; Secure\r\nset-cookie: part=1; SameSite=None; Secure; Partitioned"
            .to_owned(),
        _ => "200 OK".to_owned(),
    })
    .await;
    let client = Client::new(config(&authority)).unwrap();
    let own = server.url("https://a.test", "/");
    fetch(&client, navigation(&server.url("https://a.test", "/set"))).await.0.unwrap();
    server.take();
    let origin = |text: &str| url(text).origin();
    let to_own = || image("https://a.test/", &own);
    let all = "strict=1; lax=1; none=1; part=1";
    for (what, request, expected) in [
        ("the user's own navigation", navigation(&own), all),
        ("its own image", to_own(), all),
        ("its own image, within a page of a host below it", image("https://x.a.test/", &own), all),
        ("another site's image", image("https://b.test/", &own), "none=1"),
        ("an image of its own http page", image("http://a.test/", &own), "none=1"),
        (
            "another site's link",
            Request { origin: Some(origin("https://b.test")), ..navigation(&own) },
            "lax=1; none=1; part=1",
        ),
        (
            "another site's form",
            Request {
                origin: Some(origin("https://b.test")),
                method: http::Method::POST,
                ..navigation(&own)
            },
            "none=1; part=1",
        ),
        (
            "a frame in another site's page",
            Request {
                origin: Some(origin("https://b.test")),
                documents: [origin("https://b.test")].into(),
                ..navigation(&own)
            },
            "none=1",
        ),
        (
            "its own image in a frame of another site's page",
            Request { documents: [origin("https://b.test"), origin("https://a.test")].into(), ..to_own() },
            "none=1",
        ),
        (
            "its own image in a frame of its own page",
            Request { documents: [origin("https://a.test"), origin("https://x.a.test")].into(), ..to_own() },
            all,
        ),
        ("a local file's image", image("file:///x.html", &own), "none=1"),
    ] {
        let (result, _) = fetch(&client, request).await;
        result.unwrap();
        assert_eq!(server.take()[0].header("cookie").unwrap_or_default(), expected, "{what}");
    }
}

#[tokio::test]
async fn cookies_can_be_off_and_are_not_for_local_urls() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_: &Seen| "200 OK\r\nset-cookie: a=b".to_owned()).await;
    let client = Client::new(ClientConfig { cookies: CookieChoice::Off, ..config(&authority) }).unwrap();
    for _ in 0..2 {
        let (_, log) = fetch(&client, navigation(&server.url("http://a.test", "/"))).await;
        assert!(!log.kinds().iter().any(|kind| matches!(kind, NetEventKind::CookiesReceived(_))));
    }
    assert!(server.seen().iter().all(|seen| seen.header("cookie").is_none()));
    assert!(client.cookies().is_empty());
    let client = Client::new(config(&authority)).unwrap();
    fetch(&client, navigation("data:text/html,x")).await.0.unwrap();
    assert!(client.cookies().is_empty());
}
