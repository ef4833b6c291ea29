//! Loading as a value machine: what comes in, what goes out.
//!
//! - [`resource`]: one entry a URL

pub mod resource;

pub use resource::{Resource, ResourceState, ResourceTable};
