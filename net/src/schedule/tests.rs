//! The machine by scripts. Those of one page follow the cases of Chromium's `resource_scheduler_unittest.cc`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use url::{Origin, Url};

use super::machine::{Ask, Scheduler, Ticket, Turn};
use super::{Gate, Spoken};
use crate::config::ScheduleProfile;
use crate::fetch_trait::Advice;
use crate::id::FetchId;
use crate::limits::MAX_H1_CONNECTIONS_PER_ORIGIN;
use crate::priority::{DocumentStage, Priority};

fn origin(scheme: &str, host: &str) -> Origin {
    Url::parse(&format!("{scheme}://{host}.test")).unwrap().origin()
}

fn priority(letter: char) -> Priority {
    match letter {
        'X' => Priority::Highest,
        'h' => Priority::High,
        'm' => Priority::Medium,
        'l' => Priority::Low,
        _ => Priority::Lowest,
    }
}

/// Drives a scheduler by a script and writes down who is let go. Requests are numbered in order.
///
/// `l:a` asks with low priority at host a (`X` highest, `h`, `m`, `l`, `z` lowest), `l` at host o; with `'` the document
/// is in its body by then. `-3` request 3 leaves, `3=X` it gets another priority, `3!` it has waited for too long, `body` the
/// body is reached, `a=1`, `a=2` host a is learned to speak HTTP/1, HTTP/2.
fn run(scheme: &str, page: Option<FetchId>, script: &str) -> String {
    let mut scheduler = Scheduler::new(ScheduleProfile::Chromium);
    let (mut log, mut asked) = (Vec::new(), 0);
    for word in script.split_whitespace() {
        let number = |text: &str| text.parse::<u64>();
        let released = if word == "body" {
            scheduler.body_reached(FetchId(0))
        } else if let Some(leaves) = word.strip_prefix('-') {
            scheduler.leave(Ticket(number(leaves).unwrap()))
        } else if let Some(late) = word.strip_suffix('!') {
            scheduler.overdue(Ticket(number(late).unwrap()))
        } else if let Some((what, value)) = word.split_once('=') {
            match (number(what), value) {
                (Ok(request), value) => {
                    scheduler.reprioritize(FetchId(100 + request), priority(value.chars().next().unwrap()))
                }
                (Err(_), "2") => scheduler.learn(&origin(scheme, what), Spoken::Http2),
                (Err(_), _) => scheduler.learn(&origin(scheme, what), Spoken::Http1),
            }
        } else {
            let (what, host) = word.split_once(':').unwrap_or((word, "o"));
            let in_body = what.ends_with('\'');
            asked += 1;
            let ask = Ask {
                fetch: FetchId(99 + asked),
                origin: Arc::new(origin(scheme, host)),
                priority: priority(what.chars().next().unwrap()),
                page,
                stage: if in_body { DocumentStage::InBody } else { DocumentStage::BeforeBody },
                turn: if what.contains('+') { Turn::Again } else { Turn::First },
            };
            scheduler.ask(ask).1
        };
        log.extend(released.iter().map(|ticket| ticket.0.to_string()));
        log.push("|".to_owned());
    }
    log.join(" ")
}

#[test]
fn connections_of_an_origin() {
    for (scheme, script, released) in [
        // Six at a time, then by priority, then in order.
        ("http", "l l l l l l l h l -3 -0 -1", "0 | 1 | 2 | 3 | 4 | 5 | | | | 7 | 6 | 8 |"),
        // The first alone until the protocol is known.
        ("https", "l l l o=2 l", "0 | | | 1 2 | 3 |"),
        ("https", "l l h l l l l l o=1 -2", "0 | | | | | | | | 2 1 3 4 5 | 6 |"),
        // The first failed before that: the next goes alone.
        ("https", "l l h -0 -2", "0 | | | 2 | 1 |"),
        // Withdrawn while waiting.
        ("https", "l l l -1 -0", "0 | | | | 2 |"),
        // Knowledge outlives an empty queue; nothing known does not.
        ("https", "l o=2 -0 l l", "0 | | | 1 | 2 |"),
        ("https", "l -0 l l", "0 | | 1 | |"),
        // Another priority while waiting for a connection.
        ("https", "l l l 2=X -0", "0 | | | | 2 |"),
        // Origins do not wait for each other.
        ("https", "l:a l:b", "0 | 1 |"),
    ] {
        assert_eq!(run(scheme, None, script), released, "{scheme}: {script}");
    }
}

#[test]
fn one_page_before_and_in_its_body() {
    for (name, script, released) in [
        ("urgent ones go at once", "X:a X:b h:c", "0 | 1 | 2 |"),
        ("one delayable until the layout-blocking one is done", "X l l body -0", "0 | 1 | | | 2 |"),
        ("none beside two that are urgent", "X:a X:b l:c -0 -1", "0 | 1 | | 2 | |"),
        // High is urgent but not layout-blocking: it holds nothing up once there is a body.
        ("High is not layout-blocking", "h l l body", "0 | 1 | | 2 |"),
        ("before the body one delayable at a time", "l l l -0 body", "0 | | | 1 | 2 |"),
        ("made before the body, though word of it came first", "body X:a X:b l:c -0", "| 0 | 1 | | 2 |"),
        ("requests in the body do not block layout", "X' l' l' l'", "0 | 1 | 2 | 3 |"),
        ("a request in the body says that there is one", "X:a l:b l:b -0 l':b", "0 | 1 | | | 3 2 |"),
        ("six to a host", "body l:a l:a l:a l:a l:a l:a l:a l:b -0", "| 0 | 1 | 2 | 3 | 4 | 5 | | 7 | 6 |"),
        (
            "ten of all, the more urgent first",
            "body l:a l:a l:a l:a l:b l:b l:b l:b l:c l:c l:c m:d l:d -0 -1",
            "| 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | | | | 11 | 10 |",
        ),
        (
            "urgent ones are not counted among them",
            "body l:a l:a l:a l:a l:b l:b l:b l:b l:c l:c h:d l:d",
            "| 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | |",
        ),
        (
            "a full host does not stand in another's way",
            "body l:a l:a l:a l:a l:a l:a m:a l:b",
            "| 0 | 1 | 2 | 3 | 4 | 5 | | 7 |",
        ),
        ("an image comes into view", "X:a X:b l:c l:d 3=h", "0 | 1 | | | 3 |"),
        (
            "the more urgent of those that wait is next",
            "X:a X:b l:c z:c l:d 3=m -0 -3",
            "0 | 1 | | | | | 3 | 2 |",
        ),
        ("less urgent under way makes room or takes it", "X l l 1=h 0=l", "0 | 1 | | | |"),
        (
            "a delayable one that becomes urgent gives its place",
            "body l:a l:a l:a l:a l:b l:b l:b l:b l:c l:c l:d 0=h",
            "| 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | | 10 |",
        ),
        ("whoever has waited for too long goes", "X:a X:b l:c l:c 2! 2!", "0 | 1 | | | 2 | |"),
        ("the next hop of a redirect is not held back", "X:a X:b l+:c", "0 | 1 | 2 |"),
        ("withdrawn while held back", "X l l l -2 -1", "0 | 1 | | | | 3 |"),
    ] {
        assert_eq!(run("http", Some(FetchId(0)), script), released, "{name}: {script}");
    }
}

#[test]
fn http2_origins_order_requests_by_themselves() {
    for (script, released) in [
        // Known before: never held back.
        ("X:a a=2 l:a l:a l:a", "0 | | 1 | 2 | 3 |"),
        // Learned while they wait; nobody else's are let go by that.
        ("X:a X:b l:a l:a l:c a=2", "0 | 1 | | | | 2 3 |"),
        // An HTTP/1 origin goes on waiting.
        ("X:a X:b l:a a=1", "0 | 1 | | |"),
    ] {
        assert_eq!(run("https", Some(FetchId(0)), script), released, "{script}");
    }
}

#[test]
fn without_a_profile_only_connections_count() {
    let mut scheduler = Scheduler::new(ScheduleProfile::Connections);
    for n in 0..40 {
        let ask = Ask {
            fetch: FetchId(n),
            origin: Arc::new(origin("http", &format!("h{}", n / 6))),
            priority: if n % 2 == 0 { Priority::Lowest } else { Priority::Highest },
            page: Some(FetchId(0)),
            stage: DocumentStage::BeforeBody,
            turn: Turn::First,
        };
        assert_eq!(scheduler.ask(ask).1.len(), 1);
    }
}

/// Whatever happens in whatever order: no limit is passed, nobody goes twice, and at the end nobody is left.
#[test]
fn limits_hold_and_nobody_is_forgotten() {
    for seed in 1..300_u64 {
        let mut state = seed;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut scheduler = Scheduler::new(ScheduleProfile::Chromium);
        let (mut asked, mut released) = (Vec::new(), BTreeSet::new());
        for n in 0..150 {
            let host = ["a", "b", "c"][next(3) as usize];
            let now = match next(9) {
                0..=3 => {
                    let ask = Ask {
                        fetch: FetchId(n),
                        origin: Arc::new(origin("https", host)),
                        priority: priority(['X', 'h', 'm', 'l', 'z'][next(5) as usize]),
                        page: (next(6) > 0).then_some(FetchId(next(2))),
                        stage: if next(20) == 0 { DocumentStage::InBody } else { DocumentStage::BeforeBody },
                        turn: Turn::First,
                    };
                    let (ticket, now) = scheduler.ask(ask);
                    asked.push((ticket, host));
                    now
                }
                4 if next(4) == 0 => scheduler.learn(&origin("https", host), Spoken::Http1),
                5 => scheduler.reprioritize(FetchId(next(n + 1)), Priority::Highest),
                6 if next(10) == 0 => scheduler.body_reached(FetchId(next(2))),
                _ if asked.is_empty() => continue,
                _ => {
                    let at = next(asked.len() as u64) as usize;
                    let (ticket, _) = asked.swap_remove(at);
                    released.remove(&ticket);
                    scheduler.leave(ticket)
                }
            };
            assert!(now.iter().all(|ticket| released.insert(*ticket)), "released twice: seed {seed}");
            for host in ["a", "b", "c"] {
                let under_way = asked.iter().filter(|(t, at)| *at == host && released.contains(t)).count();
                let limit = match scheduler.spoken(&origin("https", host)) {
                    Spoken::Unknown => 1,
                    _ => MAX_H1_CONNECTIONS_PER_ORIGIN,
                };
                assert!(under_way <= limit, "seed {seed}");
            }
        }
        // Whoever is under way ends; all others get their turn by that alone.
        while let Some(ticket) = released.pop_first() {
            asked.retain(|(waiting, _)| *waiting != ticket);
            for next in scheduler.leave(ticket) {
                assert!(released.insert(next));
            }
        }
        assert_eq!(asked, [], "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn fifteen_seconds_are_long_enough() {
    let gate = Gate::new(ScheduleProfile::Chromium);
    let ask = |fetch, host, priority| Ask {
        fetch: FetchId(fetch),
        origin: Arc::new(origin("http", host)),
        priority,
        page: Some(FetchId(0)),
        stage: DocumentStage::BeforeBody,
        turn: Turn::First,
    };
    let sheets =
        [gate.enter(ask(1, "a", Priority::Highest)).await, gate.enter(ask(2, "b", Priority::Highest)).await];
    let mut image = Box::pin(gate.enter(ask(3, "c", Priority::Low)));
    assert!(timeout(Duration::from_millis(14_900), &mut image).await.is_err());
    let image = timeout(Duration::from_millis(200), image).await.unwrap();
    // Advice wakes who waits.
    let waiting = tokio::spawn({
        let (gate, ask) = (gate.clone(), ask(4, "c", Priority::Low));
        async move { gate.enter(ask).await }
    });
    tokio::task::yield_now().await;
    gate.advise(Advice::Priority { fetch: FetchId(4), priority: Priority::High });
    drop((timeout(Duration::from_secs(1), waiting).await.unwrap(), image, sheets));
}
