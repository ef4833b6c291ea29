//! What was heard of a page load: the ordered stream of network events and page milestones.

use std::sync::mpsc;
use std::time::SystemTime;

use siskin_engine::event::{PageEvent, PageObserver};
use siskin_net::{ConnectionEvent, LookupEvent, NetEvent, Observer};

/// One thing that was heard.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "nearly all are of the large kind; they are moved into one Vec")]
pub enum Event {
    /// A step of a fetch.
    Net(NetEvent),
    /// What happened to a connection.
    Connection(ConnectionEvent),
    /// A lookup made ahead of need.
    Lookup(LookupEvent),
    /// A milestone of the page.
    Page(PageEvent),
}

/// A page load as it was heard, in the order of arrival. Plain data: everything a report shows is folded from it.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The wall-clock time of [`siskin_net::Timestamp::ZERO`].
    pub origin: SystemTime,
    /// The events, oldest first.
    pub events: Vec<Event>,
}

/// The listening end: given to fetches and to the page as their observer. Cheap to clone; never blocks.
#[derive(Debug, Clone)]
pub struct Recorder {
    sender: mpsc::Sender<Event>,
}

/// The collecting end of a [`Recorder`].
#[derive(Debug)]
pub struct Tape {
    origin: SystemTime,
    receiver: mpsc::Receiver<Event>,
}

/// A recorder and its tape. `origin` is the wall-clock time of the clock's origin ([`siskin_net::Clock::origin`]).
pub fn recorder(origin: SystemTime) -> (Recorder, Tape) {
    let (sender, receiver) = mpsc::channel();
    (Recorder { sender }, Tape { origin, receiver })
}

impl Tape {
    /// Everything heard until now. Does not wait for recorders that are still in use: a fetch that goes on
    /// afterwards is not heard, and shows as pending.
    pub fn finish(self) -> Recording {
        Recording { origin: self.origin, events: self.receiver.try_iter().collect() }
    }
}

impl Observer for Recorder {
    fn on_event(&self, event: NetEvent) {
        // The tape may have been finished already: then nobody wants to know.
        let _ = self.sender.send(Event::Net(event));
    }

    fn on_connection_event(&self, event: ConnectionEvent) {
        let _ = self.sender.send(Event::Connection(event));
    }

    fn on_lookup(&self, event: LookupEvent) {
        let _ = self.sender.send(Event::Lookup(event));
    }
}

impl PageObserver for Recorder {
    fn on_page_event(&self, event: PageEvent) {
        let _ = self.sender.send(Event::Page(event));
    }
}

#[cfg(test)]
mod tests {
    use siskin_engine::event::PageEventKind;
    use siskin_net::{FetchId, NetEventKind, Timestamp};

    use super::*;

    #[test]
    fn events_of_both_kinds_keep_their_order() {
        let (recorder, tape) = recorder(SystemTime::UNIX_EPOCH);
        recorder.on_page_event(PageEvent { at: Timestamp::ZERO, kind: PageEventKind::NavigationStart });
        let other = recorder.clone();
        other.on_event(NetEvent {
            fetch: FetchId(7),
            hop: 0,
            at: Timestamp::from_millis(1),
            kind: NetEventKind::Released,
        });
        recorder.on_page_event(PageEvent { at: Timestamp::from_millis(2), kind: PageEventKind::Load });
        let recording = tape.finish();
        let heard: Vec<&str> = recording
            .events
            .iter()
            .map(|event| match event {
                Event::Net(event) => {
                    assert_eq!(event.fetch, FetchId(7));
                    "released"
                }
                Event::Page(PageEvent { kind: PageEventKind::NavigationStart, .. }) => "start",
                Event::Connection(_) | Event::Lookup(_) => "connection",
                Event::Page(_) => "load",
            })
            .collect();
        assert_eq!(heard, ["start", "released", "load"]);
        // Nobody listens any more: telling is still harmless.
        recorder.on_page_event(PageEvent { at: Timestamp::ZERO, kind: PageEventKind::NetworkIdle });
    }
}
