//! Loading as a value machine: what comes in, what goes out, no sockets and no clock between.
//!
//! ```text
//! Response, Chunk, End, Failed --> arrival --> HtmlParser --> elements --> Discovery
//!                                     |                                       |
//!                                     +--> sheets --> @import --> Discovery --+--> request --> Fetch
//!                                                                             |
//!          render-blocking set empty --> styling --> url(), fonts --> Discovery
//!                                           |
//!                                           +--> milestones, Snapshot
//! ```
//!
//! - [`message`]: [`Input`] and [`Output`]
//! - [`outcome`]: how a load ends
//! - [`navigator`]: the document whose link or form leads to a page
//! - [`resource`]: one entry a URL, a destination and a kind of access
//! - `blocking`: what waits for what, computed from the table
//! - `link_header`: the `Link` header as elements
//! - `milestones`: each at most once
//! - `sheet_type`, `sheets`: style sheets and the order in which they apply
//! - `used`, `fonts`: what styled boxes use
//! - `document_kind`: documents that are no HTML
//! - [`loader`]: the machine, then its parts: `request`, `frames`, `lazy`, `aside` (icons), `foresee` (what is found ahead of the tree),
//!   `discover` (what the tree and sheets ask for), `styling`, `arrival`

pub mod message;
pub mod navigator;
pub mod resource;
pub mod outcome;
mod blocking;
mod link_header;
mod milestones;
mod sheet_type;
mod sheets;
mod used;
mod fonts;
mod document_kind;
pub mod loader;
mod request;
mod frames;
pub mod lazy;
mod aside;
mod foresee;
mod discover;
mod styling;
mod arrival;

pub use frames::{FrameProgress, FrameRequest, Given, Nested};
pub use lazy::Pictured;
pub use loader::{IconPolicy, Loader, LoaderConfig, ScriptPolicy};
pub use message::{Input, Output, ResponseHead};
pub use milestones::Milestones;
pub use navigator::Navigator;
pub use outcome::{BrokenOffPolicy, FailedResource, HttpErrorPolicy, PageError, Refresh, Skipped};
pub use resource::{Access, Resource, ResourceId, ResourceState, ResourceTable};
pub use styling::Styled;
