//! `file:`, `data:` and `about:` URLs.

use siskin_net::{ErrorKind, FetchId, Phase, Request, Source};
use url::Url;

use crate::{client, get, run};

fn navigation(url: &str) -> Request {
    Request::navigation(FetchId(1), Url::parse(url).unwrap())
}

#[tokio::test]
async fn files() {
    let dir = Url::from_directory_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire")).unwrap();
    let file = dir.join("local.rs").unwrap();
    let fetched = run(&client(), navigation(file.as_str())).await.map_err(|e| e.0).unwrap();
    assert_eq!((fetched.status, fetched.source), (200, Source::Local));
    assert_eq!(fetched.body, include_bytes!("local.rs"));
    assert_eq!(fetched.log.names(), "Requested Cache ResponseStart Data Ended");
    for (url, message) in
        [(dir.as_str(), "is a directory"), (dir.join("nosuch").unwrap().as_str(), "no such file")]
    {
        let (error, _) = run(&client(), navigation(url)).await.err().unwrap();
        assert_eq!(
            (error.kind, error.phase, error.message.as_str()),
            (ErrorKind::File, Phase::File, message)
        );
    }
    // A page from the network may not.
    assert_eq!(get(&client(), file.as_str()).await.err().unwrap().0.kind, ErrorKind::Blocked);
}

#[tokio::test]
async fn data_and_about() {
    for (url, content_type, body) in [
        ("data:,a%20b", "text/plain;charset=US-ASCII", "a b"),
        ("data:text/html;charset=utf-8,<p>x#fragment", "text/html;charset=utf-8", "<p>x"),
        ("data:image/svg+xml;base64,PHN2Zy8+", "image/svg+xml", "<svg/>"),
        ("about:blank", "text/html;charset=utf-8", ""),
    ] {
        let fetched = run(&client(), navigation(url)).await.map_err(|e| e.0).unwrap();
        assert_eq!(fetched.response_headers["content-type"], content_type, "{url}");
        assert_eq!(String::from_utf8(fetched.body).unwrap(), body, "{url}");
    }
    for (url, kind) in [
        ("data:no-comma", ErrorKind::InvalidUrl),
        ("data:;base64,!", ErrorKind::InvalidUrl),
        ("about:config", ErrorKind::UnsupportedScheme),
        ("javascript:1", ErrorKind::UnsupportedScheme),
    ] {
        assert_eq!(run(&client(), navigation(url)).await.err().unwrap().0.kind, kind, "{url}");
    }
}
