//! `siskin open`: a page in a desktop window.
//!
//! ```text
//! winit events -> View (value machine) -> effects -> loader thread: load, style, lay out -> arrival -> View -> paint
//! ```
//!
//! The main thread never waits for a page: it scrolls and paints what is there.
//!
//! - [`command`]: what keys mean
//! - [`scroll`]: positions on the page
//! - [`history`]: where the user was
//! - [`links`]: what lies where on a page
//! - [`view`]: what the window does, as a value machine

pub mod command;
pub mod scroll;
pub mod history;
pub mod links;
pub mod view;
