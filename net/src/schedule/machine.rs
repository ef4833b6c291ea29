//! Who may go now: the scheduler as a value machine, without time and without waiting.
//!
//! Rules, as browsers have them: an HTTP/1 origin gets six requests at a time; an HTTP/2 origin as many
//! as there are; of an `https:` origin whose protocol is not known yet, the first request goes alone, so
//! that an HTTP/2 origin gets one connection. Order: priority, then order of asking.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use url::Origin;

use crate::limits::MAX_H1_CONNECTIONS_PER_ORIGIN;
use crate::priority::Priority;

/// Names a request within the scheduler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ticket(u64);

/// What is known of the protocol that an origin speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    Unknown,
    Http1,
    Http2,
}

/// All origins' queues.
#[derive(Debug, Default)]
pub(super) struct Scheduler {
    asked: u64,
    origins: HashMap<Origin, Queue>,
}

#[derive(Debug)]
struct Queue {
    spoken: Spoken,
    released: BTreeSet<Ticket>,
    waiting: BTreeSet<(Reverse<Priority>, Ticket)>,
}

impl Scheduler {
    /// A request wants to go. `http:` origins speak HTTP/1.
    pub(super) fn ask(&mut self, origin: &Origin, priority: Priority) -> (Ticket, Vec<Ticket>) {
        let ticket = Ticket(self.asked);
        self.asked = self.asked.saturating_add(1);
        let queue = self.origins.entry(origin.clone()).or_insert_with(|| Queue::new(origin));
        queue.waiting.insert((Reverse(priority), ticket));
        (ticket, queue.release())
    }

    /// A connection to `origin` has settled its protocol.
    pub(super) fn learn(&mut self, origin: &Origin, spoken: Spoken) -> Vec<Ticket> {
        let queue = self.origins.entry(origin.clone()).or_insert_with(|| Queue::new(origin));
        queue.spoken = spoken;
        queue.release()
    }

    /// A request is over, or does not want to go any more.
    pub(super) fn leave(&mut self, origin: &Origin, ticket: Ticket) -> Vec<Ticket> {
        let Some(queue) = self.origins.get_mut(origin) else { return Vec::new() };
        if !queue.released.remove(&ticket) {
            queue.waiting.retain(|(_, waiting)| *waiting != ticket);
        }
        let next = queue.release();
        // Only what was learned is worth keeping: pages name any number of origins.
        if queue.spoken == Queue::new(origin).spoken && queue.released.is_empty() {
            self.origins.remove(origin);
        }
        next
    }
}

impl Queue {
    fn new(origin: &Origin) -> Self {
        let https = matches!(origin, Origin::Tuple(scheme, ..) if scheme == "https");
        let spoken = if https { Spoken::Unknown } else { Spoken::Http1 };
        Self { spoken, released: BTreeSet::new(), waiting: BTreeSet::new() }
    }

    fn release(&mut self) -> Vec<Ticket> {
        let limit = match self.spoken {
            Spoken::Unknown => 1,
            Spoken::Http1 => MAX_H1_CONNECTIONS_PER_ORIGIN,
            Spoken::Http2 => usize::MAX,
        };
        let mut next = Vec::new();
        while self.released.len() < limit
            && let Some((_, ticket)) = self.waiting.pop_first()
        {
            self.released.insert(ticket);
            next.push(ticket);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drives a scheduler with one origin by a script and writes down who is released:
    /// `h`/`l` ask with high/low priority (numbered in order), `-N` N leaves, `1`/`2` HTTP/1, HTTP/2 learned.
    fn run(scheme: &str, script: &str) -> String {
        let origin = url::Url::parse(&format!("{scheme}://a.test")).unwrap().origin();
        let mut scheduler = Scheduler::default();
        let mut log = Vec::new();
        for word in script.split_whitespace() {
            let released = match word {
                "h" => scheduler.ask(&origin, Priority::High).1,
                "l" => scheduler.ask(&origin, Priority::Low).1,
                "1" => scheduler.learn(&origin, Spoken::Http1),
                "2" => scheduler.learn(&origin, Spoken::Http2),
                leave => scheduler.leave(&origin, Ticket(leave[1..].parse().unwrap())),
            };
            log.extend(released.iter().map(|ticket| ticket.0.to_string()));
            log.push("|".to_owned());
        }
        log.join(" ")
    }

    #[test]
    fn table() {
        for (scheme, script, released) in [
            // Six at a time, then by priority, then in order.
            ("http", "l l l l l l l h l -3 -0 -1", "0 | 1 | 2 | 3 | 4 | 5 | | | | 7 | 6 | 8 |"),
            // The first alone until the protocol is known.
            ("https", "l l l 2 l", "0 | | | 1 2 | 3 |"),
            ("https", "l l h l l l l l 1 -2", "0 | | | | | | | | 2 1 3 4 5 | 6 |"),
            // The first failed before that: the next goes alone.
            ("https", "l l h -0 -2", "0 | | | 2 | 1 |"),
            // Withdrawn while waiting.
            ("https", "l l l -1 -0", "0 | | | | 2 |"),
            // Knowledge outlives an empty queue; nothing known does not.
            ("https", "l 2 -0 l l", "0 | | | 1 | 2 |"),
            ("https", "l -0 l l", "0 | | 1 | |"),
        ] {
            assert_eq!(run(scheme, script), released, "{scheme}: {script}");
        }
    }

    /// Whatever happens in whatever order: no limit is passed, and nobody waits while there is room.
    #[test]
    fn limits_hold_and_nobody_is_forgotten() {
        let origin = url::Url::parse("https://a.test").unwrap().origin();
        for seed in 1..200_u64 {
            let mut state = seed;
            let mut next = |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let (mut scheduler, mut asked, mut released) =
                (Scheduler::default(), Vec::new(), BTreeSet::new());
            for _ in 0..100 {
                let now = match next(5) {
                    0 | 1 => {
                        let priority = if next(2) == 0 { Priority::Low } else { Priority::Highest };
                        let (ticket, now) = scheduler.ask(&origin, priority);
                        asked.push(ticket);
                        now
                    }
                    2 if next(10) == 0 => scheduler.learn(&origin, Spoken::Http1),
                    _ if asked.is_empty() => continue,
                    _ => {
                        let at = next(asked.len() as u64) as usize;
                        let ticket = asked.swap_remove(at);
                        released.remove(&ticket);
                        scheduler.leave(&origin, ticket)
                    }
                };
                assert!(now.iter().all(|ticket| released.insert(*ticket)), "released twice");
                let room = scheduler.origins.get(&origin).map_or(1, |queue| match queue.spoken {
                    Spoken::Unknown => 1,
                    _ => MAX_H1_CONNECTIONS_PER_ORIGIN,
                });
                assert!(released.len() <= room.max(1));
                assert_eq!(released.len(), asked.len().min(room), "seed {seed}");
            }
        }
    }

    #[test]
    fn origins_do_not_wait_for_each_other() {
        let mut scheduler = Scheduler::default();
        for host in ["a", "b"] {
            let origin = url::Url::parse(&format!("https://{host}.test")).unwrap().origin();
            assert_eq!(scheduler.ask(&origin, Priority::Low).1.len(), 1);
        }
    }
}
