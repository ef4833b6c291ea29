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
//! - [`resource`]: one entry a URL
//! - `blocking`: what waits for what, computed from the table
//! - `priority`: how urgent a request is
//! - `milestones`: each at most once
//! - `sheet_type`, `sheets`: style sheets and the order in which they apply
//! - `used`, `fonts`: what styled boxes use
//! - `document_kind`: documents that are no HTML
//! - [`loader`]: the machine, then its parts: `request`, `arrival`, `discover`, `styling`

pub mod message;
pub mod resource;
pub mod outcome;
mod blocking;
mod priority;
mod milestones;
mod sheet_type;
mod sheets;
mod used;
mod fonts;
mod document_kind;
pub mod loader;
mod request;
mod discover;
mod styling;
mod arrival;

pub use loader::{Loader, LoaderConfig};
pub use message::{Input, Output, ResponseHead};
pub use milestones::Milestones;
pub use outcome::{FailedResource, HttpErrorPolicy, PageError};
pub use resource::{Resource, ResourceState, ResourceTable};
pub use styling::Styled;
