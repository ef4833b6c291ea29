//! A styled document from bytes, and the wish list of further requests.
//!
//! ```text
//! bytes -> encoding -> preload scanner || html5ever -> Document -> Discovery -> ResourceTable -> net ...
//!       -> sheets -> @import, @font-face, url() of used boxes -> Discovery ...
//!       -> render-blocking set empty -> style -> Snapshot
//! ```
//!
//! The modules stand in reading order, and each uses only those above it. Parsing never fails: a page's
//! mistakes are [`Diagnostic`]s. The cut between this crate and render is the specifications' own:
//! *computed values* are made here, *used values* there.

pub mod limits;
pub mod units;
pub mod diagnostic;
pub mod dom;
pub mod css;
pub mod html;
pub mod style;
pub mod discovery;
pub mod event;
pub mod load;
pub mod snapshot;
pub mod page;

pub use diagnostic::Diagnostic;
pub use dom::{Document, NodeId};
pub use snapshot::Snapshot;
pub use units::Viewport;
