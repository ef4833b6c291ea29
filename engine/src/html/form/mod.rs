//! Forms: what a submission sends, as plain data that a shell navigates with.
//!
//! ```text
//! form, submitter -> owner (which controls are the form's) -> entries (names and values) -> submit (URL, body)
//! ```
//! <https://html.spec.whatwg.org/#form-submission-2>
//!
//! - `owner`: whose a control is, and whether it is disabled
//! - [`entries`]: the entry list
//! - [`submit`](mod@submit): where it goes and how
//! - [`controls`]: what the user does to controls

mod owner;
pub mod entries;
pub mod submit;
pub mod controls;

pub use controls::{ControlKind, control_at, is_checked, reset, switch, text_of};
pub use entries::{ControlStates, Entry, EntryValue};
pub use owner::{form_owner, is_disabled};
pub use submit::{Submission, default_button, implicit_submission, is_submit_button, submit};
