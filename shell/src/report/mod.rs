//! What a page load did on the network, told: recordings, waterfalls, HAR files, comparisons.
//!
//! ```text
//! NetEvent, PageEvent -> recording -> waterfall (pure fold) -> rows -> terminal | json | har
//! HAR file of any tool -> har::read ----------------------------^  \-> compare (two of them)
//! ```
//!
//! - [`recording`]: the ordered events
//! - [`row`]: the vocabulary: rows, phases, connections, milestones
//! - [`waterfall`]: the fold from events to rows
//! - [`check`]: what every waterfall promises, as a check that runs

pub mod check;
pub mod recording;
pub mod row;
pub mod waterfall;

pub use recording::{Recorder, Recording, Tape, recorder};
pub use row::{Row, Waterfall};
pub use waterfall::waterfall;
