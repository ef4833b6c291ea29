//! Request heads, byte by byte.

use siskin_net::{Client, ClientConfig, Destination, FetchId, Referrer, Request};
use url::Url;

use crate::server::{Server, ok};
use crate::{config, image, run};

#[tokio::test]
async fn a_navigation_and_its_image() {
    let server = Server::start(|_| ok("x")).await;
    let client = Client::new(ClientConfig { user_agent: "Test/1".to_owned(), ..config() }).unwrap();
    let document = Url::parse(&server.url_on("localhost", "/page?q#f")).unwrap();
    run(&client, Request::navigation(FetchId(1), document.clone())).await.map_err(|e| e.0).unwrap();
    let mut request = image(&server.url_on("localhost", "/x.png"));
    request.referrer = Referrer::Url(document.clone());
    request.initiator.url = Some(document);
    run(&client, request).await.map_err(|e| e.0).unwrap();
    let port = server.port;
    let expected = format!(
        "GET /page?q HTTP/1.1\r\n\
         upgrade-insecure-requests: 1\r\n\
         user-agent: Test/1\r\n\
         accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8\r\n\
         sec-fetch-site: none\r\n\
         sec-fetch-mode: navigate\r\n\
         sec-fetch-user: ?1\r\n\
         sec-fetch-dest: document\r\n\
         accept-encoding: gzip, deflate, br, zstd\r\n\
         accept-language: en-US,en;q=0.9\r\n\
         host: localhost:{port}"
    );
    assert_eq!(server.seen()[0].head, expected);
    let expected = format!(
        "GET /x.png HTTP/1.1\r\n\
         user-agent: Test/1\r\n\
         accept: image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8\r\n\
         sec-fetch-site: same-origin\r\n\
         sec-fetch-mode: no-cors\r\n\
         sec-fetch-dest: image\r\n\
         referer: http://localhost:{port}/page?q\r\n\
         accept-encoding: gzip, deflate, br, zstd\r\n\
         accept-language: en-US,en;q=0.9\r\n\
         host: localhost:{port}"
    );
    assert_eq!(server.seen()[1].head, expected);
}

#[tokio::test]
async fn credentials_extra_headers_and_the_callers_own() {
    let server = Server::start(|_| ok("x")).await;
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
    let seen = server.seen();
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
    let agent = server.seen()[2].header("user-agent").unwrap().to_owned();
    assert!(agent.contains(&format!("Siskin/{}", env!("CARGO_PKG_VERSION"))), "{agent}");
}
