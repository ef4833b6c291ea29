//! Request heads, byte by byte.

use http::Method;
use siskin_net::{
    CacheMode, Client, ClientConfig, Destination, FetchId, Referrer, Request, RequestBody, RequestMode,
    language_header,
};
use url::Url;

use crate::server::{Server, ok};
use crate::{config, image, run};

/// The head that a server on this machine sees of a request which `http://localhost/page?q` makes.
async fn head(request: Request, config: ClientConfig) -> String {
    let server = Server::start(|_| ok("x")).await;
    let client = Client::new(ClientConfig { user_agent: "Test/1".to_owned(), ..config }).unwrap();
    let document = Url::parse(&server.url_on("localhost", "/page?q#f")).unwrap();
    let mut request = request;
    request.url.set_port(Some(server.port)).unwrap();
    if request.initiator.url.is_some() {
        request.referrer = Referrer::Url(document.clone());
        request.origin = Some(document.origin());
        request.documents = [document.origin()].into();
        request.initiator.url = Some(document);
    }
    // Whether it is accepted does not matter: a sheet without a type is not.
    let _ = run(&client, request).await;
    let head = server.seen().remove(0).head;
    head.replace(&server.port.to_string(), "PORT")
}

/// What each destination sends to a secure context, line by line. The order is Chromium's.
#[tokio::test]
async fn every_destination() {
    const TAIL: &str = "Referer: http://localhost:PORT/page?q\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\
                        Accept-Language: en-US,en;q=0.9";
    const DOCUMENT: &str =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8";
    const IMAGE: &str = "image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
    for (destination, mode, accept, fetch_mode, name) in [
        (Destination::Style, RequestMode::NoCors, "text/css,*/*;q=0.1", "no-cors", "style"),
        (Destination::Script, RequestMode::NoCors, "*/*", "no-cors", "script"),
        (Destination::Image, RequestMode::NoCors, IMAGE, "no-cors", "image"),
        (Destination::Font, RequestMode::Cors, "*/*", "cors", "font"),
        (Destination::Media, RequestMode::NoCors, "*/*", "no-cors", "video"),
        (Destination::Empty, RequestMode::Cors, "*/*", "cors", "empty"),
        (Destination::Manifest, RequestMode::Cors, "*/*", "cors", "manifest"),
        (Destination::IFrame, RequestMode::Navigate, DOCUMENT, "navigate", "iframe"),
        (Destination::Object, RequestMode::Navigate, DOCUMENT, "navigate", "object"),
    ] {
        let mut request = image("http://localhost/x?y");
        (request.destination, request.mode) = (destination, mode);
        let upgrade = if mode == RequestMode::Navigate { "Upgrade-Insecure-Requests: 1\r\n" } else { "" };
        let expected = format!(
            "GET /x?y HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: keep-alive\r\n{upgrade}\
             User-Agent: Test/1\r\nAccept: {accept}\r\nSec-Fetch-Site: same-origin\r\n\
             Sec-Fetch-Mode: {fetch_mode}\r\nSec-Fetch-Dest: {name}\r\n{TAIL}"
        );
        assert_eq!(head(request, config()).await, expected, "{destination:?}");
    }
    // The user's own: no referrer, nobody's site.
    let url = Url::parse("http://localhost/").unwrap();
    let expected = format!(
        "GET / HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n\
         User-Agent: Test/1\r\nAccept: {DOCUMENT}\r\nSec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n\
         Sec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\
         Accept-Language: de-DE,de;q=0.9"
    );
    let german = ClientConfig { accept_language: language_header("de-DE,de"), ..config() };
    assert_eq!(head(Request::navigation(FetchId(1), url), german).await, expected);
}

#[tokio::test]
async fn a_form_a_reload_a_cors_request_and_a_range() {
    // A form that is posted: Chromium's order, with the body's length and type.
    let mut form = image("http://localhost/x");
    (form.destination, form.mode, form.method) = (Destination::Document, RequestMode::Navigate, Method::POST);
    form.body = Some(RequestBody::Urlencoded(vec![("a".into(), "1 2".into())]));
    form.cache_mode = CacheMode::NoCache;
    let head_of_form = head(form, config()).await;
    let start = "POST /x HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\
                 Cache-Control: max-age=0\r\nOrigin: http://localhost:PORT\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nUpgrade-Insecure-Requests: 1\r\n\
                 User-Agent: Test/1\r\n";
    assert!(head_of_form.starts_with(start), "{head_of_form}");
    // Across sites: no local secrets, the origin for CORS, no codings that plain http might garble.
    let mut font = image("http://a.test/x");
    (font.destination, font.mode, font.cache_mode) =
        (Destination::Font, RequestMode::Cors, CacheMode::Reload);
    let expected = "GET /x HTTP/1.1\r\nHost: a.test:PORT\r\nConnection: keep-alive\r\nPragma: no-cache\r\n\
                    Cache-Control: no-cache\r\nOrigin: http://localhost:PORT\r\nUser-Agent: Test/1\r\nAccept: */*\r\n\
                    Accept-Encoding: gzip, deflate\r\nAccept-Language: en-US,en;q=0.9";
    assert_eq!(head(font, config()).await, expected);
    let mut range = image("http://localhost/x");
    range.headers.insert("range", "bytes=0-9".parse().unwrap());
    let head_of_range = head(range, config()).await;
    assert!(head_of_range.contains("\r\nAccept-Encoding: identity\r\n"), "{head_of_range}");
    assert!(head_of_range.ends_with("\r\nRange: bytes=0-9"), "{head_of_range}");
}

#[tokio::test]
async fn credentials_extra_headers_and_the_callers_own() {
    let server = Server::start(|seen| match (seen.path.as_str(), seen.header("authorization")) {
        ("/private", None) => {
            crate::server::reply("401 Unauthorized", &["www-authenticate: Basic realm=\"r\""], "who?")
        }
        _ => ok("x"),
    })
    .await;
    let extra = vec![
        (http::header::ACCEPT_LANGUAGE, "de".parse().unwrap()),
        (http::header::COOKIE, "session=1".parse().unwrap()),
    ];
    let client = Client::new(ClientConfig { extra_headers: extra, ..config() }).unwrap();
    let url = format!("http://us%20er:pa%3Ass@a.test:{}/private#x", server.port);
    run(&client, Request::navigation(FetchId(1), Url::parse(&url).unwrap())).await.map_err(|e| e.0).unwrap();
    let mut cross = image(&server.url_on("b.test", "/"));
    cross.destination = Destination::Font;
    cross.headers.insert("accept", "font/woff2".parse().unwrap());
    run(&client, cross).await.map_err(|e| e.0).unwrap();
    let mut seen = server.seen();
    assert_eq!(seen.remove(0).header("authorization"), None, "not before it is asked for");
    assert!(seen[0].head.starts_with("GET /private HTTP/1.1\r\n"), "{}", seen[0].head);
    assert_eq!(seen[0].header("authorization"), Some("Basic dXMgZXI6cGE6c3M="));
    assert_eq!(seen[0].header("host"), Some(format!("a.test:{}", server.port).as_str()));
    assert_eq!(
        (seen[0].header("accept-language"), seen[0].header("cookie")),
        (Some("de"), Some("session=1"))
    );
    assert_eq!((seen[1].header("accept-language"), seen[1].header("cookie")), (Some("de"), None));
    assert_eq!(seen[1].header("accept"), Some("font/woff2"));
    assert_eq!(seen[1].header("sec-fetch-site"), None, "only for URLs that can be trusted");
    assert_eq!(seen[1].header("accept-encoding"), Some("gzip, deflate"));
    run(&crate::client(), image(&server.url("/"))).await.map_err(|e| e.0).unwrap();
    let agent = server.seen()[3].header("user-agent").unwrap().to_owned();
    assert!(agent.contains(&format!("Siskin/{}", env!("CARGO_PKG_VERSION"))), "{agent}");
}
