//! The verbs, one a file: arguments in, result on stdout or in a file, or a [`crate::Failure`].
//!
//! - [`archive`]: recorded loads as input
//! - [`screenshot`]: a picture
//! - [`dump`]: a stage, printed
//! - [`waterfall`]: what a load does on the network
//! - [`compare`]: two waterfalls
//! - [`trace`]: a load, step by step
//! - [`open`]: a window

pub mod archive;
pub mod screenshot;
pub mod dump;
pub mod waterfall;
pub mod compare;
pub mod trace;
pub mod open;
