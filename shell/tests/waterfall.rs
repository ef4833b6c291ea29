//! Waterfalls of real fetches from a scripted origin: what the network client tells keeps all promises of the reports.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use siskin::report::compare::{Verdict, compare};
use siskin::report::har::check::violations;
use siskin::report::row::{MilestoneKind, Outcome, Reuse, RowPhase};
use siskin::report::{Row, Waterfall, check, har, recorder, waterfall};
use siskin_engine::event::{PageEvent, PageEventKind, PageObserver};
use siskin_net::{
    Client, ClientConfig, Clock, Destination, Fetch, FetchId, Initiator, MonotonicClock, Request,
};
use siskin_test_pages::server::{Ending, Reply, Script, Server};

/// Fetches `/`, then the rest at once, all from one origin, and folds what was heard.
fn load(server: &Server, paths: &[&str]) -> Waterfall {
    let clock = Arc::new(MonotonicClock::new());
    let (recorder, tape) = recorder(clock.origin());
    let observer = Arc::new(recorder.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let milestone = |kind| recorder.on_page_event(PageEvent { at: clock.now(), kind });
    runtime.block_on(async {
        let client = Client::new(ClientConfig { clock: clock.clone(), ..ClientConfig::default() }).unwrap();
        let fetch = async |request: Request| {
            // Failures are told by the events too: that is what is looked at.
            if let Ok(response) = client.fetch(request, observer.clone()).await {
                let _ = response.body.collect().await;
            }
        };
        milestone(PageEventKind::NavigationStart);
        fetch(Request::navigation(FetchId(1), server.url("/").parse().unwrap())).await;
        milestone(PageEventKind::DomContentLoaded);
        join_all(paths.iter().zip(2..).map(|(path, id)| {
            let url = server.url(path).parse().unwrap();
            fetch(Request::subresource(FetchId(id), url, Destination::Image, Initiator::navigation()))
        }))
        .await;
        milestone(PageEventKind::Load);
    });
    let waterfall = waterfall(&tape.finish());
    check::check_invariants(&waterfall).unwrap();
    waterfall
}

fn server() -> Server {
    let script = Script::new()
        .on("/", Reply::ok("text/html", "<p>page"))
        .on("/a.png", Reply::ok("image/png", "a").delay(Duration::from_millis(30)))
        .on(
            "/slow.png",
            Reply::ok("image/png", "")
                .chunk(Duration::from_millis(20), "12")
                .chunk(Duration::from_millis(20), "34"),
        )
        .on("/old", Reply::redirect(302, "/new"))
        .on("/new", Reply::ok("image/png", "new"))
        .on("/gone", Reply::status(404))
        .on("/torn", Reply::ok("image/png", "0123456789").ending(Ending::ResetAfter(4)));
    Server::start(script).unwrap()
}

fn row<'a>(waterfall: &'a Waterfall, path: &str) -> &'a Row {
    waterfall.rows.iter().find(|row| row.url.ends_with(path)).unwrap()
}

#[test]
fn a_load_is_told_as_it_was() {
    let server = server();
    let waterfall = load(&server, &["/a.png", "/slow.png", "/old", "/gone", "/torn"]);
    assert_eq!(waterfall.rows.len(), 7, "each hop is a row");
    assert_eq!(waterfall.totals().connections as u64, server.connections());
    let page = &waterfall.rows[0];
    assert_eq!(page.connection.as_ref().unwrap().reuse, Reuse::New);
    assert!(page.phase(RowPhase::Connect).is_some() && page.phase(RowPhase::Tls).is_none());
    // What the server held back was waited for: half of it, so that no clock's grain matters.
    assert!(row(&waterfall, "/a.png").phase(RowPhase::Wait).unwrap() >= Duration::from_millis(15));
    let slow = row(&waterfall, "/slow.png");
    assert!(slow.phase(RowPhase::Receive).unwrap() >= Duration::from_millis(10));
    assert_eq!((slow.sizes.encoded, slow.sizes.decoded), (4, 4));
    assert!(slow.chunks.len() >= 2);
    assert_eq!(row(&waterfall, "/old").outcome, Outcome::Redirected { to: server.url("/new") });
    assert_eq!((row(&waterfall, "/new").hop, row(&waterfall, "/gone").status()), (1, Some(404)));
    let torn = row(&waterfall, "/torn");
    assert!(
        matches!(&torn.outcome, Outcome::Failed { phase: Some(phase), .. } if phase == "receive"),
        "{torn:?}"
    );
    assert_eq!(waterfall.totals().failed, 2);
    assert!(waterfall.milestone(MilestoneKind::DomContentLoaded) < waterfall.milestone(MilestoneKind::Load));
}

#[test]
fn its_har_keeps_the_rules_and_reads_back() {
    let server = server();
    let waterfall = load(&server, &["/a.png", "/old", "/gone", "/torn"]);
    let text = har::to_json(&har::from_waterfall(&waterfall, None, har::Secrets::LeaveOut));
    let value = serde_json::from_str(&text).unwrap();
    assert_eq!(violations(&value), Vec::<String>::new(), "{text}");
    let again = har::to_waterfall(&har::from_json(text.as_bytes()).unwrap());
    check::check_invariants(&again).unwrap();
    assert_eq!(again.totals(), waterfall.totals());
    assert_eq!(compare(&waterfall, &again).verdict(), Verdict::Same);
}

#[test]
fn two_loads_of_one_site_do_not_differ_and_a_changed_one_does() {
    let (first, second) = (server(), server());
    let paths = ["/a.png", "/old", "/gone"];
    let (before, after) = (load(&first, &paths), load(&second, &paths));
    // Two servers, two ports: the page's own origin may move.
    assert_eq!(compare(&before, &after).verdict(), Verdict::Same);
    let more = load(&second, &["/a.png", "/gone"]);
    assert_eq!(compare(&before, &more).verdict(), Verdict::Differ);
}
