//! Media types: <https://mimesniff.spec.whatwg.org/>, the whole standard, as vocabulary that needs no client.
//!
//! ```text
//! MimeType::parse ─ groups (is it JavaScript, an image, …?)
//! Supplied::from_headers ─ sniff(context, supplied, first bytes) ─ signatures, media
//! ```
//! What Fetch adds to it stands here too: extracting a type from headers, `nosniff`, the types that a script
//! or a sheet may not have.

mod parse;
mod groups;
mod extract;
mod signatures;
mod media;
mod sniff;

pub use extract::{Refusal, extract, no_sniff, refusal};
pub use parse::MimeType;
pub use sniff::{RESOURCE_HEADER_BYTES, SniffContext, Supplied, computed, sniff};
