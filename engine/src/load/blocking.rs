//! What waits for what: sets computed from the resource table, never counted on the side.

use siskin_net::Destination;

use super::resource::{Resource, ResourceTable};
use crate::discovery::Blocking;

/// The resources for which the first paint waits:
/// <https://html.spec.whatwg.org/#render-blocking-mechanism>.
pub(super) fn render_blocking(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    pending(table, Blocking::Render)
}

/// The resources without which the document as a whole is not to be shown: what blocks the paint of any part of it.
pub(super) fn paint_blocking(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    pending(table, Blocking::Parser)
}

/// The resources for which the parser waits in a browser, and `DOMContentLoaded` with it: sheets in the body, and scripts.
/// A sheet in the head holds up the paint alone, and the scripts behind it, of which there are none.
pub(super) fn parser_blocking(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    let holds = |resource: &&Resource| {
        resource.blocking == Blocking::Parser || resource.destination == Destination::Script
    };
    pending(table, Blocking::Parser).filter(holds)
}

/// The resources that delay the load event: <https://html.spec.whatwg.org/#delay-the-load-event>.
pub(super) fn load_blocking(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    pending(table, Blocking::Load)
}

/// Every resource that is under way and belongs to the page.
pub(super) fn in_flight(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    pending(table, Blocking::None)
}

/// Every resource that is under way, the site's icon too.
pub(super) fn under_way(table: &ResourceTable) -> impl Iterator<Item = &Resource> {
    pending(table, Blocking::Aside)
}

fn pending(table: &ResourceTable, at_least: Blocking) -> impl Iterator<Item = &Resource> {
    table.iter().filter(move |resource| resource.is_pending() && resource.blocking >= at_least)
}
