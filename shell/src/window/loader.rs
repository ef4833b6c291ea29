//! The thread that loads, styles and lays out, so that the window never waits.

use tokio::sync::mpsc;
use siskin_engine::Viewport;
use url::Url;

use super::picture::Picture;
use super::view::Arrival;
use crate::config::LoadConfig;
use crate::failure::Failure;
