//! What the policies of a page do to its fetches, over a scripted transport: who is told, what is refused.

use http::{HeaderMap, Method};
use url::Url;

use super::tests::{Bench, ok, redirect};
use crate::destination::Destination;
use crate::error::ErrorKind;
use crate::event::{NetEvent, NetEventKind, UpgradeReason};
use crate::id::FetchId;
use crate::priority::Priority;
use crate::referrer_policy::ReferrerPolicy;
use crate::request::{CacheMode, Credentials, Initiator, InitiatorKind, Referrer, Request, RequestMode};
use crate::request_body::RequestBody;
use crate::transport::scripted::Scripted;

/// What `page` asks for.
fn asked_by(page: &str, destination: Destination, url: &str) -> Request {
    let page = Url::parse(page).unwrap();
    let initiator = Initiator { kind: InitiatorKind::Parser, url: Some(page.clone()), fetch: None };
    Request {
        origin: Some(page.origin()),
        documents: [page.origin()].into(),
        referrer: Referrer::Url(page),
        ..Request::subresource(FetchId(1), Url::parse(url).unwrap(), destination, initiator)
    }
}

fn sent(bench: &Bench, name: &str) -> Vec<String> {
    let value = |headers: &HeaderMap| {
        headers.get(name).map_or("-".to_owned(), |value| value.to_str().unwrap().to_owned())
    };
    bench.transport.seen().iter().map(|request| value(&request.sent_headers())).collect()
}

#[tokio::test]
async fn referrers_over_redirects() {
    const PAGE: &str = "https://page.test/dir/page?q";
    for (policy, first, second, expected) in [
        // What was cut stays cut, also back at home.
        ("", None, "https://page.test/2", ["https://page.test/", "https://page.test/"]),
        ("origin", None, "https://page.test/2", ["https://page.test/", "https://page.test/"]),
        ("unsafe-url", None, "https://page.test/2", [PAGE, PAGE]),
        ("same-origin", None, "https://page.test/2", ["-", "-"]),
        // The redirect's own policy holds from there on.
        ("unsafe-url", Some("no-referrer"), "https://a.test/2", [PAGE, "-"]),
        ("unsafe-url", Some("strict-origin"), "https://a.test/2", [PAGE, "https://page.test/"]),
        ("unsafe-url", Some("new-word"), "https://a.test/2", [PAGE, PAGE]),
        ("", Some("unsafe-url"), "https://a.test/2", ["https://page.test/", "https://page.test/"]),
        ("no-referrer", Some("unsafe-url"), "https://a.test/2", ["-", "-"]),
    ] {
        let bench = Bench::new(move |request| match request.url.path() {
            "/1" => {
                let mut lines = vec![("location", second)];
                lines.extend(first.map(|policy| ("referrer-policy", policy)));
                Ok(Scripted { status: 302, headers: lines.leak(), pieces: Vec::new() })
            }
            _ => ok(&[]),
        });
        let mut request = asked_by(PAGE, Destination::Image, "https://a.test/1");
        request.referrer_policy = ReferrerPolicy::from_token(policy).unwrap_or_default();
        bench.fetch(request).await.unwrap();
        assert_eq!(sent(&bench, "referer"), expected, "{policy} {first:?} {second}");
    }
}

/// Fetch's rules for requests that change things and that need no CORS check, by policy and target.
#[tokio::test]
async fn origins_by_policy() {
    const SECURE: &str = "https://page.test/p";
    const TOLD: &str = "https://page.test";
    for (policy, same, cross, downgrade) in [
        ("no-referrer", "null", "null", "null"),
        ("no-referrer-when-downgrade", TOLD, TOLD, "null"),
        ("strict-origin", TOLD, TOLD, "null"),
        ("strict-origin-when-cross-origin", TOLD, TOLD, "null"),
        ("same-origin", TOLD, "null", "null"),
        ("origin", TOLD, TOLD, TOLD),
        ("origin-when-cross-origin", TOLD, TOLD, TOLD),
        ("unsafe-url", TOLD, TOLD, TOLD),
        ("", TOLD, TOLD, "null"),
    ] {
        for (url, expected) in
            [("https://page.test/x", same), ("https://a.test/x", cross), ("http://a.test/x", downgrade)]
        {
            // A form's navigation of the whole page: nothing is mixed content.
            let mut request = asked_by(SECURE, Destination::Document, url);
            request.mode = RequestMode::Navigate;
            request.method = Method::POST;
            request.documents = [].into();
            request.referrer_policy = ReferrerPolicy::from_token(policy).unwrap_or_default();
            let bench = Bench::new(|_| ok(&[]));
            bench.fetch(request).await.unwrap();
            assert_eq!(sent(&bench, "origin"), [expected], "{policy} {url}");
        }
    }
    // Safe methods tell nobody but whom CORS asks.
    let bench = Bench::new(|_| ok(&[]));
    bench.fetch(asked_by(SECURE, Destination::Image, "https://a.test/x")).await.unwrap();
    assert_eq!(sent(&bench, "origin"), ["-"]);
}

#[tokio::test]
async fn insecure_requests_of_secure_pages() {
    const PAGE: &str = "https://page.test/";
    // Upgraded, and told.
    let bench = Bench::new(|request| match request.url.as_str() {
        "https://a.test/1" => redirect(&[("location", "http://b.test/2")]),
        _ => ok(&["x"]),
    });
    let response = bench.fetch(asked_by(PAGE, Destination::Image, "http://a.test/1")).await.unwrap();
    assert_eq!(response.url().as_str(), "https://b.test/2");
    let upgrades: Vec<_> = bench
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            NetEventKind::Upgraded { to, reason } => Some((event.hop, to.to_string(), reason)),
            _ => None,
        })
        .collect();
    let because = UpgradeReason::MixedContent;
    assert_eq!(
        upgrades,
        [(0, "https://a.test/1".to_owned(), because), (1, "https://b.test/2".to_owned(), because)]
    );
    // Blocked, also when a redirect leads there; nothing is sent.
    let bench = Bench::new(|_| redirect(&[("location", "http://b.test/2")]));
    for url in ["http://a.test/1", "https://a.test/1"] {
        let error = bench.fetch(asked_by(PAGE, Destination::Style, url)).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::Blocked);
        assert!(error.message.ends_with("(mixed content)"), "{error}");
    }
    assert_eq!(bench.transport.seen().len(), 1);
    assert!(matches!(bench.events().last().unwrap().kind, NetEventKind::Failed { .. }));
}

#[tokio::test]
async fn responses_that_are_refused_by_their_head() {
    const PAGE: &str = "https://www.page.test/";
    const CORP_ORIGIN: (&str, &str) = ("cross-origin-resource-policy", "same-origin");
    const CORP_SITE: (&str, &str) = ("cross-origin-resource-policy", "same-site");
    const NOSNIFF: (&str, &str) = ("x-content-type-options", "nosniff");
    for (destination, url, headers, refused) in [
        (Destination::Image, "https://www.page.test/x", &[CORP_ORIGIN][..], ""),
        (
            Destination::Image,
            "https://img.page.test/x",
            &[CORP_ORIGIN],
            "CORP: the response is for its own origin only",
        ),
        (Destination::Image, "https://img.page.test/x", &[CORP_SITE], ""),
        (Destination::Image, "https://a.test/x", &[CORP_SITE], "CORP: the response is for its own site only"),
        (Destination::Image, "https://a.test/x", &[("cross-origin-resource-policy", "cross-origin")], ""),
        (Destination::Image, "https://a.test/x", &[("cross-origin-resource-policy", "Same-Origin")], ""),
        (Destination::Image, "https://a.test/x", &[CORP_ORIGIN, CORP_ORIGIN], ""),
        (
            Destination::Style,
            "https://a.test/x",
            &[NOSNIFF],
            "the response for a style is of no type, and says nosniff",
        ),
        (Destination::Style, "https://a.test/x", &[NOSNIFF, ("content-type", "text/css")], ""),
        (
            Destination::Script,
            "https://a.test/x",
            &[("content-type", "image/png")],
            "the response for a script is of image/png",
        ),
    ] {
        let bench = Bench::new(move |_| Ok(Scripted { status: 200, headers, pieces: Vec::new() }));
        let error = bench.fetch(asked_by(PAGE, destination, url)).await.err();
        let message = error.as_ref().map_or("", |error| error.message.as_str());
        assert_eq!(message, refused, "{destination:?} {url} {headers:?}");
        assert!(error.is_none_or(|error| error.kind == ErrorKind::Blocked));
    }
    // A redirect that may not be embedded is not followed; a page's own navigation is nobody's embedding.
    let bench = Bench::new(|_| redirect(&[CORP_ORIGIN, ("location", "https://www.page.test/")]));
    assert!(bench.fetch(asked_by(PAGE, Destination::Image, "https://a.test/x")).await.is_err());
    let bench = Bench::new(|_| Ok(Scripted { status: 200, headers: &[CORP_ORIGIN], pieces: Vec::new() }));
    let frame = asked_by(PAGE, Destination::IFrame, "https://a.test/x");
    assert!(bench.fetch(Request { mode: RequestMode::Navigate, ..frame }).await.is_ok());
}

#[tokio::test]
async fn integrity() {
    const PAGE: &str = "https://page.test/";
    // Of "abc", as RFC 6234 and every tool say.
    const GOOD: &str = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    for (mode, url, integrity, expected) in [
        (RequestMode::NoCors, "https://page.test/x", GOOD, Ok("abc")),
        (RequestMode::NoCors, "https://page.test/x", "sha256-AAAA", Err(ErrorKind::Integrity)),
        (RequestMode::NoCors, "https://page.test/x", "sha1-AAAA", Ok("abc")),
        (RequestMode::Cors, "https://a.test/x", GOOD, Ok("abc")),
        (RequestMode::NoCors, "https://a.test/x", GOOD, Err(ErrorKind::Integrity)),
    ] {
        let bench = Bench::new(|_| {
            let pieces = vec![Ok("a".into()), Ok("bc".into())];
            Ok(Scripted { status: 200, headers: &[("access-control-allow-origin", "*")], pieces })
        });
        let mut request = asked_by(PAGE, Destination::Style, url);
        (request.mode, request.integrity) = (mode, integrity.to_owned());
        let body = match bench.fetch(request).await {
            Ok(response) => response.body.collect().await,
            Err(error) => Err(error),
        };
        assert_eq!(
            body.as_deref().map_err(|error| error.kind),
            expected.map(str::as_bytes),
            "{url} {integrity}"
        );
        let last = bench.events().last().unwrap().kind.clone();
        assert_eq!(
            matches!(last, NetEventKind::Ended { .. }),
            expected.is_ok(),
            "{url} {integrity} {last:?}"
        );
    }
}

/// RFC 9218 as Chromium sends it: to servers that may speak HTTP/2, by class and by what can be used piece by piece.
#[tokio::test]
async fn priority_headers() {
    for (destination, priority, url, expected) in [
        (Destination::Document, Priority::Highest, "https://a.test/", "u=0, i"),
        (Destination::Style, Priority::Highest, "https://a.test/", "u=0"),
        (Destination::Script, Priority::High, "https://a.test/", "u=1"),
        (Destination::Script, Priority::Low, "https://a.test/", "-"),
        (Destination::Font, Priority::Highest, "https://a.test/", "u=0"),
        (Destination::Image, Priority::Medium, "https://a.test/", "u=2, i"),
        (Destination::Image, Priority::Low, "https://a.test/", "i"),
        (Destination::Image, Priority::Lowest, "https://a.test/", "u=4, i"),
        (Destination::Image, Priority::Lowest, "http://a.test/", "-"),
    ] {
        let bench = Bench::new(|_| ok(&[]));
        for _ in 0..2 {
            let request = asked_by("http://page.test/", destination, url);
            let request = Request { priority, cache_mode: CacheMode::Reload, ..request };
            bench.fetch(request).await.unwrap().body.collect().await.unwrap();
        }
        // The script says that it speaks HTTP/1.1: the second one knows.
        assert_eq!(sent(&bench, "priority"), [expected, "-"], "{destination:?} {priority:?} {url}");
    }
}

/// A PUT with JSON across origins: asked for before, as a fetch of its own, and remembered.
#[tokio::test]
async fn preflights() {
    const OPEN: (&str, &str) = ("access-control-allow-origin", "*");
    let put = |credentials| {
        let mut request = asked_by("https://page.test/", Destination::Empty, "https://a.test/x");
        (request.mode, request.method, request.credentials) = (RequestMode::Cors, Method::PUT, credentials);
        request.body = Some(RequestBody::raw("application/json", "{}"));
        request.headers.insert("x-own", "1".parse().unwrap());
        request
    };
    for (credentials, answer, refused) in [
        (
            Credentials::SameOrigin,
            &[
                OPEN,
                ("access-control-allow-methods", "PUT"),
                ("access-control-allow-headers", "X-Own, Content-Type"),
            ][..],
            "",
        ),
        (
            Credentials::SameOrigin,
            &[OPEN, ("access-control-allow-methods", "*"), ("access-control-allow-headers", "*")],
            "",
        ),
        (
            Credentials::SameOrigin,
            &[OPEN, ("access-control-allow-headers", "*")],
            "does not allow the method PUT",
        ),
        (
            Credentials::SameOrigin,
            &[OPEN, ("access-control-allow-methods", "PUT"), ("access-control-allow-headers", "x-own")],
            "does not allow the header content-type",
        ),
        (Credentials::SameOrigin, &[], "no Access-Control-Allow-Origin"),
        (Credentials::Include, &[OPEN], "the response is not for https://page.test"),
    ] {
        let bench = Bench::new(move |request| {
            let headers = if request.method == Method::OPTIONS { answer } else { &[OPEN] };
            Ok(Scripted { status: 200, headers, pieces: Vec::new() })
        });
        let error = bench.fetch(put(credentials)).await.err();
        let message = error.map_or(String::new(), |error| error.message);
        assert!(if refused.is_empty() { message.is_empty() } else { message.contains(refused) }, "{message}");
        let methods: Vec<_> =
            bench.transport.seen().iter().map(|request| request.method.to_string()).collect();
        assert_eq!(methods, if refused.is_empty() { vec!["OPTIONS", "PUT"] } else { vec!["OPTIONS"] });
        let asked = &bench.transport.seen()[0].headers;
        assert_eq!(asked["access-control-request-method"], "PUT");
        assert_eq!(asked["access-control-request-headers"], "content-type,x-own");
        assert_eq!((asked.get("content-type"), asked.get("x-own"), asked.get("cookie")), (None, None, None));
        // A row of its own that ends once.
        let own = |event: &NetEvent| event.fetch.is_background();
        let endings = |event: &NetEvent| {
            matches!(
                event.kind,
                NetEventKind::Ended { .. } | NetEventKind::Failed { .. } | NetEventKind::Canceled
            )
        };
        let events = bench.events();
        assert!(matches!(events.iter().find(|e| own(e)).unwrap().kind, NetEventKind::Requested { .. }));
        assert_eq!(events.iter().filter(|event| own(event) && endings(event)).count(), 1);
        if refused.is_empty() {
            // It is believed for five seconds.
            bench.fetch(put(credentials)).await.unwrap();
            bench.clock.advance(std::time::Duration::from_secs(6));
            bench.fetch(put(credentials)).await.unwrap();
            assert_eq!(bench.transport.seen().len(), 5);
        }
    }
    // What a form can send needs none; nor does what stays at home.
    let bench = Bench::new(|_| Ok(Scripted { status: 200, headers: &[OPEN], pieces: Vec::new() }));
    let plain =
        Request { method: Method::POST, headers: HeaderMap::new(), body: None, ..put(Credentials::Omit) };
    bench.fetch(plain).await.unwrap();
    bench
        .fetch(Request { url: Url::parse("https://page.test/x").unwrap(), ..put(Credentials::Omit) })
        .await
        .unwrap();
    assert_eq!(bench.transport.seen().len(), 2);
}
