//! Who may go now: the scheduler as a value machine, without time and without waiting.
//!
//! A request passes two queues, as in Chromium: its page's ([`super::page`]: what is less urgent is held back), then
//! its origin's ([`super::origin`]: as many as there may be connections). The order in both is priority, then order of
//! asking, so that the same page always makes the same schedule.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use url::Origin;

use super::origin::{OriginQueue, Place, Spoken};
use super::page::{Candidate, Page};
use crate::config::ScheduleProfile;
use crate::id::FetchId;
use crate::limits::MAX_IDLE_PAGES;
use crate::priority::{DocumentStage, Priority};

/// Names a request within the scheduler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ticket(pub(super) u64);

/// What the scheduler must know of a request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// Whose it is, for later advice.
    pub(crate) fetch: FetchId,
    pub(crate) origin: Arc<Origin>,
    pub(crate) priority: Priority,
    /// The page that shares its part of the network; `None` is never held back for others.
    pub(crate) page: Option<FetchId>,
    pub(crate) stage: DocumentStage,
    pub(crate) turn: Turn,
}

/// Whether a fetch asks for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    First,
    /// It was let go before and goes on (a redirect): it is not held back again.
    Again,
}

/// All pages' and origins' queues.
#[derive(Debug, Default)]
pub(super) struct Scheduler {
    profile: ScheduleProfile,
    asked: u64,
    pages: HashMap<FetchId, Page>,
    origins: HashMap<Arc<Origin>, OriginQueue>,
    requests: HashMap<Ticket, Ask>,
    tickets: HashMap<FetchId, Ticket>,
}

impl Scheduler {
    pub(super) fn new(profile: ScheduleProfile) -> Self {
        Self { profile, ..Self::default() }
    }

    /// A request wants to go.
    pub(super) fn ask(&mut self, mut ask: Ask) -> (Ticket, Vec<Ticket>) {
        let ticket = Ticket(self.asked);
        self.asked = self.asked.saturating_add(1);
        if self.profile == ScheduleProfile::Connections {
            ask.page = None;
        }
        let mut out = Vec::new();
        let goes = match ask.page {
            None => true,
            Some(id) => {
                self.forget_idle_pages();
                let prioritizes = self.spoken(&ask.origin) == Spoken::Http2;
                let page = self.pages.entry(id).or_insert_with(Page::new);
                page.reach(ask.stage);
                let candidate = candidate(ticket, &ask, prioritizes);
                match ask.turn {
                    Turn::First => page.ask(candidate),
                    Turn::Again => {
                        page.go(candidate);
                        true
                    }
                }
            }
        };
        let page = ask.page;
        self.tickets.insert(ask.fetch, ticket);
        self.requests.insert(ticket, ask);
        if goes {
            self.queue(ticket, &mut out);
        }
        // The document may have come further, which lets others go too.
        self.let_go(page, &mut out);
        (ticket, out)
    }

    /// A connection to `origin` has settled its protocol.
    pub(super) fn learn(&mut self, origin: &Origin, spoken: Spoken) -> Vec<Ticket> {
        let mut out = Vec::new();
        let queue = self.origins.entry(Arc::new(origin.clone())).or_insert_with(|| OriginQueue::new(origin));
        let was = std::mem::replace(&mut queue.spoken, spoken);
        queue.release(&mut out);
        if (was == Spoken::Http2) != (spoken == Spoken::Http2) {
            self.reclass(origin, was, spoken, &mut out);
        }
        out
    }

    /// What is known of an origin.
    pub(super) fn spoken(&self, origin: &Origin) -> Spoken {
        let unlearned = || OriginQueue::new(origin).spoken;
        self.origins.get(origin).map_or_else(unlearned, |queue| queue.spoken)
    }

    /// A request is over, or does not want to go any more.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Vec<Ticket> {
        let mut out = Vec::new();
        let Some(ask) = self.requests.remove(&ticket) else { return out };
        if self.tickets.get(&ask.fetch) == Some(&ticket) {
            self.tickets.remove(&ask.fetch);
        }
        let prioritizes = self.spoken(&ask.origin) == Spoken::Http2;
        if let Some(page) = ask.page.and_then(|id| self.pages.get_mut(&id)) {
            page.leave(candidate(ticket, &ask, prioritizes));
        }
        if let Some(queue) = self.origins.get_mut(&ask.origin) {
            queue.leave(place(ticket, &ask));
            queue.release(&mut out);
            if queue.is_forgettable(&ask.origin) {
                self.origins.remove(&ask.origin);
            }
        }
        self.let_go(ask.page, &mut out);
        out
    }

    /// A fetch is more or less urgent than was thought.
    pub(super) fn reprioritize(&mut self, fetch: FetchId, priority: Priority) -> Vec<Ticket> {
        let mut out = Vec::new();
        let Some((&ticket, ask)) =
            self.tickets.get(&fetch).and_then(|ticket| Some((ticket, self.requests.get_mut(ticket)?)))
        else {
            return out;
        };
        let before = ask.clone();
        ask.priority = priority;
        let now = ask.clone();
        if let Some(queue) = self.origins.get_mut(&now.origin) {
            queue.moved(place(ticket, &before), place(ticket, &now));
        }
        let prioritizes = self.spoken(&now.origin) == Spoken::Http2;
        if let Some(page) = now.page.and_then(|id| self.pages.get_mut(&id))
            && page.change(candidate(ticket, &before, prioritizes), candidate(ticket, &now, prioritizes))
        {
            self.queue(ticket, &mut out);
        }
        self.let_go(now.page, &mut out);
        out
    }

    /// The parser of a page has seen its `<body>`.
    pub(super) fn body_reached(&mut self, id: FetchId) -> Vec<Ticket> {
        let mut out = Vec::new();
        if self.profile == ScheduleProfile::Connections {
            return out;
        }
        self.forget_idle_pages();
        self.pages.entry(id).or_insert_with(Page::new).reach(DocumentStage::InBody);
        self.let_go(Some(id), &mut out);
        out
    }

    /// A request has waited for too long: its page does not hold it back any more.
    pub(super) fn overdue(&mut self, ticket: Ticket) -> Vec<Ticket> {
        let mut out = Vec::new();
        let Some(ask) = self.requests.get(&ticket).cloned() else { return out };
        let prioritizes = self.spoken(&ask.origin) == Spoken::Http2;
        if let Some(page) = ask.page.and_then(|id| self.pages.get_mut(&id))
            && page.holds(candidate(ticket, &ask, prioritizes))
        {
            page.go(candidate(ticket, &ask, prioritizes));
            self.queue(ticket, &mut out);
        }
        out
    }

    /// The page has let a request go: now it waits for a connection.
    fn queue(&mut self, ticket: Ticket, out: &mut Vec<Ticket>) {
        let Some(ask) = self.requests.get(&ticket) else { return };
        let place = place(ticket, ask);
        let queue = self.origins.entry(ask.origin.clone()).or_insert_with(|| OriginQueue::new(&ask.origin));
        queue.wait(place);
        queue.release(out);
    }

    fn let_go(&mut self, page: Option<FetchId>, out: &mut Vec<Ticket>) {
        let Some(id) = page else { return };
        while let Some(ticket) = self.pages.get_mut(&id).and_then(Page::next) {
            self.queue(ticket, out);
        }
    }

    /// Requests to `origin` count differently once it is known to order them by itself.
    fn reclass(&mut self, origin: &Origin, was: Spoken, now: Spoken, out: &mut Vec<Ticket>) {
        let mut theirs: Vec<Ticket> = self
            .requests
            .iter()
            .filter(|(_, ask)| ask.page.is_some() && *ask.origin == *origin)
            .map(|(&ticket, _)| ticket)
            .collect();
        theirs.sort_unstable_by_key(|ticket| (Reverse(self.requests[ticket].priority), *ticket));
        let mut pages = Vec::new();
        for ticket in theirs {
            let Some(ask) = self.requests.get(&ticket) else { continue };
            let Some(id) = ask.page else { continue };
            let Some(page) = self.pages.get_mut(&id) else { continue };
            let before = candidate(ticket, ask, was == Spoken::Http2);
            if page.change(before, candidate(ticket, ask, now == Spoken::Http2)) {
                self.queue(ticket, out);
            }
            if !pages.contains(&id) {
                pages.push(id);
            }
        }
        for id in pages {
            self.let_go(Some(id), out);
        }
    }

    /// Pages end without saying so.
    fn forget_idle_pages(&mut self) {
        if self.pages.len() > MAX_IDLE_PAGES {
            self.pages.retain(|_, page| !page.is_idle());
        }
    }
}

fn candidate(ticket: Ticket, ask: &Ask, prioritizes: bool) -> Candidate<'_> {
    Candidate { ticket, origin: &ask.origin, priority: ask.priority, stage: ask.stage, prioritizes }
}

const fn place(ticket: Ticket, ask: &Ask) -> Place {
    (Reverse(ask.priority), ticket)
}
