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
//! - [`picture`]: a page that can be painted
//! - `input`: the window system's keys and wheels
//! - `loader`: the thread that loads and lays out
//! - `app`: the window itself

pub mod command;
pub mod scroll;
pub mod history;
pub mod links;
pub mod error_page;
pub mod view;
pub mod paint;
pub mod picture;
mod input;
mod loader;
mod app;

use crate::config::LoadConfig;
use crate::failure::Failure;

/// Opens a window on `config.url`, as large as the viewport, and returns when it is closed. Main thread only.
///
/// # Errors
/// [`Failure::Display`] when there is no display to open it on.
pub fn open(config: LoadConfig) -> Result<(), Failure> {
    app::run(config)
}
