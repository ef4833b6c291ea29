//! The milestones that a load has passed: each at most once.

use siskin_net::Timestamp;

use crate::event::{PageEvent, PageEventKind};

/// The milestones passed, in order.
#[derive(Debug, Clone, Default)]
pub struct Milestones(Vec<PageEvent>);

impl Milestones {
    /// Whether it has been passed.
    pub fn passed(&self, kind: PageEventKind) -> bool {
        self.0.iter().any(|event| event.kind == kind)
    }

    /// Passes it, if that has not happened yet; the event to be told.
    pub(super) fn pass(&mut self, kind: PageEventKind, at: Timestamp) -> Option<PageEvent> {
        if self.passed(kind) {
            return None;
        }
        let event = PageEvent { at, kind };
        self.0.push(event.clone());
        Some(event)
    }

    /// Those passed, in order.
    pub fn events(&self) -> &[PageEvent] {
        &self.0
    }
}
