//! The showcase site, whole: over HTTP and from files the same picture, and only the requests that it needs.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod camera;

use std::sync::Arc;

use camera::{Camera, difference};
use siskin::browser::Listeners;
use siskin::report::{Waterfall, check, recorder, waterfall};
use siskin_net::{Clock, MonotonicClock};
use siskin_render::raster::Pixmap;
use siskin_test_pages::server::{Script, Server};
use siskin_test_pages::site;

/// Everything that the page needs: a sheet for print is a sheet, too, and `type.css` is imported by `base.css`.
const NEEDED: [&str; 9] = [
    "/css/base.css",
    "/css/print.css",
    "/css/showcase.css",
    "/css/type.css",
    "/fonts/siskin-display.woff2",
    "/images/hills.jpg",
    "/images/siskin.png",
    "/images/weave.png",
    "/index.html",
];

/// What a browser keeps open to one HTTP/1.1 origin.
const MOST_CONNECTIONS: u64 = 6;

fn camera() -> Camera {
    Camera::new(1280.0, 800.0)
}

fn server() -> Server {
    Server::start(Script::folder(site("showcase")).unwrap()).unwrap()
}

/// The picture over HTTP, and what the load did on the network.
fn over_http(server: &Server) -> (Pixmap, Waterfall) {
    let clock = MonotonicClock::new();
    let (recorder, tape) = recorder(clock.origin());
    let recorder = Arc::new(recorder);
    let listeners = Listeners { net: recorder.clone(), page: recorder };
    let picture = camera().take(&server.url("/index.html").parse().unwrap(), &listeners);
    let waterfall = waterfall(&tape.finish());
    check::check_invariants(&waterfall).unwrap();
    (picture, waterfall)
}

#[test]
fn http_and_files_give_the_same_picture_in_every_run() {
    let server = server();
    let (first, _) = over_http(&server);
    let (second, _) = over_http(&server);
    assert_eq!(difference(&first, &second), None, "two runs over HTTP");
    let file = site("showcase").join("index.html");
    let mut camera = camera();
    for run in ["from a file", "from a file, the glyphs cached"] {
        let picture = camera.take_file(&file);
        assert_eq!(difference(&first, &picture), None, "{run}");
    }
    let colors: std::collections::HashSet<_> = first.data.as_chunks::<4>().0.iter().collect();
    assert!(colors.len() > 1000, "{} colours: the photograph is not there", colors.len());
}

#[test]
fn each_resource_is_asked_for_once_over_few_connections() {
    let server = server();
    over_http(&server);
    let mut asked: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(asked.first().map(String::as_str), Some("/index.html"));
    asked.sort();
    assert_eq!(asked, NEEDED);
    assert!((1..=MOST_CONNECTIONS).contains(&server.connections()), "{} connections", server.connections());
}

/// By the client's own account: the order in which requests on several connections arrive is the machine's.
#[test]
fn sheets_are_asked_for_before_images() {
    let server = server();
    let (_, waterfall) = over_http(&server);
    let first = |part: &str| {
        let rows = waterfall.rows.iter().filter(|row| row.url.contains(part));
        rows.map(|row| row.start).min().unwrap()
    };
    let blocking = [first("base.css"), first("showcase.css")];
    let first_image = first("/images/");
    assert!(blocking.iter().all(|&sheet| sheet <= first_image), "{blocking:?} {first_image:?}");
    assert_eq!(waterfall.rows.len(), NEEDED.len());
}
