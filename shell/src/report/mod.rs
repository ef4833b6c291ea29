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
//! - [`text`]: sizes, durations and URLs in tables
//! - [`style`]: what the terminal can show
//! - `bars`: time as characters
//! - [`terminal`]: the waterfall in a terminal
//! - [`json`]: the waterfall for programs
//! - [`svg`]: the waterfall as a picture
//! - [`har`]: HAR 1.2, written and read
//! - [`compare`]: two waterfalls, request by request

pub mod recording;
pub mod row;
pub mod lookup;
pub mod waterfall;
pub mod check;
pub mod text;
pub mod style;
mod bars;
pub mod terminal;
pub mod json;
pub mod svg;
pub mod har;
pub mod compare;

pub use recording::{Recorder, Recording, Tape, recorder};
pub use row::{Row, Waterfall};
pub use style::TerminalStyle;
pub use waterfall::waterfall;
