//! The command line, the window, waterfalls: everything of Siskin that a person touches.

pub mod report;
