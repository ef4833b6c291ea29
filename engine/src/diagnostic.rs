//! A page's mistakes: told, never fatal.

use url::Url;

/// Something that a page's author got wrong, or that a limit cut short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The document or sheet it stands in.
    pub url: Option<Url>,
    /// 1-based line, where known.
    pub line: Option<u32>,
    /// What is wrong, in words.
    pub message: String,
}
