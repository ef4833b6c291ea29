//! What waits for what: sets computed from the resource table, never counted on the side.

use super::resource::{Resource, ResourceTable};
use crate::discovery::Blocking;

/// The resources for which the first paint waits:
/// <https://html.spec.whatwg.org/#render-blocking-mechanism>.
pub(super) fn render_blocking(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    pending(table, Blocking::Render)
}

/// The resources that delay the load event: <https://html.spec.whatwg.org/#delay-the-load-event>.
pub(super) fn load_blocking(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    pending(table, Blocking::Load)
}

/// Every resource that is under way.
pub(super) fn in_flight(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    pending(table, Blocking::None)
}

fn pending(table: &ResourceTable, at_least: Blocking) -> impl Iterator<Item = &Resource> {
    table.iter().filter(move |resource| resource.is_pending() && resource.blocking >= at_least)
}
