//! One page's requests as Chromium's `ResourceScheduler` sees them (`services/network/resource_scheduler/
//! resource_scheduler.cc`): what is less urgent waits while what is needed for the first paint is under way.
//!
//! - A request of priority `High` or more goes at once, and one to an HTTP/2 origin too, since it has priorities of
//!   its own. Every other one is *delayable*.
//! - A request of priority `Highest` that is made before the document's `<body>` is *layout-blocking*, and stays it.
//! - At most ten delayable requests are under way, and at most six of them to one host.
//! - While there is no body or a layout-blocking request is under way: none, when more than one request that is
//!   not delayable is under way; else one, or the first of all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use url::Origin;

use super::machine::Ticket;
use super::origin::Place;
use crate::limits::{
    MAX_DELAYABLE, MAX_DELAYABLE_PER_HOST, MAX_DELAYABLE_WHILE_LAYOUT_BLOCKING, MAX_URGENT_BESIDE_DELAYABLE,
};
use crate::priority::{DocumentStage, Priority};

/// What a request under way counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Above the rest, and the first paint waits for it.
    LayoutBlocking,
    /// Urgent, or to an origin that orders requests by itself.
    Prompt,
    Delayable,
}

/// The requests of one page.
#[derive(Debug)]
pub(super) struct Page {
    stage: DocumentStage,
    under_way: HashMap<Ticket, Class>,
    delayable: usize,
    layout_blocking: usize,
    hosts: HashMap<Origin, Host>,
    /// The first in line of each host that is below its limit.
    heads: BTreeMap<Place, Origin>,
}

/// The delayable requests to one host.
#[derive(Debug, Default)]
struct Host {
    under_way: usize,
    waiting: BTreeSet<Place>,
}

/// A request as a page's scheduler must know it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) ticket: Ticket,
    pub(super) origin: &'a Origin,
    pub(super) priority: Priority,
    /// How far the document was when it asked.
    pub(super) stage: DocumentStage,
    /// Whether the origin is known to order requests by itself.
    pub(super) prioritizes: bool,
}

impl Candidate<'_> {
    const fn place(&self) -> Place {
        (Reverse(self.priority), self.ticket)
    }
}

impl Page {
    pub(super) fn new() -> Self {
        Self {
            stage: DocumentStage::BeforeBody,
            under_way: HashMap::new(),
            delayable: 0,
            layout_blocking: 0,
            hosts: HashMap::new(),
            heads: BTreeMap::new(),
        }
    }

    /// The document has come as far as `stage`.
    pub(super) fn reach(&mut self, stage: DocumentStage) {
        self.stage = self.stage.max(stage);
    }

    /// Nothing is under way or waiting.
    pub(super) fn is_idle(&self) -> bool {
        self.under_way.is_empty() && self.hosts.is_empty()
    }

    /// A new request: whether it goes at once. Otherwise it waits.
    pub(super) fn ask(&mut self, candidate: Candidate<'_>) -> bool {
        let class = class(candidate);
        let has_room = class != Class::Delayable
            || self.has_room() && self.hosts.get(candidate.origin).is_none_or(Host::has_room);
        if has_room {
            self.start(candidate, class);
        } else {
            self.with_host(candidate.origin, |host| {
                host.waiting.insert(candidate.place());
            });
        }
        has_room
    }

    /// A request that goes whatever the rules say: the next hop of one that was under way, or one that has waited
    /// for too long.
    pub(super) fn go(&mut self, candidate: Candidate<'_>) {
        self.take_out(candidate);
        let class = class(candidate);
        self.start(candidate, class);
    }

    /// Whether a request waits here.
    pub(super) fn holds(&self, candidate: Candidate<'_>) -> bool {
        self.hosts.get(candidate.origin).is_some_and(|host| host.waiting.contains(&candidate.place()))
    }

    /// A request is over, or does not want to go any more.
    pub(super) fn leave(&mut self, candidate: Candidate<'_>) {
        match self.under_way.remove(&candidate.ticket) {
            Some(class) => self.uncount(candidate.origin, class),
            None => self.take_out(candidate),
        }
    }

    /// A request has another priority, or more is known of its origin. `before` is what it was known as. Whether it
    /// has just been let go.
    pub(super) fn change(&mut self, before: Candidate<'_>, now: Candidate<'_>) -> bool {
        match self.under_way.get(&now.ticket).copied() {
            // Once layout-blocking, always so.
            Some(Class::LayoutBlocking) => false,
            Some(was) => {
                self.uncount(before.origin, was);
                let class = class(Candidate { stage: self.stage.max(now.stage), ..now });
                self.start(now, class);
                false
            }
            None => {
                self.take_out(before);
                self.ask(now)
            }
        }
    }

    /// Lets go who may by now.
    pub(super) fn next(&mut self) -> Option<Ticket> {
        if !self.has_room() {
            return None;
        }
        let (place, origin) = self.heads.first_key_value().map(|(place, origin)| (*place, origin.clone()))?;
        self.with_host(&origin, |host| {
            host.waiting.remove(&place);
        });
        let (Reverse(priority), ticket) = place;
        let candidate =
            Candidate { ticket, origin: &origin, priority, stage: self.stage, prioritizes: false };
        self.start(candidate, Class::Delayable);
        Some(ticket)
    }

    /// Whether another delayable request may go, its host aside.
    fn has_room(&self) -> bool {
        if self.delayable >= MAX_DELAYABLE {
            return false;
        }
        if self.stage == DocumentStage::InBody && self.layout_blocking == 0 {
            return true;
        }
        let urgent = self.under_way.len() - self.delayable;
        urgent <= MAX_URGENT_BESIDE_DELAYABLE
            && (self.under_way.is_empty() || self.delayable < MAX_DELAYABLE_WHILE_LAYOUT_BLOCKING)
    }

    fn start(&mut self, candidate: Candidate<'_>, class: Class) {
        self.under_way.insert(candidate.ticket, class);
        match class {
            Class::LayoutBlocking => self.layout_blocking += 1,
            Class::Prompt => {}
            Class::Delayable => {
                self.delayable += 1;
                self.with_host(candidate.origin, |host| host.under_way += 1);
            }
        }
    }

    fn uncount(&mut self, origin: &Origin, class: Class) {
        match class {
            Class::LayoutBlocking => self.layout_blocking = self.layout_blocking.saturating_sub(1),
            Class::Prompt => {}
            Class::Delayable => {
                self.delayable = self.delayable.saturating_sub(1);
                self.with_host(origin, |host| host.under_way = host.under_way.saturating_sub(1));
            }
        }
    }

    fn take_out(&mut self, candidate: Candidate<'_>) {
        if self.hosts.contains_key(candidate.origin) {
            self.with_host(candidate.origin, |host| {
                host.waiting.remove(&candidate.place());
            });
        }
    }

    /// Changes a host and keeps its head in line, or forgets it when nothing is left of it.
    fn with_host(&mut self, origin: &Origin, change: impl FnOnce(&mut Host)) {
        let host = self.hosts.entry(origin.clone()).or_default();
        if let Some(head) = host.waiting.first() {
            self.heads.remove(head);
        }
        change(host);
        if let Some(head) = host.waiting.first().filter(|_| host.has_room()) {
            self.heads.insert(*head, origin.clone());
        }
        if host.under_way == 0 && host.waiting.is_empty() {
            self.hosts.remove(origin);
        }
    }
}

/// What a request counts as. Its own stage decides, not the page's: word of the body may arrive before requests that the
/// document made earlier.
fn class(candidate: Candidate<'_>) -> Class {
    if candidate.priority > Priority::High && candidate.stage == DocumentStage::BeforeBody {
        Class::LayoutBlocking
    } else if candidate.priority < Priority::High && !candidate.prioritizes {
        Class::Delayable
    } else {
        Class::Prompt
    }
}

impl Host {
    fn has_room(&self) -> bool {
        self.under_way < MAX_DELAYABLE_PER_HOST
    }
}
