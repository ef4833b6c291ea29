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
//! - [`error_page`]: the page where there is none
//! - [`view`]: what the window does, as a value machine
//! - [`paint`]: from a picture to the window's buffer
//! - `input`: the window system's keys and wheels

pub mod command;
pub mod scroll;
pub mod history;
pub mod links;
pub mod error_page;
pub mod view;
pub mod paint;
mod input;
