//! HAR 1.2: <https://github.com/ahmadnassri/har-spec/blob/master/versions/1.2.md>, written and read.
//!
//! Extensions are Chrome's (`_priority`, `_resourceType`, `_initiator`, `_connectionId`, `_fromCache`,
//! `_transferSize`, `_error`, `_blocked_queueing`) and WebPageTest's (`_chunks`, `_renderBlocking`, `_all_start`)
//! where they fit, so that those tools show what we know. What neither has: `_cache`, `_cacheReason`, `_reused`,
//! `_fetch`, `_hop`, `_dns`, `_proxy`, `_connections`, `_tcp`, `_firstPaintPossible`, `_networkIdle`. Unknown fields of files that are read are kept.
//!
//! - `lenient`: numbers as files in the wild have them
//! - [`types`]: the format as structs
//! - `date`: ISO 8601
//! - [`write`]: from a waterfall
//! - [`read`]: to a waterfall
//! - [`check`]: the format's rules, as a check that runs

mod lenient;
pub mod types;
pub(crate) mod date;
pub mod write;
pub mod read;
pub mod check;

pub use read::{HarError, from_json, to_waterfall};
pub use types::Har;
pub use write::{Secrets, from_waterfall, to_json};

#[cfg(test)]
mod tests;
